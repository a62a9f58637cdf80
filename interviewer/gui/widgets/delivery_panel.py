"""How an answer sounded: four measures, each with its range and where that comes from."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from interviewer.core.delivery import (
    COUNTED_PAUSE_S,
    FLAGGED_PAUSE_S,
    Band,
    filler_band,
    length_band,
    pace_band,
    pause_band,
)
from interviewer.core.models import Delivery
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.labels import IconLabel, label
from interviewer.gui.widgets.target_bar import clock

_SHOWN = {
    Band.GREEN: ("In range", "covered", "good"),
    Band.AMBER: ("A little off", "partly", "warn"),
    Band.RED: ("Well outside", "warning", "bad"),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """One row: its name, what was measured, where that lies, and what is advised by whom."""

    name: str
    value: str
    band: Band | None
    advice: str


def measures(delivery: Delivery) -> tuple[Measure, ...]:
    """Return the rows for a delivery; a row without a band had too little talk to tell."""
    pace, rate = delivery.pace_wpm, delivery.fillers_per_min
    longest = max((p.seconds for p in delivery.pauses), default=0.0)
    flagged = sum(p.seconds >= FLAGGED_PAUSE_S for p in delivery.pauses)
    little = "too little talk to tell"
    return (
        Measure(
            "Pace",
            f"{pace:.0f} words a minute" if pace is not None else little,
            pace_band(pace) if pace is not None else None,
            "120 to 160 is easy to follow (Orai, TED talks).",
        ),
        Measure(
            "Fillers",
            f"at least {rate:.0f} a minute" if rate is not None else little,
            filler_band(rate) if rate is not None else None,
            "Up to 5 a minute costs nothing (Laske and DiGennaro Reed, 2024).",
        ),
        Measure(
            "Pauses",
            f"{len(delivery.pauses)} counted, {flagged} long" if delivery.pauses else "none counted",
            pause_band(longest),
            f"Counted from {COUNTED_PAUSE_S:.1f} s, long from {FLAGGED_PAUSE_S:.1f} s.",
        ),
        Measure(
            "Length",
            f"{clock(delivery.talk_s)} of talk",
            length_band(delivery.talk_s),
            "One to two minutes: career guides' advice, not research.",
        ),
    )


def aside(delivery: Delivery) -> str:
    """Return the counts that carry no judgement, such as hedges."""
    parts = []
    if delivery.hedges:
        parts.append(f"{delivery.hedges} × “you know”, “basically”, “maybe” and the like")
    if delivery.ambiguous:
        parts.append(f"{delivery.ambiguous} × “like”, “so” or “right”, which may be fillers or not")
    return "Also: " + "; ".join(parts) + "." if parts else ""


class DeliveryPanel(QWidget):
    """Observables only: never what they say about the speaker."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName("Delivery")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)

    def show_delivery(self, delivery: Delivery | None, *, unmeasured: str) -> None:
        """Show a delivery in place of the one there; where there is none, `unmeasured` says why."""
        while (item := self._column.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.hide()
                row.deleteLater()
        if delivery is None:
            self._column.addWidget(label(unmeasured, tone="muted", wrap=True))
            return
        for measure in measures(delivery):
            self._column.addWidget(self._row(measure))
        if words := aside(delivery):
            self._column.addWidget(label(words, size="caption", tone="muted", wrap=True))

    def _row(self, measure: Measure) -> QWidget:
        word, icon, tone = _SHOWN[measure.band] if measure.band else ("", "information", "muted")
        row = QWidget()
        row.setAccessibleName(f"{measure.name}: {measure.value}. {word}".strip())
        row.setAccessibleDescription(measure.advice)
        grid = QGridLayout(row)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(2)
        grid.addWidget(IconLabel(self._theme, icon, tone, 22), 0, 0)
        grid.addWidget(label(measure.name, size="section"), 0, 1)
        grid.addWidget(label(word, size="section", tone=tone), 0, 2)
        grid.addWidget(label(measure.value, wrap=True), 1, 1, 1, 2)
        grid.addWidget(label(measure.advice, size="caption", tone="muted", wrap=True), 2, 1, 1, 2)
        grid.setColumnStretch(1, 1)
        return row
