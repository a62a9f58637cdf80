"""Looks what microphones there are between questions, and offers another when the chosen one fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from interviewer.core import steps
from interviewer.core.microphones import instead
from interviewer.core.state import State
from interviewer.core.steps import Phase
from interviewer.workers.status import DeviceList

if TYPE_CHECKING:
    from interviewer.core.settings import Settings
    from interviewer.workers.conductor import Conductor
    from interviewer.workers.library import Library
    from interviewer.workers.settings_keeper import SettingsKeeper


class MicrophoneWatch(QObject):
    """Follows an interview. Lives on the GUI thread; the looking is done elsewhere."""

    offered = Signal(str)  # the microphone to use instead of the one that failed; "" when there is none, or no need

    def __init__(
        self, conductor: Conductor, library: Library, settings: SettingsKeeper, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._conductor = conductor
        self._library = library
        self._settings = settings
        self._phase = Phase.IDLE
        self._wanted = settings.current.microphone
        self._refused: bool | None = None
        """Whether the microphone refused from the start; None while nothing is wrong with it."""
        self._offered = ""
        conductor.state_changed.connect(self._on_state_changed)
        conductor.microphone_failed.connect(self._on_failed)
        library.devices_loaded.connect(self._on_devices_loaded)
        settings.changed.connect(self._on_settings_changed)

    @Slot(str)
    def use(self, name: str) -> None:
        """Record with this microphone from now on; an answer that could not begin is begun again."""
        self._settings.change(microphone=name)
        state = self._conductor.state
        if state.phase is Phase.FAULT and state.fault_in is Phase.RECORDING:
            self._conductor.post(steps.Retry())

    @Slot(object)
    def _on_state_changed(self, state: State) -> None:
        before, self._phase = self._phase, state.phase
        if state.live or state.phase is Phase.DONE:
            self._forget()
        # Not while a question is being read: its stream is open then, and with an open stream
        # no new device is seen. From here to the answer there is time, for it takes 60 ms.
        if state.phase is Phase.WAITING and before is not Phase.WAITING:
            self._library.look_for_microphones()

    @Slot(bool)
    def _on_failed(self, refused: bool) -> None:
        self._refused = refused
        self._library.look_for_microphones()

    @Slot(object)
    def _on_devices_loaded(self, devices: DeviceList) -> None:
        if self._refused is not None:
            self._offer(instead(self._wanted, devices.microphones, refused=self._refused) or "")

    @Slot(object)
    def _on_settings_changed(self, settings: Settings) -> None:
        if settings.microphone != self._wanted:
            self._wanted = settings.microphone
            self._forget()

    def _forget(self) -> None:
        self._refused = None
        self._offer("")

    def _offer(self, name: str) -> None:
        if name != self._offered:
            self._offered = name
            self.offered.emit(name)
