"""Whisper's vocabulary in the forms that CTranslate2 and `tokenizers` read, from the one that whisper brings.

Nothing is downloaded: whisper's package holds both of its vocabularies.
"""

from __future__ import annotations

import warnings
from typing import Any


def tokenizer_of(n_vocab: int) -> Any:
    """Return whisper's own tokenizer for a vocabulary of this size. Imports torch."""
    from whisper.tokenizer import get_tokenizer

    multilingual = n_vocab >= 51865
    with warnings.catch_warnings():
        # It leaves its vocabulary file open.
        warnings.simplefilter("ignore", ResourceWarning)
        return get_tokenizer(multilingual, num_languages=n_vocab - 51765 - multilingual)


def words_of(tokenizer: Any) -> list[str]:
    """Return the text of every token, in order of their numbers; bytes are written as GPT-2 writes them."""
    encoding = tokenizer.encoding
    spell = _spelling()
    words = ["".join(spell[b] for b in encoding.decode_single_token_bytes(n)) for n in range(tokenizer.eot)]
    return words + [encoding.decode([n]) for n in range(tokenizer.eot, encoding.n_vocab)]


def config_of(tokenizer: Any) -> dict[str, list[int]]:
    """Return which tokens CTranslate2 is to leave out, and which name a language."""
    first = tokenizer.sot + 1
    names = [tokenizer.sot, tokenizer.translate, tokenizer.transcribe, tokenizer.sot_lm, tokenizer.sot_prev]
    return {
        "suppress_ids": sorted({*tokenizer.non_speech_tokens, *names}),
        "suppress_ids_begin": [*tokenizer.encode(" "), tokenizer.eot],
        "lang_ids": list(range(first, first + tokenizer.num_languages)),
    }


def tokenizer_json(words: list[str], eot: int) -> str:
    """Return a tokenizer.json that cuts text as whisper's own tokenizer does; `words` is what `words_of` returned."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    ranks = {word: rank for rank, word in enumerate(words[:eot])}
    made = Tokenizer(models.BPE(vocab=ranks, merges=_merges(ranks), fuse_unk=False))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens([AddedToken(word, special=True, normalized=False) for word in words[eot:]])
    return str(made.to_str())


def _merges(ranks: dict[str, int]) -> list[tuple[str, str]]:
    """Return every pair of tokens that makes up another, those that make an earlier one first."""
    pairs = [
        (rank, ranks[word[:cut]], ranks[word[cut:]])
        for word, rank in ranks.items()
        for cut in range(1, len(word))
        if word[:cut] in ranks and word[cut:] in ranks
    ]
    words = list(ranks)
    return [(words[first], words[second]) for _, first, second in sorted(pairs)]


def _spelling() -> list[str]:
    """Return the character that GPT-2 writes for each byte: its own if it has one that shows."""
    shown = {*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)}
    hidden = [byte for byte in range(256) if byte not in shown]
    return [chr(byte) if byte in shown else chr(256 + hidden.index(byte)) for byte in range(256)]
