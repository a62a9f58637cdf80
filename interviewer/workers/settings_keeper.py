"""Holds the settings in use and writes every change to disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from interviewer.core import settings as files
from interviewer.core.settings import Settings

if TYPE_CHECKING:
    from interviewer.workers.lanes import Lane


class SettingsKeeper(QObject):
    """The one owner of the settings. Lives on the GUI thread; `current` may be read from any."""

    changed = Signal(object)  # Settings
    told = Signal(object)  # InterviewerError

    def __init__(self, data_dir: Path, settings: Settings, disk: Lane, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._data_dir = data_dir
        self._disk = disk
        self._current = settings

    @property
    def current(self) -> Settings:
        """The settings as last changed: a frozen value, safe to keep."""
        return self._current

    @property
    def data_dir(self) -> Path:
        """The folder that everything of the user's lies in."""
        return self._data_dir

    def change(self, **fields: object) -> None:
        """Put new values in the named fields and keep them; the rest stays.

        A value out of range raises pydantic's ValidationError: the window offers none. The change counts
        at once, and for this run also where the file cannot be written: `told` says so later.
        """
        self._keep(Settings.model_validate({**self._current.model_dump(), **fields}))

    def reset(self) -> None:
        """Put every choice back to its default, and keep that."""
        self._keep(Settings())

    def _keep(self, new: Settings) -> None:
        if new == self._current:
            return
        self._current = new
        # Some hundred bytes, but a network disk that hangs would hang the window. The lane keeps the order.
        self._disk.run(files.save, self._data_dir, new, failed=self.told.emit)
        self.changed.emit(new)
