"""Question banks: validate, pick and order questions.

A bank is one JSON file. Whoever writes one by hand learns from a BankError which file,
which entry and which field is wrong, in words that need no knowledge of pydantic.
"""

from __future__ import annotations

import json
import random
import stat
from collections.abc import Mapping, Sequence
from enum import Enum
from json import JSONDecodeError
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from interviewer.core.errors import BankError, InputError
from interviewer.core.models import Bank, Neighbour, Question

MAX_BANK_BYTES = 5 * 1024 * 1024
MAX_PROBLEMS = 5
MOST_NEIGHBOURS = 40
"""Entries that an answer is compared with: each costs an encoding, once."""

_NO_SCORES: Mapping[str, float] = MappingProxyType({})

# What pydantic calls a problem -> what the author of a bank should read. The names in
# braces are filled from the error's own context.
_WORDING = {
    "missing": "is missing",
    "extra_forbidden": "is not a known field",
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "tuple_type": "must be a list",
    "model_type": "must be an object with fields",
    "string_unicode": "contains half a character (a lone surrogate)",
    "string_too_short": "is empty",
    "string_too_long": "is too long: at most {max_length} characters",
    "too_short": "has too few items: at least {min_length}",
    "too_long": "has too many items: at most {max_length}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
}
# A failed pattern says nothing to a reader, so each pattern is explained by its field.
_PATTERN_WORDING = {
    "id": "must be small letters, digits and single hyphens, like what-is-fastapi",
    "language": "must be a language code like en or en-GB",
}
_PATTERN_DEFAULT = "contains control characters or a line break where none is allowed"


class Order(Enum):
    """How the questions of a session are chosen."""

    LISTED = "listed"
    """As they stand in the bank."""
    RANDOM = "random"
    """Shuffled; the same seed gives the same session."""
    WEAKEST = "weakest"
    """Never asked first, then the lowest best score first."""
    DUE = "due"
    """Those that are due first, in the order given, then the rest."""


