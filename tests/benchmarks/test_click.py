"""What the benchmark of clicks judges."""

from __future__ import annotations

import pytest

from benchmarks.click import LATENCY_MS, OFF_MS, holds

GOOD = {"latency_max_ms": LATENCY_MS, "while_playing_max_ms": LATENCY_MS, "off_max_ms": OFF_MS, "first_ms": 1000.0}


@pytest.mark.parametrize(("name", "held"), [(name, name == "first_ms") for name in GOOD])
def test_every_word_is_heard_in_time_and_in_its_place(name: str, held: bool) -> None:
    assert holds(GOOD)
    assert holds({**GOOD, name: GOOD[name] + 0.1}) is held
