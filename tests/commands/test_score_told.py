"""How a score is told on the terminal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from interviewer import cli, sessions
from interviewer.core.models import Attempt, Coverage, FiredGate, Mode, PointResult, Score, Session

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

POINTS = (
    PointResult(
        "Models declare shape.", Coverage.COVERED, 0.6, "They say what data looks like.", (0, 6), confirmed=True
    ),
    PointResult("Errors say where.", Coverage.CONTRADICTED, 0.5, "Errors never say where.", (6, 10)),
    PointResult("Types are converted.", Coverage.MISSED, 0.1, ""),
)
JUDGED = Score(
    42.0,
    "Partial",
    POINTS,
    (FiredGate("keywords", 0.9, "Check this."),),
    low=31.0,
    high=48.0,
    next_step="For Solid: say that types are converted.",
)


def told(score: Score, capsys: pytest.CaptureFixture[str]) -> list[str]:
    cli._print_score(score)
    return capsys.readouterr().out.splitlines()


def test_a_score_is_told_with_its_range_its_next_step_and_its_gates(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(JUDGED, capsys)[:3] == [
        "Score about 40 of 100, between 30 and 50: Partial",
        "  For Solid: say that types are converted.",
        "  Check this.",
    ]


def test_the_states_of_the_points_stand_in_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(JUDGED, capsys)[3:] == [
        "  said                 Models declare shape.",
        "                       You said: “They say what data looks like.”",
        "  the wrong way round  Errors say where.",
        "                       You said: “Errors never say where.”",
        "  missed               Types are converted.",
    ]


def test_without_a_right_answer_no_number_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    first, second, *_ = told(Score(33.3, "Thin", POINTS, next_step="x", coverage_only=True), capsys)
    assert first == "1 of 3 points mentioned, 1 the wrong way round"
    assert "no single right answer" in second


def test_a_score_without_points_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(Score(0.0, "Missing", ()), capsys) == ["Score about 0 of 100: Missing"]


def test_what_has_no_right_answer_does_not_count_in_the_mean_of_a_session() -> None:
    scores = (replace(JUDGED, value=80.0), replace(JUDGED, coverage_only=True))
    attempts = tuple(Attempt(f"a{n}", "s1", "pydantic", n, NOON, score=s) for n, s in enumerate(scores))
    kept = Session("s1", NOON, "A bank", Mode.PRACTICE, ("pydantic",), attempts=attempts)
    assert sessions._summary(kept)["mean_score"] == 80.0
