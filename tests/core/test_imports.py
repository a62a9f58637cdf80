from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys

import interviewer.core

PROGRAM = """
import importlib, sys

FORBIDDEN = ("PySide6", "sounddevice", "torch", "sqlalchemy")

class Refuser:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in FORBIDDEN:
            raise ImportError(f"{name} must not be needed here")

sys.meta_path.insert(0, Refuser())
for name in FORBIDDEN:
    try:
        importlib.import_module(name)
    except ImportError:
        continue
    sys.exit(f"{name} could still be imported: this test would prove nothing")
for name in sys.argv[1:]:
    importlib.import_module(name)
    print(name)
"""


def test_the_core_imports_where_qt_sound_torch_and_sql_cannot() -> None:
    names = [f"interviewer.core.{m.name}" for m in pkgutil.iter_modules(interviewer.core.__path__)]
    assert "interviewer.core.flow" in names
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *names], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stderr == ""
    assert done.stdout.split() == names


def test_no_part_of_the_core_is_out_of_sight() -> None:
    # Whatever no other test imports counts as covered only if it was looked at here.
    for part in pkgutil.iter_modules(interviewer.core.__path__):
        assert importlib.import_module(f"interviewer.core.{part.name}").__doc__
