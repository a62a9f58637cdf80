"""The interviews that the benchmark of the history makes up are such as the program keeps, and its bounds count."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from time import perf_counter
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QStyledItemDelegate
from pytestqt.qtbot import QtBot

from benchmarks import history, history_window
from benchmarks.history_data import ANSWERS, make
from interviewer.core.search import Query
from interviewer.gui.widgets.paged_model import PagedModel
from interviewer.gui.widgets.row_table import RowTable
from interviewer.gui.widgets.session_models import VALUE
from interviewer.store.database import SqlStore

GOOD = {"open_ms": 200.0, "search_ms": 20.0, "memory_mb": 8.0, "answers": 100_000, "questions": 40, "answered": 30}


def test_made_up_interviews_are_read_whole_and_found(tmp_path: Path) -> None:
    writer = make(tmp_path / "data", 3)
    with closing(SqlStore.open(tmp_path / "data")) as store:
        answers = [a for s in store.sessions() for a in store.session(s.id).attempts]
        assert len(answers) == 3 * ANSWERS == len(store.find_answers(Query()).ids)
        assert all(a.transcript and a.score and a.asked for a in answers)
        words = answers[0].transcript.text if answers[0].transcript else ""
        first = store.listed(store.find_answers(Query(text=f'"{words}"')).ids)
    assert [row.attempt_id for row in first] == [answers[0].id]
    assert len(set(writer.words)) > 20_000


@pytest.mark.parametrize(
    ("change", "held"),
    [
        *(({}, True), ({"open_ms": 300.0}, False), ({"search_ms": 50.0}, False), ({"memory_mb": 80.0}, False)),
        *(({"answers": 99_999}, False), ({"answered": 29}, False)),
    ],
)
def test_every_bound_counts(change: dict[str, float], held: bool) -> None:
    assert history.holds({**GOOD, **change}, 10_000) is held


def test_a_kept_folder_with_fewer_answers_does_not_do_for_many(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "interviewer.db").touch()
    monkeypatch.setattr(history, "in_the_window", lambda _: {**GOOD, "answers": 10_000})
    codes = []
    for more in ([], ["--quick"]):
        monkeypatch.setattr(sys, "argv", ["history", "--json", "--keep", str(tmp_path), *more])
        codes.append(history.main())
    assert codes == [1, 0]


def test_a_list_is_read_once_the_rows_that_came_last_are_painted(qtbot: QtBot) -> None:
    model = Rows()
    table = RowTable("Answers", model, Delegate())
    table.resize(300, 200)
    qtbot.addWidget(table)
    shown = history_window.Shown(table, model)
    with qtbot.waitExposed(table):
        table.show()
    begin = perf_counter()
    assert shown.is_read(begin)  # there are none
    model.show_numbers((1, 2), ())
    table.viewport().repaint()
    assert not shown.is_read(begin)  # painted, but without its rows
    model.take_rows(model.asked(), (SimpleNamespace(number=1), SimpleNamespace(number=2)))
    assert not shown.is_read(begin)  # they came, and are not painted
    table.viewport().repaint()
    before = perf_counter()
    assert shown.is_read(begin)
    assert shown.painted >= before
    assert not shown.is_read(perf_counter())


class Delegate(QStyledItemDelegate):
    row_px = 20


class Rows(PagedModel):
    """Rows that are their own values."""

    def data(self, index: QModelIndex, role: int = 0) -> object:
        return self.row_at(index.row()) if role == VALUE else "row"

    def asked(self) -> Sequence[int]:
        """Return the numbers that were asked for, all of them."""
        self._on_soon()
        (numbers,) = self._asked.values()
        return numbers
