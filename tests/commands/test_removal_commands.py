"""The commands that delete: what they say before and after, and when they refuse."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer

from interviewer.core.models import Attempt, Mode, Session, Transcript
from interviewer.folder_lock import folder_held
from interviewer.one_window import hold
from interviewer.store import backup, copies
from interviewer.store.backup import back_up, backups
from interviewer.store.database import SqlStore
from tests.commands.running import NOON, Run, keep_session

ANSWER = "s1-01-0002"
NOW = datetime.now(UTC)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with one session of one answer."""
    keep_session(tmp_path / "data")
    return tmp_path / "data"


def begin(data: Path, name: str, created: datetime, *, finished: bool = True) -> None:
    with closing(SqlStore.open(data)) as store:
        store.begin_session(Session(name, created, "FastAPI developer", Mode.PRACTICE, ("pydantic",)))
        if finished:
            store.finish_session(name, created)


def ids(data: Path) -> list[str]:
    with closing(SqlStore.open(data)) as store:
        return [session.id for session in store.sessions()]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Somebody sits there and answers with what the list holds; the list then holds what was asked."""
    answers: list[str] = ["y"]

    def confirm(question: str, **_: object) -> bool:
        answer = answers.pop()
        answers.append(question)
        return answer == "y"

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(typer, "confirm", confirm)
    return answers


# --- interviews ----------------------------------------------------------------------------------


def test_an_interview_is_deleted_and_what_was_removed_is_listed(run: Run, data: Path) -> None:
    told = run("sessions", "delete", "s1", "--yes")
    assert told.code == 0
    assert f"  recordings/s1/{ANSWER}.wav\n" in told.out
    assert "Removed: 1 interview, 1 answer and 2 files (3 kB).\n" in told.out
    assert ids(data) == []
    assert not (data / "recordings" / "s1").exists()


def test_as_json_only_json_is_on_standard_output(run: Run, data: Path) -> None:
    told = json.loads(run("sessions", "delete", "s1", "--yes", "--json").out)
    assert (told["sessions"], told["attempts"], told["left"]) == (["s1"], [ANSWER], [])
    assert set(told["files"]) == {f"recordings/s1/{ANSWER}.wav", "recordings/s1/session.json"}
    assert (told["copies_removed"], told["copies_left"]) == ([], [])


def test_without_a_terminal_it_says_what_would_go_and_refuses(run: Run, data: Path) -> None:
    told = run("sessions", "delete", "s1")
    assert told.code == 1
    assert told.out.startswith("s1  2026-11-22 12:00  1 answer, recordings 3 kB")
    assert "--yes" in told.err
    assert ids(data) == ["s1"]


def test_an_interview_without_its_recording_is_listed_and_deleted(run: Run, data: Path) -> None:
    (data / "recordings" / "s1" / f"{ANSWER}.wav").unlink()
    told = run("sessions", "delete", "s1", "--yes")
    assert told.out.startswith("s1  2026-11-22 12:00  1 answer, recordings 0 kB")
    assert ids(data) == []


def test_who_sits_at_the_terminal_is_asked(run: Run, data: Path, terminal: list[str]) -> None:
    assert run("sessions", "delete", "s1").code == 0
    assert terminal == ["Delete 1 interview for good?"]
    assert ids(data) == []


def test_who_says_no_keeps_everything(run: Run, data: Path, terminal: list[str]) -> None:
    terminal[:] = ["n"]
    told = run("sessions", "delete", "s1")
    assert (told.code, "Nothing was deleted" in told.err) == (1, True)
    assert ids(data) == ["s1"]


def test_one_unknown_name_and_nothing_is_deleted(run: Run, data: Path) -> None:
    told = run("sessions", "delete", "s1", "nobody", "--yes")
    assert (told.code, "nobody" in told.err) == (1, True)
    assert ids(data) == ["s1"]


@pytest.mark.parametrize("arguments", [[], ["s1", "--older-than", "3"], ["--older-than", "0"]])
def test_a_command_line_that_says_nothing_or_both_is_refused(run: Run, data: Path, arguments: list[str]) -> None:
    assert run("sessions", "delete", *arguments, "--yes").code == 2
    assert ids(data) == ["s1"]


def test_old_interviews_are_deleted_and_unfinished_ones_stay(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    begin(data, "old", NOW - timedelta(days=31))
    begin(data, "open", NOW - timedelta(days=31), finished=False)
    begin(data, "young", NOW - timedelta(days=29))
    assert run("sessions", "delete", "--older-than", "30", "--yes").code == 0
    assert ids(data) == ["young", "open"]


def test_old_interviews_that_are_asked_for_go_after_any_pause(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    begin(data, "old", NOW - timedelta(days=900))
    assert run("sessions", "delete", "--older-than", "30", "--yes").code == 0
    assert ids(data) == []


def test_when_none_is_old_nobody_is_asked(run: Run, tmp_path: Path) -> None:
    begin(tmp_path / "data", "young", NOW)
    told = run("sessions", "delete", "--older-than", "30")
    assert told.code == 0
    assert "No finished interview is older than 30 days." in told.out
    assert "Nothing was removed." in told.out


# --- answers -------------------------------------------------------------------------------------


def test_an_answer_is_deleted_and_its_interview_stays(run: Run, data: Path) -> None:
    told = run("sessions", "delete-answer", ANSWER, "--yes")
    assert "Removed: 1 answer and 1 file (3 kB).\n" in told.out
    with closing(SqlStore.open(data)) as store:
        assert store.session("s1").attempts == ()


def test_an_answer_that_nobody_gave_is_told(run: Run, data: Path) -> None:
    told = run("sessions", "delete-answer", ANSWER, "nobody", "--yes")
    assert (told.code, "nobody" in told.err) == (1, True)
    assert (data / "recordings" / "s1" / f"{ANSWER}.wav").exists()


def test_an_answer_is_shown_before_it_is_deleted(run: Run, data: Path) -> None:
    begin(data, "s2", NOON)
    with closing(SqlStore.open(data)) as store:
        store.add_attempt(Attempt("typed", "s2", "pydantic", 0, NOON))
        store.add_transcript("typed", Transcript("It validates.", engine="typed"))
        store.add_attempt(Attempt("sent", "s2", "pydantic", 1, NOON))
    told = run("sessions", "delete-answer", ANSWER, "typed", "sent")
    assert told.out.splitlines() == [
        f"{ANSWER}  2026-11-22 12:00  recording 3 kB  pydantic",
        "typed  2026-11-22 12:00  typed  pydantic",
        "sent  2026-11-22 12:00  no recording  pydantic",
    ]


# --- copies --------------------------------------------------------------------------------------


def test_backups_that_may_still_hold_it_are_told(run: Run, data: Path) -> None:
    kept = back_up(data, data / "backups", now=NOW)
    told = run("sessions", "delete", "s1", "--yes")
    assert "Copies that may still hold what was deleted: 1. With --backups-too they are removed as well." in told.out
    assert f"  backups/{kept.path.name}\n" in told.out
    assert kept.path.exists()


def test_backups_from_before_the_interview_are_not_told(run: Run, data: Path) -> None:
    back_up(data, data / "backups", now=NOON - timedelta(days=1))
    assert "Copies" not in run("sessions", "delete", "s1", "--yes").out


def test_a_database_that_was_set_aside_is_told_like_a_backup(run: Run, data: Path) -> None:
    (data / "interviewer.db.before-0003").write_bytes((data / "interviewer.db").read_bytes())
    assert json.loads(run("sessions", "delete-answer", ANSWER, "--yes", "--json").out)["copies_left"] == [
        "interviewer.db.before-0003"
    ]


def set_aside(data: Path) -> list[str]:
    """Put aside what may be the only place of an interview; return how it is called."""
    aside = data.with_name("data.before-restore-2026-12-01T120000Z")
    shutil.copytree(data, aside)
    damaged = data / "interviewer.db.damaged-2026-12-01T120000Z"
    damaged.write_bytes(b"torn")
    return [damaged.name, str(aside)]


def test_a_damaged_database_and_a_folder_moved_aside_are_told(run: Run, data: Path) -> None:
    names = set_aside(data)
    told = run("sessions", "delete-answer", ANSWER, "--yes")
    assert told.out.endswith("\n" + "".join(f"  {name}\n" for name in names))
    assert "Copies that may still hold" not in told.out


def test_with_backups_too_they_stay_and_are_told(run: Run, data: Path) -> None:
    names = set_aside(data)
    old = back_up(data, data / "backups", now=NOW - timedelta(days=1))
    told = json.loads(run("sessions", "delete", "s1", "--yes", "--backups-too", "--json").out)
    assert (told["copies_removed"], told["copies_left"]) == ([f"backups/{old.path.name}"], names)
    assert all((data / name).exists() for name in names)


def test_with_backups_too_only_a_new_backup_without_it_is_left(run: Run, data: Path) -> None:
    begin(data, "s2", NOON)
    old = back_up(data, data / "backups", now=NOW - timedelta(days=1))
    aside = data / "interviewer.db.before-0003"
    aside.write_bytes(b"old")
    told = json.loads(run("sessions", "delete", "s1", "--yes", "--backups-too", "--json").out)
    assert set(told["copies_removed"]) == {f"backups/{old.path.name}", aside.name}
    assert told["copies_left"] == []
    (new,) = backups(data / "backups")
    assert not (new.path / "recordings" / "s1").exists()
    assert b"=models" not in (new.path / "interviewer.db").read_bytes()
    assert not aside.exists()


def test_a_backup_that_the_new_one_thinned_out_is_gone_like_the_others(run: Run, data: Path) -> None:
    old = back_up(data, data / "backups", now=datetime.now(UTC))
    told = json.loads(run("sessions", "delete", "s1", "--yes", "--backups-too", "--json").out)
    assert (told["copies_removed"], told["copies_left"]) == ([f"backups/{old.path.name}"], [])


@pytest.mark.parametrize("lost", [OSError(5, "Input/output error"), PermissionError(13, "Permission denied")])
def test_backups_that_cannot_be_looked_at_are_told_and_the_deletion_is_done(
    run: Run, data: Path, monkeypatch: pytest.MonkeyPatch, lost: OSError
) -> None:
    def refuse(_folder: Path) -> list[Path]:
        raise lost

    monkeypatch.setattr(copies, "listed", refuse)
    told = run("sessions", "delete", "s1", "--yes")
    assert (told.code, "Removed: 1 interview" in told.out) == (1, True)
    assert "cannot be looked at" in told.err
    assert ids(data) == []


def test_with_backups_too_the_chosen_folder_is_cleared_as_well(run: Run, data: Path, tmp_path: Path) -> None:
    chosen = tmp_path / "elsewhere"
    (data / "settings.json").write_text(json.dumps({"backup_folder": str(chosen)}), encoding="utf-8")
    for folder in (chosen, data / "backups"):
        back_up(data, folder, now=NOW - timedelta(days=1))
    told = run("sessions", "delete", "s1", "--yes", "--backups-too")
    assert "Copies removed after a new backup was made: 2.\n" in told.out
    assert (len(backups(chosen)), len(backups(data / "backups"))) == (1, 0)


def test_without_backups_none_is_made(run: Run, data: Path) -> None:
    run("sessions", "delete", "s1", "--yes", "--backups-too")
    assert not (data / "backups").exists()


def test_a_backup_that_cannot_be_made_leaves_the_old_ones_and_the_deletion_done(
    run: Run, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = back_up(data, data / "backups", now=NOW - timedelta(days=1))
    monkeypatch.setattr(backup, "free_bytes", lambda _folder: 0)
    told = run("sessions", "delete", "s1", "--yes", "--backups-too")
    assert told.code == 1
    assert "Removed: 1 interview" in told.out
    assert "no room" in told.err
    assert old.path.exists()
    assert ids(data) == []


def test_a_copy_that_cannot_be_removed_is_told(run: Run, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (data / "interviewer.db.before-0003").write_bytes(b"old")
    real = copies.set_aside

    def refuse() -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(copies, "set_aside", lambda data: tuple(replace(copy, remove=refuse) for copy in real(data)))
    told = run("sessions", "delete", "s1", "--yes", "--backups-too")
    assert "may still hold what was deleted: 1. They could not be removed.\n  interviewer.db.before-0003\n" in told.out


# --- a window is open ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        ["sessions", "delete", "s1", "--yes"],
        ["sessions", "delete-answer", ANSWER, "--yes"],
        ["sessions", "compress", "--all"],
        ["delete-everything", "--yes"],
    ],
)
def test_while_a_window_is_open_nothing_is_changed(run: Run, data: Path, command: list[str]) -> None:
    window = hold(data)
    assert window is not None
    try:
        told = run(*command)
    finally:
        window.let_go()
    assert (told.code, "Close its window" in told.err) == (1, True)
    assert (data / "recordings" / "s1" / f"{ANSWER}.wav").exists()


def test_the_folder_is_free_again_after_a_command(run: Run, data: Path) -> None:
    run("sessions", "delete", "nobody", "--yes")
    with folder_held(data):
        assert (data / "in-use.lock").exists()
    assert not (data / "in-use.lock").exists()


# --- everything ----------------------------------------------------------------------------------


def test_everything_is_listed_and_deleted(run: Run, data: Path) -> None:
    (data / "settings.json").write_text("{}", encoding="utf-8")
    back_up(data, data / "backups", now=NOW)
    told = run("delete-everything", "--yes")
    assert told.code == 0
    for name in ("interviewer.db", "settings.json", f"recordings/s1/{ANSWER}.wav", "backups/"):
        assert f"  {name}" in told.out
    assert "Removed: 6 files" in told.out
    assert [*data.iterdir()] == []


def test_everything_is_not_deleted_without_a_word(run: Run, data: Path) -> None:
    told = run("delete-everything")
    assert (told.code, "--yes" in told.err) == (1, True)
    assert "  interviewer.db\n" in told.out
    assert ids(data) == ["s1"]


@pytest.mark.parametrize(("extra", "stay"), [([], True), (["--models"], False)])
def test_models_go_only_when_they_are_meant(run: Run, data: Path, extra: list[str], stay: bool) -> None:
    (data / "models").mkdir()
    (data / "models" / "base.en.pt").write_bytes(b"weights")
    run("delete-everything", "--yes", *extra)
    assert (data / "models" / "base.en.pt").exists() is stay


def test_files_of_others_stay_and_are_named(run: Run, data: Path) -> None:
    (data / "notes.txt").write_text("mine", encoding="utf-8")
    told = json.loads(run("delete-everything", "--yes", "--json").out)
    assert told["left"] == ["notes.txt"]
    assert [p.name for p in data.iterdir()] == ["notes.txt"]


def test_where_nothing_is_there_is_nothing_to_ask(run: Run, tmp_path: Path) -> None:
    told = run("delete-everything")
    assert (told.code, told.out.startswith("Nothing was removed.")) == (0, True)
