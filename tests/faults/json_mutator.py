"""Changes JSON as JSON: bytes that are changed at random hardly ever get past the parser of the syntax."""

from __future__ import annotations

import json
import random
from typing import Any

ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 2**63, 10**400, 1e308, float("inf"), float("nan"), 0.1, [], {}, [[]], {"": None}),
    *("", " ", "\0", "\u202e", "\ud800", "a\nb", "x" * 4001, "=1+1", "../../etc/passwd", "<b>", "en-GB", "\u0301" * 99),
)

LARGE_BYTES = 4096
"""Copies of copies grow without end, and a large input finds nothing that a small one does not."""


def mutated(data: bytes, most: int, seed: int) -> bytes:
    """Return the JSON with up to four values replaced, repeated, taken away or put elsewhere.

    Of what is no JSON, and of one in four that is, some bytes are changed; `most` bytes are returned
    at most.
    """
    chance = random.Random(seed)
    if chance.random() < 0.25 or len(data) > LARGE_BYTES:
        return _torn(data, chance)[:most]
    try:
        root = [json.loads(data)]
        for _ in range(chance.randint(1, 4)):
            _change(root, chance)
        changed = json.dumps(root[0]).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):
        return _torn(data, chance)[:most]
    return changed if len(changed) <= most else _torn(data, chance)[:most]


def _torn(data: bytes, chance: random.Random) -> bytes:
    """Return the bytes with a few of them replaced by others."""
    at = chance.randint(0, len(data))
    until = min(len(data), at + chance.choice((0, 1, 1, 8, len(data))))
    return data[:at] + chance.choice((b"", b'"', b"{", b"]", b"\\u", b"\xff", chance.randbytes(3))) + data[until:]


def _change(root: list[Any], chance: random.Random) -> None:
    places = list(_places(root))
    where, key = chance.choice(places)
    match chance.randrange(5):
        case 0:
            where[key] = chance.choice(ODD)
        case 1:
            other, there = chance.choice(places)
            # A copy: a list within itself would have no end.
            where[key] = json.loads(json.dumps(other[there]))
        case 2 if where is not root:
            del where[key]
        case 3 if isinstance(where, list) and where is not root:
            where.extend(json.loads(json.dumps([where[key]])) * chance.choice((1, 2, 20)))
        case _ if isinstance(where, dict):
            where[chance.choice((*(str(k) for k in where), "extra", ""))] = where.pop(key)


def _places(value: Any) -> Any:
    """Yield each container with each of its keys, outermost first."""
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])
