"""The composition root: builds everything once, and closes it in order."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QObject, Slot

from interviewer.core import paths, settings
from interviewer.core.bank import load_bank
from interviewer.core.errors import BankError, InterviewerError
from interviewer.core.models import Bank
from interviewer.core.ports import Player, Recorder, Speaker
from interviewer.core.removal import Removed
from interviewer.core.settings import Settings
from interviewer.core.steps import Phase
from interviewer.core.store import Store
from interviewer.engines import heap
from interviewer.gui.main_window import MainWindow
from interviewer.gui.session_filing import SessionFiling
from interviewer.workers.chores import Chores
from interviewer.workers.clock import utc_now
from interviewer.workers.collecting import Collector
from interviewer.workers.conductor import Conductor, Parts
from interviewer.workers.continuing import Continuing
from interviewer.workers.door import Door
from interviewer.workers.downloads import Downloads
from interviewer.workers.editing import Editor
from interviewer.workers.exporting import SessionFiles
from interviewer.workers.keeping import Housekeeper
from interviewer.workers.lanes import Lane
from interviewer.workers.library import Library, Sounds
from interviewer.workers.microphone_watch import MicrophoneWatch
from interviewer.workers.model_process import ModelProcess
from interviewer.workers.planning import Planner
from interviewer.workers.reworking import Reworker
from interviewer.workers.settings_keeper import SettingsKeeper
from interviewer.workers.status import Deleted

log = logging.getLogger(__name__)

CLOSE_DEADLINE_S = 5.0


@dataclass(frozen=True, slots=True)
class Devices:
    """The device ports, real or virtual, and how to let go of them."""

    speaker: Speaker
    recorder: Recorder
    meter: Recorder
    player: Player
    close: Callable[[], None]


MakeDevices = Callable[[SettingsKeeper], Devices]


class OpensLater:
    """A store that is opened by its first use, on the lane that uses it.

    Opening takes longer than the first paint may. When it fails, every call says so and the
    next one tries again: a data folder that was mended is found without a restart.
    """

    def __init__(self, open_store: Callable[[], Store]) -> None:
        self._open = open_store
        self._store: Store | None = None

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return partial(self._call, name)

    def _call(self, name: str, /, *args: object) -> object:
        if self._store is None:
            self._store = self._open()
        return getattr(self._store, name)(*args)

    def close(self) -> None:
        """Let go of the database if it was ever opened."""
        store, self._store = self._store, None
        if store is not None:
            store.close()


@dataclass(frozen=True, slots=True)
class Running:
    """A composed application."""

    window: MainWindow
    conductor: Conductor
    library: Library
    continuing: Continuing
    housekeeper: Housekeeper
    files: SessionFiles
    downloads: Downloads
    keeper: SettingsKeeper
    models: ModelProcess
    store: Store
    disk: Lane
    surveys: Lane
    devices: Devices
    collector: Collector

    def start(self) -> None:
        """Begin what may only begin once the window is on screen."""
        self.collector.begin()
        self.models.start()
        self.library.count_pending()
        self.continuing.look()
        self.housekeeper.start()

    def close(self) -> None:
        """Complete and keep a running recording, then end every process and thread in order."""
        self.conductor.close()
        self.devices.close()
        # Before the store: a backup under way still reads it, and is broken off here.
        self.housekeeper.close(CLOSE_DEADLINE_S)
        self.files.close(CLOSE_DEADLINE_S)
        self.models.close()
        self.downloads.close(CLOSE_DEADLINE_S)
        self.surveys.close(CLOSE_DEADLINE_S)
        self.disk.run(self.store.close)
        self.disk.close(CLOSE_DEADLINE_S)
        self.collector.end()


def compose(data_dir: Path, make_devices: MakeDevices, *, bank: Bank | None = None) -> Running:
    """Build the application over `data_dir`; nothing heavy is loaded before `Running.start`."""
    heap.settle()
    found = settings.load(data_dir, set_aside=True)
    disk, surveys = Lane("disk"), Lane("surveys")
    keeper = SettingsKeeper(data_dir, found.settings, disk)
    opened, problem = (bank, None) if bank else _bank_of(found.settings)
    recovered: set[str] = set()
    store = _store_of(data_dir, recovered, lambda error: _show(conductor, error))
    devices = make_devices(keeper)
    models = _models_of(found.settings, data_dir, opened)
    planner = Planner(opened, disk, store, utc_now)
    reworker = Reworker(models, disk, store, planner.question)
    parts = Parts(devices.speaker, devices.recorder, devices.meter, devices.player, models, disk, store, planner)
    conductor = Conductor(parts)
    sounds = Sounds(devices.recorder, devices.player, devices.speaker, devices.meter)
    editor = Editor(models, disk, store, planner.question, held=lambda: reworker.held)
    library = Library(planner, reworker, store, sounds, editor, disk=disk, devices=surveys, data_dir=data_dir)
    continuing = Continuing(conductor, planner, reworker, store, disk=disk, recovered=lambda: recovered)
    downloads = Downloads(keeper, data_dir)
    chores = Chores(data_dir, store, disk, clock=utc_now, held=partial(_held, conductor), bank=lambda: planner.bank)
    housekeeper = Housekeeper(
        chores, Lane("chores"), keeper, asks=surveys, busy=lambda: library.busy, let_go=_let_go_of_logs
    )
    files = SessionFiles(Lane("session files"), store, disk, data_dir=data_dir, question=planner.question)
    window = MainWindow(
        conductor,
        library,
        continuing=continuing,
        downloads=downloads,
        settings=keeper,
        housekeeper=housekeeper,
        bank=opened,
    )
    parted = (downloads, keeper, models, store, disk, surveys, devices, Collector(parent=window))
    running = Running(window, conductor, library, continuing, housekeeper, files, *parted)
    _Applies(running, found.settings, parent=window)
    _connect(running, found.problem, problem)
    return running


def _store_of(data_dir: Path, recovered: set[str], show: Callable[[InterviewerError], None]) -> Store:
    """Return the store, not yet opened; opening it fills `recovered`, and what it tells is shown on this thread."""
    door = Door()  # the store is opened on the disk lane
    opens = partial(_open_store, data_dir, recovered, partial(door.call, show))
    return cast("Store", OpensLater(opens))


def _models_of(chosen: Settings, data_dir: Path, bank: Bank) -> ModelProcess:
    """Return the model process of these settings, not yet started."""
    models = ModelProcess(chosen.whisper_model, data_dir, sentence_model=chosen.sentence_model, hearing=chosen.hearing)
    models.use_bank(bank)
    return models


def _connect(running: Running, *problems: InterviewerError | None) -> None:
    """Let the parts hear of each other, and the window of what was wrong already."""
    window, conductor, library, housekeeper = running.window, running.conductor, running.library, running.housekeeper
    for asks in (window, running.downloads):
        asks.recogniser_wanted.connect(partial(_load_again, running.models, running.keeper))
    library.devices_loaded.connect(conductor.listen_again)
    microphones = MicrophoneWatch(conductor, library, running.keeper, parent=window)
    microphones.offered.connect(window.board.offer)
    window.board.instead_wanted.connect(microphones.use)
    library.bank_changed.connect(running.models.use_bank)
    for changed in (library.bank_changed, library.gone):
        changed.connect(running.continuing.look)
    for tells in (running.keeper, library, running.continuing, housekeeper, running.files):
        tells.told.connect(conductor.told)
    filing = SessionFiling(window, window.board, library, running.files)
    window.shelf.session_export_wanted.connect(filing.export)
    window.shelf.session_file_wanted.connect(filing.open_file)
    conductor.state_changed.connect(filing.follow)
    conductor.state_changed.connect(housekeeper.follow)
    for problem in filter(None, problems):
        conductor.told.emit(problem)


def _open_store(data_dir: Path, recovered: set[str], told: Callable[[InterviewerError], None]) -> Store:
    from interviewer.store.opening import open_store

    return open_store(data_dir, told=told, found=lambda attempts: recovered.update(a.id for a in attempts))


def _show(conductor: Conductor, error: InterviewerError) -> None:
    conductor.told.emit(error)


def _held(conductor: Conductor) -> str:
    """Return the session being held, "" when none is; from any thread."""
    state = conductor.state
    return state.begin.session_id if state.begin and state.phase not in (Phase.IDLE, Phase.DONE) else ""


def _let_go_of_logs() -> None:
    """Close the log's file; the next line that is logged opens a new one."""
    for handler in logging.getLogger("interviewer").handlers:
        if isinstance(handler, logging.FileHandler):
            handler.close()


