"""Weights are brought whole, checked, and deleted only where they are ours."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from interviewer.core.errors import (
    Cancelled,
    DownloadError,
    InputError,
    InterviewerError,
    ModelCorrupt,
    ModelMissing,
    StoreError,
)
from interviewer.core.file_lock import held
from interviewer.core.paths import models_dir, whisper_cache_dir
from interviewer.core.transfers import Stage, Transfer
from interviewer.engines import keep_whisper, part_file, whisper_files
from interviewer.engines.fetch_whisper import lock_of
from tests.engines import weights_server as serve

WEIGHTS = serve.weights(1_000_000)
OTHER = serve.weights(999_000)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Our models folder; the hash of WEIGHTS is that of tiny.en."""
    monkeypatch.setitem(whisper_files.KNOWN, "tiny.en", serve.facts(WEIGHTS))
    return models_dir(tmp_path)


def put(path: Path, content: bytes = WEIGHTS) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir()) if folder.exists() else []


# --- bringing --------------------------------------------------------------------------------


def test_published_weights_get_their_published_name(folder: Path, tmp_path: Path) -> None:
    source = put(tmp_path / "stick" / "download (1).bin")
    assert keep_whisper.bring(source, tmp_path) == "tiny.en"
    assert (folder / "tiny.en.pt").read_bytes() == WEIGHTS
    assert names(folder) == ["tiny.en.pt"]
    assert source.exists()


