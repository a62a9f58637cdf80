"""The settings' stand-in: nothing is written."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from interviewer.core.settings import Settings


class FakeSettings(QObject):
    """Settings in memory."""

    changed = Signal(object)
    told = Signal(object)

    def __init__(self, data_dir: Path, **fields: object) -> None:
        super().__init__()
        self.data_dir = data_dir
        self.current = Settings.model_validate(fields)

    def change(self, **fields: object) -> None:
        self.current = Settings.model_validate({**self.current.model_dump(), **fields})
        self.changed.emit(self.current)
