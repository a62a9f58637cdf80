"""The commands that delete: an answer, an interview, old ones, everything. Each says first what would go."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from interviewer.core.errors import InputError, InterviewerError, StoreError
from interviewer.core.removal import Removed, count_words
from interviewer.core.retention import older_than as ids_older_than
from interviewer.core.transfers import size_words
from interviewer.folder_lock import folder_held
from interviewer.options import AsJson, Common, warn
from interviewer.printing import echo
from interviewer.sessions import Every, SessionIds, check_choice, kept_sessions, sessions

if TYPE_CHECKING:
    from interviewer.core.models import Attempt, Session

Yes = Annotated[bool, typer.Option("--yes", help="Delete without asking.")]
BackupsToo = Annotated[
    bool,
    typer.Option(
        "--backups-too",
        help="Then make a new backup and remove all older ones; damaged databases and folders set aside stay.",
    ),
]


@sessions.command("delete")
def delete_sessions(
    context: typer.Context,
    session_ids: SessionIds = None,
    older_than: Annotated[
        int | None, typer.Option(min=1, max=36_500, metavar="DAYS", help="Every finished one that is older.")
    ] = None,
    yes: Yes = False,
    backups_too: BackupsToo = False,
    as_json: AsJson = False,
) -> None:
    """Delete interviews for good: answers, texts, scores and recordings. Asks first, unless --yes is given."""
    if (older_than is None) == (not session_ids):
        raise typer.BadParameter("name sessions, or give --older-than DAYS", param_hint="SESSION_ID")
    common: Common = context.obj
    say = partial(echo, err=as_json)
    with folder_held(common.data_dir), kept_sessions(context) as store:
        every = store.sessions()
        if older_than is None:
            going = [_named(every, session_id) for session_id in dict.fromkeys(session_ids or ())]
        else:
            old = ids_older_than(every, days=older_than, now=datetime.now(UTC))
            going = [session for session in every if session.id in old]
            if not going:
                say(f"No finished interview is older than {count_words(older_than, 'day')}.")
        for session in going:
            say(_session_line(session))
        if going:
            _agree(yes, f"Delete {count_words(len(going), 'interview')} for good?")
        removed = store.delete_sessions([session.id for session in going]) if going else Removed()
        since = min((session.created for session in going), default=None)
        _close(common, removed, since, backups_too=backups_too, as_json=as_json)


@sessions.command("delete-answer")
def delete_answers(
    context: typer.Context,
    answer_ids: Annotated[list[str], typer.Argument(metavar="ANSWER_ID...", show_default=False)],
    yes: Yes = False,
    backups_too: BackupsToo = False,
    as_json: AsJson = False,
) -> None:
    """Delete single answers for good; `interviewer sessions show ID --json` names them. Asks first, unless --yes."""
    common: Common = context.obj
    say = partial(echo, err=as_json)
    with folder_held(common.data_dir), kept_sessions(context) as store:
        going = [store.attempt(answer_id) for answer_id in dict.fromkeys(answer_ids)]
        for attempt in going:
            say(_attempt_line(attempt))
        _agree(yes, f"Delete {count_words(len(going), 'answer')} for good?")
        removed = store.delete_attempts([attempt.id for attempt in going])
        since = min(attempt.created for attempt in going)
        _close(common, removed, since, backups_too=backups_too, as_json=as_json)


@sessions.command()
def compress(
    context: typer.Context, session_ids: SessionIds = None, every: Every = False, as_json: AsJson = False
) -> None:
    """Keep recordings as FLAC: about half the size, the same sound bit for bit."""
    from interviewer.store.compress import compress as compress_recording

    check_choice(session_ids, every)
    common: Common = context.obj
    done, before, after, failed = 0, 0, 0, 0
    with folder_held(common.data_dir), kept_sessions(context) as store:
        there = store.sessions()
        chosen = there if every else [_named(there, name) for name in dict.fromkeys(session_ids or ())]
        for attempt in (a for session in chosen for a in session.attempts if a.transcript is not None):
            size = _recording_bytes(attempt)
            try:
                clip = compress_recording(store, attempt)
            except StoreError as error:
                warn(error)
                failed += 1
                continue
            if clip is not None:
                done, before, after = done + 1, before + size, after + clip.path.stat().st_size
    if as_json:
        echo(json.dumps({"compressed": done, "failed": failed, "bytes_before": before, "bytes_after": after}))
    else:
        sizes = f": {size_words(before)} are {size_words(after)} now" if done else ""
        echo(f"Compressed: {count_words(done, 'recording')}{sizes}.")
    if failed:
        raise typer.Exit(1)


def delete_everything(
    context: typer.Context,
    with_models: Annotated[bool, typer.Option("--models", help="Also the Whisper models in the data folder.")] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Delete everything that is kept of you: interviews, recordings, settings, logs, backups, caches. Asks first."""
    from interviewer.store.removal import everything, remove_everything

    common: Common = context.obj
    say = partial(echo, err=as_json)
    with folder_held(common.data_dir):
        folder = common.backup_folder
        going = everything(common.data_dir, folder, models=with_models)
        if going.files:
            _list(going.files, say)
            count = count_words(len(going.files), "file")
            say(f"{count} ({size_words(going.size_bytes)}), backups counted as one each.")
            _agree(yes, "Delete all this for good?")
        removed = remove_everything(common.data_dir, folder, models=with_models)
    if as_json:
        echo(json.dumps(_fields(removed), ensure_ascii=False))
        return
    echo(removed.told())
    _list(removed.left, say)
    echo("Copies that you made yourself (exports, archives of backups) are where you put them.")


