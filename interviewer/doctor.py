"""What this machine has and what it lacks, each with what to do."""

from __future__ import annotations

import ctypes
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from interviewer.core import paths
from interviewer.core.bank import load_bank
from interviewer.core.errors import InterviewerError, ModelCorrupt
from interviewer.opening import has_screen

LOW_SPACE_BYTES = 500 * 1024 * 1024
"""An hour of recording takes about 350 MB at 48 kHz; below this a session may not fit."""

QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
"""What Qt's X11 plugin loads at run time on Debian and Ubuntu: library to package."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. An optional one that is missing leaves the product usable."""

    name: str
    present: bool
    detail: str
    hint: str = ""
    optional: bool = False


def examine(data_dir: Path) -> tuple[Check, ...]:
    """Look at everything; never raises for what it finds."""
    return (
        *_python(),
        *_folder(data_dir),
        *_screen(),
        *_kept(data_dir),
        *_sound(),
        *_voices(),
        *_models(data_dir),
    )


def missing_for_window() -> str | None:
    """Return a sentence when the window cannot be used here as it is meant, else None."""
    if not has_screen():
        return "There is no display."
    microphones, loudspeakers = sound_devices()
    if not microphones and not loudspeakers:
        return "There is no sound device."
    return None


def sound_devices() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the microphones and of the loudspeakers; empty when there is no sound system."""
    from interviewer.engines.audio_thread import AudioThread
    from interviewer.engines.device_list import Kind

    audio = AudioThread()
    try:
        return tuple(d.name for d in audio.devices(Kind.INPUT)), tuple(d.name for d in audio.devices(Kind.OUTPUT))
    except InterviewerError:
        return (), ()
    finally:
        audio.close()


def verify_models(data_dir: Path) -> tuple[tuple[str, bool], ...]:
    """Check every Whisper file on this machine; return a line and whether it is good for each."""
    from interviewer.engines import whisper_files
    from interviewer.engines.embed_sentence import verify as verify_embeddings
    from interviewer.engines.judge_files import verify as verify_judge

    results = [
        _verified("sentence embeddings (all-MiniLM-L6-v2)", verify_embeddings),
        _verified("contradiction judge", verify_judge),
    ]
    for model in whisper_files.survey(data_dir):
        if model.present and model.path is not None:
            check = _Verification(model.path, model.sha256)
            known = f"{model.name} ({model.path})" if model.sha256 else f"{model.path}, which has no published hash"
            results.append(_verified(known, check))
    return tuple(results)


@dataclass(frozen=True, slots=True)
class _Verification:
    path: Path
    sha256: str | None

    def __call__(self) -> None:
        from interviewer.engines import whisper_files

        whisper_files.verify(self.path, self.sha256)


def _verified(name: str, check: Callable[[], object]) -> tuple[str, bool]:
    try:
        check()
    except ModelCorrupt as error:
        return f"NO  {name}: {error.told()}", False
    except InterviewerError as error:
        return f"--  {name}: {error.told()}", False
    return f"ok  {name}", True


def _python() -> Iterator[Check]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    yield Check("Python", sys.version_info >= (3, 11), version, "Install Python 3.11, 3.12 or 3.13.")


def _folder(data_dir: Path) -> Iterator[Check]:
    try:
        paths.make_private(data_dir)
    except InterviewerError as error:
        yield Check("data folder", False, str(error), error.hint)
        return
    free = shutil.disk_usage(data_dir).free
    yield Check("data folder", True, str(data_dir))
    detail = f"{free / 1e9:.1f} GB free"
    yield Check("disk space", free >= LOW_SPACE_BYTES, detail, "Free some space: a recording would soon stop.")


def _screen() -> Iterator[Check]:
    hint = "Log in to a desktop, or run `interviewer demo --out DIR`, which needs no screen."
    yield Check("display", has_screen(), "found" if has_screen() else "none", hint, optional=True)
    if sys.platform == "linux":
        missing = [package for library, package in QT_LIBRARIES.items() if not _loads(library)]
        detail = "missing " + ", ".join(missing) if missing else "all found"
        yield Check("window libraries", not missing, detail, f"sudo apt install {' '.join(missing)}")


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _kept(data_dir: Path) -> Iterator[Check]:
    """What the user has: settings, the bank that they name, the database."""
    from interviewer.core import settings

    found = settings.load(data_dir)
    problem = found.problem
    yield Check("settings", problem is None, str(problem or "can be read"), problem.hint if problem else "")
    yield _bank(Path(found.settings.bank) if found.settings.bank else paths.shipped_bank())
    yield from _database(data_dir / "interviewer.db")


def _bank(path: Path) -> Check:
    try:
        bank = load_bank(path)
    except InterviewerError as error:
        return Check("question bank", False, str(error), error.hint)
    return Check("question bank", True, f"{bank.title}, {len(bank.questions)} questions")


def _database(path: Path) -> Iterator[Check]:
    """Look at the database without changing it; a machine without interviews has none yet."""
    if not path.exists():
        return
    hint = "Open Interviewer: it puts the damaged file aside and brings back what can be read."
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            (told,) = connection.execute("PRAGMA quick_check").fetchone()
    except sqlite3.Error as error:
        told = str(error)
    yield Check("database", told == "ok", "whole" if told == "ok" else f"{path}: {told}", hint)


def _sound() -> Iterator[Check]:
    microphones, loudspeakers = sound_devices()
    hint = "Plug one in, and on Debian: sudo apt install libportaudio2 libasound2-plugins."
    typed = f"{hint} Until then answers can be typed."
    yield Check("microphone", bool(microphones), ", ".join(microphones) or "none", typed, optional=True)
    read = f"{hint} Until then questions stay on the screen."
    yield Check("loudspeaker", bool(loudspeakers), ", ".join(loudspeakers) or "none", read, optional=True)


def _voices() -> Iterator[Check]:
    from interviewer.engines.speak_pyttsx3 import list_voices

    try:
        voices = list_voices()
    except InterviewerError as error:
        yield Check("voice", False, str(error), error.hint, optional=True)
        return
    hint = "sudo apt install libespeak-ng1 espeak-ng-data"
    yield Check("voice", bool(voices), f"{len(voices)} voices" if voices else "none", hint, optional=True)


def _models(data_dir: Path) -> Iterator[Check]:
    from interviewer.core import settings
    from interviewer.engines import catalog

    chosen = settings.load(data_dir).settings
    yield from _weights(catalog.wanted_model(chosen.whisper_model), data_dir)
    parts = catalog.describe(chosen.whisper_model, data_dir, sentence_model=chosen.sentence_model, engine=chosen.engine)
    for part in parts:
        yield Check(part.name, part.present, part.detail, part.hint, optional=part.optional)
    yield from _judge()
    yield _calibration(chosen.sentence_model, data_dir)


def _weights(model: str, data_dir: Path) -> Iterator[Check]:
    """Read the chosen weights where they are there: being there is not enough."""
    from interviewer.engines import whisper_files

    try:
        path = whisper_files.find(model, data_dir)
        whisper_files.verify(path, whisper_files.expected_hash(path, data_dir))
    except ModelCorrupt as error:
        yield Check("Whisper weights", False, str(error), error.hint)
    except InterviewerError:
        return  # not there: the catalog tells


def _judge() -> Iterator[Check]:
    """Read the judge's weights through where they are there: being there is not enough."""
    from interviewer.engines.judge_files import verify

    try:
        verify()
    except ModelCorrupt as error:
        yield Check("contradiction judge weights", False, str(error), error.hint)
    except InterviewerError:
        return  # not there: the catalog tells


def _calibration(sentence_model: str, data_dir: Path) -> Check:
    """Look whether scores of the sentence model in use mean what people's grades mean."""
    from interviewer.core import calibration
    from interviewer.core.scoring import mismatch
    from interviewer.engines import catalog

    name = "calibration"
    try:
        model_hash = catalog.sentence_hash(sentence_model)
    except InterviewerError:
        model_hash = catalog.sentence_hash("")  # not there, as the catalog tells: the built-in one is used
    try:
        found = calibration.read(catalog.calibration_file(model_hash, data_dir))
    except InterviewerError as error:
        return Check(name, False, str(error), error.hint)
    trouble = mismatch(found, model_hash)
    if trouble:
        hint = "`interviewer calibrate --help` tells what that needs. Until then take scores as rough."
        return Check(name, False, trouble, hint, optional=True)
    return Check(name, True, f"{found.answers} graded answers to {found.questions} questions")
