"""The text so far, while somebody speaks."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from interviewer.gui.widgets.live_text import MOST_CHARS, WAITING, LiveText, tail


def test_a_text_that_goes_on_is_marked_as_open(qtbot: QtBot) -> None:
    live = LiveText()
    qtbot.addWidget(live)
    live.show_text("Depends declares what a handler needs.")
    assert live.words.text() == "Depends declares what a handler needs. …"


def test_before_the_first_words_it_says_what_will_come(qtbot: QtBot) -> None:
    live = LiveText()
    qtbot.addWidget(live)
    live.show_text("Something")
    live.clear()
    assert live.words.text() == WAITING


def test_only_the_end_of_a_long_text_is_shown_from_a_whole_word_on() -> None:
    text = " ".join(f"word{n}" for n in range(200))
    shown = tail(text)
    assert len(shown) <= MOST_CHARS + 2
    assert shown.startswith("… word")
    assert text.endswith(shown.removeprefix("… "))


def test_a_short_text_is_shown_whole() -> None:
    assert tail("short") == "short"


def test_a_word_longer_than_the_place_is_cut() -> None:
    assert tail("x" * 300) == "… " + "x" * MOST_CHARS
