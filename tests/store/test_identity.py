"""Several data folders may share a folder of backups, and none touches those of another."""

from __future__ import annotations

import json
import shutil
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from interviewer.core.errors import StoreError
from interviewer.store import backup, copies
from interviewer.store.backup import Backup, back_up, backups, own_backups
from interviewer.store.identity import id_of, made_id
from interviewer.store.removal import remove_everything
from tests.store.backing import NOON, lived_in

HOUR = timedelta(hours=1)


@pytest.fixture
def lived(data: Path, empty_database: Path) -> Path:
    return lived_in(data, empty_database)


@pytest.fixture
def other(lived: Path, tmp_path: Path) -> Path:
    """Another data folder."""
    shutil.copytree(lived, tmp_path / "other")
    (tmp_path / "other" / "interviewer.id").unlink()
    return tmp_path / "other"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "shared-backups"


def without_id(made: Backup) -> Backup:
    """Make it one of before there were ids."""
    path = made.path / "manifest.json"
    fields = json.loads(path.read_text(encoding="utf-8"))
    del fields["owner"]
    path.write_text(json.dumps(fields), encoding="utf-8")
    return made


def test_an_id_is_made_once_and_is_its_owners_alone(other: Path):
    assert (made := made_id(other)) == made_id(other) == id_of(other)
    assert len(made) == 32
    assert stat.S_IMODE((other / "interviewer.id").stat().st_mode) == 0o600


def test_an_id_that_is_damaged_is_made_anew(other: Path):
    (other / "interviewer.id").write_bytes(b"\xff")
    assert id_of(other) == ""
    assert len(made_id(other)) == 32


def test_where_none_can_be_written_there_is_none(tmp_path: Path):
    assert made_id(tmp_path / "none") == ""


def test_the_id_is_in_the_backup_and_in_its_list(other: Path, folder: Path):
    made = back_up(other, folder, now=NOON)
    assert id_of(made.path) == made.owner == id_of(other) != ""


def test_thinning_takes_no_backup_of_another_data_folder(lived: Path, other: Path, folder: Path):
    first = back_up(lived, folder, now=NOON)
    second = back_up(other, folder, now=NOON + HOUR)
    assert backups(folder) == (second, first)
    assert (own_backups(lived, folder), own_backups(other, folder)) == ((first,), (second,))


def test_renewing_takes_no_backup_of_another_data_folder(lived: Path, other: Path, folder: Path):
    first = back_up(lived, folder, now=NOON)
    old = back_up(other, folder, now=NOON)
    assert copies.renew(other, folder, now=NOON + 48 * HOUR).files == (str(old.path),)
    assert first.path.exists()


def test_deleting_everything_takes_no_backup_of_another_data_folder(lived: Path, other: Path, folder: Path):
    first, second = back_up(lived, folder, now=NOON), back_up(other, folder, now=NOON)
    (folder / "2026-03-01T120000Z").mkdir()
    remove_everything(other, folder)
    assert (first.path.exists(), second.path.exists()) == (True, False)
    assert (folder / "2026-03-01T120000Z").exists()


def test_backups_of_before_there_were_ids_are_ones_own(lived: Path, folder: Path):
    first = without_id(back_up(lived, folder, now=NOON))
    last = back_up(lived, folder, now=NOON + HOUR)
    assert not first.path.exists()
    assert own_backups(lived, folder) == (last,)


def test_but_nobodys_where_there_are_some_of_another_data_folder(lived: Path, other: Path, folder: Path):
    first = without_id(back_up(lived, folder, now=NOON))
    back_up(other, folder, now=NOON)
    (other / "interviewer.id").unlink()
    assert own_backups(lived, folder) == own_backups(other, folder) == ()
    back_up(lived, folder, now=NOON + HOUR)
    assert first.path.exists()


def test_the_id_stays_while_a_backup_cannot_be_removed(lived: Path, folder: Path, monkeypatch: pytest.MonkeyPatch):
    back_up(lived, folder, now=NOON)

    def refuse(_backup: object) -> None:
        raise StoreError("no")

    monkeypatch.setattr(backup, "remove", refuse)
    remove_everything(lived, folder)
    assert id_of(lived)
    monkeypatch.undo()
    remove_everything(lived, folder)
    assert not folder.exists()
    assert not id_of(lived)
