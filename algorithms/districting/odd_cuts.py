"""The linear programme of an exact cover with odd-set cuts: a bound near the best cover, and every set's reduced cost."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from algorithms.progress import SILENT, Progress

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger[Any]]

TOLERANCE = 1e-6  # what the bound may be off
WHOLE = 1e-6  # a share nearer to 0 or 1 is whole
CUTS = 150  # cuts added a round
ROUNDS = 8
GAIN = 2e-4  # of the bound: a round that gains less is the last
VIOLATED = 0.02  # how far beyond its right side a cut must be
NEAR = 0.8  # share in all from which three units are worth being looked at with more
GROWN = ((5, 300), (7, 200), (9, 120))  # units of larger cuts, and how many smaller ones each are grown from


class CutProgramme:
    """min cost·x, every unit covered once by `count` sets, 0 ≤ x, and for odd sets C of units: Σ ⌊|S ∩ C| ÷ 2⌋·x ≤ ⌊|C| ÷ 2⌋.

    The cuts are Chvátal–Gomory cuts of rank 1 (half of each row of C, rounded down; those of three units are the subset-row cuts of
    Jepsen, Petersen, Spoorendonk and Pisinger 2008). `bound` is below every cover, as it holds for any duals; `reduced` (c,) is what
    a set adds to it at least.
    """

    def __init__(self, members: csr_array, cost: Floats, count: int) -> None:
        from ortools.linear_solver import pywraplp

        self.members, self.cost, self.count = members, cost, count
        self.bound, self.reduced = -np.inf, np.zeros(len(cost))
        self._solver = pywraplp.Solver.CreateSolver("GLOP")
        # what it calls imprecise will do, as the bound holds for any duals
        self._solver.SetSolverSpecificParametersAsString("change_status_to_imprecise:false")
        self._optimal = pywraplp.Solver.OPTIMAL
        objective = self._solver.Objective()
        objective.SetMinimization()
        self._cover = [self._solver.Constraint(1.0, 1.0) for _unit in range(members.shape[1])]
        self._number = self._solver.Constraint(float(count), float(count))
        self._share = []
        indices = members.indices.tolist()
        for (start, stop), price in zip(pairwise(members.indptr.tolist()), cost.tolist(), strict=True):
            share = self._solver.NumVar(0.0, self._solver.infinity(), "")
            objective.SetCoefficient(share, price)
            self._number.SetCoefficient(share, 1.0)
            for unit in indices[start:stop]:
                self._cover[unit].SetCoefficient(share, 1.0)
            self._share.append(share)
        self._rows: list[Any] = []
        self._right: list[int] = []
        self._inside = csr_array((len(cost), 0))
        self._known: set[tuple[int, ...]] = set()

    def tighten(self, progress: Progress = SILENT) -> None:
        """Solve, and add the cuts that the solution breaks most, until they gain little."""
        shares = self._solve()
        for _round in range(ROUNDS):
            progress.check()
            before = self.bound
            if shares is None or progress.should_finish():
                return
            fresh = [units for units in odd_cuts(self.members, shares) if tuple(units.tolist()) not in self._known]
            if not fresh:
                return
            self._add(fresh)
            shares = self._solve()
            if self.bound - before <= GAIN * abs(self.bound):
                return

    def _solve(self) -> Floats | None:
        """Return the share of each set; None where the solver gave up."""
        if self._solver.Solve() != self._optimal:
            return None
        price = np.array([row.dual_value() for row in self._cover])
        each = self._number.dual_value()
        sigma = np.minimum([row.dual_value() for row in self._rows], 0.0)  # above 0 only by the solver's tolerance
        reduced = self.cost - self.members @ price - each
        if len(sigma):
            reduced = reduced - self._inside @ sigma
        least = min(float(reduced.min()), 0.0)
        bound = float(price.sum() + self.count * (each + least) + sigma @ np.array(self._right)) - TOLERANCE
        if bound > self.bound:
            self.bound, self.reduced = bound, reduced - least
        return np.array([share.solution_value() for share in self._share])

    def _add(self, cuts: list[Ints]) -> None:
        chosen = np.zeros((self.members.shape[1], len(cuts)))
        for number, units in enumerate(cuts):
            chosen[units, number] = 1.0
        inside = csr_array(np.floor((self.members @ chosen) / 2))
        by_cut = inside.tocsc()
        for number, units in enumerate(cuts):
            right = len(units) // 2
            row = self._solver.Constraint(-self._solver.infinity(), float(right))
            held = slice(int(by_cut.indptr[number]), int(by_cut.indptr[number + 1]))
            for at, factor in zip(by_cut.indices[held].tolist(), by_cut.data[held].tolist(), strict=True):
                row.SetCoefficient(self._share[at], factor)
            self._rows.append(row)
            self._right.append(right)
            self._known.add(tuple(units.tolist()))
        self._inside = csr_array(hstack((self._inside, inside), format="csr"))


def odd_cuts(members: csr_array, shares: Floats) -> list[Ints]:
    """Return odd sets of units, ascending, whose cuts some shares of sets break: the worst first, up to CUTS.

    Three units are looked at wherever sets in part hold two of them; those near their limit grow by the pairs of neighbouring units that
    bring them nearest to the next one.
    """
    part = np.flatnonzero((shares > WHOLE) & (shares < 1 - WHOLE))
    share = shares[part]
    held = members[part].toarray().astype(np.int8)
    units = np.flatnonzero(held.any(axis=0))
    held = held[:, units]
    together = (held * share[:, None]).T @ held > WHOLE
    np.fill_diagonal(together, val=False)
    layer = _threes(held, share, together)
    found = {units_: value - 1 for units_, value in layer.items() if value > 1 + VIOLATED}
    for size, few in GROWN:
        larger: dict[tuple[int, ...], float] = {}
        for inner in sorted(layer, key=lambda key: (-layer[key], key))[:few]:
            larger.update(_grown(inner, held, share, together))
        limit = size // 2
        found |= {key: (value - limit) / np.sqrt(size / 3) for key, value in larger.items() if value > limit + VIOLATED}
        layer = larger
    worst = sorted(found, key=lambda key: (-found[key], key))[:CUTS]
    return [units[list(key)] for key in worst]


def _threes(held: NDArray[np.int8], share: Floats, together: NDArray[np.bool_]) -> dict[tuple[int, ...], float]:
    """Return triples of units (rows of `together`), and the share of sets that hold two of them or more."""
    found: dict[tuple[int, ...], float] = {}
    for unit in range(len(together)):
        mate = np.flatnonzero(together[unit])
        i, j = np.triu_indices(len(mate), 1)
        i, j = mate[i], mate[j]
        value = share @ (held[:, [unit]] + held[:, i] + held[:, j] >= 2)
        for at in np.flatnonzero(value > NEAR).tolist():
            found[tuple(sorted((unit, int(i[at]), int(j[at]))))] = float(value[at])
    return found


def _grown(
    inner: tuple[int, ...], held: NDArray[np.int8], share: Floats, together: NDArray[np.bool_], best: int = 3
) -> dict[tuple[int, ...], float]:
    """Return the units of a cut with two more that lie beside them: the pairs with the greatest left side."""
    beside = np.setdiff1d(np.flatnonzero(together[list(inner)].any(axis=0)), inner)
    i, j = np.triu_indices(len(beside), 1)
    if not len(i):
        return {}
    i, j = beside[i], beside[j]
    base = held[:, list(inner)].sum(axis=1, dtype=np.int8)
    value = share @ ((base[:, None] + held[:, i] + held[:, j]) // 2)
    order = np.argsort(-value, kind="stable")[:best]
    return {tuple(sorted((*inner, int(i[at]), int(j[at])))): float(value[at]) for at in order.tolist()}
