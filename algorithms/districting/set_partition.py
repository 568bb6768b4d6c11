"""The cheapest choice of k columns that holds every unit once, with proof: LP bound, reduced-cost fixing, reduced master."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from algorithms.progress import SILENT, Progress

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger[Any]]

SCALE = 100_000  # costs become whole numbers for CP-SAT
TOLERANCE = 1e-6  # what reduced costs may be off
FIRST, MORE = 4_000, 3_000  # columns the LP starts with, and those added a round
ROUNDS = 60
TRIES = (600, 2_500)  # columns of least reduced cost from which good plans are chosen before the rest is ruled out
MOST_KEPT = 20_000  # columns that the reduced master may hold


@dataclass(frozen=True, eq=False)
class Choice:
    """The rows of the columns chosen, their total `value`, and the `bound` that no choice goes below; `kept` columns were not ruled out."""

    rows: Ints
    value: float
    bound: float
    kept: int


def choose_columns(
    members: csr_array, cost: Floats, count: int, incumbent: Ints, effort: float = 30.0, seed: int = 0, progress: Progress = SILENT
) -> Choice:
    """Return the cheapest exact cover of the units by `count` of the columns, as far as `effort` goes, never dearer than the incumbent.

    Parameters
    ----------
    members, cost
        (c, n) 0/1 sparse rows and (c,) costs.
    incumbent
        Rows of a feasible choice to start from.
    effort
        Deterministic seconds of each of the last two searches (CP-SAT's own measure), so the answer does not depend on the machine.

    Notes
    -----
    Every column is priced against the linear programme's duals, so its value is a bound; a column whose reduced cost exceeds the gap
    between incumbent and bound is in no better choice (reduced-cost fixing, Dantzig, Fulkerson and Johnson 1954).
    """
    bound, reduced = _linear_bound(members, cost, count, incumbent, progress)
    best, value = incumbent, float(cost[incumbent].sum())
    order = np.argsort(reduced, kind="stable")
    proven, kept = bound, len(cost)
    for size in (*TRIES, 0):
        progress.check()
        open_rows = order[: np.searchsorted(reduced[order], value - bound + TOLERANCE, "right")]
        kept = len(open_rows)
        if value - bound <= TOLERANCE * max(value, 1.0):
            return Choice(best, value, min(bound, value), kept)
        last = size == 0 or kept <= size
        if last and kept > MOST_KEPT:
            break
        rows = np.union1d(open_rows if last else open_rows[:size], best)
        found, low = _reduced_master(members[rows], cost[rows], count, np.isin(rows, best), effort if last else effort / 10, seed)
        if found is not None and cost[rows[found]].sum() < value - 1e-9:
            best, value = rows[found], float(cost[rows[found]].sum())
        if last:
            proven = max(bound, min(low, value))
            break
    return Choice(best, value, proven, kept)


def _linear_bound(members: csr_array, cost: Floats, count: int, incumbent: Ints, progress: Progress) -> tuple[float, Floats]:
    """Return the bound of the linear programme over all columns, and every column's reduced cost."""
    from ortools.linear_solver import pywraplp

    size = np.diff(members.indptr)
    units = members.shape[1]
    solver = pywraplp.Solver.CreateSolver("GLOP")
    objective = solver.Objective()
    objective.SetMinimization()
    cover = [solver.Constraint(1.0, 1.0) for _unit in range(units)]
    number = solver.Constraint(float(count), float(count))
    dear = 10.0 * float(cost[incumbent].sum())
    for row in [*cover, number]:  # what makes every start feasible
        for sign in (1.0, -1.0):
            slack = solver.NumVar(0.0, solver.infinity(), "")
            row.SetCoefficient(slack, sign)
            objective.SetCoefficient(slack, dear)
    inside = np.zeros(len(cost), bool)

    def add(rows: Ints) -> None:
        inside[rows] = True
        for row in rows.tolist():
            column = solver.NumVar(0.0, solver.infinity(), "")
            objective.SetCoefficient(column, float(cost[row]))
            number.SetCoefficient(column, 1.0)
            for unit in members.indices[members.indptr[row] : members.indptr[row + 1]].tolist():
                cover[unit].SetCoefficient(column, 1.0)

    add(np.union1d(_cheap_per_unit(members, cost / size), incumbent))
    best_bound, best_reduced = -np.inf, cost
    for _round in range(ROUNDS):
        progress.check()
        if solver.Solve() != pywraplp.Solver.OPTIMAL:
            break
        duals = np.array([row.dual_value() for row in cover])
        mu = number.dual_value()
        reduced = cost - members @ duals - mu
        least = min(float(reduced.min()), 0.0)
        bound = float(duals.sum() + count * (mu + least))  # holds for any duals
        if bound > best_bound:
            best_bound, best_reduced = bound, reduced - least
        fresh = np.flatnonzero((reduced < -TOLERANCE) & ~inside)
        if least > -TOLERANCE or not len(fresh):
            break
        add(fresh[np.argpartition(reduced[fresh], MORE)[:MORE]] if len(fresh) > MORE else fresh)
    return best_bound - TOLERANCE, best_reduced


def _cheap_per_unit(members: csr_array, price: Floats) -> Ints:
    """Return the columns cheapest a unit among those that hold each unit, about FIRST in all."""
    few = max(FIRST // members.shape[1], 10)
    by_unit = members.tocsc()
    chosen = []
    for unit in range(members.shape[1]):
        rows = by_unit.indices[by_unit.indptr[unit] : by_unit.indptr[unit + 1]]
        chosen.append(rows[np.argpartition(price[rows], few)[:few]] if len(rows) > few else rows)
    return np.unique(np.concatenate(chosen))


def _reduced_master(
    members: csr_array, cost: Floats, count: int, hint: NDArray[np.bool_], effort: float, seed: int
) -> tuple[Ints | None, float]:
    """Return the cheapest cover found among a few columns and the bound on it; None where the search found none in its time."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    take = [model.new_bool_var("") for _ in range(len(cost))]
    by_unit = members.tocsc()
    for unit in range(members.shape[1]):
        rows = by_unit.indices[by_unit.indptr[unit] : by_unit.indptr[unit + 1]]
        model.add_exactly_one([take[row] for row in rows.tolist()])
    model.add(sum(take) == count)
    whole = np.floor(SCALE * cost).astype(np.int64)  # rounded down, so that the bound holds
    model.minimize(cp_model.LinearExpr.weighted_sum(take, whole.tolist()))
    for variable, chosen in zip(take, hint.tolist(), strict=True):
        model.add_hint(variable, chosen)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = effort
    status = solver.solve(model)
    low = solver.best_objective_bound / SCALE
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, low
    return np.flatnonzero([solver.boolean_value(variable) for variable in take]), low
