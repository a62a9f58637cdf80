"""Asks before something is deleted: what will go, that it cannot be undone, what of the backups."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from interviewer.core.removal import count_words
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.labels import breakable, label

WORD = "delete"
"""What is to be typed before everything goes."""
_WIDTH_PX = 560


class DeletionDialog(QDialog):
    """Shown with `open()`. Cancel has the focus, and is what Enter and Esc mean."""

    confirmed = Signal(bool)  # whether the backups are to lose their copies too

    def __init__(self, parent: QWidget, *, title: str, subject: str, words: str, verb: str = "Delete") -> None:
        """Ask `title` about `subject`, with `words` saying what will go."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(_WIDTH_PX)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 22, 24, 20)
        self._column.setSpacing(12)
        self._column.addWidget(label(title, size="title", wrap=True))
        if subject:
            self._column.addWidget(label(subject, size="section", wrap=True))
        self._column.addWidget(label(words, wrap=True))
        self._backups: QCheckBox | None = None
        self._typed: QLineEdit | None = None
        self._column.addStretch(1)
        row = QHBoxLayout()
        self.cancel = Button("Cancel", key="Esc")
        self.delete = Button(verb, role="danger")
        self.delete.setAutoDefault(False)
        self.cancel.setDefault(True)
        row.addStretch(1)
        row.addWidget(self.delete)
        row.addWidget(self.cancel)
        self._column.addLayout(row)
        self.cancel.clicked.connect(self.reject)
        self.delete.clicked.connect(self._on_delete)

    def offer_backups(self, count: int, folder: Path) -> None:
        """Offer to delete the copies in so many backups as well."""
        box = self._backups = QCheckBox("Also from the backups")
        box.setAccessibleName(f"Also from the backups in {folder}")
        copies = "One backup may hold a copy" if count == 1 else f"{count} backups may hold copies"
        words = f"{copies}, in {breakable(folder)}. Ticked: a fresh backup is made first, then the older ones go."
        box.setAccessibleDescription(words)
        self._add(box, label(words, size="caption", tone="muted", wrap=True))

    def ask_for_word(self) -> None:
        """Let nothing be deleted before a word was typed."""
        self._typed = QLineEdit()
        self._typed.setAccessibleName(f"Type {WORD} to go on")
        self._typed.setMaxLength(20)
        self._typed.textChanged.connect(self._on_typed)
        self._add(label(f"Type “{WORD}” to go on:"), self._typed)
        self.delete.setEnabled(False)

    def showEvent(self, event: QShowEvent) -> None:
        """Have the harmless answer ready."""
        super().showEvent(event)
        self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        # Only now the fonts are those of the style sheet, and wrapped text knows how tall it is.
        self.setFixedHeight(self._column.totalHeightForWidth(_WIDTH_PX))

    def _add(self, *widgets: QWidget) -> None:
        for widget in widgets:
            self._column.insertWidget(self._column.count() - 2, widget)

    @Slot(str)
    def _on_typed(self, text: str) -> None:
        self.delete.setEnabled(text.strip().casefold() == WORD)

    @Slot()
    def _on_delete(self) -> None:
        self.confirmed.emit(self._backups is not None and self._backups.isChecked())
        self.accept()


def sure(parent: QWidget, *, title: str, words: str, verb: str) -> DeletionDialog:
    """Return the dialog for a choice that deletes something right away."""
    return DeletionDialog(parent, title=title, subject="", words=words, verb=verb)


def what_goes(answers: int, recordings: int) -> str:
    """Return what belongs to so many answers: "4 answers with their texts and scores, and 3 recordings"."""
    if answers == 1:
        return "The answer with its text and score" + (", and its recording" if recordings else "")
    words = f"{count_words(answers, 'answer')} with their texts and scores"
    return f"{words}, and {count_words(recordings, 'recording')}" if recordings else words
