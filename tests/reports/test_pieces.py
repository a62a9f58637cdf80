"""The words of a report are those of the text, whatever the recogniser calls a word."""

from __future__ import annotations

from dataclasses import replace

from interviewer.core.models import Coverage, Pause, PointResult, Session, Transcript, Word
from interviewer.reports.page import page
from interviewer.reports.pieces import Piece, pieces
from tests.reports.sessions import nobody

CUT = ("So", "it", "is", "real", "-time", "in", "Node", ".js.")
"""As Whisper cuts them: what begins with a sign is a word of its own."""


def cut() -> Transcript:
    words = tuple(Word(text, i * 0.5, i * 0.5 + 0.4, 0.9) for i, text in enumerate(CUT))
    return Transcript("So it is real-time in Node.js.", words, engine="whisper")


def test_a_word_that_was_cut_in_two_is_one_piece_with_its_tone() -> None:
    point = PointResult("It is real-time", Coverage.COVERED, 0.9, "is real-time", (2, 4))
    made = pieces(cut(), (Pause(2.4, 2.5),), (point,))
    assert [(piece.text, piece.tone) for piece in made if not piece.kind] == [
        ("So", ""), ("it", ""), ("is", "good"), ("real-time", "good"), ("in", ""), ("Node.js.", ""),
    ]  # fmt: skip
    assert made[3:5] == (Piece("real-time", "", "good", 1.5, 2.4), Piece("[0.1 s]", "pause", "", 2.4, 2.5))


def test_the_page_has_the_text_as_it_is(whole: Session) -> None:
    said = replace(whole.attempts[0], transcript=cut(), score=None, delivery=None)
    text, _ = page(replace(whole, attempts=(said,)), nobody, audio=True)
    assert ">real-time</i>" in text
    assert ">Node.js.</i>" in text
