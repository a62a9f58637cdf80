"""The contradiction judge: does a stretch of an answer say a key point, its opposite, or neither?

A pair classifier of our own on top of all-MiniLM-L6-v2: both texts go through the encoder
together, so that every word of one can attend to every word of the other, which is what
vectors made apart cannot do. `training/train_judge.py` makes its weights; they are shipped
as differences from the published ones and never used with any others.

Importing this module imports torch.
"""

from __future__ import annotations

import copy
import logging
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from interviewer.core.errors import EngineError, ModelCorrupt
from interviewer.core.ports import FloatArray
from interviewer.core.text import unbroken
from interviewer.engines import judge_files, unpadded
from interviewer.engines.judge_files import HINT

log = logging.getLogger(__name__)

LONGEST = 160
"""Word pieces of a pair. A key point has about 25 and a stretch 40; beyond that the stretch is cut."""
HIDDEN = 128
CLASSES = 3
"""Same, opposite, neither: in this order everywhere."""
BATCH = 32
KEPT_PAIRS = 1000
"""About 0.5 MB: a hundred answers and more."""
_HEAD = "head."

Row = tuple[list[int], list[int]]
"""The word pieces of a pair and for each whether it belongs to the point (0) or to the stretch (1)."""


class PairNet(nn.Module):
    """The encoder and a head over both texts' means; `forward` gives logits of shape (n, CLASSES)."""

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        size = int(encoder.config.hidden_size)
        self.encoder = encoder
        self.head = nn.Sequential(
            nn.Dropout(0.1), nn.Linear(5 * size, HIDDEN), nn.GELU(), nn.Dropout(0.1), nn.Linear(HIDDEN, CLASSES)
        )

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> Tensor:
        """Return logits for pairs of word pieces; all arguments have shape (n, length)."""
        states = self.encoder(input_ids=ids, token_type_ids=types, attention_mask=mask).last_hidden_state
        return self._decided(states[:, 0], _mean(states, mask * (1 - types)), _mean(states, mask * types))

    def decide(self, rows: Sequence[Row]) -> Tensor:
        """Return the same logits for pairs as they are, without padding; only for an encoder in evaluation mode.

        Those of a pair do not depend on the other pairs, to the last bit.
        """
        states = unpadded.states(self.encoder, [ids for ids, _ in rows], [types for _, types in rows])
        alone = states.split([len(ids) for ids, _ in rows])
        pairs = [(states, types.count(0)) for states, (_, types) in zip(alone, rows, strict=True)]
        first = torch.stack([pair[0] for pair, _ in pairs])
        point = torch.stack([pair[:cut].mean(dim=0) for pair, cut in pairs])
        stretch = torch.stack([pair[cut:].mean(dim=0) for pair, cut in pairs])
        first, point, stretch = map(unpadded.in_company, (first, point, stretch))
        return self._decided(first, point, stretch)[: len(rows)]

    def _decided(self, first: Tensor, point: Tensor, stretch: Tensor) -> Tensor:
        """Return logits for the states of the first token and the means of both texts, each of shape (n, dim)."""
        logits: Tensor = self.head(torch.cat([first, point, stretch, (point - stretch).abs(), point * stretch], dim=1))
        return logits

    def freeze_words(self) -> None:
        """Leave the embeddings of words and positions as they were published: they are not shipped again."""
        for table in (self.encoder.embeddings.word_embeddings, self.encoder.embeddings.position_embeddings):
            table.requires_grad_(requires_grad=False)

    def freeze_layers(self, count: int) -> None:
        """Leave the lowest layers as they were published."""
        for layer in self.encoder.encoder.layer[:count]:
            layer.requires_grad_(requires_grad=False)

    @staticmethod
    def padded(rows: Sequence[Row], pad: int) -> tuple[Tensor, Tensor, Tensor]:
        """Return word pieces, types and mask of a batch, each of shape (n, longest)."""
        longest = max(len(ids) for ids, _ in rows)
        ids = torch.full((len(rows), longest), pad)
        types, mask = torch.zeros_like(ids), torch.zeros_like(ids)
        for at, (row, kinds) in enumerate(rows):
            ids[at, : len(row)] = torch.tensor(row)
            types[at, : len(row)] = torch.tensor(kinds)
            mask[at, : len(row)] = 1
        return ids, types, mask


def _mean(states: Tensor, inside: Tensor) -> Tensor:
    weights = inside.unsqueeze(-1).to(states.dtype)
    return (states * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1.0)


