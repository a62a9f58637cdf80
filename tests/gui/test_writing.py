"""Words of any direction in the lines of the window."""

from __future__ import annotations

import pytest

from interviewer.core.models import Pause, Transcript, Word
from interviewer.gui.passages import passages
from interviewer.gui.writing import is_right_to_left, quoting

ARABIC = "أستخدم الدالة."


@pytest.mark.parametrize("text", ["It blocks.", "1.4 s", ""])
def test_quotations_from_left_to_right_stay_as_they_are(text: str) -> None:
    assert not is_right_to_left(text)
    assert quoting(f"You said: “{text}”") == f"You said: “{text}”"


def test_quotations_from_right_to_left_are_kept_apart() -> None:
    assert quoting(f"“{ARABIC}” and “{ARABIC}”") == f"“\u2068{ARABIC}\u2069” and “\u2068{ARABIC}\u2069”"


def test_a_pause_reads_from_left_to_right_among_words_that_do_not() -> None:
    words = (Word("أستخدم", 0.0, 0.4, 1.0), Word("الدالة.", 2.0, 2.4, 1.0))
    assert passages(Transcript(ARABIC, words), (Pause(0.5, 2.0),))[1].text == "\u2066[1.5 s]\u2069"
