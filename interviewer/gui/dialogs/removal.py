"""Lists what was removed, file by file."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from interviewer.core.removal import Removed
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.labels import label


class RemovalDialog(QDialog):
    """Shown with `open()`."""

    def __init__(self, parent: QWidget, removed: Removed) -> None:
        super().__init__(parent)
        self.setWindowTitle("What was removed")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(640, 420)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(12)
        column.addWidget(label("What was removed", size="title"))
        column.addWidget(label(removed.told(), tone="muted", wrap=True))
        self.list = QPlainTextEdit()
        self.list.setReadOnly(True)
        self.list.setTabChangesFocus(True)
        self.list.setAccessibleName("Files that were removed")
        self.list.setPlainText("\n".join(_lines(removed)))
        column.addWidget(self.list, 1)
        close = Button("Close", role="primary")
        close.clicked.connect(self.accept)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        close.setFocus()


def _lines(removed: Removed) -> list[str]:
    lines = list(removed.files)
    if removed.left:
        lines += ["", "Still there, because another program has them or they are not ours:", *removed.left]
    return lines
