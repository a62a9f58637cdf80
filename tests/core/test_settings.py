from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from interviewer.core.errors import StoreError
from interviewer.core.settings import FILE_NAME, MAX_SETTINGS_BYTES, Appearance, Engine, Hearing, Settings, load, save

CHOSEN = Settings(microphone="Röde NT-USB", rate_wpm=140, appearance=Appearance.DARK, questions=8)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / FILE_NAME


def test_without_a_file_the_defaults_are_used(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    assert loaded.settings == Settings()
    assert loaded.problem is None


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    save(tmp_path, CHOSEN)
    assert load(tmp_path).settings == CHOSEN


def test_saving_replaces_what_was_there_and_leaves_nothing_else(tmp_path: Path) -> None:
    save(tmp_path, Settings())
    save(tmp_path, CHOSEN)
    assert load(tmp_path).settings == CHOSEN
    assert [p.name for p in tmp_path.iterdir()] == [FILE_NAME]


def test_fields_of_a_newer_version_are_passed_over(tmp_path: Path, file: Path) -> None:
    file.write_text(json.dumps({"rate_wpm": 200, "telepathy": True}))
    loaded = load(tmp_path)
    assert loaded.settings.rate_wpm == 200
    assert loaded.problem is None


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"rate_wpm": 5}', b'{"mode": "exam"}', b"\xff\xfe\x00", b" " * (MAX_SETTINGS_BYTES + 1)],
    ids=["empty", "cut off", "a list", "out of range", "unknown mode", "not text", "huge"],
)
def test_a_damaged_file_is_set_aside_whole_and_told(tmp_path: Path, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    loaded = load(tmp_path, set_aside=True)
    assert loaded.settings == Settings()
    assert loaded.problem is not None
    assert "settings.json.damaged" in loaded.problem.hint
    assert (tmp_path / "settings.json.damaged").read_bytes() == content
    assert not file.exists()


def test_who_only_looks_leaves_a_damaged_file_where_it_is(tmp_path: Path, file: Path) -> None:
    file.write_bytes(b"{")
    assert load(tmp_path).problem is not None
    assert [p.name for p in tmp_path.iterdir()] == [FILE_NAME]


def test_a_file_that_cannot_be_read_is_told_and_left_alone(tmp_path: Path, file: Path) -> None:
    file.mkdir()
    assert load(tmp_path, set_aside=True).problem is not None
    assert file.is_dir()


def test_an_earlier_damaged_file_is_kept_beside_the_new_one(tmp_path: Path, file: Path) -> None:
    for content in (b"{", b"["):
        file.write_bytes(content)
        load(tmp_path, set_aside=True)
    assert (tmp_path / "settings.json.damaged").read_bytes() == b"{"
    assert (tmp_path / "settings.json.damaged1").read_bytes() == b"["


def test_a_damaged_file_that_cannot_be_moved_still_gives_the_defaults(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stuck(*_: object) -> Path:
        raise PermissionError(13, "Permission denied")

    file.write_bytes(b"{")
    monkeypatch.setattr(Path, "rename", stuck)
    loaded = load(tmp_path, set_aside=True)
    assert loaded.settings == Settings()
    assert loaded.problem is not None


def test_a_folder_that_is_not_there_cannot_keep_settings(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be kept"):
        save(tmp_path / "nowhere", CHOSEN)


def test_a_save_that_fails_half_way_keeps_the_old_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path, CHOSEN)

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        save(tmp_path, Settings())
    assert load(tmp_path).settings == CHOSEN
    assert [p.name for p in tmp_path.iterdir()] == [FILE_NAME]


def test_the_built_in_sentence_model_is_the_default_and_a_name_is_kept(tmp_path: Path) -> None:
    assert Settings().sentence_model == ""
    save(tmp_path, Settings(sentence_model="all-mpnet-base-v2"))
    assert load(tmp_path).settings.sentence_model == "all-mpnet-base-v2"


def test_a_sentence_model_longer_than_any_path_is_damage(file: Path, tmp_path: Path) -> None:
    file.write_text(json.dumps({"sentence_model": "x" * 4097}))
    assert load(tmp_path).problem is not None


def test_the_proxy_is_the_systems_unless_one_is_named(tmp_path: Path) -> None:
    assert Settings().proxy == ""
    save(tmp_path, Settings(proxy="http://proxy.example:3128"))
    assert load(tmp_path).settings.proxy == "http://proxy.example:3128"


def test_a_proxy_that_is_none_harms_no_other_setting(tmp_path: Path, file: Path) -> None:
    file.write_text(json.dumps({"proxy": "no address", "rate_wpm": 200}))
    loaded = load(tmp_path)
    assert loaded.problem is None
    assert loaded.settings.rate_wpm == 200


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_a_pipe_in_place_of_the_settings_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / FILE_NAME)
    found = load(tmp_path, set_aside=True)
    assert found.settings == Settings()
    assert "could not be read" in str(found.problem)


def test_how_answers_are_written_down_is_one_value_to_compare() -> None:
    assert Settings(engine=Engine.FAST, keep_fillers=True).hearing == Hearing(Engine.FAST, fillers=True)
