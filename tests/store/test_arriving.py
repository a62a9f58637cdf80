"""A session from elsewhere is kept whole or not at all, and overwrites nothing."""

from __future__ import annotations

import io
import wave
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest
import soundfile

from interviewer.core.errors import InputError, StoreError
from interviewer.core.models import Attempt, Clip, Session
from interviewer.store import arriving
from interviewer.store.arriving import recordings_kept
from interviewer.store.database import SqlStore
from tests.store.values import START, delivery, minutes, score, session, transcript, typed

RATE_HZ = 16_000


def wav(frames: int = 800, channels: int = 1) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(b"\1\0" * frames * channels)
    return made.getvalue()


def flac(frames: int = 800) -> bytes:
    made = io.BytesIO()
    soundfile.write(made, np.arange(frames, dtype=np.int16), RATE_HZ, "PCM_16", format="FLAC")
    return made.getvalue()


def spoken(name: str = "a1", suffix: str = ".wav", frames: int = 800) -> Attempt:
    clip = Clip(Path(f"answer-01{suffix}"), RATE_HZ, frames, gap_ms=12)
    told = {"asked": "How?", "topic": "Design", "note": "Again.", "starred": True, "follow_up": "And then?"}
    whole = replace(typed(name, at=minutes(1)), clip=clip, transcript=transcript(), score=score(), **told)
    return replace(whole, delivery=delivery())


def coming(*attempts: Attempt) -> Session:
    return replace(session(), attempts=attempts, finished=minutes(5))


def keep(store: SqlStore, data: Path, sent: Session, sound: bytes) -> None:
    def copy(_clip: Clip, target: BinaryIO) -> None:
        target.write(sound)

    with recordings_kept(data, sent, copy, size_bytes=len(sound)) as placed:
        store.add_session(placed)


def folder(data: Path) -> list[str]:
    return sorted(p.name for p in (data / "recordings").rglob("*"))


@pytest.mark.parametrize(("suffix", "sound"), [(".wav", wav()), (".flac", flac())])
def test_it_is_read_as_it_was_sent_with_its_recordings(store: SqlStore, data: Path, suffix: str, sound: bytes) -> None:
    sent = coming(spoken(suffix=suffix), typed("a2", at=minutes(2)))
    keep(store, data, sent, sound)
    kept = store.session("monday")
    path = data / "recordings" / "monday" / f"a1{suffix}"
    clip = kept.attempts[0].clip
    assert clip is not None
    assert (clip.path, path.read_bytes()) == (path, sound)
    placed = replace(sent.attempts[0], clip=replace(clip, path=path))
    assert kept == replace(sent, attempts=(placed, sent.attempts[1]), came=START)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_session_that_is_here_is_not_touched(store: SqlStore, data: Path) -> None:
    keep(store, data, coming(spoken()), wav())
    before = store.session("monday")
    with pytest.raises(InputError, match="here already"):
        keep(store, data, replace(coming(spoken()), bank_title="Another"), wav())
    assert store.session("monday") == before
    assert folder(data) == ["a1.wav", "monday", "session.json"]


def test_a_session_with_an_answer_of_another_is_refused(store: SqlStore, data: Path) -> None:
    keep(store, data, coming(spoken()), wav())
    with pytest.raises(InputError, match="here already"):
        keep(store, data, replace(coming(spoken()), id="tuesday"), wav())
    assert [s.id for s in store.sessions()] == ["monday"]
    assert "tuesday" not in folder(data)


@pytest.mark.parametrize(
    "sound",
    [wav(799), wav(800, channels=2), wav()[:-2], b"RIFF", b"", flac(), wav(0)],
    ids=["shorter", "two channels", "cut off", "a beginning", "empty", "of another kind", "without sound"],
)
def test_a_recording_that_is_not_what_is_said_of_it_is_refused(store: SqlStore, data: Path, sound: bytes) -> None:
    with pytest.raises(InputError, match="not what the session says"):
        keep(store, data, coming(spoken()), sound)
    assert (store.sessions(), folder(data)) == ((), [])


def test_a_recording_of_another_kind_is_refused(store: SqlStore, data: Path) -> None:
    with pytest.raises(InputError, match="not what the session says"):
        keep(store, data, coming(spoken(suffix=".mp3")), wav())


@pytest.mark.parametrize("name", ["../monday", "a/b", "", ".."])
def test_an_id_that_is_no_plain_name_is_refused(store: SqlStore, data: Path, name: str) -> None:
    for sent in (replace(coming(spoken()), id=name), coming(spoken(name))):
        with pytest.raises(InputError):
            keep(store, data, sent, wav())
    assert store.sessions() == ()


def test_what_a_killed_import_left_is_not_in_the_way(store: SqlStore, data: Path) -> None:
    left = data / "recordings" / "monday"
    left.mkdir(parents=True)
    (left / "a1.part.flac").write_bytes(b"half")
    keep(store, data, coming(spoken()), wav())
    assert folder(data) == ["a1.wav", "monday", "session.json"]


@pytest.mark.parametrize("kind", ["a recording", "a link", "a file"])
def test_a_folder_with_anything_in_it_is_left_alone(store: SqlStore, data: Path, tmp_path: Path, kind: str) -> None:
    place = data / "recordings" / "monday"
    place.parent.mkdir()
    match kind:
        case "a recording":
            place.mkdir()
            (place / "a1.wav").write_bytes(b"mine")
        case "a link":
            place.symlink_to(tmp_path)
        case "a file":
            place.write_bytes(b"mine")
    with pytest.raises(InputError, match="here already"):
        keep(store, data, coming(spoken()), wav())
    assert store.sessions() == ()
    assert os_bytes(place) == (b"mine" if kind != "a link" else b"")


def os_bytes(place: Path) -> bytes:
    if place.is_symlink():
        return b""
    return place.read_bytes() if place.is_file() else (place / "a1.wav").read_bytes()


def test_a_full_disk_leaves_nothing_half(store: SqlStore, data: Path) -> None:
    def copy(_clip: Clip, target: BinaryIO) -> None:
        target.write(b"RIFF")
        raise OSError(28, "No space left on device")

    with (
        pytest.raises(StoreError, match="No space left"),
        recordings_kept(data, coming(spoken()), copy, size_bytes=100),
    ):
        raise AssertionError("not reached")
    assert folder(data) == []


def test_too_little_room_is_told_before(store: SqlStore, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "free_bytes", lambda _folder: 60_000_000)
    with pytest.raises(StoreError, match="20 MB, 60 MB are free"):
        keep_nothing(data)
    assert folder(data) == []


def keep_nothing(data: Path) -> None:
    with recordings_kept(data, coming(spoken()), lambda _clip, _target: None, size_bytes=20_000_000):
        raise AssertionError("not reached")
