"""Districting anew with little disturbance: from the districts that were, only what is out of the band and around it moves."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from algorithms.districting.anneal import anneal
from algorithms.districting.exchange import district_pairs, least_exchange
from algorithms.districting.inherit import Inherited, inherit, mass_by_load
from algorithms.districting.problem import DistrictingParams, DistrictingProblem, Floats, Ints, Stay
from algorithms.districting.regions import share_of
from algorithms.progress import SILENT, Progress, Span
from algorithms.sums import group_sums

Bools = NDArray[np.bool_]
OUT = 0.1  # what a district out of the band counts beside the load that it is out by
CHEAPEST_AT = 8  # the pass from which on a move costs least


@dataclass(frozen=True)
class ReplanParams:
    """How hard to search, and what a move is worth.

    Each of `passes` anneals the districts that are out of the band, those that must take from them or give to them, and their
    neighbours, for `rounds` rounds; the price of a unit's mass away from home falls from `dearest` to `cheapest` (per unit of
    load), so that what a dear pass could not mend a cheaper one can. `inside` of the band's half-width is kept free by what the
    exchange aims at. Then up to `tries` searches from the start follow in the regions that moved more than is certain to move,
    until two in a row bring nothing, and as long as their units come to no more than `again` in all. Prices of border, balance
    and hinge are as in DistrictingParams.
    """

    passes: int = 12
    tries: int = 10
    again: int = 2_000
    rounds: int = 40
    dearest: float = 400.0
    cheapest: float = 20.0
    inside: float = 0.03
    border: float = 4.0
    balance: float = 0.05
    hinge: float = 30.0
    hot: float = 2.0
    cold: float = 0.03

    def __post_init__(self) -> None:
        if (
            min(self.passes, self.tries, self.again) < 0
            or self.rounds < 1
            or not 0 < self.cheapest <= self.dearest
            or not 0 <= self.inside < 1
        ):
            raise ValueError("passes, tries and again 0 or more, rounds 1 or more, 0 < cheapest <= dearest, 0 <= inside < 1")


@dataclass(frozen=True, eq=False)
class Replanned:
    """A districting made from an earlier one.

    Attributes
    ----------
    labels
        (u,) district per unit, 0 …, numbered region by region.
    districts
        (r,) how many districts each region has now.
    former
        (d,) the earlier district that each one continues, -1 for a new one.
    moved
        The mass of the units that are in another district than before.
    certain
        Mass that must move whatever is done, for every district to come into the band with these numbers of districts.
    exchange
        The same where units only go to districts that bordered their own: the least-cost flow, never below `certain`.
    """

    labels: Ints
    districts: Ints
    former: Ints
    moved: float
    certain: float
    exchange: float


def replan_districting(problem: DistrictingProblem, params: ReplanParams, seed: int = 0, progress: Progress = SILENT) -> Replanned:
    """Return a districting in the band that moves little mass away from home, and never more than `problem.stay.most`.

    `problem.stay.home` names the earlier district of each unit by any numbers; those below 0 had none and are free.
    `problem.districts` is the number of districts where nothing was before or where no number fits; elsewhere a region keeps its
    number as long as that fits the band, and changes to the nearest that does as long as the limit has room for it: the heaviest
    district is split, the lightest dissolved (Schloegel, Karypis and Kumar 1997 call it repartitioning by diffusion; what flows
    where is a least-cost flow between neighbours here). Where the limit is too low for all, districts stay out of the band.
    The same seed gives the same districting. Raises ValueError where the problem has no `stay`.
    """
    if problem.stay is None:
        raise ValueError("a plan made anew needs the plan that was before: problem.stay")
    rng = np.random.default_rng(seed)
    start = inherit(problem, problem.stay, params.inside)
    search = _Search(problem, start, params, start.labels)
    search.run(rng, Span(progress, 0.0, 0.7))
    search = _with_other_numbers(problem, search, rng, Span(progress, 0.7, 0.8))
    search.try_again(rng, progress)
    start = search.start
    was, mass = problem.stay.home, problem.stay.mass
    moved = float(mass[(was >= 0) & (start.former[search.best] != was)].sum())
    progress.report(1.0)
    certain = float(start.certain.sum())
    return Replanned(search.best, start.districts, start.former, moved, certain, max(certain, _exchange(search.problem, start)))


def _with_other_numbers(problem: DistrictingProblem, found: _Search, rng: np.random.Generator, progress: Progress) -> _Search:
    """Return the search with another number of districts in the regions that stayed out of the band, where that brings them nearer to it.

    A region whose number changed in vain gets its old one back; another gets one district more or fewer where that fits.
    """
    assert problem.stay is not None
    otherwise = _other_numbers(problem.band, found)
    if not otherwise or progress.should_finish():
        return found
    start = inherit(problem, problem.stay, found.params.inside, otherwise)
    same = ~np.isin(np.arange(len(start.districts)), list(otherwise))
    again = _Search(problem, start, found.params, _joined_labels(problem, found, start, same))
    if again.away.sum() > start.most:
        return found
    again.run(rng, progress)
    better = again.beyond < found.beyond - 1e-9
    if not better.any() or better[list(otherwise)].all():
        return again if better.any() else found
    start = inherit(problem, problem.stay, found.params.inside, {r: n for r, n in otherwise.items() if better[r]})
    if not np.array_equal(start.districts, np.where(better, again.start.districts, found.start.districts)):
        return again if again.beyond.sum() < found.beyond.sum() else found  # the limit had no room for the same changes
    labels = np.where(better[problem.region], _joined_labels(problem, again, start, better), _joined_labels(problem, found, start, ~better))
    mixed = _Search(problem, start, found.params, labels.astype(np.int32))
    return mixed if mixed.away.sum() <= start.most else found


def _other_numbers(band: tuple[float, float], found: _Search) -> dict[int, int]:
    """Return the number of districts to try in each region that stayed out of the band."""
    low, high = band
    load = found.load(found.best)
    total = group_sums(found.region, load, len(found.beyond))
    numbers = {}
    for region in np.flatnonzero(found.beyond > 1e-9).tolist():
        mine = load[found.region == region]
        number = len(mine) + (1 if mine.max() - high > low - mine.min() else -1)
        if found.start.resized[region] and found.start.had[region] > 0:
            numbers[region] = int(found.start.had[region])
        elif number > 0 and low <= total[region] / number <= high:
            numbers[region] = number
    return numbers


def _joined_labels(problem: DistrictingProblem, search: _Search, start: Inherited, regions: Bools) -> Ints:
    """Return the best labels of a search in the numbers of another start for some regions, and that start's own elsewhere."""
    before, after = (np.concatenate(([0], np.cumsum(s.districts)))[problem.region] for s in (search.start, start))
    return np.where(regions[problem.region], search.best - before + after, start.labels).astype(np.int32)


