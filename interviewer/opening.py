"""Opens the window first and everything else after its first paint."""

from __future__ import annotations

import io
import logging
import os
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    QSysInfo,
    Qt,
    QTimer,
    QtMsgType,
    Slot,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from interviewer.core import paths, restoring
from interviewer.core.errors import DeviceError, InterviewerError
from interviewer.gui.frame import Frame
from interviewer.interrupts import Interrupts
from interviewer.one_window import Hold, hold, open_already

if TYPE_CHECKING:
    from types import TracebackType

    from interviewer.app import Running
    from interviewer.calling import Callers
    from interviewer.workers.sharing import Sharing

log = logging.getLogger(__name__)


def run(data_dir: Path) -> int:
    """Open the window and return the exit code once it is closed.

    Where a window is open with this data folder already, it is brought to the front instead. Raises
    DeviceError where there is no display, StoreError when the data folder cannot be used, or is in
    use by a window that does not answer.
    """
    if not has_screen():
        hint = "Log in to a desktop, or run `interviewer demo --out DIR`, which needs no screen."
        raise DeviceError("There is no display", hint=hint)
    if restoring.is_pending(data_dir):
        from interviewer.store.restore import finish

        finish(data_dir, now=datetime.now(UTC))
    paths.make_private(data_dir)
    held = _hold_or_show(data_dir)
    if held is None:
        return 0
    qt = application(sys.argv[:1])
    interrupts = Interrupts(qt.quit)
    frame = Frame(data_dir)
    opening = _Opening(frame, data_dir, held)
    frame.painted.connect(opening.go_on)
    frame.show()
    frame.activateWindow()  # where no window manager does it
    try:
        code = qt.exec()
    finally:
        opening.close()
        held.let_go()
        interrupts.close()
    if opening.fault is not None:
        raise opening.fault
    return code


def _hold_or_show(data_dir: Path) -> Hold | None:
    """Take the folder for this window; None once the window that has it was brought to the front. Raises StoreError."""
    held = hold(data_dir)
    if held is None:
        from interviewer.calling import bring_to_front

        if bring_to_front(data_dir):
            return None
        # One that was being closed hears nobody any more, and lets go after its last work.
        held = hold(data_dir)
    if held is None:
        raise open_already()
    return held


def has_screen() -> bool:
    """Whether a window can be shown."""
    if sys.platform != "linux":
        return True
    wanted = os.environ.get("QT_QPA_PLATFORM", "")
    if wanted and not wanted.startswith(("xcb", "wayland")):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def application(arguments: list[str]) -> QApplication:
    """Return the Qt application with its names set; what Qt has to say goes to the log."""
    qInstallMessageHandler(_on_qt_message)
    qt = QApplication(arguments)
    qt.setApplicationName("interviewer")
    qt.setApplicationDisplayName("Interviewer")
    qt.setDesktopFileName("interviewer")
    # The window is in English whatever the system speaks: turned round by a translated Qt, or by -reverse, the key
    # in a button would stand on its words. Texts in other scripts run their own way inside of it.
    qt.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    return qt


def _on_qt_message(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    log.debug("Qt: %s", message)
    if kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg):
        # Qt is about to end the program: this is all that anybody will see.
        sys.stderr.write(f"interviewer: {message}\nRun `interviewer doctor` to see what is missing.\n")


class _Opening(QObject):
    """Fills the frame once it has been painted, and closes what it filled it with."""

    def __init__(self, frame: Frame, data_dir: Path, held: Hold) -> None:
        super().__init__()
        self.fault: InterviewerError | None = None
        self._frame = frame
        self._data_dir = data_dir
        self._held = held
        self._running: Running | None = None
        self._callers: Callers | None = None
        self._sharing: Sharing | None = None

    @Slot()
    def go_on(self) -> None:
        """Build the application and show it in the frame."""
        try:
            from interviewer.app import compose, real_devices
            from interviewer.core.logs import LOG_NAME, log_to

            log_to(self._data_dir / LOG_NAME)
            self._running = compose(self._data_dir, real_devices)
            sys.excepthook = partial(_on_fault, self._running)
            self._frame.fill(self._running.window)
            QTimer.singleShot(0, self._running.start)
            QTimer.singleShot(0, self._look_around)
        except InterviewerError as error:
            # The shipped bank itself is broken, or the like: there is nothing to show.
            self.fault = error
            QApplication.exit(1)
        except Exception as exc:
            log.exception("the window cannot be filled")
            hint = "Nothing is lost. Run `interviewer doctor`; the file interviewer.log in the data folder says where."
            self.fault = InterviewerError(f"The window cannot be opened ({type(exc).__name__})", hint=hint)
            QApplication.exit(1)

    @Slot()
    def _look_around(self) -> None:
        """Begin what concerns the folder and not the interview: later starts, other machines, who may read it."""
        from interviewer.calling import Callers
        from interviewer.one_window import machine_id
        from interviewer.workers.sharing import Sharing, machine_key

        if self._running is None:
            return
        self._callers = Callers(self._data_dir, self._frame)
        self._running.disk.run(_narrow, self._data_dir)
        machine = machine_key(machine_id(), QSysInfo.machineHostName())
        self._sharing = Sharing(self._data_dir, machine=machine, left_by=self._held.left_by)
        self._sharing.told.connect(self._running.conductor.told)
        self._sharing.start()

    def close(self) -> None:
        """End what runs."""
        for part in (self._callers, self._sharing):
            if part is not None:
                part.close()
        if self._running is not None:
            self._running.close()


def _narrow(data_dir: Path) -> int:
    # On the lane that calls it: what it imports is not waited for by the window.
    from interviewer.store.narrowing import narrow

    return narrow(data_dir)


def _on_fault(running: Running, kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    log.error("unexpected", exc_info=(kind, fault, trace))
    running.conductor.told.emit(
        InterviewerError(
            f"Something unexpected went wrong ({kind.__name__})",
            hint="What was recorded is kept. If it happens again, send the file interviewer.log from the data folder.",
        )
    )


def give_streams() -> None:
    """Give a program without a console streams that take what libraries print."""
    if sys.stdout is None:
        sys.stdout = io.StringIO()
    if sys.stderr is None:
        sys.stderr = io.StringIO()
