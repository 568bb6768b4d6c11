"""What the planner's own edits cost: the plan of an edited community measured as the solver measures it, against the plan it computed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from algorithms.districting.problem import district_cost
from algorithms.graph.components import components
from algorithms.sums import group_sums
from gridplanner.model.band import Band, band_of
from gridplanner.model.grids import Certificate
from gridplanner.model.lines import Bools, Floats, Ints, Lines
from gridplanner.model.outlines import Ground, ground_of, inner_border
from gridplanner.model.places import Barriers, Communities, Railway, Roads
from gridplanner.model.project import Project
from gridplanner.model.rules import Rules
from gridplanner.model.statistics import unit_households, unit_persons
from gridplanner.model.units import Units, border_lengths, unit_areas
from gridplanner.planning.borders import APART, borders_apart, borders_of
from gridplanner.planning.effort import params_of
from gridplanner.planning.fixed_lines import fixed_pieces
from gridplanner.planning.parts import Parts, standing
from gridplanner.settings import GridSettings


@dataclass(frozen=True)
class HandCost:
    """How an edited community's plan compares: `border` metres and `cost` as shares above the plan as it was computed (0.018 is 1.8 %).

    `proven` says that this plan was the best there is. `above` is the share by which the plan as it is now may be above the best at
    most. None where it is not known.
    """

    border: float | None
    cost: float | None
    proven: bool
    above: float | None


def hand_costs(project: Project) -> dict[int, HandCost]:
    """Return how the plans of the communities that were changed by hand compare with those that were computed, by community."""
    units, plan = project.units, project.grids
    if units is None or plan is None:
        return {}
    edited = [part for part in plan.certificates if part.why == "edited"]
    costs = community_costs(project, {part.community for part in edited})
    return {part.community: _compared(part, costs[part.community], inner_border(units, plan.labels, part.community)) for part in edited}


def community_costs(project: Project, communities: Collection[int]) -> Mapping[int, float]:
    """Return the objective of the plans of some communities as they are now: the cost of their grids, as the solver has it.

    Exclusive grids and villagers' groups are regions of their own, as they were when the plan was made; the other grids of a community
    are aimed at the mean of those with which they share connected ground.
    """
    units, plan = project.units, project.grids
    if units is None or plan is None:
        raise ValueError("the project has no grid plan")
    ids = np.array(sorted(grid for grid, known in plan.grids.items() if known.community in communities), np.int64)
    if not len(ids):
        return dict.fromkeys(communities, 0.0)
    rules = _rules_of(
        units, project.settings.grids, project.rules.fixed_lines, project.communities, project.roads, project.barriers, project.railway
    )
    ground, count = ground_of(units, plan.labels, ids), len(ids)
    band = band_of(project.settings.grids)
    of_unit = band.loads(unit_households(units, project.households), unit_persons(units, project.households))[:, ground.units]
    loads = np.stack([group_sums(ground.face, column, count) for column in of_unit])
    alone = np.array([bool(plan.grids[grid].kind) for grid in ids.tolist()], np.bool_)
    region = _regions(rules.part[ground.units], ground.face, alone, units.community[ground.units], of_unit, band)
    size = np.bincount(region)
    target = (np.stack([group_sums(region, column, len(size)) for column in loads]).max(axis=0) / size)[region]
    area = group_sums(ground.face, unit_areas(units)[ground.units], count)
    params = params_of(project.settings.grids, len(units))
    cost = district_cost(loads.max(axis=0), _boundary(units, ground, rules, count), area, target, (band.low, band.high), params)
    home = np.array([plan.grids[grid].community for grid in ids.tolist()], np.int64)
    total = group_sums(home, cost, max(communities) + 1)
    return {community: float(total[community]) for community in communities}


def _compared(part: Certificate, cost: float, border: float) -> HandCost:
    proven = part.bound is not None and part.value is not None and not part.groups and part.value <= part.bound * (1 + 1e-9)
    return HandCost(
        border / part.border - 1 if part.border else None,
        cost / part.value - 1 if part.value else None,
        proven,
        cost / part.bound - 1 if part.bound and not part.groups else None,
    )


@dataclass(frozen=True, eq=False)
class _BorderRules:
    """Price (m,) of a metre of boundary, that of a limit, where a boundary is wished (m,), and the connected part of each unit (u,)."""

    price: Floats
    limit: float
    apart: Bools | None
    part: Ints


@lru_cache(maxsize=2)
def _rules_of(
    units: Units,
    settings: GridSettings | None,
    lines: Lines,
    communities: Communities,
    roads: Roads,
    barriers: Barriers,
    railway: Railway,
) -> _BorderRules:
    rules = Rules(fixed_lines=lines)
    land = Project(communities=communities, roads=roads, barriers=barriers, railway=railway, rules=rules, units=units)
    borders = borders_apart(units, borders_of(units, settings), fixed_pieces(land))
    free = (units.left >= 0) & (units.right >= 0) & ~borders.blocked
    free[free] = units.community[units.left[free]] == units.community[units.right[free]]
    return _BorderRules(borders.price, borders.limit, borders.apart, components(len(units), units.left[free], units.right[free]))


def _regions(part: Ints, face: Ints, alone: Bools, community: Ints, loads: Floats, band: Band) -> Ints:
    """Return the region of each grid: grids on the same connected part are planned together, those that stand `alone` are not.

    `part`, `face`, `community` (n,) and `loads` (w, n) are of units. Parts too small or large to be planned by themselves were joined to
    another: where that can only be one, it is known here too; else by a grid on both.
    """
    grids, free = len(alone), ~alone[face]
    parts, row = np.unique(part[free], return_inverse=True)
    home = np.zeros(len(parts), np.int32)
    home[row] = community[free]
    stands = standing(Parts(row, home, np.stack([group_sums(row, column[free], len(parts)) for column in loads])), band.low, band.high)
    only = np.flatnonzero(stands & (np.bincount(home, stands, int(home.max(initial=0)) + 1) == 1)[home])
    main = np.full(int(home.max(initial=0)) + 1, -1)
    main[home[only]] = only
    joined = np.flatnonzero(~stands & (main[home] >= 0))
    a = np.concatenate((face[free], grids + joined))
    b = np.concatenate((grids + row, grids + main[home[joined]]))
    return np.asarray(np.unique(components(grids + len(parts), a, b)[:grids], return_inverse=True)[1])


def _boundary(units: Units, ground: Ground, rules: _BorderRules, count: int) -> Floats:
    """Return what the boundary of each grid costs: its metres at their price, and the metres inside it where a boundary is wished."""
    pieces, left, right = ground.pieces, ground.left, ground.right
    a, b = units.left[pieces], units.right[pieces]
    within = (a >= 0) & (b >= 0)
    within[within] = units.community[a[within]] == units.community[b[within]]
    length = border_lengths(units)[pieces]
    cost = length * np.where(within, rules.price[pieces], rules.limit)
    bound, inside = left != right, np.zeros(count)
    if rules.apart is not None:
        apart = rules.apart[pieces] & within
        cost = np.where(apart, 0.0, cost)
        missed = apart & ~bound & (a != b)
        inside = group_sums(left[missed], 2 * APART * length[missed], count)
    sums = [group_sums(side[bound & (side >= 0)], cost[bound & (side >= 0)], count) for side in (left, right)]
    return np.asarray(sums[0] + sums[1] + inside)
