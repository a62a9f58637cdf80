"""On every page and in every dialog: names, a way there by keys, and a focus that can be seen."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSlider,
    QSpinBox,
    QTableView,
    QTextEdit,
    QTreeView,
    QWidget,
)

from interviewer.gui.widgets.inline_edit import InlineEdit
from tests.gui.scenes import DIALOGS, PAGES, Stage, export, settle

every_scene = pytest.mark.parametrize("scene", [*PAGES, *DIALOGS], ids=lambda scene: scene.__name__)


@pytest.fixture
def stage(window, conductor, library, continuing, downloads, housekeeper):
    made = Stage(window, conductor, library, continuing, downloads, housekeeper)
    yield made
    while (dialog := QApplication.activeModalWidget()) is not None:
        dialog.close()


def picture(widget) -> QImage:
    """Return how a widget looks; where nothing is behind it there is the ground of the window."""
    made = QImage(widget.size(), QImage.Format.Format_RGB888)
    made.fill(QApplication.palette().window().color())
    painter = QPainter(made)
    painter.drawPixmap(0, 0, widget.grab())
    painter.end()
    return made


def contrasts(one: QImage, other: QImage) -> np.ndarray:
    """Return the contrast of every dot of a picture to the same of another, by WCAG 2.2."""
    low, high = np.sort([luminances(one), luminances(other)], axis=0)
    return (high + 0.05) / (low + 0.05)


def luminances(of: QImage) -> np.ndarray:
    dots = of.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(dots.constBits(), np.uint8).reshape(dots.height(), dots.bytesPerLine())
    parts = rows[:, : dots.width() * 3].reshape(dots.height(), dots.width(), 3) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4) @ (0.2126, 0.7152, 0.0722)


# --- names ---------------------------------------------------------------------------------------

BY_NATURE = (QAbstractButton, QAbstractItemView, QProgressBar)
"""Heard by who goes round with a screen reader, whether Tab goes there or not."""
WITH_PARTS = (QAbstractItemView, QAbstractSpinBox, QComboBox, QPlainTextEdit, QTextEdit)


def inside(widget, kinds) -> bool:
    """Whether it is only a part of another control, such as the field inside a number box."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, kinds) and not isinstance(widget, InlineEdit):
            return True
        above = above.parentWidget()
    return False


def nameless(top) -> list[str]:
    """Return the controls that a screen reader can say nothing of: those by their nature, and what takes Tab."""
    return [
        repr(widget)
        for widget in top.findChildren(QWidget)
        if isinstance(widget, BY_NATURE) or takes_tab(widget)
        if not widget.accessibleName()
        and not (isinstance(widget, QAbstractButton) and widget.text())
        and not inside(widget, WITH_PARTS)
    ]


@every_scene
def test_every_control_has_a_name(stage, scene):
    scene(stage)
    settle()
    # What was opened before is behind it, dialogs and all.
    assert nameless(stage.window) == []


@pytest.mark.parametrize("made", [QProgressBar, QTableView, QTreeView, QSlider, QLineEdit, QTextEdit, QSpinBox])
def test_a_control_without_a_name_would_be_noticed(qtbot, made):
    host = QWidget()
    qtbot.addWidget(host)
    made(host)
    QPushButton("Named by its words", host)
    assert len(nameless(host)) == 1


def test_a_plot_without_a_name_would_be_noticed(qtbot):
    host = QWidget()
    qtbot.addWidget(host)
    QWidget(host).setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    assert len(nameless(host)) == 1


# --- the keyboard --------------------------------------------------------------------------------


TYPED_IN = (QAbstractSpinBox, QLineEdit, QPlainTextEdit, QTextEdit)


def takes_tab(widget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None


def walk(top) -> Iterator[QWidget]:
    """Go round by Tab, from control to control until the first comes again."""
    reached: list[QWidget] = []
    for _ in range(300):
        QTest.keyClick(QApplication.focusWidget() or top, Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        if now in reached:
            break
        reached.append(now)
        yield now


def called(widget) -> str:
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return f"{type(widget).__name__} {widget.accessibleName() or text!r}"


def unseen(widget, without: QImage, focused: QImage) -> str:
    """Return what is wrong with how the focus shows: "" where it does."""
    changed = contrasts(without, focused) >= 3.0
    if isinstance(widget, TYPED_IN):
        # A caret and a selection are in the words; the focus is to be seen around them.
        changed[6:-6, 6:-6] = False
    enough = min(80, (widget.width() + widget.height()) // 2)
    return "" if changed.sum() >= enough else f"{called(widget)} differs in {changed.sum()} of {enough} dots"


@every_scene
def test_tab_reaches_everything_that_takes_keys_and_its_focus_is_seen(stage, scene):
    top = scene(stage)
    settle()
    there = [w for w in top.findChildren(QWidget) if w.window() is top and w.isVisible() and w.isEnabled()]
    wanted = [w for w in there if takes_tab(w)]
    reached: list[QWidget] = []
    pictures: list[QImage] = []
    lost: list[str] = []
    for widget in walk(top):
        if reached and reached[-1].isVisible():
            lost.append(unseen(reached[-1], picture(reached[-1]), pictures[-1]))
        reached.append(widget)
        if widget.visibleRegion().isEmpty():
            lost.append(f"{called(widget)} is out of sight")
        pictures.append(picture(widget))
    top.setFocus()
    lost.append(unseen(reached[-1], picture(reached[-1]), pictures[-1]))
    assert "\n".join(filter(None, lost)) == ""
    # A field over a word is gone as soon as it is left.
    assert [called(w) for w in wanted if w not in reached and not isinstance(w, InlineEdit)] == []
    assert [called(w) for w in reached if w not in wanted] == []
    groups = {w.group() for w in there if isinstance(w, QAbstractButton) and w.group()}
    assert [called(b) for group in groups for b in group.buttons() if takes_tab(b) is not b.isChecked()] == []


def test_arrows_reach_the_other_parts_of_a_choice(qtbot, stage):
    dialog = export(stage)
    first = QApplication.focusWidget()
    passed = []
    for _ in dialog.choices.buttons():
        passed.append(QApplication.focusWidget())
        qtbot.keyClick(passed[-1], Qt.Key.Key_Down)
    assert passed == dialog.choices.buttons()
    assert first is passed[0]
