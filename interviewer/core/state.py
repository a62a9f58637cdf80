"""The state of a running interview, as the window sees it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from interviewer.core.errors import InterviewerError
from interviewer.core.models import Coverage, Question
from interviewer.core.steps import Begin, Effect, KeepAttempt, KeepSession, Phase, SaveTranscript, Take, Unkept


@dataclass(frozen=True, slots=True)
class State:
    """Everything the window needs to know about a running interview."""

    phase: Phase = Phase.IDLE
    turn: int = 0
    begin: Begin | None = None
    position: int = 0
    take: Take | None = None
    """The answer on its way, or on screen."""
    pending: tuple[Take, ...] = ()
    """Interview mode: answers kept but not yet written down."""
    follow_up: str = ""
    """The follow-up being asked or answered; empty for the question itself."""
    prior: str = ""
    live: bool = False
    """RECORDING only: sound has arrived, so that speaking makes sense."""
    stopping: bool = False
    """RECORDING only: the clip is being completed."""
    paused: bool = False
    ending: bool = False
    """The user asked for the end; what was said is still being finished."""
    error: InterviewerError | None = None
    """FAULT only."""
    fault_in: Phase = Phase.IDLE
    """FAULT only: the phase that Retry resumes."""
    unkept: tuple[Unkept, ...] = ()
    """What the store refused: asked for again with the next retry, or once it takes something."""
    notice: InterviewerError | None = None
    """Something that went wrong without stopping the interview."""

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions of this session, in order."""
        return self.begin.questions if self.begin else ()

    @property
    def holds_sound(self) -> bool:
        """Whether a question is spoken or an answer recorded, so that nothing else may sound."""
        return self.phase in (Phase.ASKING, Phase.FOLLOW_UP, Phase.RECORDING)

    @property
    def question(self) -> Question:
        """The question being asked. Raises IndexError outside a session."""
        return self.questions[self.position]

    @property
    def asked(self) -> str:
        """What the speaker says in this turn."""
        return self.follow_up or self.question.question

    @property
    def attempt_id(self) -> str:
        """The name of an attempt that begins in this turn.

        Turns only ever rise within a session, also when it is continued, so it never names two.
        """
        return f"{self.begin.session_id if self.begin else ''}-{self.position + 1:02d}-{self.turn:04d}"

    @property
    def new_take(self) -> Take:
        """An answer that begins in this turn, with nothing in it yet."""
        return Take(self.attempt_id, self.position, follow_up=self.follow_up, prior=self.prior)

    @property
    def is_last(self) -> bool:
        """Whether no question comes after this one."""
        return self.position + 1 >= len(self.questions)

    @property
    def open_follow_up(self) -> str:
        """The follow-up to the first point that the take on screen missed; "" when there is none.

        Without one, that to the first point said the wrong way round.
        """
        if self.take is None or self.take.score is None or self.take.follow_up:
            return ""
        points = tuple(zip(self.take.score.points, self.question.key_points, strict=False))
        wanted = (Coverage.MISSED, Coverage.CONTRADICTED)
        return next((k.follow_up for state in wanted for p, k in points if p.coverage is state and k.follow_up), "")

    def asked_again(self) -> tuple[State, tuple[Effect, ...]]:
        """Return a state that waits for nothing, and what is to be asked of the store again, in order."""
        left_behind = any(isinstance(effect, KeepAttempt) for effect in self.unkept)
        # Without its session no attempt can be stored, and that may be what failed.
        session = (KeepSession(self.begin),) if left_behind and self.begin else ()
        return replace(self, unkept=()), (*session, *self.unkept)

    def leaving(self) -> State:
        """Return the state to leave a fault by: an answer that the store refused is asked for again later."""
        if self.take is None or self.phase is not Phase.FAULT or self.fault_in is not Phase.SAVING:
            return self
        text = (SaveTranscript(self.take),) if self.take.transcript else ()
        return replace(self.new_text, unkept=(*self.new_text.unkept, KeepAttempt(self.take), *text), take=None)

    @property
    def new_text(self) -> State:
        """The state once the text of the take in hand is about to be stored: earlier ones of it are not asked for."""
        hand = self.take.attempt_id if self.take else ""
        left = tuple(e for e in self.unkept if not (isinstance(e, SaveTranscript) and e.take.attempt_id == hand))
        return replace(self, unkept=left)
