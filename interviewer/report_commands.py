"""The commands that write sessions out, and take them in."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interviewer.options import AsJson, BankFile, Common
from interviewer.printing import echo
from interviewer.reports.forms import ABOUT, Form
from interviewer.sessions import check_choice, kept_sessions

if TYPE_CHECKING:
    from interviewer.reports.document import FindQuestion
    from interviewer.store.database import SqlStore
    from interviewer.workers.session_files import Wanted

_OUT = "A new folder, or a new file for any other format."
_TAKES_ALONG = (Form.FOLDER, Form.ZIP)


def export(
    context: typer.Context,
    out: Annotated[Path, typer.Option(help=_OUT)],
    session_id: Annotated[str | None, typer.Argument(metavar="SESSION_ID", show_default=False)] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every session: each in a folder of its own, or one table (csv).")
    ] = False,
    form: Annotated[
        Form, typer.Option("--format", help="What to write; zip is everything, for a coach.")
    ] = Form.FOLDER,
    audio: Annotated[
        bool,
        typer.Option("--audio", help="The recordings too: inside for html, joined beside srt and vtt; zip has them."),
    ] = False,
    notes: Annotated[
        bool, typer.Option("--notes/--without-notes", help="What you wrote beside the answers, too.")
    ] = True,
    bank: BankFile = None,
) -> None:
    """Write a session out: a folder with its recordings, or one file in another format. Nothing is overwritten."""
    check_choice([session_id] if session_id else None, every)
    _check_form(form, every=every, audio=audio, notes=notes)
    from interviewer.workers.session_files import Wanted

    common: Common = context.obj
    place, question = out.expanduser().absolute(), common.bank_of_sessions(bank).question
    with kept_sessions(context) as store:
        if session_id is not None:
            told, missing = _export_one(store, question, Wanted(session_id, form, place, audio=audio, notes=notes))
        elif form is Form.CSV:
            told, missing = _export_table(store, question, place), ()
        else:
            told, missing = _export_all(store, question, place)
    for name in missing:
        echo(f"interviewer: the recording {name} is no longer on the disk; its text was written.", err=True)
    echo(told)


def _check_form(form: Form, *, every: bool, audio: bool, notes: bool) -> None:
    """Raise `BadParameter` for what this format has no place for, and for what every session at once cannot have."""
    if audio and form not in _TAKES_ALONG and not ABOUT[form].sound:
        raise typer.BadParameter(f"{form.value} has no place for recordings", param_hint="--audio")
    if every and not notes:
        raise typer.BadParameter("for one session", param_hint="--without-notes")
    if every and form not in (Form.FOLDER, Form.CSV):
        raise typer.BadParameter("with --all: folder or csv", param_hint="--format")


def _export_one(store: SqlStore, question: FindQuestion, wanted: Wanted) -> tuple[str, tuple[str, ...]]:
    from interviewer.workers.session_files import write_out

    app = None
    if wanted.form is Form.PDF:
        from interviewer.reports.paper import with_fonts

        app = with_fonts()
    written = write_out(wanted, store=store, question=question)
    del app
    beside = f" and {written.sound}" if written.sound else ""
    return f"Written: {written.path}{beside}", written.missing


def _export_table(store: SqlStore, question: FindQuestion, out: Path) -> str:
    from interviewer.reports.writing import write_table

    whole = (store.session(session.id) for session in store.sessions())
    return f"Written: {write_table(whole, question, out)}"


def _export_all(store: SqlStore, question: FindQuestion, folder: Path) -> tuple[str, tuple[str, ...]]:
    from interviewer.reports.export import export_everything
    from interviewer.workers.session_files import earlier_of

    # One by one: all of them with their words may not fit into memory.
    whole = (store.session(session.id) for session in store.sessions())
    found = export_everything(whole, question, folder, earlier=partial(earlier_of, store))
    count = "1 session" if found.sessions == 1 else f"{found.sessions} sessions"
    return f"Written: {count}, listed in {found.index}", found.missing


def take_session(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A session as json or zip, as “export” writes it.")],
    as_json: AsJson = False,
) -> None:
    """Keep a session that somebody sent, with its recordings where they came along. Nothing is overwritten."""
    from interviewer.workers.session_files import take_in

    common: Common = context.obj
    with kept_sessions(context) as store:
        kept = take_in(file.expanduser(), data=common.data_dir, store=store)
    for name in kept.missing:
        echo(f"interviewer: the recording {name} did not come along; its text was kept.", err=True)
    if as_json:
        fields = {"session": kept.session_id, "answers": kept.answers, "recordings": kept.recordings}
        echo(json.dumps(fields, ensure_ascii=False))
    else:
        echo(f"Kept: {kept.session_id}, {kept.told()}.")
