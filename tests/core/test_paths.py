from __future__ import annotations

import stat
from pathlib import Path

import pytest
from platformdirs import user_data_path

from interviewer.core import paths
from interviewer.core.errors import StoreError


def test_the_chosen_data_folder_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.DATA_DIR_VARIABLE, str(tmp_path / "from environment"))
    assert paths.data_dir(tmp_path / "chosen") == tmp_path / "chosen"


def test_the_environment_names_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.DATA_DIR_VARIABLE, str(tmp_path))
    assert paths.data_dir() == tmp_path


def test_without_a_choice_the_platform_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(paths.DATA_DIR_VARIABLE)
    assert paths.data_dir() == user_data_path("interviewer", appauthor=False)


def test_an_empty_variable_is_no_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paths.DATA_DIR_VARIABLE, "")
    assert paths.data_dir() == user_data_path("interviewer", appauthor=False)


def test_a_relative_folder_is_taken_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert paths.data_dir(Path("mine")) == tmp_path / "mine"


def test_a_tilde_is_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert paths.data_dir(Path("~/mine")) == tmp_path / "mine"


def test_the_shipped_bank_is_there() -> None:
    assert paths.shipped_bank().is_file()


def test_in_a_wheel_what_ships_lies_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "interviewer"
    package.mkdir(parents=True)
    monkeypatch.setattr(paths, "_PACKAGE", package)
    assert paths.shipped_bank() == package.parent / "questions.json"
    (package / "questions.json").touch()
    assert paths.shipped_bank() == package / "questions.json"


def test_an_asset_lies_in_the_assets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "assets").mkdir()
    monkeypatch.setattr(paths, "_PACKAGE", tmp_path)
    assert paths.asset("demo", "one.wav") == tmp_path / "assets" / "demo" / "one.wav"


def test_models_lie_inside_the_data_folder(tmp_path: Path) -> None:
    assert paths.models_dir(tmp_path).parent == tmp_path


def test_the_caches_follow_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert paths.whisper_cache_dir() == tmp_path / "whisper"
    assert paths.cache_dir().name == "interviewer"


def test_a_private_folder_is_made_with_its_parents_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    assert paths.make_private(folder) == folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_is_there_is_fine(tmp_path: Path) -> None:
    assert paths.make_private(tmp_path) == tmp_path


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(StoreError, match="cannot be made") as caught:
        paths.make_private(tmp_path / "data")
    assert "--data-dir" in caught.value.hint


def test_a_folder_whose_parent_cannot_be_made_is_not_called_unwritable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be made") as caught:
        paths.make_private(tmp_path / "file" / "data")
    assert "cannot be written to" not in str(caught.value)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Asking the system itself would always say yes where the tests run as root.
    monkeypatch.setattr(paths.os, "access", lambda _path, _mode: False)
    with pytest.raises(StoreError, match="not writable"):
        paths.make_private(tmp_path)
