"""What changed from answer to answer: figures over time, points missed again and again, days of practice."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from interviewer.core.missed import most_missed
from interviewer.core.trend_series import moment, series
from interviewer.core.trends import DAY_S, Measure, Scope, Trends, empty, per_day, within
from interviewer.gui import trend_words
from interviewer.gui.keys import ENTER, KeepKeys, bind
from interviewer.gui.pages.page import Page
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.cards import card
from interviewer.gui.widgets.fields import Choice, Picker
from interviewer.gui.widgets.labels import label
from interviewer.gui.widgets.missed_points import MissedPoints
from interviewer.gui.widgets.practice_calendar import PracticeCalendar
from interviewer.gui.widgets.rows import RowList
from interviewer.gui.widgets.session_models import VALUE
from interviewer.gui.widgets.trend_dots import DotsModel
from interviewer.gui.widgets.trend_plot import TrendPlot
from interviewer.gui.widgets.trend_scope import TrendScope
from interviewer.workers.clock import Clock, utc_now

if TYPE_CHECKING:
    from interviewer.workers.library import Library

MOST_MISSED = 8
_PLOT_PX = 330
_FIRST_DAY = date(1970, 1, 1)


class TrendsPage(Page):
    """A plot with its dots as a list beside it; below, what is missed most and a calendar."""

    review_wanted = Signal(str)  # attempt id
    start_wanted = Signal()

    def __init__(self, library: Library, theme: Theme, *, clock: Clock = utc_now) -> None:
        super().__init__(theme, "Trends")
        self._library = library
        self._clock = clock
        self.trends = empty()
        self._chosen = within(self.trends, Scope())
        self._year: int | None = None
        self.column.addWidget(label("Trends", size="display"))
        self.waiting = label("Reading your answers…", tone="muted")
        self.empty = self._empty()
        self.scope = TrendScope()
        self.content = QWidget()
        column = QVBoxLayout(self.content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        for part in (self.scope, self._over_time(), self._missed(), self._practice()):
            column.addWidget(part)
        for widget in (self.waiting, self.empty, self.content):
            self.column.addWidget(widget)
        self.column.addStretch(1)
        self._fill_footer()
        for widget in (self.empty, self.content, self.footer):
            widget.hide()
        self._connect()

    def showEvent(self, event: QShowEvent) -> None:
        """Look again: something may have been added since."""
        super().showEvent(event)
        self._library.load_trends()
        if self.content.isVisibleTo(self):
            self.dots.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- building --------------------------------------------------------------------------

    def _empty(self) -> QWidget:
        frame, column = card(margin_px=32)
        column.addWidget(label("No answer yet", size="title"))
        words = (
            "Every answer you give becomes a dot here: its score, how many points you made, your pace and your "
            "fillers, for each question, topic and bank. Below will be the points you miss most often, and a "
            "calendar of the days on which you practised."
        )
        column.addWidget(label(words, tone="muted", wrap=True))
        start = Button("Go to Start")
        start.clicked.connect(self.start_wanted)
        column.addWidget(start, 0, Qt.AlignmentFlag.AlignLeft)
        return frame

    def _over_time(self) -> QWidget:
        frame, column = card("Over time")
        choices = [(trend_words.NAMES[one], one, trend_words.HINTS[one]) for one in Measure]
        self.measure = Choice("What is followed", choices, Measure.SCORE)
        self.summary = label(wrap=True)
        self.plot = TrendPlot(self.theme)
        self._model = DotsModel(self)
        self.dots = RowList(self.theme, "Answers, newest first", self._model, scores=False)
        KeepKeys(self.dots, ENTER)
        self._legend = label(size="caption", tone="muted", wrap=True)
        self._pair = QWidget()
        row = QHBoxLayout(self._pair)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        for view, share in ((self.plot, 8), (self.dots, 4)):
            view.setFixedHeight(_PLOT_PX)
            view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            row.addWidget(view, share)
        for widget in (self.measure, self.summary, self._pair, self._legend):
            column.addWidget(widget)
        return frame

    def _missed(self) -> QWidget:
        frame, column = card("Most missed points")
        self.missed = MissedPoints()
        column.addWidget(self.missed)
        return frame

    def _practice(self) -> QWidget:
        frame, column = card("Days of practice")
        self.calendar = PracticeCalendar(self.theme)
        self.year = Picker("Year")
        self.year.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._practised = label(tone="muted", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._practised, 1)
        row.addWidget(self.year)
        column.addLayout(row)
        column.addWidget(self.calendar)
        words = "The larger a square, the more answers: from 1, 3, 6 and 10 on. Enter or a click shows a day's answers."
        column.addWidget(label(words, size="caption", tone="muted", wrap=True))
        return frame

    def _fill_footer(self) -> None:
        self.everything = Button("Show all answers")
        self.open = Button("Review this answer", role="primary", key="Enter")
        self.footer.row.addWidget(self.everything)
        self.footer.row.addStretch(1)
        self.footer.row.addWidget(self.open)

    def _connect(self) -> None:
        self._library.trends_loaded.connect(self.show_trends)
        self._library.changed.connect(self._on_changed)
        self._library.bank_changed.connect(self._on_changed)
        self.scope.changed.connect(self._on_scope_changed)
        self.measure.chosen.connect(self._on_measure)
        self.plot.opened.connect(self._on_opened)
        self.plot.moved.connect(self._on_plot_moved)
        self.dots.selectionModel().currentChanged.connect(self._on_row_chosen)
        self.dots.activated.connect(self._on_row_activated)
        self.missed.question_wanted.connect(self.scope.pick_question)
        self.calendar.day_wanted.connect(self.scope.pick_day)
        self.year.chosen.connect(self._on_year)
        self.everything.clicked.connect(self.scope.clear)
        self.open.clicked.connect(self._on_open)
        bind(self, ("Return", "Enter"), self._on_open)

    # --- showing ---------------------------------------------------------------------------

    @Slot(object)
    def show_trends(self, trends: Trends) -> None:
        """Show these in place of what is there; with none, say what will be here."""
        if trends is self.trends and self.scope.today == self._today():
            return
        chosen = self._chosen_id()
        self.trends = trends
        there = len(trends) > 0
        self.waiting.hide()
        self.empty.setVisible(not there)
        first = there and not self.content.isVisibleTo(self)
        self.content.setVisible(there)
        self.footer.setVisible(there)
        if there:
            self.scope.show_trends(trends, self._today())
            self._show(chosen)
        if first and self.isVisible():
            self.dots.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, chosen_id: str = "") -> None:
        """Show what the pickers say, with the attempt `chosen_id` chosen where it is among it, else the newest."""
        scope = self.scope.scope
        self._chosen = within(self.trends, scope)
        self.everything.setEnabled(scope != Scope())
        self._show_figures(chosen_id)
        lapses = most_missed(self.trends, self._chosen, MOST_MISSED)
        self.missed.show_lapses(lapses, of_one=scope.question is not None)
        self._show_year()

    def _show_figures(self, chosen_id: str) -> None:
        trends, measure = self.trends, self.measure.value()
        found = series(trends, self._chosen, measure)
        self.plot.show_series(trends, found, measure)
        with QSignalBlocker(self.dots.selectionModel()):
            self._model.show_dots(trends, self.plot.places, measure)
        place = trends.ids.index(chosen_id) if chosen_id in trends.ids else -1
        self._choose(place if self._model.row_of(place) >= 0 else self.plot.chosen)
        self.summary.setText(trend_words.summary(trends, self._chosen, found, measure))
        self._legend.setText(trend_words.legend(found, measure))
        for widget in (self._pair, self._legend):
            widget.setVisible(bool(found))
        self.open.setEnabled(bool(found))

    def _choose(self, place: int | None) -> None:
        row = -1 if place is None else self._model.row_of(place)
        self.dots.setCurrentIndex(self._model.index(row) if row >= 0 else QModelIndex())
        if place is not None:
            self.plot.choose(place)

    def _show_year(self) -> None:
        counts = per_day(self.trends, within(self.trends, self.scope.all_days))
        today = self._today()
        years = sorted({moment(float(day) * DAY_S).year for day in counts}, reverse=True)
        if self._year not in (None, *years):
            self._year = None
        self.year.offer([("Last 12 months", None), *((str(year), year) for year in years)], self._year)
        # Answers of days to come were given under a wrong clock; they are there all the same.
        last = max(today, *counts, 0) if self._year is None else (date(self._year, 12, 31) - _FIRST_DAY).days
        self.calendar.show_days(counts, last, today)
        self._practised.setText(self.calendar.summary())

    def _today(self) -> int:
        return (self._clock().astimezone().date() - _FIRST_DAY).days

    def _chosen_id(self) -> str:
        place = self.plot.chosen
        return "" if place is None else self.trends.ids[place]

    # --- what the user wants -----------------------------------------------------------------

    @Slot()
    def _on_changed(self) -> None:
        if self.isVisible():
            self._library.load_trends()

    @Slot()
    def _on_scope_changed(self) -> None:
        self._show()
        self.announce(self.summary.text())

    @Slot(object)
    def _on_measure(self, _measure: Measure) -> None:
        self._show_figures(self._chosen_id())
        self.announce(self.summary.text())

    @Slot(object)
    def _on_year(self, year: int | None) -> None:
        self._year = year
        self._show_year()
        self.announce(self.calendar.summary())

    @Slot(int)
    def _on_plot_moved(self, place: int) -> None:
        self._choose(place)

    @Slot(QModelIndex, QModelIndex)
    def _on_row_chosen(self, index: QModelIndex, _before: QModelIndex) -> None:
        place = index.data(VALUE)
        if place is not None:
            self.plot.choose(place)

    @Slot(QModelIndex)
    def _on_row_activated(self, _index: QModelIndex) -> None:
        self._on_open()

    @Slot(int)
    def _on_opened(self, place: int) -> None:
        self.review_wanted.emit(self.trends.ids[place])

    @Slot()
    def _on_open(self) -> None:
        if self.plot.chosen is not None and self.content.isVisible():
            self.review_wanted.emit(self._chosen_id())