def _exchange(problem: DistrictingProblem, start: Inherited) -> float:
    """Return the mass that must move where units only go to neighbouring districts: the flow, or what is certain where it says nothing."""
    assert problem.stay is not None
    regions = len(start.districts)
    whole = ~start.resized & (np.bincount(problem.region[start.home < 0], minlength=regions) == 0)
    rows = whole[problem.region]
    count = int(start.districts.sum())
    load = np.stack([group_sums(start.home[rows], column[rows], count) for column in problem.weight.T]).max(axis=0)
    pairs = problem.adjacency
    inner = rows[pairs.low] & rows[pairs.high]
    one, other = district_pairs(replace(pairs, low=pairs.low[inner], high=pairs.high[inner], crossable=pairs.crossable[inner]), start.home)
    there = np.bincount(start.home[rows], minlength=count) > 0
    low, high = problem.band
    moved = least_exchange(np.where(there, load, low), one, other, low, high).moved
    region = np.repeat(np.arange(regions), start.districts)
    mass = group_sums(region, moved, regions) * mass_by_load(problem, problem.stay.mass)
    return float(np.where(whole, np.maximum(mass, start.certain), start.certain).sum())


class _Search:
    """The best labels so far and what the passes share."""

    def __init__(self, problem: DistrictingProblem, start: Inherited, params: ReplanParams, labels: Ints) -> None:
        assert problem.stay is not None
        self.params, self.start, self.band = params, start, problem.band
        self.mass = problem.stay.mass
        self.problem = replace(problem, districts=start.districts, stay=Stay(start.home, self.mass, start.most))
        self.half = max((problem.band[1] - problem.band[0]) / 2, 1e-9)
        self.price = max(float(problem.weight.max(axis=1).sum()), 1e-12) / max(float(self.mass.sum()), 1e-12)  # load by mass
        self.region = np.repeat(np.arange(len(start.districts)), start.districts)
        self.best = labels
        self.beyond, self.away = self._rank(labels)

    def run(self, rng: np.random.Generator, progress: Progress) -> None:
        """Pass after pass until every district is in the band or the passes are used up, then bring home what may go home."""
        p = self.params
        for k in range(p.passes):
            progress.check()
            if progress.should_finish() or not (self.beyond > 1e-9).any():
                break
            wanted, active = self._wanted(k)
            price = p.dearest * (p.cheapest / p.dearest) ** min(k / CHEAPEST_AT, 1.0)
            params = DistrictingParams(
                balance=p.balance, hinge=p.hinge, margin=p.inside / 2, spread=np.inf, stay=price * self.price, border=p.border,
                rounds=p.rounds, replicas=1, hot=p.hot * (1 + k / 2), cold=p.cold,
            )  # fmt: skip
            self._anneal(active, wanted, params, rng, Span(progress, k / (p.passes + 1), (k + 1) / (p.passes + 1)))
        self._go_home(rng, progress)

    def try_again(self, rng: np.random.Generator, progress: Progress) -> None:
        """Search again from the start where more moves than must, and keep what became better: small regions several times."""
        done = idle = 0
        for k in range(self.params.tries):
            regions = (self.beyond > 1e-9) | (self.away > 1.02 * self.start.certain + 1e-9)
            units = int(regions[self.problem.region].sum())
            done += units
            if not units or idle > 1 or done > self.params.again or progress.should_finish():
                return
            progress.check()
            progress.report(0.8 + 0.2 * k / self.params.tries)
            labels = np.where(regions[self.problem.region], self.start.labels, self.best)
            other = _Search(self.problem, self.start, self.params, labels)
            other.run(rng, SILENT)
            was = (self.beyond.sum(), self.away.sum())
            self._keep(other.best)
            idle = idle + 1 if (self.beyond.sum(), self.away.sum()) == was else 0

    def _rank(self, labels: Ints) -> tuple[Floats, Floats]:
        """Return of each region how far it is beyond the band, which comes first, and the mass away from home."""
        load, (low, high) = self.load(labels), self.band
        regions = len(self.start.districts)
        over = np.maximum(np.maximum(low - load, load - high), 0.0)
        beyond = group_sums(self.region, over + OUT * (over > 1e-9), regions)
        away = (self.start.home >= 0) & (labels != self.start.home)
        return np.round(beyond, 9), group_sums(self.problem.region[away], self.mass[away], regions)

    def load(self, labels: Ints) -> Floats:
        """Return the load of each district."""
        count = int(self.start.districts.sum())
        return np.asarray(np.stack([group_sums(labels, column, count) for column in self.problem.weight.T]).max(axis=0))

    def _keep(self, labels: Ints) -> None:
        """Take over the regions that became better, those that bring mass home first, as far as the limit has room."""
        beyond, away = self._rank(labels)
        further = away - self.away
        better = (beyond < self.beyond) | ((beyond == self.beyond) & (further < 0))
        assert self.problem.stay is not None
        order = np.flatnonzero(better)[np.argsort(further[better], kind="stable")]
        total = float(self.away.sum()) + np.cumsum(further[order])
        order = order[np.logical_and.accumulate((total <= self.problem.stay.most) | (further[order] <= 0))]
        taken = np.zeros(len(beyond), bool)
        taken[order] = True
        self.best = np.where(taken[self.problem.region], labels, self.best)
        self.beyond, self.away = np.where(taken, beyond, self.beyond), np.where(taken, away, self.away)

    def _wanted(self, number: int) -> tuple[Floats, Bools]:
        """Return the load that each district should come to, and which districts take part in pass `number`."""
        load, (low, high) = self.load(self.best), self.band
        one, other = district_pairs(self.problem.adjacency, self.best)
        free = self.params.inside * self.half
        wanted = least_exchange(load, one, other, low + free, high - free).load
        part = self._with_their_regions((load < low - 1e-9) | (load > high + 1e-9), np.abs(wanted - load) > 1e-6)
        for _ring in range(1 + number):
            part = _with_neighbours(part, one, other)
        return wanted, part

    def _with_their_regions(self, out: Bools, moves: Bools) -> Bools:
        """Return what is out, and what moves in a region where something is out; a flow elsewhere only tidies."""
        troubled = np.bincount(self.region[out], minlength=len(self.start.districts)) > 0
        return out | (moves & troubled[self.region])

    def _go_home(self, rng: np.random.Generator, progress: Progress) -> None:
        """Bring home what the band does not need away: nothing but the band and the way home counts."""
        away = (self.start.home >= 0) & (self.best != self.start.home)
        if not away.any():
            return
        active = np.zeros(int(self.start.districts.sum()), bool)
        active[self.best[away]] = True
        active[self.start.home[away]] = True
        params = DistrictingParams(
            balance=0.0, hinge=300.0, margin=0.0, spread=np.inf, stay=self.params.dearest * self.price, border=1.0,
            rounds=40, replicas=1, hot=0.02, cold=0.01,
        )  # fmt: skip
        self._anneal(active, self.load(self.best), params, rng, progress)

    def _anneal(self, active: Bools, wanted: Floats, params: DistrictingParams, rng: np.random.Generator, progress: Progress) -> None:
        """Anneal the units of active districts towards the wanted loads, and keep what became better."""
        part = share_of(self.problem, np.unique(self.region[active]))
        labels = part.labels(self.best)
        still = ~active[self.best[part.units]]
        stay = part.problem.stay
        assert stay is not None
        elsewhere = float(self.away.sum()) - float(self.mass[part.units][(stay.home >= 0) & (stay.home != labels)].sum())
        problem = replace(
            part.problem,
            fixed=still if part.problem.fixed is None else still | part.problem.fixed,
            stay=replace(stay, most=stay.most - elsewhere),
        )
        self._keep(part.put(self.best, anneal(problem, labels, params, rng, progress, target=wanted[part.districts])))


def _with_neighbours(part: Bools, one: Ints, other: Ints) -> Bools:
    """Return some districts and those beside them."""
    more = part.copy()
    more[one[part[other]]] = True
    more[other[part[one]]] = True
    return more
