"""The keyboard's rules, in one place.

On pages with a loop (Start, Interview, Feedback, Summary, Review) Space always means the
primary button, whatever has the focus, except in controls that need Space themselves
(text, lists, choices). Enter presses the button that has the focus, and the primary one
where none has. Buttons take the focus from Tab only: a click on "Repeat" must not turn
Space into "Repeat".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QObject, Qt, SignalInstance, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QButtonGroup,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
SPACE = (Qt.Key.Key_Space,)

Receiver = Callable[[], object] | SignalInstance
"""A slot, or a signal to pass on."""

PRIMARY = ("Space", "Return", "Enter")
"""The keys of the primary button of a page with a loop."""


class KeepKeys(QObject):
    """Lets a widget have some keys before any shortcut of the window sees them."""

    def __init__(self, parent: QWidget, keys: Iterable[Qt.Key]) -> None:
        super().__init__(parent)
        self._keys = frozenset(keys)
        parent.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim the keys; everything else goes its way."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            if plain and event.key() in self._keys:
                event.accept()
                return True
        return super().eventFilter(watched, event)


class TabStop(QObject):
    """Has Tab reach the chosen part of a choice; the arrow keys reach the others.

    Qt does so by itself only once a part has had the focus, and keeps to that part: whichever Tab found first,
    and not the one that is chosen by then.
    """

    def __init__(self, group: QButtonGroup) -> None:
        super().__init__(group)
        group.buttonToggled.connect(self._on_toggled)

    @Slot(QAbstractButton, bool)
    def _on_toggled(self, chosen: QAbstractButton, on: bool) -> None:
        if not on:
            return
        for button in chosen.group().buttons():
            policy, tab = button.focusPolicy(), Qt.FocusPolicy.TabFocus
            button.setFocusPolicy(policy | tab if button is chosen else policy & ~tab)


def needs_arrows(widget: QWidget | None) -> bool:
    """Whether the arrow keys mean something in this control, so that no shortcut may have them meanwhile.

    Qt offers them to a shortcut first even in a text whose cursor they move.
    """
    if isinstance(widget, QAbstractButton):
        return widget.group() is not None
    kinds = (QTextEdit, QPlainTextEdit, QLineEdit, QAbstractItemView, QComboBox, QAbstractSlider)
    return isinstance(widget, kinds)


def bind(owner: QWidget, keys: str | Iterable[str], slot: Receiver) -> tuple[QShortcut, ...]:
    """Call `slot` on these keys while `owner` is visible in the active window.

    Keys of a shortcut do not repeat while held down: one press is one step of the loop.
    """
    shortcuts = []
    for key in (keys,) if isinstance(keys, str) else keys:
        shortcut = QShortcut(QKeySequence(key), owner)
        shortcut.setAutoRepeat(False)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(slot)
        shortcuts.append(shortcut)
    return tuple(shortcuts)
