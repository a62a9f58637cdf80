"""Writes a session out in any form, into a file that is there whole or not at all, and over no other."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from interviewer.core.errors import InputError, StoreError
from interviewer.core.files import sync_folder
from interviewer.core.models import Attempt, Clip, Session
from interviewer.reports.document import FindEarlier, FindQuestion, none_earlier, session_document
from interviewer.reports.export import DOCUMENT_NAME, export_session
from interviewer.reports.forms import ABOUT, Form, sound_beside
from interviewer.reports.sound import join, recording

PAGE_NAME = "report.html"
_TABLE_ENCODING = "utf-8-sig"
"""The mark at the beginning tells Excel that it is UTF-8; every other reader passes it over."""
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""Zip files know no times before it; what was when is in the session."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written."""

    path: Path
    missing: tuple[str, ...] = ()
    """Recordings that belong in it but are no longer on the disk, or cannot be read: their names."""
    sound: Path | None = None
    """The recordings joined, beside subtitles."""


def write(
    session: Session,
    question: FindQuestion,
    form: Form,
    out: Path,
    *,
    audio: bool = False,
    over: bool = False,
    earlier: FindEarlier = none_earlier,
) -> Written:
    """Write a whole session as `form` to the file, or new folder, `out`, for its owner only.

    `audio` takes the recordings along where the form has a place for them (`ABOUT[form].sound`);
    zip files and folders always do. `over` lets what is there be replaced, a sound file beside it too. `earlier` finds
    the texts that were corrected; what is read again (json, zip, folder) holds them too. Raises
    InputError when something is at `out` already or nothing can be written in this form,
    StoreError when the disk fails; what was there before is then as it was.
    """
    if form is Form.FOLDER:
        made = export_session(session, question, out, earlier=earlier)
        return Written(made.document, made.missing)
    _check_place(out, over=over)
    try:
        if form in (Form.JSON, Form.ZIP):
            return _data(session, question, form, out, over=over, earlier=earlier)
        return _report(session, question, form, out, audio=audio and bool(ABOUT[form].sound), over=over)
    except OSError as exc:
        raise _failed(out, exc) from exc


def write_table(sessions: Iterable[Session], question: FindQuestion, out: Path) -> Path:
    """Write the answers of several whole sessions as one table (CSV) to the new file `out`, and return it.

    Raises InputError when something is there already, StoreError when the disk fails.
    """
    from interviewer.reports.table import table

    _check_place(out, over=False)
    try:
        _put(out, table(sessions, question).encode(_TABLE_ENCODING), over=False)
    except OSError as exc:
        raise _failed(out, exc) from exc
    return out


def _data(
    session: Session, question: FindQuestion, form: Form, out: Path, *, over: bool, earlier: FindEarlier
) -> Written:
    """Write what Interviewer reads again."""
    if form is Form.ZIP:
        with _new(out, over=over) as file:
            return Written(out, _pack(session, question, file, earlier))
    # By their own names: another session's recordings beside it may be called as those of a folder are.
    names = (replace(a, clip=replace(a.clip, path=Path(a.clip.path.name))) if a.clip else a for a in session.attempts)
    _put(out, _document(replace(session, attempts=tuple(names)), question, earlier), over=over)
    return Written(out)


def _document(session: Session, question: FindQuestion, earlier: FindEarlier) -> bytes:
    return session_document(session, question, earlier=earlier).model_dump_json(indent=2).encode() + b"\n"


def _report(session: Session, question: FindQuestion, form: Form, out: Path, *, audio: bool, over: bool) -> Written:
    """Write what people read."""
    match form:
        case Form.SRT | Form.VTT:
            return _subtitles(session, question, form, out, audio=audio, over=over)
        case Form.HTML:
            from interviewer.reports.page import page

            text, missing = page(session, question, audio=audio)
            _put(out, text.encode(), over=over)
            return Written(out, missing)
    _put(out, _content(session, question, form), over=over)
    return Written(out)


def _content(session: Session, question: FindQuestion, form: Form) -> bytes:
    match form:
        case Form.PDF:
            from interviewer.reports.paper import pdf

            return pdf(session, question)
        case Form.MARKDOWN:
            from interviewer.reports.plain import markdown

            return markdown(session, question).encode()
    from interviewer.reports.table import table

    return table((session,), question).encode(_TABLE_ENCODING)


