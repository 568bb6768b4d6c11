"""From a zoning problem to its plans between even work and fast response: sites, even districts around them, and both made better."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from algorithms.progress import SILENT, Progress, Span
from algorithms.zoning.connected import Around, around, mended
from algorithms.zoning.exchange import Exchange
from algorithms.zoning.prices import priced
from algorithms.zoning.problem import Floats, Ints, Zoning, ZoningFigures, ZoningProblem, figures
from algorithms.zoning.sites import LONG, Slack, Stand, band_of, best_stands, recentred, settled

TURNS = 6  # times that sites are moved at most
MOST_SHAKES = 30  # of one plan, however few units there are
BOUND = 400  # rounds of prices for a bound


@dataclass(frozen=True)
class ZoningParams:
    """How long to search, in counts, and what borders are worth.

    `starts` sets of sites are drawn, the best get `kicks`, and `keep` of them are carried through; `rounds` of exchange, `shakes` ÷ units
    times shaken and exchanged again. `border` is what a plan's borders are worth beside its response: a plan without any would be worth
    so much of it.
    """

    starts: int = 24
    kicks: int = 40
    keep: int = 3
    rounds: int = 400
    shakes: int = 8_000
    border: float = 0.3


@dataclass(frozen=True, eq=False)
class Plan:
    """A zoning with its figures, the slack it was searched with, and a `bound` of the cost of any plan within that slack.

    `worth` is the cost with the borders' share, what is compared. The bound holds for plans from the same sites, and for those from any
    sites where `everywhere`.
    """

    zoning: Zoning
    figures: ZoningFigures
    slack: Slack
    bound: float
    worth: float
    everywhere: bool = False


def solve_zoning(
    problem: ZoningProblem, slack: Slack, params: ZoningParams, seed: int = 0, progress: Progress = SILENT, starts: tuple[Ints, ...] = ()
) -> Plan:
    """Return the fastest zoning found whose loads lie within `slack` of their means, or as near to that as was found.

    `starts`: sets of sites to begin with beside those drawn. Same seed, same plan.
    """
    rng = np.random.default_rng([seed, 77])
    stands = best_stands(problem, slack, params.starts, params.kicks, params.keep, rng, Span(progress, 0.0, 0.6))
    stands += [settled(problem, sites, slack, 6) for sites in starts]
    near = around(problem)
    metre = metre_of(problem, near, stands[0], slack, params)
    plans = [finished(problem, near, each, slack, metre, params, Span(progress, 0.6, 1.0)) for each in stands]
    return min(plans, key=lambda plan: rank(plan, slack))


def rank(plan: Plan, slack: Slack) -> tuple[float, float]:
    """Return what plans are compared by: how far beyond the band they are, then what they are worth."""
    beyond = max(plan.figures.spread - 1 - slack.above, 1 - slack.below - plan.figures.least, 0.0)
    return (beyond if beyond > 1e-9 else 0.0, plan.worth)


def bounded(problem: ZoningProblem, plan: Plan) -> Plan:
    """Return the plan with the bound that prices prove for its sites; one that lies outside its slack has none."""
    if plan.everywhere or rank(plan, plan.slack)[0] > 0:
        return plan
    sites = plan.zoning.sites
    found = priced(problem.cost(sites), problem.load, band_of(problem, sites, plan.slack), np.zeros(len(sites)), BOUND)
    return replace(plan, bound=min(found.bound, plan.figures.cost))


def metre_of(problem: ZoningProblem, near: Around, base: Stand, slack: Slack, params: ZoningParams) -> float:
    """Return what a metre of border costs, so that the borders around some sites' cells together cost `params.border` of their response."""
    cost, labels = _cells(problem, near, base.sites, slack, base.price, LONG)
    cut = float(problem.length[labels[problem.low] != labels[problem.high]].sum())
    return params.border * float(cost[labels, np.arange(len(labels))].sum()) / max(cut, 1e-9)


def _cells(problem: ZoningProblem, near: Around, sites: Ints, slack: Slack, price: Floats, rounds: int) -> tuple[Floats, Ints]:
    """Return the cost (k, n) of units in the districts of some sites, and the labels (n,) of even cells in one piece each."""
    cost = problem.cost(sites)
    found = priced(cost, problem.load, band_of(problem, sites, slack), price, rounds)
    return cost, mended(problem, near, cost + found.price[:, None] * problem.load, found.labels, sites)


def finished(
    problem: ZoningProblem, near: Around, base: Stand, slack: Slack, metre: float, params: ZoningParams, progress: Progress = SILENT
) -> Plan:
    """Return the plan of a set of sites: even cells, in one piece each, made better as `improved` does."""
    _cost, labels = _cells(problem, near, base.sites, slack, base.price, 3 * LONG)
    return improved(problem, near, Zoning(labels, base.sites), slack, metre, params, progress)


def improved(
    problem: ZoningProblem, near: Around, zoning: Zoning, slack: Slack, metre: float, params: ZoningParams, progress: Progress = SILENT
) -> Plan:
    """Return a zoning after exchanges, its sites moved to the middle and exchanges again, until that pays no more.

    Every district of `zoning` hangs together; so do those of the plan.
    """
    labels, sites = zoning.labels, zoning.sites
    best: Plan | None = None
    for turn in range(TURNS):
        progress.check()
        search = Exchange(problem, near, problem.cost(sites), labels, sites, band_of(problem, sites, slack), metre)
        search.run(params.rounds, progress)
        if turn == 0:
            shakes = min(params.shakes // len(labels), MOST_SHAKES)
            search.shaken(shakes, params.rounds, np.random.default_rng([len(labels), 79]), progress)
        labels = search.labels.astype(np.int32)
        zoning = Zoning(labels, sites)
        found = figures(problem, zoning)
        plan = Plan(zoning, found, slack, -np.inf, found.cost + metre * found.border)
        if best is None or rank(plan, slack) < rank(best, slack):
            best = plan
        moved = recentred(problem, labels, sites)
        if np.array_equal(moved, sites) or progress.should_finish():
            break
        sites = moved
    assert best is not None
    return best
