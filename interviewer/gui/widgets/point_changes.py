"""Key points of two answers side by side: gained, lost or as before, each to be heard from both."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from interviewer.core.comparison import Change, PointChange
from interviewer.core.models import PointResult, Span
from interviewer.core.verdict import evidence_words, state_word
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.labels import IconLabel, label, wrappable

Moments = tuple[Span | None, Span | None]
"""Where the evidence for a point lies in the earlier and the later recording; None where it cannot be heard."""

_SHOWN = {
    Change.GAINED: ("gained", "good"),
    Change.LOST: ("lost", "bad"),
    Change.NEARER: ("nearer", "good"),
    Change.FURTHER: ("further", "warn"),
    Change.MADE: ("mentioned", "muted"),
    Change.OPEN: ("missed", "muted"),
    Change.UNJUDGED: ("information", "muted"),
}
_KEYS = 9
"""So many points have a digit as their key."""


class PointChanges(QWidget):
    """One row a key point; what was gained comes first."""

    hearing_wanted = Signal(int)  # place of a row, from 0

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: list[_Row] = []
        self.setAccessibleName("Points of a good answer, in both answers")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)

    def show_points(self, points: Sequence[tuple[PointChange, Moments]], *, neutral: bool = False) -> None:
        """Show these points in place of the ones there; `neutral` leaves out the colours that judge."""
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._rows = [_Row(self._theme, place, *point, neutral=neutral) for place, point in enumerate(points)]
        widest_px = max((row.hear.sizeHint().width() for row in self._rows), default=0)
        for row in self._rows:
            row.hear.setMinimumWidth(widest_px)  # else the columns of the rows would not be in line
            row.wanted.connect(self.hearing_wanted)
            self._column.addWidget(row)
        if not points:
            self._column.addWidget(label("No points have been judged.", tone="muted", wrap=True))

    def row(self, place: int) -> QWidget:
        """Return the row at a place, for who wants to bring it into view. Raises IndexError where there is none."""
        return self._rows[place]

    def show_heard(self, place: int | None) -> None:
        """Mark the row whose evidence sounds; None marks none."""
        for at, row in enumerate(self._rows):
            row.show_heard(at == place)


class _Row(QFrame):
    """One point: what became of it, how it was made in either answer, and a button to hear both."""

    wanted = Signal(int)  # its place, from 0

    def __init__(self, theme: Theme, place: int, point: PointChange, moments: Moments, *, neutral: bool) -> None:
        super().__init__()
        self._place = place
        icon, tone = _SHOWN[point.change]
        tone = "muted" if neutral else tone
        self.setAccessibleName(f"{point.change.value}: {point.text}")
        self.setAccessibleDescription(f"Earlier: {_told(point.earlier)} Later: {_told(point.later)}")
        across = QHBoxLayout(self)
        across.setContentsMargins(10, 10, 10, 10)
        across.setSpacing(10)
        top = Qt.AlignmentFlag.AlignTop
        across.addWidget(IconLabel(theme, icon, tone, 22), 0, top)
        change = label(point.change.value, size="section", tone=tone)
        change.setFixedWidth(QFontMetrics(theme.font(bold=True)).horizontalAdvance("Judged once") + 8)
        across.addWidget(change, 0, top)
        across.addLayout(_words(point), 1)
        self.hear = _button(place, point, moments)
        self.hear.clicked.connect(self._on_clicked)
        across.addWidget(self.hear, 0, top)

    @Slot()
    def _on_clicked(self) -> None:
        self.wanted.emit(self._place)

    def show_heard(self, heard: bool) -> None:
        """Stand out while it is heard."""
        panel = "notice" if heard else ""
        if (self.property("panel") or "") != panel:
            self.setProperty("panel", panel)
            self.style().unpolish(self)
            self.style().polish(self)


def _words(point: PointChange) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(20)
    grid.setVerticalSpacing(3)
    grid.addWidget(label(wrappable(point.text), wrap=True), 0, 0, 1, 2)
    for column, (when, result) in enumerate((("Earlier", point.earlier), ("Later", point.later))):
        state = state_word(result) if result else "not judged by this point"
        grid.addWidget(label(f"{when}: {state[0].lower()}{state[1:]}", size="caption"), 1, column)
        said = wrappable(evidence_words(result)) if result else ""
        evidence = label(said, size="caption", tone="muted", wrap=True)
        grid.addWidget(evidence, 2, column, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(column, 1)
    return grid


def _button(place: int, point: PointChange, moments: Moments) -> Button:
    words = {
        (True, True): "Hear both",
        (True, False): "Hear the earlier",
        (False, True): "Hear the later",
        (False, False): "Nothing to hear",
    }[(moments[0] is not None, moments[1] is not None)]
    button = Button(words, role="quiet", key=str(place + 1) if place < _KEYS and any(moments) else "")
    button.setAccessibleName(f"{words}: {point.text}")
    button.setEnabled(any(moments))
    return button


def _told(result: PointResult | None) -> str:
    return f"{state_word(result)}. {evidence_words(result)}" if result else "not judged by this point."