def _close(common: Common, removed: Removed, since: datetime | None, *, backups_too: bool, as_json: bool) -> None:
    """Tell what was removed, and of the copies that may still hold it; remove these where that is wanted."""
    from interviewer.store import copies

    data, folder = common.data_dir, common.backup_folder
    dropped, problem = Removed(), None
    held: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    try:
        aside = copies.spared(data, since) if since is not None else ()
        if backups_too and since is not None:
            dropped = copies.renew(data, folder, now=datetime.now(UTC))
            held = dropped.left
        elif since is not None:
            held = copies.made_since(data, folder, since)
    except InterviewerError as error:
        problem = error
    if as_json:
        fields = {**_fields(removed), "copies_removed": list(dropped.files), "copies_left": [*held, *aside]}
        echo(json.dumps(fields, ensure_ascii=False))
    else:
        _tell(removed, dropped, held, backups_too=backups_too)
        _tell_aside(aside)
    if problem is not None:
        # The deletion itself is done, and told.
        raise problem


def _tell(removed: Removed, dropped: Removed, held: Sequence[str], *, backups_too: bool) -> None:
    _list(removed.files, echo)
    echo(removed.told())
    _list(removed.left, echo)
    if dropped.files:
        echo(f"Copies removed after a new backup was made: {len(dropped.files)}.")
    if held:
        ways = "They could not be removed." if backups_too else "With --backups-too they are removed as well."
        echo(f"Copies that may still hold what was deleted: {len(held)}. {ways}")
        _list(held, echo)


def _tell_aside(aside: Sequence[str]) -> None:
    if aside:
        echo("What was deleted may still be in these, which may be the only place of other interviews and so stay:")
        _list(aside, echo)


def _list(names: Sequence[str], say: Callable[[str], object]) -> None:
    for name in names:
        say(f"  {name}")


def _fields(removed: Removed) -> dict[str, object]:
    return {
        "sessions": list(removed.sessions),
        "attempts": list(removed.attempts),
        "files": list(removed.files),
        "size_bytes": removed.size_bytes,
        "left": list(removed.left),
    }


def _agree(yes: bool, question: str) -> None:
    """Go on only when the user agrees. Raises InputError where nobody can be asked."""
    if yes:
        return
    if not sys.stdin.isatty():
        hint = "Look at the list above, then give --yes to delete without being asked."
        raise InputError("Nothing was deleted, for there is no terminal to ask you on", hint=hint)
    if not typer.confirm(question, err=True):
        echo("Nothing was deleted.", err=True)
        raise typer.Exit(1)


def _named(every: Sequence[Session], session_id: str) -> Session:
    found = next((session for session in every if session.id == session_id), None)
    if found is None:
        hint = "Nothing was changed; `interviewer sessions list` names those there are."
        raise InputError(f"There is no session {session_id!r}", hint=hint)
    return found


def _session_line(session: Session) -> str:
    size = size_words(sum(map(_recording_bytes, session.attempts)))
    count = count_words(len(session.attempts), "answer")
    return f"{session.id}  {session.created:%Y-%m-%d %H:%M}  {count}, recordings {size}  {session.bank_title}"


def _attempt_line(attempt: Attempt) -> str:
    typed = attempt.transcript is not None and attempt.transcript.engine == "typed"
    unrecorded = "typed" if typed else "no recording"
    sound = f"recording {size_words(_recording_bytes(attempt))}" if attempt.clip else unrecorded
    return f"{attempt.id}  {attempt.created:%Y-%m-%d %H:%M}  {sound}  {attempt.question_id}"


def _recording_bytes(attempt: Attempt) -> int:
    try:
        return attempt.clip.path.lstat().st_size if attempt.clip else 0
    except OSError:
        return 0
