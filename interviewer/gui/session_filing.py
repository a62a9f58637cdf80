"""Stands between whoever wants a session written out or opened and what does it: dialogs, file choosers, banners."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from interviewer.core.removal import count_words
from interviewer.core.state import State
from interviewer.core.steps import Phase
from interviewer.gui.dialogs.deletion import sure
from interviewer.gui.dialogs.session_export import SessionExportDialog
from interviewer.gui.widgets.labels import breakable
from interviewer.gui.widgets.notice import NoticeBoard, Word
from interviewer.reports.forms import Form, sound_beside
from interviewer.workers.session_files import SessionKept, SessionWritten, Wanted

if TYPE_CHECKING:
    from interviewer.workers.exporting import SessionFiles
    from interviewer.workers.library import Library

WORKING = "session file under way"
WRITTEN = "session written"
KEPT = "session kept"


class SessionFiling(QObject):
    """Its banners are on `board`."""

    def __init__(self, window: QWidget, board: NoticeBoard, library: Library, files: SessionFiles) -> None:
        super().__init__(window)
        self._window = window
        self._board = board
        self._library = library
        self._files = files
        self._session_id = ""
        self._form = Form.HTML
        self._audio = False
        self._notes = True
        self._folder = ""
        self._made = Path()
        files.working_changed.connect(self._on_working)
        files.written.connect(self._on_written)
        files.kept.connect(self._on_kept)

    @Slot(object)
    def follow(self, state: State) -> None:
        """Take what was told away when an interview begins."""
        if state.phase is Phase.ASKING:
            for key in (WRITTEN, KEPT):
                self._board.take(key)

    # --- out -----------------------------------------------------------------------------------

    @Slot(str)
    def export(self, session_id: str) -> None:
        """Ask what this session is to be written out as, and where to."""
        self._session_id = session_id
        dialog = SessionExportDialog(self._window, form=self._form, audio=self._audio, notes=self._notes)
        dialog.chosen.connect(self._on_form_chosen)
        dialog.open()

    @Slot(object, bool, bool)
    def _on_form_chosen(self, form: Form, audio: bool, notes: bool) -> None:
        self._form, self._audio, self._notes = form, audio, notes
        chooser = QFileDialog(self._window, "Export this session as", self._folder or _documents())
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setFileMode(QFileDialog.FileMode.AnyFile)
        chooser.setDefaultSuffix(form.value)
        chooser.setNameFilters([f"*.{form.value}"])
        chooser.selectFile(f"interview-{self._session_id}.{form.value}")
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(self.write_to)
        chooser.open()

    @Slot(str)
    def write_to(self, path: str) -> None:
        """Write it there; what is there was asked about by the file chooser, but for a sound file beside it."""
        out = Path(path)
        self._folder = str(out.parent)
        wanted = Wanted(self._session_id, self._form, out, audio=self._audio, notes=self._notes, over=True)
        sound = sound_beside(self._form, out) if self._audio else None
        # A file of its own name is no sound file: then there is nothing to ask, and writing refuses it.
        if sound is None or sound == out or not sound.exists():
            self._files.write(wanted)
            return
        words = f"{breakable(sound)} is there already. The recordings of this session take its place."
        dialog = sure(self._window, title="Replace the sound file too?", words=words, verb="Replace")
        dialog.confirmed.connect(partial(self._on_sure, wanted))
        dialog.open()

    def _on_sure(self, wanted: Wanted, _backups: bool) -> None:
        self._files.write(wanted)

    @Slot(object)
    def _on_written(self, written: SessionWritten) -> None:
        self._made = written.path
        hint = breakable(written.path)
        if written.sound is not None:
            hint = f"{hint}, and its recordings in {written.sound.name}"
        if written.missing:
            lost = count_words(len(written.missing), "recording")
            hint = f"{hint}. {lost} could not be taken along: no longer on the disk, or not to be read."
        self._board.take(WRITTEN)
        word = Word("The session was exported", hint, "Open", tone="warn" if written.missing else "good")
        self._board.put(WRITTEN, word, self._on_open)

    @Slot()
    def _on_open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._made)))

    # --- in ------------------------------------------------------------------------------------

    @Slot()
    def open_file(self) -> None:
        """Ask for a session file, and keep what is in it."""
        chooser = QFileDialog(self._window, "Open a session file", self._folder or _documents())
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setNameFilters(["Sessions (*.zip *.json)", "All files (*)"])
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(self.take_from)
        chooser.open()

    @Slot(str)
    def take_from(self, path: str) -> None:
        """Keep the session of this file."""
        self._folder = str(Path(path).parent)
        self._files.take(Path(path))

    @Slot(object)
    def _on_kept(self, kept: SessionKept) -> None:
        self._library.arrived()
        hint = f"{kept.told()}, in History."
        if kept.missing:
            lost = count_words(len(kept.missing), "recording")
            hint = f"{hint} {lost} did not come along; the texts did."
        self._board.take(KEPT)
        self._board.put(KEPT, Word("The session is here now", hint, tone="warn" if kept.missing else "good"))

    @Slot(int)
    def _on_working(self, count: int) -> None:
        if count:
            self._board.put(WORKING, Word("Working on a session file…"), dismissable=False)
        else:
            self._board.take(WORKING)


def _documents() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
