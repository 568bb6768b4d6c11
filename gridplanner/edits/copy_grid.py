"""A grid of another scenario becomes a grid here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.new_grid import with_new_grid
from gridplanner.edits.refusals import grid_of, plan_of, units_of
from gridplanner.errors import EditRejected
from gridplanner.i18n import _
from gridplanner.model.followed_area import FollowedArea, followed_area, same_units
from gridplanner.model.grids import GridPlan
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.outlines import pieces_around
from gridplanner.model.project import Project
from gridplanner.model.scenarios import Scenario, fits, scenario_of, scenario_title
from gridplanner.model.statistics import unit_households
from gridplanner.model.units import Units, border_lengths, unit_areas

LEAST = 1e-6  # households' worth of a square metre: it decides only where nobody lives


@dataclass(frozen=True)
class CopyGrid:
    """Make the area of `grid` of another scenario a grid here.

    The grid here that has most of its own households there becomes it, and keeps its code and name; where none has, a new grid does.
    What that grid had elsewhere goes to neighbours: to the one that most of it belongs to in the other scenario where that is a
    neighbour, else to the one with the longest common border. Units of locked grids stay where they are.
    """

    scenario: str
    grid: int
    code: str = field(default="", compare=False)

    @property
    def words(self) -> str:
        """The words in the language in use, with the grid's `code` as the planner knows it where it was given."""
        text = _("Copy grid {grid} from “{scenario}”")
        return text.format(grid=self.code or self.grid, scenario=scenario_title(self.scenario))

    def apply(self, project: Project) -> Project:
        """Return the project with the grid; EditRejected where there is no such grid, no plan here, or nothing of it can be followed."""
        there, plan = _source(project, self.scenario)
        here = plan_of(project)
        area = free_area(project, self.scenario, self.grid)
        if not len(area):
            raise EditRejected(_("Everything there belongs to locked grids here; unlock them first"))
        target = _taker(project, area)
        if target is None:
            return with_new_grid(project, area, like=plan.grids[self.grid])
        before = np.flatnonzero(here.labels == target)
        project = MoveUnits(tuple(area.tolist()), target).apply(project)
        rest = np.setdiff1d(before, area)
        return _without(project, rest, target, _owners(project, there, plan, rest)) if len(rest) else project


def area_there(project: Project, scenario: str, grid: int) -> FollowedArea:
    """Return the units here that lie where a grid of another scenario lies; EditRejected where that cannot be told."""
    there, plan = _source(project, scenario)
    grid_of(plan, grid)
    units = units_of(project)
    assert there.units is not None  # a plan has units
    return followed_area(units, project.households, there.units, plan, grid)


def free_area(project: Project, scenario: str, grid: int) -> Ints:
    """Return the rows of the units of that area which no locked grid holds."""
    found = area_there(project, scenario, grid).units
    plan = project.grids
    locked = [key for key, known in plan.grids.items() if known.locked] if plan is not None else []
    return found if plan is None else found[~np.isin(plan.labels[found], np.array(locked, np.int64))]


def _source(project: Project, name: str) -> tuple[Scenario, GridPlan]:
    try:
        there = scenario_of(project, name)
    except KeyError:
        raise EditRejected(_("There is no scenario “{scenario}”").format(scenario=scenario_title(name))) from None
    if there.grids is None:
        raise EditRejected(_("“{scenario}” has no grids yet").format(scenario=scenario_title(name)))
    if not fits(project, there):
        text = _("“{scenario}” was made for other addresses or communities than there are now")
        raise EditRejected(text.format(scenario=scenario_title(name)))
    return there, there.grids


def _weights(project: Project) -> Floats:
    assert project.units is not None
    return unit_households(project.units, project.households) + LEAST * unit_areas(project.units)


def _taker(project: Project, area: Ints) -> int | None:
    """Return the grid that has more than half of itself in the area, of several the one with most; None where there is none."""
    plan, weight = project.grids, _weights(project)
    assert plan is not None
    grids, which = np.unique(plan.labels[area], return_inverse=True)
    inside = np.bincount(which, weight[area])
    best = int(inside.argmax())
    whole = float(weight[plan.labels == grids[best]].sum())
    return int(grids[best]) if inside[best] > whole / 2 else None


def _owners(project: Project, there: Scenario, plan: GridPlan, rest: Ints) -> dict[int, int]:
    """Return for units here the grid here that corresponds to the one there that has most of their households."""
    units, here = project.units, project.grids
    assert units is not None
    assert here is not None
    assert there.units is not None
    if same_units(units, there.units):
        now, theirs, weight = np.arange(len(units)), plan.labels.astype(np.int64), _weights(project)
    else:
        known = np.flatnonzero((units.address_unit >= 0) & (there.units.address_unit >= 0))
        now, weight = units.address_unit[known].astype(np.int64), project.households.households[known]
        theirs = plan.labels[there.units.address_unit[known]].astype(np.int64)
    of_rest = np.isin(now, rest)
    owner = _most(now[of_rest], theirs[of_rest], weight[of_rest])
    asked = np.isin(theirs, np.array(list(owner.values()), np.int64))
    counterpart = _most(theirs[asked], here.labels[now[asked]].astype(np.int64), weight[asked])
    return {unit: counterpart[grid] for unit, grid in owner.items()}


def _most(of: Ints, among: Ints, weight: Floats) -> dict[int, int]:
    """Return for each number of `of` the one of `among` that has most weight with it, the smaller of equal ones."""
    if not len(of):
        return {}
    size = int(among.max()) + 1
    pair, which = np.unique(of * size + among, return_inverse=True)
    total = np.bincount(which, weight)
    order = np.lexsort((-pair, total))
    return {int(key) // size: int(key) % size for key in pair[order].tolist()}


def _without(project: Project, rest: Ints, target: int, owners: Mapping[int, int]) -> Project:
    """Return the project after a grid gave units away to its neighbours, from the outside in; those that nobody can take stay."""
    assert project.units is not None
    left = set(rest.tolist())
    while left:
        given: dict[int, list[int]] = {}
        for unit in sorted(left):
            taker = _neighbour(project, project.units, unit, target, owners.get(unit))
            if taker is not None:
                given.setdefault(taker, []).append(unit)
        if not given:
            return project
        for taker, part in given.items():
            project = MoveUnits(tuple(part), taker).apply(project)
            left -= set(part)
    return project


def _neighbour(project: Project, units: Units, unit: int, target: int, owner: int | None) -> int | None:
    """Return the grid beside a unit that takes it: its owner's counterpart, else the one with the longest border; None for none."""
    plan = project.grids
    assert plan is not None
    pieces = pieces_around(units, np.array([unit]))
    other = np.where(units.left[pieces] == unit, units.right[pieces], units.left[pieces])
    fit = (other >= 0) & (units.community[other] == units.community[unit])
    metres: dict[int, float] = {}
    for row, length in zip(other[fit].tolist(), border_lengths(units)[pieces[fit]].tolist(), strict=True):
        grid = int(plan.labels[row])
        if grid != target and grid in plan.grids and not plan.grids[grid].locked and not plan.grids[grid].kind:
            metres[grid] = metres.get(grid, 0.0) + length
    if owner in metres:
        return owner
    return max(metres, key=lambda grid: (metres[grid], -grid)) if metres else None
