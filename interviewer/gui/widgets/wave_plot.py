"""A recording to look at: its wave, where something is said, the pauses, the points, the place that sounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import (
    QKeyEvent,
)
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from interviewer.core.envelope import Envelope
from interviewer.core.models import Coverage, Pause, Span
from interviewer.gui.announcing import announce
from interviewer.gui.clock import clock
from interviewer.gui.keys import ENTER, KeepKeys
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.fetched_plot import FetchedPlot
from interviewer.gui.widgets.labels import label

if TYPE_CHECKING:
    from interviewer.gui.widgets.wave_canvas import Point, WaveCanvas

HEIGHT_PX = 150
STEP_S = 0.5
"""What one press of an arrow adds to the stretch that is chosen."""
_SHAPES = {
    Coverage.COVERED: "circle: covered",
    Coverage.PARTLY: "triangle: partly covered",
    Coverage.CONTRADICTED: "cross: the wrong way round",
    Coverage.MISSED: "diamond: missed, the nearest you said",
}


class WavePlot(FetchedPlot):
    """A click asks for a place, a drag for a stretch; Shift and the arrow keys choose one as well, Enter hears it.

    Ctrl and the arrow keys go from mark to mark, up and down show less or more at a time.
    """

    moment_wanted = Signal(object)  # Span
    place_wanted = Signal(float)  # seconds

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._envelope: Envelope | None = None
        self._speech: tuple[Span, ...] = ()
        self._pauses: tuple[Pause, ...] = ()
        self._points: tuple[Point, ...] = ()
        self._at_s = 0.0
        self._sounds_s = -1.0
        self._chosen: Span | None = None
        self._loop: Span | None = None
        self.canvas: WaveCanvas | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Wave of the recording")
        self._keep = KeepKeys(self, ENTER)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(3, 3, 3, 3)
        self._column.setSpacing(4)
        self._room = QWidget()
        self._room.setFixedHeight(HEIGHT_PX)
        self.legend = label(size="caption", tone="muted", wrap=True)
        self._column.addWidget(self._room)
        self._column.addWidget(self.legend)
        theme.changed.connect(self._on_theme_changed)
        self._describe()

    @property
    def chosen(self) -> Span | None:
        """The stretch that is chosen, or None."""
        return self._chosen

    def show_wave(self, envelope: Envelope | None) -> None:
        """Show a recording, with the marks made for it already; None takes wave and marks away."""
        self._envelope = envelope
        self._chosen = self._loop = None
        self._at_s = 0.0
        if envelope is None:
            self._sounds_s = -1.0
        if self.canvas is not None:
            self.canvas.show_wave(envelope)
            self.canvas.follow(self._sounds_s)
            self._show_chosen()
        if envelope is None:
            self.mark((), (), ())
        self._describe()

    def mark(self, speech: Sequence[Span], pauses: Sequence[Pause], points: Sequence[Point]) -> None:
        """Mark where something is said, where nothing is, and where which point was made; in place of what is marked.

        A point is where it was made, how well, and what to say of it.
        """
        self._speech, self._pauses, self._points = tuple(speech), tuple(pauses), tuple(points)
        if self.canvas is not None:
            self.canvas.mark(self._speech, self._pauses, self._points)
        self._describe()

    @Slot(float)
    def follow(self, seconds: float) -> None:
        """Show which second of the recording sounds; below 0 none does."""
        self._sounds_s = seconds
        if seconds >= 0:
            self._at_s = seconds
        if self.canvas is not None:
            self.canvas.follow(seconds)

    @Slot(object)
    def show_loop(self, span: Span | None) -> None:
        """Show which stretch is gone round, or that none is."""
        self._loop = span
        self._show_chosen()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a stretch, go from mark to mark, hear what is chosen, look closer."""
        key, shift, ctrl = event.key(), Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(key), 0)
        if step and event.modifiers() & shift:
            self._stretch(step * STEP_S)
        elif step and event.modifiers() & ctrl:
            self._to_mark(step)
        elif key in ENTER and self._chosen is not None:
            self.moment_wanted.emit(self._chosen)
        elif key in ENTER and self._envelope is not None:
            self.place_wanted.emit(self._at_s)
        elif key == Qt.Key.Key_Backspace:
            self._choose(None)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.canvas is not None:
            self.canvas.zoom(2.0 if key == Qt.Key.Key_Up else 0.5, self._at_s)
        else:
            super().keyPressEvent(event)

    def _draw(self) -> None:
        from interviewer.gui.widgets.wave_canvas import WaveCanvas

        canvas = WaveCanvas(self._theme, self)
        canvas.setFixedHeight(HEIGHT_PX)
        canvas.dragged.connect(self._on_dragged)
        canvas.clicked.connect(self._on_clicked)
        canvas.point_clicked.connect(self.moment_wanted)
        self._column.replaceWidget(self._room, canvas)
        self._room.deleteLater()
        self.canvas = canvas
        canvas.show_wave(self._envelope)
        canvas.mark(self._speech, self._pauses, self._points)
        canvas.follow(self._sounds_s)
        self._show_chosen()

    @Slot(object, bool)
    def _on_dragged(self, span: Span, done: bool) -> None:
        self._choose(span, tell=False)
        if done:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.moment_wanted.emit(span)

    @Slot(float)
    def _on_clicked(self, seconds: float) -> None:
        self._choose(None)
        self._at_s = seconds
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.place_wanted.emit(seconds)

    @Slot()
    def _on_theme_changed(self) -> None:
        if self.canvas is not None:
            self.canvas.recolour()
            self._show_chosen()

    def _choose(self, span: Span | None, *, tell: bool = True, words: str = "") -> None:
        self._chosen = span
        self._show_chosen()
        if tell and span is not None:
            said = f"{words} {clock(span.start_s)} to {clock(span.end_s)}, {span.end_s - span.start_s:.1f} seconds"
            announce(self, said.strip())

    def _show_chosen(self) -> None:
        if self.canvas is not None:
            self.canvas.choose(self._loop or self._chosen, looped=self._loop is not None)

    def _stretch(self, by_s: float) -> None:
        """Move the end of the chosen stretch; where none is chosen, begin at the place that sounded last."""
        if self._envelope is None:
            return
        start, end = (self._chosen.start_s, self._chosen.end_s) if self._chosen else (self._at_s, self._at_s)
        end = min(self._envelope.seconds, max(0.0, end + by_s))
        if end < start:
            start, end = end, start
        self._choose(Span(start, end) if end > start else None)

    def _to_mark(self, step: int) -> None:
        """Choose the mark after or before the chosen stretch, or the place that sounded last."""
        marks = [(Span(p.start_s, p.end_s), "Pause,") for p in self._pauses]
        marks += [(span, f"{_SHAPES[coverage].split(': ')[1]}: {words}.") for span, coverage, words in self._points]
        marks.sort(key=lambda mark: mark[0].start_s)
        at = self._chosen.start_s if self._chosen else self._at_s - 1e-6 * step
        ahead = [m for m in marks if (m[0].start_s - at) * step > 0]
        if ahead:
            span, words = ahead[0 if step > 0 else -1]
            self._choose(span, words=words)

    def _describe(self) -> None:
        """Say in words what is marked, and what the shapes mean."""
        shapes = [_SHAPES[c] for c in Coverage if any(c is coverage for _, coverage, _ in self._points)]
        if self._pauses:
            shapes.append("hatched: a pause")
        if self._speech:
            shapes.append("line below: speech")
        shown = "; ".join(shapes)
        how = "Click to hear from there, drag to hear a stretch."
        self.legend.setText(f"{shown[:1].upper()}{shown[1:]}. {how}" if shown else how)
        self.legend.setVisible(self._envelope is not None)
        length = f"{self._envelope.seconds:.0f} seconds" if self._envelope else "No recording"
        made = "; ".join(f"{_SHAPES[c].split(': ')[1]} at {clock(s.start_s)}: {words}" for s, c, words in self._points)
        self.setAccessibleDescription(f"{length}. Pauses marked: {len(self._pauses)}. {made}".strip())
