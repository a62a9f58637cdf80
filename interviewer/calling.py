"""The two ends of the call by which a later start has the open window shown.

One line goes in, `show` with perhaps a token of the desktop, and one comes out, `shown`. Whoever sends
anything else, too much of it, or is slow, is dropped without an answer.
"""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path
from time import monotonic
from typing import cast

from PySide6.QtCore import QObject, QThread, QTimer, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QWidget

from interviewer.one_window import is_ours, parse_request, request, server_names, show

log = logging.getLogger(__name__)

LINE_S = 1.0
"""How long a caller may take for its line, and the window for its answer."""
MOST_BYTES = 256
MOST_CALLERS = 8
ANSWER = b"shown\n"


PATIENCE_S = 2.0
"""How long a later start waits for the window: it may be starting itself, or hang."""


def bring_to_front(data_dir: Path, *, within_s: float = PATIENCE_S) -> bool:
    """Ask the window that is open on the folder to show itself; say whether it answered within `within_s`."""
    until = monotonic() + within_s
    while monotonic() < until:
        for name in filter(is_ours, server_names(data_dir)):
            if ask(name, request(), until=until):
                return True
        # A window that is starting listens only after its first paint.
        QThread.msleep(50)
    return False


def ask(name: str, line: bytes, *, until: float) -> bool:
    """Send a line to the window that listens at `name`; say whether it answered before `until` (monotonic, s)."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_left_ms(until)):
        return False
    socket.write(line)
    socket.flush()
    while not socket.canReadLine() and socket.bytesAvailable() <= len(ANSWER):
        if not socket.waitForReadyRead(_left_ms(until)):
            return False
    return bytes(socket.read(len(ANSWER) + 1).data()) == ANSWER


def _left_ms(until: float) -> int:
    # -1 would be for ever.
    return max(int(1000 * (until - monotonic())), 1)


class Callers(QObject):
    """Listens for later starts and shows `window` for each.

    Make it once the folder is held: what lies where it listens is then left over from a process that
    is gone, and is taken away.
    """

    def __init__(self, data_dir: Path, window: QWidget) -> None:
        super().__init__()
        self._window = window
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        if not any(self._listens(name) for name in server_names(data_dir)):
            log.info("a later start cannot reach this window")

    def close(self) -> None:
        """Hear nobody any more."""
        self._server.close()
        for caller in self._callers():
            caller.drop()

    def _listens(self, name: str) -> bool:
        QLocalServer.removeServer(name)
        return self._server.listen(name)

    def _callers(self) -> list[_Caller]:
        return self.findChildren(_Caller)

    @Slot()
    def _on_connection(self) -> None:
        while (socket := cast("QLocalSocket | None", self._server.nextPendingConnection())) is not None:
            if len(self._callers()) < MOST_CALLERS:
                _Caller(self, socket, partial(show, self._window))
            else:
                socket.abort()
                socket.deleteLater()


class _Caller(QObject):
    """One connection, until it was answered or dropped."""

    def __init__(self, parent: QObject, socket: QLocalSocket, wanted: partial[None]) -> None:
        super().__init__(parent)
        self._socket = socket
        self._wanted = wanted
        self._heard = False
        socket.setParent(self)
        socket.setReadBufferSize(MOST_BYTES)
        socket.readyRead.connect(self._on_bytes)
        socket.disconnected.connect(self.deleteLater)
        QTimer.singleShot(int(1000 * LINE_S), self, self.drop)
        self._on_bytes()  # they may have come before

    @Slot()
    def drop(self) -> None:
        """End it, whatever it is at."""
        self._socket.abort()
        self.deleteLater()

    @Slot()
    def _on_bytes(self) -> None:
        if self._heard:
            return
        if not self._socket.canReadLine():
            if self._socket.bytesAvailable() >= MOST_BYTES:
                self.drop()
            return
        self._heard = True
        token = parse_request(bytes(self._socket.readLine(MOST_BYTES).data()))
        if token is None:
            self.drop()
            return
        self._wanted(token)
        self._socket.write(ANSWER)
        self._socket.disconnectFromServer()
