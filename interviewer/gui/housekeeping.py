"""What the window asks before something is deleted, and what it tells of what became of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from interviewer.core.errors import InputError
from interviewer.core.models import Attempt, Session
from interviewer.core.removal import Removed, count_words
from interviewer.core.steps import Phase
from interviewer.core.transfers import size_words
from interviewer.gui.dialogs.deletion import DeletionDialog, sure, what_goes
from interviewer.gui.dialogs.removal import RemovalDialog
from interviewer.gui.widgets.labels import breakable
from interviewer.gui.widgets.notice import NoticeBoard, Word
from interviewer.gui.widgets.session_models import attempt_words, day_and_time
from interviewer.workers.status import Deleted, Doomed, Exported, Wish, Working

if TYPE_CHECKING:
    from interviewer.workers.conductor import Conductor
    from interviewer.workers.keeping import Housekeeper
    from interviewer.workers.library import Library
    from interviewer.workers.settings_keeper import SettingsKeeper

REMOVED = "removed"
EXPORTED = "exported"
_UNDONE = "This cannot be undone."


class Housekeeping(QObject):
    """Stands between the wishes of the pages and the housekeeper; its banners are on `board`."""

    def __init__(
        self,
        window: QWidget,
        board: NoticeBoard,
        conductor: Conductor,
        library: Library,
        housekeeper: Housekeeper,
        settings: SettingsKeeper,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._board = board
        self._conductor = conductor
        self._library = library
        self._housekeeper = housekeeper
        self._settings = settings
        self._asked = False
        self._doomed: Doomed | None = None
        self._copies_stay = False
        self._days: int | None = None
        self._removed = Removed()
        self._exported = Path()
        housekeeper.weighed.connect(self._on_weighed)
        housekeeper.deleted.connect(self._on_deleted)
        housekeeper.retired.connect(self._on_retired)
        housekeeper.exported.connect(self._on_exported)
        housekeeper.old_counted.connect(self._on_old_counted)
        housekeeper.working_changed.connect(self._on_working)
        housekeeper.told.connect(self._on_told)

    def forget(self) -> None:
        """Take the banners away: something new begins."""
        for key in (REMOVED, EXPORTED):
            self._board.take(key)

    # --- deleting --------------------------------------------------------------------------

    @Slot(object)
    def delete(self, subject: Attempt | Session | None) -> None:
        """Ask whether this answer, this session, or everything, is to be deleted."""
        if self._is_held(subject):
            hint = "End it first; then it can be deleted."
            self._conductor.told.emit(InputError("This interview is still being held", hint=hint))
            return
        self._asked = True
        self._housekeeper.weigh(subject)

    def _is_held(self, subject: Attempt | Session | None) -> bool:
        """Whether it belongs to the interview that is being held."""
        state = self._conductor.state
        if state.begin is None or state.phase in (Phase.IDLE, Phase.DONE):
            return False
        mine = subject.session_id if isinstance(subject, Attempt) else subject.id if subject else None
        return mine in (None, state.begin.session_id)

    @Slot(object)
    def _on_weighed(self, doomed: Doomed) -> None:
        if not self._asked:
            return
        self._asked, self._doomed = False, doomed
        match doomed.subject:
            case Attempt() as attempt:
                dialog = self._ask("Delete this answer?", self._words_of(attempt), _goes(doomed))
            case Session() as session:
                dialog = self._ask("Delete this interview?", day_and_time(session.created), _goes(doomed))
            case _:
                dialog = self._ask("Delete everything?", "", _everything_goes(doomed), verb="Delete everything")
                dialog.ask_for_word()
        if doomed.subject is not None and doomed.backups:
            dialog.offer_backups(doomed.backups, doomed.folder)
        dialog.confirmed.connect(self._on_confirmed)
        dialog.open()

    def _ask(self, title: str, subject: str, words: str, verb: str = "Delete") -> DeletionDialog:
        return DeletionDialog(self._window, title=title, subject=subject, words=words, verb=verb)

    def _words_of(self, attempt: Attempt) -> str:
        return f"{attempt_words(attempt, self._library.question)}\n{day_and_time(attempt.created)}"

    @Slot(bool)
    def _on_confirmed(self, backups_too: bool) -> None:
        if self._doomed is None:
            return
        if self._conductor.state.phase in (Phase.IDLE, Phase.DONE):
            # Windows removes no file that is being played.
            self._conductor.stop_playback()
        self._copies_stay = bool(self._doomed.subject and self._doomed.backups and not backups_too)
        self._housekeeper.delete(self._doomed, backups_too=backups_too)
        self._doomed = None

    @Slot(object)
    def _on_deleted(self, deleted: Deleted) -> None:
        state = self._conductor.state
        held = state.begin.session_id if state.begin else ""
        if state.phase is Phase.DONE and (deleted.everything or held in deleted.removed.sessions):
            self._conductor.leave()
        fact = "Everything was deleted" if deleted.everything else ""
        hint = ""
        if deleted.problem is not None:
            hint = f"Copies may still hold it: {deleted.problem.told()}"
        elif self._copies_stay:
            hint = "Backups made before may still hold copies."
        elif deleted.backups:
            hint = f"A fresh backup was made, and {count_words(deleted.backups, 'older backup')} removed."
        self._tell_removed(fact, deleted.removed, hint, tone="warn" if deleted.problem else "good")

    @Slot(object)
    def _on_retired(self, removed: Removed) -> None:
        days = self._settings.current.retention_days
        fact = f"{count_words(len(removed.sessions), 'interview')} older than {days} days"
        self._tell_removed(
            f"{fact} {'was' if len(removed.sessions) == 1 else 'were'} deleted", removed, "", tone="good"
        )

    def _tell_removed(self, fact: str, removed: Removed, hint: str, *, tone: str) -> None:
        self._removed = removed
        told = removed.told()
        words = (fact, f"{told} {hint}".strip()) if fact else (told.removesuffix("."), hint)
        if removed.left:
            tone = "warn"
        action = "What was removed…" if removed.files or removed.left else ""
        self._board.take(REMOVED)
        self._board.put(REMOVED, Word(*words, action, tone=tone), self._on_show_removed)

    @Slot()
    def _on_show_removed(self) -> None:
        RemovalDialog(self._window, self._removed).open()

    @Slot(object)
    def _on_working(self, working: Working | None) -> None:
        if working is not None and working.wish is Wish.DELETE:
            self._board.take(REMOVED)

    # --- retention -------------------------------------------------------------------------

    @Slot(object)
    def choose_retention(self, days: int | None) -> None:
        """Keep interviews for so many days from now on, None for ever; ask first where that deletes something."""
        before = self._settings.current.retention_days
        if days is None or (before is not None and days >= before):
            self._settings.change(retention_days=days)
        else:
            self._days = days
            self._housekeeper.count_old(days)

    @Slot(int, int)
    def _on_old_counted(self, days: int, count: int) -> None:
        if days != self._days:
            return
        if not count:
            self._on_retention_confirmed()
            return
        number = "One interview is" if count == 1 else f"{count} interviews are"
        words = (
            f"{number} older than {days} days. Now, and from now on, older interviews are deleted with their "
            f"recordings and texts, and so are backups older than that, except the newest. {_UNDONE}"
        )
        verb = "Delete it now" if count == 1 else "Delete them now"
        dialog = sure(self._window, title=f"Keep interviews for {days} days?", words=words, verb=verb)
        dialog.confirmed.connect(self._on_retention_confirmed)
        dialog.rejected.connect(self._on_retention_refused)
        dialog.open()

    @Slot()
    def _on_retention_confirmed(self) -> None:
        days, self._days = self._days, None
        if days is not None:
            self._settings.change(retention_days=days)
            self._housekeeper.tidy()

    @Slot()
    def _on_retention_refused(self) -> None:
        self._days = None
        self._settings.changed.emit(self._settings.current)  # the list shows again what counts

    # --- export ----------------------------------------------------------------------------

    @Slot()
    def export(self) -> None:
        """Ask where everything is to be written to."""
        chooser = QFileDialog(self._window, "Choose a folder for the export")
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(self._on_folder_chosen)
        chooser.open()

    @Slot(str)
    def _on_folder_chosen(self, folder: str) -> None:
        self._housekeeper.export(Path(folder))

    @Slot(object)
    def _on_exported(self, exported: Exported) -> None:
        self._exported = exported.folder
        hint = str(exported.folder)
        if exported.missing:
            lost = count_words(len(exported.missing), "recording")
            hint = f"{hint}. {lost} could not be written: no longer on the disk; the texts were."
        self._board.take(EXPORTED)
        word = Word("Everything was exported", hint, "Open folder", tone="warn" if exported.missing else "good")
        self._board.put(EXPORTED, word, self._on_open_exported)

    @Slot()
    def _on_open_exported(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._exported)))

    @Slot(object)
    def _on_told(self, _error: object) -> None:
        """Whatever was asked has failed: nobody waits for its answer any more."""
        self._asked = False
        if self._days is not None:
            self._on_retention_refused()


def _goes(doomed: Doomed) -> str:
    size = f" ({size_words(doomed.size_bytes)})" if doomed.recordings else ""
    if not doomed.attempts:
        return f"It has no answers. {_UNDONE}"
    return f"{what_goes(len(doomed.attempts), doomed.recordings)}{size}, will be deleted. {_UNDONE}"


def _everything_goes(doomed: Doomed) -> str:
    interviews = count_words(len(doomed.sessions), "interview")
    answers = count_words(len(doomed.attempts), "answer")
    backups = f" All backups in {breakable(doomed.folder)} go too." if doomed.backups else ""
    return (
        f"{interviews} with {answers}, {count_words(doomed.recordings, 'recording')}, all texts and scores, and your "
        f"settings: {size_words(doomed.size_bytes)} in all.{backups} Whisper models stay. {_UNDONE}"
    )
