"""The people of a roster by their codes: a table to write into and to paste into from a spreadsheet."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gridplanner.i18n import N_, _
from gridplanner.settings import RosterPerson
from ui.clipboard import Table, read_table

COLUMNS = (
    (N_("Member"), N_("A code such as 1-03, no name"), 92), (N_("Squad"), N_("Squad, patrol zone or group"), 76),
    (N_("Skills"), N_("Several are divided by commas"), 0),
    (N_("Hours a week"), N_("At most; empty: as for all"), 96), (N_("Hours before"), N_("Worked before the first day, for the ledger"), 96),
    (N_("Points before"), N_("Earned before the first day"), 96),
)  # fmt: skip
HIGH = 200  # pixels of the table at least


class PeopleList(QWidget):
    """`people` are those in the table; raises ValueError where a number makes no sense."""

    changed = Signal()

    def __init__(self, people: Sequence[RosterPerson]) -> None:
        super().__init__()
        self._before = tuple(people)
        self.table = _Cells(len(people))
        self.add, self.away = QPushButton(_("Add a person")), QPushButton(_("Remove"))
        words = QLabel(_("Nobody listed: one person for each guard or crew. Rows can be pasted from a spreadsheet."))
        words.setObjectName("muted")
        words.setWordWrap(True)
        for button in (self.add, self.away):
            button.setObjectName("small")
            button.setAutoDefault(False)
        for row, person in enumerate(people):
            self.table.fill(row, _cells(person))
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.add)
        below.addWidget(self.away)
        below.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(words)
        layout.addWidget(self.table, 1)
        layout.addLayout(below)
        self.add.clicked.connect(self._add)
        self.away.clicked.connect(self._remove)
        self.table.itemChanged.connect(lambda _item: self.changed.emit())

    @property
    def people(self) -> tuple[RosterPerson, ...]:
        """The people chosen; those whom nobody touched are as they were."""
        known = {_cells(person): person for person in self._before}
        found = []
        for row in range(self.table.rowCount()):
            cells = self.table.words(row)
            if cells[0]:
                found.append(known.get(cells) or _person(cells))
        codes = [person.code for person in found]
        twice = next((code for code in codes if codes.count(code) > 1), "") if len(set(codes)) < len(codes) else ""
        if twice:
            raise ValueError(_("Two people have the code {code}").format(code=twice))
        return self._before if tuple(found) == self._before else tuple(found)

    def _add(self) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        self.table.fill(row, ("",) * len(COLUMNS))
        self.table.setCurrentCell(row, 0)
        self.table.edit(self.table.currentIndex())

    def _remove(self) -> None:
        for row in sorted({index.row() for index in self.table.selectedIndexes()}, reverse=True):
            self.table.removeRow(row)
        self.changed.emit()


class _Cells(QTableWidget):
    """The table."""

    def __init__(self, rows: int) -> None:
        super().__init__(rows, len(COLUMNS))
        self.setAccessibleName(_("Members"))
        self.setHorizontalHeaderLabels([_(title) for title, _tip, _wide in COLUMNS])
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(26)
        self.setMinimumHeight(HIGH)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        for column, (_title, tip, wide) in enumerate(COLUMNS):
            head = self.horizontalHeaderItem(column)
            if head is not None:
                head.setToolTip(_(tip))
            mode = QHeaderView.ResizeMode.Fixed if wide else QHeaderView.ResizeMode.Stretch
            self.horizontalHeader().setSectionResizeMode(column, mode)
            if wide:
                self.setColumnWidth(column, wide)
        self.setMinimumWidth(sum(wide for _title, _tip, wide in COLUMNS) + 150)

    def fill(self, row: int, cells: Sequence[str]) -> None:
        """Write a row."""
        for column, words in enumerate(cells[: len(COLUMNS)]):
            self.setItem(row, column, QTableWidgetItem(words))

    def words(self, row: int) -> tuple[str, ...]:
        """Return what a row says."""
        items = (self.item(row, column) for column in range(len(COLUMNS)))
        return tuple(item.text().strip() if item is not None else "" for item in items)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste(read_table(QGuiApplication.clipboard().text()))
        elif event.key() == Qt.Key.Key_Delete:
            for index in self.selectedIndexes():
                self.setItem(index.row(), index.column(), QTableWidgetItem(""))
        else:
            super().keyPressEvent(event)

    def paste(self, cells: Table) -> None:
        """Write a block from the current cell on; rows that are missing are added."""
        top, left = max(self.currentRow(), 0), max(self.currentColumn(), 0)
        while self.rowCount() < top + len(cells):
            self.insertRow(self.rowCount())
            self.fill(self.rowCount() - 1, ("",) * len(COLUMNS))
        for row, line in enumerate(cells, top):
            for column, words in enumerate(line, left):
                if column < len(COLUMNS):
                    self.setItem(row, column, QTableWidgetItem(words))


def _cells(person: RosterPerson) -> tuple[str, ...]:
    numbers = (f"{value:g}" if value else "" for value in (person.max_hours, person.hours, person.points))
    return person.code, person.squad, ", ".join(person.skills), *numbers


def _person(cells: Sequence[str]) -> RosterPerson:
    code, squad, skills = cells[:3]
    numbers = []
    for (title, _tip, _wide), text in zip(COLUMNS[3:], cells[3:], strict=True):
        try:
            numbers.append(float(text or 0))
        except ValueError:
            raise ValueError(_("{title}: {text} is no number").format(title=_(title), text=f"“{text}”")) from None
    parts = tuple(part.strip() for part in skills.replace("，", ",").replace("、", ",").split(",") if part.strip())
    return dataclasses.replace(RosterPerson(code, squad, parts), max_hours=numbers[0], hours=numbers[1], points=numbers[2])
