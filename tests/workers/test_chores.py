"""What is done from time to time, with a store on a lane of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from interviewer.core.models import Attempt, Mode, Session
from interviewer.core.search import Query
from interviewer.core.settings import Settings
from interviewer.store.backup import Backup
from interviewer.store.database import SqlStore
from interviewer.workers import chores as module
from interviewer.workers.chores import Chores, Job
from interviewer.workers.lanes import Lane
from tests.workers.fakes import NOON, bank

CHOSEN = Settings(daily_backup=False, compress_recordings=False)
MADE = Backup(Path("copy"), NOON, 1, 1)


@dataclass
class House:
    chores: Chores
    store: SqlStore
    job: Job

    def tidy(self) -> dict[str, str]:
        """Do the chores, and return what went wrong."""
        done = self.chores.tidy(CHOSEN, self.job, compress=False)
        return {name: str(error) for name, error in done.problems.items()}


@pytest.fixture
def house(qapp, tmp_path: Path) -> Iterator[House]:
    store, disk = SqlStore.open(tmp_path), Lane("disk")
    opened = bank("alpha", "beta")
    chores = Chores(tmp_path, store, disk, clock=lambda: NOON, held=lambda: "", bank=lambda: opened)
    store.begin_session(Session("s", NOON, opened.title, Mode.PRACTICE, ("alpha", "gone")))
    for place in range(5):
        store.add_attempt(Attempt(f"a{place}", "s", "alpha", 0, NOON))
    store.add_attempt(Attempt("b", "s", "gone", 0, NOON))
    yield House(chores, store, Job())
    assert disk.close(5.0)
    store.close()


def test_older_answers_learn_their_questions_some_at_a_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_NAMED_AT_ONCE", 2)
    assert house.tidy() == {}
    topic = bank("alpha").questions[0].topic
    assert len(house.store.find_answers(Query(topic=topic)).ids) == 5
    assert house.store.attempt("b").asked == ""


def test_an_interview_that_begins_breaks_it_off(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_NAMED_AT_ONCE", 2)
    real = house.store.name_questions

    def named(*args: object) -> int:
        house.job.broken_off.set()
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(house.store, "name_questions", named)
    assert house.tidy() == {}
    assert sum(bool(house.store.attempt(f"a{place}").asked) for place in range(5)) == 2


def test_words_of_earlier_notes_go_in_a_quiet_moment_and_before_a_copy_is_made(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(house.store, "forget_notes", lambda: calls.append("notes"))
    monkeypatch.setattr("interviewer.store.backup.back_up", lambda *_, **__: calls.append("copy") or MADE)
    assert house.tidy() == {}
    house.chores.back_up(CHOSEN, house.job)
    assert calls == ["notes", "notes", "copy"]
