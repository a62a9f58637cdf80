"""The conductor performs what the flow asks for, and only posts back what came of it."""

from __future__ import annotations

import threading

from interviewer.core import steps
from interviewer.core.bank import Order
from interviewer.core.errors import DeviceError, EngineError
from interviewer.core.models import Clip, Mode
from interviewer.core.steps import Phase
from tests.workers import conductor_stage
from tests.workers.conductor_stage import Stage
from tests.workers.fakes import DOUBTED, JUDGED, SPOKEN

stage = conductor_stage.stage  # pytest looks for fixtures among the names of a file


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
