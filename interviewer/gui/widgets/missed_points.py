"""The key points that were missed most often."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from interviewer.core.missed import Lapse, Lapses
from interviewer.core.verdict import WRONG_WAY_ROUND
from interviewer.gui.trend_words import answers
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.cards import hairline
from interviewer.gui.widgets.labels import label


class MissedPoints(QWidget):
    """Each point with how often it was missed, and a button that shows the answers to its question."""

    question_wanted = Signal(object)  # core.trends.Subject.key

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)

    def show_lapses(self, lapses: Lapses, *, of_one: bool) -> None:
        """Show these in place of what is there; `of_one` is whether one question is looked at already."""
        while (item := self._column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for place, lapse in enumerate(lapses.rows):
            if place:
                self._column.addWidget(hairline())
            self._column.addWidget(self._row(lapse, of_one=of_one))
        if not lapses.rows:
            self._column.addWidget(label("No point was missed in these answers.", tone="muted", wrap=True))
        if lapses.other_scoring:
            words = f"Not counted: {answers(lapses.other_scoring)} scored in another way than the newest."
            self._column.addWidget(label(words, size="caption", tone="muted", wrap=True))

    def _row(self, lapse: Lapse, *, of_one: bool) -> QWidget:
        host = QWidget()
        across = QHBoxLayout(host)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(14)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(lapse.text, wrap=True))
        words.addWidget(label(_told(lapse, of_one=of_one), size="caption", tone="muted", wrap=True))
        across.addLayout(words, 1)
        if not of_one:
            button = Button("Show answers", role="quiet")
            button.setAccessibleName(f"Show answers to: {lapse.subject.words}")
            button.setProperty("key_bank", lapse.subject.bank)
            button.setProperty("key_question", lapse.subject.question_id)
            button.clicked.connect(self._on_show)
            across.addWidget(button)
        return host

    @Slot()
    def _on_show(self) -> None:
        button = self.sender()
        self.question_wanted.emit((button.property("key_bank"), button.property("key_question")))


def _told(lapse: Lapse, *, of_one: bool) -> str:
    words = f"Missed in {lapse.missed:,} of {answers(lapse.judged)}"
    if lapse.contradicted:
        words += f", {lapse.contradicted:,} of them {WRONG_WAY_ROUND.lower()}"
    if lapse.made_last:
        words += "; made in the newest"
    return words if of_one else f"{words} · {lapse.subject.words}"
