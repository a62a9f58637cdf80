"""How to bring Whisper's weights, for a machine that may have no network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from interviewer.core.paths import models_dir, whisper_cache_dir
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.labels import label

if TYPE_CHECKING:
    from interviewer.workers.library import Library
    from interviewer.workers.settings_keeper import SettingsKeeper

_WORDS = (
    "Whisper understands speech far better than the built-in recogniser. Its weights are one file, such as "
    "base.en.pt (about 145 MB). This program downloads nothing by itself: bring the file, or let the whisper package "
    "fetch it where there is a network, and it will be found in either folder below."
)


class GetWhisperDialog(QDialog):
    """Shown with `open()`."""

    recogniser_wanted = Signal()  # the chosen model is there now: load it

    def __init__(self, parent: QWidget, library: Library, settings: SettingsKeeper) -> None:
        super().__init__(parent)
        self._library = library
        self._settings = settings
        self._looked_again = False
        self.setWindowTitle("Get Whisper")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(640)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 20)
        column.setSpacing(12)
        column.addWidget(label("Get Whisper", size="title"))
        column.addWidget(label(_WORDS, wrap=True))
        column.addWidget(label("The whisper package's folder", size="section"))
        column.addLayout(self._folder(whisper_cache_dir(), "The whisper package's folder"))
        column.addWidget(label("Our own models folder", size="section"))
        column.addLayout(self._folder(models_dir(settings.data_dir), "Our own models folder"))
        self.found = label("", tone="muted", wrap=True)
        column.addWidget(self.found)
        column.addSpacing(6)
        column.addLayout(self._buttons())
        library.whisper_models_loaded.connect(self._on_models_loaded)
        library.load_models()
        self.choose.setFocus()

    def _folder(self, folder: Path, name: str) -> QHBoxLayout:
        row = QHBoxLayout()
        line = QLineEdit(str(folder))
        line.setReadOnly(True)
        line.setAccessibleName(name)
        line.setCursorPosition(0)
        button = Button("Open folder")
        button.setAccessibleName(f"Open {name[0].lower()}{name[1:]}")
        button.setProperty("folder", str(folder))
        button.clicked.connect(self._on_open_folder)
        row.addWidget(line, 1)
        row.addWidget(button)
        return row

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        again = Button("Look again")
        choose = Button("Choose a file…", role="primary")
        close = Button("Close")
        row.addWidget(close)
        row.addStretch(1)
        row.addWidget(again)
        row.addWidget(choose)
        close.clicked.connect(self.reject)
        again.clicked.connect(self._on_look_again)
        choose.clicked.connect(self._on_choose)
        self.choose = choose
        return row

    def showEvent(self, event: QShowEvent) -> None:
        """Measure anew: only now the fonts are those of the style sheet."""
        super().showEvent(event)
        self._fit()

    def _say(self, words: str) -> None:
        self.found.setText(words)
        self._fit()

    def _fit(self) -> None:
        # A window does not grow with its text, and wrapped text needs most room where it is narrowest.
        self.setMinimumHeight(self._column.totalHeightForWidth(self.minimumWidth()))

    @Slot()
    def _on_look_again(self) -> None:
        self._say("Looking…")
        self._looked_again = True
        self._library.load_models()

    @Slot(object)
    def _on_models_loaded(self, models: tuple[object, ...]) -> None:
        there = [str(getattr(model, "name", "")) for model in models if getattr(model, "present", False)]
        chosen = self._settings.current.whisper_model
        if not there:
            self._say("No Whisper weights were found yet.")
        elif chosen in there:
            self._say(f"Found: {', '.join(there)}. In use from now on: {chosen}.")
            if self._looked_again:
                self.recogniser_wanted.emit()
        else:
            self._say(f"Found: {', '.join(there)}. Choose one of them in Settings, Recognition.")

    @Slot()
    def _on_open_folder(self) -> None:
        folder = Path(str(self.sender().property("folder")))
        # The file manager shows nothing for a folder that is not there; its parent says where it would be.
        while not folder.is_dir() and folder != folder.parent:
            folder = folder.parent
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    @Slot()
    def _on_choose(self) -> None:
        chooser = QFileDialog(self, "Choose a Whisper checkpoint", "", "Whisper checkpoints (*.pt);;All files (*)")
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(self._on_chosen)
        chooser.open()

    @Slot(str)
    def _on_chosen(self, path: str) -> None:
        self._settings.change(whisper_model=path)
        self.accept()
