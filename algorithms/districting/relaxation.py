"""The linear programme over columns: its bound, every column's reduced cost, and cuts that tighten it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack, vstack

from algorithms.progress import SILENT, Progress

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger[Any]]

TOLERANCE = 1e-6  # what reduced costs may be off
FIRST, MORE = 4_000, 3_000  # columns the programme starts with, and those added a round
ROUNDS = 60
CUTS = 60  # cuts added a round
VIOLATED = 0.03  # how far above 1 a cut's left side must be
BLOCK = 20_000  # triples of units, or columns, looked at together when cuts are sought


class Relaxation:
    """min cost·x, every unit covered once, `count` columns, 0 ≤ x; columns enter as their reduced cost asks for them.

    `bound` is below every choice of columns that are still in `rows`; `reduced` (len(rows),) is what each of them adds to it at least.
    """

    def __init__(self, members: csr_array, cost: Floats, count: int, start: Ints) -> None:
        from ortools.linear_solver import pywraplp

        self.members, self.cost, self.count = members, cost, count
        self.rows = np.arange(len(cost))
        price = _fair_prices(members, cost)
        self.bound, self.reduced = float(price.sum()) - TOLERANCE, np.maximum(cost - members @ price, 0.0)
        self._solver = pywraplp.Solver.CreateSolver("GLOP")
        # what it calls imprecise will do, as the bound holds for any duals; else it gives up one small programme in some thousands
        self._solver.SetSolverSpecificParametersAsString("change_status_to_imprecise:false")
        self._optimal = pywraplp.Solver.OPTIMAL
        self._objective = self._solver.Objective()
        self._objective.SetMinimization()
        self._cover = [self._solver.Constraint(1.0, 1.0) for _unit in range(members.shape[1])]
        self._number = self._solver.Constraint(float(count), float(count))
        dear = 10.0 * float(cost[start].sum())
        for row in [*self._cover, self._number]:  # what makes every start feasible
            for sign in (1.0, -1.0):
                slack = self._solver.NumVar(0.0, self._solver.infinity(), "")
                row.SetCoefficient(slack, sign)
                self._objective.SetCoefficient(slack, dear)
        self._in: dict[int, Any] = {}
        self._share: dict[int, float] = {}
        self._cuts: list[Any] = []
        self.cliques: list[Ints] = []
        self._cut = csr_array((len(cost), 0))
        self._add(np.union1d(_cheap_per_unit(members, cost / np.diff(members.indptr)), start))

    def solve(self, progress: Progress = SILENT) -> None:
        """Price all columns in until none is missing."""
        for _round in range(ROUNDS):
            progress.check()
            if self._solver.Solve() != self._optimal:
                return
            duals = np.array([row.dual_value() for row in self._cover])
            mu = self._number.dual_value()
            sigma = np.minimum([row.dual_value() for row in self._cuts], 0.0)  # above 0 only by the solver's tolerance
            members = self.members if len(self.rows) == len(self.cost) else self.members[self.rows]
            reduced = self.cost[self.rows] - members @ duals - mu
            if len(sigma):
                reduced = reduced - self._cut @ sigma
            least = min(float(reduced.min(initial=0.0)), 0.0)
            bound = float(duals.sum() + self.count * (mu + least) + sigma.sum()) - TOLERANCE  # holds for any duals
            if bound > self.bound:
                self.bound, self.reduced = bound, reduced - least
            self._share = {row: share for row, variable in self._in.items() if (share := variable.solution_value()) > TOLERANCE}
            fresh = self.rows[reduced < -TOLERANCE]
            fresh = np.array([row for row in fresh.tolist() if row not in self._in], np.int64)
            if not len(fresh):
                return
            if len(fresh) > MORE:
                at = np.searchsorted(self.rows, fresh)
                fresh = fresh[np.argpartition(reduced[at], MORE)[:MORE]]
            self._add(fresh)

    def keep(self, value: float, also: Ints) -> None:
        """Rule out every column that no choice cheaper than `value` can hold; the columns `also` stay."""
        stays = (self.reduced <= value - self.bound + TOLERANCE) | np.isin(self.rows, also)
        for row in self.rows[~stays].tolist():
            if row in self._in:
                self._in.pop(row).SetUb(0.0)
        self.rows, self.reduced, self._cut = self.rows[stays], self.reduced[stays], self._cut[stays]

    def tighten(self) -> bool:
        """Add the cuts that the last solution breaks most; return whether there were any.

        Columns that hold two of three units shut each other out: at most one of them is chosen (subset-row cuts, Jepsen, Petersen,
        Spoorendonk and Pisinger 2008).
        """
        three = _broken(self.members[np.fromiter(self._share, np.int64)], np.fromiter(self._share.values(), np.float64))
        if not len(three):
            return False
        cuts = np.arange(len(three))
        chosen = csr_array((np.ones(3 * len(three)), (three.T.ravel(), np.tile(cuts, 3))), shape=(self.members.shape[1], len(three)))
        within = csr_array(vstack([self._two_of(chosen, start) for start in range(0, len(self.rows), BLOCK)], format="csr"))
        place = {row: at for at, row in enumerate(self.rows.tolist())}
        first = len(self._cuts)
        self._cuts += [self._solver.Constraint(-self._solver.infinity(), 1.0) for _cut in three]
        self.cliques += list(three)
        self._cut = csr_array(hstack((self._cut, within), format="csr"))
        for row, variable in self._in.items():
            for cut in _row(within, place[row]).tolist():
                self._cuts[first + cut].SetCoefficient(variable, 1.0)
        return True

    def _two_of(self, chosen: csr_array, start: int) -> csr_array:
        """Return which of the columns from `start` on hold two units of each cut, (BLOCK, cuts) 0/1."""
        return csr_array((self.members[self.rows[start : start + BLOCK]] @ chosen >= 2).astype(np.float64))

    def _units(self, row: int) -> Ints:
        return _row(self.members, row)

    def _add(self, rows: Ints) -> None:
        place = np.searchsorted(self.rows, rows)
        for row, at in zip(rows.tolist(), place.tolist(), strict=True):
            variable = self._solver.NumVar(0.0, self._solver.infinity(), "")
            self._in[row] = variable
            self._objective.SetCoefficient(variable, float(self.cost[row]))
            self._number.SetCoefficient(variable, 1.0)
            for unit in self._units(row).tolist():
                self._cover[unit].SetCoefficient(variable, 1.0)
            for cut in _row(self._cut, at).tolist():
                self._cuts[cut].SetCoefficient(variable, 1.0)


def _cheap_per_unit(members: csr_array, price: Floats) -> Ints:
    """Return the columns cheapest a unit among those that hold each unit, about FIRST in all."""
    few = max(FIRST // members.shape[1], 10)
    by_unit = members.tocsc()
    chosen = []
    for unit in range(members.shape[1]):
        rows = by_unit.indices[by_unit.indptr[unit] : by_unit.indptr[unit + 1]]
        chosen.append(rows[np.argpartition(price[rows], few)[:few]] if len(rows) > few else rows)
    return np.unique(np.concatenate(chosen))


def _row(matrix: csr_array, row: int) -> Ints:
    """Return where a row of a sparse matrix is not 0."""
    return np.asarray(matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]])


def _fair_prices(members: csr_array, cost: Floats) -> Floats:
    """Return unit prices (n,) that no column's units exceed its cost by: each the least share of a column's cost that it can bear."""
    by_unit = members.tocsc()
    share = np.append(cost / np.diff(members.indptr), np.inf)  # a unit that no column holds would start at the end
    price = np.minimum.reduceat(share[np.append(by_unit.indices, len(cost))], by_unit.indptr[:-1])
    return np.where(np.diff(by_unit.indptr) > 0, price, 0.0)


def _broken(columns: csr_array, share: Floats) -> Ints:
    """Return the triples of units (t, 3), ascending, of which columns that hold two or more have most more than 1 in all: up to CUTS.

    Shares of columns with a pair of units in common come to 1 at most, so two pairs of a triple that is broken have two thirds
    together: looking at the partners of each unit alone finds all.
    """
    together = csr_array(columns.T @ (csr_array(share[:, None]) * columns))
    found = []
    for unit in range(columns.shape[1]):
        mate, pair = _row(together, unit), together.data[together.indptr[unit] : together.indptr[unit + 1]]
        mate, pair = mate[mate != unit], pair[mate != unit]
        a, b = np.triu_indices(len(mate), 1)
        heavy = pair[a] + pair[b] > 2 / 3
        a, b = mate[a[heavy]], mate[b[heavy]]
        found.append(np.sort(np.column_stack((np.full(len(a), unit), a, b)), axis=1))
    triples = np.unique(np.concatenate(found), axis=0)
    held = np.zeros(len(triples))
    for start in range(0, len(triples), BLOCK):
        part = triples[start : start + BLOCK]
        place = np.tile(np.arange(len(part)), 3)
        chosen = csr_array((np.ones(len(place)), (part.T.ravel(), place)), shape=(columns.shape[1], len(part)))
        held[start : start + BLOCK] = share @ csr_array((columns @ chosen >= 2).astype(np.float64))
    worst = np.argsort(-held, kind="stable")[:CUTS]
    return np.asarray(triples[np.sort(worst[held[worst] > 1.0 + VIOLATED])])
