"""Notes and stars beside answers: kept, found, and gone for good."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from interviewer.core.errors import StoreError
from interviewer.store.database import SqlStore
from tests.store.answers import NOTE, found, words

# --- notes and stars -----------------------------------------------------------------------


def test_a_note_is_kept_and_found(kept: SqlStore):
    kept.set_note("d", f"Say {NOTE} first.")
    assert kept.attempt("d").note == f"Say {NOTE} first."
    assert found(kept, text=NOTE) == "d"


def test_another_note_takes_the_place_of_the_one_before(kept: SqlStore, data: Path):
    kept.set_note("d", f"Say {NOTE} first.")
    kept.set_note("d", "Say queue first.")
    assert (found(kept, text=NOTE), found(kept, text="queue")) == ("", "dc")


@pytest.mark.parametrize("after", ["", "Something else"])
def test_nothing_of_a_note_stays_in_the_file_when_it_is_taken_away(kept: SqlStore, data: Path, after: str):
    for number in range(40):
        kept.set_note("d", f"{NOTE} {number}")
        kept.set_note("c", f"Note {number}")
    assert NOTE.lower().encode() in words(data).lower()
    kept.set_note("d", after)
    assert NOTE.lower().encode() not in words(data).lower()


def test_a_star_is_kept_and_found(kept: SqlStore):
    kept.set_star("b", True)
    assert (kept.attempt("b").starred, found(kept, starred=True)) == (True, "b")
    kept.set_star("b", False)
    assert (kept.attempt("b").starred, found(kept, starred=True)) == (False, "")


@pytest.mark.parametrize(
    "mark", [lambda s: s.set_note("x", "n"), lambda s: s.set_star("x", True)], ids=["note", "star"]
)
def test_an_unknown_answer_takes_neither_note_nor_star(kept: SqlStore, mark: Callable[[SqlStore], None]):
    with pytest.raises(StoreError, match="no answer 'x'"):
        mark(kept)
