"""What people read about the recogniser in use. No Qt in here."""

from __future__ import annotations

import re

from interviewer.core.models import Transcript
from interviewer.workers.status import ModelsStatus

_PUBLISHED = re.compile(r"(tiny|base|small|medium)(\.en)?|large(-v\d)?(-turbo)?|turbo")
"""The names that OpenAI gave its checkpoints; any other is the name of a file of the user's own."""


def whisper_name(model: str) -> str:
    """Return what to call a Whisper model: "Whisper base.en", "Whisper (my-own)" after its file."""
    if not model:
        return "Whisper"
    return f"Whisper {model}" if _PUBLISHED.fullmatch(model) else f"Whisper ({model})"


def written_by(transcript: Transcript) -> str:
    """Return in one sentence who wrote a text down."""
    match transcript.engine:
        case "typed":
            return "You typed this answer."
        case "corrected":
            return "You corrected this text by hand."
        case "pocketsphinx":
            return "Written down roughly by the built-in recogniser."
        case "whisper":
            return f"Written down by {whisper_name(transcript.model)}."
        case "faster-whisper":
            return f"Written down by {whisper_name(transcript.model)}, faster engine."
    return f"Written down by {transcript.engine} {transcript.model}.".replace(" .", ".")


def unrecorded_words(*, typed: bool) -> str:
    """Return what stands in a line in place of the length of a recording where there is none."""
    return "typed" if typed else "no recording"


def recogniser_name(status: ModelsStatus) -> str:
    """Return what to call the recogniser in use; "" while there is none."""
    kind, _, model = status.recogniser.partition(" ")
    match kind:
        case "whisper":
            return whisper_name(model)
        case "faster-whisper":
            return f"{whisper_name(model)}, faster engine"
    return status.recogniser
