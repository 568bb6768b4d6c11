"""Size classes of districts: within one, a price that is linear in boundary, area and load is nowhere above the real cost."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from algorithms.districting.frontier import Cheapest, Floats, Levels, Sweep, cheapest_sets, sweep_of, sweep_order
from algorithms.districting.problem import DistrictingParams, district_cost
from algorithms.graph.adjacency import Adjacency

ROOM = 1e-9
CLOSE = 1e-6  # cost: more than the search for the cheapest load can be off


@dataclass(frozen=True, eq=False)
class Region:
    """One region on its own, its units numbered 0 …: the column of loads that weighs most, areas, rims, neighbours.

    `target` is the mean load, `band` the load wanted; `single` says that there is no other column of loads.
    """

    load: Floats
    area: Floats
    rim: Floats
    pairs: Adjacency
    districts: int
    target: float
    band: tuple[float, float]
    single: bool


def balance_cost(load: Floats, region: Region, params: DistrictingParams) -> Floats:
    """Return the part of the cost that depends on the load."""
    return district_cost(load, np.zeros_like(load), np.ones_like(load), np.array(region.target), region.band, params)


def least_balance(low: Floats, high: Floats, region: Region, params: DistrictingParams) -> Floats:
    """Return the least balance cost of a load between `low` and `high` (arrays of one shape).

    The cost is convex, so it is least at the load nearest to the one that is cheapest of all. With several columns of loads the
    heaviest district load is only known to be at least its load in one of them.
    """
    top = high if region.single else np.full_like(high, np.inf)
    return balance_cost(np.clip(_easiest_load(region, params), low, top), region, params) - CLOSE


def _easiest_load(region: Region, params: DistrictingParams) -> float:
    """Return the load whose balance cost is least, to a thousand-millionth of the loads there are."""
    low, high = 0.0, max(float(region.load.sum()), region.target, region.band[1])
    for _narrowing in range(8):
        places = np.linspace(low, high, 33)
        best = int(np.argmin(balance_cost(places, region, params)))
        low, high = float(places[max(best - 1, 0)]), float(places[min(best + 1, 32)])
    return (low + high) / 2


def load_window(region: Region, params: DistrictingParams, cap: float) -> tuple[float, float]:
    """Return bounds of the load of every district whose balance cost is at most `cap`: rounded outwards, by halving."""
    total = float(region.load.sum())
    ends = []
    for far in (0.0, max(total, region.target)):
        inside = region.target
        if _dear(far, region, params, cap) and not _dear(inside, region, params, cap):  # where the mean is too dear, none can be named
            for _halving in range(40):
                middle = (inside + far) / 2
                inside, far = (inside, middle) if _dear(middle, region, params, cap) else (middle, far)
        ends.append(far)
    return (ends[0] if region.single else 0.0), ends[1]


def _dear(load: float, region: Region, params: DistrictingParams, cap: float) -> bool:
    return float(balance_cost(np.array([load]), region, params)[0]) > cap


def most(gain: Floats, size: Floats, capacity: float) -> float:
    """Return a number that Σ gain over no set with Σ size ≤ capacity exceeds (the knapsack with parts allowed, Dantzig 1957)."""
    good = gain > 0
    gain, size = gain[good], size[good]
    if not len(gain):
        return 0.0
    with np.errstate(divide="ignore"):
        order = np.argsort(-gain / size, kind="stable")
    gain, size = gain[order], size[order]
    room = np.maximum(capacity - (np.cumsum(size) - size), 0.0)
    share = np.where(size > 0, np.minimum(room / np.where(size > 0, size, 1.0), 1.0), 1.0)
    return float((share * gain).sum()) * (1 + ROOM) + ROOM


@dataclass(frozen=True, eq=False)
class SizeClass:
    """Districts of an area between `area[0]` and `area[1]`, and what a price for them is made of.

    `balance` (areas, loads): the least balance cost of a district of those levels, infinite for levels that no district of the
    class has. `boundary` is a lower bound of its boundary cost.
    """

    area: tuple[float, float]
    sweep: Sweep
    levels: Levels
    balance: Floats
    boundary: float

    def floor(self, params: DistrictingParams) -> float:
        """Return what no district of the class is cheaper than."""
        return _shape(params) * self.boundary / float(np.sqrt(self.area[1])) + float(self.balance.min())

    def priced(self, region: Region, params: DistrictingParams, price: Floats, tilt: float, *, trace: bool) -> tuple[Floats, Cheapest]:
        """Return (areas, loads) lower bounds of cost − Σ price over the class's districts of each level, and what tells their sets.

        With P the boundary cost, A the area, q = A^−½, and 0, 1 for the class's ends: P·q ≥ q₁·P + P₀·(q − q₁) (McCormick 1976)
        and q − q₁ ≥ (A₁ − A) / (2·A₁^1.5) as q is convex; that is linear. Taking `tilt`·(A − A₀) ≥ 0 off besides does no harm to
        validity and keeps sets of far smaller area from looking cheap.
        """
        low, high = self.area
        shape = _shape(params)
        root = 1 / float(np.sqrt(high))
        slope = 0.5 * shape * self.boundary * root**3
        extra = max(tilt * 0.5 / high - slope, 0.0) if low > 0 else 0.0
        constant = slope * (high - 1.0) + extra * low  # one square metre: areas below that count as one
        found = cheapest_sets(
            self.sweep, self.levels, shape * root * self.sweep.rim - (slope + extra) * region.area - price, shape * root, trace=trace
        )
        return found.value + constant + self.balance, found


def _shape(params: DistrictingParams) -> float:
    return params.border / (2 * float(np.sqrt(np.pi)))


def size_classes(
    region: Region, params: DistrictingParams, cap: float, metre: float, *, ratio: float, areas: int, loads: int, width: int
) -> list[SizeClass]:
    """Return classes that together hold every district of cost at most `cap`.

    Parameters
    ----------
    metre
        No metre of boundary costs less.
    ratio, areas, loads, width
        Area of a class's largest district ÷ that of its smallest; levels of area up to the largest; levels of load up to the target;
        units of the frontier.

    Notes
    -----
    Areas and loads are rounded to levels unit by unit; a knapsack bounds how far a district's rounded sum can be from its own, and
    the class takes in all levels that the rounding can lead to.
    """
    low, high = load_window(region, params, cap)
    load_level, step = _levels(region.load, region.target / loads if region.target > 0 else 1.0, high)
    smallest = max(_least_area(region, low), 1.0)
    largest = max(float(region.area.sum()), 1.0) * (1 + ROOM)
    first_end = smallest if smallest > 1 else 0.0
    ends = [
        first_end,
        *np.geomspace(min(smallest * ratio, largest), largest, max(int(np.ceil(np.log(largest / smallest) / np.log(ratio))), 1)),
    ]
    order = sweep_order(len(region.area), region.pairs)
    classes = []
    for below, above in pairwise(ends):
        inside = region.area <= above
        if not inside.any() or float(region.load[inside].sum()) < low - ROOM:
            continue
        area_level, unit = _levels(np.where(inside, region.area, 0.0), above / areas, above)
        less = most((region.area - area_level * unit)[inside], region.area[inside], above)
        more = most((area_level * unit - region.area)[inside], region.area[inside], above)
        first = max(int(np.ceil((below - less) / unit - 1e-6)), 0)
        last = int(np.floor((above + more) / unit + 1e-6))
        under = most((region.load - load_level * step)[inside], region.load[inside], high)
        over = most((load_level * step - region.load)[inside], region.load[inside], high)
        count = int(np.floor((high + over) / step + 1e-6)) + 1
        at = np.arange(count) * step
        from_, to = np.maximum(at - over, low), np.minimum(at + under, high)
        balance = np.where(from_ <= to + ROOM, least_balance(from_, np.maximum(from_, to), region, params), np.inf)
        table = np.full((last + 1, count), np.inf)
        table[first:] = balance
        if not np.isfinite(table).any():
            continue
        sweep = sweep_of(order, inside, region.pairs, region.rim, width)
        levels = Levels(area_level, load_level, last + 1, count)
        free = cheapest_sets(sweep, levels, sweep.rim, 1.0).value
        least = float(free[np.isfinite(table)].min())
        if not np.isfinite(least):
            continue
        round_ = 2 * metre * float(np.sqrt(np.pi * max(below, float(region.area.min()))))
        classes.append(SizeClass((below, above), sweep, levels, table, max(least, round_, 0.0)))
    return classes


def _levels(size: Floats, step: float, capacity: float) -> tuple[NDArray[np.int64], float]:
    """Return whole-number sizes and the size of one, near `step`: that with which the sum of a set within `capacity` errs least."""
    steps = step * np.linspace(0.8, 1.25, 19)
    level = np.rint(size / steps[:, None]).astype(np.int64)
    off = size - level * steps[:, None]
    best = int(np.argmin([most(o, size, capacity) + most(-o, size, capacity) for o in off]))
    return level[best], float(steps[best])


def _least_area(region: Region, load: float) -> float:
    """Return a number that the area of no set with at least this load is below: units with most load to the area first, in parts."""
    if load <= 0:
        return float(region.area.min())
    some = region.load > 0
    order = np.argsort(region.area[some] / region.load[some], kind="stable")
    weight, area = region.load[some][order], region.area[some][order]
    before = np.cumsum(weight) - weight
    share = np.clip((load - before) / weight, 0.0, 1.0)
    return float((share * area).sum()) * (1 - ROOM)
