"""Which scorer is made, of which sentence model and calibration, and what stands in for one that cannot be used."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from interviewer.core import paths
from interviewer.core.errors import EngineError, InputError, InterviewerError, ModelCorrupt, ModelMissing
from interviewer.engines import catalog, embed_sentence, judge_files

Faults = dict[str, Exception]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Callable[[Faults], list[str]]:
    """Have scorers made of their names alone, but for those that fail; returns which were asked for."""
    asked: list[str] = []

    def fail_with(faults: Faults) -> list[str]:
        def scorer(model: str, data_dir: Path) -> str:
            asked.append(model)
            if model in faults:
                raise faults[model]
            return f"scorer with {model or 'the built-in model'}"

        monkeypatch.setattr(catalog, "scorer", scorer)
        return asked

    return fail_with


# --- the one that stands in ------------------------------------------------------------------


def test_a_scorer_that_can_be_made_needs_no_other(made: Callable[[Faults], list[str]], tmp_path: Path) -> None:
    asked = made({})
    assert catalog.scorer_or_built_in("mine", tmp_path) == ("scorer with mine", None)
    assert asked == ["mine"]


@pytest.mark.parametrize("fault", [ModelMissing("Not here", hint="Name it."), InputError("Bad", hint="Name it.")])
def test_the_built_in_model_stands_in_and_why_is_told(
    made: Callable[[Faults], list[str]], tmp_path: Path, fault: InterviewerError
) -> None:
    fault.__cause__ = ValueError("why")
    made({"mine": fault})
    scorer, problem = catalog.scorer_or_built_in("mine", tmp_path)
    assert scorer == "scorer with the built-in model"
    assert (type(problem), str(problem)) == (type(fault), str(fault))
    assert problem is not None
    assert problem.hint == "Name it. Until then the built-in sentence model is used."
    assert problem.__cause__ is fault.__cause__


def test_what_is_wrong_with_the_built_in_one_too_is_told_as_it_is_of_the_wanted(
    made: Callable[[Faults], list[str]], tmp_path: Path
) -> None:
    made({"mine": ModelMissing("Not here"), "": ModelCorrupt("The judge is damaged")})
    with pytest.raises(ModelMissing, match="Not here"):
        catalog.scorer_or_built_in("mine", tmp_path)


@pytest.mark.parametrize("nothing", ["", "  "])
def test_nothing_stands_in_for_the_built_in_model(
    made: Callable[[Faults], list[str]], tmp_path: Path, nothing: str
) -> None:
    asked = made({nothing: ModelCorrupt("The judge is damaged")})
    with pytest.raises(ModelCorrupt):
        catalog.scorer_or_built_in(nothing, tmp_path)
    assert asked == [nothing]


# --- a sentence model of one's own -------------------------------------------------------------


@pytest.mark.parametrize("fault", [EngineError("x"), TypeError("x"), NotImplementedError("x"), MemoryError()])
@pytest.mark.parametrize("place", ["loading", "encoding"])
def test_a_sentence_model_that_fails_in_any_way_is_told_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, fault: Exception, place: str
) -> None:
    class Broken:
        def __init__(self, model: str) -> None:
            if place == "loading":
                raise fault

        def encode(self, texts: list[str]) -> None:
            raise fault

    monkeypatch.setattr(embed_sentence, "MiniLmEmbedder", Broken)
    with pytest.raises(ModelCorrupt, match="“mine” cannot be used") as told:
        catalog._other_embedder("mine")
    assert "leave the setting empty" in told.value.hint
    assert told.value.__cause__ is fault


@pytest.mark.parametrize("name", ["no-such-model", "no/such/folder", "~nobody-at-all/x", "a\0b", "x" * 4096, "../x y"])
def test_a_sentence_model_that_is_not_here_is_told_by_its_name(name: str) -> None:
    with pytest.raises(ModelMissing) as told:
        catalog._other_embedder(name)
    assert name in str(told.value)


def test_a_folder_without_weights_is_no_sentence_model(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"no model\.safetensors"):
        catalog._other_embedder(str(tmp_path))


# --- calibrations ------------------------------------------------------------------------------


def test_a_calibration_of_ones_own_comes_before_the_one_that_ships(tmp_path: Path) -> None:
    assert catalog.calibration_file("abc", tmp_path) == paths.asset("calibration.json")
    own = catalog.own_calibration("abc", tmp_path)
    own.parent.mkdir()
    own.write_text("{}", encoding="utf-8")
    assert catalog.calibration_file("abc", tmp_path) == own
    assert catalog.calibration_file("def", tmp_path) == paths.asset("calibration.json")
    assert catalog.calibration_file("abc", None) == paths.asset("calibration.json")


@pytest.mark.parametrize("nothing", ["", "  "])
def test_the_built_in_model_is_known_by_its_published_hash(nothing: str) -> None:
    assert catalog.sentence_hash(nothing) == embed_sentence.SHA256[:12]


def test_a_sentence_model_of_ones_own_is_known_by_the_hash_of_its_weights(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    assert catalog.sentence_hash(str(tmp_path)) == hashlib.sha256(b"weights").hexdigest()[:12]


# --- what is described -------------------------------------------------------------------------


def described(tmp_path: Path, **chosen: str) -> dict[str, catalog.Part]:
    return {part.name: part for part in catalog.describe("base.en", tmp_path, **chosen)}


def test_the_built_in_model_alone_is_described_where_no_other_is_chosen(tmp_path: Path) -> None:
    assert "chosen sentence model" not in described(tmp_path, sentence_model="  ")


def test_a_chosen_sentence_model_is_described_beside_the_built_in_one(tmp_path: Path) -> None:
    found = described(tmp_path, sentence_model=str(tmp_path))
    assert found["chosen sentence model"].detail == str(tmp_path)
    assert found["sentence model"].present


def test_a_chosen_sentence_model_that_is_not_here_is_described_with_what_is_used_instead(tmp_path: Path) -> None:
    part = described(tmp_path, sentence_model="no-such-model")["chosen sentence model"]
    assert (part.present, part.optional) == (False, True)
    assert part.hint.endswith("Until then the built-in one is used.")


@pytest.mark.parametrize("gone", ["judge.safetensors", "judge.json"])
def test_a_judge_is_described_as_there_only_with_both_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    monkeypatch.setattr(judge_files, "WEIGHTS", tmp_path / "judge.safetensors")
    monkeypatch.setattr(judge_files, "ABOUT", tmp_path / "judge.json")
    for file in ("judge.safetensors", "judge.json"):
        (tmp_path / file).touch()
    assert described(tmp_path)["contradiction judge"].present
    (tmp_path / gone).unlink()
    assert described(tmp_path)["contradiction judge"].detail == f"{gone} missing"


# --- with real models --------------------------------------------------------------------------


@pytest.mark.models
def test_the_scorer_is_made_of_what_comes_along_and_its_calibration_fits(tmp_path: Path) -> None:
    scorer, problem = catalog.scorer_or_built_in("", tmp_path)
    assert (scorer.trouble, problem) == ("", None)


@pytest.mark.models
def test_a_sentence_model_in_a_folder_of_ones_own_is_used(tmp_path: Path) -> None:
    # The packaged weights once more, from elsewhere: their hash and so their calibration are the same.
    scorer, problem = catalog.scorer_or_built_in(str(embed_sentence.weights_file().parent), tmp_path)
    assert (scorer.recipe, problem) == (catalog.scorer("", tmp_path).recipe, None)


@pytest.mark.models
def test_a_damaged_sentence_model_is_told_and_the_built_in_one_is_used(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"no weights")
    scorer, problem = catalog.scorer_or_built_in(str(tmp_path), tmp_path)
    assert isinstance(problem, ModelCorrupt)
    assert scorer.recipe == catalog.scorer("", tmp_path).recipe
