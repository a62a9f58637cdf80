"""Writes speech down with PocketSphinx: the recogniser that is always there.

Its English model comes with its package, so that a first interview needs no download. About
one word in five is wrong on clear read speech, more on jargon: its transcripts are marked
rough, to be written again once Whisper's weights are on the machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from interviewer.core.errors import EngineError, ModelMissing
from interviewer.core.models import Span
from interviewer.core.ports import FloatArray
from interviewer.engines.cutting import Rule
from interviewer.engines.streaming import Spoken

MODEL = "en-us"
RULE = Rule(longest_s=29.0, pauses=((0.0, 0.6),))
"""Each pause ends a sentence. On 26 clips of read speech (461 words, six variations of volume and padding)
a pause of 0.4 s gave 23.4 % wrong words, 0.6 s and 0.8 s 22.3 %."""
FRAMES_PER_S = 100

# "read(2)" is the second way to say "read"; "<sil>", "[NOISE]" and "++BREATH++" are no words.
_VARIANT = re.compile(r"\(\d+\)$")
_NO_WORD = re.compile(r"^(<.*>|\[.*\]|\+\+.*\+\+)$")


class PocketSphinxScribe:
    """A `streaming.Scribe`. Not thread-safe; loading takes about half a second and 100 MB.

    Raises ModelMissing when the package or its English model is not there.
    """

    engine = "pocketsphinx"
    model = MODEL
    rough = True
    rule = RULE

    def __init__(self) -> None:
        self._decoder = _load_decoder()

    def warm_up(self) -> None:
        """Nothing to warm up."""

    def prime(self, terms: Sequence[str]) -> None:  # noqa: ARG002 - its dictionary has no jargon to prefer
        """Begin an answer."""
        # Forget the noise of the last recording: the same sound is to give the same text.
        self._decoder.reinit_feat()

    def write(self, samples: FloatArray, speech: Sequence[Span]) -> list[Spoken]:  # noqa: ARG002 - it was cut to it
        """Write a piece down as a sentence. Raises EngineError when the decoder fails."""
        pcm = np.rint(np.clip(samples, -1.0, 1.0) * 32767).astype("<i2").tobytes()
        try:
            self._decoder.start_utt()
            try:
                # The whole piece at once: its mean spectrum is taken from all of it.
                self._decoder.process_raw(pcm, full_utt=True)
            finally:
                self._decoder.end_utt()
            return _as_sentence(list(_words(self._decoder.seg())))
        except RuntimeError as exc:
            raise EngineError("The built-in recogniser failed") from exc


def _words(segments: Iterable[Any] | None) -> Iterator[Spoken]:
    for segment in segments or ():
        if not _NO_WORD.match(segment.word):
            # A frame's number is where it starts; the word goes on to the end of its last one.
            start_s, end_s = segment.start_frame / FRAMES_PER_S, (segment.end_frame + 1) / FRAMES_PER_S
            yield Spoken(_VARIANT.sub("", segment.word), start_s, end_s, float(segment.prob))


def _as_sentence(words: list[Spoken]) -> list[Spoken]:
    """Give the words a capital and a full stop, which the recogniser knows nothing of."""
    texts = ["I" + w.text[1:] if w.text == "i" or w.text.startswith("i'") else w.text for w in words]
    if texts:
        texts[0] = texts[0][0].upper() + texts[0][1:]
        texts[-1] += "."
    return [w._replace(text=f" {text}") for text, w in zip(texts, words, strict=True)]


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
