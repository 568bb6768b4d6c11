"""Pairs of neighbouring districts joined and halved anew along a better line: the large steps that annealing's single units cannot make."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from algorithms.districting.problem import (
    DistrictingParams,
    DistrictingProblem,
    Floats,
    Ints,
    district_cost,
    district_offsets,
    district_sums,
)
from algorithms.graph.components import components
from algorithms.progress import SILENT, Progress
from algorithms.sums import group_sums

DIRECTIONS = 8
DRAWS = 3  # lots by which districts find a partner


def recombine(
    problem: DistrictingProblem,
    labels: Ints,
    params: DistrictingParams,
    rng: np.random.Generator,
    steps: int,
    progress: Progress = SILENT,
) -> Ints:
    """Return labels after `steps` rounds in which neighbouring districts pair off by lot and each pair is halved along the best of 8 lines.

    The pairing is that of recombination (DeFord, Duchin and Solomon 2021), the halving a dichotomy; a pair changes only where both
    halves are connected and cost less than what was, so districts in one piece stay so. Districts with a fixed unit have no partner.
    """
    labels = labels.copy()
    first = district_offsets(problem)
    count = int(first[-1])
    target = np.repeat(problem.targets, problem.districts)
    barred = np.zeros(count, bool)
    if problem.fixed is not None:
        barred[labels[problem.fixed]] = True
    for step in range(steps):
        progress.check()
        if progress.should_finish():
            break
        progress.report(step / steps)
        mate = _mates(problem, labels, barred, rng)
        halves = _Pairs.of(problem, labels, mate, target, params)
        if halves is not None:
            halves.improve(labels, float(rng.random()))
    return labels


def _mates(problem: DistrictingProblem, labels: Ints, barred: NDArray[np.bool_], rng: np.random.Generator) -> Ints:
    """Return each district's partner (d,), -1 for none."""
    count = len(barred)
    pairs = problem.adjacency
    one, other = labels[pairs.low], labels[pairs.high]
    beside = (one != other) & pairs.crossable
    key = np.unique(np.minimum(one[beside], other[beside]).astype(np.int64) * count + np.maximum(one[beside], other[beside]))
    key = key[rng.permutation(len(key))]
    a, b = key // count, key % count
    free = ~(barred[a] | barred[b])
    a, b = a[free], b[free]
    mate = np.full(count, -1, np.int64)
    for _draw in range(DRAWS):
        number = np.arange(len(a))
        lot = np.full(count, -1, np.int64)
        lot[np.column_stack((a, b)).ravel()] = np.repeat(number, 2)  # the last lot wins
        won = (lot[a] == number) & (lot[b] == number)
        mate[a[won]], mate[b[won]] = b[won], a[won]
        free = (mate[a] < 0) & (mate[b] < 0)
        a, b = a[free], b[free]
    return mate


@dataclass(frozen=True, eq=False)
class _Pairs:
    """The units of all pairs, numbered anew, pair by pair."""

    problem: DistrictingProblem
    params: DistrictingParams
    units: Ints
    pair: Ints
    lower: Ints
    upper: Ints
    target: Floats
    before: Floats
    low: Ints
    high: Ints
    cost: Floats
    joined: NDArray[np.bool_]

    @staticmethod
    def of(problem: DistrictingProblem, labels: Ints, mate: Ints, target: Floats, params: DistrictingParams) -> _Pairs | None:
        """Return the pairs that `mate` makes; None where there are none."""
        lower = np.flatnonzero((mate >= 0) & (mate > np.arange(len(mate))))
        if not len(lower):
            return None
        upper = mate[lower]
        number = np.full(len(mate), -1, np.int64)
        number[lower] = number[upper] = np.arange(len(lower))
        of_unit = number[labels]
        units = np.flatnonzero(of_unit >= 0)
        place = np.full(len(labels), -1, np.int64)
        place[units] = np.arange(len(units))
        adjacent = problem.adjacency
        inside = (of_unit[adjacent.low] >= 0) & (of_unit[adjacent.low] == of_unit[adjacent.high])
        sums = district_sums(problem, labels, len(mate))
        cost = district_cost(sums[0].max(axis=0), sums[1], sums[2], target, problem.band, params)
        return _Pairs(
            problem, params, units, of_unit[units], lower, upper, target[lower], cost[lower] + cost[upper],
            place[adjacent.low[inside]], place[adjacent.high[inside]], adjacent.cost[inside], adjacent.crossable[inside],
        )  # fmt: skip

    def improve(self, labels: Ints, turn: float) -> None:
        """Halve every pair along the best of DIRECTIONS lines turned by `turn` of their step, where that is better than what was."""
        load = self.problem.weight[self.units].max(axis=1) + 1e-9  # units that weigh nothing still have a place in the order
        total = group_sums(self.pair, load, len(self.lower))
        xy = self.problem.xy[self.units]
        xy = xy - xy.mean(axis=0)
        best, best_side = self.before - 1e-9, np.zeros(len(self.units), bool)
        found = np.zeros(len(self.lower), bool)
        for k in range(DIRECTIONS):
            angle = np.pi * (k + turn) / DIRECTIONS
            order = np.lexsort((xy @ np.array([np.cos(angle), np.sin(angle)]), self.pair))
            run = np.cumsum(load[order])
            mine = self.pair[order]
            base = (run - load[order])[np.append(True, mine[1:] != mine[:-1])][mine]
            side = np.empty(len(order), bool)
            side[order] = (run - base - load[order] / 2) > total[mine] / 2
            cost = self._cost(side)
            better = cost < best
            best = np.where(better, cost, best)
            changed = better[self.pair]
            best_side[changed] = side[changed]
            found |= better
        found &= self._whole(best_side)
        take = found[self.pair]
        labels[self.units[take]] = np.where(best_side, self.upper[self.pair], self.lower[self.pair])[take]

    def _cost(self, side: NDArray[np.bool_]) -> Floats:
        """Return what both halves of each pair cost."""
        count = len(self.lower)
        half = 2 * self.pair + side
        loads = np.stack([group_sums(half, column, 2 * count) for column in self.problem.weight[self.units].T]).max(axis=0)
        area = group_sums(half, self.problem.area[self.units], 2 * count)
        same = side[self.low] == side[self.high]
        boundary = group_sums(half, self.problem.rim[self.units], 2 * count)
        boundary = boundary - 2 * group_sums(half[self.low[same]], self.cost[same], 2 * count)
        target = np.repeat(self.target, 2)
        cost = district_cost(loads, boundary, area, target, self.problem.band, self.params)
        return np.asarray(cost.reshape(-1, 2).sum(axis=1))

    def _whole(self, side: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return whether both halves of each pair are there and in one piece."""
        same = (side[self.low] == side[self.high]) & self.joined
        piece = components(len(self.units), self.low[same], self.high[same])
        half = 2 * self.pair + side
        owner = np.zeros(int(piece.max(initial=-1)) + 1, np.int64)
        owner[piece] = half
        pieces = np.bincount(owner, minlength=2 * len(self.lower)).reshape(-1, 2)
        return np.asarray((pieces == 1).all(axis=1))
