"""The pages, each built when it is first looked at, and their wishes gathered.

The first paint needs the Start page alone; the others cost time that nobody has asked for.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from interviewer.core.models import Bank
from interviewer.core.search import Query
from interviewer.core.settings import Settings
from interviewer.gui.pages.start import StartPage
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.rail import Place
from interviewer.workers.status import ModelsStatus

if TYPE_CHECKING:
    from interviewer.gui.pages.compare import ComparePage
    from interviewer.gui.pages.feedback import FeedbackPage
    from interviewer.gui.pages.history import HistoryPage
    from interviewer.gui.pages.interview import InterviewPage
    from interviewer.gui.pages.review import ReviewPage
    from interviewer.gui.pages.settings import SettingsPage
    from interviewer.gui.pages.summary import SummaryPage
    from interviewer.gui.pages.trends import TrendsPage
    from interviewer.workers.conductor import Conductor
    from interviewer.workers.continuing import Continuing
    from interviewer.workers.keeping import Housekeeper
    from interviewer.workers.library import Library
    from interviewer.workers.settings_keeper import SettingsKeeper


class Shelf(QObject):
    """Holds what every page shows alike, so that a page built late starts up to date."""

    typing_wanted = Signal()
    edit_wanted = Signal(str)  # text of the answer on the feedback page
    review_edit_wanted = Signal(str)  # text of the answer on the review page
    whisper_wanted = Signal()
    about_wanted = Signal()
    place_wanted = Signal(object)  # Place
    review_wanted = Signal(str)  # attempt id
    compare_wanted = Signal(str, str)  # two attempt ids, "" for the second: the one before
    left = Signal()  # an answer or a comparison: back to where it was asked for
    bank_wanted = Signal(str)  # path, "" for the one that ships
    deletion_wanted = Signal(object)  # Attempt, Session, or None for everything
    retention_wanted = Signal(object)  # days, or None for ever
    export_wanted = Signal()
    session_export_wanted = Signal(str)  # session id
    session_file_wanted = Signal()  # a session that somebody sent is to be opened

    def __init__(
        self,
        conductor: Conductor,
        library: Library,
        continuing: Continuing,
        settings: SettingsKeeper,
        housekeeper: Housekeeper,
        bank: Bank,
        theme: Theme,
    ) -> None:
        super().__init__()
        self._conductor = conductor
        self._library = library
        self._continuing = continuing
        self._settings = settings
        self._housekeeper = housekeeper
        self._bank = bank
        self._theme = theme
        self._status = ModelsStatus()
        self.start = StartPage(conductor, library, continuing, settings, bank, theme)
        self.start.whisper_wanted.connect(self.whisper_wanted)

    @cached_property
    def interview(self) -> InterviewPage:
        """The running interview."""
        from interviewer.gui.pages.interview import InterviewPage

        page = InterviewPage(self._conductor, self._theme)
        page.show_settings(self._settings.current)
        page.typing_wanted.connect(self.typing_wanted)
        return page

    @cached_property
    def feedback(self) -> FeedbackPage:
        """What came of the answer just given."""
        from interviewer.gui.pages.feedback import FeedbackPage

        page = FeedbackPage(self._conductor, self._theme)
        page.usual_wanted.connect(self._library.load_usual)
        self._library.usual_loaded.connect(page.view.delivery.show_usual)
        page.compare_wanted.connect(self.compare_wanted)
        page.edit_wanted.connect(self.edit_wanted)
        page.whisper_wanted.connect(self.whisper_wanted)
        return page

    @cached_property
    def summary(self) -> SummaryPage:
        """The session that has just ended."""
        from interviewer.gui.pages.summary import SummaryPage

        page = SummaryPage(self._conductor, self._library, self._settings, self._theme)
        page.history_wanted.connect(self._on_history_wanted)
        page.review_wanted.connect(self.review_wanted)
        return page

    @cached_property
    def history(self) -> HistoryPage:
        """Every session."""
        # Asked before there is anybody to show it: the page takes as long to build as the answer to come.
        self._library.search(Query())
        from interviewer.gui.pages.history import HistoryPage

        page = HistoryPage(self._library, self._theme)
        page.export_wanted.connect(self.session_export_wanted)
        page.file_wanted.connect(self.session_file_wanted)
        page.review_wanted.connect(self.review_wanted)
        page.compare_wanted.connect(self.compare_wanted)
        page.start_wanted.connect(self._on_start_wanted)
        page.continue_wanted.connect(self._continuing.go_on)
        page.deletion_wanted.connect(self.deletion_wanted)
        return page

    @cached_property
    def trends(self) -> TrendsPage:
        """What changed from answer to answer."""
        from interviewer.gui.pages.trends import TrendsPage

        page = TrendsPage(self._library, self._theme)
        page.review_wanted.connect(self.review_wanted)
        page.start_wanted.connect(self._on_start_wanted)
        return page

    @cached_property
    def review(self) -> ReviewPage:
        """One kept answer."""
        from interviewer.gui.pages.review import ReviewPage

        page = ReviewPage(self._conductor, self._library, self._theme)
        page.export_wanted.connect(self.session_export_wanted)
        self._housekeeper.compressed.connect(page.reload)
        page.back_wanted.connect(self.left)
        page.edit_wanted.connect(self.review_edit_wanted)
        page.compare_wanted.connect(self.compare_wanted)
        page.whisper_wanted.connect(self.whisper_wanted)
        return page

    @cached_property
    def compare(self) -> ComparePage:
        """Two kept answers to one question."""
        from interviewer.gui.pages.compare import ComparePage

        page = ComparePage(self._conductor, self._library, self._theme)
        self._housekeeper.compressed.connect(page.reload)
        page.review_wanted.connect(self.review_wanted)
        page.back_wanted.connect(self.left)
        return page

    @cached_property
    def settings(self) -> SettingsPage:
        """Every choice."""
        from interviewer.gui.pages.settings import SettingsPage

        page = SettingsPage(self._conductor, self._library, self._settings, self._housekeeper, self._bank, self._theme)
        page.show_status(self._status)
        page.whisper_wanted.connect(self.whisper_wanted)
        page.about_wanted.connect(self.about_wanted)
        page.bank_wanted.connect(self.bank_wanted)
        page.data.deletion_wanted.connect(self.deletion_wanted)
        page.data.retention_wanted.connect(self.retention_wanted)
        page.data.export_wanted.connect(self.export_wanted)
        return page

    def show_status(self, status: ModelsStatus) -> None:
        """Show which recogniser is in use wherever that is said."""
        self._status = status
        self.start.show_status(status)
        if "settings" in self.__dict__:
            self.settings.show_status(status)

    def show_bank(self, bank: Bank) -> None:
        """Offer another bank wherever it is named."""
        self._bank = bank
        self.start.show_bank(bank)
        if "settings" in self.__dict__:
            self.settings.show_bank(bank)

    def show_settings(self, settings: Settings) -> None:
        """Follow the settings where a page does not do so by itself."""
        if "interview" in self.__dict__:
            self.interview.show_settings(settings)

    @Slot()
    def _on_history_wanted(self) -> None:
        self.place_wanted.emit(Place.HISTORY)

    @Slot()
    def _on_start_wanted(self) -> None:
        self.place_wanted.emit(Place.INTERVIEW)
