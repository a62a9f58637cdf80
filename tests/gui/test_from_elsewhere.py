"""The history says of which answers and interviews nobody knows whose they are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from interviewer.core.models import Mode
from interviewer.core.search import Lines, Listed, SessionLine
from interviewer.gui.widgets.found_answers import second_line
from interviewer.gui.widgets.history_lists import LinesModel
from interviewer.gui.widgets.session_models import SECOND_LINE

NOW = datetime(2026, 6, 4, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("elsewhere", [True, False])
def test_an_answer_from_elsewhere_says_so(elsewhere: bool) -> None:
    words = second_line(Listed(1, "a", "s", "depends", NOW, "Bank", elsewhere=elsewhere))
    assert ("from elsewhere" in words.split(" · ")) is elsewhere


@pytest.mark.parametrize("elsewhere", [True, False])
def test_an_interview_from_elsewhere_says_so(qapp, elsewhere: bool) -> None:
    model = LinesModel()
    row = SessionLine(1, "s", NOW, "Bank", Mode.PRACTICE, finished=True, answers=4, elsewhere=elsewhere)
    model.show_lines(Lines((1,), (row,)))
    words = model.index(model.lead).data(SECOND_LINE)
    assert ("from elsewhere" in words.split(" · ")) is elsewhere
