"""The Whisper models: which there are, which are here, and everything that can be done with them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSize, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from interviewer.core.paths import models_dir
from interviewer.core.settings import Settings
from interviewer.gui.keys import ENTER
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.cards import card
from interviewer.gui.widgets.labels import label
from interviewer.gui.widgets.model_details import ModelDetails
from interviewer.gui.widgets.model_rows import ModelRows, state_words
from interviewer.gui.widgets.rows import RowList
from interviewer.gui.widgets.transfer_strip import TransferStrip

if TYPE_CHECKING:
    from interviewer.workers.downloads import Downloads, Job, WhisperModel
    from interviewer.workers.library import Library
    from interviewer.workers.settings_keeper import SettingsKeeper

_ALIASES = {"large": "large-v3", "turbo": "large-v3-turbo"}
_LIST_PX = 320
_LEAST_PX = QSize(860, 560)


class WhisperModelsDialog(QDialog):
    """Shown with `open()`. What it began goes on when it is closed."""

    recogniser_wanted = Signal()  # the chosen model may have come: load it

    def __init__(
        self, parent: QWidget, library: Library, downloads: Downloads, settings: SettingsKeeper, theme: Theme
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._downloads = downloads
        self._settings = settings
        self._brought = ""
        self._looked_again = False
        self.setWindowTitle("Whisper models")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._build(theme)
        self._connect()
        library.load_models()
        self.list.setFocus()

    # --- building --------------------------------------------------------------------------

    def _build(self, theme: Theme) -> None:
        self.setMinimumSize(_LEAST_PX)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 20)
        column.setSpacing(12)
        column.addWidget(label("Whisper models", size="title"))
        words = (
            "Whisper understands speech far better than the built-in recogniser. Each model is one file, downloaded "
            f"from {self._downloads.host} or brought from elsewhere; nothing of yours is sent."
        )
        column.addWidget(label(words, wrap=True))
        middle = QHBoxLayout()
        middle.setSpacing(16)
        self.rows = ModelRows(self)
        self.list = RowList(theme, "Whisper models", self.rows, scores=False)
        self.list.setTabKeyNavigation(False)
        frame, inside = card(margin_px=6)
        frame.setFixedWidth(_LIST_PX)
        inside.addWidget(self.list)
        self.details = ModelDetails(theme)
        middle.addWidget(frame)
        middle.addWidget(self.details, 1)
        column.addLayout(middle, 1)
        self.strip = TransferStrip(theme)
        column.addWidget(self.strip)
        column.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        self.close_button = Button("Close")
        self.again = Button("Look again")
        self.folder = Button("Open folder")
        self.folder.setAccessibleName("Open the models folder")
        self.choose = Button("Choose a file…")
        self.choose.setAccessibleDescription("Copies a Whisper checkpoint into the models folder and uses it")
        row.addWidget(self.close_button)
        row.addStretch(1)
        row.addWidget(self.again)
        row.addWidget(self.folder)
        row.addWidget(self.choose)
        return row

    def _connect(self) -> None:
        self._library.whisper_models_loaded.connect(self._on_models_loaded)
        self._downloads.changed.connect(self._on_job)
        self._settings.changed.connect(self._on_settings_changed)
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self.list.activated.connect(self._on_activated)
        self.details.download_wanted.connect(self._downloads.download)
        self.details.cancel_wanted.connect(self._downloads.cancel)
        self.details.use_wanted.connect(self._on_use)
        self.details.verify_wanted.connect(self._on_verify)
        self.details.delete_wanted.connect(self._downloads.delete)
        self.details.address_wanted.connect(self._on_address)
        self.strip.cancelled.connect(self._on_cancel_bringing)
        self.close_button.clicked.connect(self.reject)
        self.again.clicked.connect(self._on_look_again)
        self.folder.clicked.connect(self._on_open_folder)
        self.choose.clicked.connect(self._on_choose)

    def showEvent(self, event: QShowEvent) -> None:
        """Measure anew: only now the fonts are those of the style sheet."""
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        # A window does not grow with its text, and wrapped text needs most room where it is narrowest.
        needed = self._column.totalHeightForWidth(self.minimumWidth())
        self.setMinimumHeight(max(_LEAST_PX.height(), needed))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Enter to the list while it has the focus: a dialog would press its first button as well."""
        if event.key() in ENTER and self.list.hasFocus():
            return
        super().keyPressEvent(event)

    # --- showing ---------------------------------------------------------------------------

    @property
    def current(self) -> WhisperModel | None:
        """The model that is shown."""
        return self.rows.model_at(self.list.currentIndex().row())

    @Slot(object)
    def _on_models_loaded(self, models: tuple[WhisperModel, ...]) -> None:
        shown = self.current.name if self.current else self._chosen
        self.rows.show_rows(models)
        for model in models:
            self._say_state(model)
        row = self.rows.row_of(shown) or 0
        self.list.setCurrentIndex(self.rows.index(row))
        self._show_current()
        if self._looked_again:
            self._looked_again = False
            if any(model.present and model.name == self._chosen for model in models):
                self.recogniser_wanted.emit()

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, _current: QModelIndex, _before: QModelIndex) -> None:
        self._show_current()

    @Slot(str, object)
    def _on_job(self, name: str, job: Job) -> None:
        if name == self._brought:
            file = Path(name).name
            done = f"{file} was copied and is in use from now on."
            self.strip.show_job(job, file, before=f"Copying {file}: ", done=done)
            self._fit()
            return
        row = self.rows.row_of(name)
        model = None if row is None else self.rows.model_at(row)
        if model is not None:
            self._say_state(model)
            if model is self.current:
                self._show_current()

    @Slot(object)
    def _on_settings_changed(self, _settings: Settings) -> None:
        for row in range(self.rows.rowCount()):
            model = self.rows.model_at(row)
            if model is not None:
                self._say_state(model)
        self._show_current()

    def _show_current(self) -> None:
        model = self.current
        self.details.setEnabled(model is not None)
        if model is not None:
            self.details.show_model(model, self._downloads.job(model.name), in_use=model.name == self._chosen)
        self._fit()

    def _say_state(self, model: WhisperModel) -> None:
        words = state_words(model, self._downloads.job(model.name), in_use=model.name == self._chosen)
        self.rows.show_state(model.name, words)

    @property
    def _chosen(self) -> str:
        chosen = self._settings.current.whisper_model
        return _ALIASES.get(chosen, chosen)

    # --- what the user wants -----------------------------------------------------------------

    @Slot(QModelIndex)
    def _on_activated(self, _index: QModelIndex) -> None:
        self.details.primary()

    @Slot(str)
    def _on_use(self, name: str) -> None:
        self._settings.change(whisper_model=name)

    @Slot(str)
    def _on_verify(self, name: str) -> None:
        model = self.current
        if model is not None and model.name == name and model.path is not None:
            self._downloads.verify(name, model.path, model.sha256)

    @Slot(str)
    def _on_address(self, name: str) -> None:
        QGuiApplication.clipboard().setText(self._downloads.address(name))

    @Slot()
    def _on_look_again(self) -> None:
        self._looked_again = True
        self._library.load_models()

    @Slot()
    def _on_open_folder(self) -> None:
        folder = models_dir(self._settings.data_dir)
        # The file manager shows nothing for a folder that is not there; its parent says where it would be.
        while not folder.is_dir() and folder != folder.parent:
            folder = folder.parent
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    @Slot()
    def _on_choose(self) -> None:
        chooser = QFileDialog(self, "Choose a Whisper checkpoint", "", "Whisper checkpoints (*.pt);;All files (*)")
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(self._on_file_chosen)
        chooser.open()

    @Slot(str)
    def _on_file_chosen(self, path: str) -> None:
        self._brought = str(Path(path))
        self._downloads.bring(Path(path))

    @Slot()
    def _on_cancel_bringing(self) -> None:
        self._downloads.cancel(self._brought)
