"""Puts the words of an answer right where they stand, takes it back, and shows what was heard at first."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from interviewer.core.models import Transcript
from interviewer.core.text import sentences
from interviewer.core.verdict import score_words
from interviewer.gui.keys import ENTER
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.inline_edit import InlineEdit
from interviewer.gui.widgets.labels import label, wrappable
from interviewer.gui.widgets.transcript_view import TranscriptView
from interviewer.workers.editing import Edition

MOVED = "The text was changed elsewhere meanwhile. Escape leaves what you typed."
HINT = "Double-click a word, or press F2 at it, to put it right; once more takes the whole sentence."


class TranscriptEditor(QWidget):
    """Stands under a TranscriptView and lends it an editor; the page has the answer edited and shown."""

    begun = Signal()  # somebody begins to type
    paused = Signal(int, int, str)  # first word, one past the last, what is typed for them so far
    replaced = Signal(int, int, str)  # the same, when it is done
    whole_wanted = Signal()  # the words shown are not those of the text: it can only be edited as a whole
    undo_wanted = Signal()
    redo_wanted = Signal()
    told = Signal(str)  # what has changed, for a screen reader

    def __init__(self, view: TranscriptView) -> None:
        super().__init__()
        self._view = view
        self._edition: Edition | None = None
        self._ready: Callable[[], bool] = lambda: True
        self._words = (0, 0)
        """What is being edited."""
        self._there = ""
        """What it was before."""
        self._place = 0
        """The word at which the user is, through every change of the text."""
        self._pressed_twice = False
        self._field: InlineEdit | None = None
        self._moved = QTimer(self)
        self._moved.setSingleShot(True)
        self._moved.setInterval(0)
        self._moved.timeout.connect(self._stand_over)
        self._build()
        # Kept, because a view that is being taken down still has events and can no longer be asked for it.
        self._glass = view.viewport()
        view.installEventFilter(self)
        self._glass.installEventFilter(self)
        self.show_edition(None)

    def _build(self) -> None:
        self.status = label(HINT, size="caption", tone="muted", wrap=True)
        self.undo_button = Button("Undo", role="quiet")
        self.redo_button = Button("Redo", role="quiet")
        self.heard_button = Button("Show what was heard", role="quiet")
        self.heard_button.setCheckable(True)
        self.undo_button.setToolTip("Key: Ctrl+Z")
        self.redo_button.setToolTip("Key: Ctrl+Shift+Z")
        row = QHBoxLayout()
        row.addWidget(self.status, 1)
        for button in (self.undo_button, self.redo_button, self.heard_button):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.heard_title = label(size="caption", tone="muted", wrap=True)
        self.heard = label(wrap=True, selectable=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.heard_title)
        column.addWidget(self.heard)
        self.undo_button.clicked.connect(self.undo)
        self.redo_button.clicked.connect(self.redo)
        self.heard_button.toggled.connect(self._on_heard_toggled)

    # --- what the page shows --------------------------------------------------------------

    def show_edition(self, edition: Edition | None) -> None:
        """Tell where an answer stands between its edits, once the view shows it; None: it cannot be edited.

        What is being typed stays where it is.
        """
        before, self._edition = self._edition, edition
        same = before is not None and edition is not None and before.attempt.id == edition.attempt.id
        if not same:
            self._place = 0
            self.drop()
            self.heard_button.setChecked(False)
        self.undo_button.setEnabled(edition is not None and edition.can_undo)
        self.redo_button.setEnabled(edition is not None and edition.can_redo)
        changed = edition is not None and edition.attempt.transcript != edition.original
        self.heard_button.setEnabled(changed)
        if not changed:
            self.heard_button.setChecked(False)
        self.status.setText(_status(edition))
        self._show_heard()
        if same:
            self._view.put_cursor(self._place)
            self._stand_over()
            self._tell(before, edition)

    def ask_first(self, ready: Callable[[], bool]) -> None:
        """Have `ready` asked whether an edit can be taken, before anybody types and once more before it is handed in.

        It tells by itself why not.
        """
        self._ready = ready

    def drop(self) -> None:
        """Leave what is being typed."""
        if self._field is not None:
            self._field.close()

    def _tell(self, before: Edition | None, edition: Edition | None) -> None:
        if before is None or edition is None or edition.judging or edition.attempt == before.attempt:
            return
        score = edition.attempt.score
        if score is not None:
            self.told.emit(f"The text is scored: {score_words(score)}.")

    def _show_heard(self) -> None:
        edition, shown = self._edition, self.heard_button.isChecked()
        if edition is not None:
            by = "What you typed at first" if edition.original.engine == "typed" else "What was heard"
            self.heard_title.setText(f"{by}, before it was put right:")
            self.heard.setText(wrappable(edition.original.text))
        for one in (self.heard_title, self.heard):
            one.setVisible(shown)

    # --- what the user does ---------------------------------------------------------------

    @Slot()
    def begin(self) -> None:
        """Edit the words selected in the view, or the one at its cursor."""
        transcript = self._transcript
        if transcript is None:
            return
        if self._field is not None and self._field.is_open:
            self._field.setFocus(Qt.FocusReason.OtherFocusReason)  # what is in it could not be taken yet
            return
        chosen = self._view.chosen()
        if chosen is None or self._view.count != len(transcript.text.split()):
            self.whole_wanted.emit()
            return
        if self._ready():
            self._open(chosen, None)
            self.begun.emit()

    @Slot()
    def undo(self) -> None:
        """Ask for the version before, and stay at the same word."""
        if self._edition is not None and self._edition.can_undo and self._ready():
            self.drop()
            self.undo_wanted.emit()

    @Slot()
    def redo(self) -> None:
        """Ask for the version after, and stay at the same word."""
        if self._edition is not None and self._edition.can_redo and self._ready():
            self.drop()
            self.redo_wanted.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Begin on F2 and on a double click; on Enter where words are selected or there is nothing to hear."""
        kind = event.type()
        if kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) and isinstance(event, QKeyEvent):
            if self._begins(event):
                event.accept()
                if kind is QEvent.Type.KeyPress:
                    self.begin()
                return True
        elif watched is self._glass:
            if kind is QEvent.Type.MouseButtonDblClick:
                self._pressed_twice = True
            elif kind is QEvent.Type.MouseButtonRelease and self._pressed_twice:
                self._pressed_twice = False
                self.begin()
                return True
        elif kind in (QEvent.Type.Resize, QEvent.Type.Move):
            # The view is resized while its text is laid out, and where a word is cannot be asked then.
            self._moved.start()
        if kind in (QEvent.Type.KeyRelease, QEvent.Type.MouseButtonRelease):
            self._place = (self._view.chosen() or (self._place,))[0]
        return super().eventFilter(watched, event)

    def _begins(self, event: QKeyEvent) -> bool:
        if self._transcript is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        silent = not self._view.can_hear
        chosen = self._view.textCursor().hasSelection()
        return event.key() == Qt.Key.Key_F2 or (event.key() in ENTER and (chosen or silent))

    @property
    def _transcript(self) -> Transcript | None:
        return self._edition.attempt.transcript if self._edition else None

    # --- the field ------------------------------------------------------------------------

    def _open(self, words: tuple[int, int], text: str | None) -> None:
        """Show the field over words, with what they are or with `text`."""
        self._words, self._place = words, words[0]
        self._there = there = self._now()
        name = f"Put right: {there}"
        field = self._made_field()
        field.stand_over(*self._over())
        field.open(there if text is None else text, name, selected=text is None)

    def _now(self) -> str:
        """Return what stands now where it is edited."""
        return " ".join(self._transcript.text.split()[slice(*self._words)]) if self._transcript else ""

    def _made_field(self) -> InlineEdit:
        if self._field is None:
            parent = self._view.parentWidget()
            assert parent is not None  # a view that is seen stands in something
            self._field = InlineEdit(parent)
            self._field.done.connect(self._on_done)
            self._field.dropped.connect(self._on_dropped)
            self._field.widened.connect(self._on_widened)
            self._field.paused.connect(self._on_paused)
        return self._field

    def _over(self) -> tuple[QRect, QRect, QRect]:
        """Return where the words begin and end and the room there is, in the widget that holds the view."""
        inside = self._view.viewport()
        aside = inside.mapTo(self._view.parentWidget(), QPoint(0, 0))
        begin, end = self._view.outline(self._words)
        return begin.translated(aside), end.translated(aside), inside.rect().translated(aside)

    @Slot()
    def _stand_over(self) -> None:
        if self._field is not None and self._field.is_open and self._words[1] <= self._view.count:
            self._field.stand_over(*self._over())

    @Slot(str)
    def _on_done(self, text: str) -> None:
        """Hand in what was typed; where it cannot be taken it stays to be seen, and the field open."""
        if text != self._there and not (self._still_there() and self._ready()):
            self._made_field().go_on()
            return
        self._leave()
        if text != self._there:
            self.replaced.emit(*self._words, text)

    def _still_there(self) -> bool:
        """Whether what is edited is in the text as it was; tells where it is not."""
        if self._now() == self._there:
            return True
        self.status.setText(MOVED)
        self.told.emit(MOVED)
        return False

    @Slot()
    def _on_dropped(self) -> None:
        self._leave()
        self.status.setText(_status(self._edition))

    def _leave(self) -> None:
        """Close the field; who is still in it goes back to the text."""
        assert self._field is not None  # it has just said something
        if self._field.hasFocus():
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._field.close()
        self._view.put_cursor(self._place)

    @Slot(str)
    def _on_widened(self, text: str) -> None:
        """Go on with the sentence, with what was typed so far in its place."""
        if self._transcript is None or not self._still_there():
            return
        words = self._transcript.text.split()
        around = [s for s in sentences(words) if s.start < self._words[1] and s.stop > self._words[0]]
        first, stop = around[0].start, around[-1].stop
        typed = [*words[first : self._words[0]], *text.split(), *words[self._words[1] : stop]]
        self._open((first, stop), " ".join(typed))

    @Slot(str)
    def _on_paused(self, text: str) -> None:
        if self._now() == self._there:
            self.paused.emit(*self._words, text)

    @Slot(bool)
    def _on_heard_toggled(self, shown: bool) -> None:
        self.heard_button.say("Hide what was heard" if shown else "Show what was heard")
        self._show_heard()
        if shown:
            self.told.emit(f"{self.heard_title.text()} {self.heard.text()}")


def _status(edition: Edition | None) -> str:
    """Return in a sentence where an answer stands; "" for none."""
    if edition is None or edition.attempt.transcript is None:
        return ""
    if edition.judging:
        return "Scoring the text…"
    if edition.attempt.transcript != edition.original:
        recording = edition.attempt.clip is not None
        return f"Put right by you. The first text {'and the recording are' if recording else 'is'} kept."
    return HINT
