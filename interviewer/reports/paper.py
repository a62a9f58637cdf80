"""A session on paper: a PDF, laid out and written by Qt."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPointF, QRectF, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QGuiApplication,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextBlock,
    QTextDocument,
    QTextFormat,
    QTextLine,
)

from interviewer.core.models import Session
from interviewer.core.paths import asset
from interviewer.reports.document import FindQuestion
from interviewer.reports.page import environment
from interviewer.reports.sheet import SessionSheet, session_sheet

MARGIN_MM = 18.0
FOOT_MM = 10.0
"""Of the margin at the bottom, with the number of the page in it."""
_POINTS_AN_INCH = 72.0
_MM_AN_INCH = 25.4
_RULE_PT = 0.75

_Draw = Callable[[QPainter], None]


def pdf(session: Session, question: FindQuestion) -> bytes:
    """Return a whole session as PDF on A4. From any thread, while a Qt application is there: see `with_fonts`."""
    sheet = session_sheet(session, question)
    document = _Closed()
    document.setDefaultFont(_font())
    document.setDefaultStyleSheet(_style())
    document.setHtml(_environment().get_template("paper.html.j2").render(sheet=sheet, way=way))
    return _printed(document, sheet)


def with_fonts() -> QGuiApplication:
    """Return the application that fonts need, without a screen where there is none to be had; keep it."""
    there = QGuiApplication.instance()
    if isinstance(there, QGuiApplication):
        return there
    return QGuiApplication(["interviewer", *(("-platform", "offscreen") if sys.platform == "linux" else ())])


def way(text: str) -> str:
    """Return which way a text is read, "ltr" or "rtl", by its first letter that has a way."""
    for character in text:
        match unicodedata.bidirectional(character):
            case "L":
                return "ltr"
            case "R" | "AL":
                return "rtl"
    return "ltr"


class _Closed(QTextDocument):
    """A document that opens no file and no address, whatever its text asks for."""

    def loadResource(self, _kind: int, _name: QUrl | str) -> Any:  # noqa: N802 - Qt's own name
        """Return nothing."""
        return None


@cache
def _environment() -> Environment:
    made = environment().overlay()
    made.filters["lines"] = _lines
    return made


def _lines(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.splitlines())


def _font() -> QFont:
    font = QFont()
    font.setFamilies(["Noto Sans", "Segoe UI", "Helvetica Neue", "DejaVu Sans", "Arial"])
    font.setPointSizeF(10.0)
    return font


@cache
def _colours() -> dict[str, str]:
    """Return the light colours of the program's own theme."""
    colours: dict[str, str] = json.loads(asset("theme.json").read_text(encoding="utf-8"))["light"]
    return colours


def _colour(name: str) -> QColor:
    return QColor(_colours()[name])


def _style() -> str:
    colours = _colours()
    tones = "".join(f".{name} {{ color: {colours[name]}; }} " for name in ("good", "warn", "bad", "muted"))
    shades = "".join(
        f".e-{name} {{ background-color: {colours[f'{name}_soft']}; }} " for name in ("good", "warn", "bad")
    )
    return f"""
        h1 {{ font-size: 18pt; margin-bottom: 2px; }} h2 {{ font-size: 13pt; margin-top: 2px; margin-bottom: 4px; }}
        h3 {{ font-size: 10pt; color: {colours["muted"]}; margin-top: 10px; margin-bottom: 3px; }}
        p {{ margin-top: 2px; margin-bottom: 3px; }}
        .small {{ font-size: 8.5pt; }} .figure {{ font-size: 16pt; font-weight: bold; color: {colours["accent"]}; }}
        .note {{ background-color: {colours["mark"]}; }} .filler {{ text-decoration: underline; }}
        .pause {{ color: {colours["muted"]}; }} .long {{ color: {colours["bad"]}; font-weight: bold; }}
        {tones} {shades}
    """


def _printed(document: QTextDocument, sheet: SessionSheet) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(f"{sheet.mode} on {sheet.when}")
    writer.setCreator("Interviewer")
    # A point is the unit of everything: then sizes are those of the style sheet, whatever screen there is.
    writer.setResolution(int(_POINTS_AN_INCH))
    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter
        )
    )
    # Whole points: Qt lays lines out in 64ths of one, and one that ends a little late is drawn on two pages.
    size = writer.pageLayout().paintRect(QPageLayout.Unit.Point).size().toSize().toSizeF()
    document.documentLayout().setPaintDevice(writer)
    document.setDocumentMargin(0)
    document.setPageSize(size)
    pages = document.pageCount()
    painter = QPainter(writer)
    for number, lines in enumerate(_by_page(document, size.height(), pages)):
        if number:
            writer.newPage()
        for draw in lines:
            draw(painter)
        foot = QRectF(0, size.height(), size.width(), FOOT_MM / _MM_AN_INCH * _POINTS_AN_INCH)
        painter.setFont(_font())
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, f"{number + 1} / {pages}")
    painter.end()
    buffer.close()
    return bytes(data.data())


def _by_page(document: QTextDocument, height: float, pages: int) -> list[list[_Draw]]:
    """Return for each page what is to be drawn on it, each line on one page.

    Qt's own way draws the last line of a page a second time above the next one: cut off on paper, but whoever
    searches or reads aloud finds it twice.
    """
    found: list[list[_Draw]] = [[] for _ in range(pages)]
    block = document.begin()
    while block.isValid():
        place = document.documentLayout().blockBoundingRect(block)
        layout = block.layout()
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            page = min(pages - 1, max(0, int((place.y() + line.y()) // height)))
            origin = QPointF(place.x(), place.y() - page * height)
            found[page].append(partial(_draw_line, block=block, line=line, origin=origin, width=place.width()))
        block = block.next()
    return found


def _draw_line(painter: QPainter, *, block: QTextBlock, line: QTextLine, origin: QPointF, width: float) -> None:
    area = QRectF(origin.x(), origin.y() + line.y(), width, line.height())
    form = block.blockFormat()
    if form.hasProperty(QTextFormat.Property.BlockTrailingHorizontalRulerWidth):
        painter.fillRect(QRectF(area.x(), area.center().y(), area.width(), _RULE_PT), _colour("line"))
        return
    if form.background().style() != Qt.BrushStyle.NoBrush:
        painter.fillRect(area, form.background())
    line.draw(painter, origin)
