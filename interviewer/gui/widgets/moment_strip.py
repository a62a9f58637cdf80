"""Moments of a recording as small buttons: each fills, pauses or repeats, and can be heard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from interviewer.gui.keys import KeepKeys
from interviewer.gui.measures import Moment
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.flow import Flow

SHOWN = 12
"""More stand behind a button of their own: a wall of ums teaches nobody."""


def moments_words(moments: Sequence[Moment]) -> str:
    """Return moments as text, where there is nothing to hear them in."""
    rest = len(moments) - SHOWN
    words = [_unturned(moment.text) for moment in moments[:SHOWN]]
    return ", ".join([*words, f"{rest} more"] if rest > 0 else words)


_STEPS = (
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End,
)  # fmt: skip


class _Chip(Button):
    """A button that leaves the arrows to its strip: Qt's own would take them for Tab."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pass on what goes to another button."""
        if event.key() in _STEPS:
            event.ignore()
        else:
            super().keyPressEvent(event)


class MomentStrip(QWidget):
    """One button a moment, in order. Tab reaches one of them, arrows the others, Enter and a click play it."""

    moment_wanted = Signal(object)  # Span

    def __init__(self, name: str, moments: Sequence[Moment]) -> None:
        super().__init__()
        self._moments = tuple(moments)
        self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._flow = Flow(self)
        self.buttons: list[_Chip] = []
        for moment in self._moments[:SHOWN]:
            self._add(moment)
        self._more: Button | None = None
        if rest := len(self._moments) - SHOWN:
            self._show_more(rest)
        self._reach(0)

    def _add(self, moment: Moment) -> None:
        button = _Chip(_unturned(moment.text), role="chip")
        button.setAccessibleName(f"Hear {moment.name}")
        button.setToolTip("Hear it")
        button.clicked.connect(self._on_clicked)
        KeepKeys(button, _STEPS)  # the page jumps in the recording by arrows
        self.buttons.append(button)
        self._flow.addWidget(button)

    def _show_more(self, rest: int) -> None:
        if rest > 0:
            self._more = Button(_unturned(f"{rest} more"), role="chip")
            self._more.setAccessibleName(f"Show {rest} more")
            self._more.clicked.connect(self._on_more)
            self._flow.addWidget(self._more)

    def _reach(self, place: int) -> None:
        """Have Tab reach this button and no other; the one for more is always reached."""
        for i, button in enumerate(self.buttons):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus if i == place else Qt.FocusPolicy.NoFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home and End go from button to button."""
        here = next((i for i, button in enumerate(self.buttons) if button.hasFocus()), None)
        place = None if here is None else self._step(here, Qt.Key(event.key()))
        if place is None:
            super().keyPressEvent(event)
            return
        self._reach(place)
        self.buttons[place].setFocus(Qt.FocusReason.TabFocusReason)

    def _step(self, here: int, key: Qt.Key) -> int | None:
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        last = len(self.buttons) - 1
        match key:
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                forward = (key is Qt.Key.Key_Right) is not mirrored
                return min(last, here + 1) if forward else max(0, here - 1)
            case Qt.Key.Key_Down:
                return min(last, here + 1)
            case Qt.Key.Key_Up:
                return max(0, here - 1)
            case Qt.Key.Key_Home:
                return 0
            case Qt.Key.Key_End:
                return last
        return None

    @Slot()
    def _on_clicked(self) -> None:
        button = self.sender()
        assert isinstance(button, _Chip)  # nothing else is connected
        place = self.buttons.index(button)
        self._reach(place)
        self.moment_wanted.emit(self._moments[place].span)

    @Slot()
    def _on_more(self) -> None:
        assert self._more is not None  # it was clicked
        had_focus = self._more.hasFocus()
        self._flow.removeWidget(self._more)
        self._more.hide()
        self._more.deleteLater()
        self._more = None
        for moment in self._moments[SHOWN:]:
            self._add(moment)
        self._reach(SHOWN)
        if had_focus:
            self.buttons[SHOWN].show()
            self.buttons[SHOWN].setFocus(Qt.FocusReason.TabFocusReason)
        self.updateGeometry()


def _unturned(text: str) -> str:
    """Return a text that runs from left to right also where the window does not: "1.3 s at 0:09" would turn round."""
    return f"\u2066{text}\u2069"
