"""Figures of attempts over time: one dot an attempt, each to be opened, by pointer and by keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QKeyEvent,
)
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout

from interviewer.core.trend_series import Series
from interviewer.core.trends import Floats, Ints, Measure, Trends, empty
from interviewer.gui import trend_words
from interviewer.gui.announcing import announce
from interviewer.gui.keys import ENTER, KeepKeys
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.fetched_plot import FetchedPlot

if TYPE_CHECKING:
    from interviewer.gui.widgets.trend_canvas import TrendCanvas

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}


class TrendPlot(FetchedPlot):
    """A click on a dot opens its attempt. Left and right go from dot to dot in time, Enter opens the one reached."""

    opened = Signal(int)  # place of the attempt in the trends
    moved = Signal(int)  # place of the attempt that is chosen now

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._trends = empty()
        self._series: tuple[Series, ...] = ()
        self._measure = Measure.SCORE
        self._places: Ints = np.empty(0, dtype=np.int32)
        self._figures: Floats = np.empty(0)
        self._at: int | None = None
        self.canvas: TrendCanvas | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._keep = KeepKeys(self, ENTER)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(4, 4, 4, 4)
        theme.changed.connect(self._on_theme_changed)
        self._describe()

    def sizeHint(self) -> QSize:
        """Return the size of a plot in a card."""
        return QSize(560, 320)

    @property
    def places(self) -> Ints:
        """The attempts that have a dot, oldest first."""
        return self._places

    @property
    def chosen(self) -> int | None:
        """The attempt that is chosen, or None."""
        return None if self._at is None else int(self._places[self._at])

    def show_series(self, trends: Trends, found: Sequence[Series], measure: Measure) -> None:
        """Show these in place of what is there; the newest attempt is chosen."""
        self._trends, self._series, self._measure = trends, tuple(found), measure
        places = np.concatenate([np.empty(0, dtype=np.int32), *(one.places for one in found)])
        figures = np.concatenate([np.empty(0), *(one.figures for one in found)])
        order = np.argsort(places, kind="stable")
        self._places, self._figures = places[order], figures[order]
        self._at = len(places) - 1 if len(places) else None
        if self.canvas is not None:
            self._fill(self.canvas)
        self._describe()

    @Slot(int)
    def choose(self, place: int) -> None:
        """Mark this attempt as the one chosen, where it has a dot."""
        at = int(np.searchsorted(self._places, place))
        if at < len(self._places) and self._places[at] == place and at != self._at:
            self._at = at
            self._show_chosen()
            self._describe()

    def words(self, place: int) -> str:
        """Return what the dot of an attempt says."""
        return trend_words.dot(self._trends, place, self._measure).whole

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from dot to dot; open the one reached."""
        key = Qt.Key(event.key())
        if self._at is None:
            super().keyPressEvent(event)
        elif key in ENTER:
            self.opened.emit(int(self._places[self._at]))
        elif key in _STEPS:
            self._go(self._at + _STEPS[key])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._go(0 if key == Qt.Key.Key_Home else len(self._places) - 1)
        else:
            super().keyPressEvent(event)

    def _draw(self) -> None:
        from interviewer.gui.widgets.trend_canvas import TrendCanvas

        canvas = TrendCanvas(self._theme, self.words, self)
        canvas.clicked.connect(self._on_clicked)
        self._column.addWidget(canvas)
        self.canvas = canvas
        self._fill(canvas)

    def _fill(self, canvas: TrendCanvas) -> None:
        canvas.setVisible(bool(self._series))
        canvas.show_series(self._trends, self._series, self._measure)
        self._show_chosen()

    @Slot(int)
    def _on_clicked(self, place: int) -> None:
        self.choose(place)
        self.moved.emit(place)
        self.opened.emit(place)

    @Slot()
    def _on_theme_changed(self) -> None:
        if self.canvas is not None:
            self.canvas.recolour()

    def _go(self, at: int) -> None:
        self._at = min(len(self._places) - 1, max(0, at))
        self._show_chosen()
        self._describe()
        place = int(self._places[self._at])
        announce(self, self.words(place))
        self.moved.emit(place)

    def _show_chosen(self) -> None:
        if self.canvas is None:
            return
        if self._at is None:
            self.canvas.choose(None)
            return
        place = int(self._places[self._at])
        scored = self._measure is Measure.SCORE
        low, high = (float(side[place]) if scored else np.nan for side in (self._trends.low, self._trends.high))
        self.canvas.choose((float(self._trends.local_s[place]), float(self._figures[self._at]), low, high))

    def _describe(self) -> None:
        count = trend_words.answers(len(self._places))
        self.setAccessibleName(f"{trend_words.NAMES[self._measure]} over time, {count}")
        chosen = self.chosen
        self.setAccessibleDescription("" if chosen is None else f"Chosen: {self.words(chosen)}")
