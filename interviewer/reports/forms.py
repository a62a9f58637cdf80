"""What a session can be written out as."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class Form(Enum):
    """A form; the value is its name on the command line."""

    FOLDER = "folder"
    HTML = "html"
    PDF = "pdf"
    MARKDOWN = "md"
    CSV = "csv"
    JSON = "json"
    SRT = "srt"
    VTT = "vtt"
    ZIP = "zip"


@dataclass(frozen=True, slots=True)
class About:
    """A form in words."""

    name: str
    hint: str
    """What it is for, in a sentence."""
    sound: str = ""
    """What becomes of the recordings where they are wanted, in a phrase; "" where the form has no place for them."""


ABOUT = {
    Form.HTML: About(
        "A page for the browser (HTML)",
        "One file to read on any computer or phone, and to print. Nothing in it asks the network.",
        "With the recordings inside, to hear every word",
    ),
    Form.PDF: About("A document to print (PDF)", "Scores, points and texts on paper."),
    Form.ZIP: About(
        "Everything, for a coach (ZIP)",
        "The page, the session and its recordings. Who has Interviewer opens it in History; everybody else reads the "
        "page in it.",
    ),
    Form.MARKDOWN: About("Text with headings (Markdown)", "For a notebook or an editor."),
    Form.CSV: About("A table (CSV)", "One line for each answer, for a spreadsheet."),
    Form.JSON: About("Data (JSON)", "Everything but the recordings, in a published form; Interviewer reads it again."),
    Form.SRT: About(
        "Subtitles (SRT)",
        "What was said and when, one answer after the other.",
        "With the recordings beside it, joined into one sound file",
    ),
    Form.VTT: About(
        "Subtitles for the web (WebVTT)",
        "What was said and when, one answer after the other.",
        "With the recordings beside it, joined into one sound file",
    ),
}
"""The forms that are one file, in the order in which they are offered."""


def sound_beside(form: Form, out: Path) -> Path | None:
    """Return where the recordings go that are written beside the file `out`; None for a form without a sound file."""
    return out.with_suffix(".flac") if form in (Form.SRT, Form.VTT) else None
