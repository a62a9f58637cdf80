"""Makes what CTranslate2 loads from OpenAI's checkpoints, in our models folder, once for each checkpoint.

The checkpoint is checked as `hear_whisper` does, here, where torch is; the model is built from its
tensors in the child, where CTranslate2 is. Nothing is downloaded.
"""

from __future__ import annotations

import contextlib
import glob
import hashlib
import json
import logging
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from interviewer.core.errors import EngineError
from interviewer.core.file_lock import held
from interviewer.core.files import read_small
from interviewer.core.paths import make_private
from interviewer.engines import faster_vocabulary, hear_whisper, whisper_files
from interviewer.engines.faster_link import FasterChild
from interviewer.engines.faster_weights import ABOUT, WEIGHTS
from interviewer.engines.fetch_whisper import check_room, disk_faults

log = logging.getLogger(__name__)

SEAL = "source.json"
MOST_SEAL_BYTES = 16 * 1024
FILES = ("model.bin", "config.json", "vocabulary.json", "tokenizer.json", "preprocessor_config.json")
RECIPE = 1
"""Raised whenever this module makes something else of the same checkpoint."""


@dataclass(frozen=True, slots=True)
class Converted:
    """A model that CTranslate2 can load."""

    folder: Path
    name: str
    """The published one where the checkpoint's hash is known, else the file's."""
    multilingual: bool


@dataclass(frozen=True, slots=True)
class _Seal:
    """What is written down about a converted model: all of it, or the folder is not believed."""

    recipe: int
    sha256: str
    """Of the checkpoint."""
    name: str
    multilingual: bool
    files: dict[str, str]
    """The hash of each of FILES."""


def converted(
    weights: Path, data_dir: Path, *, sha256: str | None = None, command: Sequence[str] | None = None
) -> Converted:
    """Return the converted model of a checkpoint; one that is not there, is damaged or is of another file is made.

    Reads the checkpoint and the model to their ends; to make one takes seconds to minutes, and about four
    bytes of memory a parameter on both sides. `command` is the child's. Raises what `hear_whisper.load_model`
    and `FasterChild.ask` do, and StoreError when there is no room.
    """
    found = whisper_files.verify(weights, sha256)
    folder = whisper_files.converted_folder(weights, data_dir)
    there = _kept(folder, found)
    if there is not None:
        return there
    began_s = monotonic()
    with disk_faults(make_private(folder.parent)):
        check_room(folder.parent, 2 * weights.stat().st_size)
        with held(folder.with_name(f".{folder.name}.lock")) as alone:
            if alone:
                _sweep(folder)
            made = Path(tempfile.mkdtemp(prefix=_prefix(folder), dir=folder.parent))
            try:
                _seal(made, found, *_build(weights, found, made, command))
                _put_in_place(made, folder)
            finally:
                shutil.rmtree(made, ignore_errors=True)
    there = _kept(folder, found)
    if there is None:
        raise EngineError(f"The converted model in {folder} was changed while it was made", hint="Try again.")
    log.info("converted %s in %.1f s", there.name, monotonic() - began_s)
    return there


def _build(weights: Path, sha256: str, folder: Path, command: Sequence[str] | None) -> tuple[str, bool]:
    """Make a model in `folder`; return its name and whether it knows more than English."""
    model, name = hear_whisper.load_model(weights, sha256, "cpu")
    _lay_out(model, folder)
    multilingual = bool(model.is_multilingual)
    del model  # the child needs the memory
    child = FasterChild(name, command)
    try:
        child.ask({"do": "convert", "folder": str(folder)})
    finally:
        child.end()
    return name, multilingual


def _lay_out(model: Any, folder: Path) -> None:
    """Write down everything that the child is to make a model of, and what CTranslate2 does not make."""
    from safetensors.torch import save_file

    dims = model.dims
    tokenizer = faster_vocabulary.tokenizer_of(dims.n_vocab)
    words = faster_vocabulary.words_of(tokenizer)
    about = {
        "audio_heads": dims.n_audio_head,
        "text_heads": dims.n_text_head,
        "vocabulary": words,
        # Which heads follow the sound: without them every word would have another's times.
        "config": {
            **faster_vocabulary.config_of(tokenizer),
            "alignment_heads": model.alignment_heads.indices().T.tolist(),
        },
    }
    (folder / ABOUT).write_text(json.dumps(about), encoding="utf-8")
    tokens = faster_vocabulary.tokenizer_json(words, tokenizer.eot)
    (folder / "tokenizer.json").write_text(tokens, encoding="utf-8")
    (folder / "preprocessor_config.json").write_text(json.dumps({"feature_size": dims.n_mels}), encoding="utf-8")
    save_file({name: _smaller(tensor) for name, tensor in model.state_dict().items()}, folder / WEIGHTS)


def _smaller(tensor: Any) -> Any:
    """Return a tensor in half precision where that loses nothing: published ones were that already."""
    half = tensor.half()
    return half if half.float().equal(tensor) else tensor


def _seal(folder: Path, sha256: str, name: str, multilingual: bool) -> None:
    seal = _Seal(RECIPE, sha256, name, multilingual, {file: _hash_of(folder / file) for file in FILES})
    (folder / SEAL).write_text(json.dumps(asdict(seal), indent=2) + "\n", encoding="utf-8")


def _kept(folder: Path, sha256: str) -> Converted | None:
    """Return the model in `folder` if it was made from this checkpoint and is what was made; None otherwise."""
    try:
        seal = _Seal(**json.loads(read_small(folder / SEAL, MOST_SEAL_BYTES)))
        if (seal.recipe, seal.sha256, set(seal.files)) != (RECIPE, sha256, set(FILES)):
            return None
        # CTranslate2 believes its files, and a broken one may take the process with it.
        whole = all(_hash_of(folder / file) == seal.files[file] for file in FILES)
    except (OSError, ValueError, TypeError, RecursionError):  # there is nothing, or not what was written there
        return None
    return Converted(folder, str(seal.name), bool(seal.multilingual)) if whole else None


def _put_in_place(made: Path, folder: Path) -> None:
    """Give the new folder its name; what has it now is moved away and removed."""
    away = Path(tempfile.mkdtemp(prefix=_prefix(folder), dir=folder.parent))
    try:
        with contextlib.suppress(FileNotFoundError):
            folder.rename(away / "old")
        made.rename(folder)
    except OSError:
        # Somebody who made the same at the same time may have been faster; then theirs is looked at.
        if not folder.is_dir():
            raise
    finally:
        shutil.rmtree(away, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Remove what conversions left behind that were killed."""
    for left in folder.parent.glob(f"{glob.escape(_prefix(folder))}*"):
        shutil.rmtree(left, ignore_errors=True)


def _prefix(folder: Path) -> str:
    return f".{folder.name}-"


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
