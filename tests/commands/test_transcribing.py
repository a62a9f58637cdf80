"""Writing down many sound files: which ones, in what order, and going on where a run was stopped."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
import soundfile

from interviewer import transcribing
from interviewer.core.errors import StoreError
from interviewer.engines import catalog
from interviewer.reports.lines import LinesFile
from tests.commands.hearing import Hearing, keep_sound
from tests.commands.running import FIXTURES, Ran, Run

CLIPS = FIXTURES / "clips"


@pytest.fixture
def hearing(monkeypatch: pytest.MonkeyPatch) -> Hearing:
    hearing = Hearing()
    monkeypatch.setattr(catalog, "transcriber", hearing.transcriber)
    return hearing


@pytest.fixture
def sounds(tmp_path: Path) -> Path:
    """A folder with sounds of one, two and three seconds: c, b and a."""
    folder = tmp_path / "sounds"
    for seconds, name in enumerate(("c.wav", "b.flac", "a.wav"), 1):
        keep_sound(folder / name, seconds)
    return folder


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def texts(told: Ran) -> list[tuple[str, str]]:
    return [(Path(fields["file"]).name, fields["text"]) for fields in lines(told.out)]


def written(out: Path) -> list[str]:
    return [Path(fields["file"]).name for fields in lines(out.read_text(encoding="utf-8"))]


# --- a folder ------------------------------------------------------------------------------


def test_every_sound_in_a_folder_is_a_line_in_the_order_of_names(run: Run, hearing: Hearing, sounds: Path) -> None:
    told = run("transcribe", sounds, "--json")
    assert (told.code, texts(told)) == (0, [("a.wav", "three"), ("b.flac", "two"), ("c.wav", "one")])


def test_a_line_has_the_fields_of_a_single_file(run: Run, hearing: Hearing, sounds: Path) -> None:
    alone = run("transcribe", sounds / "a.wav", "--json").out
    assert run("transcribe", sounds, "--json").out.splitlines(keepends=True)[0] == alone


def test_one_recogniser_is_loaded_for_all(run: Run, hearing: Hearing, sounds: Path) -> None:
    run("transcribe", sounds, "--model", "tiny.en")
    assert (hearing.loaded, hearing.asked_for) == (1, ["tiny.en"])


def test_people_read_a_block_for_each_file(run: Run, hearing: Hearing, sounds: Path) -> None:
    blocks = run("transcribe", sounds / "c.wav", sounds / "b.flac").out.split("\n\n")
    assert blocks == [f"{sounds / 'c.wav'}\none", f"{sounds / 'b.flac'}\ntwo", ""]


def test_several_files_come_in_the_order_they_are_named_and_once(run: Run, hearing: Hearing, sounds: Path) -> None:
    told = run("transcribe", sounds / "c.wav", sounds, sounds / "c.wav", "--json")
    assert texts(told) == [("c.wav", "one"), ("a.wav", "three"), ("b.flac", "two")]


def test_what_is_no_sound_is_not_looked_at(run: Run, hearing: Hearing, sounds: Path) -> None:
    for name in ("notes.txt", "._a.wav", "a.wav.bak"):
        (sounds / name).write_bytes(b"no sound")
    told = run("transcribe", sounds, "--json")
    assert (told.code, len(texts(told))) == (0, 3)


def test_folders_in_a_folder_wait_until_they_are_asked_for(run: Run, hearing: Hearing, sounds: Path) -> None:
    keep_sound(sounds / "more" / "d.wav", 4)
    assert len(texts(run("transcribe", sounds, "--json"))) == 3
    names = [name for name, _ in texts(run("transcribe", sounds, "--json", "--recursive"))]
    assert names == ["a.wav", "b.flac", "c.wav", "d.wav"]


def test_every_kind_of_file_that_libsndfile_writes_is_looked_for() -> None:
    kinds = {f".{name.lower()}" for name in soundfile.available_formats()}
    # Matlab's hold anything, raw ones say nothing, and the rest are called otherwise on disk.
    assert kinds - transcribing.SUFFIXES == {
        ".mat4", ".mat5", ".mpc2k", ".raw", ".sd2", ".ircam", ".nist", ".wavex",
    }  # fmt: skip


def test_progress_and_the_time_left_are_told_on_standard_error(run: Run, hearing: Hearing, sounds: Path) -> None:
    told = run("transcribe", sounds, "--json").err.splitlines()
    assert told[0] == "Loading the recogniser."
    assert told[1] == f"1 of 3: {sounds / 'a.wav'}, under a minute left"
    assert told[3:] == [f"3 of 3: {sounds / 'c.wav'}", "Written down: 3 files."]


def test_a_rough_recogniser_is_told_once(run: Run, hearing: Hearing, sounds: Path) -> None:
    hearing.engine = "pocketsphinx"
    assert run("transcribe", sounds, "--json").err.count("rough transcript: built-in recogniser") == 1


# --- what fails ----------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"RIFF", b"this is no sound at all" * 50])
def test_a_file_that_is_no_sound_stops_no_other(run: Run, hearing: Hearing, sounds: Path, content: bytes) -> None:
    (sounds / "b.wav").write_bytes(content)
    told = run("transcribe", sounds, "--json")
    assert (told.code, len(texts(told))) == (1, 3)
    assert f"interviewer: {sounds / 'b.wav'}: " in told.err
    assert told.err.endswith("Written down: 3 files. Failed: 1 file.\n")


def test_a_file_that_is_not_there_stops_no_other(run: Run, hearing: Hearing, sounds: Path) -> None:
    told = run("transcribe", sounds / "gone.wav", sounds / "a.wav", "--json")
    assert (told.code, texts(told)) == (1, [("a.wav", "three")])
    assert "gone.wav: It cannot be read (No such file or directory)" in told.err


def test_sound_without_a_header_stops_no_other(run: Run, hearing: Hearing, sounds: Path) -> None:
    (sounds / "x.raw").write_bytes(b"\0" * 1000)
    told = run("transcribe", sounds / "x.raw", sounds / "a.wav", "--json")
    assert (told.code, texts(told)) == (1, [("a.wav", "three")])


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are texts")
def test_a_file_whose_name_is_no_text_stops_no_other(run: Run, hearing: Hearing, sounds: Path) -> None:
    (sounds / "a.wav").rename(sounds / os.fsdecode(b"\xff.wav"))
    told = run("transcribe", sounds, "--json")
    assert (told.code, texts(told)) == (1, [("b.flac", "two"), ("c.wav", "one")])
    assert "Its name is no text. Rename the file" in told.err


def test_a_file_that_the_model_fails_on_stops_no_other(run: Run, hearing: Hearing, sounds: Path) -> None:
    hearing.refused_s = 2
    told = run("transcribe", sounds, "--json")
    assert (told.code, texts(told)) == (1, [("a.wav", "three"), ("c.wav", "one")])
    assert "Whisper failed" in told.err


def test_files_that_are_all_no_sound_load_no_model(run: Run, hearing: Hearing, tmp_path: Path) -> None:
    for name in ("a.wav", "b.wav"):
        (tmp_path / name).write_bytes(b"no sound")
    assert run("transcribe", tmp_path / "a.wav", tmp_path / "b.wav").code == 1
    assert hearing.loaded == 0


@pytest.mark.parametrize(
    ("name", "hint"),
    [("", "It is empty"), ("notes.mat", "convert recordings of other kinds"), ("more/a.wav", "--recursive")],
)
def test_a_folder_without_sound_is_told_with_the_way_out(
    run: Run, hearing: Hearing, tmp_path: Path, name: str, hint: str
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    if name:
        keep_sound(folder / name)
    told = run("transcribe", folder, "--json")
    assert (told.code, told.out, hearing.loaded) == (1, "", 0)
    assert f"There is no sound file in {folder}. " in told.err
    assert hint in told.err


def test_a_folder_that_cannot_be_read_is_told(
    run: Run, hearing: Hearing, sounds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refused)
    told = run("transcribe", sounds)
    assert (told.code, hearing.loaded) == (1, 0)
    assert f"The folder {sounds} cannot be read (Permission denied)" in told.err


# --- going on where it stopped -------------------------------------------------------------


def test_lines_go_to_the_end_of_a_file_with_what_tells_the_recording(
    run: Run, hearing: Hearing, sounds: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    assert run("transcribe", sounds, "--out", out).out == ""
    first = lines(out.read_text(encoding="utf-8"))[0]
    about = (sounds / "a.wav").stat()
    alone = json.loads(run("transcribe", sounds / "a.wav", "--json").out)
    assert first == {**alone, "size_bytes": about.st_size, "modified_ns": about.st_mtime_ns}


def test_a_second_run_writes_nothing_twice(run: Run, hearing: Hearing, sounds: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    run("transcribe", sounds, "--out", out)
    before = out.read_bytes()
    told = run("transcribe", sounds, "--out", out)
    assert (told.code, out.read_bytes()) == (0, before)
    assert told.err.endswith("Written down: 0 files. Written down before, and passed over: 3 files.\n")


def test_what_was_stopped_by_hand_goes_on(run: Run, hearing: Hearing, sounds: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    hearing.stopped_s = 2
    told = run("transcribe", sounds, "--out", out)
    assert told.code != 0
    assert "Stopped. The same command goes on from here." in told.err
    assert written(out) == ["a.wav"]
    hearing.stopped_s = 0
    run("transcribe", sounds, "--out", out)
    assert written(out) == ["a.wav", "b.flac", "c.wav"]


@pytest.mark.parametrize("left", [1, 12, 60])
def test_a_last_line_that_breaks_off_is_written_again(
    run: Run, hearing: Hearing, sounds: Path, tmp_path: Path, left: int
) -> None:
    out = tmp_path / "out.jsonl"
    run("transcribe", sounds, "--out", out)
    whole = out.read_bytes()
    *before, last = whole.splitlines(keepends=True)
    out.write_bytes(b"".join(before) + last[:left])
    assert run("transcribe", sounds, "--out", out).err.endswith("passed over: 2 files.\n")
    assert out.read_bytes() == whole


def test_a_whole_last_line_whose_end_is_missing_is_kept(
    run: Run, hearing: Hearing, sounds: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    run("transcribe", sounds, "--out", out)
    whole = out.read_bytes()
    out.write_bytes(whole.rstrip(b"\n"))
    assert run("transcribe", sounds, "--out", out).err.endswith("passed over: 3 files.\n")
    assert out.read_bytes() == whole


def test_zeros_that_a_power_cut_left_are_dropped(run: Run, hearing: Hearing, sounds: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    run("transcribe", sounds, "--out", out)
    whole = out.read_bytes()
    out.write_bytes(whole + b'{"file": "d' + b"\0" * 100)
    run("transcribe", sounds, "--out", out)
    assert out.read_bytes() == whole


def test_a_recording_that_changed_is_written_down_again(
    run: Run, hearing: Hearing, sounds: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    run("transcribe", sounds, "--out", out)
    keep_sound(sounds / "b.flac", 4)
    run("transcribe", sounds, "--out", out)
    assert written(out) == ["a.wav", "b.flac", "c.wav", "b.flac"]


def test_another_recogniser_writes_everything_down_again(
    run: Run, hearing: Hearing, sounds: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    run("transcribe", sounds, "--out", out)
    hearing.model = "small.en"
    run("transcribe", sounds, "--out", out)
    hearing.model = "base.en"
    run("transcribe", sounds, "--out", out)
    assert [fields["model"] for fields in lines(out.read_text(encoding="utf-8"))] == ["base.en"] * 3 + ["small.en"] * 3


def test_a_file_that_failed_is_tried_again(run: Run, hearing: Hearing, sounds: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    hearing.refused_s = 2
    assert run("transcribe", sounds, "--out", out).code == 1
    hearing.refused_s = 0
    assert run("transcribe", sounds, "--out", out).code == 0
    assert written(out) == ["a.wav", "c.wav", "b.flac"]


def test_a_single_file_can_go_to_the_end_of_a_file_too(
    run: Run, hearing: Hearing, sounds: Path, tmp_path: Path
) -> None:
    run("transcribe", sounds / "a.wav", "--out", tmp_path / "out.jsonl")
    assert written(tmp_path / "out.jsonl") == ["a.wav"]


def test_a_disk_that_is_full_ends_the_run_and_keeps_what_is_there(
    run: Run, hearing: Hearing, sounds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.jsonl"
    real = LinesFile._put

    def full(self: LinesFile, line: bytes) -> None:
        if b"b.flac" in line:
            real(self, line[:20])
            raise OSError(28, "No space left on device")
        real(self, line)

    monkeypatch.setattr(LinesFile, "_put", full)
    told = run("transcribe", sounds, "--out", out)
    assert told.code == 1
    assert f"{out} cannot be written (No space left on device). Make room" in told.err
    monkeypatch.setattr(LinesFile, "_put", real)
    run("transcribe", sounds, "--out", out)
    assert written(out) == ["a.wav", "b.flac", "c.wav"]


# --- where the lines cannot go -------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"my notes",
        b'{"file": "a.wav"}',
        b'{"file": "a.wav"}\n',
        b'{"file": 1, "text": "x"}\n',
        b"[]\n",
        b"[" * 100_000,
        b"RIFF\x00\x00",
        b'{"file": "a\n{"file": "b',
    ],
)
def test_a_file_that_holds_something_else_is_left_alone(
    run: Run, hearing: Hearing, sounds: Path, tmp_path: Path, content: bytes
) -> None:
    out = tmp_path / "out"
    out.write_bytes(content)
    told = run("transcribe", sounds, "--out", out)
    assert (told.code, out.read_bytes(), hearing.loaded) == (1, content, 0)
    assert "holds something else than lines of transcripts (line 1); it was left alone. Name another" in told.err


def test_a_strange_line_among_ours_is_told_by_its_number(
    run: Run, hearing: Hearing, sounds: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run("transcribe", sounds / "a.wav", "--out", out)
    out.write_bytes(out.read_bytes() + b"mine\n")
    before = out.read_bytes()
    assert "(line 2)" in run("transcribe", sounds, "--out", out).err
    assert out.read_bytes() == before


@pytest.mark.parametrize(("name", "said"), [("", "is not a file"), ("gone/out", "There is no folder")])
def test_a_place_for_no_file_is_told_before_anything_is_loaded(
    run: Run, hearing: Hearing, sounds: Path, tmp_path: Path, name: str, said: str
) -> None:
    told = run("transcribe", sounds, "--out", tmp_path / name)
    assert (told.code, hearing.loaded) == (1, 0)
    assert said in told.err


def test_a_place_that_may_not_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(StoreError, match=r"out cannot be written \(Permission denied\)"):
        LinesFile(tmp_path / "out")


# --- with real recognisers -----------------------------------------------------------------


@pytest.mark.models
@pytest.mark.parametrize("model", ["whisper-fixture.pt", ""], ids=["whisper", "pocketsphinx"])
def test_a_batch_writes_what_single_files_give(run: Run, monkeypatch: pytest.MonkeyPatch, model: str) -> None:
    monkeypatch.setenv("INTERVIEWER_WHISPER_MODEL", str(FIXTURES / model) if model else "")
    chosen = [CLIPS / name for name in ("depends.wav", "fillers.wav", "validation.wav")]
    alone = "".join(run("transcribe", clip, "--json").out for clip in chosen)
    assert run("transcribe", *chosen, "--json").out == alone
