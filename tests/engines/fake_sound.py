"""A PortAudio that a test made up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


class PortAudioError(Exception):
    """Named like sounddevice's own."""


class Stream:
    """What a stream does as far as it is used; a test calls `callback` and `finished_callback` itself."""

    def __init__(self, wanted: dict[str, Any]) -> None:
        self.wanted = wanted
        self.samplerate = float(wanted.get("samplerate", 0))
        self.started = threading.Event()
        self.closed = threading.Event()

    def start(self) -> None:
        self.started.set()

    def abort(self) -> None:
        self.started.clear()

    def close(self, *, ignore_errors: bool) -> None:
        self.closed.set()


class FakeSound:
    """What the audio thread uses of the `sounddevice` module."""

    PortAudioError = PortAudioError

    def __init__(self) -> None:
        self.names = ["Built-in"]
        self.plugged_in: list[str] = []
        self.restarts = 0
        self.channels = 2
        self.refuses: Callable[[dict[str, Any]], bool] = lambda _wanted: False
        self.opened: list[Stream] = []
        self.on_open: Callable[[], None] = lambda: None
        self.InputStream = self.OutputStream = self._open

    def query_devices(self, index: int | None = None) -> Any:
        devices = [
            {
                "name": name,
                "index": n,
                "hostapi": 0,
                "max_input_channels": self.channels,
                "max_output_channels": self.channels,
                "default_samplerate": 48000.0,
            }
            for n, name in enumerate(self.names)
        ]
        return devices if index is None else devices[index]

    def query_hostapis(self) -> list[dict[str, Any]]:
        return [{"name": "ALSA", "default_input_device": 0, "default_output_device": 0}]

    def _terminate(self) -> None:
        self.restarts += 1

    def _initialize(self) -> None:
        self.names = [*self.names, *self.plugged_in]
        self.plugged_in = []

    def _open(self, **wanted: Any) -> Stream:
        self.on_open()
        if self.refuses(wanted):
            raise PortAudioError(f"refused {wanted['channels']} channels", -9998)
        self.opened.append(Stream(wanted))
        return self.opened[-1]
