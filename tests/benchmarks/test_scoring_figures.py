"""The statistics of the scoring benchmark, on numbers whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.scoring_figures import drift, pearson_95, rmse, rounded, share, spearman, spread
from interviewer.calibrate import held_out

GROUPS = np.repeat(np.arange(20), 10)


def test_a_rising_curve_is_learned_from_the_other_groups() -> None:
    x = np.random.default_rng(1).uniform(0, 100, 200)
    y = (x / 100) ** 2
    assert rmse(held_out(x, y, GROUPS), y) < 0.02


def test_a_group_is_predicted_without_its_own_grades() -> None:
    x = np.tile(np.arange(10.0), 20)
    y = np.tile(np.arange(10.0), 20) / 10
    odd = GROUPS == 7
    before = held_out(x, y, GROUPS)[odd]
    spoiled = np.where(odd, 5.0, y)
    assert held_out(x, spoiled, GROUPS)[odd].tolist() == before.tolist()


def test_predictions_never_fall_where_the_score_rises() -> None:
    chance = np.random.default_rng(2)
    x, y = chance.uniform(size=200), chance.uniform(size=200)
    groups = np.arange(200) % 2
    predicted = held_out(x, y, groups, folds=2)
    for group in (0, 1):  # each is predicted by one curve
        inside = groups == group
        assert np.diff(predicted[inside][np.argsort(x[inside])]).min() >= 0.0


def test_fewer_groups_than_folds_are_refused() -> None:
    with pytest.raises(ValueError, match="splits"):
        held_out(np.arange(6.0), np.arange(6.0), np.repeat([0, 1, 2], 2))


def test_ranks_agree_whatever_the_curve() -> None:
    x = np.array([1.0, 2.0, 3.0, 10.0])
    assert spearman(x, x**3) == pytest.approx(1.0)


def test_equal_values_share_a_rank() -> None:
    assert spearman(np.array([1.0, 1.0, 2.0]), np.array([1.0, 2.0, 3.0])) == pytest.approx(0.866, abs=0.001)


def test_the_interval_holds_the_correlation() -> None:
    chance = np.random.default_rng(3)
    x = chance.normal(size=200)
    y = x + chance.normal(size=200)
    low, high = pearson_95(x, y, GROUPS)
    assert low < np.corrcoef(x, y)[0, 1] < high


def test_the_interval_is_the_same_each_time() -> None:
    x = np.random.default_rng(4).normal(size=200)
    y = x**2
    assert pearson_95(x, y, GROUPS) == pearson_95(x, y, GROUPS)


def test_drift_counts_both_directions_and_tells_their_sum() -> None:
    moved = drift([50.0, 50.0], [60.0, 40.0])
    assert (moved["mean"], moved["signed"]) == (10.0, 0.0)


def test_a_spread_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        spread([])


def test_a_share_of_nothing_is_unknown() -> None:
    assert share(0, 0) is None


def test_a_report_is_rounded_to_its_depths() -> None:
    assert rounded({"a": [0.123456, {"b": 1}], "c": "x", "d": None}) == {"a": [0.1235, {"b": 1}], "c": "x", "d": None}
