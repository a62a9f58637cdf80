"""An answer to read: fillers, pauses and evidence marked, any word heard again by a click."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QShowEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit

from interviewer.core.models import Coverage, Pause, PointResult, Transcript
from interviewer.gui.keys import ENTER
from interviewer.gui.passages import Kind, Passage, passages
from interviewer.gui.theme import Theme

LINE_HEIGHT_PERCENT = 140.0


class TranscriptView(QTextEdit):
    """As tall as its text; the page scrolls. Text is only ever inserted as plain text."""

    word_chosen = Signal(float)  # start of a word in the clip, seconds

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._passages: tuple[Passage, ...] = ()
        self._ends: list[int] = []
        self._timed: list[tuple[float, float, int]] = []
        self._pressed_at = -1
        self._stale = False
        """Whether the marks have the colours of another look."""
        self.setAccessibleName(name)
        self.setProperty("role", "reading")
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(self._on_size_changed)
        theme.changed.connect(self._on_theme_changed)

    def show_text(self, text: str) -> None:
        """Show a text without marks."""
        self._show(tuple(Passage(line) for line in (text,)))

    def show_transcript(
        self, transcript: Transcript, pauses: Sequence[Pause] = (), points: Sequence[PointResult] = ()
    ) -> None:
        """Show an answer with its fillers, these pauses and the evidence for these points marked."""
        self._show(passages(transcript, pauses, points))
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if self._timed else Qt.CursorShape.IBeamCursor)

    @property
    def evidence(self) -> frozenset[Coverage]:
        """The states of the points whose evidence is marked."""
        return frozenset(p.coverage for p in self._passages if p.coverage is not None)

    @Slot(float)
    def follow(self, seconds: float) -> None:
        """Mark the word that sounds at this second of the clip; below 0 marks none."""
        selections = []
        index = bisect_right(self._timed, (seconds, math.inf, 0)) - 1
        if index >= 0 and seconds < self._timed[index][1] + 0.15:
            place = self._timed[index][2]
            mark = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.document())
            cursor.setPosition(self._ends[place] - len(self._passages[place].text))
            cursor.setPosition(self._ends[place], QTextCursor.MoveMode.KeepAnchor)
            mark.cursor = cursor
            mark.format.setBackground(self._theme.colour("accent"))
            mark.format.setForeground(self._theme.colour("on_accent"))
            selections.append(mark)
        self.setExtraSelections(selections)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with a look that was changed meanwhile, once for all changes."""
        super().showEvent(event)
        self._recolour()

    def event(self, event: QEvent) -> bool:
        """Have Enter before the page does, where there is a word to hear."""
        wanted = self._timed and event.type() is QEvent.Type.ShortcutOverride
        if wanted and isinstance(event, QKeyEvent) and event.key() in ENTER:
            event.accept()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where, to tell a click from a selection."""
        self._pressed_at = self.cursorForPosition(event.position().toPoint()).position()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a word asks to hear it."""
        super().mouseReleaseEvent(event)
        at = self.cursorForPosition(event.position().toPoint()).position()
        if event.button() is Qt.MouseButton.LeftButton and at == self._pressed_at:
            self._choose(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter asks to hear the word at the cursor."""
        if event.key() in ENTER and self._timed:
            self._choose(self.textCursor().position())
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave scrolling to the page."""
        event.ignore()

    def _choose(self, at: int) -> None:
        if not self._timed or self.textCursor().hasSelection():
            return
        place = min(bisect_right(self._ends, at), len(self._ends) - 1)
        start_s = self._passages[place].start_s
        if start_s is not None:
            self.word_chosen.emit(start_s)

    def _show(self, shown: tuple[Passage, ...]) -> None:
        self._stale = False
        self._passages = shown
        self._ends = []
        self._timed = []
        self.setExtraSelections([])
        self.clear()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()  # else every word lays the whole text out anew
        block = QTextBlockFormat()
        block.setLineHeight(LINE_HEIGHT_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor.setBlockFormat(block)
        before = None
        for place, passage in enumerate(shown):
            if place:
                cursor.insertText(" ", self._ground(passage.coverage if passage.coverage is before else None))
            cursor.insertText(passage.text, self._format(passage))
            before = passage.coverage
            self._ends.append(cursor.position())
            if passage.start_s is not None and passage.end_s is not None:
                self._timed.append((passage.start_s, passage.end_s, place))
        cursor.endEditBlock()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _ground(self, coverage: Coverage | None) -> QTextCharFormat:
        """Return how evidence for a point of this state stands out."""
        made = QTextCharFormat()
        if coverage is Coverage.CONTRADICTED:
            made.setBackground(self._theme.colour("bad_soft"))
            made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            made.setUnderlineColor(self._theme.colour("bad"))
        elif coverage is not None:
            made.setBackground(self._theme.colour("mark"))
        return made

    def _format(self, passage: Passage) -> QTextCharFormat:
        made = self._ground(passage.coverage)
        match passage.kind:
            case Kind.FILLER:
                made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
                made.setUnderlineColor(self._theme.colour("warn"))
                made.setForeground(self._theme.colour("warn"))
                made.setBackground(self._theme.colour("warn_soft"))
            case Kind.HEDGE:
                made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
                made.setUnderlineColor(self._theme.colour("muted"))
            case Kind.PAUSE:
                made.setForeground(self._theme.colour("muted"))
            case Kind.LONG_PAUSE:
                made.setForeground(self._theme.colour("bad"))
                made.setBackground(self._theme.colour("bad_soft"))
        return made

    @Slot()
    def _on_size_changed(self) -> None:
        # The line height of the last line hangs below it; without this the last descenders are cut.
        self.setFixedHeight(max(24, math.ceil(self.document().size().height()) + 2))

    @Slot()
    def _on_theme_changed(self) -> None:
        self._stale = any(p.kind is not Kind.PLAIN or p.coverage for p in self._passages)
        if self.isVisible():
            self._recolour()

    def _recolour(self) -> None:
        if self._stale:
            self._show(self._passages)
