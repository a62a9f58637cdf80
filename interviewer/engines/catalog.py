"""Which engine does what on this machine, how to make it, and why one is missing.

Looking costs no import of torch, so the window and `doctor` may look too; what is found is
made only when the returned factory is called.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from interviewer.core import paths
from interviewer.core.errors import EngineError, InterviewerError, ModelCorrupt, ModelMissing
from interviewer.core.paths import CALIBRATIONS_NAME, WHISPER_MODEL_VARIABLE
from interviewer.core.ports import Transcriber
from interviewer.core.settings import Engine, Hearing, Processor
from interviewer.engines import embed_sentence, judge_files, whisper_files
from interviewer.engines.faster_frames import INSTALL_HINT

if TYPE_CHECKING:
    from interviewer.core.scoring import MeaningScorer

USUAL = Hearing()
"""Folder of calibrations of the user's own, inside the data folder."""
MakeTranscriber = Callable[[], Transcriber]
"""Loads a recogniser; blocks for seconds. Raises ModelMissing and ModelCorrupt."""


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


def transcriber(model: str, data_dir: Path, *, language: str = "en", hearing: Hearing = USUAL) -> MakeTranscriber:
    """Return how to make the best recogniser there is.

    That is Whisper, in the chosen engine, where the weights named by `model` (or by the environment) are found, else
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
    if weights is None or not _installed("whisper"):
        return built_in()
    sha256 = whisper_files.expected_hash(weights, data_dir)
    if hearing.engine is Engine.FAST:
        return partial(_faster, weights, data_dir, sha256, language, hearing)
    return partial(_whisper, weights, sha256, language, hearing)


def transcriber_or_plain(
    model: str, data_dir: Path, *, language: str = "en", hearing: Hearing = USUAL
) -> tuple[Transcriber, InterviewerError | None]:
    """Return the recogniser loaded; where the faster engine cannot be used, plain Whisper, and why.

    Raises as `transcriber` and what it returns do where plain Whisper cannot be loaded either: what is wrong
    then is told first.
    """
    make = transcriber(model, data_dir, language=language, hearing=hearing)
    try:
        return make(), None
    except Exception as exc:
        # Whatever is wrong with an engine that is a matter of taste, answers are to be written down.
        if hearing.engine is Engine.WHISPER:
            raise
        unknown = EngineError(f"The faster engine failed ({type(exc).__name__})")
        error = exc if isinstance(exc, InterviewerError) else unknown
        try:
            plain = transcriber(model, data_dir, language=language, hearing=replace(hearing, engine=Engine.WHISPER))()
        except InterviewerError:
            raise exc from exc.__cause__
        problem = type(error)(str(error), hint=f"{error.hint} Until then plain Whisper is used.")
        problem.__cause__ = exc.__cause__ if error is exc else exc
        return plain, problem


def built_in() -> MakeTranscriber:
    """Return how to make the recogniser that needs no weights. Raises ModelMissing when it is not installed."""
    if not _installed("pocketsphinx"):
        raise ModelMissing("There is no speech recogniser on this machine")
    return _pocketsphinx


def scorer(model: str = "", data_dir: Path | None = None, *, calibrated: bool = True) -> MeaningScorer:
    """Return the scorer with its models loaded; blocks for seconds.

    `model` is another sentence model than the packaged one, `data_dir` where calibrations of
    the user's own are; what makes a calibration asks for none. Raises ModelMissing, ModelCorrupt and,
    for a damaged calibration, InputError.
    """
    from interviewer.core import calibration
    from interviewer.core.scoring import MeaningScorer
    from interviewer.engines.encoding_files import KeptEncodings
    from interviewer.engines.judge_pairs import PairJudge

    base = embed_sentence.MiniLmEmbedder()
    embedder = _other_embedder(model.strip()) if model.strip() else base
    judge = PairJudge(base.transformer, base.tokenizer)
    kept = KeptEncodings(embedder.encode, paths.cache_dir() / "encodings", model_hash=embedder.model_hash)
    return MeaningScorer(
        embedder.encode,
        calibration.read(calibration_file(embedder.model_hash, data_dir)) if calibrated else calibration.UNCALIBRATED,
        encode_texts=kept.encode,
        judge=judge.judge,
        model_hash=embedder.model_hash,
        judge_hash=judge.model_hash,
    )


def scorer_or_built_in(model: str, data_dir: Path) -> tuple[MeaningScorer, InterviewerError | None]:
    """Return the scorer; where the sentence model cannot be used, one with the packaged model, and why.

    Raises as `scorer` does where that one cannot be made either: what is wrong then is told first.
    """
    try:
        return scorer(model, data_dir), None
    except InterviewerError as error:
        if not model.strip():
            raise
        try:
            made = scorer("", data_dir)
        except InterviewerError:
            raise error from error.__cause__
        problem = type(error)(str(error), hint=f"{error.hint} Until then the built-in sentence model is used.")
        problem.__cause__ = error.__cause__
        return made, problem


def _other_embedder(model: str) -> embed_sentence.MiniLmEmbedder:
    """Load a sentence model of the user's own and try it. Raises ModelMissing and ModelCorrupt."""
    try:
        embedder = embed_sentence.MiniLmEmbedder(model)
        embedder.encode(["It can be used."])
    except ModelMissing:
        raise
    except Exception as exc:
        # Whatever somebody made may fail in any way; not every kind of model has word pieces to compare.
        hint = "Choose another sentence model, or leave the setting empty for the built-in one."
        raise ModelCorrupt(f"The sentence model “{model}” cannot be used", hint=hint) from exc
    return embedder


