"""Sums up what the model process tells as one status for the window."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from interviewer.core.errors import InterviewerError
from interviewer.workers.status import ModelsStatus

if TYPE_CHECKING:
    from interviewer.workers.model_process import ModelProcess

BUILT_IN = "built-in recogniser"
SCORER = "scorer"
LOADING_JOB = 0
LOADING_SCORER_JOB = -1


class ModelWatch(QObject):
    """Follows a model process. Lives on the GUI thread."""

    changed = Signal(object)  # ModelsStatus

    def __init__(self, models: ModelProcess, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._status = ModelsStatus()
        models.state_changed.connect(self._on_state)
        models.ready.connect(self._on_ready)
        models.failed.connect(self._on_failed)

    @Slot(str)
    def _on_state(self, state: str) -> None:
        match state:
            case "starting":
                self._become(ModelsStatus())
            case "loading":
                # Another recogniser: the scorer stays.
                self._become(ModelsStatus(scorer_problem=self._status.scorer_problem))
            case "ready":
                self._become(replace(self._status, ready=True))
            case "stopped":
                self._become(replace(self._status, ready=False))

    @Slot(str)
    def _on_ready(self, what: str) -> None:
        if what == SCORER:
            # What is wrong with this one is told after it.
            self._become(replace(self._status, scorer_problem=None))
        else:
            rough = what.startswith("pocketsphinx")
            self._become(replace(self._status, recogniser=BUILT_IN if rough else what, rough=rough))

    @Slot(int, object)
    def _on_failed(self, job_id: int, error: InterviewerError) -> None:
        if job_id == LOADING_JOB:
            self._become(replace(self._status, problem=error))
        elif job_id == LOADING_SCORER_JOB:
            self._become(replace(self._status, scorer_problem=error))

    def _become(self, status: ModelsStatus) -> None:
        if status != self._status:
            self._status = status
            self.changed.emit(status)
