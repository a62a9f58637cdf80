"""The commands over Whisper's weights: what is here, and how it comes and goes."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from interviewer.core import paths
from interviewer.core.errors import Cancelled
from interviewer.core.transfers import Stage, Transfer, size_words, transfer_words
from interviewer.options import AsJson, Common
from interviewer.printing import echo

if TYPE_CHECKING:
    from interviewer.engines.whisper_files import WhisperModel

models = typer.Typer(help="The Whisper models on this machine.", no_args_is_help=True)

LINE_EVERY_S = 5.0
"""How often a line is printed where nobody watches a terminal."""
ERASE = "\r\x1b[K"

Name = Annotated[str, typer.Argument(metavar="NAME", help="A model as `interviewer models list` names it.")]
Proxy = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Proxy to use; otherwise the settings' one, otherwise the system's."),
]


class Told:
    """Tells on standard error how far it is: one line that changes on a terminal, else a line now and then."""

    def __init__(self, what: str, stream: TextIO | None = None, *, clock: Callable[[], float] = monotonic) -> None:
        self._what = what
        self._stream = stream or sys.stderr
        self._clock = clock
        self._live = self._stream.isatty()
        self._last: tuple[Stage, float] | None = None

    def __call__(self, transfer: Transfer) -> None:
        """Tell it, unless that is too soon after the last time."""
        line = f"{self._what}: {transfer_words(transfer)}"
        if self._live:
            self._write(f"{ERASE}{line[: shutil.get_terminal_size().columns - 1]}")
            return
        now_s = self._clock()
        if self._last is None or self._last[0] is not transfer.stage or now_s - self._last[1] >= LINE_EVERY_S:
            self._last = (transfer.stage, now_s)
            self._write(f"{line}\n")

    def clear(self) -> None:
        """Take the line that changes away, so that something else can be printed."""
        if self._live:
            self._write(ERASE)

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


@models.command("list")
def list_models(context: typer.Context, as_json: AsJson = False) -> None:
    """List the Whisper models: which are here, how large the others are, and what to expect of each."""
    from interviewer.engines.whisper_files import survey

    common: Common = context.obj
    found = survey(common.data_dir)
    if as_json:
        echo(json.dumps([_fields(m) for m in found], ensure_ascii=False))
        return
    for m in found:
        size = size_words(m.size_mb * 1e6)
        echo(f"{m.name:16} {size:>7}  {m.languages:13} {m.path or _absent(m)}")
        echo(f"{'':16} {m.expect}")
    echo(f"Looked for in {paths.models_dir(common.data_dir)} and {paths.whisper_cache_dir()}.")
    if os.environ.get(paths.WHISPER_MODEL_VARIABLE):
        echo(f"{paths.WHISPER_MODEL_VARIABLE} asks for {os.environ[paths.WHISPER_MODEL_VARIABLE]}.")


def _absent(model: WhisperModel) -> str:
    part = f", but {size_words(model.part_bytes)} of it have come" if model.part_bytes else ""
    return f"not on this machine{part}"


def _fields(model: WhisperModel) -> dict[str, object]:
    from interviewer.engines.fetch_whisper import address_of

    return {
        "name": model.name,
        "present": model.present,
        "path": str(model.path or ""),
        "size_mb": model.size_mb,
        "languages": model.languages,
        "expect": model.expect,
        "part_bytes": model.part_bytes,
        "sha256": model.sha256,
        "address": address_of(model.name) if model.sha256 else None,
    }


@models.command()
def download(context: typer.Context, name: Name, proxy: Proxy = None, as_json: AsJson = False) -> None:
    """Download a model; run again after anything that stopped it, it goes on where it was."""
    from interviewer.engines.fetch_whisper import Fetcher, known

    common: Common = context.obj
    model, facts = known(name)
    fetcher = Fetcher(proxy=common.settings.proxy if proxy is None else proxy)
    told = Told(model)
    try:
        path = fetcher.fetch(model, paths.models_dir(common.data_dir), tell=told)
    except KeyboardInterrupt:
        raise _stopped(model, common.data_dir) from None
    finally:
        told.clear()
    _present(common, model, path, facts.sha256, as_json=as_json)


@models.command()
def add(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A Whisper checkpoint.")],
    as_json: AsJson = False,
) -> None:
    """Copy a checkpoint file into our models folder, once it is known to be one."""
    from interviewer.engines.keep_whisper import bring
    from interviewer.engines.whisper_files import find, published

    common: Common = context.obj
    told = Told(file.name)
    try:
        name = bring(file, common.data_dir, tell=told)
    except KeyboardInterrupt:
        raise Cancelled("Stopped", hint="Nothing was changed.") from None
    finally:
        told.clear()
    facts = published(name)
    _present(common, name, find(name, common.data_dir), facts.sha256 if facts else None, as_json=as_json)


@models.command()
def verify(context: typer.Context, as_json: AsJson = False) -> None:
    """Check every model file on this machine against its published hash."""
    from interviewer.doctor import verify_models

    results = verify_models(context.obj.data_dir)
    if as_json:
        fields = [{"told": line.partition("  ")[2].strip(), "whole": good} for line, good in results]
        echo(json.dumps(fields, ensure_ascii=False))
    else:
        for line, _ in results:
            echo(line)
    if not all(good for _, good in results):
        raise typer.Exit(1)


@models.command()
def delete(context: typer.Context, name: Name, as_json: AsJson = False) -> None:
    """Delete a model from our models folder, and what came of a download of it; a file elsewhere never."""
    from interviewer.engines.keep_whisper import delete as delete_model

    gone = delete_model(name, context.obj.data_dir)
    if as_json:
        echo(json.dumps([{"path": str(d.path), "size_bytes": d.size_bytes} for d in gone], ensure_ascii=False))
        return
    for deleted in gone:
        echo(f"Deleted: {deleted.path} ({size_words(deleted.size_bytes)})")


@models.command()
def where(context: typer.Context, as_json: AsJson = False) -> None:
    """Tell in which folders models are looked for, where they are downloaded from, and which is in use."""
    from interviewer.engines import catalog
    from interviewer.engines.fetch_whisper import base_address

    common: Common = context.obj
    told = {
        "models": str(paths.models_dir(common.data_dir)),
        "whisper_cache": str(paths.whisper_cache_dir()),
        "downloads": base_address(),
        "chosen": catalog.wanted_model(common.settings.whisper_model),
    }
    if as_json:
        echo(json.dumps(told, ensure_ascii=False))
        return
    echo(f"Ours, where downloads go: {told['models']}")
    echo(f"The whisper package's own: {told['whisper_cache']}")
    echo(f"Downloaded from: {told['downloads']}")
    echo(f"Chosen: {told['chosen']}")


def _present(common: Common, name: str, path: Path, sha256: str | None, *, as_json: bool) -> None:
    """Tell that a model is here now, and how to use it where another is chosen."""
    from interviewer.engines.whisper_files import ALIASES

    if as_json:
        fields = {"name": name, "path": str(path), "size_bytes": path.stat().st_size, "sha256": sha256}
        echo(json.dumps(fields, ensure_ascii=False))
        return
    hash_words = "its published hash is right" if sha256 else "nobody published a hash to compare it with"
    echo(f"Here: {path} ({size_words(path.stat().st_size)}; {hash_words})")
    chosen = common.settings.whisper_model
    if ALIASES.get(chosen, chosen) != name:
        echo(f"The settings choose {chosen}; choose this one under Settings, Recognition.")


def _stopped(model: str, data_dir: Path) -> Cancelled:
    from interviewer.engines.whisper_files import part_of

    part = part_of(paths.models_dir(data_dir) / f"{model}.pt")
    kept = size_words(part.stat().st_size) if part.exists() else ""
    again = f"`interviewer models download {model}` goes on from there."
    return Cancelled("Stopped", hint=f"{kept} are kept: {again}" if kept else "Nothing had come yet.")