def load_bank(path: Path) -> Bank:
    """Read and validate the bank at `path`.

    A UTF-8 byte order mark is accepted. Raises BankError, naming the file and what is
    wrong with it, when it cannot be read, is larger than MAX_BANK_BYTES, is not UTF-8
    or fails `parse_bank`. A file that is too large is refused before it is read whole.
    """
    data = _read(path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        # The codec counts from behind the mark, which is three bytes long.
        offset = exc.start + (3 if data.startswith(b"\xef\xbb\xbf") else 0)
        raise BankError(
            f"{path}: is not UTF-8 text (byte {offset} cannot be read)",
            hint="Save the file again with the encoding UTF-8.",
        ) from exc
    return parse_bank(text, name=str(path))


def parse_bank(text: str, *, name: str) -> Bank:
    """Validate `text` as the JSON of a bank; `name` is what messages call it.

    Raises BankError when it is not JSON, is nested too deeply, or when entries are
    missing something, hold the wrong type, are too long or share an id. At most
    MAX_PROBLEMS problems are listed, one a line.
    """
    raw = _json_object(text, name)
    problems = _duplicates(raw)
    bank = None
    try:
        bank = Bank.model_validate(raw)
    except ValidationError as exc:
        # Values are left out: a message must not carry a novel that someone pasted in.
        errors = exc.errors(include_url=False, include_input=False)
        problems += [_problem(e, raw) for e in _without_echoes(errors)]
    if bank is None or problems:
        raise BankError(_listing(name, problems))
    return bank


def pick(
    bank: Bank,
    count: int,
    order: Order,
    *,
    seed: int | None = None,
    best_scores: Mapping[str, float] = _NO_SCORES,
    due: Sequence[str] = (),
) -> tuple[Question, ...]:
    """Return up to `count` different questions of `bank` in the given order.

    `best_scores` maps ids of questions that were asked to their best value, 0 to 100;
    only WEAKEST reads it. `due` holds ids, most urgent first; only DUE reads it, and
    ids that the bank lacks are passed over. Raises InputError when `count` is below 1.
    """
    if count < 1:
        raise InputError(f"cannot ask {count} questions", hint="Ask for at least one question.")
    return tuple(_ordered(bank.questions, order, seed, best_scores, due)[:count])


def _json_object(text: str, name: str) -> dict[str, Any]:
    try:
        raw = json.loads(text)
    except JSONDecodeError as exc:
        raise BankError(
            f"{name}: is not valid JSON: {exc.msg} at line {exc.lineno}, column {exc.colno}",
            hint="Correct that place in a text editor and open the file again.",
        ) from exc
    except RecursionError as exc:
        raise BankError(
            f"{name}: is nested too deeply", hint="A bank needs only a few levels; remove the extra brackets."
        ) from exc
    except ValueError as exc:  # A number with thousands of digits; Python refuses to read it.
        raise BankError(f"{name}: contains a number that is too long", hint="Shorten it.") from exc
    if not isinstance(raw, dict):
        raise BankError(f"{name}: must be a JSON object, not a list or a single value", hint="See questions.json.")
    return raw


def _ordered(
    questions: Sequence[Question], order: Order, seed: int | None, best_scores: Mapping[str, float], due: Sequence[str]
) -> list[Question]:
    match order:
        case Order.RANDOM:
            # Nothing secret hangs on it, and a seed must give the same session again.
            return random.Random(seed).sample(questions, len(questions))  # noqa: S311
        case Order.WEAKEST:
            # Scores are never negative, so -1 puts what was never asked in front.
            return sorted(questions, key=lambda q: best_scores.get(q.id, -1.0))
        case Order.DUE:
            rank = {question_id: i for i, question_id in reversed(list(enumerate(due)))}
            return sorted(questions, key=lambda q: rank.get(q.id, len(due)))
        case _:
            return list(questions)


def _read(path: Path) -> bytes:
    """Return the bytes of the file; reads never more than MAX_BANK_BYTES and one."""
    try:
        facts = path.stat()
        # A pipe or a device could keep the reader waiting for ever.
        if not stat.S_ISREG(facts.st_mode):
            what = "a folder" if stat.S_ISDIR(facts.st_mode) else "not a regular file"
            raise BankError(f"{path}: is {what}", hint="Choose a JSON file.")
        # The size comes first, so that a huge file costs nothing; the limit on read
        # covers a file that grows meanwhile.
        if facts.st_size > MAX_BANK_BYTES:
            raise _too_large(path)
        with path.open("rb") as file:
            data = file.read(MAX_BANK_BYTES + 1)
    except FileNotFoundError as exc:
        raise BankError(f"{path}: there is no such file", hint="Check the path of the bank.") from exc
    except (OSError, ValueError) as exc:  # ValueError: a path with a null character.
        reason = getattr(exc, "strerror", None) or str(exc)
        raise BankError(f"{path}: cannot be read ({reason})", hint="Check that you may read the file.") from exc
    if len(data) > MAX_BANK_BYTES:
        raise _too_large(path)
    return data


def _too_large(path: Path) -> BankError:
    limit = MAX_BANK_BYTES // (1024 * 1024)
    return BankError(f"{path}: is larger than {limit} MiB", hint="Split the bank into smaller files.")


def _entries(raw: Mapping[str, Any]) -> list[Any]:
    questions = raw.get("questions")
    return questions if isinstance(questions, list) else []


def _duplicates(raw: Mapping[str, Any]) -> list[str]:
    """Return a line for each entry whose id an earlier entry has already."""
    first: dict[str, int] = {}
    lines = []
    for number, entry in enumerate(_entries(raw), start=1):
        entry_id = entry.get("id") if isinstance(entry, dict) else None
        if not isinstance(entry_id, str):
            continue
        if entry_id in first:
            lines.append(f"entries {first[entry_id]} and {number} both have the id {_short(entry_id)}")
        else:
            first[entry_id] = number
    return lines


def _without_echoes(errors: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """Return the errors less those that only follow from others.

    Pydantic counts the valid items of a list, so one whose items are all wrong is
    called too short as well.
    """
    parents = {error["loc"][:depth] for error in errors for depth in range(len(error["loc"]))}
    return [e for e in errors if e["type"] != "too_short" or e["loc"] not in parents]


def _problem(error: ErrorDetails, raw: Mapping[str, Any]) -> str:
    """Return one line saying where the problem is and what it is."""
    where = list(error["loc"])
    what = _what(error)
    prefix = ""
    if len(where) > 1 and where[0] == "questions":
        index = int(where[1])
        entry = _entries(raw)[index]
        entry_id = entry.get("id") if isinstance(entry, dict) else None
        prefix = f"entry {index + 1}" + (f" ({_short(entry_id)})" if isinstance(entry_id, str) else "")
        where = where[2:]
        if not where:
            return f"{prefix} {what}"
        prefix += ", "
    return f"{prefix}field {_field(where)}: {what}"


def _what(error: ErrorDetails) -> str:
    kind = error["type"]
    if kind == "string_pattern_mismatch":
        return _PATTERN_WORDING.get(str(error["loc"][-1]), _PATTERN_DEFAULT)
    # Kinds that this table lacks still read as a sentence in pydantic's own message.
    wording = _WORDING.get(kind)
    return wording.format(**error.get("ctx", {})) if wording else error["msg"]


def _field(where: Sequence[int | str]) -> str:
    """Return a path like key_points[1].text."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{_short(part)}" for part in where)
    return text.removeprefix(".")


def _short(text: str) -> str:
    """Return `text` on one line and short enough for a message."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:57]}..."


def _listing(name: str, problems: Sequence[str]) -> str:
    lines = list(problems[:MAX_PROBLEMS])
    more = len(problems) - len(lines)
    if more:
        lines.append(f"and {more} more")
    return "\n".join([f"{name}: cannot be used as a bank:", *lines])


def neighbours(bank: Bank, question: Question) -> tuple[Neighbour, ...]:
    """Return other entries of the bank to compare an answer with: those of its topic first, MOST_NEIGHBOURS at most."""
    others = [q for q in bank.questions if q.id != question.id]
    others.sort(key=lambda q: q.topic != question.topic)
    return tuple(Neighbour(q.question, q.example_answer) for q in others[:MOST_NEIGHBOURS])
