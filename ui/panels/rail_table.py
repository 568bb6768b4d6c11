"""The tables of the railway: guard segments with the colours of the map and their work, and what lies in the corridor of each."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QItemSelectionModel
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QWidget

from gridplanner.i18n import N_, _
from gridplanner.model.project import Project
from gridplanner.model.rail import RailPlan
from gridplanner.model.rail_pieces import mileage_of
from gridplanner.settings import RailSettings
from ui.figures import amount
from ui.map.rail_strokes import plan_shown, segment_colours
from ui.panels.route_cells import BarCells, SwatchCells
from ui.panels.sorted_table import SortedTable, TableColumn
from ui.rail_figures import deviations_of, km, percent
from ui.styles import theme

CODE, FROM, TO, SQUAD, GUARD, LONG, LOAD, ACCESS, BASE, ROUNDS = range(10)
LOAD_WIDE = 44  # pixels of the per cent beside its bar
ROOM = 520  # pixels from which there is room for the columns that the code and the card tell too


def _minutes(seconds: float) -> str:
    return "–" if not np.isfinite(seconds) else f"{seconds / 60:.0f}"


SEGMENTS = (
    TableColumn(N_("Segment"), N_("Code of the guard segment"), 66), TableColumn(N_("From"), "", 74, True),
    TableColumn(N_("To"), "", 74, True), TableColumn(N_("Squad"), "", 46, True, "{:.0f}".format),
    TableColumn(N_("Guard"), "", 46, True, "{:.0f}".format),
    TableColumn(N_("km"), N_("Length as drawn"), 40, True, km),
    TableColumn(N_("Load"), N_("Work against the mean of all segments; the bar is full for the heaviest"), 0, True, percent),
    TableColumn(N_("min"), N_("Minutes from the base: by road, then along the line"), 36, True, _minutes),
    TableColumn(N_("Base"), N_("Base that it is reached from"), 90),
    TableColumn(N_("Rounds"), N_("Rounds a shift"), 50, True, "{:.0f}".format),
)  # fmt: skip
CORRIDOR = (
    TableColumn(N_("Segment"), N_("Code of the guard segment"), 66), TableColumn(N_("Villages"), "", 60, True, "{:.0f}".format),
    TableColumn(N_("Schools"), "", 60, True, "{:.0f}".format), TableColumn(N_("Households"), "", 0, True, amount),
    TableColumn(N_("Persons"), "", 70, True, amount),
)  # fmt: skip


class SegmentTable(SortedTable):
    """The segments of the plan that is shown, by their rows; those longer or shorter than wished are red, locked ones have a padlock."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(SEGMENTS, parent)
        self._plan: RailPlan | None = None
        self._name, self._most = "", 1.0
        self.shown: tuple[int, ...] = ()
        self._swatches, self._bars = SwatchCells(self._colour, self), BarCells(self._share, LOAD_WIDE, self)
        self.setItemDelegateForColumn(CODE, self._swatches)
        self.setItemDelegateForColumn(LOAD, self._bars)

    def show_segments(self, project: Project, plan: RailPlan, choice: str, shown: tuple[int, ...]) -> None:
        """Show the segments at some rows of the plan."""
        settings = project.settings.rail or RailSettings()
        segments = [plan.segments[row] for row in shown]
        self._plan, self._name, self.shown = plan, plan_shown(plan, choice), shown
        self._most = max((segment.workload for segment in segments), default=1.0) or 1.0
        lengths = np.array([segment.high - segment.low for segment in segments])
        unlike = lengths < 1000 * settings.min_km - 1
        if settings.max_km:
            unlike |= lengths > 1000 * settings.max_km + 1
        self.rows.show(
            (
                [segment.code for segment in segments],
                [mileage_of(plan.lines[segment.line]).text(segment.low) for segment in segments],
                [mileage_of(plan.lines[segment.line]).text(segment.high, coming=True) for segment in segments],
                np.array([segment.squad for segment in segments]), np.array([segment.guard for segment in segments]), lengths,
                deviations_of(plan)[list(shown)], np.array([segment.access_s for segment in segments]),
                [segment.base or "–" for segment in segments],
                np.array([segment.round.times if segment.round is not None else 0 for segment in segments]),
            ),
            frozenset(np.flatnonzero(unlike).tolist()),
            frozenset(at for at, segment in enumerate(segments) if segment.locked),
        )  # fmt: skip

    def light(self, row: int) -> None:
        """Mark the line of a segment, given by its row in the plan; -1 marks none."""
        light_line(self, [self._row(line) for line in range(self.rows.rowCount())], row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for column in (SQUAD, GUARD, BASE, ROUNDS):
            self.setColumnHidden(column, self.width() < ROOM)
        if self.selectionModel().hasSelection():  # the card has taken room from the table
            self.scrollTo(self.currentIndex())

    def _row(self, line: int) -> int:
        at = self.rows.row_at(line)
        return self.shown[at] if at is not None and at < len(self.shown) else -1

    def _colour(self, line: int) -> QColor:
        if self._plan is None:
            return QColor(theme().faint)
        return segment_colours(self._plan, self._name, theme()).get(self._row(line), QColor(theme().faint))

    def _share(self, line: int) -> float:
        row = self._row(line)
        return self._plan.segments[row].workload / self._most if self._plan is not None and row >= 0 else 0.0


class CorridorTable(SortedTable):
    """Villages, schools, households and persons within the corridor of each segment; what the villages are called in the tip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(CORRIDOR, parent)

    def show_corridor(self, plan: RailPlan) -> None:
        """Show the corridor of a plan."""
        corridor = plan.corridor
        self.rows.show((corridor.codes.tolist(), corridor.villages, corridor.schools, corridor.households, corridor.persons))

    def light(self, code: str) -> None:
        """Mark the line of a segment."""
        lines = [self.rows.index(line, 0).data() for line in range(self.rows.rowCount())]
        light_line(self, [int(one == code) for one in lines], 1)


def light_line(table: SortedTable, rows: list[int], row: int) -> None:
    """Mark the line of a table that shows a row, and bring it in sight; none where no line does."""
    line = rows.index(row) if row >= 0 and row in rows else -1
    if line < 0:
        table.selectionModel().clearSelection()
        return
    flags = QItemSelectionModel.SelectionFlag
    table.selectionModel().setCurrentIndex(table.rows.index(line, 0), flags.ClearAndSelect | flags.Rows)
    table.scrollTo(table.rows.index(line, 0))


def corridor_words(plan: RailPlan, code: str) -> str:
    """Return what lies in the corridor of a segment, empty where nothing is known of it."""
    rows = np.flatnonzero(plan.corridor.codes == code)
    if not len(rows):
        return ""
    row, corridor = int(rows[0]), plan.corridor
    text = _("Corridor: villages {villages}, schools {schools}, households {households}")
    homes = amount(float(corridor.households[row]))
    return text.format(villages=int(corridor.villages[row]), schools=int(corridor.schools[row]), households=homes)
