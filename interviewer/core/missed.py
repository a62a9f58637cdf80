"""Which key points are missed most often, over many attempts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from interviewer.core.models import Coverage
from interviewer.core.trends import STATES, Ints, Kind, Subject, Trends


@dataclass(frozen=True, slots=True)
class Lapse:
    """A key point that was judged, and how often it was not made."""

    subject: Subject
    text: str
    judged: int
    missed: int
    """Those said the wrong way round among them."""
    contradicted: int
    made_last: bool
    """Whether the newest of these answers made it."""


@dataclass(frozen=True, slots=True)
class Lapses:
    """The points that were missed most often, and how many answers are left out of the count."""

    rows: tuple[Lapse, ...]
    other_scoring: int
    """Judged by another recipe than the newest."""


def most_missed(trends: Trends, chosen: Ints, most: int) -> Lapses:
    """Return the `most` points that the chosen attempts missed most often; of equals those missed in the larger share.

    Counts what the newest recipe among them judged. Answers to follow-ups are left out: they are
    judged together with the answer before, which would count twice.
    """
    counting = np.zeros(len(trends), dtype=bool)
    counting[chosen] = trends.kind[chosen] != Kind.FOLLOW_UP
    attempts, points, states = trends.judged[:, counting[trends.judged[0]]]
    if not len(attempts):
        return Lapses((), 0)
    recipes = trends.recipe[attempts]
    newest = recipes[np.argmax(attempts)]
    other = len(np.unique(attempts[recipes != newest]))
    attempts, points, states = (column[recipes == newest] for column in (attempts, points, states))
    size = len(trends.point_texts)
    wrong = states == STATES.index(Coverage.CONTRADICTED)
    judged = np.bincount(points, minlength=size)
    contradicted = np.bincount(points[wrong], minlength=size)
    missed = contradicted + np.bincount(points[states == STATES.index(Coverage.MISSED)], minlength=size)
    last = np.full(size, -1)
    by_time = np.argsort(attempts, kind="stable")
    last[points[by_time]] = states[by_time]
    order = np.lexsort((np.arange(size), -missed / np.maximum(judged, 1), -missed))[:most]
    rows = (
        Lapse(
            trends.subjects[trends.point_texts[i][0]],
            trends.point_texts[i][1],
            int(judged[i]),
            int(missed[i]),
            int(contradicted[i]),
            bool(last[i] == STATES.index(Coverage.COVERED)),
        )
        for i in order
        if missed[i]
    )
    return Lapses(tuple(rows), other)
