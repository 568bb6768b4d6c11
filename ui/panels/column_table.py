"""A plain table made of columns: numbers and texts as arrays, sorted by a click on a heading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from gridplanner.i18n import _
from gridplanner.model.lines import Floats, Ints, Texts
from ui.figures import amount
from ui.panels.cells import Cells, show_as_list
from ui.short_codes import with_short_codes

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


@dataclass(frozen=True, eq=False)
class Column:
    """One column: its heading and a longer one (msgids), its values, its width in pixels (0: what is left), and words for tips."""

    name: str
    more: str
    values: Floats | Ints | Texts
    width: int = 0
    tips: Texts | None = None

    @property
    def is_text(self) -> bool:
        """True where the values are words."""
        return self.values.dtype == object


class ColumnModel(QAbstractTableModel):
    """Columns of equal length as rows, in the order they came in until a heading is clicked."""

    def __init__(self) -> None:
        super().__init__()
        self.columns: tuple[Column, ...] = ()
        self.order: Ints = np.zeros(0, np.int32)
        self.by, self.falling = -1, True

    def show(self, columns: Sequence[Column]) -> None:
        """Show other columns; the order stays the one that was chosen where they have as many."""
        self.beginResetModel()
        if len(columns) != len(self.columns):
            self.by, self.falling = -1, True
        self.columns = tuple(columns)
        self._arrange()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.beginResetModel()
        self.by, self.falling = column, order == Qt.SortOrder.DescendingOrder
        self._arrange()
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.order)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return _(column.name) + ("" if section != self.by else " ▾" if self.falling else " ▴")
        if role == Qt.ItemDataRole.ToolTipRole:
            return _(column.more)
        return _align(column) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _align(column)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        value = column.values[self.order[index.row()]]
        if not column.is_text:
            return amount(float(value))
        if role == Qt.ItemDataRole.ToolTipRole:
            return str(value if column.tips is None else column.tips[self.order[index.row()]])
        return with_short_codes(str(value)) or "–"

    def _arrange(self) -> None:
        count = len(self.columns[0].values) if self.columns else 0
        order = np.arange(count, dtype=np.int32)
        if 0 <= self.by < len(self.columns):
            values = self.columns[self.by].values
            key = np.unique(values.astype(str), return_inverse=True)[1] if values.dtype == object else values
            order = np.argsort(-key if self.falling else key, kind="stable").astype(np.int32)
        self.order = order


class ColumnTable(QTableView):
    """Shows columns; `chosen` carries the place of a row in them, by a click or Enter."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = ColumnModel()
        self.setModel(self.lines)
        self.setItemDelegate(Cells(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        show_as_list(self)
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._sort)
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    def show_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns."""
        self.lines.show(columns)
        header = self.horizontalHeader()
        for place, column in enumerate(columns):
            mode = QHeaderView.ResizeMode.Fixed if column.width else QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(place, mode)
            if column.width:
                header.resizeSection(place, column.width)

    def _sort(self, column: int) -> None:
        falling = not self.lines.falling if column == self.lines.by else not self.lines.columns[column].is_text
        self.lines.sort(column, Qt.SortOrder.DescendingOrder if falling else Qt.SortOrder.AscendingOrder)

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(int(self.lines.order[index.row()]))


def _align(column: Column) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignLeft if column.is_text else Qt.AlignmentFlag.AlignRight)
