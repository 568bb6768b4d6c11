"""The cheapest exact cover of units by k sets with no cover to start from, or the proof that there is none."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from threading import Thread
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from algorithms.districting.odd_cuts import CutProgramme
from algorithms.districting.relaxation import Relaxation
from algorithms.progress import SILENT, Progress

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger[Any]]

WHOLE = 1_500  # sets up to which the search takes all of them at once
FIRST = 2500  # sets of least reduced cost that it takes first where there are more
MOST = 40_000  # sets that a search may hold
CLOSED = 1e-6  # relative gap below which a cover is the cheapest
SLACK = 1e-6  # what the bound of a linear programme must pass to prove that it has no solution
SAFETY_S = 120.0  # seconds of the processor after which a search is stopped whatever its budget


@dataclass(frozen=True, eq=False)
class Cover:
    """Rows of the sets chosen (None: none was found), their cost `value`, and the `bound` that no cover goes below.

    `bound` is infinite where it is proven that there is no cover at all.
    """

    rows: Ints | None
    value: float
    bound: float

    @property
    def impossible(self) -> bool:
        """Whether there is proven to be no cover."""
        return self.bound == np.inf

    @property
    def proven(self) -> bool:
        """Whether nothing better is possible."""
        return self.rows is not None and self.value - self.bound <= CLOSED * max(abs(self.value), 1.0)


NO_COVER = Cover(None, np.inf, np.inf)


def no_fractional_cover(members: csr_array, count: int) -> bool:
    """Return whether not even parts of sets cover every unit once and come to `count` in all: a proof that no whole sets do.

    `members` (c, n) is 0/1. The linear programme asks how far every cover is off at least; its duals make a bound that holds whatever
    the solver's tolerances are (weak duality), and only that bound counts.
    """
    from ortools.linear_solver import pywraplp

    sets, units = members.shape
    if not sets or int(np.diff(members.tocsc().indptr).min()) == 0:
        return True
    solver = pywraplp.Solver.CreateSolver("GLOP")
    endless = solver.infinity()
    cover = [solver.Constraint(1.0, 1.0) for _unit in range(units)]
    number = solver.Constraint(float(count), float(count))
    objective = solver.Objective()
    objective.SetMinimization()
    for row in [*cover, number]:
        for sign in (1.0, -1.0):
            off = solver.NumVar(0.0, endless, "")
            row.SetCoefficient(off, sign)
            objective.SetCoefficient(off, 1.0)
    indices, ends = members.indices.tolist(), members.indptr.tolist()
    for start, stop in pairwise(ends):
        share = solver.NumVar(0.0, endless, "")
        number.SetCoefficient(share, 1.0)
        for unit in indices[start:stop]:
            cover[unit].SetCoefficient(share, 1.0)
    if solver.Solve() != pywraplp.Solver.OPTIMAL:
        return False
    price = np.array([row.dual_value() for row in cover])
    each = number.dual_value()
    least = float((-(members @ price) - each).min())
    return bool(price.sum() + count * (each + min(least, 0.0)) > SLACK * units)


def cheapest_cover(
    members: csr_array, cost: Floats, count: int, nodes: int = 200, seed: int = 0, progress: Progress = SILENT, *, any_will_do: bool = False
) -> Cover:
    """Return the cheapest choice of `count` sets that hold every unit once, as far as the budget goes.

    Parameters
    ----------
    members, cost
        (c, n) 0/1 sparse rows and (c,) costs above 0.
    nodes
        Nodes of the search tree at most, so that the answer does not depend on the machine.
    any_will_do
        The first cover that is found is enough; its cost guides the search only.

    Notes
    -----
    The linear programme with odd-set cuts gives every set a reduced cost. The search (branch and cut, by SCIP) takes the sets of
    least reduced cost first; those that cannot be in a cheaper cover than the one found are left out of the last search, as their
    reduced cost exceeds the gap (Dantzig, Fulkerson and Johnson 1954).
    """
    sets = len(cost)
    if not sets or int(np.diff(members.tocsc().indptr).min()) == 0 or sets < count:
        return NO_COVER
    if sets <= WHOLE and not any_will_do:
        return _searched(members, cost, count, np.arange(sets), nodes, seed, 0.0, progress)
    low, reduced = _relaxed(members, cost, count, progress)
    size, best = FIRST, NO_COVER
    while True:
        progress.check()
        few = np.arange(sets) if size >= sets else np.sort(np.argpartition(reduced, size)[:size])
        best = _searched(members, cost, count, few, nodes, seed, low, progress)
        if best.rows is not None or size >= sets or size >= MOST:
            break
        size *= 3
    if best.rows is None:
        return best if len(few) == sets else Cover(None, np.inf, low)
    if any_will_do:
        return Cover(best.rows, best.value, low)
    outside = np.ones(sets, bool)
    outside[few] = False
    least = low + float(np.min(reduced[outside], initial=np.inf))  # of a cover with a set that was not among those searched
    found = Cover(best.rows, best.value, min(best.bound, least, best.value))
    left = np.flatnonzero(reduced <= best.value - low + SLACK)
    if least >= best.value or not best.proven or len(left) > MOST:
        return found
    last = _searched(members, cost, count, np.union1d(left, best.rows), nodes, seed, low, progress)
    if last.rows is not None and last.value <= best.value:
        return last
    return Cover(best.rows, best.value, min(max(last.bound, found.bound), best.value))


def _relaxed(members: csr_array, cost: Floats, count: int, progress: Progress) -> tuple[float, Floats]:
    """Return a bound on every cover, and what each set adds to it at least; without cuts where there are more than MOST sets."""
    if len(cost) <= MOST:
        programme = CutProgramme(members, cost, count)
        programme.tighten(progress)
        return programme.bound, programme.reduced
    relaxed = Relaxation(members, cost, count, np.argsort(cost, kind="stable")[:count])
    relaxed.solve(progress)
    return relaxed.bound, relaxed.reduced


def _searched(members: csr_array, cost: Floats, count: int, rows: Ints, nodes: int, seed: int, low: float, progress: Progress) -> Cover:
    """Return the cheapest cover by some of the sets; `low` is a bound known before."""
    from ortools.linear_solver import pywraplp

    solver = pywraplp.Solver.CreateSolver("SCIP")
    solver.SetSolverSpecificParametersAsString(
        f"limits/totalnodes = {nodes}\nlimits/time = {SAFETY_S}\ntiming/clocktype = 1\n"  # 1: the processor's time
        f"misc/catchctrlc = FALSE\nrandomization/randomseedshift = {seed % 2**31}"
    )
    some = csr_array(members[rows])
    cover = [solver.Constraint(1.0, 1.0) for _unit in range(some.shape[1])]
    number = solver.Constraint(float(count), float(count))
    objective = solver.Objective()
    objective.SetMinimization()
    takes = []
    indices, ends = some.indices.tolist(), some.indptr.tolist()
    for (start, stop), price in zip(pairwise(ends), cost[rows].tolist(), strict=True):
        take = solver.BoolVar("")
        number.SetCoefficient(take, 1.0)
        objective.SetCoefficient(take, price)
        for unit in indices[start:stop]:
            cover[unit].SetCoefficient(take, 1.0)
        takes.append(take)
    exact = pywraplp.MPSolverParameters()
    exact.SetDoubleParam(exact.RELATIVE_MIP_GAP, CLOSED / 10)
    status = _solved(solver, exact, progress)
    if status == pywraplp.Solver.INFEASIBLE:
        return NO_COVER
    if status not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
        return Cover(None, np.inf, low)
    chosen = rows[[take.solution_value() > 0.5 for take in takes]]
    value = float(cost[chosen].sum())
    return Cover(chosen, value, min(max(float(objective.BestBound()), low), value))


def _solved(solver: Any, exact: Any, progress: Progress) -> int:
    """Return the status of a search that ends when its listener asks for it; raises Cancelled where nobody wants it any more."""
    status: list[int] = []
    search = Thread(target=lambda: status.append(solver.Solve(exact)), daemon=True)
    search.start()
    while search.is_alive():
        search.join(0.05)
        if progress.should_finish() or progress.is_cancelled():
            solver.InterruptSolve()
    progress.check()
    return status[0]
