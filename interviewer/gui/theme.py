"""The look: colours, type sizes and icons, made from the tokens in `assets/theme.json`.

A `Theme` is handed to whatever paints or needs an icon; everything else gets its colours
from the palette and the stylesheet, so that a change of appearance needs no rebuild.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QStyleFactory

from interviewer.core.paths import asset
from interviewer.core.settings import Appearance
from interviewer.gui.stylesheet import stylesheet

TOKENS_FILE = "theme.json"


def read_tokens(path: Path | None = None) -> dict[str, Any]:
    """Return the design tokens. Raises OSError or ValueError when the file is not usable."""
    tokens: dict[str, Any] = json.loads((path or asset(TOKENS_FILE)).read_text(encoding="utf-8"))
    return tokens


class Theme(QObject):
    """Light or dark, applied to a whole application."""

    changed = Signal()  # colours are others now: icons have to be set again

    def __init__(self, app: QApplication, appearance: Appearance = Appearance.SYSTEM) -> None:
        super().__init__()
        self._app = app
        self._tokens = read_tokens()
        self._appearance = appearance
        self._dark: bool | None = None
        self._pixmaps: dict[tuple[str, str, int], QPixmap] = {}
        """Icons of this look as they were painted; reading and painting one takes two milliseconds."""
        app.setStyle(QStyleFactory.create("Fusion"))
        app.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)
        self.choose(appearance)

    @property
    def dark(self) -> bool:
        """Whether the dark palette is in use."""
        return bool(self._dark)

    def choose(self, appearance: Appearance) -> None:
        """Use this appearance from now on; SYSTEM follows the desktop, light where it does not say."""
        self._appearance = appearance
        dark = appearance is Appearance.DARK
        if appearance is Appearance.SYSTEM:
            dark = self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark
        if dark == self._dark:
            return
        self._dark = dark
        self._pixmaps.clear()
        self._app.setPalette(self._palette())
        sheet = stylesheet(self._tokens, self._colours, asset("icons"))
        if self._app.styleSheet() != sheet:  # styling every widget anew costs a tenth of a second
            self._app.setStyleSheet(sheet)
        self.changed.emit()

    def colour(self, name: str) -> QColor:
        """Return a colour of the tokens by its name. Raises KeyError for an unknown one."""
        return QColor(self._colours[name])

    def font(self, size: str = "body", *, bold: bool = False) -> QFont:
        """Return the system's font in a size of the type scale, for what is painted by hand."""
        font = QFont(self._app.font())
        font.setPointSizeF(self._tokens["type_pt"][size])
        font.setBold(bold)
        return font

    def pixmap(self, name: str, colour: str = "text", size_px: int = 20) -> QPixmap:
        """Return one of our line icons, tinted, sharp on screens of up to twice the density."""
        known = self._pixmaps.get((name, colour, size_px))
        if known is not None:
            return known
        svg = asset("icons", f"{name}.svg").read_text(encoding="utf-8")
        svg = svg.replace("currentColor", self._colours[colour]).replace('"paper"', f'"{self._colours["surface"]}"')
        pixmap = QPixmap(QSize(size_px, size_px) * 2)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size_px * 2, size_px * 2))
        painter.end()
        pixmap.setDevicePixelRatio(2)
        self._pixmaps[name, colour, size_px] = pixmap
        return pixmap

    def icon(self, name: str, colour: str = "text", size_px: int = 20) -> QIcon:
        """Return one of our line icons as an icon, paler where its control is disabled."""
        icon = QIcon(self.pixmap(name, colour, size_px))
        icon.addPixmap(self.pixmap(name, "edge", size_px), QIcon.Mode.Disabled)
        return icon

    @property
    def _colours(self) -> dict[str, str]:
        colours: dict[str, str] = self._tokens["dark" if self._dark else "light"]
        return colours

    def _palette(self) -> QPalette:
        role = QPalette.ColorRole
        palette = QPalette()
        for name, roles in {
            "canvas": (role.Window,),
            "surface": (role.Base, role.Button, role.ToolTipBase),
            "sunken": (role.AlternateBase, role.Midlight),
            "line": (role.Mid,),
            "edge": (role.Dark,),
            "text": (role.Text, role.WindowText, role.ButtonText, role.ToolTipText, role.BrightText),
            "muted": (role.PlaceholderText,),
            "accent": (role.Highlight, role.Link, role.LinkVisited, role.Accent),
            "on_accent": (role.HighlightedText,),
        }.items():
            for one in roles:
                palette.setColor(one, self.colour(name))
        for one in (role.Text, role.WindowText, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, one, self.colour("edge"))
        return palette

    @Slot()
    def _on_scheme_changed(self) -> None:
        if self._appearance is Appearance.SYSTEM:
            self.choose(Appearance.SYSTEM)
