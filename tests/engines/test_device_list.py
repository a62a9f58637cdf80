"""Which devices are shown, over the lists of other people's machines."""

from __future__ import annotations

from typing import Any

import pytest

from interviewer.core.errors import DeviceError
from interviewer.core.ports import Device
from interviewer.engines.device_list import Kind, find, listed


def info(name: str, api: int, inputs: int = 0, outputs: int = 0, rate_hz: float = 48000.0) -> dict[str, Any]:
    return {
        "name": name,
        "hostapi": api,
        "max_input_channels": inputs,
        "max_output_channels": outputs,
        "default_samplerate": rate_hz,
    }


def api(name: str, default_input: int = -1, default_output: int = -1) -> dict[str, Any]:
    return {"name": name, "default_input_device": default_input, "default_output_device": default_output}


LAPTOP_DEVICES = [
    info("HDA Intel PCH: ALC256 Analog (hw:0,0)", 0, inputs=2, outputs=2, rate_hz=44100.0),
    info("HDA Intel PCH: HDMI 0 (hw:0,3)", 0, outputs=8),
    info("sysdefault", 0, inputs=128, outputs=128),
    info("front", 0, outputs=2),
    info("surround40", 0, outputs=2),
    info("upmix", 0, outputs=8),
    info("samplerate", 0, inputs=128, outputs=128),
    info("pulse", 0, inputs=32, outputs=32),
    info("default", 0, inputs=32, outputs=32),
]
LAPTOP_APIS = [api("ALSA", 8, 8)]

WINDOWS_DEVICES = [
    info("Microphone Array (Realtek High ", 0, inputs=2, rate_hz=44100.0),
    info("Speakers (Realtek High Definiti", 0, outputs=2, rate_hz=44100.0),
    info("Microphone Array (Realtek High Definition Audio)", 1, inputs=2, rate_hz=44100.0),
    info("Headset (USB)", 2, inputs=1, rate_hz=16000.0),
    info("Microphone Array (Realtek High Definition Audio)", 2, inputs=2),
    info("Speakers (Realtek High Definition Audio)", 2, outputs=2),
]
WINDOWS_APIS = [api("MME", 0, 1), api("Windows DirectSound", 2, -1), api("Windows WASAPI", 4, 5)]


def test_alsa_plugins_are_not_shown() -> None:
    names = [device.name for device in listed(LAPTOP_DEVICES, LAPTOP_APIS, Kind.OUTPUT)]

    assert names == ["default", "HDA Intel PCH: ALC256 Analog (hw:0,0)", "HDA Intel PCH: HDMI 0 (hw:0,3)", "pulse"]


def test_only_devices_of_the_right_direction_are_shown() -> None:
    names = [device.name for device in listed(LAPTOP_DEVICES, LAPTOP_APIS, Kind.INPUT)]

    assert "HDA Intel PCH: HDMI 0 (hw:0,3)" not in names


def test_the_default_is_marked_and_first() -> None:
    devices = listed(LAPTOP_DEVICES, LAPTOP_APIS, Kind.INPUT)

    assert [device.is_default for device in devices] == [True, False, False]


def test_on_windows_each_device_is_shown_once_with_its_full_name() -> None:
    assert listed(WINDOWS_DEVICES, WINDOWS_APIS, Kind.INPUT) == (
        Device("Microphone Array (Realtek High Definition Audio)", 48000, is_default=True),
        Device("Headset (USB)", 16000, is_default=False),
    )


def test_a_name_leads_to_the_device_of_the_shown_list() -> None:
    assert find(WINDOWS_DEVICES, WINDOWS_APIS, Kind.INPUT, "Microphone Array (Realtek High Definition Audio)") == 4


def test_a_name_that_is_not_shown_any_more_still_works() -> None:
    assert find(WINDOWS_DEVICES, WINDOWS_APIS, Kind.INPUT, "Microphone Array (Realtek High ") == 0


def test_no_name_leads_to_the_default_of_the_shown_list() -> None:
    assert find(WINDOWS_DEVICES, WINDOWS_APIS, Kind.OUTPUT, None) == 5


def test_without_a_default_the_first_device_is_taken() -> None:
    devices = [info("front", 0, outputs=2), info("USB (hw:1,0)", 0, outputs=2)]

    assert find(devices, [api("ALSA")], Kind.OUTPUT, None) == 1


def test_an_unknown_name_is_told_with_a_way_out() -> None:
    with pytest.raises(DeviceError, match="Blue Yeti") as caught:
        find(LAPTOP_DEVICES, LAPTOP_APIS, Kind.INPUT, "Blue Yeti")

    assert "Settings" in caught.value.hint


def test_a_loudspeaker_is_no_microphone_of_the_same_name() -> None:
    with pytest.raises(DeviceError):
        find(LAPTOP_DEVICES, LAPTOP_APIS, Kind.INPUT, "HDA Intel PCH: HDMI 0 (hw:0,3)")


def test_a_machine_without_sound_has_no_devices() -> None:
    assert listed([], [api("ALSA")], Kind.INPUT) == ()


@pytest.mark.parametrize(("kind", "noun"), [(Kind.INPUT, "microphone"), (Kind.OUTPUT, "loudspeaker")])
def test_a_machine_without_sound_says_what_is_missing(kind: Kind, noun: str) -> None:
    with pytest.raises(DeviceError, match=f"There is no {noun}"):
        find([], [api("ALSA")], kind, None)
