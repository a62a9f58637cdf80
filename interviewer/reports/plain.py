"""A session as Markdown: every sign in a text stands for itself."""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from interviewer.core.models import Session
from interviewer.reports.document import FindQuestion
from interviewer.reports.page import TEMPLATES
from interviewer.reports.sheet import session_sheet

# Every sign of punctuation that ASCII has may be escaped (CommonMark 2.4); these are the ones that mean something
# inside a line.
_INLINE = re.compile(r"([\\`*_{}\[\]<>&#|~$!^=])")
# What means something only where a line begins: lists, rules and the like.
_BULLET = re.compile(r"^([-+:])")
_NUMBER = re.compile(r"^(\d{1,9})([.)])")


def markdown(session: Session, question: FindQuestion) -> str:
    """Return a whole session as CommonMark."""
    text = _environment().get_template("text.md.j2").render(sheet=session_sheet(session, question))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def escaped(text: str) -> str:
    """Return a text whose signs all stand for themselves; lines stay lines, empty ones part paragraphs."""
    return "  \n".join(_line(line) for line in text.splitlines())


def _line(line: str) -> str:
    plain = _INLINE.sub(r"\\\1", line.strip())
    return _NUMBER.sub(r"\1\\\2", _BULLET.sub(r"\\\1", plain))


def _one_line(text: str) -> str:
    """Return a text for a heading or an item of a list, which end with their line."""
    return escaped(" ".join(text.split()))


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in escaped(text).split("\n"))


@cache
def _environment() -> Environment:
    made = Environment(  # noqa: S701 - no HTML: every text goes through a filter of ours
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters |= {"md": escaped, "md_line": _one_line, "md_quote": _quoted}
    return made
