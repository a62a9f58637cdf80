"""What the benchmark of edits counts."""

from __future__ import annotations

from benchmarks.rescore import BOUND_MS, answer, as_table, holds
from interviewer.core.bank import load_bank
from interviewer.core.paths import shipped_bank

BANK = load_bank(shipped_bank())


def report(edit_ms: float = 90.0, different: int = 0, p95_ms: float = 120.0, length: str = "60") -> dict[str, object]:
    figures = {"edit_ms": edit_ms, "best_ms": 80.0, "p95_ms": p95_ms, "undo_ms": 0.1, "cpu_ms": 80.0}
    found = {"words": {length: figures}, "checked": 12, "different": different, "afresh_cpu_ms": {length: 170.0}}
    return found | {"threads": 1, "load": [0.1, 0.1, 0.1]}


def test_an_answer_has_the_words_asked_for_and_is_not_the_example() -> None:
    for words in (60, 120, 250):
        text = answer(BANK, BANK.questions[-1], words)
        assert len(text.split()) == words
        assert text[:40] not in BANK.questions[-1].example_answer


def test_one_score_that_differs_is_one_too_many() -> None:
    assert holds(report())
    assert not holds(report(different=1))


def test_half_of_the_edits_are_judged_in_time() -> None:
    assert not holds(report(edit_ms=BOUND_MS + 1, p95_ms=BOUND_MS + 1, length="250"))


def test_of_ordinary_answers_nearly_all_edits_are_judged_in_time() -> None:
    late = BOUND_MS + 1
    assert [holds(report(p95_ms=late, length=n)) for n in ("60", "120", "250")] == [False, False, True]


def test_the_table_tells_the_wait_what_it_cost_and_the_load() -> None:
    assert as_table(report()).splitlines() == [
        (
            "  60 words: edit   90.0 ms (10 of 100 within 80.0, 95 within 120.0), undo 0.10 ms; "
            "processor 80 ms an edit, 170 for an answer never met"
        ),
        "0 of 12 scores differ from one judged afresh",
        "1 threads, load [0.1, 0.1, 0.1]",
    ]
