"""Counts of grids while a tool is at work: what they hold, and what they would hold."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from gridplanner.model.band import band_of
from gridplanner.model.lines import Floats
from gridplanner.model.project import Project
from gridplanner.model.statistics import unit_households, unit_persons
from ui.map.label_layer import short_code
from ui.map.tools.tool import Tally


class Counts:
    """The households and persons of a project's units, and tallies of its grids; each grid is summed once."""

    def __init__(self, project: Project) -> None:
        assert project.units is not None
        assert project.grids is not None
        self._plan = project.grids
        self.band = band_of(project.settings.grids)
        self._homes = unit_households(project.units, project.households)
        self._persons = unit_persons(project.units, project.households)
        self._held: dict[int, Floats] = {}

    def held(self, grid: int) -> Floats:
        """Return the households and persons of a grid as it is."""
        if grid not in self._held:
            mine = self._plan.labels == grid
            self._held[grid] = np.array([self._homes[mine].sum(), self._persons[mine].sum()])
        return self._held[grid]

    def of(self, units: Collection[int]) -> Floats:
        """Return the households and persons of some units."""
        rows = np.fromiter(units, np.int64, len(units))
        return np.array([self._homes[rows].sum(), self._persons[rows].sum()])

    def tally(self, grid: int, change: Floats | None = None) -> Tally:
        """Return the tally of a grid that would gain `change` households and persons."""
        held = self.held(grid)
        then = held if change is None else held + change
        load = float(self.band.load(then[0], then[1]))
        inside = self.band.low - 1e-9 <= load <= self.band.high + 1e-9
        kind = int(self.band.households is None)
        return Tally(self.code(grid), float(held[kind]), float(then[kind]), inside, bool(kind))

    def code(self, grid: int) -> str:
        """Return the short code of a grid, as the map has it."""
        known = self._plan.grids.get(grid)
        return short_code(known, grid) if known is not None else "–"
