"""Few units a group, k groups, a hard tolerance: the best plan proven, and the tightest tolerance at which there is one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from scipy.sparse import csr_array

from algorithms.districting.bound import BoundBudget, lower_bound
from algorithms.districting.cover import Cover, cheapest_cover
from algorithms.districting.exact import MOST_UNITS, SweptLand, along_axis, column_costs, swept_land
from algorithms.districting.problem import DistrictingParams, DistrictingProblem, Floats, Ints, district_cost, district_sums
from algorithms.districting.solve import solve_districting
from algorithms.districting.tolerance import (
    POINT,
    WIDEST,
    Groups,
    Tightest,
    first_possible,
    least_points,
    list_groups,
    points_of,
    tightest,
)
from algorithms.graph.components import components
from algorithms.progress import SILENT, Progress, Span

CLOSED = 1e-5  # relative gap below which a plan is called optimal


@dataclass(frozen=True)
class EvenParams:
    """What a group costs and how long to search.

    `cost` prices a group (problem.district_cost) and is the budget of the annealing where groups cannot be listed. `groups` may be
    listed at most, `nodes` of a search tree be looked at for the best plan, `nodes_tight` for each tolerance that is tried.
    """

    cost: DistrictingParams = field(default_factory=DistrictingParams)
    groups: int = 400_000
    nodes: int = 200
    nodes_tight: int = 50


@dataclass(frozen=True, eq=False)
class EvenGroups:
    """A plan of groups and what is proven of it.

    `labels` (n,) 0 … k - 1; `points` the tolerance that the plan keeps, the wished one where that is possible; `value` its cost and
    `bound` what no plan of k groups within `points` costs less than; `tightest` and `excluded` as in tolerance.Tightest (None where not
    found out), in points. `groups` were listed, 0 where they were too many (`why` is "large" then, or "stopped").
    """

    labels: Ints
    points: int
    value: float
    bound: float | None
    tightest: int | None
    excluded: int | None
    groups: int
    why: str = ""

    @property
    def status(self) -> str:
        """Optimal, gap or none."""
        if self.bound is None:
            return "none"
        return "optimal" if self.value - self.bound <= CLOSED * max(abs(self.value), 1.0) else "gap"


def solve_even_groups(
    problem: DistrictingProblem, points: int, params: EvenParams, seed: int = 0, progress: Progress = SILENT
) -> EvenGroups:
    """Return a plan of connected groups within `points` per cent of load 1, or at the tightest tolerance where there is none.

    `problem` has one column of loads; its regions are the parts that hang together, and its districts come to the number of groups k;
    where the groups can be listed, how many each part gets is part of the search. Nothing is proven under a rule on the groups' shape:
    every connected group within the tolerance is listed. The same seed gives the same plan. Raises ValueError for several columns of
    loads.
    """
    if problem.weight.shape[1] != 1:
        raise ValueError("even groups have one load")
    count = int(problem.districts.sum())
    if count == 1 or len(problem.weight) == count:
        return _only_plan(problem, points, params)
    excluded = least_points(problem.weight[:, 0], problem.region, count) - 1
    if len(problem.weight) <= MOST_UNITS and not progress.should_finish():
        found = _listed(problem, points, params, seed, progress)
        if isinstance(found, EvenGroups):
            return found
        excluded = max(excluded, found)
    return _annealed(problem, points, excluded, params, seed, progress)


def _only_plan(problem: DistrictingProblem, points: int, params: EvenParams) -> EvenGroups:
    """Return the plan of one group, or of one group a unit: there is no other."""
    count = int(problem.districts.sum())
    labels = np.zeros(len(problem.weight), np.int32) if count == 1 else np.arange(count, dtype=np.int32)
    off = points_of(_off(problem, labels))
    kept = max(points, off)
    value = _value(problem, labels, kept, params)
    return EvenGroups(labels, kept, value, value, max(off, 0), off - 1 if off > 0 else None, 1 if count == 1 else count)


def _listed(problem: DistrictingProblem, points: int, params: EvenParams, seed: int, progress: Progress) -> EvenGroups | int:
    """Return the best plan by the list of all groups; where they are too many or the budget finds no plan, the points excluded."""
    count = int(problem.districts.sum())
    order = along_axis(problem)
    land = swept_land(problem, order)
    pairs = problem.adjacency
    part = components(len(order), pairs.low[pairs.crossable], pairs.high[pairs.crossable])
    possible = least_points(problem.weight[:, 0], part, count)
    wide = max(points, possible)
    while True:
        groups = list_groups(land, wide, params.groups, Span(progress, 0.0, 0.1))
        if groups is None:
            return possible - 1
        possible = first_possible(groups, count, possible, Span(progress, 0.1, 0.3))
        if possible <= groups.points:
            break
        if wide >= WIDEST:
            return possible - 1
        wide = min(max(wide + 2, round(1.2 * wide)), WIDEST)
    at, excluded = max(points, possible), possible - 1
    while True:
        rows, cost = _priced(groups, land, at, count, problem, params)
        best = cheapest_cover(csr_array(groups.columns.members[rows]), cost, count, params.nodes, seed, Span(progress, 0.3, 0.8))
        if not best.impossible:
            break
        excluded, at = at, at + 1
        if at > groups.points:
            wider = list_groups(land, at, params.groups, progress) if at <= WIDEST else None
            if wider is None:
                return excluded
            groups = wider
    if best.rows is None:
        return excluded
    known = rows[best.rows]
    guide = np.full(len(groups.off), np.inf)
    guide[rows] = cost
    tight = tightest(groups, guide, count, excluded + 1, known, params.nodes_tight, seed, Span(progress, 0.8, 1.0))
    found = _said(groups, order, at, best, tight, known)
    return replace(found, why="stopped") if progress.should_finish() and found.status != "optimal" else found


def _said(groups: Groups, order: Ints, at: int, best: Cover, tight: Tightest, known: Ints) -> EvenGroups:
    labels = np.empty(len(order), np.int32)
    members = groups.columns.members
    for number, row in enumerate(known.tolist()):
        labels[order[members.indices[members.indptr[row] : members.indptr[row + 1]]]] = number
    excluded = tight.excluded if tight.excluded >= 0 else None
    reached = tight.reached if tight.proven else None
    return EvenGroups(labels, at, best.value, best.bound, reached, excluded, len(groups.within(at)))


def _priced(groups: Groups, land: SweptLand, at: int, count: int, problem: DistrictingProblem, params: EvenParams) -> tuple[Ints, Floats]:
    """Return the rows of the groups within a tolerance, and what each costs."""
    mean = float(problem.weight.sum()) / count
    cost = column_costs(groups.columns, land.weight, land.rim, land.area, land.shared, mean, _band(at), params.cost)
    rows = groups.within(at)
    return rows, cost[rows]


def _annealed(problem: DistrictingProblem, points: int, excluded: int, params: EvenParams, seed: int, progress: Progress) -> EvenGroups:
    """Return a plan by annealing and a pool of plans, with a bound that holds for any plan: connected or not, even or not."""
    banded = replace(problem, band=_band(points))
    found = solve_districting(banded, params.cost, seed, progress)
    off = points_of(_off(problem, found.labels))
    at = max(points, off)
    value = _value(problem, found.labels, at, params)
    banded = replace(problem, band=_band(at), region=np.zeros_like(problem.region), districts=np.array([problem.districts.sum()]))
    bound = lower_bound(banded, 0, params.cost, value, BoundBudget(rounds=0, metre=problem.metre), progress).value
    why = "stopped" if progress.should_finish() else "large"
    tight = max(off, 0) if off <= excluded + 1 else None
    return EvenGroups(found.labels, at, value, bound, tight, excluded if excluded >= 0 else None, 0, why)


def _band(points: int) -> tuple[float, float]:
    return 1 - points * POINT, 1 + points * POINT


def _off(problem: DistrictingProblem, labels: Ints) -> float:
    """Return how far the load that is farthest from 1 is from it."""
    return float(np.abs(np.bincount(labels, problem.weight[:, 0]) - 1).max())


def _value(problem: DistrictingProblem, labels: Ints, points: int, params: EvenParams) -> float:
    """Return what a plan costs within a tolerance; the mean load of all groups is what balance is measured from."""
    count = int(labels.max()) + 1
    loads, boundary, area = district_sums(problem, labels, count)
    mean = np.full(count, float(problem.weight.sum()) / count)
    return float(district_cost(loads[0], boundary, area, mean, _band(points), params.cost).sum())
