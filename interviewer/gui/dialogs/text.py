"""A dialog for a longer text: typing an answer, or putting a transcript right."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from interviewer.gui.keys import bind
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.labels import label


class TextDialog(QDialog):
    """Shown with `open()`: the window behind goes on, only its keys do not."""

    written = Signal(str)  # the text, not empty

    def __init__(self, parent: QWidget, *, title: str, words: str, text: str, done: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(680, 420)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(12)
        column.addWidget(label(title, size="title"))
        column.addWidget(label(words, tone="muted", wrap=True))
        self.edit = QPlainTextEdit()
        self.edit.setAccessibleName(title)
        self.edit.setTabChangesFocus(True)
        self.edit.setPlainText(text)
        column.addWidget(self.edit, 1)
        row = QHBoxLayout()
        cancel = Button("Cancel", key="Esc")
        self.done_button = Button(done, role="primary", key="Ctrl+↵")
        row.addWidget(cancel)
        row.addStretch(1)
        row.addWidget(self.done_button)
        column.addLayout(row)
        cancel.clicked.connect(self.reject)
        self.done_button.clicked.connect(self._on_done)
        self.edit.textChanged.connect(self._on_text_changed)
        bind(self, ("Ctrl+Return", "Ctrl+Enter"), self._on_done)
        self._on_text_changed()
        self.edit.setFocus()

    @Slot()
    def _on_text_changed(self) -> None:
        self.done_button.setEnabled(bool(self.edit.toPlainText().strip()))

    @Slot()
    def _on_done(self) -> None:
        text = self.edit.toPlainText().strip()
        if text:
            self.accept()  # first: where the text cannot be taken another is opened with it
            self.written.emit(text)


def typed_answer(parent: QWidget, question: str) -> TextDialog:
    """Return the dialog for an answer written instead of spoken."""
    return TextDialog(parent, title="Type your answer", words=question, text="", done="Hand it in")


def edit_transcript(parent: QWidget, text: str) -> TextDialog:
    """Return the dialog that puts right what was written down."""
    words = "Put right what was misheard. The answer is scored again; the recording and the first text are kept."
    return TextDialog(parent, title="Edit the transcript", words=words, text=text, done="Save and score")
