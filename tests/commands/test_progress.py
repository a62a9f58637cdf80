"""How far a batch is, told on a terminal and elsewhere."""

from __future__ import annotations

import io

import pytest

from interviewer.progress import ERASE, Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture(autouse=True)
def width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")


def work(progress: Progress, clock: Clock, name: str, sound_s: float, took_s: float, *, done: bool = True) -> None:
    progress.begin(name, sound_s)
    clock.now_s += took_s
    progress.end(done=done)


def drawn(stream: io.StringIO) -> list[str]:
    return [part for part in stream.getvalue().split(ERASE) if part]


def test_elsewhere_each_piece_that_is_done_is_a_line() -> None:
    stream, clock = io.StringIO(), Clock()
    progress = Progress(stream, clock=clock)
    progress.plan(2, 90.0)
    work(progress, clock, "a.wav", 30.0, 100.0)
    work(progress, clock, "b.wav", 60.0, 100.0)
    assert stream.getvalue() == "1 of 2: a.wav, about 3 minutes left\n2 of 2: b.wav\n"


def test_after_the_last_piece_nothing_is_left() -> None:
    stream, clock = io.StringIO(), Clock()
    progress = Progress(stream, clock=clock)
    progress.plan(3, 0.1 + 0.2 + 0.3)
    for sound_s in (0.3, 0.1, 0.2):
        work(progress, clock, "a.wav", sound_s, 10.0)
    assert stream.getvalue().endswith("3 of 3: a.wav\n")


def test_a_piece_that_failed_tells_nothing_about_the_rest() -> None:
    stream, clock = io.StringIO(), Clock()
    progress = Progress(stream, clock=clock)
    progress.plan(3, 90.0)
    work(progress, clock, "a.wav", 30.0, 0.0, done=False)
    work(progress, clock, "b.wav", 30.0, 120.0)
    assert stream.getvalue() == "2 of 3: b.wav, about 2 minutes left\n"


def test_on_a_terminal_one_line_changes() -> None:
    stream, clock = Terminal(), Clock()
    progress = Progress(stream, clock=clock)
    progress.plan(2, 60.0)
    work(progress, clock, "a.wav", 30.0, 90.0)
    progress.begin("b.wav", 30.0)
    progress.clear()
    assert drawn(stream) == ["1 of 2: a.wav", "2 of 2, about 2 minutes left: b.wav"]
    assert stream.getvalue().endswith(ERASE)


def test_on_a_terminal_how_far_a_piece_is_comes_not_too_often() -> None:
    stream, clock = Terminal(), Clock()
    progress = Progress(stream, clock=clock)
    progress.plan(1, 30.0)
    progress.begin("a.wav", 30.0)
    for step in range(100):
        clock.now_s += 0.01
        progress.within(step / 100)
    assert 4 <= len(drawn(stream)) <= 6
    assert drawn(stream)[1].startswith("1 of 1, ")


def test_a_long_name_is_cut_where_it_says_least() -> None:
    stream = Terminal()
    progress = Progress(stream, clock=Clock())
    progress.plan(1, 30.0)
    progress.begin("folder/" * 20 + "answer.wav", 30.0)
    assert drawn(stream)[0].endswith("/folder/answer.wav")
    assert len(drawn(stream)[0]) == 49


def test_what_else_is_said_stands_on_a_line_of_its_own() -> None:
    stream = Terminal()
    progress = Progress(stream, clock=Clock())
    progress.plan(1, 30.0)
    progress.begin("a.wav", 30.0)
    progress.say("Something else.")
    assert stream.getvalue() == f"{ERASE}1 of 1: a.wav{ERASE}Something else.\n"


def test_how_far_it_is_between_two_pieces_is_not_drawn() -> None:
    stream = Terminal()
    progress = Progress(stream, clock=Clock())
    progress.within(0.5)
    assert stream.getvalue() == ""
