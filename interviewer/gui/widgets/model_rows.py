"""The Whisper models as rows of a list, and what is said of each in a few words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from interviewer.core.transfers import Stage, size_words
from interviewer.gui.widgets.session_models import RowsModel

if TYPE_CHECKING:
    from interviewer.workers.downloads import Job, WhisperModel


class ModelRows(RowsModel):
    """A row for each WhisperModel."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._states: dict[str, str] = {}

    def first_line(self, row: WhisperModel) -> str:
        """Return its name."""
        return title_of(row)

    def second_line(self, row: WhisperModel) -> str:
        """Return its size, its languages and how it stands with it."""
        parts = (size_words(row.size_mb * 1e6), row.languages, self._states.get(row.name, ""))
        return " · ".join(part for part in parts if part)

    def show_state(self, name: str, words: str) -> None:
        """Show how it stands with one model; the others stay as they are."""
        if self._states.get(name) == words:
            return
        self._states[name] = words
        row = self.row_of(name)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row))

    def row_of(self, name: str) -> int | None:
        """Return where a model is, None where it is not listed."""
        return next((i for i, model in enumerate(self._rows) if model.name == name), None)

    def model_at(self, row: int) -> WhisperModel | None:
        """Return the model in a row, None where there is no such row."""
        return self._rows[row] if 0 <= row < len(self._rows) else None


def title_of(model: WhisperModel) -> str:
    """Return what to call a model: the published name, or the name of the user's own file."""
    return model.name if model.sha256 else Path(model.name).stem


def state_words(model: WhisperModel, job: Job | None, *, in_use: bool) -> str:
    """Return how it stands with a model, in a few words."""
    if job is not None and job.transfer is not None:
        if job.transfer.stage is Stage.WAITING and job.task.value == "download":
            return "waiting"
        doing, fraction = _DOING[job.task.value], job.transfer.fraction
        return f"{doing}…" if fraction is None else f"{doing}, {int(100 * fraction)} %"
    if model.present:
        return "in use" if in_use else "here"
    if in_use:
        return "chosen, not here"
    return f"{size_words(model.part_bytes)} have come" if model.part_bytes else "not here"


_DOING = {"download": "downloading", "bring": "copying", "verify": "checking", "delete": "deleting"}
