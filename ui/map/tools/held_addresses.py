"""Addresses of a part of the plan, for counts of what a line in the hand would divide or enclose."""

from __future__ import annotations

import numpy as np

from gridplanner.i18n import _
from gridplanner.model.band import band_of
from gridplanner.model.lines import Bools, Floats, Ints
from gridplanner.model.project import Project
from ui.map.tools.tool import Tally


class HeldAddresses:
    """The addresses in some units (u,): where they are, what lives there, and the grid that they are in; estimates for the hand alone."""

    def __init__(self, project: Project, members: Bools) -> None:
        units, plan = project.units, project.grids
        assert units is not None
        assert plan is not None
        rows = np.flatnonzero(np.append(members, False)[units.address_unit])  # the last for addresses in no unit
        self.xy: Floats = np.asfortranarray(project.households.xy[rows])  # columns are looked at one by one
        self.label: Ints = plan.labels[units.address_unit[rows]]
        self._amounts = np.column_stack((project.households.households[rows], project.households.persons[rows]))
        self.band = band_of(project.settings.grids)
        self._plan = plan

    def held(self, chosen: Bools | None = None) -> Floats:
        """Return the households and persons at all of the addresses, or at some of them, (2,)."""
        return np.asarray((self._amounts if chosen is None else self._amounts[chosen]).sum(axis=0))

    def new_grid(self, then: Floats) -> Tally:
        """Return the tally of a grid that would begin with so many households and persons."""
        load = float(self.band.load(then[0], then[1]))
        inside = self.band.low - 1e-9 <= load <= self.band.high + 1e-9
        kind = int(self.band.households is None)
        return Tally("", 0.0, float(then[kind]), inside, bool(kind))

    def locked_within(self, chosen: Bools) -> str:
        """Return why some of the addresses cannot change grid: words about a locked one that they are in, empty where there is none."""
        for grid in np.unique(self.label[chosen]).tolist():
            known = self._plan.grids.get(grid)
            if known is not None and known.locked:
                return _("Grid {grid} is locked; unlock it first").format(grid=known.code)
        return ""

    def by_grid(self, chosen: Bools, most: int = 3) -> list[tuple[int, Floats]]:
        """Return the grids that some of the addresses are in, those with most households first, and what they hold there."""
        grids, place = np.unique(self.label[chosen], return_inverse=True)
        sums = [np.bincount(place, column, minlength=len(grids)) for column in self._amounts[chosen].T]
        order = np.argsort(-sums[0], kind="stable")[:most]
        return [(int(grids[i]), np.array([sums[0][i], sums[1][i]])) for i in order.tolist() if grids[i] >= 0]
