"""Writes speech down with PocketSphinx: the recogniser that is always there.

Its English model comes with its package, so that a first interview needs no download. About
one word in five is wrong on clear read speech, more on jargon: its transcripts are marked
rough, to be written again once Whisper's weights are on the machine.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from interviewer.core.errors import EngineError, ModelMissing
from interviewer.core.models import Span, Transcript, Word
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray
from interviewer.engines.segment_silero import speech_spans

MODEL = "en-us"
PAD_S = 0.2
"""Sound kept around a stretch, so that no first or last consonant is cut."""
JOIN_GAP_S = 0.6
"""Stretches closer than this are one sentence. On 26 clips of read speech (461 words, six
variations of volume and padding) 0.4 s gave 23.4 % wrong words, 0.6 s and 0.8 s 22.3 %."""
LONGEST_JOINED_S = 30.0
"""Joining ends here, so that progress is seen and the search stays small."""
FRAMES_PER_S = 100

# "read(2)" is the second way to say "read"; "<sil>", "[NOISE]" and "++BREATH++" are no words.
_VARIANT = re.compile(r"\(\d+\)$")
_NO_WORD = re.compile(r"^(<.*>|\[.*\]|\+\+.*\+\+)$")


class PocketSphinxTranscriber:
    """A `ports.Transcriber`. Not thread-safe; loading takes about half a second and 100 MB.

    `progress` is told the part that is written down, 0 to 1. Raises ModelMissing when the
    package or its English model is not there.
    """

    def __init__(
        self,
        *,
        segment: Callable[[FloatArray], tuple[Span, ...]] = speech_spans,
        progress: Callable[[float], None] | None = None,
    ) -> None:
        self._segment = segment
        self._progress = progress
        self._decoder = _load_decoder()
        self._blocks: list[FloatArray] = []

    def warm_up(self) -> None:
        """Load the speech detector, which would otherwise cost the first answer some seconds."""
        self._segment(np.full(MODEL_RATE_HZ // 10, 1e-4, dtype=np.float32))

    def begin(self, terms: Sequence[str]) -> None:  # noqa: ARG002
        """Start an answer. Terms are not used: the search cannot be led towards phrases."""
        self._blocks.clear()

    def feed(self, samples: FloatArray) -> None:
        """Take a copy of more of the answer."""
        self._blocks.append(np.array(samples, dtype=np.float32))

    def finish(self) -> Transcript:
        """Write down what was fed: a sentence for each stretch of speech.

        Raises EngineError when the decoder fails.
        """
        samples = np.concatenate(self._blocks) if self._blocks else np.zeros(0, dtype=np.float32)
        self._blocks.clear()
        speech = self._segment(samples)
        sentences = []
        parts = stretches(speech, len(samples) / MODEL_RATE_HZ)
        # Forget the noise of the last recording: the same sound is to give the same text.
        self._decoder.reinit_feat()
        whole_s = sum(part.end_s - part.start_s for part in parts)
        done_s = 0.0
        for part in parts:
            sentences.append(_as_sentence(self._decode(samples, part)))
            done_s += part.end_s - part.start_s
            if self._progress is not None:
                self._progress(done_s / whole_s)
        words = tuple(word for sentence in sentences for word in sentence)
        text = " ".join(word.text for word in words)
        return Transcript(text, words, speech, engine="pocketsphinx", model=MODEL, rough=True)

    def _decode(self, samples: FloatArray, part: Span) -> list[Word]:
        cut = samples[round(part.start_s * MODEL_RATE_HZ) : round(part.end_s * MODEL_RATE_HZ)]
        pcm = np.rint(np.clip(cut, -1.0, 1.0) * 32767).astype("<i2").tobytes()
        try:
            self._decoder.start_utt()
            try:
                # The whole stretch at once: its mean spectrum is taken from all of it.
                self._decoder.process_raw(pcm, full_utt=True)
            finally:
                self._decoder.end_utt()
            return list(_words(self._decoder.seg(), part))
        except RuntimeError as exc:
            raise EngineError("The built-in recogniser failed") from exc


def stretches(speech: Sequence[Span], seconds: float) -> tuple[Span, ...]:
    """Join and pad spans of speech to what is decoded in one go.

    Padding never reaches into the neighbour nor past the recording, whose length is `seconds`.
    """
    joined: list[Span] = []
    for span in speech:
        last = joined[-1] if joined else None
        if last and span.start_s - last.end_s < JOIN_GAP_S and span.end_s - last.start_s <= LONGEST_JOINED_S:
            joined[-1] = Span(last.start_s, span.end_s)
        else:
            joined.append(span)
    before = [0.0, *((a.end_s + b.start_s) / 2 for a, b in itertools.pairwise(joined))]
    after = [*before[1:], seconds]
    return tuple(
        Span(max(low, span.start_s - PAD_S), min(high, span.end_s + PAD_S))
        for span, low, high in zip(joined, before, after, strict=False)
    )


def _words(segments: Iterable[Any] | None, part: Span) -> Iterable[Word]:
    for segment in segments or ():
        if _NO_WORD.match(segment.word):
            continue
        start_s = min(part.start_s + segment.start_frame / FRAMES_PER_S, part.end_s)
        # A frame's number is where it starts; the word goes on to the end of its last one.
        end_s = min(part.start_s + (segment.end_frame + 1) / FRAMES_PER_S, part.end_s)
        probability = min(max(float(segment.prob), 0.0), 1.0)
        yield Word(_VARIANT.sub("", segment.word), start_s, end_s, probability)


def _as_sentence(words: list[Word]) -> list[Word]:
    """Give the words a capital and a full stop, which the recogniser knows nothing of."""
    texts = ["I" + w.text[1:] if w.text == "i" or w.text.startswith("i'") else w.text for w in words]
    if texts:
        texts[0] = texts[0][0].upper() + texts[0][1:]
        texts[-1] += "."
    return [Word(text, w.start_s, w.end_s, w.probability) for text, w in zip(texts, words, strict=True)]


def _load_decoder() -> Any:
    hint = "Install it again: pip install --force-reinstall pocketsphinx"
    try:
        import pocketsphinx
    except ImportError as exc:
        raise ModelMissing("The built-in recogniser (pocketsphinx) is not installed", hint=hint) from exc
    folder = Path(pocketsphinx.get_model_path()) / MODEL
    try:
        return pocketsphinx.Decoder(
            hmm=str(folder / "en-us"),
            lm=str(folder / "en-us.lm.bin"),
            dict=str(folder / "cmudict-en-us.dict"),
            # The second pass takes more time and made it worse: 23.6 % of words were wrong instead of 22.3 %.
            fwdflat=False,
            loglevel="FATAL",
        )
    except (RuntimeError, ValueError) as exc:
        raise ModelMissing("The English model of pocketsphinx cannot be loaded", hint=hint) from exc
