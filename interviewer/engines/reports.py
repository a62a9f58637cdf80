"""What a recording tells its listener while it runs, and how often."""

from __future__ import annotations

import numpy as np

from interviewer.core.gaps import told_gap_ms
from interviewer.core.ports import RecorderListener
from interviewer.core.space import is_news, minutes_left
from interviewer.engines.block import Block
from interviewer.engines.gate import Gate

LEVELS_A_SECOND = 20
SILENT_S = 2.0
"""So much of nothing but exact zeros is a refused permission or a switch; the quietest room is not zero."""

LASTING_S = 0.5
"""What held a device up may still come in a burst, block upon block; only a gap that lasts is told."""


class Reports:
    """Listens to one recording from its first block on; on the recording's thread only."""

    def __init__(self, gate: Gate, listener: RecorderListener, rate_hz: int) -> None:
        self._gate = gate
        self._listener = listener
        self._rate_hz = rate_hz
        self._frames = 0
        self._zeros = 0
        self._peak = 0.0
        self._peak_frames = 0
        self._gap_ms = 0
        self._gap_since_s: float | None = None
        self._minutes: int | None = None
        self._minutes_at_s = 0.0

    def block(self, block: Block, *, gap_ms: int, left_s: float | None) -> None:
        """Tell what is new with this block.

        `gap_ms` is what is missing so far, `left_s` how much more sound the disk has room
        for, None where nobody knows.
        """
        samples = block.samples
        if not self._frames:
            self._gate.tell(self._listener.recording_started)
        self._frames += len(samples)
        # fmax, unlike max, passes over samples that are no numbers.
        peak = float(np.fmax.reduce(np.abs(samples), initial=0.0))
        self._watch_for_zeros(peak, len(samples))
        self._tell_level(peak, len(samples))
        self._tell_gap(gap_ms, block.at_s)
        self._tell_space(left_s)

    def silence(self) -> None:
        """Put the level to zero: nothing is kept for a while."""
        self._gate.tell(self._listener.level_changed, 0.0)

    def _tell_level(self, peak: float, frames: int) -> None:
        self._peak = max(self._peak, peak)
        self._peak_frames += frames
        if self._peak_frames * LEVELS_A_SECOND >= self._rate_hz:
            self._gate.tell(self._listener.level_changed, min(1.0, self._peak))
            self._peak, self._peak_frames = 0.0, 0

    def _watch_for_zeros(self, peak: float, frames: int) -> None:
        if self._zeros < 0:
            return
        if peak > 0.0:
            self._zeros = -1
            return
        self._zeros += frames
        if self._zeros >= SILENT_S * self._rate_hz:
            self._zeros = -1
            self._gate.tell(self._listener.microphone_silent)

    def _tell_gap(self, gap_ms: int, at_s: float) -> None:
        told_ms = told_gap_ms(gap_ms, self._frames / self._rate_hz)
        if told_ms == self._gap_ms:
            self._gap_since_s = None
        elif self._gap_since_s is None:
            self._gap_since_s = at_s
        elif at_s - self._gap_since_s >= LASTING_S:
            self._gap_ms, self._gap_since_s = told_ms, None
            self._gate.tell(self._listener.sound_missing, told_ms)

    def _tell_space(self, left_s: float | None) -> None:
        minutes = minutes_left(left_s)
        at_s = self._frames / self._rate_hz
        if is_news(self._minutes, minutes, at_s - self._minutes_at_s):
            self._minutes, self._minutes_at_s = minutes, at_s
            self._gate.tell(self._listener.space_changed, minutes)
