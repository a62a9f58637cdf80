"""Where the program's own log goes, and what may be in it.

Nothing that was asked, said, answered or chosen: lines tell what happened, how long it took and
where it failed. `core.redaction` takes out what an error or a path would tell beside that.
"""

from __future__ import annotations

import getpass
import logging
import os
import sys
import threading
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from interviewer.core.redaction import Redactor

LOG_NAME = "interviewer.log"
LOG_BYTES = 1_000_000
OURS = "interviewer"
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

log = logging.getLogger(__name__)


class PrivateFormatter(logging.Formatter):
    """Writes a record as one line without what is private in it."""

    def __init__(self, redactor: Redactor | None = None, form: str = _FORMAT) -> None:
        super().__init__(form)
        self._redactor = redactor or this_user()

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. An error that comes along is told by its kind and place."""
        clean = logging.makeLogRecord(record.__dict__)
        clean.args, clean.exc_info, clean.exc_text, clean.stack_info = None, None, None, None
        message = self._redactor.clean(self._message(record))
        error = record.exc_info[1] if record.exc_info else None
        clean.msg = f"{message} [{self._redactor.told(error)}]" if error is not None else message
        return super().format(clean)

    def _message(self, record: logging.LogRecord) -> str:
        """Return the message; an error among what is filled in is told as one, not by its text."""
        args = record.args
        if isinstance(args, tuple):
            args = tuple(self._redactor.told(a) if isinstance(a, BaseException) else a for a in args)
        try:
            return str(record.msg) % args if args else str(record.msg)
        except (TypeError, ValueError):
            return f"a message that could not be put together ({record.module}:{record.lineno})"


class PrivateFile(RotatingFileHandler):
    """A log file for its owner alone, and never through a link."""

    def _open(self) -> TextIOWrapper:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
        handle = os.open(self.baseFilename, flags, 0o600)
        return TextIOWrapper(os.fdopen(handle, "ab"), encoding=self.encoding, errors="replace")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging calls it so
        """Say nothing: a full disk must not fill the terminal with tracebacks of the log itself."""


def this_user() -> Redactor:
    """Return what takes this user's home folders and names out."""
    home = os.path.expanduser("~")  # noqa: PTH111 - Path.home raises where there is none
    names = {Path(home).name}
    try:
        names.add(getpass.getuser())
    except (OSError, KeyError, ImportError):
        names.discard("")
    return Redactor.of({home, os.path.realpath(home)}, names)


def log_to(path: Path) -> None:
    """Have what the program logs written to a file, 0600, of which one older part is kept."""
    handler = PrivateFile(path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", delay=True)
    handler.setFormatter(PrivateFormatter())
    for name in (OURS, "py.warnings"):
        logging.getLogger(name).addHandler(handler)
    logging.captureWarnings(True)
    logging.getLogger(OURS).setLevel(logging.INFO)
    catch_the_rest()


def log_to_stderr(level: int = logging.WARNING) -> None:
    """Have everything that is logged in this process told on standard error, as private as in a file.

    Standard error of a program that was started from a desktop ends in the system's journal.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PrivateFormatter())
    logging.basicConfig(level=level, handlers=[handler])


def catch_the_rest() -> None:
    """Log errors that nobody caught in a thread or while something is cleared away; Python would print them whole."""
    threading.excepthook = _on_thread_fault
    sys.unraisablehook = _on_unraisable


def _on_thread_fault(fault: threading.ExceptHookArgs) -> None:
    if fault.exc_value is not None:
        log.error("a thread ended unexpectedly", exc_info=fault.exc_value)


def _on_unraisable(fault: sys.UnraisableHookArgs) -> None:
    if fault.exc_value is not None:
        log.warning("something could not be cleared away", exc_info=fault.exc_value)