def _subtitles(session: Session, question: FindQuestion, form: Form, out: Path, *, audio: bool, over: bool) -> Written:
    from interviewer.reports import subtitles

    found = subtitles.parts(session, question)
    if not any(part.cues for part in found):
        hint = "Subtitles are of recordings that are on the disk and written down."
        raise InputError("No answer of this session has a recording with words", hint=hint)
    text = subtitles.srt(found) if form is Form.SRT else subtitles.vtt(found)
    missing = tuple(a.clip.path.name for a in session.attempts if a.clip and recording(a) is None)
    sound = sound_beside(form, out) if audio else None
    if sound is None:
        _put(out, text.encode(), over=over)
        return Written(out, missing)
    if out.suffix.lower() == sound.suffix:
        raise InputError(f"The recordings would take the place of {out}", hint="Name a file that ends in .srt or .vtt.")
    _check_place(sound, over=over)
    with _new(sound, over=over) as file:
        join([a.clip for a in subtitles.recorded(session) if a.clip], file)
        # Both or none: what may lack room has been written before either has its name.
        _on_disk(file)
        _put(out, text.encode(), over=over)
    return Written(out, missing, sound)


def _pack(session: Session, question: FindQuestion, file: BinaryIO, earlier: FindEarlier) -> tuple[str, ...]:
    """Write the page, the session and its recordings as a zip file; return the names of recordings that are gone."""
    from interviewer.reports.page import page

    there = [recording(a) for a in session.attempts]
    kept = tuple(a if clip else replace(a, clip=None) for a, clip in zip(session.attempts, there, strict=True))
    named = _named(replace(session, attempts=kept))
    # The page holds the sound once more, small: a browser opens it out of any folder, and any mail.
    text, unreadable = page(session, question, audio=True)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
        packed.writestr(_entry(session, PAGE_NAME), text.encode(), zipfile.ZIP_DEFLATED)
        packed.writestr(_entry(session, DOCUMENT_NAME), _document(named, question, earlier), zipfile.ZIP_DEFLATED)
        for clip, attempt in zip(there, named.attempts, strict=True):
            if clip and attempt.clip:
                entry = _entry(session, attempt.clip.path.name)
                entry.file_size = clip.path.stat().st_size
                with clip.path.open("rb") as source, packed.open(entry, "w") as target:
                    while block := source.read(1 << 20):
                        target.write(block)
    return unreadable


def _named(session: Session) -> Session:
    """Return the session with its recordings called as they are beside a document."""
    return replace(session, attempts=tuple(_with_name(a, number) for number, a in enumerate(session.attempts, 1)))


def _with_name(attempt: Attempt, number: int) -> Attempt:
    clip: Clip | None = attempt.clip
    if clip is None:
        return attempt
    return replace(attempt, clip=replace(clip, path=Path(f"answer-{number:02d}{clip.path.suffix}")))


def _entry(session: Session, name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, max(_EARLIEST, session.created.timetuple()[:6]))
    entry.external_attr = (stat.S_IFREG | 0o600) << 16
    return entry


def _failed(out: Path, cause: OSError) -> StoreError:
    hint = "Name another file, or make room for it."
    return StoreError(f"The session cannot be written to {out} ({cause.strerror or cause})", hint=hint)


def _check_place(out: Path, *, over: bool) -> None:
    if out.is_dir():
        raise InputError(f"{out} is a folder", hint="Name a file for this form.")
    if not over and os.path.lexists(out):
        raise InputError(f"{out} is there already", hint="Name a new file; nothing is overwritten.")
    if not out.parent.is_dir():
        raise InputError(f"There is no folder {out.parent}", hint="Make it, or name another file.")


def _put(out: Path, data: bytes, *, over: bool) -> None:
    with _new(out, over=over) as file:
        file.write(data)


@contextlib.contextmanager
def _new(out: Path, *, over: bool) -> Iterator[BinaryIO]:
    """Give out a file that becomes `out` when the block ends well, and is gone when it does not. Raises OSError."""
    # A name of its own, 0600: the folder is the user's, and may hold anything.
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=".interviewer-", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            _on_disk(file)
        if over:
            part.replace(out)
        else:
            _name_once(part, out)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(out.parent)


def _on_disk(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _name_once(part: Path, out: Path) -> None:
    try:
        os.link(part, out)
    except FileExistsError:
        raise InputError(f"{out} is there already", hint="Name a new file; nothing is overwritten.") from None
    except OSError:
        # A disk without links, such as a stick: the look before will have to do.
        part.replace(out)
