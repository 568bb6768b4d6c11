"""Where districts are served from: many starts, each moved into the middle of its districts until that pays no more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.progress import SILENT, Progress
from algorithms.zoning.prices import priced
from algorithms.zoning.problem import Floats, Ints, ZoningProblem

SHORT, LONG = 12, 60  # rounds of prices while sites move, and when they stand
NEAR = 40  # sites nearest to one that it may move to at a time


@dataclass(frozen=True)
class Slack:
    """How far a district's load may lie `above` and `below` its region's mean, as shares of it; inf above: as far as it likes."""

    above: float
    below: float


@dataclass(frozen=True, eq=False)
class Stand:
    """A set of sites (k,) with the prices (k,) that even their loads, and what the districts cost, loads beyond the band dear."""

    sites: Ints
    price: Floats
    worth: float


def some_sites(problem: ZoningProblem, rng: np.random.Generator) -> Ints:
    """Return sites (k,) drawn far from each other: the next where much demand is far from those drawn (Arthur and Vassilvitskii 2007)."""
    chosen = np.flatnonzero(problem.must).tolist()
    region_of = problem.region[problem.home]
    pull = problem.pull[problem.home]
    for region, wanted in enumerate(problem.districts.tolist()):
        mine = [site for site in chosen if region_of[site] == region]
        free = np.flatnonzero((region_of == region) & ~problem.must)
        away = np.full(len(free), np.inf)
        for site in mine:
            away = np.minimum(away, problem.minutes[site, problem.home[free]])
        while len(mine) < wanted:
            weight = pull[free] * (np.ones(len(free)) if not mine else away)
            weight[np.isin(free, mine)] = 0.0
            if not weight.sum() > 0:
                weight = (~np.isin(free, mine)).astype(np.float64)
            site = int(rng.choice(free, p=weight / weight.sum()))
            mine.append(site)
            chosen.append(site)
            away = np.minimum(away, problem.minutes[site, problem.home[free]])
    return np.array(sorted(chosen), np.int64)


def band_of(problem: ZoningProblem, sites: Ints, slack: Slack) -> tuple[Floats, Floats]:
    """Return the least and most load (k,) of the districts, in targets of their regions.

    A unit heavier than that has a district all the same: its own.
    """
    heaviest = np.zeros(len(problem.districts))
    np.maximum.at(heaviest, problem.region, problem.load)
    high = np.maximum(1.0 + slack.above, heaviest[problem.region[problem.home[sites]]])
    most = problem.districts[problem.region[problem.home[sites]]].astype(np.float64)  # all the work there is
    return np.full(len(sites), max(1.0 - slack.below, 0.0)), np.minimum(high, most)


def stand(problem: ZoningProblem, sites: Ints, slack: Slack, price: Floats, rounds: int) -> tuple[Stand, Ints]:
    """Return the sites with prices that even their districts, and the labels (n,) at these."""
    cost, band = problem.cost(sites), band_of(problem, sites, slack)
    found = priced(cost, problem.load, band, price, rounds)
    held = np.bincount(found.labels, problem.load, minlength=len(sites))
    off = float((np.maximum(held - band[1], 0.0) + np.maximum(band[0] - held, 0.0)).sum())
    value = float(cost[found.labels, np.arange(len(found.labels))].sum())
    return Stand(sites, found.price, value * (1.0 + 2.0 * off)), found.labels


def recentred(problem: ZoningProblem, labels: Ints, sites: Ints, most: int = 0) -> Ints:
    """Return the sites after each that is not fixed has moved to the one in its district that reaches it soonest.

    Only the `most` sites nearest to it are looked at (0: all).
    """
    label_of_site = labels[problem.home]
    moved = sites.copy()
    for district in np.flatnonzero(~problem.must[sites]).tolist():
        inside = np.flatnonzero((label_of_site == district) & ~problem.must)
        mine = np.flatnonzero(labels == district)
        if not len(inside):
            continue
        if 0 < most < len(inside):
            inside = inside[np.argpartition(problem.minutes[sites[district], problem.home[inside]], most)[:most]]
        cost = problem.late(problem.minutes[np.ix_(inside, mine)].astype(np.float64)) @ problem.pull[mine]
        best = int(inside[np.argmin(cost)])
        at = np.flatnonzero(inside == sites[district])
        if not len(at) or cost.min() < cost[at[0]] * (1 - 1e-12):
            moved[district] = best
    return moved


def settled(problem: ZoningProblem, sites: Ints, slack: Slack, turns: int, price: Floats | None = None, rounds: int = SHORT) -> Stand:
    """Return the sites after turns of evening districts and moving sites into their middle, the best of the way (Cooper 1963)."""
    best: Stand | None = None
    price = np.zeros(len(sites)) if price is None else price
    for turn in range(turns):
        now, labels = stand(problem, sites, slack, price, LONG if turn == 0 else rounds)
        if best is None or now.worth < best.worth * (1 - 1e-9):
            best = now
        moved = recentred(problem, labels, sites, NEAR)
        if np.array_equal(moved, sites):
            break
        sites, price = moved, now.price
    assert best is not None
    return best


def best_stands(
    problem: ZoningProblem, slack: Slack, starts: int, kicks: int, keep: int, rng: np.random.Generator, progress: Progress = SILENT
) -> list[Stand]:
    """Return the best sets of sites of many starts, the best first, each once; the best ones are kicked and settle again.

    A kick closes one site at random and opens another that takes over part of a district that costs much.
    """
    pool: dict[bytes, Stand] = {}
    fixed = bool(problem.must.sum() == problem.districts.sum())
    for turn in range(1 if fixed else starts):
        progress.check()
        progress.report(0.6 * turn / starts)
        if turn and progress.should_finish():
            break
        _keep(pool, settled(problem, some_sites(problem, rng), slack, 12))
    for turn in range(0 if fixed else kicks):
        progress.check()
        progress.report(0.6 + 0.4 * turn / kicks)
        if progress.should_finish():
            break
        ranked = sorted(pool.values(), key=lambda each: each.worth)[: max(keep, 3)]
        base = ranked[min(int(rng.exponential(1.0)), len(ranked) - 1)]
        _keep(pool, settled(problem, _kicked(problem, base, rng), slack, 6))
    return sorted(pool.values(), key=lambda each: each.worth)[:keep]


def _keep(pool: dict[bytes, Stand], found: Stand) -> None:
    key = np.sort(found.sites).tobytes()
    if key not in pool or found.worth < pool[key].worth:
        pool[key] = found


def _kicked(problem: ZoningProblem, base: Stand, rng: np.random.Generator) -> Ints:
    """Return the sites with one of them, not fixed, closed and another opened in the same region."""
    sites = base.sites.copy()
    free = np.flatnonzero(~problem.must[sites])
    gone = int(rng.choice(free))
    region = problem.region[problem.home[sites[gone]]]
    others = np.delete(sites, gone)
    away = problem.minutes[others][:, problem.home].min(axis=0) if len(others) else np.ones(len(problem.home))
    weight = problem.pull[problem.home] * away * (problem.region[problem.home] == region) * ~problem.must
    weight[sites] = 0.0
    if weight.sum() > 0:
        sites[gone] = int(rng.choice(len(weight), p=weight / weight.sum()))
    return sites
