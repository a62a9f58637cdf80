"""The nouns of the product, as frozen values.

What comes from outside (banks) is pydantic and is checked field by field; what the
program makes itself is frozen dataclasses with slots.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from interviewer.core.heard import Aside, AsideKind, Edges, PacePoint

# Plain text with something in it. Control characters would break logs and reports.
Text = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=4000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
    ),
]
ShortText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400, pattern=r"^[^\x00-\x1f\x7f]*$")
]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]


class _Outside(BaseModel):
    """Base of everything read from a file: unknown fields are errors, values frozen."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class KeyPoint(_Outside):
    """One claim that a good answer makes."""

    text: ShortText
    terms: tuple[ShortText, ...] = ()
    follow_up: ShortText | None = None


class Mistake(_Outside):
    """Something weak candidates say that is false, and what is true instead."""

    text: ShortText
    correction: ShortText


class QuestionKind(Enum):
    """What an answer can be held against."""

    KNOWLEDGE = "knowledge"
    """Some answers are right and others are wrong."""
    BEHAVIOURAL = "behavioural"
    """No single right answer: only which points were mentioned is shown."""


class Question(_Outside):
    """One entry of a bank."""

    id: Slug
    kind: QuestionKind = QuestionKind.KNOWLEDGE
    topic: ShortText
    difficulty: int = Field(ge=1, le=3)
    question: ShortText
    background: Text
    guidance: Text
    example_answer: Text
    key_points: tuple[KeyPoint, ...] = Field(min_length=1, max_length=12)
    mistakes: tuple[Mistake, ...] = Field(default=(), max_length=12)
    alternative_answers: tuple[Text, ...] = Field(default=(), max_length=6)
    terms: tuple[ShortText, ...] = Field(default=(), max_length=15)
    sources: tuple[ShortText, ...] = ()


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another entry of the same bank, as far as an answer is compared with it."""

    prompt: str
    reference: str


class Bank(_Outside):
    """A titled list of questions."""

    schema_version: int = Field(ge=1, le=1)
    title: ShortText
    role: Text
    responsibilities: tuple[Text, ...] = ()
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")] = "en"
    questions: tuple[Question, ...] = Field(min_length=1, max_length=2000)

    def question(self, question_id: str) -> Question | None:
        """Return the entry with this id, or None."""
        return next((q for q in self.questions if q.id == question_id), None)


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording on disk: mono, 16 bits, WAV or FLAC. Its length counts frames, not the clock."""

    path: Path
    sample_rate_hz: int
    frames: int
    gap_ms: int = 0
    """Sound the device failed to deliver, by frames counted against the clock."""

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.frames / self.sample_rate_hz


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word on the recording's own clock."""

    text: str
    start_s: float
    end_s: float
    probability: float
    """The recogniser's own, 0 to 1; 1.0 for words typed by hand."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of speech in a clip, seconds from its start."""

    start_s: float
    end_s: float


UNSURE_WORD = 0.6
"""Probability below which a recognised word is doubted."""
BY_HAND = ("typed", "corrected")
"""Engines of texts that a person wrote: no recogniser knows better."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said, and who says so.

    `engine` is "whisper", "pocketsphinx", "typed" or "corrected"; `model` the weights.
    `rough` marks text of the built-in recogniser, to be written again with Whisper.
    """

    text: str
    words: tuple[Word, ...] = ()
    speech: tuple[Span, ...] = ()
    engine: str = "typed"
    model: str = ""
    rough: bool = False
    by_energy: bool = False
    """Whether the edges of `speech` were laid by how loud the sound is; else they are the detector's own."""

    @property
    def heard(self) -> bool:
        """Whether there is any word in it."""
        return any(c.isalnum() for c in self.text)

    @property
    def by_hand(self) -> bool:
        """Whether a person wrote it or put it right."""
        return self.engine in BY_HAND

    @property
    def doubt(self) -> float:
        """The share of its words that are probably not what was said, 0 to 1; typed words are certain."""
        unsure = [1.0 - w.probability for w in self.words if w.probability < UNSURE_WORD]
        return sum(unsure) / len(self.words) if self.words else 0.0


class Coverage(Enum):
    """How far a key point was mentioned."""

    COVERED = "covered"
    PARTLY = "partly"
    MISSED = "missed"
    CONTRADICTED = "contradicted"
    """Said the wrong way round, as the contradiction judge takes it; never counted."""


@dataclass(frozen=True, slots=True)
class PointResult:
    """One key point judged: its state and the sentence that came nearest to it."""

    text: str
    coverage: Coverage
    similarity: float
    """0 to 1, as `core.scoring` defines it; never shown to the user."""
    evidence: str
    """The sentence of the answer that came nearest; empty when nothing was said."""
    words: tuple[int, int] = (0, 0)
    """Where the evidence stands among the answer's words split at whitespace: first, and one past the last."""
    confirmed: bool = False
    """Whether the judge takes it as said rightly; a point without that was "mentioned" at most."""
    doubted: bool = False
    """Whether it is "partly" only because the judge doubts it: its words alone would have covered it."""


@dataclass(frozen=True, slots=True)
class FiredGate:
    """Something that lowered a score: what it is called, the factor 0 to 1, and a sentence for the user."""

    kind: str
    factor: float
    note: str


