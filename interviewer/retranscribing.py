"""Writes kept answers down again after the recogniser was changed, and has them judged again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from interviewer.answers import Judge, Rescoring
from interviewer.core.delivery import delivery_of
from interviewer.core.errors import EngineError, InputError
from interviewer.core.models import Attempt, Bank, Session, Transcript
from interviewer.core.ports import Transcriber
from interviewer.core.store import Store
from interviewer.engines.catalog import MakeTranscriber
from interviewer.engines.sound_file import read_sound
from interviewer.engines.whole_answer import hear
from interviewer.options import warn
from interviewer.progress import Progress
from interviewer.reports.lines import Recogniser
from interviewer.transcribing import load, tidily, warmed_up


class Outcome(Enum):
    """What became of a recorded answer that was to be written down again."""

    DONE = "done"
    KEPT = "kept"
    """This recogniser has written it down already, and it has its score."""
    BY_HAND = "by_hand"
    """Somebody typed or corrected its text."""
    BETTER = "better"
    """Its text is a better recogniser's than this one, which is rough."""
    LEFT = "left"
    """Its question is not in the bank: it could not be judged again."""
    MISSING = "missing"
    """Its recording is no longer on the disk."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which answers are to be written down again."""

    bank: Bank
    recogniser: Recogniser
    by_hand_too: bool
    """Whether also those whose text somebody typed or corrected."""

    def reason_to_leave(self, attempt: Attempt) -> Outcome | None:
        """Return why a recorded answer stays as it is; None when it is to be worked on."""
        old = attempt.transcript
        if self.bank.question(attempt.question_id) is None:
            return Outcome.LEFT
        if old is None:
            return None
        if self.is_ours(old):
            # Without a score, an earlier run was stopped at the last moment.
            return None if attempt.score is None else Outcome.KEPT
        if old.by_hand and not self.by_hand_too:
            return Outcome.BY_HAND
        if self.recogniser.rough and not old.rough:
            return Outcome.BETTER
        return None

    def is_ours(self, transcript: Transcript) -> bool:
        """Whether a text is by this recogniser."""
        return Recogniser(transcript.engine, transcript.model) == self.recogniser


def retranscribe(
    sessions: Sequence[Session],
    store: Store,
    *,
    bank: Bank,
    make: MakeTranscriber,
    judge: Callable[[], Judge],
    by_hand_too: bool,
) -> Counter[Outcome]:
    """Write recorded answers down with another recogniser than theirs, and judge them; count what became of each.

    Old texts and scores stay in the store. Each answer is kept before the next is begun, so that
    a run that is stopped can be begun again. Models are loaded only where they are needed. Raises
    StoreError when an answer cannot be kept, what `make` and `judge` raise.
    """
    recorded = [attempt for session in sessions for attempt in session.attempts if attempt.clip is not None]
    count: Counter[Outcome] = Counter()
    if not recorded:
        return count
    progress = Progress()
    with tidily(progress, "The same command goes on from here."):
        transcriber, recogniser = load(make, progress)
        choice = Choice(bank, recogniser, by_hand_too)
        reasons = [choice.reason_to_leave(attempt) for attempt in recorded]
        count.update(reason for reason in reasons if reason is not None)
        todo = [attempt for attempt, reason in zip(recorded, reasons, strict=True) if reason is None]
        if todo:
            rescoring = Rescoring(store, bank, judge(), warn)
            count.update(Retranscribing(choice, warmed_up(transcriber), rescoring, progress).work_off(todo))
    return count


def told(count: Counter[Outcome], bank_title: str) -> list[str]:
    """Return a line for each thing that became of answers; the first is always told."""
    lines = [f"Written down again: {_answers(count[Outcome.DONE])}."]
    for outcome, words in (
        (Outcome.KEPT, "Written down by this recogniser already"),
        (Outcome.BY_HAND, "Left, because their text was typed or corrected"),
        (Outcome.BETTER, "Left, because the built-in recogniser writes worse than what they have"),
        (Outcome.LEFT, f"Left, because the question is not in the bank “{bank_title}”"),
        (Outcome.MISSING, "Left, because the recording is gone"),
        (Outcome.FAILED, "Failed, and left as they were"),
    ):
        if count[outcome]:
            lines.append(f"{words}: {_answers(count[outcome])}.")
    return lines


def _answers(number: int) -> str:
    return f"{number} {'answer' if number == 1 else 'answers'}"


@dataclass(frozen=True, slots=True)
class Retranscribing:
    """Writes answers down and judges them, one by one."""

    choice: Choice
    transcriber: Transcriber
    rescoring: Rescoring
    progress: Progress

    def work_off(self, attempts: Sequence[Attempt]) -> Iterator[Outcome]:
        """Yield what became of each of these recorded answers, once it is kept.

        One that fails is told and stays as it was. Raises StoreError when one cannot be kept.
        """
        self.progress.plan(len(attempts), sum(self._sound_s(attempt) for attempt in attempts))
        for attempt in attempts:
            self.progress.begin(attempt.id, self._sound_s(attempt))
            # Read again: the answer before it, or its own, may have another text by now.
            session = self.rescoring.store.session(attempt.session_id)
            (now,) = (a for a in session.attempts if a.id == attempt.id)
            try:
                outcome = self.choice.reason_to_leave(now) or self._one(session, now)
            except (EngineError, InputError) as error:
                self.progress.say(f"interviewer: {attempt.id}: {error.told()}")
                outcome = Outcome.FAILED
            self.progress.end(done=outcome is Outcome.DONE)
            yield outcome

    def _one(self, session: Session, attempt: Attempt) -> Outcome:
        store = self.rescoring.store
        question, clip, transcript = self.choice.bank.question(attempt.question_id), attempt.clip, attempt.transcript
        assert question is not None  # else there was a reason to leave it
        assert clip is not None  # only recorded answers come here
        written = transcript is not None and self.choice.is_ours(transcript)
        if transcript is None or not written:
            if not clip.path.is_file():
                self.progress.say(f"interviewer: {attempt.id}: {clip.path} is no longer on the disk. Its text stays.")
                return Outcome.MISSING
            transcript = hear(self.transcriber, read_sound(clip.path), question.terms, progress=self.progress.within)
        score = self.rescoring.score(session, attempt, question, transcript)
        # Both only now: an answer that cannot be judged keeps the text and the score that belong together.
        if not written:
            store.add_transcript(attempt.id, transcript)
        store.add_score(attempt.id, score, delivery_of(replace(attempt, transcript=transcript)))
        return Outcome.DONE

    def _sound_s(self, attempt: Attempt) -> float:
        """Return how much sound of an answer is to be written down."""
        if attempt.clip is None or (attempt.transcript is not None and self.choice.is_ours(attempt.transcript)):
            return 0.0
        return attempt.clip.seconds
