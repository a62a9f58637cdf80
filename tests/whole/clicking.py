"""A kept answer in the real window, whose words are clicked, and an ear at the loudspeakers of the sound server.

The words of the answer are pieces of recorded speech that were put where they are, so that
their times are known and none sounds like another. Between them is noise, of which no stretch is like another
either: sound that begins before its word is heard as that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import numpy as np
import soundfile
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest

from interviewer import app
from interviewer.core import settings
from interviewer.core.errors import InterviewerError
from interviewer.core.models import Attempt, Clip, Mode, Session, Span, Transcript, Word
from interviewer.demo import bank_of, recorded_answers
from interviewer.engines.sound_file import read_sound
from interviewer.gui.widgets.player_bar import Playing
from interviewer.store.opening import open_store
from tests import sound_server

RATE_HZ = sound_server.RATE_HZ
WORD_S = 0.4
LOUD = 0.01
"""What stands out from a silent sink; a word, and the noise before it, begins with at least that at once."""
NOISE = 0.03
"""The noise between the words, as RMS."""
ALIKE = 0.8
"""What is heard is at least so like (normalised correlation) the place in the recording that it is taken for."""
SESSION, ATTEMPT = "20260604-183000-abc123", "20260604-183000-abc123-01-0002"
NOON = datetime(2026, 6, 4, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of one click: how far from its word the sound began, and how long after the click."""

    off_ms: float
    latency_ms: float


@dataclass(frozen=True)
class Kept:
    """A recording whose words are known."""

    path: Path
    samples: np.ndarray
    words: tuple[Word, ...]


