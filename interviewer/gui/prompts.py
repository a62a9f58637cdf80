"""What the interview page says in each state, and which keys mean what. No Qt in here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from interviewer.core.models import Mode
from interviewer.core.state import State
from interviewer.core.steps import Phase


class Act(Enum):
    """What a button or key of the interview asks for."""

    GO = "go"
    REPEAT = "repeat"
    RETAKE = "retake"
    FOLLOW_UP = "follow up"
    RETRY = "retry"
    SKIP = "skip"
    TYPE = "type"
    CANCEL = "cancel"
    PAUSE = "pause"
    RESUME = "resume"


KEYS = {
    Act.GO: "Space",
    Act.RETRY: "Space",
    Act.RESUME: "Space",
    Act.REPEAT: "R",
    Act.RETAKE: "A",
    Act.FOLLOW_UP: "F",
    Act.SKIP: "S",
    Act.TYPE: "T",
    Act.CANCEL: "Esc",
    Act.PAUSE: "Esc",
}
"""The key as the button shows it; Enter does what Space does."""


@dataclass(frozen=True, slots=True)
class Move:
    """Something the user can do now, and the words of its button."""

    act: Act
    words: str

    @property
    def key(self) -> str:
        """The key that does it."""
        return KEYS[self.act]


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the page says: where the interview stands, what follows, what can be done."""

    phase: str
    detail: str = ""
    primary: Move | None = None
    others: tuple[Move, ...] = ()
    tone: str = "accent"
    """accent, live (recording), muted (paused) or bad (a fault)."""
    busy: bool = False
    """Whether a model works and a progress bar belongs on the page."""

    def move(self, key: str) -> Move | None:
        """Return what a key means now: "Space", "Esc" or a letter; None when nothing."""
        every = ((self.primary,) if self.primary else ()) + self.others
        return next((move for move in every if move.key == key), None)


_REPEAT = Move(Act.REPEAT, "Repeat")
_TYPE = Move(Act.TYPE, "Type instead")
_SKIP = Move(Act.SKIP, "Skip")
_PAUSE = Move(Act.PAUSE, "Pause")
_CANCEL = Move(Act.CANCEL, "Cancel")


def prompt(state: State) -> Prompt:
    """Return what to say in this state."""
    if state.paused:
        return _paused(state)
    match state.phase:
        case Phase.ASKING:
            return Prompt(
                "Listening to the question",
                "The question is being read to you.",
                Move(Act.GO, "Skip the reading"),
                (_REPEAT, _TYPE, _SKIP, _PAUSE),
            )
        case Phase.FOLLOW_UP:
            return Prompt(
                "Listening to the follow-up",
                "A question about a point you left out.",
                Move(Act.GO, "Skip the reading"),
                (_REPEAT, _TYPE, _SKIP, _PAUSE),
            )
        case Phase.WAITING:
            return Prompt(
                "Think",
                "Take the time you need. Nothing is recorded yet.",
                Move(Act.GO, "Start answering"),
                (_REPEAT, _TYPE, _SKIP, _PAUSE),
            )
        case Phase.RECORDING:
            return _recording(state)
        case Phase.SAVING:
            return Prompt("Saving", "Your answer is being put on disk.")
        case Phase.TRANSCRIBING:
            return Prompt("Writing it down", _which_answer(state), None, (_CANCEL,), busy=True)
        case Phase.SCORING:
            return Prompt("Scoring", _which_answer(state), None, (_CANCEL,), busy=True)
        case Phase.FAULT:
            return _fault(state)
    return Prompt("")


def next_words(state: State) -> str:
    """Return the words of the button that leaves the feedback."""
    return "Finish" if state.is_last or state.ending else "Next question"


def _recording(state: State) -> Prompt:
    if state.stopping:
        return Prompt("Saving", "The recording is being completed.")
    if not state.live:
        return Prompt("Opening the microphone…", "Wait for “Recording” before you speak.", None, (_CANCEL,))
    detail = "Speak as you would to a person. Nothing stops you but you."
    return Prompt("Recording", detail, Move(Act.GO, "Finish answer"), (_PAUSE,), tone="live")


def _paused(state: State) -> Prompt:
    kept = "What you have said is kept." if state.phase is Phase.RECORDING else "Nothing is recorded."
    return Prompt("Paused", kept, Move(Act.RESUME, "Go on"), (), tone="muted")


def _fault(state: State) -> Prompt:
    error = state.error
    fact = str(error) if error else "Something went wrong."
    hint = error.hint if error else ""
    if state.take and state.take.clip and state.fault_in in (Phase.TRANSCRIBING, Phase.SCORING):
        hint = f"{hint} Your recording is safe on disk."
    leave = Move(Act.SKIP, "Leave it for later" if state.ending else "Finish" if state.is_last else "Next question")
    return Prompt(fact, hint, Move(Act.RETRY, "Retry"), (_TYPE, leave), tone="bad")


def _which_answer(state: State) -> str:
    if state.begin and (state.begin.mode is Mode.INTERVIEW or state.ending):
        return f"Answer {state.position + 1} of {len(state.questions)}. The recording is safe on disk."
    return "The recording is safe on disk." if state.take and state.take.clip else ""


def progress_words(state: State) -> str:
    """Return where the interview stands, such as "Question 3 of 8"."""
    return f"Question {state.position + 1} of {len(state.questions)}"
