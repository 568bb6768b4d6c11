"""Few districts with the fewest borders between them, proven: the cut-edges problem."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.districting.short_borders import ShortSets, connected_sets
from algorithms.graph.components import components
from algorithms.location.problem import Flags, Ints, Status
from algorithms.progress import SILENT, Progress

STEP = 2  # by how much the longest border grows from round to round
ROUNDS = 200  # times that a remainder in several pieces is excluded


@dataclass(frozen=True, eq=False)
class CutProblem:
    """Units to be grouped into connected districts within a band, so that as few pairs of neighbours as possible are parted.

    Attributes
    ----------
    weight
        (u,) whole numbers, not negative: what the band counts.
    low, high
        (p,) pairs of neighbouring units.
    districts
        How many districts, 2 or more.
    band
        (least, most) weight of a district, both allowed; least above 0.
    """

    weight: Ints
    low: Ints
    high: Ints
    districts: int
    band: tuple[int, int]

    def __post_init__(self) -> None:
        if self.districts < 2 or self.band[0] < 1 or np.min(self.weight, initial=0) < 0:
            raise ValueError("2 districts or more, a band above 0, no negative weight")


@dataclass(frozen=True)
class CutParams:
    """How long to search: `states` partial sets looked at in one enumeration, deterministic `seconds` of CP-SAT in each choice."""

    states: int = 60_000_000
    seconds: float = 20.0


@dataclass(frozen=True, eq=False)
class CutDistricting:
    """A district 0 … per unit.

    `labels` (u,) is empty where none was found, `value` is how many pairs are parted, `bound` what no solution undercuts.
    """

    labels: Ints
    value: float
    bound: float
    status: Status


def parted_pairs(problem: CutProblem, labels: Ints) -> int:
    """Return how many pairs of neighbours lie in different districts."""
    return int(np.count_nonzero(labels[problem.low] != labels[problem.high]))


def solve_cut_edges(problem: CutProblem, params: CutParams, progress: Progress = SILENT) -> CutDistricting:
    """Return the districts that part the fewest pairs of neighbours, with a bound.

    The borders of all districts together count every parted pair twice. So in a solution that parts V pairs, all districts but the
    one with the longest border have borders of at most (2 V - the k - 2 shortest borders of districts that lie apart) / 2: their
    sets can be enumerated, and the last district is what remains. All sets with borders up to some length are enumerated, and k or
    k - 1 of them are chosen at least cost; a solution within the V that this length covers is optimal, otherwise V + 1 is a bound
    and the length grows. Made for few districts in narrow bands: the sets grow exponentially with the length of the borders.

    >>> path = CutProblem(np.ones(4, int), np.array([0, 1, 2]), np.array([1, 2, 3]), 2, (2, 2))
    >>> found = solve_cut_edges(path, CutParams())
    >>> found.labels.tolist(), found.value, found.status.value
    ([0, 0, 1, 1], 1, 'optimal')
    """
    best, value, bound = np.empty(0, np.int64), np.inf, float(problem.districts - 1)
    everything = len(problem.low)
    if not _could_fill(problem, int(problem.weight.sum())):
        return CutDistricting(best, value, np.inf, Status.INFEASIBLE)
    longest = STEP
    while bound < value and not progress.should_finish():
        longest = min(longest + STEP, everything)
        progress.report(min(0.9, longest / 40))
        sets = connected_sets(problem.weight, problem.low, problem.high, problem.band, longest, params.states, progress)
        if not sets.complete:
            break
        sets = _with_possible_rest(problem, sets)
        others = _shortest_apart(sets, longest, problem.districts - 2, params)
        covered = (2 * longest + 1 + others) // 2
        labels, least = _cheapest_choice(problem, sets, longest, value - 1, params, progress)
        if labels is not None and parted_pairs(problem, labels) < value:
            best, value = labels, parted_pairs(problem, labels)
        bound = max(bound, min(covered + 1, least, value))
        if longest == everything:
            bound = max(bound, min(least, value))
            break
        if len(best):  # no further than what proves the best
            longest = min(longest, int(np.ceil((2 * (value - 1) - 1 - others) / 2)) - STEP)
    progress.report(1.0)
    if not len(best):
        return CutDistricting(best, np.inf, bound, Status.UNKNOWN if np.isfinite(bound) else Status.INFEASIBLE)
    return CutDistricting(best, value, bound, Status.OPTIMAL if bound >= value else Status.FEASIBLE)


def _could_fill(problem: CutProblem, weight: int) -> bool:
    """True where so much weight can be divided into a whole number of districts."""
    most = weight // problem.band[0]
    return most >= 1 and weight <= most * problem.band[1]


def _with_possible_rest(problem: CutProblem, sets: ShortSets) -> ShortSets:
    """Return the sets whose removal leaves pieces that can each be filled with districts."""
    keep = np.zeros(len(sets.border), bool)
    for at, inside in enumerate(sets.inside):
        outer = ~inside[problem.low] & ~inside[problem.high]
        piece = components(len(inside), problem.low[outer], problem.high[outer])[~inside]
        loads = np.bincount(piece, problem.weight[~inside])[np.unique(piece)]
        keep[at] = all(_could_fill(problem, int(load)) for load in loads)
    return ShortSets(sets.inside[keep], sets.border[keep], sets.root[keep], sets.states, sets.complete)


def _shortest_apart(sets: ShortSets, longest: int, count: int, params: CutParams) -> int:
    """Return what the borders of `count` districts that share no unit add up to at least; borders not enumerated exceed `longest`."""
    from ortools.sat.python import cp_model

    if not count:
        return 0
    model = cp_model.CpModel()
    take = [model.new_bool_var("") for _ in sets.border]
    unknown = model.new_int_var(0, count, "")
    for column in np.unique(sets.inside, axis=1).T:
        model.add_at_most_one(take[s] for s in np.flatnonzero(column).tolist())
    model.add(sum(take) + unknown == count)
    model.minimize(sum(int(b) * variable for b, variable in zip(sets.border, take, strict=True)) + (longest + 1) * unknown)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.catch_sigint_signal = False  # Ctrl-C is the program's
    solver.parameters.max_deterministic_time = params.seconds
    solver.solve(model)
    return int(np.ceil(solver.best_objective_bound - 1e-6))


def _cheapest_choice(
    problem: CutProblem, sets: ShortSets, longest: int, most: float, params: CutParams, progress: Progress
) -> tuple[Ints | None, float]:
    """Return (labels, bound) of the best districting all of whose districts are among the sets, or all but one.

    None that parts more than `most` pairs is looked for; the bound is inf where there is none.
    """
    from ortools.sat.python import cp_model

    k = problem.districts
    if len(sets.border) < k - 1:
        return None, np.inf
    model = cp_model.CpModel()
    take = [model.new_bool_var("") for _ in sets.border]
    rest = [model.new_bool_var("") for _ in problem.weight]
    unknown = model.new_bool_var("")  # one district is none of the sets: it is the rest
    for unit, variable in enumerate(rest):
        model.add_exactly_one([variable, *(take[s] for s in np.flatnonzero(sets.inside[:, unit]).tolist())])
        model.add_implication(variable, unknown)
    model.add(sum(take) + unknown == k)
    load = sum(int(w) * variable for w, variable in zip(problem.weight, rest, strict=True))
    model.add(load >= problem.band[0] * unknown)
    model.add(load <= problem.band[1] * unknown)
    parted = [model.new_bool_var("") for _ in problem.low]
    for a, b, variable in zip(problem.low.tolist(), problem.high.tolist(), parted, strict=True):
        model.add_bool_or([~rest[a], rest[b], variable])
        model.add_bool_or([rest[a], ~rest[b], variable])
    # each pair is counted in two borders, that of the rest included
    known = sum(int(b) * variable for b, variable in zip(sets.border, take, strict=True))
    model.minimize(known + sum(parted))
    model.add(sum(parted) >= (longest + 1) * unknown)
    if np.isfinite(most):
        model.add(known + sum(parted) <= 2 * int(most))
        model.add(known <= 2 * int(most) - (longest + 1) * unknown)
    for _ in range(ROUNDS):
        progress.check()
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.catch_sigint_signal = False  # Ctrl-C is the program's
        solver.parameters.max_deterministic_time = params.seconds
        status = solver.solve(model)
        if status == cp_model.INFEASIBLE:
            return None, np.inf
        least = float(np.ceil(solver.best_objective_bound / 2 - 1e-6))
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None, least
        some = [s for s, variable in enumerate(take) if solver.boolean_value(variable)]
        left = ~np.any(sets.inside[some], axis=0, keepdims=True)[0]
        inner = left[problem.low] & left[problem.high]
        if len(np.unique(components(len(left), problem.low[inner], problem.high[inner])[left])) <= 1:
            return _labels(sets.inside[some], left), least
        model.add_bool_or([~take[s] for s in some])
    return None, least


def _labels(inside: Flags, left: Flags) -> Ints:
    """Return a district per unit, numbered by their first units."""
    raw = np.argmax(np.vstack((inside, left)), axis=0)
    first: Ints = np.unique(raw, return_index=True)[1]
    return np.asarray(np.argsort(np.argsort(first))[raw])
