"""Trends are read in portions, one reading at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from interviewer.core.errors import StoreError
from interviewer.core.models import Attempt
from interviewer.core.trends import Trends
from interviewer.workers.lanes import Lane
from interviewer.workers.trends import TrendReader
from tests.workers.fakes import NOON, bank
from tests.workers.memory_store import MemoryStore


@pytest.fixture
def store(tmp_path: Path) -> MemoryStore:
    made = MemoryStore(tmp_path)
    for name in "abcde":
        made.attempts[name] = Attempt(name, "s", "alpha", 0, NOON)
    return made


@pytest.fixture
def lane(qtbot: QtBot) -> Iterator[Lane]:
    made = Lane("disk")
    yield made
    assert made.close(5.0)


@pytest.fixture
def reads(lane: Lane, store: MemoryStore) -> Iterator[TrendReader]:
    opened = bank("alpha")
    made = TrendReader(store, lane, lambda: opened, portion=2, rest_ms=1)
    yield made
    # The lane's thread may hold what it did last, and must not be the one that lets go of a QObject.
    lane.close(5.0)


def once(qtbot: QtBot, reads: TrendReader) -> Trends:
    with qtbot.waitSignal(reads.loaded) as loaded:
        reads.load()
    found: Trends = loaded.args[0]
    return found


def test_every_portion_is_read(qtbot: QtBot, reads: TrendReader) -> None:
    assert once(qtbot, reads).ids == tuple("abcde")


def test_words_that_were_not_kept_are_those_of_the_open_bank(qtbot: QtBot, reads: TrendReader) -> None:
    entry = bank("alpha").questions[0]
    found = once(qtbot, reads).subjects[0]
    assert (found.words, found.topic) == (entry.question, entry.topic)


def test_other_work_of_the_lane_comes_between_the_portions(
    qtbot: QtBot, store: MemoryStore, lane: Lane, reads: TrendReader
) -> None:
    order = []
    portion = store.trend_portion

    def noted(after: int, count: int) -> object:
        order.append(f"portion {after}")
        if not after:
            lane.run(lambda: order.append("an answer is kept"))
        return portion(after, count)

    store.trend_portion = noted  # type: ignore[assignment,method-assign]
    once(qtbot, reads)
    assert order == ["portion 0", "an answer is kept", "portion 2", "portion 4"]


def test_who_asks_meanwhile_gets_a_newer_one(qtbot: QtBot, store: MemoryStore, reads: TrendReader) -> None:
    found: list[int] = []

    def note(trends: Trends) -> None:
        found.append(len(trends))
        store.attempts["f"] = Attempt("f", "s", "alpha", 0, NOON)

    reads.loaded.connect(note)
    reads.load()
    reads.load()
    qtbot.waitUntil(lambda: len(found) == 2)
    assert found == [5, 6]


def test_a_store_that_fails_is_told_and_asked_again_next_time(
    qtbot: QtBot, store: MemoryStore, reads: TrendReader
) -> None:
    portion = store.trend_portion

    def fails(after: int, count: int) -> object:
        raise StoreError("The database is in use")

    store.trend_portion = fails  # type: ignore[assignment,method-assign]
    with qtbot.waitSignal(reads.told) as told:
        reads.load()
    store.trend_portion = portion  # type: ignore[method-assign]
    assert str(told.args[0]) == "The database is in use"
    assert len(once(qtbot, reads)) == 5


def test_what_was_read_is_not_read_again_while_nothing_changed(
    qtbot: QtBot, store: MemoryStore, reads: TrendReader
) -> None:
    first = once(qtbot, reads)
    assert once(qtbot, reads) is first
    store.attempts["f"] = Attempt("f", "s", "alpha", 0, NOON)
    assert len(once(qtbot, reads)) == 6


def test_another_bank_has_other_words(qtbot: QtBot, reads: TrendReader) -> None:
    first = once(qtbot, reads)
    reads._bank = lambda: bank("beta")  # type: ignore[method-assign]
    again = once(qtbot, reads)
    assert (first.subjects[0].asked, again.subjects[0].asked) == (bank("alpha").questions[0].question, "")
