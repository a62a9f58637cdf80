"""What was removed, in words."""

from __future__ import annotations

import pytest

from interviewer.core.removal import Removed, count_words

ONE = Removed(("monday",), ("a1",), ("recordings/monday/a1.wav",), 1_500_000)


@pytest.mark.parametrize(
    ("removed", "told"),
    [
        (Removed(), "Nothing was removed."),
        (ONE, "Removed: 1 interview, 1 answer and 1 file (2 MB)."),
        (Removed(attempts=("a1", "a2")), "Removed: 2 answers."),
        (Removed(attempts=("a1",), files=("x", "y"), size_bytes=4_000), "Removed: 1 answer and 2 files (4 kB)."),
        (Removed(left=("notes.txt",)), "Nothing was removed. Still there: 1 file."),
        (Removed(sessions=("m", "t"), left=("x", "y")), "Removed: 2 interviews. Still there: 2 files."),
    ],
)
def test_what_was_removed_is_told_in_words(removed: Removed, told: str):
    assert removed.told() == told


def test_two_removals_add_up():
    more = Removed(("tuesday",), ("b1",), ("x",), 5, ("y",))
    assert ONE + more == Removed(
        ("monday", "tuesday"), ("a1", "b1"), ("recordings/monday/a1.wav", "x"), 1_500_005, ("y",)
    )


def test_nothing_adds_nothing():
    assert ONE + Removed() == Removed() + ONE == ONE


def test_one_is_counted_in_the_singular():
    assert (count_words(1, "file"), count_words(0, "file"), count_words(2, "file")) == ("1 file", "0 files", "2 files")
