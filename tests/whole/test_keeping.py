"""Backups, deletion, retention, compression and export through the composed application, over real files."""

from __future__ import annotations

import logging
import os
import wave
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import pytest
import soundfile
from pytestqt.qtbot import QtBot

from interviewer import app
from interviewer.app import Devices, Running, compose
from interviewer.core import settings
from interviewer.core.bank import Order
from interviewer.core.errors import StoreError
from interviewer.core.models import Attempt, Clip, Mode, Session
from interviewer.core.settings import Settings
from interviewer.core.steps import Phase
from interviewer.reports import export
from interviewer.store import backup
from interviewer.store.database import SqlStore
from interviewer.workers.status import Deleted, Doomed
from tests.store import values
from tests.whole.test_wiring import Told
from tests.workers.fakes import FakePlayer, FakeRecorder, FakeSpeaker, bank

WAIT_MS = 20_000
RATE_HZ = 48_000
NOW = datetime.now(UTC)


def keep_session(data: Path, name: str, *, days_ago: float = 1.0, answers: int = 2) -> None:
    """Put an interview with recordings of a second each into the folder."""
    store, when = SqlStore.open(data), NOW - timedelta(days=days_ago)
    store.begin_session(values.session(name, at=when))
    for number in range(1, answers + 1):
        answer = f"{name}-{number:02d}-{number + 1:04d}"
        path = store.clip_path(name, answer)
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE_HZ)
            file.writeframes(bytes(range(256)) * (RATE_HZ * 2 // 256))
        clip = Clip(path, RATE_HZ, RATE_HZ * 2 // 256 * 128)
        store.add_attempt(replace(values.spoken(data, answer, of=name, at=when), clip=clip))
        store.add_transcript(answer, values.transcript())
        store.add_score(answer, values.score(), None)
    store.finish_session(name, when + timedelta(minutes=5))
    store.close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "kept"
    keep_session(folder, "monday")
    keep_session(folder, "friday", days_ago=100.0)
    settings.save(folder, Settings(rate_wpm=200))
    return folder


@pytest.fixture
def running(qtbot: QtBot, data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    monkeypatch.setattr(app, "ModelProcess", Told)
    devices = Devices(FakeSpeaker(), FakeRecorder(), FakeRecorder(), FakePlayer(), close=lambda: None)
    running = compose(data, lambda _: devices, bank=bank("alpha", "beta"))
    qtbot.addWidget(running.window)
    yield running
    running.close()


def sessions(running: Running, qtbot: QtBot) -> dict[str, Session]:
    with qtbot.waitSignal(running.library.sessions_loaded, timeout=WAIT_MS) as loaded:
        running.library.load_sessions()
    return {session.id: session for session in loaded.args[0]}


def delete(running: Running, qtbot: QtBot, subject: Attempt | Session | None, *, backups_too: bool = False) -> Deleted:
    """Weigh and delete, as the window does once it was confirmed."""
    keeper = running.housekeeper
    with qtbot.waitSignal(keeper.weighed, timeout=WAIT_MS) as weighed:
        keeper.weigh(subject)
    with qtbot.waitSignal(keeper.deleted, timeout=WAIT_MS) as deleted:
        keeper.delete(weighed.args[0], backups_too=backups_too)
    return deleted.args[0]


def back_up(running: Running, qtbot: QtBot) -> backup.Backup:
    with qtbot.waitSignal(running.housekeeper.backed_up, timeout=WAIT_MS) as made:
        running.housekeeper.back_up()
    return made.args[0]


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def recordings(folder: Path) -> set[str]:
    return {Path(name).name for name in files(folder) if name.startswith("recordings/") and name.endswith(".wav")}


# --- deletion ------------------------------------------------------------------------------


def test_a_deleted_answer_is_gone_from_rows_and_disk_and_is_listed(running: Running, qtbot: QtBot, data: Path) -> None:
    doomed = sessions(running, qtbot)["monday"].attempts[0]
    before = files(data)
    deleted = delete(running, qtbot, doomed)
    gone = f"recordings/monday/{doomed.id}.wav"
    assert (deleted.removed.attempts, deleted.removed.files) == ((doomed.id,), (gone,))
    assert before - files(data) == {gone}
    assert [a.id for a in sessions(running, qtbot)["monday"].attempts] == ["monday-02-0003"]


def test_a_deleted_interview_is_gone_with_its_folder_and_the_others_stay(
    running: Running, qtbot: QtBot, data: Path
) -> None:
    deleted = delete(running, qtbot, sessions(running, qtbot)["monday"])
    assert deleted.removed.sessions == ("monday",)
    assert {name for name in deleted.removed.files if name.endswith(".wav")} == {
        "recordings/monday/monday-01-0002.wav",
        "recordings/monday/monday-02-0003.wav",
    }
    assert not (data / "recordings" / "monday").exists()
    assert {name: len(s.attempts) for name, s in sessions(running, qtbot).items()} == {"friday": 2}


def test_what_a_deletion_would_take_is_told_before(running: Running, qtbot: QtBot, data: Path) -> None:
    back_up(running, qtbot)
    monday = sessions(running, qtbot)["monday"]
    with qtbot.waitSignal(running.housekeeper.weighed, timeout=WAIT_MS) as weighed:
        running.housekeeper.weigh(monday)
    size = sum((data / "recordings" / "monday" / f"{a.id}.wav").stat().st_size for a in monday.attempts)
    ids = tuple(a.id for a in monday.attempts)
    assert weighed.args == [Doomed(monday, ("monday",), ids, 2, size, 1, data / "backups")]


def test_the_backups_lose_their_copies_where_that_is_wanted(running: Running, qtbot: QtBot, data: Path) -> None:
    old = back_up(running, qtbot)
    deleted = delete(running, qtbot, sessions(running, qtbot)["monday"], backups_too=True)
    (left,) = backup.backups(data / "backups")
    assert (deleted.backups, deleted.problem) == (1, None)
    assert left.path != old.path
    assert recordings(left.path) == {"friday-01-0002.wav", "friday-02-0003.wav"}
    assert backup.verify(left.path).files


def test_the_backups_keep_their_copies_where_no_fresh_one_can_be_made(
    running: Running, qtbot: QtBot, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = back_up(running, qtbot)

    def refuse(*_args: object, **_more: object) -> backup.Backup:
        raise StoreError("The disk is full")

    monkeypatch.setattr(backup, "back_up", refuse)
    deleted = delete(running, qtbot, sessions(running, qtbot)["monday"], backups_too=True)
    assert deleted.removed.sessions == ("monday",)
    assert str(deleted.problem) == "The disk is full"
    assert [b.path for b in backup.backups(data / "backups")] == [old.path]


def test_an_interview_that_is_being_held_is_not_deleted(running: Running, qtbot: QtBot, data: Path) -> None:
    running.conductor.begin(2, Order.LISTED, Mode.PRACTICE)
    qtbot.waitUntil(lambda: running.conductor.state.phase is Phase.ASKING, timeout=WAIT_MS)
    assert running.conductor.state.begin is not None
    held = running.conductor.state.begin.session_id
    qtbot.waitUntil(lambda: held in sessions(running, qtbot), timeout=WAIT_MS)
    doomed = Doomed(sessions(running, qtbot)[held], (held,), (), 0, 0, 0, data)
    with qtbot.waitSignal(running.housekeeper.told, timeout=WAIT_MS) as told:
        running.housekeeper.delete(doomed)
    assert "being held" in str(told.args[0])
    assert held in sessions(running, qtbot)


def test_everything_goes_and_the_program_begins_afresh(running: Running, qtbot: QtBot, data: Path) -> None:
    handler = logging.FileHandler(data / "interviewer.log", delay=True)
    logging.getLogger("interviewer").addHandler(handler)
    try:
        logging.getLogger("interviewer").error("something")
        back_up(running, qtbot)
        before = files(data)
        deleted = delete(running, qtbot, None)
    finally:
        logging.getLogger("interviewer").removeHandler(handler)
        handler.close()
    recorded = {name for name in before if name.startswith("recordings/")}
    assert recorded | {"interviewer.db", "settings.json", "interviewer.log"} <= set(deleted.removed.files)
    assert set(deleted.removed.sessions) == {"monday", "friday"}
    assert deleted.removed.left == ()
    assert running.keeper.current == Settings()
    assert sessions(running, qtbot) == {}
    assert not {name for name in files(data) if name.startswith(("recordings/", "backups/"))}


def test_after_everything_went_an_interview_can_be_kept_again(running: Running, qtbot: QtBot, data: Path) -> None:
    delete(running, qtbot, None)
    running.disk.run(running.store.begin_session, values.session("tuesday", at=NOW))
    assert set(sessions(running, qtbot)) == {"tuesday"}


def test_the_history_shows_what_is_left(running: Running, qtbot: QtBot) -> None:
    running.window.show()
    running.window.open_history()
    model = running.window.shelf.history.sessions.model()
    # The first row is that of all interviews.
    qtbot.waitUntil(lambda: model.rowCount() == 1 + 2, timeout=WAIT_MS)
    delete(running, qtbot, sessions(running, qtbot)["monday"])
    qtbot.waitUntil(lambda: model.rowCount() == 1 + 1, timeout=WAIT_MS)


# --- chores --------------------------------------------------------------------------------


def tidy(running: Running, qtbot: QtBot, done: Callable[[], bool]) -> None:
    running.housekeeper.tidy()
    qtbot.waitUntil(done, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: running.housekeeper._chore is None, timeout=WAIT_MS)


def test_what_changed_is_backed_up_once_a_day(running: Running, qtbot: QtBot, data: Path) -> None:
    folder = data / "backups"
    tidy(running, qtbot, lambda: len(backup.backups(folder)) == 1)
    assert recordings(backup.backups(folder)[0].path) == recordings(data)
    tidy(running, qtbot, lambda: True)
    assert len(backup.backups(folder)) == 1


def test_without_the_daily_backup_none_is_made(running: Running, qtbot: QtBot, data: Path) -> None:
    running.keeper.change(daily_backup=False)
    tidy(running, qtbot, lambda: True)
    assert backup.backups(data / "backups") == ()


def test_old_interviews_go_and_are_told(running: Running, qtbot: QtBot, data: Path) -> None:
    running.keeper.change(retention_days=90, daily_backup=False)
    with qtbot.waitSignal(running.housekeeper.retired, timeout=WAIT_MS) as retired:
        running.housekeeper.tidy()
    assert retired.args[0].sessions == ("friday",)
    assert set(sessions(running, qtbot)) == {"monday"}
    assert not (data / "recordings" / "friday").exists()


def test_backups_older_than_that_go_too_except_the_newest(running: Running, qtbot: QtBot, data: Path) -> None:
    folder = data / "backups"
    made = [backup.back_up(data, folder, now=NOW - timedelta(days=days)) for days in (200, 150)]
    running.keeper.change(retention_days=90, daily_backup=False)
    tidy(running, qtbot, lambda: len(backup.backups(folder)) == 1)
    assert backup.backups(folder)[0].path == made[1].path


def test_so_do_those_in_the_folder_of_before_another_was_chosen(
    running: Running, qtbot: QtBot, data: Path, tmp_path: Path
) -> None:
    old = backup.back_up(data, data / "backups", now=NOW - timedelta(days=200))
    backup.back_up(data, tmp_path / "chosen", now=NOW - timedelta(days=1))
    running.keeper.change(retention_days=90, daily_backup=False, backup_folder=str(tmp_path / "chosen"))
    tidy(running, qtbot, lambda: not old.path.exists())
    assert len(backup.backups(tmp_path / "chosen")) == 1


def test_no_old_backup_goes_while_the_newest_lacks_its_recordings(running: Running, qtbot: QtBot, data: Path) -> None:
    folder = data / "backups"
    backup.back_up(data, folder, now=NOW - timedelta(days=200))
    (data / "recordings").rename(data / "elsewhere")
    with pytest.raises(StoreError, match="missing"):
        backup.back_up(data, folder, now=NOW - timedelta(days=150))
    (data / "elsewhere").rename(data / "recordings")
    running.keeper.change(retention_days=90, daily_backup=False)
    with qtbot.waitSignal(running.housekeeper.told, timeout=WAIT_MS):
        running.housekeeper.tidy()
    assert len(backup.backups(folder)) == 2


def test_databases_set_aside_that_are_older_than_that_go_too(running: Running, qtbot: QtBot, data: Path) -> None:
    old, young = data / "interviewer.db.before-0002", data / "interviewer.db.before-0003"
    for path, days in ((old, 91), (young, 89)):
        path.write_bytes(b"a copy")
        os.utime(path, ((NOW - timedelta(days=days)).timestamp(),) * 2)
    running.keeper.change(retention_days=90, daily_backup=False)
    tidy(running, qtbot, lambda: not old.exists())
    assert young.exists()


def test_what_may_be_the_only_place_of_an_interview_outlives_it_and_is_told(
    running: Running, qtbot: QtBot, data: Path
) -> None:
    damaged = data / "interviewer.db.damaged-2020-03-01T120000Z"
    damaged.write_bytes(b"torn")
    os.utime(damaged, ((NOW - timedelta(days=900)).timestamp(),) * 2)
    running.keeper.change(retention_days=90, daily_backup=False)
    with qtbot.waitSignal(running.housekeeper.retired, timeout=WAIT_MS) as retired:
        running.housekeeper.tidy()
    assert retired.args[0].left == (damaged.name,)
    assert damaged.exists()


def test_finished_recordings_are_compressed_and_still_the_same_sound(
    running: Running, qtbot: QtBot, data: Path
) -> None:
    (wav,) = data.glob("recordings/monday/*-01-0002.wav")
    before = soundfile.read(wav, dtype="int16")[0]
    running.keeper.change(compress_recordings=True, daily_backup=False)
    with qtbot.waitSignal(running.housekeeper.compressed, timeout=WAIT_MS) as compressed:
        running.housekeeper.tidy()
    assert len(compressed.args[0]) == 4
    clip = sessions(running, qtbot)["monday"].attempts[0].clip
    assert clip is not None
    assert (clip.path.suffix, wav.exists()) == (".flac", False)
    assert (soundfile.read(clip.path, dtype="int16")[0] == before).all()


def test_a_chore_that_is_broken_off_leaves_nothing_half_made(
    running: Running, qtbot: QtBot, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, go_on, make = Event(), Event(), backup.back_up

    def slow(folder: Path, to: Path, *, now: datetime, progress: Callable[[int, int], None]) -> backup.Backup:
        def step(done: int, total: int) -> None:
            began.set()
            assert go_on.wait(10.0)
            progress(done, total)

        return make(folder, to, now=now, progress=step)

    monkeypatch.setattr(backup, "back_up", slow)
    running.housekeeper.tidy()
    qtbot.waitUntil(began.is_set, timeout=WAIT_MS)
    running.conductor.begin(2, Order.LISTED, Mode.PRACTICE)
    qtbot.waitUntil(lambda: running.conductor.state.phase is Phase.ASKING, timeout=WAIT_MS)
    go_on.set()
    qtbot.waitUntil(lambda: running.housekeeper._chore is None, timeout=WAIT_MS)
    assert backup.backups(data / "backups") == ()
    assert not list((data / "backups").glob("*.part"))


def test_closing_breaks_a_backup_off_and_is_not_held_up(
    running: Running, qtbot: QtBot, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, make = Event(), backup.back_up

    def endless(folder: Path, to: Path, *, now: datetime, progress: Callable[[int, int], None]) -> backup.Backup:
        def step(done: int, total: int) -> None:
            began.set()
            while True:  # a disk that takes all day
                progress(done, total)

        return make(folder, to, now=now, progress=step)

    monkeypatch.setattr(backup, "back_up", endless)
    running.housekeeper.back_up()
    qtbot.waitUntil(began.is_set, timeout=WAIT_MS)
    before_s = monotonic()
    running.close()
    assert monotonic() - before_s < app.CLOSE_DEADLINE_S
    assert not list((data / "backups").glob("*.part"))


# --- export --------------------------------------------------------------------------------


def test_everything_is_exported_into_a_new_folder(running: Running, qtbot: QtBot, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with qtbot.waitSignal(running.housekeeper.exported, timeout=WAIT_MS) as exported:
        running.housekeeper.export(out)
    folder = exported.args[0].folder
    assert (folder.parent, exported.args[0].missing) == (out, ())
    assert {"monday/session.json", "monday/answer-01.wav", "friday/answer-02.wav", "index.json"} <= files(folder)


def test_an_export_that_is_broken_off_leaves_no_folder(
    running: Running, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, go_on, write = tmp_path / "out", Event(), export.export_everything
    out.mkdir()

    def slow(*args: Any, advanced: Callable[[int], None], **others: Any) -> export.ExportOfAll:
        def step(count: int) -> None:
            assert go_on.wait(10.0)
            advanced(count)

        return write(*args, advanced=step, **others)

    monkeypatch.setattr(export, "export_everything", slow)
    running.housekeeper.export(out)
    qtbot.waitUntil(lambda: any(out.glob("*/*/session.json")), timeout=WAIT_MS)
    running.housekeeper.cancel()
    go_on.set()
    qtbot.waitUntil(lambda: not running.housekeeper._wishes, timeout=WAIT_MS)
    assert list(out.iterdir()) == []
