"""An example answer to read, each sentence with the numbers of the points that it makes."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtGui import QTextCharFormat

from interviewer.core.linking import NO_EXAMPLE, Example
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.reading_text import Piece, ReadingText


class ExampleView(ReadingText):
    """Its pieces are sentences; those that make a point can be chosen."""

    sentence_chosen = Signal(int)  # number of a sentence

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Example answer")
        self._example = NO_EXAMPLE
        self._text = ""

    def show_example(self, example: Example) -> None:
        """Show an example in place of the one there."""
        self._example, self._text = example, ""
        self._show_pieces()

    def show_text(self, text: str) -> None:
        """Show a text that is no example."""
        self._example, self._text = NO_EXAMPLE, text
        self._show_pieces()

    def light_sentence(self, sentence: int | None) -> None:
        """Light a sentence in place of the one lit now; None lights none."""
        self._light_pieces(None if sentence is None else (sentence, sentence + 1))

    def _can_choose(self) -> bool:
        return any(place is not None for place in self._example.places)

    def _choose_piece(self, place: int) -> None:
        self.sentence_chosen.emit(place)

    def _is_marked(self) -> bool:
        return self._can_choose()

    def _pieces(self) -> Iterator[Piece]:
        if self._text:
            yield Piece(self._text)
        raised = QTextCharFormat()
        raised.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
        raised.setForeground(self._theme.colour("accent"))
        for sentence in range(len(self._example.sentences)):
            numbers = ", ".join(str(k + 1) for k in self._example.points(sentence))
            note = f"\N{NO-BREAK SPACE}{numbers}" if numbers else ""
            yield Piece(self._example.text(sentence), note=note, note_form=raised)
