"""The plan that re-planning starts from, laid over the units: the project's own, or one drawn elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplanner.model.grids import Grid, GridPlan
from gridplanner.model.issues import Issue
from gridplanner.model.lines import Ints
from gridplanner.model.units import Units


@dataclass(frozen=True, eq=False)
class EarlierPlan:
    """An earlier plan over units.

    `grids` are what was known of its grids and `ids` their ids, 0 where they had none. `unit` (u,) is the row of each unit's grid, -1 for
    none; the number len(grids) + i is the part of grid `cut[i]` that a limit cut off and that weighs enough to be a grid of its own.
    `address` (a,) is the row of the grid that each address was in, -1 for none. `issues` say what did not fit.
    """

    grids: tuple[Grid, ...]
    ids: tuple[int, ...]
    unit: Ints
    address: Ints
    issues: tuple[Issue, ...] = ()
    cut: tuple[int, ...] = ()

    @property
    def origin(self) -> Ints:
        """(u,) the row of the grid that each unit was in before limits cut anything off, -1 for none."""
        rows = np.array([*range(len(self.grids)), *self.cut, -1], np.int32)
        return rows[self.unit]


def plan_as_it_is(units: Units, plan: GridPlan) -> EarlierPlan:
    """Return the project's own plan as the earlier one."""
    ids = sorted(plan.grids)
    row = np.searchsorted(np.array(ids), plan.labels).astype(np.int32)
    address = np.where(units.address_unit >= 0, row[units.address_unit], -1).astype(np.int32)
    return EarlierPlan(tuple(plan.grids[grid] for grid in ids), tuple(ids), row, address)
