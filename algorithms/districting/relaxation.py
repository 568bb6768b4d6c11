"""The linear programme over columns: its bound, every column's reduced cost, and cuts that tighten it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from algorithms.progress import SILENT, Progress

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger[Any]]

TOLERANCE = 1e-6  # what reduced costs may be off
FIRST, MORE = 4_000, 3_000  # columns the programme starts with, and those added a round
ROUNDS = 60
CUTS = 60  # cuts added a round
VIOLATED = 0.03  # how far above 1 a cut's left side must be


class Relaxation:
    """min cost·x, every unit covered once, `count` columns, 0 ≤ x; columns enter as their reduced cost asks for them.

    `bound` is below every choice of columns that are still in `rows`; `reduced` (len(rows),) is what each of them adds to it at least.
    """

    def __init__(self, members: csr_array, cost: Floats, count: int, start: Ints) -> None:
        from ortools.linear_solver import pywraplp

        self.members, self.cost, self.count = members, cost, count
        self.rows = np.arange(len(cost))
        self.bound, self.reduced = -np.inf, cost
        self._solver = pywraplp.Solver.CreateSolver("GLOP")
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
        self._cut = np.zeros((len(cost), 0), np.float32)
        self._add(np.union1d(_cheap_per_unit(members, cost / np.diff(members.indptr)), start))

    def solve(self, progress: Progress = SILENT) -> None:
        """Price all columns in until none is missing."""
        for _round in range(ROUNDS):
            progress.check()
            if self._solver.Solve() != self._optimal:
                return
            duals = np.array([row.dual_value() for row in self._cover])
            mu = self._number.dual_value()
            sigma = np.array([row.dual_value() for row in self._cuts])
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
        units = self.members.shape[1]
        pairs, triples = np.zeros((units, units)), np.zeros((units, units, units), np.float32)
        for row, share in self._share.items():
            mine = self._units(row)
            pairs[np.ix_(mine, mine)] += share
            triples[np.ix_(mine, mine, mine)] += share
        held = pairs[:, :, None] + pairs[:, None, :] + pairs[None, :, :] - 2 * triples
        i, j, k = np.ogrid[:units, :units, :units]
        held[~((i < j) & (j < k))] = 0.0
        flat = held.ravel()
        found = np.argpartition(flat, -CUTS)[-CUTS:] if flat.size > CUTS else np.arange(flat.size)
        found = found[flat[found] > 1.0 + VIOLATED]
        if not len(found):
            return False
        three = np.column_stack(np.unravel_index(np.sort(found), held.shape))
        chosen = np.zeros((units, len(three)))
        chosen[three.T, np.arange(len(three))] = 1.0
        within = (self.members[self.rows] @ chosen) >= 2
        place = {row: at for at, row in enumerate(self.rows.tolist())}
        first = len(self._cuts)
        self._cuts += [self._solver.Constraint(-self._solver.infinity(), 1.0) for _cut in three]
        self.cliques += list(three)
        self._cut = np.column_stack((self._cut, within.astype(np.float32)))
        for row, variable in self._in.items():
            for cut in np.flatnonzero(within[place[row]]).tolist():
                self._cuts[first + cut].SetCoefficient(variable, 1.0)
        return True

    def _units(self, row: int) -> Ints:
        return np.asarray(self.members.indices[self.members.indptr[row] : self.members.indptr[row + 1]])

    def _add(self, rows: Ints) -> None:
        place = np.searchsorted(self.rows, rows)
        for row, at in zip(rows.tolist(), place.tolist(), strict=True):
            variable = self._solver.NumVar(0.0, self._solver.infinity(), "")
            self._in[row] = variable
            self._objective.SetCoefficient(variable, float(self.cost[row]))
            self._number.SetCoefficient(variable, 1.0)
            for unit in self._units(row).tolist():
                self._cover[unit].SetCoefficient(variable, 1.0)
            for cut in np.flatnonzero(self._cut[at]).tolist():
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
