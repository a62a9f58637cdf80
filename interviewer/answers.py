"""Answers without a window: write one down, judge one, judge a file of them, judge kept ones again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError

from interviewer.core.bank import neighbours
from interviewer.core.delivery import delivery_of
from interviewer.core.errors import InputError, InterviewerError
from interviewer.core.models import Attempt, Bank, Neighbour, Question, Score, Session, Transcript
from interviewer.core.paper import free_sheet
from interviewer.core.ports import Transcriber
from interviewer.core.scoring import MeaningScorer
from interviewer.core.store import Store
from interviewer.core.text import has_words
from interviewer.engines.sound_file import read_sound
from interviewer.engines.whole_answer import hear
from interviewer.reports.document import score_document
from interviewer.reports.lines import Recogniser

MAX_LINE_CHARS = 200_000
MAX_FILE_BYTES = 64 * 1024 * 1024
"""All lines are read before the first is used; that many are some hundred thousand answers."""
BATCH_LINES = 256
"""Scored in one go; more would gain nothing and hold back the first line."""
Said = Annotated[str, StringConstraints(max_length=100_000)]
Asked = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]


def write_down(file: Path, terms: Sequence[str], make: Callable[[], Transcriber]) -> Transcript:
    """Write a sound file down with the recogniser that `make` loads.

    Raises AudioError for a file that is not sound, EngineError when the model fails.
    """
    samples = read_sound(file)  # before any model: a wrong file is told at once
    return hear(make(), samples, terms)


def recogniser_of(transcriber: Transcriber) -> Recogniser:
    """Return what the transcripts of a recogniser say of it: this much it tells of an answer without a sound."""
    transcriber.begin(())
    nothing = transcriber.finish()
    return Recogniser(nothing.engine, nothing.model, nothing.rough)


def _with_words(text: str) -> str:
    if not has_words(text):
        raise ValueError("no words")
    return text


class BatchLine(BaseModel):
    """One line of a batch: what was asked, what a good answer says, what was answered."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    prompt: Asked
    reference: Annotated[Asked, AfterValidator(_with_words)]
    answer: Said
    key_points: tuple[Asked, ...] = ()


Line = TypeVar("Line", bound=BatchLine)


class Judge:
    """Judges answers with a scorer that `engines.catalog` made."""

    def __init__(self, scorer: MeaningScorer) -> None:
        self._scorer = scorer

    @property
    def recipe(self) -> str:
        """Everything that decides a score of this judge, as JSON."""
        return self._scorer.recipe

    def judge(self, question: Question, answer: str, *, doubt: float = 0.0, beside: Sequence[Neighbour] = ()) -> Score:
        """Score an answer to a question of a bank; `beside` are other entries of it, `doubt` is the transcript's.

        Raises InputError for an answer that is too long, EngineError when a model failed.
        """
        return self._scorer.score(question, answer, doubt=doubt, neighbours=beside)

    def judge_lines(self, lines: Iterable[BatchLine]) -> Iterator[Score]:
        """Score answers that come with their own references, in order, BATCH_LINES at a time."""
        queue = iter(lines)
        while some := [*islice(queue, BATCH_LINES)]:
            sheets = [(free_sheet(line.prompt, line.reference, line.key_points or None), line.answer) for line in some]
            yield from self._scorer.score_many(sheets)


def read_batch(path: Path) -> tuple[BatchLine, ...]:
    """Read every line of a batch file. Raises InputError as `read_lines` does."""
    return read_lines(path, BatchLine, hint=BATCH_HINT)


