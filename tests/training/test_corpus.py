"""The text that the judge learns from: every line is where it belongs, and a line that is off is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.corpus import FOLDER, KINDS, Topic, read

WHOLE = """
# A remark.
Q What does a cache do?
= It keeps copies near the reader.
+ copies are kept close by
- negation: it never keeps a copy
> A cache holds no copies.
~ caches are everywhere

= It forgets old entries.
+ what is old goes
- swap: what is new goes
> New entries leave the cache first.
* 1 2: near copies, old ones go
! 2; 1: keeps copies, newest dropped first
! 1: no copies anywhere
Q Why test?
= Tests find regressions.
"""


def corpus(folder: Path, text: str, name: str = "data-1.txt") -> tuple[Topic, ...]:
    (folder / name).write_text(text, encoding="utf-8")
    return read(folder)


@pytest.fixture(scope="module")
def topics() -> tuple[Topic, ...]:
    return read()


# --- reading ----------------------------------------------------------------------------------


def test_a_file_becomes_topics_with_their_points_and_lines(tmp_path: Path) -> None:
    cache, tests = corpus(tmp_path, WHOLE)
    assert (cache.question, tests.question) == ("What does a cache do?", "Why test?")
    first, second = cache.points
    assert first.text == "It keeps copies near the reader."
    assert (first.right, first.near) == (("copies are kept close by",), ("caches are everywhere",))
    assert (first.wrong, first.twins) == (("it never keeps a copy",), ("A cache holds no copies.",))
    assert (second.wrong, second.near) == (("what is new goes",), ())


def test_terse_answers_name_the_points_that_they_state_and_turn_round(tmp_path: Path) -> None:
    cache, tests = corpus(tmp_path, WHOLE)
    right, mixed, wrong = cache.notes
    assert (right.text, right.right, right.wrong) == ("near copies, old ones go", {0, 1}, frozenset())
    assert (mixed.text, mixed.right, mixed.wrong) == ("keeps copies, newest dropped first", {0}, {1})
    assert (wrong.right, wrong.wrong) == (frozenset(), {0})
    assert tests.notes == ()


@pytest.mark.parametrize("line", ["* near copies", "* 0: copies", "* 3: copies", "* 1; 2: copies", "! 1; 1: copies"])
def test_a_terse_answer_that_names_no_point_or_a_wrong_one_is_off(tmp_path: Path, line: str) -> None:
    text = f"Q Why?\n= One.\n= Two.\n{line}\n"
    with pytest.raises(ValueError, match=r"data-1\.txt, line 4: a terse answer"):
        corpus(tmp_path, text)


def test_the_lines_of_a_topic_are_all_that_was_written_for_it(tmp_path: Path) -> None:
    cache, _ = corpus(tmp_path, WHOLE)
    assert {cache.question, "copies are kept close by", "New entries leave the cache first."} <= cache.lines()
    assert {"no copies anywhere", "caches are everywhere", "it never keeps a copy"} <= cache.lines()


def test_the_field_of_a_topic_is_its_file_without_the_number(tmp_path: Path) -> None:
    assert {t.source for t in corpus(tmp_path, WHOLE, "exam-of-life-12.txt")} == {"exam-of-life"}


def test_files_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b-2.txt", "a-1.txt", "b-1.txt"):
        (tmp_path / name).write_text(f"Q {name}?\n= A point.\n", encoding="utf-8")
    (tmp_path / "notes.md").write_text("no corpus", encoding="utf-8")
    assert [t.question for t in read(tmp_path)] == ["a-1.txt?", "b-1.txt?", "b-2.txt?"]


def test_an_empty_folder_holds_no_topics(tmp_path: Path) -> None:
    assert read(tmp_path) == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("? what is this", "not a line of the corpus"),
        ("just text", "not a line of the corpus"),
        ("+", "not a line of the corpus"),
        ("=   ", "not a line of the corpus"),
        ("- it never keeps a copy", "begins with one of"),
        ("- lie: it never keeps a copy", "begins with one of"),
        ("- negation:", "begins with one of"),
    ],
)
def test_a_line_that_is_off_is_named_with_its_number(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(ValueError, match=rf"data-1\.txt, line 3: .*{said}"):
        corpus(tmp_path, f"Q What?\n= A point.\n{line}\n")


@pytest.mark.parametrize("line", ["+ said before any point", "> a twin", "~ near nothing"])
def test_a_line_before_the_first_point_of_its_question_is_off(tmp_path: Path, line: str) -> None:
    with pytest.raises(ValueError, match=r"line 4: not a line"):
        corpus(tmp_path, f"Q One?\n= A point.\nQ Two?\n{line}\n")


@pytest.mark.parametrize("lines", ["- swap: wrong", "> a twin of nothing", "- swap: wrong\n> a twin\n> another"])
def test_a_wrong_line_without_its_twin_is_told_with_its_point(tmp_path: Path, lines: str) -> None:
    with pytest.raises(ValueError, match=r"data-1\.txt: .*needs a twin: 'A point\.'"):
        corpus(tmp_path, f"Q What?\n= A point.\n{lines}\n")


def test_the_errors_name_every_kind_of_wrong_line(tmp_path: Path) -> None:
    with pytest.raises(ValueError) as caught:
        corpus(tmp_path, "Q What?\n= A point.\n- wrong\n")
    assert all(kind in str(caught.value) for kind in KINDS)


# --- what was written ---------------------------------------------------------------------------


def test_every_topic_has_five_points(topics: tuple[Topic, ...]) -> None:
    assert [t.question for t in topics if len(t.points) != 5] == []


def test_every_point_is_said_rightly_and_wrongly_three_times_and_missed_twice(topics: tuple[Topic, ...]) -> None:
    counts = {
        (len(p.right), len(p.wrong), len(p.twins), len(p.near)): (t.question, p.text) for t in topics for p in t.points
    }
    assert set(counts) == {(3, 3, 3, 2)}, counts


def test_every_file_of_the_corpus_is_read(topics: tuple[Topic, ...]) -> None:
    assert {t.source for t in topics} == {f.stem.rpartition("-")[0] for f in FOLDER.glob("*.txt")}


def test_every_question_has_two_right_and_two_wrong_terse_answers(topics: tuple[Topic, ...]) -> None:
    counts = {(len([n for n in t.notes if not n.wrong]), len([n for n in t.notes if n.wrong])) for t in topics}
    assert counts == {(2, 2)}


def test_most_points_are_stated_and_turned_round_tersely(topics: tuple[Topic, ...]) -> None:
    every = [(t, k) for t in topics for k in range(len(t.points))]
    stated = sum(any(k in n.right for n in t.notes) for t, k in every)
    turned = sum(any(k in n.wrong for n in t.notes) for t, k in every)
    assert stated > 0.9 * len(every)
    assert turned > 0.7 * len(every)


def test_no_line_says_and_denies_the_same_point(topics: tuple[Topic, ...]) -> None:
    for point in (p for t in topics for p in t.points):
        said = {point.text, *point.right}
        assert not said & {*point.wrong, *point.twins, *point.near}, point.text


def test_every_line_is_a_sentence_of_plain_text(topics: tuple[Topic, ...]) -> None:
    lines = [x for t in topics for p in t.points for x in (p.text, *p.right, *p.wrong, *p.twins, *p.near)]
    assert [x for x in lines if len(x.split()) < 3 or not x.isprintable() or x != x.strip()] == []
