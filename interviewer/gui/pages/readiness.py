"""What stands between the user and a good interview: banners, each with the action that mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot

from interviewer.gui.theme import Theme
from interviewer.gui.widgets.notice import NoticeBoard, Word
from interviewer.workers.status import DeviceList, ModelsStatus

if TYPE_CHECKING:
    from interviewer.workers.library import Library


class Readiness(NoticeBoard):
    """The banners of the Start page."""

    whisper_wanted = Signal()  # the user asks how to get Whisper

    def __init__(self, library: Library, theme: Theme) -> None:
        super().__init__(theme)
        self._library = library
        self._rough = 0
        self._unfinished = 0
        self._rewriting = False
        self._status = ModelsStatus()
        library.rough_count.connect(self._on_rough_count)
        library.unfinished_count.connect(self._on_unfinished_count)
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

    @Slot(int)
    def _on_rough_count(self, count: int) -> None:
        self._rough = count
        self._show_waiting()

    @Slot(int)
    def _on_unfinished_count(self, count: int) -> None:
        self._unfinished = count
        self._show_waiting()

    @Slot(int, int)
    def _on_rewriting(self, done: int, total: int) -> None:
        self._rewriting = done < total
        if self._rewriting:
            word = Word(f"Working on answer {done + 1} of {total}…", action="Cancel")
            self.put("work", word, self._library.cancel_rewrite, dismissable=False)
        else:
            self.take("work")
            self._library.count_pending()
        self._show_waiting()

    def _show_waiting(self) -> None:
        if self._unfinished and not self._rewriting:
            fact = _count(self._unfinished, "answer is", "answers are") + " not written down or scored yet"
            action = "Finish it" if self._unfinished == 1 else "Finish them"
            self.put("unfinished", Word(fact, action=action), self._library.rewrite_unfinished)
        else:
            self.take("unfinished")
        whisper = self._status.ready and not self._status.rough
        if self._rough and whisper and not self._rewriting:
            fact = _count(self._rough, "answer has", "answers have") + " only a rough transcript"
            self.put("rough", Word(fact, action="Write again with Whisper"), self._library.rewrite_rough)
        else:
            self.take("rough")


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