def test_weights_of_the_users_own_keep_their_name(folder: Path, tmp_path: Path) -> None:
    name = keep_whisper.bring(put(tmp_path / "stick" / "tuned.pt", OTHER), tmp_path)
    assert name == str(folder / "tuned.pt")
    assert whisper_files.find(name, tmp_path).read_bytes() == OTHER


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps others out by other means")
def test_what_is_brought_is_its_owners_alone(folder: Path, tmp_path: Path) -> None:
    keep_whisper.bring(put(tmp_path / "x.pt"), tmp_path)
    assert stat.S_IMODE((folder / "tiny.en.pt").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_damaged_file_of_ours_is_replaced(folder: Path, tmp_path: Path) -> None:
    put(folder / "tiny.en.pt", b"damaged")
    keep_whisper.bring(put(tmp_path / "x.pt"), tmp_path)
    assert (folder / "tiny.en.pt").read_bytes() == WEIGHTS


def test_what_came_of_a_download_is_of_no_use_once_the_file_was_brought(folder: Path, tmp_path: Path) -> None:
    put(folder / "tiny.en.pt.part", WEIGHTS[:1000])
    keep_whisper.bring(put(tmp_path / "x.pt"), tmp_path)
    assert names(folder) == ["tiny.en.pt"]


def test_what_is_here_already_may_be_brought_again(folder: Path, tmp_path: Path) -> None:
    source = put(folder / "tuned.pt", OTHER)
    assert keep_whisper.bring(source, tmp_path) == str(source)
    assert names(folder) == ["tuned.pt"]


@pytest.mark.parametrize("name", ["tiny.en.pt", "turbo.pt"])
def test_a_file_that_is_not_what_its_name_says_is_refused(folder: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelCorrupt, match="not the file that was published"):
        keep_whisper.bring(put(tmp_path / name, OTHER), tmp_path)
    assert names(folder) == []


def test_another_file_of_the_same_name_is_not_overwritten(folder: Path, tmp_path: Path) -> None:
    put(folder / "tuned.pt", OTHER)
    with pytest.raises(InputError, match="Another model is called"):
        keep_whisper.bring(put(tmp_path / "tuned.pt", serve.weights(500)), tmp_path)
    assert (folder / "tuned.pt").read_bytes() == OTHER
    assert names(folder) == ["tuned.pt"]


@pytest.mark.parametrize("content", [b"", b"<html>Sign in</html>", WEIGHTS[:-100]])
def test_what_is_no_checkpoint_is_not_brought(folder: Path, tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ModelCorrupt, match="is not a Whisper checkpoint"):
        keep_whisper.bring(put(tmp_path / "x.pt", content), tmp_path)
    assert names(folder) == []


@pytest.mark.parametrize("name", ["absent.pt", ".", "~nobody-of-this-name/x.pt", "\0", "x" * 5000])
def test_what_cannot_be_read_is_not_brought(folder: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        keep_whisper.bring(Path(name), tmp_path)
    assert names(folder) == []


def test_bringing_is_told_and_can_be_cancelled(folder: Path, tmp_path: Path) -> None:
    told: list[Transfer] = []
    source = put(tmp_path / "x.pt")
    keep_whisper.bring(source, tmp_path, tell=told.append)
    assert (told[-1].stage, told[-1].fraction) == (Stage.COPYING, 1.0)
    with pytest.raises(Cancelled, match="was cancelled"):
        keep_whisper.bring(source, tmp_path, cancelled=lambda: True)
    assert names(folder) == ["tiny.en.pt"]


def test_a_disk_without_room_takes_nothing(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**12, 10**12, 1000))
    with pytest.raises(StoreError, match="There is no room"):
        keep_whisper.bring(put(tmp_path / "x.pt"), tmp_path)
    assert names(folder) == []


def test_a_disk_that_fails_leaves_nothing_behind(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(part_file.os, "write", full)
    with pytest.raises(StoreError, match="No space left"):
        keep_whisper.bring(put(tmp_path / "x.pt"), tmp_path)
    monkeypatch.undo()
    assert names(folder) == []


@pytest.mark.parametrize("locked", ["tiny.en.pt", "x.brought"])
def test_a_model_that_somebody_works_on_is_left_alone(folder: Path, tmp_path: Path, locked: str) -> None:
    folder.mkdir()
    with held(lock_of(folder / locked)) as alone, pytest.raises(DownloadError, match="already"):
        assert alone
        keep_whisper.bring(put(tmp_path / "x.pt"), tmp_path)
    assert names(folder) == []


# --- checking --------------------------------------------------------------------------------


def test_whole_weights_pass_and_progress_is_told(folder: Path) -> None:
    told: list[Transfer] = []
    keep_whisper.check(put(folder / "tiny.en.pt"), serve.facts(WEIGHTS).sha256, tell=told.append)
    assert (told[-1].stage, told[-1].fraction) == (Stage.CHECKING, 1.0)


def test_other_weights_do_not_pass(folder: Path) -> None:
    with pytest.raises(ModelCorrupt):
        keep_whisper.check(put(folder / "tiny.en.pt", OTHER), serve.facts(WEIGHTS).sha256)


def test_a_check_can_be_cancelled(folder: Path) -> None:
    with pytest.raises(Cancelled, match="The check of"):
        keep_whisper.check(put(folder / "tiny.en.pt"), None, cancelled=lambda: True)


# --- deleting --------------------------------------------------------------------------------


def deleted(name: str, data_dir: Path) -> list[str]:
    return [d.path.name for d in keep_whisper.delete(name, data_dir)]


def test_a_known_model_is_deleted_by_its_name(folder: Path, tmp_path: Path) -> None:
    put(folder / "tiny.en.pt")
    (gone,) = keep_whisper.delete(" tiny.en ", tmp_path)
    assert (gone.path, gone.size_bytes) == (folder / "tiny.en.pt", len(WEIGHTS))
    assert names(folder) == []


def test_an_alias_deletes_its_model(folder: Path, tmp_path: Path) -> None:
    put(folder / "large-v3-turbo.pt")
    assert deleted("turbo", tmp_path) == ["large-v3-turbo.pt"]


def test_what_came_of_a_download_is_deleted_too(folder: Path, tmp_path: Path) -> None:
    put(folder / "tiny.en.pt.part")
    assert deleted("tiny.en", tmp_path) == ["tiny.en.pt.part"]


@pytest.mark.parametrize("name", ["tuned", "tuned.pt", "{folder}/tuned.pt", "{folder}/../models/tuned.pt"])
def test_a_file_of_the_users_own_is_deleted_by_name_or_path(folder: Path, tmp_path: Path, name: str) -> None:
    put(folder / "tuned.pt", OTHER)
    assert deleted(name.format(folder=folder), tmp_path) == ["tuned.pt"]
    assert names(folder) == []


@pytest.mark.parametrize(
    "name", ["{data}/elsewhere.pt", "{folder}/../elsewhere.pt", "../elsewhere", "{folder}/notes.txt", "{folder}"]
)
def test_a_file_elsewhere_is_never_deleted(folder: Path, tmp_path: Path, name: str) -> None:
    files = [put(tmp_path / "elsewhere.pt"), put(folder / "notes.txt")]
    with pytest.raises(InputError, match="not in our models folder"):
        keep_whisper.delete(name.format(folder=folder, data=tmp_path), tmp_path)
    assert all(file.exists() for file in files)


@pytest.mark.parametrize("name", ["", "~nobody-of-this-name/x.pt", "\0/x.pt"])
def test_what_is_no_name_deletes_nothing(folder: Path, tmp_path: Path, name: str) -> None:
    put(folder / ".pt")
    with pytest.raises(InterviewerError):
        keep_whisper.delete(name, tmp_path)
    assert names(folder) == [".pt"]


def test_the_whisper_packages_own_file_is_never_deleted(folder: Path, tmp_path: Path) -> None:
    theirs = put(whisper_cache_dir() / "tiny.en.pt")
    with pytest.raises(InputError, match="not in our models folder but at") as caught:
        keep_whisper.delete("tiny.en", tmp_path)
    assert theirs.exists()
    assert "yourself" in caught.value.hint


def test_a_link_is_deleted_and_not_what_it_leads_to(folder: Path, tmp_path: Path) -> None:
    file = put(tmp_path / "elsewhere.pt")
    folder.mkdir()
    (folder / "tiny.en.pt").symlink_to(file)
    assert deleted("tiny.en", tmp_path) == ["tiny.en.pt"]
    assert file.exists()


def test_nothing_to_delete_is_told(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="is not in"):
        keep_whisper.delete("tiny.en", tmp_path)


def test_what_is_being_fetched_is_not_deleted(folder: Path, tmp_path: Path) -> None:
    put(folder / "tiny.en.pt.part")
    with held(lock_of(folder / "tiny.en.pt")), pytest.raises(DownloadError, match="already"):
        keep_whisper.delete("tiny.en", tmp_path)
    assert names(folder) == ["tiny.en.pt.part"]


# --- what is listed --------------------------------------------------------------------------


def test_the_list_says_what_may_be_deleted_and_what_came_of_downloads(folder: Path, tmp_path: Path) -> None:
    put(folder / "tiny.en.pt")
    put(folder / "base.pt.part", b"12345")
    put(whisper_cache_dir() / "small.pt")
    listed = {m.name: m for m in whisper_files.survey(tmp_path)}
    assert (listed["tiny.en"].ours, listed["small"].ours, listed["small"].present) == (True, False, True)
    assert (listed["base"].part_bytes, listed["base"].present) == (5, False)


def test_every_model_says_what_to_expect(tmp_path: Path) -> None:
    assert all(m.expect for m in whisper_files.survey(tmp_path))
