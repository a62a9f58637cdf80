"""One whole interview that several tests look at: watched, without a network, at its most talkative."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

WATCH = Path(__file__).with_name("network_watch.py")
USER = "zanzibar"

# The real command, with every line of the log written, of whatever level.
PROGRAM = """
import logging, sys
from pathlib import Path
if __name__ == "__main__":
    from interviewer.__main__ import main
    from interviewer.core.logs import log_to
    home = Path(sys.argv[1])
    log_to(home / "interviewer.log")
    logging.getLogger("interviewer").setLevel(logging.DEBUG)
    sys.argv = ["interviewer", "demo", "--questions", "1", "--out", str(home / "demo")]
    try:
        main()
    finally:
        logging.getLogger("interviewer").error("the end", exc_info=ValueError(Path.home()))
"""


@dataclass(frozen=True)
class Held:
    """What is left of the interview."""

    folder: Path
    home: Path
    errors: str
    """What it wrote to standard error."""

    def lines(self, kind: str) -> list[str]:
        """Return what the watch noted of a kind."""
        return lines(self.folder, kind)


def surroundings(folder: Path) -> dict[str, str]:
    """Return the environment of a program that is watched, as on a machine where nobody forbids anything."""
    shutil.copyfile(WATCH, folder / "sitecustomize.py")
    forbidden = ("HF_", "TRANSFORMERS_", "DISPLAY", "WAYLAND_", "PULSE_", "XDG_", "INTERVIEWER_")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(forbidden)}
    home = folder / USER
    home.mkdir(exist_ok=True)
    own = {"HOME": str(home), "LOGNAME": USER, "XDG_CACHE_HOME": str(home / ".cache")}
    return kept | own | {"PYTHONPATH": str(folder), "NETWORK_WATCH": str(folder / "watch.txt")}


def lines(folder: Path, kind: str) -> list[str]:
    """Return what the watch in a folder noted of a kind."""
    told = (folder / "watch.txt").read_text(encoding="utf-8").splitlines()
    return [line.split(" ", 2)[2] for line in told if line.startswith(f"{kind} ")]


def without_network() -> list[str]:
    """Return how to start a program that has no network at all, [] where this machine does not allow it."""
    command = ["unshare", "--net"]
    try:
        allowed = subprocess.run([*command, "true"], capture_output=True, timeout=10).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return []
    return command if allowed else []


@pytest.fixture(scope="session")
def held(tmp_path_factory: pytest.TempPathFactory) -> Held:
    """A whole interview under a umask that lets everybody read; where the machine allows it, without any interface."""
    folder = tmp_path_factory.mktemp("watched")
    program = folder / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    around = surroundings(folder)
    command = [*without_network(), sys.executable, str(program), str(folder / USER)]
    umask = 0o022 if sys.platform != "win32" else -1
    done = subprocess.run(command, env=around, capture_output=True, text=True, timeout=600, check=False, umask=umask)
    assert done.returncode == 0, done.stdout + done.stderr
    return Held(folder, folder / USER, done.stderr)
