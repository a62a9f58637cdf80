"""A small field that stands over the words it puts right."""

from __future__ import annotations

import math

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from interviewer.gui.keys import ENTER, KeepKeys

PAUSE_MS = 250
"""After the last key: whoever stops that long is at the end of a word, or thinks."""
NARROWEST_PX = 180
_ROUND_PX = 16
"""What the frame takes of the width, on both sides together, and a little to type into."""
_MOST_LINES = 8


class InlineEdit(QPlainTextEdit):
    """Enter and leaving it are done, Escape is not; F2 asks for the whole sentence. A child of what holds the text.

    Whoever opened it takes the focus elsewhere and closes it.
    """

    done = Signal(str)  # the text as it is left
    dropped = Signal()  # the text is to stay as it was
    widened = Signal(str)  # the text so far
    paused = Signal(str)  # the text so far, when nobody has typed for a moment

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setAccessibleDescription("Enter keeps it, Escape leaves it as it was, F2 takes the whole sentence.")
        self._keep = KeepKeys(self, (*ENTER, Qt.Key.Key_Escape, Qt.Key.Key_F2))
        self._place = QRect()
        self._open = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._on_pause)
        self.textChanged.connect(self._on_text_changed)
        self.document().documentLayout().documentSizeChanged.connect(self._on_size_changed)
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether somebody edits in it."""
        return self._open

    def open(self, text: str, name: str, place: QRect, *, selected: bool) -> None:
        """Show it with `text` over `place`, a line's rectangle in the parent; a screen reader calls it `name`."""
        self._open = False  # what is put in was not typed
        self.setAccessibleName(name)
        self.setPlainText(text)
        self._open = True
        if selected:
            self.selectAll()
        else:
            self.moveCursor(QTextCursor.MoveOperation.End)
        self.stand_over(place)
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def stand_over(self, place: QRect) -> None:
        """Move to another place."""
        self._place = place
        self._on_size_changed()

    def close(self) -> bool:
        """Hide it and report nothing."""
        self._open = False
        self._pause.stop()
        self.hide()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is done, Escape is not, F2 asks for more; the rest is typed."""
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._leave()
            case Qt.Key.Key_Escape:
                self._open = False
                self.dropped.emit()
            case Qt.Key.Key_F2:
                self.widened.emit(self.toPlainText())
            case _:
                super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Whoever goes elsewhere is done; another window or a menu is not elsewhere."""
        super().focusOutEvent(event)
        stays = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
        if event.reason() not in stays:
            self._leave()

    def _leave(self) -> None:
        if self._open:
            self._open = False
            self.done.emit(" ".join(self.toPlainText().split()))

    @Slot()
    def _on_text_changed(self) -> None:
        if self._open:
            self._pause.start()

    @Slot()
    def _on_pause(self) -> None:
        self.paused.emit(self.toPlainText())

    @Slot()
    def _on_size_changed(self) -> None:
        """Take as many lines as the text needs, over the one it belongs to."""
        # The document of a plain text field counts its height in lines.
        lines = min(max(math.ceil(self.document().size().height()), 1), _MOST_LINES)
        margins = self.contentsMargins()
        around = margins.top() + margins.bottom() + 2 * math.ceil(self.document().documentMargin())
        height = lines * self.fontMetrics().lineSpacing() + around
        above = (height - self._place.height()) // 2 if lines == 1 else around // 2
        self.setGeometry(QRect(self._place.topLeft() - QPoint(0, above), self._place.size()))
        self.setFixedSize(self._place.width(), height)


def place_over(begin: QRect, end: QRect, room: QRect) -> QRect:
    """Return the line over which words are edited, given where they begin and end and the room that there is.

    As wide as the words, and a little more; all the room for words on more than one line.
    """
    if begin.top() != end.top():
        return QRect(room.left(), begin.top(), room.width(), begin.height())
    left, right = sorted((begin.left(), end.left()))
    width = min(max(right - left + 2 * _ROUND_PX, NARROWEST_PX), room.width())
    # Words from right to left begin at their right end.
    start = right + _ROUND_PX - width if begin.left() > end.left() else left - _ROUND_PX
    return QRect(max(room.left(), min(start, room.right() + 1 - width)), begin.top(), width, begin.height())
