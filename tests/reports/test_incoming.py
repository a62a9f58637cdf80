"""What somebody sends is read, or refused with a sentence; nothing of it is believed."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from interviewer.core.errors import InputError
from interviewer.core.models import Session
from interviewer.reports import incoming as module
from interviewer.reports.forms import Form
from interviewer.reports.incoming import incoming
from interviewer.reports.writing import write
from interviewer.store.database import SqlStore
from interviewer.workers.session_files import Wanted, take_in, write_out
from tests.reports.sessions import EARLIER, keep, nobody, recording

Fields = dict[str, Any]


@pytest.fixture
def fields(whole: Session) -> Fields:
    """The document of a session beside its recordings, as fields to be spoilt."""
    written = write(whole, nobody, Form.FOLDER, whole.attempts[0].clip.path.with_name("x"))
    found: Fields = json.loads(written.path.read_text(encoding="utf-8"))
    return found


def handed(folder: Path, data: bytes | Fields, name: str = "session.json") -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    return path


def packed(path: Path, files: dict[str, bytes], **facts: Any) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            for fact, value in facts.items():
                setattr(entry, fact, value)
            file.writestr(entry, content)
    return path


def refused(path: Path, words: str = ".") -> None:
    with pytest.raises(InputError, match=words), incoming(path):
        raise AssertionError("not reached")


# --- what is sent as it should be -------------------------------------------------------------


@pytest.mark.parametrize("form", [Form.ZIP, Form.FOLDER, Form.JSON])
def test_what_we_wrote_comes_back_whole(tmp_path: Path, form: Form) -> None:
    sent = keep(tmp_path / "theirs")
    theirs, ours = SqlStore.open(tmp_path / "theirs"), SqlStore.open(tmp_path / "ours")
    try:
        made = write_out(Wanted("s1", form, tmp_path / "sent"), store=theirs, question=nobody)
        told = take_in(made.path, data=tmp_path / "ours", store=ours)
        kept = ours.session("s1")
        versions = [store.versions("s1-01-0002") for store in (theirs, ours)]
    finally:
        theirs.close()
        ours.close()
    assert (told.answers, told.recordings) == (3, 0 if form is Form.JSON else 2)
    assert (versions[0], versions[0][:2]) == (versions[1], EARLIER)
    for a, b in zip(kept.attempts, sent.attempts, strict=True):
        assert replace(a, clip=None) == replace(b, clip=None)
        if form is not Form.JSON and b.clip and a.clip:
            assert (a.clip.frames, a.clip.path.read_bytes()) == (b.clip.frames, b.clip.path.read_bytes())


def test_a_document_beside_its_recordings_takes_them_along(whole: Session, tmp_path: Path) -> None:
    made = write(whole, nobody, Form.FOLDER, tmp_path / "sent").path
    with incoming(made) as sent:
        assert (len([a for a in sent.session.attempts if a.clip]), sent.missing) == (2, ())
        assert sent.size_bytes == sum(a.clip.path.stat().st_size for a in whole.attempts if a.clip)


def test_a_document_alone_tells_what_did_not_come_along(whole: Session, tmp_path: Path) -> None:
    recording(tmp_path / "answer-01.wav")
    with incoming(write(whole, nobody, Form.JSON, tmp_path / "session.json").path) as sent:
        assert sent.missing == ("s1-01-0002.wav", "s1-03-0006.wav")
        assert [a.clip for a in sent.session.attempts] == [None, None, None]
        assert sent.session.attempts[0].transcript is not None


@pytest.mark.parametrize(("seconds", "taken"), [(6.0, 1), (5.0, 0)])
def test_the_sound_of_somebody_else_beside_a_document_alone_is_not_taken(
    fields: Fields, tmp_path: Path, seconds: float, taken: int
) -> None:
    recording(tmp_path / "answer-01.wav", seconds)
    (tmp_path / "answer-03.wav").write_bytes(b"RIFF")
    with incoming(handed(tmp_path, fields, "mine.json")) as sent:
        assert (len([a for a in sent.session.attempts if a.clip]), len(sent.missing)) == (taken, 2 - taken)


def test_a_recording_of_another_length_in_a_folder_is_refused(fields: Fields, tmp_path: Path) -> None:
    recording(tmp_path / "answer-01.wav", 5.0)
    store = SqlStore.open(tmp_path / "ours")
    try:
        with pytest.raises(InputError, match="is not what the session says of it"):
            take_in(handed(tmp_path, fields), data=tmp_path / "ours", store=store)
    finally:
        store.close()


def test_what_else_lies_in_a_zip_file_is_passed_over(fields: Fields, tmp_path: Path) -> None:
    files = {"session.json": json.dumps(fields).encode(), "../../escaped": b"x", "__MACOSX/x": b"x", "a.exe": b"x"}
    with incoming(packed(tmp_path / "s.zip", files)) as sent:
        assert sent.session.id == "s1"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["recorded", "s.zip"]


# --- paths ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["/etc/passwd", "../answer-01.wav", "a/answer-01.wav", "answer-01.mp3", "x.wav", ""])
def test_a_recording_of_another_name_is_not_opened(fields: Fields, tmp_path: Path, name: str) -> None:
    fields["attempts"][0]["clip"]["file"] = name
    (tmp_path.parent / "answer-01.wav").write_bytes(b"x")
    with incoming(handed(tmp_path, fields)) as sent:
        assert sent.session.attempts[0].clip is None


def test_a_link_in_the_place_of_a_recording_is_not_followed(fields: Fields, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "answer-01.wav").symlink_to(tmp_path / "secret")
    with incoming(handed(tmp_path, fields)) as sent:
        assert sent.session.attempts[0].clip is None


def test_two_answers_do_not_share_a_recording(fields: Fields, tmp_path: Path) -> None:
    fields["attempts"][2]["clip"] = fields["attempts"][0]["clip"]
    (tmp_path / "answer-01.wav").write_bytes(b"x")
    refused(handed(tmp_path, fields), "two answers name the recording")


def test_nothing_a_folder_and_a_pipe_are_told(tmp_path: Path) -> None:
    refused(tmp_path / "nothing.json", "There is no file")
    refused(tmp_path, "is a folder")
    os.mkfifo(tmp_path / "pipe")
    refused(tmp_path / "pipe", "no plain file")


# --- what a document may not hold ---------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b"{}", b"[" * 100_000, b'{"schema_version": 1e400}', b"PK"],
)
def test_what_is_no_document_is_refused(tmp_path: Path, data: bytes) -> None:
    refused(handed(tmp_path, data))


def test_a_document_of_a_newer_version_is_told(fields: Fields, tmp_path: Path) -> None:
    refused(handed(tmp_path, fields | {"schema_version": 99}), "newer Interviewer")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_half_a_character_is_refused_however_it_is_written(fields: Fields, tmp_path: Path, encoding: str) -> None:
    fields["bank"] = "half \ud800"
    raw = json.dumps(fields, ensure_ascii=False).encode(encoding, "surrogatepass")
    refused(handed(tmp_path, raw), "no JSON that can be read")
    refused(handed(tmp_path, json.dumps(fields).encode(encoding)), "no JSON that can be read")
    whole = json.dumps(fields | {"bank": "two \ud83d\ude00 that fit"}).encode(encoding)
    with incoming(handed(tmp_path, whole)) as sent:
        assert sent.session.bank_title == "two \U0001f600 that fit"


OF_LONG_ENGINE = {"text": "x", "engine": "x" * 401, "model": "", "rough": False, "words": [], "speech": []}


def spoilt(fields: Fields, place: str, value: object) -> bytes:
    *way, last = place.split(".")
    at: Any = fields
    for step in way:
        at = at[int(step) if step.isdigit() else step]
    at[int(last) if last.isdigit() else last] = value
    return json.dumps(fields).encode()


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("unknown", 1),
        ("mode", "exam"),
        ("bank", "x" * 401),
        ("bank", "half \ud800"),
        ("questions", ["q"] * 2001),
        ("attempts.0.id", "x" * 401),
        ("attempts.0.question_id", "x" * 401),
        ("attempts.0.asked", "x" * 401),
        ("attempts.0.topic", "x" * 401),
        ("attempts.1.follow_up", "x" * 401),
        ("attempts.0.transcript.engine", "x" * 401),
        ("attempts.1.transcript.model", "x" * 401),
        ("attempts.0.score.label", "x" * 401),
        ("attempts.0.score.gates.0.kind", "x" * 401),
        ("attempts.0.score.gates.0.note", "x" * 4001),
        ("attempts.0.score.coverage.0.key_point", "x" * 401),
        ("attempts.0.score.next_step", "x" * 4001),
        ("attempts.0.earlier", [{"transcript": OF_LONG_ENGINE, "score": None}]),
        ("created", "yesterday"),
        ("created", "2026-01-01T00:00:00"),
        ("created", "9999-12-31T23:59:59-12:00"),
        ("attempts.1.id", "s1-01-0002"),
        ("attempts.0.position", -1),
        ("attempts.0.position", 2**60),
        ("attempts.0.clip.sample_rate_hz", 0),
        ("attempts.0.clip.frames", -1),
        ("attempts.0.clip.gap_ms", -1),
        ("attempts.0.clip.seconds", float("nan")),
        ("attempts.0.transcript.words.0.start_s", float("inf")),
        ("attempts.0.transcript.words.0.probability", 2),
        ("attempts.0.score.value", 101),
        ("attempts.0.score.coverage.0.coverage", "perhaps"),
        ("attempts.0.score.coverage.0.words", [-1, 2]),
        ("attempts.0.delivery.fillers_at_least", -1),
        ("attempts.0.delivery.edges", "nowhere"),
        ("attempts.0.note", "half \udfff"),
        ("attempts.1.earlier", [{"transcript": None, "score": None}]),
    ],
)
def test_a_value_that_the_store_could_not_read_again_is_refused(
    fields: Fields, tmp_path: Path, place: str, value: object
) -> None:
    refused(handed(tmp_path, spoilt(fields, place, value)))


def test_a_number_of_a_million_digits_takes_no_time(tmp_path: Path) -> None:
    refused(handed(tmp_path, b'{"schema_version": ' + b"9" * 1_000_000 + b"}"))


def test_a_document_beyond_all_size_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_DOCUMENT_BYTES", 100)
    refused(handed(tmp_path, b" " * 101))
    refused(packed(tmp_path / "s.zip", {"session.json": b" " * 101}), "too large")


def test_too_many_answers_are_refused(fields: Fields, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ANSWERS", 2)
    fields["questions"] = []
    refused(handed(tmp_path, fields), "too many answers")


# --- zip files ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "facts", "words"),
    [
        ({"other.json": b"{}"}, {}, "has no session.json"),
        ({"session.json": b"{}"}, {"external_attr": (stat.S_IFLNK | 0o777) << 16}, "no plain file"),
        ({"session.json": b" " * (4 << 20)}, {"compress_type": zipfile.ZIP_DEFLATED}, "too small to be true"),
    ],
    ids=["nothing of ours", "a link", "a bomb"],
)
def test_a_zip_file_that_is_none_of_ours_is_refused(
    tmp_path: Path, files: dict[str, bytes], facts: dict[str, Any], words: str
) -> None:
    refused(packed(tmp_path / "s.zip", files, **facts), words)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as file:
        file.writestr("session.json", "{}")
        file.writestr("session.json", "{}")
    refused(tmp_path / "s.zip", "there twice")


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ENTRIES", 2)
    refused(packed(tmp_path / "s.zip", {str(n): b"" for n in range(3)}), "too many files")


def test_a_recording_beyond_all_size_is_refused(
    whole: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(whole, nobody, Form.ZIP, tmp_path / "s.zip")
    monkeypatch.setattr(module, "MAX_RECORDING_BYTES", 1000)
    refused(tmp_path / "s.zip", "too large")


@pytest.mark.parametrize("at", [0.3, 0.6, 0.9])
def test_a_zip_file_damaged_on_its_way_changes_nothing(tmp_path: Path, at: float) -> None:
    write(keep(tmp_path / "theirs"), nobody, Form.ZIP, tmp_path / "s.zip")
    data = bytearray((tmp_path / "s.zip").read_bytes())
    place = int(len(data) * at)
    data[place : place + 64] = bytes(64)
    (tmp_path / "s.zip").write_bytes(data)
    store = SqlStore.open(tmp_path / "ours")
    try:
        with pytest.raises(InputError):
            take_in(tmp_path / "s.zip", data=tmp_path / "ours", store=store)
        assert store.sessions() == ()
    finally:
        store.close()
    assert [*(tmp_path / "ours" / "recordings").iterdir()] == []


def test_a_recording_that_grows_while_it_is_read_is_refused(whole: Session, tmp_path: Path) -> None:
    made = write(whole, nobody, Form.FOLDER, tmp_path / "sent").path
    with incoming(made) as sent, (tmp_path / "copy").open("wb") as target:
        clip = sent.session.attempts[0].clip
        assert clip is not None
        real, sent._source.size = sent._source.size, lambda name: (real(name) or 1) - 1
        with pytest.raises(InputError, match="longer than it says"):
            sent.copy(clip, target)
