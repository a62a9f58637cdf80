"""The time of day, as something that can be handed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns now, with its zone."""


def utc_now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)
