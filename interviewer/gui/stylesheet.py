"""The application's stylesheet, written from the tokens.

Widgets say what they are by dynamic properties: `role` (primary, secondary, quiet,
segment), `type` (a step of the type scale), `tone` (muted, good, warn, bad, accent),
`panel` (card, notice, rail). No widget names a colour.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any

_SHEET = Template("""
QWidget { font-size: ${body}pt; color: $text; }
QMainWindow, QDialog, QWidget[panel="canvas"] { background: $canvas; }
QToolTip { background: $surface; color: $text; border: 1px solid $line; padding: 6px; }
QLabel { background: transparent; }
QLabel[type="caption"] { font-size: ${caption}pt; }
QLabel[type="large"] { font-size: ${large}pt; }
QLabel[type="title"] { font-size: ${title}pt; font-weight: 600; }
QLabel[type="display"] { font-size: ${display}pt; font-weight: 600; }
QLabel[type="section"] { font-size: ${body}pt; font-weight: 600; }
QLabel[type="question"] { font-size: ${display}pt; }
QLabel[type="figure"] { font-size: ${display}pt; }
QLabel[tone="muted"] { color: $muted; }
QLabel[tone="accent"] { color: $accent; }
QLabel[tone="good"] { color: $good; }
QLabel[tone="warn"] { color: $warn; }
QLabel[tone="bad"] { color: $bad; }
QLabel[tone="live"] { color: $live; }

QFrame[panel="card"] { background: $surface; border: 1px solid $line; border-radius: ${card}px; }
QFrame[panel="rail"] { background: $surface; border: none; border-right: 1px solid $line; }
QFrame[panel="footer"] { background: $canvas; border: none; border-top: 1px solid $line; }
QFrame[panel="line"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
QFrame[panel="notice"] { background: $accent_soft; border: none; border-radius: ${control}px; }
QFrame[panel="notice"][tone="warn"] { background: $warn_soft; }
QFrame[panel="notice"][tone="bad"] { background: $bad_soft; }
QFrame[panel="notice"][tone="good"] { background: $good_soft; }

QScrollArea, QScrollArea > QWidget > QWidget[panel="canvas"] { border: none; background: $canvas; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 2px; }
QScrollBar::handle:vertical { background: $edge; border-radius: 4px; min-height: 32px; }
QScrollBar::handle:vertical:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QPushButton { background: $surface; color: $text; border: 1px solid $edge; border-radius: ${control}px;
    padding: 8px 16px; min-height: 18px; }
QPushButton:hover { background: $sunken; }
QPushButton:pressed { background: $line; }
QPushButton:focus { border: 2px solid $accent; padding: 7px 15px; }
QPushButton:disabled { color: $edge; border-color: $line; background: transparent; }
QPushButton[key="narrow"] { padding-right: 40px; }
QPushButton[key="narrow"]:focus { padding-right: 39px; }
QPushButton[key="wide"] { padding-right: 68px; }
QPushButton[key="wide"]:focus { padding-right: 67px; }
QPushButton[role="primary"] { background: $accent; color: $on_accent; border: 2px solid $accent; font-weight: 600;
    padding-top: 11px; padding-bottom: 11px; padding-left: 22px; }
QPushButton[role="primary"]:hover, QPushButton[role="primary"]:pressed { background: $accent_strong;
    border-color: $accent_strong; }
QPushButton[role="primary"][key=""] { padding-right: 22px; }
QPushButton[role="primary"]:focus { border: 2px solid $accent; padding-top: 11px; padding-bottom: 11px;
    padding-left: 22px; }
QPushButton[role="primary"][key="narrow"]:focus { padding-right: 40px; }
QPushButton[role="primary"][key="wide"]:focus { padding-right: 68px; }
QPushButton[role="primary"]:disabled { background: $sunken; color: $muted; border-color: $sunken; }
QPushButton[role="danger"] { color: $bad; border-color: $bad; font-weight: 600; }
QPushButton[role="danger"]:hover { background: $bad_soft; }
QPushButton[role="danger"]:focus { border: 2px solid $bad; background: $bad_soft; }
QPushButton[role="danger"]:disabled { color: $edge; border-color: $line; }
QPushButton[role="quiet"] { background: transparent; border-color: transparent; color: $accent; padding-left: 9px;
    padding-right: 9px; }
QPushButton[role="quiet"]:focus { padding-left: 8px; padding-right: 8px; }
QPushButton[role="quiet"][key="narrow"] { padding-right: 38px; }
QPushButton[role="quiet"]:hover { background: $accent_soft; }
QPushButton[role="quiet"]:checked { background: $accent_soft; border-color: $accent; }
QPushButton[role="quiet"]:focus { border-color: $accent; }
QPushButton[role="quiet"]:disabled { color: $edge; }
QPushButton[role="icon"] { background: transparent; border: 2px solid transparent; padding: 4px; min-height: 20px; }
QPushButton[role="icon"]:hover { background: $sunken; }
QPushButton[role="icon"]:focus { border-color: $accent; }
QPushButton[role="round"] { background: $accent; border: 2px solid $accent; border-radius: 20px; padding: 0;
    min-height: 36px; max-height: 36px; min-width: 36px; max-width: 36px; }
QPushButton[role="round"]:hover { background: $accent_strong; }
QPushButton[role="round"]:focus { border: 2px solid $accent; padding: 0; }
QPushButton[role="round"]:disabled { background: $sunken; border-color: $sunken; }
QPushButton[role="segment"] { border: 1px solid $edge; background: $surface; padding: 9px 14px; }
QPushButton[role="segment"]:checked { background: $accent_soft; border: 1px solid $accent; color: $accent;
    font-weight: 600; }
QPushButton[role="segment"]:focus { border: 2px solid $accent; padding: 8px 13px; }
QPushButton[role="point"] { background: transparent; border: 2px solid transparent; padding: 0; text-align: left; }
QPushButton[role="point"]:hover { background: $sunken; }
QPushButton[role="point"]:checked { background: $accent_soft; border-left: 4px solid $accent; }
QPushButton[role="point"]:focus { border: 2px solid $accent; padding: 0; }

QPushButton[role="chip"] { background: $sunken; border: 2px solid transparent; padding: 2px 8px; min-height: 20px;
    font-size: ${caption}pt; }
QPushButton[role="chip"]:hover { background: $accent_soft; }
QPushButton[role="chip"]:focus { border-color: $accent; padding: 2px 8px; }

QToolButton[role="rail"] { background: transparent; border: 2px solid transparent; border-radius: ${control}px;
    padding: 8px 2px; font-size: ${caption}pt; color: $muted; }
QToolButton[role="rail"]:hover { background: $sunken; }
QToolButton[role="rail"]:checked { background: $accent_soft; color: $accent; font-weight: 600; }
QToolButton[role="rail"]:focus { border-color: $accent; }

QLineEdit, QSpinBox, QDateEdit, QComboBox, QPlainTextEdit { background: $surface; color: $text; border: 1px solid $edge;
    border-radius: ${control}px; padding: 7px 10px; min-height: 20px; selection-background-color: $accent;
    selection-color: $on_accent; placeholder-text-color: $muted; }
QLineEdit:focus, QSpinBox:focus, QDateEdit:focus, QComboBox:focus, QPlainTextEdit:focus {
    border: 2px solid $accent; padding: 6px 9px; }
QLineEdit[readOnly="true"] { background: $sunken; border-color: $line; }
QLineEdit[readOnly="true"]:focus { border-color: $accent; }
QComboBox, QDateEdit { padding-right: 30px; }
QComboBox:focus, QDateEdit:focus { padding-right: 29px; }
QComboBox::drop-down, QDateEdit::drop-down { border: none; width: 28px; }
QComboBox::down-arrow, QDateEdit::down-arrow { image: url("$icons/chevron-down.svg"); width: 16px; height: 16px; }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $edge; padding: 4px; outline: none;
    selection-background-color: $accent_soft; selection-color: $accent; }
