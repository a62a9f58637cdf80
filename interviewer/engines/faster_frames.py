"""How the model process and the child with the faster engine talk: JSON, and the samples behind it.

Imported on both sides, so it needs the standard library only.
"""

from __future__ import annotations

import json
import struct
from typing import IO, Any

INSTALL_HINT = 'Run `pip install "interviewer[fast]"`, or choose plain Whisper in Settings.'
"""What to do where the other end has nobody to talk."""

MOST_TEXT_BYTES = 64 * 1024 * 1024
MOST_BLOB_BYTES = 1024 * 1024 * 1024
"""An hour of samples takes 230 MB. Whatever claims more is no message."""

_HEAD = struct.Struct("<II")
"""Bytes of the JSON, and of what comes behind it."""


def write_message(stream: IO[bytes], message: dict[str, Any], blob: bytes = b"") -> None:
    """Write one message and flush it. Raises OSError when nobody reads, ValueError for a number that is none."""
    text = json.dumps(message, allow_nan=False).encode()
    stream.write(_HEAD.pack(len(text), len(blob)))
    stream.write(text)
    stream.write(blob)
    stream.flush()


def read_message(stream: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """Wait for a message and return it with what came behind it.

    Raises EOFError when the other end is gone, or sends what is no message: nothing after it can be understood.
    """
    text_bytes, blob_bytes = _HEAD.unpack(_exactly(stream, _HEAD.size))
    if text_bytes > MOST_TEXT_BYTES or blob_bytes > MOST_BLOB_BYTES:
        raise EOFError("too large for a message")
    try:
        message = json.loads(_exactly(stream, text_bytes))
    except (ValueError, RecursionError) as exc:
        raise EOFError("no message") from exc
    if not isinstance(message, dict):
        raise EOFError("no message")  # noqa: TRY004 - to whoever reads, the stream ends here
    return message, _exactly(stream, blob_bytes)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    """Return `size` bytes; `stream` is buffered, so less comes only at its end."""
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data
