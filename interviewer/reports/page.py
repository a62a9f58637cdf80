"""A session as one page for the browser: everything in one file, and nothing that asks the network."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from interviewer.core.models import Session
from interviewer.core.paths import asset
from interviewer.reports.document import FindQuestion
from interviewer.reports.sheet import SessionSheet, session_sheet
from interviewer.reports.sound import MP3_TYPE, as_mp3, recording

TEMPLATES = Path(__file__).with_name("templates")


def page(session: Session, question: FindQuestion, *, audio: bool) -> tuple[str, tuple[str, ...]]:
    """Return the page of a whole session, and the names of the recordings that it should hold but cannot.

    With `audio` each recording is inside, as MP3. Scripts and styles of anybody else are forbidden
    to it by its own policy, and so is every address.
    """
    sounds, missing = _sounds(session) if audio else ({}, ())
    sheet = session_sheet(session, question)
    style, script = style_text(), script_text()
    text = (
        environment()
        .get_template("page.html.j2")
        .render(
            sheet=sheet,
            sounds=sounds,
            style=Markup(style),  # noqa: S704 - our own file and the colours of the theme
            script=Markup(script),  # noqa: S704 - our own file
            policy=_policy(style, script),
            seconds=_seconds,
            has_marks=_has_marks(sheet),
        )
    )
    return text, missing


@cache
def environment() -> Environment:
    """Return the templates; whatever is put into one is escaped."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )


def style_text() -> str:
    """Return the style sheet: the colours of the program's own theme, light, dark, and light on paper."""
    tokens = json.loads(asset("theme.json").read_text(encoding="utf-8"))
    light, dark = (_variables(tokens[look]) for look in ("light", "dark"))
    rules = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    return f"\n:root {{ {light} }}\n@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n{rules}"


def script_text() -> str:
    """Return the script."""
    return "\n" + (TEMPLATES / "page.js").read_text(encoding="utf-8")


def _variables(colours: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {value};" for name, value in colours.items())


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; media-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _sounds(session: Session) -> tuple[dict[int, str], tuple[str, ...]]:
    """Return the recordings by the number of their answer, as addresses that hold them, and what is missing."""
    found: dict[int, str] = {}
    missing: list[str] = []
    for number, attempt in enumerate(session.attempts, 1):
        clip = recording(attempt)
        sound = as_mp3(clip.path) if clip else None
        if sound is not None:
            found[number] = f"data:{MP3_TYPE};base64,{base64.b64encode(sound).decode()}"
        elif attempt.clip is not None:
            missing.append(attempt.clip.path.name)
    return found, tuple(missing)


def _seconds(value: float) -> str:
    return f"{value:.3f}"


def _has_marks(sheet: SessionSheet) -> bool:
    return any(piece.kind or piece.tone for answer in sheet.answers for piece in answer.pieces)
