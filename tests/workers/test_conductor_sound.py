"""What sounds beside the course of an interview: the level, clips and examples, never over a question or an answer."""

from __future__ import annotations

from pathlib import Path

from interviewer.core import steps
from interviewer.core.errors import DeviceError
from tests.workers import conductor_stage
from tests.workers.conductor_stage import Stage

stage = conductor_stage.stage  # pytest looks for fixtures among the names of a file


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
