"""What is kept and what is installed, for the pages that show it. Never blocks the window."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from interviewer.core.bank import load_bank
from interviewer.core.models import Attempt, Bank, Question
from interviewer.core.ports import Player, Recorder, Speaker, Store
from interviewer.engines import whisper_files
from interviewer.workers.planning import Planner
from interviewer.workers.reworking import Reworker, Work
from interviewer.workers.status import DeviceList

if TYPE_CHECKING:
    from interviewer.workers.lanes import Lane

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sounds:
    """The ports that know what is plugged in."""

    recorder: Recorder
    player: Player
    speaker: Speaker
    meter: Recorder

    def survey(self) -> DeviceList:
        """Return every device and voice. May block for some seconds.

        The meter lets go of its device first: new ones are seen only while none is in use.
        """
        self.meter.close()
        return DeviceList(self.recorder.devices(), self.player.devices(), self.speaker.voices())


class Library(QObject):
    """Answers by signal; every method returns at once. Lives on the GUI thread."""

    sessions_loaded = Signal(object)  # tuple[Session, ...], newest first, without words
    attempt_loaded = Signal(object)  # Attempt, whole
    rewriting = Signal(int, int)  # finished, total; equal when nothing is left to do
    changed = Signal()
    rough_count = Signal(int)
    unfinished_count = Signal(int)
    devices_loaded = Signal(object)  # DeviceList
    whisper_models_loaded = Signal(object)  # tuple[WhisperModel, ...]
    bank_changed = Signal(object)  # Bank
    told = Signal(object)  # InterviewerError

    def __init__(
        self,
        planner: Planner,
        reworker: Reworker,
        store: Store,
        sounds: Sounds,
        *,
        disk: Lane,
        devices: Lane,
        data_dir: Path,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._planner = planner
        self._reworker = reworker
        self._store = store
        self._sounds = sounds
        self._disk = disk
        self._devices = devices
        self._data_dir = data_dir
        reworker.advanced.connect(self.rewriting)
        reworker.told.connect(self.told)
        reworker.reworked.connect(self._on_reworked)

    # --- the bank ----------------------------------------------------------------------

    @property
    def bank(self) -> Bank:
        """The open bank."""
        return self._planner.bank

    def question(self, question_id: str) -> Question | None:
        """Return the entry of the open bank, or None when it has no such entry."""
        return self._planner.question(question_id)

    def open_bank(self, path: Path) -> None:
        """Read a bank and take questions from it; `bank_changed` or `told` follows."""
        self._disk.run(partial(load_bank, path), done=self._on_bank, failed=self.told.emit)

    def _on_bank(self, bank: Bank) -> None:
        self._planner.use(bank)
        self.bank_changed.emit(bank)

    # --- sessions and attempts ------------------------------------------------------------

    def load_sessions(self) -> None:
        """Ask for every session; `sessions_loaded` follows."""
        self._ask(self._store.sessions, self.sessions_loaded.emit)

    def load_attempt(self, attempt_id: str) -> None:
        """Ask for one attempt; `attempt_loaded` follows."""
        self._ask(partial(self._store.attempt, attempt_id), self.attempt_loaded.emit)

    def correct(self, attempt_id: str, text: str) -> None:
        """Keep a corrected text beside the old one and score it; `attempt_loaded` follows."""
        if text.strip():
            self._reworker.add((Work(attempt_id, text),))

    def count_pending(self) -> None:
        """Ask how much waits to be written down; `rough_count` and `unfinished_count` follow."""
        self._ask(self._store.rough_attempts, self._on_rough)
        self._ask(self._store.unfinished_attempts, self._on_unfinished)

    def rewrite_rough(self) -> None:
        """Write every rough transcript again with the recogniser in use; `rewriting` follows."""
        self._ask(self._store.rough_attempts, partial(self._rework, again=True))

    def rewrite_unfinished(self) -> None:
        """Write down and score every answer that was not finished; `rewriting` follows."""
        self._ask(self._store.unfinished_attempts, self._rework)

    def rescore(self, attempt_ids: Iterable[str]) -> None:
        """Have kept texts judged again, as they are; `rewriting` follows, and old scores stay."""
        self._reworker.add(tuple(Work(attempt_id, rescore=True) for attempt_id in attempt_ids))

    def cancel_rewrite(self) -> None:
        """Stop writing again; what is done is kept."""
        self._reworker.cancel()

    def _rework(self, attempts: tuple[Attempt, ...], *, again: bool = False) -> None:
        self._reworker.add(tuple(Work(a.id, again=again) for a in attempts))

    def _on_reworked(self, attempt_id: str) -> None:
        self.load_attempt(attempt_id)
        self.changed.emit()
        self.count_pending()

    def _on_rough(self, attempts: tuple[Attempt, ...]) -> None:
        self.rough_count.emit(len(attempts))

    def _on_unfinished(self, attempts: tuple[Attempt, ...]) -> None:
        self.unfinished_count.emit(len(attempts))

    def _ask(self, question: Callable[[], T], answer: Callable[[T], None]) -> None:
        self._disk.run(question, done=answer, failed=self.told.emit)

    # --- devices and models ---------------------------------------------------------------

    def load_devices(self) -> None:
        """Ask what microphones, loudspeakers and voices there are; `devices_loaded` follows."""
        self._devices.run(self._sounds.survey, done=self.devices_loaded.emit, failed=self.told.emit)

    def load_models(self) -> None:
        """Ask which Whisper models are on this machine; `whisper_models_loaded` follows."""
        self._ask(partial(whisper_files.survey, self._data_dir), self.whisper_models_loaded.emit)
