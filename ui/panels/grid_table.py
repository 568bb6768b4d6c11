"""The table of grids: click to see one, write names, codes and people on duty into cells, copy and paste as in a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTableView, QWidget

from gridplanner.i18n import _
from ui.clipboard import Table, read_table, table_text
from ui.derived import Derived
from ui.panels.cells import show_as_list
from ui.panels.grid_cells import GridCells
from ui.panels.grid_columns import CODE, COLUMNS, DEVIATION, IDS, LOCKED, column_widths, fitting_columns
from ui.panels.grid_painting import paint_rows
from ui.panels.grid_rows import GridTableModel
from ui.pasting import Target

__all__ = ["DEVIATION", "GridTable"]


class GridTable(QTableView):
    """The table; `grids_chosen` follows the planner's selection, not the program's, the grid chosen last in front.

    `pasted` carries the cells of the clipboard and where they go; `columns_chosen` the ids of the columns that the planner wants to see,
    none of them where the width of the panel is to decide.
    """

    grids_chosen = Signal(object)
    menu_asked = Signal(QPoint)
    pasted = Signal(object, object)
    columns_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._quiet = True
        self._wanted: frozenset[int] = frozenset()
        self._fitted: tuple[frozenset[int], int] | None = None
        self.grids = GridTableModel()
        self.setModel(self.grids)
        self.setItemDelegate(GridCells(self))
        show_as_list(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._sort)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(lambda place: self.open_columns(header.mapToGlobal(place)))
        self._fit_columns()
        self._quiet = False

    def show_grids(self, derived: Derived, chosen: Sequence[int]) -> None:
        """Show the grids of a project, some of them selected."""
        seen = self._sees_chosen()
        self._quiet = True
        self.grids.show(derived)
        self._quiet = False
        self.select_grids(chosen)
        if seen and chosen:
            self.scrollTo(self.grids.index(self.grids.row_of(chosen[0]), max(self.currentIndex().column(), 0)))

    def filter(self, text: str) -> None:
        """Show only grids that meet what was typed; those selected stay so where they are shown."""
        chosen, self._quiet = self.chosen, True
        self.grids.filter(text)
        self._quiet = False
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
            column = max(self.currentIndex().column(), 0)
            self.selectionModel().setCurrentIndex(self.grids.index(rows[0], column), flags.NoUpdate)
            self.scrollTo(self.grids.index(rows[0], column))
        self.selectionModel().select(wanted, flags.ClearAndSelect)
        self._quiet = False

    @property
    def chosen(self) -> tuple[int, ...]:
        """The selected grids, the one chosen last in front."""
        current = self.currentIndex().row()
        rows = sorted((index.row() for index in self.selectionModel().selectedRows()), key=lambda row: (row != current, row))
        return tuple(grid for row in rows if (grid := self.grids.grid_at(row)) is not None)

    @property
    def shown_columns(self) -> tuple[int, ...]:
        """The columns shown, from the left."""
        return tuple(i for i in range(len(COLUMNS)) if not self.isColumnHidden(i))

    def use_columns(self, names: Sequence[str]) -> None:
        """Show columns by their ids; none of them: as many as the panel has room for."""
        self._wanted = frozenset(IDS.index(name) for name in names if name in IDS)
        self._fit_columns()

    def open_columns(self, place: QPoint, *, to_left: bool = False) -> None:
        """Let the planner choose which columns are shown, in a menu that begins or, `to_left`, ends at a place."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        shown = set(self.shown_columns)
        for number, column in enumerate(COLUMNS):
            row = menu.addAction(_(column.title))
            row.setCheckable(True)
            row.setChecked(number in shown)
            row.setEnabled(number != CODE)
            row.triggered.connect(lambda _checked, n=number: self._choose_columns(shown ^ {n}))
        menu.addSeparator()
        fitting = menu.addAction(_("As many as there is room for"))
        fitting.setCheckable(True)
        fitting.setChecked(not self._wanted)
        fitting.triggered.connect(lambda: self._choose_columns(set()))
        menu.popup(place - QPoint(menu.sizeHint().width(), 0) if to_left else place)

    def copy(self) -> None:
        """Put the selected rows with the heads of their columns on the clipboard; whole codes, so that they can be pasted again."""
        content, rows = self.grids.content, sorted(index.row() for index in self.selectionModel().selectedRows())
        if content is None or not rows:
            return
        columns = self.shown_columns
        cells: Table = [[_(COLUMNS[i].title) for i in columns]]
        for row in rows:
            cells.append([self.grids.cell_text(self.grids.place_of(row), i, whole=True) for i in columns])
        QGuiApplication.clipboard().setText(table_text(cells))

    def paste(self) -> None:
        """Offer the table on the clipboard to the grids: see ui/pasting.py."""
        cells = read_table(QGuiApplication.clipboard().text())
        current = self.currentIndex()
        if not cells or self.grids.content is None:
            return
        selected = sorted(index.row() for index in self.selectionModel().selectedRows())
        first = selected[0] if selected else max(current.row(), 0)
        rows = selected if len(selected) > 1 else range(first, self.grids.rowCount())
        at = self.grids.place_of
        columns = tuple(i for i in self.shown_columns if i >= current.column())
        self.pasted.emit(cells, Target(tuple(map(at, rows)), columns, tuple(map(at, selected))))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        paint_rows(self, painter, event.rect())
        painter.end()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.chosen:
            self.menu_asked.emit(event.globalPos())
        event.accept()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._takes(event):
            event.accept()  # ours, not the window's
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        current = self.currentIndex()
        if self.state() == QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)  # Enter, which the editor passes on before it closes
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() == Qt.Key.Key_Escape and self.chosen:
            self.grids_chosen.emit(())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and current.isValid():
            grid = current.data(Qt.ItemDataRole.UserRole)
            if current.column() == LOCKED:
                self.grids.setData(current, not grid.locked)
            elif event.key() != Qt.Key.Key_Space and current.flags() & Qt.ItemFlag.ItemIsEditable:
                self.edit(current)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _sees_chosen(self) -> bool:
        """Return whether the row that was chosen last is in sight."""
        row = self.currentIndex()
        return self.selectionModel().isRowSelected(row.row()) and self.viewport().rect().intersects(self.visualRect(row))

    def _takes(self, event: QKeyEvent) -> bool:
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2)
        return event.matches(QKeySequence.StandardKey.Copy) or event.matches(QKeySequence.StandardKey.Paste) or event.key() in keys

    def _choose_columns(self, shown: set[int]) -> None:
        names = [IDS[i] for i in sorted(shown | {CODE})] if shown else []
        self.use_columns(names)
        self.columns_chosen.emit(names)

    def _fit_columns(self) -> None:
        room = self.viewport().width()
        shown = self._wanted or fitting_columns(room)
        if self._fitted == (shown, room):
            return
        self._fitted = (shown, room)
        widths = column_widths(shown, room)
        for column in range(len(COLUMNS)):
            self.setColumnHidden(column, column not in shown)
            if column in shown:
                self.setColumnWidth(column, widths[column])
        roomy = sum(widths.values()) <= room
        policy = Qt.ScrollBarPolicy
        self.setHorizontalScrollBarPolicy(policy.ScrollBarAlwaysOff if roomy else policy.ScrollBarAsNeeded)

    def _sort(self, column: int) -> None:
        """Sort by a column; a second click turns the order round. Words begin with the first, figures with the largest."""
        falling = not self.grids.falling if column == self.grids.column else not COLUMNS[column].text or column == LOCKED
        self.grids.sort(column, Qt.SortOrder.DescendingOrder if falling else Qt.SortOrder.AscendingOrder)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        if not self._quiet and self.chosen:
            self.grids_chosen.emit(self.chosen)
