"""A lane: one thread for work that blocks, results on the GUI thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from interviewer.core.errors import InterviewerError, StoreError
from interviewer.workers.lanes import Lane

WAIT_S = 10.0
WAIT_MS = 10_000


@pytest.fixture
def lane(qtbot: QtBot) -> Iterator[Lane]:
    lane = Lane("test")
    yield lane
    assert lane.close(WAIT_S)


def test_the_result_is_handed_over(qtbot: QtBot, lane: Lane) -> None:
    results: list[int] = []
    lane.run(divmod, 7, 2, done=results.append)
    qtbot.waitUntil(lambda: results == [(3, 1)], timeout=WAIT_MS)


def test_the_work_is_done_on_another_thread_and_the_result_arrives_on_this_one(qtbot: QtBot, lane: Lane) -> None:
    threads: list[int] = []

    def work() -> None:
        threads.append(threading.get_ident())

    def done(_: None) -> None:
        threads.append(threading.get_ident())

    lane.run(work, done=done)
    qtbot.waitUntil(lambda: len(threads) == 2, timeout=WAIT_MS)
    assert threads[0] != threads[1] == threading.get_ident()


def test_work_is_done_in_the_order_it_was_given(qtbot: QtBot, lane: Lane) -> None:
    order: list[int] = []
    for number in range(50):
        lane.run(order.append, number)
    finished = threading.Event()
    lane.run(finished.set)
    assert finished.wait(WAIT_S)
    assert order == list(range(50))


def test_an_error_for_the_user_arrives_as_it_is(qtbot: QtBot, lane: Lane) -> None:
    full = StoreError("The disk is full", hint="Free some space.")

    def work() -> None:
        raise full

    errors: list[InterviewerError] = []
    lane.run(work, failed=errors.append)
    qtbot.waitUntil(lambda: errors == [full], timeout=WAIT_MS)


def test_any_other_error_is_logged_and_arrives_as_one_for_the_user(
    qtbot: QtBot, lane: Lane, caplog: pytest.LogCaptureFixture
) -> None:
    errors: list[InterviewerError] = []
    lane.run({}.__getitem__, "absent", failed=errors.append)
    qtbot.waitUntil(lambda: bool(errors), timeout=WAIT_MS)
    assert type(errors[0]) is InterviewerError
    assert "KeyError" in str(errors[0])
    assert "KeyError: 'absent'" in caplog.text


def test_an_error_that_nobody_asked_for_is_logged(qtbot: QtBot, lane: Lane, caplog: pytest.LogCaptureFixture) -> None:
    def work() -> None:
        raise StoreError("The disk is full")

    with caplog.at_level(logging.ERROR):
        lane.run(work)
        assert lane.close(WAIT_S)
    assert "The disk is full" in caplog.text


def test_a_lane_goes_on_after_an_error(qtbot: QtBot, lane: Lane) -> None:
    results: list[int] = []
    lane.run(int, "no number", failed=lambda _: None)
    lane.run(int, "7", done=results.append)
    qtbot.waitUntil(lambda: results == [7], timeout=WAIT_MS)


def test_closing_finishes_what_was_given(qtbot: QtBot, lane: Lane) -> None:
    order: list[int] = []
    for number in range(100):
        lane.run(order.append, number)
    assert lane.close(WAIT_S)
    assert order == list(range(100))


def test_after_closing_nothing_arrives_and_nothing_is_done(
    qtbot: QtBot, lane: Lane, caplog: pytest.LogCaptureFixture
) -> None:
    arrived: list[int] = []
    lane.run(int, "7", done=arrived.append)
    lane.close(WAIT_S)
    lane.run(arrived.append, 8)
    qtbot.wait(1)  # lets what is queued arrive
    assert arrived == []
    assert "after it was closed" in caplog.text


def test_closing_does_not_wait_for_ever_for_work_that_hangs(qtbot: QtBot) -> None:
    release = threading.Event()
    lane = Lane("hanging")
    lane.run(release.wait)
    assert not lane.close(0.01)
    release.set()
    assert lane.close(WAIT_S)


def test_another_lane_can_wait_for_an_answer(qtbot: QtBot, lane: Lane) -> None:
    other, answers = Lane("other"), []
    other.run(lane.wait_for, divmod, 7, 2, done=answers.append)
    qtbot.waitUntil(lambda: answers == [(3, 1)], timeout=WAIT_MS)
    assert other.close(WAIT_S)


def test_what_another_lane_waits_for_is_done_on_this_one(qtbot: QtBot, lane: Lane) -> None:
    threads: list[int] = []
    other = Lane("other")
    lane.run(threading.get_ident, done=threads.append)
    other.run(lane.wait_for, threading.get_ident, done=threads.append)
    qtbot.waitUntil(lambda: len(threads) == 2, timeout=WAIT_MS)
    assert threads[0] == threads[1]
    assert other.close(WAIT_S)


def test_an_error_reaches_who_waits_for_the_answer(qtbot: QtBot, lane: Lane) -> None:
    full = StoreError("The disk is full", hint="Free some space.")

    def work() -> None:
        raise full

    errors: list[InterviewerError] = []
    other = Lane("other")
    other.run(lane.wait_for, work, failed=errors.append)
    qtbot.waitUntil(lambda: errors == [full], timeout=WAIT_MS)
    assert other.close(WAIT_S)


def test_nobody_waits_for_a_lane_that_was_closed(qtbot: QtBot) -> None:
    lane = Lane("closed")
    assert lane.close(WAIT_S)
    with pytest.raises(InterviewerError, match="closing"):
        lane.wait_for(int, "7")
