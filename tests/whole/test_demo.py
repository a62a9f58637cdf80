"""The demo interview, as `make run` holds it on a machine without screen and sound."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import wave
from pathlib import Path

import pytest

from interviewer.reports.document import SessionDocument

SCREENS = ["start", "question", "recording", "writing-down", "feedback", "summary", "history", "review", "settings"]


@pytest.mark.models
def test_the_demo_holds_a_whole_interview(tmp_path: Path) -> None:
    out = tmp_path / "demo"
    alone = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "PULSE_SERVER")}
    command = [sys.executable, "-m", "interviewer", "demo", "--out", str(out), "--questions", "3"]
    done = subprocess.run(command, env=alone, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    document = SessionDocument.model_validate_json((out / "session.json").read_text(encoding="utf-8"))
    strong, partial, astray = (a.score.value for a in document.attempts if a.score)
    assert strong > partial > astray
    assert [json.loads(a.model_dump_json())["transcript"]["rough"] for a in document.attempts] == [True] * 3
    for attempt in document.attempts:
        assert attempt.clip is not None
        with wave.open(str(out / attempt.clip.file), "rb") as file:
            assert file.getnframes() / file.getframerate() == pytest.approx(attempt.clip.seconds, abs=0.01)
    pictures = sorted(p.name for p in out.glob("*.png"))
    assert pictures[0] == "01-start.png"
    assert all(any(p.endswith(f"-{name}.png") for p in pictures) for name in SCREENS)
