"""Simulated annealing in batches: every district of every region and replica makes at most one move a round."""

from __future__ import annotations

from typing import Any

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
from algorithms.graph.adjacency import Adjacency
from algorithms.graph.contiguity import Surroundings, can_leave
from algorithms.progress import SILENT, Progress
from algorithms.sums import group_sums


def replicate(problem: DistrictingProblem, copies: int) -> DistrictingProblem:
    """Return `copies` disjoint copies of a problem as one: small towns then fill the arrays as a large one does.

    Raises ValueError for several copies of a problem with a `Stay`, whose limit is one plan's.
    """
    if copies == 1:
        return problem
    if problem.stay is not None:
        raise ValueError("a plan made anew is one plan; it cannot be replicated")
    u, r = len(problem.area), len(problem.districts)
    shift = np.repeat(np.arange(copies), len(problem.adjacency.low)) * u
    pairs = problem.adjacency
    low = np.tile(pairs.low, copies) + shift
    high = np.tile(pairs.high, copies) + shift
    ring = problem.surroundings
    units = np.tile(ring.units, copies)
    units = np.where(units >= 0, units + np.repeat(np.arange(copies), len(ring.units)) * u, units)
    offsets = np.concatenate([ring.offsets[:-1] + k * len(ring.units) for k in range(copies)] + [[copies * len(ring.units)]])
    return DistrictingProblem(
        np.tile(problem.weight, (copies, 1)),
        np.tile(problem.xy, (copies, 1)),
        np.tile(problem.area, copies),
        np.tile(problem.rim, copies),
        Adjacency(
            low.astype(np.int32), high.astype(np.int32), np.tile(pairs.length, copies), np.tile(pairs.cost, copies),
            np.tile(pairs.crossable, copies),
        ),
        Surroundings(offsets.astype(np.int64), units.astype(np.int32)),
        (np.tile(problem.region, copies) + np.repeat(np.arange(copies), u) * r).astype(np.int32),
        np.tile(problem.districts, copies),
        problem.band,
        problem.metre,
        None if problem.fixed is None else np.tile(problem.fixed, copies),
    )  # fmt: skip


def anneal(
    problem: DistrictingProblem,
    labels: Ints,
    params: DistrictingParams,
    rng: np.random.Generator,
    progress: Progress = SILENT,
    heat: Floats | None = None,
    target: Floats | None = None,
) -> Ints:
    """Return labels after `params.rounds` rounds of annealing from a contiguous plan.

    `heat` (d,) multiplies the starting temperature of each district (all of one region alike): hot copies of a problem cross the
    ridges that heavy units raise, cool ones keep what they have. `target` (d,) is the load wanted of each district where it is not the
    mean of its region.

    A round: each unit on a district's boundary proposes one neighbouring district at random; proposals pass by Metropolis at the
    round's temperature; of the rest, a move is made where it has the best lot in both its districts, so no two moves touch one
    district; a unit leaves only where the ring test says that its district stays in one piece, and joins only where it encloses
    nothing.
    Districts in one piece therefore stay so.
    """
    state = _State(problem, labels, params, target)
    hot = params.hot * (np.ones(len(state.units)) if heat is None else heat)
    for k in range(params.rounds):
        if k % 16 == 0:
            progress.check()
            if progress.should_finish():
                break
            progress.report(k / params.rounds)
        state.step(hot * (params.cold / hot) ** (k / max(params.rounds - 1, 1)), rng)
    return state.labels[:-1].copy()


