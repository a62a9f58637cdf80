"""Writes many sound files down with one recogniser, and goes on where an earlier run was stopped."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from itertools import islice
from pathlib import Path

import soundfile

from interviewer.answers import recogniser_of
from interviewer.core.errors import AudioError, InputError, InterviewerError
from interviewer.core.models import Transcript
from interviewer.core.ports import FloatArray, Transcriber
from interviewer.core.text import unbroken
from interviewer.engines.catalog import MakeTranscriber
from interviewer.engines.sound_file import read_sound
from interviewer.engines.whole_answer import hear
from interviewer.printing import echo
from interviewer.progress import Progress
from interviewer.reports.document import transcript_document
from interviewer.reports.lines import LinesFile, Recogniser, SoundFile

SUFFIXES = frozenset(
    f".{name}"
    for name in (
        *("aif", "aifc", "aiff", "au", "avr", "caf", "flac", "htk", "iff", "mp3", "oga", "ogg", "opus", "paf", "pvf"),
        *("rf64", "sds", "sf", "snd", "sph", "svx", "voc", "w64", "wav", "wave", "wve", "xi"),
    )
)
"""What a folder is searched for: the usual names of what libsndfile reads; a file named itself is tried as it is."""
USUAL = "wav, flac, ogg, opus, mp3, aiff"
NO_SPEECH = "(no speech heard)"


def is_one_file(sources: Sequence[Path], out: Path | None) -> bool:
    """Whether one file alone is to be written down, and its text printed."""
    return len(sources) == 1 and out is None and not sources[0].is_dir()


def transcribe(
    sources: Sequence[Path], *, make: MakeTranscriber, out: Path | None, as_json: bool, recursive: bool
) -> bool:
    """Write sound files and folders of them down, in the order of names; return whether none failed.

    Texts go to standard output, or a line each to the end of `out`; what `out` holds already of
    the same recording by the same recogniser is passed over. A file that fails is told, and the
    rest goes on. Raises InputError, before any model is loaded, for a folder without sound or an
    `out` that holds something else; StoreError when `out` cannot be written; what `make` raises.
    """
    files = sound_files(sources, recursive=recursive)
    lines = None if out is None else LinesFile(out.expanduser())
    progress = Progress()
    left = "What was written stays." if lines is None else "The same command goes on from here."
    with closing(lines) if lines else nullcontext(), tidily(progress, left):
        batch = Batch(make, lines, as_json, progress)
        count = Counter(batch.work_off(files))
        progress.say(_summary(count))
    return not count[Outcome.FAILED]


@contextmanager
def tidily(progress: Progress, left: str) -> Iterator[None]:
    """Leave the terminal tidy however the work ends; `left` says what there is after Ctrl+C."""
    try:
        yield
    except KeyboardInterrupt:
        progress.say(f"Stopped. {left}")
        raise
    finally:
        progress.clear()


# --- which files ---------------------------------------------------------------------------


def sound_files(sources: Sequence[Path], *, recursive: bool) -> tuple[Path, ...]:
    """Return every sound file that is meant, each once: files as they are named, what is in a folder by name.

    Raises InputError for a folder that cannot be read or has no sound file in it.
    """
    found = [file for source in sources for file in (_within(source, recursive) if source.is_dir() else [source])]
    return tuple(dict.fromkeys(found))


def _within(folder: Path, recursive: bool) -> list[Path]:
    try:
        folders = [(Path(root), inside, names) for root, inside, names in _walk(folder, recursive)]
    except OSError as exc:
        fact = f"The folder {exc.filename} cannot be read ({exc.strerror})"
        raise InputError(fact, hint="Check who may read it, or name its files instead.") from exc
    # Hidden files are no recordings: macOS leaves "._answer.wav" beside "answer.wav".
    names = [root / n for root, _, names in folders for n in names if not n.startswith(".")]
    found = sorted(path for path in names if path.suffix.lower() in SUFFIXES)
    if not found:
        hint = f"Looked for {USUAL} and the like; convert recordings of other kinds first."
        if not recursive and folders[0][1]:
            hint = "Give --recursive to look into the folders in it, too."
        elif not names:
            hint = "It is empty: name the folder that the recordings are in."
        raise InputError(f"There is no sound file in {folder}", hint=hint)
    return found


def _walk(folder: Path, recursive: bool) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield each folder with the names of the folders and files in it. Raises OSError."""
    steps = os.walk(folder, onerror=_raise)
    return steps if recursive else islice(steps, 1)


def _raise(error: OSError) -> None:
    raise error


def sound_seconds(file: Path) -> float:
    """Return the length that a sound file's header tells; 0 where it tells none that can be."""
    if not file.is_file():  # asked about a pipe, it would wait for ever
        return 0.0
    try:
        about = soundfile.info(str(file))
    except (soundfile.LibsndfileError, OSError, TypeError, UnicodeError):
        return 0.0
    return about.frames / about.samplerate if 0 < about.frames < 2**62 and about.samplerate > 0 else 0.0


