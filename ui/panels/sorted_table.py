"""A small table of rows that are only looked at: columns of arrays, sorted by a click, a row chosen by mouse or key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from gridplanner.i18n import _
from gridplanner.model.lines import Ints
from ui.panels.cells import Cells, show_as_list
from ui.panels.row_changes import move_persistent
from ui.styles import theme

Index = QModelIndex | QPersistentModelIndex
Values = Sequence[object] | np.ndarray[Any, Any]
_NOWHERE = QModelIndex()
LOCKED = Qt.ItemDataRole.UserRole  # true in the first column of a row that is locked


@dataclass(frozen=True)
class TableColumn:
    """`title` and `tip` are msgids; `wide` pixels, 0 for what is left over; numbers stand at the right and are written by `text`."""

    title: str
    tip: str = ""
    wide: int = 0
    number: bool = False
    text: Callable[[Any], str] = str


class SortedModel(QAbstractTableModel):
    """Rows in the order in which they came until a column is chosen; equal ones stay in that order."""

    def __init__(self, columns: Sequence[TableColumn]) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self._values: tuple[Values, ...] = tuple(() for _column in self.columns)
        self._rows: Ints = np.zeros(0, np.intp)
        self._bad: frozenset[int] = frozenset()
        self._locked: frozenset[int] = frozenset()
        self.column, self.falling = -1, False

    def show(self, values: Sequence[Values], bad: frozenset[int] = frozenset(), locked: frozenset[int] = frozenset()) -> None:
        """Show other rows, given as a sequence of values a column; `bad` ones are red, `locked` ones have a padlock in front."""
        self.beginResetModel()
        self._values, self._bad, self._locked = tuple(values), bad, locked
        self._arrange()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.layoutAboutToBeChanged.emit()
        was = self._rows
        self.column, self.falling = column, order == Qt.SortOrder.DescendingOrder
        self._arrange()
        move_persistent(self, was, self._rows)
        self.layoutChanged.emit()

    def row_at(self, line: int) -> int | None:
        """Return which of the rows given a line of the table shows."""
        return int(self._rows[line]) if 0 <= line < len(self._rows) else None

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return _(column.title) + ("" if section != self.column else " ▾" if self.falling else " ▴")
        if role == Qt.ItemDataRole.ToolTipRole:
            return _(column.tip) if column.tip else None
        return _align(column) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = int(self._rows[index.row()]), self.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            value = self._values[index.column()][row]
            return value if role == Qt.ItemDataRole.ToolTipRole and isinstance(value, str) else column.text(value)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _align(column)
        if role in (LOCKED, Qt.ItemDataRole.AccessibleTextRole):
            locked = index.column() == 0 and row in self._locked
            if role == LOCKED:
                return locked
            return f"{column.text(self._values[index.column()][row])}, {_('locked')}" if locked else None
        return QColor(theme().bad) if role == Qt.ItemDataRole.ForegroundRole and row in self._bad else None

    def _arrange(self) -> None:
        count = len(self._values[0]) if self._values else 0
        rows = np.arange(count)
        if 0 <= self.column < len(self._values) and count:
            values = np.array(self._values[self.column])
            key = np.unique(values.astype(str) if values.dtype == object else values, return_inverse=True)[1]
            rows = np.argsort(-key if self.falling else key, kind="stable")
        self._rows = rows


class SortedTable(QTableView):
    """The table; `row_chosen` says which of the rows given was clicked, or reached by key."""

    row_chosen = Signal(int)

    def __init__(self, columns: Sequence[TableColumn], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = SortedModel(columns)
        self.setModel(self.rows)
        self.setItemDelegate(Cells(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        show_as_list(self)
        header = self.horizontalHeader()
        for number, column in enumerate(columns):
            mode = QHeaderView.ResizeMode.Fixed if column.wide else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(number, mode)
            if column.wide:
                header.resizeSection(number, column.wide)
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._sort)
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    def _sort(self, column: int) -> None:
        falling = not self.rows.falling if column == self.rows.column else self.rows.columns[column].number
        self.rows.sort(column, Qt.SortOrder.DescendingOrder if falling else Qt.SortOrder.AscendingOrder)

    def _choose(self, index: QModelIndex) -> None:
        row = self.rows.row_at(index.row())
        if row is not None:
            self.row_chosen.emit(row)


def _align(column: TableColumn) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft)
