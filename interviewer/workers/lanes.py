"""Work that may block, off the GUI thread, one piece at a time and in order."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

from interviewer.core.errors import InterviewerError
from interviewer.workers.door import Door

log = logging.getLogger(__name__)

Done = Callable[[Any], None]
Failed = Callable[[InterviewerError], None]


class Lane:
    """One thread with a queue. Make it on the GUI thread: callbacks arrive there."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._door = Door()
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._last: Future[None] | None = None

    def run(
        self, function: Callable[..., Any], *args: object, done: Done | None = None, failed: Failed | None = None
    ) -> None:
        """Have `function(*args)` run on the lane, then `done(result)` or `failed(error)` on the GUI thread.

        A failure that is no InterviewerError is logged and told as one. Does nothing after `close`.
        """
        try:
            self._last = self._executor.submit(self._work, function, args, done, failed)
        except RuntimeError:  # closed: the window is going away
            log.info("lane %s is closed", self._name)

    def _work(
        self, function: Callable[..., Any], args: tuple[object, ...], done: Done | None, failed: Failed | None
    ) -> None:
        try:
            result = function(*args)
        except InterviewerError as error:
            self._tell(failed, error)
        except Exception as exc:
            log.exception("lane %s", self._name)
            self._tell(failed, InterviewerError(f"Something unexpected went wrong ({type(exc).__name__})"))
        else:
            if done is not None:
                self._door.call(done, result)

    def _tell(self, failed: Failed | None, error: InterviewerError) -> None:
        if failed is None:
            log.error("lane %s: %s", self._name, type(error).__name__)
        else:
            self._door.call(failed, error)

    def close(self, deadline_s: float) -> bool:
        """Finish what is queued; return whether it was finished within the deadline. No callback comes after."""
        self._executor.shutdown(wait=False)
        finished = self._last is None or not wait([self._last], timeout=deadline_s).not_done
        self._door.close()
        return finished
