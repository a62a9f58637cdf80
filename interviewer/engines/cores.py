"""How many processor cores the models take."""

from __future__ import annotations

import os

MOST_CORES = 8
"""Words are decoded one after the other, each a small product: more threads wait for one another and for memory."""


def cores_to_use() -> int:
    """Return how many cores to work on: what this process may use, but one for the window, and at most MOST_CORES."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(max(1, usable - 1), MOST_CORES)
