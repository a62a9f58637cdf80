"""Which points an answer made: one can be chosen, and what proves it be heard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from interviewer.gui.answer import PointShown
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.labels import label
from interviewer.gui.widgets.point_row import PointRow


class CoverageList(QWidget):
    """One row a key point, in the bank's order: a click or Enter chooses it and asks to hear it, arrows only choose.

    Tab reaches one row: the chosen one, or the first.
    """

    point_chosen = Signal(int)  # number of the point, by the user
    moment_wanted = Signal(object)  # Span

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.rows: tuple[PointRow, ...] = ()
        self._shown: tuple[tuple[PointShown, ...], bool] | None = None
        self.setAccessibleName("Points of a good answer")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    def show_points(self, points: Sequence[PointShown], *, neutral: bool = False) -> None:
        """Show these points in place of the ones there; `neutral` leaves out the colours that judge."""
        shown = (tuple(points), neutral)
        if shown == self._shown:  # made anew, they would be as they are
            self.choose(())
            return
        self._shown = shown
        while (item := self._column.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.hide()
                row.deleteLater()
        self.rows = tuple(PointRow(self._theme, k, point, neutral=neutral) for k, point in enumerate(points))
        for row in self.rows:
            row.clicked.connect(self._on_clicked)
            row.step_wanted.connect(self._on_step_wanted)
            self._column.addWidget(row)
        if not points:
            self._column.addWidget(label("No points have been judged.", tone="muted", wrap=True))
        self.choose(())

    @property
    def chosen(self) -> tuple[int, ...]:
        """The numbers of the points that are chosen."""
        return tuple(row.number for row in self.rows if row.isChecked())

    def choose(self, points: Sequence[int]) -> None:
        """Light these points and no others; the keyboard goes on from the first."""
        reached = points[0] if points else 0
        for row in self.rows:
            row.setChecked(row.number in points)
            row.setFocusPolicy(Qt.FocusPolicy.TabFocus if row.number == reached else Qt.FocusPolicy.NoFocus)

    def _choose_one(self, row: PointRow) -> None:
        self.choose((row.number,))
        self.point_chosen.emit(row.number)

    @Slot()
    def _on_clicked(self) -> None:
        row = self.sender()
        assert isinstance(row, PointRow)  # nothing else is connected
        self._choose_one(row)
        if row.shown.moment is not None:
            self.moment_wanted.emit(row.shown.moment)

    @Slot(int)
    def _on_step_wanted(self, step: int) -> None:
        row = self.sender()
        assert isinstance(row, PointRow)
        place = row.number + step
        if 0 <= place < len(self.rows):
            self._choose_one(self.rows[place])
            self.rows[place].setFocus(Qt.FocusReason.TabFocusReason)
