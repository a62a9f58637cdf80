"""The commands: each a few lines over what the window uses too."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interviewer.core import paths
from interviewer.core.errors import BankError, InputError

if TYPE_CHECKING:
    # The window opens through here: what it does not need at once waits for its command.
    from interviewer.core.models import Bank, Question, Score, Session, Transcript
    from interviewer.core.settings import Settings
    from interviewer.store.database import SqlStore

commands = typer.Typer(
    name="interviewer",
    help="A voice-driven mock interviewer. Without a command, the window opens.",
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
sessions = typer.Typer(help="What is kept of your interviews.", no_args_is_help=True)
models = typer.Typer(help="The Whisper models on this machine.", no_args_is_help=True)
commands.add_typer(sessions, name="sessions")
commands.add_typer(models, name="models")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
BankFile = Annotated[Path | None, typer.Option("--bank", help="A question bank; the shipped one otherwise.")]


@dataclass(frozen=True, slots=True)
class Common:
    """What every command knows."""

    data_dir: Path
    verbose: bool

    @property
    def settings(self) -> Settings:
        """The settings; what is wrong with them is told, and changes nothing on disk."""
        from interviewer.core import settings

        found = settings.load(self.data_dir)
        if found.problem is not None:
            typer.echo(f"interviewer: {found.problem.told()}", err=True)
        return found.settings

    def write_down(self, file: Path, terms: tuple[str, ...], model: str | None = None) -> Transcript:
        """Write a sound file down with the named model, else the settings' one."""
        from interviewer import answers

        return answers.write_down(file, terms, model=model or self.settings.whisper_model, data_dir=self.data_dir)

    def bank(self, chosen: Path | None) -> Bank:
        """Return the bank named on the command line, else in the settings, else the shipped one."""
        from interviewer.core.bank import load_bank

        from_settings = self.settings.bank
        return load_bank(chosen or (Path(from_settings) if from_settings else paths.shipped_bank()))

    def bank_of_sessions(self, chosen: Path | None) -> Bank:
        """Return the bank as `bank` does; one that cannot be used hides no session: the shipped one is taken."""
        from interviewer.core.bank import load_bank

        try:
            return self.bank(chosen)
        except BankError as error:
            if chosen is not None:
                raise
            typer.echo(f"interviewer: {error.told()}", err=True)
            return load_bank(paths.shipped_bank())


@commands.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    data_dir: Annotated[
        str | None,
        typer.Option(metavar="DIRECTORY", envvar=paths.DATA_DIR_VARIABLE, help="Where everything of yours is kept."),
    ] = None,
    or_demo: Annotated[
        Path | None,
        typer.Option(help="Hold the demo in this folder where there is no screen or no sound device."),
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Tell on standard error what happens.")] = False,
) -> None:
    """Open the window."""
    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.ERROR, format="%(asctime)s %(name)s: %(message)s", stream=sys.stderr
    )
    if verbose:
        # Alembic and Qt talk a lot; what matters is our own.
        logging.getLogger("alembic").setLevel(logging.WARNING)
    context.obj = Common(paths.data_dir(data_dir), verbose)
    if version:
        from importlib.metadata import version as installed

        typer.echo(installed("interviewer"))
    elif context.invoked_subcommand is None:
        _open(context.obj, or_demo)


def _open(common: Common, or_demo: Path | None) -> None:
    from interviewer import doctor
    from interviewer.opening import run

    missing = doctor.missing_for_window() if or_demo else None
    if missing and or_demo:
        typer.echo(f"{missing} Holding the demo interview instead; it usually takes about three minutes.")
        _hold_demo(or_demo, 3)
    else:
        raise typer.Exit(run(common.data_dir))


@commands.command()
def demo(
    out: Annotated[Path, typer.Option(help="Folder for session.json, the recordings and the screenshots.")],
    questions: Annotated[int, typer.Option(min=1, max=6, help="How many questions are asked.")] = 3,
) -> None:
    """Hold a whole interview with a virtual candidate: no microphone, screen or network needed."""
    _hold_demo(out, questions)


