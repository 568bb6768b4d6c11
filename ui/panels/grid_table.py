"""The table of grids: code, households, persons, deviation, share on streets, compactness; sorted and filtered as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QContextMenuEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from gridplanner.i18n import N_, _
from gridplanner.model.grids import Grid
from gridplanner.model.statistics import GridFigures
from ui.derived import Derived
from ui.figures import out_of_band
from ui.map.colours import palette
from ui.map.label_layer import short_code
from ui.marks import SIZE, paint_diamond, paint_lock
from ui.styles import theme

COLUMNS = (
    (N_("Grid"), N_("Grid code")),
    (N_("Hh."), N_("Households")),
    (N_("Pers."), N_("Persons")),
    (N_("Dev."), N_("Deviation from the target")),
    (N_("Street"), N_("Share of the boundary on streets and other clear limits")),
    (N_("Comp."), N_("Compactness (Polsby–Popper): 1 is a circle")),
)
DEVIATION = 3
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class GridTableModel(QAbstractTableModel):
    """Grids as rows; `rows` says which figures are shown, and in which order."""

    def __init__(self) -> None:
        super().__init__()
        self._figures: GridFigures | None = None
        self._colours: dict[int, int] = {}
        self._codes: list[str] = []
        self._full: list[str] = []
        self._known: list[Grid] = []
        self._out = np.zeros(0, np.bool_)
        self._rows = np.zeros(0, np.intp)
        self.column, self.falling, self._filter = DEVIATION, True, ""

    def show(self, derived: Derived) -> None:
        """Show the grids of a project."""
        plan, figures = derived.project.grids, derived.figures
        self.beginResetModel()
        self._figures, self._colours = figures, dict(derived.colours)
        self._out = out_of_band(figures, derived.project.settings.grids) if figures is not None else np.zeros(0, np.bool_)
        ids = figures.ids.tolist() if figures is not None else []
        several = plan is not None and len({grid.community for grid in plan.grids.values()}) > 1
        self._codes = [table_code(plan.grids[label], label, several=several) for label in ids] if plan is not None else []
        self._full = [plan.grids[label].code or str(label) for label in ids] if plan is not None else []
        self._known = [plan.grids[label] for label in ids] if plan is not None else []
        self._arrange()
        self.endResetModel()

    def filter(self, text: str) -> None:
        """Show only grids with a text in their code, their name or their predecessor's code."""
        self.beginResetModel()
        self._filter = text.strip()
        self._arrange()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.beginResetModel()
        self.column, self.falling = column, order == Qt.SortOrder.DescendingOrder
        self._arrange()
        self.endResetModel()

    def grid_at(self, row: int) -> int | None:
        """Return the grid in a row of the table."""
        return int(self._figures.ids[self._rows[row]]) if self._figures is not None and 0 <= row < len(self._rows) else None

    def row_of(self, grid: int | None) -> int:
        """Return the row of a grid, -1 where it is not shown."""
        if self._figures is None or grid is None:
            return -1
        found = np.flatnonzero(self._figures.ids[self._rows] == grid)
        return int(found[0]) if len(found) else -1

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            mark = "" if section != self.column else " ▾" if self.falling else " ▴"
            return _(COLUMNS[section][0]) + mark
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.ToolTipRole:
            return _(COLUMNS[section][1])
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignLeft if section == 0 else Qt.AlignmentFlag.AlignRight)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._figures is None or not index.isValid():
            return None
        row, column = int(self._rows[index.row()]), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight)
        if role == Qt.ItemDataRole.ForegroundRole and column == DEVIATION and self._out[row]:
            return QColor(theme().bad)
        if role == Qt.ItemDataRole.DecorationRole and column == 0:
            return palette(theme())[self._colours.get(int(self._figures.ids[row]), 0)]
        if role == Qt.ItemDataRole.ToolTipRole and column == 0:
            return grid_words(self._known[row], self._full[row])
        if role == Qt.ItemDataRole.UserRole and column == 0:
            return self._known[row]
        return None

    def _text(self, row: int, column: int) -> str:
        f = self._figures
        assert f is not None
        match column:
            case 0:
                return self._codes[row]
            case 1:
                return f"{f.households[row]:,.0f}"
            case 2:
                return f"{f.persons[row]:,.0f}"
            case 3:
                return f"{f.deviation[row]:+.1f}%"
            case 4:
                return f"{f.street_pct[row]:.0f}%"
            case _:
                return f"{f.compact[row]:.2f}"

    def _arrange(self) -> None:
        f = self._figures
        if f is None:
            self._rows = np.zeros(0, np.intp)
            return
        key = (np.array(self._full or [""])[: len(f)], f.households, f.persons, np.abs(f.deviation), f.street_pct, f.compact)[self.column]
        order = np.argsort(key, kind="stable")
        order = order[::-1] if self.falling else order
        if self._filter:
            order = order[[self._has(self._filter, row) for row in order.tolist()]]
        self._rows = order

    def _has(self, text: str, row: int) -> bool:
        grid = self._known[row]
        return any(text in words for words in (self._full[row], self._codes[row], grid.name, grid.prev_code))


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
    lines += [_("Before: {code}").format(code=grid.prev_code)] if grid.prev_code and grid.prev_code != grid.code else []
    lines += [_("Valid from {date}").format(date=grid.valid_from)] if grid.valid_from else []
    lines += [_("Locked: no tool and no new plan changes it")] if grid.locked else []
    lines += [_("Exclusive: a grid of its own, whatever it holds")] if grid.kind == "exclusive" else []
    lines += [_("Villagers' group")] if grid.kind == "group" else []
    return "\n".join(lines)


