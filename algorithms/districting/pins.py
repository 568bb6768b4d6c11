"""Units pinned to districts: a plan changed so that each holds its pins, as little as it takes."""

from __future__ import annotations

import dataclasses

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from algorithms.districting.anneal import anneal
from algorithms.districting.problem import DistrictingParams, DistrictingProblem, Floats, Ints, district_offsets
from algorithms.errors import Infeasible
from algorithms.graph.components import components
from algorithms.progress import SILENT, Progress
from algorithms.sums import group_sums

FREE = -1


class Unreachable(Infeasible):
    """No district can hold all units of pin group `pin`: the units of other groups stand between `unit` and the rest of it."""

    def __init__(self, pin: int, unit: int) -> None:
        super().__init__(f"unit {unit} of pin group {pin} cannot be reached")
        self.pin, self.unit = pin, unit


def hold_pins(
    problem: DistrictingProblem,
    labels: Ints,
    pins: Ints,
    districts: Ints,
    params: DistrictingParams,
    rng: np.random.Generator,
    progress: Progress = SILENT,
) -> Ints:
    """Return a contiguous plan in which each pinned unit is in its district.

    Parameters
    ----------
    labels
        (u,) a contiguous plan with no empty district.
    pins
        (u,) the pin group of each unit, FREE for most; a group lies in one region.
    districts
        (g,) the district that each pin group belongs to, no two alike.

    Notes
    -----
    The units of a group are joined by shortest paths that avoid other groups (the groups with most units first, then in other orders
    where that fails), the paths are given to the district, what they cut off to its neighbours; then a short annealing with the pins
    fixed mends the balance. Regions that hold their pins stay as they are. Raises Unreachable where no order of joining succeeds.
    """
    pinned = pins != FREE
    if np.array_equal(labels[pinned], districts[pins[pinned]]):
        return labels
    lost = labels[pinned] != districts[pins[pinned]]
    there = np.isin(problem.region, problem.region[pinned][lost])
    core = join_pins(problem, labels, np.where(there, pins, FREE), districts, rng)
    labels = _around(problem, labels, core)
    fixed = pinned | ~there if problem.fixed is None else pinned | ~there | problem.fixed
    mended = dataclasses.replace(problem, fixed=fixed)
    return anneal(mended, labels, params, rng, progress, np.full(int(problem.districts.sum()), 0.1))


def _graph(problem: DistrictingProblem) -> csr_array:
    pairs = problem.adjacency
    ok = pairs.crossable
    step = np.hypot(*(problem.xy[pairs.low[ok]] - problem.xy[pairs.high[ok]]).T) + 0.01
    count = len(problem.area)
    return csr_array((np.tile(step, 2), (np.r_[pairs.low[ok], pairs.high[ok]], np.r_[pairs.high[ok], pairs.low[ok]])), shape=(count, count))


def join_pins(problem: DistrictingProblem, labels: Ints, pins: Ints, districts: Ints, rng: np.random.Generator) -> Ints:
    """Return the district of each unit that must be in it (its pins and what joins them), FREE elsewhere.

    Arguments are those of `hold_pins`. Raises Unreachable where no order of joining succeeds.
    """
    graph = _graph(problem)
    groups = np.unique(pins[pins != FREE])
    if not len(groups):
        return np.full(len(pins), FREE, np.int64)
    sizes = np.bincount(pins[pins != FREE], minlength=int(groups.max()) + 1)
    order = groups[np.argsort(-sizes[groups], kind="stable")]
    failed: Unreachable | None = None
    for attempt in range(12):
        core = np.full(len(pins), FREE, np.int64)
        core[pins != FREE] = districts[pins[pins != FREE]]
        try:
            for group in order.tolist():
                _join(graph, labels, core, np.flatnonzero(pins == group), int(districts[group]), group)
            return core
        except Unreachable as why:
            failed = failed or why
            # the group that found no way goes first, then by lot
            first = [why.pin] if attempt % 2 == 0 else []
            rest = [g for g in (order.tolist() if attempt == 0 else rng.permutation(order).tolist()) if g not in first]
            order = np.array([*first, *rest])
    assert failed is not None
    raise failed


