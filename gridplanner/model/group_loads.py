"""How much each beat or patrol zone carries, and what it should: persons of a beat, workload of a zone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gridplanner.model.groups import Groups, groups_of
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.project import Project
from gridplanner.model.statistics import unit_households, unit_persons
from gridplanner.settings import BeatSettings

EVEN = 0.10  # of the mean, within which the workload of a zone counts as even


@dataclass(frozen=True, eq=False)
class Loads:
    """Amounts of units (u,), of which only sums over whole pieces mean something; what a group should have, and the shares allowed.

    `persons` says that the amounts are persons, else they are workload, which has no unit of its own.
    """

    of_unit: Floats
    target: float
    low: float
    high: float
    persons: bool

    def of(self, units: Ints) -> float:
        """Return the load of some units, given as rows."""
        return float(self.of_unit[units].sum())

    def deviation(self, load: float) -> float:
        """Return by how many per cent a load differs from the target."""
        return 100.0 * (load / self.target - 1.0) if self.target > 0 else 0.0

    def is_inside(self, load: float) -> bool:
        """Return whether a load lies within what is allowed."""
        return self.low * self.target - 1e-9 <= load <= self.high * self.target + 1e-9


def group_loads(project: Project, groups: Groups) -> Loads:
    """Return the loads of a project's beats or zones; raises ValueError where it has no units."""
    if project.units is None:
        raise ValueError("the project has no units")
    if groups.kind == "beats":
        settings = project.settings.beats or BeatSettings()
        persons = unit_persons(project.units, project.households)
        return Loads(persons, settings.target_persons, 1 - settings.tolerance, 1 + settings.tolerance, persons=True)
    work = unit_workload(project)
    held = float(work[groups.of_unit >= 0].sum())
    return Loads(work, held / max(len(groups), 1), 1 - EVEN, 1 + EVEN, persons=False)


def unit_workload(project: Project) -> Floats:
    """Return the workload of each unit (u,) as the zones were planned with; households where that is not known."""
    assert project.units is not None
    ground = project.zones.ground if project.zones is not None else None
    if ground is not None and len(ground.work) == len(project.units):
        return ground.work
    return unit_households(project.units, project.households)


@lru_cache(maxsize=8)
def loads_of(project: Project, kind: str) -> dict[int, float]:
    """Return the load of each beat or zone of a project, by its id, in the plan's order; empty where there are none."""
    groups = groups_of(project, kind)
    if groups is None:
        return {}
    return sums_of(groups, group_loads(project, groups).of_unit)


def sums_of(groups: Groups, of_unit: Floats) -> dict[int, float]:
    """Return the sum of some amounts of units (u,) over each group, by its id, in the plan's order."""
    held = groups.of_unit >= 0
    sums = np.bincount(groups.of_unit[held], of_unit[held], minlength=max(groups.known, default=0) + 1)
    return {group: float(sums[group]) for group in groups.known}