def sentence_hash(model: str) -> str:
    """Return what recipes and calibrations call a sentence model, without loading it.

    Raises ModelMissing when another model than the packaged one is not on this machine.
    """
    model = model.strip()
    return (embed_sentence.hash_of(embed_sentence.folder_of(model)) if model else embed_sentence.SHA256)[:12]


def own_calibration(model_hash: str, data_dir: Path) -> Path:
    """Return where the user's own calibration of a sentence model belongs."""
    return data_dir / CALIBRATIONS_NAME / f"{model_hash}.json"


def calibration_file(model_hash: str, data_dir: Path | None) -> Path:
    """Return the calibration of a sentence model: the user's own, else the one that ships."""
    own = own_calibration(model_hash, data_dir) if data_dir else None
    return own if own is not None and own.exists() else paths.asset("calibration.json")


def describe(
    model: str, data_dir: Path, *, sentence_model: str = "", engine: Engine = Engine.WHISPER
) -> tuple[Part, ...]:
    """Look at every model that the product can use. Never raises, loads nothing."""
    return (
        _whisper_part(model, data_dir),
        *_faster_part(engine),
        _package_part(
            "built-in recogniser",
            "pocketsphinx",
            "PocketSphinx, English; its transcripts are rough",
            optional=_whisper_part(model, data_dir).present,
        ),
        _package_part("speech detector", "silero_vad", "Silero VAD"),
        _embedder_part(),
        *_other_embedder_part(sentence_model.strip()),
        _judge_part(),
    )


def _whisper(weights: Path, sha256: str | None, language: str, hearing: Hearing) -> Transcriber:
    from interviewer.engines.hear_whisper import WhisperScribe
    from interviewer.engines.streaming import StreamingTranscriber

    device = "cpu" if hearing.processor is Processor.CPU else ""
    scribe = WhisperScribe(weights, sha256=sha256, language=language, fillers=hearing.fillers, device=device)
    return StreamingTranscriber(scribe)


def _faster(weights: Path, data_dir: Path, sha256: str | None, language: str, hearing: Hearing) -> Transcriber:
    # Asked for here too, so that no checkpoint is converted for nothing.
    if not _installed("faster_whisper"):
        raise ModelMissing("The faster engine is not installed", hint=INSTALL_HINT)
    from interviewer.engines.hear_faster import FasterScribe
    from interviewer.engines.streaming import StreamingTranscriber

    device = "cpu" if hearing.processor is Processor.CPU else "auto"
    scribe = FasterScribe(weights, data_dir, sha256=sha256, language=language, fillers=hearing.fillers, device=device)
    return StreamingTranscriber(scribe)


def _pocketsphinx() -> Transcriber:
    from interviewer.engines.hear_pocketsphinx import PocketSphinxScribe
    from interviewer.engines.streaming import StreamingTranscriber

    return StreamingTranscriber(PocketSphinxScribe())


def _whisper_part(model: str, data_dir: Path) -> Part:
    name = "Whisper"
    if not _installed("whisper"):
        return Part(name, False, "the package is not installed", "pip install openai-whisper", optional=True)
    try:
        path = whisper_files.find(wanted_model(model), data_dir)
    except ModelMissing as error:
        return Part(name, False, str(error), f"{error.hint} Until then transcripts are rough.", optional=True)
    return Part(name, True, str(path), "", optional=True)


def _faster_part(engine: Engine) -> tuple[Part, ...]:
    if engine is not Engine.FAST:
        return ()
    name = "faster engine"
    if _installed("faster_whisper"):
        return (Part(name, True, "faster-whisper", "", optional=True),)
    hint = f"{INSTALL_HINT} Until then plain Whisper is used."
    return (Part(name, False, "faster-whisper is not installed", hint, optional=True),)


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


def _other_embedder_part(model: str) -> tuple[Part, ...]:
    if not model:
        return ()
    name = "chosen sentence model"
    try:
        folder = embed_sentence.folder_of(model)
    except ModelMissing as error:
        hint = f"{error.hint} Until then the built-in one is used."
        return (Part(name, False, str(error), hint, optional=True),)
    return (Part(name, True, str(folder), "", optional=True),)


def _judge_part() -> Part:
    """Look whether the files are there, without reading them."""
    name = "contradiction judge"
    missing = [file.name for file in (judge_files.WEIGHTS, judge_files.ABOUT) if not file.is_file()]
    if missing:
        hint = "Install Interviewer again: they come along with it."
        return Part(name, False, f"{' and '.join(missing)} missing", hint)
    return Part(name, True, "Interviewer's own, on top of the sentence model", "")


def _installed(package: str) -> bool:
    return find_spec(package) is not None