def _hold_demo(out: Path, questions: int) -> None:
    from interviewer.demo import hold

    hold(out.expanduser().absolute(), questions, say=typer.echo)


@commands.command()
def score(
    context: typer.Context,
    question: Annotated[str | None, typer.Option(help="Id of a question of the bank.")] = None,
    text: Annotated[str | None, typer.Option(help="The answer, as text.")] = None,
    audio: Annotated[Path | None, typer.Option(help="The answer, as a sound file.")] = None,
    batch: Annotated[Path | None, typer.Option(help="Score a file with one JSON object a line.")] = None,
    bank: BankFile = None,
    as_json: AsJson = False,
) -> None:
    """Score an answer: --question ID with --text or --audio, or --batch FILE."""
    from interviewer import answers

    if batch is not None:
        if question or text or audio or bank:
            raise typer.BadParameter("--batch stands alone", param_hint="--batch")
        lines = answers.read_batch(batch)
        for line in answers.score_lines(answers.Judge(), lines):
            typer.echo(line)
        return
    if question is None or (text is None) == (audio is None):
        raise typer.BadParameter("give --question and one of --text and --audio", param_hint="--question")
    entry = _entry(context.obj.bank(bank), question)
    said = text if text is not None else ""
    if audio is not None:
        said = context.obj.write_down(audio, entry.terms).text
    result = answers.Judge().judge(entry, said)
    if as_json:
        fields = {"question": entry.id, "text": said, **answers.score_fields(result)}
        typer.echo(json.dumps(fields, ensure_ascii=False))
    else:
        _print_score(result)


def _print_score(result: Score) -> None:
    typer.echo(f"{result.shown} of 100: {result.label}")
    for note in result.notes:
        typer.echo(f"  {note}")
    for point in result.points:
        typer.echo(f"  {point.coverage.value:8} {point.text}")
        if point.evidence:
            typer.echo(f"           nearest: {point.evidence}")


def _entry(bank: Bank, question_id: str) -> Question:
    found = bank.question(question_id)
    if found is None:
        ids = ", ".join(q.id for q in bank.questions[:30])
        raise InputError(f'The bank "{bank.title}" has no question "{question_id}"', hint=f"Its questions: {ids}.")
    return found


