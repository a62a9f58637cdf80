"""Statistics that several parts of the scoring benchmark tell: pure numbers, no model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

Row = dict[str, Any]
"""A part of the report, as JSON has it."""
Floats = NDArray[np.float64]

DRAWS = 400
"""Bootstrap samples; the bounds of the interval move by less than .005 from seed to seed."""


def spread(values: Sequence[float]) -> Row:
    """Return mean, 95th percentile and number of some scores. Raises ValueError for none."""
    if not len(values):
        raise ValueError("nothing was measured")
    return {"mean": float(np.mean(values)), "p95": float(np.percentile(values, 95)), "n": len(values)}


def drift(before: Sequence[float], after: Sequence[float]) -> Row:
    """Return how far scores moved: mean and 95th percentile of the absolute change, and the mean change."""
    change = np.asarray(after, dtype=np.float64) - np.asarray(before, dtype=np.float64)
    return {**spread(np.abs(change).tolist()), "signed": float(change.mean())}


def share(yes: int, of: int) -> float | None:
    """Return a share, None of nothing."""
    return yes / of if of else None


def pearson(x: Floats, y: Floats) -> float:
    """Return the correlation coefficient of two series."""
    return float(np.corrcoef(x, y)[0, 1])


def spearman(x: Floats, y: Floats) -> float:
    """Return the rank correlation; equal values share the mean of their ranks."""
    return float(spearmanr(x, y).statistic)


def pearson_95(x: Floats, y: Floats, groups: NDArray[Any]) -> tuple[float, float]:
    """Return the 95 % interval of Pearson's r: bootstrap over whole groups, always the same draws."""
    chance = np.random.default_rng(1)
    members = [np.flatnonzero(groups == g) for g in np.unique(groups)]
    drawn = []
    for _ in range(DRAWS):
        some = np.concatenate([members[i] for i in chance.integers(len(members), size=len(members))])
        drawn.append(pearson(x[some], y[some]))
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def rmse(x: Floats, y: Floats) -> float:
    """Return the root of the mean squared difference."""
    return float(np.sqrt(np.mean((x - y) ** 2)))


def rounded(value: Any, digits: int = 4) -> Any:
    """Return a report with every number cut to so many digits."""
    if isinstance(value, dict):
        return {k: rounded(v, digits) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(v, digits) for v in value]
    return round(value, digits) if isinstance(value, float) else value
