"""Every text of an answer that was edited, with its score; and the way back after the program was closed."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from interviewer.core.editing import History, replace_words, replayed
from interviewer.core.errors import InputError
from interviewer.core.models import Transcript
from interviewer.store.database import SqlStore
from tests.store.values import score, session, transcript, typed


@pytest.fixture(autouse=True)
def answer(store: SqlStore) -> None:
    store.begin_session(session())
    store.add_attempt(typed("a"))


def test_every_text_comes_back_with_its_newest_score_oldest_first(store: SqlStore) -> None:
    edited, other = replace(transcript(), engine="corrected"), Transcript("Another.")
    store.add_transcript("a", transcript())
    store.add_score("a", score(40.0), None)
    store.add_score("a", score(50.0), None)
    store.add_transcript("a", edited)
    store.add_transcript("a", other)
    store.add_score("a", score(60.0), None)
    assert store.versions("a") == ((transcript(), score(50.0)), (edited, None), (other, score(60.0)))


def test_an_answer_that_is_not_written_down_has_no_text(store: SqlStore) -> None:
    assert store.versions("a") == ()


def test_texts_of_other_answers_are_not_among_them(store: SqlStore) -> None:
    store.add_attempt(typed("b"))
    store.add_transcript("b", Transcript("Another."))
    assert store.versions("a") == ()


def test_an_unknown_answer_has_no_versions(store: SqlStore) -> None:
    with pytest.raises(InputError, match="no answer"):
        store.versions("nobody")


def test_edits_undone_are_there_byte_for_byte_when_the_store_is_opened_again(store: SqlStore, data: Path) -> None:
    history = History.of(transcript(), score(40.0))
    for at, text in enumerate(("naïve", "日本", "two words")):
        history = history.edited(replace_words(history.now.transcript, at, at + 1, text), score(50.0 + at))
    steps = [*history.versions, history.undone().now, history.undone().undone().now]
    for version in steps:
        store.add_transcript("a", version.transcript)
        store.add_score("a", version.score or score(), None)
    store.close()
    with closing(SqlStore.open(data)) as again:
        found = replayed(again.versions("a"))
    assert found == history.undone().undone()
    assert [v.transcript.text.encode() for v in found.versions] == [v.transcript.text.encode() for v in steps[:4]]
