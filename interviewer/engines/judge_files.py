"""The contradiction judge's own files, looked at without loading anything."""

from __future__ import annotations

import hashlib
import json

from interviewer.core.errors import ModelCorrupt, ModelMissing
from interviewer.core.paths import asset

WEIGHTS = asset("judge.safetensors")
ABOUT = asset("judge.json")
"""Where the weights are from: their hash, the text they learned from and what was measured."""
HINT = "Install Interviewer again: its own file assets/judge.safetensors is not as it was made."


def verify() -> str:
    """Read the judge's weights through and return their SHA-256.

    Raises ModelMissing when a file is not there, ModelCorrupt when the weights are not those described.
    """
    try:
        wanted = str(json.loads(ABOUT.read_text(encoding="utf-8"))["sha256"])
        found = hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()
    except OSError as exc:
        raise ModelMissing(f"The contradiction judge cannot be read ({exc.strerror})", hint=HINT) from exc
    except (ValueError, KeyError, TypeError) as exc:
        raise ModelCorrupt("The description of the contradiction judge is damaged", hint=HINT) from exc
    if found != wanted:
        raise ModelCorrupt("The contradiction judge is not the one that was trained", hint=HINT)
    return found
