"""Folders that sync programs copy, and the second databases that they leave."""

from __future__ import annotations

from pathlib import PurePath, PurePosixPath, PureWindowsPath

import pytest

from interviewer.core.synced import conflict_copies, service_of, told_of_copies, told_of_service

DB = "interviewer.db"


def nothing(_path: PurePath) -> bool:
    return False


@pytest.mark.parametrize(
    ("folder", "service"),
    [
        (PurePosixPath("/home/a/Dropbox/interviewer"), "Dropbox"),
        (PurePosixPath("/home/a/Dropbox (Personal)/x"), "Dropbox"),
        (PureWindowsPath(r"C:\Users\a\OneDrive - Company\x"), "OneDrive"),
        (PurePosixPath("/Users/a/Library/CloudStorage/OneDrive-Personal"), "OneDrive"),
        (PurePosixPath("/Users/a/Library/Mobile Documents/com~apple~CloudDocs/x"), "iCloud"),
        (PureWindowsPath(r"C:\Users\a\iCloudDrive\x"), "iCloud"),
        (PurePosixPath("/Users/a/Library/CloudStorage/GoogleDrive-a@example.com/My Drive"), "Google Drive"),
        (PurePosixPath("/home/a/Nextcloud/x"), "Nextcloud"),
        (PurePosixPath("/home/a/ownCloud"), "ownCloud"),
        (PurePosixPath("/home/a/pCloudDrive/x"), "pCloud"),
        (PurePosixPath("/home/a/.local/share/interviewer"), ""),
        (PurePosixPath("/home/a/my dropbox notes"), ""),
    ],
)
def test_a_service_is_known_by_what_it_calls_its_folder(folder: PurePath, service: str) -> None:
    assert service_of(folder, nothing) == service


def test_a_service_is_known_by_what_it_puts_into_its_top_folder() -> None:
    marker = PurePosixPath("/srv/shared/.stfolder")
    assert service_of(PurePosixPath("/srv/shared/a/b"), lambda path: path == marker) == "Syncthing"


@pytest.mark.parametrize(
    "name",
    [
        "interviewer (HOST's conflicted copy 2026-01-01).db",
        "interviewer (conflicted copy 2026-01-01 120000).db",
        "interviewer.sync-conflict-20260101-120000-ABCDEFG.db",
        "interviewer_conflict-20260101-120000.db",
        "interviewer-DESKTOP-AB12CD3.db",
        "interviewer-DESKTOP-AB12CD3 (2).db",
        "interviewer-office-pc.db",
        "interviewer (1).db",
        "interviewer 2.db",
    ],
)
def test_second_copies_are_known_by_their_names(name: str) -> None:
    assert conflict_copies([DB, "settings.json", name], DB, hosts=["Office-PC", ""]) == (name,)


@pytest.mark.parametrize(
    "name",
    [
        DB,
        "interviewer.db-journal",
        "interviewer.db.before-0002",
        "interviewer.db.damaged",
        "interviewer-copy.db",
        "other.sync-conflict-1.db",
        "interviewer",
    ],
)
def test_what_the_program_or_the_user_put_there_is_no_second_copy(name: str) -> None:
    assert conflict_copies([name], DB) == ()


def test_at_most_three_copies_are_named_on_one_line() -> None:
    told = told_of_copies(("a\n.db", "b.db", "c.db", "d.db"), DB)
    assert str(told).endswith(": a.db, b.db, c.db and 1 more")


def test_all_copies_are_named_when_they_are_few() -> None:
    assert str(told_of_copies(("a.db",), DB)).endswith(": a.db")


def test_a_service_is_named() -> None:
    assert "Nextcloud copies to other computers" in str(told_of_service("Nextcloud"))
