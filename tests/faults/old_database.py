"""Makes a database as the first version of the program left it, with enough in it that migrating takes a while."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from interviewer.core.paths import DATABASE_NAME
from interviewer.store.connection import connect
from interviewer.store.schema import upgrade

SESSION = ("old", "2026-03-01 09:30:15.123456", None, "Backend engineer", "practice", '["depends"]')
ATTEMPT = "INSERT INTO attempts VALUES (?, 'old', 'depends', 0, ?, '', NULL, NULL, NULL, NULL)"
TEXT = "INSERT INTO transcripts VALUES (?, ?, '2026-03-01 09:31:00.000000', 'typed', '', 0, ?, '[]', '[]')"
SCORE = "INSERT INTO scores VALUES (?, ?, ?, '2026-03-01 09:32:00.000000', ?, 'Solid', ?, ?, '[]', NULL)"
POINTS = '[["Names Depends","covered",0.81,"It injects."],["Says when it runs","missed",0.12,""]]'


def make(data: Path, answers: int) -> None:
    """Write the database of revision 0001 into the empty folder `data`: so many scored answers."""
    data.mkdir(parents=True, exist_ok=True)
    path = data / DATABASE_NAME
    engine = connect(path, busy_s=1)
    upgrade(engine, path, target="0001")
    engine.dispose()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?)", SESSION)
        for number in range(1, answers + 1):
            name = f"old-{number}"
            db.execute(ATTEMPT, (name, f"2026-03-01 09:{number // 60 % 60:02}:{number % 60:02}.{number:06}"))
            db.execute(TEXT, (number, name, f"Old answer {number}. " + "It injects. " * 20))
            db.execute(SCORE, (number, name, number, float(number % 100), f"meaning-1/{number % 7}", POINTS))


def missing(path: Path, answers: int) -> int:
    """Return how many of the old answers are not in the database, whole and once."""
    sql = (
        "SELECT count(*) FROM (SELECT attempts.id FROM attempts"
        " JOIN transcripts ON transcripts.attempt_id = attempts.id"
        " JOIN scores ON scores.transcript_id = transcripts.id"
        " WHERE attempts.session_id = 'old' AND transcripts.text LIKE 'Old answer ' || substr(attempts.id, 5) || '.%'"
        " AND scores.value = substr(attempts.id, 5) % 100 GROUP BY attempts.id HAVING count(*) = 1)"
    )
    with closing(sqlite3.connect(path)) as db:
        return answers - int(db.execute(sql).fetchone()[0])
