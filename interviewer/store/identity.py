"""Which data folder a backup is of: a random id that lies in the folder and in the list of each of its backups.

Several data folders, or computers, may have one folder of backups. None may take the backups of
another for its own, thin them out or remove them. Backups of before there were ids have none.
"""

from __future__ import annotations

import logging
import re
import secrets
from pathlib import Path

from interviewer.core.files import read_small, write_whole
from interviewer.store.manifest import ID_NAME, ID_PATTERN

log = logging.getLogger(__name__)

_MOST_BYTES = 100


def id_of(data: Path) -> str:
    """Return the id of a data folder; "" where it has none that can be read."""
    try:
        found = read_small(data / ID_NAME, _MOST_BYTES).decode("ascii").strip()
    except (OSError, ValueError):
        return ""
    return found if re.fullmatch(ID_PATTERN, found) else ""


def made_id(data: Path) -> str:
    """Return the id of a data folder, which is given one where it has none; "" where it cannot be written."""
    if found := id_of(data):
        return found
    try:
        write_whole(data / ID_NAME, f"{secrets.token_hex(16)}\n".encode("ascii"))
    except OSError as exc:
        log.warning("the data folder cannot be given an id (%s)", type(exc).__name__)
    return id_of(data)
