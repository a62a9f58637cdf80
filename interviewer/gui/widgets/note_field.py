"""A note beside an answer, kept by itself once nobody types any more."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QPlainTextEdit

from interviewer.gui.widgets.cards import bring_into_view

SETTLED_MS = 900
"""After the last key: long enough that a sentence is not kept letter by letter."""
_LINES = (3, 12)
"""Fewest and most that are seen at once."""


class NoteField(QPlainTextEdit):
    """As tall as its text, within reason. What was typed is reported when it settles, and when the field is left."""

    written = Signal(str)  # the whole text
    left = Signal()  # after something was reported: there is nobody in it any more

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Your note")
        self.setPlaceholderText("What to keep in mind for the next time. The search finds it; reports take it along.")
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._kept = ""
        self._reported = False
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(SETTLED_MS)
        self._settled.timeout.connect(self.flush)
        self.textChanged.connect(self._on_text_changed)
        self.document().documentLayout().documentSizeChanged.connect(self._on_size_changed)
        self.installEventFilter(self)
        self._on_size_changed()

    @property
    def unkept(self) -> bool:
        """Whether there is something typed that was not reported yet."""
        return self.toPlainText() != self._kept

    def show_note(self, text: str) -> None:
        """Show a note in place of the one there; reports nothing."""
        self._kept = text
        if text != self.toPlainText():
            with QSignalBlocker(self):
                self.setPlainText(text)
            self._on_size_changed()

    @Slot()
    def flush(self) -> None:
        """Report now what was typed, if anything was."""
        self._settled.stop()
        if self.unkept:
            self._kept = self.toPlainText()
            self._reported = True
            self.written.emit(self._kept)

    def _leave(self) -> None:
        self.flush()
        if self._reported:
            self._reported = False
            self.left.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Report when the field is left."""
        if event.type() is QEvent.Type.FocusOut:
            self._leave()
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Report when the field is hidden."""
        self._leave()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stay seen while it grows under somebody's hands."""
        super().resizeEvent(event)
        if self.hasFocus():
            bring_into_view(self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave scrolling to the page while all of the note is seen."""
        if self.verticalScrollBar().maximum() > 0:
            super().wheelEvent(event)
        else:
            event.ignore()

    @Slot()
    def _on_text_changed(self) -> None:
        self._settled.start()

    @Slot()
    def _on_size_changed(self) -> None:
        # The document of a plain text field counts its height in lines.
        lines = min(max(self.document().size().height(), _LINES[0]), _LINES[1])
        around = self.contentsMargins().top() + self.contentsMargins().bottom()
        room = 2 * (self.document().documentMargin() + self.frameWidth()) + around + 14
        self.setFixedHeight(math.ceil(lines * self.fontMetrics().lineSpacing() + room))
