"""The door through which engines call back: shut once, nothing comes through any more."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import ParamSpec

log = logging.getLogger(__name__)

P = ParamSpec("P")


class Gate:
    """Callbacks of one recording, playback or utterance, from any thread.

    Once `shut` has returned, none of them runs or will run. That takes a lock held while a
    callback runs; so a callback may shut its own gate, but must not wait for another
    thread that is about to. A callback that raises is logged and changes nothing: a
    mistake in a window must not end a recording.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._open = True

    @property
    def is_open(self) -> bool:
        """Whether callbacks still come through."""
        return self._open

    def tell(self, callback: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> bool:
        """Call `callback` if the gate is open, and say whether it was."""
        with self._lock:
            if not self._open:
                return False
            self._call(callback, *args, **kwargs)
            return True

    def tell_last(self, callback: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> bool:
        """Shut the gate and call `callback` as the last one, if it was open; say whether it was."""
        with self._lock:
            if not self._open:
                return False
            self._open = False
            self._call(callback, *args, **kwargs)
            return True

    def shut(self) -> None:
        """Let nothing through from now on; waits for a callback that is running."""
        with self._lock:
            self._open = False

    @staticmethod
    def _call(callback: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            callback(*args, **kwargs)
        except Exception:
            log.exception("a callback failed")
