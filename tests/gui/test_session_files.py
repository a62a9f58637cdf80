"""A session is written out and opened from the window: dialog, file chooser, and what is told afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from interviewer.core.settings import Appearance
from interviewer.core.state import State
from interviewer.core.steps import Phase
from interviewer.gui.dialogs.session_export import SessionExportDialog
from interviewer.gui.session_filing import KEPT, WORKING, WRITTEN, SessionFiling
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.filing_bar import FilingBar
from interviewer.gui.widgets.notice import NoticeBoard
from interviewer.reports.forms import ABOUT, Form
from interviewer.workers.session_files import SessionKept, SessionWritten, Wanted


class FakeFiles(QObject):
    working_changed = Signal(int)
    written = Signal(object)
    kept = Signal(object)
    told = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.wanted: list[Wanted] = []
        self.taken: list[Path] = []

    def write(self, wanted: Wanted) -> None:
        self.wanted.append(wanted)

    def take(self, path: Path) -> None:
        self.taken.append(path)


@pytest.fixture
def files(qapp):
    return FakeFiles()


@pytest.fixture
def host(qtbot):
    theme = Theme(QApplication.instance(), Appearance.LIGHT)
    made = QWidget()
    made.board = NoticeBoard(theme)
    QVBoxLayout(made).addWidget(made.board)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


@pytest.fixture
def filing(host, library, files):
    return SessionFiling(host, host.board, library, files)


def told(host, key):
    notice = host.board.notice(key)
    return None if notice is None else (notice.word.fact, notice.word.hint.replace("\u200b", ""), notice.word.tone)


def words(widget):
    return " ".join(part.text() for part in widget.findChildren(QLabel)).replace("\u200b", "")


# --- the dialog ---------------------------------------------------------------------------------


def test_every_form_can_be_chosen_and_says_what_it_is_for(qtbot, host):
    dialog = SessionExportDialog(host)
    names = [dialog.choices.button(number).accessibleName() for number in range(len(ABOUT))]
    assert names == [about.name for about in ABOUT.values()]
    assert all(dialog.choices.button(number).accessibleDescription() for number in range(len(ABOUT)))


def test_recordings_are_offered_only_where_there_is_a_place_for_them(qtbot, host):
    dialog = SessionExportDialog(host, audio=True)
    seen = {}
    for number, form in enumerate(ABOUT):
        dialog.choices.button(number).click()
        seen[form] = (dialog.audio.isEnabled(), dialog.audio.isChecked())
    assert seen[Form.HTML] == seen[Form.SRT] == (True, True)
    assert seen[Form.PDF] == seen[Form.JSON] == (False, False)
    assert seen[Form.ZIP] == (False, True)


def test_the_keys_alone_choose_a_form(qtbot, host, filing, dialog):
    filing.export("s1")
    found = dialog()
    with qtbot.waitSignal(found.chosen) as chosen:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert chosen.args == [Form.PDF, False, True]


# --- out ----------------------------------------------------------------------------------------


def test_what_was_chosen_is_written_where_it_was_chosen(qtbot, filing, files, dialog, tmp_path):
    filing.export("s1")
    found = dialog()
    found.audio.click()
    found.notes.click()
    found.save.click()
    chooser = dialog()
    assert chooser.selectedFiles()[0].endswith("interview-s1.html")
    chooser.reject()
    filing.write_to(str(tmp_path / "mine.html"))
    assert files.wanted == [Wanted("s1", Form.HTML, tmp_path / "mine.html", audio=True, notes=False, over=True)]


def test_a_sound_file_beside_subtitles_is_asked_about_too(filing, files, dialog, tmp_path):
    (tmp_path / "mine.flac").write_bytes(b"mine")
    wanted = Wanted("", Form.SRT, tmp_path / "mine.srt", audio=True, over=True)
    filing._form, filing._audio = Form.SRT, True
    filing.write_to(str(tmp_path / "mine.srt"))
    asked = dialog()
    assert "mine.flac is there already" in words(asked)
    asked.cancel.click()
    assert files.wanted == []
    filing.write_to(str(tmp_path / "mine.srt"))
    dialog().delete.click()
    assert files.wanted == [wanted]


def test_where_no_sound_file_is_in_the_way_nobody_is_asked(filing, files, tmp_path):
    (tmp_path / "mine.flac").write_bytes(b"mine")
    for form, audio, name in ((Form.SRT, False, "mine.srt"), (Form.VTT, True, "x.vtt"), (Form.HTML, True, "mine.html")):
        filing._form, filing._audio = form, audio
        filing.write_to(str(tmp_path / name))
    assert [wanted.out.name for wanted in files.wanted] == ["mine.srt", "x.vtt", "mine.html"]


def test_what_was_written_is_told_with_what_is_missing(host, filing, files, tmp_path):
    files.written.emit(SessionWritten(tmp_path / "s.zip"))
    assert told(host, WRITTEN) == ("The session was exported", str(tmp_path / "s.zip"), "good")
    files.written.emit(SessionWritten(tmp_path / "s.srt", ("a.wav",), tmp_path / "s.flac"))
    _, hint, tone = told(host, WRITTEN)
    assert "its recordings in s.flac. 1 recording could not be taken along" in hint
    assert tone == "warn"


def test_work_under_way_is_told_and_then_gone(host, filing, files):
    files.working_changed.emit(1)
    assert told(host, WORKING) is not None
    files.working_changed.emit(0)
    assert told(host, WORKING) is None


# --- in -----------------------------------------------------------------------------------------


def test_a_file_that_was_chosen_is_taken(filing, files, dialog, tmp_path):
    filing.open_file()
    dialog().reject()
    filing.take_from(str(tmp_path / "s.zip"))
    assert files.taken == [tmp_path / "s.zip"]


def test_a_session_that_came_is_told_and_lists_and_offers_look_again(qtbot, host, filing, library, files):
    with qtbot.waitSignals([library.changed, library.unfinished_found]):
        files.kept.emit(SessionKept("s1", 3, 2))
    assert told(host, KEPT) == ("The session is here now", "3 answers with 2 recordings, in History.", "good")
    files.kept.emit(SessionKept("s2", 1, 0, ("answer-01.wav",)))
    assert told(host, KEPT)[1:] == ("1 answer, in History. 1 recording did not come along; the texts did.", "warn")


def test_what_was_told_is_gone_when_an_interview_begins(host, filing, files, tmp_path):
    files.written.emit(SessionWritten(tmp_path / "s.zip"))
    filing.follow(State())
    assert told(host, WRITTEN) is not None
    filing.follow(State(phase=Phase.ASKING))
    assert told(host, WRITTEN) is None


# --- the buttons ----------------------------------------------------------------------------------


def test_the_buttons_have_keys(qtbot, host):
    bar = FilingBar()
    host.layout().addWidget(bar)
    bar.show()
    with qtbot.waitSignal(bar.export_wanted):
        qtbot.keyClick(host, Qt.Key.Key_X)
    with qtbot.waitSignal(bar.open_wanted):
        qtbot.keyClick(host, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    bar.offer(False)
    with qtbot.assertNotEmitted(bar.export_wanted):
        qtbot.keyClick(host, Qt.Key.Key_X)
