"""Checks values of a database that may be anybody's: SQLite keeps any type in any column.

What passes is of the type that the models promise, and every number is finite. Each function
returns the value or raises ValueError or TypeError, which `connection.told` turns into a damaged entry.
"""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Any, NoReturn

MOST = 2.0**53
"""Of any number: up to here whole ones are exact, and what is reckoned from them stays finite."""


def text(value: object) -> str:
    """Return a text."""
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def number(value: object) -> float:
    """Return a finite number. Not narrower: a score of 101 is no reason to read nothing of a history."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -MOST <= value <= MOST:
        raise ValueError("not a number of that size")
    return value


def whole(value: object, *, low: int = 0) -> int:
    """Return a whole number from `low` on."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= MOST:
        raise ValueError("not a whole number of that size")
    return value


def moment(value: object) -> datetime:
    """Return a moment as `rows.stored` writes it, with the zone UTC."""
    return datetime.fromisoformat(text(value)).replace(tzinfo=UTC)


def flag(value: object) -> bool:
    """Return a truth value; SQLite keeps it as 0 or 1."""
    if value not in (0, 1):
        raise ValueError("neither true nor false")
    return bool(value)


def listed(stored: object) -> list[Any]:
    """Return the list that a JSON text holds."""
    found: list[Any] = _of(list, stored)
    return found


def fields(stored: object) -> dict[str, Any]:
    """Return the object that a JSON text holds."""
    found: dict[str, Any] = _of(dict, stored)
    return found


def _of(kind: type[Any], stored: object) -> Any:
    try:
        found = json.loads(text(stored), parse_constant=_refuse, parse_float=_finite)
    except RecursionError as exc:
        raise ValueError("nested too deeply") from exc
    if not isinstance(found, kind):
        raise TypeError(f"not a JSON {kind.__name__}")
    return found


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("a number beyond all size")
    return value
