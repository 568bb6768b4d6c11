"""Who changes grid: addresses whose grid is another than before the last re-planning, the planner's own edits since then included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplanner.model.grids import GridPlan, Replan
from gridplanner.model.lines import Floats, Ints, Texts
from gridplanner.model.places import texts
from gridplanner.model.project import Project, fingerprint


@dataclass(frozen=True, eq=False)
class Transfers:
    """One row per address that changes grid, in the order of the addresses: its row, households, and the codes before and now.

    `before` is empty for an address that was in no grid. `moved` is the households of the others, `planned` those of all addresses
    that have a grid now and had one before.
    """

    address: Ints
    households: Floats
    before: Texts
    now: Texts
    moved: float
    planned: float

    def __len__(self) -> int:
        return len(self.address)

    @property
    def share(self) -> float:
        """The share of the households with a grid before and now that change it, 0 to 1."""
        return self.moved / self.planned if self.planned > 0 else 0.0


def transfers_of(project: Project) -> Transfers | None:
    """Return who changes grid; None where nothing was re-planned, or the addresses have been replaced since."""
    units, plan = project.units, project.grids
    if units is None or plan is None or plan.replan is None:
        return None
    was = plan.replan
    if len(was.grid) != len(project.households) or was.addresses != fingerprint(project.households):
        return None
    now, before, codes = _codes_of_addresses(plan, units.address_unit, was)
    households = project.households.households
    had = before > 0
    planned = now > 0
    rows = np.flatnonzero(planned & (now != before))
    return Transfers(
        rows.astype(np.int32),
        households[rows],
        codes[before[rows]],
        codes[now[rows]],
        float(households[rows][had[rows]].sum()),
        float(households[planned & had].sum()),
    )


def _codes_of_addresses(plan: GridPlan, address_unit: Ints, was: Replan) -> tuple[Ints, Ints, Texts]:
    """Return (now, before, codes): the row in `codes` of each address's code now and before, 0 for none."""
    number: dict[str, int] = {"": 0}
    for code in (*was.codes, *(grid.code for grid in plan.grids.values())):
        number.setdefault(code, len(number))
    of_old = np.array([number[code] for code in was.codes] + [0], np.int64)
    ids = np.array(sorted(plan.grids), np.int64)
    of_grid = np.array([number[plan.grids[int(grid)].code] for grid in ids], np.int64)
    of_unit = of_grid[np.searchsorted(ids, plan.labels)]
    now = np.where(address_unit >= 0, of_unit[address_unit], 0)
    return now, of_old[was.grid], texts(list(number))
