"""How long writing sound down will still take, from how long it took so far."""

from __future__ import annotations

from dataclasses import dataclass

MINUTE_S = 60
HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class Estimate:
    """What was written down in this run, and how long that took; another run may have another machine or model."""

    sound_s: float = 0.0
    took_s: float = 0.0

    def after(self, sound_s: float, took_s: float) -> Estimate:
        """Return the estimate with one more piece of sound; a piece without sound tells nothing about the rest."""
        if sound_s <= 0:
            return self
        return Estimate(self.sound_s + sound_s, self.took_s + took_s)

    def left_s(self, sound_s: float) -> float | None:
        """Return how many seconds that much more sound takes; None while nobody can tell."""
        if self.sound_s <= 0 or sound_s <= 0:
            return None
        return self.took_s / self.sound_s * sound_s


def in_words(seconds: float) -> str:
    """Return a length of time as people say it: "under a minute", "about 3 minutes", "about 1 hour 20 minutes"."""
    if seconds < MINUTE_S:
        return "under a minute"
    minutes = round(seconds / MINUTE_S)
    if minutes < HOUR_S // MINUTE_S:
        return f"about {_many(minutes, 'minute')}"
    # Nobody can say on the minute what ends in hours.
    hours, tens = divmod(round(seconds / HOUR_S * 6), 6)
    return f"about {_many(hours, 'hour')}" + (f" {tens}0 minutes" if tens else "")


def _many(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
