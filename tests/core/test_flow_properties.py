"""Whatever happens in whatever order, the machine keeps its promises."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.core import steps
from interviewer.core.models import Coverage, Mode
from interviewer.core.state import State
from interviewer.core.steps import Event, Phase, Take
from tests.core.driver import DELIVERY, DEVICE, DISK, MODEL, Driver, clip, score, transcript

WAYS_TO_ANSWER = (
    lambda turn, n: steps.Spoke(turn),
    lambda turn, n: steps.SpeakFailed(turn, DEVICE),
    lambda turn, n: steps.RecordingStarted(turn),
    lambda turn, n: steps.MicrophoneSilent(turn, DEVICE),
    lambda turn, n: steps.Recorded(turn, clip(f"clip {n}")),
    lambda turn, n: steps.RecordFailed(turn, DEVICE, None),
    lambda turn, n: steps.RecordFailed(turn, DEVICE, clip(f"clip {n}")),
    lambda turn, n: steps.Saved(turn),
    lambda turn, n: steps.SaveFailed(turn, DISK),
    lambda turn, n: steps.Transcribed(turn, transcript()),
    lambda turn, n: steps.TranscribeFailed(turn, MODEL),
    lambda turn, n: steps.Scored(turn, score(), DELIVERY),
    lambda turn, n: steps.Scored(turn, score(Coverage.COVERED, Coverage.COVERED), None),
    lambda turn, n: steps.ScoreFailed(turn, MODEL),
)
KEYS: tuple[Event, ...] = (
    steps.Go(), steps.Repeat(), steps.Retake(), steps.FollowUp(), steps.Retry(), steps.Skip(), steps.Typed("By hand."),
    steps.Typed(" "), steps.Corrected("Put right."), steps.Corrected(""), steps.Cancel(), steps.Pause(),
    steps.Resume(), steps.End(), steps.KeepFailed(DISK),
)  # fmt: skip

# What the window and the engines would do next, so that long walks get somewhere.
EXPECTED = {
    Phase.ASKING: (0,), Phase.FOLLOW_UP: (0,), Phase.RECORDING: (2, 4), Phase.SAVING: (7,),
    Phase.TRANSCRIBING: (9,), Phase.SCORING: (11,),
}  # fmt: skip

Move = tuple[str, int, int]
moves = st.lists(
    st.tuples(
        st.sampled_from(["expected", "expected", "answer", "key", "begin"]), st.integers(0, 99), st.integers(-2, 1)
    ),
    max_size=60,
)


def event_for(talk: Driver, move: Move, number: int) -> Event:
    kind, which, off = move
    if kind == "begin":
        return talk.begin
    if kind == "expected":
        likely = EXPECTED.get(talk.phase)
        if likely is None or (talk.phase is Phase.RECORDING and talk.state.live and which % 3 == 0):
            return steps.Go()
        return WAYS_TO_ANSWER[likely[which % len(likely)]](talk.turn, number)
    if kind == "answer":
        # Most answers are in time; some are late, a few are from nowhere.
        return WAYS_TO_ANSWER[which % len(WAYS_TO_ANSWER)](talk.turn + (off if which % 2 else 0), number)
    return KEYS[which % len(KEYS)]


def names(used: int) -> list[str]:
    """Return how attempts are named that a session may have after so many turns: one a turn and position."""
    return [f"s-{position:02d}-{turn:04d}" for turn in range(1, used + 1) for position in (1, 2, 3)]


walks = settings(max_examples=400, deadline=None)
modes = st.sampled_from(list(Mode))


def walk(
    mode: Mode, questions: int, path: list[Move], *, used: int = 0
) -> tuple[Driver, list[tuple[State, Event, State]]]:
    """Take a walk from the first question on; with `used` turns, from the last one of a session that goes on."""
    talk = Driver(mode, questions, begun=not used)
    if used:
        before = tuple(Take(name, 0, clip(name)) for name in names(used))
        talk.begin = replace(talk.begin, position=questions - 1, turns_used=used, pending=before)
        talk.post(talk.begin)
    trace = []
    for number, move in enumerate(path):
        before = talk.state
        event = event_for(talk, move, number)
        talk.post(event)
        trace.append((before, event, talk.state))
    return talk, trace


@walks
@given(modes, st.integers(1, 3), moves)
def test_the_turn_never_falls(mode: Mode, questions: int, path: list[Move]) -> None:
    _, trace = walk(mode, questions, path)
    assert all(before.turn <= after.turn for before, _, after in trace)


@walks
@given(modes, st.integers(1, 3), moves)
def test_an_answer_belongs_to_one_effect_only(mode: Mode, questions: int, path: list[Move]) -> None:
    talk, _ = walk(mode, questions, path)
    answered = (steps.Speak, steps.StartRecording, steps.SaveAttempt, steps.Transcribe, steps.ScoreAnswer)
    turns = [e.turn for e in talk.effects if isinstance(e, answered)]
    assert len(turns) == len(set(turns))


@walks
@given(modes, st.integers(1, 3), moves)
def test_no_two_recordings_share_an_attempt_id(mode: Mode, questions: int, path: list[Move]) -> None:
    talk, _ = walk(mode, questions, path)
    ids = [e.attempt_id for e in talk.asked_for(steps.StartRecording)]
    assert len(ids) == len(set(ids))


@walks
@given(modes, st.integers(1, 3), moves, st.integers(1, 9))
def test_no_recording_of_a_session_that_goes_on_is_named_like_an_older_one(
    mode: Mode, questions: int, path: list[Move], used: int
) -> None:
    talk, _ = walk(mode, questions, path, used=used)
    ids = [*names(used), *(e.attempt_id for e in talk.asked_for(steps.StartRecording))]
    assert len(ids) == len(set(ids))


@walks
@given(modes, st.integers(1, 3), moves, st.integers(1, 9))
def test_a_session_that_goes_on_can_be_brought_to_its_end_with_every_older_answer(
    mode: Mode, questions: int, path: list[Move], used: int
) -> None:
    talk, trace = walk(mode, questions, path, used=used)
    to_the_end(talk, path)
    given_up = [s.take.attempt_id for s, event, _ in trace if s.take and isinstance(event, (steps.Skip, steps.End))]
    worked_on = [e.take.attempt_id for e in talk.asked_for(steps.Transcribe)]
    assert set(names(used)) <= {*worked_on, *given_up}


@walks
@given(modes, st.integers(1, 3), moves)
def test_every_clip_of_a_recording_is_stored(mode: Mode, questions: int, path: list[Move]) -> None:
    talk, trace = walk(mode, questions, path)
    saved = [e.take.clip for e in talk.asked_for(steps.SaveAttempt)]
    for before, event, _ in trace:
        arrived = isinstance(event, (steps.Recorded, steps.RecordFailed)) and event.turn == before.turn
        if arrived and before.phase is Phase.RECORDING and event.clip is not None:  # type: ignore[union-attr]
            assert event.clip in saved  # type: ignore[union-attr]


@walks
@given(modes, st.integers(1, 3), moves)
def test_an_event_of_another_turn_changes_nothing(mode: Mode, questions: int, path: list[Move]) -> None:
    _, trace = walk(mode, questions, path)
    for before, event, after in trace:
        if getattr(event, "turn", before.turn) != before.turn:
            assert after is before


@walks
@given(modes, st.integers(1, 3), moves)
def test_what_belongs_to_one_phase_is_set_in_that_phase_only(mode: Mode, questions: int, path: list[Move]) -> None:
    _, trace = walk(mode, questions, path)
    pausable = (Phase.ASKING, Phase.FOLLOW_UP, Phase.WAITING, Phase.RECORDING)
    for _, _, state in trace:
        assert (state.error is not None) == (state.phase is Phase.FAULT)
        assert state.phase is Phase.RECORDING or not (state.live or state.stopping)
        assert state.phase in pausable or not state.paused


@walks
@given(modes, st.integers(1, 3), moves)
def test_a_model_works_only_on_what_is_stored(mode: Mode, questions: int, path: list[Move]) -> None:
    talk, _ = walk(mode, questions, path)
    stored: set[str] = set()
    for effect in talk.effects:
        if isinstance(effect, steps.SaveAttempt):
            stored.add(effect.take.attempt_id)
        if isinstance(effect, (steps.Transcribe, steps.ScoreAnswer)):
            assert effect.take.attempt_id in stored


@walks
@given(modes, st.integers(1, 3), moves)
def test_every_interview_can_be_brought_to_its_end(mode: Mode, questions: int, path: list[Move]) -> None:
    talk, _ = walk(mode, questions, path)
    to_the_end(talk, path)
    assert talk.phase is Phase.DONE


def to_the_end(talk: Driver, path: list[Move]) -> None:
    """End the session, and have what it waits for come to its end too."""
    ways_on = {
        Phase.RECORDING: lambda turn: steps.Recorded(turn, clip("last")),
        Phase.SAVING: steps.Saved,
        Phase.TRANSCRIBING: lambda turn: steps.Transcribed(turn, transcript()),
        Phase.SCORING: lambda turn: steps.Scored(turn, score(), None),
        Phase.FAULT: lambda _turn: steps.Skip(),
    }
    for _ in range(4 * len(path) + 20 + 2 * len(talk.begin.pending)):
        talk.post(steps.End())
        if talk.phase is Phase.DONE:
            break
        talk.post(ways_on[talk.phase](talk.turn))
