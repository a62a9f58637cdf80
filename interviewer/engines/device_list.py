"""Which of the devices that PortAudio lists a person would recognise, and which one a name means.

Pure functions over the answers of `sounddevice.query_devices` and `query_hostapis`, so
that other machines' lists can be tried here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from interviewer.core.errors import DeviceError
from interviewer.core.ports import Device

Info = Mapping[str, Any]


class Kind(Enum):
    """Direction of a device; the value is PortAudio's word for it."""

    INPUT = "input"
    OUTPUT = "output"

    @property
    def noun(self) -> str:
        """What people call it."""
        return "microphone" if self is Kind.INPUT else "loudspeaker"

    @property
    def way_out(self) -> str:
        """What people can do when one of them fails: the hint of its errors."""
        if self is Kind.INPUT:
            return "Choose another microphone in Settings, or type the answer instead."
        return "Choose another loudspeaker in Settings, or read on the screen."


# One device appears once under each of these on Windows; the first that lists any is the
# one with full names. PortAudio's default there is MME, which cuts names at 31 letters.
PREFERRED_APIS = ("Windows WASAPI", "Core Audio", "PulseAudio", "ALSA")

# Plug-ins that ALSA configuration files define. Each is another road to a device that is
# listed anyway; opened by accident they up-mix, resample or write to nothing.
# fmt: off
ALSA_PLUGINS = frozenset({
    "sysdefault", "front", "rear", "center_lfe", "side", "surround21", "surround40", "surround41", "surround50",
    "surround51", "surround71", "iec958", "spdif", "hdmi", "dmix", "dsnoop", "modem", "phoneline", "null",
    "lavrate", "samplerate", "speexrate", "speex", "upmix", "vdownmix", "a52", "oss", "usbstream",
})
# fmt: on


def listed(devices: Sequence[Info], apis: Sequence[Info], kind: Kind) -> tuple[Device, ...]:
    """Return the devices of one direction that are worth showing, each name once, the default first."""
    chosen = _indices(devices, apis, kind)
    default = _default_index(devices, apis, kind)
    found: dict[str, Device] = {}
    for index in sorted(chosen, key=lambda i: i != default):
        info = devices[index]
        name = str(info["name"])
        if name not in found:
            found[name] = Device(name, int(info["default_samplerate"]), index == default)
    return tuple(found.values())


def find(devices: Sequence[Info], apis: Sequence[Info], kind: Kind, name: str | None) -> int:
    """Return PortAudio's index of the device called `name`, or of the default device for None.

    Raises DeviceError when there is no device at all, or none of that name.
    """
    if name is None:
        default = _default_index(devices, apis, kind)
        if default is None:
            raise DeviceError(f"There is no {kind.noun}", hint=_plug_in_hint(kind))
        return default
    # Names that are not shown still work: they may have been chosen in another version.
    every = _indices(devices, apis, kind) + [i for i, info in enumerate(devices) if _channels(info, kind)]
    for index in every:
        if devices[index]["name"] == name:
            return index
    hint = f"Connect it again, or choose another {kind.noun} in Settings."
    raise DeviceError(f"The {kind.noun} “{name}” is not there", hint=hint)


def _plug_in_hint(kind: Kind) -> str:
    if kind is Kind.INPUT:
        return "Connect one and try again, or type the answer instead."
    return "Connect one and try again; questions can be read on the screen meanwhile."


def _channels(info: Info, kind: Kind) -> int:
    return int(info[f"max_{kind.value}_channels"])


def _api_index(devices: Sequence[Info], apis: Sequence[Info], kind: Kind) -> int | None:
    with_devices = {info["hostapi"] for info in devices if _channels(info, kind)}
    for preferred in PREFERRED_APIS:
        for index, api in enumerate(apis):
            if api["name"] == preferred and index in with_devices:
                return index
    return min(with_devices, default=None)


def _indices(devices: Sequence[Info], apis: Sequence[Info], kind: Kind) -> list[int]:
    api = _api_index(devices, apis, kind)
    return [
        index
        for index, info in enumerate(devices)
        if info["hostapi"] == api and _channels(info, kind) and str(info["name"]).split(":")[0] not in ALSA_PLUGINS
    ]


def _default_index(devices: Sequence[Info], apis: Sequence[Info], kind: Kind) -> int | None:
    api = _api_index(devices, apis, kind)
    if api is None:
        return None
    default = int(apis[api][f"default_{kind.value}_device"])
    # PortAudio says -1 where the system names no default; the first one is better than none.
    return default if default >= 0 else next(iter(_indices(devices, apis, kind)), None)
