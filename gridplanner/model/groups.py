"""Beats and patrol zones seen alike: groups of whole pieces of the map, which the planner's hand moves from one to another."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gridplanner.i18n import N_, _
from gridplanner.model.beats import Beat, BeatPlan
from gridplanner.model.grids import GridPlan
from gridplanner.model.lines import Ints
from gridplanner.model.outlines import grid_ids
from gridplanner.model.project import Project
from gridplanner.model.units import Units
from gridplanner.model.zones import Zone, ZonePlan

KINDS = ("beats", "zones")  # fields of the project that hold such plans
NONE = -1  # the group of what is in none
_CALLED = {"beats": N_("beat {code}"), "zones": N_("zone {code}")}


@dataclass(frozen=True, eq=False)
class Groups:
    """A plan's groups over the units.

    `known` says what is known of each group, by its id, in the plan's order. `of_unit` (u,) is the id of each unit's group, NONE for
    none. `whole` (u,) is equal for units that change group together: those of a grid, of a beat where zones are made of beats, or each
    for itself where `by_units`: zones made of street blocks.
    """

    kind: str
    known: Mapping[int, Beat | Zone]
    of_unit: Ints
    whole: Ints
    by_units: bool = False

    def __len__(self) -> int:
        return len(self.known)

    def called(self, group: int) -> str:
        """Return a group's kind and code in the language in use, such as "beat 012"."""
        return called(self.kind, code_of(self.known, group))

    def locked(self, group: int) -> bool:
        """Return whether a group is locked; what is in none is not."""
        return group in self.known and self.known[group].locked

    def units_with(self, units: Iterable[int]) -> Ints:
        """Return the units that go with some units, as rows in rising order."""
        rows = np.fromiter(units, np.int64)
        return np.flatnonzero(np.isin(self.whole, np.unique(self.whole[rows]))) if len(rows) else rows


def called(kind: str, code: str) -> str:
    """Return a group's kind and code in the language in use."""
    return _(_CALLED[kind]).format(code=code)


def code_of(known: Mapping[int, Beat | Zone], group: int) -> str:
    """Return a group's code, its id where it has none, a dash for no group."""
    return (known[group].code or str(group)) if group in known else "–"


def group_plan(project: Project, kind: str) -> BeatPlan | ZonePlan | None:
    """Return the plan of a kind of group, None where there is none."""
    plan: BeatPlan | ZonePlan | None = getattr(project, kind)
    return plan


def plan_groups(project: Project, kind: str) -> Mapping[int, Beat | Zone]:
    """Return what is known of each group of a kind, by its id; empty where there is no plan."""
    plan = group_plan(project, kind)
    if plan is None:
        return {}
    return plan.beats if isinstance(plan, BeatPlan) else plan.zones


def groups_of(project: Project, kind: str) -> Groups | None:
    """Return the groups of a kind; None where there is no such plan over grids or units."""
    units, grids, plan = project.units, project.grids, group_plan(project, kind)
    if units is None or plan is None:
        return None
    if isinstance(plan, ZonePlan) and len(plan.labels):
        return _of_blocks(plan, len(units)) if len(plan.labels) == len(units) else None
    if grids is None or not plan.members:
        return None
    of_beats = isinstance(plan, ZonePlan) and project.settings.zones is not None and project.settings.zones.units == "beats"
    return _of_grids(units, grids, plan, project.beats if of_beats else None)


def pieces_of(project: Project, groups: Groups, units: Ints) -> tuple[int, ...]:
    """Return what edits call some units: the ids of their grids, or their rows where groups are made of units; in rising order."""
    if groups.by_units:
        return tuple(np.unique(units).tolist())
    assert project.grids is not None
    found = np.unique(project.grids.labels[units])
    return tuple(grid for grid in found.tolist() if grid in project.grids.grids)


def units_of_pieces(project: Project, groups: Groups, pieces: Iterable[int]) -> Ints:
    """Return the units of some pieces as rows in rising order; unknown pieces have none."""
    wanted = np.array(sorted(pieces), np.int64)
    if groups.by_units:
        return wanted[(wanted >= 0) & (wanted < len(groups.of_unit))]
    assert project.grids is not None
    return np.flatnonzero(np.isin(project.grids.labels, wanted))


def with_heirs(project: Project, parents: Mapping[int, int]) -> Project:
    """Return the project with new grids (the keys of `parents`) in the beat and the zone of the grid that each came from."""
    changed: dict[str, object] = {}
    for kind in KINDS:
        plan = group_plan(project, kind)
        if plan is not None:
            more = {grid: plan.members[parent] for grid, parent in parents.items() if parent in plan.members}
            if any(plan.members.get(grid) != group for grid, group in more.items()):
                changed[kind] = dataclasses.replace(plan, members={**plan.members, **more})
    return dataclasses.replace(project, **changed) if changed else project  # type: ignore[arg-type]


def grids_named(project: Project) -> set[int]:
    """Return the ids of grids that beats and zones speak of, those that ended too: new grids take others."""
    plans = [plan for kind in KINDS if (plan := group_plan(project, kind)) is not None]
    return {grid for plan in plans for grid in plan.members}


@lru_cache(maxsize=16)
def _of_grids(units: Units, grids: GridPlan, plan: BeatPlan | ZonePlan, beats: BeatPlan | None) -> Groups:
    known: Mapping[int, Beat | Zone] = plan.beats if isinstance(plan, BeatPlan) else plan.zones
    of_unit = _spread(grids, {grid: group for grid, group in plan.members.items() if group in known})
    whole = grids.labels.astype(np.int64)
    if beats is not None:
        of_beat = _spread(grids, beats.members)
        whole = np.where(of_beat >= 0, of_beat, whole + 1 + int(of_beat.max(initial=0)))
    assert len(of_unit) == len(units)
    return Groups("beats" if isinstance(plan, BeatPlan) else "zones", known, of_unit, whole)


@lru_cache(maxsize=8)
def _of_blocks(plan: ZonePlan, count: int) -> Groups:
    of_unit = np.where(np.isin(plan.labels, np.array(list(plan.zones), np.int64)), plan.labels, NONE).astype(np.int32)
    return Groups("zones", plan.zones, of_unit, np.arange(count), by_units=True)


def _spread(grids: GridPlan, members: Mapping[int, int]) -> Ints:
    """Return the group of each unit (u,) by that of its grid, NONE where it has none."""
    ids = grid_ids(grids)
    if not len(ids):
        return np.full(len(grids.labels), NONE, np.int32)
    group = np.array([members.get(grid, NONE) for grid in ids.tolist()], np.int32)
    row = np.searchsorted(ids, grids.labels).clip(max=len(ids) - 1)
    return np.where(ids[row] == grids.labels, group[row], NONE).astype(np.int32)
