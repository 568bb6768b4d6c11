"""The plans between even work and fast response: the fastest found at each of several slacks, without those that another beats in both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from algorithms.progress import SILENT, Progress, Span
from algorithms.zoning.connected import around
from algorithms.zoning.problem import Floats, Ints, Zoning, ZoningProblem
from algorithms.zoning.sites import LONG, Slack, Stand, best_stands, settled, stand
from algorithms.zoning.solve import Plan, ZoningParams, bounded, finished, improved, metre_of, rank

LOOKED = 3  # sets of sites that are tried at a level
# weight of the response, most work above the mean, and below it: an overloaded crew is worse than an idle one
LEVELS = (
    (0.0, 0.01, 0.02), (0.1, 0.02, 0.04), (0.2, 0.03, 0.06), (0.3, 0.05, 0.10), (0.4, 0.08, 0.16), (0.5, 0.12, 0.24), (0.6, 0.18, 0.36),
    (0.7, 0.26, 0.52), (0.8, 0.38, 0.76), (0.9, 0.6, 1.0), (1.0, np.inf, 1.0),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Choice:
    """A plan of the front and the weight of the response (0 … 1) that it was found with."""

    response: float
    plan: Plan


def slack_at(response: float) -> Slack:
    """Return how uneven work may be where the response has this weight: the LEVELS, and between them in proportion; 1: as it likes.

    >>> slack_at(0.3), slack_at(0.35).above
    (Slack(above=0.05, below=0.1), 0.065)
    """
    if response >= 1:
        return Slack(np.inf, 1.0)
    weight, above, below = (np.array(column[:-1]) for column in zip(*LEVELS, strict=True))
    last = (1.0, 1.0, 1.0)  # short of 1 the work still counts
    weight, above, below = (np.append(column, end) for column, end in zip((weight, above, below), last, strict=True))
    return Slack(round(float(np.interp(response, weight, above)), 6), round(float(np.interp(response, weight, below)), 6))


def solve_front(
    problem: ZoningProblem,
    response: float,
    params: ZoningParams,
    seed: int = 0,
    progress: Progress = SILENT,
    levels: Sequence[float] = (),
    proven: Plan | None = None,
) -> tuple[list[Choice], int]:
    """Return the plans of the front in rising weight of the response, and which of them was searched with `response`.

    The one with `response` is searched for with all of `params`, the others from its sites and from few starts of their own. A plan
    found at one level serves every level that it fits; of two plans the one that is no faster and no more even is left out. `proven` is
    the plan to be at `response`, found before: the others start from it.
    """
    weights = sorted(set(levels or (level[0] for level in LEVELS)))
    at = int(np.argmin([abs(weight - response) for weight in weights]))
    weights[at] = response
    rng = np.random.default_rng([seed, 78])
    near = around(problem)
    mine = slack_at(response)
    stands = best_stands(problem, mine, params.starts, params.kicks, params.keep, np.random.default_rng([seed, 77]), Span(progress, 0, 0.4))
    known = [one.sites for one in stands]
    if weights[-1] != response:
        known += [s.sites for s in best_stands(problem, slack_at(weights[-1]), params.starts // 4, params.kicks // 4, 1, rng)]
    metre = metre_of(problem, near, stands[0], mine, params)
    plans = [finished(problem, near, one, mine, metre, params, Span(progress, 0.4, 0.5)) for one in stands]
    plans += [finished(problem, near, one, mine, metre, params, progress) for one in _fittest(problem, known, mine)[:1]]
    found: dict[int, Plan] = {at: proven or min(plans, key=lambda plan: rank(plan, mine))}
    plans += [proven] if proven else []
    order = [*range(at + 1, len(weights)), *range(at - 1, -1, -1)]  # away from the one asked for, each from its neighbour's plan
    for turn, number in enumerate(order):
        span = Span(progress, 0.5 + 0.5 * turn / len(order), 0.5 + 0.5 * (turn + 1) / len(order))
        progress.check()
        slack, beside = slack_at(weights[number]), found[number - 1 if number > at else number + 1]
        tried = [improved(problem, near, beside.zoning, slack, metre, params, span)]
        if not progress.should_finish():
            tried += [finished(problem, near, one, slack, metre, params, span) for one in _fittest(problem, known, slack)[:1]]
        found[number] = min((*tried, beside, *plans), key=lambda plan: rank(plan, slack))
        plans += tried
        known.append(found[number].zoning.sites)
    best = [min(plans, key=lambda plan: rank(plan, slack_at(weight))) for weight in weights]
    for number in range(1, len(weights)):  # where a more even plan serves this level too, it may use the room that it has here
        slack = slack_at(weights[number])
        if rank(best[number - 1], slack) <= rank(best[number], slack) and not progress.should_finish():
            best[number] = improved(problem, near, best[number - 1].zoning, slack, metre, params, progress)
    best[at] = proven or best[at]
    kept = _unbeaten([(weight, plan) for weight, plan in zip(weights, best, strict=True)], response, problem.most_minutes > 0)
    choices = [Choice(weight, bounded(problem, replace(plan, slack=slack_at(weight)))) for weight, plan in kept]
    chosen = next(row for row, choice in enumerate(choices) if choice.response == response)
    return choices, chosen


def _fittest(problem: ZoningProblem, known: list[Ints], slack: Slack) -> list[Stand]:
    """Return the known sets of sites, settled at this slack, the best first, each once."""
    rough = [stand(problem, sites, slack, np.zeros(len(sites)), LONG // 2)[0] for sites in known]
    stands = [settled(problem, one.sites, slack, 4, one.price) for one in sorted(rough, key=lambda one: one.worth)[:LOOKED]]
    unique = {np.sort(one.sites).tobytes(): one for one in sorted(stands, key=lambda one: -one.worth)}
    return sorted(unique.values(), key=lambda one: one.worth)


def _unbeaten(found: list[tuple[float, Plan]], response: float, late: bool) -> list[tuple[float, Plan]]:
    """Return the plans that none other beats in both spread and response, each once, under the weight of the level asked for first."""

    def slow(plan: Plan) -> float:
        return plan.figures.cost if late else plan.figures.minutes

    kept: list[tuple[float, Plan]] = []
    for weight, plan in sorted(found, key=lambda each: (each[0] != response, each[0])):
        s, t = plan.figures.spread, slow(plan)
        beaten = any(
            other is not plan and other.figures.spread <= s + 1e-9 and slow(other) <= t + 1e-9
            and (other.figures.spread < s - 1e-9 or slow(other) < t - 1e-9)
            for _, other in found
        )  # fmt: skip
        same = any(abs(p.figures.spread - s) <= 1e-9 and abs(slow(p) - t) <= 1e-9 for _, p in kept)
        if weight == response or not (beaten or same):
            kept.append((weight, plan))
    mine = next(plan for weight, plan in kept if weight == response)
    worse = {  # what the asked for plan is beaten by stays, what it beats goes
        id(plan)
        for _, plan in kept
        if plan is not mine and plan.figures.spread >= mine.figures.spread - 1e-9 and slow(plan) >= slow(mine) - 1e-9
    }
    return sorted(((w, plan) for w, plan in kept if id(plan) not in worse), key=lambda each: each[0])


def relabelled(zoning: Zoning, like: Zoning, weight: Floats) -> Zoning:
    """Return a zoning with its districts numbered so that they share as much weight as can be with those of another of as many."""
    count = len(like.sites)
    shared = np.zeros((count, count))
    np.add.at(shared, (zoning.labels, like.labels), weight)
    mine, other = linear_sum_assignment(-shared)
    number = np.empty(count, np.int32)
    number[mine] = other
    sites = np.empty_like(zoning.sites)
    sites[number] = zoning.sites
    return Zoning(number[zoning.labels], sites)
