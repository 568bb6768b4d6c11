"""A table to write into, a row for each thing of a list in the settings: broken chains, known chainages, fixed posts, plans."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QPushButton, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from gridplanner.i18n import N_, _
from gridplanner.model.mileage import read_chainage
from gridplanner.settings import RailBreak, RailMark, RailPost, RailShiftPlan
from ui.panels.cells import show_as_list

HIGH = 112  # pixels of the table at least


@dataclass(frozen=True)
class Column:
    """One attribute of a thing: `kind` is text, chainage, whole (a number, `empty` where there is none) or metres (a number or nothing)."""

    name: str
    title: str
    tip: str = ""
    kind: str = "text"
    wide: int = 0
    empty: int = 0


_TRACK = Column("track", N_("Track"), N_("up, down, or empty for both"), wide=64)
_LINE = Column("line", N_("Line"), N_("Name of the line; empty: any"), wide=90)
LISTS: dict[str, tuple[type, tuple[Column, ...]]] = {
    "breaks": (RailBreak, (
        Column("at", N_("Reads behind it"), N_("What is read coming from the line's start, such as K900+000"), "chainage"),
        Column("equals", N_("Reads ahead"), N_("What is read going on, such as K900+020"), "chainage"), _LINE, _TRACK,
    )),
    "marks": (RailMark, (
        Column("chainage", N_("Chainage"), N_("What is read there, such as K814+000"), "chainage"),
        Column("name", N_("Railway station"), N_("Name of a station, or x and y in the project's metres")),
        Column("x", "x", "", "metres", 76), Column("y", "y", "", "metres", 76), _LINE, _TRACK,
    )),
    "posts": (RailPost, (
        Column("name", N_("Name")), Column("start", N_("From"), "", "chainage", 90), Column("stop", N_("To"), "", "chainage", 90),
        Column("guards", N_("Guards"), "", "whole", 64, 1), _LINE,
    )),
    "plans": (RailShiftPlan, (
        Column("name", N_("Name"), N_("day, night or another word")),
        Column("guards", N_("Guards"), N_("In all; 0 or empty: as on the first page"), "whole", 80),
        Column("squads", N_("Squads"), N_("0 or empty: as on the first page"), "whole", 80),
    )),
}  # fmt: skip


class RowTable(QWidget):
    """`things` are those in the table; raises ValueError where a cell makes no sense. What has no column stays as it was."""

    changed = Signal()

    def __init__(self, name: str, things: Sequence[Any], words: str) -> None:
        super().__init__()
        self._kind, self._columns = LISTS[name]
        self._rows: list[Any] = list(things)  # what each row began as, None for a new one
        self.table = QTableWidget(len(things), len(self._columns))
        self.table.setAccessibleName(words)
        self.table.setMinimumHeight(HIGH)
        show_as_list(self.table)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        for at, column in enumerate(self._columns):
            head = QTableWidgetItem(_(column.title))
            head.setToolTip(_(column.tip) if column.tip else "")
            head.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            self.table.setHorizontalHeaderItem(at, head)
            mode = QHeaderView.ResizeMode.Fixed if column.wide else QHeaderView.ResizeMode.Stretch
            self.table.horizontalHeader().setSectionResizeMode(at, mode)
            if column.wide:
                self.table.horizontalHeader().resizeSection(at, column.wide)
        for row, thing in enumerate(things):
            self._fill(row, [_written(getattr(thing, column.name), column) for column in self._columns])
        self.add, self.away = QPushButton(_("Add a row")), QPushButton(_("Remove"))
        below = QHBoxLayout()
        below.setSpacing(8)
        for button in (self.add, self.away):
            button.setObjectName("small")
            button.setAutoDefault(False)
            below.addWidget(button)
        below.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.table, 1)
        layout.addLayout(below)
        self.add.clicked.connect(self.add_row)
        self.away.clicked.connect(self._remove)
        self.table.itemChanged.connect(lambda _item: self.changed.emit())

    @property
    def things(self) -> tuple[Any, ...]:
        """The things in the table; a row with nothing in it is none."""
        found = []
        for row, before in enumerate(self._rows):
            cells = [self._text(row, column) for column in range(len(self._columns))]
            if any(cells):
                said = {column.name: _read(text, column) for column, text in zip(self._columns, cells, strict=True)}
                found.append(dataclasses.replace(before, **said) if before is not None else self._kind(**said))
        return tuple(found)

    def add_row(self) -> None:
        """Add an empty row and begin to write into it."""
        row = self.table.rowCount()
        self.table.insertRow(row)
        self._rows.append(None)
        self._fill(row, [""] * len(self._columns))
        self.table.setCurrentCell(row, 0)
        self.table.setFocus()
        self.changed.emit()

    def _remove(self) -> None:
        row = self.table.currentRow()
        if row >= 0:
            self.table.removeRow(row)
            del self._rows[row]
            self.changed.emit()

    def _fill(self, row: int, cells: Sequence[str]) -> None:
        self.table.blockSignals(True)
        for column, text in enumerate(cells):
            self.table.setItem(row, column, QTableWidgetItem(text))
        self.table.blockSignals(False)

    def _text(self, row: int, column: int) -> str:
        item = self.table.item(row, column)
        return item.text().strip() if item is not None else ""


def chainage_of(text: str) -> str:
    """Return a chainage that was typed; raises ValueError where it is none, but for no text at all."""
    text = text.strip()
    if text and not math.isfinite(read_chainage(text)[1]):
        raise ValueError(_("“{text}” is not a chainage such as K814+300").format(text=text))
    return text


def _written(value: Any, column: Column) -> str:
    if value is None or (column.kind == "whole" and not value):
        return ""
    return f"{value:.10g}" if column.kind == "metres" else str(value)


def _read(text: str, column: Column) -> Any:
    if column.kind == "chainage":
        return chainage_of(text)
    if column.kind == "text":
        return text
    try:
        if column.kind == "whole":
            return int(text) if text else column.empty
        return float(text.replace(",", "")) if text else None
    except ValueError:
        raise ValueError(_("“{text}” is no number").format(text=text)) from None
