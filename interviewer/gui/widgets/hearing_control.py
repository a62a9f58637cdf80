"""How Whisper writes answers down: engine, fillers, processor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from interviewer.core.settings import Engine, Processor, Settings
from interviewer.gui.widgets.fields import Choice, setting
from interviewer.gui.widgets.labels import label

if TYPE_CHECKING:
    from interviewer.workers.settings_keeper import SettingsKeeper

_FASTER_WORDS = (
    "The same model in faster-whisper, its weights rounded to eight bits: less waiting and less memory, now and "
    'then another word. It comes with pip install "interviewer[fast]" and prepares each model once.'
)
_ENGINES = (
    ("Whisper", Engine.WHISPER, "The model as it was published."),
    ("Faster", Engine.FAST, _FASTER_WORDS),
)
_PROCESSORS = (
    ("Where there is one", Processor.AUTO, ""),
    ("Never", Processor.CPU, ""),
)
_FILLER_WORDS = "Whisper leaves most of them out. Led to keep them it may also write one that was not said."


class HearingControl(QWidget):
    """Keeps every change at once."""

    def __init__(self, settings: SettingsKeeper) -> None:
        super().__init__()
        self._settings = settings
        now = settings.current
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        self.engine = Choice("Engine", _ENGINES, now.engine)
        self.fillers = QCheckBox("Keep “um” and “er”")
        self.processor = Choice("Use a graphics card", _PROCESSORS, now.processor)
        column.addWidget(setting("Engine", self.engine))
        column.addWidget(setting("Fillers", self.fillers))
        column.addWidget(setting("", label(_FILLER_WORDS, size="caption", tone="muted", wrap=True)))
        column.addWidget(setting("Graphics card", self.processor))
        self.engine.chosen.connect(self._on_engine)
        self.fillers.toggled.connect(self._on_fillers)
        self.processor.chosen.connect(self._on_processor)

    def show_settings(self, settings: Settings) -> None:
        """Show what is chosen; reports nothing."""
        self.engine.show_value(settings.engine)
        self.fillers.setChecked(settings.keep_fillers)
        self.processor.show_value(settings.processor)

    @Slot(object)
    def _on_engine(self, engine: Engine) -> None:
        self._settings.change(engine=engine)

    @Slot(bool)
    def _on_fillers(self, keep: bool) -> None:
        if keep != self._settings.current.keep_fillers:  # shown is not chosen
            self._settings.change(keep_fillers=keep)

    @Slot(object)
    def _on_processor(self, processor: Processor) -> None:
        self._settings.change(processor=processor)
