"""Attempts as the trends read them, and the columns made of some."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

import numpy as np

from interviewer.core.models import Coverage
from interviewer.core.trends import Gathering, Scope, TrendRow, Trends, within

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
MADE, MISSED, WRONG = Coverage.COVERED, Coverage.MISSED, Coverage.CONTRADICTED


def row(name: str = "a", *, day: float = 0.0, **fields: object) -> TrendRow:
    at = (START + timedelta(days=day)).timestamp()
    plain = TrendRow(name, "depends", "Backend", "What is Depends?", "Design", at, recipe=1, value=62.0)
    return replace(plain, **fields)


def trends(*rows: TrendRow, zone: tzinfo = UTC) -> Trends:
    gathering = Gathering(zone)
    gathering.add(rows)
    return gathering.done()


def everything(found: Trends) -> np.ndarray:
    return within(found, Scope())
