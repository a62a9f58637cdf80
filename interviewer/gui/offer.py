"""What the Start page says of an interview that stopped in its middle. No Qt in here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from interviewer.core.models import Mode
from interviewer.core.stopped import Stopped, moment_words


@dataclass(frozen=True, slots=True)
class Offer:
    """The words of the banner and its buttons; without an `action` it cannot go on now."""

    fact: str
    hint: str
    action: str = ""
    again: str = ""
    """To give an answer again that was cut off, where the action is something else."""
    leads: bool = False
    """Whether to go on is what the user most likely wants: nothing was held since."""


def offer(found: Stopped, now: datetime, *, lacking: int, bank_title: str) -> Offer:
    """Return what to say; `lacking` is how many of its questions the open bank of this title does not have."""
    total = len(found.session.question_ids)
    cut = found.cut_off
    place = found.position if cut is None else cut
    fact = f"You stopped at question {place + 1} of {total}, {moment_words(found.when.astimezone(), now.astimezone())}"
    if lacking:
        return Offer(fact, _bank_words(found, lacking, bank_title))
    if cut is None:
        return Offer(fact, _kept_words(found), "Continue", leads=found.latest)
    hint = f"Your answer to question {cut + 1} was being recorded: it is kept up to the moment the program ended."
    again = f"Answer question {cut + 1} again"
    if found.asks:
        return Offer(fact, hint, f"Continue with question {found.position + 1}", again, leads=found.latest)
    return Offer(fact, hint, again, leads=found.latest)


def _kept_words(found: Stopped) -> str:
    answers = len(found.session.attempts)
    kept = "Your answer is kept." if answers == 1 else f"Your {answers} answers are kept."
    mode = "practice" if found.session.mode is Mode.PRACTICE else "interview"
    return f"{found.session.bank_title}, {mode}. {kept if answers else 'No answer was given yet.'}"


def _bank_words(found: Stopped, lacking: int, bank_title: str) -> str:
    if found.session.bank_title != bank_title:
        return f"Open the bank “{found.session.bank_title}” in Settings to continue."
    lost = "one of its questions" if lacking == 1 else f"{lacking} of its questions"
    return f"The bank “{bank_title}” no longer has {lost}, so that it cannot go on. Its answers are in History."
