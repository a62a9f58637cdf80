"""A stand-in for the worker that goes on with interviews: it finds what a test says."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from interviewer.core.models import Session


class FakeContinuing(QObject):
    """Remembers what it was asked for."""

    found = Signal(object)
    told = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.lacks = 0
        self.calls: list[tuple[object, ...]] = []

    @Slot()
    def look(self) -> None:
        self.calls.append(("look",))

    def lacking(self, _session: Session) -> int:
        return self.lacks

    @Slot(str)
    def go_on(self, session_id: str, *, again: bool = False) -> None:
        self.calls.append(("go_on", session_id, again))

    def let_rest(self, session: Session) -> None:
        self.calls.append(("let_rest", session.id))
