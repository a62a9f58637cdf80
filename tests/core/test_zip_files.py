"""Zip files from anybody: what is wrong with an entry is seen from the list alone."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pytest

from interviewer.core import zip_files
from interviewer.core.zip_files import CarefulFile, is_plain


def entry(**facts: object) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo("session.json")
    made.file_size, made.compress_size, made.compress_type = 4000, 1000, zipfile.ZIP_DEFLATED
    for name, value in facts.items():
        setattr(made, name, value)
    return made


def test_a_packed_file_is_plain() -> None:
    assert is_plain(entry())
    assert is_plain(entry(external_attr=(stat.S_IFREG | 0o600) << 16, compress_type=zipfile.ZIP_STORED))


@pytest.mark.parametrize(
    "facts",
    [
        {"external_attr": (stat.S_IFLNK | 0o777) << 16},
        {"filename": "session/"},
        {"flag_bits": 0x1},
        {"compress_type": zipfile.ZIP_LZMA},
        {"file_size": 200 << 20, "compress_size": 1 << 20},
    ],
    ids=["a link", "a folder", "a password", "unusual packing", "swollen"],
)
def test_anything_else_is_not(facts: dict[str, object]) -> None:
    assert not is_plain(entry(**facts))


def test_a_small_file_may_be_packed_as_small_as_it_likes() -> None:
    assert is_plain(entry(file_size=1 << 20, compress_size=1))


def test_a_zip_file_is_read_through_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("session.json", "{}")
    with CarefulFile(tmp_path / "a.zip") as file, zipfile.ZipFile(file) as packed:
        assert packed.read("session.json") == b"{}"


def test_the_rest_of_a_file_is_what_is_left_of_it(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"0123456789")
    with CarefulFile(tmp_path / "a") as file:
        file.seek(4)
        assert (file.read(), file.read(None), file.read(3)) == (b"456789", b"", b"")


def test_a_list_that_would_fill_the_memory_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_files, "_MAX_DIRECTORY_BYTES", 100)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        for number in range(50):
            packed.writestr(f"{number}", "")
    with CarefulFile(tmp_path / "a.zip") as file, pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(file)
