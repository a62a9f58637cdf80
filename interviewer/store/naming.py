"""Fills in how the questions of answers were asked that were kept before that was noted, from a bank that is open."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping

from interviewer.store import index

# Of this bank alone: questions of two banks may share an id.
_UNNAMED = """
    SELECT attempts.id, attempts.question_id
    FROM history JOIN attempts ON attempts.id = history.attempt_id
    WHERE history.bank = ? AND history.topic = '' AND attempts.topic = '' AND attempts.asked = ''
        AND history.question_id IN (SELECT value FROM json_each(?))
    ORDER BY history.id DESC LIMIT ?
"""


def name_questions(db: sqlite3.Connection, bank: str, known: Mapping[str, tuple[str, str]], most: int) -> int:
    """Fill in question and topic, as `known` by its id, of the newest answers that lack both; return of how many.

    At most of `most` answers, and only in interviews of the bank with this title. The index is kept
    in step. Where nothing is to be done its rows are read once.
    """
    found = db.execute(_UNNAMED, (bank, json.dumps([*known]), most)).fetchall()
    for attempt_id, question_id in found:
        with index.in_step(db, attempt_id):
            asked = known[question_id]
            db.execute("UPDATE attempts SET asked = ?, topic = ? WHERE id = ?", (*asked, attempt_id))
    return len(found)
