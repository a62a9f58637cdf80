"""Fetches, brings, checks and deletes Whisper's weights beside the window, and takes them into use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from interviewer.core.errors import InterviewerError, ModelMissing
from interviewer.core.paths import models_dir
from interviewer.core.settings import Settings
from interviewer.core.transfers import Stage, Transfer
from interviewer.engines import fetch_whisper, keep_whisper, whisper_files
from interviewer.engines.http_stream import host_of
from interviewer.engines.whisper_files import WhisperModel
from interviewer.workers.door import Door
from interviewer.workers.lanes import Lane
from interviewer.workers.settings_keeper import SettingsKeeper

# The window may not name an engine, but shows what one finds.
__all__ = ["Downloads", "Fetches", "Job", "Task", "WhisperModel"]


class Task(Enum):
    """What can be done with a model."""

    DOWNLOAD = "download"
    BRING = "bring"
    VERIFY = "verify"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Job:
    """What is being done with a model, or was done last: under way, done, or failed for a reason."""

    task: Task
    transfer: Transfer | None = None
    """How far it is; None once it is over."""
    problem: InterviewerError | None = None

    @property
    def under_way(self) -> bool:
        """Whether it is not over yet."""
        return self.transfer is not None


class Fetches(Protocol):
    """What downloads; see `fetch_whisper.Fetcher.fetch`."""

    def fetch(
        self, name: str, folder: Path, *, tell: Callable[[Transfer], None], cancelled: Callable[[], bool]
    ) -> Path:
        """Download a known model into `folder`."""
        ...


def _fetcher(proxy: str) -> Fetches:
    return fetch_whisper.Fetcher(proxy=proxy)


class Downloads(QObject):
    """Answers by signal; every method returns at once. Lives on the GUI thread.

    A model is named as the settings name it; a file that is being brought by its path. Downloads go one after the
    other; nothing else waits for them. Of one model only one thing is done at a time: more is passed over.
    """

    changed = Signal(str, object)  # name, Job
    ended = Signal()  # which models there are may have changed
    failed = Signal(object)  # InterviewerError, of what the user did not cancel
    recogniser_wanted = Signal()  # the files of the model that the settings name have changed: load it again

    def __init__(
        self,
        keeper: SettingsKeeper,
        data_dir: Path,
        *,
        fetcher: Callable[[str], Fetches] = _fetcher,
        parent: QObject | None = None,
    ) -> None:
        """`fetcher(proxy)` makes what downloads; the proxy is the settings' at that moment."""
        super().__init__(parent)
        self._keeper = keeper
        self._data_dir = data_dir
        self._fetcher = fetcher
        self._door = Door(self)
        self._downloading = Lane("downloads")
        self._filing = Lane("model files")
        self._jobs: dict[str, Job] = {}
        self._cancels: dict[str, Event] = {}

    @property
    def host(self) -> str:
        """Who is asked for weights."""
        return host_of(fetch_whisper.base_address())

    def address(self, name: str) -> str:
        """Return where a known model can be fetched by other means. Raises InputError for any other."""
        return fetch_whisper.address_of(name)

    def job(self, name: str) -> Job | None:
        """Return what is being done with a model or was done last, None where nothing was."""
        return self._jobs.get(name)

    # --- what can be done ----------------------------------------------------------------------

    def download(self, name: str) -> None:
        """Fetch a known model; once it is here it is used, unless the one in use is here too."""
        fetcher, folder = self._fetcher(self._keeper.current.proxy), models_dir(self._data_dir)
        self._begin(self._downloading, name, Task.DOWNLOAD, partial(fetcher.fetch, name, folder), self._take_up)

    def bring(self, file: Path) -> None:
        """Copy a file into our models folder and use it."""
        self._begin(
            self._filing, str(file), Task.BRING, partial(keep_whisper.bring, file, self._data_dir), self._use_brought
        )

    def verify(self, name: str, path: Path, sha256: str | None) -> None:
        """Read a model's file through."""
        self._begin(self._filing, name, Task.VERIFY, partial(keep_whisper.check, path, sha256))

    def delete(self, name: str) -> None:
        """Delete a model's file from our models folder, and what came of a download of it."""

        def work(**_: object) -> None:
            keep_whisper.delete(name, self._data_dir)

        self._begin(self._filing, name, Task.DELETE, work, self._let_go)

    def cancel(self, name: str) -> None:
        """End what is under way with a model; harmless where nothing is."""
        cancel = self._cancels.get(name)
        if cancel is not None:
            cancel.set()

    def close(self, deadline_s: float) -> bool:
        """End everything within `deadline_s`; what came of downloads is kept, and no signal comes any more.

        Returns whether everything ended.
        """
        until_s = monotonic() + deadline_s
        self._door.close()
        for cancel in self._cancels.values():
            cancel.set()
        lanes = [lane.close(max(0.0, until_s - monotonic())) for lane in (self._downloading, self._filing)]
        return all(lanes)

    # --- how it goes ---------------------------------------------------------------------------

    def _begin(
        self,
        lane: Lane,
        name: str,
        task: Task,
        work: Callable[..., object],
        then: Callable[[str, object], None] | None = None,
    ) -> None:
        known = self._jobs.get(name)
        if known is not None and known.under_way:
            return
        cancel = self._cancels[name] = Event()

        def tell(transfer: Transfer) -> None:
            self._door.call(self._on_told, name, Job(task, transfer))

        self._show(name, Job(task, Transfer(Stage.WAITING)))
        lane.run(
            partial(work, tell=tell, cancelled=cancel.is_set),
            done=partial(self._on_done, name, task, then),
            failed=partial(self._on_failed, name, task, cancel),
        )

    def _on_told(self, name: str, job: Job) -> None:
        known = self._jobs.get(name)
        # What is told comes by another door than the end, and may come after it.
        if known is not None and known.under_way:
            self._show(name, job)

    def _on_done(self, name: str, task: Task, then: Callable[[str, object], None] | None, result: object) -> None:
        self._show(name, Job(task))
        if then is not None:
            then(name, result)
        self.ended.emit()

    def _on_failed(self, name: str, task: Task, cancel: Event, error: InterviewerError) -> None:
        self._show(name, Job(task, problem=error))
        if not cancel.is_set():
            self.failed.emit(error)
        self.ended.emit()

    def _show(self, name: str, job: Job) -> None:
        self._jobs[name] = job
        self.changed.emit(name, job)

    # --- what follows --------------------------------------------------------------------------

    def _take_up(self, name: str, _path: object) -> None:
        chosen = self._keeper.current.whisper_model
        if self._means(chosen, name):
            self.recogniser_wanted.emit()
            return
        try:
            whisper_files.find(chosen, self._data_dir)
        except ModelMissing:
            self._keeper.change(whisper_model=name)

    def _use_brought(self, _file: str, name: object) -> None:
        if self._means(self._keeper.current.whisper_model, str(name)):
            self.recogniser_wanted.emit()
        else:
            self._keeper.change(whisper_model=str(name))

    def _let_go(self, name: str, _: object) -> None:
        if not self._means(self._keeper.current.whisper_model, name):
            return
        if whisper_files.published(name):
            self.recogniser_wanted.emit()
        else:
            # A file of the user's own that is gone would be an error at every start.
            self._keeper.change(whisper_model=Settings().whisper_model)

    @staticmethod
    def _means(chosen: str, name: str) -> bool:
        return whisper_files.ALIASES.get(chosen, chosen) == name
