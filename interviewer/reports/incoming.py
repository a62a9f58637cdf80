"""A session that somebody sent: a document, alone or beside its recordings, or a zip file with both.

Nothing in it is believed. Only the document and the recordings that it names are opened, under names as we write
them; nothing is unpacked by the names in a zip file, and nothing grows beyond what was said before.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
import stat
import wave
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import BinaryIO, NoReturn, Protocol, cast

from pydantic import ValidationError

from interviewer.core.editing import Kept
from interviewer.core.errors import InputError
from interviewer.core.files import read_small
from interviewer.core.models import Attempt, Clip, Score, Session
from interviewer.core.zip_files import NONSENSE, CarefulFile, is_plain
from interviewer.reports.document import SCHEMA_VERSION, SessionDocument
from interviewer.reports.export import DOCUMENT_NAME
from interviewer.reports.restored import HINT, earlier_texts, restored, rounded_recordings

MAX_DOCUMENT_BYTES = 32 << 20
"""An answer of an hour with all its words takes 1 MB."""
MAX_RECORDING_BYTES = 1 << 32
"""A WAV file counts its bytes in 32 bits."""
MAX_ENTRIES = 5_000
MAX_ANSWERS = 2_000
MAX_LINE = 400
"""Characters of a title, an id, a question or a label, as in banks and in what lies beside recordings."""
MAX_SENTENCES = 4_000
"""Characters of what is said about a score, as of the longer texts in banks."""
MOST = 2.0**53
"""Of any number, as the store keeps them."""

_RECORDING = re.compile(r"answer-\d{2,4}\.(wav|flac)")
_ESCAPED_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_BLOCK_BYTES = 1 << 20
_FLAC_HEAD_BYTES = 26
_ZIP_BEGINS = b"PK"


class _Source(Protocol):
    strict: bool
    """Whether a recording of another length than its answer's is a fault of what was sent."""

    def document(self) -> bytes: ...
    def size(self, name: str) -> int | None: ...
    def opened(self, name: str) -> contextlib.AbstractContextManager[BinaryIO]: ...


@dataclass(frozen=True, slots=True)
class Incoming:
    """A session to be kept. The path of a clip is the name of its recording in what was sent."""

    session: Session
    earlier: Mapping[str, tuple[Kept, ...]]
    """The earlier texts of answers with their scores, oldest first, by the answer's id."""
    missing: tuple[str, ...]
    """Recordings that answers had and that were not sent along; their clips are gone from the session."""
    size_bytes: int
    """Of all recordings."""
    _source: _Source

    def copy(self, clip: Clip, target: BinaryIO) -> None:
        """Write the recording of an answer into `target`. Raises InputError where it cannot be read, OSError."""
        name = clip.path.name
        left = self._source.size(name) or 0
        try:
            with self._source.opened(name) as source:
                while block := source.read(min(_BLOCK_BYTES, left + 1)):
                    left -= len(block)
                    if left < 0:
                        raise _unusable(f"the recording {name} is longer than it says")
                    target.write(block)
        except NONSENSE as exc:
            raise _unusable(f"the recording {name} is damaged") from exc


@contextlib.contextmanager
def incoming(path: Path) -> Iterator[Incoming]:
    """Open a session file: JSON or zip, told apart by how it begins. Raises InputError for anything else."""
    with contextlib.ExitStack() as closing:
        try:
            yield _read(path, closing)
        except FileNotFoundError:
            raise InputError(f"There is no file {path}", hint="Check the name and the folder.") from None
        except IsADirectoryError:
            raise InputError(f"{path} is a folder", hint=f"Name the file {DOCUMENT_NAME} in it.") from None


def _read(path: Path, closing: contextlib.ExitStack) -> Incoming:
    try:
        if not stat.S_ISREG(path.stat().st_mode) and not path.is_dir():
            raise _unusable("it is no plain file")  # a pipe would keep its reader waiting
        with path.open("rb") as file:
            packed = file.read(len(_ZIP_BEGINS)) == _ZIP_BEGINS
        source: _Source = _Zip(path, closing) if packed else _Beside(path)
        document = _document(source.document())
        session, earlier = restored(document), earlier_texts(document)
    except (FileNotFoundError, IsADirectoryError, InputError):
        raise
    except OSError as exc:
        raise _unusable(exc.strerror or "it cannot be read") from exc
    except NONSENSE as exc:
        raise _unusable("it is damaged") from exc
    _check(session, earlier)
    return _with_recordings(session, earlier, source, rounded_recordings(document))


