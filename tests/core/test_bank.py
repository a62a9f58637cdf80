from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from interviewer.core.bank import MAX_BANK_BYTES, MOST_NEIGHBOURS, Order, load_bank, neighbours, parse_bank, pick
from interviewer.core.errors import BankError, InputError
from interviewer.core.models import Bank


def entry(entry_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": entry_id,
        "topic": "Foundations",
        "difficulty": 1,
        "question": "What is a test?",
        "background": "Tests run code.",
        "guidance": "Lead with the purpose.",
        "example_answer": "A test runs code and compares what it sees with what it expects.",
        "key_points": [{"text": "A test compares."}, {"text": "A test runs code.", "terms": ["run"]}],
        **changes,
    }


def raw_bank(*entries: Any, **changes: Any) -> dict[str, Any]:
    return {"schema_version": 1, "title": "Tests", "role": "A tester", "questions": list(entries), **changes}


def bank_of(*ids: str) -> Bank:
    return parse_bank(json.dumps(raw_bank(*(entry(i) for i in ids))), name="memory")


def without(field: str) -> dict[str, Any]:
    return {k: v for k, v in entry("pydantic").items() if k != field}


def refusal(*entries: Any, **changes: Any) -> BankError:
    """What parse_bank says against a bank of these entries."""
    with pytest.raises(BankError) as caught:
        parse_bank(json.dumps(raw_bank(*entries, **changes)), name="mine.json")
    return caught.value


def file_refusal(path: Path) -> BankError:
    with pytest.raises(BankError) as caught:
        load_bank(path)
    assert str(path) in str(caught.value)
    assert caught.value.hint
    return caught.value


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bank.json"


# What loads


def test_a_good_bank_keeps_its_entries_in_order(path: Path) -> None:
    path.write_text(json.dumps(raw_bank(entry("b"), entry("a"))), encoding="utf-8")
    assert [q.id for q in load_bank(path).questions] == ["b", "a"]


def test_a_byte_order_mark_is_accepted(path: Path) -> None:
    path.write_text(json.dumps(raw_bank(entry("a"))), encoding="utf-8-sig")
    assert load_bank(path).title == "Tests"


def test_html_in_a_question_stays_plain_text(path: Path) -> None:
    html = "Explain <div> & <script>alert('x')</script> against <span>."
    path.write_text(json.dumps(raw_bank(entry("a", question=html))), encoding="utf-8")
    assert load_bank(path).questions[0].question == html


def test_a_bank_of_exactly_the_largest_size_loads(path: Path) -> None:
    text = json.dumps(raw_bank(entry("a")))
    path.write_text(text + " " * (MAX_BANK_BYTES - len(text)), encoding="utf-8")
    assert load_bank(path).questions[0].id == "a"


# Files that cannot be read


def test_a_missing_file_is_named(path: Path) -> None:
    assert "there is no such file" in str(file_refusal(path))


