"""An interview that stopped is found, goes on, or rests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from interviewer.core import steps
from interviewer.core.bank import Order
from interviewer.core.errors import StoreError
from interviewer.core.models import Attempt, Clip, Mode, Session
from interviewer.core.steps import Phase
from interviewer.core.stopped import Stopped, to_offer
from interviewer.workers.conductor import Conductor, Parts
from interviewer.workers.continuing import Continuing
from interviewer.workers.planning import Planner
from interviewer.workers.reworking import Reworker, Work
from tests.workers.fakes import JUDGED, NOON, SPOKEN, AtOnce, FakeModels, FakePlayer, FakeRecorder, FakeSpeaker, bank
from tests.workers.memory_store import MemoryStore

NAMES = ("alpha", "beta", "gamma")


class Shelves(MemoryStore):
    """Keeps files of a session in a folder, and when a session was finished."""

    def clip_path(self, session_id: str, attempt_id: str) -> Path:
        folder = self.folder / session_id
        folder.mkdir(exist_ok=True)
        return folder / f"{attempt_id}.wav"

    def finish_session(self, session_id: str, when: object) -> None:
        super().finish_session(session_id, when)  # type: ignore[arg-type]
        self.kept[session_id] = replace(self.kept[session_id], finished=when)  # type: ignore[arg-type]


@dataclass
class Stage:
    continuing: Continuing
    conductor: Conductor
    speaker: FakeSpeaker
    models: FakeModels
    reworker: Reworker
    planner: Planner
    store: Shelves
    recovered: set[str]
    found: list[Stopped | None]
    told: list[str]
    bot: QtBot

    def keep(self, *attempts: Attempt, mode: Mode = Mode.PRACTICE, name: str = "s") -> None:
        """Put a session of three questions in the store, not finished."""
        self.store.begin_session(Session(name, NOON, "Test bank", mode, NAMES))
        for one in attempts:
            self.store.add_attempt(one)
            if one.transcript:
                self.store.add_transcript(one.id, one.transcript)
            if one.score:
                self.store.add_score(one.id, one.score, None)

    def asking(self) -> steps.Begin:
        """Wait until a question is asked; return what began."""
        self.bot.waitUntil(lambda: self.conductor.state.phase is Phase.ASKING)
        begin = self.conductor.state.begin
        assert begin is not None
        return begin

    def record(self) -> None:
        assert self.speaker.done is not None
        self.speaker.done()
        self.bot.waitUntil(lambda: self.conductor.state.phase is Phase.WAITING)
        self.conductor.post(steps.Go())
        self.bot.waitUntil(lambda: self.conductor.state.phase is Phase.RECORDING)


def answer(position: int, turn: int, *, judged: bool = True) -> Attempt:
    name = f"s-{position + 1:02d}-{turn:04d}"
    when = NOON + timedelta(minutes=turn)
    clip = Clip(Path(f"{name}.wav"), 16_000, 16_000)
    made = Attempt(name, "s", NAMES[position], position, when, clip)
    return replace(made, transcript=SPOKEN, score=JUDGED) if judged else made


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    store, lane, models, speaker = Shelves(tmp_path), AtOnce(), FakeModels(), FakeSpeaker()
    planner = Planner(bank(*NAMES), lane, store, lambda: NOON)
    parts = Parts(speaker, FakeRecorder(), FakeRecorder(), FakePlayer(), models, lane, store, planner, lambda: NOON)
    conductor = Conductor(parts)
    reworker = Reworker(models, lane, store, planner.question)
    recovered: set[str] = set()
    continuing = Continuing(
        conductor, planner, reworker, store, disk=lane, recovered=lambda: recovered, clock=lambda: NOON
    )
    made = Stage(continuing, conductor, speaker, models, reworker, planner, store, recovered, [], [], qtbot)
    continuing.found.connect(made.found.append)
    continuing.told.connect(lambda error: made.told.append(str(error)))
    yield made
    conductor.close()


def test_an_interview_that_stopped_is_found(stage: Stage) -> None:
    stage.keep(answer(0, 3))
    stage.continuing.look()
    (found,) = stage.found
    assert found is not None
    assert (found.session.id, found.position) == ("s", 1)


def test_where_none_stopped_nothing_is_found(stage: Stage) -> None:
    stage.continuing.look()
    assert stage.found == [None]


def test_an_answer_that_was_being_recorded_is_known(stage: Stage) -> None:
    stage.keep(answer(0, 3), answer(1, 6, judged=False))
    stage.recovered.add("s-02-0006")
    stage.continuing.look()
    assert stage.found[0] is not None
    assert stage.found[0].cut_off == 1


def test_an_end_that_was_not_noted_is_noted(stage: Stage) -> None:
    stage.keep(*(answer(n, 3 * n + 1) for n in range(3)))
    stage.continuing.look()
    assert (stage.store.kept["s"].finished, stage.found) == (NOON + timedelta(minutes=7), [None])


def test_it_goes_on_with_the_next_question_of_the_same_session(stage: Stage) -> None:
    stage.keep(answer(0, 3), mode=Mode.INTERVIEW)
    stage.continuing.go_on("s")
    begin = stage.asking()
    assert (begin.session_id, begin.mode, stage.conductor.state.position) == ("s", Mode.INTERVIEW, 1)
    assert stage.speaker.said == ["What is beta?"]


def test_what_goes_on_is_no_longer_offered(stage: Stage) -> None:
    stage.keep(answer(0, 3))
    stage.continuing.look()
    stage.continuing.go_on("s")
    stage.asking()
    assert [found is None for found in stage.found] == [False, True]


def test_no_recording_is_named_like_one_of_the_disk(stage: Stage) -> None:
    stage.keep(answer(0, 3))
    stage.store.clip_path("s", "s-02-0041").with_suffix(".part.wav").touch()
    stage.continuing.go_on("s")
    stage.asking()
    stage.record()
    assert stage.conductor.state.attempt_id == "s-02-0044"


def test_an_answer_that_was_cut_off_can_be_given_again(stage: Stage) -> None:
    stage.keep(answer(0, 3), answer(1, 6, judged=False))
    stage.recovered.add("s-02-0006")
    stage.continuing.go_on("s", again=True)
    stage.asking()
    assert stage.conductor.state.position == 1


def test_answers_of_before_are_worked_off_at_the_end_and_once(stage: Stage) -> None:
    stage.keep(answer(0, 3, judged=False), answer(1, 6))
    stage.continuing.go_on("s")
    stage.asking()
    stage.conductor.post(steps.End())
    stage.bot.waitUntil(lambda: stage.conductor.state.phase is Phase.TRANSCRIBING)
    assert [path.name for path, _ in stage.models.transcribed] == ["s-01-0003.wav"]
    stage.models.done.emit(stage.models.job, SPOKEN)
    stage.models.done.emit(stage.models.job, JUDGED)
    stage.bot.waitUntil(lambda: stage.conductor.state.phase is Phase.DONE)
    assert stage.store.unfinished_attempts() == ()
    assert [name for name, _ in stage.store.transcripts] == ["s-02-0006", "s-01-0003"]


def test_what_the_backlog_works_on_is_left_to_it(stage: Stage) -> None:
    stage.keep(answer(0, 3, judged=False), answer(1, 6, judged=False))
    stage.reworker.add((Work("s-01-0003"), Work("s-02-0006")))
    stage.continuing.go_on("s")
    assert stage.asking().pending == ()


def test_a_bank_that_lacks_its_questions_is_told_of(stage: Stage) -> None:
    stage.keep(answer(0, 3))
    stage.planner.use(bank("alpha", "delta"))
    stage.continuing.go_on("s")
    assert stage.told == ["The open bank lacks questions of this interview"]
    assert stage.conductor.state.phase is Phase.IDLE


def test_how_many_questions_the_bank_lacks_is_known(stage: Stage) -> None:
    stage.keep()
    stage.planner.use(bank("alpha", "delta"))
    assert stage.continuing.lacking(stage.store.session("s")) == 2


@pytest.mark.parametrize("again", [True, False])
def test_of_an_interview_that_was_finished_nothing_is_left(stage: Stage, again: bool) -> None:
    stage.keep(answer(0, 3))
    stage.store.finish_session("s", NOON)
    stage.continuing.go_on("s", again=again)
    assert stage.told == ["Nothing is left of this interview"]


def test_one_that_cannot_be_read_is_told_and_can_be_tried_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_session_id: str) -> Session:
        raise StoreError("The disk failed")

    stage.keep(answer(0, 3))
    with monkeypatch.context() as patch:
        patch.setattr(stage.store, "session", broken)
        patch.setattr(stage.store, "sessions", tuple)
        stage.continuing.go_on("s")
    assert stage.told == ["The disk failed"]
    stage.continuing.go_on("s")
    assert stage.asking().session_id == "s"


def test_one_that_is_let_rest_is_not_offered_again(stage: Stage) -> None:
    stage.keep(answer(0, 3))
    stage.continuing.let_rest(stage.store.session("s"))
    assert stage.store.kept["s"].finished == NOON + timedelta(minutes=3)
    assert stage.found == [None]


def test_while_an_interview_runs_none_is_offered_and_none_goes_on(stage: Stage) -> None:
    stage.keep(answer(0, 3))
    stage.conductor.begin(2, Order.LISTED, Mode.PRACTICE)
    running = stage.asking().session_id
    stage.continuing.look()
    stage.continuing.go_on("s")
    assert (stage.found, stage.told) == ([], ["An interview is being held already"])
    assert stage.asking().session_id == running


def test_closing_the_window_in_the_middle_leaves_something_to_go_on_with(stage: Stage) -> None:
    stage.conductor.begin(2, Order.LISTED, Mode.PRACTICE)
    begun = stage.asking().session_id
    stage.conductor.close()
    found = to_offer(stage.store.sessions(), NOON)
    assert found is not None
    assert found.session.id == begun


def test_an_interview_that_was_ended_on_purpose_is_not_gone_on_with(stage: Stage) -> None:
    stage.conductor.begin(2, Order.LISTED, Mode.PRACTICE)
    stage.asking()
    stage.conductor.post(steps.End())
    stage.bot.waitUntil(lambda: stage.conductor.state.phase is Phase.DONE)
    assert to_offer(stage.store.sessions(), NOON) is None


def test_it_is_looked_again_once_an_interview_was_left(stage: Stage) -> None:
    stage.keep(answer(0, 3))
    stage.continuing.go_on("s")
    stage.asking()
    stage.conductor.post(steps.End())
    stage.bot.waitUntil(lambda: stage.conductor.state.phase is Phase.DONE)
    stage.found.clear()
    stage.conductor.leave()
    assert stage.found == [None]