def _document(data: bytes) -> SessionDocument:
    try:
        # Half a character, which no database takes, is a UnicodeError: as it stands here, escaped below.
        text = data.decode(json.detect_encoding(data))
        fields = json.loads(text, parse_constant=_refuse, parse_float=_finite, parse_int=_bounded)
        if _ESCAPED_HALF.search(text):
            # Two halves that fit are a whole.
            json.dumps(fields, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as exc:
        raise _unusable("it is no JSON that can be read") from exc
    version = fields.get("schema_version") if isinstance(fields, dict) else None
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise InputError("This session was written by a newer Interviewer", hint="Update Interviewer, then try again.")
    try:
        return SessionDocument.model_validate(fields)
    except ValidationError as exc:
        first = exc.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise _unusable(f"{place}: {first['msg']}") from exc


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value) or abs(value) > MOST:
        raise ValueError("a number beyond all size")
    return value


def _bounded(digits: str) -> int:
    # A number of millions of digits takes minutes to read.
    if len(digits) > 17 or abs(value := int(digits)) > MOST:
        raise ValueError("a number beyond all size")
    return value


def _check(session: Session, earlier: Mapping[str, tuple[Kept, ...]]) -> None:
    """Refuse what the store would keep and could not read again, or what nobody can look at."""
    lines = (session.id, session.bank_title, *session.question_ids)
    if max(map(len, lines)) > MAX_LINE or len(session.question_ids) > MAX_ANSWERS:
        raise _unusable("a title or an id is too long, or there are too many questions")
    if len(session.attempts) > MAX_ANSWERS:
        raise _unusable("there are too many answers")
    if any(map(_is_too_long, session.attempts)) or any(map(_is_long_text, chain(*earlier.values()))):
        raise _unusable("a question, a topic or a label is too long")
    if len({a.id for a in session.attempts}) < len(session.attempts):
        raise _unusable("two answers have the same id")
    scores = [a.score for a in session.attempts] + [score for kept in earlier.values() for _, score in kept]
    if any(map(_strange, session.attempts)) or any(place < 0 for score in scores for place in _places(score)):
        raise _unusable("a number is below 0 that cannot be")


def _is_too_long(attempt: Attempt) -> bool:
    lines = (attempt.id, attempt.question_id, attempt.asked, attempt.topic, attempt.follow_up)
    text = attempt.transcript and _is_long_text((attempt.transcript, None))
    return max(map(len, lines)) > MAX_LINE or bool(text) or _is_long_score(attempt.score)


def _is_long_text(kept: Kept) -> bool:
    text, score = kept
    return max(len(text.engine), len(text.model)) > MAX_LINE or _is_long_score(score)


def _is_long_score(score: Score | None) -> bool:
    """Whether what is said about a score is too long; what was said in the answer may have any length."""
    if score is None:
        return False
    lines = (score.label, *(gate.kind for gate in score.gates), *(point.text for point in score.points))
    sentences = (score.next_step, *score.notes)
    return max(map(len, lines)) > MAX_LINE or max(map(len, sentences)) > MAX_SENTENCES


def _strange(attempt: Attempt) -> bool:
    """Whether a count is negative: the store takes that for damage when it reads it again."""
    counts: list[float] = [attempt.position]
    if attempt.clip:
        counts += [attempt.clip.sample_rate_hz - 1, attempt.clip.frames, attempt.clip.gap_ms]
    if delivery := attempt.delivery:
        counts += [delivery.words, delivery.fillers, delivery.hedges, delivery.ambiguous]
    return min(counts) < 0


def _places(score: Score | None) -> list[int]:
    return [place for point in score.points for place in point.words] if score else []


def _with_recordings(
    session: Session, earlier: Mapping[str, tuple[Kept, ...]], source: _Source, rounded: frozenset[str]
) -> Incoming:
    """Leave out the clips whose recordings were not sent along."""
    found: dict[str, int] = {}
    missing: list[str] = []
    attempts: list[Attempt] = []
    for attempt in session.attempts:
        came = _sent_along(attempt.clip, source, rounded) if attempt.clip else None
        if attempt.clip and came is None:
            missing.append(attempt.clip.path.name)
        clip, size = came or (None, 0)
        attempts.append(replace(attempt, clip=clip))
        if clip is None:
            continue
        name = clip.path.name
        if name in found:
            raise _unusable(f"two answers name the recording {name}")
        if size > MAX_RECORDING_BYTES:
            raise _unusable(f"the recording {name} is too large")
        found[name] = size
    whole = replace(session, attempts=tuple(attempts))
    return Incoming(whole, earlier, tuple(missing), sum(found.values()), source)


