"""The library's stand-in: what a test puts in it is what was kept."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Signal

from interviewer.core.models import Question
from interviewer.core.trends import empty as no_trends
from interviewer.core.usual import Usual
from interviewer.workers.status import Backlog
from tests.gui.fake_downloads import three_models
from tests.gui.fake_editing import FakeEditing
from tests.gui.fake_history import FakeFinder
from tests.gui.fakes import bank, devices


class FakeLibrary(FakeFinder):
    """Keeps what a test puts in it and answers at once."""

    sessions_loaded = Signal(object)
    attempt_loaded = Signal(object)
    trends_loaded = Signal(object)
    usual_loaded = Signal(object)
    rewriting = Signal(int, int, object)
    changed = Signal()
    gone = Signal(object)
    unfinished_found = Signal(object)
    others_found = Signal(object)
    devices_loaded = Signal(object)
    whisper_models_loaded = Signal(object)
    bank_changed = Signal(object)
    told = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.bank = bank()
        self.trends = no_trends()
        self.editing = FakeEditing(self)
        self.editor = self.editing.editor
        self.usual: Usual | None = None
        self.devices = devices()
        self.models = three_models()
        self.others = Backlog()
        self.unfinished = 0
        """How many, of a minute and a half each."""

    def question(self, question_id: str) -> Question | None:
        return self.bank.question(question_id)

    def open_bank(self, path: Path) -> None:
        self.calls.append(("open_bank", path))

    def load_sessions(self) -> None:
        self.sessions_loaded.emit(self.sessions)

    def load_trends(self) -> None:
        self.trends_loaded.emit(self.trends)

    def load_attempt(self, attempt_id: str) -> None:
        for one in (a for s in self.sessions for a in s.attempts if a.id == attempt_id):
            self.attempt_loaded.emit(one)

    def rescore(self, attempt_ids: Iterable[str]) -> None:
        self.calls.append(("rescore", *attempt_ids))

    def correct(self, attempt_id: str, text: str) -> None:
        self.calls.append(("correct", attempt_id, text))

    def load_usual(self, _attempt_id: str) -> None:
        self.usual_loaded.emit(self.usual)

    def count_pending(self) -> None:
        self.unfinished_found.emit(Backlog(self.unfinished, 90.0 * self.unfinished))
        self.others_found.emit(self.others)

    def arrived(self) -> None:
        self.changed.emit()
        self.count_pending()

    def rewrite_others(self) -> None:
        self.calls.append(("rewrite_others",))

    def rewrite_unfinished(self) -> None:
        self.calls.append(("rewrite_unfinished",))

    def cancel_rewrite(self) -> None:
        self.calls.append(("cancel_rewrite",))

    def load_devices(self) -> None:
        self.devices_loaded.emit(self.devices)

    def load_models(self) -> None:
        self.whisper_models_loaded.emit(self.models)
