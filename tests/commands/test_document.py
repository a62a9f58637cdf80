"""The published schema is the one that documents are made by."""

from __future__ import annotations

from interviewer.core.paths import asset
from interviewer.reports.document import schema_text


def test_the_published_schema_is_up_to_date() -> None:
    assert asset("session.schema.json").read_text(encoding="utf-8") == schema_text()
