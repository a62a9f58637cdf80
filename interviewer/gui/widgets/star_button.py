"""The star of an answer: one look and one key, wherever it is given."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal, Slot

from interviewer.gui.widgets.buttons import Button

_WORDS = {False: "Star", True: "Starred"}
_SIGNS = {False: "☆", True: "★"}


class StarButton(Button):
    """Gives a star, or takes it away; S does the same where the page binds it."""

    given = Signal(bool)  # by the user: whether there is a star now

    def __init__(self) -> None:
        super().__init__("", role="quiet", key="S")
        self.setCheckable(True)
        self.show_star(False)
        self.toggled.connect(self._on_toggled)

    def show_star(self, starred: bool) -> None:
        """Show whether there is a star; reports nothing."""
        with QSignalBlocker(self):
            self.setChecked(starred)
        self._say(starred)

    @Slot(bool)
    def _on_toggled(self, starred: bool) -> None:
        self._say(starred)
        self.given.emit(starred)

    def _say(self, starred: bool) -> None:
        self.say(_WORDS[starred])
        # The name stays without the sign: a screen reader would read out its shape.
        self.setText(f"{_SIGNS[starred]} {_WORDS[starred]}")
