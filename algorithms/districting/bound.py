"""How far from the best a plan can be: a number that no plan of a region is below."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from algorithms.districting.frontier import Floats, Ints
from algorithms.districting.problem import DistrictingParams, DistrictingProblem
from algorithms.districting.sizes import Region, SizeClass, least_balance, size_classes
from algorithms.graph.adjacency import Adjacency
from algorithms.progress import SILENT, Progress

TOP = 8  # sets of each size class that become cuts in a round
TILT = 0.7  # of the mean cost of a district: what a set far too small in area pays at most (measured on three towns: 0.7 of 0.7, 1, 1.5)
REACH = 0.2  # of the mean value of a unit: how far prices may move in the first round
TRIAL = 8  # rounds after which prices that are not even half the floor are given up
ANY_PLAN = "any plan"  # the rule: none, districts need not even be connected
ROUNDING = 1e-6  # of the value, taken off for sums of floating point numbers


@dataclass(frozen=True)
class Bound:
    """No plan under `rule` costs less than `value`; `method` says how that is known: "one district", "floor" or "prices"."""

    value: float
    rule: str
    method: str


@dataclass(frozen=True)
class BoundBudget:
    """How much work a bound may cost and how fine it is.

    `rounds` of pricing (0: the floor only); `ratio` of the areas within a size class; levels of `areas` and `loads` (sizes.py);
    `width` of the frontier: time and memory double with each unit. No metre of boundary costs less than `metre`.
    """

    rounds: int = 20
    ratio: float = 1.35
    areas: int = 8
    loads: int = 20
    width: int = 7
    metre: float = 0.0

    def __post_init__(self) -> None:
        if self.rounds < 0 or self.ratio <= 1 or self.areas < 1 or self.loads < 1 or self.width < 1 or self.metre < 0:
            raise ValueError("rounds and metre 0 or more, ratio above 1, levels and width 1 or more")


def lower_bound(
    problem: DistrictingProblem,
    region: int,
    params: DistrictingParams,
    value: float,
    budget: BoundBudget | None = None,
    progress: Progress = SILENT,
) -> Bound:
    """Return what no plan of a region costs less than, at most `value`, the cost of a plan of it.

    Unit prices π with π(S) + μ ≤ cost(S) for every district S make Σπ + k·μ a bound (the dual of the set partition's relaxation).
    They are sought by cutting planes in a box around the best so far (Marsten, Hogan and Blankenship 1975); the smallest
    cost(S) − π(S) is bounded from below for all sets S of units at once, by size class.

    A plan that costs less than `value` has no district dearer than `value` less the floors of the others: that alone limits the
    sizes of the districts looked at, so the bound holds for every plan, also one whose districts are not connected.
    """
    budget = budget or BoundBudget()
    land = region_of(problem, region)
    if land.districts == 1:
        return Bound(value, ANY_PLAN, "one district")
    metre = _least_metre(land, budget.metre)
    each, total = floors(land, params, metre)
    best = min(total, value)
    if budget.rounds == 0:
        return Bound(best, ANY_PLAN, "floor")
    classes = size_classes(
        land, params, value - (land.districts - 1) * each, metre,
        ratio=budget.ratio, areas=budget.areas, loads=budget.loads, width=budget.width,
    )  # fmt: skip
    if not classes:  # no district of any size can be part of a cheaper plan
        return Bound(value, ANY_PLAN, "prices")
    priced = _best_prices(land, classes, params, value, total, budget.rounds, progress) - ROUNDING * abs(value)
    return Bound(min(priced, value), ANY_PLAN, "prices") if priced > best else Bound(best, ANY_PLAN, "floor")


def region_of(problem: DistrictingProblem, region: int) -> Region:
    """Return one region of a problem on its own."""
    units = np.flatnonzero(problem.region == region)
    row = np.full(len(problem.area), -1, np.int64)
    row[units] = np.arange(len(units))
    pairs = problem.adjacency
    mine = (problem.region[pairs.low] == region) & (problem.region[pairs.high] == region)
    own = Adjacency(row[pairs.low[mine]], row[pairs.high[mine]], pairs.length[mine], pairs.cost[mine], pairs.crossable[mine])
    weight = problem.weight[units]
    load = weight[:, int(np.argmax(weight.sum(axis=0)))]
    count = int(problem.districts[region])
    target = float(problem.targets[region])
    return Region(load, problem.area[units], problem.rim[units], own, count, target, problem.band, weight.shape[1] == 1)


def _roundness(region: Region) -> float:
    """Return the least of perimeter ÷ (2 √(π area)) as the cost has it: areas below one square metre count as one there."""
    return min(1.0, float(np.sqrt(region.area.min())))


def _least_metre(region: Region, metre: float) -> float:
    """Return `metre`, or less where a border that is known costs less (nothing where a boundary is wished)."""
    long = region.pairs.length > 0
    return max(min(metre, float((region.pairs.cost[long] / region.pairs.length[long]).min(initial=metre))), 0.0)


def floors(region: Region, params: DistrictingParams, metre: float) -> tuple[float, float]:
    """Return what one district and what all districts of a region cost at least.

    Shape: no area has a shorter boundary than a disc (the isoperimetric inequality), at `metre` a metre. Balance: the cost is convex,
    so no loads are cheaper together than all at their mean (Jensen's inequality).
    """
    round_ = params.border * metre * _roundness(region)
    mean, end = np.array([region.target]), np.array([max(float(region.load.sum()), region.target)])
    alone, even = (max(float(least_balance(low, high, region, params)[0]), 0.0) for low, high in ((np.zeros(1), end), (mean, mean)))
    return round_ + alone, region.districts * (round_ + even)


@dataclass(frozen=True, eq=False)
class _Cuts:
    """Sets of units and what a district of each costs at least: `unit` and `row` (s,) list the members, `cost` (c,)."""

    unit: Ints
    row: Ints
    cost: Floats

    def more(self, sets: list[list[int]], cost: list[float]) -> _Cuts:
        """Return these and others."""
        unit = np.array([u for members in sets for u in members], np.int64)
        row = len(self.cost) + np.repeat(np.arange(len(sets)), [len(members) for members in sets])
        return _Cuts(np.concatenate((self.unit, unit)), np.concatenate((self.row, row)), np.concatenate((self.cost, cost)))


def _best_prices(
    region: Region, classes: list[SizeClass], params: DistrictingParams, value: float, floor: float, rounds: int, progress: Progress
) -> float:
    """Return the best bound that unit prices give within this many rounds."""
    count, k = len(region.area), region.districts
    best = k * min(c.floor(params) for c in classes)
    price = centre = np.zeros(count)
    reach = REACH * value / count
    hoped = 0.0
    cuts = _Cuts(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    tilt = TILT * value / k
    centred = -np.inf
    for turn in range(rounds):
        progress.check()
        if progress.should_finish():
            break
        progress.report(turn / rounds)
        reduced, sets, costs = _price(region, classes, params, price, tilt)
        bound = float(price.sum()) + k * reduced
        cuts = cuts.more(sets, costs)
        if bound > centred:
            if turn:
                reach *= 1.5 if bound > centred + 0.3 * (hoped - centred) else 1.0
            centre, centred = price, bound
            best = max(best, bound)
        else:
            reach *= 0.7
        if turn == TRIAL and centred < 0.5 * floor:
            break
        price, hoped = _dual(cuts, count, k, centre, reach)
        if hoped < centred + 1e-4 * value:
            break
    progress.report(1.0)
    return best


def _price(
    region: Region, classes: list[SizeClass], params: DistrictingParams, price: Floats, tilt: float
) -> tuple[float, list[list[int]], list[float]]:
    """Return the least of cost − price over all districts, and sets for the cuts with what each costs at least."""
    least = np.inf
    sets: list[list[int]] = []
    costs: list[float] = []
    for one in classes:
        reduced, found = one.priced(region, params, price, tilt, trace=True)
        flat = reduced.ravel()
        order = np.argsort(flat, kind="stable")[:TOP]
        order = order[np.isfinite(flat[order])]
        if len(order):
            least = min(least, float(flat[order[0]]))
        area, load = np.divmod(order, reduced.shape[1])
        for members, worth in zip(found.sets(area, load), flat[order].tolist(), strict=True):
            sets.append(members)
            costs.append(worth + float(price[members].sum()))
    return least, sets, costs


def _dual(cuts: _Cuts, count: int, k: int, centre: Floats, reach: float) -> tuple[Floats, float]:
    """Return the prices in the box around `centre` that are best for the cuts known, and the bound that they promise."""
    rows = len(cuts.cost)
    matrix = csr_array(
        (np.ones(len(cuts.unit) + rows), (np.append(cuts.row, np.arange(rows)), np.append(cuts.unit, np.full(rows, count)))),
        shape=(rows, count + 1),
    )
    aim = -np.append(np.ones(count), k)
    box = np.column_stack((np.append(centre - reach, -np.inf), np.append(centre + reach, np.inf)))
    found = linprog(aim, A_ub=matrix, b_ub=cuts.cost, bounds=box, method="highs")
    if found.status != 0:
        return centre, -np.inf
    return np.asarray(found.x[:count]), -float(found.fun)
