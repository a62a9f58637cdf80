"""The window: a rail, a banner for what went wrong, and the page that fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from interviewer.core import steps
from interviewer.core.errors import InterviewerError
from interviewer.core.models import Bank
from interviewer.core.paths import shipped_bank
from interviewer.core.settings import Settings
from interviewer.core.state import State
from interviewer.core.steps import Phase
from interviewer.gui.dialogs.about import AboutDialog
from interviewer.gui.dialogs.text import edit_transcript, typed_answer
from interviewer.gui.housekeeping import Housekeeping
from interviewer.gui.keys import bind
from interviewer.gui.pages.start import StartPage
from interviewer.gui.shelf import Shelf
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.cards import COLUMN_PX, SIDE_PX
from interviewer.gui.widgets.failures import Failures, told_key
from interviewer.gui.widgets.rail import Place, Rail
from interviewer.workers.playback import sound_is_held
from interviewer.workers.status import ModelsStatus

if TYPE_CHECKING:
    from interviewer.gui.pages.compare import ComparePage
    from interviewer.gui.pages.feedback import FeedbackPage
    from interviewer.gui.pages.interview import InterviewPage
    from interviewer.gui.pages.review import ReviewPage
    from interviewer.gui.pages.summary import SummaryPage
    from interviewer.workers.conductor import Conductor
    from interviewer.workers.continuing import Continuing
    from interviewer.workers.downloads import Downloads
    from interviewer.workers.keeping import Housekeeper
    from interviewer.workers.library import Library
    from interviewer.workers.settings_keeper import SettingsKeeper


_MODELS_DIALOG = "whisper models"


@dataclass(frozen=True, slots=True)
class _WayBack:
    """A page that an answer or a comparison was asked for on."""

    words: str
    """What it is called after "Back to"."""
    go: Callable[[], None]


class MainWindow(QWidget):
    """Shows the state of the conductor and the contents of the library; stands in a `Frame`."""

    recogniser_wanted = Signal()  # the chosen Whisper weights are there now: load them

    def __init__(
        self,
        conductor: Conductor,
        library: Library,
        *,
        continuing: Continuing,
        downloads: Downloads,
        settings: SettingsKeeper,
        housekeeper: Housekeeper,
        bank: Bank,
    ) -> None:
        super().__init__()
        self._conductor = conductor
        self._library = library
        self._downloads = downloads
        self._settings = settings
        self._state = conductor.state
        self._place = Place.INTERVIEW
        self._bank_asked: str | None = None
        self._trail: list[_WayBack] = []
        """From the answer or the comparison on screen back to where the first of them was asked for."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # there is no widget without one
        self.theme = Theme(app, settings.current.appearance)
        self.shelf = Shelf(conductor, library, continuing, settings, housekeeper, bank, self.theme)
        self._build()
        self._housekeeping = Housekeeping(self, self.board, conductor, library, housekeeper, settings)
        self._connect()
        self._on_state_changed(self._state)

    # --- building --------------------------------------------------------------------------

    def _build(self) -> None:
        self.setProperty("panel", "canvas")
        # A plain widget paints its style sheet's background only when told to.
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        self.rail = Rail(self.theme)
        self.board = Failures(self.theme, above_px=14)
        self.board.setMaximumWidth(COLUMN_PX)
        self.stack = QStackedWidget()
        column = QVBoxLayout()
        column.setSpacing(0)
        top = QHBoxLayout()
        top.setContentsMargins(SIDE_PX, 0, SIDE_PX, 0)
        top.addStretch(1)
        top.addWidget(self.board, 1000)
        top.addStretch(1)
        column.addLayout(top)
        column.addWidget(self.stack, 1)
        across.addWidget(self.rail)
        across.addLayout(column, 1)

    def _connect(self) -> None:
        self._conductor.state_changed.connect(self._on_state_changed)
        self._conductor.models_changed.connect(self._on_models_changed)
        self._conductor.told.connect(self._on_told)
        self._conductor.level_changed.connect(self.board.on_level)
        self._conductor.played_to.connect(self.board.on_played)
        self._library.bank_changed.connect(self.show_bank)
        self._downloads.ended.connect(self._library.load_models)
        self._downloads.failed.connect(self._on_download_failed)
        self._settings.changed.connect(self._on_settings_changed)
        self.rail.chosen.connect(self.go_to)
        self.rail.about_wanted.connect(self._on_about)
        self.shelf.typing_wanted.connect(self._on_typing)
        self.shelf.edit_wanted.connect(self._on_edit_feedback)
        self.shelf.review_edit_wanted.connect(self._on_edit_review)
        self.shelf.whisper_wanted.connect(self._on_whisper)
        self.shelf.about_wanted.connect(self._on_about)
        self.shelf.place_wanted.connect(self.go_to)
        self.shelf.review_wanted.connect(self.open_review)
        self.shelf.compare_wanted.connect(self.open_compare)
        self.shelf.left.connect(self._on_left)
        self.shelf.bank_wanted.connect(self._on_bank_wanted)
        self.shelf.deletion_wanted.connect(self._housekeeping.delete)
        self.shelf.retention_wanted.connect(self._housekeeping.choose_retention)
        self.shelf.export_wanted.connect(self._housekeeping.export)
        bind(self, "Ctrl+1", self._on_go_interview)
        bind(self, "Ctrl+2", self.open_history)
        bind(self, "Ctrl+3", self.open_trends)
        bind(self, ("Ctrl+4", "Ctrl+,"), self.open_settings)
        bind(self, "F1", self._on_about)
        bind(self, "Ctrl+Q", self._on_quit)

    # --- where we are ------------------------------------------------------------------------

    @Slot(object)
    def go_to(self, place: Place) -> None:
        """Show a part of the program; the interview goes on meanwhile."""
        self._trail.clear()
        self._place = place
        self.rail.show_place(place)
        match place:
            case Place.INTERVIEW:
                self._show(self._page_of_state())
            case Place.HISTORY:
                self._show(self.shelf.history)
            case Place.TRENDS:
                self._show(self.shelf.trends)
            case Place.SETTINGS:
                self._show(self.shelf.settings)

    def open_history(self) -> None:
        """Show every session."""
        self.go_to(Place.HISTORY)

    def open_trends(self) -> None:
        """Show what changed from answer to answer."""
        self.go_to(Place.TRENDS)

    def open_settings(self) -> None:
        """Show the settings."""
        self.go_to(Place.SETTINGS)

    @Slot(str)
    def open_review(self, attempt_id: str) -> None:
        """Show one kept answer as soon as it has been read."""
        self._remember(self.shelf.review)
        self.shelf.review.open(attempt_id)
        self._show_kept(self.shelf.review)

    @Slot(str, str)
    def open_compare(self, one_id: str, other_id: str) -> None:
        """Show two kept answers to one question side by side; "" for the second is the one before the first."""
        self._remember(self.shelf.compare)
        self._show_kept(self.shelf.compare)
        self.shelf.compare.open(one_id, other_id)

    def _show_kept(self, page: ReviewPage | ComparePage) -> None:
        """Show what was kept, with the way back from it."""
        self._place = Place.HISTORY
        self.rail.show_place(Place.HISTORY)
        page.back.say(f"Back to {self._trail[-1].words if self._trail else 'History'}")
        self._show(page)

    def _remember(self, ahead: QWidget) -> None:
        """Take the page on screen for the one to go back to, unless it is the one ahead."""
        page, built = self.stack.currentWidget(), self.shelf.__dict__
        if page is ahead:
            return
        if page is built.get("review"):
            way = _WayBack("the answer", partial(self._back_to_review, self.shelf.review.attempt_id))
        elif page is built.get("compare"):
            way = _WayBack("the comparison", partial(self._back_to_compare, self.shelf.compare.wanted))
        elif page is built.get("trends"):
            way = _WayBack("Trends", self.open_trends)
        elif page in (built.get("summary"), built.get("feedback")):
            way = _WayBack("the summary" if page is built.get("summary") else "the feedback", self._on_go_interview)
        else:
            way = _WayBack("History", self.open_history)
        self._trail.append(way)

    def _back_to_review(self, attempt_id: str) -> None:
        if self.shelf.review.attempt_id != attempt_id:
            self.shelf.review.open(attempt_id)
        self._show_kept(self.shelf.review)

    def _back_to_compare(self, wanted: tuple[str, str]) -> None:
        self._show_kept(self.shelf.compare)
        if self.shelf.compare.wanted != wanted:
            self.shelf.compare.open(*wanted)

    @Slot()
    def _on_left(self) -> None:
        """Go back one step; where none is left, to the history."""
        if self._trail:
            self._trail.pop().go()
        else:
            self.open_history()

    def _page_of_state(self) -> StartPage | InterviewPage | FeedbackPage | SummaryPage:
        match self._state.phase:
            case Phase.IDLE:
                return self.shelf.start
            case Phase.FEEDBACK:
                return self.shelf.feedback
            case Phase.DONE:
                return self.shelf.summary
        return self.shelf.interview

    def _show(self, page: QWidget) -> None:
        if self.stack.indexOf(page) < 0:
            self.stack.addWidget(page)
        if self.stack.currentWidget() is not page:
            # The focus would stay on a hidden button, and the keys with it.
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.stack.setCurrentWidget(page)

    @Slot(object)
    def _on_state_changed(self, state: State) -> None:
        before, self._state = self._state, state
        page = self._page_of_state()
        if not isinstance(page, StartPage):
            page.show_state(state)
        started = before.phase in (Phase.IDLE, Phase.DONE) and state.phase is Phase.ASKING
        if started:
            self.board.forget_told()
            self._housekeeping.forget()
        self.board.show_standing(state.notice)
        if not state.holds_sound:
            self.board.dismiss(told_key(sound_is_held()))
        if started or self._place is Place.INTERVIEW:
            self.go_to(Place.INTERVIEW)

    @Slot(object)
    def _on_models_changed(self, status: ModelsStatus) -> None:
        self.shelf.show_status(status)
        if status.ready:
            self._library.count_pending()

    @Slot(object)
    def _on_settings_changed(self, settings: Settings) -> None:
        self.theme.choose(settings.appearance)
        self.shelf.show_settings(settings)

    @Slot(object)
    def _on_told(self, error: InterviewerError) -> None:
        self.board.tell(error)

    @Slot(object)
    def show_bank(self, bank: Bank) -> None:
        """Offer the questions of another bank, and come back to it next time."""
        self.shelf.show_bank(bank)
        if self._bank_asked is not None:
            # Only now is it known that the file can be used.
            self._settings.change(bank=self._bank_asked or None)
            self._bank_asked = None

    # --- what the user wants -----------------------------------------------------------------

    @Slot()
    def _on_go_interview(self) -> None:
        self.go_to(Place.INTERVIEW)

    @Slot()
    def _on_typing(self) -> None:
        dialog = typed_answer(self, self._state.asked)
        dialog.written.connect(self._on_typed)
        dialog.open()

    @Slot(str)
    def _on_typed(self, text: str) -> None:
        self._conductor.post(steps.Typed(text))

    @Slot(str)
    def _on_edit_feedback(self, text: str) -> None:
        dialog = edit_transcript(self, text)
        dialog.written.connect(self._on_corrected)
        dialog.open()

    @Slot(str)
    def _on_corrected(self, text: str) -> None:
        self._conductor.post(steps.Corrected(text))

    @Slot(str)
    def _on_edit_review(self, text: str) -> None:
        dialog = edit_transcript(self, text)
        dialog.written.connect(self.shelf.review.correct)
        dialog.open()

    @Slot()
    def _on_whisper(self) -> None:
        from interviewer.gui.dialogs.whisper_models import WhisperModelsDialog

        dialog = WhisperModelsDialog(self, self._library, self._downloads, self._settings, self.theme)
        dialog.setObjectName(_MODELS_DIALOG)
        dialog.recogniser_wanted.connect(self.recogniser_wanted)
        dialog.open()

    @Slot(object)
    def _on_download_failed(self, error: InterviewerError) -> None:
        # The dialog tells by itself, beside the model that it is about.
        if self.findChild(QWidget, _MODELS_DIALOG) is None:
            self.board.tell(error)

    @Slot()
    def _on_about(self) -> None:
        AboutDialog(self, self._settings.data_dir).open()

    @Slot()
    def _on_quit(self) -> None:
        self.window().close()

    @Slot(str)
    def _on_bank_wanted(self, path: str) -> None:
        self._bank_asked = path
        self._library.open_bank(Path(path) if path else shipped_bank())

    # --- the window itself -------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Look what is plugged in, once the window is there."""
        super().showEvent(event)
        if not event.spontaneous():
            self._library.load_devices()
