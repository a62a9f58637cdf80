"""Prints for people and programs, and never what would command a terminal.

Questions, answers, titles and names of files come from anywhere: an escape sequence in one could
retitle a terminal, hide lines or answer for the user.
"""

from __future__ import annotations

import re

import typer

# C0 but tab and line feed, DEL, C1, line separators, and what turns the direction of text around.
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    r"""Return a text with every control character but tab and line feed written as `\u001b`.

    That is also how JSON writes them, and JSON has them in texts alone: it stays the same JSON.
    """
    return _COMMANDS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def echo(text: str, *, err: bool = False) -> None:
    """Print a text and a line feed on standard output, or on standard error."""
    typer.echo(printable(text), err=err)
