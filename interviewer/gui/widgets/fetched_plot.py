"""What every plot is that pyqtgraph draws: it comes when first looked at, and shows whether keys go to it."""

from __future__ import annotations

import sys

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QWidget

from interviewer.gui.fetch import Fetch
from interviewer.gui.theme import Theme


class FetchedPlot(QWidget):
    """Takes the keys, with an edge around it while it does; says how it is drawn in `_draw`.

    pyqtgraph takes half a second to import: it is fetched when a plot is first looked at, and not on the
    thread that paints.
    """

    drawn = Signal()  # pyqtgraph is there: what the plot shows is on the screen from now on

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._fetch: Fetch | None = None
        self._is_drawn = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def showEvent(self, event: QShowEvent) -> None:
        """Fetch what draws, the first time that somebody looks."""
        super().showEvent(event)
        if self._is_drawn or self._fetch is not None:
            return
        if "pyqtgraph" in sys.modules:
            self._on_fetched()
        else:
            self._fetch = Fetch()
            self._fetch.fetched.connect(self._on_fetched)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that keys go here now."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that they do no more."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the edge of what has the focus."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._theme.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
            painter.end()

    @Slot()
    def _on_fetched(self) -> None:
        self._fetch, self._is_drawn = None, True
        self._draw()
        self.drawn.emit()

    def _draw(self) -> None:
        """Put the canvas in its place, with all that there is to show; pyqtgraph is there. Called once."""
        raise NotImplementedError
