"""The log of a whole interview, at its most talkative, and of parts that fail: nothing of what was said is in it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel
from pytestqt.qtbot import QtBot

from interviewer.core.errors import EngineError
from interviewer.core.logs import PrivateFormatter
from interviewer.core.redaction import Redactor
from interviewer.core.settings import Settings
from interviewer.engines.gate import Gate
from interviewer.workers import model_main
from interviewer.workers.lanes import Lane
from tests.whole.conftest import USER, Held

SECRET = "xylophone"


@pytest.mark.models
def test_the_log_of_a_whole_interview_tells_nothing_of_it(held: Held) -> None:
    log = (held.home / "interviewer.log").read_text(encoding="utf-8").lower() + held.errors.lower()
    assert "recording" in log
    assert "the end [valueerror]" in log
    document = json.loads((held.home / "demo" / "session.json").read_text(encoding="utf-8"))
    (attempt,) = document["attempts"]
    said, asked = attempt["transcript"]["text"].lower().split(), attempt["question"].lower().split()
    private = {" ".join(words[at : at + 3]) for words in (said, asked) for at in range(len(words) - 2)}
    assert len(private) > 20
    assert [words for words in private | {USER, str(held.folder).lower()} if words in log] == []


# --- parts that fail ------------------------------------------------------------------------------


class Row(BaseModel):
    """Its errors quote what they were given, as pydantic's do."""

    number: int


def invalid() -> object:
    return Row.model_validate({"number": SECRET})


def broken() -> object:
    raise UnicodeEncodeError("ascii", SECRET, 0, 1, SECRET)


def wrapped() -> object:
    try:
        return json.loads(SECRET)
    except ValueError as exc:
        raise EngineError("The model failed") from exc


FAULTS = (invalid, broken, wrapped)


@pytest.fixture
def written(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """What a log file would hold of everything that is logged, at any level."""
    lines: list[str] = []
    formatter = PrivateFormatter(Redactor.of(["/home/zanzibar"], [USER]))

    class Keeps(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(formatter.format(record))

    handler, logger = Keeps(), logging.getLogger("interviewer")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield lines
    logger.removeHandler(handler)
    logger.setLevel(before)


@pytest.mark.parametrize("fault", FAULTS)
def test_work_on_a_lane_that_fails_is_logged_without_what_it_was_about(
    qtbot: QtBot, written: list[str], fault: object
) -> None:
    lane = Lane("test")
    lane.run(fault)  # type: ignore[arg-type]
    assert lane.close(5)
    assert written
    assert SECRET not in "".join(written)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_callback_that_fails_is_logged_without_what_it_was_about(written: list[str], fault: object) -> None:
    Gate().tell(fault)  # type: ignore[arg-type]
    assert written
    assert SECRET not in "".join(written)


@pytest.mark.parametrize("fault", FAULTS)
def test_what_the_model_process_tells_of_a_fault_is_its_place(fault: object) -> None:
    told = []

    class Link:
        def send(self, reply: object) -> None:
            told.append(repr(reply) + str(getattr(reply, "detail", "")))

    with model_main.Server(Link())._told(1):  # type: ignore[arg-type]
        fault()  # type: ignore[operator]
    assert len(told) == 1
    assert SECRET not in told[0]
    assert "test_private_log.py" in told[0]


def test_settings_are_not_logged(tmp_path: Path, written: list[str]) -> None:
    from interviewer.core import settings

    settings.save(tmp_path, Settings(proxy=f"http://me:{SECRET}@proxy", bank=f"/home/{USER}/{SECRET}.json"))
    settings.load(tmp_path)
    (tmp_path / settings.FILE_NAME).write_text(f'{{"rate_wpm": "{SECRET}"}}', encoding="utf-8")
    settings.load(tmp_path)
    assert SECRET not in "".join(written)
