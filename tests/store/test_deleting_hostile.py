"""Rows and folders may come from anybody: a deletion removes recordings and nothing else."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from interviewer.core.errors import StoreError
from interviewer.core.removal import Removed
from interviewer.store import deleting
from interviewer.store.database import SqlStore
from interviewer.store.names import inside
from tests.store.test_deleting import FIRST, OTHER, SECOND, files, keep
from tests.store.values import session, typed


@pytest.fixture
def kept(store: SqlStore) -> SqlStore:
    for name, answer in (("monday", FIRST), ("tuesday", OTHER)):
        store.begin_session(session(name))
        keep(store, answer, name)
    return store


def change(data: Path, sql: str, *values: str) -> None:
    with closing(sqlite3.connect(data / "interviewer.db")) as db, db:
        db.execute(sql, values)


def note(data: Path, name: str) -> None:
    """Leave a note of a deletion that the program never made."""
    change(data, "INSERT INTO deleted_files VALUES (?)", name)


@pytest.mark.parametrize(
    "clip",
    [
        "../outside.wav",
        "recordings/../../outside.wav",
        "recordings/monday/../../../outside.wav",
        "settings.json",
        "interviewer.db",
        "backups/a.wav",
        f"recordings/tuesday/{OTHER}.wav",
        "recordings/tuesday/tuesday-02-0009.wav",
        "recordings/monday/notes.txt",
        "recordings/monday/deeper/a.wav",
    ],
)
def test_a_row_that_names_another_file_removes_only_the_answer(kept: SqlStore, data: Path, clip: str):
    path = Path(data / clip)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_bytes(b"mine")
    before = path.read_bytes()[:4]
    change(data, "UPDATE attempts SET clip = ? WHERE id = ?", clip, FIRST)
    assert kept.delete_attempts([FIRST]).attempts == (FIRST,)
    assert path.read_bytes()[:4] == before


def test_a_row_that_names_an_absolute_path_removes_only_the_answer(kept: SqlStore, data: Path, tmp_path: Path):
    (tmp_path / "outside.wav").write_bytes(b"mine")
    change(data, "UPDATE attempts SET clip = ? WHERE id = ?", str(tmp_path / "outside.wav"), FIRST)
    kept.delete_sessions(["monday"])
    assert (tmp_path / "outside.wav").exists()


@pytest.mark.parametrize("name", ["../../outside", "..", ".", "", "a/b", f"a/b/{SECOND}.wav", "a/x.wav", "/tmp"])
def test_an_interview_with_the_name_of_another_folder_removes_nothing_there(
    kept: SqlStore, data: Path, tmp_path: Path, name: str
):
    for folder in (tmp_path / "outside", data / "recordings" / "a" / "b"):
        folder.mkdir(parents=True)
        (folder / f"{SECOND}.wav").write_bytes(b"mine")
    (data / "recordings" / "a" / "x.wav").write_bytes(b"mine")
    there = sorted(p for p in tmp_path.rglob("*") if p.name != "interviewer.db")
    change(data, "UPDATE sessions SET id = ? WHERE id = 'monday'", name)
    change(data, "UPDATE attempts SET session_id = ?, clip = ? WHERE id = ?", name, f"{name}/{SECOND}.wav", FIRST)
    assert kept.delete_sessions([name]) == Removed(sessions=(name,), attempts=(FIRST,))
    assert sorted(p for p in tmp_path.rglob("*") if p.name != "interviewer.db") == there


@pytest.mark.parametrize(
    "name",
    [
        "../outside.wav",
        "recordings/../settings.json",
        "recordings/../mine.wav",
        "recordings/friday/notes.txt",
        "recordings/friday/deeper/a.wav",
        "recordings",
        "settings.json",
        "interviewer.db",
        "/etc/hostname",
        "",
        f"recordings/tuesday/{OTHER}.wav",
        "recordings/tuesday/session.json",
        "recordings/tuesday",
        "recordings/monday/notes.txt",
    ],
)
def test_a_note_that_nobody_made_removes_nothing_that_is_kept(kept: SqlStore, data: Path, tmp_path: Path, name: str):
    (data / "settings.json").write_text("{}")
    (tmp_path / "outside.wav").write_bytes(b"mine")
    (data / "recordings" / "friday" / "deeper").mkdir(parents=True)
    for mine in (
        "mine.wav",
        "recordings/monday/notes.txt",
        "recordings/friday/notes.txt",
        "recordings/friday/deeper/a.wav",
    ):
        (data / mine).write_text("mine")
    there = sorted(tmp_path.rglob("*"))
    note(data, name)
    kept.close()
    SqlStore.open(data).close()
    assert sorted(tmp_path.rglob("*")) == there


def test_a_recording_that_is_a_link_goes_and_what_it_leads_to_stays(kept: SqlStore, data: Path, tmp_path: Path):
    path = data / "recordings" / "monday" / f"{FIRST}.wav"
    path.rename(tmp_path / "elsewhere.wav")
    path.symlink_to(tmp_path / "elsewhere.wav")
    kept.delete_attempts([FIRST])
    assert not path.is_symlink()
    assert (tmp_path / "elsewhere.wav").exists()


def test_a_link_that_leads_nowhere_goes(kept: SqlStore, data: Path, tmp_path: Path):
    path = data / "recordings" / "monday" / f"{FIRST}.wav"
    path.unlink()
    path.symlink_to(tmp_path / "nowhere")
    kept.delete_attempts([FIRST])
    assert not path.is_symlink()


def test_a_folder_that_is_a_link_goes_and_what_it_leads_to_stays(kept: SqlStore, data: Path, tmp_path: Path):
    folder = data / "recordings" / "monday"
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    gone = kept.delete_sessions(["monday"])
    assert gone.files == ("recordings/monday",)
    assert not folder.is_symlink()
    assert (tmp_path / "elsewhere" / f"{FIRST}.wav").exists()


def test_an_answer_behind_a_folder_that_is_a_link_keeps_its_file(kept: SqlStore, data: Path, tmp_path: Path):
    folder = data / "recordings" / "monday"
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    assert kept.delete_attempts([FIRST]) == Removed(attempts=(FIRST,))
    assert (tmp_path / "elsewhere" / f"{FIRST}.wav").exists()


def test_recordings_on_another_disk_behind_a_link_are_removed(kept: SqlStore, data: Path, tmp_path: Path):
    (data / "recordings").rename(tmp_path / "large")
    (data / "recordings").symlink_to(tmp_path / "large")
    kept.delete_sessions(["monday"])
    assert [p.name for p in (tmp_path / "large").iterdir()] == ["tuesday"]


def unplug(data: Path, tmp_path: Path, *, there: bool) -> None:
    """Put the recordings on another disk behind a link, and take that disk away; its mount point may stay."""
    (data / "recordings").rename(tmp_path / "large")
    (data / "recordings").symlink_to(tmp_path / "away")
    if there:
        (tmp_path / "away").mkdir()


def unmount(data: Path, tmp_path: Path) -> None:
    (data / "recordings").rename(tmp_path / "large")
    (data / "recordings").mkdir()


AWAY = [partial(unplug, there=False), partial(unplug, there=True), unmount]


@pytest.mark.parametrize("take_away", AWAY, ids=["link to nothing", "link to an empty place", "empty place"])
@pytest.mark.parametrize("single", [True, False], ids=["answer", "interview"])
def test_nothing_is_deleted_while_the_disk_of_the_recordings_is_away(
    kept: SqlStore, data: Path, tmp_path: Path, take_away: Callable[[Path, Path], None], single: bool
):
    take_away(data, tmp_path)
    before = kept.session("monday")
    with pytest.raises(StoreError, match="cannot be reached") as caught:
        kept.delete_attempts([FIRST]) if single else kept.delete_sessions(["monday"])
    assert "Connect the disk" in caught.value.hint
    assert kept.session("monday") == before


def test_recordings_that_cannot_be_looked_at_are_told_and_nothing_is_deleted(
    kept: SqlStore, monkeypatch: pytest.MonkeyPatch
):
    def fails(_path: Path) -> bool:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(deleting, "_is_there", fails)
    with pytest.raises(StoreError, match=r"recordings .*cannot be reached \(Input/output error\)"):
        kept.delete_sessions(["monday"])
    monkeypatch.undo()
    assert len(kept.session("monday").attempts) == 1


def test_typed_answers_may_go_while_another_recording_is_missing(kept: SqlStore, data: Path, tmp_path: Path):
    kept.begin_session(session("written"))
    kept.add_attempt(typed("written-01-0001", of="written"))
    unplug(data, tmp_path, there=True)
    assert kept.delete_attempts(["written-01-0001"]).attempts == ("written-01-0001",)


def test_an_interview_whose_folder_was_removed_by_hand_goes(kept: SqlStore, data: Path):
    shutil.rmtree(data / "recordings" / "monday")
    assert kept.delete_sessions(["monday"]).sessions == ("monday",)


def test_recordings_that_were_all_removed_by_hand_go_once_there_is_an_empty_folder(kept: SqlStore, data: Path):
    shutil.rmtree(data / "recordings")
    (data / "recordings" / "monday").mkdir(parents=True)
    assert kept.delete_sessions(["monday", "tuesday"]).sessions == ("monday", "tuesday")


def test_what_is_noted_waits_for_the_disk_of_the_recordings(kept: SqlStore, data: Path, tmp_path: Path):
    change(data, "DELETE FROM attempts WHERE id = ?", OTHER)
    note(data, f"recordings/tuesday/{OTHER}.wav")
    unplug(data, tmp_path, there=False)
    kept.close()
    SqlStore.open(data).close()
    (tmp_path / "large").rename(tmp_path / "away")
    SqlStore.open(data).close()
    assert [path.name for path in (tmp_path / "away" / "tuesday").glob("*.wav")] == []


def test_files_of_others_stay_with_the_folder_and_are_told(kept: SqlStore, data: Path):
    (data / "recordings" / "monday" / "notes.txt").write_text("mine")
    gone = kept.delete_sessions(["monday"])
    assert gone.left == ("recordings/monday",)
    assert [name for name in files(data) if name.startswith("monday")] == ["monday", "monday/notes.txt"]


def test_a_folder_that_is_empty_later_goes_then(kept: SqlStore, data: Path):
    notes = data / "recordings" / "monday" / "notes.txt"
    notes.write_text("mine")
    kept.delete_sessions(["monday"])
    notes.unlink()
    kept.close()
    SqlStore.open(data).close()
    assert not notes.parent.exists()


def test_a_folder_with_the_name_of_a_recording_is_not_emptied(kept: SqlStore, data: Path):
    path = data / "recordings" / "monday" / f"{FIRST}.flac"
    path.mkdir()
    (path / "notes.txt").write_text("mine")
    assert kept.delete_attempts([FIRST]).left == (f"recordings/monday/{FIRST}.flac",)
    assert (path / "notes.txt").exists()


def test_a_file_in_the_place_of_a_folder_goes(kept: SqlStore, data: Path):
    kept.begin_session(session("odd"))
    folder = data / "recordings" / "odd"
    (folder / "session.json").unlink()
    folder.rmdir()
    folder.write_bytes(b"a file")
    assert kept.delete_sessions(["odd"]).files == ("recordings/odd",)


def test_a_new_answer_in_the_place_of_a_deleted_one_is_not_removed(kept: SqlStore, data: Path):
    kept.delete_attempts([FIRST])
    again = keep(kept, FIRST, "monday")
    note(data, f"recordings/monday/{FIRST}.wav")
    kept.close()
    SqlStore.open(data).close()
    assert again.clip is not None
    assert again.clip.path.exists()


def test_a_recording_of_another_name_than_its_answer_is_not_removed_by_a_note(kept: SqlStore, data: Path):
    path = data / "recordings" / "monday" / "renamed.wav"
    path.write_bytes(b"sound")
    change(data, "UPDATE attempts SET clip = ? WHERE id = ?", "recordings/monday/renamed.wav", FIRST)
    note(data, "recordings/monday/renamed.wav")
    kept.close()
    SqlStore.open(data).close()
    assert path.exists()


def test_a_file_that_is_noted_already_may_be_noted_again(kept: SqlStore, data: Path):
    note(data, f"recordings/monday/{FIRST}.wav")
    assert kept.delete_attempts([FIRST]).files == (f"recordings/monday/{FIRST}.wav",)


@pytest.mark.parametrize(
    "name", ["recordings/monday", f"recordings/monday/{FIRST}.wav", "recordings/monday/session.json"]
)
def test_what_may_be_removed_lies_below_recordings(tmp_path: Path, name: str):
    assert inside(tmp_path, name) == tmp_path / name
