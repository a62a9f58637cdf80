"""An answer judged again after an edit, with the real models: quicker, and exactly as if it had never been judged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch

from interviewer.core.bank import load_bank, neighbours
from interviewer.core.models import Score
from interviewer.core.paths import shipped_bank
from interviewer.core.scoring import MeaningScorer
from interviewer.engines import catalog

pytestmark = pytest.mark.models

BANK = load_bank(shipped_bank())
QUESTION, OTHER = BANK.questions[:2]
SAID = " ".join(word for n, word in enumerate(QUESTION.example_answer.split()) if n % 6)
"""Not word for word: what is recited is not put to the judge."""
LONG = f"{SAID} And besides, {OTHER.example_answer}"
EDITS = (SAID.replace("annotate a", "annotate no"), f"{SAID} Or so.", LONG, f"{LONG[:-1]} maybe.", SAID)


@pytest.fixture(scope="module")
def scorer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MeaningScorer]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        threads = torch.get_num_threads()
        torch.set_num_threads(1)  # more wait for each other where other tests run beside this one
        yield catalog.scorer()
        torch.set_num_threads(threads)


def judged(scorer: MeaningScorer, text: str) -> Score:
    return scorer.score(QUESTION, text, neighbours=neighbours(BANK, QUESTION))


def forget(scorer: MeaningScorer) -> None:
    """Leave the scorer as it is when an answer comes that was never judged."""
    embedder: Any = scorer._encode.__self__  # type: ignore[attr-defined]
    judge: Any = scorer._judge.__self__  # type: ignore[union-attr]
    embedder._cache = type(embedder._cache)()
    embedder._chunks.clear()
    judge._known.clear()


def test_the_score_after_each_edit_is_that_of_the_same_text_judged_afresh_to_the_last_bit(
    scorer: MeaningScorer,
) -> None:
    edited = [judged(scorer, text) for text in (SAID, *EDITS)][1:]
    for text, score in zip(EDITS, edited, strict=True):
        forget(scorer)
        assert score == judged(scorer, text), text


def test_after_one_word_the_judge_is_asked_about_one_stretch(
    scorer: MeaningScorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget(scorer)
    judged(scorer, SAID)
    judge: Any = scorer._judge.__self__  # type: ignore[union-attr]
    asked: list[tuple[str, str]] = []
    compute = judge._compute
    monkeypatch.setattr(judge, "_compute", lambda pairs: asked.extend(pairs) or compute(pairs))
    judged(scorer, SAID.replace("annotate a", "annotate no"))
    assert len({stretch for _, stretch in asked}) == 1
