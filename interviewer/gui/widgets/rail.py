"""The slim bar at the left: which part of the program is seen."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QToolButton, QVBoxLayout

from interviewer.core.paths import asset
from interviewer.gui.keys import ENTER, KeepKeys, TabStop
from interviewer.gui.theme import Theme


class Place(Enum):
    """The parts of the program; each value is its words and its icon."""

    INTERVIEW = ("Interview", "interview")
    HISTORY = ("History", "history")
    TRENDS = ("Trends", "trends")
    SETTINGS = ("Settings", "settings")


class RailButton(QToolButton):
    """A place; Enter goes there."""

    def __init__(self, words: str, key: str = "") -> None:
        super().__init__()
        self.setText(words)
        self.setAccessibleName(words)
        self.setProperty("role", "rail")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setIconSize(QSize(24, 24))
        self.setFixedSize(80, 64)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(f"{words} ({key})" if key else words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes there, as Space does."""
        if event.key() in ENTER:
            self.click()
            return
        super().keyPressEvent(event)


class Rail(QFrame):
    """One button a place, and About at the bottom."""

    chosen = Signal(object)  # Place
    about_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("panel", "rail")
        self.setFixedWidth(96)
        self.setAccessibleName("Parts of the program")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 18, 8, 14)
        column.setSpacing(6)
        mark = QLabel()
        mark.setPixmap(QIcon(str(asset("icon.svg"))).pixmap(40, 40))
        column.addWidget(mark, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(18)
        self._group = QButtonGroup(self)
        TabStop(self._group)
        self.buttons: dict[Place, RailButton] = {}
        for number, place in enumerate(Place, 1):
            button = RailButton(place.value[0], f"Ctrl+{number}")
            button.setCheckable(True)
            KeepKeys(button, ENTER)
            self._group.addButton(button, number - 1)
            self.buttons[place] = button
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.about = RailButton("About", "F1")
        KeepKeys(self.about, ENTER)
        column.addWidget(self.about, 0, Qt.AlignmentFlag.AlignHCenter)
        self._group.idClicked.connect(self._on_clicked)
        self._group.idToggled.connect(self._on_theme_changed)
        self.about.clicked.connect(self.about_wanted)
        theme.changed.connect(self._on_theme_changed)
        self.show_place(Place.INTERVIEW)
        self._on_theme_changed()

    def show_place(self, place: Place) -> None:
        """Mark where the window is."""
        self.buttons[place].setChecked(True)

    @Slot(int)
    def _on_clicked(self, number: int) -> None:
        self.chosen.emit(list(Place)[number])

    @Slot()
    def _on_theme_changed(self) -> None:
        for place, button in self.buttons.items():
            button.setIcon(self._theme.icon(place.value[1], "accent" if button.isChecked() else "muted", 24))
        self.about.setIcon(self._theme.icon("about", "muted", 24))
