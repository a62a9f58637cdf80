"""A text to read whose pieces can be chosen: by a click, or by Enter at the cursor."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QPoint, Qt, Slot
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QShowEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit

from interviewer.gui.keys import ENTER
from interviewer.gui.theme import Theme

LINE_HEIGHT_PERCENT = 140.0
FRAME_PX = 3
"""Above and below the text, of the stylesheet: a line around the text that has the focus, and room to it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text that is chosen as a whole, with how it looks."""

    text: str
    form: QTextCharFormat = field(default_factory=QTextCharFormat)
    before: QTextCharFormat = field(default_factory=QTextCharFormat)
    """How the space before it looks; the first piece has none."""
    note: str = ""
    """Stands raised behind it."""
    note_form: QTextCharFormat = field(default_factory=QTextCharFormat)


class ReadingText(QTextEdit):
    """As tall as its text; the page scrolls. Text is only ever inserted as plain text.

    A subclass makes the pieces (`_pieces`), says which can be chosen, and does what is then to be done.
    """

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._shown: tuple[Piece, ...] = ()
        self._ends: list[int] = []
        self._pressed_at: int | None = None
        self._stale = False
        """Whether the marks have the colours of another look."""
        self._lit: tuple[int, int] | None = None
        self.setAccessibleName(name)
        self.setProperty("role", "reading")
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(self._on_size_changed)
        theme.changed.connect(self._on_theme_changed)

    # --- what a subclass says ------------------------------------------------------------------

    def _pieces(self) -> Iterable[Piece]:
        """Return the pieces in order; asked again when the look has changed."""
        raise NotImplementedError

    def _is_marked(self) -> bool:
        """Whether any piece has a colour of the look."""
        raise NotImplementedError

    def _can_choose(self) -> bool:
        """Whether any piece can be chosen."""
        raise NotImplementedError

    def _choose_piece(self, place: int) -> None:
        """Do what is to be done when a piece is chosen."""
        raise NotImplementedError

    # --- what it shows -------------------------------------------------------------------------

    def _show_pieces(self) -> None:
        """Show the pieces there are now, with none lit."""
        self._lit = None
        self._stale = False
        self._ends = []
        self.clear()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()  # else every word lays the whole text out anew
        block = QTextBlockFormat()
        block.setLineHeight(LINE_HEIGHT_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor.setBlockFormat(block)
        self._shown = tuple(self._pieces())
        for place, piece in enumerate(self._shown):
            if place:
                cursor.insertText(" ", piece.before)
            cursor.insertText(piece.text, piece.form)
            if piece.note:
                cursor.insertText(piece.note, piece.note_form)
            self._ends.append(cursor.position())
        cursor.endEditBlock()
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self._paint_lights()
        shape = Qt.CursorShape.PointingHandCursor if self._can_choose() else Qt.CursorShape.IBeamCursor
        self.viewport().setCursor(shape)

    def _light_pieces(self, pieces: tuple[int, int] | None) -> None:
        """Light these pieces, first and one past the last, in place of those lit now."""
        self._lit = pieces if pieces and pieces[0] < pieces[1] <= len(self._ends) else None
        self._paint_lights()

    @property
    def lit_text(self) -> str:
        """The text that is lit, without notes; "" for none."""
        return " ".join(piece.text for piece in self._shown[slice(*self._lit)]) if self._lit else ""

    def _lights(self) -> list[QTextEdit.ExtraSelection]:
        """Return what is laid over the text."""
        if self._lit is None:
            return []
        lit = QTextEdit.ExtraSelection()
        lit.cursor = self._range(*self._lit)
        lit.format.setBackground(self._theme.colour("accent_soft"))
        lit.format.setForeground(self._theme.colour("text"))
        # A line as well as a ground: colour alone tells nothing to whoever does not see it.
        lit.format.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        lit.format.setUnderlineColor(self._theme.colour("accent"))
        return [lit]

    def _paint_lights(self) -> None:
        self.setExtraSelections(self._lights())

    def _range(self, first: int, stop: int) -> QTextCursor:
        """Return a cursor over these pieces, without the space before them."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._ends[first - 1] + 1 if first else 0)
        cursor.setPosition(self._ends[stop - 1], QTextCursor.MoveMode.KeepAnchor)
        return cursor

    # --- what the user does --------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Have Enter before the page does, where there is something to choose."""
        wanted = event.type() is QEvent.Type.ShortcutOverride and self._can_choose()
        if wanted and isinstance(event, QKeyEvent) and event.key() in ENTER:
            event.accept()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where, to tell a click from a selection."""
        self._pressed_at = self._character_at(event.position().toPoint())
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a piece chooses it."""
        super().mouseReleaseEvent(event)
        at = self._character_at(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and at is not None and at == self._pressed_at:
            self._choose(at)

    def _character_at(self, point: QPoint) -> int | None:
        """Return the number of the character under a point; None beside the text."""
        # The cursor nearest to a point may stand on either side of the character.
        cursor = self.cursorForPosition(point)
        nearest = cursor.position()
        for at in (nearest, nearest - 1):
            if 0 <= at < self.document().characterCount() - 1:
                cursor.setPosition(at)
                before = self.cursorRect(cursor)
                cursor.setPosition(at + 1)
                after = self.cursorRect(cursor)
                left, right = sorted((before.center().x(), after.center().x()))
                if before.top() == after.top() and left <= point.x() <= right:
                    return at
        return None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses the piece at the cursor."""
        if event.key() in ENTER and self._can_choose():
            self._choose(self.textCursor().position())
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave scrolling to the page."""
        event.ignore()

    def _choose(self, at: int) -> None:
        if self._can_choose() and not self.textCursor().hasSelection():
            self._choose_piece(min(bisect_right(self._ends, at), len(self._ends) - 1))

    # --- the look --------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with a look that was changed meanwhile, once for all changes."""
        super().showEvent(event)
        self._recolour()

    @Slot()
    def _on_size_changed(self) -> None:
        # The line height of the last line hangs below it; without this the last descenders are cut.
        self.setFixedHeight(max(24, math.ceil(self.document().size().height()) + 2) + 2 * FRAME_PX)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._stale = self._is_marked()
        self._paint_lights()
        if self.isVisible():
            self._recolour()

    def _recolour(self) -> None:
        if self._stale:
            lit = self._lit
            self._show_pieces()
            self._light_pieces(lit)
