"""Finds the interview that stopped in its middle, and goes on with it. Never blocks the window."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from interviewer.core.errors import InputError, InterviewerError
from interviewer.core.models import Question, Session
from interviewer.core.state import State
from interviewer.core.steps import Phase
from interviewer.core.stopped import Stopped, begin_again, missing, stopped, to_finish, to_offer
from interviewer.core.store import Store
from interviewer.workers.clock import Clock, utc_now

if TYPE_CHECKING:
    from interviewer.workers.conductor import Conductor
    from interviewer.workers.lanes import Lane
    from interviewer.workers.planning import Planner
    from interviewer.workers.reworking import Reworker


class Continuing(QObject):
    """Answers by signal; every method returns at once. Lives on the GUI thread."""

    found = Signal(object)  # core.stopped.Stopped, or None when there is nothing to go on with
    told = Signal(object)  # InterviewerError

    def __init__(
        self,
        conductor: Conductor,
        planner: Planner,
        reworker: Reworker,
        store: Store,
        *,
        disk: Lane,
        recovered: Callable[[], Collection[str]],
        clock: Clock = utc_now,
        parent: QObject | None = None,
    ) -> None:
        """Make it; `recovered` names the attempts that were found half written when the store was opened."""
        super().__init__(parent)
        self._conductor = conductor
        self._planner = planner
        self._reworker = reworker
        self._store = store
        self._disk = disk
        self._recovered = recovered
        self._clock = clock
        self._phase = conductor.state.phase
        self._opening = ""
        conductor.state_changed.connect(self._on_state_changed)

    @Slot()
    def look(self) -> None:
        """Look for an interview to go on with; `found` follows, unless one is running by then."""
        self._disk.run(self._find, done=self._on_found, failed=self.told.emit)

    def lacking(self, session: Session) -> int:
        """Return how many questions of a session the open bank lacks: with any, it cannot go on."""
        return len(missing(session, {q.id for q in self._planner.bank.questions}))

    @Slot(str)
    def go_on(self, session_id: str, *, again: bool = False) -> None:
        """Go on with a session at its next question, or with `again` at the one whose answer was cut off.

        `told` follows instead when nothing is left of it, the open bank lacks its questions, or an
        interview is being held.
        """
        if self._conductor.state.phase not in (Phase.IDLE, Phase.DONE):
            hint = "Go back to it with Ctrl+1, or end it first."
            self.told.emit(InputError("An interview is being held already", hint=hint))
        elif self._opening != session_id:
            self._opening = session_id
            self._disk.run(self._load, session_id, done=partial(self._on_loaded, again), failed=self._on_not_loaded)

    def let_rest(self, session: Session) -> None:
        """Note that a session has ended where it stopped; it is not offered again. `found` follows."""
        rest = stopped(session)
        when = rest.when if rest else self._clock()
        self._disk.run(self._store.finish_session, session.id, when, done=self._on_rests, failed=self.told.emit)

    # --- on the disk lane --------------------------------------------------------------------

    def _find(self) -> Stopped | None:
        sessions = self._store.open_sessions()
        # Asked after the store, which is only opened by its first use.
        recovered = self._recovered()
        now = self._clock()
        for session_id, when in to_finish(sessions, now, recovered):
            self._store.finish_session(session_id, when)
        return to_offer(sessions, now, recovered)

    def _load(self, session_id: str) -> tuple[Session, tuple[str, ...]]:
        """Return a session, whole, and the names of its files."""
        session = self._store.session(session_id)
        folder = self._store.clip_path(session_id, session_id).parent
        return session, tuple(path.name for path in folder.iterdir())

    # --- on the GUI thread -------------------------------------------------------------------

    def _on_found(self, found: Stopped | None) -> None:
        if self._conductor.state.phase is Phase.IDLE:
            self.found.emit(found)

    def _on_rests(self, _none: object) -> None:
        self.look()

    def _on_not_loaded(self, error: InterviewerError) -> None:
        self._opening = ""
        self.told.emit(error)
        self.look()

    def _on_loaded(self, again: bool, loaded: tuple[Session, tuple[str, ...]]) -> None:
        self._opening = ""
        session, names = loaded
        rest = stopped(session, self._recovered())
        position = rest.cut_off if rest and again else rest.position if rest and rest.asks else None
        questions = self._questions(session)
        if position is None:
            self._on_not_loaded(InputError("Nothing is left of this interview", hint="Its answers are in History."))
        elif questions is None:
            hint = f"Open the bank “{session.bank_title}” in Settings, and continue then."
            self._on_not_loaded(InputError("The open bank lacks questions of this interview", hint=hint))
        else:
            held = self._reworker.held
            self.found.emit(None)  # it no longer waits, and must not flash up when it is left
            self._conductor.go_on(begin_again(session, questions, position, names=names, held=held))

    def _questions(self, session: Session) -> tuple[Question, ...] | None:
        """Return the questions of a session; None when the open bank lacks one."""
        found = tuple(self._planner.question(question_id) for question_id in session.question_ids)
        there = tuple(q for q in found if q is not None)
        return there if len(there) == len(found) else None

    @Slot(object)
    def _on_state_changed(self, state: State) -> None:
        before, self._phase = self._phase, state.phase
        if state.phase is Phase.IDLE and before is not Phase.IDLE:
            self.look()
