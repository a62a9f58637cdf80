"""Bytes of anybody into our own parsers: what was ever found stays mended, and a little looking for more."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.faults.json_mutator import ODD, mutated
from tests.faults.replay import check
from tests.faults.targets import CORPUS, MAKE, Target, made

FOUND = [pytest.param(p.parent.name, p, id=f"{p.parent.name}/{p.name}") for p in sorted(CORPUS.glob("*/*"))]
QUICK = [name for name in MAKE if name not in ("database", "rebuild")]

# NaN is none of them: it is never equal to itself, so hypothesis could not tell its draws apart.
odd = st.sampled_from([value for value in ODD if value == value])


@pytest.fixture(scope="module")
def targets() -> dict[str, Target]:
    return {name: made(name) for name in MAKE}


def run(target: Target, data: bytes) -> None:
    """Run one input; whatever is no error of ours fails the test."""
    with tempfile.TemporaryDirectory() as folder:
        target.run(data, Path(folder))


@pytest.mark.parametrize(("name", "path"), FOUND)
def test_what_was_found_once_stays_mended(name: str, path: Path) -> None:
    if name not in MAKE:
        pytest.skip("this version has no such parser")
    assert check(name, path.read_bytes()) is None


@pytest.mark.parametrize("name", MAKE)
def test_what_the_fuzzers_begin_with_is_taken(name: str, targets: dict[str, Target]) -> None:
    for data in targets[name].seeds:
        run(targets[name], data)


@pytest.mark.parametrize("name", QUICK)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_whole_input_with_bytes_changed_is_an_answer_or_an_error_of_ours(
    name: str, targets: dict[str, Target], data: st.DataObject
) -> None:
    target = targets[name]
    changed = bytearray(data.draw(st.sampled_from(target.seeds)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(changed)))
        until = data.draw(st.integers(at, min(len(changed), at + 8)))
        changed[at:until] = data.draw(st.binary(max_size=8))
    run(target, bytes(changed))


@pytest.mark.parametrize("name", [n for n in QUICK if n in ("bank", "settings", "sidecar", "manifest")])
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), which=st.integers(0, 1))
def test_json_with_values_changed_is_an_answer_or_an_error_of_ours(
    name: str, targets: dict[str, Target], seed: int, which: int
) -> None:
    target = targets[name]
    run(target, mutated(target.seeds[which], target.most_bytes, seed))


@pytest.mark.parametrize("name", ["database"])
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 40_000), written=st.binary(min_size=1, max_size=64))
def test_a_database_with_bytes_changed_is_read_or_refused(
    name: str, targets: dict[str, Target], at: int, written: bytes
) -> None:
    whole = bytearray(targets[name].seeds[0])
    whole[at : at + len(written)] = written
    run(targets[name], bytes(whole))


@settings(max_examples=30, deadline=None)
@given(
    value=st.recursive(odd | st.text(max_size=20), lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(), x))
)
def test_any_json_is_no_bank_and_says_so(value: Any) -> None:
    run(made("bank"), json.dumps(value).encode("utf-8", "surrogatepass"))
