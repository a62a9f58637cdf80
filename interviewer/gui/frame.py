"""The top-level window: its place on the screen, and a first paint that waits for nothing.

Nothing is imported here but Qt and the paths, so that the window stands before the rest of the
program is even read from disk.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QColor, QIcon, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QMainWindow, QWidget

from interviewer.core.paths import asset

SMALLEST_PX = (960, 640)
FIRST_PX = (1180, 780)
GEOMETRY_FILE = "window.ini"


class Frame(QMainWindow):
    """Comes up in the colour it was closed in, and shows its content once there is one."""

    painted = Signal()  # once, after the first paint

    def __init__(self, data_dir: Path) -> None:
        super().__init__()
        self._kept = QSettings(str(data_dir / GEOMETRY_FILE), QSettings.Format.IniFormat)
        self._painted = False
        self.setWindowTitle("Interviewer")
        self.setMinimumSize(*SMALLEST_PX)
        self.resize(*FIRST_PX)
        geometry = self._kept.value("geometry")
        if geometry is not None:
            self.restoreGeometry(geometry)
        self._canvas = QColor(str(self._kept.value("canvas", "")))

    def fill(self, content: QWidget) -> None:
        """Show the content; the icon is no longer drawn, and is set for the desktop instead."""
        self.setCentralWidget(content)
        self.setWindowIcon(QIcon(str(asset("icon.svg"))))
        content.setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bare canvas, and tell once that it was painted."""
        super().paintEvent(event)
        if self.centralWidget() is None:
            painter = QPainter(self)
            known = self._canvas.isValid()
            painter.fillRect(self.rect(), self._canvas if known else self.palette().color(QPalette.ColorRole.Window))
            painter.end()
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self._tell)

    @Slot()
    def _tell(self) -> None:
        self.painted.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep place and colour for the next time."""
        content = self.centralWidget()
        if content is not None:
            self._kept.setValue("canvas", content.palette().color(QPalette.ColorRole.Window).name())
        self._kept.setValue("geometry", self.saveGeometry())
        super().closeEvent(event)
