"""An answer as it is shown, wherever it comes from. No Qt in here."""

from __future__ import annotations

from dataclasses import dataclass, replace

from interviewer.core.linking import Example, example_of
from interviewer.core.models import Attempt, Clip, Coverage, Delivery, PointResult, Question, Score, Span, Transcript
from interviewer.core.moments import moment_of, place_of
from interviewer.core.shortfall import shortfall
from interviewer.core.steps import Take

LOST = "This answer was spoken, but its recording is not here: there is nothing to hear."


@dataclass(frozen=True, slots=True)
class PointShown:
    """A key point with all that is told of it."""

    result: PointResult
    why: str = ""
    """Why it fell short; "" where it did not, or nothing is known."""
    moment: Span | None = None
    """When its evidence was said; None where it cannot be heard."""
    place: tuple[int, int] | None = None
    """Where its evidence stands among the words of the text shown."""
    sentence: int | None = None
    """The sentence of the example that makes it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the view shows, from a running interview or from the store."""

    question: Question | None
    clip: Clip | None = None
    transcript: Transcript | None = None
    score: Score | None = None
    delivery: Delivery | None = None
    follow_up: bool = False
    """Whether it answers a follow-up: then its score is of more words than its text."""
    prior: str | None = ""
    """The text it goes on from; None where that is not at hand."""

    @classmethod
    def of(cls, question: Question | None, source: Take | Attempt) -> Answer:
        """Return the answer that a take or a kept attempt holds."""
        prior = source.prior if isinstance(source, Take) else None if source.follow_up else ""
        parts = (source.clip, source.transcript, source.score, source.delivery)
        return cls(question, *parts, follow_up=bool(source.follow_up), prior=prior)

    @property
    def lost(self) -> bool:
        """Whether it was spoken and its recording is not there: it was sent without. Typed ones never had any.

        Of a text corrected by hand without any time nobody knows.
        """
        if self.clip is not None:
            return False
        said = self.transcript
        return said is None or bool(said.words) or said.engine not in ("typed", "corrected")

    @property
    def judged(self) -> bool:
        """Whether the judge saw it: scores of before there were ranges were made without."""
        return self.score is not None and (self.score.coverage_only or self.score.shown_range is not None)

    def example(self) -> Example:
        """Return the example answer with the places of the points that were judged."""
        return example_of(self.question, [p.text for p in self.score.points] if self.score else None)

    def points(self, example: Example) -> tuple[PointShown, ...]:
        """Return each point that was judged with what is told of it; `example` is that of `example()`."""
        if self.score is None:
            return ()
        terms = {k.text: k.terms for k in self.question.key_points} if self.question else {}
        text = self.transcript.text if self.transcript else ""
        said = None if self.prior is None else f"{self.prior} {text}"
        places = example.places or (None,) * len(self.score.points)
        return tuple(
            PointShown(
                result,
                shortfall(result, said, terms.get(result.text, ()), judged=self.judged),
                moment_of(result, self.transcript) if self.clip else None,
                place_of(result, self.transcript),
                sentence,
            )
            for result, sentence in zip(self.score.points, places, strict=True)
        )


def unwritten_words(answer: Answer) -> str:
    """Return what stands in place of the text of an answer that has none."""
    if answer.lost:
        return "Neither the recording nor a text of this answer is here."
    return "This recording is not written down yet."


def evidence(points: tuple[PointShown, ...]) -> tuple[PointResult, ...]:
    """Return the points whose evidence is in the text shown, with its place there."""
    proved = (p for p in points if p.place and p.result.coverage is not Coverage.MISSED)
    return tuple(replace(p.result, words=p.place or (0, 0)) for p in proved)