def _bank_of(chosen: Settings) -> tuple[Bank, InterviewerError | None]:
    """Return the bank to use: the chosen one, or the shipped one and why."""
    if chosen.bank:
        try:
            return load_bank(Path(chosen.bank)), None
        except BankError as error:
            return load_bank(paths.shipped_bank()), error
    return load_bank(paths.shipped_bank()), None


def _load_again(models: ModelProcess, keeper: SettingsKeeper) -> None:
    """Weights were brought for the model that the settings name already."""
    models.use_model(keeper.current.whisper_model)


class _Applies(QObject):
    """Lets changed settings take effect on what is running."""

    def __init__(self, running: Running, applied: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._running = running
        self._applied = applied
        running.keeper.changed.connect(self._on_changed)
        running.housekeeper.deleted.connect(self._on_deleted)
        running.housekeeper.retired.connect(self._on_retired)

    @Slot(object)
    def _on_changed(self, new: Settings) -> None:
        old, self._applied = self._applied, new
        if new.whisper_model != old.whisper_model:
            self._running.models.use_model(new.whisper_model)
        if new.hearing != old.hearing:
            self._running.models.use_hearing(new.hearing)
        if new.sentence_model != old.sentence_model:
            self._running.models.use_sentence_model(new.sentence_model)
        if old.bank and new == Settings():
            # Every choice was put back to its default, so is this; else the window opens banks itself.
            self._running.library.open_bank(paths.shipped_bank())
        # Devices, voice and rate are asked for at each use.

    @Slot(object)
    def _on_deleted(self, deleted: Deleted) -> None:
        self._on_retired(deleted.removed)

    @Slot(object)
    def _on_retired(self, removed: Removed) -> None:
        self._running.library.forget(removed.attempts)


def real_devices(keeper: SettingsKeeper) -> Devices:
    """Return the ports on this machine's sound system."""
    from interviewer.engines.audio_thread import AudioThread
    from interviewer.engines.meter import KeepsNothing
    from interviewer.engines.play_sounddevice import SoundDevicePlayer
    from interviewer.engines.record_sounddevice import SoundDeviceRecorder
    from interviewer.engines.speak_pyttsx3 import Pyttsx3Speaker
    from interviewer.store.recordings import WavWriter

    audio = AudioThread()
    recorder = SoundDeviceRecorder(audio, lambda: keeper.current.microphone, WavWriter)
    meter = SoundDeviceRecorder(audio, lambda: keeper.current.microphone, KeepsNothing)
    player = SoundDevicePlayer(audio, lambda: keeper.current.loudspeaker)
    choice = lambda: (keeper.current.voice, keeper.current.rate_wpm)  # noqa: E731
    # Its own player: a question must not end a clip behind the back of who plays it.
    voice = SoundDevicePlayer(audio, lambda: keeper.current.loudspeaker)
    speaker = Pyttsx3Speaker(voice, paths.cache_dir() / "speech", choice)

    def close() -> None:
        for port in (speaker, voice, recorder, meter, player):
            port.close()
        audio.close()

    return Devices(speaker, recorder, meter, player, close)
