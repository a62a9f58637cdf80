"""How near two encoded texts are: token recall, windows and projections (pure numpy).

The formula and its constants are those of the design note "Scoring", section 5. Token
recall follows BERTScore (Zhang and others 2020): every token of the reference looks for
the answer's nearest token. Two changes make it fit for interviews: function words count
for nothing, and words that the question itself supplied count for little.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

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
class Heard:
    """An answer, or a stretch of one, ready to be compared."""

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


def heard_part(whole: Heard, encoding: Encoding, asked: Asked, first: int, stop: int) -> Heard:
    """Prepare the words `first` to `stop` (excluded) of an answer as one stretch.

    `whole` is what `heard` made of the same encoding.
    """
    # The words of the tokens never fall, so a stretch is a slice: looking at every token would take
    # an hour's answer times its sentences.
    inside = slice(*np.searchsorted(encoding.word_of_token, (first, stop)))
    tokens = whole.tokens[inside]
    mean = asked.project_out(tokens.mean(axis=0, keepdims=True)) if len(tokens) else tokens
    return Heard(tokens, whole.supplied[inside], mean, whole.weights[inside])


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


def recall(wanted: Wanted, heard: Heard) -> float:
    """Return T: the weighted mean, over the reference's tokens, of the nearness of the answer's nearest token.

    Unrelated texts reach .15 to .30, full paraphrases .45 to .65, copies 1; no token gives 0.
    """
    if not len(heard.tokens) or not len(wanted.weights):
        return 0.0
    nearest = np.full(len(wanted.weights), -np.inf)
    for at in range(0, len(heard.tokens), BLOCK_TOKENS):
        block = slice(at, at + BLOCK_TOKENS)
        nearness = wanted.encoding.tokens @ heard.tokens[block].T - QUESTION_PENALTY * heard.supplied[block]
        np.maximum(nearest, nearness.max(axis=1), out=nearest)
    return float(wanted.weights @ nearest / wanted.weights.sum())


def precision(wanted: Wanted, heard: Heard) -> float:
    """Return P: the weighted mean, over the answer's tokens, of the nearness of the reference's nearest token.

    Only as many of the answer's tokens count, the nearest first, as weigh PRECISION_SPAN times the reference:
    whoever says it all and more is not marked down for the rest. No token gives 0.
    """
    if not len(heard.tokens) or not len(wanted.weights):
        return 0.0
    blocks = (heard.tokens[at : at + BLOCK_TOKENS] for at in range(0, len(heard.tokens), BLOCK_TOKENS))
    nearness = np.concatenate([(block @ wanted.encoding.tokens.T).max(axis=1) for block in blocks])
    nearest = np.argsort(-nearness, kind="stable")
    weights = heard.weights[nearest]
    before = np.cumsum(weights) - weights
    counted = np.minimum(weights, np.clip(max(4.0, PRECISION_SPAN * wanted.weights.sum()) - before, 0.0, None))
    total = float(counted.sum())
    return float(counted @ nearness[nearest]) / total if total > 0.0 else 0.0


def bearing(wanted: Wanted, heard: Heard) -> float:
    """Return c: the cosine of the reference and the answer's best window, the question taken out of both."""
    return float((heard.windows @ wanted.bearing).max()) if len(heard.windows) else 0.0


def nearness(wanted: Wanted, heard: Heard) -> float:
    """Return sim: half token recall, half bearing. A key point counts as mentioned from about .35."""
    return 0.5 * recall(wanted, heard) + 0.5 * bearing(wanted, heard)
