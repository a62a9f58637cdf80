"""The commands: each a few lines over what the window uses too."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interviewer.backup_commands import backup, finish_restore, restore
from interviewer.core import paths
from interviewer.core.errors import InputError
from interviewer.core.logs import log_to_stderr
from interviewer.model_commands import models
from interviewer.options import AsJson, BankFile, Common
from interviewer.printing import echo
from interviewer.removal_commands import delete_everything
from interviewer.report_commands import export, take_session
from interviewer.sessions import sessions

if TYPE_CHECKING:
    # The window opens through here: what it does not need at once waits for its command.
    from interviewer.core.models import Bank, Question, Score

commands = typer.Typer(
    name="interviewer",
    help="A voice-driven mock interviewer. Without a command, the window opens.",
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
sessions.command()(export)
sessions.command("import")(take_session)
commands.add_typer(sessions, name="sessions")
commands.add_typer(models, name="models")
commands.command()(delete_everything)
commands.command()(backup)
commands.command()(restore)


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
    log_to_stderr(logging.DEBUG if verbose else logging.ERROR)
    if verbose:
        # Alembic and Qt talk a lot; what matters is our own.
        logging.getLogger("alembic").setLevel(logging.WARNING)
    context.obj = Common(paths.data_dir(data_dir), verbose)
    if version:
        from importlib.metadata import version as installed

        echo(installed("interviewer"))
    elif context.invoked_subcommand is None:
        _open(context.obj, or_demo)
    else:
        finish_restore(context.obj.data_dir)


def _open(common: Common, or_demo: Path | None) -> None:
    from interviewer import doctor
    from interviewer.opening import run

    missing = doctor.missing_for_window() if or_demo else None
    if missing and or_demo:
        echo(f"{missing} Holding the demo interview instead; it usually takes about three minutes.")
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

    hold(out.expanduser().absolute(), questions, say=echo)


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
    from interviewer.core.bank import neighbours
    from interviewer.core.models import Transcript
    from interviewer.core.text import unbroken

    if batch is not None:
        if question or text or audio or bank:
            raise typer.BadParameter("--batch stands alone", param_hint="--batch")
        lines = answers.read_batch(batch)
        for line in answers.score_lines(context.obj.judge(), lines):
            echo(line)
        return
    if question is None or (text is None) == (audio is None):
        raise typer.BadParameter("give --question and one of --text and --audio", param_hint="--question")
    entries = context.obj.bank(bank)
    entry = _entry(entries, question)
    # Bytes of the command line that are no text come as halves of characters, which cannot be printed either.
    said = Transcript(unbroken(text or "")) if audio is None else context.obj.write_down(audio, entry.terms)
    result = context.obj.judge().judge(entry, said.text, doubt=said.doubt, beside=neighbours(entries, entry))
    if as_json:
        fields = {"question": entry.id, "text": said.text, **answers.score_fields(result)}
        echo(json.dumps(fields, ensure_ascii=False))
    else:
        _print_score(result)


def _print_score(result: Score) -> None:
    from interviewer.core import verdict

    echo(verdict.score_words(result))
    below = (verdict.about(result),) if result.coverage_only else (result.next_step, *result.notes)
    for line in filter(None, below):
        echo(f"  {line}")
    words = [verdict.state_word(p).lower() for p in result.points]
    width = max(map(len, words), default=0)
    for word, point in zip(words, result.points, strict=True):
        echo(f"  {word:{width}}  {point.text}")
        if point.evidence:
            echo(f"  {'':{width}}  {verdict.evidence_words(point)}")


def _entry(bank: Bank, question_id: str) -> Question:
    found = bank.question(question_id)
    if found is None:
        ids = ", ".join(q.id for q in bank.questions[:30])
        raise InputError(f'The bank "{bank.title}" has no question "{question_id}"', hint=f"Its questions: {ids}.")
    return found


@commands.command()
def transcribe(
    context: typer.Context,
    sources: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Sound files, and folders of them.")],
    model: Annotated[str | None, typer.Option(help="A Whisper model or checkpoint file.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Add a line of JSON for each file to the end of this one; run again, it goes on where it stopped."
        ),
    ] = None,
    recursive: Annotated[bool, typer.Option("--recursive", help="Look into the folders of a folder, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write sound files down: one, several, or every one in a folder."""
    from interviewer import transcribing
    from interviewer.reports.document import transcript_document

    if not transcribing.is_one_file(sources, out):
        make = context.obj.recogniser(model)
        if not transcribing.transcribe(sources, make=make, out=out, as_json=as_json, recursive=recursive):
            raise typer.Exit(1)
        return
    written = context.obj.write_down(sources[0], (), model)
    if as_json:
        fields = {"file": str(sources[0]), **transcript_document(written).model_dump(mode="json")}
        echo(json.dumps(fields, ensure_ascii=False))
        return
    if written.rough:
        echo("rough transcript: built-in recogniser", err=True)
    echo(written.text or "(no speech heard)")


@commands.command()
def calibrate(
    context: typer.Context,
    data: Annotated[
        Path, typer.Option(help="Graded answers: an object a line, with prompt, reference, answer, grade.")
    ],
    out: Annotated[Path | None, typer.Option(help="Where to keep it, if not where the scorer looks.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make scores of the settings' sentence model mean what people's grades mean."""
    from interviewer.calibrate import calibrate as make
    from interviewer.engines import catalog

    common: Common = context.obj
    # Standard output is for the result alone where a program reads it.
    say = partial(echo, err=as_json)
    file = out.expanduser().absolute() if out else None
    made = make(data, model=common.settings.sentence_model, data_dir=common.data_dir, out=file, say=say)
    if as_json:
        kept = str(file or catalog.own_calibration(made.model, common.data_dir))
        fields = {**made.model_dump(mode="json", include={"model", "answers", "questions", "pearson"}), "file": kept}
        echo(json.dumps(fields, ensure_ascii=False))
        return
    agreement = "" if made.pearson is None else f"; correlation with the grades {made.pearson:.3f}, questions held out"
    echo(f"Made of {made.answers} answers to {made.questions} questions{agreement}.")


@commands.command("doctor")
def examine(context: typer.Context, as_json: AsJson = False) -> None:
    """Tell for each device, voice, model and library whether it is there, or what to do."""
    from interviewer.doctor import examine as examine_machine

    checks = examine_machine(context.obj.data_dir)
    if as_json:
        echo(json.dumps([asdict(c) for c in checks], ensure_ascii=False))
    else:
        for check in checks:
            mark = "ok " if check.present else ("-- " if check.optional else "NO ")
            echo(f"{mark} {check.name}: {check.detail}")
            if not check.present and check.hint:
                echo(f"       {check.hint}")
    if any(not c.present and not c.optional for c in checks):
        raise typer.Exit(1)
