"""What is asked of the history: words, what to leave out, and in which order."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from interviewer.core.search import Choices, Query, Sort, whole_days
from interviewer.gui.keys import ENTER, KeepKeys
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.day_range import DayRange
from interviewer.gui.widgets.fields import Picker
from interviewer.gui.widgets.flow import Flow
from interviewer.workers.clock import Clock, utc_now

TYPING_MS = 120
"""After the last key: shorter than anybody waits for, longer than between two keys of one word."""
LONGEST_WORDS = 400
_MONTH = 30
_LETTERS = 9
"""Of a choice are seen at least: all of them stand in one line of the page at its widest."""

_ENGINES = {
    "whisper": "Written by Whisper",
    "faster-whisper": "Written by Whisper, faster engine",
    "pocketsphinx": "Written by the built-in recogniser",
    "typed": "Typed",
    "corrected": "Corrected by hand",
}
_SCORES: tuple[tuple[str, tuple[int | None, int | None]], ...] = (
    ("Any score", (None, None)),
    ("80 and more", (80, None)),
    ("60 to 75", (60, 75)),
    ("40 to 55", (40, 55)),
    ("35 and less", (None, 35)),
)
BETWEEN = "between"
_DAYS: tuple[tuple[str, int | str | None], ...] = (
    ("Any time", None),
    ("Today", 1),
    ("Last 7 days", 7),
    ("Last 30 days", 30),
    ("Last 12 months", 365),
    ("Choose days…", BETWEEN),
)
_SORTS = (
    ("Newest first", Sort.NEWEST),
    ("Oldest first", Sort.OLDEST),
    ("Highest score first", Sort.BEST),
    ("Lowest score first", Sort.WORST),
    ("By question", Sort.QUESTION),
)


class SearchField(QLineEdit):
    """Words to look for; Escape takes them away, Enter and Down lead on to what is found."""

    answers_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Search answers")
        self.setPlaceholderText("Search what was said, asked or noted")
        self.setToolTip("Keys: / or Ctrl+F. Words side by side: in quotes.")
        self.setClearButtonEnabled(True)
        for button in self.findChildren(QToolButton):
            button.setAccessibleName("Clear the search")
        self.setMaxLength(LONGEST_WORDS)
        # The page has a use of its own for Enter.
        KeepKeys(self, ENTER)
        self.returnPressed.connect(self.answers_wanted)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Escape and Down; the rest is for the text."""
        if event.key() == Qt.Key.Key_Down:
            self.answers_wanted.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class HistoryFilters(QWidget):
    """A line for words and the order, and one with a list for each thing to narrow down by."""

    changed = Signal()

    def __init__(self, *, clock: Clock = utc_now) -> None:
        super().__init__()
        self._clock = clock
        self.search = SearchField()
        self.sort = self._picker("Order", _SORTS, Sort.NEWEST)
        self.bank = self._picker("Bank", (("Every bank", ""),), "")
        self.topic = self._picker("Topic", (("Every topic", ""),), "")
        self.score = self._picker("Score", _SCORES, (None, None))
        self.days = self._picker("Time", _DAYS, None)
        self.between = DayRange()
        self.between.changed.connect(self._on_picked)
        self._period: int | None = None
        """Days up to today of which the two begin: those that were chosen last."""
        self._ranged = False
        """Whether the two days are the user's own."""
        self.engine = self._picker("Writer", (("Any writer", ""),), "")
        self.starred = Button("Starred", role="quiet")
        self.starred.setCheckable(True)
        self.starred.toggled.connect(self._on_picked)
        self.clear = Button("Clear", role="quiet")
        self.clear.setAccessibleName("Clear search and filters")
        self.clear.clicked.connect(self.reset)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._on_picked)
        self.search.textChanged.connect(self._on_typed)
        self._lay_out()
        self._follow()

    def _picker(self, name: str, choices: tuple[tuple[str, Any], ...], current: Any) -> Picker:
        picker = Picker(name)
        picker.setMinimumContentsLength(_LETTERS)
        picker.offer(choices, current)
        picker.chosen.connect(self._on_picked)
        return picker

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.search, 3)
        first.addWidget(self.sort, 1)
        column.addLayout(first)
        host = QWidget()
        line = Flow(host, gap_px=8)
        pickers = (self.bank, self.topic, self.score, self.days, self.between, self.engine)
        for widget in (*pickers, self.starred, self.clear):
            line.addWidget(widget)
        column.addWidget(host)

    def query(self, session_id: str) -> Query:
        """Return what is asked for, of one session or "" for all; days are those of the user's own zone."""
        low, high = self.score.value()
        since, until = self._bounds()
        return Query(
            text=self.search.text(),
            session_id=session_id,
            bank=self.bank.value(),
            topic=self.topic.value(),
            engine=self.engine.value(),
            low=low,
            high=high,
            since=since,
            until=until,
            starred=self.starred.isChecked(),
            sort=self.sort.value(),
        )

    def _bounds(self) -> tuple[datetime | None, datetime | None]:
        days = self.days.value()
        if days is None:
            return None, None
        if days == BETWEEN:
            return whole_days(*self.between.days())
        # Answers of days to come were given under a wrong clock; they are there all the same.
        return whole_days(*self._last(days))[0], None

    def _last(self, days: int) -> tuple[date, date]:
        today = self._clock().astimezone().date()
        return today - timedelta(days=days - 1), today

    def show_choices(self, choices: Choices) -> None:
        """Offer what there is; what is chosen stays chosen."""
        for picker, every, names in (
            (self.bank, "Every bank", choices.banks),
            (self.topic, "Every topic", choices.topics),
            (self.engine, "Any writer", choices.engines),
        ):
            words = [(_ENGINES.get(name, name) if picker is self.engine else name, name) for name in names]
            picker.offer([(every, ""), *words], picker.value(), absent="{}")
        self._follow()

    @Slot()
    def reset(self) -> None:
        """Let everything pass; the order stays."""
        for picker, value in (
            (self.bank, ""),
            (self.topic, ""),
            (self.engine, ""),
            (self.score, (None, None)),
            (self.days, None),
        ):
            picker.show_value(value)
        self._ranged, self._period = False, None
        self.starred.blockSignals(True)
        self.starred.setChecked(False)
        self.starred.blockSignals(False)
        self.search.clear()
        self._on_picked()

    @Slot()
    def ask(self) -> None:
        """Report what is asked for now, without waiting for the next letter."""
        self._on_picked()

    @Slot()
    def _on_typed(self) -> None:
        self._typing.start()

    @Slot()
    def _on_picked(self) -> None:
        self._typing.stop()
        self._begin_between()
        self._follow()
        self.changed.emit()

    def _begin_between(self) -> None:
        """Have the two days begin as those that were chosen before; later they are as the user left them."""
        days = self.days.value()
        if days != BETWEEN:
            self._period = days
        elif not self._ranged:
            self._ranged = True
            self.between.show_days(*self._last(self._period or _MONTH))

    def _follow(self) -> None:
        self.between.setVisible(self.days.value() == BETWEEN)
        picked = (self.bank.value(), self.topic.value(), self.engine.value(), self.days.value())
        narrows = any(picked) or self.score.value() != (None, None) or self.starred.isChecked()
        self.clear.setVisible(narrows or bool(self.search.text()))
        # One bank or one recogniser is no choice; one that is chosen stays to be seen.
        for picker in (self.bank, self.topic, self.engine):
            picker.setVisible(picker.count() > 2 or bool(picker.value()))
