"""What the benchmark of delivery judges: each recording by itself, so that errors cannot even out."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import delivery
from benchmarks.delivery import of_all, pace_error
from benchmarks.inserted_pauses import AROUND_S, Found, Put, put_in
from benchmarks.scoring_figures import Row
from interviewer.core.models import Span
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray

WORDS = [{"count_error": 0.0}, {"count_error": -0.6}]


def recording(found_s: float = 30.0, long_found: int = 10, pace_off: float = 0.0) -> Row:
    found = Found(30.0, found_s, 10, long_found, (0.01, -0.01), 0)
    return {"detector": found, "loudness": found, "pace_error": pace_off}


@pytest.mark.parametrize(
    ("recordings", "broken"),
    [
        ([recording(), recording(30.0 * 1.04)], []),
        ([recording(30.0 * 1.06), recording(30.0 * 0.94)], ["pause_total"]),
        ([recording(long_found=11), recording(long_found=9)], ["counted_exactly"]),
        ([recording(pace_off=0.02), recording(pace_off=-0.031)], ["pace"]),
    ],
)
def test_one_recording_that_is_wrong_is_one_too_many(recordings: list[Row], broken: list[str]) -> None:
    wanted = of_all(recordings, WORDS)["wanted"]
    assert [name for name, so in wanted.items() if not so] == broken


def sound(seconds: float) -> FloatArray:
    return np.random.default_rng(7).normal(0.0, 0.1, round(seconds * MODEL_RATE_HZ)).astype(np.float32)


def test_the_pace_is_that_of_the_words_known_over_the_talk_that_was_found() -> None:
    texts = ("One two three.", "Four five six seven.")
    put = put_in([sound(2.0), sound(1.0)], 6, None, seed=3)
    end_s = AROUND_S + put.talk_s
    assert set(put.drawn) == {0, 1}
    assert pace_error(put, texts, (Span(AROUND_S, end_s),)) == pytest.approx(0.0, abs=1e-3)
    late = Span(AROUND_S + put.talk_s * 0.1, end_s)
    assert pace_error(put, texts, (late,)) == pytest.approx(1 / 0.9 - 1, abs=1e-3)
    assert pace_error(put, texts, ()) == -1.0


def test_what_was_put_in_has_a_pace() -> None:
    put = Put(np.zeros(round((30 + 2 * AROUND_S) * MODEL_RATE_HZ), dtype=np.float32), (), (1, 0, 1))
    assert put.pace_wpm([3, 20]) == pytest.approx(86.0)


@pytest.mark.parametrize(("pace", "code"), [(True, 0), (False, 1)])
def test_what_is_not_as_wanted_fails_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, pace: bool, code: int
) -> None:
    (tmp_path / "manifest.tsv").write_text("file\ttranscript\na.wav\tOne.\n", encoding="utf-8")
    monkeypatch.setattr(delivery, "run", lambda clips, quick: {"wanted": {"pause_total": True, "pace": pace}})
    monkeypatch.setattr(sys, "argv", ["delivery", "--data", str(tmp_path), "--json"])
    assert delivery.main() == code
    assert '"pace"' in capsys.readouterr().out
