"""Circles of dead objects are looked for on the thread of the window only."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from interviewer.workers.collecting import Collector


class Circle(QObject):
    """Holds itself."""

    def __init__(self) -> None:
        super().__init__()
        self.me = self


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[Collector]:
    made = Collector()
    yield made
    made.end()


def test_no_other_thread_looks_while_it_works(collector: Collector) -> None:
    collector.begin()
    assert not gc.isenabled()
    dead = weakref.ref(Circle())

    def allocate() -> None:
        kept = [[number] for number in range(50_000)]
        assert kept

    thread = threading.Thread(target=allocate)
    thread.start()
    thread.join()
    assert dead() is not None


def test_what_is_dead_is_taken_down_in_time_on_its_own_thread(qtbot: QtBot, collector: Collector) -> None:
    collector.begin()
    threads: list[threading.Thread] = []
    dead = weakref.finalize(Circle(), lambda: threads.append(threading.current_thread()))
    kept = [[number] for number in range(2 * gc.get_threshold()[0])]
    qtbot.waitUntil(lambda: not dead.alive, timeout=30_000)
    assert kept
    assert threads == [threading.main_thread()]


def test_afterwards_it_is_left_to_python_again(collector: Collector) -> None:
    collector.begin()
    collector.end()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
