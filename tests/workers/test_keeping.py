"""The housekeeper does chores while nobody is interviewed, and what the user wishes at any time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from interviewer.core.errors import Cancelled, InputError, InterviewerError, StoreError
from interviewer.core.models import Attempt, Session
from interviewer.core.removal import Removed
from interviewer.core.settings import Settings
from interviewer.core.state import State
from interviewer.core.steps import Phase
from interviewer.store.backup import Backup
from interviewer.workers.chores import Job, Tidied
from interviewer.workers.keeping import Housekeeper
from interviewer.workers.settings_keeper import SettingsKeeper
from interviewer.workers.status import BackupList, Deleted, Doomed, Exported, Wish, Working
from tests.workers.fakes import AtOnce

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MADE = Backup(Path("/backups/one"), NOON, 3, 4096)
GONE = Removed(("s",), ("a",), ("recordings/s/a.wav",), 4096)


class ByHand:
    """A lane whose work is done when the test says so."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []
        self.closed = False

    def run(self, function, *args, done=None, failed=None) -> None:  # type: ignore[no-untyped-def]
        def work() -> None:
            try:
                result = function(*args)
            except InterviewerError as error:
                failed(error)
            else:
                done(result)

        self.waiting.append(work)

    def go(self) -> None:
        """Do everything that waits."""
        while self.waiting:
            self.waiting.pop(0)()

    def close(self, _deadline_s: float) -> bool:
        self.closed = True
        return True


@dataclass
class FakeChores:
    """Does what the test laid out, and remembers what it was asked."""

    tidied: Tidied = field(default_factory=Tidied)
    problem: InterviewerError | None = None
    jobs: list[Job] = field(default_factory=list)
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    def tidy(self, chosen: Settings, job: Job, *, compress: bool) -> Tidied:
        self.jobs.append(job)
        self.asked.append(("tidy", compress))
        return self.tidied

    def list_backups(self, chosen: Settings) -> BackupList:
        return BackupList(Path("/backups"), (MADE,))

    def back_up(self, chosen: Settings, job: Job) -> Backup:
        self.jobs.append(job)
        for done in range(1001):
            job.tell(done, 1000)
        if self.problem is not None:
            raise self.problem
        return MADE

    def export(self, folder: Path, job: Job) -> Exported:
        return Exported(folder / "all")

    def count_old(self, days: int) -> int:
        return days // 30

    def weigh(self, subject: Attempt | Session | None, chosen: Settings) -> Doomed:
        return Doomed(subject, ("s",), ("a",), 1, 4096, 1, Path("/backups"))

    def delete(self, doomed: Doomed, chosen: Settings, job: Job, *, backups_too: bool) -> Deleted:
        self.asked.append(("delete", doomed.attempts, backups_too))
        if self.problem is not None:
            raise self.problem
        return Deleted(GONE)

    def delete_everything(self, chosen: Settings, let_go: Callable[[], None]) -> Deleted:
        let_go()
        if self.problem is not None:
            raise self.problem
        return Deleted(GONE, everything=True)


@dataclass
class House:
    keeper: Housekeeper
    chores: FakeChores
    lane: ByHand
    settings: SettingsKeeper
    told: list[InterviewerError]
    let_go: list[bool]


@pytest.fixture
def house(qtbot: QtBot, tmp_path: Path) -> House:
    chores, lane, let_go = FakeChores(), ByHand(), []
    settings = SettingsKeeper(tmp_path, Settings(), AtOnce())
    keeper = Housekeeper(
        chores,  # type: ignore[arg-type]
        lane,  # type: ignore[arg-type]
        settings,
        asks=lane,  # type: ignore[arg-type]
        busy=lambda: False,
        let_go=lambda: let_go.append(True),
    )
    told: list[InterviewerError] = []
    keeper.told.connect(told.append)
    return House(keeper, chores, lane, settings, told, let_go)


def doomed(subject: Session | None) -> Doomed:
    return Doomed(subject, ("s",), ("a",), 1, 4096, 0, Path("/backups"))


MONDAY = Session("s", NOON, "Bank", None, ())  # type: ignore[arg-type]
HELD = State(phase=Phase.RECORDING)


# --- chores --------------------------------------------------------------------------------


def test_no_chore_begins_while_an_interview_is_held(house: House) -> None:
    house.keeper.follow(HELD)
    house.keeper.tidy()
    assert house.lane.waiting == []


def test_chores_are_done_again_once_it_is_over(house: House) -> None:
    house.keeper.follow(HELD)
    house.keeper.follow(State(phase=Phase.DONE))
    house.keeper.tidy()
    house.lane.go()
    assert house.chores.asked == [("tidy", True)]


def test_an_interview_that_begins_breaks_a_chore_off(house: House) -> None:
    house.keeper.tidy()
    house.lane.go()
    house.keeper.tidy()
    job = house.keeper._chore
    assert job is not None
    house.keeper.follow(HELD)
    assert job.broken_off.is_set()


def test_a_wish_breaks_a_chore_off(house: House) -> None:
    house.keeper.tidy()
    job = house.keeper._chore
    house.keeper.back_up()
    assert job is not None
    assert job.broken_off.is_set()


