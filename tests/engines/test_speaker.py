"""The Speaker over pyttsx3 with the real voices of this machine."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from interviewer.core.errors import AudioError, DeviceError, StoreError
from interviewer.core.ports import Voice
from interviewer.engines import speak_pyttsx3 as module
from interviewer.engines.audio_thread import AudioThread
from interviewer.engines.play_sounddevice import SoundDevicePlayer
from interviewer.engines.speak_pyttsx3 import Pyttsx3Speaker, child_command, list_voices
from interviewer.engines.virtual import VirtualPlayer
from tests import sound_server as server
from tests.engines.listening import Events, read_wav, write_wav
from tests.engines.speaking import QUESTION, Player, say

LONG = "Tell me about a time when you had to change somebody's mind, and how you went about it. " * 4

# Runs the real child, and notes on a file that it did and with which arguments.
COUNTED = """
import runpy, sys
with open({log!r}, "a") as log:
    log.write(repr(sys.argv) + chr(10))
runpy.run_module("interviewer.engines.speech_child", run_name="__main__")
"""


@dataclass
class Stage:
    """A speaker, its player, and how often a child was started."""

    speaker: Pyttsx3Speaker
    player: Player
    log: Path
    choice: list[object]

    @property
    def children(self) -> int:
        return len(self.log.read_text().splitlines()) if self.log.exists() else 0


@pytest.fixture
def stage(tmp_path: Path, speech_folder: Path, voices: tuple[Voice, ...]) -> Iterator[Stage]:
    log = tmp_path / "children.log"
    command = (sys.executable, "-P", "-c", COUNTED.format(log=str(log)))
    player, choice = Player(), [None, 165]
    speaker = Pyttsx3Speaker(player, speech_folder, lambda: (choice[0], choice[1]), command=command)
    yield Stage(speaker, player, log, choice)
    speaker.close()


def rendered(stage: Stage, text: str = QUESTION) -> np.ndarray:
    """Say a text and return the samples that were played."""
    events = Events()
    count = len(stage.player.played.names())
    say(stage.speaker, text, events)
    events.wait("done")
    return read_wav(stage.player.played.all("played")[count])[0]


def test_a_question_is_rendered_and_played(stage: Stage) -> None:
    samples = rendered(stage)

    assert 1.5 < server.loud_s(samples, rate_hz=22_050) < 6.0
    assert 0.1 < np.abs(samples).max() < 1.0


def test_the_text_never_stands_on_a_command_line(stage: Stage) -> None:
    rendered(stage, "Mississippi")

    assert "Mississippi" not in stage.log.read_text()


def test_what_was_said_before_is_not_rendered_again(stage: Stage) -> None:
    first, second = rendered(stage), rendered(stage)

    assert stage.children == 1
    assert np.array_equal(first, second)


def test_a_faster_rate_takes_less_time(stage: Stage) -> None:
    texts = [f"{QUESTION} {number}." for number in range(5)]
    slow = [len(rendered(stage, text)) for text in texts]
    stage.choice[1] = 300

    assert all(len(rendered(stage, text)) < 0.7 * long for text, long in zip(texts, slow, strict=True))


def test_another_voice_sounds_different(stage: Stage, voices: tuple[Voice, ...]) -> None:
    samples = []
    for voice in voices[:2]:
        stage.choice[0] = voice.id
        samples.append(rendered(stage))

    assert stage.children == 2
    assert not np.array_equal(*samples)


def test_a_voice_that_is_gone_is_replaced_by_the_default(stage: Stage) -> None:
    default = rendered(stage)
    stage.choice[0] = "the voice of reason"

    assert np.array_equal(rendered(stage), default)


@pytest.mark.parametrize(
    "text", ["Explain <div> against <span>.", "a\x00b\x07c", "half \ud83d a smile", "“Größe” — naïve?", "[[h@'loU]] x"]
)
def test_any_text_can_be_said(stage: Stage, text: str) -> None:
    assert rendered(stage, text).any()


@pytest.mark.parametrize("text", ["", "  \n", "...", "—"])
def test_where_there_is_nothing_to_say_nothing_is_rendered(stage: Stage, events: Events, text: str) -> None:
    say(stage.speaker, text, events)
    events.wait("done")

    assert stage.children == 0
    assert stage.player.played.names() == []


def test_what_was_prepared_is_not_rendered_again(stage: Stage, speech_folder: Path, events: Events) -> None:
    stage.speaker.prepare(QUESTION)
    say(stage.speaker, QUESTION, events)
    events.wait("done")

    assert stage.children == 1
    assert len(list(speech_folder.iterdir())) == 1


def test_preparing_alone_plays_nothing(stage: Stage, events: Events) -> None:
    stage.speaker.prepare("One.")
    stage.speaker.prepare("Two.")
    say(stage.speaker, "Two.", events)
    events.wait("done")

    assert len(stage.player.played.names()) == 1


def test_a_hush_lets_no_done_through(stage: Stage, events: Events) -> None:
    stage.player.finish = False
    say(stage.speaker, QUESTION, events)
    stage.player.played.wait("played")
    stage.speaker.hush()
    stage.speaker.close()

    assert events.names() == []
    assert stage.player.stops == 1


def test_a_hush_does_not_stop_what_the_speaker_did_not_play(stage: Stage, events: Events) -> None:
    say(stage.speaker, "Yes.", events)
    events.wait("done")
    stage.speaker.hush()

    assert stage.player.stops == 0


def test_after_a_hush_the_same_text_can_be_said_again(stage: Stage, events: Events) -> None:
    say(stage.speaker, QUESTION, Events())
    stage.speaker.hush()
    say(stage.speaker, QUESTION, events)
    events.wait("done")

    assert len(stage.player.played.names()) == 1


def test_a_new_text_ends_the_old_one(stage: Stage, events: Events) -> None:
    old = Events()
    say(stage.speaker, QUESTION, old)
    say(stage.speaker, "Yes.", events)
    events.wait("done")
    stage.speaker.close()

    assert old.names() == []


def test_a_damaged_file_is_rendered_again(stage: Stage, speech_folder: Path) -> None:
    first = rendered(stage)
    next(speech_folder.iterdir()).write_bytes(b"RIFF")

    assert np.array_equal(rendered(stage), first)
    assert stage.children == 2


def test_a_file_that_does_not_play_is_rendered_again_the_next_time(stage: Stage, events: Events) -> None:
    stage.player.error = AudioError("cannot be read")
    say(stage.speaker, QUESTION, events)
    events.wait("failed")
    stage.player.error = None
    rendered(stage)

    assert stage.children == 2


def test_a_loudspeaker_that_fails_is_told(stage: Stage, events: Events) -> None:
    stage.player.error = DeviceError("no loudspeaker")
    say(stage.speaker, QUESTION, events)

    assert str(events.wait("failed")) == "no loudspeaker"


def test_english_voices_come_first(voices: tuple[Voice, ...]) -> None:
    english = [voice.language.startswith("en") for voice in voices]

    assert english == sorted(english, reverse=True)
    assert english[0]


def test_voices_are_looked_up_once(stage: Stage, voices: tuple[Voice, ...]) -> None:
    assert stage.speaker.voices() == voices
    assert stage.speaker.voices() == voices
    assert stage.children == 1


def test_once_closed_nothing_is_said(stage: Stage, events: Events) -> None:
    stage.speaker.close()
    say(stage.speaker, QUESTION, events)
    stage.speaker.prepare(QUESTION)

    assert events.names() == []
    assert stage.children == 0


def test_a_cache_that_cannot_be_written_is_told(stage: Stage, speech_folder: Path, events: Events) -> None:
    speech_folder.write_text("a file where the folder should be")
    say(stage.speaker, QUESTION, events)

    assert isinstance(events.wait("failed"), StoreError)


def test_the_current_folder_is_no_place_to_import_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, voices: tuple[Voice, ...]
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)

    assert list_voices(child_command()) == voices


def test_a_virtual_loudspeaker_plays_the_question_too(
    tmp_path: Path, speech_folder: Path, events: Events, voices: tuple[Voice, ...]
) -> None:
    player = VirtualPlayer(keep=tmp_path / "heard.wav", speed=20.0)
    speaker = Pyttsx3Speaker(player, speech_folder, lambda: (None, 165))
    say(speaker, QUESTION, events)
    events.wait("done")
    speaker.close()
    player.close()

    assert server.loud_s(read_wav(tmp_path / "heard.wav")[0], rate_hz=16_000) > 1.5


@pytest.fixture
def aloud(
    sound_server: None, audio: AudioThread, speech_folder: Path, voices: tuple[Voice, ...]
) -> Iterator[Pyttsx3Speaker]:
    player = SoundDevicePlayer(audio, lambda: server.LOUDSPEAKERS)
    speaker = Pyttsx3Speaker(player, speech_folder, lambda: (None, 165))
    yield speaker
    speaker.close()
    player.close()


@pytest.mark.audio
def test_the_question_is_heard(aloud: Pyttsx3Speaker, speech_folder: Path, events: Events) -> None:
    with server.Ear() as ear:
        say(aloud, QUESTION, events)
        events.wait("done")
        heard = ear.listen_for(0.2)

    meant, rate_hz = read_wav(next(speech_folder.glob("*.wav")))
    assert server.loud_s(heard) == pytest.approx(server.loud_s(meant, rate_hz=rate_hz), abs=0.05)
    assert likeness(meant, rate_hz, heard, server.RATE_HZ) > 0.9


@pytest.mark.audio
def test_a_hush_is_heard_within_a_tenth_of_a_second(aloud: Pyttsx3Speaker, events: Events) -> None:
    with server.Ear() as ear:
        say(aloud, LONG, events)
        ear.wait_until(lambda heard: server.loud_s(heard) > 0.5)
        aloud.hush()
        before = len(ear.heard())
        heard = ear.listen_for(1.0)

    last = np.flatnonzero(np.abs(heard) > 0.02)[-1]
    # What the ear had not read yet when the hush came counts as later: up to 0.1 s on a busy computer.
    assert (last - before) / server.RATE_HZ < 0.1 + 0.1
    assert events.names() == []


def test_a_mistake_of_the_program_is_told(stage: Stage, events: Events, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.SpeechCache, "find", lambda _self, _key: 1 // 0)
    say(stage.speaker, QUESTION, events)

    assert isinstance(events.wait("failed"), DeviceError)


def likeness(a: np.ndarray, a_hz: int, b: np.ndarray, b_hz: int) -> float:
    """Return the correlation of how loud two sounds are over time, from their first loud moments on."""
    loudness = []
    for samples, rate_hz in ((a, a_hz), (b, b_hz)):
        start = np.flatnonzero(np.abs(samples) > 0.02)[0]
        step = rate_hz // 50
        whole = samples[start:]
        loudness.append(np.sqrt((whole[: len(whole) // step * step].reshape(-1, step) ** 2).mean(axis=1)))
    length = min(map(len, loudness))
    return float(np.corrcoef(loudness[0][:length], loudness[1][:length])[0, 1])


def test_a_part_left_by_a_killed_program_is_no_answer(stage: Stage, speech_folder: Path) -> None:
    speech_folder.mkdir(parents=True)
    write_wav(speech_folder / ".0123.part.wav", np.full(100, 0.5))

    assert rendered(stage).size > 100
    assert stage.children == 1
