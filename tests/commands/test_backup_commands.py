"""The commands around backups."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from interviewer.core.restoring import filled, filling
from interviewer.one_window import hold
from tests.commands.running import Run, keep_session


@pytest.fixture
def data(tmp_path: Path) -> Path:
    keep_session(tmp_path / "data")
    (tmp_path / "data" / "interviewer.id").write_text("0123456789abcdef" * 2, encoding="ascii")
    return tmp_path / "data"


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.parametrize("out", ["copies", "copy.zip"])
def test_backed_up_deleted_and_restored_everything_is_as_it_was(run: Run, data: Path, tmp_path: Path, out: str) -> None:
    before = contents(data)
    made = json.loads(run("backup", "--out", tmp_path / out, "--json").out)
    assert run("delete-everything", "--yes").code == 0
    shutil.rmtree(data)
    told = run("restore", made["path"])
    assert (told.code, contents(data)) == (0, before)
    assert "s1" in run("sessions", "list").out


def test_a_backup_goes_into_the_data_folder_unless_told_otherwise(run: Run, data: Path) -> None:
    told = run("backup")
    (made,) = [p for p in (data / "backups").iterdir() if not p.name.startswith(".")]
    assert (told.code, told.out) == (0, f"Backed up and verified: 4 files ({_kb(made)}) in {made}\n")
    assert told.err.startswith("Backup: ")


def _kb(folder: Path) -> str:
    return f"{sum(len(d) for n, d in contents(folder).items() if n != 'manifest.json') / 1e3:.0f} kB"


def test_a_backup_goes_into_the_folder_of_the_settings(run: Run, data: Path, tmp_path: Path) -> None:
    (data / "settings.json").write_text(json.dumps({"backup_folder": str(tmp_path / "usb")}), encoding="utf-8")
    assert str(tmp_path / "usb") in json.loads(run("backup", "--json").out)["path"]
    assert str(tmp_path / "usb") in run("backup", "--list").out


def test_backups_are_listed(run: Run, data: Path) -> None:
    assert "There are no backups" in run("backup", "--list").out
    assert json.loads(run("backup", "--list", "--json").out) == []
    made = json.loads(run("backup", "--json").out)
    assert json.loads(run("backup", "--list", "--json").out) == [made]
    assert made["path"] in run("backup", "--list").out


def test_a_backup_is_made_while_the_window_is_open(run: Run, data: Path) -> None:
    window = hold(data)
    assert window is not None
    try:
        assert run("backup").code == 0
    finally:
        window.let_go()


def test_a_whole_backup_is_told_to_be_whole(run: Run, data: Path) -> None:
    made = json.loads(run("backup", "--json").out)
    assert run("backup", "--verify", made["path"]).out.startswith("Whole: 4 files")
    told = json.loads(run("backup", "--verify", Path(made["path"]).name, "--json").out)
    assert (told["whole"], told["path"], told["files"]) == (True, made["path"], 4)


def test_a_damaged_backup_is_found_and_not_restored(run: Run, data: Path) -> None:
    made = Path(json.loads(run("backup", "--json").out)["path"])
    (made / "recordings/s1/s1-01-0002.wav").write_bytes(b"x")
    for arguments in (("backup", "--verify", made), ("restore", made, "--force")):
        told = run(*arguments)
        assert (told.code, "s1-01-0002.wav" in told.err) == (1, True)
    assert "s1" in run("sessions", "list").out


def test_a_restore_is_refused_while_the_window_is_open(run: Run, data: Path) -> None:
    made = json.loads(run("backup", "--json").out)
    window = hold(data)
    assert window is not None
    try:
        told = run("restore", made["path"], "--force")
    finally:
        window.let_go()
    assert (told.code, "at work" in told.err) == (1, True)


def test_a_restore_over_something_needs_force_and_says_where_the_old_folder_is(run: Run, data: Path) -> None:
    made = json.loads(run("backup", "--json").out)
    assert "--force" in run("restore", made["path"]).err
    told = run("restore", made["path"], "--force", "--json")
    aside = Path(json.loads(told.out)["aside"])
    assert (aside.parent, (aside / "interviewer.db").exists(), (data / "backups").is_dir()) == (data.parent, True, True)
    assert not (data / "in-use.lock").exists()


def test_a_restore_by_hand_tells_what_came_back(run: Run, data: Path) -> None:
    name = Path(json.loads(run("backup", "--json").out)["path"]).name
    told = run("restore", name, "--force")
    assert told.out.startswith("Restored the backup of ")
    assert "The folder as it was before is " in told.out


@pytest.mark.parametrize("path", ["nothing", "/dev/null", "data"])
def test_what_is_no_backup_is_refused(run: Run, data: Path, tmp_path: Path, path: str) -> None:
    told = run("restore", tmp_path / path, "--force")
    assert (told.code, "backup" in told.err) == (1, True)


def test_options_that_exclude_each_other_are_wrong_use(run: Run, data: Path) -> None:
    assert run("backup", "--list", "--verify", data).code == 2


def test_a_restore_that_was_killed_is_completed_by_the_next_command(run: Run, data: Path) -> None:
    data.rename(filled(data))
    filling(data).mkdir()
    assert "s1" in run("sessions", "list").out
    assert not [p for p in (filled(data), filling(data)) if p.exists()]