def spoken(path: Path, count: int, seconds: float) -> Kept:
    """Write a FLAC of so many words in so many seconds, at the rate of the sound server."""
    source = np.concatenate([read_sound(a.file, rate_hz=RATE_HZ) for a in recorded_answers()])
    length = round(WORD_S * RATE_HZ)
    pieces = source[: len(source) // length * length].reshape(-1, length)
    # Those that begin with sound: else a word would begin later than it says.
    begins = np.sqrt((pieces[:, : length // 20] ** 2).mean(axis=1))
    pieces = pieces[begins > 5 * LOUD]
    chosen = pieces[np.linspace(0, len(pieces) - 1, count).astype(int)]
    samples = np.random.default_rng(1).normal(0.0, NOISE, round(seconds * RATE_HZ)).astype(np.float32)
    words = []
    for number, piece in enumerate(chosen):
        # Uneven, so that one word cannot be taken for its neighbour by its place.
        start = round((0.5 + number * (seconds - 1.5) / count + 0.013 * (number % 7)) * RATE_HZ)
        samples[start : start + length] = piece
        words.append(Word(f"word{number:02d}", start / RATE_HZ, start / RATE_HZ + WORD_S, 0.99))
    soundfile.write(path, samples, RATE_HZ)
    return Kept(path, read_sound(path, rate_hz=RATE_HZ), tuple(words))


def keep(data: Path, count: int, seconds: float) -> Kept:
    """Keep an answer of such a recording in a data folder."""
    settings.save(data, settings.Settings())
    store = open_store(data, told=_never)
    question = bank_of(recorded_answers()).questions[0]
    store.begin_session(Session(SESSION, NOON, "Bank", Mode.PRACTICE, (question.id,)))
    kept = spoken(store.clip_path(SESSION, ATTEMPT).with_suffix(".flac"), count, seconds)
    clip = Clip(kept.path, RATE_HZ, len(kept.samples))
    store.add_attempt(Attempt(ATTEMPT, SESSION, question.id, 0, NOON, clip))
    text = " ".join(word.text for word in kept.words)
    spans = tuple(Span(word.start_s, word.end_s) for word in kept.words)
    store.add_transcript(ATTEMPT, Transcript(text, kept.words, spans, "whisper", "base.en", False))
    store.finish_session(SESSION, NOON)
    store.close()
    return kept


@contextmanager
def reviewed(data: Path) -> Iterator[app.Running]:
    """Show the review of the answer in the real window, with real devices and without models."""
    running = app.compose(data, app.real_devices, bank=bank_of(recorded_answers()))
    window = running.window
    window.resize(1280, 900)
    window.show()
    window.open_review(ATTEMPT)
    view = window.shelf.review.view
    try:
        spin(lambda: bool(view.transcript.toPlainText()) and view.player.isVisible())
        yield running
    finally:
        window.close()
        running.close()


def click(running: app.Running, kept: Kept, number: int, ear: sound_server.Ear) -> Heard:
    """Click on a word in silence, wait until it is heard, and say where and when its sound began."""
    before = len(ear.heard())
    clicked_s = _press(running, kept.words[number])
    spin(lambda: onset(ear.heard()[before:]) is not None)
    first = onset(ear.heard()[before:])
    assert first is not None
    latency_s = ear.arrival_s(before + first) - clicked_s
    spin(lambda: len(ear.heard()) > before + first + WORD_S * RATE_HZ)
    return Heard(off_s(kept, number, ear.heard()[before:]) * 1000, latency_s * 1000)


def off_s(kept: Kept, number: int, heard: np.ndarray) -> float:
    """Return how far from a word the sound begins that is heard after silence, in seconds; negative when before it.

    AssertionError when nothing is heard, or nothing of the recording.
    """
    first = onset(heard)
    assert first is not None, "nothing is heard"
    return place(kept.samples, heard[first : first + round(WORD_S * RATE_HZ * 0.8)]) - kept.words[number].start_s


def follow(running: app.Running, kept: Kept, number: int, ear: sound_server.Ear) -> float:
    """Click on a word while another one sounds, and return how long after the click it began, in milliseconds."""
    word = kept.words[number]
    start = round(word.start_s * RATE_HZ)
    expected = kept.samples[start : start + round(WORD_S * RATE_HZ)]
    before = len(ear.heard())
    clicked_s = _press(running, word)
    spin(lambda: len(ear.heard()) > before + 2 * WORD_S * RATE_HZ)
    return (ear.arrival_s(before + round(place(ear.heard()[before:], expected) * RATE_HZ)) - clicked_s) * 1000


def _press(running: app.Running, word: Word) -> float:
    """Click on a word, and return when, by time.monotonic."""
    review = running.window.shelf.review
    view = review.view.transcript
    review.scroller.ensureWidgetVisible(view)
    spot = view.cursorRect(view.document().find(word.text)).center()
    spot.setX(spot.x() - 6)  # the cursor stands behind the word
    clicked_s = monotonic()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    return clicked_s


def silence(running: app.Running, ear: sound_server.Ear) -> None:
    """Stop what plays and wait until nothing is heard any more."""
    bar = running.window.shelf.review.view.player
    bar.stop()
    assert bar.playing is Playing.STOPPED
    spin(lambda: not np.any(np.abs(ear.heard()[-RATE_HZ // 5 :]) > LOUD))


def spin(ready: Callable[[], bool], timeout_s: float = 20.0) -> None:
    """Let the window live until something is so.

    In a loop that waits: one that asks without a pause keeps the interpreter from the threads that read and play,
    and a file that is read in 0.2 s takes two.
    """
    until_s = monotonic() + timeout_s
    while not ready():
        assert monotonic() < until_s, "it did not come in time"
        loop = QEventLoop()
        QTimer.singleShot(1, loop.quit)
        loop.exec()


def onset(heard: np.ndarray) -> int | None:
    """Return the first sample that is no silence."""
    loud = np.flatnonzero(np.abs(heard) > LOUD)
    return int(loud[0]) if loud.size else None


def place(samples: np.ndarray, heard: np.ndarray) -> float:
    """Return the second of the recording at which `heard` begins, by correlation.

    AssertionError when no place in it is like that.
    """
    size = 1 << (len(samples) + len(heard)).bit_length()
    alike = np.fft.irfft(np.fft.rfft(samples, size) * np.conj(np.fft.rfft(heard, size)), size)
    sums = np.concatenate([[0.0], np.cumsum(np.pad(samples, (0, len(heard))).astype(np.float64) ** 2)])
    # By the loudness of each place: else the loudest word is like everything.
    loud = np.sqrt(sums[len(heard) : len(heard) + len(samples)] - sums[: len(samples)]) + LOUD
    likeness = alike[: len(samples)] / loud / (np.sqrt(np.sum(heard.astype(np.float64) ** 2)) + LOUD)
    best = int(np.argmax(likeness))
    assert likeness[best] >= ALIKE, f"what is heard is not in the recording: {likeness[best]:.2f}"
    return best / RATE_HZ


def _never(error: InterviewerError) -> None:
    raise error
