"""The vocabulary of an interview: phases, events that happen, effects that are asked for.

`core.flow` joins them. Events that answer an effect carry the turn they belong to; every
question, retake and retry raises the turn, so a late answer to an old effect is known
as such and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from interviewer.core.errors import InterviewerError
from interviewer.core.models import Clip, Delivery, Mode, Question, Score, Transcript


class Phase(Enum):
    """Where an interview stands."""

    IDLE = "idle"
    ASKING = "asking"
    WAITING = "waiting"
    RECORDING = "recording"
    SAVING = "saving"
    TRANSCRIBING = "transcribing"
    SCORING = "scoring"
    FEEDBACK = "feedback"
    FOLLOW_UP = "follow_up"
    DONE = "done"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Take:
    """One answer on its way from the microphone to the feedback."""

    attempt_id: str
    position: int
    clip: Clip | None = None
    transcript: Transcript | None = None
    score: Score | None = None
    delivery: Delivery | None = None
    follow_up: str = ""
    """The follow-up question it answers; empty when it answers the question itself."""
    prior: str = ""
    """What was said before a follow-up: both texts are judged together."""
    text_kept: bool = field(default=False, compare=False)
    """The store has this transcript, or was asked to take it: what it refuses comes back."""


# --- events: what the user does -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Begin:
    """A session starts, or goes on where it stopped."""

    session_id: str
    created: datetime
    bank_title: str
    mode: Mode
    questions: tuple[Question, ...]
    position: int = 0
    """Of the question that is asked first, from 0."""
    turns_used: int = 0
    """Every turn to come is higher: the attempts of before are named after these."""
    pending: tuple[Take, ...] = ()
    """Answers of before that are worked off at the end with those to come."""


@dataclass(frozen=True, slots=True)
class Go:
    """Space or Enter: whatever the phase says comes next."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """Say the question again."""


@dataclass(frozen=True, slots=True)
class Retake:
    """Answer the same question once more; the earlier attempt is kept."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Ask about the first point that was missed."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Resume from the last good artefact after a fault."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Leave this question and go on."""


@dataclass(frozen=True, slots=True)
class Typed:
    """An answer written instead of spoken."""

    text: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """The text of the answer on screen, put right by hand."""

    text: str


@dataclass(frozen=True, slots=True)
class Cancel:
    """End the wait; keep what there is."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Hold the interview."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on after Pause."""


@dataclass(frozen=True, slots=True)
class End:
    """Finish the session now; a running recording is kept."""


# --- events: what devices, models and the store answer -----------------------------------


@dataclass(frozen=True, slots=True)
class Spoke:
    """The question was spoken to its end."""

    turn: int


@dataclass(frozen=True, slots=True)
class SpeakFailed:
    """The question could not be spoken; it stays on screen."""

    turn: int
    error: InterviewerError


@dataclass(frozen=True, slots=True)
class RecordingStarted:
    """The first sound arrived."""

    turn: int


@dataclass(frozen=True, slots=True)
class MicrophoneSilent:
    """The microphone delivers nothing but zeros."""

    turn: int
    error: InterviewerError


@dataclass(frozen=True, slots=True)
class Recorded:
    """The clip is complete on disk."""

    turn: int
    clip: Clip


@dataclass(frozen=True, slots=True)
class RecordFailed:
    """The device stopped; `clip` is what was kept."""

    turn: int
    error: InterviewerError
    clip: Clip | None


@dataclass(frozen=True, slots=True)
class Saved:
    """The attempt is in the store."""

    turn: int


@dataclass(frozen=True, slots=True)
class SaveFailed:
    """The attempt is not in the store; its clip is still on disk."""

    turn: int
    error: InterviewerError


@dataclass(frozen=True, slots=True)
class Transcribed:
    """The answer is written down."""

    turn: int
    transcript: Transcript


@dataclass(frozen=True, slots=True)
class TranscribeFailed:
    """The answer could not be written down."""

    turn: int
    error: InterviewerError


