"""One Whisper model: what it is, what to expect of it, how it stands with it, and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from interviewer.core.errors import ModelCorrupt
from interviewer.core.transfers import size_words
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.labels import label
from interviewer.gui.widgets.model_rows import state_words, title_of
from interviewer.gui.widgets.transfer_strip import TransferStrip

if TYPE_CHECKING:
    from interviewer.workers.downloads import Job, WhisperModel

_WHOLE = {
    "verify": "Checked: every byte is as it was published.",
    "download": "Downloaded and checked.",
    "delete": "Deleted.",
}
_WHOLE_OWN = "Checked: it can be read to its end. Nobody published a hash to compare it with."


class ModelDetails(QFrame):
    """Wishes about the model shown are told with its name; showing one changes nothing."""

    download_wanted = Signal(str)
    cancel_wanted = Signal(str)
    use_wanted = Signal(str)
    verify_wanted = Signal(str)
    delete_wanted = Signal(str)
    address_wanted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("panel", "card")
        self._name = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(10)
        self.title = label(size="title", wrap=True)
        self.facts = label(tone="muted", wrap=True)
        self.expect = label(wrap=True)
        self.place = label(size="caption", tone="muted", wrap=True, selectable=True)
        self.strip = TransferStrip(theme)
        for part in (self.title, self.facts, self.expect, self.place):
            column.addWidget(part)
        column.addStretch(1)
        column.addWidget(self.strip)
        column.addWidget(self._buttons())
        column.addWidget(self._question())
        self.strip.cancelled.connect(self._on_cancel)

    def _buttons(self) -> QWidget:
        self.actions = QWidget()
        row = QHBoxLayout(self.actions)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.download = Button("Download", role="primary")
        self.use = Button("Use", role="primary")
        self.verify = Button("Verify")
        self.delete = Button("Delete")
        self.address = Button("Copy address", role="quiet")
        for button, wish in (
            (self.download, self._on_download),
            (self.use, self._on_use),
            (self.verify, self._on_verify),
            (self.delete, self._on_delete),
            (self.address, self._on_address),
        ):
            row.addWidget(button)
            button.clicked.connect(wish)
        row.addStretch(1)
        return self.actions

    def _question(self) -> QWidget:
        """What asks before a file is deleted."""
        self.question = QWidget()
        row = QHBoxLayout(self.question)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._asked = label(wrap=True)
        self.keep = Button("Keep it")
        self.really = Button("Delete it")
        row.addWidget(self._asked, 1)
        row.addWidget(self.keep)
        row.addWidget(self.really)
        self.keep.clicked.connect(self._on_keep)
        self.really.clicked.connect(self._on_really)
        self.question.hide()
        return self.question

    def show_model(self, model: WhisperModel, job: Job | None, *, in_use: bool) -> None:
        """Show a model and offer what can be done with it now."""
        if model.name != self._name:
            self._name = model.name
            self._ask(False)
        name = title_of(model)
        self.title.setText(name)
        self.facts.setText(
            f"{size_words(model.size_mb * 1e6)} · {model.languages} · {state_words(model, job, in_use=in_use)}"
        )
        self.expect.setText(model.expect)
        self.place.setText(str(model.path or ""))
        self.place.setVisible(model.path is not None)
        whole = _WHOLE.get(job.task.value, "") if job is not None else ""
        self.strip.show_job(job, name, done=_WHOLE_OWN if whole == _WHOLE["verify"] and not model.sha256 else whole)
        self._offer(model, job, name, in_use=in_use)

    def _offer(self, model: WhisperModel, job: Job | None, name: str, *, in_use: bool) -> None:
        idle = job is None or not job.under_way
        damaged = job is not None and isinstance(job.problem, ModelCorrupt)
        part = bool(model.part_bytes) and not model.present
        self.download.say("Download again" if damaged and model.present else "Go on" if part else "Download")
        self.download.setVisible(idle and model.sha256 is not None and (damaged or not model.present))
        self.use.setVisible(idle and model.present and not in_use and not damaged)
        self.verify.setVisible(idle and model.present)
        self.delete.setVisible(idle and (model.ours or part))
        self.address.setVisible(idle and model.sha256 is not None and not model.present)
        for button in (self.download, self.use, self.verify, self.delete):
            button.setAccessibleName(f"{button.text()} {name}")
        self.address.setAccessibleName(f"Copy the address of {name}")
        size = size_words(model.size_mb * 1e6 if model.present else model.part_bytes)
        self._asked.setText(f"Delete {name} ({size}) from this computer?")
        if not idle or self.delete.isHidden():
            self._ask(False)

    def _ask(self, asking: bool) -> None:
        self.question.setVisible(asking)
        self.actions.setVisible(not asking)

    @Slot()
    def primary(self) -> None:
        """Do what the emphasised button would do, if there is one."""
        for button in (self.download, self.use):
            if not button.isHidden() and not self.actions.isHidden():
                button.click()
                return

    @Slot()
    def _on_download(self) -> None:
        self.download_wanted.emit(self._name)

    @Slot()
    def _on_use(self) -> None:
        self.use_wanted.emit(self._name)

    @Slot()
    def _on_verify(self) -> None:
        self.verify_wanted.emit(self._name)

    @Slot()
    def _on_address(self) -> None:
        self.address_wanted.emit(self._name)

    @Slot()
    def _on_cancel(self) -> None:
        self.cancel_wanted.emit(self._name)

    @Slot()
    def _on_delete(self) -> None:
        self._ask(True)
        self.keep.setFocus()

    @Slot()
    def _on_keep(self) -> None:
        self._ask(False)
        self.delete.setFocus()

    @Slot()
    def _on_really(self) -> None:
        self._ask(False)
        self.delete_wanted.emit(self._name)
