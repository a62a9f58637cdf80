"""How times in a recording are written."""

from __future__ import annotations


def clock(seconds: float) -> str:
    """Return seconds as minutes and seconds: 65.7 is "1:05"."""
    whole = max(0, int(seconds))
    return f"{whole // 60}:{whole % 60:02d}"
