"""Takes weights that the user brings into our models folder, checks what is there, and deletes it on demand."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from interviewer.core.errors import Cancelled, InputError, ModelCorrupt, ModelMissing
from interviewer.core.file_lock import held
from interviewer.core.paths import make_private, models_dir, whisper_cache_dir
from interviewer.core.transfers import Stage
from interviewer.engines import whisper_files
from interviewer.engines.fetch_whisper import Progress, Tell, busy, check_room, disk_faults, lock_of
from interviewer.engines.part_file import BLOCK_BYTES, PartFile, hash_of


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was taken off the disk."""

    path: Path
    size_bytes: int


def bring(
    file: Path,
    data_dir: Path,
    *,
    tell: Tell = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> str:
    """Copy a checkpoint into our models folder and return the name that the settings take for it.

    A file with a published hash gets the published name, whatever it was called; any other keeps its
    own and is named by its path. The file that was brought is left as it is. Raises InputError when it cannot be
    read or another model has its name, ModelCorrupt when it is no checkpoint or not what its name says,
    StoreError when the disk is full or fails, DownloadError when the same model is being fetched, and
    Cancelled. What fails leaves nothing behind.
    """
    source = _readable(file)
    folder = make_private(models_dir(data_dir))
    with disk_faults(folder):
        check_room(folder, source.stat().st_size)
        # Its own name until it is known what it is; nothing else lies under that.
        with held(lock_of(folder / f"{source.stem}.brought")) as alone:
            if not alone:
                raise busy(source.name)
            with PartFile(folder / f".{source.stem}.brought") as part:
                try:
                    _copy(source, part, Progress(tell), cancelled)
                    return _put_in_place(part, source, folder)
                finally:
                    part.remove()


def check(
    path: Path,
    sha256: str | None,
    *,
    tell: Tell = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """Do what `whisper_files.verify` does, telling how far it is; raises as that does, and Cancelled."""
    progress = Progress(tell)

    def told(done: int, total: int) -> None:
        if cancelled():
            raise Cancelled(f"The check of {path.name} was cancelled", hint="Nothing was changed.")
        progress.at(Stage.CHECKING, done, total)

    whisper_files.verify(path, sha256, told)


def delete(name: str, data_dir: Path) -> tuple[Deleted, ...]:
    """Delete a model's file from our models folder, and what came of a download of it; return what was deleted.

    `name` is a known model, or the name or path of a file in that folder. A file anywhere else is never
    deleted. Raises InputError where there is one elsewhere, ModelMissing where there is none, DownloadError
    while it is being fetched, StoreError when the disk does not let go of it.
    """
    folder = models_dir(data_dir)
    target = _target(name.strip(), folder)
    doomed = [path for path in (target, whisper_files.part_of(target)) if path.is_file() or path.is_symlink()]
    if not doomed:
        raise _nothing_to_delete(name.strip(), folder)
    with disk_faults(folder), held(lock_of(target)) as alone:
        if not alone:
            raise busy(target.stem)
        gone = []
        for path in doomed:
            gone.append(Deleted(path, path.lstat().st_size))
            path.unlink()
        # What the faster engine made of it; a part that cannot be deleted is known as damaged and made anew.
        shutil.rmtree(whisper_files.converted_folder(target, data_dir), ignore_errors=True)
    return tuple(gone)


def _readable(file: Path) -> Path:
    try:
        source = file.expanduser().absolute()
        with source.open("rb"):
            pass
        if not whisper_files.looks_like_checkpoint(source):
            raise ModelCorrupt(
                f"{source.name} is not a Whisper checkpoint, or it was not copied to its end",
                hint="Choose the .pt file as it was published; nothing was changed.",
            )
    except (OSError, RuntimeError, ValueError) as exc:  # a home of nobody, a name with a zero in it
        reason = getattr(exc, "strerror", None) or "there is no such file"
        raise InputError(f"{file} cannot be read ({reason})", hint="Check that it is there and readable.") from exc
    return source


def _copy(source: Path, part: PartFile, progress: Progress, cancelled: Callable[[], bool]) -> None:
    part.restart()
    with source.open("rb") as file:
        total = source.stat().st_size
        while block := file.read(BLOCK_BYTES):
            if cancelled():
                raise Cancelled(f"Bringing {source.name} was cancelled", hint="Nothing was changed.")
            part.write(block)
            progress.at(Stage.COPYING, part.size, total)


def _put_in_place(part: PartFile, source: Path, folder: Path) -> str:
    """Give the copy its name. The hash is that of what was written, so it says what lies there now."""
    published = whisper_files.name_of_hash(part.sha256)
    name = published or source.stem
    target = folder / f"{name}.pt"
    if published is None and whisper_files.published(name):
        hint = f"If it is a model of your own, rename the file. If it should be {name}, fetch it again."
        raise ModelCorrupt(f"{source.name} is not the file that was published under this name", hint=hint)
    with held(lock_of(target)) as alone:
        if not alone:
            raise busy(name)
        there = hash_of(target, lambda *_: None) if target.is_file() else ""
        if there and there != part.sha256 and published is None:
            hint = "Rename the file that you bring, or delete the one that is there first."
            raise InputError(f"Another model is called {target.name} already", hint=hint)
        if there != part.sha256:
            part.put_in_place(target)
        whisper_files.part_of(target).unlink(missing_ok=True)  # there is nothing to go on with any more
    return published or str(target)


def _target(name: str, folder: Path) -> Path:
    """Return the file in `folder` that is meant. Raises InputError for one that lies elsewhere."""
    if whisper_files.published(name):
        return folder / f"{whisper_files.ALIASES.get(name, name)}.pt"
    try:
        path = Path(name).expanduser()
        if path.parent == Path():  # a bare name is one of ours
            path = folder / (path.name if path.suffix == ".pt" else f"{path.name}.pt")
        path = path.absolute()
        if name and path.suffix == ".pt" and path.parent.resolve() == folder.resolve():
            return folder.absolute() / path.name
    except (OSError, RuntimeError, ValueError):  # the home of nobody, a name with a zero in it
        path = Path("x")
    hint = f"Only models in {folder} are deleted here. `interviewer models list` shows them."
    raise InputError(f"{name or '(no name)'} is not in our models folder", hint=hint)


def _nothing_to_delete(name: str, folder: Path) -> InputError | ModelMissing:
    elsewhere = whisper_cache_dir() / f"{whisper_files.ALIASES.get(name, name)}.pt"
    if whisper_files.published(name) and elsewhere.is_file():
        hint = "It belongs to the whisper package, and perhaps to other programs: delete it there yourself."
        return InputError(f"{name} is not in our models folder but at {elsewhere}", hint=hint)
    return ModelMissing(f"{name} is not in {folder}", hint="`interviewer models list` shows what is here.")
