"""Plays sound through PortAudio, the same library and the same device list as recording."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from interviewer.core.errors import DeviceError
from interviewer.core.ports import Device, FloatArray
from interviewer.engines.audio_thread import AudioThread, Opener
from interviewer.engines.device_list import Kind
from interviewer.engines.playback import Fill, OutputPlayer

log = logging.getLogger(__name__)

LATENCY_S = 0.08
"""Buffered ahead, so that a busy computer does not stutter; a stop discards it."""
OPEN_S = 10.0
LONGEST_LATENCY_S = 2.0


class SoundDevicePlayer(OutputPlayer):
    """The Player port over PortAudio.

    `device` is asked at every play for the name of the loudspeaker, None for the
    system's default.
    """

    def __init__(self, audio: AudioThread, device: Callable[[], str | None]) -> None:
        super().__init__(lambda: _Loudspeaker(audio, device()))
        self._audio = audio

    def prepare(self, path: Path | None) -> None:
        """Read a file ahead, and load PortAudio, which takes longer than a click may."""
        super().prepare(path)
        if path is not None:
            self._audio.post(_nothing)

    def devices(self) -> tuple[Device, ...]:
        """Return the loudspeakers of this machine; empty when there is none. Blocks while it looks."""
        return self._audio.devices(Kind.OUTPUT)


class _Loudspeaker:
    """One opened loudspeaker, as an `Output`."""

    def __init__(self, audio: AudioThread, device: str | None) -> None:
        self._audio = audio
        self._device = device
        self._stream: Any = None
        self._lost: Callable[[DeviceError], None] = _nobody
        self._closing = False
        # Touched on the audio thread, read by PortAudio's own.
        self._running = False

    def open(self, fill: Fill, lost: Callable[[DeviceError], None]) -> int:
        """Open the loudspeaker, silent; raises DeviceError when there is none or it refuses."""
        self._lost = lost

        def work(sd: ModuleType) -> int:
            opener = _opener(sd, _on_wanted(fill, lost), self._on_finished)
            stream = self._stream = self._audio.open(sd, Kind.OUTPUT, self._device, opener)
            if self._closing:
                # Whoever wanted it has given up waiting.
                self._audio.shut(stream)
            return int(stream.samplerate)

        return self._audio.call(work, within_s=OPEN_S, hint=Kind.OUTPUT.way_out)

    def halt(self, then: Callable[[], None]) -> None:
        """Discard what is buffered, then run `then`."""

        def work(_sd: ModuleType) -> None:
            self._abort()
            then()

        self._audio.post(work)

    def go(self, after: Callable[[], None]) -> None:
        """Discard what is buffered, run `after`, then call for samples."""

        def work(_sd: ModuleType) -> None:
            self._abort()
            after()
            if self._closing:
                return
            try:
                self._stream.start()
                self._running = True
            except Exception as exc:
                log.exception("the loudspeaker did not start")
                self._lost(DeviceError(f"The loudspeaker did not start ({exc})", hint=Kind.OUTPUT.way_out))

        self._audio.post(work)

    def close(self) -> None:
        """Discard what is buffered and close, soon; never blocks."""
        self._closing = True

        def work(_sd: ModuleType) -> None:
            self._running = False
            if self._stream is not None:
                self._audio.shut(self._stream)

        self._audio.post(work)

    def _abort(self) -> None:
        if self._running:
            self._running = False
            # Not stop(): that plays what is buffered first, 716 ms of it on PulseAudio.
            self._stream.abort()

    def _on_finished(self) -> None:
        # PortAudio's only word about a device that went away; also called on every abort.
        if self._running and not self._closing:
            self._lost(DeviceError("The loudspeaker was disconnected", hint=Kind.OUTPUT.way_out))


def _nothing(_sd: ModuleType) -> None:
    """Ask for nothing but the module itself."""


def _nobody(_error: DeviceError) -> None:
    """Stand in until somebody wants to hear."""


def _on_wanted(fill: Fill, lost: Callable[[DeviceError], None]) -> Callable[[Any, int, Any, Any], None]:
    """Return what PortAudio calls on its own thread, where nothing may wait and nothing may raise."""
    mono: FloatArray = np.zeros(0, dtype=np.float32)

    def on_wanted(out: Any, frames: int, time: Any, _status: Any) -> None:
        nonlocal mono
        try:
            if len(mono) < frames:
                mono = np.zeros(frames, dtype=np.float32)
            # Some systems leave these clocks at zero or let them run apart.
            heard_in_s = time.outputBufferDacTime - time.currentTime
            if not 0.0 <= heard_in_s <= LONGEST_LATENCY_S:
                heard_in_s = LATENCY_S
            fill(mono[:frames], heard_in_s)
            out[:] = mono[:frames, np.newaxis]
        except Exception as exc:
            out[:] = 0.0
            log.exception("an audio block was lost")
            lost(DeviceError(f"The playback stopped ({exc})", hint=Kind.OUTPUT.way_out))

    return on_wanted


def _opener(sd: ModuleType, on_wanted: Callable[..., None], on_finished: Callable[[], None]) -> Opener:
    """Return what opens a device with two channels, or with as many as it insists on."""

    def opener(info: Mapping[str, Any], rate_hz: int) -> Any:
        most = int(info["max_output_channels"])
        refusal: Exception | None = None
        for channels in dict.fromkeys((min(2, most), 1, most)):
            try:
                return sd.OutputStream(
                    device=info["index"],
                    samplerate=rate_hz,
                    channels=channels,
                    dtype="float32",
                    latency=LATENCY_S,
                    callback=on_wanted,
                    finished_callback=on_finished,
                )
            except sd.PortAudioError as exc:
                refusal = refusal or exc
        assert refusal is not None
        raise refusal

    return opener
