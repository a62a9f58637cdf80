"""A backup that is restored is equal to the byte, and nothing is ever half restored or overwritten."""

from __future__ import annotations

import os
import shutil
import stat
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from interviewer.core.errors import InputError, StoreError
from interviewer.core.file_lock import held
from interviewer.core.restoring import filled, filling, lock_of
from interviewer.store import restore as restoring
from interviewer.store.archive import back_up_to_zip
from interviewer.store.backup import back_up, default_folder
from interviewer.store.database import SqlStore
from interviewer.store.restore import finish, restore
from tests.store.backing import NOON, contents, killed_at, left_out, lived_in
from tests.store.values import minutes, session

WAV = "recordings/monday/monday-01-0001.wav"
LATER = minutes(60)


@pytest.fixture
def lived(data: Path, empty_database: Path) -> Path:
    return lived_in(data, empty_database)


def folder_of(data: Path, where: Path) -> Path:
    return back_up(data, where / "backups", now=NOON).path


def zip_of(data: Path, where: Path) -> Path:
    return back_up_to_zip(data, where / "backup.zip", now=NOON).path


both = pytest.mark.parametrize("make", [folder_of, zip_of], ids=["folder", "zip"])


@both
def test_backed_up_deleted_and_restored_it_is_equal_to_the_byte(lived: Path, tmp_path: Path, make: Callable[..., Path]):
    kept = make(lived, tmp_path)
    before = contents(lived)
    shutil.rmtree(lived)
    done = restore(lived, kept, now=LATER)
    assert contents(lived) == before
    assert (done.created, done.files, done.aside) == (NOON, 7, None)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(["data", kept.relative_to(tmp_path).parts[0]])


@both
def test_what_was_restored_is_its_owners_alone(lived: Path, tmp_path: Path, make: Callable[..., Path]):
    kept = make(lived, tmp_path)
    shutil.rmtree(lived)
    restore(lived, kept, now=LATER)
    modes = {(p.is_dir(), stat.S_IMODE(p.stat().st_mode)) for p in (lived, *lived.rglob("*"))}
    assert modes == {(True, 0o700), (False, 0o600)}


def test_a_zip_is_not_packed_and_private(lived: Path, tmp_path: Path):
    kept = zip_of(lived, tmp_path)
    with zipfile.ZipFile(kept) as packed:
        assert {entry.compress_type for entry in packed.infolist()} == {zipfile.ZIP_STORED}
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_zip_takes_the_place_of_nothing(lived: Path, tmp_path: Path):
    (tmp_path / "backup.zip").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="already"):
        zip_of(lived, tmp_path)
    assert (tmp_path / "backup.zip").read_text(encoding="utf-8") == "mine"