def test_one_round_of_chores_at_a_time(house: House) -> None:
    house.keeper.tidy()
    house.keeper.tidy()
    assert len(house.lane.waiting) == 1


def test_recordings_stay_where_they_are_while_they_are_written_down_again(qtbot: QtBot, house: House) -> None:
    house.keeper._busy = lambda: True
    house.keeper.tidy()
    house.lane.go()
    assert house.chores.asked == [("tidy", False)]


def test_a_chore_that_fails_each_hour_is_told_once(house: House) -> None:
    house.chores.tidied = Tidied(problems={"backup": StoreError("The disk is full")})
    for _ in range(3):
        house.keeper.tidy()
        house.lane.go()
    assert [str(error) for error in house.told] == ["The disk is full"]


def test_a_chore_that_fails_again_after_it_went_well_is_told_again(house: House) -> None:
    full = Tidied(problems={"backup": StoreError("The disk is full")})
    for tidied in (full, Tidied(), full):
        house.chores.tidied = tidied
        house.keeper.tidy()
        house.lane.go()
    assert len(house.told) == 2


def test_what_was_too_old_and_what_was_compressed_is_told(house: House) -> None:
    told: list[object] = []
    house.keeper.retired.connect(told.append)
    house.keeper.compressed.connect(told.append)
    house.chores.tidied = Tidied(removed=GONE, compressed=["a", "b"])
    house.keeper.tidy()
    house.lane.go()
    assert told == [GONE, ("a", "b")]


# --- wishes --------------------------------------------------------------------------------


def test_a_backup_is_made_on_demand_and_listed(house: House) -> None:
    told: list[object] = []
    house.keeper.backed_up.connect(told.append)
    house.keeper.backups_listed.connect(told.append)
    house.keeper.back_up()
    house.lane.go()
    assert told == [MADE, BackupList(Path("/backups"), (MADE,))]


def test_its_progress_is_told_a_percent_at_a_time(qtbot: QtBot, house: House) -> None:
    told: list[Working | None] = []
    house.keeper.working_changed.connect(told.append)
    house.keeper.back_up()
    # As the real lane: what was advanced arrives before what was done.
    waiting, house.lane.waiting = house.lane.waiting[0], []
    job = house.keeper._wishes[0][1]
    for done in range(1001):
        job.tell(done, 1000)
    qtbot.waitUntil(lambda: told[-1] == Working(Wish.BACK_UP, 1.0))
    assert len(told) == 102
    waiting()
    assert told[-1] is None


def test_a_backup_can_be_broken_off_and_nothing_is_said_of_it(house: House) -> None:
    house.keeper.back_up()
    house.keeper.cancel()
    house.lane.go()
    assert house.told == []


def test_a_backup_that_failed_is_told(house: House) -> None:
    house.chores.problem = StoreError("The disk is full")
    house.keeper.back_up()
    house.lane.go()
    assert house.told == [house.chores.problem]


def test_a_deletion_is_done_as_it_was_weighed(qtbot: QtBot, house: House) -> None:
    house.keeper.delete(doomed(MONDAY), backups_too=True)
    with qtbot.waitSignal(house.keeper.deleted) as told:
        house.lane.go()
    assert told.args == [Deleted(GONE)]
    assert house.chores.asked == [("delete", ("a",), True)]


def test_a_deletion_that_is_refused_is_told(house: House) -> None:
    house.chores.problem = InputError("This interview is being held")
    house.keeper.delete(doomed(MONDAY))
    house.lane.go()
    assert house.told == [house.chores.problem]


def test_with_everything_the_choices_go_too(house: House) -> None:
    house.settings.change(rate_wpm=200)
    house.keeper.delete(doomed(None))
    house.lane.go()
    assert house.settings.current == Settings()
    assert house.let_go == [True]


def test_the_choices_stay_where_everything_could_not_be_deleted(house: House) -> None:
    house.settings.change(rate_wpm=200)
    house.chores.problem = StoreError("The folder cannot be written to")
    house.keeper.delete(doomed(None))
    house.lane.go()
    assert house.settings.current.rate_wpm == 200


def test_questions_are_answered_by_signal(house: House, tmp_path: Path) -> None:
    told: list[object] = []
    house.keeper.weighed.connect(told.append)
    house.keeper.old_counted.connect(lambda days, count: told.append((days, count)))
    house.keeper.exported.connect(told.append)
    house.keeper.weigh(MONDAY)
    house.keeper.count_old(90)
    house.keeper.export(tmp_path)
    house.lane.go()
    assert [told[0].subject, *told[1:]] == [MONDAY, (90, 3), Exported(tmp_path / "all")]  # type: ignore[attr-defined]


def test_closing_breaks_off_what_is_under_way(house: House) -> None:
    house.keeper.tidy()
    house.keeper.back_up()
    jobs = [house.keeper._chore, house.keeper._wishes[0][1]]
    house.keeper.close(1.0)
    assert all(job is not None and job.broken_off.is_set() for job in jobs)
    assert house.lane.closed


def test_a_job_that_was_broken_off_ends_at_its_next_step() -> None:
    job = Job()
    job.tell(0, 0)
    job.broken_off.set()
    with pytest.raises(Cancelled):
        job.tell(1, 2)
