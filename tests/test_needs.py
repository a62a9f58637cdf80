"""Nobody notices that nothing is tested any more: where everything is installed, no test is skipped for want of it."""

from __future__ import annotations

import pytest

from tests import sound_server
from tests.needs import NOTHING_MAY_LACK, needs


@pytest.mark.parametrize(
    ("there", "strict", "skipped"), [(None, "", True), ("/usr/bin/it", "", False), (None, "1", False)]
)
def test_a_test_is_skipped_for_what_lacks_only_where_that_may_be(
    monkeypatch: pytest.MonkeyPatch, there: str | None, strict: str, skipped: bool
) -> None:
    monkeypatch.setenv(NOTHING_MAY_LACK, strict)
    mark = needs(there, "it").mark
    assert (mark.args, mark.kwargs) == ((skipped,), {"reason": "it is not installed"})


def test_a_sound_server_that_lacks_fails_a_test_where_it_has_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULSE_SERVER", raising=False)
    monkeypatch.delenv(NOTHING_MAY_LACK, raising=False)
    assert not sound_server.reachable()
    monkeypatch.setenv(NOTHING_MAY_LACK, "1")
    with pytest.raises(AssertionError, match=r"\.ci/sound"):
        sound_server.reachable()
