"""What an answer is judged against, and its texts as the embedding model sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from interviewer.core.encoding import Encode
from interviewer.core.errors import InputError
from interviewer.core.models import Mistake, Neighbour, Question, QuestionKind
from interviewer.core.ports import FloatArray
from interviewer.core.similarity import Asked, Bundle, Wanted, bundle, wanted
from interviewer.core.text import clauses, has_words, spaced, stems

MOST_REFERENCE_WORDS = 5_000
"""Half an hour of speech; a longer example asks for more than anybody answers."""
KEPT_PAPERS = 64
"""An entry of a bank takes about 1.5 MB, a question of an examination a tenth."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one answer is judged against."""

    prompt: str
    references: tuple[str, ...]
    points: tuple[str, ...]
    mistakes: tuple[Mistake, ...] = ()
    coverage_only: bool = False
    """There is no single right answer."""
    stand_ins: bool = False
    """The points are sentences of the reference: nobody chose them, so they decide nothing by themselves."""


def sheet_of(question: Question) -> Sheet:
    """Return what answers to an entry of a bank are judged against."""
    references = (question.example_answer, *question.alternative_answers)
    return Sheet(
        question.question,
        references,
        tuple(k.text for k in question.key_points),
        question.mistakes,
        coverage_only=question.kind is QuestionKind.BEHAVIOURAL,
    )


def free_sheet(prompt: str, reference: str, key_points: Sequence[str] | None) -> Sheet:
    """Return a sheet made of one reference: without key points its sentences are the points.

    Raises InputError when the reference has no words, or more than MOST_REFERENCE_WORDS.
    """
    if len(reference.split()) > MOST_REFERENCE_WORDS:
        hint = f"Give one of at most {MOST_REFERENCE_WORDS} words."
        raise InputError(f"This example answer has {len(reference.split())} words", hint=hint)
    if not has_words(reference):
        raise InputError("There is no example answer to compare with", hint="Give a reference of at least one word.")
    if key_points:
        return Sheet(prompt, (reference,), tuple(key_points))
    return Sheet(prompt, (reference,), units(reference), stand_ins=True)


def units(text: str) -> tuple[str, ...]:
    """Return the sentences of a text, long ones cut into clauses."""
    words = text.split()
    return tuple(" ".join(words[s.start : s.stop]) for s in clauses(words))


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet, encoded; the lists are in its order."""

    sheet: Sheet
    asked: Asked
    references: Sequence[Wanted]
    points: Sequence[Wanted]
    mistakes: Sequence[Wanted]
    corrections: Sequence[Wanted]
    examples: Sequence[Wanted]
    """Every sentence of every reference; empty where no mistake is known."""
    bundle: Bundle
    """Points, mistakes, corrections and examples, in this order."""
    neighbours: Sequence[Neighbour] = ()
    bearings: Sequence[FloatArray] = ()
    """The sentence vector of each neighbour's example answer."""


def encode_paper(sheet: Sheet, encode: Encode, neighbours: Sequence[Neighbour] = ()) -> Paper:
    """Encode a sheet, and in a second batch the neighbours. Raises EngineError when the model failed."""
    sentences = [text for r in sheet.references for text in units(r)] if sheet.mistakes else []
    groups = (
        sheet.references,
        sheet.points,
        [m.text for m in sheet.mistakes],
        [m.correction for m in sheet.mistakes],
        sentences,
    )
    prompt, *rest = encode([*map(spaced, (sheet.prompt, *(text for group in groups for text in group)))])
    asked = Asked(stems(prompt.words), prompt.sentence)
    queue = iter(rest)
    references, points, mistakes, corrections, examples = (
        [wanted(e, asked) for e in islice(queue, len(group))] for group in groups
    )
    bearings = [e.sentence for e in encode([spaced(n.reference) for n in neighbours])] if neighbours else []
    every = bundle([*points, *mistakes, *corrections, *examples])
    return Paper(sheet, asked, references, points, mistakes, corrections, examples, every, neighbours, bearings)


class Papers:
    """Encodes sheets, and keeps those that were asked for last: an entry is answered again and again."""

    def __init__(self, encode: Encode) -> None:
        self._encoded = lru_cache(KEPT_PAPERS)(lambda sheet, neighbours: encode_paper(sheet, encode, neighbours))

    def of(self, sheet: Sheet, neighbours: Sequence[Neighbour] = ()) -> Paper:
        """Return a sheet, encoded. Raises EngineError when the model failed."""
        return self._encoded(sheet, tuple(neighbours))
