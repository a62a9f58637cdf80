"""Two answers to one question side by side: score, points, delivery and texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from interviewer.core.comparison import Comparison, points_change, score_change
from interviewer.core.delivery import delivery_of
from interviewer.core.delivery_change import delivery_changes
from interviewer.core.moments import moment_of
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.back_to_back import BackToBack
from interviewer.gui.widgets.cards import card
from interviewer.gui.widgets.compared_answer import ScoreSide, TextSide
from interviewer.gui.widgets.delivery_changes import DeliveryChanges
from interviewer.gui.widgets.labels import label
from interviewer.gui.widgets.notice import NoticeBoard, Word
from interviewer.gui.widgets.point_changes import Moments, PointChanges

if TYPE_CHECKING:
    from interviewer.workers.conductor import Conductor

TWO_COLUMNS_PX = 800
"""From this width on, the texts stand side by side."""
CAUTION = "caution"


class ComparisonView(QWidget):
    """Shows a comparison, and plays the evidence for a point from the one answer and then from the other."""

    scoring_wanted = Signal()  # both are to be scored again
    heard_changed = Signal(object)  # place of the point that sounds, or None

    def __init__(self, conductor: Conductor, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._moments: tuple[Moments, ...] = ()
        self._heard: int | None = None
        self._last = -1
        """The point that was heard last, for the one to be heard next."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self._score_card())
        column.addWidget(self._points_card())
        column.addWidget(self._delivery_card())
        self.earlier_text = TextSide(conductor, theme, "Earlier answer")
        self.later_text = TextSide(conductor, theme, "Later answer")
        self._texts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._texts.setSpacing(16)
        self._texts.addWidget(self.earlier_text, 1)
        self._texts.addWidget(self.later_text, 1)
        column.addLayout(self._texts)
        self.sound = BackToBack(self.earlier_text.player, self.later_text.player, self)
        self.sound.ended.connect(self._on_sound_ended)
        self.points.hearing_wanted.connect(self.hear)

    def show_comparison(self, comparison: Comparison, *, can_score: bool) -> None:
        """Show two answers in place of those there; `can_score` says whether they can be scored again."""
        self.sound.stop()
        earlier, later = comparison.earlier, comparison.later
        self._last = -1
        self.earlier_score.show_attempt(earlier)
        self.later_score.show_attempt(later)
        for shown, words in ((self.change, score_change(comparison)), (self.counted, points_change(comparison))):
            shown.setText(words)
            shown.setVisible(bool(words))
        self._show_cautions(comparison, can_score)
        texts = (earlier.transcript if earlier.clip else None, later.transcript if later.clip else None)
        self._moments = tuple(
            (
                moment_of(point.earlier, texts[0]) if point.earlier else None,
                moment_of(point.later, texts[1]) if point.later else None,
            )
            for point in comparison.points
        )
        neutral = any(a.score is not None and a.score.coverage_only for a in (earlier, later))
        self.points.show_points(tuple(zip(comparison.points, self._moments, strict=True)), neutral=neutral)
        # Measured anew where they can be: what older versions kept was measured otherwise.
        sounded = delivery_of(earlier), delivery_of(later)
        self.delivery.show_changes(delivery_changes(*sounded, heard_apart=comparison.heard_apart))
        self.earlier_text.show_attempt(earlier)
        self.later_text.show_attempt(later)

    def tell_scoring(self) -> None:
        """Say that both answers are being scored again."""
        self.cautions.put(CAUTION, Word("Scoring both answers again…"), dismissable=False)

    @property
    def can_hear(self) -> bool:
        """Whether any point can be heard."""
        return any(any(moments) for moments in self._moments)

    @Slot(int)
    def hear(self, place: int) -> None:
        """Play the evidence for a point from the earlier answer, then from the later; nothing where there is none."""
        if not 0 <= place < len(self._moments) or not any(self._moments[place]):
            return
        self.sound.play(*self._moments[place])
        if self.sound.running:
            self._last = place
            self._show_heard(place)

    @Slot()
    def hear_next(self) -> None:
        """Play the evidence for the next point that has any; after the last comes the first."""
        count = len(self._moments)
        places = ((self._last + 1 + step) % count for step in range(count))
        place = next((place for place in places if any(self._moments[place])), None)
        if place is not None:
            self.hear(place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the texts side by side where there is room."""
        super().resizeEvent(event)
        wide = event.size().width() >= TWO_COLUMNS_PX
        self._texts.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)

    def _show_cautions(self, comparison: Comparison, can_score: bool) -> None:
        self.cautions.take(CAUTION)
        if not comparison.cautions:
            return
        barred = any(caution.bars for caution in comparison.cautions)
        mends = barred and can_score and all(c.mended_by_scoring for c in comparison.cautions if c.bars)
        word = Word(
            "These two are not alike: their scores cannot be compared" if barred else "These two are not quite alike",
            " ".join(caution.words for caution in comparison.cautions),
            "Score both again" if mends else "",
            "warn" if barred else "accent",
        )
        self.cautions.put(CAUTION, word, self.scoring_wanted, dismissable=False)

    def _show_heard(self, place: int | None) -> None:
        self._heard = place
        self.points.show_heard(place)
        self.heard_changed.emit(place)

    @Slot()
    def _on_sound_ended(self) -> None:
        self._show_heard(None)

    def _score_card(self) -> QFrame:
        frame, column = card()
        frame.setAccessibleName("Score of both answers")
        self.earlier_score = ScoreSide(self._theme, "Earlier")
        self.later_score = ScoreSide(self._theme, "Later")
        self.change = label(size="large", wrap=True, selectable=True)
        self.counted = label(wrap=True)
        self.cautions = NoticeBoard(self._theme)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addWidget(self.earlier_score, 1)
        row.addWidget(self.later_score, 1)
        column.addLayout(row)
        for one in (self.change, self.counted, self.cautions):
            column.addWidget(one)
        return frame

    def _points_card(self) -> QFrame:
        frame, column = card("Points of a good answer")
        self.points = PointChanges(self._theme)
        column.addWidget(self.points)
        return frame

    def _delivery_card(self) -> QFrame:
        frame, column = card("Delivery")
        self.delivery = DeliveryChanges()
        column.addWidget(self.delivery)
        return frame
