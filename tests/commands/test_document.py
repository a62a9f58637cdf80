"""The published schema is the one that documents are made by, and documents hold what a score holds."""

from __future__ import annotations

import json

import pytest

from interviewer.core.models import Coverage, FiredGate, PointResult, Score
from interviewer.core.paths import asset
from interviewer.reports.document import ScoreDocument, SessionDocument, schema_text, score_document

RECIPE = '{"version":"meaning-2","models":{"judge":"17bc"}}'
POINTS = (
    PointResult("It names Depends.", Coverage.COVERED, 0.61239, "Depends it is.", (4, 7), confirmed=True),
    PointResult("It runs per request.", Coverage.CONTRADICTED, 0.5, "Once, at the start.", (7, 11)),
)
GATES = (FiredGate("mistake", 0.7, "Check this."),)
JUDGED = Score(52.5, "Partial", POINTS, GATES, RECIPE, low=44.0, high=60.5, next_step="Say when it runs.")


def test_the_published_schema_is_up_to_date() -> None:
    assert asset("session.schema.json").read_text(encoding="utf-8") == schema_text()


def test_a_score_is_written_with_everything_it_holds() -> None:
    assert score_document(JUDGED).model_dump(mode="json") == {
        "value": 52.5,
        "low": 44.0,
        "high": 60.5,
        "label": "Partial",
        "next_step": "Say when it runs.",
        "coverage_only": False,
        "coverage": [
            {
                "key_point": "It names Depends.",
                "coverage": "covered",
                "similarity": 0.61239,
                "evidence": "Depends it is.",
                "words": [4, 7],
                "confirmed": True,
                "doubted": False,
            },
            {
                "key_point": "It runs per request.",
                "coverage": "contradicted",
                "similarity": 0.5,
                "evidence": "Once, at the start.",
                "words": [7, 11],
                "confirmed": False,
                "doubted": False,
            },
        ],
        "gates": [{"kind": "mistake", "factor": 0.7, "note": "Check this."}],
        "notes": ["Check this."],
        "recipe": {"version": "meaning-2", "models": {"judge": "17bc"}},
    }


@pytest.mark.parametrize("recipe", ["meaning-1/53aa51172d14", "", "12", '["meaning-2"]', "{half"])
def test_a_recipe_that_is_no_object_is_written_as_the_text_it_is(recipe: str) -> None:
    assert score_document(Score(1.0, "Missing", (), recipe=recipe)).recipe == recipe


def test_a_written_score_is_read_again() -> None:
    written = score_document(JUDGED)
    assert ScoreDocument.model_validate_json(written.model_dump_json()) == written


def test_a_document_of_the_first_version_still_fits() -> None:
    point = {"key_point": "It names Depends.", "coverage": "missed", "similarity": 0.1, "evidence": ""}
    score = {"value": 12.0, "label": "Little heard", "coverage": [point], "notes": ["A note."], "recipe": "meaning-1/5"}
    answer = {
        "id": "s1-01-0002", "question_id": "depends", "question": "", "position": 0, "created": "2026-01-02T03:04:05Z",
        "follow_up": "", "clip": None, "transcript": None, "score": score, "delivery": None,
    }  # fmt: skip
    document = {
        "schema_version": 1, "id": "s1", "created": "2026-01-02T03:04:05Z", "finished": None, "bank": "A bank",
        "mode": "practice", "questions": ["depends"], "attempts": [answer],
    }  # fmt: skip
    (read,) = SessionDocument.model_validate_json(json.dumps(document)).attempts
    assert read.score == ScoreDocument.model_validate(score)
    assert (read.score.low, read.score.gates, read.score.coverage[0].words) == (None, (), (0, 0))
