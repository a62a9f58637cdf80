"""Gives memory back to the system that the C library would keep for later."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Any


def trim() -> None:
    """Return free memory to the system where the C library can; does nothing elsewhere.

    Pieces of many lengths leave holes in the heap: without this a process that wrote twenty answers down
    held some 120 MB more than it used, and every few answers a little more.
    """
    library = _library()
    if library is not None:
        library.malloc_trim(0)


@cache
def _library() -> Any:
    if not sys.platform.startswith("linux"):
        return None
    try:
        library = ctypes.CDLL("libc.so.6")
    except OSError:  # another C library, such as musl
        return None
    return library if hasattr(library, "malloc_trim") else None
