"""The places that together see most of the flow: maximum coverage, proven, and the order in which to take them up."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger[Any]]
Bools = NDArray[np.bool_]

TOLERANCE = 1e-6  # share of the flow within which two choices see as much, and a bound proves a choice
_ALIKE = 1e9  # gains that are the same in these parts of the flow are the same


@dataclass(frozen=True, eq=False)
class CoverageProblem:
    """Flows that pass places: flow i of `flow` (p,) passes the places `places[offsets[i]:offsets[i + 1]]` of m.

    At most `count` places are chosen, those that `may` (m,) be; `must` (m,) are chosen in any case. Of choices that see as much the
    one of the least `cost` (m,) together is taken, whole numbers of 0 or more.
    """

    offsets: Ints
    places: Ints
    flow: Floats
    count: int
    may: Bools
    must: Bools
    cost: Ints

    def __post_init__(self) -> None:
        if not len(self.may) == len(self.must) == len(self.cost) or len(self.offsets) != len(self.flow) + 1:
            raise ValueError("one entry a place in may, must and cost, and one flow between two offsets")


@dataclass(frozen=True)
class CoverageParams:
    """The budget of the integer programme, in nodes of branch and bound; `seconds` is a safety stop."""

    nodes: int = 20_000
    seconds: float = 60.0


@dataclass(frozen=True, eq=False)
class Coverage:
    """`chosen` (k,) places in the order to take them up, `gains` (k,) the share of the flow that each adds.

    `seen` is the share of the flow that they see together, `bound` the share that no choice of as many exceeds, `status` optimal or
    gap. `others` are the places left in greedy order behind the chosen ones, `further` what each adds.
    """

    chosen: Ints
    gains: Floats
    seen: float
    bound: float
    status: str
    others: Ints
    further: Floats


def best_coverage(problem: CoverageProblem, params: CoverageParams | None = None) -> Coverage:
    """Return the choice of places that sees most of the flow (Church and ReVelle 1974; of flows: Hodgson 1990).

    The greedy choice, never worse than 1 - 1/e of the best (Nemhauser, Wolsey and Fisher 1978), is where the programme starts. Shares
    are of the sum of `flow`; the proof is to TOLERANCE of it.

    >>> problem = CoverageProblem(np.array([0, 2, 4, 5]), np.array([0, 1, 0, 2, 1]), np.array([2.0, 2.0, 1.0]), 1,
    ...                           np.ones(3, bool), np.zeros(3, bool), np.zeros(3, int))
    >>> best_coverage(problem).chosen.tolist(), round(best_coverage(problem).seen, 3)
    ([0], 0.8)
    """
    params = params or CoverageParams()
    m = len(problem.may)
    total = float(problem.flow.sum())
    share = problem.flow / total if total > 0 else problem.flow
    rows = np.repeat(np.arange(len(share)), np.diff(problem.offsets))
    passes = csr_array((np.ones(len(rows)), (problem.places, rows)), shape=(m, len(share)))
    passes.data[:] = 1.0
    free = problem.may & ~problem.must
    wanted = min(max(problem.count, int(problem.must.sum())), int((problem.may | problem.must).sum()))
    nothing = np.ones(len(share), bool)
    held, _ = _greedy(passes, share, problem.must, nothing, problem.cost)
    fill, _ = _greedy(passes, share, free, _unseen(passes, held), problem.cost)
    start = np.concatenate((held, fill[: wanted - len(held)]))
    if wanted == len(held) or wanted == len(held) + int(free.sum()):  # nothing to choose
        chosen, bound, proven = start, _seen(passes, share, start), True
    else:
        chosen, bound, proven = _programme(problem, passes, share, wanted, start, params)
    kept = np.zeros(m, bool)
    kept[chosen] = True
    first, gains = _greedy(passes, share, kept & problem.must, nothing, problem.cost)
    second, more = _greedy(passes, share, kept & ~problem.must, _unseen(passes, first), problem.cost)
    order = np.concatenate((first, second))
    others, further = _greedy(passes, share, free & ~kept, _unseen(passes, order), problem.cost)
    seen = _seen(passes, share, order)
    status = "optimal" if proven else "gap"
    return Coverage(order, np.concatenate((gains, more)), seen, max(bound, seen), status, others, further)


def _unseen(passes: csr_array, chosen: Ints) -> Bools:
    """Return which flows no chosen place sees, (p,)."""
    taken = np.zeros(passes.shape[0])
    taken[chosen] = 1.0
    return np.asarray(passes.T @ taken == 0)


def _seen(passes: csr_array, share: Floats, chosen: Ints) -> float:
    return float(share[~_unseen(passes, chosen)].sum())


def _greedy(passes: csr_array, share: Floats, among: Bools, unseen: Bools, cost: Ints) -> tuple[Ints, Floats]:
    """Return all places of `among`, each time the one that adds most (the cheapest of several), and what each adds."""
    left, open_flow = np.flatnonzero(among), np.where(unseen, share, 0.0)
    order, gains = [], []
    while len(left):
        gain = (passes @ open_flow)[left]
        best = int(np.lexsort((left, cost[left], -np.rint(gain * _ALIKE)))[0])
        order.append(int(left[best]))
        gains.append(float(gain[best]))
        low, high = passes.indptr[left[best]], passes.indptr[left[best] + 1]
        open_flow[passes.indices[low:high]] = 0.0
        left = np.delete(left, best)
    return np.array(order, np.int64), np.array(gains)


def _programme(
    problem: CoverageProblem, passes: csr_array, share: Floats, wanted: int, start: Ints, params: CoverageParams
) -> tuple[Ints, float, bool]:
    """Return the best choice of `wanted` places, the bound as a share, and whether it is proven."""
    sets, weight = _merged(problem, passes, share)
    best = _solve(problem, sets, weight, wanted, params, None)
    seen = _seen(passes, share, start)
    chosen = start if best is None or _seen(passes, share, best.chosen) <= seen else best.chosen
    if best is None:
        return start, float(weight.sum()), False
    value = _seen(passes, share, chosen)
    proven = best.finished and best.bound <= value + TOLERANCE
    if proven and np.ptp(problem.cost[problem.may & ~problem.must]) > 0:
        second = _solve(problem, sets, weight, wanted, params, value)
        if second is not None and _seen(passes, share, second.chosen) >= value - TOLERANCE:
            cheaper = problem.cost[second.chosen].sum() < problem.cost[chosen].sum()
            chosen = second.chosen if cheaper else chosen
    return chosen, best.bound, proven


def _merged(problem: CoverageProblem, passes: csr_array, share: Floats) -> tuple[list[tuple[int, ...]], Floats]:
    """Return the different sets of places that flows pass, of those that may be chosen, and the flow of each."""
    by_flow = csr_array(passes[np.flatnonzero(problem.may | problem.must)].T)
    which = np.flatnonzero(problem.may | problem.must)
    found: dict[tuple[int, ...], float] = {}
    for flow in np.flatnonzero(share > 0).tolist():
        here = tuple(np.sort(which[by_flow.indices[by_flow.indptr[flow] : by_flow.indptr[flow + 1]]]).tolist())
        if here:
            found[here] = found.get(here, 0.0) + float(share[flow])
    return list(found), np.array(list(found.values()))


@dataclass(frozen=True, eq=False)
class _Answer:
    chosen: Ints
    bound: float
    finished: bool


def _solve(
    problem: CoverageProblem, sets: list[tuple[int, ...]], weight: Floats, wanted: int, params: CoverageParams, least: float | None
) -> _Answer | None:
    """Return the choice that sees most, or where `least` is given the cheapest that sees as much as that; None where none was found.

    Integer programming by HiGHS inside OR-Tools, one thread: a flow is seen (y, at most 1) only where one of its places is taken (x).
    """
    m, p = len(problem.may), len(sets)
    proto = model_pb2.ModelProto()
    proto.variables.ids.extend(range(m + p))
    proto.variables.lower_bounds.extend([*problem.must.astype(float).tolist(), *[0.0] * p])
    proto.variables.upper_bounds.extend([*(problem.may | problem.must).astype(float).tolist(), *[1.0] * p])
    proto.variables.integers.extend([*[True] * m, *[False] * p])
    counts = np.array([len(places) for places in sets], np.int64)
    seen = m + np.arange(p)
    row = np.concatenate((np.zeros(m, np.int64), 1 + np.repeat(np.arange(p), counts), 1 + np.arange(p)))
    column = np.concatenate((np.arange(m), np.array([place for places in sets for place in places], np.int64), seen))
    value = np.concatenate((np.ones(m), -np.ones(int(counts.sum())), np.ones(p)))
    low, high = np.full(1 + p, -np.inf), np.zeros(1 + p)
    low[0] = high[0] = wanted
    if least is not None:
        row = np.concatenate((row, np.full(p, 1 + p)))
        column, value = np.concatenate((column, seen)), np.concatenate((value, weight))
        low, high = np.append(low, least - TOLERANCE / 10), np.append(high, np.inf)
    order = np.lexsort((column, row))
    proto.linear_constraints.ids.extend(range(len(low)))
    proto.linear_constraints.lower_bounds.extend(low.tolist())
    proto.linear_constraints.upper_bounds.extend(high.tolist())
    proto.linear_constraint_matrix.row_ids.extend(row[order].tolist())
    proto.linear_constraint_matrix.column_ids.extend(column[order].tolist())
    proto.linear_constraint_matrix.coefficients.extend(value[order].tolist())
    priced = seen if least is None else np.flatnonzero(problem.cost)
    prices = weight if least is None else problem.cost[priced].astype(np.float64)
    proto.objective.maximize = least is None
    proto.objective.linear_coefficients.ids.extend(priced.tolist())
    proto.objective.linear_coefficients.values.extend(prices.tolist())
    parameters = mathopt.SolveParameters(
        relative_gap_tolerance=TOLERANCE / 10,
        absolute_gap_tolerance=TOLERANCE / 10,
        node_limit=params.nodes,
        time_limit=datetime.timedelta(seconds=params.seconds),
        random_seed=1,
    )
    solved = mathopt.solve(mathopt.Model.from_model_proto(proto), mathopt.SolverType.HIGHS, params=parameters)
    if not solved.has_primal_feasible_solution():
        return None
    taken = [variable.id for variable, x in solved.variable_values().items() if variable.id < m and x > 0.5]
    finished = solved.termination.reason == mathopt.TerminationReason.OPTIMAL
    return _Answer(np.array(sorted(taken), np.int64), float(solved.best_objective_bound()), finished)
