"""Train the contradiction judge: `python -m training.train_judge`.

A pair classifier on top of the packaged all-MiniLM-L6-v2: a key point and a stretch of an answer
go through the encoder together, a small head says same, opposite or neither. It learns from
`training/corpus` alone. Word and position embeddings stay as they are; the rest is written to
`assets/judge.safetensors` as differences from the published weights, eight bits each.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from interviewer.engines.embed_sentence import SHA256, verify, weights_file
from interviewer.engines.judge_pairs import PairNet, packed, tokens_of, unpack
from training.corpus import Topic, read
from training.pairs import NEITHER, OPPOSITE, SAME, Maker, Pair
from training.style import GivenAway, wrongness

ASSETS = Path(__file__).resolve().parent.parent / "assets"
HELD_OUT = 10
"""Every tenth question is never trained on; the figures told are of these."""
PASSES = 6
SHARE = 0.6
"""Of the pairs of a pass, drawn anew for each: variety costs nothing, time does."""
BATCH = 64
RATE = 1.5e-4
WARM_UP = 0.06
SMOOTHING = 0.03
SEED = 20261122
FROZEN_LAYERS = 2
"""The lowest stay as they were published: half again as fast, and nothing lost that we could measure."""
WITHOUT_BFLOAT16 = frozenset({"NO AVX", "DEFAULT", "AVX2"})
LONGEST = 96
"""Word pieces; longer pairs are cut at the end of the stretch."""


def main() -> int:
    """Train, write the weights and say what was measured."""
    parser = argparse.ArgumentParser(description="Train the contradiction judge.")
    parser.add_argument("--passes", type=int, default=PASSES, help="passes over the corpus")
    parser.add_argument("--rate", type=float, default=RATE, help="learning rate at its highest")
    parser.add_argument("--out", type=Path, default=ASSETS, help="folder for judge.safetensors and judge.json")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--share", type=float, default=SHARE, help="of the pairs of a pass that are drawn")
    parser.add_argument("--exact", action="store_true", help="float32 throughout, also where there are bfloat16 units")
    parser.add_argument("--resume", type=Path, default=None, help="go on from the weights in this folder")
    parser.add_argument("--corpus", type=Path, default=None, help="another folder of text")
    chosen = parser.parse_args()
    verify()
    began = monotonic()
    topics = read(chosen.corpus) if chosen.corpus else read()
    learned, held = split(topics)
    trained = Trainer(learned, held, chosen)
    trained.run()
    figures = trained.figures()
    about = provenance(topics, chosen, figures, monotonic() - began)
    digest = write(trained.net, chosen.out, about)
    print(json.dumps({"sha256": digest, **about}, indent=1))
    return 0


def split(topics: Sequence[Topic]) -> tuple[list[Topic], list[Topic]]:
    """Return the questions to learn from and those held out, whole; who shares a line with these is left out."""
    held = list(topics[::HELD_OUT])
    unseen = frozenset[str]().union(*(t.lines() for t in held))
    return [t for i, t in enumerate(topics) if i % HELD_OUT and not unseen & t.lines()], held


class Trainer:
    """One run over the corpus."""

    def __init__(self, learned: Sequence[Topic], held: Sequence[Topic], chosen: argparse.Namespace) -> None:
        torch.manual_seed(SEED)
        self._learned, self._passes, self._share, self._rate = learned, chosen.passes, chosen.share, chosen.rate
        self._device, self._exact = chosen.device, chosen.exact or not has_bfloat16(chosen.device)
        self._out: Path = chosen.out
        self._held = Maker(held, SEED).pairs()
        from safetensors.numpy import load_file
        from transformers import AutoModel, AutoTokenizer

        folder = str(weights_file().parent)
        self._tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self.net = PairNet(AutoModel.from_pretrained(folder, local_files_only=True)).to(self._device)
        if chosen.resume:
            unpack(self.net, load_file(chosen.resume / "judge.safetensors"))
        # Every run that goes on from another draws other pairs than that did.
        self._seed = 100 * runs_before(resumed(chosen.resume))
        self.net.freeze_words()
        self.net.freeze_layers(FROZEN_LAYERS)

    def run(self) -> None:
        """Train for every pass."""
        unread = GivenAway(wrongness(self._learned))
        every = Maker(self._learned, SEED).plain()
        plain = [(p.point, p.stretch, p.label == OPPOSITE) for p in every if p.label != NEITHER]
        print(f"given away unread: area {unread.learn(plain):.3f}", file=sys.stderr)
        passes = [
            Maker(self._learned, SEED + n + self._seed, unread).pairs(self._share) for n in range(1, self._passes + 1)
        ]
        total = sum(-(-len(p) // BATCH) for p in passes)
        free = [p for p in self.net.parameters() if p.requires_grad]
        groups: list[dict[str, Any]] = [
            {"params": [p for p in free if p.ndim > 1], "weight_decay": 0.01},
            {"params": [p for p in free if p.ndim < 2], "weight_decay": 0.0},
        ]
        optimiser = torch.optim.AdamW(groups, lr=self._rate)
        warm = max(1, int(WARM_UP * total))
        plan = torch.optim.lr_scheduler.LambdaLR(
            optimiser, lambda n: (n + 1) / warm if n < warm else max(0.0, (total - n) / (total - warm))
        )
        for number, pairs in enumerate(passes, 1):
            self._pass(pairs, optimiser, plan, number)
            print(f"pass {number}: {summary(self.figures())}", file=sys.stderr, flush=True)
            if number < self._passes:
                write(self.net, self._out / "unfinished", {"passes": number})

    def _pass(self, pairs: Sequence[Pair], optimiser: Any, plan: Any, number: int) -> None:
        self.net.train()
        began, lost, count = monotonic(), 0.0, 0
        for batch in batches(pairs, random.Random(SEED + number)):
            with torch.autocast(self._device, torch.bfloat16, enabled=not self._exact):
                logits = self.net(*self._tensors(batch)).float()
            labels = torch.tensor([p.label for p in batch], device=self._device)
            loss = torch.nn.functional.cross_entropy(logits + self._tones(batch), labels, label_smoothing=SMOOTHING)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
            optimiser.step()
            plan.step()
            optimiser.zero_grad()
            lost, count = lost + float(loss.detach()) * len(batch), count + len(batch)
        speed = count / (monotonic() - began)
        print(f"pass {number}: loss {lost / count:.3f}, {speed:.0f} pairs a second", file=sys.stderr, flush=True)

    def _tones(self, batch: Sequence[Pair]) -> torch.Tensor:
        """Return what the tones give away, as log odds beside the logits: known here, it need not be learned."""
        rows = [[1.0 - p.given_away, p.given_away, 0.5] for p in batch]
        return torch.log(torch.tensor(rows, device=self._device) * 2.0)

    def _tensors(self, batch: Sequence[Pair]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        rows = [tokens_of(self._tokenizer, p.point, p.stretch, LONGEST) for p in batch]
        return tuple(t.to(self._device) for t in PairNet.padded(rows, self._tokenizer.pad_token_id))  # type: ignore[return-value]

    def figures(self) -> dict[str, Any]:
        """Return what the judge makes of the held-out questions."""
        self.net.eval()
        pairs = sorted(self._held, key=lambda p: len(p.stretch))
        rows: list[NDArray[np.float32]] = []
        with torch.inference_mode(), torch.autocast(self._device, torch.bfloat16, enabled=not self._exact):
            for first in range(0, len(pairs), 64):
                logits = self.net(*self._tensors(pairs[first : first + 64])).float()
                rows.append(torch.softmax(logits, dim=1).cpu().numpy())
        return measured(np.concatenate(rows), pairs)


def has_bfloat16(device: str) -> bool:
    """Return whether a device is quick with bfloat16; older processors imitate it and take ten times as long."""
    return device != "cpu" or torch.backends.cpu.get_cpu_capability() not in WITHOUT_BFLOAT16


def batches(pairs: Sequence[Pair], chance: random.Random) -> Iterator[list[Pair]]:
    """Yield batches of pairs of like length, in a random order."""
    for first in range(0, len(pairs), BATCH * 40):
        some = sorted(pairs[first : first + BATCH * 40], key=lambda p: len(p.point) + len(p.stretch))
        cut = [some[i : i + BATCH] for i in range(0, len(some), BATCH)]
        chance.shuffle(cut)
        yield from cut


def measured(told: NDArray[np.float32], pairs: Sequence[Pair]) -> dict[str, Any]:
    """Return accuracy, areas under the curve and accuracy for each way a pair was made."""
    labels = np.array([p.label for p in pairs])
    right = told.argmax(axis=1) == labels
    made = sorted({p.made for p in pairs})
    honest = labels != OPPOSITE
    return {
        "pairs": len(pairs),
        "accuracy": round(float(right.mean()), 4),
        "auc_opposite_from_same": _area(told[:, OPPOSITE] - told[:, SAME], labels, OPPOSITE, SAME),
        "auc_opposite_from_neither": _area(told[:, OPPOSITE], labels, OPPOSITE, NEITHER),
        "auc_same_from_neither": _area(told[:, SAME], labels, SAME, NEITHER),
        "accused_at_0.9": round(float((told[honest][:, OPPOSITE] > 0.9).mean()), 4),
        "found_at_0.9": round(float((told[~honest][:, OPPOSITE] > 0.9).mean()), 4),
        "by_kind": {m: round(float(right[[p.made == m for p in pairs]].mean()), 3) for m in made},
    }


def _area(values: NDArray[Any], labels: NDArray[Any], high: int, low: int) -> float:
    from sklearn.metrics import roc_auc_score

    some = (labels == high) | (labels == low)
    return round(float(roc_auc_score(labels[some] == high, values[some])), 4)


def summary(figures: dict[str, Any]) -> str:
    """Return the figures on one line."""
    return "  ".join(f"{k} {v}" for k, v in figures.items())


def provenance(topics: Sequence[Topic], chosen: argparse.Namespace, figures: Any, seconds: float) -> dict[str, Any]:
    """Return where the weights are from."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    return {
        "base": SHA256,
        "corpus": {"questions": len(topics), "points": sum(len(t.points) for t in topics)},
        "commit": commit,
        "passes": chosen.passes,
        "share": chosen.share,
        "resumed": resumed(chosen.resume),
        "rate": chosen.rate,
        "seed": SEED,
        "minutes": round(seconds / 60, 1),
        "torch": torch.__version__,
        "held_out": figures,
    }


def resumed(folder: Path | None) -> dict[str, Any] | None:
    """Return where the weights that a run went on from are from; None for a run from the published model."""
    if folder is None:
        return None
    before: dict[str, Any] = json.loads((folder / "judge.json").read_text(encoding="utf-8"))
    return {k: v for k, v in before.items() if k != "held_out"}


def runs_before(about: dict[str, Any] | None) -> int:
    """Return how many runs led to weights, by what is told of them."""
    return 0 if not about else 1 + runs_before(about["resumed"] if isinstance(about.get("resumed"), dict) else None)


def write(net: PairNet, out: Path, about: dict[str, Any]) -> str:
    """Write weights and provenance; return the weights' SHA-256."""
    from safetensors.numpy import save_file

    out.mkdir(parents=True, exist_ok=True)
    file = out / "judge.safetensors"
    save_file(packed(net, weights_file()), file, metadata={"base": SHA256})
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    text = json.dumps({"sha256": digest, **about}, indent=1)
    (out / "judge.json").write_text(text + "\n", encoding="utf-8")
    return digest


if __name__ == "__main__":
    sys.exit(main())
