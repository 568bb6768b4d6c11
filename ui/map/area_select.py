"""Selecting grids with a rectangle or a lasso."""

from __future__ import annotations

import numpy as np

from gridplanner.model.grids_touched import grids_touched
from gridplanner.model.lines import Floats
from gridplanner.model.project import Project
from ui.map.tools.tool import Preview


class AreaSelect:
    """An area being drawn, in metres, and whether what it touches is added to the selection."""

    def __init__(self, x: float, y: float, unit: int, *, lasso: bool, adds: bool) -> None:
        self.adds = adds
        self._unit = unit
        self._lasso = lasso
        self._places = [(x, y)]

    def move_to(self, x: float, y: float) -> None:
        """Draw on to a place."""
        self._places = [*self._places, (x, y)] if self._lasso else [self._places[0], (x, y)]

    @property
    def ring(self) -> Floats:
        """The area's corners (n, 2)."""
        if self._lasso or len(self._places) < 2:
            return np.array(self._places)
        (ax, ay), (bx, by) = self._places
        return np.array([(ax, ay), (bx, ay), (bx, by), (ax, by)])

    @property
    def preview(self) -> Preview:
        """What is shown of it."""
        ring = self.ring
        return Preview(lines=(np.concatenate((ring, ring[:1])),), sure=False)

    def grids(self, project: Project, chosen: tuple[int, ...]) -> tuple[int, ...]:
        """Return what is selected after it: the grids touched, or, where it adds, also those `chosen` before; all of them: taken away."""
        units, plan, ring = project.units, project.grids, self.ring
        if units is None or plan is None or len(ring) < 3:
            return chosen
        touched = grids_touched(units, plan, ring, self._unit)
        if not self.adds:
            return touched
        if touched and set(touched) <= set(chosen):
            return tuple(grid for grid in chosen if grid not in touched)
        return (*chosen, *(grid for grid in touched if grid not in chosen))
