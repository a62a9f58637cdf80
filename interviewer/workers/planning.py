"""Chooses the questions of a session from the bank and from what was practised before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from interviewer.core.bank import Order, pick
from interviewer.core.errors import InputError, InterviewerError
from interviewer.core.models import Bank, Question
from interviewer.core.schedule import due_questions
from interviewer.core.store import Store
from interviewer.workers.clock import Clock

if TYPE_CHECKING:
    from interviewer.workers.lanes import Lane


@dataclass(frozen=True, slots=True)
class Plan:
    """What the user asked for on the Start screen."""

    count: int
    order: Order
    question_ids: tuple[str, ...] = ()
    """These and no others, when given: "practise again" names its questions."""


class Planner:
    """Holds the open bank and picks from it. Lives on the GUI thread; the store is asked on its lane."""

    def __init__(self, bank: Bank, lane: Lane, store: Store, clock: Clock) -> None:
        self._bank = bank
        self._lane = lane
        self._store = store
        self._clock = clock

    @property
    def bank(self) -> Bank:
        """The bank that questions come from."""
        return self._bank

    def question(self, question_id: str) -> Question | None:
        """Return the entry of the open bank, or None when it has no such entry."""
        return self._bank.question(question_id)

    def use(self, bank: Bank) -> None:
        """Take questions from another bank from now on."""
        self._bank = bank

    def plan(
        self,
        wish: Plan,
        *,
        done: Callable[[tuple[Question, ...]], None],
        failed: Callable[[InterviewerError], None],
    ) -> None:
        """Pick the questions and hand them to `done` on the GUI thread."""
        self._lane.run(partial(self._pick, self._bank, wish), done=done, failed=failed)

    def _pick(self, bank: Bank, wish: Plan) -> tuple[Question, ...]:
        if wish.question_ids:
            named = tuple(q for q in (bank.question(i) for i in wish.question_ids) if q is not None)
            if not named:
                raise InputError("None of these questions is in the bank any more", hint="Start a new interview.")
            return named
        # Only these orders look back; the others must not wait for the store.
        best = self._store.best_scores() if wish.order is Order.WEAKEST else {}
        due = due_questions(self._store.practised(), self._clock()) if wish.order is Order.DUE else ()
        return pick(bank, wish.count, wish.order, best_scores=best, due=due)
