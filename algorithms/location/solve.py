"""From a location problem to a proven solution: bound, a guess at the best value, fixing, an integer programme over what is left."""

from __future__ import annotations

import numpy as np

from algorithms.location.allocation import locate_and_allocate, total
from algorithms.location.problem import Flags, Floats, Ints, Location, LocationParams, LocationProblem, Status
from algorithms.location.programme import Answer, Link, Rules, solve_programme
from algorithms.location.relaxation import Relaxation, relax
from algorithms.progress import SILENT, Progress, Span

FIRST = 0.003  # how far above the bound the best value is first guessed to lie, as a share of the bound
WIDER = 4.0  # how many times further the next guess goes
SHORT = 0.15  # share of the rounds that looks for the first open sites
CUTS = 200  # times that broken rules are added before an answer without proof is given


def solve_location(problem: LocationProblem, params: LocationParams, progress: Progress = SILENT, rules: Rules | None = None) -> Location:
    """Return the cheapest choice of sites and assignment, with a bound that says how good it is.

    A solution of at most some value can only use entries whose own bound is at most that value. So the best value is guessed a
    little above the bound, all other entries are left out, and the integer programme over the rest is solved: a solution within the
    guess is the optimum of the whole problem, a solution above it is the next guess, none at all lifts the bound to the guess.
    `rules` that the assignment breaks are added to the programme until it breaks none.

    The tolerance of the proof is `params.gap`: the integer programme works in floating point. A listener that asks to finish gets
    the best so far.

    >>> problem = LocationProblem(np.array([[0.0, 4.0], [4.0, 0.0], [4.0, 3.0]]), np.ones(3), np.full(2, 2.0), count=2)
    >>> found = solve_location(problem, LocationParams())
    >>> found.sites.tolist(), found.value, found.status.value
    ([0, 1, 1], 3.0, 'optimal')
    """
    rough = _rough(problem)
    if not np.isfinite(rough):
        return _result(problem, params, None, np.inf)
    first = relax(problem, max(1, round(SHORT * params.rounds)), rough, Span(progress, 0.0, 0.05))
    best = None if rules else _best_of(problem, first.trail, None)
    upper = total(problem, best[0]) if best else np.inf
    relaxed = relax(problem, params.rounds, min(upper, rough), Span(progress, 0.05, 0.3))
    relaxed = max(first, relaxed, key=lambda r: r.bound)
    best = None if rules else _best_of(problem, relaxed.trail, best)
    upper = total(problem, best[0]) if best else np.inf
    bound, links = relaxed.bound, list[Link]()
    reach = FIRST * max(abs(bound), 1e-6 * rough, 1e-12)
    possible = np.isfinite(relaxed.entry_bound)
    for turn in range(params.guesses):
        if bound >= upper * (1 - params.gap) or not np.isfinite(bound) or progress.should_finish():
            break
        guess = min(upper, relaxed.bound + reach * WIDER**turn)
        allowed = _entries(relaxed, guess) if turn + 1 < params.guesses else possible
        whole = bool(np.array_equal(allowed, possible))
        answer = _within_rules(problem, allowed, links, rules, params, guess, Span(progress, 0.3 + 0.7 * turn / params.guesses, 1.0))
        bound = max(bound, answer.bound if whole else min(guess, answer.bound))
        if answer.sites is not None and (value := total(problem, answer.sites)) < upper:
            best, upper = (answer.sites, answer.opened), value
        if whole or not answer.finished or (np.isfinite(upper) and upper <= guess * (1 + 1e-12)):
            break
    progress.report(1.0)
    return _result(problem, params, best, bound)


def _best_of(problem: LocationProblem, starts: tuple[Ints, ...], best: tuple[Ints, Ints] | None) -> tuple[Ints, Ints] | None:
    """Return the best solution that location–allocation finds from these sets of open sites, or `best` where that is as good."""
    found = [f for start in starts if (f := locate_and_allocate(problem, start)) is not None]
    return min([*([best] if best else []), *found], key=lambda f: total(problem, f[0]), default=None)


def _rough(problem: LocationProblem) -> float:
    """Return a figure in the order of the total cost, inf where a customer has no site at all."""
    spread = np.sort(problem.cost, axis=1)[:, : max(1, len(problem.capacity) // problem.count)]
    return float(np.where(np.isfinite(spread), spread, spread[:, :1]).max(axis=1).sum())


def _entries(relaxed: Relaxation, upper: float) -> Flags:
    """Return (n, m) True for the entries that a solution of at most this value may use."""
    return np.asarray(relaxed.entry_bound <= upper + 1e-9 * abs(upper))


def _within_rules(
    problem: LocationProblem,
    allowed: Flags,
    links: list[Link],
    rules: Rules | None,
    params: LocationParams,
    about: float,
    progress: Progress,
) -> Answer:
    """Return the best answer over the allowed entries that breaks no rule; rules found broken are appended to `links`."""
    begin = rules.first(allowed) if rules else []
    highest = -np.inf
    for _ in range(CUTS):
        progress.check()
        answer = solve_programme(problem, allowed, begin + links, params, about)
        highest = max(highest, answer.bound)
        if answer.sites is None:
            return Answer(None, answer.opened, highest, answer.finished)
        broken = rules.broken(answer.sites) if rules else []
        if not broken:
            kept = answer.sites if _fits(problem, answer.sites, answer.opened) else None
            return Answer(kept, answer.opened, highest, answer.finished)
        links += broken
        if not answer.finished or progress.should_finish():
            break
    return Answer(None, np.empty(0, np.int64), highest, False)


def _fits(problem: LocationProblem, sites: Ints, opened: Ints) -> bool:
    """True where the loads keep capacities and floors: the integer programme allows itself a millionth of the largest capacity."""
    load: Floats = np.bincount(sites, problem.demand, minlength=len(problem.capacity)).astype(np.float64)[opened]
    slack = 1e-9 * (1 + problem.capacity[opened])
    return bool(np.all(load <= problem.capacity[opened] + slack) and np.all(load >= problem.floor[opened] - slack))


def _result(problem: LocationProblem, params: LocationParams, best: tuple[Ints, Ints] | None, bound: float) -> Location:
    """Return the result in the words of `Status`."""
    if best is None:
        nothing = np.empty(0, np.int64)
        return Location(nothing, nothing, np.inf, bound, Status.UNKNOWN if np.isfinite(bound) else Status.INFEASIBLE)
    value = total(problem, best[0])
    proven = bound >= value - params.gap * abs(value)
    return Location(best[0], np.sort(best[1]), value, min(bound, value), Status.OPTIMAL if proven else Status.FEASIBLE)
