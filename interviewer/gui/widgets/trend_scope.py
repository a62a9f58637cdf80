"""Which answers trends are made of: bank, topic, question and days, each narrowing the next."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from interviewer.core.trends import Scope, Trends, empty, offered
from interviewer.gui.trend_words import day_words
from interviewer.gui.widgets.fields import Picker, field

_PERIODS = (("All days", None), ("Last 30 days", 30), ("Last 90 days", 90), ("Last 12 months", 365))


class TrendScope(QWidget):
    """Four lists to pick from; `scope` is what is picked."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._trends = empty()
        self.today = 0
        self._scope = Scope()
        self._period: int | None = None
        self._day: int | None = None
        self.bank, self.topic, self.question = Picker("Bank"), Picker("Topic"), Picker("Question")
        self.period = Picker("Days")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for picker, share in ((self.bank, 3), (self.topic, 3), (self.question, 5), (self.period, 3)):
            picker.setMinimumContentsLength(8)
            row.addWidget(field(picker.accessibleName(), picker), share)
        self.bank.chosen.connect(self._on_bank)
        self.topic.chosen.connect(self._on_topic)
        self.question.chosen.connect(self._on_question)
        self.period.chosen.connect(self._on_period)

    @property
    def scope(self) -> Scope:
        """What is picked, as of today."""
        days = None
        if self._day is not None:
            days = (self._day, self._day)
        elif self._period is not None:
            # Not up to today: a wrong clock must not hide the answer just given.
            days = (self.today - self._period + 1, 2**31 - 1)
        picked = self._scope
        return Scope(picked.bank, picked.topic, picked.question, days)

    @property
    def all_days(self) -> Scope:
        """What is picked, but of all days."""
        return self._scope

    def show_trends(self, trends: Trends, today: int) -> None:
        """Offer what there is; what was picked stays picked while it is there."""
        self._trends, self.today = trends, today
        self._offer()

    @Slot()
    def clear(self) -> None:
        """Pick everything."""
        self._scope, self._period, self._day = Scope(), None, None
        self._tell()

    @Slot(object)
    def pick_question(self, key: tuple[str, str]) -> None:
        """Pick one question, of all days."""
        self._scope, self._period, self._day = Scope(question=key), None, None
        self._tell()

    @Slot(int)
    def pick_day(self, day: int) -> None:
        """Pick one day."""
        self._day = day
        self._tell()

    @Slot(object)
    def _on_bank(self, bank: str | None) -> None:
        self._scope = Scope(bank=bank)
        self._tell()

    @Slot(object)
    def _on_topic(self, topic: str | None) -> None:
        self._scope = Scope(bank=self._scope.bank, topic=topic)
        self._tell()

    @Slot(object)
    def _on_question(self, key: tuple[str, str] | None) -> None:
        self._scope = Scope(self._scope.bank, self._scope.topic, key)
        self._tell()

    @Slot(object)
    def _on_period(self, picked: tuple[str, int | None]) -> None:
        what, value = picked
        self._day = value if what == "day" else None
        if what == "period":
            self._period = value
        self._tell()

    def _tell(self) -> None:
        self._offer()
        self.changed.emit()

    def _offer(self) -> None:
        banks, topics, questions = offered(self._trends, self._scope)
        keys = [q.key for q in questions]
        if self._scope.bank not in (None, *banks):
            self._scope = Scope()
            self._offer()
            return
        if self._scope.topic not in (None, *topics) or self._scope.question not in (None, *keys):
            self._scope = Scope(bank=self._scope.bank)
            self._offer()
            return
        self.bank.offer([("All banks", None), *((b, b) for b in banks)], self._scope.bank)
        self.topic.offer([("All topics", None), *((t, t) for t in topics)], self._scope.topic)
        self.question.offer([("All questions", None), *((q.words, q.key) for q in questions)], self._scope.question)
        periods = [(words, ("period", days)) for words, days in _PERIODS]
        if self._day is None:
            self.period.offer(periods, ("period", self._period))
        else:
            self.period.offer([(day_words(self._day), ("day", self._day)), *periods], ("day", self._day))
