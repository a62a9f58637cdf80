"""The sound server freezes or dies while an answer is recorded: what was said is kept, and the program goes on."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from tests import sound_server as server
from tests.needs import needs

REMOTE = Path(__file__).with_name("remote.py")
PATIENCE_S = 60.0

pytestmark = [
    pytest.mark.audio,
    needs(shutil.which("pulseaudio"), "pulseaudio"),
]


class Program:
    """The program in a process of its own, led by lines."""

    def __init__(self, data: Path, environment: dict[str, str]) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        command = [sys.executable, str(REMOTE), str(data)]
        self.process = subprocess.Popen(command, text=True, env={**os.environ, **environment}, **pipes)
        self.told: list[str] = []

    def order(self, command: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{command}\n")
        self.process.stdin.flush()

    def until(self, **facts: Any) -> dict[str, Any]:
        """Wait for a line with these facts, or with these keys where a fact is None."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            said = json.loads(line)
            if said.get("told"):
                self.told.append(said["told"])
            if all(name in said and fact in (None, said[name]) for name, fact in facts.items()):
                return said
        raise AssertionError(f"the program ended: {self.told}")

    def record(self) -> None:
        """Go from the question to the microphone that delivers."""
        self.order("go")
        self.until(phase="recording", live=True)

    def kept(self) -> list[float]:
        self.order("kept")
        return list(self.until(kept=None)["kept"].values())


@pytest.fixture
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    # pytest's own folder has a name that is too long for a socket.
    folder = Path(f"/tmp/faults-{os.getpid()}")
    with server.private_server(folder) as environment:
        yield environment
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def program(tmp_path: Path, sound: dict[str, str]) -> Iterator[Program]:
    program = Program(tmp_path / "data", sound)
    # Whoever waits for a line of a program that hangs is told that it ended.
    patience = threading.Timer(PATIENCE_S, program.process.kill)
    patience.start()
    program.order("begin")
    program.until(phase="waiting")
    program.record()
    yield program
    patience.cancel()
    patience.join()
    program.order("quit")
    try:
        program.process.wait(20)
    finally:
        program.process.kill()
        program.process.communicate()


def hear(seconds: float, environment: dict[str, str]) -> None:
    """Let so much sound pass, on the server's own clock."""
    command = ["parec", "--raw", "--format=s16le", "--channels=1", "--rate=8000", "-d", f"{server.ROOM}.monitor"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, **environment}) as ear:
        assert ear.stdout is not None
        ear.stdout.read(round(seconds * 16_000))
        ear.kill()


def check_goes_on(program: Program, sound: dict[str, str], before: int) -> None:
    """The next question is answered and kept, in the same program."""
    program.order("go")
    program.until(phase="waiting")
    program.record()
    hear(0.5, sound)
    program.order("go")
    program.until(phase="feedback")
    assert len(program.kept()) == before + 1


def test_a_frozen_sound_server_costs_nothing_that_was_heard(program: Program, sound: dict[str, str]) -> None:
    pid = int(sound["SERVER_PID"])
    hear(2.0, sound)
    os.kill(pid, signal.SIGSTOP)
    try:
        began = monotonic()
        program.until(phase="feedback")
        assert monotonic() - began < 15.0
    finally:
        os.kill(pid, signal.SIGCONT)
    assert any("stopped delivering" in told for told in program.told)
    (seconds,) = program.kept()
    assert seconds > 1.5
    check_goes_on(program, sound, 1)


def test_a_sound_server_that_died_costs_nothing_that_was_heard(
    program: Program, sound: dict[str, str], tmp_path: Path
) -> None:
    hear(2.0, sound)
    os.kill(int(sound["SERVER_PID"]), signal.SIGKILL)
    program.until(phase="feedback")
    assert program.told
    (seconds,) = program.kept()
    assert seconds > 1.5
    folder = Path(sound["PULSE_COOKIE"]).parent
    subprocess.run([server._SCRIPT, "start", folder], check=True, timeout=20, stdout=subprocess.DEVNULL)
    check_goes_on(program, sound, 1)
