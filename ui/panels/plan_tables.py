"""Tables of guard segments: looked at, sorted, and a click goes to the place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gridplanner.i18n import N_, _
from gridplanner.model.lines import Floats
from gridplanner.model.project import Project
from ui.panels.sorted_table import SortedTable, TableColumn, Values

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class PlanTable:
    """`id` is the step whose plan it shows; `rows` makes the values of the columns from what `plan` returns, `bounds` a row's place."""

    id: str
    title: str
    heading: str
    none: str
    columns: tuple[TableColumn, ...]
    rows: Callable[[Project], Sequence[Values]]
    bounds: Callable[[Project, int], Bounds | None]
    plan: Callable[[Project], tuple[object, ...]]


def _chainage(metres: float) -> str:
    """Return a chainage as railways write it.

    >>> _chainage(163500.0)
    'K163+500'
    """
    whole = round(metres)
    return f"K{whole // 1000}+{whole % 1000:03d}"


def _share(value: float) -> str:
    return f"{value:+.0f}%" if round(value) else "0%"


def _bounds(coords: Floats) -> Bounds | None:
    if not len(coords):
        return None
    left, bottom = coords.min(axis=0).tolist()
    right, top = coords.max(axis=0).tolist()
    return left, bottom, right, top


def _segment_rows(project: Project) -> Sequence[Values]:
    plan = project.rail
    segments = plan.segments if plan is not None else ()
    mean = float(np.mean([segment.workload for segment in segments])) if segments else 0.0
    return (
        [segment.code for segment in segments],
        np.array([segment.start for segment in segments]),
        np.array([segment.stop for segment in segments]),
        np.array([segment.squad for segment in segments]),
        np.array([segment.guard for segment in segments]),
        np.array([100 * (segment.workload / mean - 1) if mean else 0.0 for segment in segments]),
    )


PLAN_TABLES = (
    PlanTable(
        "rail", N_("Segments"), N_("{n} segments"), N_("No guard segments yet. Press “Divide the line” at the left."),
        (
            TableColumn(N_("Code"), N_("Code of the guard segment")), TableColumn(N_("From"), "", 72, True, _chainage),
            TableColumn(N_("To"), "", 72, True, _chainage), TableColumn(N_("Squad"), "", 46, True), TableColumn(N_("Guard"), "", 46, True),
            TableColumn(N_("Load"), N_("Workload against the mean"), 48, True, _share),
        ),
        _segment_rows, lambda project, row: _bounds(project.rail.segments[row].coords) if project.rail is not None else None,
        lambda project: (project.rail,),
    ),
)  # fmt: skip


class PlanPage(QWidget):
    """A heading and a table of one plan; `bounds_chosen` carries left, bottom, right and top of the row that was chosen."""

    bounds_chosen = Signal(object)

    def __init__(self, table: PlanTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._made = table
        self._project: Project | None = None
        self._heading = QLabel()
        self._heading.setObjectName("heading")
        self._heading.setWordWrap(True)
        self.table = SortedTable(table.columns)
        self.table.row_chosen.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._heading, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.table, 1)

    def show_project(self, project: Project) -> None:
        """Show the plan of a project."""
        same = self._project is not None and all(
            a is b for a, b in zip(self._made.plan(self._project), self._made.plan(project), strict=True)
        )
        self._project = project
        if not same:
            self.table.rows.show(self._made.rows(project))
            self.retranslate()

    def retranslate(self) -> None:
        """Take up the language in use."""
        count = self.table.rows.rowCount()
        self._heading.setText(_(self._made.heading).format(n=f"{count:,}") if count else _(self._made.none))
        self.table.setVisible(count > 0)
        self.table.setAccessibleName(_(self._made.title))
        self.table.horizontalHeader().viewport().update()

    def _choose(self, row: int) -> None:
        bounds = self._made.bounds(self._project, row) if self._project is not None else None
        if bounds is not None:
            self.bounds_chosen.emit(bounds)
