"""The commands over Whisper's weights, against a real server on this machine."""

from __future__ import annotations

import _thread
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from interviewer.core.settings import Settings, save
from interviewer.core.transfers import Stage, Transfer
from interviewer.engines import whisper_files
from interviewer.model_commands import Told
from tests.commands.running import Run
from tests.engines import weights_server as serve

WEIGHTS = serve.weights(2_000_000)
MIDDLE = 1_000_000


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[serve.Server]:
    for name in ("http_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setitem(whisper_files.KNOWN, "tiny.en", serve.facts(WEIGHTS))
    with serve.serving(WEIGHTS) as server:
        monkeypatch.setenv("INTERVIEWER_WHISPER_URL", server.base)
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "models"


def put(path: Path, content: bytes = WEIGHTS) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


# --- download --------------------------------------------------------------------------------


def test_a_model_is_downloaded_with_progress_on_standard_error(run: Run, server: serve.Server, folder: Path) -> None:
    told = run("models", "download", "tiny.en")
    assert told.code == 0
    assert told.out.startswith(f"Here: {folder / 'tiny.en.pt'} (2 MB; its published hash is right)\n")
    assert told.err.startswith("tiny.en: Connecting…\ntiny.en: ")
    assert (folder / "tiny.en.pt").read_bytes() == WEIGHTS


def test_where_another_model_is_chosen_it_is_said_how_to_use_this_one(run: Run, server: serve.Server) -> None:
    assert "The settings choose base.en" in run("models", "download", "tiny.en").out


def test_where_the_model_is_chosen_nothing_more_is_said(run: Run, server: serve.Server, folder: Path) -> None:
    folder.parent.mkdir()
    save(folder.parent, Settings(whisper_model="tiny.en"))
    assert run("models", "download", "tiny.en").out.count("\n") == 1


def test_a_program_reads_what_came(run: Run, server: serve.Server, folder: Path) -> None:
    told = json.loads(run("models", "download", "tiny.en", "--json").out)
    assert told == {
        "name": "tiny.en",
        "path": str(folder / "tiny.en.pt"),
        "size_bytes": len(WEIGHTS),
        "sha256": serve.facts(WEIGHTS).sha256,
    }


def test_a_failure_is_a_sentence_and_the_next_try_goes_on(run: Run, server: serve.Server, folder: Path) -> None:
    server.answers.append(serve.breaking_after(MIDDLE))
    server.answers.append(serve.refusing(503))
    told = run("models", "download", "tiny.en")
    assert (told.code, told.out) == (1, "")
    last = told.err.splitlines()[-1]
    assert last.startswith("interviewer: The download of tiny.en failed: 127.0.0.1 has trouble of its own (503).")
    assert "1 MB are kept" in last
    assert run("models", "download", "tiny.en").code == 0
    assert server.ranges[-1] == f"bytes={MIDDLE}-"


def test_a_keyboard_interrupt_keeps_what_came_and_says_how_to_go_on(
    run: Run, server: serve.Server, folder: Path
) -> None:
    def interrupting(handler: serve.Handler) -> None:
        serve.breaking_after(0)(handler)
        _thread.interrupt_main()
        handler.told.over.wait(60)

    put(folder / "tiny.en.pt.part", WEIGHTS[:MIDDLE])
    server.answers.append(interrupting)
    told = run("models", "download", "tiny.en")
    assert told.code == 1
    last = told.err.splitlines()[-1]
    assert last == "interviewer: Stopped. 1 MB are kept: `interviewer models download tiny.en` goes on from there."
    assert (folder / "tiny.en.pt.part").stat().st_size == MIDDLE


def test_an_interrupt_before_anything_came_says_so(
    run: Run, server: serve.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("interviewer.engines.fetch_whisper.Fetcher.fetch", stopped)
    assert run("models", "download", "tiny.en").err.endswith("Stopped. Nothing had come yet.\n")


def test_the_proxy_of_the_settings_is_used_and_one_on_the_command_line_instead(
    run: Run, server: serve.Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERVIEWER_WHISPER_URL", "http://weights.invalid/models")
    folder.parent.mkdir()
    save(folder.parent, Settings(proxy="socks5://nothing"))
    assert "The proxy in the settings cannot be used" in run("models", "download", "tiny.en").err
    proxy = server.base.removesuffix("/models")
    assert run("models", "download", "tiny.en", "--proxy", proxy).code == 0


def test_a_model_that_nobody_published_is_told_with_the_known_ones(run: Run) -> None:
    told = run("models", "download", "huge")
    assert told.code == 1
    assert "no published Whisper model huge. Name one of: tiny.en" in told.err


# --- add, verify, delete, where --------------------------------------------------------------


def test_a_file_is_added_under_its_published_name(run: Run, server: serve.Server, folder: Path, tmp_path: Path) -> None:
    told = run("models", "add", put(tmp_path / "stick" / "weights.bin"))
    assert told.code == 0
    assert (folder / "tiny.en.pt").read_bytes() == WEIGHTS
    assert "published hash is right" in told.out


def test_a_file_of_ones_own_is_added_by_its_name(run: Run, folder: Path, tmp_path: Path) -> None:
    told = json.loads(run("models", "add", put(tmp_path / "tuned.pt"), "--json").out)
    assert (told["name"], told["sha256"]) == (str(folder / "tuned.pt"), None)
    assert "nobody published a hash" in run("models", "add", tmp_path / "tuned.pt").out


def test_what_is_no_checkpoint_is_not_added(run: Run, tmp_path: Path) -> None:
    told = run("models", "add", put(tmp_path / "x.pt", b"<html>"))
    assert (told.code, told.out) == (1, "")
    assert "is not a Whisper checkpoint" in told.err


def test_adding_can_be_interrupted(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("interviewer.engines.keep_whisper.bring", stopped)
    assert run("models", "add", tmp_path / "x.pt").err.endswith("Stopped. Nothing was changed.\n")


def test_verifying_can_be_read_by_a_program(run: Run, server: serve.Server, folder: Path) -> None:
    put(folder / "tiny.en.pt", serve.weights(100))
    told = run("models", "verify", "--json")
    assert told.code == 1
    (bad,) = [m for m in json.loads(told.out) if not m["whole"]]
    assert bad["told"].startswith("tiny.en")


def test_a_model_is_deleted(run: Run, folder: Path) -> None:
    put(folder / "tiny.en.pt")
    assert run("models", "delete", "tiny.en").out == f"Deleted: {folder / 'tiny.en.pt'} (2 MB)\n"
    put(folder / "tiny.en.pt.part", b"12345")
    (gone,) = json.loads(run("models", "delete", "tiny.en", "--json").out)
    assert gone == {"path": str(folder / "tiny.en.pt.part"), "size_bytes": 5}
    assert list(folder.iterdir()) == []


def test_what_is_not_ours_is_not_deleted(run: Run, tmp_path: Path) -> None:
    told = run("models", "delete", put(tmp_path / "mine.pt"))
    assert told.code == 1
    assert (tmp_path / "mine.pt").exists()


def test_where_everything_is_can_be_told(run: Run, folder: Path, server: serve.Server) -> None:
    assert str(folder) in run("models", "where").out
    told = json.loads(run("models", "where", "--json").out)
    assert (told["models"], told["downloads"], told["chosen"]) == (str(folder), server.base, "base.en")


@pytest.mark.parametrize("command", ["download", "add", "delete"])
def test_a_command_without_its_name_is_wrong_use(run: Run, command: str) -> None:
    assert run("models", command).code == 2


# --- list ------------------------------------------------------------------------------------


def test_the_list_says_what_to_expect_and_what_came_of_downloads(run: Run, server: serve.Server, folder: Path) -> None:
    put(folder / "base.en.pt.part", WEIGHTS)
    told = run("models", "list").out
    assert "Fast, and good enough for clear speech." in told
    assert "not on this machine, but 2 MB of it have come" in told


def test_a_program_reads_the_addresses(run: Run, server: serve.Server, folder: Path) -> None:
    put(folder / "own.pt")
    listed = json.loads(run("models", "list", "--json").out)
    assert listed[0]["address"] == f"{server.base}/{serve.facts(WEIGHTS).sha256}/tiny.en.pt"
    assert listed[-1]["address"] is None


# --- progress --------------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def receiving(done: int) -> Transfer:
    return Transfer(Stage.RECEIVING, done, 145_000_000)


def test_a_terminal_shows_one_line_that_changes() -> None:
    terminal = Terminal()
    told = Told("x", terminal)
    told(receiving(1_000_000))
    told(receiving(2_000_000))
    told.clear()
    assert terminal.getvalue() == "\r\x1b[Kx: 1 of 145 MB\r\x1b[Kx: 2 of 145 MB\r\x1b[K"


def test_elsewhere_a_line_is_printed_now_and_then() -> None:
    stream, now_s = io.StringIO(), [0.0]
    told = Told("x", stream, clock=lambda: now_s[0])
    told(receiving(1_000_000))
    now_s[0] = 4.9
    told(receiving(2_000_000))
    now_s[0] = 5.0
    told(receiving(3_000_000))
    told(Transfer(Stage.CHECKING, 0, 145_000_000))
    told.clear()
    assert stream.getvalue() == "x: 1 of 145 MB\nx: 3 of 145 MB\nx: Checking… 0 kB of 145 MB\n"
