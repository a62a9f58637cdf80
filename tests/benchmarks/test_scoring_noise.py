"""What the scoring benchmark does to texts before it scores them again."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.scoring_noise import SPOKEN_FILLERS, Mishearing, with_fillers, without_punctuation

VOCABULARY = (
    "index indexes table tables stack stacks queue queues pointer pointers thread threads lock locks node nodes"
)
TEXT = " ".join(f"word{i}" for i in range(500))


@pytest.fixture
def mishearing() -> Mishearing:
    return Mishearing([VOCABULARY, TEXT])


def edits(before: list[str], after: list[str]) -> int:
    """Words put in, left out or exchanged (Levenshtein)."""
    row = list(range(len(after) + 1))
    for i, word in enumerate(before, 1):
        last, row[0] = row[0], i
        for j, other in enumerate(after, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (word != other))
    return row[-1]


def test_one_word_in_ten_is_misheard(mishearing: Mishearing) -> None:
    heard = mishearing.misheard(TEXT, 1)
    # A deletion beside an insertion is one exchange.
    assert 45 <= edits(TEXT.split(), heard.split()) <= 50


def test_short_answers_lose_one_word_in_ten_on_the_whole(mishearing: Mishearing) -> None:
    words = ["the", "stack", "keeps", "its", "newest"]
    changed = sum(edits(words, mishearing.misheard(" ".join(words), seed).split()) for seed in range(400))
    assert changed == pytest.approx(400 * len(words) * 0.1, rel=0.15)


def test_the_same_seed_gives_the_same_errors(mishearing: Mishearing) -> None:
    assert mishearing.misheard(TEXT, 5) == Mishearing([VOCABULARY, TEXT]).misheard(TEXT, 5)


def test_another_seed_gives_other_errors(mishearing: Mishearing) -> None:
    assert mishearing.misheard(TEXT, 5) != mishearing.misheard(TEXT, 6)


def test_six_errors_of_ten_exchange_a_word(mishearing: Mishearing) -> None:
    lengths = Counter[int]()
    for seed in range(600):
        lengths[len(mishearing.misheard("a stack", seed, share=0.5).split())] += 1
    assert lengths[2] == pytest.approx(360, rel=0.12)
    assert lengths[1] == pytest.approx(120, rel=0.3)


def test_a_word_is_taken_for_one_spelled_like_it() -> None:
    mishearing = Mishearing([VOCABULARY])
    heard = {mishearing.misheard("“Pointer,”", seed, share=1.0) for seed in range(30)}
    assert "“pointers,”" in heard


def test_a_share_of_nothing_changes_nothing(mishearing: Mishearing) -> None:
    assert mishearing.misheard(TEXT, 1, share=0.0) == TEXT


def test_an_empty_answer_stays_empty(mishearing: Mishearing) -> None:
    assert mishearing.misheard("", 1) == ""


def test_fillers_come_before_one_word_in_four_and_nothing_is_lost() -> None:
    said = with_fillers(TEXT, 1)
    rest = [w for w in said.split() if w.startswith("word")]
    assert rest == TEXT.split()
    fillers = sum(said.count(f" {f} ") for f in SPOKEN_FILLERS)
    assert fillers == pytest.approx(125, rel=0.2)


def test_punctuation_goes_and_words_stay() -> None:
    assert without_punctuation("So, it's O(n); “PUT/POST” isn't.") == "so it's o n put/post isn't"
