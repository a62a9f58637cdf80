"""Asks what a session is to be written out as."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QDialog, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from interviewer.gui.keys import TabStop, bind
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.labels import label
from interviewer.reports.forms import ABOUT, Form

_WIDTH_PX = 600
_INDENT_PX = 33


class SessionExportDialog(QDialog):
    """Shown with `open()`. The form chosen last is chosen again."""

    chosen = Signal(object, bool, bool)  # Form; whether recordings (where the form has a place for them) and notes go

    def __init__(self, parent: QWidget, *, form: Form = Form.HTML, audio: bool = False, notes: bool = True) -> None:
        """Ask, with `form` chosen, and recordings and notes wanted or not."""
        super().__init__(parent)
        self.setWindowTitle("Export this session")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(_WIDTH_PX)
        self._forms = [*ABOUT]
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 22, 24, 20)
        self._column.setSpacing(8)
        self._column.addWidget(label("Export this session", size="title"))
        self.choices = QButtonGroup(self)
        TabStop(self.choices)
        for number, one in enumerate(self._forms):
            self._add(number, one)
        self._wanted = audio
        """Whether the recordings are wanted where they have a place and may be left out."""
        self.audio = QCheckBox()
        self.audio.clicked.connect(self._on_audio)
        self._column.addSpacing(4)
        self._column.addWidget(self.audio)
        self._sound = label(size="caption", tone="muted", wrap=True)
        self._column.addWidget(self._sound)
        self.notes = QCheckBox("With my notes")
        self.notes.setAccessibleDescription("What you wrote beside the answers.")
        self.notes.setChecked(notes)
        self._column.addWidget(self.notes)
        self._column.addStretch(1)
        self._add_buttons()
        self.choices.button(self._forms.index(form)).setChecked(True)
        self.choices.idToggled.connect(self._on_toggled)
        self._show_sound()

    @property
    def form(self) -> Form:
        """The form that is chosen."""
        return self._forms[self.choices.checkedId()]

    def showEvent(self, event: QShowEvent) -> None:
        """Begin at the form that is chosen."""
        super().showEvent(event)
        self.choices.checkedButton().setFocus(Qt.FocusReason.OtherFocusReason)
        # Only now the fonts are those of the style sheet, and wrapped text knows how tall it is.
        self.setFixedHeight(self._column.totalHeightForWidth(_WIDTH_PX))

    def _add(self, number: int, form: Form) -> None:
        about = ABOUT[form]
        button = QRadioButton(about.name)
        button.setAccessibleName(about.name)
        button.setAccessibleDescription(about.hint)
        self.choices.addButton(button, number)
        hint = label(about.hint, size="caption", tone="muted", wrap=True)
        hint.setContentsMargins(_INDENT_PX, 0, 0, 0)
        pair = QVBoxLayout()
        pair.setSpacing(0)
        pair.addWidget(button)
        pair.addWidget(hint)
        self._column.addLayout(pair)

    def _add_buttons(self) -> None:
        row = QHBoxLayout()
        cancel = Button("Cancel", key="Esc")
        self.save = Button("Choose where…", role="primary", key="Enter")
        row.addWidget(cancel)
        row.addStretch(1)
        row.addWidget(self.save)
        self._column.addLayout(row)
        cancel.clicked.connect(self.reject)
        self.save.clicked.connect(self._on_save)
        # A radio button that has the focus would not press it.
        bind(self, ("Return", "Enter"), self._on_save)

    def _show_sound(self) -> None:
        """Say what becomes of the recordings in the form chosen; no row comes or goes, so nothing moves."""
        about = ABOUT[self.form]
        self.audio.setText(about.sound or "With the recordings")
        self.audio.setAccessibleName(self.audio.text())
        self.audio.setEnabled(bool(about.sound))
        self.audio.setChecked(self.form is Form.ZIP or (self._wanted and bool(about.sound)))
        match self.form:
            case Form.ZIP:
                words = "The recordings are in it, as they are kept."
            case Form.HTML:
                words = "As MP3: about half a megabyte a minute."
            case Form.SRT | Form.VTT:
                words = "As FLAC of the same name, one answer after the other."
            case _:
                words = "This form has no place for recordings."
        self._sound.setText(words)

    @Slot(int, bool)
    def _on_toggled(self, _number: int, checked: bool) -> None:
        if checked:
            self._show_sound()

    @Slot(bool)
    def _on_audio(self, wanted: bool) -> None:
        self._wanted = wanted

    @Slot()
    def _on_save(self) -> None:
        form = self.form
        self.chosen.emit(form, self._wanted, self.notes.isChecked())
        self.accept()