def tokens_of(tokenizer: Any, point: str, stretch: str, longest: int = LONGEST) -> Row:
    """Return a pair as word pieces; what is too long is cut at the end of each text."""
    texts = [unbroken(point), unbroken(stretch)]
    first, second = tokenizer(texts, add_special_tokens=False, verbose=False)["input_ids"]
    first = first[: longest // 2]
    second = second[: longest - len(first) - 3]
    ids = [tokenizer.cls_token_id, *first, tokenizer.sep_token_id, *second, tokenizer.sep_token_id]
    return ids, [0] * (len(first) + 2) + [1] * (len(second) + 1)


# --- weights -------------------------------------------------------------------------------


def packed(net: PairNet, base: Path) -> dict[str, np.ndarray[Any, Any]]:
    """Return what differs from the published weights, matrices in eight bits with a scale a row."""
    from safetensors.numpy import load_file

    published = load_file(base)
    kept: dict[str, np.ndarray[Any, Any]] = {}
    for name, tensor in net.state_dict().items():
        value = tensor.float().cpu().numpy()
        if name.startswith(_HEAD):
            kept[name] = value.astype(np.float16)
            continue
        plain = name.removeprefix("encoder.")
        if plain not in published:
            continue
        change = value - published[plain].astype(np.float32)
        if not np.any(change):
            continue
        if change.ndim == 1 or len(change) < 8:
            kept[plain] = change.astype(np.float16)
        else:
            scale = np.maximum(np.abs(change).max(axis=1, keepdims=True) / 127.0, 1e-8)
            kept[plain] = np.round(change / scale).astype(np.int8)
            kept[plain + ".scale"] = scale.astype(np.float32)
    return kept


def unpack(net: PairNet, kept: dict[str, np.ndarray[Any, Any]]) -> None:
    """Add the shipped differences to a net that has the published weights."""
    state = net.state_dict()
    with torch.no_grad():
        for name, value in kept.items():
            if name.endswith(".scale"):
                continue
            change = torch.from_numpy(value.astype(np.float32))
            if name + ".scale" in kept:
                change = change * torch.from_numpy(kept[name + ".scale"])
            if name.startswith(_HEAD):
                state[name].copy_(change)
            else:
                state["encoder." + name].add_(change)


def share_layers(net: PairNet, encoder: Any, kept: Mapping[str, object]) -> None:
    """Let a net use the published encoder's own layers where it has learned nothing: they stay in the cache."""
    own = net.encoder.encoder.layer
    for at, layer in enumerate(encoder.encoder.layer):
        if not any(name.startswith(f"encoder.layer.{at}.") for name in kept):
            own[at] = layer


class PairJudge:
    """Judges pairs; its `judge` is a `core.examine.Judge`. Not thread-safe.

    Takes the published encoder and shares its word embeddings and whatever was not trained, so it costs about 30 MB.
    Raises ModelMissing and ModelCorrupt.
    """

    def __init__(self, encoder: Any, tokenizer: Any) -> None:
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        self.model_hash = judge_files.verify()[:12]
        self._tokenizer = tokenizer
        self._known: OrderedDict[tuple[str, str], FloatArray] = OrderedDict()
        shared = {id(t): t for t in (encoder.embeddings.word_embeddings.weight,)}
        self._net = PairNet(copy.deepcopy(encoder, shared)).eval()
        try:
            kept = load_file(judge_files.WEIGHTS)
            unpack(self._net, kept)
        except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as exc:
            raise ModelCorrupt("The contradiction judge cannot be loaded", hint=HINT) from exc

        share_layers(self._net, encoder, kept)

    def judge(self, pairs: Sequence[tuple[str, str]]) -> FloatArray:
        """Return for each pair of point and stretch its logits: same, opposite, neither; shape (n, 3).

        Pairs judged before are not judged again: whoever puts one word right changes one stretch.
        Raises EngineError when the model failed.
        """
        new = [pair for pair in dict.fromkeys(pairs) if pair not in self._known]
        try:
            fresh = dict(zip(new, self._compute(new), strict=True)) if new else {}
        except (RuntimeError, ValueError, IndexError, MemoryError) as exc:
            raise EngineError("The contradiction judge failed") from exc
        found = [fresh[pair] if pair in fresh else self._known[pair] for pair in pairs]
        self._keep(dict(zip(pairs, found, strict=True)))
        return np.stack(found) if found else np.zeros((0, CLASSES), dtype=np.float32)

    def _keep(self, judged: dict[tuple[str, str], FloatArray]) -> None:
        """Keep the pairs that were asked for last."""
        for pair, logits in judged.items():
            self._known[pair] = logits.copy()  # else each would keep the whole batch
            self._known.move_to_end(pair)
        while len(self._known) > KEPT_PAIRS:
            self._known.popitem(last=False)

    def _compute(self, pairs: Sequence[tuple[str, str]]) -> FloatArray:
        rows = [tokens_of(self._tokenizer, point, stretch) for point, stretch in pairs]
        with torch.inference_mode():
            found = [self._net.decide(rows[at : at + BATCH]).numpy() for at in range(0, len(rows), BATCH)]
        return np.concatenate(found)
