"""Encodings of a bank's texts, kept on disk: a question is encoded once, not once a start.

One safetensors file for each set of texts that is asked for together, named after the model
and the texts, so that a changed text or model never meets an old file. A file that cannot
be read or written costs time and nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interviewer.core.encoding import Encode, Encoding
from interviewer.core.errors import StoreError
from interviewer.core.paths import make_private

log = logging.getLogger(__name__)

MAX_BYTES = 200 * 1024 * 1024
"""Of all files together; those used last stay. An entry of a bank takes about 1.5 MB."""
_SUFFIX = ".encodings.safetensors"
_CHECK = "checksum"


class KeptEncodings:
    """Encodes sets of texts, each once; its `encode` is a `core.encoding.Encode`. Not thread-safe."""

    def __init__(self, encode: Encode, folder: Path, *, model_hash: str) -> None:
        self._encode = encode
        self._folder = folder
        self._model_hash = model_hash

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode each text, in order, or read what was kept. Raises EngineError when the model fails."""
        if not texts:
            return []
        file = self._folder / f"{_digest(texts, self._model_hash)}{_SUFFIX}"
        found = self._read(file, texts)
        if found is None:
            found = self._encode(texts)
            self._write(file, found)
        return found

    def _read(self, file: Path, texts: Sequence[str]) -> list[Encoding] | None:
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        try:
            if file.is_symlink() or file.stat().st_size > MAX_BYTES:
                raise ValueError("nothing that was kept")
            kept = load_file(file)
            found = _unpacked(kept, texts)
        except FileNotFoundError:
            return None
        except (OSError, SafetensorError, ValueError, KeyError, IndexError) as exc:
            log.warning("kept encodings cannot be used: %s", type(exc).__name__)
            return None
        with contextlib.suppress(OSError):
            os.utime(file)
        return found

    def _write(self, file: Path, encodings: Sequence[Encoding]) -> None:
        from safetensors.numpy import save

        try:
            make_private(self._folder)
            handle, name = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=_SUFFIX)
            try:
                with os.fdopen(handle, "wb") as out:
                    out.write(save(_packed(encodings)))
                Path(name).replace(file)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
            self._trim()
        except (OSError, StoreError) as exc:
            log.warning("encodings cannot be kept: %s", exc)

    def _trim(self) -> None:
        files = []
        for file in self._folder.glob(f"*{_SUFFIX}"):
            with contextlib.suppress(OSError):
                status = file.stat()
                files.append((status.st_mtime, status.st_size, file))
        total = sum(size for _, size, _ in files)
        for _, size, file in sorted(files):
            if total <= MAX_BYTES:
                return
            with contextlib.suppress(OSError):
                file.unlink()
                total -= size


def _digest(texts: Sequence[str], model_hash: str) -> str:
    state = hashlib.blake2b(model_hash.encode(), digest_size=16)
    for text in texts:
        data = text.encode("utf-8", "surrogatepass")
        state.update(len(data).to_bytes(8, "little") + data)
    return state.hexdigest()


def _packed(encodings: Sequence[Encoding]) -> dict[str, NDArray[Any]]:
    parts: dict[str, NDArray[Any]] = {
        "lengths": np.array([len(e.tokens) for e in encodings], dtype=np.int64),
        "word_of_token": np.concatenate([e.word_of_token for e in encodings]),
        "tokens": np.concatenate([e.tokens for e in encodings]),
        "sentences": np.stack([e.sentence for e in encodings]),
    }
    return {**parts, _CHECK: checksum(parts)}


def checksum(parts: dict[str, NDArray[Any]]) -> NDArray[np.uint8]:
    """Return a digest of everything else: a bit that flips on disk would move a score unnoticed."""
    state = hashlib.blake2b(digest_size=16)
    for name in sorted(parts.keys() - {_CHECK}):
        state.update(name.encode() + np.ascontiguousarray(parts[name]).tobytes())
    return np.frombuffer(state.digest(), dtype=np.uint8)


def _unpacked(kept: dict[str, NDArray[Any]], texts: Sequence[str]) -> list[Encoding]:
    """Return the encodings of a file. Raises ValueError where it does not fit the texts."""
    if not np.array_equal(kept[_CHECK], checksum(kept)):
        raise ValueError("not what was written")
    lengths, tokens, words, sentences = (kept[name] for name in ("lengths", "tokens", "word_of_token", "sentences"))
    if (lengths.ndim, words.ndim, tokens.ndim, sentences.ndim) != (1, 1, 2, 2) or (lengths < 0).any():
        raise ValueError("not what encodings look like")
    # A checksum tells damage from use, but whoever writes here can make it too.
    if not np.isfinite(tokens).all() or not np.isfinite(sentences).all():
        raise ValueError("not finite")
    ends = np.cumsum(lengths)
    if len(ends) != len(texts) or len(sentences) != len(texts) or len(tokens) != len(words) or len(tokens) != ends[-1]:
        raise ValueError("not the encodings of these texts")
    starts = ends - lengths
    return [
        Encoding(tuple(text.split()), words[a:b], tokens[a:b], vector)
        for text, a, b, vector in zip(texts, starts, ends, sentences, strict=True)
    ]
