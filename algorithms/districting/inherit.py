"""From the districts that were to a start for new ones: numbers of districts, splits, what was dissolved, and what had none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from algorithms.districting.dichotomy import dichotomy, make_contiguous
from algorithms.districting.problem import DistrictingProblem, Floats, Ints, Stay
from algorithms.graph.components import components
from algorithms.sums import group_sums

Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Inherited:
    """A start for districting anew.

    `labels` (u,) numbered region by region; `districts` (r,); `former` (d,) the earlier district that each continues, -1 for a new
    one. `home` (u,) is the earlier district of each unit in the new numbers, -1 where it had none or that is no more; `most` is the
    mass that may be away from home, less what the dissolved ones moved. `certain` (r,) is the mass of each region that must move for
    its number of districts to come into the band; `had` (r,) that number before, `resized` (r,) where it is another now.
    """

    labels: Ints
    districts: Ints
    former: Ints
    home: Ints
    most: float
    certain: Floats
    had: Ints
    resized: Bools


def inherit(problem: DistrictingProblem, stay: Stay, inside: float, otherwise: Mapping[int, int] | None = None) -> Inherited:
    """Return the start that the earlier districts give.

    An earlier district in several regions lives on in the one that holds most of its mass (the rest moves in any case); one in
    several pieces in its heaviest piece, as long as the limit has room for what that moves. Units without a district join the
    neighbour with the longest common border, ring by ring. A region's number changes only where it does not fit the band (less
    `inside` of its half-width), or where `otherwise` names another number for it.
    """
    work = _Work(problem, stay, inside, otherwise or {})
    work.join_pieces()
    work.resize()
    return work.numbered()


class _Work:
    """Labels in the earlier numbers while they are mended; new districts get numbers above all earlier ones."""

    def __init__(self, problem: DistrictingProblem, stay: Stay, inside: float, otherwise: Mapping[int, int]) -> None:
        self.problem, self.inside, self.otherwise = problem, inside, otherwise
        self.regions = len(problem.districts)
        self.load = problem.weight.max(axis=1)
        self.mass, self.most = stay.mass, float(stay.most)
        names, index = np.unique(stay.home, return_inverse=True)
        self.names = names[names >= 0]
        label = index.astype(np.int64).ravel() - (len(names) - len(self.names))
        label[stay.home < 0] = -1
        self.label = _in_one_region(label, problem, self.mass, len(self.names))
        abroad = (label >= 0) & (self.label < 0)
        self.most = max(self.most - float(self.mass[abroad].sum()), 0.0)
        self.next = len(self.names)
        self.given = self.label.copy()
        self.had = np.zeros(self.regions, np.int64)
        self.resized = np.zeros(self.regions, bool)

    def _room(self) -> float:
        """Return the mass that may still move."""
        away = (self.given >= 0) & (self.label != self.given)
        return self.most - float(self.mass[away].sum())

    def join_pieces(self) -> None:
        """Give away the lighter pieces of broken districts as far as the limit goes, and everything that has no district."""
        pairs = self.problem.adjacency
        ok = pairs.crossable & (self.label[pairs.low] == self.label[pairs.high]) & (self.label[pairs.low] >= 0)
        piece = components(len(self.label), pairs.low[ok], pairs.high[ok])
        count = int(piece.max(initial=-1)) + 1
        of = np.full(count, -1, np.int64)
        of[piece] = self.label
        load, mass = group_sums(piece, self.load + 1e-12 * self.problem.area, count), group_sums(piece, self.mass, count)
        order = np.lexsort((load, of))
        main = np.zeros(count, bool)
        main[order[np.append(of[order][1:] != of[order][:-1], True)]] = True
        stray = np.flatnonzero(~main & (of >= 0))
        stray = stray[np.argsort(mass[stray], kind="stable")]
        fixed = np.zeros(count, bool) if self.problem.fixed is None else np.bincount(piece, self.problem.fixed, minlength=count) > 0
        stray = stray[~fixed[stray]]
        stray = stray[np.cumsum(mass[stray]) <= self.most]
        lost = np.zeros(count, bool)
        lost[stray] = True
        self.label[lost[piece]] = -1
        self._absorb()

    def _absorb(self) -> None:
        """Give units without a district to the neighbouring one with the longest common border, ring by ring; what none reaches stays."""
        pairs = self.problem.adjacency
        ok = pairs.crossable
        low, high, cost = pairs.low[ok], pairs.high[ok], pairs.length[ok] + 1e-9
        count = self.next + 1
        while True:
            lost_low, lost_high = self.label[low] < 0, self.label[high] < 0
            one = lost_low != lost_high
            if not one.any():
                return
            unit = np.where(lost_low, low, high)[one].astype(np.int64)
            giver = np.where(lost_low, self.label[high], self.label[low])[one]
            key, index = np.unique(unit * count + giver, return_inverse=True)
            shared = group_sums(index, cost[one], len(key))
            order = np.lexsort((shared, key // count))
            self.label[(key // count)[order]] = (key % count)[order]  # the longest is written last

    def resize(self) -> None:
        """Bring each region to a number of districts that fits, the cheapest changes first, as far as the limit has room."""
        problem = self.problem
        totals = np.stack([group_sums(problem.region, column, self.regions) for column in problem.weight.T]).max(axis=0)
        units = np.bincount(problem.region, minlength=self.regions)
        bare = np.bincount(problem.region[self.label >= 0], minlength=self.regions) == 0
        if bare.any():
            self._divide_bare(bare)
            self.resized |= bare
        wishes = []
        for region in np.flatnonzero(~bare).tolist():
            mine = np.flatnonzero(problem.region == region)
            self.had[region] = has = len(np.unique(self.label[mine]))
            wants = self.otherwise.get(region) or self._wanted(float(totals[region]), has, int(problem.districts[region]))
            wants = min(wants, int(units[region]))
            if wants != has:
                cost = self._price(mine, wants - has)
                wishes.append((cost, region, wants - has))
        for cost, region, change in sorted(wishes):
            if cost <= self._room():
                mine = np.flatnonzero(problem.region == region)
                before = self.label[mine]
                for _step in range(abs(change)):
                    if change > 0:
                        self._split(mine)
                    else:
                        self._dissolve(mine)
                self.resized[region] = self._room() >= 0
                if not self.resized[region]:  # the price was a guess, and halves are not alike
                    self.label[mine] = before

    def _wanted(self, total: float, has: int, otherwise: int) -> int:
        """Return the number of districts nearest to `has` that fits the band with some room, `otherwise` where none does."""
        low, high = self.problem.band
        for free in (self.inside * (high - low) / 2, 0.0):
            first = max(int(np.ceil(total / (high - free) - 1e-9)), 1)
            last = int(np.floor(total / (low + free) + 1e-9)) if low + free > 0 else max(first, has)
            if first <= last:
                return int(np.clip(has, first, last))
        return has if abs(has - total) <= 1 else otherwise

    def _price(self, mine: Ints, change: int) -> float:
        """Return about how much mass a change of the number of districts moves at least."""
        number, index = np.unique(self.label[mine], return_inverse=True)
        mass = np.sort(group_sums(index.ravel(), self.mass[mine], len(number)))
        if change < 0:
            return float(mass[:-change].sum())
        load = float(self.load[mine].sum())
        return float(change * min(self.problem.band[0], load / (len(number) + change)) * mass.sum() / max(load, 1e-12))

    def _split(self, mine: Ints) -> None:
        """Give a half of the region's heaviest district that can be divided to a new one: the lighter half, both in one piece."""
        number, index, units = np.unique(self.label[mine], return_inverse=True, return_counts=True)
        load = group_sums(index.ravel(), self.load[mine], len(number))
        load[units < 2] = -1.0
        rows = mine[self.label[mine] == number[int(np.argmax(load))]]
        if len(rows) < 2:
            return
        spread = self.problem.xy[rows] - self.problem.xy[rows].mean(axis=0)
        axis = np.linalg.eigh(spread.T @ spread)[1][:, -1]
        order = np.argsort(spread @ axis, kind="stable")
        run = np.cumsum(self.load[rows[order]] + 1e-12)
        first = np.zeros(len(rows), bool)
        first[order[: int(np.clip(np.searchsorted(run, run[-1] / 2), 1, len(rows) - 1))]] = True
        first = self._main_piece(rows, first)
        first = ~self._main_piece(rows, ~first)
        if self.problem.fixed is not None and self.problem.fixed[rows].any():
            still = self.problem.fixed[rows]
            if (still & first).any() and (still & ~first).any():
                return
            new = ~first if (still & first).any() else first
        else:
            new = first if self.mass[rows[first]].sum() <= self.mass[rows[~first]].sum() else ~first
        self.label[rows[new]] = self.next
        self.next += 1

    def _main_piece(self, rows: Ints, part: Bools) -> Bools:
        """Return the heaviest connected piece of a part of some units."""
        place = np.full(len(self.label), -1, np.int64)
        place[rows[part]] = np.arange(int(part.sum()))
        pairs = self.problem.adjacency
        inner = pairs.crossable & (place[pairs.low] >= 0) & (place[pairs.high] >= 0)
        piece = components(int(part.sum()), place[pairs.low[inner]], place[pairs.high[inner]])
        heaviest = int(np.argmax(group_sums(piece, self.load[rows[part]] + 1e-12)))
        kept = part.copy()
        kept[np.flatnonzero(part)[piece != heaviest]] = False
        return kept

    def _dissolve(self, mine: Ints) -> None:
        """Give the region's lightest district to its neighbours."""
        number, index = np.unique(self.label[mine], return_inverse=True)
        mass = group_sums(index.ravel(), self.mass[mine], len(number))
        if self.problem.fixed is not None:
            mass[np.bincount(index.ravel(), self.problem.fixed[mine], minlength=len(number)) > 0] = np.inf
        gone = number[int(np.argmin(mass))]
        if len(number) < 2 or not np.isfinite(mass.min()):
            return
        self.label[mine[self.label[mine] == gone]] = -1
        self._absorb()

    def _divide_bare(self, bare: Bools) -> None:
        """Divide the regions where nothing was before as if for the first time."""
        fresh = make_contiguous(self.problem, dichotomy(self.problem))
        mine = bare[self.problem.region]
        number = np.unique(fresh[mine], return_inverse=True)[1].ravel()
        self.label[mine] = self.next + number
        self.next += int(number.max(initial=-1)) + 1

    def _certain(self) -> Floats:
        """Return the mass of each region that cannot stay: what is beyond the band on either side, with what is new or no more."""
        low, high = self.problem.band
        known, regions = self.given >= 0, self.regions
        columns = self.problem.weight.T
        load = np.stack([group_sums(self.given[known], column[known], self.next) for column in columns]).max(axis=0)
        free = group_sums(self.problem.region[~known], self.load[~known], regions)
        region = np.zeros(self.next, np.int64)
        region[self.given[known]] = self.problem.region[known]
        region[self.label] = self.problem.region
        lives = np.bincount(self.label, minlength=self.next) > 0
        out = np.where(lives, np.maximum(load - high, 0.0), load)
        into = np.where(lives, np.maximum(low - load, 0.0), 0.0)
        each = np.maximum(group_sums(region, out, regions), group_sums(region, into, regions) - free)
        return each * mass_by_load(self.problem, self.mass)

    def numbered(self) -> Inherited:
        """Return the start in new numbers, region by region and in the order of the earlier numbers."""
        number, index = np.unique(self.label, return_inverse=True)
        index = index.ravel()
        region = np.zeros(len(number), np.int64)
        region[index] = self.problem.region
        order = np.lexsort((number, region))
        rank = np.empty(len(order), np.int64)
        rank[order] = np.arange(len(order))
        labels = rank[index].astype(np.int32)
        former = np.full(len(number), -1, np.int64)
        old = number[order]
        former[old < len(self.names)] = self.names[old[old < len(self.names)]]
        place = np.full(self.next + 1, -1, np.int64)
        place[old] = np.arange(len(old))
        home = np.where(self.given >= 0, place[self.given], -1).astype(np.int32)
        districts = np.bincount(region, minlength=self.regions).astype(np.int32)
        gone = (self.given >= 0) & (home < 0)
        return Inherited(labels, districts, former, home, self.most - float(self.mass[gone].sum()), self._certain(), self.had, self.resized)


def mass_by_load(problem: DistrictingProblem, mass: Floats) -> Floats:
    """Return the least mass that a unit of load of each region has, (r,); 0 where nothing weighs."""
    load = problem.weight.max(axis=1)
    heavy = load > 1e-12
    ratio = np.full(len(problem.districts), np.inf)
    np.minimum.at(ratio, problem.region[heavy], mass[heavy] / load[heavy])
    return np.where(np.isfinite(ratio), ratio, 0.0)


def _in_one_region(label: Ints, problem: DistrictingProblem, mass: Floats, count: int) -> NDArray[np.int64]:
    """Return labels that are in one region each: the one that holds most of a district's mass, then of its area."""
    known = label >= 0
    key, index = np.unique(label[known] * len(problem.districts) + problem.region[known], return_inverse=True)
    held = group_sums(index.ravel(), mass[known] + 1e-9 * problem.area[known], len(key))
    order = np.lexsort((held, key // len(problem.districts)))
    region = np.full(count + 1, -1, np.int64)  # the last place is that of units without a district
    region[(key // len(problem.districts))[order]] = (key % len(problem.districts))[order]  # the largest is written last
    return np.where(known & (region[label] == problem.region), label, -1)
