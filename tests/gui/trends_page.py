"""Answers to look back over, and the page of trends over three of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from interviewer.core.models import Coverage
from interviewer.core.settings import Appearance
from interviewer.core.trends import Gathering, TrendRow, Trends
from interviewer.gui.pages.trends import TrendsPage
from interviewer.gui.theme import Theme

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = (START.date() - datetime(1970, 1, 1, tzinfo=UTC).date()).days  # a Monday


def row(name: str, *, day: float = 0.0, **fields: object) -> TrendRow:
    at = (START + timedelta(days=day)).timestamp()
    points = (("Names Depends", Coverage.COVERED), ("Says when it runs", Coverage.MISSED))
    plain = TrendRow(
        name, "depends", "Backend", "What is Depends?", "Design", at, recipe=1, value=62.0, low=48.0, high=71.0,
        points=points, pace_wpm=140.0, fillers_per_min=3.25, hearing="whisper base.en",
    )  # fmt: skip
    return replace(plain, **fields)


def trends(*rows: TrendRow) -> Trends:
    gathering = Gathering(UTC)
    gathering.add(rows)
    return gathering.done()


THREE = (
    row("a"),
    row("b", day=2, value=20.0, question_id="async", asked="async def or def?", topic="Concurrency", pace_wpm=None),
    row("c", day=4, value=80.0, bank="Frontend", question_id="css", asked="<b>What</b> is a box?", topic="Layout"),
)


@pytest.fixture
def theme(qapp):
    return Theme(qapp, Appearance.LIGHT)


@pytest.fixture
def page(qtbot, theme, library):
    """The page alone: a whole window takes five times as long."""
    library.trends = trends(*THREE)
    made = TrendsPage(library, theme)
    qtbot.addWidget(made)
    made.resize(1180, 800)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


@pytest.fixture
def plot(qtbot, page):
    """The plot with its dots on the screen."""
    qtbot.waitUntil(lambda: page.plot.canvas is not None, timeout=20_000)
    return page.plot


@pytest.fixture
def opened(page):
    """The attempts that were asked for."""
    wanted: list[str] = []
    page.review_wanted.connect(wanted.append)
    return wanted
