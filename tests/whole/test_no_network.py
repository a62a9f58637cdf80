"""A whole interview without a network: nothing asks for one, nothing needs one, and nobody else can read it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

WATCH = Path(__file__).with_name("network_watch.py")
DEMO = [sys.executable, "-m", "interviewer", "demo", "--questions", "1", "--out"]
KINDS = ("interviewer demo", "multiprocessing.spawn", "interviewer.engines.speech_child")
"""The window, the model process, the speech child."""

pytestmark = pytest.mark.models


def surroundings(folder: Path) -> dict[str, str]:
    """Return the environment of a program that is watched, as on a machine where nobody forbids anything."""
    shutil.copyfile(WATCH, folder / "sitecustomize.py")
    forbidden = ("HF_", "TRANSFORMERS_", "DISPLAY", "WAYLAND_", "PULSE_", "XDG_", "INTERVIEWER_")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(forbidden)}
    (folder / "home").mkdir(exist_ok=True)
    own = {"HOME": str(folder / "home"), "XDG_CACHE_HOME": str(folder / "home" / ".cache")}
    return kept | own | {"PYTHONPATH": str(folder), "NETWORK_WATCH": str(folder / "watch.txt")}


def lines(folder: Path, kind: str) -> list[str]:
    told = (folder / "watch.txt").read_text(encoding="utf-8").splitlines()
    return [line.split(" ", 2)[2] for line in told if line.startswith(f"{kind} ")]


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole interview that was watched, under a umask that lets everybody read."""
    folder = tmp_path_factory.mktemp("watched")
    demo = [*DEMO, str(folder / "home" / "demo")]
    umask = 0o022 if sys.platform != "win32" else -1
    done = subprocess.run(
        demo, env=surroundings(folder), capture_output=True, text=True, timeout=600, check=False, umask=umask
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_a_whole_interview_asks_for_no_network_in_any_process(held: Path) -> None:
    watched = lines(held, "watched")
    assert [kind for kind in KINDS if not any(kind in line for line in watched)] == []
    assert lines(held, "network") == []


def test_every_program_that_an_interview_starts_is_watched(held: Path) -> None:
    python = {repr(sys.executable), repr(os.path.realpath(sys.executable))}
    assert set(lines(held, "program")) <= python


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no such modes")
def test_everything_that_a_whole_interview_writes_is_its_owners_alone(held: Path) -> None:
    written = list((held / "home").rglob("*"))
    assert {"session.json", "interviewer.db", "heard.wav"} <= {path.name for path in written}
    assert [str(p) for p in written if p.lstat().st_mode & 0o077 and not p.is_symlink()] == []


def test_the_watch_sees_and_refuses_a_connection(tmp_path: Path) -> None:
    attempt = "import socket; socket.create_connection(('127.0.0.1', 9))"
    done = subprocess.run(
        [sys.executable, "-c", attempt], env=surroundings(tmp_path), capture_output=True, text=True, timeout=60
    )
    assert "PermissionError: no network here" in done.stderr
    assert "socket.getaddrinfo" in lines(tmp_path, "network")[0]


def without_network() -> list[str]:
    """Return how to start a program that has no network at all, [] where this machine does not allow it."""
    command = ["unshare", "--net"]
    try:
        allowed = subprocess.run([*command, "true"], capture_output=True, timeout=10).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return []
    return command if allowed else []


@pytest.mark.skipif(not without_network(), reason="this machine lets nobody take the network away (unshare)")
def test_a_whole_interview_is_held_where_there_is_no_network_interface(tmp_path: Path) -> None:
    demo = [*without_network(), *DEMO, str(tmp_path / "demo")]
    done = subprocess.run(demo, env=surroundings(tmp_path), capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "demo" / "session.json").is_file()
