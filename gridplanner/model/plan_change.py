"""What is another between two projects whose grids differ by some units: what figures, shapes and pictures made anew need to look at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

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
    grids = set(np.unique(old.labels[units]).tolist()) | set(np.unique(new.labels[units]).tolist())
    if old.grids is not new.grids:
        grids |= old.grids.keys() ^ new.grids.keys()
        grids |= {key for key, grid in new.grids.items() if old.grids.get(key) is not grid}
    return PlanChange(units.astype(np.int32), frozenset(grids))
