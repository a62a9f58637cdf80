"""A small field that stands over the words it puts right."""

from __future__ import annotations

import math
from collections.abc import Iterator

from PySide6.QtCore import QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextBlock, QTextCursor, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from interviewer.gui.keys import ENTER, KeepKeys

PAUSE_MS = 250
"""After the last key: whoever stops that long is at the end of a word, or thinks."""
NARROWEST_PX = 120
_MORE_PX = 12
"""To type into before it grows."""
_INSET_PX = 15
"""From the left edge to the text, as the stylesheet has it for fields: the word stays where it was."""
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
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setAccessibleDescription("Enter keeps it, Escape leaves it as it was, F2 takes the whole sentence.")
        self._keep = KeepKeys(self, (*ENTER, Qt.Key.Key_Escape, Qt.Key.Key_F2))
        self._begin, self._end, self._room = QRect(), QRect(), QRect()
        self._open = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._on_pause)
        self.textChanged.connect(self._on_text_changed)
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether somebody edits in it."""
        return self._open

    def open(self, text: str, name: str, *, selected: bool) -> None:
        """Show it with `text`, where it was told to stand; a screen reader calls it `name`."""
        self._open = False  # what is put in was not typed
        self.setAccessibleName(name)
        self.setPlainText(text)
        self._open = True
        if selected:
            self.selectAll()
        else:
            self.moveCursor(QTextCursor.MoveOperation.End)
        self._fit()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def stand_over(self, begin: QRect, end: QRect, room: QRect) -> None:
        """Stand over words that begin and end at these lines of the parent, within `room`."""
        self._begin, self._end, self._room = begin, end, room
        self._fit()

    def go_on(self) -> None:
        """Let it be edited on with what is in it: what it reported as done could not be taken."""
        self._open = True

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
            self._fit()

    @Slot()
    def _on_pause(self) -> None:
        self.paused.emit(self.toPlainText())

    def _fit(self) -> None:
        """Take the width and as many lines as the text needs, over the line it belongs to."""
        self.ensurePolished()
        frame, margin = self.contentsMargins(), math.ceil(self.document().documentMargin())
        typed_px = self.fontMetrics().horizontalAdvance(self.toPlainText()) + frame.left() + frame.right() + 2 * margin
        place = place_over(self._begin, self._end, self._room, max(typed_px + _MORE_PX, NARROWEST_PX))
        # First the width: how high the text is follows from it.
        self.setFixedWidth(place.width())
        text_px = sum(self.blockBoundingRect(block).height() for block in self._blocks())
        most_px = _MOST_LINES * self.fontMetrics().lineSpacing()
        bar = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if text_px <= most_px else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(bar)
        above = frame.top() + margin
        self.setFixedHeight(above + math.ceil(min(text_px, most_px)) + margin + frame.bottom())
        self.move(place.left(), place.top() - above)
        if text_px <= most_px:
            # While it was too small it was scrolled to its end.
            self.verticalScrollBar().setValue(0)

    def _blocks(self) -> Iterator[QTextBlock]:
        block = self.document().firstBlock()
        while block.isValid():
            yield block
            block = block.next()


def place_over(begin: QRect, end: QRect, room: QRect, width: int) -> QRect:
    """Return the line over which words are edited, given where they begin and end and the room that there is.

    As wide as the words and at least `width`; all the room for words on more than one line.
    """
    if begin.top() != end.top():
        return QRect(room.left(), begin.top(), room.width(), begin.height())
    left, right = sorted((begin.left(), end.left()))
    width = min(max(right - left + 2 * _INSET_PX, width), room.width())
    # Words from right to left begin at their right end.
    start = right + _INSET_PX - width if begin.left() > end.left() else left - _INSET_PX
    return QRect(max(room.left(), min(start, room.right() + 1 - width)), begin.top(), width, begin.height())
