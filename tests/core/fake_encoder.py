"""An encoder without a model: the same word has the same vector everywhere, other words have none in common."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from interviewer.core.encoding import Encoding
from interviewer.core.ports import FloatArray
from interviewer.core.text import parts, stem

DIM = 256


def vector(word: str) -> FloatArray:
    """A unit vector that depends on the stems in the word alone; marks have theirs too."""
    key = "-".join(stem(p) for p in parts(word)) or word
    seed = int.from_bytes(hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()[:8], "big")
    numbers = np.random.default_rng(seed).standard_normal(DIM)
    return np.asarray(numbers / np.linalg.norm(numbers), dtype=np.float32)


class FakeEncoder:
    """Encodes a bag of words and remembers what it was asked. Long words are two tokens."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(self, texts: Sequence[str]) -> list[Encoding]:
        self.asked.append(list(texts))
        return [encode(text) for text in texts]


def encode(text: str) -> Encoding:
    words = tuple(text.split())
    places = [i for i, w in enumerate(words) for _ in range(1 + (len(w) > 8))]
    tokens = np.array([vector(words[i]) for i in places], dtype=np.float32).reshape(-1, DIM)
    total = tokens.sum(axis=0)
    sentence = total / max(float(np.linalg.norm(total)), 1e-9)
    return Encoding(words, np.array(places, dtype=np.int64), tokens, np.asarray(sentence, dtype=np.float32))