QComboBox QAbstractItemView::item { min-height: 30px; padding: 0 6px; }
QSpinBox::up-button, QSpinBox::down-button { border: none; background: transparent; width: 26px; }
QSpinBox::up-arrow { image: url("$icons/chevron-up.svg"); width: 13px; height: 13px; }
QSpinBox::down-arrow { image: url("$icons/chevron-down.svg"); width: 13px; height: 13px; }

QCalendarWidget { background: $surface; border: 1px solid $edge; }
QCalendarWidget QWidget#qt_calendar_navigationbar { background: $sunken; }
QCalendarWidget QToolButton { background: transparent; color: $text; border: 2px solid transparent;
    border-radius: 6px; padding: 4px 8px; font-weight: 600; }
QCalendarWidget QToolButton:hover { background: $accent_soft; }
QCalendarWidget QToolButton:focus { border-color: $accent; }
QCalendarWidget QToolButton#qt_calendar_prevmonth { qproperty-icon: url("$icons/chevron-left.svg"); }
QCalendarWidget QToolButton#qt_calendar_nextmonth { qproperty-icon: url("$icons/chevron-right.svg"); }
QCalendarWidget QToolButton::menu-indicator { image: none; }
QCalendarWidget QTableView { background: $surface; color: $text; border: none;
    selection-background-color: $accent; selection-color: $on_accent; }
QCalendarWidget QTableView:disabled { color: $muted; }

QSlider { min-height: 26px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $edge; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent; }
QSlider::handle:horizontal { background: $accent; border: 2px solid $surface; width: 14px; height: 14px;
    margin: -7px 0; border-radius: 9px; }
QSlider:focus { border: 1px solid $accent; border-radius: 6px; }
QSlider::handle:horizontal:disabled, QSlider::sub-page:horizontal:disabled { background: $edge; }

QTextEdit[role="reading"] { background: transparent; border: 2px solid transparent; border-radius: 6px;
    padding: 1px 4px; selection-background-color: $accent; selection-color: $on_accent; }
QTextEdit[role="reading"]:focus { border-color: $accent; }
QListView, QTableView { background: transparent; border: none; outline: none; }
QTableView { selection-background-color: transparent; }
QCheckBox { spacing: 10px; padding: 4px; border: 2px solid transparent; border-radius: 6px; }
QCheckBox:focus { border-color: $accent; }
QCheckBox::indicator { width: 18px; height: 18px; border: 1px solid $edge; border-radius: 5px; background: $surface; }
QRadioButton { spacing: 10px; padding: 3px; border: 2px solid transparent; border-radius: 6px; }
QRadioButton:focus { border-color: $accent; }
QRadioButton::indicator { width: 16px; height: 16px; border: 1px solid $edge; border-radius: 9px; }
QRadioButton::indicator { background: $surface; }
QRadioButton::indicator:checked { width: 8px; height: 8px; border: 5px solid $accent; background: $on_accent; }
QCheckBox:disabled { color: $muted; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$icons/$check"); }
""")


def stylesheet(tokens: Mapping[str, Any], colours: Mapping[str, str], icons: Path) -> str:
    """Return the stylesheet for one palette; `icons` is the folder of the arrows it names."""
    sizes = {name: f"{size:g}" for name, size in tokens["type_pt"].items()}
    check = "check-light.svg" if colours["on_accent"] == "#FFFFFF" else "check-dark.svg"
    return _SHEET.substitute(colours, check=check, **sizes, **tokens["radius_px"], icons=icons.as_posix())
