"""Whether another computer works in the data folder: what each notes there, and what that means.

A folder that a sync program copies has no lock that two computers see. So each running window
keeps a note in the folder, renews it every minute, and takes it away when it closes; a note of
another machine that is there is either of a window that is open, or of one that crashed.

Clocks of two machines differ. A note that looks a few minutes old is believed, and so is one from
the future, up to a day: the other clock is ahead. A clock that is behind makes a note look old; so
a note that *changes* between two looks is of an open window, whatever the clocks say.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from interviewer.core.errors import StoreError

RENEW_S = 60.0
FRESH = timedelta(minutes=15)
"""A window renews its note every minute, but a sync program may take some to bring it here."""
AHEAD = timedelta(days=1)
"""A clock that is further ahead than this is broken, and its notes would warn for as long."""
MOST_BYTES = 4096
MOST_NOTES = 32
"""More machines than this share no folder; what is beyond is not looked at."""
_MOST_LETTERS = 60
_HINT = "Two computers writing into one synced folder can damage it: close Interviewer there first."


@dataclass(frozen=True, slots=True)
class Presence:
    """The note of one machine; times in UTC by that machine's clock."""

    host: str
    machine: str
    pid: int
    opened: datetime
    seen: datetime


def to_bytes(note: Presence) -> bytes:
    """Return what is written to the file of a note."""
    fields = asdict(note) | {"opened": note.opened.isoformat(), "seen": note.seen.isoformat()}
    return json.dumps(fields).encode()


def parse(data: bytes) -> Presence | None:
    """Return the note that `data` holds; None for anything else, however it is made."""
    if len(data) > MOST_BYTES:
        return None
    try:
        fields = json.loads(data)
        opened, seen = (datetime.fromisoformat(fields[name]).astimezone(UTC) for name in ("opened", "seen"))
        note = Presence(plain(fields["host"]), plain(fields["machine"]), int(fields["pid"]), opened, seen)
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError, AttributeError):
        return None
    return note if note.host and note.machine else None


def plain(text: object) -> str:
    """Return what another machine calls itself as one short line. Raises TypeError for anything but text."""
    if not isinstance(text, str):
        raise TypeError("not a text")
    return "".join(c for c in text if c.isprintable()).strip()[:_MOST_LETTERS]


def in_use(note: Presence, now: datetime, before: Presence | None) -> bool:
    """Say whether the window of a note seems to be open; `before` is the machine's note at the last look."""
    if before is not None and before != note:
        return True
    return -AHEAD <= now - note.seen <= FRESH


def others_in_use(
    notes: Mapping[str, Presence], before: Mapping[str, Presence], *, machine: str, now: datetime
) -> tuple[Presence, ...]:
    """Return the notes of other machines than `machine` that seem to be in use; both mappings by machine."""
    return tuple(n for n in notes.values() if n.machine != machine and in_use(n, now, before.get(n.machine)))


def in_use_elsewhere(note: Presence, now: datetime) -> StoreError:
    """Return what to tell about a window that is open on another machine."""
    return StoreError(f"This folder was in use on {note.host} {_ago(now - note.seen)}", hint=_HINT)


def left_elsewhere(host: str) -> StoreError:
    """Return what to tell about a lock that another machine left, with nothing to say when."""
    return StoreError(f"This folder was in use on {plain(host)}, and was not closed there", hint=_HINT)


def held_elsewhere(host: str) -> StoreError:
    """Return what to tell about a lock that another machine holds: a network disk says so for certain."""
    hint = "Close it there, or choose another data folder with --data-dir."
    return StoreError(f"Interviewer is open on {plain(host)} with this data folder", hint=hint)


def _ago(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    if age > FRESH or minutes < 1:
        # Known by its change, or from a clock that is ahead: the figure would be wrong.
        return "moments ago"
    return "1 minute ago" if minutes == 1 else f"{minutes} minutes ago"


@dataclass(frozen=True, slots=True)
class LockOwner:
    """Who wrote a lock file of QLockFile."""

    host: str
    machine: str


def lock_owner(data: bytes) -> LockOwner | None:
    """Return who wrote a lock file: its lines are pid, program, host, machine and boot. None for other bytes."""
    lines = data[:MOST_BYTES].decode("utf-8", errors="replace").split("\n")
    if len(lines) < 3 or not lines[0].isdecimal() or not plain(lines[2]):
        return None
    return LockOwner(plain(lines[2]), plain(lines[3]) if len(lines) > 3 else "")


def is_other_machine(owner: LockOwner, *, host: str, machine: str) -> bool:
    """Say whether a lock is of another machine than the one called `host` whose id is `machine`.

    The id decides where both have one: names change with the network, and two may share one.
    """
    if owner.machine and machine:
        return owner.machine != machine
    return owner.host != host
