"""The history over two interviews, and what its list of answers holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from interviewer.gui.widgets.session_models import VALUE
from tests.gui.fakes import NOW, session

EARLIER = session("20260601-183000-def456", when=NOW - timedelta(days=3))
EARLIER = replace(EARLIER, attempts=tuple(replace(a, id=f"earlier-{a.position}") for a in EARLIER.attempts))


def listed(page) -> list[str]:
    """What the list of answers holds, by id; everything in it has to have been read."""
    model = page.attempts.model()
    return [model.index(row).data(VALUE).attempt_id for row in range(model.rowCount())]


def read(qtbot, page) -> None:
    model = page.attempts.model()
    qtbot.waitUntil(lambda: all(model.index(i).data(VALUE) for i in range(model.rowCount())), timeout=2000)


@pytest.fixture
def history(qtbot, window, library):
    """The page over two interviews of four answers, the newest answer chosen."""
    library.sessions = (session(), EARLIER)
    window.open_history()
    page = window.shelf.history
    qtbot.waitUntil(page.open.isEnabled, timeout=2000)
    return page
