"""Work that blocks, done off the GUI thread, one piece after the other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar, cast

from PySide6.QtCore import QObject

from interviewer.core.errors import InterviewerError
from interviewer.workers.door import Door

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Errand:
    function: Callable[..., Any]
    args: tuple[object, ...]
    done: Callable[[Any], None] | None
    failed: Callable[[InterviewerError], None] | None


class Lane:
    """One thread that does what it is given in order; make it on the GUI thread.

    A thread of its own rather than an executor: Python waits for an executor's threads at
    exit, however long they hang.
    """

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        self._door = Door(parent)
        self._errands: SimpleQueue[_Errand | None] = SimpleQueue()
        self._closed = False
        self._thread = Thread(target=self._work, name=f"lane {name}", daemon=True)
        self._thread.start()

    def run(
        self,
        function: Callable[..., T],
        *args: object,
        done: Callable[[T], None] | None = None,
        failed: Callable[[InterviewerError], None] | None = None,
    ) -> None:
        """Call `function(*args)` on the lane, then `done(result)` or `failed(error)` on the GUI thread.

        Returns at once; from the GUI thread only. Every error arrives as an InterviewerError;
        without `failed` it is logged. After `close` nothing is done.
        """
        if self._closed:
            log.warning("a lane was given work after it was closed")
            return
        self._errands.put(_Errand(function, args, done, failed))

    def wait_for(self, function: Callable[..., T], *args: object) -> T:
        """Call `function(*args)` on the lane and return its result; for the thread of another lane.

        Blocks, so never from the GUI thread. Raises what the function raises, and
        InterviewerError once the lane was closed.
        """
        answer: SimpleQueue[tuple[T | None, Exception | None]] = SimpleQueue()

        def ask() -> None:
            try:
                answer.put((function(*args), None))
            except Exception as exc:  # noqa: BLE001 - raised again where it is waited for
                answer.put((None, exc))

        if self._closed:
            raise InterviewerError("The program is closing", hint="Start Interviewer again.")
        self._errands.put(_Errand(ask, (), None, None))
        result, fault = answer.get()
        if fault is not None:
            raise fault
        return cast("T", result)

    def close(self, deadline_s: float) -> bool:
        """Finish what was given, for `deadline_s` at most; no `done` or `failed` arrives any more.

        Returns whether everything was finished. What was not goes on until the program ends.
        """
        self._door.close()
        if not self._closed:
            self._closed = True
            self._errands.put(None)
        self._thread.join(deadline_s)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (errand := self._errands.get()) is not None:
            try:
                result = errand.function(*errand.args)
            except InterviewerError as exc:
                self._tell(errand, exc)
            except Exception as exc:
                log.exception("work on a lane failed")
                self._tell(errand, InterviewerError(f"Something unexpected went wrong ({type(exc).__name__})"))
            else:
                if errand.done is not None:
                    self._door.call(errand.done, result)

    def _tell(self, errand: _Errand, error: InterviewerError) -> None:
        if errand.failed is not None:
            self._door.call(errand.failed, error)
        else:
            log.error("%s", error)
