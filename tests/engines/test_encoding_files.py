"""Encodings on disk: bit for bit what the model said, and never a reason to fail."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from interviewer.core import paths
from interviewer.core.encoding import Encoding
from interviewer.core.errors import EngineError
from interviewer.engines import encoding_files
from interviewer.engines.encoding_files import KeptEncodings
from tests.core.fake_encoder import FakeEncoder

TEXTS = ("What does a cache do ?", "A cache keeps copies of hot data .", "", "Hot data stays near .")


class Shelf:
    """Kept encodings over an encoder that remembers what it was asked."""

    def __init__(self, folder: Path, model: str = "53aa51172d14") -> None:
        self.encoder = FakeEncoder()
        self.folder = folder
        self.encode = KeptEncodings(self.encoder, folder, model_hash=model).encode

    @property
    def files(self) -> list[Path]:
        return sorted(self.folder.iterdir()) if self.folder.is_dir() else []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "encodings"


@pytest.fixture
def shelf(folder: Path) -> Shelf:
    return Shelf(folder)


def assert_equal(found: Sequence[Encoding], wanted: Sequence[Encoding]) -> None:
    """The same words and the same bits."""
    assert [e.words for e in found] == [e.words for e in wanted]
    for mine, theirs in zip(found, wanted, strict=True):
        for a, b in (
            (mine.tokens, theirs.tokens),
            (mine.sentence, theirs.sentence),
            (mine.word_of_token, theirs.word_of_token),
        ):
            assert (a.dtype, a.shape, a.tobytes()) == (b.dtype, b.shape, b.tobytes())


# --- kept and read back -----------------------------------------------------------------------


def test_what_was_kept_is_read_back_bit_for_bit(folder: Path) -> None:
    Shelf(folder).encode(TEXTS)
    later = Shelf(folder)
    assert_equal(later.encode(TEXTS), FakeEncoder()(TEXTS))
    assert later.encoder.asked == []


def test_the_first_time_the_model_is_asked_once(shelf: Shelf) -> None:
    assert_equal(shelf.encode(TEXTS), FakeEncoder()(TEXTS))
    assert shelf.encoder.asked == [list(TEXTS)]
    assert len(shelf.files) == 1


def test_no_texts_have_no_encodings_and_no_file(shelf: Shelf) -> None:
    assert shelf.encode([]) == []
    assert (shelf.encoder.asked, shelf.files) == ([], [])


def test_half_a_character_in_a_text_can_be_kept(folder: Path) -> None:
    wanted = Shelf(folder).encode(["broken \ud800"])
    later = Shelf(folder)
    assert_equal(later.encode(["broken \ud800"]), wanted)
    assert later.encoder.asked == []


@pytest.mark.parametrize(
    "other",
    [
        (*TEXTS[:-1], "Hot data stays far ."),
        TEXTS[:-1],
        TEXTS[::-1],
        ("What does a cache do ?A cache keeps copies of hot data .", "", "", TEXTS[3]),
    ],
    ids=["a changed text", "fewer", "another order", "cut elsewhere"],
)
def test_other_texts_never_meet_an_old_file(shelf: Shelf, other: tuple[str, ...]) -> None:
    shelf.encode(TEXTS)
    assert_equal(shelf.encode(other), FakeEncoder()(other))
    assert shelf.encoder.asked == [list(TEXTS), list(other)]


def test_another_model_never_meets_an_old_file(folder: Path) -> None:
    Shelf(folder).encode(TEXTS)
    other = Shelf(folder, model="0123456789ab")
    other.encode(TEXTS)
    assert other.encoder.asked == [list(TEXTS)]
    assert len(other.files) == 2


def test_a_failing_model_is_told_and_nothing_is_kept(folder: Path) -> None:
    def broken(_texts: Sequence[str]) -> list[Encoding]:
        raise EngineError("The sentence model failed")

    with pytest.raises(EngineError):
        KeptEncodings(broken, folder, model_hash="m").encode(TEXTS)
    assert not folder.exists()


# --- damage -----------------------------------------------------------------------------------


def in_place(file: Path, **tensors: np.ndarray) -> bytes:
    """A file of the right form with other contents, whose checksum is right for them."""
    parts = {**load_file(file), **tensors}
    save_file({**parts, "checksum": encoding_files.checksum(parts)}, file)
    return file.read_bytes()


def test_a_bit_that_flipped_on_disk_is_noticed_and_the_file_written_again(shelf: Shelf) -> None:
    wanted = shelf.encode(TEXTS)
    (file,) = shelf.files
    whole = file.read_bytes()
    tokens = load_file(file)["tokens"].tobytes()
    at = whole.index(tokens) + len(tokens) // 2
    file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    assert_equal(shelf.encode(TEXTS), wanted)
    assert file.read_bytes() == whole


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.999])
def test_a_truncated_file_is_ignored_and_written_again(shelf: Shelf, share: float) -> None:
    wanted = shelf.encode(TEXTS)
    (file,) = shelf.files
    whole = file.read_bytes()
    file.write_bytes(whole[: int(share * len(whole))])
    assert_equal(shelf.encode(TEXTS), wanted)
    assert len(shelf.encoder.asked) == 2
    assert file.read_bytes() == whole


@pytest.mark.parametrize("damage", [b"\x00" * 4096, b"not a file of tensors", b"\xff" * 64, b"{}" * 200])
def test_a_file_of_something_else_is_ignored_and_written_again(shelf: Shelf, damage: bytes) -> None:
    wanted = shelf.encode(TEXTS)
    (file,) = shelf.files
    whole = file.read_bytes()
    file.write_bytes(damage)
    assert_equal(shelf.encode(TEXTS), wanted)
    assert file.read_bytes() == whole


@pytest.mark.parametrize(
    "tensors",
    [
        {"lengths": np.array([1, 1, 1, 1], dtype=np.int64)},
        {"lengths": np.array([5], dtype=np.int64)},
        {"lengths": np.zeros(0, dtype=np.int64)},
        {"sentences": np.zeros((2, 256), dtype=np.float32)},
        {"word_of_token": np.zeros(3, dtype=np.int64)},
        {"tokens": np.zeros((0, 256), dtype=np.float32)},
    ],
    ids=["other lengths", "fewer texts", "no text", "fewer sentences", "fewer words", "no token"],
)
def test_a_file_that_does_not_fit_its_texts_is_ignored(shelf: Shelf, tensors: dict[str, np.ndarray]) -> None:
    wanted = shelf.encode(TEXTS)
    (file,) = shelf.files
    whole = file.read_bytes()
    assert in_place(file, **tensors) != whole
    assert_equal(shelf.encode(TEXTS), wanted)
    assert file.read_bytes() == whole


def test_a_file_that_lacks_a_part_is_ignored(shelf: Shelf) -> None:
    wanted = shelf.encode(TEXTS)
    (file,) = shelf.files
    save_file({"lengths": load_file(file)["lengths"]}, file)
    assert_equal(shelf.encode(TEXTS), wanted)


# --- folders that cannot be used ------------------------------------------------------------------


def test_a_file_in_the_place_of_the_folder_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    shelf = Shelf(tmp_path / "taken")
    for _ in range(2):
        assert_equal(shelf.encode(TEXTS), FakeEncoder()(TEXTS))
    assert len(shelf.encoder.asked) == 2
    assert (tmp_path / "taken").read_text() == "mine"


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    # Asking the system itself would always say yes where the tests run as root.
    monkeypatch.setattr(paths.os, "access", lambda _path, _mode: False)
    assert_equal(shelf.encode(TEXTS), FakeEncoder()(TEXTS))
    assert shelf.files == []


def test_what_is_kept_in_a_folder_that_cannot_be_written_is_used_all_the_same(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    shelf.encode(TEXTS)
    monkeypatch.setattr(encoding_files.os, "utime", refuse)
    assert_equal(shelf.encode(TEXTS), FakeEncoder()(TEXTS))
    assert len(shelf.encoder.asked) == 1


def test_a_full_disk_costs_nothing_but_time_and_leaves_nothing_behind(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_self: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert_equal(shelf.encode(TEXTS), FakeEncoder()(TEXTS))
    assert shelf.files == []


def test_the_folder_and_its_files_are_for_their_owner_only(shelf: Shelf) -> None:
    shelf.encode(TEXTS)
    assert stat.S_IMODE(shelf.folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(f.stat().st_mode) for f in shelf.files] == [0o600]


# --- room -----------------------------------------------------------------------------------------


def test_what_was_used_longest_ago_goes_first(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    sets = [[f"text {n} of the bank"] for n in range(4)]
    for age, texts in enumerate(sets[:3]):
        shelf.encode(texts)
        newest = max(shelf.files, key=lambda f: f.stat().st_mtime_ns)
        os.utime(newest, (1000.0 + age, 1000.0 + age))
    shelf.encode(sets[0])  # used again, and so the newest of the three
    monkeypatch.setattr(encoding_files, "MAX_BYTES", 3 * shelf.files[0].stat().st_size)
    shelf.encode(sets[3])
    asked = len(shelf.encoder.asked)
    for texts in (sets[0], sets[2], sets[3]):
        shelf.encode(texts)
    assert len(shelf.encoder.asked) == asked
    shelf.encode(sets[1])
    assert len(shelf.encoder.asked) == asked + 1


def test_what_is_larger_than_all_room_is_not_kept(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding_files, "MAX_BYTES", 10)
    assert_equal(shelf.encode(TEXTS), FakeEncoder()(TEXTS))
    assert shelf.files == []


def test_files_of_others_are_never_removed(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.folder.mkdir(parents=True)
    (shelf.folder / "notes.txt").write_text("mine")
    monkeypatch.setattr(encoding_files, "MAX_BYTES", 10)
    shelf.encode(TEXTS)
    assert [f.name for f in shelf.files] == ["notes.txt"]
