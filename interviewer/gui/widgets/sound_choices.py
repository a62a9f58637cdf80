"""The words of devices and voices in pickers; None always is the system's own choice."""

from __future__ import annotations

from collections.abc import Sequence

from interviewer.core.ports import Device
from interviewer.workers.status import DeviceList

Choices = tuple[tuple[str, str | None], ...]


def microphone_choices(devices: DeviceList) -> Choices:
    """Return (words, name kept in the settings) for each microphone, the system's default first."""
    return _choices(devices.microphones, "The system's microphone")


def loudspeaker_choices(devices: DeviceList) -> Choices:
    """Return (words, name kept in the settings) for each loudspeaker, the system's default first."""
    return _choices(devices.loudspeakers, "The system's loudspeaker")


def voice_choices(devices: DeviceList) -> Choices:
    """Return (words, id kept in the settings) for each voice, English ones first."""
    voices = sorted(devices.voices, key=lambda v: (not v.language.lower().startswith("en"), v.name.lower()))
    named = tuple((f"{v.name} ({v.language})" if v.language else v.name, v.id) for v in voices)
    return (("The system's voice", None), *named)


def _choices(devices: Sequence[Device], own: str) -> Choices:
    default = next((device.name for device in devices if device.is_default), "")
    first = f"{own} ({default})" if default else own
    return ((first, None), *((device.name, device.name) for device in devices))
