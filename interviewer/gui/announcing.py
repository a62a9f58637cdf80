"""Has a screen reader say what the eye sees change."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, words: str, *, urgent: bool = False) -> None:
    """Say `words` of a widget that is on the screen; what is urgent does not wait for what is being said."""
    if not words or not widget.isVisible():
        return
    # Where a wrapping label may break is nothing to be spoken.
    event = QAccessibleAnnouncementEvent(widget, words.replace("\u200b", ""))
    if urgent:
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(event)
