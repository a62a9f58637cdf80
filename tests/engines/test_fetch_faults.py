"""Downloads that are cancelled, that meet each other, or whose disk fails."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from interviewer.core import files
from interviewer.core.errors import Cancelled, DownloadError, InterviewerError, StoreError
from interviewer.core.file_lock import held
from interviewer.engines import fetch_whisper, part_file
from tests.engines import weights_server as serve
from tests.engines.fetching import MIDDLE, WAIT_S, WEIGHTS, assert_whole, fail, fetcher, part

# --- cancelling ------------------------------------------------------------------------------


class Running(threading.Thread):
    """A download on a thread of its own, which ends when it is told to."""

    def __init__(self, server: serve.Server, folder: Path, **options: object) -> None:
        super().__init__(daemon=True)
        self.cancelled = threading.Event()
        self.error: Exception | None = None
        self._fetcher, self._folder = fetcher(server, **options), folder
        self.start()

    def run(self) -> None:
        try:
            self._fetcher.fetch("tiny.en", self._folder, cancelled=self.cancelled.is_set)
        except InterviewerError as error:
            self.error = error

    def cancel(self) -> InterviewerError:
        self.cancelled.set()
        self.join(WAIT_S)
        assert isinstance(self.error, Cancelled)
        return self.error


def test_a_download_that_stalls_can_be_cancelled_long_before_its_patience_ends(
    server: serve.Server, folder: Path
) -> None:
    server.answers.append(serve.stalling_after(MIDDLE))
    running = Running(server, folder, patience_s=3600.0)
    assert server.stalled.wait(WAIT_S)
    running.cancel()
    fetcher(server).fetch("tiny.en", folder)
    assert_whole(folder)


def test_what_came_before_a_cancel_is_kept_and_told(server: serve.Server, folder: Path) -> None:
    folder.mkdir()
    (folder / "tiny.en.pt.part").write_bytes(WEIGHTS[:MIDDLE])
    server.answers.append(serve.stalling_after(0))
    running = Running(server, folder)
    assert server.stalled.wait(WAIT_S)
    assert "1 MB are kept" in running.cancel().hint
    assert part(folder) == WEIGHTS[:MIDDLE]


def test_a_connection_that_is_not_answered_can_be_cancelled(server: serve.Server, folder: Path) -> None:
    server.answers.append(serve.silent)
    running = Running(server, folder, patience_s=3600.0)
    assert server.stalled.wait(WAIT_S)
    assert running.cancel().hint == "Nothing had come yet."
    assert list(folder.iterdir()) == []


def test_reading_what_is_there_can_be_cancelled(server: serve.Server, folder: Path) -> None:
    folder.mkdir()
    (folder / "tiny.en.pt.part").write_bytes(WEIGHTS[:MIDDLE])
    with pytest.raises(Cancelled):
        fetcher(server).fetch("tiny.en", folder, cancelled=lambda: True)
    assert part(folder) == WEIGHTS[:MIDDLE]
    assert server.asked == []


# --- two at once -----------------------------------------------------------------------------


def test_a_second_download_of_the_same_model_is_refused(server: serve.Server, folder: Path) -> None:
    server.answers.append(serve.stalling_after(MIDDLE))
    running = Running(server, folder)
    assert server.stalled.wait(WAIT_S)
    with pytest.raises(DownloadError, match="is being downloaded or brought already"):
        fetcher(server).fetch("tiny.en", folder)
    assert len(server.asked) == 1
    running.cancel()


HOLD = """
import sys
from pathlib import Path
from interviewer.core.file_lock import held
with held(Path(sys.argv[1])) as alone:
    print(alone, flush=True)
    sys.stdin.read()
"""


def test_a_download_of_another_program_is_respected_and_ends_with_it(server: serve.Server, folder: Path) -> None:
    folder.mkdir()
    lock = fetch_whisper.lock_of(folder / "tiny.en.pt")
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        fail(server, folder, DownloadError, "already")
        other.kill()
    fetcher(server).fetch("tiny.en", folder)
    assert_whole(folder)


def test_a_lock_is_one_mans_and_leaves_no_file(tmp_path: Path) -> None:
    lock = tmp_path / "x.lock"
    with held(lock) as first, held(lock) as second:
        assert (first, second) == (True, False)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_locks_is_no_reason_to_fetch_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(_: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("interviewer.core.file_lock._lock", unsupported)
    with held(tmp_path / "x.lock") as alone:
        assert alone


# --- the disk --------------------------------------------------------------------------------


def test_a_disk_without_room_is_told_before_anything_is_taken(
    server: serve.Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**12, 10**12, 50_000_000))
    hint = fail(server, folder, StoreError, "There is no room: 103 MB are needed, 50 MB are free")
    assert str(folder) in hint
    assert list(folder.iterdir()) == []


def test_a_disk_that_fills_up_keeps_what_fitted(
    server: serve.Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitting = MIDDLE

    def write(handle: int, data: memoryview) -> int:
        nonlocal fitting
        if not fitting:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = real(handle, data[:fitting])
        fitting -= written
        return written

    real = os.write
    monkeypatch.setattr(part_file.os, "write", write)
    fail(server, folder, StoreError, "cannot be kept .No space left on device.")
    monkeypatch.undo()
    assert part(folder) == WEIGHTS[:MIDDLE]


def test_what_fitted_on_a_full_disk_is_gone_on_from(server: serve.Server, folder: Path) -> None:
    folder.mkdir()
    (folder / "tiny.en.pt.part").write_bytes(WEIGHTS[: MIDDLE + 17])
    fetcher(server).fetch("tiny.en", folder)
    assert_whole(folder)
    assert server.ranges == [f"bytes={MIDDLE + 17}-"]


def test_a_folder_that_cannot_be_made_is_told(server: serve.Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreError, match="cannot be made"):
        fetcher(server).fetch("tiny.en", tmp_path / "file" / "models")


def test_a_part_that_is_a_folder_is_told(server: serve.Server, folder: Path) -> None:
    (folder / "tiny.en.pt.part").mkdir(parents=True)
    fail(server, folder, StoreError, "cannot be kept")


def test_a_virus_scanner_that_holds_the_file_is_waited_for(
    server: serve.Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = [PermissionError(13, "in use"), PermissionError(13, "in use")]
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if refusals:
            raise refusals.pop()
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(files, "_BETWEEN_TRIES_S", 0.0)
    fetcher(server).fetch("tiny.en", folder)
    assert_whole(folder)
