"""Who changes grid by the last re-planning: every address with the grid it was in and the one it is in now."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget

from gridplanner.i18n import N_, _, ngettext
from gridplanner.model.lines import Ints
from gridplanner.model.project import Project
from gridplanner.model.transfers import Transfers
from ui.derived import Derived
from ui.figures import amount
from ui.panels.cells import Cells, show_as_list
from ui.short_codes import with_short_codes

COLUMNS = ((N_("Address"), ""), (N_("Hh."), N_("Households")), (N_("Grid before"), ""), (N_("Grid now"), ""))
ENDED = 3  # grids that end, named in the heading
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class MovesModel(QAbstractTableModel):
    """Addresses that change grid as rows, in the order of the grids they leave until a column is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self._project: Project | None = None
        self._moves: Transfers | None = None
        self._rows: Ints = np.zeros(0, np.int32)
        self.column, self.falling = 2, False

    def show(self, project: Project, moves: Transfers | None) -> None:
        """Show who moves in a project."""
        self.beginResetModel()
        self._project, self._moves = project, moves
        self._arrange()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.beginResetModel()
        self.column, self.falling = column, order == Qt.SortOrder.DescendingOrder
        self._arrange()
        self.endResetModel()

    def address_at(self, row: int) -> int | None:
        """Return the row of the address that a line of the table shows."""
        return int(self._moves.address[self._rows[row]]) if self._moves is not None and 0 <= row < len(self._rows) else None

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _(COLUMNS[section][0]) + ("" if section != self.column else " ▾" if self.falling else " ▴")
        if role == Qt.ItemDataRole.ToolTipRole:
            return _(COLUMNS[section][1]) if COLUMNS[section][1] else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _align(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        moves, project = self._moves, self._project
        if moves is None or project is None or not index.isValid():
            return None
        row, column = int(self._rows[index.row()]), index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _align(column)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        whole = role == Qt.ItemDataRole.ToolTipRole
        match column:
            case 0:
                return str(project.households.address[moves.address[row]]) or _("no address")
            case 1:
                return amount(float(moves.households[row]))
            case 2:
                return _shown(str(moves.before[row]), whole=whole) or _("new")
            case _:
                return _shown(str(moves.now[row]), whole=whole)

    def _arrange(self) -> None:
        moves, project = self._moves, self._project
        if moves is None or project is None:
            self._rows = np.zeros(0, np.int32)
            return
        columns = (project.households.address[moves.address], moves.households, moves.before, moves.now)
        keys = [np.unique(column.astype(str), return_inverse=True)[1] if column.dtype == object else column for column in columns]
        order = np.lexsort((keys[0], keys[3], keys[2], keys[self.column]))
        self._rows = (order[::-1] if self.falling else order).astype(np.int32)


class MovesPanel(QWidget):
    """What the last re-planning moved, in one sentence and in a table; `address_chosen` carries the row of an address."""

    address_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = MovesModel()
        self._heading, self._ended = QLabel(), QLabel()
        for label in (self._heading, self._ended):
            label.setObjectName("heading")
            label.setWordWrap(True)
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setItemDelegate(Cells(self.table))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        show_as_list(self.table)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, wide in ((1, 44), (2, 100), (3, 76)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, wide)
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._sort)
        self.table.clicked.connect(self._choose)
        self.table.activated.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._heading)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._ended)
        self._shown: tuple[Project, Transfers | None] | None = None

    def show_moves(self, derived: Derived) -> None:
        """Show who moves in a project."""
        moves = derived.transfers
        self._shown = (derived.project, moves)
        self.model.show(derived.project, moves)
        self.retranslate()

    def retranslate(self) -> None:
        """Take up the language in use."""
        self.table.setAccessibleName(_("Addresses that change grid"))
        self.table.horizontalHeader().viewport().update()
        if self._shown is None:
            return
        project, moves = self._shown
        self._heading.setText(moves_words(moves))
        words = ended_words(project)
        self._ended.setText(words)
        self._ended.setVisible(bool(words))

    def _sort(self, column: int) -> None:
        falling = not self.model.falling if column == self.model.column else column == 1
        self.model.sort(column, Qt.SortOrder.DescendingOrder if falling else Qt.SortOrder.AscendingOrder)

    def _choose(self, index: QModelIndex) -> None:
        address = self.model.address_at(index.row())
        if address is not None:
            self.address_chosen.emit(address)


def moves_words(moves: Transfers | None) -> str:
    """Return how many households change grid, in one sentence."""
    if moves is None:
        return _("The addresses are other ones than when the grids were re-planned.")
    if not len(moves):
        return _("Nobody changes grid.")
    text = _("{n} households ({percent} %) at {addresses} addresses change grid")
    words = text.format(n=amount(moves.moved), percent=f"{100 * moves.share:.1f}", addresses=f"{int((moves.before != '').sum()):,}")
    fresh = int((moves.before == "").sum())
    if fresh:
        words += _("; ") + ngettext("{n} address is new", "{n} addresses are new", fresh).format(n=f"{fresh:,}")
    return words


def ended_words(project: Project) -> str:
    """Return which grids the last re-planning ended, and who took them over; empty where none."""
    plan = project.grids
    if plan is None or plan.replan is None:
        return ""
    lost = set(plan.replan.codes) - {grid.code for grid in plan.grids.values()}
    ended = [grid for grid in plan.retired if grid.code in lost]
    parts = [f"{_shown(grid.code)} → {', '.join(map(_shown, grid.successors))}" for grid in ended[:ENDED]]
    more = len(ended) - ENDED
    parts += [_("{n} more").format(n=more)] if more > 0 else []
    return _("Ended: {grids}").format(grids=_("; ").join(parts)) if parts else ""


def _shown(code: str, *, whole: bool = False) -> str:
    """Return a code, or of a long one the digits of community and grid: '014-07' of '620802100014007'."""
    return code if whole else with_short_codes(code)


def _align(column: int) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignRight if column == 1 else Qt.AlignmentFlag.AlignLeft)
