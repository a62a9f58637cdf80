"""Everything that is kept is written out at once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from interviewer.core.errors import InputError, StoreError
from interviewer.core.models import Question, Session
from interviewer.reports import export
from interviewer.reports.export import export_everything
from tests.commands.running import NOON, Run, keep_session


def nobody(_question_id: str) -> Question | None:
    return None


@pytest.fixture
def one(tmp_path: Path) -> Session:
    return keep_session(tmp_path / "data")


def other(one: Session, name: str) -> Session:
    return replace(one, id=name)


def index(folder: Path) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    return found


def names(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*"))


def test_each_session_gets_a_folder_and_the_index_lists_them(one: Session, tmp_path: Path) -> None:
    out = tmp_path / "out"
    written = export_everything([one, other(one, "s2")], nobody, out)
    assert (written.index, written.sessions, written.missing) == (out / "index.json", 2, ())
    files = [f"{s}{name}" for s in ("s1", "s2") for name in ("", "/answer-01.wav", "/session.json")]
    assert names(out) == ["index.json", *files]
    assert index(out)["sessions"][1] == {
        "session": "s2",
        "created": NOON.isoformat(),
        "finished": None,
        "bank": "FastAPI developer",
        "mode": "practice",
        "answers": 1,
        "document": "s2/session.json",
        "missing_recordings": [],
    }


def test_a_session_reads_the_same_as_when_it_is_exported_by_itself(one: Session, tmp_path: Path) -> None:
    export_everything([one], nobody, tmp_path / "out")
    export.export_session(one, nobody, tmp_path / "single")
    assert (tmp_path / "out" / "s1" / "session.json").read_text() == (tmp_path / "single" / "session.json").read_text()


def test_everything_is_for_its_owner_alone(one: Session, tmp_path: Path) -> None:
    export_everything([one], nobody, tmp_path / "out")
    modes = {p: p.stat().st_mode & 0o777 for p in (tmp_path / "out").rglob("*")}
    assert {oct(mode) for path, mode in modes.items() if path.is_file()} == {"0o600"}
    assert {oct(mode) for path, mode in modes.items() if path.is_dir()} == {"0o700"}


def test_nothing_at_all_is_an_index_of_nothing(tmp_path: Path) -> None:
    assert export_everything([], nobody, tmp_path / "out").sessions == 0
    assert index(tmp_path / "out")["sessions"] == []


def test_a_folder_with_something_in_it_is_refused(one: Session, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="already there"):
        export_everything([one], nobody, tmp_path / "out")
    assert names(tmp_path / "out") == ["mine.txt"]


def test_a_recording_that_is_gone_is_named_and_its_text_is_written(one: Session, tmp_path: Path) -> None:
    clip = one.attempts[0].clip
    assert clip is not None
    clip.path.unlink()
    written = export_everything([one], nobody, tmp_path / "out")
    assert written.missing == (clip.path.name,)
    assert index(tmp_path / "out")["sessions"][0]["missing_recordings"] == [clip.path.name]


def test_a_session_that_cannot_be_written_leaves_nothing_half(
    one: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, copied = shutil.copyfile, iter([True])

    def full(source: Path, target: Path) -> None:
        if next(copied, None) is None:
            Path(target).write_bytes(b"RIFF")
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(StoreError, match="No space left"):
        export_everything([one, other(one, "s2")], nobody, tmp_path / "out")
    assert names(tmp_path / "out") == ["s1", "s1/answer-01.wav", "s1/session.json"]


def test_one_session_that_cannot_be_written_leaves_nothing(
    one: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_source: Path, target: Path) -> None:
        Path(target).write_bytes(b"RIFF")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(StoreError, match="No space left"):
        export.export_session(one, nobody, tmp_path / "out")
    assert names(tmp_path / "out") == []


def test_whoever_counts_may_break_it_off(one: Session, tmp_path: Path) -> None:
    counted = []

    def stop(count: int) -> None:
        counted.append(count)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_everything([one, other(one, "s2")], nobody, tmp_path / "out", advanced=stop)
    assert counted == [1]
    assert "s2" not in names(tmp_path / "out")


def test_sessions_are_read_one_by_one(one: Session, tmp_path: Path) -> None:
    def read() -> Iterator[Session]:
        yield one
        assert (tmp_path / "out" / "s1").exists()
        yield other(one, "s2")

    assert export_everything(read(), nobody, tmp_path / "out").sessions == 2


@pytest.mark.parametrize("name", ["../escaped", "/tmp/escaped", "..", "", "a/b", "con:"])
def test_a_session_with_the_name_of_another_folder_stays_inside(one: Session, tmp_path: Path, name: str) -> None:
    export_everything([other(one, name)], nobody, tmp_path / "out")
    assert names(tmp_path / "out")[1:] == ["session-0001", "session-0001/answer-01.wav", "session-0001/session.json"]


def test_two_sessions_of_one_name_are_not_mixed(one: Session, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        export_everything([one, one], nobody, tmp_path / "out")
    assert names(tmp_path / "out") == ["s1", "s1/answer-01.wav", "s1/session.json"]


def test_a_link_in_the_place_of_a_recording_is_not_followed(one: Session, tmp_path: Path) -> None:
    clip = one.attempts[0].clip
    assert clip is not None
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    clip.path.unlink()
    clip.path.symlink_to(tmp_path / "secret")
    export_everything([one], nobody, tmp_path / "out")
    assert "s1/answer-01.wav" not in names(tmp_path / "out")


def test_a_row_that_names_no_sound_file_exports_none(one: Session, tmp_path: Path) -> None:
    (attempt,) = one.attempts
    assert attempt.clip is not None
    database = replace(attempt.clip, path=tmp_path / "data" / "interviewer.db")
    export_everything([replace(one, attempts=(replace(attempt, clip=database),))], nobody, tmp_path / "out")
    assert names(tmp_path / "out") == ["index.json", "s1", "s1/session.json"]


def test_an_index_that_cannot_be_written_is_told(one: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = export._write

    def full(path: Path, text: str) -> None:
        if path.name == "index.json":
            path.touch()
            raise OSError(28, "No space left on device")
        real(path, text)

    monkeypatch.setattr(export, "_write", full)
    with pytest.raises(StoreError, match="No space left"):
        export_everything([one], nobody, tmp_path / "out")
    assert "index.json" not in names(tmp_path / "out")


def test_the_command_exports_every_session(run: Run, one: Session, tmp_path: Path) -> None:
    told = run("sessions", "export", "--all", "--out", tmp_path / "out")
    assert (told.code, told.out) == (0, f"Written: 1 session, listed in {tmp_path / 'out' / 'index.json'}\n")
    document = json.loads((tmp_path / "out" / "s1" / "session.json").read_text(encoding="utf-8"))
    assert document["attempts"][0]["transcript"]["words"]


@pytest.mark.parametrize("which", [[], ["s1", "--all"]])
def test_the_command_wants_one_session_or_all(run: Run, one: Session, tmp_path: Path, which: list[str]) -> None:
    assert run("sessions", "export", *which, "--out", tmp_path / "out").code == 2
    assert not (tmp_path / "out").exists()
