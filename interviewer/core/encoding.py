"""A text as the embedding model sees it: the numbers that scoring starts from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interviewer.core.ports import FloatArray


@dataclass(frozen=True, slots=True)
class Encoding:
    """One text, encoded. The arrays may be shared with a cache: never write to them."""

    words: tuple[str, ...]
    """The text split at whitespace (`str.split`), case and punctuation kept."""
    word_of_token: NDArray[np.int64]
    """Shape (n,): for each token the index of its word in `words`; never falling."""
    tokens: FloatArray
    """Shape (n, dim): last-layer token vectors, each of length one; special tokens are dropped."""
    sentence: FloatArray
    """Shape (dim,): the vector of the whole text, of length one."""


Encode = Callable[[Sequence[str]], list[Encoding]]
"""Encodes each text, in order. Raises EngineError when the model fails."""
