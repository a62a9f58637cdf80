"""Paints answers in three lines each: what was asked, how it went, and what was said."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPixmap, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from interviewer.core.search import Excerpt
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.found_answers import EXCERPT, SIGNS
from interviewer.gui.widgets.rows import RowDelegate

_SIGN_PX = 16
_GAP_PX = 6


class FoundDelegate(RowDelegate):
    """Paints what a FoundModel holds; what was looked for is lit."""

    row_px = 86

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, scores=True, parent=parent)
        self._icons: dict[str, QPixmap] = {}
        theme.changed.connect(self._on_theme_changed)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._icons.clear()

    # Qt calls this by name.
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint two lines as other lists have them, the signs behind the first, and the excerpt below."""
        super().paint(painter, option, index)
        area = self.words_area(option)
        left = area.right() - _SIGN_PX
        for sign in index.data(SIGNS) or ():
            painter.drawPixmap(QRect(left, area.top() + 2, _SIGN_PX, _SIGN_PX), self._icon(sign))
            left -= _SIGN_PX + _GAP_PX
        below = QRect(area.left(), area.top() + 45, area.width(), 20)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        self._paint_excerpt(painter, below, index.data(EXCERPT) or Excerpt(), "text" if chosen else "muted")

    def taken_px(self, index: QModelIndex | QPersistentModelIndex) -> int:
        """Return how much room the signs take."""
        return len(index.data(SIGNS) or ()) * (_SIGN_PX + _GAP_PX)

    def _icon(self, sign: str) -> QPixmap:
        if sign not in self._icons:
            self._icons[sign] = self._theme.pixmap(sign, "accent", _SIGN_PX)
        return self._icons[sign]

    def _paint_excerpt(self, painter: QPainter, box: QRect, excerpt: Excerpt, colour: str) -> None:
        font = self._theme.font("caption")
        text = QFontMetricsF(font).elidedText(excerpt.text, Qt.TextElideMode.ElideRight, box.width())
        seen = len(text) if text == excerpt.text else len(text) - 1
        layout = QTextLayout(text, font)
        layout.setFormats([self._lit(text, *mark) for mark in excerpt.marks if mark[1] <= seen])
        layout.beginLayout()
        # From right to left where the text runs so; the mark of what is left out is as wide as it was measured.
        layout.createLine().setLineWidth(box.width() + 1)
        layout.endLayout()
        painter.save()
        painter.setPen(self._theme.colour(colour))
        layout.draw(painter, QPointF(box.left(), box.top()))
        painter.restore()

    def _lit(self, text: str, first: int, stop: int) -> QTextLayout.FormatRange:
        look = QTextCharFormat()
        look.setBackground(self._theme.colour("mark"))
        look.setForeground(self._theme.colour("text"))
        look.setFontUnderline(True)
        lit = QTextLayout.FormatRange()
        lit.start, lit.length, lit.format = _units(text[:first]), _units(text[first:stop]), look
        return lit


def _units(text: str) -> int:
    """Return how long a text is to Qt, which counts a character beyond the first 65,536 as two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
