"""Records a microphone through PortAudio."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy as np

from interviewer.core.errors import DeviceError
from interviewer.core.ports import Device
from interviewer.engines.audio_thread import AudioThread, Opener
from interviewer.engines.block import Block, now_s
from interviewer.engines.device_list import Kind
from interviewer.engines.recording import Deliver, InputRecorder, Lost, MakeWriter

log = logging.getLogger(__name__)

OPEN_S = 10.0
"""Windows asks for permission while a device is opened, and may never return."""
LATENCY_S = 0.1
"""Large enough for a busy computer, small enough to lose no word when Stop is pressed."""
SHUT_S = 2.0
"""How long closing may take before it counts as hanging; a healthy one took 9 ms at most. The next answer may be
waiting behind it."""


class SoundDeviceRecorder(InputRecorder):
    """The Recorder port over PortAudio: float32 blocks at the device's own rate, kept as mono PCM16.

    `device` is asked at every start for the name of the microphone, None for the
    system's default. `writer` makes what keeps the samples.
    """

    def __init__(self, audio: AudioThread, device: Callable[[], str | None], writer: MakeWriter) -> None:
        super().__init__(lambda: _Microphone(audio, device()), writer)
        self._audio = audio

    def devices(self) -> tuple[Device, ...]:
        """Return the microphones of this machine; empty when there is none. Blocks while it looks."""
        return self._audio.devices(Kind.INPUT)


class _Microphone:
    """One opened microphone, as an `Input`."""

    def __init__(self, audio: AudioThread, device: str | None) -> None:
        self._audio = audio
        self._device = device
        self._stream: Any = None
        self._closing = False

    def open(self, deliver: Deliver, lost: Lost) -> int:
        """Open the microphone; raises DeviceError when there is none or it refuses."""

        def work(sd: ModuleType) -> int:
            opener = _opener(sd, _on_block(deliver, lost), lambda: self._on_finished(lost))
            stream = self._stream = self._audio.open(sd, Kind.INPUT, self._device, opener, fresh=True)
            if self._closing:
                # Whoever wanted it has given up waiting.
                self._audio.shut(stream)
                return 0
            stream.start()
            return int(stream.samplerate)

        return self._audio.call(work, within_s=OPEN_S)

    def end(self) -> None:
        """Have it closed soon."""
        if not self._closing:
            self._closing = True
            self._audio.post(self._shut, within_s=SHUT_S)

    def close(self) -> None:
        """Have it closed and wait for that; a device that hangs is left behind."""
        self.end()
        with contextlib.suppress(DeviceError):
            # A little longer, so that by then it is known whether it hangs.
            self._audio.call(lambda _sd: None, within_s=1.5 * SHUT_S)

    def _shut(self, _sd: ModuleType) -> None:
        if self._stream is not None:
            self._audio.shut(self._stream)

    def _on_finished(self, lost: Lost) -> None:
        # PortAudio's only word about a device that went away; also called on every close.
        if not self._closing:
            lost(DeviceError("The microphone was disconnected"))


def _on_block(deliver: Deliver, lost: Lost) -> Callable[[Any, int, Any, Any], None]:
    """Return what PortAudio calls on its own thread, where nothing may wait and nothing may raise."""

    def on_block(data: Any, _frames: int, _time: Any, _status: Any) -> None:
        try:
            at_s = now_s()
            samples = data[:, 0].copy() if data.shape[1] == 1 else data.mean(axis=1, dtype=np.float32)
            deliver(Block(samples, at_s))
        except Exception as exc:
            log.exception("an audio block was lost")
            lost(DeviceError(f"The recording stopped ({exc})"))

    return on_block


def _opener(sd: ModuleType, on_block: Callable[..., None], on_finished: Callable[[], None]) -> Opener:
    """Return what opens a device as mono, or with as few channels as it allows."""

    def opener(info: Mapping[str, Any], rate_hz: int) -> Any:
        most = int(info["max_input_channels"])
        refusal: Exception | None = None
        for channels in sorted({1, min(2, most), most}):
            try:
                return sd.InputStream(
                    device=info["index"],
                    samplerate=rate_hz,
                    channels=channels,
                    # Not int16: PortAudio dithers when it converts, and then a dead microphone is not all zeros.
                    dtype="float32",
                    latency=LATENCY_S,
                    callback=on_block,
                    finished_callback=on_finished,
                )
            except sd.PortAudioError as exc:
                refusal = refusal or exc
        assert refusal is not None
        raise refusal

    return opener
