"""The lines and days of a roster as Qt knows them; what they look like is painted from the roster itself."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from gridplanner.i18n import _
from gridplanner.model.roster import RosterPenalty, RosterPlan
from gridplanner.model.roster_words import cell_name, penalty_words, squad_words
from ui.roster_rows import Cell, RosterRows, rows_of_roster
from ui.roster_words import day_words, marks_of

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
# of cells: the hard rules that they break in words, what they cost, and what is wished of them in words
Told = tuple[dict[Cell, str], dict[Cell, list[RosterPenalty]], dict[Cell, str]]
NOTHING: Told = ({}, {}, {})


class RosterModel(QAbstractTableModel):
    """The cells: what they say, which of them the keys reach, and what is known of each."""

    def __init__(self) -> None:
        super().__init__()
        self.plan: RosterPlan | None = None
        self.rows: RosterRows | None = None
        self.bad: dict[Cell, str] = {}
        self.dear: dict[Cell, list[RosterPenalty]] = {}
        self.wished: dict[Cell, str] = {}

    def show(self, plan: RosterPlan | None, told: Told = NOTHING) -> bool:
        """Show a roster and what is told of its cells; return whether the lines are others."""
        rows = rows_of_roster(plan) if plan is not None else None
        same = self.plan is not None and plan is not None and _people(self.plan) == _people(plan) and self.plan.days == plan.days
        if not same:
            self.beginResetModel()
        self.plan, self.rows, (self.bad, self.dear, self.wished) = plan, rows, told
        if not same:
            self.endResetModel()
        return not same

    def person_at(self, line: int) -> int:
        """Return the person of a line, -1 for the line of a squad and beside all."""
        return int(self.rows.lines[line, 1]) if self.rows is not None and 0 <= line < len(self.rows.lines) else -1

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() or self.rows is None else len(self.rows.lines)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() or self.plan is None else self.plan.days

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or self.person_at(index.row()) < 0:
            return Qt.ItemFlag.NoItemFlags  # the keys pass over the lines of squads
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        plan, rows = self.plan, self.rows
        if plan is None or rows is None or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        if orientation == Qt.Orientation.Horizontal:
            return day_words(plan, section)
        squad, person = (int(value) for value in rows.lines[section])
        return plan.people[person].code if person >= 0 else squad_words(plan, rows.squads[squad])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self.plan is None or not index.isValid():
            return None
        person, day = self.person_at(index.row()), index.column()
        if person < 0:
            return None
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return "\n".join(self.words_of((person, day)))
        if role == Qt.ItemDataRole.DisplayRole:
            return marks_of(self.plan).of(int(self.plan.cells[person, day]))
        return None

    def words_of(self, cell: Cell) -> list[str]:
        """Return what a cell says, a line for each thing."""
        assert self.plan is not None
        plan, (person, day) = self.plan, cell
        lines = [
            _("{person}, {day}: {shift}").format(
                person=plan.people[person].code, day=day_words(plan, day), shift=cell_name(plan, int(plan.cells[person, day]))
            )
        ]
        place = str(plan.places[person, day])
        if place:
            lines.append(place.replace(";", _(", ")))
        if plan.fixed[person, day]:
            lines.append(_("fixed: stays when the roster is planned again"))
        lines += [words for words in (self.wished.get(cell, ""), self.bad.get(cell, "")) if words]
        lines += [penalty_words(plan, penalty) for penalty in self.dear.get(cell, ())]
        return lines


def _people(plan: RosterPlan) -> tuple[object, ...]:
    return plan.start, plan.squads, tuple((member.code, member.squad) for member in plan.people)
