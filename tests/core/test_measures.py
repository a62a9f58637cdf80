"""A number, its band and the advice beside it never say different things."""

from __future__ import annotations

from dataclasses import replace

import pytest

from interviewer.core.delivery import Band
from interviewer.core.heard import Edges
from interviewer.core.measures import judged_fillers, judged_length, judged_pace, judged_pauses
from interviewer.core.models import Delivery, Pause
from interviewer.gui.measures import measures as in_the_window
from interviewer.reports.measures import measures as in_a_report

SAID = Delivery(100, 60.0, 1.0, 140.0, 3, 0, 0, (Pause(5.0, 6.2),))


@pytest.mark.parametrize(
    ("pace", "words", "band"),
    [
        (119.7, "120 words a minute", Band.GREEN),
        (119.4, "119 words a minute", Band.AMBER),
        (160.4, "160 words a minute", Band.GREEN),
        (99.6, "100 words a minute", Band.AMBER),
        (180.4, "180 words a minute", Band.AMBER),
    ],
)
def test_a_pace_is_judged_as_it_is_read(pace: float, words: str, band: Band) -> None:
    found = judged_pace(replace(SAID, pace_wpm=pace))
    assert (found.words, found.band) == (words, band)


@pytest.mark.parametrize(
    ("count", "talk_s", "words", "band"),
    [
        (4, 46.0, "at least 5 a minute", Band.GREEN),
        (11, 57.0, "at least 12 a minute", Band.RED),
        (6, 65.0, "at least 6 a minute", Band.AMBER),
    ],
)
def test_fillers_are_judged_as_they_are_read(count: int, talk_s: float, words: str, band: Band) -> None:
    found = judged_fillers(replace(SAID, fillers=count, talk_s=talk_s))
    assert (found.words, found.band) == (words, band)


@pytest.mark.parametrize(
    ("pause", "words", "band"),
    [
        (Pause(1.0, 3.46), "1 counted, 1 long", Band.RED),
        (Pause(1.0, 3.44), "1 counted, 0 long", Band.AMBER),
    ],
)
def test_a_pause_is_long_as_it_is_read(pause: Pause, words: str, band: Band) -> None:
    found = judged_pauses(replace(SAID, pauses=(pause,)))
    assert (found.words, found.band) == (words, band)


@pytest.mark.parametrize(
    ("talk_s", "words", "band"),
    [
        (59.9, "0:59 of talk", Band.AMBER),
        (120.9, "2:00 of talk", Band.GREEN),
        (180.9, "3:00 of talk", Band.AMBER),
        (29.9, "0:29 of talk", Band.RED),
    ],
)
def test_a_length_is_judged_as_it_is_read(talk_s: float, words: str, band: Band) -> None:
    found = judged_length(replace(SAID, talk_s=talk_s))
    assert (found.words, found.band) == (words, band)


@pytest.mark.parametrize(
    "delivery",
    [SAID, replace(SAID, pace_wpm=119.7, fillers=5, talk_s=58.0), replace(SAID, pauses=(), edges=Edges.WORDS)],
    ids=["plain", "at the edges", "without silences"],
)
def test_a_report_says_what_the_window_says(delivery: Delivery) -> None:
    shown = {None: "", Band.GREEN: "In range", Band.AMBER: "A little off", Band.RED: "Well outside"}
    written, seen = in_a_report(delivery), in_the_window(delivery)[:4]
    assert [(m.name, m.band, m.advice) for m in written] == [(m.name, shown[m.band], m.advice) for m in seen]
    for one, other in zip(written, seen, strict=True):
        assert one.value.replace(";", ",").split(",")[0].split(" (")[0] == other.value.split(",")[0]


def test_where_no_pause_can_be_known_a_report_does_not_say_that_there_was_none() -> None:
    pauses = in_a_report(replace(SAID, pauses=(), edges=Edges.WORDS))[2]
    assert (pauses.value, pauses.band, pauses.tone) == ("not known", "", "muted")


def test_a_report_tells_more_of_each_measure() -> None:
    assert [m.value for m in in_a_report(SAID)] == [
        "140 words a minute",
        "at least 3 a minute (3 in all)",
        "1 counted, 0 long; the longest 1.2 s",
        "1:00 of talk, begun after 1.0 s",
    ]
    assert in_a_report(replace(SAID, talk_s=2.0, pace_wpm=None))[1].value == "too little talk to tell"
