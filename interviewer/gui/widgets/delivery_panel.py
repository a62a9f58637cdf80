"""How an answer sounded: each measure with its range, where that comes from, and the moments it was made of."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from interviewer.core.delivery import Band
from interviewer.core.models import Delivery
from interviewer.core.usual import Usual
from interviewer.gui.measures import PLOT_SOURCE, Measure, measures
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.labels import IconLabel, label
from interviewer.gui.widgets.moment_strip import MomentStrip, moments_words
from interviewer.gui.widgets.pace_plot import PacePlot

_SHOWN = {
    Band.GREEN: ("In range", "covered", "good"),
    Band.AMBER: ("A little off", "partly", "warn"),
    Band.RED: ("Well outside", "warning", "bad"),
}


class DeliveryPanel(QWidget):
    """Observables only: never what they say about the speaker.

    Whatever has a place in the recording can be heard, as long as that is there.
    """

    moment_wanted = Signal(object)  # Span

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: tuple[Delivery | None, str, Usual | None, bool] = (None, "", None, False)
        self.plot: PacePlot | None = None
        self.setAccessibleName("Delivery")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)

    def show_delivery(
        self, delivery: Delivery | None, *, unmeasured: str, usual: Usual | None = None, hearable: bool = True
    ) -> None:
        """Show a delivery in place of the one there; where there is none, `unmeasured` says why.

        Without `usual` the user's own bands are those that were shown last. What is not `hearable`, for want of the
        recording, is named and offers nothing.
        """
        self._shown = (delivery, unmeasured, usual or self._shown[2], hearable)
        self._fill()

    @Slot(object)
    def show_usual(self, usual: Usual | None) -> None:
        """Show other bands of the user's own, or none, beside what is shown."""
        if usual != self._shown[2]:
            self._shown = (*self._shown[:2], usual, self._shown[3])
            self._fill()

    def _fill(self) -> None:
        delivery, unmeasured, usual, _ = self._shown
        self.plot = None
        while (item := self._column.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.hide()
                row.deleteLater()
        if delivery is None:
            self._column.addWidget(label(unmeasured, tone="muted", wrap=True))
            return
        for measure in measures(delivery, usual):
            self._column.addWidget(self._row(measure, delivery, usual))

    def _row(self, measure: Measure, delivery: Delivery, usual: Usual | None) -> QWidget:
        word, icon, tone = _SHOWN[measure.band] if measure.band else ("", "information", "muted")
        row = QWidget()
        row.setAccessibleName(f"{measure.name}: {measure.value}. {word}".strip())
        row.setAccessibleDescription(" ".join(filter(None, (measure.advice, measure.usual, measure.source))))
        grid = QGridLayout(row)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        grid.addWidget(IconLabel(self._theme, icon, tone, 22), 0, 0)
        grid.addWidget(label(measure.name, size="section"), 0, 1)
        grid.addWidget(label(word, size="section", tone=tone), 0, 2)
        below: list[QWidget] = [label(measure.value, wrap=True)]
        if measure.name == "Pace" and delivery.pace:
            below += [self._plot(delivery, usual), label(PLOT_SOURCE, size="caption", tone="muted", wrap=True)]
        if measure.moments:
            below.append(self._moments(measure))
        if measure.usual:
            below.append(label(measure.usual, size="caption", wrap=True))
        below.append(label(f"{measure.advice} {measure.source}".strip(), size="caption", tone="muted", wrap=True))
        for place, widget in enumerate(below, 1):
            grid.addWidget(widget, place, 1, 1, 2)
        return row

    def _moments(self, measure: Measure) -> QWidget:
        if not self._shown[3]:
            return label(moments_words(measure.moments), wrap=True)
        strip = MomentStrip(measure.name, measure.moments)
        strip.moment_wanted.connect(self.moment_wanted)
        return strip

    def _plot(self, delivery: Delivery, usual: Usual | None) -> PacePlot:
        own = usual.pace_wpm.middle if usual and usual.pace_wpm else None
        self.plot = PacePlot(self._theme, delivery, own, hearable=self._shown[3])
        self.plot.moment_wanted.connect(self.moment_wanted)
        return self.plot
