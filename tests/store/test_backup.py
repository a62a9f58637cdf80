"""A backup is a whole, verified copy of what is the user's, and costs little from day to day."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from interviewer.core.errors import Cancelled, InputError, StoreDamaged, StoreError
from interviewer.core.file_lock import held
from interviewer.store import backup, copying, snapshot
from interviewer.store.backup import LOCK_NAME, back_up, backups, default_folder, remove, verify
from interviewer.store.database import SqlStore
from tests.store.backing import NOON, contents, left_out, lived_in, record
from tests.store.values import session

WAV = "recordings/monday/monday-01-0001.wav"


@pytest.fixture
def lived(data: Path, empty_database: Path) -> Path:
    return lived_in(data, empty_database)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def test_a_backup_holds_everything_of_the_users_and_nothing_else(lived: Path, folder: Path):
    users = contents(lived)
    left_out(lived)
    made = back_up(lived, folder, now=NOON)
    kept = contents(made.path)
    manifest = kept.pop("manifest.json")
    assert kept == users
    assert b"monday-01-0001.wav" in manifest


@pytest.mark.parametrize("most", [0, 1 << 30], ids=["page by page", "by its bytes"])
def test_the_copy_of_the_database_can_be_opened(lived: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, most: int):
    monkeypatch.setattr(copying, "MOST_IN_MEMORY_BYTES", most)
    made = back_up(lived, folder, now=NOON)
    with closing(SqlStore.open(lived)) as one, closing(SqlStore.open(made.path)) as other:
        assert [s.id for s in other.sessions()] == [s.id for s in one.sessions()]


def test_what_was_made_is_told_and_listed(lived: Path, folder: Path):
    made = back_up(lived, folder, now=NOON)
    assert (made.path, made.created) == (folder / "2026-03-02T120000Z", NOON)
    sizes = [len(data) for name, data in contents(made.path).items() if name != "manifest.json"]
    assert (made.files, made.size_bytes) == (7, sum(sizes))
    assert backups(folder) == (made,)


def test_everything_in_it_is_its_owners_alone(lived: Path, folder: Path):
    for path in (lived / "settings.json", lived / WAV):
        path.chmod(0o644)
    made = back_up(lived, folder, now=NOON)
    modes = {(p.is_dir(), stat.S_IMODE(p.stat().st_mode)) for p in (made.path, *made.path.rglob("*"))}
    assert modes == {(True, 0o700), (False, 0o600)}


def test_the_first_copy_shares_nothing_with_the_data_folder(lived: Path, folder: Path):
    made = back_up(lived, folder, now=NOON)
    assert not any((made.path / name).samefile(lived / name) for name in (WAV, "settings.json"))


def test_a_recording_that_did_not_change_is_shared_with_the_backup_before(lived: Path, folder: Path):
    first = back_up(lived, folder, now=NOON)
    second = back_up(lived, folder, now=NOON + timedelta(days=1))
    assert (first.path / WAV).samefile(second.path / WAV)
    assert not (second.path / WAV).samefile(lived / WAV)


def test_a_file_that_changed_is_copied_again(lived: Path, folder: Path):
    first = back_up(lived, folder, now=NOON)
    (lived / "settings.json").write_text('{"questions": 4}\n', encoding="utf-8")
    second = back_up(lived, folder, now=NOON + timedelta(days=1))
    texts = [(b.path / "settings.json").read_text(encoding="utf-8") for b in (first, second)]
    assert texts == ['{"questions": 3}\n', '{"questions": 4}\n']


def test_a_shared_recording_that_decayed_in_the_backup_is_copied_anew(lived: Path, folder: Path):
    first = back_up(lived, folder, now=NOON)
    decayed = bytearray((first.path / WAV).read_bytes())
    decayed[100] ^= 1
    (first.path / WAV).write_bytes(decayed)
    second = back_up(lived, folder, now=NOON + timedelta(days=1))
    assert (second.path / WAV).read_bytes() == (lived / WAV).read_bytes()


def test_a_disk_without_hard_links_gets_copies(lived: Path, folder: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object, **__: object) -> None:
        raise OSError(1, "Operation not permitted")

    back_up(lived, folder, now=NOON)
    monkeypatch.setattr(os, "link", refuse)
    second = back_up(lived, folder, now=NOON + timedelta(days=1))
    assert (second.path / WAV).read_bytes() == (lived / WAV).read_bytes()


def test_a_backup_is_made_while_the_store_is_in_use(lived: Path, folder: Path):
    with closing(SqlStore.open(lived)) as store:
        made = back_up(lived, folder, now=NOON)
        store.begin_session(session("wednesday"))
    with closing(SqlStore.open(made.path)) as copy:
        assert {s.id for s in copy.sessions()} == {"monday", "tuesday"}


def test_a_recording_that_comes_while_the_backup_is_made_is_in_it(
    lived: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    real = snapshot.copy_database

    def meanwhile(data: Path, target: Path) -> bool:
        with closing(SqlStore.open(lived)) as store:
            record(store, "monday-02-0002")
        return real(data, target)

    monkeypatch.setattr(snapshot, "copy_database", meanwhile)
    made = back_up(lived, folder, now=NOON)
    assert (made.path / "recordings/monday/monday-02-0002.wav").exists()


def test_a_session_that_is_deleted_while_the_backup_is_made_is_not_in_it(
    lived: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    real = snapshot.copy_database

    def meanwhile(data: Path, target: Path) -> bool:
        with closing(SqlStore.open(lived)) as store:
            store.delete_sessions(["monday"])
        return real(data, target)

    monkeypatch.setattr(snapshot, "copy_database", meanwhile)
    made = back_up(lived, folder, now=NOON)
    assert not [name for name in contents(made.path) if "monday" in name]
    verify(made.path)


def test_links_are_not_followed_out_of_the_data_folder(lived: Path, folder: Path, tmp_path: Path):
    (tmp_path / "secret.wav").write_bytes(b"secret")
    (lived / "recordings" / "monday" / "monday-03-0003.wav").symlink_to(tmp_path / "secret.wav")
    (lived / "recordings" / "linked").symlink_to(tmp_path)
    made = back_up(lived, folder, now=NOON)
    assert not [name for name in contents(made.path) if "0003" in name or "linked" in name]


def test_recordings_that_lie_on_a_larger_disk_are_backed_up(lived: Path, folder: Path, tmp_path: Path):
    (lived / "recordings").rename(tmp_path / "large")
    (lived / "recordings").symlink_to(tmp_path / "large")
    made = back_up(lived, folder, now=NOON)
    assert (made.path / WAV).read_bytes() == (lived / WAV).read_bytes()
    assert not (made.path / "recordings").is_symlink()


def test_a_folder_that_was_never_used_makes_an_empty_backup(tmp_path: Path, folder: Path):
    assert back_up(tmp_path / "nothing", folder, now=NOON).files == 0


@pytest.mark.parametrize("place", ["", "recordings", "recordings/monday"])
def test_a_backup_cannot_go_into_what_it_is_of(lived: Path, place: str):
    with pytest.raises(InputError, match="cannot go into"):
        back_up(lived, lived / place, now=NOON)


def test_the_usual_folder_is_in_the_data_folder_and_never_in_a_backup(lived: Path):
    back_up(lived, default_folder(lived), now=NOON)
    second = back_up(lived, default_folder(lived), now=NOON + timedelta(days=1))
    assert second.files == 7


def test_two_of_one_second_have_names_of_their_own(lived: Path, folder: Path):
    names = [back_up(lived, folder, now=NOON + timedelta(milliseconds=n)).path.name for n in range(2)]
    assert names == ["2026-03-02T120000Z", "2026-03-02T120000Z-2"]


def test_older_ones_are_thinned_out(lived: Path, folder: Path):
    for hours in (0, 1, 24):
        back_up(lived, folder, now=NOON + timedelta(hours=hours))
    assert [b.created - NOON for b in backups(folder)] == [timedelta(hours=24), timedelta(hours=1)]


def test_thinning_takes_nothing_that_is_not_one_of_our_backups(lived: Path, folder: Path):
    folder.mkdir()
    (folder / "2026-03-02T110000Z").mkdir()
    (folder / "2026-03-02T110000Z" / "photo.jpg").write_bytes(b"x")
    (folder / "holiday.part").mkdir()
    back_up(lived, folder, now=NOON)
    back_up(lived, folder, now=NOON + timedelta(minutes=1))
    assert (folder / "2026-03-02T110000Z" / "photo.jpg").exists()
    assert (folder / "holiday.part").exists()


def test_what_a_killed_backup_left_is_removed_by_the_next(lived: Path, folder: Path):
    part = folder / "2026-03-01T120000Z.part"
    (part / "recordings").mkdir(parents=True)
    back_up(lived, folder, now=NOON)
    assert not part.exists()


def test_one_that_is_being_made_is_not_disturbed(lived: Path, folder: Path):
    folder.mkdir()
    with held(folder / LOCK_NAME), pytest.raises(StoreError, match="already"):
        back_up(lived, folder, now=NOON)


def test_too_little_room_is_told_before_anything_is_written(lived: Path, folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(backup, "free_bytes", lambda _: 1000)
    with pytest.raises(StoreError, match="There is no room for the backup: it needs 20 MB, 1 kB are free"):
        back_up(lived, folder, now=NOON)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("after", range(5))
def test_a_disk_that_fills_up_leaves_nothing_half_made(
    lived: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, after: int
):
    real, calls = os.fsync, []

    def full(handle: int) -> None:
        calls.append(handle)
        if len(calls) > after:
            raise OSError(28, "No space left on device")
        real(handle)

    before = back_up(lived, folder, now=NOON)
    for name in ("settings.json", WAV, "calibrations/abcdef012345.json"):
        (lived / name).write_text("{}", encoding="utf-8")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="No space left") as told:
        back_up(lived, folder, now=NOON + timedelta(days=1))
    assert "Free some space" in told.value.hint
    assert list(folder.iterdir()) == [before.path]


def test_a_full_disk_while_the_database_is_copied_is_told_as_such(
    lived: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(_data: Path, _target: Path) -> bool:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(snapshot, "copy_database", full)
    with pytest.raises(StoreError, match="cannot be made") as told:
        back_up(lived, folder, now=NOON)
    assert "Free some space" in told.value.hint


def test_one_that_is_broken_off_leaves_nothing(lived: Path, folder: Path):
    def stop(done: int, _total: int) -> None:
        if done > 3000:
            raise Cancelled("Stopped")

    with pytest.raises(Cancelled):
        back_up(lived, folder, now=NOON, progress=stop)
    assert list(folder.iterdir()) == []


def test_progress_ends_at_its_total(lived: Path, folder: Path):
    told: list[tuple[int, int]] = []
    back_up(lived, folder, now=NOON, progress=lambda *step: told.append(step))
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1] > 0
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_damaged_database_takes_no_place_of_a_good_backup(lived: Path, folder: Path):
    pages = bytearray((lived / "interviewer.db").read_bytes())
    pages[4096 * 2 : 4096 * 4] = b"\xa5" * 8192
    (lived / "interviewer.db").write_bytes(pages)
    with pytest.raises(StoreDamaged):
        back_up(lived, folder, now=NOON)
    assert list(folder.iterdir()) == []


def test_a_write_that_did_not_reach_the_disk_is_found(lived: Path, folder: Path, monkeypatch: pytest.MonkeyPatch):
    real = snapshot.copy_file

    def decayed(source: object, target: Path, meter: object) -> tuple[int, str]:
        facts = real(source, target, meter)  # type: ignore[arg-type]
        if target.suffix == ".wav":
            target.write_bytes(b"\0" * facts[0])
        return facts

    monkeypatch.setattr(snapshot, "copy_file", decayed)
    with pytest.raises(StoreError, match="not kept as it was written"):
        back_up(lived, folder, now=NOON)
    assert list(folder.iterdir()) == []


def test_a_change_that_a_killed_program_left_half_written_is_undone_in_the_copy(lived: Path, folder: Path):
    with closing(sqlite3.connect(lived / "interviewer.db", isolation_level=None)) as db:
        db.execute("PRAGMA cache_size=1")
        db.execute("BEGIN IMMEDIATE")
        db.execute("UPDATE sessions SET bank_title = ?", ("x" * 50_000,))
        db.execute("UPDATE transcripts SET text = ?", ("x" * 50_000,))
        left = {name: (lived / name).read_bytes() for name in ("interviewer.db", "interviewer.db-journal")}
        db.execute("ROLLBACK")
    for name, found in left.items():
        (lived / name).write_bytes(found)
    made = back_up(lived, folder, now=NOON)
    with closing(SqlStore.open(made.path)) as copy:
        assert copy.session("monday").bank_title == "Backend engineer"


def test_a_backup_is_removed_whole(lived: Path, folder: Path):
    first = back_up(lived, folder, now=NOON)
    second = back_up(lived, folder, now=NOON + timedelta(days=1))
    remove(first)
    assert backups(folder) == (second,)
    verify(second.path)


def test_only_backups_are_removed(tmp_path: Path, lived: Path, folder: Path):
    made = back_up(lived, folder, now=NOON)
    with pytest.raises(InputError):
        remove(backup.Backup(tmp_path, made.created, 1, 1))


def test_a_folder_that_does_not_exist_holds_no_backup(folder: Path):
    assert backups(folder) == ()


def test_a_file_in_the_place_of_the_folder_is_told(lived: Path, folder: Path):
    folder.write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be read"):
        backups(folder)
    with pytest.raises(StoreError, match="cannot be made"):
        back_up(lived, folder, now=NOON)


@pytest.mark.parametrize(
    "name", ["manifest.json", "interviewer.db", WAV, "settings.json", "calibrations/abcdef012345.json"]
)
def test_a_flipped_byte_in_any_part_is_found(lived: Path, folder: Path, name: str):
    made = back_up(lived, folder, now=NOON)
    verify(made.path)
    flipped = bytearray((made.path / name).read_bytes())
    flipped[len(flipped) // 2] ^= 0x20
    (made.path / name).write_bytes(flipped)
    with pytest.raises(InputError):
        verify(made.path)


def test_a_missing_file_is_found(lived: Path, folder: Path):
    made = back_up(lived, folder, now=NOON)
    (made.path / WAV).unlink()
    with pytest.raises(InputError, match=r"monday-01-0001\.wav"):
        verify(made.path)
