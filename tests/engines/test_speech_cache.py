"""Rendered speech that is kept."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from interviewer.core.errors import DeviceError, StoreError
from interviewer.engines.speech_cache import SpeechCache, is_audible
from tests.engines.listening import write_wav

KILOBYTE = np.full(512, 0.5)


@pytest.fixture
def cache(tmp_path: Path) -> SpeechCache:
    return SpeechCache(tmp_path / "speech", max_bytes=4 * 1100)


def keep(cache: SpeechCache, name: str, *, age_s: int = 0) -> str:
    key = cache.key(name)
    path = cache.keep(write_wav(cache.part(key), KILOBYTE), key)
    os.utime(path, (1_000_000 - age_s, 1_000_000 - age_s))
    return key


def test_what_was_kept_is_found(cache: SpeechCache) -> None:
    key = keep(cache, "hello")

    assert is_audible(cache.find(key))


def test_what_was_not_kept_is_not_found(cache: SpeechCache) -> None:
    assert cache.find(cache.key("hello")) is None


@pytest.mark.parametrize("other", [("hello", "us", 165), ("hello", None, 166), ("Hello", None, 165), ("hello", None)])
def test_everything_that_decides_the_sound_is_in_the_key(other: tuple[str | int | None, ...]) -> None:
    assert SpeechCache.key(*other) != SpeechCache.key("hello", None, 165)


def test_the_oldest_go_when_there_are_too_many(cache: SpeechCache) -> None:
    keys = [keep(cache, str(n), age_s=100 - n) for n in range(4)]
    newest = keep(cache, "newest")

    assert [cache.find(key) is not None for key in [*keys, newest]] == [False, True, True, True, True]


def test_what_was_used_lately_stays(cache: SpeechCache) -> None:
    keys = [keep(cache, str(n), age_s=100 - n) for n in range(4)]
    cache.find(keys[0])
    keep(cache, "newest")

    assert [cache.find(key) is not None for key in keys] == [True, False, True, True]


def test_what_was_just_kept_stays_however_large(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path, max_bytes=10)

    assert cache.find(keep(cache, "large")) is not None


def test_what_another_thread_is_rendering_is_neither_counted_nor_removed(cache: SpeechCache) -> None:
    part = write_wav(cache.part(cache.key("slow")), np.full(8 * 512, 0.5))
    os.utime(part, (1, 1))
    first, second = keep(cache, "one"), keep(cache, "two")

    assert part.exists()
    assert cache.find(first)
    assert cache.find(second)


def test_what_another_thread_removed_meanwhile_is_no_failure(
    cache: SpeechCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(cache, "one")
    stat = Path.stat

    def vanished(path: Path, **how: bool) -> os.stat_result:
        if path.name.startswith(cache.key("one")):
            raise FileNotFoundError(2, "No such file or directory")
        return stat(path, **how)

    key = cache.key("two")
    part = write_wav(cache.part(key), KILOBYTE)
    monkeypatch.setattr(Path, "stat", vanished)

    assert cache.keep(part, key).name == f"{key}.wav"


def test_a_file_without_a_sound_is_refused(cache: SpeechCache) -> None:
    key = cache.key("silence")
    part = write_wav(cache.part(key), np.zeros(100))

    with pytest.raises(DeviceError, match="no sound"):
        cache.keep(part, key)
    assert cache.find(key) is None


def test_a_dropped_file_is_gone(cache: SpeechCache) -> None:
    key = keep(cache, "hello")
    cache.drop(key)
    cache.drop(key)

    assert cache.find(key) is None


def test_two_renderings_of_one_text_do_not_share_a_part(cache: SpeechCache) -> None:
    assert cache.part("key") != cache.part("key")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreError):
        SpeechCache(tmp_path / "file").part("key")


def test_a_file_that_cannot_be_put_in_place_is_told(cache: SpeechCache) -> None:
    key = cache.key("hello")
    part = write_wav(cache.part(key), KILOBYTE)
    (part.parent / f"{key}.wav").mkdir()

    with pytest.raises(StoreError, match="cannot be kept"):
        cache.keep(part, key)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"Dear Sir"])
def test_what_is_no_wav_is_not_audible(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.wav"
    path.write_bytes(content)

    assert not is_audible(path)


def test_the_folder_is_the_users_alone(cache: SpeechCache) -> None:
    assert cache.part("key").parent.stat().st_mode & 0o777 == 0o700
