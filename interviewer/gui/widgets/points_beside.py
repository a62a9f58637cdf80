"""The points of an answer beside the example answer, each with links into the other."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QWidget

from interviewer.gui.answer import Answer, PointShown
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.cards import bring_into_view, card
from interviewer.gui.widgets.coverage_list import CoverageList
from interviewer.gui.widgets.example_view import ExampleView
from interviewer.gui.widgets.labels import label

TWO_COLUMNS_PX = 800
"""From this width on, things that are compared stand side by side."""

_LINKED = "Raised numbers: the points that a sentence makes. Choose a point or a sentence to see the other."
_NOWHERE = "No single sentence of the example makes this point."
_GONE = "This question is no longer in the bank."


class PointsBeside(QWidget):
    """Choosing a point lights its sentence in the example, choosing a sentence of the example its points."""

    points_chosen = Signal(object)  # tuple[int, ...]: numbers of points
    moment_wanted = Signal(object)  # Span
    example_wanted = Signal()
    told = Signal(str)  # what has changed, for a screen reader

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: tuple[PointShown, ...] = ()
        self._pair = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._pair.setContentsMargins(0, 0, 0, 0)
        self._pair.setSpacing(16)
        self._pair.addWidget(self._points_card(), 1)
        self._pair.addWidget(self._example_card(), 1)
        self.points.point_chosen.connect(self._on_point_chosen)
        self.points.moment_wanted.connect(self.moment_wanted)
        self.example.sentence_chosen.connect(self._on_sentence_chosen)
        self.example_button.clicked.connect(self.example_wanted)

    @property
    def shown(self) -> tuple[PointShown, ...]:
        """The points, with all that is told of them."""
        return self._shown

    def show_answer(self, answer: Answer) -> None:
        """Show the points of an answer and its example in place of those there."""
        example = answer.example()
        self._shown = answer.points(example)
        neutral = answer.score is not None and answer.score.coverage_only
        self.points.show_points(self._shown, neutral=neutral)
        if answer.question is None:
            self.example.show_text(_GONE)
        else:
            self.example.show_example(example)
        self.example_button.setEnabled(answer.question is not None)
        self.linked.setVisible(any(place is not None for place in example.places))

    def choose(self, points: tuple[int, ...]) -> None:
        """Light these points, and the sentence of the example that makes the first of them."""
        self.points.choose(points)
        self.example.light_sentence(self._shown[points[0]].sentence if points else None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the cards side by side where there is room."""
        super().resizeEvent(event)
        wide = event.size().width() >= TWO_COLUMNS_PX
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if self._pair.direction() != direction:
            self._pair.setDirection(direction)

    def _points_card(self) -> QFrame:
        # The rows have a margin of their own, for the frame of the focus.
        frame, column = card("Points of a good answer")
        self.points = CoverageList(self._theme)
        column.addWidget(self.points)
        column.addStretch(1)
        return frame

    def _example_card(self) -> QFrame:
        frame, column = card()
        self.example_button = Button("Hear the example", role="quiet", key="H")
        self.example = ExampleView(self._theme)
        self.linked = label(_LINKED, size="caption", tone="muted", wrap=True)
        head = QHBoxLayout()
        head.addWidget(label("Example answer", size="section"))
        head.addStretch(1)
        head.addWidget(self.example_button)
        column.addLayout(head)
        column.addWidget(self.example)
        column.addWidget(self.linked)
        column.addStretch(1)
        return frame

    @Slot(int)
    def _on_point_chosen(self, point: int) -> None:
        self.choose((point,))
        bring_into_view(self.points.rows[point])
        self.points_chosen.emit((point,))
        sentence = self.example.lit_text
        self.told.emit(
            f"In the example: {sentence}" if sentence else "No single sentence of the example makes this point."
        )

    @Slot(int)
    def _on_sentence_chosen(self, sentence: int) -> None:
        points = tuple(k for k, shown in enumerate(self._shown) if shown.sentence == sentence)
        self.points.choose(points)
        self.example.light_sentence(sentence if points else None)
        self.points_chosen.emit(points)
        for point in points:
            bring_into_view(self.points.rows[point])
        names = (self.points.rows[point].accessibleName() for point in points)
        self.told.emit(" ".join(names) or "This sentence makes none of the points.")
