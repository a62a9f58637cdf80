"""Speech children that misbehave, and what the Speaker does with them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from interviewer.core.errors import DeviceError
from interviewer.engines import speak_pyttsx3 as module
from interviewer.engines.speak_pyttsx3 import Pyttsx3Speaker, child_command
from tests.engines.listening import Events
from tests.engines.speaking import QUESTION, Player, say

HANGS = "import sys, time; sys.stdin.read(); time.sleep(120)"
GARBAGE = "import sys; sys.stdin.read(); print('no json')"
DIES = "import sys; sys.stdin.read(); sys.exit(11)"
WRITES_NOTHING = "import sys; sys.stdin.read(); print('{\"ok\": true}')"
WRITES_SILENCE = """
import json, sys, wave
with wave.open(json.load(sys.stdin)["path"], "wb") as file:
    file.setnchannels(1); file.setsampwidth(2); file.setframerate(16000); file.writeframes(bytes(32000))
print(json.dumps({"ok": True}))
"""
NO_ENGINE = """
import sys, types, runpy
broken = types.ModuleType("pyttsx3")
def init():
    raise RuntimeError("This means you probably do not have eSpeak or eSpeak-ng installed!")
broken.init = init
sys.modules["pyttsx3"] = broken
runpy.run_module("interviewer.engines.speech_child", run_name="__main__")
"""


@pytest.fixture
def misbehaving(speech_folder: Path) -> Iterator[Callable[[str], Pyttsx3Speaker]]:
    made: list[Pyttsx3Speaker] = []

    def make(program: str) -> Pyttsx3Speaker:
        command = (sys.executable, "-c", program)
        made.append(Pyttsx3Speaker(Player(), speech_folder, lambda: (None, 165), command=command))
        return made[-1]

    yield make
    for speaker in made:
        speaker.close()


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Events:
    """Notes every child that is started."""
    started = Events()

    def popen(*args: object, **kwargs: object) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(*args, **kwargs)
        started.note("started", process)
        return process

    class Patched:
        Popen = staticmethod(popen)
        PIPE, DEVNULL = subprocess.PIPE, subprocess.DEVNULL
        TimeoutExpired = subprocess.TimeoutExpired

    monkeypatch.setattr(module, "subprocess", Patched)
    return started


def test_a_machine_without_voices_has_none(misbehaving: Callable[[str], Pyttsx3Speaker]) -> None:
    assert misbehaving(NO_ENGINE).voices() == ()


def test_a_machine_without_an_engine_is_told_what_to_install(
    misbehaving: Callable[[str], Pyttsx3Speaker], events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.sys, "platform", "linux")
    say(misbehaving(NO_ENGINE), QUESTION, events)
    error = events.wait("failed")

    assert "No voice" in str(error)
    assert "sudo apt install libespeak-ng1 espeak-ng-data" in error.hint


@pytest.mark.parametrize("program", [GARBAGE, DIES, WRITES_NOTHING, WRITES_SILENCE])
def test_a_child_that_fails_is_told(misbehaving: Callable[[str], Pyttsx3Speaker], events: Events, program: str) -> None:
    say(misbehaving(program), QUESTION, events)

    assert isinstance(events.wait("failed"), DeviceError)


@pytest.mark.parametrize("program", [DIES, WRITES_SILENCE])
def test_a_child_that_fails_leaves_no_file(
    misbehaving: Callable[[str], Pyttsx3Speaker], events: Events, speech_folder: Path, program: str
) -> None:
    say(misbehaving(program), QUESTION, events)
    events.wait("failed")

    assert list(speech_folder.iterdir()) == []


def test_a_child_that_hangs_is_killed_and_told(
    misbehaving: Callable[[str], Pyttsx3Speaker], events: Events, processes: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RENDER_S", 0.2)
    say(misbehaving(HANGS), QUESTION, events)
    error = events.wait("failed")

    assert "does not answer" in str(error)
    assert processes.wait("started").wait(10) != 0


def test_a_hush_kills_the_child(
    misbehaving: Callable[[str], Pyttsx3Speaker], events: Events, processes: Events
) -> None:
    speaker = misbehaving(HANGS)
    say(speaker, QUESTION, events)
    process = processes.wait("started")
    speaker.hush()

    assert process.wait(10) != 0
    assert events.names() == []


def test_close_kills_what_is_rendered_ahead(misbehaving: Callable[[str], Pyttsx3Speaker], processes: Events) -> None:
    speaker = misbehaving(HANGS)
    speaker.prepare(QUESTION)
    process = processes.wait("started")
    speaker.close()

    assert process.wait(10) != 0


def test_a_child_that_cannot_be_started_is_told(speech_folder: Path, events: Events) -> None:
    speaker = Pyttsx3Speaker(Player(), speech_folder, lambda: (None, 165), command=("/no/such/program",))
    say(speaker, QUESTION, events)
    error = events.wait("failed")
    speaker.close()

    assert "cannot be started" in str(error)


def test_a_child_that_was_killed_before_it_started_never_starts(processes: Events) -> None:
    child = module._Child(child_command())
    child.kill()

    with pytest.raises(DeviceError):
        child.ask({"list": True}, within_s=5)
    assert processes.names() == []
