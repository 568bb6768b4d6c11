"""The planner's hand on the grids that are selected: lock, make exclusive, keep together, look closer, and the menu of all that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint

from gridplanner.edits.edit import Edit
from gridplanner.edits.lock_edits import LockGrids
from gridplanner.edits.merge_edits import MergeGrids
from gridplanner.i18n import _
from ui.grid_rules import exclusive_edit, keep_edit, kept_areas, lock_edit
from ui.map.shapes import grid_loops
from ui.map.tools.counts import Counts
from ui.map_menu import open_action_menu

if TYPE_CHECKING:
    from ui.desk import Desk

MENU = (
    "lock", "exclusive", "keep-grid", "", "assign", "push", "even", "merge-chosen", "resolve", "split-into", "", "zoom-grid", "proof",
)  # ids of actions  # fmt: skip
SOURCES = ("any", "unassigned", "one")  # which units assigning takes


class GridHand:
    """What can be done with the selected grids of a desk; every change is one step of the undo list."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def lock(self) -> None:
        """Lock the selected grids, or unlock them where all are locked; with none selected the one below the pointer."""
        chosen = self._desk.selection.chosen
        canvas = self._desk.canvas
        if not chosen and canvas.underMouse():
            below = canvas.grid_at(canvas.gestures.last)
            chosen = () if below is None else (below,)
        if chosen:
            self._desk.do(lock_edit(self._desk.session.project, chosen))
        else:
            self._desk.window.status.say(_("Select a grid to lock it, or point at one"))

    def lock_all(self) -> None:
        """Lock every grid."""
        plan = self._desk.session.project.grids
        if plan is not None:
            self._desk.do(LockGrids(tuple(key for key, grid in plan.grids.items() if not grid.locked)))

    def merge(self) -> None:
        """Merge the selected grids into the one of them with most households."""
        project, chosen = self._desk.session.project, self._desk.selection.chosen
        if project.grids is None or len(chosen) < 2:
            return
        counts = Counts(project)
        order = sorted(chosen, key=lambda grid: (-float(counts.held(grid)[0]), grid))
        codes = tuple(project.grids.grids[grid].code or str(grid) for grid in order)
        self._desk.do(MergeGrids(order[0], tuple(order[1:]), codes))

    def take_from(self, source: str) -> None:
        """Say which units assigning takes from now on: one of SOURCES."""
        self._desk.canvas.gestures.source = source
        self._desk.jobs.last_words = ""
        self._desk.tell_moment()

    def take_from_next(self) -> None:
        """Go on to the next of SOURCES."""
        self.take_from(SOURCES[(SOURCES.index(self._desk.canvas.gestures.source) + 1) % len(SOURCES)])

    def unlock_all(self) -> None:
        """Unlock every grid."""
        plan = self._desk.session.project.grids
        if plan is not None:
            self._desk.do(LockGrids(tuple(key for key, grid in plan.grids.items() if grid.locked), locked=False))

    def make_exclusive(self) -> None:
        """Make the selected grids exclusive, or take that back where all are."""
        self._do(exclusive_edit(self._desk.session.project, self._desk.selection.chosen))

    def keep_together(self) -> None:
        """Keep the units of each selected grid together in plans to come, or release them where they are kept."""
        project = self._desk.session.project
        self._do(keep_edit(project, self._desk.selection.chosen, kept_areas(project)))

    def zoom_to_chosen(self) -> None:
        """Show the selected grids closer."""
        project = self._desk.session.project
        if project.units is not None and project.grids is not None:
            areas = grid_loops(project.units, project.grids)
            boxes = areas.boxes[np.isin(areas.ids, np.array(self._desk.selection.chosen, np.int64))]
            if len(boxes):
                left, bottom = boxes[:, :2].min(axis=0).tolist()
                right, top = boxes[:, 2:].max(axis=0).tolist()
                self._desk.canvas.zoom_to((left, bottom, right, top))

    def select_and_zoom(self, grid: int) -> None:
        """Select a grid and show it closer."""
        self._desk.select(grid)
        self.zoom_to_chosen()

    def take_chosen(self, grids: tuple[int, ...]) -> None:
        """Select what was chosen in the table; a single grid is shown closer."""
        self._desk.canvas.mark(None)
        self._desk.selection.take(grids)
        if len(grids) == 1:
            self.zoom_to_chosen()

    def open_menu_of(self, grid: int | None, at: QPoint) -> None:
        """Open the menu of the grid under the pointer, or of all that are selected where it is one of them."""
        if grid is not None:
            if grid not in self._desk.selection.chosen:
                self._desk.select(grid)
            self.open_menu(at)

    def open_menu(self, at: QPoint) -> None:
        """Open the menu of the selected grids at a place of the screen."""
        open_action_menu(self._desk, MENU, at)

    def _do(self, edit: Edit | None) -> None:
        if edit is not None:
            self._desk.do(edit)
