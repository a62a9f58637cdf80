"""Form controls with a name: a caption above or beside, and the same name for screen readers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QSizePolicy, QSlider, QVBoxLayout, QWidget

from interviewer.gui.keys import SPACE, KeepKeys, TabStop
from interviewer.gui.widgets.buttons import segment
from interviewer.gui.widgets.labels import label, set_tip


class Picker(QComboBox):
    """A drop-down list of values; only the user's choices are reported."""

    chosen = Signal(object)  # the value picked by the user

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        KeepKeys(self, SPACE)
        self.activated.connect(self._on_activated)

    def offer(self, choices: Sequence[tuple[str, Any]], current: Any, *, absent: str = "{} (not found)") -> None:
        """Show these (words, value) pairs with `current` picked.

        A current value that is not among them is kept and shown as missing, so that looking
        at a list never changes a setting.
        """
        with QSignalBlocker(self):
            self.clear()
            for words, value in choices:
                self.addItem(words, value)
            values = [value for _, value in choices]
            if current not in values:
                self.addItem(absent.format(current), current)
                values.append(current)
            self.setCurrentIndex(values.index(current))
        set_tip(self, self.currentText())

    def show_value(self, value: Any) -> None:
        """Show `value` as picked where it is offered; reports nothing."""
        with QSignalBlocker(self):
            for index in range(self.count()):
                if self.itemData(index) == value:
                    self.setCurrentIndex(index)
        set_tip(self, self.currentText())

    def value(self) -> Any:
        """Return the value picked."""
        return self.currentData()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page: scrolling past a list must not change it."""
        event.ignore()

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        set_tip(self, self.itemText(index))
        self.chosen.emit(self.itemData(index))


class CalmSlider(QSlider):
    """A slider that a wheel over the page does not move."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()


class Choice(QWidget):
    """Two or three values side by side, one of them chosen."""

    chosen = Signal(object)  # the value picked by the user

    def __init__(self, name: str, choices: Sequence[tuple[str, Any, str]], current: Any) -> None:
        """Make a part for each (words, value, hint); the hint of the chosen one is shown below."""
        super().__init__()
        self.setAccessibleName(name)
        self._choices = tuple(choices)
        self._group = QButtonGroup(self)
        TabStop(self._group)
        self._hint = label(size="caption", tone="muted", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(8)
        for index, (words, _, hint) in enumerate(self._choices):
            part = segment(words, hint)
            self._group.addButton(part, index)
            row.addWidget(part, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        if any(hint for _, _, hint in self._choices):
            column.addWidget(self._hint)
        else:
            self._hint.setParent(self)
            self._hint.hide()
        self.show_value(current)
        self._group.idClicked.connect(self._on_clicked)

    def show_value(self, value: Any) -> None:
        """Show `value` as chosen; reports nothing."""
        for index, (_, one, hint) in enumerate(self._choices):
            if one == value:
                self._group.button(index).setChecked(True)
                self._hint.setText(hint)

    def value(self) -> Any:
        """Return the chosen value."""
        return self._choices[self._group.checkedId()][1]

    @Slot(int)
    def _on_clicked(self, index: int) -> None:
        self._hint.setText(self._choices[index][2])
        self.chosen.emit(self._choices[index][1])


def field(caption: str, control: QWidget) -> QWidget:
    """Return `control` under its caption."""
    host = QWidget()
    column = QVBoxLayout(host)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(6)
    head = label(caption, size="section")
    head.setBuddy(control)
    column.addWidget(head)
    column.addWidget(control)
    return host


def setting(caption: str, control: QWidget) -> QWidget:
    """Return `control` beside its caption, captions of one width below each other."""
    host = QWidget()
    row = QHBoxLayout(host)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(16)
    head = label(caption)
    head.setFixedWidth(150)
    head.setMinimumHeight(36)  # beside the first line of a control that has several
    head.setBuddy(control)
    row.addWidget(head, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(control, 1)
    return host


def across(first: QWidget, *others: QWidget) -> QWidget:
    """Return the widgets side by side; the first takes what room there is."""
    host = QWidget()
    row = QHBoxLayout(host)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(10)
    row.addWidget(first, 1)
    for other in others:
        row.addWidget(other)
    return host
