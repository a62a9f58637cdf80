"""Writing kept answers down again, one at a time and to the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from interviewer.core.delivery import delivery_of
from interviewer.core.errors import EngineError
from interviewer.core.models import Attempt, Clip, Mode, Session, Transcript
from interviewer.workers.reworking import Reworker, Work
from tests.workers.fakes import DOUBTED, JUDGED, NOON, ROUGH, SPOKEN, AtOnce, FakeModels, bank
from tests.workers.memory_store import MemoryStore


@dataclass
class Clock:
    now_s: float = 100.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class Desk:
    reworker: Reworker
    models: FakeModels
    store: MemoryStore
    bot: QtBot
    told: list[object]
    advanced: list[tuple[int, int]]
    left_s: list[float | None]
    clock: Clock

    def keep(self, name: str, **fields: object) -> Attempt:
        attempt = Attempt(name, "s", "alpha", 0, NOON, clip=Clip(Path(f"{name}.wav"), 16_000, 16_000))
        attempt = replace(attempt, **fields)
        self.store.attempts[name] = attempt
        return attempt


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Desk:
    store, models = MemoryStore(tmp_path), FakeModels()
    store.kept["s"] = Session("s", NOON, "Test bank", Mode.PRACTICE, ("alpha",))
    clock = Clock()
    reworker = Reworker(models, AtOnce(), store, bank("alpha").question, clock=clock)
    desk = Desk(reworker, models, store, qtbot, [], [], [], clock)
    reworker.told.connect(desk.told.append)

    def note(done: int, total: int, left_s: float | None) -> None:
        desk.advanced.append((done, total))
        desk.left_s.append(left_s)

    reworker.advanced.connect(note)
    return desk


def finish_one(desk: Desk) -> None:
    desk.models.done.emit(desk.models.job, SPOKEN)
    desk.models.done.emit(desk.models.job, JUDGED)


def test_rough_answers_are_written_down_and_scored_again(desk: Desk) -> None:
    desk.keep("one", transcript=ROUGH)
    desk.keep("two", transcript=ROUGH)
    desk.reworker.add((Work("one", again=True), Work("two", again=True)))
    finish_one(desk)
    finish_one(desk)
    assert [a.transcript for a in desk.store.attempts.values()] == [SPOKEN, SPOKEN]
    assert [a.score for a in desk.store.attempts.values()] == [JUDGED, JUDGED]
    assert desk.advanced == [(0, 2), (1, 2), (2, 2), (2, 2)]


def test_only_one_answer_is_with_the_model_at_a_time(desk: Desk) -> None:
    desk.keep("one")
    desk.keep("two")
    desk.reworker.add((Work("one"), Work("two")))
    assert len(desk.models.transcribed) == 1


def test_one_failure_does_not_stop_the_rest(desk: Desk) -> None:
    desk.keep("one")
    desk.keep("two")
    desk.reworker.add((Work("one"), Work("two")))
    desk.models.failed.emit(desk.models.job, EngineError("The model stopped"))
    finish_one(desk)
    assert len(desk.told) == 1
    assert desk.store.attempts["one"].transcript is None
    assert desk.store.attempts["two"].score == JUDGED


def test_cancel_keeps_what_is_done_and_leaves_the_rest(desk: Desk) -> None:
    desk.keep("one")
    desk.keep("two")
    desk.reworker.add((Work("one"), Work("two")))
    finish_one(desk)
    desk.reworker.cancel()
    finish_one(desk)
    assert desk.store.attempts["one"].score == JUDGED
    assert desk.store.attempts["two"].transcript is None
    assert desk.advanced[-1] == (2, 2)


def test_a_text_without_a_score_is_only_scored(desk: Desk) -> None:
    desk.keep("one", transcript=SPOKEN)
    desk.reworker.add((Work("one"),))
    desk.models.done.emit(desk.models.job, JUDGED)
    assert desk.models.transcribed == []
    assert desk.store.transcripts == []
    assert desk.store.attempts["one"].score == JUDGED


def test_what_a_cancelled_batch_still_answers_is_not_mixed_into_the_next(desk: Desk) -> None:
    desk.keep("one", transcript=Transcript("first"))
    desk.keep("two", transcript=Transcript("second"))
    late: list[Callable[[], None]] = []

    class Slow(AtOnce):
        def run(self, function, *args, done=None, failed=None) -> None:  # type: ignore[no-untyped-def]
            late.append(lambda: super(Slow, self).run(function, *args, done=done, failed=failed))

    desk.reworker._lane = Slow()
    desk.reworker.add((Work("one"),))
    desk.reworker.cancel()
    desk.reworker.add((Work("two"),))
    while late:
        late.pop(0)()
    assert desk.models.scored == [("alpha", "second")]


def test_a_typed_answer_has_nothing_to_write_down(desk: Desk) -> None:
    desk.keep("one", clip=None, transcript=Transcript("typed"))
    desk.reworker.add((Work("one", again=True),))
    assert "typed" in str(desk.told[0])
    assert desk.advanced[-1] == (1, 1)


def test_the_text_is_kept_when_its_question_left_the_bank(desk: Desk) -> None:
    desk.keep("one", question_id="gone")
    desk.reworker.add((Work("one"),))
    desk.models.done.emit(desk.models.job, SPOKEN)
    assert desk.store.attempts["one"].transcript == SPOKEN
    assert len(desk.told) == 1


def test_a_full_disk_is_told_and_the_queue_goes_on(desk: Desk) -> None:
    desk.keep("one")
    desk.reworker.add((Work("one"),))
    desk.store.full = True
    desk.models.done.emit(desk.models.job, SPOKEN)
    assert "full" in str(desk.told[0])
    assert desk.advanced[-1] == (1, 1)


def test_the_answer_to_a_follow_up_is_judged_with_what_was_said_before(desk: Desk) -> None:
    desk.keep("one", transcript=SPOKEN)
    desk.keep("two", follow_up="And why?", created=NOON + timedelta(minutes=1))
    desk.reworker.add((Work("two"),))
    desk.models.done.emit(desk.models.job, replace(SPOKEN, text="because"))
    assert desk.models.scored == [("alpha", "a thing because")]


# --- how long it will take ------------------------------------------------------------------


def work(desk: Desk, took_s: float) -> None:
    """Have the answer in hand written down in this time."""
    desk.models.progressed.emit(desk.models.job, None, "Reading the recording")
    desk.clock.now_s += took_s
    finish_one(desk)


def test_the_time_left_comes_from_the_sound_done_so_far(desk: Desk) -> None:
    for name in ("one", "two", "three"):
        desk.keep(name, transcript=ROUGH)
    sounds = zip(("one", "two", "three"), (10.0, 30.0, 20.0), strict=True)
    desk.reworker.add(tuple(Work(name, again=True, sound_s=sound_s) for name, sound_s in sounds))
    work(desk, 5.0)
    work(desk, 35.0)
    work(desk, 20.0)
    # 50 s at half a second each, 20 s at one second each, nothing.
    assert desk.left_s == [None, 25.0, 20.0, None, None]


def test_waiting_for_the_model_does_not_count(desk: Desk) -> None:
    desk.keep("one")
    desk.keep("two")
    desk.reworker.add((Work("one", sound_s=10.0), Work("two", sound_s=10.0)))
    desk.clock.now_s += 1000.0
    work(desk, 5.0)
    assert desk.left_s[1] == 5.0


def test_waiting_for_the_scorer_does_not_count(desk: Desk) -> None:
    desk.keep("one")
    desk.keep("two")
    desk.reworker.add((Work("one", sound_s=10.0), Work("two", sound_s=10.0)))
    desk.clock.now_s += 5.0
    desk.models.done.emit(desk.models.job, SPOKEN)
    desk.clock.now_s += 30.0
    desk.models.ready.emit("scorer")
    desk.clock.now_s += 1.0
    desk.models.done.emit(desk.models.job, JUDGED)
    assert desk.left_s[1] == 6.0


def test_an_answer_that_failed_tells_nothing_about_the_rest(desk: Desk) -> None:
    desk.keep("one")
    desk.keep("two")
    desk.reworker.add((Work("one", sound_s=10.0), Work("two", sound_s=10.0)))
    desk.models.failed.emit(desk.models.job, EngineError("The model stopped"))
    assert desk.left_s == [None, None]


def test_another_run_begins_without_an_estimate(desk: Desk) -> None:
    desk.keep("one")
    desk.keep("two")
    desk.reworker.add((Work("one", sound_s=10.0),))
    work(desk, 5.0)
    desk.reworker.add((Work("two", sound_s=10.0), Work("one", sound_s=10.0)))
    assert desk.left_s[-1] is None


# --- writing again with another model --------------------------------------------------------


def test_the_recogniser_in_use_is_known_by_name(desk: Desk) -> None:
    with desk.bot.waitSignal(desk.reworker.recogniser_changed):
        desk.models.ready.emit("whisper my own model")
    desk.models.ready.emit("scorer")
    assert desk.reworker.recogniser == ("whisper", "my own model")


def test_a_text_that_was_corrected_while_it_waited_is_left(desk: Desk) -> None:
    corrected = replace(SPOKEN, engine="corrected")
    desk.keep("one", transcript=corrected)
    desk.reworker.add((Work("one", again=True),))
    assert (desk.models.transcribed, desk.told) == ([], [])
    assert desk.store.attempts["one"].transcript == corrected
    assert desk.advanced[-1] == (1, 1)


def test_what_is_asked_for_twice_is_done_once(desk: Desk) -> None:
    desk.keep("one", transcript=ROUGH)
    desk.keep("two", transcript=ROUGH)
    works = (Work("one", again=True), Work("two", again=True))
    desk.reworker.add(works)
    desk.reworker.add(works)
    finish_one(desk)
    finish_one(desk)
    assert desk.advanced[-1] == (2, 2)


# --- judging again -------------------------------------------------------------------------


@pytest.mark.parametrize("transcript", [SPOKEN, ROUGH], ids=["fine", "rough"])
def test_a_kept_text_is_judged_again_as_it_is(desk: Desk, transcript: Transcript) -> None:
    desk.keep("one", transcript=transcript, score=replace(JUDGED, value=12.5))
    desk.reworker.add((Work("one", rescore=True),))
    desk.models.done.emit(desk.models.job, JUDGED)
    kept = desk.store.attempts["one"]
    assert (desk.models.transcribed, desk.store.transcripts) == ([], [])
    assert (kept.transcript, kept.score) == (transcript, JUDGED)


def test_how_it_sounded_is_kept_with_the_new_score(desk: Desk) -> None:
    kept = desk.keep("one", transcript=SPOKEN)
    desk.reworker.add((Work("one", rescore=True),))
    desk.models.done.emit(desk.models.job, JUDGED)
    assert desk.store.attempts["one"].delivery == delivery_of(kept)


def test_what_is_not_written_down_yet_is_left_so_and_told(desk: Desk) -> None:
    desk.keep("one")
    desk.reworker.add((Work("one", rescore=True),))
    assert desk.models.transcribed == []
    assert "not written down" in str(desk.told[0])
    assert desk.advanced[-1] == (1, 1)


def test_the_text_of_a_question_that_left_the_bank_is_not_judged(desk: Desk) -> None:
    desk.keep("one", question_id="gone", transcript=SPOKEN)
    desk.reworker.add((Work("one", rescore=True),))
    assert desk.models.scored == []
    assert "not in the open bank" in str(desk.told[0])


def test_words_that_were_hardly_heard_are_told_to_the_scorer(desk: Desk) -> None:
    desk.keep("one", transcript=DOUBTED)
    desk.keep("two")
    desk.reworker.add((Work("one"), Work("two")))
    desk.models.done.emit(desk.models.job, JUDGED)
    desk.models.done.emit(desk.models.job, SPOKEN)
    assert desk.models.doubts == [DOUBTED.doubt, 0.0]
    assert DOUBTED.doubt == 0.25


def test_an_answer_that_was_deleted_while_it_waited_is_left_out(desk: Desk) -> None:
    for name in ("one", "two", "three"):
        desk.keep(name)
    desk.reworker.add(tuple(Work(name) for name in ("one", "two", "three")))
    desk.reworker.forget(("two",))
    finish_one(desk)
    finish_one(desk)
    assert [path.stem for path, _ in desk.models.transcribed] == ["one", "three"]
    assert desk.advanced[-1] == (2, 2)
    assert desk.told == []


def test_an_answer_that_was_deleted_while_it_was_worked_on_makes_room_for_the_next(desk: Desk) -> None:
    for name in ("one", "two"):
        desk.keep(name)
    desk.reworker.add((Work("one"), Work("two")))
    desk.reworker.forget(("one",))
    assert desk.models.cancelled == [1]
    assert [path.stem for path, _ in desk.models.transcribed] == ["one", "two"]
    finish_one(desk)
    assert not desk.reworker.busy


def test_it_is_busy_until_the_last_answer_is_done(desk: Desk) -> None:
    desk.keep("one")
    assert not desk.reworker.busy
    desk.reworker.add((Work("one"),))
    assert desk.reworker.busy
    finish_one(desk)
    assert not desk.reworker.busy
