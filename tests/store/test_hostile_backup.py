"""Nothing in a backup is believed: it names no file outside, fills no disk, and runs nothing."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import stat
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interviewer.core import zip_files
from interviewer.core.errors import InputError, InterviewerError
from interviewer.store import package
from interviewer.store.archive import back_up_to_zip
from interviewer.store.backup import back_up
from interviewer.store.manifest import MAX_MANIFEST_BYTES, decoded, is_kept
from interviewer.store.restore import restore
from tests.store.backing import NOON, contents, lived_in

WAV = "recordings/monday/monday-01-0001.wav"
some = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def listed(name: str, data: bytes) -> dict[str, object]:
    return {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def manifest(**files: bytes) -> dict[str, object]:
    return {"created": NOON.isoformat(), "files": [listed(name, data) for name, data in files.items()]}


def a_zip(path: Path, files: dict[str, bytes], about: object = None, packing: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", packing) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
        packed.writestr("manifest.json", json.dumps(manifest(**files) if about is None else about))
    return path


def refused(data: Path, source: Path) -> str:
    """Restore it, see that it is refused and that nothing came of it; return what was told."""
    around = sorted(p.name for p in data.parent.iterdir())
    with pytest.raises(InputError) as told:
        restore(data, source, now=NOON)
    assert sorted(p.name for p in data.parent.iterdir()) == around
    return str(told.value)


@pytest.mark.parametrize(
    "name",
    [
        "../settings.json",
        "/etc/cron.d/x",
        "recordings/../../x.wav",
        "recordings/a/b/c.wav",
        "recordings\\a\\b.wav",
        "C:settings.json",
        "recordings/con/a.wav",
        "recordings/a/nul.wav",
        "models/base.en.pt",
        "interviewer.db-journal",
        "recordings/a/b.part.wav",
        "settings.json ",
        "settings.json\n",
        "settings.json\0.wav",
        "",
        ".",
    ],
)
def test_a_name_of_another_form_is_refused(data: Path, tmp_path: Path, name: str):
    assert not is_kept(name)
    about = {"created": NOON.isoformat(), "files": [listed(name, b"x")]}
    assert "list of this backup is damaged" in refused(data, a_zip(tmp_path / "x.zip", {"x": b"x"}, about))


@pytest.mark.parametrize("names", [("settings.json", "settings.json"), ("recordings/A/a.wav", "recordings/a/A.wav")])
def test_names_that_are_one_file_somewhere_are_refused(data: Path, tmp_path: Path, names: tuple[str, str]):
    about = {"created": NOON.isoformat(), "files": [listed(name, b"x") for name in names]}
    refused(data, a_zip(tmp_path / "x.zip", {"settings.json": b"x"}, about))


def test_a_file_twice_in_a_zip_is_refused(data: Path, tmp_path: Path):
    path = a_zip(tmp_path / "x.zip", {"settings.json": b"{}"})
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as packed:
        packed.writestr("settings.json", b"{1")
    refused(data, path)


def test_a_file_that_no_list_names_is_refused(data: Path, tmp_path: Path):
    path = a_zip(tmp_path / "x.zip", {"settings.json": b"{}"})
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("../../evil", b"x")
    refused(data, path)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO, stat.S_IFCHR])
def test_what_is_no_plain_file_in_a_zip_is_refused(data: Path, tmp_path: Path, kind: int):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as packed:
        entry = zipfile.ZipInfo("settings.json")
        entry.external_attr = (kind | 0o777) << 16
        packed.writestr(entry, b"/etc/passwd")
        packed.writestr("manifest.json", json.dumps(manifest(**{"settings.json": b"/etc/passwd"})))
    refused(data, path)


def test_a_file_that_swells_is_refused(data: Path, tmp_path: Path):
    files = {"recordings/a/a.wav": b"\0" * (4 << 20)}
    told = refused(data, a_zip(tmp_path / "x.zip", files, packing=zipfile.ZIP_DEFLATED))
    assert "holds what no backup does" in told


def test_a_zip_that_somebody_packed_again_is_restored(lived: Path, tmp_path: Path):
    first = back_up_to_zip(lived, tmp_path / "x.zip", now=NOON).path
    with zipfile.ZipFile(first) as packed, zipfile.ZipFile(tmp_path / "y.zip", "w", zipfile.ZIP_DEFLATED) as again:
        for name in packed.namelist():
            again.writestr(name, packed.read(name))
    before = contents(lived)
    shutil.rmtree(lived)
    restore(lived, tmp_path / "y.zip", now=NOON)
    assert contents(lived) == before


def test_a_list_that_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch, data: Path, tmp_path: Path):
    with pytest.raises(InputError, match="too large"):
        decoded(b" " * (MAX_MANIFEST_BYTES + 1))


def test_too_long_a_list_of_entries_is_not_read(monkeypatch: pytest.MonkeyPatch, data: Path, tmp_path: Path):
    path = a_zip(tmp_path / "x.zip", {f"recordings/a/a{n}.wav": b"x" for n in range(3000)})
    monkeypatch.setattr(zip_files, "_MAX_DIRECTORY_BYTES", 70_000)
    refused(data, path)


def test_more_files_than_there_may_be_are_refused(monkeypatch: pytest.MonkeyPatch, data: Path, tmp_path: Path):
    monkeypatch.setattr(package, "MAX_FILES", 2)
    refused(data, a_zip(tmp_path / "x.zip", {f"recordings/a/a{n}.wav": b"x" for n in range(4)}))


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"program": "other"},
        {"created": "2026-01-01"},
        {"created": None},
        {"created": "0001-01-01T00:00:00+14:00"},
        {"files": 7},
        {"files": [7]},
    ],
)
def test_a_list_that_makes_no_sense_is_refused(data: Path, tmp_path: Path, change: dict[str, object]):
    files = {"settings.json": b"{}"}
    refused(data, a_zip(tmp_path / "x.zip", files, {**manifest(**files), **change}))


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TRIGGER evil AFTER INSERT ON sessions BEGIN DELETE FROM attempts; END",
        "CREATE VIEW evil AS SELECT 1",
        "CREATE TABLE evil (id)",
        "CREATE VIRTUAL TABLE evil USING fts5(x)",
    ],
)
def test_a_database_that_holds_more_than_ours_is_refused(lived: Path, tmp_path: Path, sql: str):
    with closing(sqlite3.connect(lived / "interviewer.db")) as db:
        db.execute(sql)
    forged = {name: found for name, found in contents(lived).items() if name == "interviewer.db"}
    shutil.rmtree(lived)
    assert "not one of Interviewer's" in refused(lived, a_zip(tmp_path / "x.zip", forged))


def test_a_database_that_is_none_is_refused_even_when_its_hash_is_right(data: Path, tmp_path: Path):
    refused(data, a_zip(tmp_path / "x.zip", {"interviewer.db": b"SQLite format 3\0" + b"x" * 5000}))


@pytest.fixture
def lived(data: Path, empty_database: Path) -> Path:
    return lived_in(data, empty_database)


def linked_file(kept: Path, outside: Path) -> None:
    (kept / WAV).rename(outside)
    (kept / WAV).symlink_to(outside)


def linked_folder(kept: Path, outside: Path) -> None:
    (kept / "recordings").rename(outside)
    (kept / "recordings").symlink_to(outside)


@pytest.mark.parametrize("link", [linked_file, linked_folder])
def test_links_in_a_backup_are_not_followed(lived: Path, tmp_path: Path, link: Callable[[Path, Path], None]):
    kept = back_up(lived, tmp_path / "backups", now=NOON).path
    shutil.rmtree(lived)
    link(kept, tmp_path / "outside")
    refused(lived, kept)


@some
@given(st.binary(max_size=400))
def test_any_bytes_are_a_list_or_refused(raw: bytes):
    try:
        decoded(raw)
    except InputError:
        return


names = st.one_of(st.text(max_size=40), st.from_regex(r"(\.\./|recordings/|/|\\|a/){0,4}[a-z.]{0,9}", fullmatch=True))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
entries = st.fixed_dictionaries(
    {"name": names | json_values, "size": st.integers() | json_values, "sha256": st.just("0" * 64) | json_values}
)


@some
@given(
    st.fixed_dictionaries(
        {"created": st.just(NOON.isoformat()) | json_values, "files": st.lists(entries, max_size=4) | json_values},
        optional={"format": json_values, "program": json_values, "version": json_values},
    )
)
def test_any_list_is_refused_or_names_only_files_of_ours(about: dict[str, object]):
    try:
        found = decoded(json.dumps(about).encode())
    except InputError:
        return
    for kept in found.files:
        path = Path("/data") / kept.name
        assert path.is_relative_to("/data")
        assert ".." not in path.parts


@pytest.fixture(scope="module")
def small_zip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    files = {"settings.json": b'{"questions": 3}', "recordings/a/a-01-0001.wav": bytes(range(256)) * 4}
    return a_zip(tmp_path_factory.mktemp("zip") / "x.zip", files).read_bytes()


@some
@given(st.data())
def test_a_zip_with_any_bytes_changed_is_whole_or_refused(small_zip: bytes, tmp_path: Path, data: st.DataObject):
    raw = bytearray(small_zip)
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(raw)) | st.just(len(raw)))
    (tmp_path / "x.zip").write_bytes(raw[:cut])
    shutil.rmtree(tmp_path / "to", ignore_errors=True)
    try:
        restore(tmp_path / "to" / "data", tmp_path / "x.zip", now=NOON)
    except InterviewerError:
        assert not (tmp_path / "to" / "data").exists()
    else:
        found = contents(tmp_path / "to" / "data")
        assert found["settings.json"] == b'{"questions": 3}'


@some
@given(st.binary(max_size=2000))
def test_any_bytes_in_a_zip_file_are_refused(tmp_path: Path, raw: bytes):
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04" + raw)
    with pytest.raises(InputError):
        restore(tmp_path / "to" / "data", tmp_path / "x.zip", now=NOON)
