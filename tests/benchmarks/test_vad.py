"""How the benchmark of the detector counts what reaches the recogniser. The detector is not asked."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.vad import LEVELS, RULES, cases, of_other, of_speech, summary
from benchmarks.vad_table import as_table
from interviewer.core.models import Span, Transcript
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray
from interviewer.engines.cutting import Rule

SECONDS = 4


def spoken() -> FloatArray:
    """Two seconds of "speech" in the middle of four."""
    samples = np.random.default_rng(3).normal(size=SECONDS * MODEL_RATE_HZ) * 1e-4
    samples[MODEL_RATE_HZ : 3 * MODEL_RATE_HZ] *= 1000
    return samples.astype(np.float32)


def cutting(*spans: Span):
    def cut(samples: FloatArray, rule: Rule) -> list[Span]:
        return list(spans)

    return cut


class Ears:
    """A recogniser that writes the same whatever it hears."""

    def __init__(self, text: str) -> None:
        self.text = text

    def begin(self, terms: object) -> None: ...
    def feed(self, samples: FloatArray) -> None: ...
    def finish(self) -> Transcript:
        return Transcript(self.text, (), (), "fake", "fake", False)


def report(speech: list[dict], other: list[dict]) -> dict:
    return {**summary(speech, other), "quick": False, "real_time_factor": 0.01, "speech": speech, "other": other}


def test_all_levels_and_rules_are_measured() -> None:
    row = of_speech(spoken(), cutting(Span(0.8, 3.2)))
    assert row["speech_s"] == pytest.approx(2.0, abs=0.06)
    assert len(cases(row)) == len(LEVELS) * len(RULES)
    assert all(case["share"] == 1.0 and not case["missed"] for case in cases(row))


def test_what_lies_outside_the_pieces_is_missed_where_it_is() -> None:
    (case, *_) = cases(of_speech(spoken(), cutting(Span(1.5, 2.0), Span(2.0, 3.5))))
    assert case["share"] == pytest.approx(0.75, abs=0.02)
    ((first, end),) = case["missed"]
    assert (first, end) == (pytest.approx(1.0, abs=0.03), pytest.approx(1.5))


def test_what_is_handed_over_besides_speech_is_counted() -> None:
    (case, *_) = cases(of_speech(spoken(), cutting(Span(0.0, 3.0))))
    assert case["handed_over_s"] == pytest.approx(3.0)
    assert case["not_speech_s"] == pytest.approx(1.0, abs=0.04)


def test_nothing_found_is_nothing_reached() -> None:
    (case, *_) = cases(of_speech(spoken(), cutting()))
    assert (case["share"], case["pieces"]) == (0.0, 0)


def test_a_clip_is_judged_by_its_worst_case() -> None:
    good, bad = of_speech(spoken(), cutting(Span(0.0, 4.0))), of_speech(spoken(), cutting(Span(0.0, 4.0)))
    cases(bad)[-1]["share"] = 0.9799
    found = summary([{"file": "good.wav", **good}, {"file": "bad.wav", **bad}], [])
    assert found["clips_below"] == ["bad.wav"]
    assert found["lowest_share"] == 0.9799


def test_clips_without_speech_are_told_by_pieces_and_by_text() -> None:
    quiet = {"file": "quiet.wav", **of_other(spoken(), cutting(), Ears(""))}
    loud = {"file": "loud.wav", **of_other(spoken(), cutting(Span(0.0, 1.0)), Ears(""))}
    heard = {"file": "heard.wav", **of_other(spoken(), cutting(Span(0.0, 1.0)), Ears("Thank you."))}
    found = summary([], [quiet, loud, heard])
    assert found["other_with_pieces"] == ["heard.wav", "loud.wav"]
    assert found["other_with_text"] == ["heard.wav"]
    assert found["lowest_share"] is None


def test_the_table_marks_what_is_not_as_wanted() -> None:
    good = {"file": "good.wav", **of_speech(spoken(), cutting(Span(0.0, 4.0)))}
    bad = {"file": "bad.wav", **of_speech(spoken(), cutting(Span(1.5, 4.0)))}
    other = {"file": "noise.wav", **of_other(spoken(), cutting(Span(0.0, 1.0)), Ears("Thank you."))}
    lines = as_table(report([good, bad], [other])).splitlines()
    marked = {line.split()[0] for line in lines if "✗" in line}
    assert marked == {"bad.wav", "noise.wav"}
    assert any("clips with less than 98% of their speech handed over: bad.wav" in line for line in lines)
    assert any("noise.wav; text: noise.wav" in line for line in lines)


@pytest.mark.parametrize("quick", [False, True])
def test_a_table_of_one_kind_of_clip_is_a_table(quick: bool) -> None:
    good = {"file": "good.wav", **of_speech(spoken(), cutting(Span(0.0, 4.0)))}
    other = {"file": "noise.wav", **of_other(spoken(), cutting(), Ears(""))}
    for one in (report([good], []), report([], [other])):
        table = as_table({**one, "quick": quick})
        assert "✗" not in table
        assert ("quick" in table) == quick
