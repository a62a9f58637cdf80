"""Which engine does what on this machine, how to make it, and why one is missing.

Looking costs no import of torch, so the window and `doctor` may look too; what is found is
made only when the returned factory is called.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from interviewer.core.errors import ModelMissing
from interviewer.core.paths import WHISPER_MODEL_VARIABLE
from interviewer.core.ports import Scorer, Transcriber
from interviewer.engines import embed_sentence, whisper_files

Progress = Callable[[float], None]
"""Is told the part that is done, 0 to 1."""


class MakeTranscriber(Protocol):
    """Loads a recogniser; blocks for seconds. Raises ModelMissing and ModelCorrupt."""

    def __call__(self, *, progress: Progress | None = None) -> Transcriber:
        """Return it. Whisper tells no progress; the built-in one does."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that the product can use, for people to read."""

    name: str
    present: bool
    detail: str
    hint: str
    optional: bool = False
    """Whether everything works without it, if less well."""


def wanted_model(chosen: str) -> str:
    """Return the Whisper model to use: the environment's if it names one, else the chosen one."""
    return os.environ.get(WHISPER_MODEL_VARIABLE, "").strip() or chosen


def transcriber(model: str, data_dir: Path, *, language: str = "en") -> MakeTranscriber:
    """Return how to make the best recogniser there is.

    That is Whisper where the weights named by `model` (or by the environment) are found, else
    the built-in PocketSphinx: everybody starts without the published weights. Weights that
    are there but damaged are an error when loaded, and a file of the user's own that is not
    there is one at once: no reasons to fall back unnoticed. Raises ModelMissing for that, and
    when there is neither recogniser.
    """
    wanted = wanted_model(model).strip()
    try:
        weights = whisper_files.find(wanted, data_dir)
    except ModelMissing:
        if not whisper_files.published(wanted):
            raise
        weights = None
    if weights is not None and _installed("whisper"):
        return partial(_whisper, weights, whisper_files.expected_hash(weights, data_dir), language)
    return built_in()


def built_in() -> MakeTranscriber:
    """Return how to make the recogniser that needs no weights. Raises ModelMissing when it is not installed."""
    if not _installed("pocketsphinx"):
        raise ModelMissing("There is no speech recogniser on this machine")
    return _pocketsphinx


def scorer() -> Scorer:
    """Return the scorer with its model loaded; blocks for seconds. Raises ModelMissing and ModelCorrupt."""
    from interviewer.core.scoring import MeaningScorer

    embedder = embed_sentence.MiniLmEmbedder()
    return MeaningScorer(embedder.encode, model_hash=embedder.model_hash)


def describe(model: str, data_dir: Path) -> tuple[Part, ...]:
    """Look at every model that the product can use. Never raises, loads nothing."""
    return (
        _whisper_part(model, data_dir),
        _package_part(
            "built-in recogniser",
            "pocketsphinx",
            "PocketSphinx, English; its transcripts are rough",
            optional=_whisper_part(model, data_dir).present,
        ),
        _package_part("speech detector", "silero_vad", "Silero VAD"),
        _embedder_part(),
    )


def _whisper(weights: Path, sha256: str | None, language: str, *, progress: Progress | None = None) -> Transcriber:
    from interviewer.engines.hear_whisper import WhisperTranscriber

    del progress  # the whisper package tells none
    return WhisperTranscriber(weights, sha256=sha256, language=language)


def _pocketsphinx(*, progress: Progress | None = None) -> Transcriber:
    from interviewer.engines.hear_pocketsphinx import PocketSphinxTranscriber

    return PocketSphinxTranscriber(progress=progress)


def _whisper_part(model: str, data_dir: Path) -> Part:
    name = "Whisper"
    if not _installed("whisper"):
        return Part(name, False, "the package is not installed", "pip install openai-whisper", optional=True)
    try:
        path = whisper_files.find(wanted_model(model), data_dir)
    except ModelMissing as error:
        return Part(name, False, str(error), f"{error.hint} Until then transcripts are rough.", optional=True)
    return Part(name, True, str(path), "", optional=True)


def _package_part(name: str, package: str, detail: str, *, optional: bool = False) -> Part:
    if _installed(package):
        return Part(name, True, detail, "", optional)
    return Part(name, False, f"{package} is not installed", f"pip install {package.replace('_', '-')}", optional)


def _embedder_part() -> Part:
    name = "sentence model"
    if not _installed("sentence_transformers"):
        return Part(name, False, "sentence-transformers is not installed", "pip install sentence-transformers")
    try:
        embed_sentence.weights_file()
    except ModelMissing as error:
        return Part(name, False, str(error), error.hint)
    return Part(name, True, "all-MiniLM-L6-v2", "")


def _installed(package: str) -> bool:
    return find_spec(package) is not None
