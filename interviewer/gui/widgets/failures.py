"""The window's banners: what the interview says of itself, and what failed beside it."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot

from interviewer.core.errors import DeviceError, InterviewerError
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.notice import NoticeBoard, Word

MOST = 3
"""More failures at once are not read; the oldest goes."""
HEARD_PEAK = 0.01
"""From this peak on a microphone delivers sound: -40 dB, above what an idle one makes of itself."""

LONGEST_NAME = 32
"""Some systems name a device with its card, its plug and its address; a button has no room for that."""

_SYSTEMS_OWN = "default"
"""What ALSA calls whatever the system has chosen."""
_STATE = "state"
_INSTEAD = "instead"
_MICROPHONE = ("microphone", "recording")
_LOUDSPEAKER = ("loudspeaker", "playback")


class Failures(NoticeBoard):
    """Each text once, and no longer than it is true."""

    instead_wanted = Signal(str)  # the microphone to use from now on

    def __init__(self, theme: Theme, *, above_px: int = 0) -> None:
        super().__init__(theme, above_px=above_px)
        self._told: dict[str, InterviewerError] = {}
        """By key of the banner, oldest first."""
        self._standing: InterviewerError | None = None
        self._instead = ""

    def show_standing(self, error: InterviewerError | None) -> None:
        """Show what stands in the state of the interview; None takes it away."""
        self._standing = error
        if error is None:
            self.take(_STATE)
        else:
            self._forget(told_key(error))
        self._show_standing()

    @Slot(str)
    def offer(self, name: str) -> None:
        """Offer to use another microphone, beside what stands of the one that failed; "" offers none."""
        self._instead = name
        self._show_standing()

    def _show_standing(self) -> None:
        error, name = self._standing, self._instead
        shown = "the system's microphone" if name == _SYSTEMS_OWN else name
        action = f"Use {_short(shown)} instead" if name else ""
        beside = error is not None and _is_about(error, _MICROPHONE)
        if error is not None:
            word = Word(str(error), error.hint, action if beside else "", "warn")
            self.put(_STATE, word, self._on_instead, urgent=True)
        if name and not beside:
            word = Word(f"Another microphone is there: {shown}", "Your answers can be recorded with it.", action)
            self.put(_INSTEAD, word, self._on_instead)
        else:
            self.take(_INSTEAD)

    @Slot()
    def _on_instead(self) -> None:
        name, self._instead = self._instead, ""
        self.take(_INSTEAD)
        if self._standing is not None and _is_about(self._standing, _MICROPHONE):
            # It is still in the state, and no longer of interest.
            self._show_standing()
            self.dismiss(_STATE)
        self.instead_wanted.emit(name)

    def tell(self, error: InterviewerError) -> None:
        """Show a failure beside those there; one that was dismissed has happened again."""
        there = self.notice(_STATE)
        if there is not None and there.word.fact == str(error):
            return
        key = told_key(error)
        if self.notice(key) is None:
            self._forget(key)
        self.put(key, Word(str(error), error.hint, tone="bad"))
        self._told[key] = error
        shown = [one for one in self._told if self.notice(one) is not None]
        for one in shown[:-MOST]:
            self._forget(one)

    def forget_told(self) -> None:
        """Take every failure away: something new begins."""
        for key in tuple(self._told):
            self._forget(key)

    @Slot(float)
    def on_level(self, peak: float) -> None:
        """Sound comes in: what was said of the microphone is over."""
        if peak > HEARD_PEAK:
            self._over(_MICROPHONE)

    @Slot()
    def on_played(self) -> None:
        """A clip can be heard: what was said of the loudspeaker is over."""
        self._over(_LOUDSPEAKER)

    def _over(self, words: tuple[str, ...]) -> None:
        for key, error in tuple(self._told.items()):
            if _is_about(error, words):
                self._forget(key)
        if self._standing is not None and _is_about(self._standing, words):
            # The state still says it with its next change, and must not bring it back.
            self.dismiss(_STATE)

    def _forget(self, key: str) -> None:
        self._told.pop(key, None)
        self.take(key)


def told_key(error: InterviewerError) -> str:
    """Return the key of the banner that tells a failure."""
    return f"told: {error}"


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def _is_about(error: InterviewerError, words: tuple[str, ...]) -> bool:
    return isinstance(error, DeviceError) and any(word in str(error).lower() for word in words)
