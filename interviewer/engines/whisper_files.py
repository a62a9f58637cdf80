"""Whisper's weights on disk: which there are, where they lie, and whether they are what they claim.

Nothing here needs torch or the network, so the window may ask too. How weights come into our folder
and leave it is in `fetch_whisper` and `keep_whisper`.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from interviewer.core.errors import ModelCorrupt, ModelMissing
from interviewer.core.paths import models_dir, whisper_cache_dir
from interviewer.engines.part_file import hash_of

ENGLISH = "English"
MANY = "99 languages"
MANY_AND_ONE = "100 languages"
OWN = "own file"


@dataclass(frozen=True, slots=True)
class Published:
    """A checkpoint that OpenAI published."""

    size_mb: int
    languages: str
    sha256: str

    @property
    def least_bytes(self) -> int:
        """A file smaller than this cannot be it."""
        return self.size_mb * 900_000

    @property
    def most_bytes(self) -> int:
        """A file larger than this cannot be it."""
        return self.size_mb * 1_100_000


# The hashes are those in the download addresses of openai-whisper 20250625; sizes are two bytes a parameter.
KNOWN: dict[str, Published] = {
    "tiny.en": Published(76, ENGLISH, "d3dd57d32accea0b295c96e26691aa14d8822fac7d9d27d5dc00b4ca2826dd03"),
    "tiny": Published(76, MANY, "65147644a518d12f04e32d6f3b26facc3f8dd46e5390956a9424a650c0ce22b9"),
    "base.en": Published(145, ENGLISH, "25a8566e1d0c1e2231d1c762132cd20e0f96a85d16145c3a00adf5d1ac670ead"),
    "base": Published(145, MANY, "ed3a0b6b1c0edf879ad9b11b1af5a0e6ab5db9205f891f668f8b0e6c6326e34e"),
    "small.en": Published(484, ENGLISH, "f953ad0fd29cacd07d5a9eda5624af0f6bcf2258be67c92b79389873d91e0872"),
    "small": Published(484, MANY, "9ecf779972d90ba49c06d968637d720dd632c55bbf19d441fb42bf17a411e794"),
    "medium.en": Published(1528, ENGLISH, "d7440d1dc186f76616474e0ff0b3b6b879abc9d1a4926b7adfa41db2d497ab4f"),
    "medium": Published(1528, MANY, "345ae4da62f9b3d59415adc60127b97c714f32e89e936602e85993674d08dcb1"),
    "large-v1": Published(3087, MANY, "e4b87e7e0bf463eb8e6956e646f1e277e901512310def2c24bf0e11bd3c28e9a"),
    "large-v2": Published(3087, MANY, "81f7c96c852ee8fc832187b0132e569d6c3065a3252ed18e56effd0b6a73e524"),
    "large-v3": Published(3087, MANY_AND_ONE, "e5b1a55b89c1367dacf97e3e19bfd829a01529dbfdeefa8caeb59b3f1b81dadb"),
    "large-v3-turbo": Published(1618, MANY_AND_ONE, "aff26ae408abcba5fbf8813c21e62b0941638c5f6eebfb145be0c9839262a19a"),
}
# Relations between the models as their authors publish them; no figures, because those depend on the machine.
_EXPECT = {
    "tiny": "The fastest and the least exact. For slow computers, or to try things out.",
    "base": "Fast, and good enough for clear speech. The one to begin with.",
    "small": "More exact than base, most of all with names and technical words; slower.",
    "medium": "More exact than small; expect to wait after each answer where there is no graphics card.",
    "large-v1": "The first of its size. large-v3 is more exact.",
    "large-v2": "The second of its size; the later large-v3 is usually more exact.",
    "large-v3": "The most exact and the slowest. Hardly usable without a strong graphics card.",
    "large-v3-turbo": "Nearly as exact as large-v3 and several times faster, but heavier than small.",
}
_EXPECT_ENGLISH = "English only, and in English more exact than the one for many languages."
_EXPECT_OWN = "A file of your own: nobody published a hash to compare it with."

ALIASES = {"large": "large-v3", "turbo": "large-v3-turbo"}

# What a file written by torch.save begins with before version 1.6: protocol 2, then its magic number.
_LEGACY_MAGIC = bytes.fromhex("80028a0a6cfc9c46f9206aa85019")


@dataclass(frozen=True, slots=True)
class WhisperModel:
    """A checkpoint that is here or could be; `name` is what the settings take."""

    name: str
    present: bool
    path: Path | None
    size_mb: int
    languages: str
    sha256: str | None
    """None for a file of the user's own, whose hash nobody published."""
    expect: str = ""
    """What to expect of it in speed and accuracy, for people to read."""
    ours: bool = False
    """Whether the file lies in our own models folder: only there may it be deleted."""
    part_bytes: int = 0
    """What came of a download that was not finished."""


def converted_folder(weights: Path, data_dir: Path) -> Path:
    """Return where what the faster engine makes of a checkpoint lies, or would lie."""
    return models_dir(data_dir) / f"{weights.stem}.ct2"


