"""Keeps the C library from holding memory that nobody uses, and gives back what it holds for later."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Any

# As malloc.h of the GNU C library numbers it; mallopt(3) tells what it does.
_ARENA_MAX = -8
_ARENAS = 2


def settle() -> None:
    """Have the C library keep few heaps; call it before threads are started.

    A dozen threads, each with a heap of its own and holes in it, hold more than they use, and a little more
    with every interview. Does nothing where the library is another one.
    """
    library = _library()
    if library is not None and hasattr(library, "mallopt"):
        library.mallopt(_ARENA_MAX, _ARENAS)


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