class _State:
    """Labels and the running sums of every district."""

    def __init__(self, problem: DistrictingProblem, labels: Ints, params: DistrictingParams, target: Floats | None = None) -> None:
        self.problem, self.params = problem, params
        count = int(district_offsets(problem)[-1])
        self.labels = np.append(labels, np.int32(-2)).astype(np.int32)
        self.loads, self.boundary, self.area = district_sums(problem, labels, count)
        self.units = np.bincount(labels, minlength=count)
        self.target = np.repeat(problem.targets, problem.districts) if target is None else target
        pairs = problem.adjacency
        order = np.argsort(np.concatenate((pairs.low, pairs.high)), kind="stable")
        self.src = np.concatenate((pairs.low, pairs.high))[order].astype(np.intp)  # the width that indexing wants
        self.dst = np.concatenate((pairs.high, pairs.low))[order].astype(np.intp)
        self.cost = np.tile(pairs.cost, 2)[order]
        self.open = np.tile(pairs.crossable, 2)[order]
        self.all_open = bool(self.open.all())
        self.shared = group_sums(self.src, self.cost, len(labels))
        self.loose = None if problem.fixed is None else ~problem.fixed
        if problem.stay is not None:
            self.moved = problem.stay.mass * (problem.stay.home >= 0)
            self.away = float(self.moved[labels != problem.stay.home].sum())
        self.price = self._price(self.loads, self.boundary, self.area, self.target)

    def _price(self, loads: Floats, boundary: Floats, area: Floats, target: Floats) -> Floats:
        return district_cost(loads.max(axis=0), boundary, area, target, self.problem.band, self.params)

    def step(self, temperature: Floats, rng: np.random.Generator) -> None:
        """Make one round of moves at each district's temperature (d,)."""
        labels, problem = self.labels, self.problem
        from_src, from_dst = labels[self.src], labels[self.dst]
        cut = np.flatnonzero(from_src != from_dst if self.loose is None else (from_src != from_dst) & self.loose[self.src])
        if not len(cut):
            return
        src, other, cost = self.src[cut], from_dst[cut], self.cost[cut]
        first = np.flatnonzero(np.append(True, src[1:] != src[:-1]))
        sizes = np.diff(np.append(first, len(src)))
        unit = src[first]
        pick = first + (rng.random(len(first)) * sizes).astype(np.int64)
        a, b = labels[unit], other[pick]
        cut_cost = np.add.reduceat(cost, first)
        with_b = np.add.reduceat(np.where(other == np.repeat(b, sizes), cost, 0.0), first)
        with_a = self.shared[unit] - cut_cost
        ok = self.units[a] > 1
        if not self.all_open:
            ok &= self.open[cut][pick]
        weight = problem.weight[unit].T
        new_a = self._price(
            self.loads[:, a] - weight, self.boundary[a] - problem.rim[unit] + 2 * with_a, self.area[a] - problem.area[unit], self.target[a]
        )
        new_b = self._price(
            self.loads[:, b] + weight, self.boundary[b] + problem.rim[unit] - 2 * with_b, self.area[b] + problem.area[unit], self.target[b]
        )
        delta = new_a + new_b - self.price[a] - self.price[b]
        further = self._further(unit, a, b)
        if further is not None:
            delta = delta + self.params.stay * further
        ok &= delta < -temperature[a] * np.log(rng.random(len(delta)))
        rows = self._drawn(np.flatnonzero(ok), unit, a, b, rng)
        if further is not None:
            rows = self._allowed(rows, further[rows])
        self._move(unit[rows], a[rows], b[rows], with_a[rows], with_b[rows], new_a[rows], new_b[rows])

    def _further(self, unit: Ints, a: Ints, b: Ints) -> Floats | None:
        """Return by how much each move takes mass further from home (below 0: brings it back); None where nothing was before."""
        stay = self.problem.stay
        if stay is None:
            return None
        home = stay.home[unit]
        return np.asarray(self.moved[unit] * ((b != home).astype(float) - (a != home)))

    def _allowed(self, rows: Ints, further: Floats) -> Ints:
        """Return the moves that keep the mass away from home within its limit, those that bring mass home first."""
        assert self.problem.stay is not None
        order = np.argsort(further, kind="stable")
        total = self.away + np.cumsum(further[order])
        fits = (total <= self.problem.stay.most) | (further[order] <= 0)
        fits = np.logical_and.accumulate(fits)
        self.away = float(np.append(self.away, total[fits])[-1])
        return np.asarray(rows[order[fits]])

    def _drawn(self, rows: Ints, unit: Ints, a: Ints, b: Ints, rng: np.random.Generator) -> Ints:
        """Return those of the accepted proposals that are made: at most one a district, drawn by lot, none that breaks or encloses.

        The ring test is the dear part, so it is asked only of those that the lot has picked; a second draw among the districts that
        the first left idle makes up for those that failed.
        """
        made: list[Ints] = []
        idle = np.ones(len(self.units), bool)
        rows = rows[rng.permutation(len(rows))]
        for _draw in range(2):
            number = np.arange(len(rows))
            lot = np.full(len(idle), -1, np.int64)
            lot[np.column_stack((a[rows], b[rows])).ravel()] = np.repeat(number, 2)  # the last lot wins
            won = (lot[a[rows]] == number) & (lot[b[rows]] == number)
            mine = rows[won]
            mine = mine[can_leave(self.problem.surroundings, self.labels, unit[mine], a[mine])]
            mine = mine[can_leave(self.problem.surroundings, self.labels, unit[mine], b[mine])]
            made.append(mine)
            idle[a[mine]] = idle[b[mine]] = False
            rows = rows[~won]
            rows = rows[idle[a[rows]] & idle[b[rows]]]
        return np.concatenate(made)

    def _move(
        self, unit: NDArray[np.signedinteger[Any]], a: Ints, b: Ints, with_a: Floats, with_b: Floats, price_a: Floats, price_b: Floats
    ) -> None:
        problem = self.problem
        self.labels[unit] = b
        weight = problem.weight[unit].T
        self.loads[:, a] -= weight
        self.loads[:, b] += weight
        self.boundary[a] += 2 * with_a - problem.rim[unit]
        self.boundary[b] += problem.rim[unit] - 2 * with_b
        self.area[a] -= problem.area[unit]
        self.area[b] += problem.area[unit]
        self.units[a] -= 1
        self.units[b] += 1
        self.price[a] = price_a
        self.price[b] = price_b
