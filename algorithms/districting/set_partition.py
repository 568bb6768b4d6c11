"""The cheapest choice of k columns that holds every unit once, with proof: LP bound, reduced-cost fixing, cuts, reduced master."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from algorithms.districting.relaxation import Relaxation
from algorithms.progress import SILENT, Progress

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger[Any]]

SCALE = 100_000  # costs become whole numbers for CP-SAT
MOST_WHOLE = 2**60  # what all of them together may come to
SEEDS = 2**31  # how many seeds CP-SAT knows
CLOSED = 1e-6  # relative gap below which a choice is proven
TRIES = (600, 1_200)  # columns of least reduced cost from which good choices are made before the rest is ruled out
SMALL = 1_500  # columns among which no cuts are needed
TIGHTENED = 8  # rounds of cuts at most
MOST_KEPT = 25_000  # columns that the last search may hold


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
        Deterministic seconds of the last search (CP-SAT's own measure), so the answer does not depend on the machine.

    Notes
    -----
    Every column is priced against the linear programme's duals, so its value is a bound; a column whose reduced cost exceeds the gap
    between incumbent and bound is in no better choice (reduced-cost fixing, Dantzig, Fulkerson and Johnson 1954).
    """
    search = _Search(members, cost, count, incumbent, seed)
    relaxed = Relaxation(members, cost, count, incumbent)
    relaxed.solve(progress)
    for size in TRIES:
        if search.closed(relaxed):
            return search.choice(relaxed)
        search.among(search.cheapest(relaxed, size), effort / 8, relaxed)
    relaxed.keep(search.value, search.best)
    for _round in range(TIGHTENED):
        progress.check()
        before = relaxed.bound
        if search.closed(relaxed) or len(relaxed.rows) <= SMALL or not relaxed.tighten():
            break
        relaxed.solve(progress)
        relaxed.keep(search.value, search.best)
        if relaxed.bound - before < 0.03 * (search.value - before):
            break
    size = TRIES[-1]
    while size < min(len(relaxed.rows), MOST_KEPT) and not search.closed(relaxed):
        progress.check()
        search.among(search.cheapest(relaxed, size), effort / 8, relaxed)
        relaxed.keep(search.value, search.best)
        size *= 2
    if len(relaxed.rows) > MOST_KEPT or search.closed(relaxed):
        return search.choice(relaxed)
    low = search.among(relaxed.rows, effort, relaxed)
    return Choice(search.best, search.value, min(max(relaxed.bound, low), search.value), len(relaxed.rows))


class _Search:
    """The best choice so far."""

    def __init__(self, members: csr_array, cost: Floats, count: int, incumbent: Ints, seed: int) -> None:
        self.members, self.cost, self.count, self.seed = members, cost, count, seed
        self.best, self.value = incumbent, float(cost[incumbent].sum())

    def closed(self, relaxed: Relaxation) -> bool:
        """Whether nothing can be better by more than CLOSED."""
        return self.value - relaxed.bound <= CLOSED * max(self.value, 1.0)

    def choice(self, relaxed: Relaxation) -> Choice:
        """Return what is known now."""
        return Choice(self.best, self.value, min(relaxed.bound, self.value), len(relaxed.rows))

    def cheapest(self, relaxed: Relaxation, size: int) -> Ints:
        """Return the columns of least reduced cost, the best choice's own among them."""
        few = relaxed.rows if len(relaxed.rows) <= size else relaxed.rows[np.argpartition(relaxed.reduced, size)[:size]]
        return np.union1d(few, self.best)

    def among(self, rows: Ints, effort: float, relaxed: Relaxation) -> float:
        """Look for a better choice among some columns, and return the bound on those."""
        from ortools.sat.python import cp_model

        members, cost, best = self.members[rows], self.cost[rows], np.isin(rows, self.best)
        model = cp_model.CpModel()
        take = [model.new_bool_var("") for _ in range(len(cost))]
        by_unit = members.tocsc()
        for unit in range(members.shape[1]):
            held = by_unit.indices[by_unit.indptr[unit] : by_unit.indptr[unit + 1]]
            model.add_exactly_one([take[row] for row in held.tolist()])
        model.add(sum(take) == self.count)
        for three in relaxed.cliques:
            both = np.flatnonzero(members[:, three].sum(axis=1) >= 2)
            if len(both) > 1:
                model.add_at_most_one([take[row] for row in both.tolist()])
        scale = min(SCALE, MOST_WHOLE / max(float(np.abs(cost).sum()), 1.0))
        whole = np.floor(scale * cost).astype(np.int64)  # rounded down, so that the bound holds
        model.minimize(cp_model.LinearExpr.weighted_sum(take, whole.tolist()))
        for variable, chosen in zip(take, best.tolist(), strict=True):
            model.add_hint(variable, chosen)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.catch_sigint_signal = False  # Ctrl-C is the program's
        solver.parameters.random_seed = self.seed % SEEDS
        solver.parameters.linearization_level = 2
        solver.parameters.max_deterministic_time = effort
        status = solver.solve(model)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            found = rows[[solver.boolean_value(variable) for variable in take]]
            if float(self.cost[found].sum()) < self.value - 1e-9:
                self.best, self.value = found, float(self.cost[found].sum())
        return float(solver.best_objective_bound) / scale
