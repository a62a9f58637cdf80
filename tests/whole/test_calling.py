"""The call by which a later start has the open window shown; nothing of what comes in is believed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic

import pytest
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from interviewer import calling, one_window
from interviewer.calling import ANSWER, MOST_BYTES, MOST_CALLERS, Callers, bring_to_front

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="speaks to the socket itself")


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder with a short name: a socket's path has about 100 bytes."""
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.delenv("XDG_ACTIVATION_TOKEN", raising=False)
    folder = Path(mkdtemp(prefix="data-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def callers(data: Path, window: QWidget) -> Iterator[Callers]:
    made = Callers(data, window)
    yield made
    made.close()


def call(data: Path, sent: bytes) -> socket.socket:
    """Connect and send; the answer comes once Qt has had its turn."""
    link = socket.socket(socket.AF_UNIX)
    link.settimeout(5)
    link.connect(str(data / one_window.SOCKET_NAME))
    link.sendall(sent)
    return link


def answer(qtbot: QtBot, link: socket.socket) -> bytes:
    """Return everything that comes until the other side hangs up."""
    link.setblocking(False)
    heard = bytearray()

    def over() -> bool:
        try:
            block = link.recv(100)
        except BlockingIOError:
            return False
        except ConnectionResetError:
            return True
        heard.extend(block)
        return not block

    qtbot.waitUntil(over, timeout=5000)
    link.close()
    return bytes(heard)


def test_a_request_shows_the_window_and_is_answered(
    qtbot: QtBot, data: Path, callers: Callers, window: QWidget
) -> None:
    assert answer(qtbot, call(data, b"show\n")) == ANSWER
    assert window.isVisible()


@pytest.mark.parametrize(
    "sent",
    [
        b"hide\n",
        b"show \n",
        b"show a b\n",
        b"show \x1b[31m\n",
        b"show " + b"t" * 201 + b"\n",
        b"\n",
        b"SHOW\n",
        b"\x00\xff\n",
        b"x" * MOST_BYTES,
        b"show" + b" " * MOST_BYTES * 4 + b"\n",
    ],
)
def test_anything_else_is_dropped_without_an_answer(
    qtbot: QtBot, data: Path, callers: Callers, window: QWidget, sent: bytes
) -> None:
    assert answer(qtbot, call(data, sent)) == b""
    assert not window.isVisible()


def test_who_is_slow_is_dropped(
    qtbot: QtBot, data: Path, callers: Callers, window: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "LINE_S", 0.05)
    assert answer(qtbot, call(data, b"sho")) == b""
    assert not window.isVisible()


def test_only_so_many_callers_are_heard_at_once(qtbot: QtBot, data: Path, callers: Callers) -> None:
    links = [call(data, b"sho") for _ in range(MOST_CALLERS)]
    qtbot.waitUntil(lambda: len(callers._callers()) == MOST_CALLERS)
    assert answer(qtbot, call(data, b"show\n")) == b""
    for link in links:
        link.close()


def test_what_an_earlier_process_left_is_no_reason_not_to_listen(qtbot: QtBot, data: Path, window: QWidget) -> None:
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(data / one_window.SOCKET_NAME))
    left.close()
    made = Callers(data, window)
    assert answer(qtbot, call(data, b"show\n")) == ANSWER
    made.close()


def test_the_token_of_the_desktop_is_there_for_qt_and_then_gone(
    qtbot: QtBot, data: Path, callers: Callers, window: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    monkeypatch.setattr(window, "activateWindow", lambda: seen.append(os.environ.get("XDG_ACTIVATION_TOKEN")))
    answer(qtbot, call(data, b"show abc_1\n"))
    assert (seen, "XDG_ACTIVATION_TOKEN" in os.environ) == (["abc_1"], False)


def test_a_token_that_no_desktop_makes_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "a b\n")
    assert one_window.request() == b"show\n"


def test_nobody_is_asked_where_nobody_listens(data: Path) -> None:
    assert not bring_to_front(data, within_s=0.1)


def test_a_socket_of_somebody_else_is_not_asked(data: Path, callers: Callers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_window.os, "geteuid", lambda: os.getuid() + 1)
    asked: list[str] = []
    monkeypatch.setattr(calling, "ask", lambda name, *_, **__: asked.append(name))
    assert not bring_to_front(data, within_s=0.1)
    assert asked == []


def test_a_file_in_place_of_the_socket_is_not_asked(data: Path) -> None:
    (data / one_window.SOCKET_NAME).write_bytes(b"")
    assert not bring_to_front(data, within_s=0.1)


def test_an_answer_that_is_none_of_ours_counts_for_nothing(data: Path) -> None:
    name = str(data / one_window.SOCKET_NAME)
    # In a process of its own: Qt keeps Python's lock while it waits.
    program = (
        "import socket, sys; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); print(flush=True)\n"
        "link, _ = s.accept(); link.sendall(b'\\x1b' * 10_000)"
    )
    with subprocess.Popen([sys.executable, "-c", program, name], stdout=subprocess.PIPE) as hostile:
        assert hostile.stdout is not None
        hostile.stdout.readline()
        until = monotonic() + 30
        assert not calling.ask(name, b"show\n", until=until)
        assert monotonic() < until


def test_a_shared_folder_is_no_place_for_the_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o755)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert not any(name.startswith(str(tmp_path)) for name in one_window.server_names(Path("/data")))


def test_another_folder_has_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = mkdtemp()
    monkeypatch.setenv("XDG_RUNTIME_DIR", runtime)
    first, second = (one_window.server_names(Path(data))[0] for data in ("/data/a", "/data/b"))
    assert first.startswith(runtime)
    assert first != second
    Path(runtime).rmdir()


def test_a_modal_dialog_comes_to_the_front_with_the_window(qtbot: QtBot, window: QWidget) -> None:
    window.showMinimized()
    dialog = QDialog(window)
    dialog.open()
    one_window.show(window, "")
    assert not window.isMinimized()
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.close()