def read_lines(path: Path, kind: type[Line], *, hint: str) -> tuple[Line, ...]:
    """Read a file with one JSON object a line, each as a `kind`; blank lines are passed over.

    Raises InputError, naming the line, when the file or any line of it cannot be used: then
    nothing is done, so that no half result is taken for a whole one. `hint` says what a line holds.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            hint = "Cut it into several files."
            raise InputError(f"{path.name} is larger than {MAX_FILE_BYTES // 1024**2} MB", hint=hint)
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as exc:
        raise InputError(f"{path.name} is not UTF-8 text", hint="Save it as UTF-8 and try again.") from exc
    except OSError as exc:
        raise InputError(f"{path} cannot be read ({exc.strerror})", hint="Name a file that you may read.") from exc
    lines = enumerate(text.split("\n"), 1)
    return tuple(_line(line, kind, f"{path.name}, line {number}", hint) for number, line in lines if line.strip())


def _line(line: str, kind: type[Line], where: str, hint: str) -> Line:
    if len(line) > MAX_LINE_CHARS:
        raise InputError(f"{where}: longer than {MAX_LINE_CHARS} characters", hint="Shorten the answer.")
    try:
        return kind.model_validate(json.loads(line))
    except (ValueError, RecursionError) as exc:
        if isinstance(exc, ValidationError):
            raise InputError(f"{where}: {_in_words(exc)}", hint=hint) from exc
        raise InputError(f"{where}: not a JSON object", hint=hint) from exc


def _in_words(exc: ValidationError) -> str:
    """Say in a user's words what is wrong with a line."""
    first = exc.errors()[0]
    field = str(first["loc"][0]) if first["loc"] else ""
    match first["type"]:
        case "missing":
            return f"{field} is missing"
        case "string_too_long":
            return f"{field} is too long"
        case "string_unicode":
            return f"{field} contains half a character (a lone surrogate)"
        case "value_error" | "string_too_short":
            return f"{field} has no words"
        case "greater_than_equal" | "less_than_equal" | "float_type" | "float_parsing" | "finite_number":
            return f"{field} must be a number from 0 to 1"
    if not field:
        return "not a JSON object"
    return f"{field} must be a list of texts" if field == "key_points" else f"{field} must be a text"


BATCH_HINT = (
    'Each line is one object with "prompt", "reference", "answer" and, if wanted, "key_points" (a list of texts).'
)


def score_lines(judge: Judge, lines: tuple[BatchLine, ...]) -> Iterator[str]:
    """Yield one JSON line for each batch line, in order, with `score` and `coverage` among its fields."""
    for score in judge.judge_lines(lines):
        yield json.dumps(score_fields(score), ensure_ascii=False)


def score_fields(score: Score) -> dict[str, object]:
    """Return a score as the commands print it."""
    fields = score_document(score).model_dump(mode="json")
    return {"score": fields.pop("value"), **fields}


# --- kept answers ----------------------------------------------------------------------------


class Outcome(Enum):
    """What became of a kept answer that was to be scored again."""

    DONE = "done"
    KEPT = "kept"
    """Its newest score has this recipe already."""
    LEFT = "left"
    """Its question is not in the bank."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Rescoring:
    """Scores kept answers again where another scorer judged them; their old scores stay."""

    store: Store
    bank: Bank
    judge: Judge
    tell: Callable[[InterviewerError], None]
    """Hears of each answer that could not be judged."""

    def work_off(self, session: Session) -> Iterator[Outcome]:
        """Score every answer of a session that has a text and whose newest score has another recipe.

        Yields what became of each, once it is kept. Raises StoreError when a score cannot be kept.
        """
        for attempt in session.attempts:
            if attempt.transcript is not None:
                yield self._one(session, attempt, attempt.transcript)

    def score(self, session: Session, attempt: Attempt, question: Question, transcript: Transcript) -> Score:
        """Judge a text of an answer as the window does: after what was said before, beside the bank's other entries.

        Raises InputError for an answer that is too long, EngineError when a model failed.
        """
        answer = f"{session.said_before(attempt)} {transcript.text}".strip()
        return self.judge.judge(question, answer, doubt=transcript.doubt, beside=neighbours(self.bank, question))

    def _one(self, session: Session, attempt: Attempt, transcript: Transcript) -> Outcome:
        question = self.bank.question(attempt.question_id)
        if question is None:
            return Outcome.LEFT
        if attempt.score is not None and attempt.score.recipe == self.judge.recipe:
            return Outcome.KEPT
        try:
            score = self.score(session, attempt, question, transcript)
        except InterviewerError as error:
            self.tell(error)
            return Outcome.FAILED
        self.store.add_score(attempt.id, score, delivery_of(attempt))
        return Outcome.DONE
