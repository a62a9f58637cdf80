"""The one thread that calls PortAudio, over a PortAudio that a test made up."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from interviewer.core.errors import DeviceError
from interviewer.engines import audio_thread as module
from interviewer.engines.audio_thread import AudioThread
from interviewer.engines.device_list import Kind
from tests.engines.fake_sound import FakeSound, PortAudioError, Stream


@pytest.fixture
def sound() -> FakeSound:
    return FakeSound()


@pytest.fixture
def thread(sound: FakeSound) -> Iterator[AudioThread]:
    audio = AudioThread(load=lambda: sound)
    yield audio
    audio.close()


@pytest.fixture
def hang() -> Iterator[threading.Event]:
    """Set at the end, so that a hanging thread ends with its test."""
    event = threading.Event()
    yield event
    event.set()


def open_stream(thread: AudioThread, sound: FakeSound, name: str | None = None, *, fresh: bool = False) -> Stream:
    return thread.call(lambda sd: thread.open(sd, Kind.INPUT, name, lambda _info, _rate_hz: Stream({}), fresh=fresh))


def test_work_runs_on_the_thread_and_its_result_comes_back(thread: AudioThread) -> None:
    assert thread.call(lambda _sd: threading.current_thread().name) == "audio"


def test_work_may_call_for_more_work(thread: AudioThread) -> None:
    assert thread.call(lambda _sd: thread.call(lambda _sd: 7)) == 7


def test_posted_work_runs_in_order_before_what_is_called_later(thread: AudioThread) -> None:
    order: list[int] = []
    for n in range(5):
        thread.post(lambda _sd, n=n: order.append(n))

    assert thread.call(lambda _sd: list(order)) == [0, 1, 2, 3, 4]


def test_posted_work_that_fails_does_not_end_the_thread(thread: AudioThread) -> None:
    thread.post(lambda _sd: 1 // 0)

    assert thread.call(lambda _sd: 7) == 7


def test_a_complaint_of_portaudio_is_a_device_error(thread: AudioThread) -> None:
    def work(_sd: Any) -> None:
        raise PortAudioError("Invalid sample rate", -9997)

    with pytest.raises(DeviceError, match="Invalid sample rate"):
        thread.call(work)


def test_a_mistake_of_the_program_is_not_hidden(thread: AudioThread) -> None:
    with pytest.raises(ZeroDivisionError):
        thread.call(lambda _sd: 1 // 0)


def test_a_missing_library_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_library(_name: str) -> Any:
        raise OSError("PortAudio library not found")

    monkeypatch.setattr(module.importlib, "import_module", no_library)
    monkeypatch.setattr(module.sys, "platform", "linux")
    thread = AudioThread()
    with pytest.raises(DeviceError) as caught:
        thread.call(lambda _sd: None)
    devices = thread.devices(Kind.INPUT)
    thread.close()

    assert "sudo apt install libportaudio2" in caught.value.hint
    assert devices == ()


def test_a_hanging_device_hangs_nobody(thread: AudioThread, hang: threading.Event) -> None:
    with pytest.raises(DeviceError, match="does not answer"):
        thread.call(lambda _sd: hang.wait(30), within_s=0.05)

    assert thread.call(lambda _sd: 7) == 7


def test_what_waited_behind_a_hanging_device_is_still_done(thread: AudioThread, hang: threading.Event) -> None:
    done = threading.Event()
    thread.post(lambda _sd: hang.wait(30), within_s=0.01)
    thread.post(lambda _sd: done.set())
    with pytest.raises(DeviceError):
        thread.call(lambda _sd: None, within_s=0.05)

    assert done.wait(5)


def test_work_that_was_given_up_is_not_done_later(thread: AudioThread, hang: threading.Event) -> None:
    late = threading.Event()
    thread.post(lambda _sd: hang.wait(30), within_s=0.01)
    with pytest.raises(DeviceError):
        thread.call(lambda _sd: late.set(), within_s=0.05)
    thread.call(lambda _sd: None)

    assert not late.is_set()


def test_a_healthy_device_that_opens_slowly_is_not_left_behind_by_a_bystander(
    thread: AudioThread, hang: threading.Event
) -> None:
    opened_on: list[threading.Thread] = []
    thread.post(lambda _sd: hang.wait(30) and opened_on.append(threading.current_thread()), within_s=30)
    with pytest.raises(DeviceError, match="busy") as caught:
        thread.call(lambda _sd: None, within_s=0.05)
    hang.set()

    assert [thread.call(lambda _sd: threading.current_thread())] == opened_on
    assert "try again" in caught.value.hint


def test_work_that_waited_in_vain_behind_a_slow_device_is_not_done_later(
    thread: AudioThread, hang: threading.Event
) -> None:
    late = threading.Event()
    thread.post(lambda _sd: hang.wait(30), within_s=30)
    with pytest.raises(DeviceError, match="busy"):
        thread.call(lambda _sd: late.set(), within_s=0.05)
    hang.set()
    thread.call(lambda _sd: None)

    assert not late.is_set()


def test_work_that_had_to_wait_for_its_turn_still_has_all_its_time(
    thread: AudioThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = itertools.count()
    again = threading.Event()

    def now_s() -> float:
        """Say that the work began just now; it is asked again once the wait is over."""
        if next(asked) > 0:
            again.set()
        return 0.0

    monkeypatch.setattr(module, "monotonic", now_s)

    assert thread.call(lambda _sd: again.wait(30), within_s=0.05)


def test_portaudio_is_not_restarted_while_a_thread_hangs_inside_it(
    thread: AudioThread, sound: FakeSound, hang: threading.Event
) -> None:
    with pytest.raises(DeviceError):
        thread.call(lambda _sd: hang.wait(30), within_s=0.05)
    sound.plugged_in = ["Headset"]

    assert [device.name for device in thread.devices(Kind.INPUT)] == ["Built-in"]
    assert sound.restarts == 0


def test_portaudio_is_restarted_again_once_the_hanging_thread_has_ended(
    thread: AudioThread, sound: FakeSound, hang: threading.Event
) -> None:
    hanging: list[threading.Thread] = []

    def work(_sd: Any) -> None:
        hanging.append(threading.current_thread())
        hang.wait(30)

    with pytest.raises(DeviceError):
        thread.call(work, within_s=0.05)
    hang.set()
    hanging[0].join(5)
    thread.devices(Kind.INPUT)

    assert sound.restarts == 1


@pytest.mark.parametrize(("kind", "way_out"), [(Kind.INPUT, "type the answer"), (Kind.OUTPUT, "read on the screen")])
def test_a_device_that_cannot_be_opened_says_what_to_do_without_it(
    thread: AudioThread, kind: Kind, way_out: str
) -> None:
    def opener(_info: Any, _rate_hz: int) -> None:
        raise PortAudioError("refused")

    with pytest.raises(DeviceError) as caught:
        thread.call(lambda sd: thread.open(sd, kind, None, opener))
    assert way_out in caught.value.hint


def test_a_complaint_of_portaudio_comes_with_the_hint_of_the_caller(thread: AudioThread) -> None:
    def work(_sd: Any) -> None:
        raise PortAudioError("Internal error")

    with pytest.raises(DeviceError) as caught:
        thread.call(work, hint="Use your eyes.")
    assert caught.value.hint == "Use your eyes."


def test_a_hanging_portaudio_is_not_waited_for_at_exit(
    thread: AudioThread, hang: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten: list[object] = []

    class Loaded:
        _exit_handler = "sounddevice's handler"

    monkeypatch.setitem(module.sys.modules, "sounddevice", Loaded)
    monkeypatch.setattr(module.atexit, "unregister", forgotten.append)
    with pytest.raises(DeviceError):
        thread.call(lambda _sd: hang.wait(30), within_s=0.05)

    assert forgotten == ["sounddevice's handler"]


def test_what_was_plugged_in_is_seen(thread: AudioThread, sound: FakeSound) -> None:
    thread.devices(Kind.INPUT)
    sound.plugged_in = ["Headset"]

    assert [device.name for device in thread.devices(Kind.INPUT)] == ["Built-in", "Headset"]


def test_while_a_stream_is_open_portaudio_is_not_restarted(thread: AudioThread, sound: FakeSound) -> None:
    open_stream(thread, sound)
    restarts = sound.restarts
    thread.devices(Kind.INPUT)

    assert sound.restarts == restarts


def test_once_the_stream_is_shut_it_is_restarted_again(thread: AudioThread, sound: FakeSound) -> None:
    stream = open_stream(thread, sound)
    thread.call(lambda _sd: thread.shut(stream))
    restarts = sound.restarts
    thread.devices(Kind.INPUT)

    assert sound.restarts == restarts + 1
    assert stream.closed.is_set()


def test_a_device_that_was_just_plugged_in_is_opened(thread: AudioThread, sound: FakeSound) -> None:
    sound.plugged_in = ["Headset"]

    assert isinstance(open_stream(thread, sound, "Headset"), Stream)


def test_a_device_that_is_not_there_is_told(thread: AudioThread, sound: FakeSound) -> None:
    with pytest.raises(DeviceError, match="Headset"):
        open_stream(thread, sound, "Headset")


def test_an_old_list_of_devices_is_made_anew_before_a_recording(
    thread: AudioThread, sound: FakeSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    counts = []
    for later_s in (0.0, module.RECENT_S, 0.1):
        now[0] += later_s
        stream = open_stream(thread, sound, fresh=True)
        thread.call(lambda _sd, stream=stream: thread.shut(stream))
        counts.append(sound.restarts)

    assert counts == [1, 1, 2]


def test_what_is_played_does_not_wait_for_a_new_list(thread: AudioThread, sound: FakeSound) -> None:
    open_stream(thread, sound)

    assert sound.restarts == 0


def test_portaudio_that_could_not_start_again_is_started_at_the_next_look(
    thread: AudioThread, sound: FakeSound, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise PortAudioError("not now", -9986)

    with monkeypatch.context() as patched:
        patched.setattr(sound, "_initialize", refuse)
        none_there = thread.devices(Kind.INPUT)
    # PortAudio that has ended cannot be ended.
    monkeypatch.setattr(sound, "_terminate", refuse)

    assert none_there == ()
    assert [device.name for device in thread.devices(Kind.INPUT)] == ["Built-in"]


def test_a_device_that_refuses_its_own_rate_is_opened_at_another(thread: AudioThread) -> None:
    def opener(_info: Any, rate_hz: int) -> int:
        if rate_hz == 48000:
            raise PortAudioError("Invalid sample rate", -9997)
        return rate_hz

    assert thread.call(lambda sd: thread.open(sd, Kind.OUTPUT, None, opener)) == 44100
    thread.call(lambda _sd: thread.shut(44100))


def test_a_device_that_refuses_everything_is_told_with_the_first_reason(thread: AudioThread) -> None:
    def opener(_info: Any, rate_hz: int) -> None:
        raise PortAudioError(f"refused at {rate_hz}")

    with pytest.raises(DeviceError, match=r"Built-in.*refused at 48000"):
        thread.call(lambda sd: thread.open(sd, Kind.OUTPUT, None, opener))


def test_a_stream_that_does_not_close_is_let_go(thread: AudioThread, sound: FakeSound) -> None:
    class Broken(Stream):
        def close(self, *, ignore_errors: bool) -> None:
            raise PortAudioError("broken")

    thread.call(lambda sd: thread.open(sd, Kind.INPUT, None, lambda _info, _rate_hz: Broken({})))
    stream = thread._streams[0]
    thread.call(lambda _sd: thread.shut(stream))

    assert thread._streams == []


def test_close_shuts_every_stream(sound: FakeSound) -> None:
    thread = AudioThread(load=lambda: sound)
    stream = open_stream(thread, sound)
    thread.close()

    assert stream.closed.is_set()


def test_once_closed_posted_work_is_dropped_and_calls_fail(sound: FakeSound) -> None:
    thread = AudioThread(load=lambda: sound)
    thread.close()
    thread.post(lambda _sd: None)

    with pytest.raises(DeviceError):
        thread.call(lambda _sd: None)


def test_close_does_not_wait_for_a_hanging_device(
    sound: FakeSound, hang: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CLOSE_S", 0.05)
    answered = threading.Event()
    thread = AudioThread(load=lambda: sound)
    thread.post(lambda _sd: hang.wait(30) and answered.set())
    thread.close()

    assert not answered.is_set()
