"""The interview as a pure function: `advance(state, event) -> (state, effects)`.

Nothing here waits, speaks or stores: the conductor performs the effects and posts what came
of them back as events. Practice mode stops at FEEDBACK after each answer; interview mode, over
the same machine, writes down and scores every answer after the last one.
"""

from __future__ import annotations

from dataclasses import replace

from interviewer.core.editing import rewritten
from interviewer.core.errors import Cancelled, InterviewerError
from interviewer.core.models import Mode, Transcript
from interviewer.core.state import State
from interviewer.core.steps import (
    Begin,
    Cancel,
    CancelWork,
    Corrected,
    DropRecording,
    Effect,
    End,
    Event,
    FinishSession,
    Follow,
    FollowUp,
    Go,
    Hush,
    KeepFailed,
    KeepSession,
    MicrophoneSilent,
    Pause,
    PauseRecording,
    Phase,
    Prepare,
    Recorded,
    RecordFailed,
    RecordingStarted,
    Repeat,
    Resume,
    ResumeRecording,
    Retake,
    Retry,
    SaveAttempt,
    Saved,
    SaveFailed,
    SaveScore,
    SaveTranscript,
    ScoreAnswer,
    Scored,
    ScoreFailed,
    Skip,
    Speak,
    SpeakFailed,
    Spoke,
    StartRecording,
    StopRecording,
    Transcribe,
    Transcribed,
    TranscribeFailed,
    Typed,
)

Step = tuple[State, tuple[Effect, ...]]


def advance(state: State, event: Event) -> Step:
    """Return the next state and what is to be done; an event that does not fit changes nothing."""
    turn = getattr(event, "turn", state.turn)
    if turn != state.turn:
        return state, ()
    match event:
        case Begin():
            return _begin(state, event)
        case KeepFailed():
            return _keep_failed(state, event)
        case End() if state.phase not in (Phase.IDLE, Phase.DONE):
            return _end(state)
        case Resume() | Go() if state.paused:
            return _resume(state)
        case _ if state.paused and not isinstance(event, (Recorded, RecordFailed, MicrophoneSilent)):
            return state, ()
    return _PHASES[state.phase](state, event)


def _begin(state: State, event: Begin) -> Step:
    if state.phase not in (Phase.IDLE, Phase.DONE) or event.position not in range(len(event.questions)):
        return state, ()
    fresh = State(turn=max(state.turn, event.turns_used), begin=event, pending=event.pending)
    asked, effects = _ask(fresh, event.position)
    return asked, (KeepSession(event), *effects)


def _ask(state: State, position: int) -> Step:
    """Go to the question at `position`, in a fresh turn, and say it."""
    new = State(
        phase=Phase.ASKING,
        turn=state.turn + 1,
        begin=state.begin,
        position=position,
        pending=state.pending,
        unkept=state.unkept,
        notice=state.notice if state.phase is Phase.SAVING else None,
    )
    effects: list[Effect] = [Speak(new.turn, new.asked)]
    if not new.is_last:
        effects.append(Prepare(new.questions[position + 1].question))
    return new, tuple(effects)


def _wait(state: State) -> State:
    """Thinking time for what was just asked."""
    return replace(
        state, phase=Phase.WAITING, turn=state.turn + 1, take=None, live=False, stopping=False, error=None, notice=None
    )


def _next(state: State) -> Step:
    """Leave this question: to the next one, to the answers still pending, or to the end."""
    if not state.is_last and not state.ending:
        asked, effects = _ask(state, state.position + 1)
        return asked, (Hush(), *effects)
    return _finish(state)


def _finish(state: State) -> Step:
    """Work off what is pending, then end."""
    if state.pending:
        take, *rest = state.pending
        left = replace(state, pending=tuple(rest), take=take, position=take.position, ending=True)
        working, effects = _work(left)
        return working, (Hush(), *effects)
    ended = State(phase=Phase.DONE, turn=state.turn + 1, begin=state.begin, position=state.position)
    finish = FinishSession(state.begin.session_id if state.begin else "")
    return ended, (Hush(), *state.asked_again()[1], finish)


def _work(state: State) -> Step:
    """Take the answer from its last good artefact on: write it down, or judge it."""
    assert state.take is not None  # every caller has just put one there
    turn = state.turn + 1
    if state.take.transcript is None:
        new = replace(state, phase=Phase.TRANSCRIBING, turn=turn, error=None)
        return new, (Transcribe(turn, state.take),)
    new = replace(state, phase=Phase.SCORING, turn=turn, error=None)
    kept, keep = _keep_text(new)
    return kept, (*keep, ScoreAnswer(turn, state.take))


