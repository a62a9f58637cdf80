"""Whisper's weights on disk, without torch."""

from __future__ import annotations

import hashlib
import re
import zipfile
from pathlib import Path

import pytest

from interviewer.core.errors import ModelCorrupt, ModelMissing
from interviewer.core.paths import models_dir, whisper_cache_dir
from interviewer.engines import whisper_files

CHECKPOINT = Path(__file__).resolve().parents[1] / "fixtures" / "whisper-fixture.pt"


def put(folder: Path, name: str) -> Path:
    """Put a small zip file where weights are looked for."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / name, "w") as archive:
        archive.writestr("archive/version", "3")
    return folder / name


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# --- finding ---------------------------------------------------------------------------------


def test_a_known_model_is_found_in_our_own_folder(tmp_path: Path) -> None:
    file = put(models_dir(tmp_path), "base.en.pt")
    assert whisper_files.find("base.en", tmp_path) == file


def test_a_known_model_is_found_in_the_folder_of_the_whisper_package(tmp_path: Path) -> None:
    file = put(whisper_cache_dir(), "small.pt")
    assert whisper_files.find("small", tmp_path) == file


def test_our_own_folder_comes_first(tmp_path: Path) -> None:
    put(whisper_cache_dir(), "tiny.pt")
    ours = put(models_dir(tmp_path), "tiny.pt")
    assert whisper_files.find("tiny", tmp_path) == ours


@pytest.mark.parametrize(("alias", "name"), [("turbo", "large-v3-turbo"), ("large", "large-v3")])
def test_an_alias_finds_the_file_of_its_model(alias: str, name: str, tmp_path: Path) -> None:
    file = put(models_dir(tmp_path), f"{name}.pt")
    assert whisper_files.find(alias, tmp_path) == file


def test_a_file_of_the_users_own_is_taken_by_its_path(tmp_path: Path) -> None:
    file = put(tmp_path / "elsewhere", "mine.pt")
    assert whisper_files.find(f"  {file} ", tmp_path) == file


def test_the_home_folder_may_be_written_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    file = put(tmp_path, "mine.pt")
    assert whisper_files.find("~/mine.pt", tmp_path) == file


def test_a_known_model_that_is_absent_says_where_to_put_it(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=re.escape("base.en are not on this machine")) as caught:
        whisper_files.find("base.en", tmp_path)
    assert str(models_dir(tmp_path)) in caught.value.hint


@pytest.mark.parametrize("name", ["", "bse.en", "/nowhere/x.pt", "~nobody-of-this-name/x.pt", "\0", "x" * 5000, "."])
def test_anything_else_is_missing(name: str, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="There is no Whisper model"):
        whisper_files.find(name, tmp_path)


# --- listing ---------------------------------------------------------------------------------


def test_every_known_model_is_listed_with_its_size(tmp_path: Path) -> None:
    listed = {m.name: m for m in whisper_files.survey(tmp_path)}
    assert list(listed) == list(whisper_files.KNOWN)
    assert not any(m.present for m in listed.values())
    assert listed["base.en"].size_mb == 145


def test_what_is_installed_is_listed_with_its_path(tmp_path: Path) -> None:
    file = put(models_dir(tmp_path), "medium.en.pt")
    (found,) = whisper_files.installed(tmp_path)
    assert (found.name, found.path) == ("medium.en", file)
    assert found.sha256 == whisper_files.KNOWN["medium.en"].sha256


def test_another_file_in_our_folder_is_listed_under_its_path_so_that_it_can_be_chosen(tmp_path: Path) -> None:
    file = put(models_dir(tmp_path), "tuned.pt")
    own = whisper_files.survey(tmp_path)[-1]
    assert own.sha256 is None
    assert whisper_files.find(own.name, tmp_path) == file


def test_only_files_where_known_models_lie_have_an_expected_hash(tmp_path: Path) -> None:
    expected = whisper_files.KNOWN["tiny"].sha256
    assert whisper_files.expected_hash(models_dir(tmp_path) / "tiny.pt", tmp_path) == expected
    assert whisper_files.expected_hash(whisper_cache_dir() / "tiny.pt", tmp_path) == expected
    assert whisper_files.expected_hash(tmp_path / "tiny.pt", tmp_path) is None
    assert whisper_files.expected_hash(models_dir(tmp_path) / "tuned.pt", tmp_path) is None
    assert whisper_files.expected_hash(models_dir(tmp_path) / "tiny.txt", tmp_path) is None


def test_a_known_hash_gives_the_name_back() -> None:
    assert whisper_files.name_of_hash(whisper_files.KNOWN["large-v2"].sha256) == "large-v2"
    assert whisper_files.name_of_hash("0" * 64) is None


# --- verifying -------------------------------------------------------------------------------


def test_a_checkpoint_of_any_hash_passes_where_none_is_expected() -> None:
    assert whisper_files.verify(CHECKPOINT, None) == sha256(CHECKPOINT)


def test_a_checkpoint_of_the_expected_hash_passes() -> None:
    assert whisper_files.verify(CHECKPOINT, sha256(CHECKPOINT)) == sha256(CHECKPOINT)


def test_a_checkpoint_of_another_hash_is_corrupt() -> None:
    with pytest.raises(ModelCorrupt, match="not the file that was published"):
        whisper_files.verify(CHECKPOINT, whisper_files.KNOWN["tiny"].sha256)


@pytest.mark.parametrize("content", [b"", b"<html>Sign in to download</html>", b"PK\x03\x04 and no more"])
def test_a_file_that_is_no_checkpoint_is_corrupt(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "x.pt"
    file.write_bytes(content)
    with pytest.raises(ModelCorrupt, match="not a Whisper checkpoint"):
        whisper_files.verify(file, None)


def test_a_checkpoint_that_breaks_off_is_corrupt(tmp_path: Path) -> None:
    file = tmp_path / "x.pt"
    file.write_bytes(CHECKPOINT.read_bytes()[:-1000])
    with pytest.raises(ModelCorrupt, match="not copied to its end"):
        whisper_files.verify(file, None)


def test_the_old_format_of_torch_passes_for_a_checkpoint(tmp_path: Path) -> None:
    file = tmp_path / "old.pt"
    file.write_bytes(bytes.fromhex("80028a0a6cfc9c46f9206aa85019") + b"more")
    assert whisper_files.verify(file, None) == sha256(file)


def test_a_file_that_cannot_be_read_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="cannot be read"):
        whisper_files.verify(tmp_path / "absent.pt", None)
    with pytest.raises(ModelMissing, match="cannot be read"):
        whisper_files.verify(tmp_path, None)


@pytest.mark.models
def test_names_and_hashes_are_those_of_the_whisper_package() -> None:
    import whisper

    theirs = {name: url.split("/")[-2] for name, url in whisper._MODELS.items()}
    ours = {name: facts.sha256 for name, facts in whisper_files.KNOWN.items()}
    assert theirs == ours | {alias: ours[name] for alias, name in whisper_files.ALIASES.items()}


@pytest.mark.models
def test_the_old_format_is_what_torch_writes_it(tmp_path: Path) -> None:
    import torch

    file = tmp_path / "old.pt"
    torch.save({"dims": {}}, file, _use_new_zipfile_serialization=False)
    assert whisper_files.verify(file, None) == sha256(file)
