"""Buttons, each with the key that does the same drawn beside its words."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from interviewer.gui.keys import ENTER, SPACE, KeepKeys
from interviewer.gui.theme import Theme


class Button(QPushButton):
    """A push button: Tab reaches it, a click leaves the focus where it was."""

    def __init__(self, text: str, *, role: str = "secondary", key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text.replace("&", "&&"), parent)
        self.setProperty("role", role)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(True)
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._key = ""
        self._keep = KeepKeys(self, ENTER)
        self.set_key(key)

    def say(self, text: str) -> None:
        """Change the words."""
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)

    def set_role(self, role: str) -> None:
        """Make it the page's primary button, or one of the others."""
        if self.property("role") != role:
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)

    def set_key(self, key: str) -> None:
        """Show which key does the same; "" for none. The key itself is bound by the page."""
        self._key = key
        width = "" if not key else "wide" if len(key) > 1 else "narrow"
        if self.property("key") != width:
            self.setProperty("key", width)
            self.style().unpolish(self)
            self.style().polish(self)
            self.updateGeometry()
        self.setToolTip(f"Key: {key}" if key else "")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button, then its key at the right."""
        super().paintEvent(event)
        _paint_focus(self)
        if not self._key:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = self.font()
        font.setPointSizeF(8.5)
        font.setBold(False)
        painter.setFont(font)
        width = max(22, painter.fontMetrics().horizontalAdvance(self._key) + 12)
        box = QRect(self.width() - width - 10, (self.height() - 20) // 2, width, 20)
        # The text colour of the stylesheet arrives in the palette while the widget is polished.
        colour = self.palette().color(QPalette.ColorRole.ButtonText)
        pen = QPen(colour, 1)
        painter.setOpacity(0.75 if self.isEnabled() else 0.4)
        painter.setPen(pen)
        painter.drawRoundedRect(box, 4, 4)
        painter.setOpacity(1.0 if self.isEnabled() else 0.5)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._key)
        painter.end()


class IconButton(QPushButton):
    """A button of one icon; its name is for screen readers and the tooltip."""

    def __init__(self, theme: Theme, icon: str, name: str, *, colour: str = "muted", role: str = "icon") -> None:
        super().__init__()
        self._theme, self._icon, self._colour = theme, icon, colour
        self.setProperty("role", role)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._keep = KeepKeys(self, ENTER)
        self.show_icon(icon, name)
        theme.changed.connect(self._on_theme_changed)

    def show_icon(self, icon: str, name: str) -> None:
        """Show another icon, with the name of what it does."""
        self._icon = icon
        self.setAccessibleName(name)
        self.setToolTip(name)
        self._on_theme_changed()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button."""
        super().paintEvent(event)
        _paint_focus(self)

    def _on_theme_changed(self) -> None:
        self.setIcon(self._theme.icon(self._icon, self._colour))


def _paint_focus(button: QPushButton) -> None:
    """Paint a ring inside a filled button that has the focus: an edge of another colour than its fill is not seen.

    The stylesheet shows the focus of every other button.
    """
    role = button.property("role")
    if not button.hasFocus() or role not in ("primary", "round"):
        return
    painter = QPainter(button)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # What a palette calls the text on its accent: the style sheet tints the text of buttons only.
    painter.setPen(QPen(QApplication.palette().color(QPalette.ColorRole.HighlightedText), 2))
    inside = QRectF(button.rect()).adjusted(4, 4, -4, -4)
    corner = inside.height() / 2 if role == "round" else 5
    painter.drawRoundedRect(inside, corner, corner)
    painter.end()


def segment(text: str, hint: str = "") -> QPushButton:
    """Return one part of a choice between a few; Space, Enter and the arrow keys choose it."""
    made = QPushButton(text.replace("&", "&&"))
    made.setProperty("role", "segment")
    made.setCheckable(True)
    made.setAutoDefault(True)
    made.setAccessibleName(text)
    made.setAccessibleDescription(hint)
    made.setToolTip(hint)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    KeepKeys(made, (*SPACE, *ENTER))
    return made
