"""Where things lie on disk. Nothing else in the program knows.

`questions.json` and `assets/` stand at the top of a checkout and travel inside the
package in a wheel; the data folder is the platform's own unless told otherwise.
"""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

from interviewer.core.errors import StoreError

APP = "interviewer"
DATA_DIR_VARIABLE = "INTERVIEWER_DATA_DIR"
WHISPER_MODEL_VARIABLE = "INTERVIEWER_WHISPER_MODEL"

DATABASE_NAME = "interviewer.db"
MODELS_NAME = "models"
CALIBRATIONS_NAME = "calibrations"
PRESENCE_NAME = "presence"
"""Notes of the computers that work in the data folder."""

_PACKAGE = Path(__file__).resolve().parents[1]


def shipped(name: str) -> Path:
    """Return the path of something that ships with the program: "questions.json" or "assets".

    In a checkout it lies beside the package, in an installed wheel inside it.
    """
    inside = _PACKAGE / name
    return inside if inside.exists() else _PACKAGE.parent / name


def shipped_bank() -> Path:
    """Return the bank that ships with the program."""
    return shipped("questions.json")


def asset(*parts: str) -> Path:
    """Return the path of a shipped asset, e.g. `asset("icon.svg")`."""
    return shipped("assets").joinpath(*parts)


def data_dir(chosen: str | Path | None = None) -> Path:
    """Return the data folder: the one chosen, else the environment's, else the platform's.

    Empty texts count as nothing chosen.
    """
    wanted = str(chosen or "") or os.environ.get(DATA_DIR_VARIABLE, "")
    if wanted:
        return Path(wanted).expanduser().absolute()
    return user_data_path(APP, appauthor=False)


def cache_dir() -> Path:
    """Return the folder for what can be made again, such as rendered speech."""
    return user_cache_path(APP, appauthor=False)


def models_dir(data: Path) -> Path:
    """Return our own models folder inside the data folder `data`."""
    return data / MODELS_NAME


def whisper_cache_dir() -> Path:
    """Return the folder that the whisper package itself keeps its weights in."""
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "whisper"


def make_private(folder: Path) -> Path:
    """Create `folder`, readable by its owner only, and return it.

    Raises StoreError when it cannot be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as exc:
        hint = "Check where it should lie, or choose another folder with --data-dir."
        raise StoreError(f"The folder {folder} cannot be made ({exc.strerror})", hint=hint) from exc
    if not os.access(folder, os.W_OK | os.X_OK):
        hint = "Make the folder writable, or choose another one with --data-dir."
        raise StoreError(f"The folder {folder} cannot be written to (not writable)", hint=hint)
    return folder
