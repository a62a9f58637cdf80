"""Banners: something the user should know, with the one action that mends it. Never modal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from interviewer.gui.announcing import announce
from interviewer.gui.keys import Receiver
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.buttons import Button, IconButton
from interviewer.gui.widgets.labels import IconLabel, label


@dataclass(frozen=True, slots=True)
class Word:
    """What a banner says: a fact, what follows from it, and the words of its action."""

    fact: str
    hint: str = ""
    action: str = ""
    tone: str = "accent"
    """accent for news, warn for something missing, bad for a failure."""
    key: str = ""
    """The key that does what the action does, where that is the page's primary button; the page binds it."""
    others: tuple[str, ...] = ()
    """The words of further, quieter buttons."""
    progress: bool = False
    """It says how far something is: spoken when it comes, and not at every step."""

    @property
    def spoken(self) -> str:
        """Fact and hint as one text for the ear."""
        ends = "" if not self.hint or self.fact.endswith((".", "…", "!", "?", ":")) else "."
        return f"{self.fact}{ends} {self.hint}".strip()


class Notice(QFrame):
    """One banner."""

    acted = Signal()
    dismissed = Signal()

    def __init__(self, theme: Theme, word: Word, *, dismissable: bool = True) -> None:
        super().__init__()
        self.word = word
        self.setProperty("panel", "notice")
        self.setProperty("tone", word.tone)
        self.setAccessibleName(word.spoken)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 8)
        row.setSpacing(12)
        icon = "information" if word.tone in ("accent", "good") else "warning"
        row.addWidget(IconLabel(theme, icon, word.tone))
        words = QVBoxLayout()
        words.setSpacing(1)
        self.fact = label(word.fact, size="section", wrap=True)
        words.addWidget(self.fact)
        if word.hint:
            words.addWidget(label(word.hint, wrap=True))
        row.addLayout(words, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        if len(word.others) > 1:
            # Side by side with so many buttons, no room would be left for the words.
            words.addSpacing(8)
            words.addLayout(buttons)
        else:
            row.addLayout(buttons)
        self.action: Button | None = None
        if word.action:
            self.action = Button(word.action, role="primary" if word.key else "secondary", key=word.key)
            self.action.clicked.connect(self.acted)
            buttons.addWidget(self.action)
        self.others = tuple(Button(words, role="quiet") for words in word.others)
        for button in self.others:
            buttons.addWidget(button)
        if len(word.others) > 1:
            buttons.addStretch(1)
        if dismissable:
            close = IconButton(theme, "close", "Dismiss")
            close.clicked.connect(self.dismissed)
            row.addWidget(close)


class NoticeBoard(QWidget):
    """The banners of a page, by key: a key shows one banner at a time.

    Each is announced once: as it comes, or when its page is first seen with it.
    """

    def __init__(self, theme: Theme, *, above_px: int = 0) -> None:
        super().__init__()
        self._theme = theme
        self._notices: dict[str, Notice] = {}
        self._put_away: dict[str, Word] = {}
        self._unsaid: dict[str, bool] = {}
        """Banners that nobody was told of yet, and whether each is urgent."""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, above_px, 0, 0)
        self._column.setSpacing(8)
        self.hide()

    def put(
        self,
        key: str,
        word: Word,
        act: Receiver | None = None,
        *,
        others: Sequence[Receiver] = (),
        dismissable: bool = True,
        urgent: bool = False,
    ) -> None:
        """Show a banner under `key`, in place of the one there; `others` are the receivers of its other buttons.

        The same words do not come back once they were dismissed, until `take` forgets them. What is `urgent`,
        as every failure is, is announced at once.
        """
        there = self._notices.get(key)
        if self._put_away.get(key) == word or (there is not None and there.word == word):
            return
        goes_on = word.progress and there is not None and there.word.progress and key not in self._unsaid
        self._drop(key)
        notice = Notice(self._theme, word, dismissable=dismissable)
        notice.setObjectName(key)
        if act is not None:
            notice.acted.connect(act)
        for button, receiver in zip(notice.others, others, strict=True):
            button.clicked.connect(receiver)
        notice.dismissed.connect(self._on_dismissed)
        self._notices[key] = notice
        self._column.addWidget(notice)
        if not goes_on:
            self._unsaid[key] = urgent or word.tone == "bad"
        self.show()
        self._say()

    def showEvent(self, event: QShowEvent) -> None:
        """Tell of what came while nobody saw the page."""
        super().showEvent(event)
        self._say()

    def take(self, key: str) -> None:
        """Take the banner under `key` away; harmless when there is none."""
        self._put_away.pop(key, None)
        self._drop(key)

    def dismiss(self, key: str) -> None:
        """Put the banner under `key` away as the user would; harmless when there is none."""
        notice = self._notices.get(key)
        if notice is not None:
            self._put_away[key] = notice.word
            self._drop(key)

    def notice(self, key: str) -> Notice | None:
        """Return the banner under `key`, or None."""
        return self._notices.get(key)

    def _say(self) -> None:
        if not self.isVisible():
            return
        unsaid, self._unsaid = self._unsaid, {}
        for key, urgent in unsaid.items():
            # The banner itself is laid out, and visible, only with the next turn of the loop.
            announce(self, self._notices[key].word.spoken, urgent=urgent)

    def _drop(self, key: str) -> None:
        self._unsaid.pop(key, None)
        notice = self._notices.pop(key, None)
        if notice is not None:
            focused = QApplication.focusWidget()
            if focused is not None and notice.isAncestorOf(focused):
                # The next control in line would get the focus, and the next Enter.
                self.window().setFocus(Qt.FocusReason.OtherFocusReason)
            self._column.removeWidget(notice)
            notice.hide()
            notice.deleteLater()
        self.setVisible(bool(self._notices))

    @Slot()
    def _on_dismissed(self) -> None:
        for key, notice in tuple(self._notices.items()):
            if notice is self.sender():
                self.dismiss(key)
