"""Which engine is chosen, and what is said about those that are missing."""

from __future__ import annotations

import importlib.util
import zipfile
from pathlib import Path

import pytest

from interviewer.core.errors import ModelCorrupt, ModelMissing
from interviewer.core.paths import WHISPER_MODEL_VARIABLE, asset, models_dir
from interviewer.core.settings import Hearing, Processor
from interviewer.engines import catalog, embed_sentence
from interviewer.engines.catalog import Part
from interviewer.engines.hear_whisper import FILLER_PROMPT

CHECKPOINT = Path(__file__).resolve().parents[1] / "fixtures" / "whisper-fixture.pt"


@pytest.fixture(autouse=True)
def no_override(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(WHISPER_MODEL_VARIABLE, raising=False)


def without(monkeypatch: pytest.MonkeyPatch, *packages: str) -> None:
    """Make packages look as if they were not installed."""
    real = importlib.util.find_spec
    monkeypatch.setattr(catalog, "find_spec", lambda name: None if name in packages else real(name))


def parts(model: str, data_dir: Path) -> dict[str, Part]:
    return {part.name: part for part in catalog.describe(model, data_dir)}


def put_weights(data_dir: Path, name: str) -> Path:
    models_dir(data_dir).mkdir(parents=True)
    path = models_dir(data_dir) / f"{name}.pt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/version", "3")
    return path


def test_the_environment_chooses_before_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert catalog.wanted_model("base.en") == "base.en"
    monkeypatch.setenv(WHISPER_MODEL_VARIABLE, " small ")
    assert catalog.wanted_model("base.en") == "small"


def test_with_neither_weights_nor_the_built_in_recogniser_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, "pocketsphinx")
    with pytest.raises(ModelMissing, match="no speech recogniser"):
        catalog.transcriber("base.en", tmp_path)


@pytest.mark.models
def test_without_weights_the_built_in_recogniser_is_made(tmp_path: Path) -> None:
    transcriber = catalog.transcriber("base.en", tmp_path)()
    transcriber.begin(())
    assert transcriber.finish().engine == "pocketsphinx"


@pytest.mark.models
def test_with_weights_whisper_is_made(tmp_path: Path) -> None:
    transcriber = catalog.transcriber(str(CHECKPOINT), tmp_path)()
    transcriber.begin(())
    assert transcriber.finish().engine == "whisper"


@pytest.mark.models
def test_without_the_whisper_package_its_weights_are_of_no_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "whisper")
    transcriber = catalog.transcriber(str(CHECKPOINT), tmp_path)()
    transcriber.begin(())
    assert transcriber.finish().rough


def test_damaged_weights_are_told_and_not_passed_over(tmp_path: Path) -> None:
    put_weights(tmp_path, "base.en")
    make = catalog.transcriber("base.en", tmp_path)
    with pytest.raises(ModelCorrupt, match="not the file that was published"):
        make()


@pytest.mark.parametrize("wanted", ["/absent/own.pt", "my-own-model", ""])
def test_a_file_of_ones_own_that_is_not_there_is_told_and_not_passed_over(wanted: str, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="There is no Whisper model"):
        catalog.transcriber(wanted, tmp_path)


@pytest.mark.parametrize("wanted", ["base.en", "turbo", " small "])
def test_published_weights_that_are_not_there_yet_are_no_error(wanted: str, tmp_path: Path) -> None:
    assert catalog.transcriber(wanted, tmp_path) is catalog.built_in()


def test_a_built_in_recogniser_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "pocketsphinx")
    with pytest.raises(ModelMissing, match="no speech recogniser"):
        catalog.built_in()


def test_everything_that_can_be_used_is_described(tmp_path: Path) -> None:
    found = parts("base.en", tmp_path)
    names = ["Whisper", "built-in recogniser", "speech detector", "sentence model", "contradiction judge"]
    assert list(found) == names
    assert [found[name].present for name in names[:4]] == [False, True, True, True]
    assert found["contradiction judge"].present is all(
        asset(file).is_file() for file in ("judge.safetensors", "judge.json")
    )


def test_missing_weights_are_described_with_where_to_put_them(tmp_path: Path) -> None:
    whisper = parts("base.en", tmp_path)["Whisper"]
    assert "base.en" in whisper.detail
    assert str(models_dir(tmp_path)) in whisper.hint
    assert whisper.optional


def test_weights_that_are_there_are_described_by_their_path(tmp_path: Path) -> None:
    path = put_weights(tmp_path, "tiny")
    assert parts("tiny", tmp_path)["Whisper"].detail == str(path)


def test_the_built_in_recogniser_may_be_missing_where_whisper_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, "pocketsphinx")
    assert not parts("tiny", tmp_path)["built-in recogniser"].optional
    put_weights(tmp_path, "tiny")
    assert parts("tiny", tmp_path)["built-in recogniser"].optional


@pytest.mark.parametrize(
    ("package", "name"),
    [
        ("whisper", "Whisper"),
        ("pocketsphinx", "built-in recogniser"),
        ("silero_vad", "speech detector"),
        ("sentence_transformers", "sentence model"),
    ],
)
def test_a_package_that_is_not_installed_says_how_to_install_it(
    package: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, package)
    part = parts("tiny", tmp_path)[name]
    assert not part.present
    assert "pip install" in part.hint


def test_a_sentence_model_that_is_not_installed_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embed_sentence, "PACKAGE", "a_package_that_is_not_there")
    assert not parts("tiny", tmp_path)["sentence model"].present


@pytest.mark.models
def test_how_to_hear_reaches_whisper(tmp_path: Path) -> None:
    hearing = Hearing(fillers=True, processor=Processor.CPU)
    made = catalog.transcriber(str(CHECKPOINT), tmp_path, hearing=hearing)()
    made.begin(("Depends",))
    scribe = made.scribe  # type: ignore[attr-defined]
    assert scribe._prompt == f"{FILLER_PROMPT} Depends."
    assert scribe._model.device.type == "cpu"
