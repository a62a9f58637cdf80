"""A sentence model of a few thousand random weights, and its tokenizer: everything about a real one but the meaning."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

WORDS = (
    "a", "all", "and", "are", "before", "cache", "caches", "copies", "data", "decides", "does", "entry", "every", "hot",
    "in", "is", "it", "keeps", "leaves", "near", "never", "not", "of", "on", "one", "policy", "read", "reader", "says",
    "stays", "store", "the", "throws", "to", "what", "when", "write",
)  # fmt: skip
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
SIZE = 16
POSITIONS = 180


def tokenizer() -> Any:
    """A WordPiece tokenizer that knows WORDS, single letters and marks."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    letters = [chr(c) for c in range(ord("a"), ord("z") + 1)]
    pieces = [*SPECIAL, *dict.fromkeys((*WORDS, *letters)), *(f"##{c}" for c in letters), ".", ","]
    made = Tokenizer(models.WordPiece({p: i for i, p in enumerate(pieces)}, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.BertProcessing(*((name, SPECIAL.index(name)) for name in ("[SEP]", "[CLS]")))
    return PreTrainedTokenizerFast(
        tokenizer_object=made, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]"
    )


def encoder(seed: int = 1) -> Any:
    """A BERT of two layers, its weights random and the same for the same seed."""
    import torch
    from transformers import BertConfig, BertModel

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        config = BertConfig(
            vocab_size=len(tokenizer()),
            hidden_size=SIZE,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=2 * SIZE,
            max_position_embeddings=POSITIONS,
        )
        return BertModel(config).eval()


def write_folder(folder: Path, seed: int = 1) -> Path:
    """Write a model as sentence-transformers keeps one, and return its folder."""
    encoder(seed).save_pretrained(folder)
    tokenizer().save_pretrained(folder)
    kinds = (("", "Transformer"), ("1_Pooling", "Pooling"))
    modules = [
        {"idx": n, "name": str(n), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for n, (path, kind) in enumerate(kinds)
    ]
    (folder / "1_Pooling").mkdir()
    pooling = {"word_embedding_dimension": SIZE, "pooling_mode_mean_tokens": True}
    for name, content in (
        ("modules.json", modules),
        ("sentence_bert_config.json", {"max_seq_length": 128, "do_lower_case": False}),
        ("1_Pooling/config.json", pooling),
    ):
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return folder
