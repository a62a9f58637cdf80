"""A file is there whole or not at all, for its owner, and in nobody's place."""

from __future__ import annotations

import json
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile

from interviewer.core.errors import InputError, StoreError
from interviewer.core.models import Session
from interviewer.reports import writing
from interviewer.reports.forms import ABOUT, Form
from interviewer.reports.writing import write
from tests.reports.sessions import RATE_HZ, nobody, recording

FILES = [*ABOUT]


def without_sound(session: Session) -> Session:
    for attempt in session.attempts:
        if attempt.clip:
            attempt.clip.path.unlink()
    return session


@pytest.mark.parametrize("form", FILES)
def test_one_file_is_written_for_its_owner_and_nothing_else(
    whole: Session, tmp_path: Path, form: Form, qapp: object
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    made = write(whole, nobody, form, folder / "report")
    assert (made.path, made.missing, made.sound) == (folder / "report", (), None)
    assert [p.name for p in folder.iterdir()] == ["report"]
    assert made.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("form", FILES)
def test_a_file_that_is_there_stays_as_it_is(whole: Session, tmp_path: Path, form: Form) -> None:
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="is there already"):
        write(whole, nobody, form, tmp_path / "mine")
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "mine"


def test_a_link_is_not_written_through(whole: Session, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="is there already"):
        write(whole, nobody, Form.HTML, tmp_path / "link")
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_is_replaced_where_somebody_was_asked(whole: Session, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    write(whole, nobody, Form.MARKDOWN, tmp_path / "mine", over=True)
    assert (tmp_path / "mine").read_text(encoding="utf-8").startswith("# FastAPI")


def test_a_file_that_came_meanwhile_is_not_replaced(
    whole: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_check_place", lambda _out, *, over: None)
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="is there already"):
        write(whole, nobody, Form.MARKDOWN, tmp_path / "mine")
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "mine"


def test_a_disk_that_knows_no_links_is_written_to(
    whole: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_one: object, _other: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    assert write(whole, nobody, Form.MARKDOWN, tmp_path / "out.md").path.exists()


@pytest.mark.parametrize(("out", "words"), [("nowhere/report", "There is no folder"), ("", "is a folder")])
def test_a_place_that_is_none_is_told(whole: Session, tmp_path: Path, out: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        write(whole, nobody, Form.HTML, tmp_path / out, over=True)


@pytest.mark.parametrize("form", [Form.HTML, Form.ZIP, Form.SRT])
def test_a_full_disk_leaves_nothing(
    whole: Session, tmp_path: Path, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    folder = tmp_path / "out"
    folder.mkdir()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        write(whole, nobody, form, folder / "report", audio=True)
    assert [*folder.iterdir()] == []


def test_a_zip_file_holds_the_page_the_session_and_its_recordings(whole: Session, tmp_path: Path) -> None:
    made = write(whole, nobody, Form.ZIP, tmp_path / "s.zip")
    with zipfile.ZipFile(made.path) as packed:
        assert packed.testzip() is None
        assert packed.namelist() == ["report.html", "session.json", "answer-01.wav", "answer-03.wav"]
        document = json.loads(packed.read("session.json"))
        assert [a["clip"] and a["clip"]["file"] for a in document["attempts"]] == [
            "answer-01.wav",
            None,
            "answer-03.wav",
        ]
        clip = whole.attempts[0].clip
        assert clip is not None
        assert packed.read("answer-01.wav") == clip.path.read_bytes()
        assert b"data:audio/mpeg;base64," in packed.read("report.html")


def test_a_session_of_before_zip_files_is_packed(whole: Session, tmp_path: Path) -> None:
    old = replace(whole, created=whole.created.replace(year=1950))
    assert write(old, nobody, Form.ZIP, tmp_path / "s.zip").path.exists()


def test_no_path_of_the_computer_is_in_what_is_sent(whole: Session, tmp_path: Path, qapp: object) -> None:
    for form in FILES:
        made = write(whole, nobody, form, tmp_path / form.value, audio=True)
        assert str(tmp_path).encode() not in made.path.read_bytes()


@pytest.mark.parametrize("form", [Form.HTML, Form.ZIP])
def test_recordings_that_are_gone_are_named(whole: Session, tmp_path: Path, form: Form) -> None:
    made = write(without_sound(whole), nobody, form, tmp_path / "report", audio=True)
    assert made.missing == ("s1-01-0002.wav", "s1-03-0006.wav")
    assert made.path.exists()


def test_subtitles_take_the_recordings_along_as_one(whole: Session, tmp_path: Path) -> None:
    made = write(whole, nobody, Form.SRT, tmp_path / "s.srt", audio=True)
    assert made.sound == tmp_path / "s.flac"
    samples, rate_hz = soundfile.read(made.sound, dtype="int16")
    assert (len(samples), rate_hz) == (8 * RATE_HZ, RATE_HZ)
    assert abs(samples[int(0.6 * RATE_HZ) : int(0.7 * RATE_HZ)]).max() > 5000


def test_recordings_of_different_rates_are_joined_at_one(whole: Session, tmp_path: Path) -> None:
    other = recording(tmp_path / "recorded" / "other.wav", 2.0, 48_000)
    first, typed, last = whole.attempts
    mixed = replace(whole, attempts=(first, typed, replace(last, clip=other)))
    made = write(mixed, nobody, Form.VTT, tmp_path / "s.vtt", audio=True)
    assert made.sound is not None
    assert soundfile.info(made.sound).frames == pytest.approx(8 * RATE_HZ, abs=2)


def test_subtitles_do_not_write_over_a_sound_file(whole: Session, tmp_path: Path) -> None:
    (tmp_path / "s.flac").write_bytes(b"mine")
    with pytest.raises(InputError, match="is there already"):
        write(whole, nobody, Form.SRT, tmp_path / "s.srt", audio=True)
    assert not (tmp_path / "s.srt").exists()


def test_subtitles_and_their_sound_are_replaced_together(whole: Session, tmp_path: Path) -> None:
    for name in ("s.srt", "s.flac"):
        (tmp_path / name).write_bytes(b"mine")
    made = write(whole, nobody, Form.SRT, tmp_path / "s.srt", audio=True, over=True)
    assert made.path.read_text(encoding="utf-8").startswith("1\n")
    assert soundfile.info(tmp_path / "s.flac").frames == 8 * RATE_HZ


@pytest.mark.parametrize("name", ["s.flac", "s.FLAC"])
def test_subtitles_are_not_written_where_their_sound_goes(whole: Session, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(InputError, match="would take the place of"):
        write(whole, nobody, Form.SRT, folder / name, audio=True)
    assert [*folder.iterdir()] == []


@pytest.mark.parametrize("there", [b"mine", None])
def test_where_the_text_cannot_be_written_there_is_no_new_sound(
    whole: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bytes | None
) -> None:
    def full(_out: Path, _data: bytes, *, over: bool) -> None:
        raise OSError(28, "No space left on device")

    folder = tmp_path / "out"
    folder.mkdir()
    if there:
        (folder / "s.flac").write_bytes(there)
    monkeypatch.setattr(writing, "_put", full)
    with pytest.raises(StoreError, match="No space left"):
        write(whole, nobody, Form.SRT, folder / "s.srt", audio=True, over=bool(there))
    assert [(p.name, p.read_bytes()) for p in folder.iterdir()] == ([("s.flac", there)] if there else [])


def test_a_session_without_recorded_words_has_no_subtitles(whole: Session, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No answer of this session"):
        write(replace(whole, attempts=whole.attempts[1:]), nobody, Form.SRT, tmp_path / "s.srt")
