"""The commands that make, list and check backups, and the one that puts a backup in place."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from interviewer.core import restoring
from interviewer.core.removal import count_words
from interviewer.core.transfers import Pace, Stage, Transfer, size_words
from interviewer.options import AsJson, Common
from interviewer.printing import echo

if TYPE_CHECKING:
    from interviewer.store.backup import Backup

ZIP = ".zip"


def backup(
    context: typer.Context,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER_OR_ZIP", help="A folder of backups, or a new FILE.zip to carry elsewhere."),
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the backups there are.")] = False,
    verify: Annotated[
        Path | None, typer.Option(metavar="PATH", help="Read a backup through and compare it with its list.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Back up everything of yours, recordings too, and verify it; also while the window is open."""
    if verify and (listed or out):
        raise typer.BadParameter("give one of --out, --list and --verify", param_hint="--verify")
    common: Common = context.obj
    folder = out.expanduser().absolute() if out else common.backup_folder
    if verify is not None:
        _check(_found(verify, common), as_json=as_json)
    elif listed:
        _list(folder, as_json=as_json)
    else:
        _make(common.data_dir, folder, as_json=as_json)


def _make(data: Path, folder: Path, *, as_json: bool) -> None:
    from interviewer.store.archive import back_up_to_zip
    from interviewer.store.backup import back_up

    make = back_up_to_zip if folder.suffix.lower() == ZIP else back_up
    with _telling("Backup", Stage.COPYING) as progress:
        made = make(data, folder, now=datetime.now(UTC), progress=progress)
    if as_json:
        echo(json.dumps(_fields(made)))
    else:
        echo(f"Backed up and verified: {_amount(made.files, made.size_bytes)} in {made.path}")


def _list(folder: Path, *, as_json: bool) -> None:
    from interviewer.store.backup import backups

    found = backups(folder)
    if as_json:
        echo(json.dumps([_fields(one) for one in found]))
        return
    if not found:
        echo(f"There are no backups in {folder}. Run `interviewer backup` to make one.")
    for one in found:
        echo(f"{one.created:%Y-%m-%d %H:%M}  {_amount(one.files, one.size_bytes)}  {one.path}")


def _check(path: Path, *, as_json: bool) -> None:
    from interviewer.store.backup import verify

    with _telling(path.name, Stage.CHECKING) as progress:
        found = verify(path, progress=progress)
    if as_json:
        fields = {"path": str(path), "created": found.created.isoformat(), "files": len(found.files)}
        echo(json.dumps({**fields, "size_bytes": found.size_bytes, "whole": True}))
    else:
        echo(f"Whole: {_amount(len(found.files), found.size_bytes)}, made {found.created:%Y-%m-%d %H:%M}.")


def restore(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="BACKUP", help="A folder or a zip file that is a backup.")],
    force: Annotated[
        bool, typer.Option("--force", help="Also where there is something already: it is moved aside, not deleted.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the place of the data folder, as a whole; refused while the window is open."""
    from interviewer.folder_lock import folder_held
    from interviewer.store.restore import restore as put_back

    common: Common = context.obj
    data = common.data_dir
    source = _found(path, common)
    # Held until the folders are swapped: the lock lies in the one that is moved away.
    with ExitStack() as held, _telling(source.name, Stage.COPYING) as progress:
        if data.exists():
            held.enter_context(folder_held(data))
        done = put_back(data, source, now=datetime.now(UTC), force=force, progress=progress, about_to_swap=held.close)
    if as_json:
        fields = {"data": str(data), "created": done.created.isoformat(), "files": done.files}
        aside = str(done.aside) if done.aside else None
        echo(json.dumps({**fields, "size_bytes": done.size_bytes, "aside": aside}))
        return
    echo(f"Restored the backup of {done.created:%Y-%m-%d %H:%M}: {_amount(done.files, done.size_bytes)} in {data}")
    if done.aside:
        echo(f"The folder as it was before is {done.aside}")


def finish_restore(data: Path) -> None:
    """Complete, or clear away, a restore that was ended half-way; for every start, before the data folder is used."""
    if restoring.is_pending(data):
        from interviewer.store.restore import finish

        finish(data, now=datetime.now(UTC))


def _found(path: Path, common: Common) -> Path:
    """Return the backup that is meant: a path, or the name of one in the folder of the backups."""
    path = path.expanduser()
    if not path.exists() and path.name == str(path) and (common.backup_folder / path).exists():
        return common.backup_folder / path
    return path.absolute()


class _telling:  # noqa: N801 - used as a function is
    """Tells on standard error how far it is, from `progress(done, total)` in bytes."""

    def __init__(self, what: str, stage: Stage) -> None:
        from interviewer.model_commands import Told

        self._told, self._stage, self._pace = Told(what), stage, Pace(monotonic)

    def __enter__(self) -> Callable[[int, int], None]:
        return self._tell

    def __exit__(self, *_: object) -> None:
        self._told.clear()

    def _tell(self, done: int, total: int) -> None:
        self._told(Transfer(self._stage, done, total, self._pace.note(done)))


def _fields(made: Backup) -> dict[str, object]:
    return {
        "path": str(made.path),
        "created": made.created.isoformat(),
        "files": made.files,
        "size_bytes": made.size_bytes,
    }


def _amount(files: int, size_bytes: int) -> str:
    return f"{count_words(files, 'file')} ({size_words(size_bytes)})"