def test_a_full_disk_leaves_no_half_of_a_zip(lived: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError):
        zip_of(lived, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["data"]


def test_a_folder_with_something_of_the_users_is_left_alone_without_force(lived: Path, tmp_path: Path):
    kept, before = folder_of(lived, tmp_path), contents(lived)
    with pytest.raises(InputError, match="already") as told:
        restore(lived, kept, now=LATER)
    assert "--force" in told.value.hint
    assert contents(lived) == before


def test_with_force_the_old_folder_is_moved_aside(lived: Path, tmp_path: Path):
    kept, before = folder_of(lived, tmp_path), contents(lived)
    with closing(SqlStore.open(lived)) as store:
        store.begin_session(session("wednesday"))
    done = restore(lived, kept, now=LATER, force=True)
    assert done.aside == tmp_path / "data.before-restore-2026-03-01T103015Z"
    assert contents(lived) == before
    assert (done.aside / "recordings/wednesday/session.json").exists()


def test_models_and_backups_stay_where_they_are(lived: Path, tmp_path: Path):
    kept = back_up(lived, default_folder(lived), now=NOON).path
    left_out(lived)
    (lived / "diary.txt").unlink()
    restore(lived, kept, now=LATER, force=True)
    assert (lived / "models/base.en.pt").exists()
    assert kept.exists()


@pytest.mark.parametrize("used", [False, True], ids=["unused", "once opened"])
def test_a_folder_without_an_interview_needs_no_force(lived: Path, tmp_path: Path, used: bool):
    kept, before = folder_of(lived, tmp_path), contents(lived)
    shutil.rmtree(lived)
    (lived / "models").mkdir(parents=True)
    (lived / "window.ini").write_text("x", encoding="utf-8")
    if used:
        SqlStore.open(lived).close()
    assert restore(lived, kept, now=LATER).aside is None
    assert contents(lived) == {**before, "window.ini": b"x"}


def test_a_folder_with_other_peoples_files_is_never_moved(lived: Path, tmp_path: Path):
    kept = folder_of(lived, tmp_path)
    (lived / "diary.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"diary\.txt"):
        restore(lived, kept, now=LATER, force=True)
    assert (lived / "diary.txt").exists()


def test_too_little_room_is_told_before_anything_is_written(
    lived: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    kept = folder_of(lived, tmp_path)
    shutil.rmtree(lived)
    monkeypatch.setattr("interviewer.store.backup.free_bytes", lambda _: 5)
    with pytest.raises(StoreError, match="no room"):
        restore(lived, kept, now=LATER)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["backups"]


def test_two_never_restore_at_once(lived: Path, tmp_path: Path):
    kept = folder_of(lived, tmp_path)
    with held(lock_of(lived)), pytest.raises(StoreError, match="already"):
        restore(lived, kept, now=LATER, force=True)


@both
@pytest.mark.parametrize("name", ["interviewer.db", WAV, "settings.json", "recordings/tuesday/session.json"])
def test_a_flipped_byte_in_any_part_is_refused(lived: Path, tmp_path: Path, make: Callable[..., Path], name: str):
    kept = make(lived, tmp_path)
    shutil.rmtree(lived)
    if kept.is_dir():
        flip(kept / name, (kept / name).stat().st_size // 2)
    else:
        with zipfile.ZipFile(kept) as packed:
            entry = packed.getinfo(name)
        flip(kept, entry.header_offset + 30 + len(name) + entry.file_size // 2)
    with pytest.raises(InputError, match="damaged"):
        restore(lived, kept, now=LATER)
    assert not lived.exists()
    assert not filling(lived).exists()


def flip(path: Path, at: int) -> None:
    held_bytes = bytearray(path.read_bytes())
    held_bytes[at] ^= 0x10
    path.write_bytes(held_bytes)


def test_a_swap_that_the_disk_refuses_is_undone(lived: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    kept = folder_of(lived, tmp_path)
    (lived / "models").mkdir()
    before = contents(lived)
    real, calls = restoring.put_in_place, []

    def refuse(part: Path, final: Path) -> None:
        calls.append(final)
        if len(calls) == 3:  # filled, moved aside, and now into its place
            raise PermissionError(13, "Permission denied")
        real(part, final)

    monkeypatch.setattr(restoring, "put_in_place", refuse)
    with pytest.raises(StoreError, match="Permission denied"):
        restore(lived, kept, now=LATER, force=True)
    assert (contents(lived), (lived / "models").is_dir()) == (before, True)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["backups", "data"]


def killed_before_the_old_folder_was_moved(lived: Path) -> dict[str, bytes]:
    """Leave a restore that had moved backups and models already; return what the old folder held before."""
    back_up(lived, default_folder(lived), now=NOON)
    (lived / "models").mkdir()
    (lived / "models" / "base.en.pt").write_bytes(b"weights")
    before = contents(lived)
    filled(lived).mkdir()
    for name in ("backups", "models"):
        (lived / name).rename(filled(lived) / name)
    return before


def test_a_killed_restore_that_cannot_go_on_gives_backups_and_models_back(lived: Path, monkeypatch: pytest.MonkeyPatch):
    before = killed_before_the_old_folder_was_moved(lived)

    def refuse(part: Path, final: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(restoring, "put_in_place", refuse)
    with pytest.raises(StoreError, match="Permission denied"):
        finish(lived, now=LATER)
    assert (contents(lived), filled(lived).exists()) == (before, False)


def test_a_killed_restore_whose_old_folder_is_aside_keeps_the_new_one_until_it_can_go_on(
    lived: Path, monkeypatch: pytest.MonkeyPatch
):
    killed_before_the_old_folder_was_moved(lived)
    lived.rename(lived.with_name("data.before-restore-2026"))
    new = contents(filled(lived))

    def refuse(part: Path, final: Path) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched, pytest.raises(StoreError, match="Permission denied"):
        patched.setattr(restoring, "put_in_place", refuse)
        finish(lived, now=LATER)
    finish(lived, now=LATER)
    assert contents(lived) == new


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_any_step_it_leaves_the_old_folder_or_the_new_one_whole(lived: Path, tmp_path: Path):
    kept, new = folder_of(lived, tmp_path), contents(lived)
    (lived / "models").mkdir()
    (lived / "models" / "base.en.pt").write_bytes(b"weights")
    (lived / "settings.json").write_text('{"questions": 7}\n', encoding="utf-8")
    old = contents(lived)
    outcomes = []
    shutil.copytree(lived, tmp_path / "saved")
    for step in range(1, 200):
        died = killed_at(step, lambda: restore(lived, kept, now=LATER, force=True))
        finish(lived, now=LATER)
        found = contents(lived)
        assert found in (old, {**new, "models/base.en.pt": b"weights"}), step
        assert not [p.name for p in (filling(lived), filled(lived)) if p.exists()]
        outcomes.append(found == old)
        for path in (lived, *tmp_path.glob("data.before-*")):
            shutil.rmtree(path)
        shutil.copytree(tmp_path / "saved", lived)
        if not died:
            break
    assert (outcomes[0], outcomes[-1], step > 15) == (True, False, True)


def test_a_start_in_the_middle_of_a_restore_waits(lived: Path, tmp_path: Path):
    filling(lived).mkdir()
    with held(lock_of(lived)), pytest.raises(StoreError, match="being restored"):
        finish(lived, now=LATER)
    assert filling(lived).exists()
