"""A backup that lacks recordings never costs an older one that holds them."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from interviewer.core.errors import StoreError
from interviewer.store import copies
from interviewer.store.backup import back_up, backups, default_folder
from interviewer.store.database import SqlStore
from tests.store.backing import NOON, lived_in

WAV = "recordings/monday/monday-01-0001.wav"
HOUR = timedelta(hours=1)


@pytest.fixture
def lived(data: Path, empty_database: Path) -> Path:
    return lived_in(data, empty_database)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def unplug(data: Path) -> None:
    """Let `recordings` lead to a disk that is not there."""
    (data / "recordings").rename(data.with_name("disk"))
    (data / "recordings").symlink_to(data.with_name("unplugged"))


def test_a_backup_with_every_recording_lacks_nothing(lived: Path, folder: Path):
    assert back_up(lived, folder, now=NOON).missing == ()


def test_an_older_backup_is_not_thinned_out_for_one_without_the_recordings(lived: Path, folder: Path):
    first = back_up(lived, folder, now=NOON)
    unplug(lived)
    with pytest.raises(StoreError, match=r"1 recording is missing.*kept") as told:
        back_up(lived, folder, now=NOON + HOUR)
    assert told.value.hint.startswith("Connect the disk")
    assert (first.path / WAV).exists()
    assert [b.missing for b in backups(folder)] == [(WAV,), ()]


def test_nor_for_one_in_which_the_recording_is_empty(lived: Path, folder: Path):
    first = back_up(lived, folder, now=NOON)
    (lived / WAV).write_bytes(b"")
    with pytest.raises(StoreError, match="missing"):
        back_up(lived, folder, now=NOON + HOUR)
    assert (first.path / WAV).stat().st_size


def test_once_the_disk_is_back_backups_are_thinned_out_again(lived: Path, folder: Path):
    back_up(lived, folder, now=NOON)
    unplug(lived)
    with pytest.raises(StoreError):
        back_up(lived, folder, now=NOON + HOUR)
    (lived / "recordings").unlink()
    lived.with_name("disk").rename(lived / "recordings")
    last = back_up(lived, folder, now=NOON + 2 * HOUR)
    assert backups(folder) == (last,)


def test_a_recording_that_no_older_backup_holds_keeps_none(lived: Path, folder: Path):
    (lived / WAV).unlink()
    back_up(lived, folder, now=NOON)
    last = back_up(lived, folder, now=NOON + HOUR)
    assert backups(folder) == (last,)
    assert last.missing == (WAV,)


def test_an_answer_that_was_deleted_is_not_missing(lived: Path, folder: Path):
    back_up(lived, folder, now=NOON)
    with closing(SqlStore.open(lived)) as store:
        store.delete_attempts(["monday-01-0001"])
    last = back_up(lived, folder, now=NOON + HOUR)
    assert backups(folder) == (last,)


def test_a_recording_under_its_compressed_name_is_not_missing(lived: Path, folder: Path):
    back_up(lived, folder, now=NOON)
    (lived / WAV).rename((lived / WAV).with_suffix(".flac"))
    assert back_up(lived, folder, now=NOON + HOUR).missing == ()


def test_renewing_leaves_every_copy_where_the_recordings_are_missing(lived: Path, folder: Path):
    # The one that holds it lies where backups went before another folder was chosen.
    first = back_up(lived, default_folder(lived), now=NOON)
    unplug(lived)
    with pytest.raises(StoreError, match="missing"):
        copies.renew(lived, folder, now=NOON + HOUR)
    assert (first.path / WAV).exists()
