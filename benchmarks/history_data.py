"""Makes a data folder with many interviews, as ten years of daily practice would leave it, without recordings."""

from __future__ import annotations

import itertools
import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from interviewer.core import settings
from interviewer.core.bank import load_bank
from interviewer.core.marking import LABELS, LOWEST_LABEL
from interviewer.core.models import Bank
from interviewer.core.paths import DATABASE_NAME, shipped_bank
from interviewer.store import index
from interviewer.store.database import SqlStore

ANSWERS = 10
"""Of each interview."""
WORDS = (60, 140)
"""Of an answer: half a minute to a minute."""
BEGIN = datetime(2016, 1, 4, 7, 30, tzinfo=UTC)
BANKS = ("Questions for an API developer", "System design", "Behavioural questions")
RARE = 30_000
"""Words that occur once in many answers: names, jargon, what a recogniser made of a cough."""

_INSERT = {
    "sessions": "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, NULL)",
    "attempts": "INSERT INTO attempts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "transcripts": "INSERT INTO transcripts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "scores": "INSERT INTO scores VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)",
}

Row = tuple[object, ...]


class Writer:
    """Makes up interviews, the same ones each time."""

    def __init__(self) -> None:
        self._chance = random.Random(7)
        self.bank: Bank = load_bank(shipped_bank())
        texts = " ".join(f"{q.question} {q.example_answer} {q.background}" for q in self.bank.questions)
        common = sorted({word.strip(".,;:()'\"").lower() for word in texts.split()} - {""})
        self._chance.shuffle(common)
        letters = "abcdefghijklmnopqrstuvwxyz"
        rare = ("".join(self._chance.choices(letters, k=self._chance.randint(5, 10))) for _ in range(RARE))
        self.words = [*common, *rare]
        # As in any language: the second word is said half as often as the first, and so on.
        self._weights = [*itertools.accumulate(1 / (place + 10) for place in range(len(self.words)))]

    def interviews(self, count: int) -> Iterator[tuple[str, Row]]:
        """Yield rows by table, those of one interview after the other."""
        number = 0
        for nth in range(count):
            when = BEGIN + timedelta(hours=8.6 * nth)
            name = f"{when:%Y%m%d-%H%M%S}-{nth:06x}"
            chosen = self._chance.sample(self.bank.questions, ANSWERS)
            bank = self.bank.title if nth % 3 == 0 else BANKS[nth % 3]
            ids = json.dumps([q.id for q in chosen])
            end = _stored(when + timedelta(minutes=15))
            yield "sessions", (name, _stored(when), end, bank, "practice" if nth % 4 else "interview", ids)
            for place, question in enumerate(chosen):
                number += 1
                asked = (question.id, question.question, question.topic)
                yield from self._answer(number, name, place, when + timedelta(seconds=85 * place), asked)

    def _answer(
        self, number: int, session: str, place: int, when: datetime, asked: tuple[str, str, str]
    ) -> Iterator[tuple[str, Row]]:
        name = f"{session}-{place + 1:02d}-{place + 2:04d}"
        words = self._chance.choices(self.words, cum_weights=self._weights, k=self._chance.randint(*WORDS))
        typed = number % 9 == 0
        sound = (None,) * 4 if typed else (f"recordings/{session}/{name}.flac", 48_000, len(words) * 20_000, 0)
        note = f"Say {words[0]} first, then {words[-1]}." if number % 25 == 0 else ""
        moment = _stored(when)
        question, asked_as, topic = asked
        yield (
            "attempts",
            (name, session, question, place, moment, "", *sound, asked_as, topic, note, int(number % 40 == 0)),
        )
        times = [(word, round(0.43 * n, 2), round(0.43 * n + 0.36, 2), 0.93) for n, word in enumerate(words)]
        engine, model = ("typed", "") if typed else ("whisper", "base.en")
        heard = ("[]", "[]") if typed else (_json(times), _json([(0.4, 0.43 * len(words))]))
        yield "transcripts", (number, name, moment, engine, model, 0, " ".join(words), *heard)
        value = round(self._chance.triangular(5, 98, 62), 1)
        label = next((label for least, label in LABELS if value >= least), LOWEST_LABEL)
        points = [
            (f"A point about {words[n]} and {words[n + 1]}", "covered", 0.7, " ".join(words[:12]), (0, 12), True)
            for n in range(5)
        ]
        delivery = None if typed else _delivery(len(words))
        score = (number, name, number, moment, value, value - 8, value + 8, label, "Name one case.", 0)
        yield "scores", (*score, _json(points), "[]", delivery)


def make(data: Path, interviews: int) -> Writer:
    """Fill the empty folder `data` with so many interviews of ten answers; return who made them up."""
    SqlStore.open(data).close()
    settings.save(data, settings.Settings(daily_backup=False))
    writer = Writer()
    with closing(sqlite3.connect(data / DATABASE_NAME, isolation_level=None)) as db:
        db.execute("BEGIN")
        db.execute("INSERT INTO recipes (id, text) VALUES (1, '{}')")
        for table, row in writer.interviews(interviews):
            db.execute(_INSERT[table], row)
        index.make_anew(db)
        db.execute("COMMIT")
    return writer


def _delivery(words: int) -> str:
    """Return how an answer of so many words was spoken, as the store keeps it."""
    return _json(
        {
            "words": words,
            "talk_s": 0.43 * words,
            "first_word_s": 0.6,
            "pace_wpm": 139.5,
            "fillers": 2,
            "hedges": 1,
            "ambiguous": 1,
            "pauses": [],
        }
    )


def _stored(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M:%S.%f}"


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