def _keep_text(state: State) -> Step:
    """Have the text of the take in hand stored, once: what the store refuses comes back by KeepFailed."""
    if state.take is None or state.take.transcript is None or state.take.text_kept:
        return state, ()
    return replace(state.new_text, take=replace(state.take, text_kept=True)), (SaveTranscript(state.take),)


def _fault(state: State, error: InterviewerError, *effects: Effect) -> Step:
    stopped = replace(state, turn=state.turn + 1, live=False, stopping=False, paused=False)
    return replace(stopped, phase=Phase.FAULT, error=error, fault_in=state.phase), effects


def _keep_failed(state: State, event: KeepFailed) -> Step:
    if event.effect is not None:
        state = replace(state, unkept=(*state.unkept, event.effect))
    match state.phase:
        case Phase.IDLE | Phase.FAULT:
            return state, ()
        case Phase.RECORDING | Phase.SAVING | Phase.DONE:
            # The answer comes first; saving it will meet the same fault and stop there.
            return replace(state, notice=event.error), ()
    return _fault(state, event.error, Hush(), CancelWork())


def _end(state: State) -> Step:
    ending = replace(state, ending=True, paused=False)
    match state.phase:
        case Phase.RECORDING if state.live:
            return replace(ending, stopping=True), (() if state.stopping else (StopRecording(state.turn),))
        case Phase.RECORDING:
            ended, effects = _finish(ending)
            return ended, (DropRecording(), *effects)
        case Phase.SAVING | Phase.TRANSCRIBING | Phase.SCORING:
            return ending, ()
    return _finish(ending.leaving())


def _resume(state: State) -> Step:
    new = replace(state, paused=False)
    match state.phase:
        case Phase.ASKING | Phase.FOLLOW_UP:
            new = replace(new, turn=state.turn + 1)
            return new, (Speak(new.turn, new.asked),)
        case Phase.RECORDING:
            return new, (ResumeRecording(),)
    return new, ()


# --- one function a phase ---


def _idle(state: State, _event: Event) -> Step:
    return state, ()


def _asking(state: State, event: Event) -> Step:
    """ASKING and FOLLOW_UP: the speaker talks."""
    match event:
        case Spoke():
            return _wait(state), ()
        case SpeakFailed(error=error):
            return replace(_wait(state), notice=error), ()
        case Go() | Cancel():
            return _wait(state), (Hush(),)
        case Repeat():
            return _repeat(state)
        case Pause():
            return replace(state, paused=True), (Hush(),)
        case Skip():
            return _next(state)
        case Typed(text=text):
            return _typed(state, text)
    return state, ()


def _repeat(state: State) -> Step:
    phase = Phase.FOLLOW_UP if state.follow_up else Phase.ASKING
    new = replace(state, phase=phase, turn=state.turn + 1, notice=None)
    return new, (Hush(), Speak(new.turn, new.asked))


def _waiting(state: State, event: Event) -> Step:
    match event:
        case Go():
            return _record(state)
        case Repeat():
            return _repeat(state)
        case Pause():
            return replace(state, paused=True), ()
        case Skip():
            return _next(state)
        case Typed(text=text):
            return _typed(state, text)
    return state, ()


def _record(state: State) -> Step:
    new = replace(state, phase=Phase.RECORDING, turn=state.turn + 1, take=None, live=False, stopping=False, notice=None)
    return new, (Hush(), StartRecording(new.turn, new.attempt_id))


def _typed(state: State, text: str) -> Step:
    if not text.strip():
        return state, ()
    fresh = replace(state, turn=state.turn + 1).new_take
    # In a fault the recording may be there already: the typed text becomes its transcript.
    typed = Transcript(text.strip(), engine="typed")
    take = replace(state.take or fresh, transcript=typed, score=None, text_kept=False)
    saving, effects = _save(replace(state, take=take, notice=None))
    return saving, (Hush(), *effects)


def _recording(state: State, event: Event) -> Step:
    match event:
        case RecordingStarted():
            return replace(state, live=True), (Follow(),)
        case MicrophoneSilent(error=error):
            return replace(state, notice=error), ()
        case Go() if state.live and not state.stopping:
            return replace(state, stopping=True), (StopRecording(state.turn),)
        case Pause() if state.live and not state.stopping:
            return replace(state, paused=True), (PauseRecording(),)
        case Cancel() if not state.live:
            return _wait(state), (DropRecording(),)
        case Recorded(clip=clip):
            return _save(replace(state, take=replace(state.new_take, clip=clip)))
        case RecordFailed(error=error, clip=None):
            return _fault(state, error)
        case RecordFailed(error=error, clip=clip):
            return _save(replace(state, take=replace(state.new_take, clip=clip), notice=error))
    return state, ()


