"""A command that changes what is kept takes the data folder for itself, as a window does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from interviewer.core.errors import StoreError
from interviewer.core.paths import make_private


@contextmanager
def folder_held(data_dir: Path) -> Iterator[None]:
    """Keep every window and every other such command out of the data folder, which is made when missing.

    Raises StoreError while one has it, or when the folder cannot be written to.
    """
    from interviewer.one_window import hold

    found = hold(make_private(data_dir))
    if found is None:
        hint = "Close its window, or wait until the other command is done, and try again."
        raise StoreError("Interviewer is at work with this data folder", hint=hint)
    try:
        yield
    finally:
        found.let_go()
