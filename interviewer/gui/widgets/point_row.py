"""A key point to choose: its state by shape and word, what was said of it, and when."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout

from interviewer.core.models import Coverage
from interviewer.core.verdict import evidence_words, state_meaning, state_word
from interviewer.gui.answer import PointShown
from interviewer.gui.clock import clock
from interviewer.gui.keys import ENTER, KeepKeys
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.labels import IconLabel, label, set_tip, wrappable
from interviewer.gui.writing import quoting

_SHOWN = {
    Coverage.COVERED: ("mentioned", "good"),
    Coverage.PARTLY: ("partly", "warn"),
    Coverage.MISSED: ("missed", "muted"),
    Coverage.CONTRADICTED: ("contradicted", "bad"),
}
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_EDGE_PX = 8
"""Room for the frame of the focus around what is in the row."""


class PointRow(QPushButton):
    """A button as large as its words. Arrows ask for the point above or below."""

    step_wanted = Signal(int)  # 1 for the next point, -1 for the one before

    def __init__(self, theme: Theme, number: int, shown: PointShown, *, neutral: bool) -> None:
        super().__init__()
        self._theme = theme
        self.number = number
        self.shown = shown
        word, meaning = state_word(shown.result), state_meaning(shown.result)
        self.setProperty("role", "point")
        self.setCheckable(True)
        self.setAutoDefault(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(f"{word}: {shown.result.text}")
        hear = f"Enter plays it from {clock(shown.moment.start_s)}." if shown.moment else ""
        told = (evidence_words(shown.result), shown.why, meaning, hear)
        self.setAccessibleDescription(" ".join(filter(None, told)))
        self._keep = KeepKeys(self, (*ENTER, *_STEPS))
        across = QHBoxLayout(self)
        across.setContentsMargins(_EDGE_PX, _EDGE_PX, _EDGE_PX, _EDGE_PX)
        across.setSpacing(10)
        across.addWidget(label(f"{number + 1}", size="caption", tone="muted"), 0, Qt.AlignmentFlag.AlignTop)
        icon, tone = _SHOWN[shown.result.coverage]
        if shown.result.coverage is Coverage.COVERED and shown.result.confirmed:
            icon = "covered"
        tone = "muted" if neutral else tone
        across.addWidget(IconLabel(theme, icon, tone, 22), 0, Qt.AlignmentFlag.AlignTop)
        across.addLayout(self._state(word, meaning, tone))
        across.addLayout(self._words(), 1)

    def _state(self, word: str, meaning: str, tone: str) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(5)
        state = label(word, size="section", tone=tone, wrap=True)
        # As wide as the longest single word; "The wrong way round" takes two lines.
        width = QFontMetrics(self._theme.font(bold=True)).horizontalAdvance("Mentioned") + 4
        state.setFixedWidth(width)
        set_tip(state, meaning)
        column.addWidget(state)
        if self.shown.moment is not None:
            colour = "muted" if tone == "muted" else "accent"
            hear = QHBoxLayout()
            hear.setSpacing(4)
            hear.addWidget(IconLabel(self._theme, "play", colour, 14))
            hear.addWidget(label(clock(self.shown.moment.start_s), size="caption", tone=colour), 1)
            column.addLayout(hear)
        column.addStretch(1)
        return column

    def _words(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(3)
        point = self.shown.result
        column.addWidget(label(wrappable(point.text), wrap=True))
        for told in (evidence_words(point), self.shown.why):
            if told:
                column.addWidget(label(quoting(wrappable(told)), size="caption", tone="muted", wrap=True))
        column.addStretch(1)
        return column

    def sizeHint(self) -> QSize:
        """Return the size of what is in it, where a button has that of its text."""
        return self.layout().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return the least size of what is in it."""
        return self.layout().minimumSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the points above and below."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.step_wanted.emit(step)