def _sent_along(clip: Clip, source: _Source, rounded: frozenset[str]) -> tuple[Clip, int] | None:
    """Return a clip and the bytes of its recording; None where that was not sent along."""
    name = str(clip.path)
    size = source.size(name) if _RECORDING.fullmatch(name) else None
    if size is None:
        return None
    measured = _measured(clip, source, rounded=name in rounded)
    return (measured, size) if measured else None


def _measured(clip: Clip, source: _Source, *, rounded: bool) -> Clip | None:
    """Return a clip as long as its recording, where that was told with `rounded`, to a thousandth of a second only.

    None where the recording is another's: a file of its name beside a document that was sent alone.
    """
    if source.strict and not rounded:
        return clip
    rate_hz, frames = _length(clip.path.name, source)
    if rounded and rate_hz == clip.sample_rate_hz and abs(frames - clip.frames) <= max(1, rate_hz // 1000):
        return replace(clip, frames=frames)
    return clip if source.strict or (rate_hz, frames) == (clip.sample_rate_hz, clip.frames) else None


def _length(name: str, source: _Source) -> tuple[int, int]:
    """Return the rate and the frames that a recording says it has; 0 and 0 where it says nothing of the kind."""
    try:
        with source.opened(name) as file:
            if name.endswith(".flac"):
                return _length_of_flac(file.read(_FLAC_HEAD_BYTES))
            with wave.open(file) as sound:
                return sound.getframerate(), sound.getnframes()
    except (wave.Error, OSError, *NONSENSE):
        return 0, 0


def _length_of_flac(head: bytes) -> tuple[int, int]:
    """Return the rate and the frames of the block that every FLAC begins with (RFC 9639, 8.2)."""
    if len(head) < _FLAC_HEAD_BYTES or not head.startswith(b"fLaC"):
        return 0, 0
    bits = int.from_bytes(head[18:26])
    return bits >> 44, bits & (1 << 36) - 1


class _Beside:
    """A document, and the recordings in its folder."""

    def __init__(self, path: Path) -> None:
        self._path = path
        # Under another name a document was written alone: who knows whose sound lies beside it?
        self.strict = path.name == DOCUMENT_NAME

    def document(self) -> bytes:
        return read_small(self._path, MAX_DOCUMENT_BYTES, links=True)

    def size(self, name: str) -> int | None:
        try:
            about = (self._path.parent / name).lstat()
        except OSError:
            return None
        # A link may lead to any file of the reader's own.
        return about.st_size if stat.S_ISREG(about.st_mode) else None

    def opened(self, name: str) -> BinaryIO:
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        return os.fdopen(os.open(self._path.parent / name, flags), "rb")


class _Zip:
    """A zip file with both."""

    strict = True

    def __init__(self, path: Path, closing: contextlib.ExitStack) -> None:
        file = closing.enter_context(CarefulFile(path))
        self._packed = closing.enter_context(zipfile.ZipFile(file))
        entries = self._packed.infolist()
        if len(entries) > MAX_ENTRIES:
            raise _unusable("there are too many files in it")
        # Whatever else somebody put in is neither opened nor unpacked.
        ours = [e for e in entries if e.filename == DOCUMENT_NAME or _RECORDING.fullmatch(e.filename)]
        self._entries = {e.filename: e for e in ours}
        if len(self._entries) < len(ours) or not all(map(is_plain, ours)):
            raise _unusable("a file in it is there twice, is no plain file or is packed too small to be true")
        if DOCUMENT_NAME not in self._entries:
            raise _unusable(f"it has no {DOCUMENT_NAME}")

    def document(self) -> bytes:
        with self._packed.open(self._entries[DOCUMENT_NAME]) as file:
            data = file.read(MAX_DOCUMENT_BYTES + 1)
        if len(data) > MAX_DOCUMENT_BYTES:
            raise _unusable(f"{DOCUMENT_NAME} is too large")
        return data

    def size(self, name: str) -> int | None:
        entry = self._entries.get(name)
        return entry.file_size if entry else None

    def opened(self, name: str) -> BinaryIO:
        return cast("BinaryIO", self._packed.open(self._entries[name]))


def _unusable(fact: str) -> InputError:
    return InputError(f"This is no session that Interviewer can read: {fact}", hint=HINT)
