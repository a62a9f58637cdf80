"""A whole interview without a network: nothing asks for one, nothing needs one, and nobody else can read it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.whole.conftest import Held, lines, surroundings, without_network

KINDS = ("program.py", "multiprocessing.spawn", "interviewer.engines.speech_child")
"""The window, the model process, the speech child."""

pytestmark = pytest.mark.models


def test_a_whole_interview_asks_for_no_network_in_any_process(held: Held) -> None:
    watched = held.lines("watched")
    assert [kind for kind in KINDS if not any(kind in line for line in watched)] == []
    assert held.lines("network") == []


def test_every_program_that_an_interview_starts_is_watched(held: Held) -> None:
    python = {repr(sys.executable), repr(os.path.realpath(sys.executable))}
    assert set(held.lines("program")) <= python


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no such modes")
def test_everything_that_a_whole_interview_writes_is_its_owners_alone(held: Held) -> None:
    written = list(held.home.rglob("*"))
    assert {"session.json", "interviewer.db", "heard.wav", "interviewer.log"} <= {path.name for path in written}
    assert [str(p) for p in written if p.lstat().st_mode & 0o077 and not p.is_symlink()] == []


def test_the_watch_sees_and_refuses_a_connection(tmp_path: Path) -> None:
    attempt = "import socket; socket.create_connection(('127.0.0.1', 9))"
    done = subprocess.run(
        [sys.executable, "-c", attempt], env=surroundings(tmp_path), capture_output=True, text=True, timeout=60
    )
    assert "PermissionError: no network here" in done.stderr
    assert "socket.getaddrinfo" in lines(tmp_path, "network")[0]


@pytest.mark.skipif(not without_network(), reason="this machine lets nobody take the network away (unshare)")
def test_a_whole_interview_is_held_where_there_is_no_network_interface(held: Held) -> None:
    look = [*without_network(), sys.executable, "-c", "import socket; print(len(socket.if_nameindex()))"]
    # Nothing but a loopback that is down: held as `held` was.
    assert subprocess.run(look, capture_output=True, text=True, timeout=60).stdout.strip() == "1"
    assert (held.home / "demo" / "session.json").is_file()
