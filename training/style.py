"""What gives a pair away without being read: what a judge must not learn.

People who invent mistakes write them a little differently, and they stay nearer to the words of
what they contradict. A bag of words that sees one line alone, and never its counterpart, tells right
lines from wrong ones with an area under the curve of about .8. Training adds that knowledge to the
judge's own before the loss is taken and leaves it out afterwards (a product of experts: Clark, Yatskar
and Zettlemoyer 2019), so that the judge gains nothing from learning it again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from interviewer.core.text import stems
from training.corpus import Topic

FOLDS = 5
SUREST = 0.85
"""Bounds what is taken for given, so that every pair still teaches something."""


def wrongness(topics: Sequence[Topic]) -> Mapping[str, float]:
    """Return for every line the probability that it is a wrong one, guessed from its words alone.

    Each line is guessed by a classifier that saw no line of its question.
    """
    spoken = [(line, wrong, i) for i, t in enumerate(topics) for line, wrong in _spoken(t)]
    formal = [(line, wrong, i) for i, t in enumerate(topics) for line, wrong in _formal(t)]
    terse = [(n.text, bool(n.wrong), i) for i, t in enumerate(topics) for n in t.notes]
    return {**_guessed(spoken), **_guessed(formal), **_guessed(terse)}


def _spoken(topic: Topic) -> list[tuple[str, bool]]:
    right = [(line, False) for p in topic.points for line in p.right]
    return right + [(line, True) for p in topic.points for line in p.wrong]


def _formal(topic: Topic) -> list[tuple[str, bool]]:
    right = [(p.text, False) for p in topic.points]
    return right + [(line, True) for p in topic.points for line in p.twins]


def _guessed(lines: Sequence[tuple[str, bool, int]]) -> dict[str, float]:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline

    texts, wrong, groups = zip(*lines, strict=True)
    words: Any = TfidfVectorizer(ngram_range=(1, 2), min_df=3, token_pattern=r"[^\s]+")
    model: Any = make_pipeline(words, LogisticRegression(C=2.0, max_iter=500, class_weight="balanced"))
    folds = GroupKFold(min(FOLDS, len(set(groups))))
    odds = cross_val_predict(model, texts, wrong, groups=groups, cv=folds, method="predict_proba")[:, 1]
    return {text: min(SUREST, max(1.0 - SUREST, float(p))) for text, p in zip(texts, odds, strict=True)}


class GivenAway:
    """Guesses whether the lines of a pair contradict each other from tone, length and shared words alone."""

    def __init__(self, guesses: Mapping[str, float]) -> None:
        self._guesses = guesses
        self._weights = np.zeros(1 + len(self._features("a", "b")))

    def learn(self, pairs: Sequence[tuple[str, str, bool]]) -> float:
        """Learn from pairs of point, stretch and whether they contradict; return the area under the curve."""
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import roc_auc_score

        rows = np.array([self._features(point, stretch) for point, stretch, _ in pairs])
        labels = np.array([opposite for *_, opposite in pairs])
        model: Any = LogisticRegression(max_iter=500).fit(rows, labels)
        self._weights = np.concatenate([model.intercept_, model.coef_[0]])
        return float(roc_auc_score(labels, rows @ self._weights[1:]))

    def __call__(self, point: str, stretch: str) -> float:
        """Return the probability that two lines contradict each other, as far as can be told unread."""
        odds = float(self._weights[0] + self._weights[1:] @ np.array(self._features(point, stretch)))
        return min(SUREST, max(1.0 - SUREST, 1.0 / (1.0 + math.exp(-odds))))

    def _features(self, point: str, stretch: str) -> tuple[float, ...]:
        first, second = (2.0 * self._guesses.get(x, 0.5) - 1.0 for x in (point, stretch))
        mine, theirs = stems(point.split()), stems(stretch.split())
        shared = len(mine & theirs) / max(1, len(mine))
        length = math.log((1 + len(stretch)) / (1 + len(point)))
        return first, second, first * second, shared, shared**2, float(point == stretch), length