def _join(graph: csr_array, labels: Ints, core: Ints, mine: Ints, district: int, group: int) -> None:
    """Mark the shortest ways that join the units of a group, through units that no other group has; those of its district cost little."""
    open_unit = (core == FREE) | (core == district)
    ease = np.where(labels == district, 0.1, 1.0)
    rows = np.repeat(np.arange(len(core)), np.diff(graph.indptr))
    keep = open_unit[rows] & open_unit[graph.indices]
    ways = csr_array((graph.data[keep] * ease[graph.indices[keep]], (rows[keep], graph.indices[keep])), shape=graph.shape)
    held = mine[:1]
    left = mine[1:]
    while len(left):
        away, before, _source = dijkstra(ways, indices=held, min_only=True, return_predecessors=True)
        near = int(left[np.argmin(away[left])])
        if not np.isfinite(away[near]):
            raise Unreachable(group, near)
        path = [near]
        while before[path[-1]] >= 0:
            path.append(int(before[path[-1]]))
        core[path] = district
        held = np.union1d(held, path)
        left = left[~np.isin(left, held)]


def _around(problem: DistrictingProblem, labels: Ints, core: Ints) -> Ints:
    """Return a contiguous plan with no empty district in which every unit of `core` is in its district."""
    labels = np.where(core != FREE, core, labels).astype(np.int32)
    first = district_offsets(problem)
    count = int(first[-1])
    pairs = problem.adjacency
    ok = pairs.crossable
    low, high = pairs.low[ok], pairs.high[ok]
    for _round in range(count + 1):
        _absorb(problem, labels, core, low, high, pairs.length[ok], count)
        empty = np.flatnonzero(np.bincount(labels, minlength=count) == 0)
        if not len(empty):
            break
        if not _give_one(problem, labels, core, int(empty[0]), first, low, high):
            break
    return labels


def _absorb(problem: DistrictingProblem, labels: Ints, core: Ints, low: Ints, high: Ints, length: Floats, count: int) -> None:
    """Give pieces of a district away from its core (or from its heaviest piece) to neighbours, ring by ring."""
    same = labels[low] == labels[high]
    piece = components(len(labels), low[same], high[same])
    pieces = int(piece.max(initial=-1)) + 1
    heft = group_sums(piece, problem.weight.max(axis=1), pieces) + 1e-12 * group_sums(piece, problem.area, pieces)
    heft[np.unique(piece[core != FREE])] += 1e9
    label_of = np.zeros(pieces, np.int64)
    label_of[piece] = labels
    order = np.lexsort((heft, label_of))
    main = np.full(count, -1, np.int64)
    main[label_of[order]] = order
    label = np.where(piece == main[labels], labels, FREE).astype(np.int64)
    while True:
        one = (label[low] == FREE) != (label[high] == FREE)
        if not one.any():
            break
        lost = np.where(label[low] == FREE, low, high)[one].astype(np.int64)
        giver = np.where(label[low] == FREE, label[high], label[low])[one]
        key, index = np.unique(lost * count + giver, return_inverse=True)
        order = np.lexsort((group_sums(index, length[one], len(key)), key // count))
        label[(key // count)[order]] = (key % count)[order]  # the longest is written last
    labels[:] = label


def _give_one(problem: DistrictingProblem, labels: Ints, core: Ints, empty: int, first: Ints, low: Ints, high: Ints) -> bool:
    """Give one unit, which its district can spare, to an empty district; return whether there was one."""
    region = int(np.searchsorted(first, empty, "right")) - 1
    load = problem.weight.max(axis=1)
    held = np.bincount(labels, minlength=int(first[-1]))
    can = np.flatnonzero((problem.region == region) & (core == FREE) & (held[labels] > 1))
    total = group_sums(labels, load, int(first[-1]))
    for unit in can[np.lexsort((-load[can], -total[labels[can]]))].tolist():
        mine = labels == labels[unit]
        mine[unit] = False
        both = mine[low] & mine[high]
        if len(np.unique(components(len(labels), low[both], high[both])[mine])) == 1:
            labels[unit] = empty
            return True
    return False