@commands.command()
def transcribe(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A sound file.")],
    model: Annotated[str | None, typer.Option(help="A Whisper model or checkpoint file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write a sound file down."""
    from interviewer.reports.document import transcript_document

    written = context.obj.write_down(file, (), model)
    if as_json:
        fields = {"file": str(file), **transcript_document(written).model_dump(mode="json")}
        typer.echo(json.dumps(fields, ensure_ascii=False))
        return
    if written.rough:
        typer.echo("rough transcript: built-in recogniser", err=True)
    typer.echo(written.text or "(no speech heard)")


# --- sessions --------------------------------------------------------------------------


@contextmanager
def _kept(context: typer.Context) -> Iterator[SqlStore]:
    from interviewer.store.database import SqlStore

    store = SqlStore.open(context.obj.data_dir)
    try:
        yield store
    finally:
        store.close()


@sessions.command("list")
def list_sessions(context: typer.Context, as_json: AsJson = False) -> None:
    """List every session, newest first."""
    with _kept(context) as store:
        kept = store.sessions()
    if as_json:
        typer.echo(json.dumps([_summary(s) for s in kept], ensure_ascii=False))
        return
    if not kept:
        typer.echo("No interviews yet. Run `interviewer` to hold one.")
    for session in kept:
        count = len(session.attempts)
        typer.echo(f"{session.id}  {session.created:%Y-%m-%d %H:%M}  {count:3} answers  {session.bank_title}")


def _summary(session: Session) -> dict[str, object]:
    scored = [a.score.value for a in session.attempts if a.score]
    return {
        "id": session.id,
        "created": session.created.isoformat(),
        "bank": session.bank_title,
        "mode": session.mode.value,
        "attempts": len(session.attempts),
        "mean_score": round(sum(scored) / len(scored), 1) if scored else None,
    }


@sessions.command()
def show(context: typer.Context, session_id: str, bank: BankFile = None, as_json: AsJson = False) -> None:
    """Show one session with its answers."""
    from interviewer.core.models import in_steps
    from interviewer.reports.document import session_document

    with _kept(context) as store:
        session = store.session(session_id)
    document = session_document(session, context.obj.bank_of_sessions(bank).question)
    if as_json:
        typer.echo(document.model_dump_json())
        return
    typer.echo(f"{document.bank}, {document.created:%Y-%m-%d %H:%M}, {document.mode} mode")
    for attempt in document.attempts:
        typer.echo(f"\n{attempt.position + 1}. {attempt.follow_up or attempt.question or attempt.question_id}")
        if attempt.score:
            typer.echo(f"   {in_steps(attempt.score.value)} of 100: {attempt.score.label}")
        if attempt.transcript:
            rough = " (rough transcript: built-in recogniser)" if attempt.transcript.rough else ""
            typer.echo(f"   {attempt.transcript.text or 'No speech was heard.'}{rough}")


@sessions.command()
def export(
    context: typer.Context,
    session_id: str,
    out: Annotated[Path, typer.Option(help="A new folder for session.json and the recordings.")],
    bank: BankFile = None,
) -> None:
    """Write a session and its recordings into a folder."""
    from interviewer.reports.export import export_session

    with _kept(context) as store:
        session = store.session(session_id)
    written = export_session(session, context.obj.bank_of_sessions(bank).question, out.expanduser().absolute())
    for name in written.missing:
        typer.echo(f"interviewer: the recording {name} is no longer on the disk; its text was written.", err=True)
    typer.echo(f"Written: {written.document}")


# --- models and devices ------------------------------------------------------------------


@models.command("list")
def list_models(context: typer.Context, as_json: AsJson = False) -> None:
    """List the Whisper models: which are here, and how large the others are."""
    from interviewer.engines.whisper_files import survey

    found = survey(context.obj.data_dir)
    if as_json:
        fields = [
            {"name": m.name, "present": m.present, "path": str(m.path or ""), "size_mb": m.size_mb} for m in found
        ]
        typer.echo(json.dumps(fields, ensure_ascii=False))
        return
    for m in found:
        typer.echo(f"{m.name:16} {m.size_mb:5} MB  {m.languages:12} {m.path or 'not on this machine'}")
    typer.echo(f"Looked for in {paths.models_dir(context.obj.data_dir)} and {paths.whisper_cache_dir()}.")
    if os.environ.get(paths.WHISPER_MODEL_VARIABLE):
        typer.echo(f"{paths.WHISPER_MODEL_VARIABLE} asks for {os.environ[paths.WHISPER_MODEL_VARIABLE]}.")


@models.command()
def verify(context: typer.Context) -> None:
    """Check every model file on this machine against its published hash."""
    from interviewer.doctor import verify_models

    results = verify_models(context.obj.data_dir)
    for line, _ in results:
        typer.echo(line)
    if not all(good for _, good in results):
        raise typer.Exit(1)


@commands.command("doctor")
def examine(context: typer.Context, as_json: AsJson = False) -> None:
    """Tell for each device, voice, model and library whether it is there, or what to do."""
    from interviewer.doctor import examine as examine_machine

    checks = examine_machine(context.obj.data_dir)
    if as_json:
        typer.echo(json.dumps([asdict(c) for c in checks], ensure_ascii=False))
    else:
        for check in checks:
            mark = "ok " if check.present else ("-- " if check.optional else "NO ")
            typer.echo(f"{mark} {check.name}: {check.detail}")
            if not check.present and check.hint:
                typer.echo(f"       {check.hint}")
    if any(not c.present and not c.optional for c in checks):
        raise typer.Exit(1)