def _save(state: State) -> Step:
    assert state.take is not None  # every caller has just put one there
    stopped = replace(state, turn=state.turn + 1, live=False, stopping=False, paused=False, error=None)
    # A typed answer has no recording to fall back on: its text is on its way with it.
    saving, keep = _keep_text(replace(stopped, phase=Phase.SAVING))
    return saving, (SaveAttempt(stopped.turn, state.take), *keep)


def _saving(state: State, event: Event) -> Step:
    match event:
        case Saved():
            kept, again = state.asked_again()
            saved, effects = _saved(kept)
            return saved, (*again, *effects)
        case SaveFailed(error=error):
            return _fault(state, error)
    return state, ()


def _saved(state: State) -> Step:
    assert state.take is not None  # only a take is ever saved
    if state.begin is None or state.begin.mode is Mode.PRACTICE:
        return _work(state)
    return _next(replace(state, pending=(*state.pending, state.take), take=None))


def _transcribing(state: State, event: Event) -> Step:
    match event:
        case Transcribed(transcript=transcript) if state.take:
            return _work(replace(state, take=replace(state.take, transcript=transcript)))
        case TranscribeFailed(error=error):
            return _fault(state, error)
        case Cancel():
            return _fault(state, Cancelled("You stopped the writing down."), CancelWork())
    return state, ()


def _scoring(state: State, event: Event) -> Step:
    match event:
        case Scored(score=score, delivery=delivery) if state.take:
            take = replace(state.take, score=score, delivery=delivery)
            if state.ending:
                ended, effects = _finish(replace(state, take=take))
                return ended, (SaveScore(take), *effects)
            return replace(state, phase=Phase.FEEDBACK, turn=state.turn + 1, take=take), (SaveScore(take),)
        case ScoreFailed(error=error):
            return _fault(state, error)
        case Cancel():
            hint = "The text is kept; press Retry to score it."
            return _fault(state, Cancelled("You stopped the scoring.", hint=hint), CancelWork())
    return state, ()


def _feedback(state: State, event: Event) -> Step:
    match event:
        case Go() | Skip():
            return _next(state)
        case Retake():
            return replace(_wait(state), follow_up="", prior=""), (Hush(),)
        case FollowUp() if state.open_follow_up and state.take and state.take.transcript:
            new = replace(state, phase=Phase.FOLLOW_UP, turn=state.turn + 1, take=None)
            new = replace(new, follow_up=state.open_follow_up, prior=state.take.transcript.text)
            return new, (Hush(), Speak(new.turn, new.asked))
        case Corrected(text=text) if text.strip() and state.take and state.take.transcript:
            fixed = rewritten(state.take.transcript, text.strip())
            return _work(replace(state, take=replace(state.take, transcript=fixed, text_kept=False)))
    return state, ()


def _faulted(state: State, event: Event) -> Step:
    match event:
        case Retry() | Go():
            return _retry(state)
        case Skip():
            return _next(state.leaving())
        case Typed(text=text):
            return _typed(state, text)
    return state, ()


def _retry(state: State) -> Step:
    session = (KeepSession(state.begin),) if state.begin else ()
    if state.fault_in is Phase.SAVING:
        # What else was refused is asked for once this is stored.
        resumed, effects = _save(state)
        return resumed, (*session, *effects)
    state, again = state.asked_again()
    # Storing the session may be what failed; without it no attempt can be stored.
    keep = (*session, *again)
    match state.fault_in:
        case Phase.TRANSCRIBING | Phase.SCORING:
            resumed, effects = _work(state)
            return resumed, (*again, *effects)
        case Phase.FEEDBACK:
            return replace(state, phase=Phase.FEEDBACK, turn=state.turn + 1, error=None), again
        case Phase.RECORDING | Phase.WAITING:
            return _wait(state), keep
    phase = Phase.FOLLOW_UP if state.follow_up else Phase.ASKING
    resumed = replace(state, phase=phase, turn=state.turn + 1, take=None, error=None)
    return resumed, (*keep, Speak(resumed.turn, resumed.asked))


_PHASES = {
    Phase.IDLE: _idle,
    Phase.ASKING: _asking,
    Phase.WAITING: _waiting,
    Phase.RECORDING: _recording,
    Phase.SAVING: _saving,
    Phase.TRANSCRIBING: _transcribing,
    Phase.SCORING: _scoring,
    Phase.FEEDBACK: _feedback,
    Phase.FOLLOW_UP: _asking,
    Phase.DONE: _idle,
    Phase.FAULT: _faulted,
}
