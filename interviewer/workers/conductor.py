"""Performs what the flow asks for, and posts back what came of it."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from interviewer.core import steps
from interviewer.core.bank import Order
from interviewer.core.delivery import measure
from interviewer.core.errors import DeviceError, InterviewerError
from interviewer.core.flow import advance
from interviewer.core.models import Attempt, Clip, Mode, Question, Score, Session, Span, Transcript
from interviewer.core.ports import Player, Recorder, Speaker
from interviewer.core.state import State
from interviewer.core.steps import Begin, Effect, Event, Phase, Take
from interviewer.core.store import Store
from interviewer.engines import heap
from interviewer.workers.answering import Answering
from interviewer.workers.clock import Clock, utc_now
from interviewer.workers.door import Door
from interviewer.workers.model_watch import ModelWatch
from interviewer.workers.model_work import ModelWork
from interviewer.workers.planning import Plan, Planner
from interviewer.workers.playback import Playback, sound_is_held

if TYPE_CHECKING:
    from interviewer.workers.lanes import Lane
    from interviewer.workers.model_process import ModelProcess

log = logging.getLogger(__name__)

CLOSE_DEADLINE_S = 3.0
"""How long closing the window waits for a running recording to be completed."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a conductor conducts; `app` builds them and closes them."""

    speaker: Speaker
    recorder: Recorder
    meter: Recorder
    """A recorder on the same microphone that keeps nothing."""
    player: Player
    models: ModelProcess
    lane: Lane
    store: Store
    planner: Planner
    clock: Clock = utc_now


