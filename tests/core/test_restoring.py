"""Every start sees whether a restore was ended half-way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from interviewer.core.restoring import filled, filling, is_pending, lock_of


def test_usually_none_was(tmp_path: Path):
    assert not is_pending(tmp_path / "data")


@pytest.mark.parametrize("place", [filled, filling])
def test_what_one_left_is_seen(tmp_path: Path, place: Callable[[Path], Path]):
    place(tmp_path / "data").mkdir()
    assert is_pending(tmp_path / "data")


def test_it_is_seen_beside_the_folder_that_a_link_leads_to(tmp_path: Path):
    (tmp_path / "real" / "data").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "real" / "data")
    filled(tmp_path / "real" / "data").mkdir()
    assert is_pending(tmp_path / "link")


def test_everything_lies_beside_the_data_folder(tmp_path: Path):
    data = tmp_path / "data"
    assert {p.parent for p in (filled(data), filling(data), lock_of(data))} == {tmp_path}
