"""A session to write out: spoken, typed, unfinished, with whatever a text can hold that means something elsewhere."""

from __future__ import annotations

import wave
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from interviewer.core.delivery import measure
from interviewer.core.models import (
    Attempt,
    Clip,
    Coverage,
    FiredGate,
    Mode,
    PointResult,
    Question,
    Score,
    Session,
    Span,
    Transcript,
    Word,
)
from interviewer.store.database import SqlStore

NOON = datetime(2026, 6, 4, 12, 30, 15, 123456, tzinfo=UTC)
RATE_HZ = 16_000
SAID = "So um it declares <b>shape</b> & checks it. It runs at start."
RIGHT_TO_LEFT = "النموذج يصف شكل البيانات."
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnungsüberwachungsbehörde"
NOTE = '=HYPERLINK("http://example.org")\n# no heading, <script>alert(1)</script>'


EARLIER = (
    (Transcript("Sew um it declares", engine="pocketsphinx", rough=True), None),
    (Transcript("So um it declares", engine="whisper"), Score(12.0, "Thin", (), recipe="meaning-1/53aa")),
)
"""Texts of the first answer that others took the place of."""


def nobody(_question_id: str) -> Question | None:
    return None


def recording(path: Path, seconds: float = 6.0, rate_hz: int = RATE_HZ) -> Clip:
    """A tone that begins with the first word and rests in the pause."""
    at = np.arange(int(seconds * rate_hz)) / rate_hz
    heard = ((at > 0.5) & (at < 3.0)) | (at > 4.5)
    samples = (np.where(heard, 0.3, 0.0) * np.sin(2 * np.pi * 220 * at) * 32767).astype("<i2")
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(samples.tobytes())
    return Clip(path, rate_hz, len(samples), gap_ms=3)


def transcript() -> Transcript:
    starts = (0.5, 0.7, 0.9, 1.1, 1.6, 2.1, 2.2, 2.6, 4.5, 4.7, 5.0, 5.2)
    words = tuple(Word(text, start_s, start_s + 0.2, 0.875) for text, start_s in zip(SAID.split(), starts, strict=True))
    return Transcript(SAID, words, (Span(0.5, 3.0), Span(4.5, 6.0)), "whisper", "base.en", by_energy=True)


def score() -> Score:
    points = (
        PointResult("A model declares shape", Coverage.COVERED, 0.1 + 0.2, "it declares <b>shape</b>", (2, 5), True),
        PointResult("It is checked", Coverage.PARTLY, 0.41, "& checks it.", (5, 8), doubted=True),
        PointResult("It runs at each request", Coverage.CONTRADICTED, 0.5, "It runs at start.", (8, 12)),
        PointResult("Errors name the field", Coverage.MISSED, 0.05, ""),
    )
    gates = (FiredGate("keywords", 1 / 3, "A note."),)
    recipe = '{"version":"meaning-3","thresholds":[0.1,1e-07]}'
    return Score(52.5, "Partial", points, gates, recipe, low=44.25, high=60.5, next_step="Say when it runs.")


def spoken(name: str, clip: Clip, position: int = 0) -> Attempt:
    said = transcript()
    return Attempt(
        id=name,
        session_id="s1",
        question_id="pydantic",
        position=position,
        created=NOON + timedelta(minutes=position),
        clip=clip,
        transcript=said,
        score=score(),
        delivery=measure(said, clip.seconds),
        asked="What does <Model> do?",
        topic="Pydantic",
        note=NOTE,
        starred=True,
    )


def typed(name: str, position: int = 1) -> Attempt:
    return Attempt(
        id=name,
        session_id="s1",
        question_id="gone-from-the-bank",
        position=position,
        created=NOON + timedelta(minutes=position),
        transcript=Transcript(f"{RIGHT_TO_LEFT} {LONG} done"),
        score=Score(50.0, "", score().points, recipe="meaning-1/53aa", coverage_only=True),
        follow_up="And then?",
    )


def session(folder: Path) -> Session:
    """Spoken, typed, and spoken but not written down, with recordings below `folder`."""
    first = spoken("s1-01-0002", recording(folder / "s1-01-0002.wav"))
    last = replace(
        *(spoken("s1-03-0006", recording(folder / "s1-03-0006.wav", 2.0), 2),),
        transcript=None,
        score=None,
        delivery=None,
        note="",
        starred=False,
    )
    ids = ("pydantic", "gone-from-the-bank", "testing")
    attempts = (first, typed("s1-02-0004"), last)
    return Session("s1", NOON, "FastAPI & more", Mode.PRACTICE, ids, NOON + timedelta(minutes=9), attempts)


def keep(data: Path) -> Session:
    """Put the session into the store of the data folder, and return it as it is kept."""
    store = SqlStore.open(data)
    try:
        store.add_session(session(data / "recordings" / "s1"), {"s1-01-0002": EARLIER})
        return store.session("s1")
    finally:
        store.close()