@dataclass(frozen=True, slots=True)
class Scored:
    """The answer is judged. No delivery where nothing was recorded."""

    turn: int
    score: Score
    delivery: Delivery | None


@dataclass(frozen=True, slots=True)
class ScoreFailed:
    """The answer could not be judged."""

    turn: int
    error: InterviewerError


@dataclass(frozen=True, slots=True)
class KeepFailed:
    """Something made could not be kept in the store; `effect` is what is to be asked for again."""

    error: InterviewerError
    effect: Unkept | None = None


Event = (
    Begin | Go | Repeat | Retake | FollowUp | Retry | Skip | Typed | Corrected | Cancel | Pause | Resume | End
    | Spoke | SpeakFailed | RecordingStarted | MicrophoneSilent | Recorded | RecordFailed | Saved | SaveFailed
    | Transcribed | TranscribeFailed | Scored | ScoreFailed | KeepFailed
)  # fmt: skip


# --- effects: what the conductor is asked to do ------------------------------------------


@dataclass(frozen=True, slots=True)
class KeepSession:
    """Store the session; harmless when it is stored already."""

    begin: Begin


@dataclass(frozen=True, slots=True)
class Speak:
    """Say a text; answer with Spoke or SpeakFailed."""

    turn: int
    text: str


@dataclass(frozen=True, slots=True)
class Prepare:
    """Render a text that will be spoken later."""

    text: str


@dataclass(frozen=True, slots=True)
class Hush:
    """Stop speech and playback."""


@dataclass(frozen=True, slots=True)
class StartRecording:
    """Record; answer with RecordingStarted, or RecordFailed."""

    turn: int
    attempt_id: str


@dataclass(frozen=True, slots=True)
class Follow:
    """Write the answer down while it is recorded: `Transcribe` then finds most of it done."""


@dataclass(frozen=True, slots=True)
class PauseRecording:
    """Keep nothing for a while."""


@dataclass(frozen=True, slots=True)
class ResumeRecording:
    """Keep what is said again."""


@dataclass(frozen=True, slots=True)
class StopRecording:
    """Complete the clip; answer with Recorded."""

    turn: int


@dataclass(frozen=True, slots=True)
class DropRecording:
    """End a recording that never began: nothing has been heard."""


@dataclass(frozen=True, slots=True)
class SaveAttempt:
    """Store the attempt, harmless when it is stored already; answer with Saved or SaveFailed."""

    turn: int
    take: Take


@dataclass(frozen=True, slots=True)
class KeepAttempt:
    """Store an attempt that was left behind; answer only when it fails, with KeepFailed."""

    take: Take


@dataclass(frozen=True, slots=True)
class Transcribe:
    """Write the clip down; answer with Transcribed or TranscribeFailed."""

    turn: int
    take: Take


@dataclass(frozen=True, slots=True)
class SaveTranscript:
    """Store the transcript; answer only when it fails, with KeepFailed."""

    take: Take


@dataclass(frozen=True, slots=True)
class ScoreAnswer:
    """Judge the answer; answer with Scored or ScoreFailed."""

    turn: int
    take: Take


@dataclass(frozen=True, slots=True)
class SaveScore:
    """Store the score; answer only when it fails, with KeepFailed."""

    take: Take


@dataclass(frozen=True, slots=True)
class CancelWork:
    """End the model's work now."""


@dataclass(frozen=True, slots=True)
class FinishSession:
    """Note the end of the session in the store."""

    session_id: str


Unkept = KeepAttempt | SaveTranscript | SaveScore
"""What is asked for again when the store refused it."""

Effect = (
    KeepSession | Speak | Prepare | Hush | StartRecording | Follow | PauseRecording | ResumeRecording | StopRecording
    | DropRecording | SaveAttempt | KeepAttempt | Transcribe | SaveTranscript | ScoreAnswer | SaveScore | CancelWork
    | FinishSession
)  # fmt: skip
