"""Runs commands as a user does, but in this process; no traceback is ever shown."""

from __future__ import annotations

import hashlib
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from interviewer.__main__ import main
from interviewer.core import paths
from interviewer.engines import catalog, embed_sentence
from tests.commands.running import Ran, Run, Scorer
from tests.core.judging import calibration


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def _run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["interviewer", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        code = ended.value.code
        assert "Traceback" not in shown.out + shown.err
        return Ran(code if isinstance(code, int) else int(bool(code)), shown.out, shown.err)

    yield _run
    root.handlers[:], root.level = handlers, level


@pytest.fixture
def scorer(monkeypatch: pytest.MonkeyPatch) -> Scorer:
    """Have answers judged without a model."""
    scorer = Scorer()
    monkeypatch.setattr(catalog, "scorer", scorer.made)
    return scorer


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a judge and a calibration as they come along, in place of the ones that do."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    weights = b"differences from the published weights"
    (folder / "judge.safetensors").write_bytes(weights)
    (folder / "judge.json").write_text(json.dumps({"sha256": hashlib.sha256(weights).hexdigest()}), encoding="utf-8")
    fits = calibration(model=embed_sentence.SHA256[:12])
    (folder / "calibration.json").write_text(fits.model_dump_json(), encoding="utf-8")
    real = paths.asset
    ours = ("judge.safetensors", "judge.json", "calibration.json")
    monkeypatch.setattr(paths, "asset", lambda *parts: folder / parts[0] if parts[0] in ours else real(*parts))
    monkeypatch.setattr("interviewer.engines.judge_files.WEIGHTS", folder / "judge.safetensors")
    monkeypatch.setattr("interviewer.engines.judge_files.ABOUT", folder / "judge.json")
    return folder
