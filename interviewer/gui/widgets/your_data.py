"""What is kept of the user: where, for how long, backed up when; and how to take it along or be rid of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLineEdit, QVBoxLayout, QWidget

from interviewer.core.removal import count_words
from interviewer.core.settings import Settings
from interviewer.core.transfers import size_words
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.fields import Picker, across, setting
from interviewer.gui.widgets.labels import breakable, label, set_tone
from interviewer.gui.widgets.session_models import day_and_time
from interviewer.gui.widgets.work_strip import WorkStrip
from interviewer.workers.status import BackupList, Working

if TYPE_CHECKING:
    from interviewer.workers.keeping import Housekeeper
    from interviewer.workers.settings_keeper import SettingsKeeper

RETENTION = (("For ever", None), ("For 1 year", 365), ("For 90 days", 90), ("For 30 days", 30))
_RETENTION_WORDS = "Older interviews are deleted with recordings and texts, and so are older backups except the newest."
_RESTORE_WORDS = "To go back to a backup, close Interviewer and run “interviewer restore” in a terminal."
_FLAC_WORDS = "The very same sound in about half the room. Done once an answer is written down, while nothing else is."


class YourData(QWidget):
    """Keeps every choice at once; what deletes something is wished for and asked about elsewhere."""

    about_wanted = Signal()
    retention_wanted = Signal(object)  # days, or None for ever
    export_wanted = Signal()
    deletion_wanted = Signal(object)  # None: everything

    def __init__(self, housekeeper: Housekeeper, settings: SettingsKeeper, theme: Theme) -> None:
        super().__init__()
        self._housekeeper = housekeeper
        self._settings = settings
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(14)
        self._place()
        self._backups(theme)
        self._keeping()
        self._everything()
        housekeeper.backups_listed.connect(self._on_backups_listed)
        housekeeper.working_changed.connect(self._on_working)
        self.show_settings(settings.current)

    def show_settings(self, settings: Settings) -> None:
        """Show what is chosen; reports nothing."""
        self.daily.setChecked(settings.daily_backup)
        self.compress.setChecked(settings.compress_recordings)
        self.retention.offer(RETENTION, settings.retention_days, absent="For {} days")
        self._usual.setVisible(settings.backup_folder is not None)

    def look(self) -> None:
        """Look what backups there are."""
        self._housekeeper.list_backups()

    # --- building --------------------------------------------------------------------------

    def _place(self) -> None:
        folder = _path_field("Data folder")
        _show_path(folder, self._settings.data_dir)
        show = Button("Open folder")
        show.setAccessibleName("Open the data folder")
        about = Button("About and keys", role="quiet")
        self._add("Data folder", across(folder, show))
        words = (
            "Recordings, transcripts and scores stay in this folder. If something is missing, run “interviewer doctor”."
        )
        self._add("", across(label(words, tone="muted", wrap=True), about))
        show.clicked.connect(self._on_open_folder)
        about.clicked.connect(self.about_wanted)

    def _backups(self, theme: Theme) -> None:
        self.last = label(wrap=True)
        self.back_up = Button("Back up now")
        self.folder = _path_field("Backup folder")
        choose = Button("Choose a folder…")
        choose.setAccessibleName("Choose a folder for backups")
        self._usual = Button("Use the data folder", role="quiet")
        self._usual.setAccessibleName("Keep backups in the data folder")
        self.daily = QCheckBox("Every day, while no interview is held")
        self.strip = WorkStrip(theme)
        self._add("Backups", across(self.last, self.back_up))
        self._under_way = self._add("", self.strip)
        self._under_way.hide()
        self._add("Backup folder", across(self.folder, self._usual, choose))
        self._add("", self.daily)
        self._where = label(size="caption", tone="muted", wrap=True)
        self._add("", self._where)
        self.back_up.clicked.connect(self._housekeeper.back_up)
        choose.clicked.connect(self._on_choose_folder)
        self._usual.clicked.connect(self._on_usual_folder)
        self.daily.toggled.connect(self._on_daily)
        self.strip.cancelled.connect(self._housekeeper.cancel)

    def _keeping(self) -> None:
        self.retention = Picker("Keep interviews")
        self.compress = QCheckBox("Keep recordings compressed without loss (FLAC)")
        self._add("Keep interviews", self.retention)
        self._add("", label(_RETENTION_WORDS, size="caption", tone="muted", wrap=True))
        self._add("Recordings", self.compress)
        self._add("", label(_FLAC_WORDS, size="caption", tone="muted", wrap=True))
        self.retention.chosen.connect(self.retention_wanted)
        self.compress.toggled.connect(self._on_compress)

    def _everything(self) -> None:
        words = label("Take along all interviews as files, or begin afresh.", tone="muted", wrap=True)
        self.export = Button("Export everything…")
        self.delete = Button("Delete everything…", role="danger")
        self._add("Everything", across(words, self.export, self.delete))
        self.export.clicked.connect(self.export_wanted)
        self.delete.clicked.connect(self._on_delete)

    def _add(self, caption: str, control: QWidget) -> QWidget:
        row = setting(caption, control)
        self._column.addWidget(row)
        return row

    # --- showing ---------------------------------------------------------------------------

    @Slot(object)
    def _on_backups_listed(self, listed: BackupList) -> None:
        _show_path(self.folder, listed.folder)
        inside = listed.folder.is_relative_to(self._settings.data_dir)
        hint = "A folder on another disk also survives the loss of this one. " if inside else ""
        self._where.setText(hint + _RESTORE_WORDS)
        set_tone(self.last, "bad" if listed.problem is not None else "")
        self.last.setText(breakable(listed.problem.told()) if listed.problem is not None else _last_words(listed))

    @Slot(object)
    def _on_working(self, working: Working | None) -> None:
        self.strip.show_working(working)
        self._under_way.setVisible(working is not None)
        for button in (self.back_up, self.export, self.delete):
            button.setEnabled(working is None)

    # --- choosing --------------------------------------------------------------------------

    @Slot()
    def _on_open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._settings.data_dir)))

    @Slot()
    def _on_choose_folder(self) -> None:
        chooser = QFileDialog(self, "Choose a folder for backups", self.folder.text())
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(self.choose_folder)
        chooser.open()

    @Slot(str)
    def choose_folder(self, folder: str) -> None:
        """Keep backups in this folder from now on; "" is the usual one."""
        self._settings.change(backup_folder=folder or None)
        self.look()

    @Slot()
    def _on_usual_folder(self) -> None:
        self.choose_folder("")

    @Slot(bool)
    def _on_daily(self, daily: bool) -> None:
        if daily != self._settings.current.daily_backup:  # shown is not chosen
            self._settings.change(daily_backup=daily)

    @Slot(bool)
    def _on_compress(self, compress: bool) -> None:
        if compress != self._settings.current.compress_recordings:
            self._settings.change(compress_recordings=compress)
            self._housekeeper.tidy()

    @Slot()
    def _on_delete(self) -> None:
        self.deletion_wanted.emit(None)


def _path_field(name: str) -> QLineEdit:
    made = QLineEdit()
    made.setReadOnly(True)
    made.setAccessibleName(name)
    return made


def _show_path(field: QLineEdit, path: Path) -> None:
    field.setText(str(path))
    field.setCursorPosition(0)


def _last_words(listed: BackupList) -> str:
    """Return when the newest backup was made and what is in it."""
    if not listed.backups:
        return "None yet"
    newest = listed.backups[0]
    older = len(listed.backups) - 1
    words = f"{day_and_time(newest.created)} · {count_words(newest.files, 'file')} · {size_words(newest.size_bytes)}"
    return f"{words} · {older} older" if older else words
