"""Reads the rows of a database file from its pages alone, when the head or the trees above them are damaged.

As https://sqlite.org/fileformat2.html tells: a leaf page of a table holds its rows, each with its number,
its length and its values; what is longer than a page goes on in a chain of overflow pages. Which table a
row is of is not written beside it: that is told by how many values of which kind it has.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

Value = int | float | bytes | memoryview | None

USUAL_PAGE_BYTES = 4096
_HEAD_BYTES = 100
_TABLE_LEAF = 13
_MOST_BYTES = 32 << 20
"""Of one row; longer ones are no rows of ours."""
_INTS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
"""How many bytes an integer of each kind takes."""


def records(path: Path) -> Iterator[tuple[int, list[Value]]]:
    """Yield number and values of every row that can be found, in the order of the pages; texts as bytes.

    What is no text either is a memoryview: no table of ours has such values, the index of the history does.

    Rows of the schema are among them, and rows may come twice. Raises OSError.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
        said = int.from_bytes(head[16:18], "big") or USUAL_PAGE_BYTES
        said = 65536 if said == 1 else said
        sizes = {USUAL_PAGE_BYTES, *((said,) if 512 <= said <= 65536 and said & (said - 1) == 0 else ())}
        for size in sorted(sizes, key=lambda s: s != said):
            yield from _Pages(file, size).records()


class _Pages:
    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._size = file, size
        self._count = -(-file.seek(0, 2) // size)

    def records(self) -> Iterator[tuple[int, list[Value]]]:
        for number in range(1, self._count + 1):
            page = self._page(number)
            at = _HEAD_BYTES if number == 1 else 0
            if len(page) < at + 8 or page[at] != _TABLE_LEAF:
                continue
            cells = int.from_bytes(page[at + 3 : at + 5], "big")
            for cell in range(min(cells, self._size // 4)):
                where = at + 8 + 2 * cell
                try:
                    yield self._record(page, int.from_bytes(page[where : where + 2], "big"))
                except (ValueError, IndexError, struct.error):
                    continue  # a pointer or a length that makes no sense: the next row may be whole

    def _page(self, number: int) -> bytes:
        self._file.seek((number - 1) * self._size)
        return self._file.read(self._size)

    def _record(self, page: bytes, at: int) -> tuple[int, list[Value]]:
        length, at = _varint(page, at)
        number, at = _varint(page, at)
        if length > _MOST_BYTES:
            raise ValueError("too long")
        return number, _values(self._payload(page, at, length))

    def _payload(self, page: bytes, at: int, length: int) -> bytes:
        """Return the bytes of a row: those in its page, and those in its overflow pages."""
        here = length
        if length > self._size - 35:
            least = (self._size - 12) * 32 // 255 - 23
            here = least + (length - least) % (self._size - 4)
            here = here if here <= self._size - 35 else least
        parts = [page[at : at + here]]
        left, following = length - here, int.from_bytes(page[at + here : at + here + 4], "big")
        while left > 0:
            if not 0 < following <= self._count:
                raise ValueError("the chain is broken")
            more = self._page(following)
            parts.append(more[4 : 4 + min(left, self._size - 4)])
            left, following = left - (self._size - 4), int.from_bytes(more[:4], "big")
        whole = b"".join(parts)
        if len(whole) != length:
            raise ValueError("cut off")
        return whole


def _values(payload: bytes) -> list[Value]:
    head, at = _varint(payload, 0)
    if head > len(payload):
        raise ValueError("cut off")
    kinds = []
    while at < head:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    values: list[Value] = []
    for kind in kinds:
        value, at = _value(payload, at, kind)
        values.append(value)
    if at != len(payload):
        raise ValueError("longer than its values")
    return values


def _value(payload: bytes, at: int, kind: int) -> tuple[Value, int]:
    if kind == 0:
        return None, at
    if kind in (8, 9):
        return kind - 8, at
    if kind == 7:
        return float(struct.unpack_from(">d", payload, at)[0]), at + 8
    if kind in _INTS:
        stop = at + _INTS[kind]
        return int.from_bytes(payload[at:stop], "big", signed=True), stop
    if kind < 12:
        raise ValueError("no such kind")
    stop = at + (kind - 12) // 2
    return payload[at:stop] if kind % 2 else memoryview(payload)[at:stop], stop


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of one to nine bytes, and where it ends. Raises IndexError at the end of the data."""
    value = 0
    for index in range(8):
        byte = data[at + index]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + index + 1
    value = value << 8 | data[at + 8]
    return value - (1 << 64) if value >= 1 << 63 else value, at + 9