# --- writing them down ---------------------------------------------------------------------


class Outcome(Enum):
    """What became of a sound file."""

    WRITTEN = "written"
    SKIPPED = "skipped"
    FAILED = "failed"


def _read(file: Path) -> tuple[SoundFile, FloatArray]:
    """Read a file, and note which one it was. Raises AudioError."""
    try:
        # First: one that changes while it is read is to be written down again.
        return SoundFile.of(file), read_sound(file)
    except OSError as exc:
        fact = f"It cannot be read ({exc.strerror})"
        raise AudioError(fact, hint="Check the name and who may read the file.") from exc
    except UnicodeError as exc:
        raise AudioError("Its name is no text", hint="Rename the file and try again.") from exc
    except TypeError as exc:
        # soundfile wants to be told how many channels a file without a header has.
        raise AudioError(f"{file.name} is sound without a header, which says nothing about it") from exc


@dataclass(frozen=True)
class Batch:
    """Writes files down one after the other with one recogniser, which is loaded by the first that needs it."""

    make: MakeTranscriber
    lines: LinesFile | None
    as_json: bool
    progress: Progress

    def work_off(self, files: Sequence[Path]) -> Iterator[Outcome]:
        """Write down what is not yet in the lines; yields what became of each file.

        Raises StoreError when a line cannot be kept, what `make` raises, BrokenPipeError.
        """
        todo = [file for file in files if not self._is_written(file)]
        yield from [Outcome.SKIPPED] * (len(files) - len(todo))
        lengths = {file: sound_seconds(file) for file in todo}
        self.progress.plan(len(todo), sum(lengths.values()))
        for file in todo:
            yield self._one(file, lengths[file])

    def _one(self, file: Path, sound_s: float) -> Outcome:
        self.progress.begin(unbroken(str(file)), sound_s)
        try:
            sound, samples = _read(file)
        except AudioError as error:
            return self._failed(file, error)
        transcriber = self._ready
        # Again: no later file waits for the recogniser to be loaded.
        self.progress.begin(unbroken(str(file)), sound_s)
        try:
            transcript = hear(transcriber, samples, progress=self.progress.within)
        except InterviewerError as error:
            return self._failed(file, error)
        self._keep(sound, transcript)
        self.progress.end(done=True)
        return Outcome.WRITTEN

    def _keep(self, sound: SoundFile, transcript: Transcript) -> None:
        document = transcript_document(transcript).model_dump(mode="json")
        if self.lines is not None:
            self.lines.append(sound, document)
            return
        self.progress.clear()
        if self.as_json:
            echo(json.dumps({"file": sound.file, **document}, ensure_ascii=False))
        else:
            echo(f"{unbroken(sound.file)}\n{transcript.text or NO_SPEECH}\n")

    def _failed(self, file: Path, error: InterviewerError) -> Outcome:
        self.progress.say(f"interviewer: {unbroken(str(file))}: {error.told()}")
        self.progress.end(done=False)
        return Outcome.FAILED

    @cached_property
    def _ready(self) -> Transcriber:
        return warmed_up(self._loaded[0])

    @cached_property
    def _loaded(self) -> tuple[Transcriber, Recogniser]:
        return load(self.make, self.progress)

    def _is_written(self, file: Path) -> bool:
        if self.lines is None:
            return False
        try:
            writers = self.lines.written_by(SoundFile.of(file))
        except OSError:
            return False
        # The recogniser is loaded only where its name matters.
        return bool(writers) and self._loaded[1] in writers


def load(make: MakeTranscriber, progress: Progress) -> tuple[Transcriber, Recogniser]:
    """Load a recogniser and return it with its name; that its texts are rough is told. Raises what `make` raises."""
    progress.say("Loading the recogniser.")
    transcriber = make()
    recogniser = recogniser_of(transcriber)
    if recogniser.rough:
        progress.say("rough transcript: built-in recogniser")
    return transcriber, recogniser


def warmed_up(transcriber: Transcriber) -> Transcriber:
    """Do what the first sound would otherwise wait for, so that it tells how long the others will take."""
    warm_up = getattr(transcriber, "warm_up", None)
    if warm_up is not None:
        warm_up()
    return transcriber


def _summary(count: Counter[Outcome]) -> str:
    words = [f"Written down: {_files(count[Outcome.WRITTEN])}."]
    if count[Outcome.SKIPPED]:
        words.append(f"Written down before, and passed over: {_files(count[Outcome.SKIPPED])}.")
    if count[Outcome.FAILED]:
        words.append(f"Failed: {_files(count[Outcome.FAILED])}.")
    return " ".join(words)


def _files(number: int) -> str:
    return f"{number} {'file' if number == 1 else 'files'}"