class Conductor(QObject):
    """Owns the state of the interview. Lives on the GUI thread.

    `post` is the only method that other threads may call.
    """

    state_changed = Signal(object)  # core.state.State
    level_changed = Signal(float)  # peak of the microphone, 0 to 1
    sound_missing = Signal(int)  # ms that did not arrive, in the answer being recorded; 0 after all
    space_changed = Signal(object)  # minutes that the disk has room for; None while there is plenty
    microphone_failed = Signal(bool)  # whether it refused from the start; else something was kept
    heard = Signal(str)  # what is written down so far of the answer being recorded
    work_progressed = Signal(object, str)  # fraction or None, stage in plain words
    models_changed = Signal(object)  # ModelsStatus
    told = Signal(object)  # InterviewerError
    played_to = Signal(float)  # seconds into the file
    playback_ended = Signal()

    def __init__(self, parts: Parts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._state = State()
        self._door = Door(self)
        self._answering = Answering(
            parts.recorder, parts.meter, parts.store, parts.lane, self._door, self.post, parent=self
        )
        self._playback = Playback(parts.player, parts.speaker, self._door, self)
        self._work = ModelWork(parts.models, self)
        self._connect()
        self._performers: dict[type, Callable[..., None]] = {
            steps.KeepSession: self._keep_session,
            steps.Speak: self._speak,
            steps.Prepare: self._prepare,
            steps.Hush: self._hush,
            steps.StartRecording: self._start_recording,
            steps.Follow: self._follow,
            steps.PauseRecording: self._pause_recording,
            steps.ResumeRecording: self._resume_recording,
            steps.StopRecording: self._stop_recording,
            steps.DropRecording: self._drop_recording,
            steps.SaveAttempt: self._save_attempt,
            steps.KeepAttempt: self._keep_attempt,
            steps.Transcribe: self._transcribe,
            steps.SaveTranscript: self._save_transcript,
            steps.ScoreAnswer: self._score_answer,
            steps.SaveScore: self._save_score,
            steps.CancelWork: self._cancel_work,
            steps.FinishSession: self._finish_session,
        }
        ModelWatch(parts.models, self).changed.connect(self.models_changed)

    def _connect(self) -> None:
        """Hear of the parts, and pass on what the window wants to know of them."""
        self._answering.level_changed.connect(self.level_changed)
        self._answering.sound_missing.connect(self.sound_missing)
        self._answering.space_changed.connect(self.space_changed)
        self._answering.told.connect(self.told)
        self._playback.played_to.connect(self.played_to)
        self._playback.ended.connect(self.playback_ended)
        self._playback.told.connect(self.told)
        self._work.written.connect(self._on_written)
        self._work.judged.connect(self._on_judged)
        self._work.failed.connect(self._on_work_failed)
        self._work.heard.connect(self.heard)
        self._work.progressed.connect(self.work_progressed)

    # --- what the window asks for -------------------------------------------------------

    @property
    def state(self) -> State:
        """The state as of the last event."""
        return self._state

    @property
    def playback(self) -> Playback:
        """What reads clips ahead and takes their outlines; to be heard they are played here."""
        return self._playback

    def post(self, event: Event) -> None:
        """Hand in an event, from any thread; it is worked off on the GUI thread, in order."""
        self._door.call(self._take, event)

    def begin(self, count: int, order: Order, mode: Mode, question_ids: tuple[str, ...] = ()) -> None:
        """Pick the questions and start a session; does nothing while one is running."""
        if self._state.phase in (Phase.IDLE, Phase.DONE):
            plan = Plan(count, order, question_ids)
            self._parts.planner.plan(plan, done=partial(self._begin, mode), failed=self.told.emit)

    def _begin(self, mode: Mode, questions: tuple[Question, ...]) -> None:
        now = self._parts.clock()
        session_id = f"{now:%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:6]}"
        self.go_on(Begin(session_id, now, self._parts.planner.bank.title, mode, questions))

    def go_on(self, begin: Begin) -> None:
        """Start a session, or one that stopped in its middle again; does nothing while one is running."""
        if self._state.phase in (Phase.IDLE, Phase.DONE):
            self.meter(False)
            self._work.drop()
            self.post(begin)

    def leave(self) -> None:
        """Put a finished session away; does nothing while one is running."""
        if self._state.phase is Phase.DONE:
            self._state = State(turn=self._state.turn)
            self.state_changed.emit(self._state)

    def play(
        self,
        path: Path,
        start_s: float = 0.0,
        end_s: float | None = None,
        *,
        speed: float = 1.0,
        loop: Span | None = None,
    ) -> bool:
        """Play a clip (see the Player port), ending whatever sounds now; `played_to` and `playback_ended` follow.

        Returns whether it plays: not while a question is spoken or an answer recorded, which is `told`.
        """
        if self._state.holds_sound:
            self.told.emit(sound_is_held())
            return False
        self._playback.play(path, start_s, end_s, speed=speed, loop=loop)
        return True

    def pause_playback(self) -> None:
        """Hold the clip."""
        self._parts.player.pause()

    def resume_playback(self) -> None:
        """Go on with the clip."""
        self._parts.player.resume()

    def seek(self, to_s: float) -> None:
        """Go on from another second of the clip."""
        self._parts.player.seek(to_s)

    def set_speed(self, speed: float) -> None:
        """Go on with the clip at another speed."""
        self._parts.player.set_speed(speed)

    def set_loop(self, loop: Span | None) -> None:
        """Go round this stretch of the clip, or no more."""
        self._parts.player.set_loop(loop)

    def stop_playback(self) -> None:
        """End what sounds, but never a question; `playback_ended` follows where something was played."""
        self._playback.stop(speech=not self._state.holds_sound)

    def speak(self, text: str) -> None:
        """Say a text that is not part of the flow, such as an example answer, where `play` would play."""
        if self._state.holds_sound:
            self.told.emit(sound_is_held())
        else:
            self._playback.speak(text)

    def meter(self, on: bool) -> None:
        """Show the microphone's level without keeping a sound; ignored while recording."""
        self._answering.meter(on=on and self._state.phase is not Phase.RECORDING)

    @Slot()
    def listen_again(self) -> None:
        """Start the meter anew after its device was let go of, where it was on."""
        self._answering.listen_again()

    def close(self) -> None:
        """Complete a running recording, keep it, and take no more events."""
        state = self._state
        self.meter(False)
        self._hush()
        if state.phase is Phase.RECORDING and state.live:
            if not state.stopping:
                self._stop_recording(steps.StopRecording(state.turn))
            self._keep_stopped(state)
        self._playback.close()
        self._door.close()

    def _keep_stopped(self, state: State) -> None:
        """Wait for the clip of the recording that was stopped, and store its attempt."""
        clip = self._answering.wait(CLOSE_DEADLINE_S)
        if clip is not None:
            _, effects = advance(state, steps.Recorded(state.turn, clip))
            for effect in effects:
                if isinstance(effect, steps.SaveAttempt):
                    self._save_attempt(effect)

    # --- the loop ----------------------------------------------------------------------

    def _take(self, event: Event) -> None:
        match event:
            case steps.Recorded(clip=clip) | steps.RecordFailed(clip=Clip() as clip):
                self._work.complete(clip)
            case steps.RecordFailed(turn=turn) if turn == self._state.turn:
                self._work.abandon()
        before = self._state
        self._state, effects = advance(before, event)
        now = self._state
        # Effects first: what the window then asks of the store comes after what was just kept.
        for effect in effects:
            self._perform(effect)
        if now is not before:
            log.info("%s: %s -> %s", type(event).__name__, before.phase.value, now.phase.value)
            self.state_changed.emit(now)
        if isinstance(event, steps.RecordFailed) and isinstance(event.error, DeviceError) and now is not before:
            self.microphone_failed.emit(event.clip is None)

    def _perform(self, effect: Effect) -> None:
        self._performers[type(effect)](effect)

    # --- speech ------------------------------------------------------------------------

    def _speak(self, effect: steps.Speak) -> None:
        turn = effect.turn
        self._parts.speaker.say(
            effect.text,
            done=lambda: self.post(steps.Spoke(turn)),
            failed=lambda error: self.post(steps.SpeakFailed(turn, error)),
        )

    def _prepare(self, effect: steps.Prepare) -> None:
        self._parts.speaker.prepare(effect.text)

    def _hush(self, _effect: steps.Hush | None = None) -> None:
        self._playback.hush()

    # --- recording ----------------------------------------------------------------------

    def _start_recording(self, effect: steps.StartRecording) -> None:
        self._answering.start(effect.turn, self._session_id, effect.attempt_id)

    def _follow(self, _effect: steps.Follow) -> None:
        self._work.follow(self._answering.path, self._state.question)

    def _pause_recording(self, _effect: steps.PauseRecording) -> None:
        self._answering.pause()

    def _resume_recording(self, _effect: steps.ResumeRecording) -> None:
        self._answering.resume()

    def _stop_recording(self, effect: steps.StopRecording) -> None:
        self._answering.stop(effect.turn)

    def _drop_recording(self, _effect: steps.DropRecording) -> None:
        self._answering.drop()

    # --- models ------------------------------------------------------------------------

    def _transcribe(self, effect: steps.Transcribe) -> None:
        self._work.transcribe(effect.turn, effect.take, self._question_of(effect.take))

    def _score_answer(self, effect: steps.ScoreAnswer) -> None:
        self._work.score(effect.turn, effect.take, self._question_of(effect.take))

    def _cancel_work(self, _effect: steps.CancelWork) -> None:
        self._work.cancel()

    @Slot(int, object)
    def _on_written(self, turn: int, transcript: Transcript) -> None:
        self._take(steps.Transcribed(turn, transcript))

    @Slot(int, object)
    def _on_judged(self, turn: int, score: Score) -> None:
        take = self._state.take
        # A corrected text has no word times: how it sounded has not changed.
        delivery = take.delivery if take else None
        if take and take.clip and take.transcript and take.transcript.words:
            delivery = measure(take.transcript, take.clip.seconds)
        self._take(steps.Scored(turn, score, delivery))

    @Slot(int, object)
    def _on_work_failed(self, turn: int, error: InterviewerError) -> None:
        failed = steps.TranscribeFailed if self._state.phase is Phase.TRANSCRIBING else steps.ScoreFailed
        self._take(failed(turn, error))

    # --- the store ---------------------------------------------------------------------

    @property
    def _session_id(self) -> str:
        return self._state.begin.session_id if self._state.begin else ""

    def _question_of(self, take: Take) -> Question:
        return self._state.questions[take.position]

    def _keep(
        self,
        function: Callable[..., object],
        *args: object,
        again: steps.Unkept | None = None,
    ) -> None:
        self._parts.lane.run(function, *args, failed=lambda error: self.post(steps.KeepFailed(error, again)))

    def _keep_session(self, effect: steps.KeepSession) -> None:
        begin = effect.begin
        ids = tuple(q.id for q in begin.questions)
        session = Session(begin.session_id, begin.created, begin.bank_title, begin.mode, ids)
        self._keep(self._parts.store.begin_session, session)

    def _save_attempt(self, effect: steps.SaveAttempt) -> None:
        turn = effect.turn
        self._parts.lane.run(
            self._parts.store.add_attempt,
            self._attempt_of(effect.take),
            done=lambda _: self.post(steps.Saved(turn)),
            failed=lambda error: self.post(steps.SaveFailed(turn, error)),
        )

    def _keep_attempt(self, effect: steps.KeepAttempt) -> None:
        self._keep(self._parts.store.add_attempt, self._attempt_of(effect.take), again=effect)

    def _attempt_of(self, take: Take) -> Attempt:
        question = self._question_of(take)
        return Attempt(
            id=take.attempt_id,
            session_id=self._session_id,
            question_id=question.id,
            position=take.position,
            created=self._parts.clock(),
            clip=take.clip,
            follow_up=take.follow_up,
            asked=question.question,
            topic=question.topic,
        )

    def _save_transcript(self, effect: steps.SaveTranscript) -> None:
        assert effect.take.transcript is not None  # nothing else asks for it
        take = effect.take
        self._keep(self._parts.store.add_transcript, take.attempt_id, take.transcript, again=effect)

    def _save_score(self, effect: steps.SaveScore) -> None:
        assert effect.take.score is not None  # nothing else asks for it
        take = effect.take
        self._keep(self._parts.store.add_score, take.attempt_id, take.score, take.delivery, again=effect)

    def _finish_session(self, effect: steps.FinishSession) -> None:
        self._keep(self._parts.store.finish_session, effect.session_id, self._parts.clock())
        # Interviews leave holes in the heap: ten of them held some 25 MB that nobody used.
        self._parts.lane.run(heap.trim)
