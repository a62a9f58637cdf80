"""Where the faster engine is chosen it is used, or plain Whisper is and the reason is told."""

from __future__ import annotations

import importlib.util
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from interviewer.core.errors import EngineError, ModelCorrupt, ModelMissing
from interviewer.core.paths import WHISPER_MODEL_VARIABLE
from interviewer.core.settings import Engine, Hearing, Settings
from interviewer.engines import catalog

CHECKPOINT = Path(__file__).resolve().parents[1] / "fixtures" / "whisper-fixture.pt"

pytestmark = pytest.mark.models


@pytest.fixture(autouse=True)
def no_override(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(WHISPER_MODEL_VARIABLE, raising=False)


def pretend(monkeypatch: pytest.MonkeyPatch, *, installed: bool) -> None:
    """Make faster-whisper look as if it were installed, or not."""
    real = importlib.util.find_spec
    found = real("json") if installed else None
    monkeypatch.setattr(catalog, "find_spec", lambda name: found if name == "faster_whisper" else real(name))


def engine_of(transcriber: Any) -> str:
    return str(transcriber.scribe.engine)


def test_plain_whisper_is_chosen_where_nobody_chose() -> None:
    assert Settings().engine is Engine.WHISPER


def test_the_chosen_engine_is_kept_by_its_name() -> None:
    chosen = Settings(engine=Engine.FAST)
    assert '"engine":"fast"' in chosen.model_dump_json()
    assert Settings.model_validate_json(chosen.model_dump_json()) == chosen


@pytest.mark.skipif(
    find_spec("faster_whisper") is None, reason="faster-whisper is not installed: pip install 'interviewer[fast]'"
)
def test_the_faster_engine_is_made_where_it_is_chosen(tmp_path: Path) -> None:
    made, problem = catalog.transcriber_or_plain(str(CHECKPOINT), tmp_path, hearing=Hearing(Engine.FAST))
    assert (engine_of(made), problem) == ("faster-whisper", None)


def test_plain_whisper_has_nothing_to_tell(tmp_path: Path) -> None:
    made, problem = catalog.transcriber_or_plain(str(CHECKPOINT), tmp_path)
    assert (engine_of(made), problem) == ("whisper", None)


def test_an_engine_that_is_not_installed_is_told_and_plain_whisper_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch, installed=False)
    made, problem = catalog.transcriber_or_plain(str(CHECKPOINT), tmp_path, hearing=Hearing(Engine.FAST))
    assert engine_of(made) == "whisper"
    assert isinstance(problem, ModelMissing)
    assert problem.told() == (
        'The faster engine is not installed. Run `pip install "interviewer[fast]"`, or choose plain Whisper in '
        "Settings. Until then plain Whisper is used."
    )
    assert list(tmp_path.iterdir()) == []


def test_who_wants_the_faster_engine_and_nothing_else_is_told_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch, installed=False)
    with pytest.raises(ModelMissing, match="not installed"):
        catalog.transcriber(str(CHECKPOINT), tmp_path, hearing=Hearing(Engine.FAST))()


def test_an_engine_that_fails_is_told_and_plain_whisper_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, installed=True)
    failing = (sys.executable, "-c", "raise SystemExit(1)")
    monkeypatch.setattr("interviewer.engines.faster_link.child_command", lambda: failing)
    made, problem = catalog.transcriber_or_plain(str(CHECKPOINT), tmp_path, hearing=Hearing(Engine.FAST))
    assert engine_of(made) == "whisper"
    assert isinstance(problem, EngineError)
    assert problem.told().startswith("The faster engine stopped unexpectedly. ")
    assert problem.told().endswith(" Until then plain Whisper is used.")


def test_a_fault_that_nobody_expected_is_told_and_plain_whisper_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch, installed=True)
    monkeypatch.setattr("interviewer.engines.convert_faster._lay_out", lambda *_: {}["absent"])
    made, problem = catalog.transcriber_or_plain(str(CHECKPOINT), tmp_path, hearing=Hearing(Engine.FAST))
    assert engine_of(made) == "whisper"
    assert problem is not None
    assert problem.told().startswith("The faster engine failed (KeyError). ")
    assert isinstance(problem.__cause__, KeyError)


def test_weights_that_no_engine_can_use_are_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, installed=True)
    (tmp_path / "broken.pt").write_bytes(b"no checkpoint")
    with pytest.raises(ModelCorrupt, match="not a Whisper checkpoint"):
        catalog.transcriber_or_plain(str(tmp_path / "broken.pt"), tmp_path, hearing=Hearing(Engine.FAST))


def test_without_weights_the_built_in_recogniser_is_used_whatever_the_engine(tmp_path: Path) -> None:
    assert catalog.transcriber("base.en", tmp_path, hearing=Hearing(Engine.FAST)) is catalog.built_in()


def test_the_faster_engine_is_described_only_where_it_is_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [part.name for part in catalog.describe("base.en", tmp_path)]
    assert "faster engine" not in names
    pretend(monkeypatch, installed=False)
    part = catalog.describe("base.en", tmp_path, engine=Engine.FAST)[1]
    assert (part.name, part.present, part.optional) == ("faster engine", False, True)
    assert 'pip install "interviewer[fast]"' in part.hint
    pretend(monkeypatch, installed=True)
    assert catalog.describe("base.en", tmp_path, engine=Engine.FAST)[1].present
