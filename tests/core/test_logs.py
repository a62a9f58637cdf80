"""What ends up in the log, and who may read it."""

from __future__ import annotations

import io
import logging
import logging.handlers
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from interviewer.core import logs
from interviewer.core.errors import EngineError
from interviewer.core.logs import PrivateFormatter, catch_the_rest, log_to, log_to_stderr, this_user
from interviewer.core.redaction import Redactor

ANNA = Redactor.of(["/home/anna"], ["anna"])


def line(message: object, *args: object, error: BaseException | None = None) -> str:
    info = (type(error), error, None) if error is not None else None
    record = logging.LogRecord("interviewer", logging.INFO, "/home/anna/a.py", 7, message, args, info)
    return PrivateFormatter(ANNA, "%(message)s").format(record)


@pytest.fixture
def untouched(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put back every handler and hook that a test sets."""
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    names = (logs.OURS, "py.warnings", "")
    before = {name: (list(logging.getLogger(name).handlers), logging.getLogger(name).level) for name in names}
    yield
    logging.captureWarnings(False)
    for name, (handlers, level) in before.items():
        logger = logging.getLogger(name)
        for handler in set(logger.handlers) - set(handlers):
            logger.removeHandler(handler)
            handler.close()
        logger.setLevel(level)


def test_a_record_is_one_line_without_the_home_folder() -> None:
    assert line("kept %s\nand %d", "/home/anna/a.wav", 3) == "kept ~/a.wav and 3"


def test_names_may_be_filled_in_from_a_mapping() -> None:
    assert line("%(count)d done", {"count": 3}) == "3 done"


def test_an_error_that_comes_along_is_told_without_its_text() -> None:
    assert line("it failed", error=ValueError("my secret")) == "it failed [ValueError]"


def test_an_error_that_is_filled_in_is_told_without_its_text() -> None:
    assert line("cannot: %s", ValueError("my secret")) == "cannot: ValueError"
    assert line("cannot: %s", EngineError("No model")) == "cannot: EngineError: No model"


def test_a_message_that_does_not_fit_its_values_is_no_error() -> None:
    assert line("%d", "my secret") == "a message that could not be put together (a:7)"


def test_a_record_stays_as_it_was_for_other_handlers() -> None:
    record = logging.LogRecord("x", logging.INFO, "a.py", 7, "kept %s", ("/home/anna",), None)
    PrivateFormatter(ANNA).format(record)
    assert record.getMessage() == "kept /home/anna"


def test_this_users_home_and_name_are_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/srv/people/berta")
    monkeypatch.setenv("USERPROFILE", "/srv/people/berta")
    monkeypatch.setenv("LOGNAME", "bb")
    assert this_user().clean("/srv/people/berta/x by bb, berta") == "~/x by <user>, <user>"


def test_a_user_without_a_name_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("uid 99")

    monkeypatch.setattr(logs.getpass, "getuser", nobody)
    monkeypatch.setenv("HOME", "/srv/people/berta")
    monkeypatch.setenv("USERPROFILE", "/srv/people/berta")
    assert this_user().clean("/srv/people/berta") == "~"


@pytest.mark.usefixtures("untouched")
def test_the_log_file_is_its_owners_alone(tmp_path: Path) -> None:
    log_to(tmp_path / "interviewer.log")
    logging.getLogger("interviewer.part").info("something happened")
    assert "INFO interviewer.part: something happened" in (tmp_path / "interviewer.log").read_text(encoding="utf-8")
    if sys.platform != "win32":
        assert (tmp_path / "interviewer.log").stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("untouched")
def test_a_full_log_begins_anew_and_one_older_part_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LOG_BYTES", 300)
    log_to(tmp_path / "interviewer.log")
    for number in range(20):
        logging.getLogger("interviewer").info("number %d", number)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["interviewer.log", "interviewer.log.1"]
    assert all(p.stat().st_size <= 300 for p in tmp_path.iterdir())


@pytest.mark.usefixtures("untouched")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such links")
def test_a_log_is_not_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"")
    (tmp_path / "interviewer.log").symlink_to(tmp_path / "other")
    log_to(tmp_path / "interviewer.log")
    logging.getLogger("interviewer").info("something happened")
    assert (tmp_path / "other").read_bytes() == b""


@pytest.mark.usefixtures("untouched")
def test_a_log_that_cannot_be_written_says_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log_to(tmp_path / "none" / "interviewer.log")
    logging.getLogger("interviewer").info("something happened")
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("untouched")
def test_standard_error_is_as_private_as_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    told = io.StringIO()
    monkeypatch.setattr(sys, "stderr", told)
    logging.getLogger().handlers.clear()
    log_to_stderr()
    logging.getLogger("some.library").warning("cannot: %s", ValueError("my secret"))
    assert told.getvalue().endswith("WARNING some.library: cannot: ValueError\n")


@pytest.mark.usefixtures("untouched")
def test_an_error_that_nobody_caught_in_a_thread_is_logged_without_its_text(tmp_path: Path) -> None:
    log_to(tmp_path / "interviewer.log")

    def fail() -> None:
        raise ValueError("my secret")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    text = (tmp_path / "interviewer.log").read_text(encoding="utf-8")
    assert "a thread ended unexpectedly [ValueError at " in text
    assert "secret" not in text


class _Hooked:
    """What Python hands to its hooks, with nothing in it: it may."""

    exc_value = None


@pytest.mark.usefixtures("untouched")
def test_what_cannot_be_cleared_away_is_logged_without_its_text(tmp_path: Path) -> None:
    log_to(tmp_path / "interviewer.log")

    class Stubborn:
        def __del__(self) -> None:
            raise ValueError("my secret")

    Stubborn()
    text = (tmp_path / "interviewer.log").read_text(encoding="utf-8")
    assert "something could not be cleared away [ValueError at " in text
    assert "secret" not in text


@pytest.mark.usefixtures("untouched")
def test_hooks_that_are_handed_no_error_log_nothing(tmp_path: Path) -> None:
    log_to(tmp_path / "interviewer.log")
    catch_the_rest()
    threading.excepthook(_Hooked())  # type: ignore[arg-type]
    sys.unraisablehook(_Hooked())  # type: ignore[arg-type]
    assert not (tmp_path / "interviewer.log").exists()
