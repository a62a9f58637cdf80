"""The door through which engines call back."""

from __future__ import annotations

import threading

import pytest

from interviewer.engines.gate import Gate
from tests.engines.listening import Events


def test_an_open_gate_lets_a_callback_through(events: Events) -> None:
    assert Gate().tell(events.note, "told", 3)
    assert events.seen == [("told", 3)]


def test_a_shut_gate_lets_nothing_through(events: Events) -> None:
    gate = Gate()
    gate.shut()

    assert not gate.tell(events.note, "told")
    assert not gate.tell_last(events.note, "told")
    assert events.seen == []


def test_after_the_last_callback_the_gate_is_shut(events: Events) -> None:
    gate = Gate()
    gate.tell_last(events.note, "last")
    gate.tell(events.note, "later")

    assert events.names() == ["last"]
    assert not gate.is_open


def test_a_callback_may_shut_its_own_gate() -> None:
    gate = Gate()

    assert gate.tell(gate.shut)
    assert not gate.is_open


def test_shut_waits_for_a_callback_that_is_running(events: Events) -> None:
    gate = Gate()
    entered, leave = threading.Event(), threading.Event()

    def slow() -> None:
        entered.set()
        assert leave.wait(5)
        events.note("callback over")

    def shut() -> None:
        gate.shut()
        events.note("shut")

    teller = threading.Thread(target=gate.tell, args=(slow,))
    teller.start()
    assert entered.wait(5)
    shutter = threading.Thread(target=shut)
    shutter.start()
    leave.set()
    teller.join(5)
    shutter.join(5)

    assert events.names() == ["callback over", "shut"]


def test_a_callback_that_raises_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def clumsy() -> None:
        raise RuntimeError("clumsy")

    assert Gate().tell(clumsy)
    assert "clumsy" in caplog.text
