"""Converting: what CTranslate2 is given says what the checkpoint says, and nothing that is broken is believed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from interviewer.core.errors import EngineError, ModelCorrupt, ModelMissing, StoreError
from interviewer.core.file_lock import held
from interviewer.core.paths import models_dir
from interviewer.engines import convert_faster, faster_vocabulary, whisper_files
from interviewer.engines.convert_faster import FILES, SEAL, Converted, converted
from interviewer.engines.faster_weights import ABOUT
from interviewer.engines.sound_file import read_sound

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
CHECKPOINT = FIXTURES / "whisper-fixture.pt"
TEXTS: dict[str, str] = json.loads((FIXTURES / "clips" / "clips.json").read_text(encoding="utf-8"))
SIZES = (51864, 51865, 51866)

pytestmark = pytest.mark.models
needs_ctranslate2 = pytest.mark.skipif(
    find_spec("ctranslate2") is None, reason="CTranslate2 is not installed: pip install 'interviewer[fast]'"
)


def child(script: str) -> tuple[str, ...]:
    """Return the command of a child in which something is different from the start."""
    return (sys.executable, "-c", f"{script}\nfrom interviewer.engines import faster_child\nfaster_child.main()")


IN_VAIN = child("from interviewer.engines import faster_weights\nfaster_weights.build = lambda folder: 1 / 0")
NOT_INSTALLED = child("import sys\nsys.modules['ctranslate2'] = None")


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Converted:
    """The fixture's checkpoint, converted once."""
    return converted(CHECKPOINT, tmp_path_factory.mktemp("data"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put files of one line where a model would be built."""

    def build(_weights: Path, _sha256: str, folder: Path, _command: object) -> tuple[str, bool]:
        for name in FILES:
            (folder / name).write_text(name, encoding="utf-8")
        return "whisper-fixture", False

    monkeypatch.setattr(convert_faster, "_build", build)


@pytest.fixture
def made(data: Path, quick: None) -> Converted:
    return converted(CHECKPOINT, data)


def other_checkpoint(folder: Path) -> Path:
    """Return the fixture's checkpoint under its own name, with one number changed."""
    import torch

    checkpoint = torch.load(CHECKPOINT, weights_only=True)
    checkpoint["model_state_dict"]["encoder.conv1.bias"][0] += 0.5
    torch.save(checkpoint, folder / CHECKPOINT.name)
    return folder / CHECKPOINT.name


# --- the vocabulary ---------------------------------------------------------------------------


@pytest.fixture(scope="module", params=SIZES)
def both(request: pytest.FixtureRequest) -> tuple[Any, Any]:
    """Whisper's own tokenizer, and the one that is made of it."""
    from tokenizers import Tokenizer

    own = faster_vocabulary.tokenizer_of(request.param)
    words = faster_vocabulary.words_of(own)
    assert len(words) == request.param
    return own, Tokenizer.from_str(faster_vocabulary.tokenizer_json(words, own.eot))


@given(st.text(max_size=200) | st.text(alphabet="aeinrst '\n.,", max_size=200))
@example("Um, I'd use Pydantic's BaseModel -- it's “typed”…  ¿no?\n\tνερό 東京 🙂")
@settings(deadline=None)
def test_text_is_cut_into_whispers_own_tokens(both: tuple[Any, Any], text: str) -> None:
    own, made = both
    tokens = own.encoding.encode_ordinary(text)
    if "<|" not in text:
        assert made.encode(text, add_special_tokens=False).ids == tokens
        assert made.decode(tokens) == text


def test_every_token_with_a_meaning_of_its_own_keeps_its_number(both: tuple[Any, Any]) -> None:
    own, made = both
    assert {name: made.token_to_id(name) for name in own.special_tokens} == own.special_tokens


def test_the_tokens_that_name_languages_are_listed_and_no_others() -> None:
    own = faster_vocabulary.tokenizer_of(51866)
    named = [own.encoding.decode([n]) for n in faster_vocabulary.config_of(own)["lang_ids"]]
    assert (len(named), named[0], named[-1]) == (100, "<|en|>", "<|yue|>")


# --- the model --------------------------------------------------------------------------------


HEARD_BY_CTRANSLATE2 = """
import sys
import ctranslate2
import numpy as np
import tokenizers
folder, clips = sys.argv[1:]
model = ctranslate2.models.Whisper(folder, device="cpu", compute_type="int8", intra_threads=1)
tokenizer = tokenizers.Tokenizer.from_file(f"{folder}/tokenizer.json")
start = tokenizer.token_to_id("<|startoftranscript|>")
heard = np.load(clips)
for mel, frames in zip(heard["mels"], heard["frames"]):
    sound = model.encode(ctranslate2.StorageView.from_array(mel[None]))
    told = model.generate(sound, [[start]], beam_size=1, return_no_speech_prob=True)[0]
    text = [token for token in told.sequences_ids[0] if token < start - 1]
    pairs = model.align(sound, [start], [text], int(frames))[0].alignments
    end = min((time for token, time in pairs if token == len(text)), default=0)
    print(tokenizer.decode(text).strip(), end / 50, round(told.no_speech_prob, 2), sep="|")
assert "torch" not in sys.modules
"""


@needs_ctranslate2
def test_ctranslate2_hears_what_whisper_hears_and_when(real: Converted, tmp_path: Path) -> None:
    import whisper

    sounds = [read_sound(FIXTURES / "clips" / name) for name in TEXTS]
    sounds.append(np.random.default_rng(5).normal(0, 0.001, 64_000).astype(np.float32))
    mels = [np.asarray(whisper.log_mel_spectrogram(whisper.pad_or_trim(sound))) for sound in sounds]
    np.savez(tmp_path / "clips.npz", mels=mels, frames=[len(sound) // 160 for sound in sounds])
    command = [sys.executable, "-c", HEARD_BY_CTRANSLATE2, str(real.folder), str(tmp_path / "clips.npz")]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    *clips, noise = (line.split("|") for line in told)
    assert [text for text, _, _ in clips] == list(TEXTS.values())
    for sound, (_, end_s, no_speech) in zip(sounds, clips, strict=False):
        # The fixture's clips end with up to half a second of silence.
        assert -0.5 < float(end_s) - len(sound) / 16_000 < 0.1
        assert float(no_speech) < 0.1
    assert float(noise[2]) > 0.6


@needs_ctranslate2
def test_the_folder_holds_what_is_loaded_and_nothing_it_was_made_of(real: Converted) -> None:
    assert {path.name for path in real.folder.iterdir()} == {*FILES, SEAL}
    assert real.folder.name == "whisper-fixture.ct2"
    assert (real.name, real.multilingual) == ("whisper-fixture", False)
    assert [path.name for path in real.folder.parent.iterdir()] == [real.folder.name]


@needs_ctranslate2
def test_the_heads_that_follow_the_sound_are_carried_over(real: Converted) -> None:
    config = json.loads((real.folder / "config.json").read_text(encoding="utf-8"))
    assert config["alignment_heads"] == [[1, 0], [1, 1], [1, 2], [1, 3]]


def test_published_heads_are_carried_over_too(tmp_path: Path) -> None:
    import whisper
    from whisper.model import ModelDimensions, Whisper

    model = Whisper(ModelDimensions(128, 1500, 32, 20, 1, 51866, 448, 32, 20, 4))
    model.set_alignment_heads(whisper._ALIGNMENT_HEADS["large-v3-turbo"])
    convert_faster._lay_out(model, tmp_path)
    about = json.loads((tmp_path / ABOUT).read_text(encoding="utf-8"))
    assert about["config"]["alignment_heads"] == [[2, 4], [2, 11], [3, 3], [3, 6], [3, 11], [3, 14]]
    assert json.loads((tmp_path / "preprocessor_config.json").read_text(encoding="utf-8")) == {"feature_size": 128}


def test_weights_that_do_not_fit_into_half_precision_keep_theirs() -> None:
    import torch

    published, own = torch.tensor([0.5, 1.25]), torch.tensor([0.1, 70_000.0])
    assert convert_faster._smaller(published).dtype == torch.float16
    assert convert_faster._smaller(own) is own


# --- what is kept ------------------------------------------------------------------------------


def test_what_was_converted_is_not_converted_again(
    data: Path, made: Converted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(convert_faster, "_build", lambda *_: pytest.fail("converted again"))
    assert converted(CHECKPOINT, data) == made


def test_a_checkpoint_that_changed_is_converted_anew(data: Path, made: Converted, tmp_path: Path) -> None:
    before = (made.folder / SEAL).read_text(encoding="utf-8")
    again = converted(other_checkpoint(tmp_path), data)
    assert again.folder == made.folder
    assert (again.folder / SEAL).read_text(encoding="utf-8") != before


def cut_short(folder: Path) -> None:
    (folder / "model.bin").write_bytes((folder / "model.bin").read_bytes()[:-1])


def reseal(folder: Path, before: str, after: str) -> None:
    text = (folder / SEAL).read_text(encoding="utf-8")
    assert before in text
    (folder / SEAL).write_text(text.replace(before, after), encoding="utf-8")


@pytest.mark.parametrize(
    "damage",
    [
        cut_short,
        lambda folder: (folder / "config.json").unlink(),
        lambda folder: (folder / "tokenizer.json").write_text("{}"),
        lambda folder: (folder / SEAL).unlink(),
        lambda folder: (folder / SEAL).write_text("[]"),
        lambda folder: (folder / SEAL).write_text("not JSON"),
        lambda folder: (folder / SEAL).write_text('{"recipe": 1}'),
        lambda folder: (folder / SEAL).write_bytes(b"\xff\xfe"),
        lambda folder: reseal(folder, '"recipe": 1', '"recipe": 0'),
        lambda folder: reseal(folder, '"files": {', '"files": {"x": 1, '),
        shutil.rmtree,
        lambda folder: (shutil.rmtree(folder), folder.write_text("a file")),
    ],
    ids=["cut", "gone", "changed", "no seal", "list", "no JSON", "less", "no text", "old", "more", "nothing", "a file"],
)  # fmt: skip
def test_what_is_broken_is_made_anew(data: Path, made: Converted, damage: Callable[[Path], object]) -> None:
    damage(made.folder)
    assert convert_faster._kept(made.folder, convert_faster._hash_of(CHECKPOINT)) is None
    assert converted(CHECKPOINT, data) == made
    assert (made.folder / "model.bin").read_text(encoding="utf-8") == "model.bin"
    assert list(models_dir(data).iterdir()) == [made.folder]


def test_what_a_killed_conversion_left_behind_is_removed(data: Path, quick: None) -> None:
    folder = whisper_files.converted_folder(CHECKPOINT, data)
    left = folder.with_name(f".{folder.name}-abc")
    left.mkdir(parents=True)
    (left / "weights.safetensors").touch()
    assert converted(CHECKPOINT, data).folder == folder
    assert list(models_dir(data).iterdir()) == [folder]


def test_somebody_who_converts_the_same_is_not_disturbed(data: Path, quick: None) -> None:
    folder = whisper_files.converted_folder(CHECKPOINT, data)
    theirs = folder.with_name(f".{folder.name}-theirs")
    theirs.mkdir(parents=True)
    with held(folder.with_name(f".{folder.name}.lock")) as alone:
        assert alone
        assert converted(CHECKPOINT, data).folder == folder
    assert theirs.is_dir()


# --- failures ----------------------------------------------------------------------------------


def test_a_conversion_that_fails_is_told_and_leaves_nothing_behind(data: Path) -> None:
    with pytest.raises(EngineError, match=r"failed \(ZeroDivisionError\)"):
        converted(CHECKPOINT, data, command=IN_VAIN)
    assert list(models_dir(data).iterdir()) == []


def test_an_engine_that_is_not_installed_is_told_with_how_to_install_it(data: Path) -> None:
    with pytest.raises(ModelMissing, match="not installed") as caught:
        converted(CHECKPOINT, data, command=NOT_INSTALLED)
    assert 'pip install "interviewer[fast]"' in caught.value.hint
    assert list(models_dir(data).iterdir()) == []


def test_a_child_that_cannot_be_started_is_told(data: Path) -> None:
    with pytest.raises(EngineError, match="cannot be started"):
        converted(CHECKPOINT, data, command=("/absent/python",))


def test_a_damaged_checkpoint_is_not_converted(data: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.pt").write_bytes(CHECKPOINT.read_bytes()[:-100])
    with pytest.raises(ModelCorrupt):
        converted(tmp_path / "broken.pt", data)
    with pytest.raises(ModelCorrupt, match="not the file that was published"):
        converted(CHECKPOINT, data, sha256="0" * 64)
    assert not models_dir(data).exists()


def test_a_full_disk_is_told_before_anything_is_written(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1, 1, 0))  # type: ignore[attr-defined]
    with pytest.raises(StoreError, match="no room"):
        converted(CHECKPOINT, data)
    assert list(models_dir(data).iterdir()) == []
