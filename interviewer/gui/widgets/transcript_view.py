"""An answer to read: fillers, pauses and evidence marked, any word heard again by a click."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QRect, Signal, Slot
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from interviewer.core.models import Coverage, Pause, PointResult, Span, Transcript
from interviewer.gui.passages import PAUSES, Kind, Passage, passages
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.reading_text import Piece, ReadingText

AFTER_WORD_S = 0.15
"""How long a word stays marked after its end: the ends of words are guesses."""


class TranscriptView(ReadingText):
    """Words are counted as the text has them at whitespace; pauses between them are none."""

    word_chosen = Signal(float)  # start of a word in the clip, seconds
    place_chosen = Signal(int)  # number of a word
    stretch_chosen = Signal(object)  # Span of the words selected; None where none are, or they have no times

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(theme, name)
        self._passages: tuple[Passage, ...] = ()
        self._words: list[int] = []
        """For each word its place among the passages."""
        self._timed: list[tuple[float, float, int]] = []
        self._sounding: int | None = None
        self.selectionChanged.connect(self._on_selection_changed)

    def show_text(self, text: str) -> None:
        """Show a text without marks."""
        self._show((Passage(text),))

    def show_transcript(
        self,
        transcript: Transcript,
        pauses: Sequence[Pause] = (),
        points: Sequence[PointResult] = (),
        *,
        hearable: bool = True,
    ) -> None:
        """Show an answer with its fillers, these pauses and the evidence for these points marked.

        Its words can be chosen where there is a recording to hear them in (`hearable`) and they have times.
        """
        self._show(passages(transcript, pauses, points), hearable=hearable)

    @property
    def can_hear(self) -> bool:
        """Whether a word can be chosen to be heard."""
        return bool(self._timed)

    @property
    def evidence(self) -> frozenset[Coverage]:
        """The states of the points whose evidence is marked."""
        return frozenset(p.coverage for p in self._passages if p.coverage is not None)

    def light(self, words: tuple[int, int] | None) -> None:
        """Light these words, first and one past the last, in place of those lit now; None lights none."""
        there = words is not None and words[0] < words[1] <= len(self._words)
        self._light_pieces((self._words[words[0]], self._words[words[1] - 1] + 1) if words and there else None)

    # --- words, for whoever puts them right -----------------------------------------------------

    @property
    def count(self) -> int:
        """How many words are shown."""
        return len(self._words)

    def chosen(self) -> tuple[int, int] | None:
        """Return the words selected, or the one at the cursor: first and one past the last; None without any."""
        cursor = self.textCursor()
        first = last = min(bisect_right(self._ends, cursor.selectionStart()), len(self._ends) - 1)
        if cursor.hasSelection():
            # The blank after a word is selected along with it.
            last = bisect_left(self._ends, cursor.selectionEnd() - 1)
        found = [word for word, place in enumerate(self._words) if first <= place <= last]
        return (found[0], found[-1] + 1) if found else None

    @Slot()
    def _on_selection_changed(self) -> None:
        words = self.chosen() if self.textCursor().hasSelection() and self.can_hear else None
        said = [self._passages[place] for place in self._words[slice(*words)]] if words else []
        starts = [p.start_s for p in said if p.start_s is not None]
        ends = [p.end_s for p in said if p.end_s is not None]
        self.stretch_chosen.emit(Span(min(starts), max(ends)) if starts and ends else None)

    def put_cursor(self, word: int) -> None:
        """Put the cursor before a word, or the last there is."""
        if self._words:
            cursor = self.textCursor()
            place = self._words[min(word, len(self._words) - 1)]
            cursor.setPosition(self._range(place, place + 1).anchor())
            self.setTextCursor(cursor)

    def outline(self, words: tuple[int, int]) -> tuple[QRect, QRect]:
        """Return where words begin and where they end: two rectangles as high as their lines, in the viewport."""
        over = self._range(self._words[words[0]], self._words[words[1] - 1] + 1)
        ends = []
        for at in (over.anchor(), over.position()):
            cursor = QTextCursor(self.document())
            cursor.setPosition(at)
            ends.append(self.cursorRect(cursor))
        return ends[0], ends[1]

    @Slot(float)
    def follow(self, seconds: float) -> None:
        """Mark the word that sounds at this second of the clip; below 0 marks none."""
        index = bisect_right(self._timed, (seconds, math.inf, 0)) - 1
        sounds = index >= 0 and seconds < self._timed[index][1] + AFTER_WORD_S
        sounding = self._timed[index][2] if sounds else None
        if sounding != self._sounding:
            self._sounding = sounding
            self._paint_lights()

    def _lights(self) -> list[QTextEdit.ExtraSelection]:
        lights = super()._lights()
        if self._sounding is not None:
            mark = QTextEdit.ExtraSelection()
            mark.cursor = self._range(self._sounding, self._sounding + 1)
            mark.format.setBackground(self._theme.colour("accent"))
            mark.format.setForeground(self._theme.colour("on_accent"))
            lights.append(mark)
        return lights

    def _can_choose(self) -> bool:
        return self.can_hear

    def _choose_piece(self, place: int) -> None:
        start_s = self._passages[place].start_s
        if start_s is not None:
            self.word_chosen.emit(start_s)
            word = bisect_right(self._words, place) - 1
            if word >= 0 and self._words[word] == place:
                self.place_chosen.emit(word)

    def _show(self, shown: tuple[Passage, ...], *, hearable: bool = False) -> None:
        self._passages = shown
        self._words = [place for place, passage in enumerate(shown) if passage.kind not in PAUSES]
        self._timed = [
            (p.start_s, p.end_s, place)
            for place, p in enumerate(shown)
            if hearable and p.start_s is not None and p.end_s is not None
        ]
        self._sounding = None
        self._show_pieces()

    def _is_marked(self) -> bool:
        return any(p.kind is not Kind.PLAIN or p.coverage for p in self._passages)

    def _pieces(self) -> Iterator[Piece]:
        before = None
        for passage in self._passages:
            shared = passage.coverage if passage.coverage is before else None
            yield Piece(passage.text, self._format(passage), self._ground(shared))
            before = passage.coverage

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
