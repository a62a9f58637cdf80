"""The figures that the latency and memory benchmarks make of what they measured."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import latency, memory
from benchmarks.latency_sides import MODEL_RATE_HZ, Run, spoken_answer


def runs(*waits: tuple[float, float]) -> list[tuple[Run, Run]]:
    return [(Run(ours, ours, 2), Run(plain, plain, 1)) for ours, plain in waits]


def test_ratios_are_of_each_run_and_the_median_counts() -> None:
    report = latency.summary((30, 300), {30: runs((1, 4), (2, 4), (3, 4)), 300: runs((1, 20))})
    assert report["ratio"] == {"30": 0.5, "300": 0.05}
    assert report["ours_s"] == {"30": 2, "300": 1}
    assert report["growth_30_to_300"] == 0.5
    assert report["cpu_ratio"] == round(7 / 32, 3)


@pytest.mark.parametrize(
    ("change", "held"),
    [
        ({}, True),
        ({"ratio": {"120": 0.26}}, False),
        ({"ratio": {"300": 0.11}}, False),
        ({"growth_30_to_300": 1.4}, False),
        ({"cpu_ratio": 1.2}, False),
        ({"ratio": {"10": 0.9}}, True),
    ],
)
def test_a_bound_that_is_broken_is_told_by_the_exit_code(change: dict[str, object], held: bool) -> None:
    good = {"ratio": {"120": 0.2, "300": 0.1}, "growth_30_to_300": 1.0, "cpu_ratio": 1.0}
    assert latency.holds(good | change) is held


def test_the_table_has_a_line_for_each_length() -> None:
    report = latency.summary((10, 30), {10: runs((1, 2)), 30: runs((1, 4))})
    table = latency.as_table(report | {"model": "random", "threads": 1})
    assert [line.split()[0] for line in table.splitlines()[2:4]] == ["10", "30"]


def test_an_answer_has_its_length_and_is_the_same_each_time() -> None:
    one, two = spoken_answer(7.5, 3), spoken_answer(7.5, 3)
    assert len(one) == 7.5 * MODEL_RATE_HZ
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(one, spoken_answer(7.5, 4))


def test_memory_is_compared_at_its_peak_and_growth_by_what_is_resident_once_settled() -> None:
    streamed = [(300.0, 200.0), (420.0, 250.0), *[(440.0, 300.0)] * 6, *[(450.0, 310.0)] * 6]
    assert memory.summary([(400.0, 350.0)], streamed) == {
        "answers": 14,
        "whole_mb": 400.0,
        "streamed_mb": 450.0,
        "times": 1.125,
        "resident_mb": 305.0,
        "growth_mb": 10.0,
    }
