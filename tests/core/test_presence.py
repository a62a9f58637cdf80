"""Whether another computer works in the folder, by its note, its clock and its lock."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from interviewer.core.presence import (
    AHEAD,
    FRESH,
    MOST_BYTES,
    LockOwner,
    Presence,
    held_elsewhere,
    in_use_elsewhere,
    is_other_machine,
    left_elsewhere,
    lock_owner,
    others_in_use,
    parse,
    plain,
    to_bytes,
)

NOW = datetime(2026, 6, 4, 12, 0, tzinfo=UTC)
NOTE = Presence("office-pc", "aaaa", 7, NOW - timedelta(hours=1), NOW - timedelta(minutes=3))


def busy(note: Presence, before: Presence | None = None) -> bool:
    earlier = {} if before is None else {before.machine: before}
    return bool(others_in_use({note.machine: note}, earlier, machine="mine", now=NOW))


def test_a_note_is_read_back_as_it_was_written() -> None:
    assert parse(to_bytes(NOTE)) == NOTE


def test_a_time_in_another_zone_is_the_same_time() -> None:
    fields = json.loads(to_bytes(NOTE)) | {"seen": "2026-06-04T13:57:00+02:00"}
    assert parse(json.dumps(fields).encode()) == NOTE


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b"[]",
        b"3",
        b"{}",
        b"[" * 4000,
        b" " * (MOST_BYTES + 1),
        json.dumps(json.loads(to_bytes(NOTE)) | {"host": 3}).encode(),
        json.dumps(json.loads(to_bytes(NOTE)) | {"host": "\x1b\n"}).encode(),
        json.dumps(json.loads(to_bytes(NOTE)) | {"seen": "tomorrow"}).encode(),
        json.dumps(json.loads(to_bytes(NOTE)) | {"seen": None}).encode(),
        json.dumps(json.loads(to_bytes(NOTE)) | {"seen": "0001-01-01T00:00:00+14:00"}).encode(),
        to_bytes(NOTE).replace(b'"pid": 7', b'"pid": Infinity'),
    ],
)
def test_anything_else_is_no_note(data: bytes) -> None:
    assert parse(data) is None


def test_a_host_is_one_short_line_without_control_characters() -> None:
    assert plain(" \x1b[31mevil\nhost" + "x" * 100) == "[31mevilhost" + "x" * 48


def test_a_fresh_note_of_another_machine_is_in_use() -> None:
    assert busy(NOTE)


def test_an_old_note_is_not() -> None:
    assert not busy(replace(NOTE, seen=NOW - FRESH - timedelta(seconds=1)))


def test_a_note_of_this_machine_is_not() -> None:
    assert not others_in_use({"aaaa": NOTE}, {}, machine="aaaa", now=NOW)


def test_a_note_from_the_future_is_of_a_clock_that_is_ahead() -> None:
    assert busy(replace(NOTE, seen=NOW + timedelta(hours=5)))


def test_a_clock_that_is_ahead_by_days_is_not_believed() -> None:
    assert not busy(replace(NOTE, seen=NOW + AHEAD + timedelta(seconds=1)))


def test_a_note_that_changes_is_in_use_whatever_its_clock_says() -> None:
    old = replace(NOTE, seen=NOW - timedelta(days=400))
    assert busy(replace(old, seen=old.seen + timedelta(minutes=1)), before=old)


def test_an_old_note_that_stays_the_same_is_not_in_use() -> None:
    old = replace(NOTE, seen=NOW - timedelta(days=400))
    assert not busy(old, before=old)


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(minutes=3), "3 minutes ago"),
        (timedelta(seconds=70), "1 minute ago"),
        (timedelta(seconds=59), "moments ago"),
        (timedelta(hours=-5), "moments ago"),
        (timedelta(days=400), "moments ago"),
    ],
)
def test_it_is_told_where_and_when(age: timedelta, words: str) -> None:
    told = in_use_elsewhere(replace(NOTE, seen=NOW - age), NOW)
    assert str(told) == f"This folder was in use on office-pc {words}"
    assert "close Interviewer there first" in told.hint


def test_a_lock_that_was_left_or_is_held_elsewhere_is_told_with_its_host() -> None:
    assert str(left_elsewhere("office-pc\n")) == "This folder was in use on office-pc, and was not closed there"
    assert str(held_elsewhere("office-pc\n")) == "Interviewer is open on office-pc with this data folder"


@pytest.mark.parametrize(
    ("data", "owner"),
    [
        (b"7\npython3.11\noffice-pc\nabcd\nef\n", LockOwner("office-pc", "abcd")),
        (b"7\npython3.11\noffice-pc", LockOwner("office-pc", "")),
        (b"", None),
        (b"7\npython3.11\n\nabcd\n", None),
        (b"x\npython3.11\noffice-pc\nabcd\n", None),
        (b"\xff" * 9000, None),
    ],
)
def test_a_lock_names_its_owner(data: bytes, owner: LockOwner | None) -> None:
    assert lock_owner(data) == owner


@pytest.mark.parametrize(
    ("owner", "other"),
    [
        (LockOwner("renamed", "1"), False),
        (LockOwner("here", "2"), True),
        (LockOwner("here", ""), False),
        (LockOwner("there", ""), True),
    ],
)
def test_a_machine_is_known_by_its_id_and_by_its_name_only_without_one(owner: LockOwner, other: bool) -> None:
    assert is_other_machine(owner, host="here", machine="1") is other
