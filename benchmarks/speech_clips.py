"""Recorded clips that the speech benchmarks hear: a folder with a `manifest.tsv`, or the project's own six.

The manifest is a table with tabs between its columns, `file` and `transcript` among them; a clip
without a transcript holds no speech.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from interviewer.core.ports import FloatArray
from interviewer.engines.sound_file import read_sound

MANIFEST = "manifest.tsv"
OWN = Path(__file__).resolve().parents[1] / "tests" / "fixtures" / "clips"
QUICK = 5
"""Every so manieth clip of each kind is heard with --quick."""
LOUDEST = 32767


@dataclass(frozen=True, slots=True)
class Clip:
    """A sound file and what is said in it."""

    path: Path
    transcript: str
    """"" where nobody speaks."""

    @property
    def name(self) -> str:
        """What tables call it."""
        return self.path.name

    def read(self) -> FloatArray:
        """Return it as the models hear it. Raises AudioError."""
        return read_sound(self.path)


def read_clips(folder: Path, *, quick: bool = False) -> tuple[Clip, ...]:
    """Return the clips of a folder, in its manifest's order.

    Raises OSError where there is no manifest, ValueError for one that names no clip.
    """
    with (folder / MANIFEST).open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    clips = [Clip(folder / row["file"], (row["transcript"] or "").strip()) for row in rows if _is_clip(row)]
    if not clips or len(clips) < len(rows):
        raise ValueError(f"{folder / MANIFEST} is not a table of clips with the columns file and transcript")
    return tuple(_some(clips) if quick else clips)


def own_clips() -> tuple[Clip, ...]:
    """Return the project's own: six sentences spoken by a machine."""
    texts: dict[str, str] = json.loads((OWN / "clips.json").read_text(encoding="utf-8"))
    return tuple(Clip(OWN / name, text) for name, text in texts.items())


def at_level(samples: FloatArray, rms_dbfs: float | None) -> FloatArray:
    """Return a recording brought to a mean level, in the 16-bit steps that recordings are kept in.

    The mean is the whole recording's, pauses included. None, or digital silence, changes nothing.
    """
    rms = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) if len(samples) else 0.0
    if rms_dbfs is None or not rms:
        return samples
    louder = np.clip(samples * (10 ** (rms_dbfs / 20) / rms), -1.0, 1.0)
    return (np.rint(louder * LOUDEST) / (LOUDEST + 1)).astype(np.float32)


def _is_clip(row: dict[str, str]) -> bool:
    return bool(row.get("file")) and "transcript" in row


def _some(clips: Iterable[Clip]) -> list[Clip]:
    """Return a fifth of the clips, and of those without speech as well."""
    kinds: tuple[list[Clip], list[Clip]] = ([], [])
    for clip in clips:
        kinds[not clip.transcript].append(clip)
    return [clip for kind in kinds for clip in kind[::QUICK]]
