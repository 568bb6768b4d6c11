"""The grids of a project as rows of a table: sorted and filtered as arrays, brought up to date row by row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from operator import is_not
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from gridplanner.edits.table_edits import ChangeGrids, refused_codes
from gridplanner.i18n import _
from gridplanner.model.grids import Grid
from gridplanner.model.lines import Bools, Floats, Ints
from gridplanner.model.project import Project
from gridplanner.model.statistics import GridFigures
from ui.derived import Derived
from ui.figures import out_of_band
from ui.map.colours import palette
from ui.map.label_layer import short_code
from ui.panels.grid_columns import CODE, COLUMNS, DEVIATION, LOCKED, NAME, WORKERS, kind_words
from ui.panels.grid_filter import Filterable, passes
from ui.panels.row_changes import move_persistent, row_changes
from ui.styles import theme

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_SHOWN = ("households", "persons", "deviation", "street_pct", "compact", "status")  # figures that a row or the filter shows
_NO_ROWS = np.zeros(0, np.intp)


@dataclass(frozen=True, eq=False)
class GridRows:
    """What rows show, one a grid in the order of `figures.ids`: `rank` is each grid's place by its code."""

    project: Project
    figures: GridFigures
    grids: list[Grid]
    codes: list[str]
    words: list[str]
    colours: Ints
    out: Bools
    rank: Ints
    several: bool

    @property
    def ids(self) -> Ints:
        """The grids."""
        return self.figures.ids


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
                return _community(self.content.project, grid)
            case "workers":
                return worker_words(grid.workers)
            case "locked":
                return _("locked") if whole and grid.locked else ""
            case _:
                return kind_words(grid.kind)

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
        differs = (before.colours[old] != after.colours[new]) | (before.out[old] != after.out[new])
        for name in _SHOWN:
            differs |= getattr(before.figures, name)[old] != getattr(after.figures, name)[new]
        olds, news = map(before.grids.__getitem__, old.tolist()), map(after.grids.__getitem__, new.tolist())
        differs |= np.fromiter(map(is_not, olds, news), bool, len(new))
        if before.several != after.several:
            differs[:] = True
        rows = np.flatnonzero(np.isin(self._rows, new[differs]))
        if len(rows):
            last = len(COLUMNS) - 1
            for first, end in _spans(rows):
                self.dataChanged.emit(self.index(first, 0), self.index(end, last))


def grid_rows_of(derived: Derived, before: GridRows | None) -> GridRows | None:
    """Return what the table shows of a project, None where it has no grids; texts of grids that are the same as `before` are taken over."""
    plan, figures, project = derived.project.grids, derived.figures, derived.project
    if plan is None or figures is None:
        return None
    ids = figures.ids.tolist()
    grids = list(map(plan.grids.__getitem__, ids))
    several = len(figures) > 0 and bool((figures.community != figures.community[0]).any())
    colours = np.array([0 if colour is None else colour for colour in map(derived.colours.get, ids)], np.int64)
    out = out_of_band(figures, project.settings.grids)
    if before is not None and (before.several != several or before.project.communities is not project.communities):
        before = None
    if before is not None and np.array_equal(before.ids, figures.ids):
        codes, words, rank = before.codes.copy(), before.words.copy(), before.rank
        fresh = np.flatnonzero(np.fromiter(map(is_not, before.grids, grids), bool, len(grids))).tolist()
        ranked = all(before.grids[row].code == grids[row].code for row in fresh)
    else:
        codes, words, fresh, ranked, rank = [""] * len(ids), [""] * len(ids), list(range(len(ids))), False, np.zeros(0, np.int64)
    for row in fresh:
        grid = grids[row]
        codes[row] = table_code(grid, ids[row], several=several)
        texts = (grid.code, codes[row], grid.name, grid.prev_code, _community(project, grid), *grid.workers)
        words[row] = "\n".join(texts).casefold()
    if not ranked:
        full = [grid.code for grid in grids]
        rank = np.empty(len(full), np.int64)
        rank[sorted(range(len(full)), key=lambda row: (full[row], ids[row]))] = np.arange(len(full))
    return GridRows(project, figures, grids, codes, words, colours, out, rank, several)


def field_value(field: str, value: object) -> object:
    """Return a field of a grid from what was written into a cell.

    >>> field_value("workers", "Ann, post 3"), field_value("locked", "")
    (('Ann', 'post 3'), False)
    """
    text = str(value).strip()
    if field == "workers":
        return tuple(dict.fromkeys(name.strip() for name in re.split(r"[,，、;；\n]", text) if name.strip()))
    if field == "locked":
        return value if isinstance(value, bool) else text.casefold() not in {"", "0", "no", "false", "否", "-", "–"}
    return " ".join(text.split()) if field == "name" else text


def worker_words(workers: tuple[str, ...]) -> str:
    """Return people on duty in one line."""
    return reduce(lambda one, two: _("{one}, {two}").format(one=one, two=two), workers) if workers else ""


def table_code(grid: Grid, label: int, *, several: bool) -> str:
    """Return a grid's short code, behind its community's digits where there are several communities.

    >>> table_code(Grid(0, "620802100014007"), 7, several=True)
    '014-07'
    """
    short = short_code(grid, label)
    return f"{grid.code[-6:-3]}-{short}" if several and len(grid.code) >= 6 else short


def grid_words(grid: Grid, code: str) -> str:
    """Return all that is known of a grid beside its figures, a line each."""
    lines = [code]
    lines += [grid.name] if grid.name else []
    lines += [_("On duty: {names}").format(names=worker_words(grid.workers))] if grid.workers else []
    lines += [_("Before: {code}").format(code=grid.prev_code)] if grid.prev_code and grid.prev_code != grid.code else []
    lines += [_("Valid from {date}").format(date=grid.valid_from)] if grid.valid_from else []
    lines += [_("Locked: no tool and no new plan changes it")] if grid.locked else []
    lines += [_("Exclusive: a grid of its own, whatever it holds")] if grid.kind == "exclusive" else []
    lines += [_("Villagers' group")] if grid.kind == "group" else []
    return "\n".join(lines)


def _community(project: Project, grid: Grid) -> str:
    names = project.communities.names
    return str(names[grid.community]) if 0 <= grid.community < len(names) else ""


def _align(column: int) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignLeft if COLUMNS[column].text else Qt.AlignmentFlag.AlignRight)


def _spans(rows: Ints) -> list[tuple[int, int]]:
    """Return runs of rising rows; a few rows between two runs are taken along."""
    breaks = np.flatnonzero(np.diff(rows) > 8)
    firsts, lasts = np.append(0, breaks + 1), np.append(breaks, len(rows) - 1)
    return [(int(rows[a]), int(rows[b])) for a, b in zip(firsts, lasts, strict=True)]
