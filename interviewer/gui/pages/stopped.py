"""The banner of an interview that stopped in its middle: go on with it, or let it rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot

from interviewer.core.models import Bank
from interviewer.core.stopped import Stopped
from interviewer.gui.offer import offer
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.notice import NoticeBoard, Word
from interviewer.workers.clock import Clock, utc_now

if TYPE_CHECKING:
    from interviewer.workers.continuing import Continuing

_KEY = "stopped"


class StoppedBoard(NoticeBoard):
    """Holds one banner at most; of two interviews that stopped the newer one is offered."""

    changed = Signal()  # whether the banner's button is the page's obvious one, or what it is

    def __init__(self, continuing: Continuing, bank: Bank, theme: Theme, *, clock: Clock = utc_now) -> None:
        super().__init__(theme)
        self._continuing = continuing
        self._bank = bank
        self._clock = clock
        self._found: Stopped | None = None
        self._leads = False
        continuing.found.connect(self.show_found)

    @property
    def primary(self) -> Button | None:
        """The button that goes on, where that is what the user most likely wants; None where it is not."""
        notice = self.notice(_KEY)
        return notice.action if notice is not None and self._leads else None

    def show_bank(self, bank: Bank) -> None:
        """Say anew whether the open bank has its questions."""
        self._bank = bank
        self.show_found(self._found)

    @Slot()
    def go_on(self) -> None:
        """Go on with the next question."""
        if self._found is not None:
            self._continuing.go_on(self._found.session.id)

    @Slot()
    def answer_again(self) -> None:
        """Go on with the question whose answer was cut off."""
        if self._found is not None:
            self._continuing.go_on(self._found.session.id, again=True)

    @Slot()
    def let_rest(self) -> None:
        """Offer it no more; its answers stay in the history."""
        if self._found is not None:
            self._continuing.let_rest(self._found.session)

    def dismiss(self, key: str) -> None:
        """Put the banner away for now."""
        super().dismiss(key)
        self.changed.emit()

    @Slot(object)
    def show_found(self, found: Stopped | None) -> None:
        """Offer an interview to go on with; None takes the offer away."""
        self._found = found
        if found is None:
            self.take(_KEY)
        else:
            lacking = self._continuing.lacking(found.session)
            said = offer(found, self._clock(), lacking=lacking, bank_title=self._bank.title)
            self._leads = said.leads
            others = {said.again: self.answer_again} if said.again else {}
            others["Let it rest"] = self.let_rest
            word = Word(said.fact, said.hint, said.action, key="Space" if said.leads else "", others=tuple(others))
            act = self.go_on if found.asks else self.answer_again
            self.put(_KEY, word, act, others=tuple(others.values()))
        self.changed.emit()