class _Chip(QStyledItemDelegate):
    """Draws the cells: a chip in the grid's colour on the map, its signs, thin lines between rows, no focus frame."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = theme()
        box = QRect(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen:
            painter.fillRect(box, QColor(look.tint))
        painter.setPen(QPen(QColor(look.line), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        chip = index.data(Qt.ItemDataRole.DecorationRole)
        left = 6
        if isinstance(chip, QColor):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(chip.darker(135), 1))
            painter.setBrush(chip)
            painter.drawRoundedRect(box.x() + 4, box.center().y() - 5, 10, 10, 3, 3)
            left = 22
        ink = index.data(Qt.ItemDataRole.ForegroundRole)
        painter.setPen(ink if isinstance(ink, QColor) else QColor(look.text))
        painter.drawText(box.adjusted(left, 0, -5, -1), index.data(Qt.ItemDataRole.TextAlignmentRole), index.data())
        grid = index.data(Qt.ItemDataRole.UserRole)
        if isinstance(grid, Grid):
            right, top = box.right() - SIZE, box.center().y() - SIZE / 2
            for there, paint in ((grid.locked, paint_lock), (grid.kind == "exclusive", paint_diamond)):
                if there:
                    paint(painter, right, top, QColor(look.muted))
                    right -= SIZE + 3
        painter.restore()


class GridTable(QTableView):
    """The table; `grids_chosen` follows the planner's selection, not the program's, the grid chosen last in front."""

    grids_chosen = Signal(object)
    menu_asked = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._quiet = True
        self.grids = GridTableModel()
        self.setModel(self.grids)
        self.setItemDelegate(_Chip(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(28)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(36)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for column, wide in ((0, 84), (DEVIATION, 58)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, wide)
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._sort)
        self._quiet = False

    def show_grids(self, derived: Derived, chosen: Sequence[int]) -> None:
        """Show the grids of a project, some of them selected."""
        self.grids.show(derived)
        self.select_grids(chosen)

    def select_grids(self, chosen: Sequence[int]) -> None:
        """Select grids without saying so, the first of them to be in sight."""
        rows = [row for grid in chosen if (row := self.grids.row_of(grid)) >= 0]
        if sorted(rows) == sorted(index.row() for index in self.selectionModel().selectedRows()):
            return
        wanted = QItemSelection()
        for row in rows:
            wanted.select(self.grids.index(row, 0), self.grids.index(row, len(COLUMNS) - 1))
        self._quiet = True
        flags = QItemSelectionModel.SelectionFlag
        if rows:
            self.selectionModel().setCurrentIndex(self.grids.index(rows[0], 0), flags.NoUpdate)
            self.scrollTo(self.grids.index(rows[0], 0))
        self.selectionModel().select(wanted, flags.ClearAndSelect)
        self._quiet = False

    @property
    def chosen(self) -> tuple[int, ...]:
        """The selected grids, the one chosen last in front."""
        current = self.currentIndex().row()
        rows = sorted((index.row() for index in self.selectionModel().selectedRows()), key=lambda row: (row != current, row))
        return tuple(grid for row in rows if (grid := self.grids.grid_at(row)) is not None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.chosen:
            self.menu_asked.emit(event.globalPos())
        event.accept()

    def _sort(self, column: int) -> None:
        """Sort by a column; a second click turns the order round. Codes begin with the first, figures with the largest."""
        falling = not self.grids.falling if column == self.grids.column else column > 0
        chosen = self.chosen
        self.grids.sort(column, Qt.SortOrder.DescendingOrder if falling else Qt.SortOrder.AscendingOrder)
        self.select_grids(chosen)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        if not self._quiet and self.chosen:
            self.grids_chosen.emit(self.chosen)
