"""Which chores are due, from times alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from interviewer.core.models import Attempt, Clip, Mode, Session, Transcript
from interviewer.core.upkeep import compressible, is_backup_due, is_outlived, may_hold_copies

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def test_nothing_kept_needs_no_backup() -> None:
    assert not is_backup_due((), None, NOON)


def test_the_first_backup_is_due_at_once() -> None:
    assert is_backup_due((), NOON - HOUR, NOON)


def test_a_change_is_backed_up_a_day_after_the_newest_backup() -> None:
    assert is_backup_due((NOON - DAY,), NOON - HOUR, NOON)
    assert not is_backup_due((NOON - DAY + HOUR,), NOON - HOUR, NOON)


def test_without_a_change_no_backup_is_due_however_old_the_newest_is() -> None:
    assert not is_backup_due((NOON - 30 * DAY,), NOON - 31 * DAY, NOON)


def test_a_backup_from_the_future_keeps_off_no_other() -> None:
    assert is_backup_due((NOON + 300 * DAY,), NOON - HOUR, NOON)


def test_beside_a_backup_from_the_future_the_newest_true_one_decides() -> None:
    assert not is_backup_due((NOON + 300 * DAY, NOON - HOUR, NOON - 9 * DAY), NOON, NOON)


def test_a_thing_outlives_the_days_it_is_kept_once_they_are_over() -> None:
    assert not is_outlived(NOON - 30 * DAY, 30, NOON)
    assert is_outlived(NOON - 30 * DAY - HOUR, 30, NOON)


def test_only_backups_made_since_can_hold_copies() -> None:
    assert may_hold_copies((NOON - DAY, NOON), NOON)
    assert not may_hold_copies((NOON - DAY,), NOON)
    assert not may_hold_copies((), NOON)


def test_recordings_are_compressed_once_they_are_written_down_and_their_session_is_over() -> None:
    done = Attempt("done", "s", "q", 0, NOON, Clip(Path("done.wav"), 16_000, 16_000), transcript=Transcript("said"))
    attempts = (
        done,
        replace(done, id="typed", clip=None),
        replace(done, id="flac", clip=Clip(Path("done.flac"), 16_000, 16_000)),
        replace(done, id="unwritten", transcript=None),
    )
    session = Session("s", NOON, "Bank", Mode.PRACTICE, ("q",), attempts=attempts)
    assert compressible(session.attempts) == (done,)
    assert compressible(session.attempts, held="s") == ()
