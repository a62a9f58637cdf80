"""Writes an answer down while it is spoken, with any recogniser that can write a piece of it down.

When the candidate stops, only the last piece is left to do.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from time import monotonic
from typing import NamedTuple, Protocol

from interviewer.core.energy import sharpened
from interviewer.core.models import Span, Transcript, Word
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray
from interviewer.engines import heap
from interviewer.engines.cutting import Cutter, Detector, Piece, Rule
from interviewer.engines.levels import LevelMeter
from interviewer.engines.segment_silero import SileroDetector

log = logging.getLogger(__name__)

MAX_TERMS = 15


class Spoken(NamedTuple):
    """One word of a piece."""

    text: str
    """As it stands in the text, with the blank before it if there is one."""
    start_s: float
    """From the beginning of the piece."""
    end_s: float
    probability: float
    """The recogniser's own, 0 to 1."""


class Scribe(Protocol):
    """Writes one piece of an answer down."""

    engine: str
    """What `Transcript.engine` says."""
    model: str
    rough: bool
    rule: Rule
    """How it wants answers cut."""

    def prime(self, terms: Sequence[str]) -> None:
        """Begin an answer in which these terms may be said."""
        ...

    def write(self, samples: FloatArray, speech: Sequence[Span]) -> Iterable[Spoken]:
        """Write down float32, mono, MODEL_RATE_HZ; `speech` is where somebody speaks, from its beginning.

        The same sound gives the same words. Raises EngineError when the model failed.
        """
        ...

    def warm_up(self) -> None:
        """Do at leisure what the first piece would have to wait for."""
        ...


class StreamingTranscriber:
    """A `ports.Transcriber`. Not thread-safe; `feed` blocks while a piece is written down.

    Raises ModelMissing when the speech detector is not installed.
    """

    def __init__(self, scribe: Scribe, detector: Detector | None = None) -> None:
        self.scribe = scribe
        self._cutter = Cutter(detector or SileroDetector(), scribe.rule)
        self._words: list[Word] = []
        self._text = ""
        self._speech: list[Span] = []
        self._levels = LevelMeter()
        self._fed = 0
        self._took_s = 0.0

    @property
    def text(self) -> str:
        """What is written down so far: it lags behind the voice by a piece."""
        return self._text.strip()

    def warm_up(self) -> None:
        """Do at leisure what the first answer would have to wait for."""
        self.scribe.warm_up()

    def begin(self, terms: Sequence[str]) -> None:
        """Start an answer; `terms` beyond the fifteenth are left out."""
        self._cutter.begin()
        self._words, self._text, self._speech = [], "", []
        self._levels = LevelMeter()
        self._fed, self._took_s = 0, 0.0
        self.scribe.prime(tuple(filter(None, (term.strip() for term in terms)))[:MAX_TERMS])

    def feed(self, samples: FloatArray) -> None:
        """Take more of the answer, and write down the pieces that it completes. Raises EngineError."""
        self._fed += len(samples)
        self._levels.add(samples)
        for piece in self._cutter.feed(samples):
            self._write(piece)

    def finish(self) -> Transcript:
        """Write down what is left and return the whole. Raises EngineError when the model fails.

        Where somebody speaks is the detector's word, with edges by loudness where the voice rises above the room.
        """
        for piece in self._cutter.finish():
            self._write(piece)
        seconds = self._fed / MODEL_RATE_HZ
        log.info("wrote %.1f s of sound down in %.1f s of work", seconds, self._took_s)
        heap.trim()  # about 10 ms
        scribe, speech = self.scribe, joined(self._speech)
        sharp = sharpened(speech, self._levels.finish())
        return Transcript(
            self.text,
            tuple(self._words),
            speech if sharp is None else sharp,
            scribe.engine,
            scribe.model,
            scribe.rough,
            by_energy=sharp is not None,
        )

    def _write(self, piece: Piece) -> None:
        began_s = monotonic()
        speech = tuple(Span(s.start_s - piece.start_s, s.end_s - piece.start_s) for s in piece.speech)
        self._speech += piece.speech
        gap = " "  # between pieces, where the recogniser may begin without a blank
        for spoken in self.scribe.write(piece.samples, speech):
            word = _on_clock(spoken, piece)
            if word.text and piece.first_s <= (word.start_s + word.end_s) / 2 < piece.last_s:
                self._text += gap + spoken.text.lstrip() if gap else spoken.text
                self._words.append(word)
                gap = ""
        self._took_s += monotonic() - began_s


def _on_clock(spoken: Spoken, piece: Piece) -> Word:
    """Return a word on the recording's clock: alignment may end one before it starts, or beyond the sound."""
    start_s = min(piece.start_s + max(spoken.start_s, 0.0), piece.end_s)
    end_s = min(max(piece.start_s + spoken.end_s, start_s), piece.end_s)
    return Word(spoken.text.strip(), start_s, end_s, min(max(spoken.probability, 0.0), 1.0))


def joined(speech: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans in order with those that touch made one: a cut in running speech is no pause."""
    found: list[Span] = []
    for span in speech:
        if found and span.start_s <= found[-1].end_s:
            found[-1] = Span(found[-1].start_s, max(found[-1].end_s, span.end_s))
        else:
            found.append(span)
    return tuple(found)
