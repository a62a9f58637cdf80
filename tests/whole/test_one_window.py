"""One window for one data folder, with real processes: a later start, a hanging window, a killed one."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from interviewer.core import presence
from interviewer.core.paths import make_private
from tests.whole.real_window import opened

pytestmark = pytest.mark.models


def test_a_second_start_brings_the_first_window_to_the_front_and_ends_well(tmp_path: Path) -> None:
    with opened(tmp_path) as window:
        window.tell("hide")
        second = window.again()
        assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
        assert window.tell("state") == ["state", "False", "True"]
        assert window.end() == (0, "")


def test_a_window_that_hangs_is_told_of_instead(tmp_path: Path) -> None:
    with opened(tmp_path) as window:
        window.tell("hang")
        second = window.again()
        assert second.returncode == 1
        assert "open already" in second.stderr


def test_lock_and_socket_of_a_killed_window_are_no_reason_not_to_start(tmp_path: Path) -> None:
    with opened(tmp_path) as window:
        assert window.again().returncode == 0  # the socket is there by now
        window.process.kill()
        window.process.wait()
        assert (tmp_path / "data" / "in-use.lock").exists()
    with opened(tmp_path) as window:
        assert window.again().returncode == 0
        assert window.end() == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="the pipes of Windows have no file")
def test_the_socket_is_its_users_alone_and_gone_with_the_window(tmp_path: Path) -> None:
    # A folder of a short name: a socket's path has about 100 bytes.
    with TemporaryDirectory() as runtime, opened(tmp_path, XDG_RUNTIME_DIR=runtime) as window:
        assert window.again().returncode == 0
        (socket,) = Path(runtime).glob("interviewer-*")
        assert socket.is_socket()
        assert socket.stat().st_mode & 0o077 == 0
        assert window.end() == (0, "")
        assert not socket.exists()


def test_another_computer_in_the_folder_is_told_of(tmp_path: Path) -> None:
    data = make_private(tmp_path / "data")
    now = datetime.now(UTC)
    note = presence.Presence("office-pc", "0123456789abcdef", 7, now, now)
    make_private(data / "presence").joinpath(f"{note.machine}.json").write_bytes(presence.to_bytes(note))
    with opened(tmp_path) as window:
        assert " ".join(window.tell("banner office-pc")) == "This folder was in use on office-pc moments ago"
        assert window.end() == (0, "")


def test_the_lock_of_another_computer_is_taken_over_and_told_of(tmp_path: Path) -> None:
    data = make_private(tmp_path / "data")
    (data / "in-use.lock").write_text("7\npython3.11\nold-laptop\n0123\n4567\n", encoding="utf-8")
    with opened(tmp_path) as window:
        told = " ".join(window.tell("banner old-laptop"))
        assert told == "This folder was in use on old-laptop, and was not closed there"
        assert window.end() == (0, "")
