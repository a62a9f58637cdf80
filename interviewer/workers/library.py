"""What is kept and what is installed, for the pages that show it. Never blocks the window."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from interviewer.core.bank import load_bank
from interviewer.core.delivery import with_delivery
from interviewer.core.errors import InputError, InterviewerError
from interviewer.core.models import Attempt, Bank, Question
from interviewer.core.ports import Device, Player, Recorder, Speaker
from interviewer.core.search import Recorded, Share
from interviewer.core.store import Store
from interviewer.engines import whisper_files
from interviewer.workers.editing import Editor
from interviewer.workers.finding import Finder
from interviewer.workers.planning import Planner
from interviewer.workers.reworking import Reworker, Work
from interviewer.workers.status import Backlog, DeviceList
from interviewer.workers.trends import TrendReader

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


class Library(Finder):
    """Answers by signal; every method returns at once. Lives on the GUI thread."""

    sessions_loaded = Signal(object)  # tuple[Session, ...], newest first, without words
    attempt_loaded = Signal(object)  # Attempt, whole
    trends_loaded = Signal(object)  # core.trends.Trends
    rewriting = Signal(int, int, object)  # finished, total: equal when all is done; seconds left or None
    changed = Signal()
    gone = Signal(object)  # frozenset[str]: answers that are no longer kept
    unfinished_found = Signal(object)  # Backlog: what lacks its text or its score
    others_found = Signal(object)  # Backlog: what another recogniser than the one in use wrote down
    devices_loaded = Signal(object)  # DeviceList
    whisper_models_loaded = Signal(object)  # tuple[WhisperModel, ...]
    bank_changed = Signal(object)  # Bank

    def __init__(
        self,
        planner: Planner,
        reworker: Reworker,
        store: Store,
        sounds: Sounds,
        editor: Editor,
        *,
        disk: Lane,
        devices: Lane,
        data_dir: Path,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(store, disk, parent)
        self.editor = editor
        """Puts the text of one answer right."""
        self._planner = planner
        self._reworker = reworker
        self._sounds = sounds
        self._devices = devices
        self._data_dir = data_dir
        self._found: DeviceList | None = None
        self._trends = TrendReader(store, disk, lambda: planner.bank, parent=self)
        self._trends.loaded.connect(self.trends_loaded)
        self._trends.told.connect(self.told)
        reworker.advanced.connect(self.rewriting)
        reworker.told.connect(self.told)
        reworker.reworked.connect(self._on_reworked)
        reworker.reworked.connect(editor.refresh)
        reworker.recogniser_changed.connect(self.count_pending)
        editor.told.connect(self.told)
        editor.kept.connect(self._on_edited)
        self.gone.connect(editor.forget)

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
        self.count_pending()

    # --- sessions and attempts ------------------------------------------------------------

    def load_sessions(self) -> None:
        """Ask for every session; `sessions_loaded` follows."""
        self._ask(self._store.sessions, self.sessions_loaded.emit)

    def load_trends(self) -> None:
        """Ask for the figures of every attempt; `trends_loaded` follows."""
        self._trends.load()

    def load_attempt(self, attempt_id: str) -> None:
        """Ask for one attempt; `attempt_loaded` follows, or `gone` when there is none."""
        failed = partial(self._on_not_loaded, attempt_id)
        self._disk.run(self._whole, attempt_id, done=self.attempt_loaded.emit, failed=failed)

    def _whole(self, attempt_id: str) -> Attempt:
        return with_delivery(self._store.attempt(attempt_id))

    def _on_not_loaded(self, attempt_id: str, error: InterviewerError) -> None:
        if isinstance(error, InputError):
            self.gone.emit(frozenset((attempt_id,)))
        else:
            self.told.emit(error)

    def forget(self, attempt_ids: Iterable[str]) -> None:
        """Take notice that these attempts were deleted; `gone` and `changed` follow."""
        ids = frozenset(attempt_ids)
        self._reworker.forget(ids)
        self.gone.emit(ids)
        self.changed.emit()
        self.count_pending()

    def arrived(self) -> None:
        """Take notice that a session came; `changed` follows, and what of it waits to be written down."""
        self.changed.emit()
        self.count_pending()

    @property
    def busy(self) -> bool:
        """Whether answers are being written down again: their recordings may not move."""
        return self._reworker.busy

    @Slot()
    def count_pending(self) -> None:
        """Ask how much waits to be written down; `unfinished_found` and `others_found` follow."""
        self._ask(self._store.unfinished_attempts, self._on_unfinished)
        self._ask(self._count_by_others, self._on_others)

    def rewrite_others(self) -> None:
        """Write down again what another recogniser than the one in use wrote down; `rewriting` follows.

        Texts by hand stay, and so do those of questions that are not in the open bank: they
        could not be judged again.
        """
        self._ask(self._written_by_others, self._rework_others)

    def rewrite_unfinished(self) -> None:
        """Write down and score every answer that was not finished, oldest first; `rewriting` follows."""
        self._ask(self._store.unfinished_attempts, self._rework)

    def rescore(self, attempt_ids: Iterable[str]) -> None:
        """Have kept texts judged again, as they are; `rewriting` follows, and old scores stay."""
        self._reworker.add(tuple(Work(attempt_id, rescore=True) for attempt_id in attempt_ids))

    def cancel_rewrite(self) -> None:
        """Stop writing again; what is done is kept."""
        self._reworker.cancel()

    def _rework(self, attempts: tuple[Attempt, ...]) -> None:
        self._reworker.add(tuple(Work(a.id, sound_s=_unwritten_s(a)) for a in attempts))

    def _rework_others(self, recorded: tuple[Recorded, ...]) -> None:
        known = {question.id for question in self._planner.bank.questions}
        self._reworker.add(tuple(Work(r.id, again=True, sound_s=r.seconds) for r in recorded if r.question_id in known))

    def _count_by_others(self) -> Mapping[str, Share]:
        """Ask the store; on its lane, so that what is answered is of one moment."""
        engine, model = self._reworker.recogniser
        return self._store.count_by_others(engine, model) if _writes_well(engine) else {}

    def _written_by_others(self) -> tuple[Recorded, ...]:
        engine, model = self._reworker.recogniser
        return self._store.written_by_others(engine, model) if _writes_well(engine) else ()

    @Slot(str)
    def _on_reworked(self, attempt_id: str) -> None:
        self.load_attempt(attempt_id)
        self.changed.emit()
        self.count_pending()

    @Slot(str)
    def _on_edited(self, _attempt_id: str) -> None:
        self.changed.emit()
        self.count_pending()

    def _on_unfinished(self, attempts: tuple[Attempt, ...]) -> None:
        self.unfinished_found.emit(Backlog(len(attempts), sum(map(_unwritten_s, attempts))))

    def _on_others(self, others: Mapping[str, Share]) -> None:
        """Tell how much there is of questions of the open bank: only those could be judged again."""
        known = [others[q.id] for q in self._planner.bank.questions if q.id in others]
        answers, rough = (sum(share.answers for share in known), sum(share.rough for share in known))
        self.others_found.emit(Backlog(answers, sum(share.seconds for share in known), rough))

    def _ask(self, question: Callable[[], T], answer: Callable[[T], None]) -> None:
        self._disk.run(question, done=answer, failed=self.told.emit)

    # --- devices and models ---------------------------------------------------------------

    def load_devices(self) -> None:
        """Ask what microphones, loudspeakers and voices there are; `devices_loaded` follows."""
        self._devices.run(self._sounds.survey, done=self._on_devices, failed=self.told.emit)

    def look_for_microphones(self) -> None:
        """Ask what microphones there are now, disturbing nothing; `devices_loaded` follows with the rest as it was."""
        if self._found is None:
            self.load_devices()
        else:
            self._devices.run(self._sounds.recorder.devices, done=self._on_microphones, failed=self.told.emit)

    def _on_devices(self, found: DeviceList) -> None:
        self._found = found
        self.devices_loaded.emit(found)

    def _on_microphones(self, found: tuple[Device, ...]) -> None:
        self._on_devices(replace(self._found or DeviceList(), microphones=found))

    def load_models(self) -> None:
        """Ask which Whisper models are on this machine; `whisper_models_loaded` follows."""
        self._ask(partial(whisper_files.survey, self._data_dir), self.whisper_models_loaded.emit)


def _writes_well(engine: str) -> bool:
    # The built-in recogniser writes worse than any other: it takes nobody's place.
    return engine not in ("", "pocketsphinx")


def _unwritten_s(attempt: Attempt) -> float:
    """Return how much sound of an unfinished answer is to be written down."""
    return attempt.clip.seconds if attempt.clip and not attempt.transcript else 0.0
