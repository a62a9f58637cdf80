"""Which microphone to offer when the chosen one fails."""

from __future__ import annotations

from collections.abc import Sequence

from interviewer.core.ports import Device


def instead(wanted: str | None, there: Sequence[Device], *, refused: bool) -> str | None:
    """Return the name of another microphone to record with, or None where there is nothing to offer.

    `wanted` is the one of the settings, None the system's default; `there` is what is
    plugged in now. One that merely stopped and is still there is opened anew by the next
    answer; only one that `refused` to open is not tried again before another is offered.
    """
    if not refused and any(device.is_default if wanted is None else device.name == wanted for device in there):
        return None
    others = [device for device in there if not (device.is_default if wanted is None else device.name == wanted)]
    return min(others, key=lambda device: not device.is_default).name if others else None
