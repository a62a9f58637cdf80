"""Surfaces that hold things: a card, a hairline, a centred column that scrolls."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from interviewer.gui.widgets.labels import label

COLUMN_PX = 1040
"""Widest a page's content gets: longer lines are hard to read."""

SIDE_PX = 32

_AROUND_PX = 16
"""Left free above or below what is brought into view."""


def card(title: str = "", *, margin_px: int = 20) -> tuple[QFrame, QVBoxLayout]:
    """Return a card and the layout for what is in it, under its title when it has one."""
    frame = QFrame()
    frame.setProperty("panel", "card")
    column = QVBoxLayout(frame)
    column.setContentsMargins(margin_px, margin_px - 2, margin_px, margin_px)
    column.setSpacing(12)
    if title:
        column.addWidget(label(title, size="section"))
        frame.setAccessibleName(title)
    return frame, column


def hairline() -> QFrame:
    """Return a thin line across."""
    line = QFrame()
    line.setProperty("panel", "line")
    return line


class Column(QScrollArea):
    """A centred column of at most COLUMN_PX that scrolls when it is too tall."""

    def __init__(self, *, spacing_px: int = 16) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        host = QWidget()
        host.setProperty("panel", "canvas")
        row = QHBoxLayout(host)
        row.setContentsMargins(SIDE_PX, 28, SIDE_PX, 24)
        inner = QWidget()
        inner.setMaximumWidth(COLUMN_PX)
        inner.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(spacing_px)
        row.addStretch(1)
        row.addWidget(inner, 1000)
        row.addStretch(1)
        self._margins = row
        self.setWidget(host)
        QApplication.instance().focusChanged.connect(self._on_focus_changed)  # type: ignore[union-attr]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the column where it is when the scroll bar comes and goes."""
        super().resizeEvent(event)
        taken = self.width() - self.viewport().width()
        self._margins.setContentsMargins(SIDE_PX, 28, SIDE_PX - taken, 24)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        # Qt follows Tab inside of a scroll area, and not into it from what stands beside.
        if new is not None and self.isAncestorOf(new) and new.isVisible() and new.visibleRegion().isEmpty():
            self.ensureWidgetVisible(new)


def bring_into_view(widget: QWidget) -> None:
    """Scroll the page that a widget is on as far as it takes to see it; where it is seen, nothing moves."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, Column):
            # Not `ensureWidgetVisible`: of a text that shows only the line of the cursor.
            top = widget.mapTo(above.widget(), QPoint(0, 0))
            for y in (top.y() + widget.height(), top.y()):
                above.ensureVisible(top.x(), y, 0, _AROUND_PX)
            return
        above = above.parentWidget()


class Footer(QFrame):
    """A bar at the bottom of a page for its buttons, as wide as the column above."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("panel", "footer")
        outer = QHBoxLayout(self)
        self.setMinimumHeight(73)  # as tall without a primary button as with one
        outer.setContentsMargins(SIDE_PX, 14, SIDE_PX, 14)
        inner = QWidget()
        inner.setMaximumWidth(COLUMN_PX)
        self.row = QHBoxLayout(inner)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(10)
        outer.addStretch(1)
        outer.addWidget(inner, 1000)
        outer.addStretch(1)
