"""The model process's side of the child that has the faster engine.

A child of its own, because torch and CTranslate2 bring an OpenMP run time each, and two of
them in one process crash or hang (SYSTRAN/faster-whisper#967).
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from interviewer.core.errors import EngineError, ModelMissing
from interviewer.engines.faster_frames import INSTALL_HINT, read_message, write_message
from interviewer.engines.hear_whisper import too_large

log = logging.getLogger(__name__)

LOGGED_BYTES = 2000
"""Of what the child wrote on standard error, its end; never what was said."""

_PACKAGE_PARENT = Path(__file__).resolve().parents[2]


def child_command() -> tuple[str, ...]:
    """Return the command of the child. A frozen program has to pass one of its own."""
    # -P: the current folder is no place to import from; a `queue.py` there would be run.
    return (sys.executable, "-P", "-m", "interviewer.engines.faster_child")


class FasterChild:
    """A child process, from its start to `end` or until nothing refers to it. Not thread-safe.

    `model` is how to call the model in what is told. Raises EngineError when it cannot be started.
    """

    def __init__(self, model: str, command: Sequence[str] | None = None) -> None:
        self._model = model
        # A pipe would have to be emptied all the time; a child must not be held up by what it tells.
        self._told: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  as long as the child
        inherited = os.environ.get("PYTHONPATH", "")
        search = f"{_PACKAGE_PARENT}{os.pathsep}{inherited}" if inherited else str(_PACKAGE_PARENT)
        try:
            self._process = subprocess.Popen(  # noqa: S603  our own program; the sound travels on stdin
                tuple(command or child_command()),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._told,
                env={**os.environ, "PYTHONPATH": search, "HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"},
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as exc:
            self._told.close()
            raise EngineError(f"The faster engine cannot be started ({exc.strerror})") from exc
        self._end = weakref.finalize(self, _kill, self._process, self._told)

    @property
    def ended(self) -> bool:
        """Whether it does nothing any more, whatever ended it."""
        return not self._end.alive or self._process.poll() is not None

    def ask(self, request: dict[str, Any], blob: bytes = b"") -> dict[str, Any]:
        """Send a request, wait for the answer and return it.

        Raises ModelMissing when the engine is not installed, EngineError when it failed or its process ended.
        """
        assert self._process.stdin is not None  # both are pipes
        assert self._process.stdout is not None
        try:
            write_message(self._process.stdin, request, blob)
            answer, _ = read_message(self._process.stdout)
        except (OSError, EOFError) as exc:
            self._process.kill()
            log.warning("the faster engine ended with %s%s", self._process.wait(), self._last_words())
            self.end()
            raise EngineError("The faster engine stopped unexpectedly") from exc
        except BaseException:
            # An answer that is still to come would be taken for the next one.
            self.end()
            raise
        if not answer["ok"]:
            raise self._failure(answer)
        return answer

    def end(self) -> None:
        """Kill it, whatever it does. Does nothing the second time."""
        self._end()

    def _failure(self, answer: dict[str, Any]) -> EngineError:
        log.warning("the faster engine failed%s", self._last_words())
        if answer["memory"]:
            return too_large(self._model)
        if answer["error"] in ("ModuleNotFoundError", "ImportError"):
            return ModelMissing("The faster engine is not installed, or not whole", hint=INSTALL_HINT)
        return EngineError(f"The faster engine failed ({answer['error']})")

    def _last_words(self) -> str:
        """Return the end of what it told, for the log."""
        size = self._told.seek(0, os.SEEK_END)
        self._told.seek(max(0, size - LOGGED_BYTES))
        text = self._told.read().decode(errors="replace").strip()
        return f":\n{text}" if text else ""


def _kill(process: subprocess.Popen[bytes], told: IO[bytes]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout, told):
        if stream is not None:
            try:
                stream.close()
            except OSError:  # what was still to be written has no reader any more
                log.debug("the faster engine did not take all that it was sent")
