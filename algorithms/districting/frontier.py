"""The cheapest set of units for prices of units and borders, by levels of load and area: a dynamic program along a frontier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from algorithms.graph.adjacency import Adjacency

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger[Any]]


@dataclass(frozen=True)
class Step:
    """One unit enters the frontier: `edges` (position of a neighbour, border cost) to those in it; then `forget` positions leave."""

    unit: int
    edges: tuple[tuple[int, float], ...]
    forget: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Sweep:
    """The order in which units enter and leave the frontier, and the boundary cost `rim` (u,) of each unit that it accounts for.

    For every set S of units, rim(S) − 2 · (border costs within S, as the steps have them) is at most the boundary cost of S; it is
    less only by borders that were dropped because the frontier would have been too wide.
    """

    steps: tuple[Step, ...]
    rim: Floats


def sweep_order(count: int, pairs: Adjacency) -> list[int]:
    """Return an order of `count` units that keeps few units between those that came and those to come.

    Greedy: the next unit is the one that lengthens the frontier least, of several the neighbour of the oldest.
    """
    around: list[set[int]] = [set() for _ in range(count)]
    for a, b in zip(pairs.low.tolist(), pairs.high.tolist(), strict=True):
        around[a].add(b)
        around[b].add(a)
    left = [len(near) for near in around]  # neighbours still to come
    born: dict[int, int] = {}
    waiting = set(range(count))
    order: list[int] = []
    while waiting:
        near = {x for f in born if left[f] for x in around[f] if x in waiting}
        if not near:
            near = {min(waiting, key=lambda v: (left[v], v))}
        unit = min(near, key=lambda v: (_growth(v, around, left, born), min((born[f] for f in around[v] if f in born), default=0), v))
        waiting.remove(unit)
        born[unit] = len(order)
        order.append(unit)
        for x in around[unit]:
            left[x] -= 1
    return order


def _growth(unit: int, around: list[set[int]], left: list[int], born: dict[int, int]) -> int:
    """Return by how many units the frontier grows when `unit` enters it."""
    return int(left[unit] > 0) - sum(1 for f in around[unit] if f in born and left[f] == 1)


def sweep_of(order: list[int], inside: NDArray[np.bool_], pairs: Adjacency, rim: Floats, width: int) -> Sweep:
    """Return the sweep of the units `inside` (u,) in this order, its frontier never wider than `width` units.

    Where it would be, the unit whose borders with units to come cost least leaves early, and those borders are dropped: a border
    that costs nothing never makes a set dearer, so what is least over all sets can only fall.
    """
    cost: list[dict[int, float]] = [{} for _ in range(len(inside))]
    for a, b, c in zip(pairs.low.tolist(), pairs.high.tolist(), pairs.cost.tolist(), strict=True):
        if inside[a] and inside[b]:
            cost[a][b] = cost[b][a] = c
    rim = rim.copy()
    waiting = {v for v in order if inside[v]}
    frontier: list[int] = []
    steps: list[Step] = []
    for unit in order:
        if unit not in waiting:
            continue
        waiting.remove(unit)
        edges = tuple((at, cost[unit][v]) for at, v in enumerate(frontier) if v in cost[unit])
        frontier.append(unit)
        forget: list[int] = []
        for v in [v for v in frontier if not any(x in waiting for x in cost[v])]:
            forget.append(frontier.index(v))
            frontier.remove(v)
        while len(frontier) > width:
            v = min(frontier, key=lambda f: (sum(c for x, c in cost[f].items() if x in waiting), f))
            for x in [x for x in cost[v] if x in waiting]:
                free = max(cost[v].pop(x), 0.0)  # below 0 where a boundary is wished: units on both sides then only cost more
                del cost[x][v]
                rim[v] -= free
                rim[x] -= free
            forget.append(frontier.index(v))
            frontier.remove(v)
        steps.append(Step(unit, edges, tuple(forget)))
    return Sweep(tuple(steps), rim)


@dataclass(frozen=True, eq=False)
class Levels:
    """Whole-number sizes of each unit: `area` (u,) and `load` (u,), and how many levels of each there are; more is too much."""

    area: Ints
    load: Ints
    areas: int
    loads: int


@dataclass(frozen=True, eq=False)
class Cheapest:
    """`value` (areas, loads): the least price of the sets of each size; `sets` tells one that has it."""

    value: Floats
    sweep: Sweep
    levels: Levels
    taken: tuple[tuple[NDArray[np.bool_], ...], ...]

    def sets(self, area: Ints, load: Ints) -> list[list[int]]:
        """Return for each pair of levels (t,) the units of a set that has the least price."""
        mask = np.zeros(len(area), np.int64)
        found: list[list[int]] = [[] for _ in range(len(area))]
        area, load = area.copy(), load.copy()
        width = 0
        for step, taken in zip(reversed(self.sweep.steps), reversed(self.taken), strict=True):
            for at, better in zip(reversed(step.forget), reversed(taken), strict=True):
                bit = better[mask, area, load]
                low = width - at
                mask = ((mask >> low) << 1 | bit) << low | (mask & ((1 << low) - 1))
                width += 1
            inside = (mask & 1).astype(bool)
            mask >>= 1
            width -= 1
            for row in np.flatnonzero(inside).tolist():
                found[row].append(step.unit)
            area[inside] -= self.levels.area[step.unit]
            load[inside] -= self.levels.load[step.unit]
        return found


def cheapest_sets(sweep: Sweep, levels: Levels, price: Floats, metre: float, *, trace: bool = False) -> Cheapest:
    """Return, for each level of area and load, the least of Σ price − 2 · metre · (border costs within) over all sets of units.

    `price` (u,) of each unit holds its rim already. A table holds the least price for each choice of the frontier's units and each
    size so far; a unit that leaves the frontier leaves the better of its two choices. Sets need not be connected. Tables are single
    precision: what its rounding can add along a path, each step half a unit in the last place of a sum no larger than all terms
    together, is taken off at the end.
    """
    table = np.full((1, levels.areas, levels.loads), np.inf, np.float32)
    table[0, 0, 0] = 0.0
    width = 0
    kept: list[tuple[NDArray[np.bool_], ...]] = []
    terms = np.array([abs(price[step.unit]) for step in sweep.steps] + [2 * metre * cost for step in sweep.steps for _, cost in step.edges])
    slack = 1.01 * (len(terms) + 1) * float(terms.sum()) * 2.0**-24
    for step in sweep.steps:
        a, w = int(levels.area[step.unit]), int(levels.load[step.unit])
        grown = np.full((len(table), 2, levels.areas, levels.loads), np.inf, np.float32)
        grown[:, 0] = table
        if a < levels.areas and w < levels.loads:
            grown[:, 1, a:, w:] = table[:, : levels.areas - a, : levels.loads - w]
            grown[:, 1] += np.float32(price[step.unit])
            for at, cost in step.edges:
                both = grown.reshape(2**at, 2, 2 ** (width - at - 1), 2, levels.areas, levels.loads)[:, 1, :, 1]
                both -= np.float32(2 * metre * cost)
        table = grown.reshape(-1, levels.areas, levels.loads)
        width += 1
        chosen: list[NDArray[np.bool_]] = []
        for at in step.forget:
            two = table.reshape(2**at, 2, -1, levels.areas, levels.loads)
            if trace:
                chosen.append((two[:, 1] < two[:, 0]).reshape(-1, levels.areas, levels.loads))
            table = np.minimum(two[:, 0], two[:, 1]).reshape(-1, levels.areas, levels.loads)
            width -= 1
        kept.append(tuple(chosen))
    return Cheapest(table[0].astype(np.float64) - slack, sweep, levels, tuple(kept) if trace else ())