def test_a_folder_is_refused_as_a_folder(tmp_path: Path) -> None:
    assert "is a folder" in str(file_refusal(tmp_path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_is_refused_without_waiting_for_it(path: Path) -> None:
    os.mkfifo(path)
    assert "not a regular file" in str(file_refusal(path))


def test_a_file_that_may_not_be_read_says_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text("{}", encoding="utf-8")

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    # chmod would not stop a test run as root.
    monkeypatch.setattr(Path, "open", refuse)
    error = file_refusal(path)
    assert "cannot be read (Permission denied)" in str(error)
    assert isinstance(error.__cause__, PermissionError)


def test_a_path_with_a_null_character_is_refused() -> None:
    with pytest.raises(BankError, match="cannot be read"):
        load_bank(Path("bank\0.json"))


def test_ten_megabytes_are_refused_before_reading(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_bytes(b"x" * 10_000_000)

    def explode(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("the file was opened")

    monkeypatch.setattr(Path, "open", explode)
    assert "larger than 5 MiB" in str(file_refusal(path))


def test_a_file_that_grows_while_it_is_opened_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text("{}", encoding="utf-8")
    real_open = Path.open

    def grow_then_open(self: Path, mode: str = "r") -> Any:
        with real_open(self, "ab") as file:
            file.write(b" " * MAX_BANK_BYTES)
        return real_open(self, mode)

    monkeypatch.setattr(Path, "open", grow_then_open)
    assert "larger than 5 MiB" in str(file_refusal(path))


# Text that is not JSON


def test_latin_1_names_the_first_bad_byte(path: Path) -> None:
    path.write_bytes(b'{"title": "' + "Müller".encode("latin-1") + b'"}')
    error = file_refusal(path)
    assert "not UTF-8 text (byte 12 cannot be read)" in str(error)
    assert "UTF-8" in error.hint


def test_the_bad_byte_is_counted_from_the_start_of_a_file_with_a_mark(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf{\xff}")
    assert "byte 4 " in str(file_refusal(path))


def test_utf_16_is_refused_as_not_utf_8(path: Path) -> None:
    path.write_text(json.dumps(raw_bank(entry("a"))), encoding="utf-16")
    assert "not UTF-8 text (byte 0 " in str(file_refusal(path))


def test_an_empty_file_is_not_json(path: Path) -> None:
    path.touch()
    assert "line 1, column 1" in str(file_refusal(path))


def test_broken_json_names_line_and_column(path: Path) -> None:
    path.write_text('{\n  "title": "Tests",\n  oops\n}', encoding="utf-8")
    assert "line 3, column 3" in str(file_refusal(path))


def test_very_deep_nesting_is_refused(path: Path) -> None:
    path.write_text("[" * 200_000, encoding="utf-8")
    assert "nested too deeply" in str(file_refusal(path))


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    with pytest.raises(BankError, match="number that is too long"):
        parse_bank('{"schema_version": ' + "1" * 5000 + "}", name="mine.json")


@pytest.mark.parametrize("text", ["[]", '"bank"', "null", "3"])
def test_json_that_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(BankError, match=r"mine\.json: must be a JSON object"):
        parse_bank(text, name="mine.json")


# Entries that are wrong


@pytest.mark.parametrize("field", ["topic", "question", "background", "guidance", "example_answer", "key_points"])
def test_a_missing_field_names_the_file_the_entry_and_the_field(field: str) -> None:
    error = refusal(entry("a"), entry("b"), without(field))
    assert str(error).splitlines() == [
        "mine.json: cannot be used as a bank:",
        f"entry 3 (pydantic), field {field}: is missing",
    ]
    assert "entry" in error.hint


def test_an_entry_without_an_id_is_named_by_its_number() -> None:
    assert "entry 1, field id: is missing" in str(refusal(without("id")))


def test_a_missing_field_inside_a_list_is_named_by_its_path() -> None:
    error = refusal(entry("pydantic", key_points=[{"text": "A claim."}, {"terms": []}]))
    assert "entry 1 (pydantic), field key_points[1].text: is missing" in str(error)


def test_a_missing_field_of_the_bank_itself_is_named() -> None:
    with pytest.raises(BankError, match="field questions: is missing"):
        parse_bank('{"schema_version": 1, "title": "T", "role": "R"}', name="mine.json")


def test_questions_that_are_no_list_are_refused() -> None:
    with pytest.raises(BankError, match="field questions: must be a list"):
        parse_bank('{"schema_version": 1, "title": "T", "role": "R", "questions": "all"}', name="mine.json")


def test_an_entry_that_is_no_object_is_named_by_its_number() -> None:
    assert "\nentry 2 must be an object with fields" in str(refusal(entry("a"), "what is it?"))


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"question": 7}, "field question: must be text"),
        ({"question": "   "}, "field question: is empty"),
        ({"question": "x" * 401}, "field question: is too long: at most 400 characters"),
        ({"background": "x" * 4001}, "field background: is too long: at most 4000 characters"),
        ({"question": "two\nlines"}, "field question: contains control characters or a line break"),
        ({"guidance": "a bell \x07"}, "field guidance: contains control characters"),
        ({"question": "half \ud800"}, "field question: contains half a character"),
        ({"difficulty": 0}, "field difficulty: must be at least 1"),
        ({"difficulty": 4}, "field difficulty: must be at most 3"),
        ({"difficulty": "hard"}, "field difficulty: must be a whole number"),
        ({"difficulty": 1.5}, "field difficulty: must be a whole number"),
        ({"difficulty": None}, "field difficulty: must be a whole number"),
        ({"difficulty": float("inf")}, "field difficulty: Input should be a finite number"),
        ({"key_points": "one"}, "field key_points: must be a list"),
        ({"key_points": []}, "field key_points: has too few items: at least 1"),
        ({"key_points": [{"text": "A."}] * 13}, "field key_points: has too many items: at most 12"),
        ({"key_points": [{"text": "A.", "terms": [1]}]}, "field key_points[0].terms[0]: must be text"),
        ({"awnser": "x"}, "field awnser: is not a known field"),
        ({"x" * 100: "y"}, f"field {'x' * 57}...: is not a known field"),
    ],
)
def test_a_wrong_value_is_described_in_plain_words(changes: dict[str, Any], line: str) -> None:
    assert f"\nentry 2 (pydantic), {line}" in str(refusal(entry("a"), entry("pydantic", **changes)))


def test_a_bad_id_is_told_what_an_id_looks_like() -> None:
    assert "entry 1 (What is it), field id: must be small letters" in str(refusal(entry("What is it")))


def test_a_bad_language_is_told_what_a_language_looks_like() -> None:
    assert "field language: must be a language code like en" in str(refusal(entry("a"), language="english"))


def test_another_schema_version_is_refused() -> None:
    assert "field schema_version: must be at most 1" in str(refusal(entry("a"), schema_version=2))


def test_a_bank_without_questions_is_refused() -> None:
    assert "field questions: has too few items: at least 1" in str(refusal())


def test_too_many_questions_are_refused() -> None:
    entries = [entry(f"q-{i}") for i in range(2001)]
    assert "field questions: has too many items: at most 2000" in str(refusal(*entries))


def test_a_duplicate_id_names_both_entries() -> None:
    error = refusal(entry("a"), entry("b"), entry("a"))
    assert str(error).splitlines()[1:] == ["entries 1 and 3 both have the id a"]


def test_a_duplicate_id_is_found_beside_other_problems() -> None:
    text = str(refusal(entry("a"), entry("a", difficulty=9), 5, entry("b", id=3)))
    assert "entries 1 and 2 both have the id a" in text
    assert "entry 2 (a), field difficulty: must be at most 3" in text
    assert "entry 4, field id: must be text" in text


def test_five_problems_are_all_listed() -> None:
    lines = str(refusal(*(entry(f"q-{i}", difficulty=9) for i in range(5)))).splitlines()
    assert len(lines) == 6
    assert lines[-1].startswith("entry 5 (q-4)")


def test_only_the_first_five_problems_are_listed() -> None:
    lines = str(refusal(*(entry(f"q-{i}", difficulty=9) for i in range(8)))).splitlines()
    assert len(lines) == 7
    assert lines[5].startswith("entry 5 (q-4)")
    assert lines[6] == "and 3 more"


def test_a_list_whose_items_are_all_wrong_is_not_called_too_short() -> None:
    lines = str(refusal(entry("a", key_points=[{"text": 1}]))).splitlines()
    assert lines[1:] == ["entry 1 (a), field key_points[0].text: must be text"]


def test_a_message_never_carries_the_rejected_text_nor_the_name_of_the_library() -> None:
    text = str(refusal(entry("a", background="secret " * 1000, question=3)))
    assert "secret" not in text
    assert "pydantic" not in text


def test_the_cause_of_bad_json_is_kept() -> None:
    with pytest.raises(BankError) as caught:
        parse_bank("{", name="mine.json")
    assert isinstance(caught.value.__cause__, json.JSONDecodeError)


# Picking


def ids(bank: Bank, count: int, order: Order, **options: Any) -> list[str]:
    return [q.id for q in pick(bank, count, order, **options)]


def test_listed_takes_the_first_entries_of_the_bank() -> None:
    assert ids(bank_of("c", "a", "b"), 2, Order.LISTED) == ["c", "a"]


@pytest.mark.parametrize("order", Order)
def test_asking_for_more_than_there_is_gives_every_question_once(order: Order) -> None:
    chosen = ids(bank_of("a", "b", "c"), 99, order, seed=1, due=["b", "b"], best_scores={"a": 3.0})
    assert sorted(chosen) == ["a", "b", "c"]


@pytest.mark.parametrize("count", [0, -1])
def test_less_than_one_question_is_refused(count: int) -> None:
    with pytest.raises(InputError, match=f"cannot ask {count} questions") as caught:
        pick(bank_of("a"), count, Order.LISTED)
    assert "at least one" in caught.value.hint


def test_the_same_seed_gives_the_same_random_questions() -> None:
    bank = bank_of(*"abcdefghij")
    assert ids(bank, 5, Order.RANDOM, seed=7) == ids(bank, 5, Order.RANDOM, seed=7)


def test_different_seeds_give_different_random_questions() -> None:
    bank = bank_of(*"abcdefghij")
    assert len({tuple(ids(bank, 10, Order.RANDOM, seed=seed)) for seed in range(20)}) > 10


def test_random_never_repeats_a_question() -> None:
    chosen = ids(bank_of(*"abcdefghij"), 10, Order.RANDOM)
    assert sorted(chosen) == list("abcdefghij")


def test_weakest_asks_the_never_asked_first_and_then_the_lowest_score() -> None:
    scores = {"a": 80.0, "c": 0.0, "d": 35.0, "gone": 1.0}
    assert ids(bank_of("a", "b", "c", "d", "e"), 5, Order.WEAKEST, best_scores=scores) == ["b", "e", "c", "d", "a"]


def test_weakest_keeps_the_listed_order_among_equal_scores() -> None:
    scores = {"a": 50.0, "b": 50.0, "c": 50.0}
    assert ids(bank_of("c", "a", "b"), 3, Order.WEAKEST, best_scores=scores) == ["c", "a", "b"]


def test_due_questions_come_first_in_their_own_order_and_then_the_rest() -> None:
    assert ids(bank_of("a", "b", "c", "d"), 4, Order.DUE, due=["d", "gone", "b"]) == ["d", "b", "a", "c"]


def test_an_id_that_is_due_twice_counts_where_it_comes_first() -> None:
    assert ids(bank_of("a", "b", "c"), 2, Order.DUE, due=["c", "a", "c"]) == ["c", "a"]


def test_the_neighbours_of_a_question_are_the_others_those_of_its_topic_first() -> None:
    entries = (entry("a", question="A?", topic="Far"), entry("b", question="B?"), entry("c", question="C?"))
    bank = parse_bank(json.dumps(raw_bank(*entries, entry("d", question="D?", topic="Far"))), name="memory")
    assert [n.prompt for n in neighbours(bank, bank.questions[1])] == ["C?", "A?", "D?"]
    assert {n.reference for n in neighbours(bank, bank.questions[0])} == {bank.questions[0].example_answer}


def test_a_large_bank_gives_no_more_neighbours_than_are_compared() -> None:
    bank = bank_of(*(f"q{n}" for n in range(MOST_NEIGHBOURS + 2)))
    assert len(neighbours(bank, bank.questions[0])) == MOST_NEIGHBOURS


def test_a_single_question_has_no_neighbours() -> None:
    bank = bank_of("a")
    assert neighbours(bank, bank.questions[0]) == ()
