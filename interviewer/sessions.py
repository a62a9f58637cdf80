"""The commands over what is kept of interviews."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from interviewer.options import AsJson, BankFile, Common, warn
from interviewer.printing import echo

if TYPE_CHECKING:
    from interviewer import answers
    from interviewer.core.models import Session
    from interviewer.store.database import SqlStore

sessions = typer.Typer(help="What is kept of your interviews.", no_args_is_help=True)

SessionIds = Annotated[list[str] | None, typer.Argument(metavar="SESSION_ID", show_default=False)]
Every = Annotated[bool, typer.Option("--all", help="Every session there is.")]


@contextmanager
def kept_sessions(context: typer.Context) -> Iterator[SqlStore]:
    """Open the store of the data folder, and close it."""
    from interviewer.store.database import SqlStore

    store = SqlStore.open(context.obj.data_dir)
    try:
        yield store
    finally:
        store.close()


@sessions.command("list")
def list_sessions(context: typer.Context, as_json: AsJson = False) -> None:
    """List every session, newest first."""
    with kept_sessions(context) as store:
        kept = store.sessions()
    if as_json:
        echo(json.dumps([_summary(s) for s in kept], ensure_ascii=False))
        return
    if not kept:
        echo("No interviews yet. Run `interviewer` to hold one.")
    for session in kept:
        count = len(session.attempts)
        origin = "  from elsewhere" if session.came else ""
        echo(f"{session.id}  {session.created:%Y-%m-%d %H:%M}  {count:3} answers  {session.bank_title}{origin}")


def _summary(session: Session) -> dict[str, object]:
    scored = [a.score.value for a in session.attempts if a.score and not a.score.coverage_only]
    return {
        "id": session.id,
        "created": session.created.isoformat(),
        "bank": session.bank_title,
        "mode": session.mode.value,
        "from_elsewhere": session.came is not None,
        "attempts": len(session.attempts),
        "mean_score": round(sum(scored) / len(scored), 1) if scored else None,
    }


@sessions.command()
def show(context: typer.Context, session_id: str, bank: BankFile = None, as_json: AsJson = False) -> None:
    """Show one session with its answers."""
    from interviewer.core.verdict import score_words
    from interviewer.reports.document import session_document

    with kept_sessions(context) as store:
        session = store.session(session_id)
    document = session_document(session, context.obj.bank_of_sessions(bank).question)
    if as_json:
        echo(document.model_dump_json())
        return
    echo(f"{document.bank}, {document.created:%Y-%m-%d %H:%M}, {document.mode} mode")
    for attempt, kept in zip(document.attempts, session.attempts, strict=True):
        echo(f"\n{attempt.position + 1}. {attempt.follow_up or attempt.question or attempt.question_id}")
        if kept.score:
            echo(f"   {score_words(kept.score)}")
        if attempt.transcript:
            rough = " (rough transcript: built-in recogniser)" if attempt.transcript.rough else ""
            echo(f"   {attempt.transcript.text or 'No speech was heard.'}{rough}")


@sessions.command()
def rescore(
    context: typer.Context,
    session_ids: SessionIds = None,
    every: Every = False,
    bank: BankFile = None,
    as_json: AsJson = False,
) -> None:
    """Score answers again whose score another scorer made; their texts and old scores stay."""
    from interviewer import answers

    check_choice(session_ids, every)
    entries = context.obj.bank(bank)
    count: Counter[answers.Outcome] = Counter()
    with kept_sessions(context) as store:
        found = _chosen(store, session_ids, every)
        if any(a.transcript for s in found for a in s.attempts):
            rescoring = answers.Rescoring(store, entries, context.obj.judge(), warn)
            for session in found:
                count.update(rescoring.work_off(session))
    if as_json:
        echo(json.dumps({outcome.value: count[outcome] for outcome in answers.Outcome}))
    else:
        for line in _told(count, entries.title):
            echo(line)
    if count[answers.Outcome.FAILED]:
        raise typer.Exit(1)


@sessions.command()
def retranscribe(
    context: typer.Context,
    session_ids: SessionIds = None,
    every: Every = False,
    model: Annotated[str | None, typer.Option(help="A Whisper model or checkpoint file.")] = None,
    corrected_too: Annotated[
        bool, typer.Option("--corrected-too", help="Also where somebody typed or corrected the text.")
    ] = False,
    bank: BankFile = None,
    as_json: AsJson = False,
) -> None:
    """Write recorded answers down again that another recogniser wrote down, and score them; what was kept stays."""
    from interviewer import retranscribing

    check_choice(session_ids, every)
    common: Common = context.obj
    entries = common.bank(bank)
    with kept_sessions(context) as store:
        found = _chosen(store, session_ids, every)
        make = common.recogniser(model)
        count = retranscribing.retranscribe(
            found, store, bank=entries, make=make, judge=common.judge, by_hand_too=corrected_too
        )
    if as_json:
        echo(json.dumps({outcome.value: count[outcome] for outcome in retranscribing.Outcome}))
    else:
        for line in retranscribing.told(count, entries.title):
            echo(line)
    if count[retranscribing.Outcome.FAILED]:
        raise typer.Exit(1)


def check_choice(session_ids: list[str] | None, every: bool) -> None:
    """Refuse a command line that names neither sessions nor all of them, or both."""
    if every == bool(session_ids):
        raise typer.BadParameter("name sessions, or give --all", param_hint="SESSION_ID")


def _chosen(store: SqlStore, session_ids: list[str] | None, every: bool) -> list[Session]:
    """Return sessions, whole. All are read before any model is loaded: an id that is wrong changes nothing."""
    chosen = [s.id for s in store.sessions()] if every else dict.fromkeys(session_ids or ())
    return [store.session(session_id) for session_id in chosen]


def _told(count: Counter[answers.Outcome], title: str) -> list[str]:
    """Return a line for each thing that became of answers; the first is always told."""
    from interviewer.answers import Outcome

    lines = [f"Scored again: {_answers(count[Outcome.DONE])}."]
    for outcome, words in (
        (Outcome.KEPT, "Kept, with a score of this scorer already"),
        (Outcome.LEFT, f"Left, because the question is not in the bank “{title}”"),
        (Outcome.FAILED, "Failed, and left with the score they had"),
    ):
        if count[outcome]:
            lines.append(f"{words}: {_answers(count[outcome])}.")
    return lines


def _answers(number: int) -> str:
    return f"{number} {'answer' if number == 1 else 'answers'}"
