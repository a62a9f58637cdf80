"""Whether a folder is kept in step with other computers, and what sync programs leave in it.

Judged by names alone: what a service calls its folder, what it puts there for itself, and how it
names the second copy of a file that two computers changed at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import PurePath

from interviewer.core.errors import StoreError

# Folder names as the services make them; macOS keeps them as "Dropbox", "OneDrive-Personal",
# "GoogleDrive-someone@example.com" in ~/Library/CloudStorage.
_FOLDERS = (
    (re.compile(r"dropbox( \(.*\))?|dropbox-.*", re.IGNORECASE), "Dropbox"),
    (re.compile(r"onedrive([ -].*)?", re.IGNORECASE), "OneDrive"),
    (re.compile(r"mobile documents|clouddocs|com~apple~clouddocs|iclouddrive|icloud drive", re.IGNORECASE), "iCloud"),
    (re.compile(r"google ?drive(-.*)?|drivefs", re.IGNORECASE), "Google Drive"),
    (re.compile(r"nextcloud\d*", re.IGNORECASE), "Nextcloud"),
    (re.compile(r"owncloud", re.IGNORECASE), "ownCloud"),
    (re.compile(r"pclouddrive", re.IGNORECASE), "pCloud"),
)
MARKERS = (
    (".stfolder", "Syncthing"),
    (".dropbox", "Dropbox"),
    (".nextcloudsync.log", "Nextcloud"),
    (".owncloudsync.log", "ownCloud"),
)
"""What lies in the top folder of what a service keeps in step, and whose it is."""

# The name of the copy, less the file's own stem and suffix.
_CONFLICT = re.compile(
    r" \(.*conflict.*\)"  # Dropbox, Nextcloud, Box
    r"|[._-](sync-)?conflict[._-].*"  # Syncthing, ownCloud
    r"| \(\d{1,3}\)"  # Google Drive
    r"| \d{1,3}",  # iCloud
    re.IGNORECASE | re.DOTALL,
)
_MOST_TOLD = 3


def service_of(folder: PurePath, exists: Callable[[PurePath], bool]) -> str:
    """Return the name of the service that keeps `folder` in step, "" when none is known to.

    `folder` is absolute, without links; `exists` is asked for the markers beside it and above it.
    """
    for place in (folder, *folder.parents):
        for pattern, service in _FOLDERS:
            if pattern.fullmatch(place.name):
                return service
    for place in (folder, *folder.parents):
        for marker, service in MARKERS:
            if exists(place / marker):
                return service
    return ""


def conflict_copies(names: Iterable[str], kept: str, *, hosts: Iterable[str] = ()) -> tuple[str, ...]:
    """Return which of `names` are second copies of the file `kept` that a sync program made.

    OneDrive adds the name of a computer; `hosts` are those that are known, since anything might
    follow a hyphen.
    """
    stem, dot, suffix = kept.rpartition(".")
    tails = {f"-{host}".lower() for host in hosts if host}
    found = []
    for name in names:
        if name == kept or not name.startswith(stem) or not name.endswith(dot + suffix):
            continue
        middle = name[len(stem) : -len(dot + suffix)]
        if _CONFLICT.fullmatch(middle) or _looks_like_a_computer(middle) or middle.lower() in tails:
            found.append(name)
    return tuple(sorted(found))


def _looks_like_a_computer(middle: str) -> bool:
    """Say whether this is a hyphen and a name as Windows gives its computers, the second copy's number included."""
    return re.fullmatch(r"-(DESKTOP|LAPTOP|WIN|PC)-[A-Z0-9-]{1,20}( \(\d{1,3}\))?", middle) is not None


def told_of_copies(copies: tuple[str, ...], kept: str) -> StoreError:
    """Return what to tell about second copies of the database."""
    printable = ["".join(c for c in name if c.isprintable()) for name in copies[:_MOST_TOLD]]
    more = f" and {len(copies) - _MOST_TOLD} more" if len(copies) > _MOST_TOLD else ""
    return StoreError(
        f"A sync program left a second database in the data folder: {', '.join(printable)}{more}",
        hint=f"Two computers wrote at once. {kept} is the one in use; answers given on the other computer may be in "
        "the copy alone, so keep it: move it to a folder of its own, which opens with --data-dir.",
    )


def told_of_service(service: str) -> StoreError:
    """Return what to tell about a folder that is kept in step with other computers."""
    return StoreError(
        f"The data folder lies in a place that {service} copies to other computers",
        hint="Your recordings leave this machine that way. Never have Interviewer open on two computers at once, "
        "or choose another folder with --data-dir.",
    )