def published(name: str) -> Published | None:
    """Return what is known of a model name or alias, None for anything else."""
    return KNOWN.get(ALIASES.get(name, name))


def find(name_or_path: str, data_dir: Path) -> Path:
    """Return the file of a known model, or the file that the user named.

    A known name is looked up in our models folder, then in the whisper package's own.
    Raises ModelMissing when there is no such file.
    """
    name = name_or_path.strip()
    if published(name):
        found = _file_of(ALIASES.get(name, name), data_dir)
        if found is None:
            raise ModelMissing(f"The Whisper weights {name} are not on this machine", hint=_bring_hint(name, data_dir))
        return found
    try:
        path = Path(name).expanduser()
        if name and path.is_file():
            return path.absolute()
    except (OSError, RuntimeError):  # a name too long, or the home of nobody
        pass
    hint = f"Choose a checkpoint file in Settings, or name one of: {', '.join(KNOWN)}."
    raise ModelMissing(f"There is no Whisper model {name or '(no name)'}", hint=hint)


def survey(data_dir: Path) -> tuple[WhisperModel, ...]:
    """Return every known model, smallest first, then the user's other files in our models folder."""
    listed, folder = [], models_dir(data_dir)
    for name, facts in KNOWN.items():
        path = _file_of(name, data_dir)
        model = WhisperModel(name, path is not None, path, facts.size_mb, facts.languages, facts.sha256)
        ours, part = path is not None and path.parent == folder, _size_of(part_of(folder / f"{name}.pt"))
        listed.append(replace(model, expect=_expect(name), ours=ours, part_bytes=part))
    own = sorted(p for p in folder.glob("*.pt") if p.is_file() and p.stem not in KNOWN)
    listed += [WhisperModel(str(p), True, p, round(_size_of(p) / 1e6), OWN, None, _EXPECT_OWN, True) for p in own]
    return tuple(listed)


def installed(data_dir: Path) -> tuple[WhisperModel, ...]:
    """Return the models that are on this machine."""
    return tuple(m for m in survey(data_dir) if m.present)


def expected_hash(path: Path, data_dir: Path) -> str | None:
    """Return the published hash of a file that lies where known models are looked up, else None."""
    if path.parent in (models_dir(data_dir), whisper_cache_dir()) and path.suffix == ".pt":
        facts = published(path.stem)
        return facts.sha256 if facts else None
    return None


def verify(path: Path, sha256: str | None, told: Callable[[int, int], None] = lambda *_: None) -> str:
    """Read the whole file and return its SHA-256; `told(done, total)` in bytes may raise to stop it.

    Raises ModelMissing when it cannot be read, and ModelCorrupt when it is not a checkpoint
    at all, breaks off, or has another hash than `sha256`; None accepts any hash.
    """
    try:
        if not looks_like_checkpoint(path):
            raise ModelCorrupt(f"{path.name} is not a Whisper checkpoint, or it was not copied to its end")
        found = hash_of(path, told)
    except OSError as exc:
        hint = "Check that the file is there and that you may read it, or choose another one in Settings."
        raise ModelMissing(f"The weights {path} cannot be read ({exc.strerror})", hint=hint) from exc
    if sha256 is not None and found != sha256:
        raise ModelCorrupt(f"{path.name} is not the file that was published under this name")
    return found


def part_of(target: Path) -> Path:
    """Return where a download of the weights at `target` is kept until it is whole."""
    return target.with_name(f"{target.name}.part")


def name_of_hash(sha256: str) -> str | None:
    """Return the known model that has this hash, None for any other file."""
    return next((name for name, facts in KNOWN.items() if facts.sha256 == sha256), None)


def _file_of(name: str, data_dir: Path) -> Path | None:
    places = (folder / f"{name}.pt" for folder in (models_dir(data_dir), whisper_cache_dir()))
    return next((path for path in places if path.is_file()), None)


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # not there, or just gone
        return 0


def _expect(name: str) -> str:
    of_all = _EXPECT[name.removesuffix(".en")]
    return f"{of_all} {_EXPECT_ENGLISH}" if name.endswith(".en") else of_all


def _bring_hint(name: str, data_dir: Path) -> str:
    file = f"{ALIASES.get(name, name)}.pt"
    return f"Download it in Settings, choose a file there, or put {file} into {models_dir(data_dir)}."


def looks_like_checkpoint(path: Path) -> bool:
    """Whether torch.save wrote it, as far as can be told without torch.

    A zip file has its table of contents at the end, so one that breaks off is noticed. torch packs nothing
    tighter: one that unpacks to more than it takes was made to fill the memory.
    """
    if zipfile.is_zipfile(path):
        try:
            with zipfile.ZipFile(path) as packed:
                return sum(entry.file_size for entry in packed.infolist()) <= path.stat().st_size
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            return False
    with path.open("rb") as file:
        return file.read(len(_LEGACY_MAGIC)) == _LEGACY_MAGIC
