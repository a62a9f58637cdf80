"""How the speech benchmarks find their clips and change their volume."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.speech_clips import MANIFEST, at_level, own_clips, read_clips


def manifest(folder: Path, *lines: str) -> Path:
    (folder / MANIFEST).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def rows(count: int, text: str) -> list[str]:
    return [f"{text or 'noise'}{i}.wav\t1.0\t{text}" for i in range(count)]


def test_clips_come_with_what_is_said_in_them(tmp_path: Path) -> None:
    clips = read_clips(manifest(tmp_path, "file\ttranscript", 'a.wav\tHe said "yes', "b.wav\t"))
    assert [(c.name, c.transcript) for c in clips] == [("a.wav", 'He said "yes'), ("b.wav", "")]
    assert clips[0].path == tmp_path / "a.wav"


def test_quick_takes_some_of_each_kind(tmp_path: Path) -> None:
    lines = ["file\tseconds\ttranscript", *rows(10, "word"), *rows(6, "")]
    names = [clip.name for clip in read_clips(manifest(tmp_path, *lines), quick=True)]
    assert names == ["word0.wav", "word5.wav", "noise0.wav", "noise5.wav"]


@pytest.mark.parametrize("lines", [["file\ttext", "a.wav\tyes"], ["file\ttranscript"], ["something else"]])
def test_another_table_is_refused(tmp_path: Path, lines: list[str]) -> None:
    with pytest.raises(ValueError, match="not a table of clips"):
        read_clips(manifest(tmp_path, *lines))


def test_no_manifest_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=MANIFEST):
        read_clips(tmp_path)


def test_our_own_clips_are_there() -> None:
    assert len(own_clips()) == 6
    assert all(clip.transcript and clip.path.is_file() for clip in own_clips())


@pytest.mark.parametrize("dbfs", [-25.0, -45.0])
def test_a_clip_is_brought_to_a_level(dbfs: float) -> None:
    samples = (np.random.default_rng(1).normal(size=16_000) * 0.02).astype(np.float32)
    changed = at_level(samples, dbfs)
    assert 10 * np.log10(np.mean(np.square(changed, dtype=np.float64))) == pytest.approx(dbfs, abs=0.05)
    # As a recording keeps it, in steps of 16 bits.
    assert np.array_equal(changed * 32768, np.rint(changed * 32768))
    assert changed.dtype == np.float32


def test_silence_and_no_level_change_nothing() -> None:
    silence = np.zeros(100, dtype=np.float32)
    assert at_level(silence, -25.0) is silence
    tone = np.full(100, 0.1, dtype=np.float32)
    assert at_level(tone, None) is tone
