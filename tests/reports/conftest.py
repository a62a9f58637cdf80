from __future__ import annotations

from pathlib import Path

import pytest

from interviewer.core.models import Session
from tests.commands.conftest import run  # noqa: F401 - a fixture
from tests.reports import sessions


@pytest.fixture
def whole(tmp_path: Path) -> Session:
    """A session with recordings on the disk."""
    return sessions.session(tmp_path / "recorded")
