"""What every test starts from: no screen needed, no network, nobody's own data touched."""

from __future__ import annotations

import gc
import os
import socket
from pathlib import Path

import pytest

if not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# A test that loads a model must find it on disk or fail, never wait for a server.
os.environ["HF_HUB_OFFLINE"] = "1"

WITH_WINDOWS = ("tests/gui", "tests/workers", "tests/whole", "tests/faults", "tests/benchmarks")

_connect = socket.socket.connect


def _only_this_machine(self: socket.socket, address: object) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6):
        host = str(address[0]) if isinstance(address, tuple) else str(address)
        if host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {host}")
    _connect(self, address)  # type: ignore[arg-type]


def pytest_collection_finish() -> None:
    """Have Python's search for circles pass over what all tests share: what one test leaves is found in no time."""
    gc.collect()
    gc.freeze()


def pytest_runtest_logfinish(nodeid: str) -> None:
    """Take down on this thread what only a circle holds: a thread of the next test might do it, and crash or hang.

    Here, because a test's fixtures are held until it is over.
    """
    if nodeid.startswith(WITH_WINDOWS):
        gc.collect()
        gc.freeze()


@pytest.fixture(autouse=True)
def own_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point every folder of the user into this test's own, and keep it off the network."""
    monkeypatch.setenv("INTERVIEWER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(socket.socket, "connect", _only_this_machine)
