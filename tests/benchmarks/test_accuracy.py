"""The accuracy benchmark: the real path of both sides on weights that know six sentences."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from benchmarks import accuracy
from benchmarks.speech_clips import MANIFEST, OWN
from interviewer.core.ports import FloatArray
from interviewer.engines.streaming import StreamingTranscriber

CHECKPOINT = Path(__file__).resolve().parents[1] / "fixtures" / "whisper-fixture.pt"
WORDS = 52


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixture's clips with a manifest as other data have one, and a clip without speech."""
    folder = tmp_path_factory.mktemp("clips")
    texts = json.loads((OWN / "clips.json").read_text(encoding="utf-8"))
    for name in texts:
        shutil.copy(OWN / name, folder)
    lines = ["file\ttranscript", *(f"{name}\t{text}" for name, text in texts.items()), "noise.wav\t"]
    (folder / MANIFEST).write_text("\n".join(lines), encoding="utf-8")
    return folder


def told(capsys: pytest.CaptureFixture[str]) -> dict:
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    return json.loads(out)


def rates(ours: int, plain: int, words: int = 1000) -> tuple[dict, dict]:
    return {"wrong": ours, "words": words}, {"wrong": plain, "words": words}


@pytest.mark.models
def test_both_sides_are_exact_where_the_weights_know_the_text(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert accuracy.main(["--data", str(data), "--model", str(CHECKPOINT), "--json"]) == 0
    report = told(capsys)
    assert report["holds"] is True
    for side in ("ours", "plain"):
        assert (report[side]["wer"], report[side]["words"], len(report[side]["clips"])) == (0.0, WORDS, 6)


@pytest.mark.models
def test_a_worse_transcript_of_ours_fails(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    feed = StreamingTranscriber.feed

    def half(self: StreamingTranscriber, samples: FloatArray) -> None:
        feed(self, samples[: len(samples) // 2])

    monkeypatch.setattr(StreamingTranscriber, "feed", half)
    assert accuracy.main(["--data", str(data), "--model", str(CHECKPOINT), "--quick"]) == 1
    out = capsys.readouterr().out
    assert "✗ not as wanted" in out
    assert "plain 0" in out


@pytest.mark.models
def test_the_built_in_recogniser_is_measured_when_asked(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert accuracy.main(["--data", str(data), "--model", "base.en", "--built-in", "--quick"]) == 0
    out = capsys.readouterr().out
    assert "skipped: no weights" in out
    assert "built-in recogniser  word error rate" in out


@pytest.mark.parametrize("wanted", ["base.en", "large", "/nowhere/base.en.pt"])
def test_without_weights_it_is_skipped(
    data: Path, wanted: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INTERVIEWER_WHISPER_MODEL", wanted)
    assert accuracy.main(["--data", str(data)]) == 0
    assert capsys.readouterr().out.startswith("skipped: no weights")


def test_skipping_is_one_object_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("INTERVIEWER_WHISPER_MODEL", raising=False)
    assert accuracy.main(["--json"]) == 0
    assert told(capsys)["skipped"].startswith("skipped: no weights")


def test_weights_that_are_none_are_an_error(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.pt"
    broken.write_bytes(b"no weights")
    assert accuracy.main(["--data", str(data), "--model", str(broken)]) == 1
    assert "broken.pt" in capsys.readouterr().err


def test_clips_that_are_not_there_are_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert accuracy.main(["--data", str(tmp_path)]) == 1
    assert MANIFEST in capsys.readouterr().err


def test_half_a_point_more_is_allowed_and_no_word_beyond() -> None:
    assert accuracy.holds(*rates(105, 100))
    assert not accuracy.holds(*rates(106, 100))
    assert accuracy.holds(*rates(0, 100))


def test_on_few_words_no_word_more_is_allowed() -> None:
    assert not accuracy.holds(*rates(1, 0, words=WORDS))
    assert accuracy.holds(*rates(1, 1, words=WORDS))
