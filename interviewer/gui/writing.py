"""Texts of another direction than ours, quoted in a line of ours. No Qt in here."""

from __future__ import annotations

import re
import unicodedata

_QUOTED = re.compile("(?<=“)[^“”]*(?=”)")
_RIGHT_TO_LEFT = ("R", "AL")


def quoting(text: str) -> str:
    """Return a line of ours with what it quotes kept apart: right-to-left words take none of our marks along."""
    return _QUOTED.sub(_isolated, text) if is_right_to_left(text) else text


def is_right_to_left(text: str) -> bool:
    """Return whether there is any letter in it that is written from right to left."""
    return any(unicodedata.bidirectional(c) in _RIGHT_TO_LEFT for c in text)


def _isolated(quoted: re.Match[str]) -> str:
    return f"\N{FIRST STRONG ISOLATE}{quoted[0]}\N{POP DIRECTIONAL ISOLATE}"
