"""Render the demo's answers with flite: `python render.py` after a change of `answers.json`.

The text of an answer says when to breathe: a sentence's end is a pause of 0.75 s, an
ellipsis one of 1.2 s. Each sentence is rendered alone, its own silence is cut off, and
the pauses are put between. What flite cannot read as written is in `SPOKEN`.
Needs the program `flite` (Debian: `apt install flite`), numpy and soundfile.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

HERE = Path(__file__).resolve().parent
RATE_HZ = 16_000
LEAD_S, TAIL_S = 0.4, 0.6
SENTENCE_PAUSE_S, LONG_PAUSE_S = 0.75, 1.2
PEAK = 0.5
SILENCE_PEAK = 0.01
"""What of a rendered sentence counts as silence at its ends, as a part of its own peak."""
ROOM_LEVEL = 1
"""Noise of one step of 16 bits in the pauses: no real microphone delivers exact zeros."""

STRETCH = {"rms": "0.92", "slt": "1.1"}
"""Tempo of each voice: above 1 is slower."""

SPOKEN = {
    "FastAPI": "Fast A P I",
    "APIs": "A P I's",
    "API": "A P I",
    "async": "ay sink",
    "Django": "Jango",
}
"""Words that flite reads wrongly, and a spelling that it reads as people say them."""

Samples = NDArray[np.float64]


def phrases(text: str) -> list[tuple[str, float]]:
    """Cut a text into what is said in one breath and the seconds of silence after it."""
    parts = re.split(r"(?<=[.?!…])\s+", text.strip())
    return [(part.rstrip("…"), LONG_PAUSE_S if part.endswith("…") else SENTENCE_PAUSE_S) for part in parts]


def respelled(phrase: str) -> str:
    """Return the phrase with the words of `SPOKEN` written as they sound."""
    for written, sounded in SPOKEN.items():
        phrase = re.sub(rf"\b{re.escape(written)}\b", sounded, phrase)
    return phrase


def voiced(phrase: str, voice: str) -> Samples:
    """Return one phrase as flite says it, at 16 kHz, without the silence at its ends."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "phrase.wav"
        command = ["flite", "-voice", voice, "--setf", f"duration_stretch={STRETCH[voice]}"]
        subprocess.run([*command, "-t", respelled(phrase), "-o", str(path)], check=True)  # noqa: S603
        samples, rate_hz = soundfile.read(path, dtype="float64")
    if rate_hz != RATE_HZ:
        raise SystemExit(f"flite's voice {voice} speaks at {rate_hz} Hz; choose one of {', '.join(STRETCH)}")
    loud = np.flatnonzero(np.abs(samples) > SILENCE_PEAK * np.abs(samples).max())
    return np.asarray(samples[loud[0] : loud[-1] + 1])


def rendered(text: str, voice: str) -> NDArray[np.int16]:
    """Return a whole answer as 16 kHz PCM16; the same text gives the same samples."""
    parts = [np.zeros(int(LEAD_S * RATE_HZ))]
    for phrase, pause_s in phrases(text):
        parts += [voiced(phrase, voice), np.zeros(int(pause_s * RATE_HZ))]
    parts[-1] = np.zeros(int(TAIL_S * RATE_HZ))
    whole = np.concatenate(parts)
    pcm = np.rint(whole * (PEAK * 32767 / np.abs(whole).max()))
    room = np.random.default_rng(len(text)).integers(-ROOM_LEVEL, ROOM_LEVEL + 1, pcm.shape)
    answer: NDArray[np.int16] = (pcm + room).astype(np.int16)
    return answer


def main() -> int:
    """Render every answer of `answers.json` beside it and correct the seconds in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=Path, default=HERE / "answers.json")
    path = parser.parse_args().answers
    answers = json.loads(path.read_text(encoding="utf-8"))
    for answer in answers:
        samples = rendered(answer["text"], answer["voice"])
        soundfile.write(path.parent / answer["file"], samples, RATE_HZ, format="FLAC", subtype="PCM_16")
        answer["seconds"] = round(len(samples) / RATE_HZ, 2)
        sys.stdout.write(f"{answer['file']}: {answer['seconds']} s\n")
    path.write_text(json.dumps(answers, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
