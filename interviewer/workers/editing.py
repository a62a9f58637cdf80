"""Puts the text of one kept answer right, step by step: each step is shown at once, kept, and judged.

Every state is one more text in the store, an undo too, so nothing is ever overwritten and the way back is there
after a restart as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from interviewer.core.delivery import delivery_of, with_delivery
from interviewer.core.editing import History, Version, replace_words, replayed, rewritten
from interviewer.core.errors import InputError, InterviewerError
from interviewer.core.models import Attempt, Question, Score, Transcript
from interviewer.core.store import Store

if TYPE_CHECKING:
    from interviewer.workers.lanes import Lane
    from interviewer.workers.model_process import ModelProcess


@dataclass(frozen=True, slots=True)
class Edition:
    """An answer as it stands between two edits."""

    attempt: Attempt
    """With the text as it is now, and its score and delivery; without a score while it is being judged."""
    original: Transcript
    """What was heard, or typed at first."""
    can_undo: bool
    can_redo: bool
    judging: bool = False
    """Whether a score is awaited."""
    prior: str = ""
    """The text that an answer to a follow-up goes on from."""


class Editor(QObject):
    """Edits one answer at a time. Lives on the GUI thread; no method blocks it."""

    opened = Signal(object)  # Edition: from now on it can be edited
    changed = Signal(object)  # Edition: another text, or a score that has come
    kept = Signal(str)  # attempt id: the store has its text and score as they are now
    told = Signal(object)  # InterviewerError

    def __init__(
        self,
        models: ModelProcess,
        lane: Lane,
        store: Store,
        question: Callable[[str], Question | None],
        *,
        held: Callable[[], frozenset[str]],
        parent: QObject | None = None,
    ) -> None:
        """`question` finds an entry of the open bank; `held` tells which answers others are working on."""
        super().__init__(parent)
        self._models = models
        self._lane = lane
        self._store = store
        self._question = question
        self._held = held
        self._wanted = ""
        self._desk: _Desk | None = None
        self._jobs: dict[int, tuple[_Desk, int]] = {}
        """What is being judged: whose, and which of its versions."""
        self._foreseen: int | None = None
        """A job whose score nobody waits for."""
        models.done.connect(self._on_model_done)
        models.failed.connect(self._on_model_failed)

    # --- what the page asks for -----------------------------------------------------------

    @property
    def attempt_id(self) -> str:
        """The answer that can be edited now; "" for none."""
        return self._desk.attempt.id if self._desk else ""

    def open(self, attempt_id: str) -> None:
        """Make an answer ready to be edited; `opened` follows, or `told`. Steps of earlier days can be undone too."""
        self._wanted, self._desk = attempt_id, None
        failed = partial(self._on_not_read, attempt_id)
        self._lane.run(_read, self._store, attempt_id, done=partial(self._on_read, attempt_id), failed=failed)

    def ready(self) -> bool:
        """Whether an edit can be taken now; where it cannot, `told` says why. To be asked before anybody types."""
        refusal = self._refusal()
        if refusal is not None:
            self.told.emit(refusal)
        return refusal is None

    def _refusal(self) -> InputError | None:
        if self._desk is not None:
            hint = "Wait until that is done, then edit it."
            busy = self._desk.attempt.id in self._held()
            return InputError("This answer is being written down again", hint=hint) if busy else None
        if self._wanted:
            return InputError("This answer is still being read", hint="Wait a moment, then edit it.")
        return InputError("No answer is open that could be edited", hint="Open one from the History.")

    def close(self) -> None:
        """Let go of the answer; what is being judged is judged and kept all the same."""
        self._wanted, self._desk = "", None

    @Slot(object)
    def forget(self, attempt_ids: Iterable[str]) -> None:
        """Let go of answers that were deleted, and keep nothing of them any more."""
        gone = frozenset(attempt_ids)
        self._jobs = {job: work for job, work in self._jobs.items() if work[0].attempt.id not in gone}
        if self._wanted in gone:
            self.close()

    def replace(self, first: int, stop: int, text: str) -> None:
        """Put `text` in the place of the words from `first` to `stop`, excluded; `changed` or `told` follows."""
        self._edit(lambda transcript: replace_words(transcript, first, stop, text))

    def rewrite(self, text: str) -> None:
        """Put a whole other text in the place of this one; `changed` or `told` follows."""
        self._edit(lambda transcript: rewritten(transcript, text))

    def undo(self) -> None:
        """Go back to the version before, with its score; `changed` follows where there is one."""
        if self._desk is not None and self.ready():
            self._move(self._desk, self._desk.history.undone())

    def redo(self) -> None:
        """Go forward to the version that was undone; `changed` follows where there is one."""
        if self._desk is not None and self.ready():
            self._move(self._desk, self._desk.history.redone())

    def prepare(self) -> None:
        """Have the model look at the text as it is: somebody begins to type, and what stays costs nothing later."""
        if self._desk is not None:
            self._look_at(self._desk, self._desk.history.now.transcript)

    def foresee(self, first: int, stop: int, text: str) -> None:
        """Have the model look at an edit that somebody is still typing, so that its score is there sooner.

        Changes nothing; while the model is busy with an earlier one it is let go.
        """
        if self._desk is not None:
            with suppress(InputError, ValueError):  # told when it is meant
                self._look_at(self._desk, replace_words(self._desk.history.now.transcript, first, stop, text))

    def _look_at(self, desk: _Desk, transcript: Transcript) -> None:
        question = self._question(desk.attempt.question_id)
        if question is not None and self._foreseen is None and not self._jobs:
            self._foreseen = self._ask(desk, question, transcript)

    @Slot(str)
    def refresh(self, attempt_id: str) -> None:
        """Read the answer again that is being edited, if it is this one: somebody else wrote it down anew."""
        if attempt_id == self.attempt_id:
            self.open(attempt_id)

    # --- what happens then ----------------------------------------------------------------

    def _on_read(self, attempt_id: str, desk: _Desk) -> None:
        if attempt_id != self._wanted:
            return
        self._desk = self._at_work(desk)
        self.opened.emit(self._edition(self._desk))

    def _at_work(self, read: _Desk) -> _Desk:
        """Return the desk at which a text of this answer is being judged, else the one just read.

        An answer has one desk only: of two each would take the newest text for its own.
        """
        jobs = {job: desk for job, (desk, _) in self._jobs.items() if desk.attempt.id == read.attempt.id}
        for desk in jobs.values():
            if desk.kept.transcript.text == read.history.now.transcript.text:
                desk.attempt = read.attempt  # its recording may be another file now
                return desk
        for job in jobs:  # somebody else wrote it down anew
            del self._jobs[job]
        return read

    def _on_not_read(self, attempt_id: str, error: InterviewerError) -> None:
        if attempt_id == self._wanted:
            self._wanted = ""
            self.told.emit(error)

    def _edit(self, change: Callable[[Transcript], Transcript]) -> None:
        if not self.ready():
            return
        desk = self._desk
        assert desk is not None  # without one it is not ready
        try:
            transcript = change(desk.history.now.transcript)
        except InputError as error:
            self.told.emit(error)
            return
        if transcript is not desk.history.now.transcript:
            self._move(desk, desk.history.edited(transcript))

    def _move(self, desk: _Desk, history: History) -> None:
        """Show and keep the version that `history` is at, and have it judged unless it was before."""
        if history.now is desk.history.now:
            return
        desk.history = history
        question = self._question(desk.attempt.question_id)
        work = (desk, history.now.number)
        if history.now.score is None and question is not None and work not in self._jobs.values():
            self._jobs[self._ask(desk, question, history.now.transcript)] = work
        self.changed.emit(self._edition(desk))
        self._keep(desk)
        if history.now.score is None and question is None:
            hint = "Its text is kept; open the bank that it belongs to, to have it scored."
            self.told.emit(InputError("This question is not in the open bank", hint=hint))

    def _ask(self, desk: _Desk, question: Question, transcript: Transcript) -> int:
        answer = f"{desk.prior} {transcript.text}".strip()
        return self._models.score(question, answer, doubt=transcript.doubt)

    def _keep(self, desk: _Desk) -> None:
        """Have the store keep the version shown, whatever of it is there already."""
        now = desk.history.now
        done = partial(self._on_kept, desk) if now.score is not None else None
        self._lane.run(desk.keep, now, done=done, failed=self.told.emit)

    def _on_kept(self, desk: _Desk, _none: object) -> None:
        self.kept.emit(desk.attempt.id)
        if desk is not self._desk and desk.attempt.id == self._wanted:
            self.open(self._wanted)  # it was read before the score came

    @Slot(int, object)
    def _on_model_done(self, job_id: int, result: object) -> None:
        if job_id == self._foreseen:
            self._foreseen = None
        if job_id not in self._jobs or not isinstance(result, Score):
            return
        desk, number = self._jobs.pop(job_id)
        desk.history = desk.history.judged(number, result)
        if number == desk.history.now.number:
            # Of a version that is not shown the store would take it for that of the newest text.
            self._keep(desk)
            if desk is self._desk:
                self.changed.emit(self._edition(desk))

    @Slot(int, object)
    def _on_model_failed(self, job_id: int, error: InterviewerError) -> None:
        if job_id == self._foreseen:
            self._foreseen = None
        work = self._jobs.pop(job_id, None)
        if work is not None:
            self.told.emit(error)
            if work[0] is self._desk:
                self.changed.emit(self._edition(work[0]))

    def _edition(self, desk: _Desk) -> Edition:
        history = desk.history
        judging = (desk, history.now.number) in self._jobs.values()
        original = history.original.transcript
        return Edition(desk.shown(history.now), original, history.can_undo, history.can_redo, judging, desk.prior)


@dataclass(slots=True, eq=False)
class _Desk:
    """One answer that is edited. `keep` runs on the lane of the store, the rest on the GUI thread."""

    store: Store
    attempt: Attempt
    prior: str
    """What was said before, when the answer is one to a follow-up."""
    history: History
    kept: Version
    """The version whose text the store had last; set on the lane alone."""
    kept_score: bool
    """Whether it has its score too."""

    def shown(self, version: Version) -> Attempt:
        """Return the answer with a version's text and score."""
        if version.transcript == self.attempt.transcript:
            return replace(with_delivery(self.attempt), score=version.score)
        attempt = replace(self.attempt, transcript=version.transcript, score=version.score)
        return replace(attempt, delivery=delivery_of(attempt))

    def keep(self, version: Version) -> None:
        """Have a version as the newest in the store. Raises StoreError; the next call makes up for it."""
        if self.kept.number != version.number:
            self.store.add_transcript(self.attempt.id, version.transcript)
            self.kept, self.kept_score = version, False
        if version.score is not None and not self.kept_score and self._is_newest(version):
            self.store.add_score(self.attempt.id, version.score, self.shown(version).delivery)
            self.kept_score = True

    def _is_newest(self, version: Version) -> bool:
        """Whether the store would take a score for that of this text: somebody else may have written a newer one."""
        newest = self.store.attempt(self.attempt.id).transcript
        return newest is not None and newest.text == version.transcript.text


def _read(store: Store, attempt_id: str) -> _Desk:
    """Read an answer with all its versions. Raises InputError for one that has no text, StoreError."""
    attempt = store.attempt(attempt_id)
    if attempt.transcript is None:
        raise InputError("This answer is not written down yet", hint="Finish it from the Start screen.")
    prior = store.session(attempt.session_id).said_before(attempt) if attempt.follow_up else ""
    history = replayed(store.versions(attempt_id))
    return _Desk(store, attempt, prior, history, history.now, history.now.score is not None)
