"""How near two encoded texts are: token recall, windows and projections (pure numpy).

The formula and its constants are those of the design note "Scoring", section 5. Token
recall follows BERTScore (Zhang and others 2020): every token of the reference looks for
the answer's nearest token. Two changes make it fit for interviews: function words count
for nothing, and words that the question itself supplied count for little.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interviewer.core.encoding import Encoding
from interviewer.core.ports import FloatArray
from interviewer.core.text import is_stop_word, parts, stem

QUESTION_WEIGHT = 0.15
"""Weight of a reference word that the question supplied."""
QUESTION_PENALTY = 0.15
"""Taken from the nearness to an answer word that the question supplied."""
PRECISION_SPAN = 3.0
WINDOWS_TOKENS = (10, 18, 30)
"""Lengths of the stretches of an answer that are compared with a key point."""
BLOCK_TOKENS = 4096
"""Of an answer, compared at once: an hour of speech beside a long example would take gigabytes."""

Weights = NDArray[np.float64]
Span = tuple[int, int]
"""A stretch of an answer: its first token, and one past the last."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The question, as far as it is taken out of every comparison."""

    stems: AbstractSet[str]
    sentence: FloatArray

    def supplied(self, encoding: Encoding) -> NDArray[np.bool_]:
        """Return for each token whether the question supplied every part of its word."""
        words = [bool(p := parts(w)) and all(stem(x) in self.stems for x in p) for w in encoding.words]
        return np.array(words, dtype=bool)[encoding.word_of_token]

    def project_out(self, vectors: FloatArray) -> FloatArray:
        """Return vectors (n, dim) without their share of the question, each of length one again."""
        rest = vectors - np.outer(vectors @ self.sentence, self.sentence)
        lengths = np.linalg.norm(rest, axis=1, keepdims=True)
        # What is the question and nothing else has no direction of its own left.
        return np.asarray(np.where(lengths > 1e-3, rest / np.maximum(lengths, 1e-3), 0.0), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text that an answer should come near: an example answer, a key point, a mistake."""

    encoding: Encoding
    weights: Weights
    """Shape (tokens,), not negative; their sum is positive unless there is no token."""
    bearing: FloatArray
    """Shape (dim,): the sentence vector without the question's share, of length one."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Wanted texts laid end to end, so that an answer meets all of them in one multiplication."""

    tokens: FloatArray
    """Shape (n, dim)."""
    weights: Weights
    """Shape (n,)."""
    starts: NDArray[np.int64]
    """Shape (m,): the first token of each text."""
    bearings: FloatArray
    """Shape (m, dim)."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer, ready to be compared."""

    tokens: FloatArray
    supplied: NDArray[np.bool_]
    windows: FloatArray
    """Shape (m, dim): means over stretches, without the question's share, of length one."""
    weights: Weights
    """Shape (tokens,): as those of `Wanted`."""


def token_weights(encoding: Encoding, asked: Asked) -> Weights:
    """Return the weight of each token: 0 for function words, QUESTION_WEIGHT for the question's, else 1.

    A text of function words only is weighed evenly: it must mean something to whoever wrote it.
    """
    stop = np.array([is_stop_word(w) for w in encoding.words], dtype=bool)[encoding.word_of_token]
    weights = np.where(stop, 0.0, np.where(asked.supplied(encoding), QUESTION_WEIGHT, 1.0))
    return weights if weights.any() else np.ones(len(weights))


def wanted(encoding: Encoding, asked: Asked) -> Wanted:
    """Prepare a text that answers are compared with."""
    return Wanted(encoding, token_weights(encoding, asked), asked.project_out(encoding.sentence[None])[0])


def heard(encoding: Encoding, asked: Asked) -> Heard:
    """Prepare a whole answer."""
    windows = asked.project_out(window_means(encoding.tokens))
    return Heard(encoding.tokens, asked.supplied(encoding), windows, token_weights(encoding, asked))


def spans_of(encoding: Encoding, stretches: Sequence[tuple[int, int]]) -> tuple[Span, ...]:
    """Return the tokens of stretches of words, each from its first word to its last, excluded."""
    # The words of the tokens never fall, so a stretch is a slice: looking at every token would take
    # an hour's answer times its sentences.
    bounds = np.searchsorted(encoding.word_of_token, np.array(stretches, dtype=np.int64).reshape(-1, 2))
    return tuple((int(start), int(stop)) for start, stop in bounds)


def window_means(tokens: FloatArray) -> FloatArray:
    """Return the means of token vectors over the whole and over stretches of WINDOWS_TOKENS.

    Stretches of n tokens begin every n/3 tokens; the last one ends with the text. `tokens`
    is (n, dim), the result (m, dim) with the whole first; no token gives no window.
    """
    total = len(tokens)
    if not total:
        return tokens
    sums = np.concatenate([np.zeros((1, tokens.shape[1])), np.cumsum(tokens, axis=0, dtype=np.float64)])
    spans = {(0, total): None}
    for size in WINDOWS_TOKENS:
        if size < total:
            starts = [*range(0, total - size, max(1, size // 3)), total - size]
            spans |= dict.fromkeys((s, s + size) for s in starts)
    bounds = np.array(list(spans))
    means = (sums[bounds[:, 1]] - sums[bounds[:, 0]]) / (bounds[:, 1] - bounds[:, 0])[:, None]
    return np.asarray(means, dtype=np.float32)


def recall_and_precision(wanted: Wanted, heard: Heard) -> tuple[float, float]:
    """Return T and P of an answer: how much of the reference is in it, and how much of it is in the reference.

    T is the weighted mean, over the reference's tokens, of the nearness of the answer's nearest token: unrelated texts
    reach .15 to .30, full paraphrases .45 to .65, copies 1. P is the same the other way round, over no more of the
    answer's tokens, the nearest first, than weigh PRECISION_SPAN times the reference: whoever says it all and more is
    not marked down for the rest. No token gives 0.
    """
    if not len(heard.tokens) or not len(wanted.weights):
        return 0.0, 0.0
    nearest = np.full(len(wanted.weights), -np.inf)
    back = np.zeros(len(heard.tokens))
    for at in range(0, len(heard.tokens), BLOCK_TOKENS):
        block = slice(at, at + BLOCK_TOKENS)
        nearness = wanted.encoding.tokens @ heard.tokens[block].T
        back[block] = nearness.max(axis=0)
        np.maximum(nearest, (nearness - QUESTION_PENALTY * heard.supplied[block]).max(axis=1), out=nearest)
    return float(wanted.weights @ nearest / wanted.weights.sum()), _precision(wanted, heard, back)


def _precision(wanted: Wanted, heard: Heard, nearness: NDArray[np.float64]) -> float:
    nearest = np.argsort(-nearness, kind="stable")
    weights = heard.weights[nearest]
    before = np.cumsum(weights) - weights
    counted = np.minimum(weights, np.clip(max(4.0, PRECISION_SPAN * wanted.weights.sum()) - before, 0.0, None))
    total = float(counted.sum())
    return float(counted @ nearness[nearest]) / total if total > 0.0 else 0.0


def _bearings(wanted: Bundle, heard: Heard) -> NDArray[np.float64]:
    """Return c of each text: the cosine with the answer's best window, the question taken out of both."""
    if not len(heard.windows) or not len(wanted.starts):
        return np.zeros(len(wanted.starts))
    return np.asarray((wanted.bearings @ heard.windows.T).max(axis=1), dtype=np.float64)


def bundle(texts: Sequence[Wanted]) -> Bundle:
    """Lay wanted texts end to end; a text without tokens gets one that is near to nothing."""
    dim = texts[0].encoding.tokens.shape[1] if texts else 0
    nothing = np.zeros((1, dim), dtype=np.float32), np.zeros(1)
    laid = [(t.encoding.tokens, t.weights) if len(t.weights) else nothing for t in texts] or [nothing]
    lengths = [len(weights) for _, weights in laid][: len(texts)]
    return Bundle(
        np.concatenate([tokens for tokens, _ in laid]),
        np.concatenate([weights for _, weights in laid]),
        np.cumsum([0, *lengths])[: len(texts)],
        np.stack([t.bearing for t in texts]) if texts else np.zeros((0, dim), dtype=np.float32),
    )


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near an answer comes to each text of a bundle."""

    recalls: NDArray[np.float64]
    """T of the whole answer; shape (texts,)."""
    bearings: NDArray[np.float64]
    """c of the whole answer; shape (texts,)."""
    grid: NDArray[np.float64]
    """sim of each of its stretches; shape (texts, stretches)."""

    @property
    def whole(self) -> NDArray[np.float64]:
        """Return sim of the whole answer; shape (texts,)."""
        return _sim(self.recalls, self.bearings)


def _sim(recalls: NDArray[np.float64], bearings: NDArray[Any]) -> NDArray[np.float64]:
    """Return half token recall, half bearing. A key point counts as mentioned from about .35."""
    return np.asarray(0.5 * recalls + 0.5 * bearings)


def nearness(wanted: Bundle, heard: Heard, asked: Asked, spans: Sequence[Span]) -> Nearness:
    """Compare an answer and its stretches with wanted texts; a stretch without tokens is near to nothing."""
    texts = len(wanted.starts)
    grid, directions = np.zeros((texts, len(spans))), _bearings(wanted, heard)
    filled = [i for i, (start, stop) in enumerate(spans) if stop > start]
    if not texts or not filled:
        return Nearness(np.zeros(texts), directions, grid)
    nearest = np.concatenate([*_nearest(wanted, heard, [spans[i] for i in filled])], axis=1)
    totals = np.maximum(np.add.reduceat(wanted.weights, wanted.starts), 1e-12)
    best = np.column_stack([nearest, nearest.max(axis=1)])
    recalls = np.add.reduceat(wanted.weights[:, None] * best, wanted.starts, axis=0) / totals[:, None]
    means = np.stack([heard.tokens[slice(*spans[i])].mean(axis=0) for i in filled])
    grid[:, filled] = _sim(recalls[:, :-1], wanted.bearings @ asked.project_out(means).T)
    return Nearness(recalls[:, -1], directions, grid)


def _nearest(wanted: Bundle, heard: Heard, spans: Sequence[Span]) -> Iterator[FloatArray]:
    """Yield for stretches, some at a time, how near each wanted token's nearest one is: (tokens, stretches)."""
    first = 0
    for after in range(1, len(spans) + 1):
        begin = spans[first][0]
        if after < len(spans) and spans[after][1] - begin <= BLOCK_TOKENS:
            continue
        block = slice(begin, spans[after - 1][1])
        near = wanted.tokens @ heard.tokens[block].T - QUESTION_PENALTY * heard.supplied[block]
        yield np.stack([near[:, a - begin : b - begin].max(axis=1) for a, b in spans[first:after]], axis=1)
        first = after
