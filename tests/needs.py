"""What some tests need and not every machine has: where it lacks they are skipped, and continuous integration fails."""

from __future__ import annotations

import os

import pytest

NOTHING_MAY_LACK = "NOTHING_MAY_LACK"
"""The variable with which `.ci/run` says that it has installed all of it; then a test that would be skipped runs."""


def needs(there: object, what: str) -> pytest.MarkDecorator:
    """Return the mark of tests that need something, such as "pandas", which is there or not."""
    return pytest.mark.skipif(not there and not may_not_lack(), reason=f"{what} is not installed")


def may_not_lack() -> bool:
    """Say whether a test fails, rather than be skipped, without what it needs."""
    return bool(os.environ.get(NOTHING_MAY_LACK))
