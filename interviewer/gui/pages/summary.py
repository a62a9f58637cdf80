"""The session on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from interviewer.core.models import Session, in_steps
from interviewer.core.state import State
from interviewer.core.steps import Phase
from interviewer.core.verdict import WRONG_WAY_ROUND, label_words
from interviewer.gui.digest import Digest, Lapse, Row, digest
from interviewer.gui.keys import PRIMARY, bind
from interviewer.gui.pages.page import Page
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.cards import card, hairline
from interviewer.gui.widgets.labels import label
from interviewer.gui.widgets.score_badge import ScoreBadge
from interviewer.gui.widgets.score_chart import ScoreChart

if TYPE_CHECKING:
    from interviewer.workers.conductor import Conductor
    from interviewer.workers.library import Library
    from interviewer.workers.settings_keeper import SettingsKeeper


class SummaryPage(Page):
    """Every question with its score, which points were not made, what to practise next."""

    history_wanted = Signal()
    review_wanted = Signal(str)  # attempt id

    def __init__(self, conductor: Conductor, library: Library, settings: SettingsKeeper, theme: Theme) -> None:
        super().__init__(theme, "Summary")
        self._conductor = conductor
        self._library = library
        self._settings = settings
        self._session_id = ""
        self._digest = Digest((), (), ())
        self.title = label("How it went", size="display")
        self.mean = label(tone="muted", wrap=True)
        self.column.addWidget(self.title)
        self.column.addWidget(self.mean)
        frame, column = card("Score by question")
        self.chart = ScoreChart(theme)
        column.addWidget(self.chart)
        self.column.addWidget(frame)
        self._questions = self._section("Questions")
        pair = QHBoxLayout()
        pair.setSpacing(16)
        self._lapses = self._section("Points to go over", pair)
        self._practise = self._section("What to practise next", pair)
        self.column.addLayout(pair)
        self.column.addStretch(1)
        self._fill_footer()
        library.session_loaded.connect(self._on_session_loaded)
        library.changed.connect(self._on_changed)
        bind(self, PRIMARY, self._on_again)

    def show_state(self, state: State) -> None:
        """Ask for the session that has just ended; the page fills when it arrives."""
        if state.phase is Phase.DONE and state.begin is not None:
            if state.begin.session_id != self._session_id:
                self._session_id = state.begin.session_id
                self.mean.setText("Putting it together…")
                self.to_top()
            self._library.load_session(self._session_id)

    def _section(self, title: str, row: QHBoxLayout | None = None) -> QVBoxLayout:
        frame, column = card(title)
        body = QVBoxLayout()
        body.setSpacing(10)
        column.addLayout(body)
        column.addStretch(1)
        if row is None:
            self.column.addWidget(frame)
        else:
            row.addWidget(frame, 1)
        return body

    def _fill_footer(self) -> None:
        start = Button("Back to Start")
        history = Button("History")
        self.again = Button("Practise again", role="primary", key="Space")
        start.clicked.connect(self._conductor.leave)
        history.clicked.connect(self.history_wanted)
        self.again.clicked.connect(self._on_again)
        self.footer.row.addWidget(start)
        self.footer.row.addWidget(history)
        self.footer.row.addStretch(1)
        self.footer.row.addWidget(self.again)

    @Slot(object)
    def _on_session_loaded(self, session: Session) -> None:
        if session.id == self._session_id:
            self._show(digest(session, self._library.question))

    @Slot()
    def _on_changed(self) -> None:
        if self.isVisible() and self._session_id:
            self._library.load_session(self._session_id)

    def _show(self, made: Digest) -> None:
        self._digest = made
        self.mean.setText(_mean_words(made))
        self.chart.show_scores([row.score for row in made.rows])
        _fill(self._questions, [self._row(place, row) for place, row in enumerate(made.rows, 1)])
        none = label("No point was missed or said the wrong way round.", tone="muted", wrap=True)
        _fill(self._lapses, [_point(lapse.point, _lapse_words(lapse)) for lapse in made.lapses] or [none])
        self._show_practise(made)

    def _show_practise(self, made: Digest) -> None:
        rows: list[QWidget] = [
            _point(row.words, f"{row.score.shown} of 100" if row.score else "Not answered") for row in made.practise
        ]
        if rows:
            button = Button("Practise these")
            button.clicked.connect(self._on_practise)
            rows.append(button)
        _fill(self._practise, rows or [label("Nothing: no answer was weak.", tone="muted", wrap=True)])

    def _row(self, place: int, row: Row) -> QWidget:
        host = QWidget()
        column = QVBoxLayout(host)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        if place > 1:
            column.addWidget(hairline())
        across = QHBoxLayout()
        across.setSpacing(14)
        badge = ScoreBadge(self.theme, size_px=48)
        badge.show_score(row.score)
        across.addWidget(badge)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(label(f"{place}. {row.words}", wrap=True))
        state = label_words(row.score) if row.score else "Not answered" if row.attempt is None else "Not scored yet"
        words.addWidget(label(state, size="caption", tone="muted"))
        words.addStretch(1)
        across.addLayout(words, 1)
        if row.attempt is not None:
            button = Button("Review", role="quiet")
            button.setAccessibleName(f"Review question {place}")
            button.setProperty("attempt", row.attempt.id)
            button.clicked.connect(self._on_review)
            across.addWidget(button)
        column.addLayout(across)
        return host

    @Slot()
    def _on_review(self) -> None:
        self.review_wanted.emit(self.sender().property("attempt"))

    @Slot()
    def _on_again(self) -> None:
        self._begin(tuple(row.question_id for row in self._digest.rows))

    @Slot()
    def _on_practise(self) -> None:
        self._begin(tuple(row.question_id for row in self._digest.practise))

    def _begin(self, question_ids: tuple[str, ...]) -> None:
        current = self._settings.current
        self._conductor.begin(len(question_ids) or current.questions, current.order, current.mode, question_ids)


def _mean_words(made: Digest) -> str:
    """Return how many questions were judged, and their mean score where they have one."""
    judged = sum(row.score is not None for row in made.rows)
    every = len(made.scored) == judged
    words = f"{judged} of {len(made.rows)} questions answered and {'scored' if every else 'judged'}"
    if made.mean is not None:
        words += f", {in_steps(made.mean)} of 100 on average"
        words += "" if every else f" over the {len(made.scored)} with a score"
    return f"{words}."


def _lapse_words(lapse: Lapse) -> str:
    return f"Question {lapse.place + 1}, {WRONG_WAY_ROUND.lower() if lapse.contradicted else 'missed'}"


def _point(text: str, below: str) -> QWidget:
    host = QWidget()
    column = QVBoxLayout(host)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(1)
    column.addWidget(label(text, wrap=True))
    column.addWidget(label(below, size="caption", tone="muted", wrap=True))
    return host


def _fill(column: QVBoxLayout, widgets: list[QWidget]) -> None:
    while (item := column.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()
    for widget in widgets:
        if isinstance(widget, Button):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            column.addWidget(widget)
