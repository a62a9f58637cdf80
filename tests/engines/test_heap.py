"""Memory that is given back."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from interviewer.engines import heap


@pytest.fixture(autouse=True)
def looked_up_anew() -> Iterator[None]:
    heap._library.cache_clear()
    yield
    heap._library.cache_clear()


def test_free_memory_is_given_back_where_the_library_can(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[int] = []
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda name: SimpleNamespace(malloc_trim=kept.append))
    heap.trim()
    assert kept == [0]


def test_few_heaps_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: dict[int, int] = {}
    library = SimpleNamespace(malloc_trim=None, mallopt=chosen.__setitem__)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda name: library)
    heap.settle()
    assert chosen == {-8: 2}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the GNU C library's own way")
def test_the_real_library_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = []
    real = ctypes.CDLL("libc.so.6").mallopt
    library = SimpleNamespace(malloc_trim=None, mallopt=lambda *args: taken.append(real(*args)))
    monkeypatch.setattr(ctypes, "CDLL", lambda name: library)
    heap.settle()
    assert taken == [1]


def test_elsewhere_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(ctypes, "CDLL", lambda name: pytest.fail("asked"))
    heap.settle()
    heap.trim()


def test_a_system_with_another_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", absent)
    heap.settle()
    heap.trim()


def test_a_library_without_it_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda name: SimpleNamespace())
    heap.settle()
    heap.trim()
