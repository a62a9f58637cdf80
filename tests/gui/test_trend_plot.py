"""The plot of trends: its dots are chosen and opened, by pointer and by keys."""

from __future__ import annotations

import subprocess
import sys

from PySide6.QtCore import QPoint, Qt

from interviewer.core.settings import Appearance
from tests.gui import trends_page
from tests.gui.trends_page import row, trends

Key = Qt.Key
theme, page = trends_page.theme, trends_page.page  # pytest looks for fixtures among the names of a file
plot, opened = trends_page.plot, trends_page.opened


def test_the_newest_answer_is_chosen_first(plot):
    assert plot.chosen == 2


def test_a_click_on_a_dot_opens_its_attempt(qtbot, page, plot, opened):
    where = plot.canvas.place_of(1).toPoint()
    qtbot.mouseClick(plot.canvas.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert opened == ["b"]
    assert page.dots.currentIndex().row() == 1


def test_a_click_beside_the_dots_opens_nothing(qtbot, plot, opened):
    where = plot.canvas.place_of(1).toPoint() - QPoint(0, 40)
    qtbot.mouseClick(plot.canvas.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert opened == []


def test_the_arrow_keys_go_from_dot_to_dot_and_enter_opens(qtbot, page, plot, opened):
    plot.setFocus()
    qtbot.keyClick(plot, Key.Key_Left)
    assert page.dots.currentIndex().row() == 1
    qtbot.keyClick(plot, Key.Key_Home)
    qtbot.keyClick(plot, Key.Key_Return)
    assert opened == ["a"]


def test_the_arrow_keys_stop_at_both_ends(qtbot, plot):
    plot.setFocus()
    for key, end in ((Key.Key_Right, 2), (Key.Key_PageUp, 0), (Key.Key_Left, 0), (Key.Key_End, 2)):
        qtbot.keyClick(plot, key)
        assert plot.chosen == end


def test_the_plot_tells_which_dot_is_chosen(qtbot, plot):
    plot.setFocus()
    qtbot.keyClick(plot, Key.Key_Home)
    assert plot.accessibleName() == "Score over time, 3 answers"
    assert plot.accessibleDescription() == (
        "Chosen: 60 of 100, between 45 and 75, 2 March 2026, 12:00. What is Depends?"
    )


def test_the_list_moves_the_mark_in_the_plot(page, plot):
    page.dots.setCurrentIndex(page.dots.model().index(2))
    assert plot.chosen == 0


def test_the_plot_follows_a_change_of_the_look(plot, theme):
    before = plot.canvas.grab().toImage()
    theme.choose(Appearance.DARK)
    assert plot.canvas.grab().toImage() != before


def test_an_answer_on_top_of_another_hides_it_but_both_are_in_the_list(page, plot, library):
    library.trends = trends(*(row(str(i), day=i / 1e5) for i in range(5000)), row("far", day=400))
    library.changed.emit()
    assert len(plot.places) == 5001
    assert len(plot.canvas._drawn) < 20


def test_a_long_list_is_handed_out_as_far_as_it_is_looked_at(qtbot, page, plot, library):
    library.trends = trends(*(row(str(i), day=i) for i in range(2500)))
    library.changed.emit()
    assert page.dots.model().rowCount() == 1000
    page.dots.scrollToBottom()
    qtbot.waitUntil(lambda: page.dots.model().rowCount() == 2000)
    plot.setFocus()
    qtbot.keyClick(plot, Key.Key_Home)
    assert page.dots.currentIndex().row() == 2499


def test_pyqtgraph_is_not_imported_before_trends_are_looked_at():
    code = (
        "import sys, interviewer.gui.main_window, interviewer.gui.pages.trends; "
        "sys.exit('pyqtgraph' in sys.modules or 'scipy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
