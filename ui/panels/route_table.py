"""The table of patrol routes: codes with the colours of the map, minutes with a bar, lengths."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QItemSelectionModel
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QWidget

from gridplanner.i18n import N_
from gridplanner.model.patrol import PatrolPlan
from gridplanner.model.project import Project
from gridplanner.settings import PatrolSettings
from ui.map.patrol_marks import route_colour
from ui.map.patrol_strokes import route_colours
from ui.panels.route_cells import BarCells, SwatchCells
from ui.panels.sorted_table import SortedTable, TableColumn
from ui.patrol_figures import zone_code
from ui.styles import theme

CODE, ZONE, CREW, SHIFT, MINUTES = range(5)
MINUTES_WIDE = 36  # pixels of the number beside its bar
ROOM = 430  # pixels from which there is room for the columns that the code tells too


def kilometres(metres: float) -> str:
    """Return metres as kilometres with one decimal."""
    return f"{metres / 1000:,.1f}"


ROUTES = (
    TableColumn(N_("Route"), N_("Code of the route"), 80), TableColumn(N_("Zone"), "", 52),
    TableColumn(N_("Crew"), N_("Which of the crews of its zone"), 42, True, "{:.0f}".format),
    TableColumn(N_("Begins"), N_("Begin of the shift"), 52),
    TableColumn(N_("min"), N_("Minutes of the round against the shift"), 0, True, "{:.0f}".format),
    TableColumn(N_("km"), N_("Length of the round"), 42, True, kilometres),
    TableColumn(N_("Empty"), N_("Deadheading: part of the length that is driven without patrolling"), 50, True, "{:.0f}%".format),
    TableColumn(N_("Sites"), N_("Key sites"), 38, True, "{:.0f}".format),
)  # fmt: skip


class RouteTable(SortedTable):
    """The routes that are shown, by their rows in the plan."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(ROUTES, parent)
        self._plan: PatrolPlan | None = None
        self._shown: tuple[int, ...] = ()
        self._shift = 1.0
        self._swatches, self._bars = SwatchCells(self._colour, self), BarCells(self._share, MINUTES_WIDE, self)
        self.setItemDelegateForColumn(CODE, self._swatches)
        self.setItemDelegateForColumn(MINUTES, self._bars)
        self.rows.sort(CODE)

    def show_routes(self, project: Project, plan: PatrolPlan, shown: tuple[int, ...]) -> None:
        """Show the routes at some rows of the plan; those beyond shift and overtime are red, locked ones have a padlock."""
        settings = project.settings.patrol or PatrolSettings()
        routes = [plan.routes[row] for row in shown]
        self._plan, self._shown, self._shift = plan, shown, settings.shift_minutes
        late = settings.shift_minutes + settings.max_overtime_min + 1e-6
        self.rows.show(
            (
                [route.code for route in routes], [zone_code(project, route.zone) for route in routes],
                np.array([route.crew + 1 for route in routes]), [route.shift for route in routes],
                np.array([route.minutes for route in routes]),
                np.array([route.required_m + route.dead_m for route in routes]),
                np.array([100 * route.dead_m / max(route.required_m + route.dead_m, 1e-9) for route in routes]),
                np.array([route.sites for route in routes]),
            ),
            frozenset(row for row, route in enumerate(routes) if route.minutes > late),
            frozenset(row for row, route in enumerate(routes) if route.locked),
        )  # fmt: skip

    def light(self, row: int) -> None:
        """Mark the line of a route, given by its row in the plan; -1 marks none."""
        lines = self.selectionModel()
        line = next((at for at in range(self.rows.rowCount()) if self._row(at) == row), None) if row >= 0 else None
        if line is None:
            lines.clearSelection()
            return
        flags = QItemSelectionModel.SelectionFlag
        lines.setCurrentIndex(self.rows.index(line, 0), flags.ClearAndSelect | flags.Rows)
        self.scrollTo(self.rows.index(line, 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for column in (ZONE, CREW):
            self.setColumnHidden(column, self.width() < ROOM)

    def _row(self, line: int) -> int:
        at = self.rows.row_at(line)
        return self._shown[at] if at is not None else -1

    def _colour(self, line: int) -> QColor:
        row = self._row(line)
        return route_colour(route_colours(self._plan)[row], theme()) if self._plan is not None and row >= 0 else QColor(theme().faint)

    def _share(self, line: int) -> float:
        row = self._row(line)
        return self._plan.routes[row].minutes / self._shift if self._plan is not None and row >= 0 else 0.0
