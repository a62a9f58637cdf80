"""Made-up banks, answers and devices; the stand-ins for what `app` hands to the window stand each in a file beside."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from interviewer.core.delivery import measure
from interviewer.core.models import (
    Attempt,
    Bank,
    Clip,
    Coverage,
    FiredGate,
    KeyPoint,
    Mode,
    PointResult,
    Question,
    Score,
    Session,
    Span,
    Transcript,
    Word,
)
from interviewer.core.ports import Device, Voice
from interviewer.workers.status import DeviceList

NOW = datetime(2026, 6, 4, 18, 30, tzinfo=UTC)

_LONG = (
    "Your handlers all need a database session and the current user. How do you give them both without "
    "repeating yourself, and what does the framework do for you between the request and the handler?"
)
_QUESTIONS = (
    ("async-operations", "Concurrency", "When would you write a handler with async def, and when with plain def?"),
    (
        "dependency-injection",
        "Design",
        _LONG,
    ),
    ("angle-brackets", "Markup", "Explain the difference between <div> and <span> & when <b>neither</b> will do."),
    ("background-tasks", "Operations", "What are background tasks good for, and when do you need a queue instead?"),
    ("testing", "Quality", "How do you test an endpoint that talks to a payment provider?"),
)
_POINTS = (
    ("async def runs on the event loop and must never block it.", "What happens when a call blocks the loop?"),
    ("Plain def handlers run in a pool of threads.", "Where does a plain function run?"),
    ("Awaiting lets other requests make progress meanwhile.", "What do other requests do while you await?"),
    ("The gain is for input and output, not for heavy computation.", "Does it help with number crunching?"),
    ("A blocking library belongs in a plain def handler or a thread.", "Where would you put a blocking driver?"),
)
_EXAMPLE = (
    "I use async def when everything the handler waits for can be awaited: an HTTP call, an asynchronous database "
    "driver. Then the event loop serves other requests meanwhile. If the library blocks, I write a plain def, and the "
    "framework runs it in a thread pool, so that nobody else is held up. The mistake to avoid is a blocking call "
    "inside async def, because it stops every request in the process. None of this makes heavy computation faster."
)
_SAID = (
    "So um I would use async def when the handler waits for something that can be awaited like a call to another "
    "service because then other requests can go on meanwhile you know and uh if I call a library that blocks then "
    "I would use a plain function that runs in a thread pool and all of that makes the number crunching faster too"
)


def bank() -> Bank:
    """A small bank; one question is full of markup."""
    questions = tuple(
        Question(
            id=slug,
            topic=topic,
            difficulty=2,
            question=text,
            background="What a strong candidate knows about this.",
            guidance="Lead with the rule, then give one example.",
            example_answer=_EXAMPLE,
            key_points=tuple(KeyPoint(text=point, follow_up=ask) for point, ask in _POINTS),
        )
        for slug, topic, text in _QUESTIONS
    )
    return Bank(
        schema_version=1,
        title="Questions for an API developer",
        role="Designs, builds and runs web APIs in Python: type hints, validation, asynchronous work, data stores.",
        questions=questions,
    )


def clip(seconds: float = 42.0, path: Path = Path("/nowhere/answer.wav")) -> Clip:
    return Clip(path, 16_000, int(seconds * 16_000))


def transcript(*, rough: bool = False, text: str = _SAID) -> Transcript:
    """Timed words at 140 a minute with pauses of 1.4 and 3.1 seconds."""
    words: list[Word] = []
    spans: list[Span] = []
    at, since = 0.6, 0.6
    for place, word in enumerate(text.split()):
        if place in (12, 30):
            spans.append(Span(since, at))
            at += 1.4 if place == 12 else 3.1
            since = at
        words.append(Word(word, at, at + 0.36, 0.9))
        at += 0.43
    spans.append(Span(since, at))
    engine, model = ("pocketsphinx", "en-us") if rough else ("whisper", "base.en")
    return Transcript(text, tuple(words), tuple(spans), engine, model, rough)


def score(value: float = 63.0, label: str = "Solid") -> Score:
    """One point of each state; a range of ten points to either side."""
    found = (
        (Coverage.COVERED, "I would use async def when the handler waits for something that can be awaited"),
        (Coverage.COVERED, "I would use a plain function that runs in a thread pool"),
        (Coverage.PARTLY, "then other requests can go on meanwhile"),
        (Coverage.CONTRADICTED, "all of that makes the number crunching faster too"),
        (Coverage.MISSED, ""),
    )
    points = tuple(
        PointResult(text, state, 0.4, evidence, _place(evidence), confirmed=place == 1)
        for place, ((text, _), (state, evidence)) in enumerate(zip(_POINTS, found, strict=True))
    )
    gates = (FiredGate("off_subject", 0.9, "Some of the answer has little to do with the question."),)
    low, high = max(0.0, value - 10), min(100.0, value + 10)
    step = "For Complete: say what the gain is for, and where a blocking library belongs."
    return Score(value, label, points, gates, '{"version":"test"}', low=low, high=high, next_step=step)


def open_score() -> Score:
    """What a question without a right answer gets."""
    points = tuple(replace(p, confirmed=False) for p in score().points if p.coverage is not Coverage.CONTRADICTED)
    return Score(50.0, "", points, recipe='{"version":"test"}', coverage_only=True)


def _place(evidence: str) -> tuple[int, int]:
    """Where words stand in what was said."""
    said, words = _SAID.split(), evidence.split()
    first = next(i for i in range(len(said)) if said[i : i + len(words)] == words)
    return first, first + len(words)


def attempt(place: int = 0, *, when: datetime = NOW, value: float = 63.0, label: str = "Solid") -> Attempt:
    said = transcript()
    return Attempt(
        id=f"20260604-183000-abc123-{place + 1:02d}-{place + 2:04d}",
        session_id="20260604-183000-abc123",
        question_id=_QUESTIONS[place][0],
        position=place,
        created=when + timedelta(minutes=2 * place),
        clip=clip(),
        transcript=said,
        score=score(value, label),
        delivery=measure(said, 42.0),
    )


def session(session_id: str = "20260604-183000-abc123", *, when: datetime = NOW) -> Session:
    judged = ((82.0, "Complete"), (63.0, "Solid"), (41.0, "Partial"), (12.0, "Thin"))
    attempts = tuple(
        replace(attempt(place, when=when, value=value, label=label), session_id=session_id)
        for place, (value, label) in enumerate(judged)
    )
    ids = tuple(slug for slug, _, _ in _QUESTIONS)
    return Session(session_id, when, bank().title, Mode.PRACTICE, ids, when + timedelta(minutes=12), attempts)


def devices() -> DeviceList:
    microphones = (Device("USB microphone", 48_000, True), Device("Headset", 16_000, False))
    voices = (Voice("en-gb", "English (Great Britain)", "en-GB"), Voice("de", "German", "de"))
    return DeviceList(microphones, (Device("Built-in loudspeaker", 48_000, True),), voices)
