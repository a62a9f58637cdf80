"""What stands between the user and a good interview: banners, each with the action that mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot

from interviewer.core.estimate import in_words
from interviewer.gui.recogniser import recogniser_name
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.notice import NoticeBoard, Word
from interviewer.workers.status import Backlog, DeviceList, ModelsStatus

if TYPE_CHECKING:
    from interviewer.workers.library import Library


class Readiness(NoticeBoard):
    """The banners of the Start page."""

    whisper_wanted = Signal()  # the user asks how to get Whisper

    def __init__(self, library: Library, theme: Theme) -> None:
        super().__init__(theme)
        self._library = library
        self._unfinished = Backlog()
        self._others = Backlog()
        self._declined: dict[str, int] = {}
        """How many answers somebody did not want to have written again, by the words of the offer."""
        self._rewriting = False
        self._status = ModelsStatus()
        library.unfinished_found.connect(self._on_unfinished_found)
        library.others_found.connect(self._on_others_found)
        library.rewriting.connect(self._on_rewriting)

    def show_status(self, status: ModelsStatus) -> None:
        """Say when answers will be written down badly, or not at all."""
        self._status = status
        if status.problem is not None:
            meanwhile = " Until then the built-in recogniser writes answers down, roughly." if status.rough else ""
            tone = "warn" if status.rough else "bad"
            word = Word(str(status.problem), f"{status.problem.hint}{meanwhile}", "Get Whisper", tone)
            self.put("model", word, self.whisper_wanted)
        elif status.rough:
            hint = "It mishears many words; scores follow what it hears."
            word = Word("Rough transcript: built-in recogniser", hint, "Get Whisper", "warn")
            self.put("model", word, self.whisper_wanted)
        else:
            self.take("model")
        if status.scorer_problem is not None:
            self.put("scorer", Word(str(status.scorer_problem), status.scorer_problem.hint, tone="warn"))
        else:
            self.take("scorer")
        self._show_waiting()

    def show_devices(self, devices: DeviceList) -> None:
        """Say what is not plugged in."""
        again = self._library.load_devices
        missing = (
            ("microphone", devices.microphones, "No microphone was found", "You can type your answers instead."),
            ("loudspeaker", devices.loudspeakers, "No loudspeaker was found", "Questions are shown but not spoken."),
            ("voice", devices.voices, "No voice was found", "Questions are shown but not spoken."),
        )
        for key, found, fact, hint in missing:
            if found:
                self.take(key)
            else:
                self.put(key, Word(fact, hint, "Look again", "warn"), again)

    def dismiss(self, key: str) -> None:
        """Put a banner away; what was declined is not offered again because fewer answers are left."""
        notice = self.notice(key)
        if key == "others" and notice is not None:
            self._declined[notice.word.action] = self._others.answers
        super().dismiss(key)

    @Slot(object)
    def _on_unfinished_found(self, backlog: Backlog) -> None:
        self._unfinished = backlog
        self._show_waiting()

    @Slot(object)
    def _on_others_found(self, backlog: Backlog) -> None:
        self._others = backlog
        self._show_waiting()

    @Slot(int, int, object)
    def _on_rewriting(self, done: int, total: int, left_s: float | None) -> None:
        self._rewriting = done < total
        if self._rewriting:
            left = "" if left_s is None else f", {in_words(left_s)} left"
            word = Word(f"Working on answer {done + 1} of {total}{left}…", action="Cancel", progress=True)
            self.put("work", word, self._library.cancel_rewrite, dismissable=False)
        else:
            self.take("work")
            # What was counted before is no longer so, and must not flash up.
            self._unfinished = self._others = Backlog()
            self._library.count_pending()
        self._show_waiting()

    def _show_waiting(self) -> None:
        waiting = self._unfinished
        if waiting.answers and not self._rewriting:
            fact = _count(waiting.answers, "answer is", "answers are") + " not written down or scored yet"
            action = "Finish it" if waiting.answers == 1 else "Finish them"
            self.put("unfinished", Word(fact, _sound(waiting), action), self._library.rewrite_unfinished)
        else:
            self.take("unfinished")
        self._show_others()

    def _show_others(self) -> None:
        """Offer what another model wrote down, once Whisper is there to do it better."""
        others = self._others
        whisper = self._status.ready and not self._status.rough
        if not (others.answers and whisper) or self._rewriting:
            self.take("others")
            return
        if others.rough == others.answers:
            fact = _count(others.answers, "answer has", "answers have") + " only a rough transcript"
        else:
            fact = _count(others.answers, "answer was", "answers were") + " written down by another model"
            if others.rough:
                fact += f", {others.rough} of them roughly"
        action = f"Write again with {recogniser_name(self._status)}"
        if others.answers <= self._declined.get(action, 0):
            return
        hint = f"{_sound(others)} The texts and scores of now are kept beside the new ones."
        self.put("others", Word(fact, hint, action), self._library.rewrite_others)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _sound(backlog: Backlog) -> str:
    """Return how much sound there is to write down, as a sentence; "" for none."""
    words = in_words(backlog.sound_s)
    return f"{words[0].upper()}{words[1:]} of sound." if backlog.sound_s else ""
