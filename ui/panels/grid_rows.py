"""The grids of a project as rows of a table: sorted and filtered as arrays, brought up to date row by row."""

from __future__ import annotations

from operator import is_not
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from gridplanner.edits.table_edits import ChangeGrids, refused_codes
from gridplanner.i18n import _
from gridplanner.model.lines import Bools, Floats, Ints
from ui.derived import Derived
from ui.map.colours import palette
from ui.panels.grid_columns import CODE, COLUMNS, DEVIATION, LOCKED, NAME, WORKERS, kind_words
from ui.panels.grid_content import FEW, GridRows, community_of, field_value, grid_rows_of, grid_words, worker_words
from ui.panels.grid_filter import Filterable, passes
from ui.panels.row_changes import move_persistent, row_changes
from ui.styles import theme

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_SHOWN = ("households", "persons", "deviation", "street_pct", "compact", "status")  # figures that a row or the filter shows
_NO_ROWS = np.zeros(0, np.intp)


class GridTableModel(QAbstractTableModel):
    """Grids as rows; what the planner writes into a cell leaves as an edit."""

    edit_made = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.content: GridRows | None = None
        self._rows: Ints = _NO_ROWS
        self.column, self.falling, self._filter = DEVIATION, True, ""

    def show(self, derived: Derived) -> None:
        """Show the grids of a project; rows that stay keep their selection, and only those that are another are drawn anew."""
        before, after = self.content, grid_rows_of(derived, self.content)
        if before is None or after is None:
            self._reset(after)
            return
        if not self._filter and np.array_equal(before.ids, after.ids):
            self._follow(before, after)
            return
        order = self._arranged(after)
        changes = row_changes(before.ids[self._rows], after.ids[order])
        if not changes.few:
            self._reset(after, order)
            return
        for first, last in changes.gone:
            self.beginRemoveRows(_NOWHERE, first, last)
            self._rows = np.delete(self._rows, slice(first, last + 1))
            self.endRemoveRows()
        was = before.ids[self._rows]
        if changes.moved:
            self.layoutAboutToBeChanged.emit()
        self.content, self._rows = after, np.searchsorted(after.ids, changes.stay)
        if changes.moved:
            move_persistent(self, was, changes.stay)
            self.layoutChanged.emit()
        for first, last in changes.come:
            self.beginInsertRows(_NOWHERE, first, last)
            self._rows = np.insert(self._rows, first, order[first : last + 1])
            self.endInsertRows()
        if not changes.moved:
            self._tell_changed(before, after)

    def filter(self, text: str) -> None:
        """Show only grids that meet what was typed: see ui/panels/grid_filter.py."""
        if text.strip() != self._filter:
            self._filter = text.strip()
            self._reset(self.content)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.column, self.falling = column, order == Qt.SortOrder.DescendingOrder
        if self.content is None:
            return
        self.layoutAboutToBeChanged.emit()
        was = self.content.ids[self._rows]
        self._rows = self._arranged(self.content)
        move_persistent(self, was, self.content.ids[self._rows])
        self.layoutChanged.emit()

    def grid_at(self, row: int) -> int | None:
        """Return the grid in a row of the table."""
        return int(self.content.ids[self._rows[row]]) if self.content is not None and 0 <= row < len(self._rows) else None

    def row_of(self, grid: int | None) -> int:
        """Return the row of a grid, -1 where it is not shown."""
        if self.content is None or grid is None:
            return -1
        found = np.flatnonzero(self.content.ids[self._rows] == grid)
        return int(found[0]) if len(found) else -1

    def place_of(self, row: int) -> int:
        """Return the row of `content` that a row of the table shows."""
        return int(self._rows[row])

    def fault(self, row: int, column: int, text: str) -> str:
        """Return why a cell cannot hold a text, in words; empty where it can."""
        grid = self.grid_at(row)
        if self.content is None or grid is None or column != CODE or text.strip() == self.content.grids[self._rows[row]].code:
            return ""
        return refused_codes(self.content.project, {grid: text.strip()}).get(grid, "")

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = super().flags(index)
        return usual | Qt.ItemFlag.ItemIsEditable if index.isValid() and COLUMNS[index.column()].field not in ("", "locked") else usual

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _(COLUMNS[section].short) + ("" if section != self.column else " ▾" if self.falling else " ▴")
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return _(COLUMNS[section].title)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _align(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self.content is None or not index.isValid():
            return None
        row, column = int(self._rows[index.row()]), index.column()
        grid = self.content.grids[row]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return self.cell_text(row, column, whole=role == Qt.ItemDataRole.EditRole)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _align(column)
            case Qt.ItemDataRole.ForegroundRole if column == DEVIATION and self.content.out[row]:
                return QColor(theme().bad)
            case Qt.ItemDataRole.DecorationRole if column == CODE:
                return palette(theme())[int(self.content.colours[row])]
            case Qt.ItemDataRole.ToolTipRole if column == CODE:
                return grid_words(grid, grid.code or str(int(self.content.ids[row])))
            case Qt.ItemDataRole.ToolTipRole if COLUMNS[column].text:
                return self.cell_text(row, column, whole=True) or None
            case Qt.ItemDataRole.UserRole if column in (CODE, LOCKED):
                return grid
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        grid, field = self.grid_at(index.row()), COLUMNS[index.column()].field
        if self.content is None or grid is None or role != Qt.ItemDataRole.EditRole or not field:
            return False
        wanted = field_value(field, value)
        if wanted == getattr(self.content.grids[self._rows[index.row()]], field) or self.fault(index.row(), index.column(), str(value)):
            return False
        self.edit_made.emit(ChangeGrids(((grid, ((field, wanted),)),)))
        return True

    def cell_text(self, row: int, column: int, *, whole: bool = False) -> str:
        """Return the text of a cell of row `row` of `content`; `whole` codes are not shortened."""
        assert self.content is not None
        figures, grid = self.content.figures, self.content.grids[row]
        match COLUMNS[column].id:
            case "code":
                return grid.code if whole else self.content.codes[row]
            case "name":
                return grid.name
            case "households":
                return f"{figures.households[row]:,.0f}"
            case "persons":
                return f"{figures.persons[row]:,.0f}"
            case "deviation":
                deviation = figures.deviation[row]
                return f"{deviation:+.1f}%" if abs(deviation) < 99.95 else f"{deviation:+,.0f}%"
            case "street":
                return f"{figures.street_pct[row]:.0f}%"
            case "compact":
                return f"{figures.compact[row]:.2f}"
            case "community":
                return community_of(self.content.project, grid)
            case "workers":
                return worker_words(grid.workers)
            case "locked":
                return _("locked") if whole and grid.locked else ""
            case _:
                return kind_words(grid.kind)

    def _follow(self, before: GridRows, after: GridRows) -> None:
        """Show the same grids with other figures; those that are another find their new places among the rest."""
        differs = _differing(before, after, slice(None), slice(None))
        rows = np.flatnonzero(differs)
        was, key = self._rows, self._key(after)
        order = placed_anew(was, rows, -key if self.falling else key, after.rank) if self._by_figure(rows) else self._arranged(after)
        if np.array_equal(order, was):
            self.content = after
            shown = np.flatnonzero(differs[was])
            for first, end in _spans(shown) if len(shown) else ():
                self.dataChanged.emit(self.index(first, 0), self.index(end, len(COLUMNS) - 1))
            return
        self.layoutAboutToBeChanged.emit()
        self.content, self._rows = after, order
        move_persistent(self, was, order)
        self.layoutChanged.emit()

    def _by_figure(self, rows: Ints) -> bool:
        """Return whether the order can be kept but for a few rows: what words are sorted by follows from all of them."""
        return len(rows) <= FEW and COLUMNS[self.column].id not in {"name", "workers", "kind", "code"}

    def _reset(self, content: GridRows | None, order: Ints | None = None) -> None:
        self.beginResetModel()
        self.content = content
        self._rows = _NO_ROWS if content is None else self._arranged(content) if order is None else order
        self.endResetModel()

    def _arranged(self, content: GridRows) -> Ints:
        """Return the rows of `content` in the order in which they are shown, grids of equal value by their codes."""
        key = self._key(content)
        order: Ints = np.lexsort((content.rank, -key if self.falling else key))
        if self._filter:
            order = order[passes(self._filter, Filterable(content.figures, content.grids, content.out, content.words))[order]]
        return order

    def _key(self, content: GridRows) -> Floats:
        figures = content.figures
        match COLUMNS[self.column].id:
            case "code":
                return content.rank.astype(np.float64)
            case "households" | "persons":
                return np.asarray(getattr(figures, COLUMNS[self.column].id), np.float64)
            case "deviation":
                return np.abs(figures.deviation)
            case "street":
                return figures.street_pct
            case "compact":
                return figures.compact
            case "community":
                return figures.community.astype(np.float64)
            case "locked":
                return np.array([grid.locked for grid in content.grids], np.float64)
        texts = [
            grid.name if self.column == NAME else worker_words(grid.workers) if self.column == WORKERS else grid.kind
            for grid in content.grids
        ]
        return np.unique(np.array(texts or [""], np.str_), return_inverse=True)[1][: len(texts)].astype(np.float64)

    def _tell_changed(self, before: GridRows, after: GridRows) -> None:
        """Let the view draw the rows anew that show something else than before; all grids of `after` that stay were in `before`."""
        there = np.isin(after.ids, before.ids)
        old = np.searchsorted(before.ids, after.ids[there])
        new = np.flatnonzero(there)
        differs = _differing(before, after, old, new)
        rows = np.flatnonzero(np.isin(self._rows, new[differs]))
        if len(rows):
            last = len(COLUMNS) - 1
            for first, end in _spans(rows):
                self.dataChanged.emit(self.index(first, 0), self.index(end, last))


def placed_anew(order: Ints, rows: Ints, key: Floats, rank: Ints) -> Ints:
    """Return an order by rising key, then rank, in which all but `rows` stand already: they are taken out and put where they belong.

    >>> placed_anew(np.array([0, 1, 2]), np.array([0]), np.array([5.0, 1.0, 5.0]), np.array([2, 1, 0]))
    array([1, 2, 0])
    """
    moves = np.zeros(len(order), np.bool_)
    moves[rows] = True
    rest = order[~moves[order]]
    keys = key[rest]
    mine = rows[np.lexsort((rank[rows], key[rows]))]
    places = []
    for row in mine.tolist():
        first, last = np.searchsorted(keys, key[row]), np.searchsorted(keys, key[row], side="right")
        places.append(int(first + np.searchsorted(rank[rest[first:last]], rank[row])))
    return np.insert(rest, places, mine)


def _differing(before: GridRows, after: GridRows, old: Ints | slice, new: Ints | slice) -> Bools:
    """Return which rows `new` of `after` show something else than the rows `old` of `before`."""
    differs: Bools = (before.colours[old] != after.colours[new]) | (before.out[old] != after.out[new])
    for name in _SHOWN:
        differs |= getattr(before.figures, name)[old] != getattr(after.figures, name)[new]
    if isinstance(old, slice) or isinstance(new, slice):
        if after.fresh is not None:
            differs[after.fresh] = True
            return differs
        olds, news = before.grids, after.grids
    else:
        olds, news = [before.grids[i] for i in old.tolist()], [after.grids[i] for i in new.tolist()]
    differs |= np.fromiter(map(is_not, olds, news), bool, len(news))
    return differs | (before.several != after.several)


def _align(column: int) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignLeft if COLUMNS[column].text else Qt.AlignmentFlag.AlignRight)


def _spans(rows: Ints) -> list[tuple[int, int]]:
    """Return runs of rising rows; a few rows between two runs are taken along."""
    breaks = np.flatnonzero(np.diff(rows) > 8)
    firsts, lasts = np.append(0, breaks + 1), np.append(breaks, len(rows) - 1)
    return [(int(rows[a]), int(rows[b])) for a, b in zip(firsts, lasts, strict=True)]
