"""What may stand on the screens: long German words, Arabic and Hebrew, one answer, ten thousand, none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from interviewer.core.models import PointResult, Session
from tests.gui.fakes import bank, session, transcript
from tests.gui.scenes import two_sessions

if TYPE_CHECKING:
    from tests.gui.scenes import Stage

_LONG = (
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft und die "
    "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetzgebung im Grundstücksverkehrsgenehmigungsverfahren"
)
_RTL = "متى تستخدم الدالة غير المتزامنة، ומתי פונקציה רגילה כמו async def? اشرح ذلك مع مثال واحد من عملك"


def _in_other_words(stage: Stage, words: str) -> tuple[Session, ...]:
    """Have questions, answers, notes, points and the bank say these."""
    plain = bank()
    questions = tuple(
        q.model_copy(
            update={
                "topic": words[:40],
                "question": f"{words}?",
                "example_answer": f"{words}. {words}.",
                "key_points": tuple(
                    p.model_copy(update={"text": words, "follow_up": f"{words}?"}) for p in q.key_points
                ),
            }
        )
        for q in plain.questions
    )
    other = plain.model_copy(update={"title": words[:70], "role": words, "questions": questions})
    stage.library.bank = stage.conductor.bank = other
    stage.window.show_bank(other)
    said = transcript(text=" ".join([words] * 4))
    kept = session()
    attempts = tuple(
        replace(
            a,
            transcript=said,
            topic=words[:40],
            asked=f"{words}?",
            note=words,
            score=a.score and replace(a.score, points=tuple(_point(p, words) for p in a.score.points)),
        )
        for a in kept.attempts
    )
    return two_sessions(replace(kept, bank_title=other.title, attempts=attempts))


def _point(point: PointResult, words: str) -> PointResult:
    evidence = " ".join(words.split()[:3]) if point.evidence else ""
    return replace(point, text=words, evidence=evidence, words=(0, 3) if evidence else (0, 0))


def _one(_stage: Stage) -> tuple[Session, ...]:
    kept = session()
    return (replace(kept, question_ids=kept.question_ids[:1], attempts=kept.attempts[:1]),)


def _many(_stage: Stage) -> tuple[Session, ...]:
    """Ten thousand answers in two and a half thousand interviews."""
    return tuple(session(f"s{i}", when=session().created - timedelta(hours=5 * i)) for i in range(2_500))


CASES: dict[str, Callable[[Stage], tuple[Session, ...]]] = {
    "long": lambda stage: _in_other_words(stage, _LONG),
    "rtl": lambda stage: _in_other_words(stage, _RTL),
    "one": _one,
    "many": _many,
    "empty": lambda _stage: (),
}