@dataclass(frozen=True, slots=True)
class Score:
    """A judged answer. `value` is 0 to 100 and lies between `low` and `high`."""

    value: float
    label: str
    points: tuple[PointResult, ...]
    gates: tuple[FiredGate, ...] = ()
    recipe: str = ""
    """What made it, as JSON: version of the formula, hashes of the models, calibration, thresholds."""
    low: float | None = None
    """Four of five answers that people graded alike lie between `low` and `high`; None in old scores."""
    high: float | None = None
    next_step: str = ""
    """What the next better label would need; empty for the best."""
    coverage_only: bool = False
    """There is no single right answer: `value` is the share of points mentioned, and no score is shown."""

    @property
    def notes(self) -> tuple[str, ...]:
        """The sentences of the gates."""
        return tuple(gate.note for gate in self.gates)

    @property
    def shown(self) -> int:
        """The value in steps of five: recognition alone moves it by that much."""
        return in_steps(self.value)

    @property
    def shown_range(self) -> tuple[int, int] | None:
        """The range in steps of five, outwards; None where nobody measured it."""
        if self.low is None or self.high is None:
            return None
        return int(self.low // 5) * 5, -int(-self.high // 5) * 5


def in_steps(value: float) -> int:
    """Return a score of 0 to 100 as people see it: the nearest multiple of five."""
    return int(value / 5 + 0.5) * 5


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence between two stretches of speech."""

    start_s: float
    end_s: float

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class Delivery:
    """How an answer sounded: observables only."""

    words: int
    talk_s: float
    """From the first spoken sound to the last."""
    first_word_s: float
    """From the start of the recording to the first spoken sound."""
    pace_wpm: float | None
    """Words a minute between first and last sound; None under five seconds of talk."""
    fillers: int
    """At least this many: recognisers leave fillers out."""
    hedges: int
    ambiguous: int
    """"like", "so", "right": may be fillers, may not."""
    pauses: tuple[Pause, ...]
    """Silences inside the talk of a second and more, in order."""
    silences: tuple[Pause, ...] = ()
    """Silences inside the talk of a quarter of a second and more, `pauses` among them; this and what follows
    is empty in deliveries measured before revision 0004."""
    asides: tuple[Aside, ...] = ()
    """Each filler, hedge and repetition, in order."""
    pace: tuple[PacePoint, ...] = ()
    """The pace in the course of the answer; empty where words have no times."""
    longest_run: Span | None = None
    """The longest stretch of talk without a counted pause."""
    edges: Edges = Edges.VOICE
    """What told where speech begins and ends: how exact every time here is."""
    doubt: float = 0.0
    """The share of the words that are probably not what was said, 0 to 1."""

    @property
    def fillers_per_min(self) -> float | None:
        """Fillers a minute of talk; None where there is too little talk to say."""
        return self.fillers * 60.0 / self.talk_s if self.talk_s >= 5.0 else None

    @property
    def pauses_per_min(self) -> float | None:
        """Counted pauses a minute of talk; None where there is too little talk to say."""
        return len(self.pauses) * 60.0 / self.talk_s if self.talk_s >= 5.0 else None

    @property
    def speaking_s(self) -> float:
        """The talk without its silences; longer in old deliveries, whose short silences are not known."""
        return self.talk_s - sum(p.seconds for p in self.silences or self.pauses)

    @property
    def repeats(self) -> int:
        """How often words were said twice on end."""
        return sum(a.kind is AsideKind.REPEAT for a in self.asides)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer to one question: append-only, but for the user's note and star. A retake is another attempt."""

    id: str
    session_id: str
    question_id: str
    position: int
    """Place of the question in the session, from 0."""
    created: datetime
    clip: Clip | None = None
    transcript: Transcript | None = None
    score: Score | None = None
    delivery: Delivery | None = None
    follow_up: str = ""
    """The follow-up question that it answers; empty when it answers the question itself."""
    asked: str = ""
    """The question of the bank as it was asked; empty in answers kept before revision 0004, and in recovered ones."""
    topic: str = ""
    """Its topic in the bank; empty where `asked` is."""
    note: str = ""
    """What the user wrote beside it; changes."""
    starred: bool = False
    """Whether the user marked it; changes."""


class Mode(Enum):
    """Two policies over one machine."""

    PRACTICE = "practice"
    """Feedback after each answer."""
    INTERVIEW = "interview"
    """Feedback only at the end."""


@dataclass(frozen=True, slots=True)
class Session:
    """One interview."""

    id: str
    created: datetime
    bank_title: str
    mode: Mode
    question_ids: tuple[str, ...]
    finished: datetime | None = None
    attempts: tuple[Attempt, ...] = field(default=())
    came: datetime | None = None
    """When it came from elsewhere, by the clock of this computer; None for one that was held here."""

    def said_before(self, attempt: Attempt) -> str:
        """Return the text of the answer that an answer to a follow-up goes on from, else ""."""
        if not attempt.follow_up:
            return ""
        texts = [
            a.transcript.text
            for a in self.attempts
            if a.position == attempt.position and not a.follow_up and a.created < attempt.created and a.transcript
        ]
        return texts[-1] if texts else ""
