"""The calendar of a roster: a line a person, a column a day; letters set shifts, cells are chosen together, one is dragged onto another."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QTableView, QWidget

from gridplanner.model.roster import OFF, RosterPlan
from ui.clipboard import Table, read_table, table_text
from ui.panels.roster_heads import DayHead, PersonHead
from ui.panels.roster_model import NOTHING, Index, RosterModel, Told
from ui.panels.roster_painting import paint_cells
from ui.roster_rows import Cell
from ui.roster_words import day_words, marks_of

LINE, NARROW, WIDE = 24, 28, 44  # pixels of a line, of a day at least and at most


class RosterCalendar(QTableView):
    """The calendar.

    `set_asked` carries cells, each a person and a day, and what is to stand there; `fix_asked` cells; `swap_asked` two cells;
    `pasted` a block of the clipboard and its first cell. `person_chosen`, `cell_chosen` and `day_chosen` follow the planner, not the
    program.
    """

    set_asked = Signal(object, int)
    fix_asked = Signal(object)
    swap_asked = Signal(object, object)
    pasted = Signal(object, object)
    person_chosen = Signal(int)
    day_chosen = Signal(int)
    cell_chosen = Signal(int, int)
    menu_asked = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._quiet = False
        self.lines = RosterModel()
        self.setModel(self.lines)
        self.day = -1  # whose column is tinted: what the map shows
        self.changed: frozenset[Cell] = frozenset()
        self.drag: tuple[Cell, Cell] | None = None  # a cell that is dragged, and the one that it is over
        self._pressed: tuple[QPoint, Cell] | None = None
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.days, self.people = DayHead(self), PersonHead(self)
        self.setHorizontalHeader(self.days)
        self.setVerticalHeader(self.people)
        self.people.setDefaultSectionSize(LINE)
        self.people.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.days.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.days.sectionClicked.connect(self.day_chosen)
        self.people.sectionClicked.connect(self._click_person)

    def show_plan(self, plan: RosterPlan | None, told: Told = NOTHING) -> None:
        """Show a roster; what was chosen stays so where the people and days are the same."""
        self._quiet = True
        other = self.lines.show(plan, told)
        self._quiet = False
        if other:
            self.changed = frozenset()
            self.fit_columns()
        for part in (self.viewport(), self.days.viewport(), self.people.viewport()):
            part.update()

    def show_changed(self, cells: Iterable[Cell]) -> None:
        """Mark cells as changed."""
        self.changed = frozenset(cells)
        self.viewport().update()

    def show_day(self, day: int) -> None:
        """Tint the column of a day, -1 for none."""
        if day != self.day:
            self.day = day
            self.viewport().update()
            self.days.viewport().update()

    @property
    def chosen(self) -> tuple[Cell, ...]:
        """The chosen cells by person and day."""
        found = {(self.lines.person_at(index.row()), index.column()) for index in self.selectedIndexes()}
        return tuple(sorted(cell for cell in found if cell[0] >= 0))

    @property
    def current(self) -> Cell | None:
        """The cell that the keys move."""
        return self._cell(self.currentIndex())

    def choose(self, cells: Iterable[Cell]) -> None:
        """Choose cells without saying so, the first to be in sight."""
        rows = self.lines.rows
        if rows is None:
            return
        wanted, first = QItemSelection(), None
        for person, day in cells:
            index = self.lines.index(int(rows.line[person]), day)
            wanted.select(index, index)
            first = first or index
        self._quiet = True
        flags = QItemSelectionModel.SelectionFlag
        if first is not None:
            self.selectionModel().setCurrentIndex(first, flags.NoUpdate)
            self.scrollTo(first)
        self.selectionModel().select(wanted, flags.ClearAndSelect)
        self._quiet = False

    def copy(self, *, whole: bool = False) -> None:
        """Put the block around the chosen cells on the clipboard, with codes and dates; the `whole` roster where one cell is chosen."""
        plan, rows = self.lines.plan, self.lines.rows
        if plan is None or rows is None:
            return
        cells = self.chosen
        lines = sorted({int(rows.line[person]) for person, _day in cells})
        days = sorted({day for _person, day in cells})
        people = [self.lines.person_at(line) for line in lines]
        if whole or len(cells) < 2:
            people, days = [int(person) for _squad, person in rows.lines if person >= 0], list(range(plan.days))
        marks = marks_of(plan)
        table: Table = [["", *(day_words(plan, day) for day in days)]]
        table += [[plan.people[person].code, *(marks.of(int(plan.cells[person, day])) for day in days)] for person in people]
        QGuiApplication.clipboard().setText(table_text(table))

    def fit_columns(self) -> None:
        """Let all days fit where they can; else each is as narrow as can be read."""
        days = self.lines.columnCount()
        if days:
            room = self.viewport().width() // days
            self.days.setDefaultSectionSize(min(max(room, NARROW), WIDE))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        paint_cells(self, painter, event.rect())
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.chosen:
            at = self.visualRect(self.currentIndex()).center()
            keyed = event.reason() == QContextMenuEvent.Reason.Keyboard
            self.menu_asked.emit(self.viewport().mapToGlobal(at) if keyed else event.globalPos())
        event.accept()

    # keys

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._takes(event):
            event.accept()  # ours, not a tool of the map
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            cell = self.chosen[0] if self.chosen else self.current
            if cell is not None:
                self.pasted.emit(read_table(QGuiApplication.clipboard().text()), cell)
        elif event.key() == Qt.Key.Key_Escape and self.drag is not None:
            self._let_go()
        elif not self._type(event):
            super().keyPressEvent(event)

    def _takes(self, event: QKeyEvent) -> bool:
        """Return whether a key is the calendar's."""
        if event.matches(QKeySequence.StandardKey.Copy) or event.matches(QKeySequence.StandardKey.Paste):
            return True
        if event.key() == Qt.Key.Key_Escape:
            return self.drag is not None
        return self._sets(event) is not None or self._is(event, Qt.Key.Key_F)

    def _type(self, event: QKeyEvent) -> bool:
        """Do what a letter says with the chosen cells; False where it says nothing."""
        cells, sets = self.chosen, self._sets(event)
        if not cells or (sets is None and not self._is(event, Qt.Key.Key_F)):
            return False
        if sets is None:
            self.fix_asked.emit(cells)
        else:
            self.set_asked.emit(cells, sets)
        return True

    def _sets(self, event: QKeyEvent) -> int | None:
        """Return what a key sets in the chosen cells."""
        plan = self.lines.plan
        if plan is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return None
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_0):
            return OFF
        return marks_of(plan).keys.get(event.text().upper())

    def _is(self, event: QKeyEvent, key: Qt.Key) -> bool:
        return event.key() == key and not event.modifiers()

    # the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        cell = self._cell(self.indexAt(at))
        plain = event.button() == Qt.MouseButton.LeftButton and not event.modifiers()
        self._pressed = (at, cell) if plain and cell is not None and self.chosen == (cell,) else None
        if event.button() == Qt.MouseButton.RightButton and cell in self.chosen:
            return  # the menu is of all that is chosen
        before = self.currentIndex()
        super().mousePressEvent(event)
        if plain and cell is not None and self.currentIndex() == before:  # it may show somebody else by now, or nobody
            self.person_chosen.emit(cell[0])
            self.cell_chosen.emit(*cell)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            super().mouseMoveEvent(event)
            return
        at, (start, cell) = event.position().toPoint(), self._pressed
        if self.drag is None and (at - start).manhattanLength() < QApplication.startDragDistance():
            return
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self.drag = cell, self._cell(self.indexAt(at)) or cell
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag = self.drag
        self._let_go()
        if drag is None:
            super().mouseReleaseEvent(event)
        elif drag[0] != drag[1]:
            self.swap_asked.emit(*drag)

    def _let_go(self) -> None:
        self._pressed, self.drag = None, None
        self.unsetCursor()
        self.viewport().update()

    # what is chosen

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        person = self.lines.person_at(current.row())
        if not self._quiet and person >= 0:
            self.person_chosen.emit(person)
            self.cell_chosen.emit(person, current.column())
        self.verticalHeader().viewport().update()

    def _click_person(self, line: int) -> None:
        """Choose all days of a person."""
        person = self.lines.person_at(line)
        if person < 0:
            return
        flags = QItemSelectionModel.SelectionFlag
        first, last = self.lines.index(line, 0), self.lines.index(line, self.lines.columnCount() - 1)
        self.selectionModel().setCurrentIndex(first, flags.NoUpdate)
        self.selectionModel().select(QItemSelection(first, last), flags.ClearAndSelect)
        self.setFocus()

    def _cell(self, index: Index) -> Cell | None:
        person = self.lines.person_at(index.row()) if index.isValid() else -1
        return (person, index.column()) if person >= 0 else None
