"""Every page and every dialog with something on it, for tests and pictures that go through all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from PySide6.QtCore import QDeadlineTimer, QEventLoop, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from interviewer.core import steps
from interviewer.core.bank import Order
from interviewer.core.models import Attempt, Coverage, Mode, Session
from interviewer.core.removal import Removed
from interviewer.core.stopped import Stopped
from interviewer.core.trends import Gathering, TrendRow, Trends
from interviewer.gui.dialogs.session_export import SessionExportDialog
from interviewer.gui.main_window import MainWindow
from interviewer.workers.status import Deleted, DeviceList, ModelsStatus
from tests.gui.fake_conductor import FakeConductor
from tests.gui.fake_continuing import FakeContinuing
from tests.gui.fake_downloads import FakeDownloads
from tests.gui.fake_housekeeper import FakeHousekeeper, backup
from tests.gui.fake_library import FakeLibrary
from tests.gui.fakes import NOW, bank, score, session
from tests.gui.test_wave_plot import envelope


@dataclass
class Stage:
    """A window over the fakes, and what is kept in its history."""

    window: MainWindow
    conductor: FakeConductor
    library: FakeLibrary
    continuing: FakeContinuing
    downloads: FakeDownloads
    housekeeper: FakeHousekeeper
    sessions: tuple[Session, ...] = field(default_factory=lambda: two_sessions(session()))

    def keep(self) -> None:
        """Put the history where the window reads it."""
        self.library.sessions = self.housekeeper.kept = self.sessions

    @property
    def answer(self) -> Attempt:
        """The answer that is reviewed: the second of the first interview, where it has two."""
        return self.sessions[0].attempts[:2][-1]

    def begin(self) -> None:
        """Start an interview; its first question is being asked."""
        self.conductor.begin(5, Order.LISTED, Mode.PRACTICE)


Scene = Callable[[Stage], QWidget]
"""Brings the window there, and returns it or the dialog in front of it."""


def two_sessions(one: Session) -> tuple[Session, ...]:
    """Return an interview and another one, two days later, with one of its answers given again."""
    again = one.attempts[:2][-1]
    again = replace(again, id="again", session_id="another", created=again.created + timedelta(days=2))
    again = replace(again, score=score(84.0, "Complete"))
    return one, replace(one, id="another", created=one.created + timedelta(days=2), attempts=(again,))


def half_a_year() -> Trends:
    """Two questions, each answered once in five days; the first twenty scored in another way."""
    gathering = Gathering()
    points = tuple((point.text, state) for point, state in zip(bank().questions[0].key_points, Coverage, strict=False))
    gathering.add(
        TrendRow(
            f"a{i}",
            bank().questions[i % 2].id,
            bank().title,
            bank().questions[i % 2].question,
            bank().questions[i % 2].topic,
            (NOW - timedelta(days=180 - 3 * i)).timestamp(),
            follow_up=i % 9 == 8,
            recipe=i >= 20,
            value=35.0 + i / 2 + 13 * (i % 3),
            low=25.0 + i / 2 + 13 * (i % 3),
            high=45.0 + i / 2 + 13 * (i % 3),
            points=points,
        )
        for i in range(60)
    )
    return gathering.done()


def settle(until: Callable[[], object] = lambda: True) -> None:
    """Let what waits happen: lists are filled, and plots drawn, a moment later."""
    for _ in range(3):
        QApplication.processEvents()
    limit = QDeadlineTimer(20_000)
    while not until():
        assert not limit.hasExpired(), "what was waited for did not happen"
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


# --- pages ---------------------------------------------------------------------------------------


def start(stage: Stage) -> QWidget:
    """With every banner that it can have at once."""
    library = stage.library
    stage.conductor.models_changed.emit(ModelsStatus("built-in recogniser", rough=True, ready=True))
    library.unfinished = 2
    library.count_pending()
    library.devices_loaded.emit(DeviceList((), library.devices.loudspeakers, library.devices.voices))
    kept = stage.sessions[0]
    begun = replace(kept, finished=None, attempts=kept.attempts[:3])
    stage.continuing.found.emit(Stopped(begun, len(begun.attempts), NOW, cut_off=len(begun.attempts) - 1))
    return stage.window


def asking(stage: Stage) -> QWidget:
    stage.begin()
    return stage.window


def recording(stage: Stage) -> QWidget:
    stage.begin()
    stage.conductor.to_recording()
    return stage.window


def feedback(stage: Stage) -> QWidget:
    stage.begin()
    stage.conductor.to_feedback(rough=True)
    return stage.window


def summary(stage: Stage) -> QWidget:
    stage.keep()
    stage.begin()
    stage.conductor.post(steps.End())
    return stage.window


def history(stage: Stage) -> QWidget:
    """With a banner, and with every filter that it can have."""
    stage.keep()
    stage.window.open_history()
    page = stage.window.shelf.history
    page.filters.reset()
    page.filters.starred.click()
    page.filters.starred.click()
    removed = Removed(attempts=("a",), files=("recordings/s/a.wav",), size_bytes=4_200_000)
    stage.housekeeper.deleted.emit(Deleted(removed))
    settle(page.open.isEnabled)
    return stage.window


def history_of_nothing(stage: Stage) -> QWidget:
    """What is sought is nowhere."""
    stage.keep()
    stage.window.open_history()
    page = stage.window.shelf.history
    page.filters.search.setText("nowhere")
    settle(page.lists.let_pass.isVisible)
    return stage.window


def review(stage: Stage) -> QWidget:
    """With the wave of its recording and the pace in the course of it."""
    stage.keep()
    stage.window.open_review(stage.answer.id)
    view = stage.window.shelf.review.view
    if stage.answer.clip is not None:
        stage.conductor.wave_loaded.emit(stage.conductor.waves[-1], envelope(stage.answer.clip.seconds))
        settle(lambda: view.wave.canvas is not None)
    return stage.window


def inline_edit(stage: Stage) -> QWidget:
    """A word of the transcript is being put right."""
    review(stage)
    text = stage.window.shelf.review.view.transcript
    text.setFocus(Qt.FocusReason.OtherFocusReason)
    text.put_cursor(2)
    QTest.keyClick(text, Qt.Key.Key_F2)
    return stage.window


def trends(stage: Stage) -> QWidget:
    stage.library.trends = half_a_year()
    stage.window.open_trends()
    settle(lambda: stage.window.shelf.trends.plot.canvas is not None)
    return stage.window


def compare(stage: Stage) -> QWidget:
    stage.keep()
    stage.window.open_compare(stage.answer.id, stage.sessions[-1].attempts[-1].id)
    return stage.window


def settings(stage: Stage) -> QWidget:
    stage.housekeeper.backups = (backup(stage.housekeeper.folder),)
    stage.window.open_settings()
    return stage.window


# --- dialogs -------------------------------------------------------------------------------------


def opened() -> QDialog:
    """Return the dialog that is open."""
    settle(lambda: QApplication.activeModalWidget() is not None)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QDialog)
    settle(dialog.isActiveWindow)
    return dialog


def about(stage: Stage) -> QWidget:
    stage.window._on_about()
    return opened()


def whisper(stage: Stage) -> QWidget:
    stage.window._on_whisper()
    return opened()


def edit(stage: Stage) -> QWidget:
    said = stage.answer.transcript
    stage.window._on_edit_review(said.text if said else "")
    return opened()


def export(stage: Stage) -> QWidget:
    history(stage)
    SessionExportDialog(stage.window).open()
    return opened()


def delete_one(stage: Stage) -> QWidget:
    """Copies are in the backups as well."""
    history(stage)
    stage.housekeeper.backups = (backup(stage.housekeeper.folder), backup(stage.housekeeper.folder, 3))
    stage.window.shelf.history.deletion_wanted.emit(stage.answer)
    return opened()


def delete_all(stage: Stage) -> QWidget:
    """A word is to be typed first, and was."""
    settings(stage)
    stage.window.shelf.settings.data.deletion_wanted.emit(None)
    dialog = opened()
    dialog._typed.setText("delete")
    return dialog


def removed(stage: Stage) -> QWidget:
    history(stage)
    stage.window.board.notice("removed").action.click()
    return opened()


PAGES: tuple[Scene, ...] = (
    start, asking, recording, feedback, summary, history, history_of_nothing, review, inline_edit, trends, compare,
    settings,
)  # fmt: skip
DIALOGS: tuple[Scene, ...] = (about, whisper, edit, export, delete_one, delete_all, removed)
