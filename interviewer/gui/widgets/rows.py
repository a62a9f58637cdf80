"""A list of two-line rows with a score at the left."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from interviewer.core.verdict import figure
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.session_models import SCORE, SECOND_LINE

ROW_PX = 62
_PAD_PX = 12
_SCORE_PX = 46


class RowDelegate(QStyledItemDelegate):
    """Paints what a RowsModel holds."""

    row_px = ROW_PX
    """The height of a row."""

    def __init__(self, theme: Theme, *, scores: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._scores = scores

    # Qt calls these two by name.
    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the size of a row."""
        return QSize(200, self.row_px)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the ground, the score and both lines."""
        area: QRect = option.rect.adjusted(2, 2, -2, -2)
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        if chosen or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("accent_soft" if chosen else "sunken"))
            painter.drawRoundedRect(area, 8, 8)
        if focused:
            painter.setPen(QPen(self._theme.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(area).adjusted(1, 1, -1, -1), 8, 8)
        if self._scores:
            self._paint_score(painter, QRect(area.left() + _PAD_PX, area.top(), _SCORE_PX, area.height()), index)
        words = self.words_area(option)
        first = words.adjusted(0, 0, -self.taken_px(index), 0)
        self._paint_line(painter, first, str(index.data()), "body", "accent" if chosen else "text", bold=chosen)
        self._paint_line(painter, words.translated(0, 22), str(index.data(SECOND_LINE)), "caption", "muted")
        painter.restore()

    def words_area(self, option: QStyleOptionViewItem) -> QRect:
        """Return where the first line of words stands."""
        area: QRect = option.rect.adjusted(2, 2, -2, -2)
        left = area.left() + _PAD_PX + (_SCORE_PX + _PAD_PX if self._scores else 0)
        return QRect(left, area.top() + 9, area.right() - left - _PAD_PX, 21)

    def taken_px(self, _index: QModelIndex | QPersistentModelIndex) -> int:
        """Return how much room something else takes at the end of the first line."""
        return 0

    def _paint_score(self, painter: QPainter, box: QRect, index: QModelIndex | QPersistentModelIndex) -> None:
        score = index.data(SCORE)
        painter.setFont(self._theme.font("title", bold=True))
        number = figure(score)
        painter.setPen(self._theme.colour("text" if number.isdigit() else "muted"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, number)

    def _paint_line(
        self, painter: QPainter, box: QRect, text: str, size: str, colour: str, *, bold: bool = False
    ) -> None:
        painter.setFont(self._theme.font(size, bold=bold))
        painter.setPen(self._theme.colour(colour))
        fitting = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, fitting)


class RowList(QListView):
    """A list of rows; arrows move, Enter opens."""

    def __init__(self, theme: Theme, name: str, model: QAbstractItemModel, *, scores: bool) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setModel(model)
        self.setItemDelegate(RowDelegate(theme, scores=scores, parent=self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        # The viewport would paint the window's ground over the card's.
        self.viewport().setAutoFillBackground(False)
