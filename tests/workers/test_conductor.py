"""The conductor performs what the flow asks for, and only posts back what came of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from interviewer.core import steps
from interviewer.core.bank import Order
from interviewer.core.errors import DeviceError, EngineError
from interviewer.core.models import Clip, Mode
from interviewer.core.steps import Phase
from interviewer.workers.conductor import Conductor, Parts
from interviewer.workers.planning import Planner
from tests.workers.fakes import (
    DOUBTED,
    JUDGED,
    NOON,
    SPOKEN,
    AtOnce,
    FakeModels,
    FakePlayer,
    FakeRecorder,
    FakeSpeaker,
    bank,
)
from tests.workers.memory_store import MemoryStore


@dataclass
class Stage:
    conductor: Conductor
    speaker: FakeSpeaker
    recorder: FakeRecorder
    meter: FakeRecorder
    player: FakePlayer
    models: FakeModels
    store: MemoryStore
    bot: QtBot

    def reach(self, phase: Phase) -> None:
        self.bot.waitUntil(lambda: self.conductor.state.phase is phase)

    def begin(self, *, mode: Mode = Mode.PRACTICE, count: int = 2) -> None:
        self.conductor.begin(count, Order.LISTED, mode)
        self.reach(Phase.ASKING)

    def record(self) -> None:
        """From ASKING to a running recording."""
        assert self.speaker.done is not None
        self.speaker.done()
        self.reach(Phase.WAITING)
        self.conductor.post(steps.Go())
        self.reach(Phase.RECORDING)
        assert self.recorder.listener is not None
        self.recorder.listener.recording_started()
        self.bot.waitUntil(lambda: self.conductor.state.live)

    def answer(self) -> None:
        """From ASKING to the feedback."""
        self.record()
        self.conductor.post(steps.Go())
        self.reach(Phase.TRANSCRIBING)
        self.models.done.emit(self.models.job, SPOKEN)
        self.reach(Phase.SCORING)
        self.models.done.emit(self.models.job, JUDGED)
        self.reach(Phase.FEEDBACK)


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    store, lane = MemoryStore(tmp_path), AtOnce()
    speaker, recorder, meter, player, models = FakeSpeaker(), FakeRecorder(), FakeRecorder(), FakePlayer(), FakeModels()
    planner = Planner(bank("alpha", "beta", "gamma"), lane, store, lambda: NOON)
    parts = Parts(speaker, recorder, meter, player, models, lane, store, planner, lambda: NOON)
    conductor = Conductor(parts)
    yield Stage(conductor, speaker, recorder, meter, player, models, store, qtbot)
    conductor.close()


def test_an_answer_goes_from_the_question_to_the_feedback(stage: Stage) -> None:
    stage.begin()
    stage.answer()
    take = stage.conductor.state.take
    assert take is not None
    assert (take.transcript, take.score) == (SPOKEN, JUDGED)
    assert take.delivery is not None
    assert take.delivery.words == 2


def test_everything_of_an_answer_is_kept(stage: Stage) -> None:
    stage.begin()
    stage.answer()
    (attempt,) = stage.store.attempts.values()
    assert attempt.clip == Clip(stage.recorder.path, 16_000, 16_000)
    assert (attempt.transcript, attempt.score, attempt.question_id) == (SPOKEN, JUDGED, "alpha")


def test_the_attempt_is_kept_before_its_text_is_asked_for(stage: Stage) -> None:
    stage.begin()
    stage.record()
    stage.store.full = True
    stage.conductor.post(steps.Go())
    stage.reach(Phase.FAULT)
    stage.models.done.emit(stage.models.job, SPOKEN)
    assert stage.conductor.state.take is not None
    assert stage.conductor.state.take.transcript is None


def test_the_vocabulary_of_the_question_is_handed_to_the_recogniser(stage: Stage) -> None:
    stage.begin()
    stage.answer()
    assert stage.models.followed == {1: (stage.recorder.path, ("alpha",))}


def test_the_next_question_is_rendered_while_this_one_is_spoken(stage: Stage) -> None:
    stage.begin()
    assert stage.speaker.prepared == ["What is beta?"]


def test_a_session_is_finished_after_its_last_question(stage: Stage) -> None:
    stage.begin(count=1)
    stage.answer()
    stage.conductor.post(steps.Go())
    stage.reach(Phase.DONE)
    assert stage.store.finished == list(stage.store.kept)


def test_interview_mode_judges_after_the_last_question_what_was_written_down_meanwhile(stage: Stage) -> None:
    stage.begin(mode=Mode.INTERVIEW)
    stage.record()
    stage.conductor.post(steps.Go())
    stage.reach(Phase.ASKING)
    stage.models.done.emit(1, SPOKEN)
    stage.record()
    stage.models.done.emit(2, SPOKEN)
    stage.conductor.post(steps.Go())
    for _ in range(2):
        stage.reach(Phase.SCORING)
        stage.models.done.emit(stage.models.job, JUDGED)
        stage.bot.waitUntil(lambda: stage.conductor.state.phase is not Phase.SCORING)
    stage.reach(Phase.DONE)
    assert stage.models.transcribed == []
    assert [a.score for a in stage.store.attempts.values()] == [JUDGED, JUDGED]


def test_events_may_come_from_any_thread(stage: Stage) -> None:
    stage.begin()
    other = threading.Thread(target=stage.conductor.post, args=(steps.Go(),))
    other.start()
    other.join()
    stage.reach(Phase.WAITING)


def test_a_result_for_a_cancelled_job_changes_nothing(stage: Stage) -> None:
    stage.begin()
    stage.record()
    stage.conductor.post(steps.Go())
    stage.reach(Phase.TRANSCRIBING)
    job = stage.models.job
    stage.conductor.post(steps.Cancel())
    stage.reach(Phase.FAULT)
    stage.models.done.emit(job, SPOKEN)
    assert stage.models.cancelled == [job]
    assert stage.conductor.state.phase is Phase.FAULT


def test_a_failed_transcription_is_tried_again_from_the_kept_clip(stage: Stage) -> None:
    stage.begin()
    stage.record()
    stage.conductor.post(steps.Go())
    stage.reach(Phase.TRANSCRIBING)
    stage.models.failed.emit(stage.models.job, EngineError("The model stopped"))
    stage.reach(Phase.FAULT)
    stage.conductor.post(steps.Retry())
    stage.reach(Phase.TRANSCRIBING)
    assert stage.models.transcribed == [(stage.recorder.path, ("alpha",))]
    assert len(stage.store.attempts) == 1


def test_a_full_disk_stops_at_saving_and_goes_on_when_there_is_room(stage: Stage) -> None:
    stage.begin()
    stage.record()
    stage.store.full = True
    stage.conductor.post(steps.Go())
    stage.reach(Phase.FAULT)
    stage.store.full = False
    stage.conductor.post(steps.Retry())
    stage.reach(Phase.TRANSCRIBING)
    assert len(stage.store.attempts) == 1


def test_a_lost_microphone_keeps_what_was_recorded(stage: Stage) -> None:
    stage.begin()
    stage.record()
    clip = Clip(stage.recorder.path, 16_000, 8_000)
    assert stage.recorder.listener is not None
    stage.recorder.listener.recording_failed(DeviceError("The microphone was unplugged"), clip)
    stage.reach(Phase.TRANSCRIBING)
    assert [a.clip for a in stage.store.attempts.values()] == [clip]


def test_a_recording_of_which_nothing_was_kept_is_no_longer_followed(stage: Stage) -> None:
    stage.begin()
    stage.record()
    assert stage.recorder.listener is not None
    stage.recorder.listener.recording_failed(DeviceError("Gone"), None)
    stage.reach(Phase.FAULT)
    assert stage.models.cancelled == [1]


def test_closing_while_recording_keeps_the_answer(stage: Stage) -> None:
    stage.begin()
    stage.record()
    stage.conductor.close()
    assert [a.clip for a in stage.store.attempts.values()] == [Clip(stage.recorder.path, 16_000, 16_000)]


def test_a_question_that_cannot_be_spoken_stays_on_the_screen(stage: Stage) -> None:
    stage.begin()
    assert stage.speaker.failed is not None
    stage.speaker.failed(DeviceError("No voice"))
    stage.reach(Phase.WAITING)
    assert isinstance(stage.conductor.state.notice, DeviceError)


def test_a_typed_answer_is_scored_without_a_recording(stage: Stage) -> None:
    stage.begin()
    stage.conductor.post(steps.Typed("alpha is a thing"))
    stage.reach(Phase.SCORING)
    stage.models.done.emit(stage.models.job, JUDGED)
    stage.reach(Phase.FEEDBACK)
    (attempt,) = stage.store.attempts.values()
    assert attempt.clip is None
    assert stage.models.scored == [("alpha", "alpha is a thing")]


def test_words_that_were_hardly_heard_are_told_to_the_scorer(stage: Stage) -> None:
    stage.begin()
    stage.record()
    stage.conductor.post(steps.Go())
    stage.reach(Phase.TRANSCRIBING)
    stage.models.done.emit(stage.models.job, DOUBTED)
    stage.reach(Phase.SCORING)
    assert stage.models.doubts == [DOUBTED.doubt]


def test_a_corrected_text_keeps_how_it_sounded(stage: Stage) -> None:
    stage.begin()
    stage.answer()
    before = stage.conductor.state.take
    stage.conductor.post(steps.Corrected("another thing"))
    stage.reach(Phase.SCORING)
    stage.models.done.emit(stage.models.job, JUDGED)
    stage.reach(Phase.FEEDBACK)
    after = stage.conductor.state.take
    assert before is not None
    assert after is not None
    assert after.delivery == before.delivery


def test_the_level_reaches_the_window(stage: Stage) -> None:
    stage.begin()
    stage.record()
    assert stage.recorder.listener is not None
    with stage.bot.waitSignal(stage.conductor.level_changed) as level:
        stage.recorder.listener.level_changed(0.5)
    assert level.args == [0.5]


def test_the_meter_listens_without_keeping_and_ends_with_the_interview(stage: Stage) -> None:
    stage.conductor.meter(True)
    assert stage.meter.listener is not None
    with stage.bot.waitSignal(stage.conductor.level_changed) as level:
        stage.meter.listener.level_changed(0.25)
    assert level.args == [0.25]
    stage.begin()
    assert stage.meter.listener is None
    assert stage.store.attempts == {}


def test_a_meter_without_a_microphone_says_so(stage: Stage) -> None:
    stage.conductor.meter(True)
    assert stage.meter.listener is not None
    with stage.bot.waitSignal(stage.conductor.told) as told:
        stage.meter.listener.recording_failed(DeviceError("No microphone"), None)
    assert str(told.args[0]) == "No microphone"


def test_a_meter_that_stops_after_it_heard_is_started_again_once_and_nobody_is_told(stage: Stage) -> None:
    told: list[object] = []
    stage.conductor.told.connect(told.append)
    stage.conductor.meter(True)
    before = stage.meter.listener
    assert before is not None
    with stage.bot.waitSignal(stage.conductor.level_changed):
        before.level_changed(0.25)
    before.recording_failed(DeviceError("The computer slept"), None)
    stage.bot.waitUntil(lambda: stage.meter.listener is not before)
    assert told == []
    after = stage.meter.listener
    assert after is not None
    with stage.bot.waitSignal(stage.conductor.told):
        after.recording_failed(DeviceError("No microphone"), None)


def test_a_meter_that_hears_nothing_goes_on_listening(stage: Stage) -> None:
    stage.conductor.meter(True)
    listener = stage.meter.listener
    assert listener is not None
    with stage.bot.waitSignal(stage.conductor.told):
        listener.microphone_silent()
    stage.conductor.meter(False)
    assert stage.meter.listener is None


def test_playback_tells_its_position_and_its_end(stage: Stage, tmp_path: Path) -> None:
    stage.conductor.play(tmp_path / "clip.wav", 1.0)
    assert stage.player.position is not None
    assert stage.player.done is not None
    with stage.bot.waitSignal(stage.conductor.played_to) as played:
        stage.player.position(1.5)
    assert played.args == [1.5]
    with stage.bot.waitSignal(stage.conductor.playback_ended):
        stage.player.done()


def test_asking_ends_playback_and_says_so(stage: Stage, tmp_path: Path) -> None:
    stage.begin()
    stage.answer()
    stage.conductor.play(tmp_path / "clip.wav")
    with stage.bot.waitSignal(stage.conductor.playback_ended):
        stage.conductor.post(steps.Go())
    assert stage.player.playing is None


def test_a_clip_that_cannot_be_played_is_told(stage: Stage, tmp_path: Path) -> None:
    stage.conductor.play(tmp_path / "clip.wav")
    assert stage.player.failed is not None
    with stage.bot.waitSignals([stage.conductor.told, stage.conductor.playback_ended]):
        stage.player.failed(DeviceError("No loudspeaker"))


def test_no_clip_plays_while_a_question_is_spoken_or_an_answer_recorded(stage: Stage, tmp_path: Path) -> None:
    told: list[str] = []
    stage.conductor.told.connect(lambda error: told.append(str(error)))
    stage.begin()
    while_asked = stage.conductor.play(tmp_path / "clip.wav")
    stage.record()
    while_recorded = stage.conductor.play(tmp_path / "clip.wav")
    assert (while_asked, while_recorded, stage.player.playing) == (False, False, None)
    assert told == ["Playback has to wait: a question is being asked or an answer recorded"] * 2
    assert stage.recorder.listener is not None


def test_a_clip_that_may_sound_is_said_to_play(stage: Stage, tmp_path: Path) -> None:
    assert stage.conductor.play(tmp_path / "clip.wav")


def test_to_stop_playback_never_cuts_off_a_question(stage: Stage) -> None:
    stage.begin()
    stage.conductor.stop_playback()
    assert stage.speaker.done is not None
    stage.record()  # the question comes to its end, and the interview goes on


def test_to_stop_playback_ends_an_example(stage: Stage) -> None:
    stage.conductor.speak("An example.")
    with stage.bot.waitSignal(stage.conductor.playback_ended):
        stage.conductor.stop_playback()
    assert stage.speaker.done is None


def test_no_example_is_spoken_over_a_question(stage: Stage) -> None:
    stage.begin()
    asked = stage.speaker.done
    with stage.bot.waitSignal(stage.conductor.told):
        stage.conductor.speak("An example.")
    assert stage.speaker.done is asked


def test_the_late_end_of_a_clip_does_not_end_the_next(stage: Stage, tmp_path: Path) -> None:
    stage.conductor.play(tmp_path / "one.wav")
    late = stage.player.done
    assert late is not None
    stage.conductor.play(tmp_path / "two.wav")
    ended: list[bool] = []
    stage.conductor.playback_ended.connect(lambda: ended.append(True))
    late()
    stage.player.done()  # type: ignore[misc]
    stage.bot.waitUntil(lambda: bool(ended))
    assert ended == [True]


def test_closing_while_the_recording_is_being_completed_keeps_the_answer(stage: Stage) -> None:
    stage.begin()
    stage.record()
    held: list[object] = []
    stage.recorder.stop = lambda *, done: held.append(done)  # type: ignore[method-assign,assignment]
    stage.conductor.post(steps.Go())
    stage.bot.waitUntil(lambda: stage.conductor.state.stopping)
    clip = Clip(stage.recorder.path, 16_000, 16_000)
    late = threading.Timer(0.1, held[0], args=(clip,))  # type: ignore[arg-type]
    late.start()
    stage.conductor.close()
    late.join()
    assert [a.clip for a in stage.store.attempts.values()] == [clip]


def test_a_typed_answer_of_interview_mode_is_kept_at_once(stage: Stage) -> None:
    stage.begin(mode=Mode.INTERVIEW)
    stage.conductor.post(steps.Typed("alpha is a thing"))
    stage.bot.waitUntil(lambda: stage.conductor.state.position == 1)
    assert [t.text for _, t in stage.store.transcripts] == ["alpha is a thing"]


def test_the_player_is_held_moved_and_resumed(stage: Stage) -> None:
    stage.conductor.pause_playback()
    stage.conductor.seek(2.5)
    stage.conductor.set_speed(0.5)
    stage.conductor.set_loop(None)
    stage.conductor.resume_playback()
    assert stage.player.moves == ["pause", "seek 2.5", "speed 0.5", "loop None", "resume"]


def test_nothing_else_is_spoken_while_a_question_is(stage: Stage) -> None:
    stage.begin()
    stage.conductor.speak("An example answer.")
    assert stage.speaker.said == ["What is alpha?"]


def test_a_finished_session_is_put_away(stage: Stage) -> None:
    stage.begin(count=1)
    stage.conductor.leave()
    assert stage.conductor.state.phase is Phase.ASKING
    stage.conductor.post(steps.Skip())
    stage.reach(Phase.DONE)
    stage.conductor.leave()
    assert stage.conductor.state.phase is Phase.IDLE


def test_a_recording_that_never_began_leaves_no_file(stage: Stage) -> None:
    stage.begin()
    stage.conductor.post(steps.Go())
    stage.conductor.post(steps.Go())
    stage.reach(Phase.RECORDING)
    stage.bot.waitUntil(lambda: stage.recorder.listener is not None)
    stage.recorder.path.write_bytes(b"header only")
    stage.conductor.post(steps.Cancel())
    stage.reach(Phase.WAITING)
    assert not stage.recorder.path.exists()


def test_pausing_while_recording_pauses_the_recorder(stage: Stage) -> None:
    stage.begin()
    stage.record()
    stage.conductor.post(steps.Pause())
    stage.bot.waitUntil(lambda: stage.recorder.paused)
    stage.conductor.post(steps.Resume())
    stage.bot.waitUntil(lambda: not stage.recorder.paused)


def test_progress_of_somebody_elses_job_is_not_shown(stage: Stage) -> None:
    shown: list[object] = []
    stage.conductor.work_progressed.connect(lambda *args: shown.append(args))
    stage.begin()
    stage.record()
    stage.conductor.post(steps.Go())
    stage.reach(Phase.TRANSCRIBING)
    stage.models.progressed.emit(99, 0.1, "Writing it down")
    stage.models.progressed.emit(stage.models.job, 0.5, "Writing it down")
    assert shown == [(0.5, "Writing it down")]


def test_only_questions_of_the_bank_can_be_practised_again(stage: Stage) -> None:
    with stage.bot.waitSignal(stage.conductor.told):
        stage.conductor.begin(1, Order.LISTED, Mode.PRACTICE, ("gone",))
    stage.conductor.begin(1, Order.LISTED, Mode.PRACTICE, ("gamma",))
    stage.reach(Phase.ASKING)
    assert stage.conductor.state.question.id == "gamma"
