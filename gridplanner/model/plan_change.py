"""What is another between two projects whose grids differ by some units: what figures, shapes and pictures made anew need to look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import compress
from operator import is_not

import numpy as np

from gridplanner.model.grids import Grid
from gridplanner.model.lines import Ints
from gridplanner.model.project import Project


@dataclass(frozen=True, eq=False)
class PlanChange:
    """`units` (n,) are the rows with another grid; `grids` the ids that gained, lost, began, ended, or are called another name."""

    units: Ints
    grids: frozenset[int]


def plan_change(before: Project, after: Project) -> PlanChange | None:
    """Return what differs between the grid plans of two projects; None where more than labels and grids may differ.

    Same units, households and grid settings are asked for by identity, so that the answer can never be out of date.
    """
    same = before.units is after.units and before.households is after.households and before.settings.grids is after.settings.grids
    if not same or before.units is None or before.grids is None or after.grids is None:
        return None
    if before.grids is after.grids:
        return PlanChange(np.zeros(0, np.int32), frozenset())
    old, new = before.grids, after.grids
    units = np.flatnonzero(old.labels != new.labels) if old.labels is not new.labels else np.zeros(0, np.int64)
    grids = {*np.unique(old.labels[units]).tolist(), *np.unique(new.labels[units]).tolist()}
    return PlanChange(units.astype(np.int32), frozenset(grids | other_grids(old.grids, new.grids, grids)))


def other_grids(old: Mapping[int, Grid], new: Mapping[int, Grid], touched: Iterable[int]) -> set[int]:
    """Return the grids of which something else is known; most are the very same values, so nothing is compared but identity.

    Grids that ended or began are most often among those that gained or lost units.
    """
    if old is new:
        return set()
    alone = {grid for grid in touched if (grid in old) is not (grid in new)}
    one, other = ({**grids} for grids in (old, new))
    for grid in alone:
        one.pop(grid, None)
        other.pop(grid, None)
    if list(one) == list(other):
        return alone | set(compress(one, map(is_not, one.values(), other.values())))
    return (old.keys() ^ new.keys()) | {key for key, grid in new.items() if key in old and old[key] is not grid}
