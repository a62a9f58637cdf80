"""The interviews that the benchmark of the history makes up are such as the program keeps, and its bounds count."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from benchmarks import history
from benchmarks.history_data import ANSWERS, make
from interviewer.core.search import Query
from interviewer.store.database import SqlStore

GOOD = {"open_ms": 200.0, "search_ms": 20.0, "memory_mb": 8.0}


def test_made_up_interviews_are_read_whole_and_found(tmp_path: Path) -> None:
    writer = make(tmp_path / "data", 3)
    with closing(SqlStore.open(tmp_path / "data")) as store:
        answers = [a for s in store.sessions() for a in store.session(s.id).attempts]
        assert len(answers) == 3 * ANSWERS == len(store.find_answers(Query()).ids)
        assert all(a.transcript and a.score and a.asked for a in answers)
        words = answers[0].transcript.text if answers[0].transcript else ""
        first = store.listed(store.find_answers(Query(text=f'"{words}"')).ids)
    assert [row.attempt_id for row in first] == [answers[0].id]
    assert len(set(writer.words)) > 20_000


@pytest.mark.parametrize(
    ("change", "held"),
    [({}, True), ({"open_ms": 300.0}, False), ({"search_ms": 50.0}, False), ({"memory_mb": 80.0}, False)],
)
def test_every_bound_counts(change: dict[str, float], held: bool) -> None:
    assert history.holds({**GOOD, **change}) is held
