from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget

from interviewer.gui.widgets.flow import Flow

SIZE_PX, GAP_PX = 40, 6


@pytest.fixture
def row(qtbot):
    host = QWidget()
    qtbot.addWidget(host)
    flow = Flow(host, gap_px=GAP_PX)
    for _ in range(4):
        one = QWidget()
        one.setFixedSize(SIZE_PX, SIZE_PX)
        flow.addWidget(one)
    host.resize(400, 100)
    host.show()
    return host, flow


def places(flow: Flow) -> list[tuple[int, int]]:
    shown = [flow.itemAt(i).widget() for i in range(flow.count())]
    return [(one.x(), one.y()) for one in shown if one.isVisible()]


def test_items_stand_in_a_line_and_go_on_in_the_next(row):
    host, flow = row
    assert places(flow) == [(n * (SIZE_PX + GAP_PX), 0) for n in range(4)]
    host.resize(2 * SIZE_PX + GAP_PX, 200)
    step = SIZE_PX + GAP_PX
    assert places(flow) == [(0, 0), (step, 0), (0, step), (step, step)]


def test_no_gap_stands_for_what_is_hidden(row):
    _, flow = row
    for place in (0, 2):
        flow.itemAt(place).widget().hide()
    flow.activate()
    assert places(flow) == [(0, 0), (SIZE_PX + GAP_PX, 0)]
