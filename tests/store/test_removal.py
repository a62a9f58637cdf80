"""Everything of the user's goes, nothing of anybody else's."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from interviewer.core.errors import StoreError
from interviewer.core.paths import cache_dir
from interviewer.store import backup, ours, removal
from interviewer.store.database import SqlStore
from interviewer.store.removal import everything, remove_everything
from tests.store.test_deleting import FIRST, OTHER, SECOND, keep
from tests.store.values import session

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

OURS = (
    "interviewer.db-journal",
    "interviewer.db.before-0003",
    "interviewer.db.damaged-2026-03-01T120000Z",
    "interviewer.id",
    "interviewer.id.part",
    "settings.json",
    "settings.json.damaged",
    "settings.json.damaged2",
    ".settings-x7fq",
    "window.ini",
    "interviewer.log",
    "interviewer.log.1",
    "rebuilt-2026-03-01T120000Z.txt",
    "rebuilt-2026-03-01T120000Z.txt.part",
    "calibrations/53aa5117.json",
    f"recordings/monday/{SECOND}.flac",
    "recordings/monday/monday-03-0009.part.wav",
    f"recordings/tuesday/{OTHER}.part.flac",
)
MODELS = ("models/base.en.pt", "models/small.pt.part", "models/base.en.ct2/model.bin", "models/base.en.ct2/config.json")
STRANGE = ("notes.txt", "recordings/monday/notes.txt", "recordings/list.txt", "calibrations/mine.txt")


@pytest.fixture
def folder(data: Path, empty_database: Path) -> Path:
    """A data folder with something of every kind, closed."""
    data.mkdir(mode=0o700)
    shutil.copyfile(empty_database, data / "interviewer.db")
    with closing(SqlStore.open(data)) as store:
        for name, answer in (("monday", FIRST), ("tuesday", OTHER)):
            store.begin_session(session(name))
            keep(store, answer, name)
    for name in (*OURS, *MODELS):
        path = data / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"12345")
    return data


def there(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_symlink() or not p.is_dir()}


def gone(folder: Path, chosen: Path | None = None, *, models: bool = False) -> set[str]:
    return set(remove_everything(folder, chosen or folder / "backups", models=models).files)


def test_everything_goes_but_the_models(folder: Path):
    before = there(folder)
    assert gone(folder) == before - {*MODELS}
    assert there(folder) == {*MODELS}
    assert [p.name for p in folder.iterdir()] == ["models"]


def test_the_models_go_when_they_are_meant(folder: Path):
    assert gone(folder, models=True) >= {*MODELS}
    assert [*folder.iterdir()] == []


def test_what_would_go_is_told_before_and_nothing_is_changed(folder: Path):
    backup.back_up(folder, folder / "backups", now=NOON)
    before = there(folder)
    told = everything(folder, folder / "backups", models=True)
    assert there(folder) == before
    assert told == remove_everything(folder, folder / "backups", models=True)


def test_the_size_of_what_went_is_told(folder: Path):
    size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
    assert remove_everything(folder, folder / "backups", models=True).size_bytes == size


def test_the_database_goes_last(folder: Path):
    assert remove_everything(folder, folder / "backups").files[-1].startswith("interviewer.db")


def test_files_of_others_stay_and_are_told(folder: Path):
    for name in STRANGE:
        (folder / name).write_text("mine")
    (folder / "photos").mkdir()
    left = remove_everything(folder, folder / "backups", models=True).left
    assert {*left} == {*STRANGE, "photos"}
    assert there(folder) == {*STRANGE}


def test_what_tells_that_a_window_is_open_is_left_to_the_window(folder: Path):
    (folder / "in-use.lock").write_text("1")
    (folder / "presence").mkdir()
    assert remove_everything(folder, folder / "backups").left == ()
    assert (folder / "in-use.lock").exists()


@pytest.mark.parametrize("inside", [True, False], ids=["in the data folder", "elsewhere"])
def test_backups_go(folder: Path, tmp_path: Path, inside: bool):
    chosen = folder / "backups" if inside else tmp_path / "elsewhere"
    made = [backup.back_up(folder, chosen, now=NOON.replace(day=day)) for day in (1, 2)]
    files = gone(folder, chosen)
    assert {b.path.relative_to(folder).as_posix() if inside else str(b.path) for b in made} <= files
    assert not chosen.exists()


def test_backups_of_before_another_folder_was_chosen_go_too(folder: Path, tmp_path: Path):
    old = backup.back_up(folder, folder / "backups", now=NOON)
    remove_everything(folder, tmp_path / "elsewhere")
    assert not old.path.exists()


def test_backups_that_are_broken_or_were_not_finished_go_too(folder: Path, tmp_path: Path):
    for name in ("2026-03-01T120000Z", "2026-03-02T120000Z.part"):
        (tmp_path / "elsewhere" / name).mkdir(parents=True)
        (tmp_path / "elsewhere" / name / "interviewer.db").write_bytes(b"12345")
    gone(folder, tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere").exists()


def test_other_files_beside_the_backups_stay(folder: Path, tmp_path: Path):
    backup.back_up(folder, tmp_path / "elsewhere", now=NOON)
    (tmp_path / "elsewhere" / "photos").mkdir()
    gone(folder, tmp_path / "elsewhere")
    assert [p.name for p in (tmp_path / "elsewhere").iterdir()] == ["photos"]


def test_a_backup_that_cannot_be_removed_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch):
    made = backup.back_up(folder, folder / "backups", now=NOON)

    def refuse(_backup: object) -> None:
        raise StoreError("no")

    monkeypatch.setattr(backup, "remove", refuse)
    assert remove_everything(folder, folder / "backups").left == (f"backups/{made.path.name}",)


def test_what_can_be_made_again_goes(folder: Path):
    names = (f"speech/{'a1' * 32}.wav", "speech/.a1a1-77.part.wav", "encodings/53aa.encodings.safetensors")
    for name in names:
        (cache_dir() / name).parent.mkdir(parents=True, exist_ok=True)
        (cache_dir() / name).write_bytes(b"12345")
    assert gone(folder) >= {str(cache_dir() / name) for name in names}
    assert not cache_dir().exists()


def test_files_of_others_in_the_cache_stay(folder: Path):
    (cache_dir() / "speech").mkdir(parents=True)
    mine = cache_dir() / "speech" / "mine.wav"
    mine.write_bytes(b"12345")
    assert remove_everything(folder, folder / "backups").left == (str(mine),)
    assert mine.exists()


@pytest.mark.parametrize(
    "name", ["recordings/monday", "settings.json", f"recordings/tuesday/{OTHER}.wav", "interviewer.log"]
)
def test_links_go_and_what_they_lead_to_stays(folder: Path, tmp_path: Path, name: str):
    outside = tmp_path / "outside"
    (folder / name).rename(outside)
    (folder / name).symlink_to(outside)
    before = there(outside)
    assert name in gone(folder)
    assert not (folder / name).is_symlink()
    assert outside.exists()
    assert there(outside) == before


@pytest.mark.parametrize("name", ["calibrations", "models"])
def test_a_folder_of_ours_that_is_a_link_is_not_looked_into(folder: Path, tmp_path: Path, name: str):
    (folder / name).rename(tmp_path / "outside")
    (folder / name).symlink_to(tmp_path / "outside")
    before = there(tmp_path / "outside")
    assert name in remove_everything(folder, folder / "backups", models=True).left
    assert there(tmp_path / "outside") == before


def test_recordings_on_another_disk_behind_a_link_go(folder: Path, tmp_path: Path):
    (folder / "recordings").rename(tmp_path / "large")
    (folder / "recordings").symlink_to(tmp_path / "large")
    gone(folder)
    assert there(tmp_path / "large") == set()


def test_a_file_that_is_in_use_is_told_and_the_rest_goes(folder: Path, monkeypatch: pytest.MonkeyPatch):
    real = Path.unlink

    def held(path: Path, missing_ok: bool = False) -> None:
        if path.name == f"{OTHER}.wav":
            raise PermissionError(13, "in use")
        real(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", held)
    assert remove_everything(folder, folder / "backups").left == (f"recordings/tuesday/{OTHER}.wav",)
    assert there(folder) == {f"recordings/tuesday/{OTHER}.wav", *MODELS}


def test_what_goes_by_itself_meanwhile_is_no_fault(folder: Path, monkeypatch: pytest.MonkeyPatch):
    real = removal._look

    def look(data: Path, backup_folder: Path, *, models: bool) -> object:
        found = real(data, backup_folder, models=models)
        (data / "interviewer.log").unlink()
        return found

    monkeypatch.setattr(removal, "_look", look)
    assert "interviewer.log" not in gone(folder)


def test_a_folder_that_cannot_be_looked_at_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(_folder: Path) -> list[Path]:
        raise PermissionError(13, "Permission denied")

    before = there(folder)
    monkeypatch.setattr(ours, "_recordings", lambda found, data: refuse(data))
    with pytest.raises(StoreError, match="looked at"):
        remove_everything(folder, folder / "backups")
    monkeypatch.undo()
    assert there(folder) == before


def test_a_removal_that_was_ended_half_way_goes_on(folder: Path):
    with pytest.MonkeyPatch.context() as patch:
        real, count = ours._remove, iter(range(4))

        def killed(name: str, path: Path) -> object:
            if next(count, None) is None:
                raise KeyboardInterrupt
            return real(name, path)

        patch.setattr(ours, "_remove", killed)
        with pytest.raises(KeyboardInterrupt):
            remove_everything(folder, folder / "backups")
    remove_everything(folder, folder / "backups", models=True)
    assert [*folder.iterdir()] == []


def test_folders_that_a_restore_moved_aside_go(folder: Path, tmp_path: Path):
    aside = tmp_path / "data.before-restore-2026-03-01T120000Z"
    shutil.copytree(folder, aside)
    for name in ("in-use.lock", "presence/0123456789abcdef.json", "presence/synced.told"):
        (aside / name).parent.mkdir(exist_ok=True)
        (aside / name).write_text("")
    files = there(aside)
    assert {str(aside / name) for name in files} <= gone(folder)
    assert not aside.exists()


@pytest.mark.parametrize("name", ["data.before-restore-mine", "other.before-restore-2026-03-01T120000Z", "data.before"])
def test_other_folders_beside_the_data_folder_stay(folder: Path, tmp_path: Path, name: str):
    shutil.copytree(folder, tmp_path / name)
    before = there(tmp_path / name)
    gone(folder, models=True)
    assert there(tmp_path / name) == before


def test_a_link_that_is_named_like_a_folder_moved_aside_is_not_looked_into(folder: Path, tmp_path: Path):
    shutil.copytree(folder, tmp_path / "outside")
    (tmp_path / "data.before-restore-2026-03-01T120000Z").symlink_to(tmp_path / "outside")
    before = there(tmp_path / "outside")
    gone(folder, models=True)
    assert there(tmp_path / "outside") == before


@pytest.mark.parametrize("name", ["interviewer.db", *OURS, *MODELS])
def test_what_is_removed_is_no_strange_name_in_a_data_folder(name: str):
    assert ours.is_at_home(name.split("/", 1)[0])


def test_where_nothing_is_nothing_is_removed(tmp_path: Path):
    told = remove_everything(tmp_path / "none", tmp_path / "none" / "backups", models=True)
    assert told.told() == "Nothing was removed."
