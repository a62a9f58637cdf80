"""Which microphone is offered when the chosen one fails."""

from __future__ import annotations

import pytest

from interviewer.core.microphones import instead
from interviewer.core.ports import Device

BUILT_IN = Device("Built-in", 48_000, is_default=True)
HEADSET = Device("Headset", 16_000, is_default=False)
WEBCAM = Device("Webcam", 48_000, is_default=False)


def test_the_system_s_microphone_is_offered_when_the_chosen_one_is_gone() -> None:
    assert instead("Headset", (WEBCAM, BUILT_IN), refused=False) == "Built-in"


@pytest.mark.parametrize("wanted", ["Headset", None])
def test_a_microphone_that_stopped_and_is_still_there_is_opened_anew(wanted: str | None) -> None:
    assert instead(wanted, (BUILT_IN, HEADSET), refused=False) is None


@pytest.mark.parametrize(("wanted", "offered"), [("Headset", "Built-in"), (None, "Headset"), ("Built-in", "Headset")])
def test_for_a_microphone_that_refuses_another_one_is_offered(wanted: str | None, offered: str) -> None:
    assert instead(wanted, (BUILT_IN, HEADSET), refused=True) == offered


def test_where_the_system_has_no_microphone_of_its_own_any_other_is_offered() -> None:
    assert instead(None, (HEADSET, WEBCAM), refused=False) == "Headset"


@pytest.mark.parametrize(
    ("wanted", "there"), [("Headset", ()), (None, ()), (None, (BUILT_IN,)), ("Headset", (HEADSET,))]
)
def test_where_there_is_no_other_nothing_is_offered(wanted: str | None, there: tuple[Device, ...]) -> None:
    assert instead(wanted, there, refused=True) is None
