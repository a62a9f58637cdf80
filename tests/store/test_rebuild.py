"""A damaged database is put aside and a new one is made of whatever is left, wherever it is left."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from interviewer.core.errors import InterviewerError, StoreError
from interviewer.core.models import Mode, Session
from interviewer.store import leftovers, rebuild
from interviewer.store.backup import back_up, default_folder
from interviewer.store.database import SqlStore
from interviewer.store.opening import open_store
from tests.store.backing import NOON, PAGE, lived_in, record, spoil
from tests.store.values import START, minutes, score, session, transcript, typed


@pytest.fixture
def lived(data: Path, empty_database: Path) -> Path:
    return lived_in(data, empty_database)


class Opened:
    """What came of opening a store: its sessions, and what was told."""

    def __init__(self, data: Path, *, at: int = 60) -> None:
        self.told: list[InterviewerError] = []
        with closing(open_store(data, told=self.told.append, now=lambda: minutes(at))) as store:
            self.sessions = {s.id: store.session(s.id) for s in store.sessions()}
            self.unfinished = [a.id for a in store.unfinished_attempts()]
        (self.aside,) = [p.name for p in data.glob("*.damaged-*") if "journal" not in p.name] or [""]
        reports = [p.read_text(encoding="utf-8") for p in data.glob("rebuilt-*.txt")]
        self.report = reports[0] if reports else ""

    def texts(self, session_id: str) -> list[str]:
        return [a.transcript.text for a in self.sessions[session_id].attempts if a.transcript]


def test_a_whole_database_is_opened_as_it_is(lived: Path):
    opened = Opened(lived)
    assert (opened.told, opened.aside, opened.report, len(opened.sessions)) == ([], "", "", 2)


def test_the_damaged_file_is_kept_and_what_came_back_is_told(lived: Path):
    spoil(lived / "interviewer.db", "scores")
    damaged = (lived / "interviewer.db").read_bytes()
    opened = Opened(lived)
    assert opened.aside == "interviewer.db.damaged-2026-03-01T103015Z"
    assert (lived / opened.aside).read_bytes() == damaged
    (told,) = opened.told
    assert isinstance(told, StoreError)
    assert "rebuilt: 2 interviews, 2 answers, 2 texts, 0 scores are back" in str(told)
    assert "rebuilt-2026-03-01T103015Z.txt in the data folder" in told.hint
    assert "Not all of the damaged file could be read (scores)" in opened.report


def test_what_can_still_be_read_comes_back_without_any_backup(lived: Path):
    spoil(lived / "interviewer.db", "scores", "recipes")
    opened = Opened(lived)
    assert (opened.texts("monday"), opened.texts("tuesday")) == (
        ["It injects a dependency."],
        ["Typed, and nowhere else."],
    )
    assert set(opened.unfinished) == {"monday-01-0001", "tuesday-01-0001"}


def test_an_answer_of_which_only_the_text_is_left_comes_back(lived: Path):
    spoil(lived / "interviewer.db", "attempts")
    opened = Opened(lived)
    assert opened.texts("tuesday") == ["Typed, and nowhere else."]
    (attempt,) = opened.sessions["tuesday"].attempts
    assert (attempt.question_id, attempt.position, attempt.clip) == ("depends", 0, None)


def test_an_answer_of_which_recording_and_text_are_left_has_both(lived: Path):
    spoil(lived / "interviewer.db", "attempts")
    (attempt,) = Opened(lived).sessions["monday"].attempts
    assert attempt.clip is not None
    assert attempt.transcript is not None
    assert (attempt.clip.path.exists(), attempt.score is not None) == (True, True)


def test_sessions_come_back_from_beside_their_recordings(lived: Path):
    spoil(lived / "interviewer.db", "sessions")
    opened = Opened(lived)
    assert replace(opened.sessions["monday"], attempts=()) == session("monday")
    assert "Known from the file beside their recordings: 2 interviews." in opened.report


def test_a_session_without_any_row_or_file_is_named_after_its_folder(lived: Path):
    spoil(lived / "interviewer.db", "sessions", "attempts", "transcripts")
    (lived / "recordings" / "monday" / "session.json").unlink()
    found = Opened(lived).sessions["monday"]
    assert (found.bank_title, found.mode, found.question_ids) == ("Recovered interview", Mode.PRACTICE, ("question-1",))
    assert [a.id for a in found.attempts] == ["monday-01-0001"]


def test_a_file_that_is_no_database_is_rebuilt_from_beside_it(lived: Path):
    (lived / "interviewer.db").write_bytes(b"Dear diary, " * 400)
    opened = Opened(lived)
    assert ({*opened.sessions}, opened.unfinished) == ({"monday", "tuesday"}, ["monday-01-0001"])
    assert (lived / opened.aside).read_bytes().startswith(b"Dear diary")


@pytest.mark.parametrize("lose", [lambda p: p.unlink(), lambda p: p.write_bytes(b"")], ids=["gone", "empty"])
def test_a_database_that_is_gone_is_rebuilt_where_there_are_recordings(lived: Path, lose: Callable[[Path], None]):
    lose(lived / "interviewer.db")
    assert {*Opened(lived).sessions} == {"monday", "tuesday"}


def test_a_folder_without_anything_is_a_first_start(data: Path):
    assert Opened(data).told == []


def test_the_newest_whole_backup_fills_what_cannot_be_read(lived: Path):
    back_up(lived, default_folder(lived), now=NOON)
    broken = back_up(lived, default_folder(lived), now=NOON + timedelta(days=1))
    (broken.path / "interviewer.db").write_bytes(b"decayed")
    (lived / "interviewer.db").write_bytes(b"x" * 9000)
    opened = Opened(lived)
    assert opened.texts("tuesday") == ["Typed, and nowhere else."]
    assert opened.sessions["monday"].attempts[0].score == score()
    assert "The newest whole backup is 2026-03-02T120000Z." in opened.report
    assert "- 2 texts, 2 of these from the backup alone" in opened.report


def test_a_backup_in_the_folder_of_the_settings_is_found(lived: Path, tmp_path: Path):
    (lived / "settings.json").write_text(f'{{"backup_folder": "{tmp_path / "usb"}"}}', encoding="utf-8")
    back_up(lived, tmp_path / "usb", now=NOON)
    (lived / "interviewer.db").write_bytes(b"x" * 9000)
    assert Opened(lived).texts("tuesday") == ["Typed, and nowhere else."]


def test_what_was_added_after_the_backup_wins(lived: Path):
    back_up(lived, default_folder(lived), now=NOON)
    with closing(SqlStore.open(lived)) as store:
        store.add_transcript("tuesday-01-0001", transcript("Corrected since."))
        store.finish_session("monday", minutes(20))
    spoil(lived / "interviewer.db", "attempts")
    opened = Opened(lived)
    assert opened.texts("tuesday") == ["Corrected since."]
    assert opened.sessions["monday"].finished == minutes(20)


def test_texts_of_both_are_numbered_in_the_order_in_which_they_were_made(lived: Path):
    with closing(SqlStore.open(lived, now=lambda: minutes(5))) as store:
        store.add_transcript("tuesday-01-0001", transcript("Second."))
    back_up(lived, default_folder(lived), now=NOON)
    with closing(sqlite3.connect(lived / "interviewer.db")) as db, db:
        db.execute("DELETE FROM transcripts WHERE text = 'Second.'")
        db.execute("UPDATE transcripts SET words = '[[1' WHERE attempt_id LIKE 'tuesday%'")
    with closing(SqlStore.open(lived, now=lambda: minutes(9))) as store:
        store.add_transcript("tuesday-01-0001", transcript("Third."))
    spoil(lived / "interviewer.db", "scores")
    Opened(lived)
    with closing(sqlite3.connect(lived / "interviewer.db")) as db:
        kept = db.execute("SELECT text FROM transcripts WHERE attempt_id LIKE 'tuesday%' ORDER BY id").fetchall()
    assert kept[-2:] == [("Second.",), ("Third.",)]


def test_an_entry_that_makes_no_sense_is_left_out_and_the_rest_comes_back(lived: Path):
    with closing(sqlite3.connect(lived / "interviewer.db")) as db, db:
        db.execute("UPDATE sessions SET mode = 'karaoke' WHERE id = 'monday'")
    opened = Opened(lived)
    assert opened.sessions["monday"].mode is Mode.PRACTICE  # from beside its recordings
    assert "Entries that made no sense were left out: 1." in opened.report


def test_a_session_that_was_deleted_since_the_backup_stays_deleted(lived: Path):
    back_up(lived, default_folder(lived), now=NOON)
    with closing(SqlStore.open(lived)) as store:
        store.delete_sessions(["tuesday"])
    spoil(lived / "interviewer.db", "sessions", "attempts", "transcripts")
    opened = Opened(lived)
    assert {*opened.sessions} == {"monday"}
    assert "deleted after it was made, and left out: 2." in opened.report


def test_an_answer_that_was_deleted_since_the_backup_stays_deleted(lived: Path):
    with closing(SqlStore.open(lived)) as store:
        record(store, "monday-02-0002")
    back_up(lived, default_folder(lived), now=NOON)
    with closing(SqlStore.open(lived)) as store:
        store.delete_attempts(["monday-01-0001"])
    spoil(lived / "interviewer.db", "attempts", "transcripts")
    assert [a.id for a in Opened(lived).sessions["monday"].attempts] == ["monday-02-0002"]


@pytest.mark.parametrize("lost", [("transcripts",), ("transcripts", "scores")], ids=["texts", "texts and scores"])
def test_the_texts_of_deleted_answers_stay_deleted_where_only_texts_are_damaged(lived: Path, lost: tuple[str, ...]):
    back_up(lived, default_folder(lived), now=NOON)
    with closing(SqlStore.open(lived)) as store:
        store.delete_attempts(["tuesday-01-0001"])
        store.delete_sessions(["monday"])
    spoil(lived / "interviewer.db", *lost)
    opened = Opened(lived)
    assert ({*opened.sessions}, opened.sessions["tuesday"].attempts) == ({"tuesday"}, ())


@pytest.mark.parametrize("kept", ["monday", "tuesday"])
def test_answers_of_deleted_sessions_stay_deleted_where_the_sessions_are_whole(lived: Path, kept: str):
    back_up(lived, default_folder(lived), now=NOON)
    with closing(SqlStore.open(lived)) as store:
        store.delete_sessions([{"monday": "tuesday", "tuesday": "monday"}[kept]])
    shutil.rmtree(lived / "recordings")
    spoil(lived / "interviewer.db", "attempts", "transcripts")
    opened = Opened(lived)
    assert ({*opened.sessions}, len(opened.texts(kept))) == ({kept}, 1)


@pytest.mark.parametrize("unread", ["recordings", "recordings/monday"])
def test_a_folder_that_cannot_be_read_deletes_no_answer(lived: Path, monkeypatch: pytest.MonkeyPatch, unread: str):
    def fails(folder: Path) -> list[str]:
        if folder == lived / unread:
            raise PermissionError(13, "Permission denied")
        return listdir(folder)

    listdir = os.listdir
    back_up(lived, default_folder(lived), now=NOON)
    spoil(lived / "interviewer.db", "attempts", "transcripts")
    monkeypatch.setattr(leftovers.os, "listdir", fails)
    opened = Opened(lived)
    assert opened.texts("monday") == ["It injects a dependency."]


def test_rows_of_a_table_that_is_whole_are_not_looked_for_in_the_backup(lived: Path):
    back_up(lived, default_folder(lived), now=NOON)
    with closing(SqlStore.open(lived)) as store:
        store.delete_attempts(["tuesday-01-0001"])
    spoil(lived / "interviewer.db", "scores")
    assert Opened(lived).texts("tuesday") == []


def test_every_reference_holds_in_the_new_database(lived: Path):
    back_up(lived, default_folder(lived), now=NOON)
    spoil(lived / "interviewer.db", "attempts", "transcripts")
    Opened(lived)
    with closing(sqlite3.connect(lived / "interviewer.db")) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_rebuilt_store_is_worked_with_and_opened_as_any_other(lived: Path):
    spoil(lived / "interviewer.db", "scores")
    Opened(lived)
    with closing(SqlStore.open(lived)) as store:
        store.add_score("monday-01-0001", score(), None)
        store.begin_session(session("wednesday"))
        store.add_attempt(typed("wednesday-01-0001", of="wednesday"))
    again = Opened(lived)
    assert (again.told, {*again.sessions}) == ([], {"monday", "tuesday", "wednesday"})


def test_half_a_table_comes_back_from_either_side_of_the_damage(data: Path):
    with closing(SqlStore.open(data)) as store:
        for number in range(400):
            store.begin_session(Session(f"s{number:03}", START, "x" * 200, Mode.PRACTICE, ("a",)))
    for folder in (data / "recordings").iterdir():
        (folder / "session.json").unlink()
    pages = bytearray((data / "interviewer.db").read_bytes())
    cut = [bytes(pages[at : at + PAGE]) for at in range(0, len(pages), PAGE)]
    leaves = [n for n, page in enumerate(cut) if page[0] == 13 and b"x" * 200 in page]
    for leaf in (leaves[len(leaves) // 3], leaves[2 * len(leaves) // 3]):
        pages[leaf * PAGE : (leaf + 1) * PAGE] = b"\xa5" * PAGE
    (data / "interviewer.db").write_bytes(pages)
    lost = 400 - len(Opened(data).sessions)
    assert 0 < lost <= 2 * (PAGE // 200)


def test_a_full_disk_leaves_the_damaged_one_where_it_is(lived: Path, monkeypatch: pytest.MonkeyPatch):
    def full(_path: Path) -> None:
        raise OSError(28, "No space left on device")

    spoil(lived / "interviewer.db", "scores")
    damaged = (lived / "interviewer.db").read_bytes()
    monkeypatch.setattr(rebuild, "sync_file", full)
    with pytest.raises(StoreError, match="No space left"):
        Opened(lived)
    assert (lived / "interviewer.db").read_bytes() == damaged
    assert not [p.name for p in lived.iterdir() if "rebuilding" in p.name or "damaged-" in p.name]
    monkeypatch.undo()
    assert len(Opened(lived).sessions) == 2


def refused(data: Path) -> None:
    with pytest.raises(StoreError), closing(open_store(data, told=lambda _: None)):
        pass
    assert not [p.name for p in data.iterdir() if "damaged-" in p.name]


def test_a_newer_database_is_never_rebuilt(lived: Path):
    with closing(sqlite3.connect(lived / "interviewer.db")) as db, db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    refused(lived)


def test_the_database_of_another_program_is_never_rebuilt(lived: Path):
    with closing(sqlite3.connect(lived / "interviewer.db")) as db, db:
        db.execute("DROP TABLE alembic_version")
    refused(lived)


def test_a_database_that_is_in_use_is_never_rebuilt(lived: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(SqlStore.open.__func__, "__kwdefaults__", {**SqlStore.open.__kwdefaults__, "busy_s": 0.01})
    with closing(sqlite3.connect(lived / "interviewer.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        refused(lived)


def test_a_folder_in_its_place_is_never_rebuilt(lived: Path):
    (lived / "interviewer.db").unlink()
    (lived / "interviewer.db").mkdir()
    refused(lived)
