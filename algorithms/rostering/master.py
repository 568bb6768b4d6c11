"""The linear programme over whole schedules: its bound, and the prices by which further schedules are looked for."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from algorithms.network.polylines import Floats, Ints
from algorithms.progress import SILENT, Progress
from algorithms.rostering.problem import RosterProblem
from algorithms.rostering.programme import WIDE, Programme, raised
from algorithms.rostering.rules import cell_columns, group_rows
from algorithms.rostering.schedules import ScheduleGraph, barred_cells
from algorithms.rostering.weighing import even_shares, weigh_demand

TOLERANCE = 1e-6  # what reduced costs may be off
DEAR = 100.0  # what breaking a row costs, of the highest price
EACH = 4  # schedules of a person that enter in a round
ROUNDS = 400
NEVER = np.inf  # the cost of a cell that is barred


@dataclass(frozen=True, eq=False)
class Common:
    """What people share: rows over cells and over columns of their own (people short, most and least, …), and the cells' own costs.

    `cells` (m, p · d · (s + 1)) and `others` (m, n) with `low`, `high` (m,); `lower`, `upper`, `price` (n,) of the others;
    `cost` (p, d, s + 1), NEVER where barred.
    """

    cells: csr_array
    others: csr_array
    low: Ints
    high: Ints
    lower: Ints
    upper: Ints
    price: Ints
    cost: Floats


def common_of(problem: RosterProblem) -> Common:
    """Return the rows that people share."""
    programme = Programme()
    columns = cell_columns(problem, programme)
    programme.blocks.clear()  # one choice a day is what a schedule is
    group_rows(problem, programme, columns)
    weigh_demand(problem, programme, columns)
    for shares in problem.fairness:
        even_shares(shares, programme, columns)
    work, off = columns.own
    own = np.concatenate((work, off[..., None]), axis=2)
    matrix, low, high = programme.matrix()
    first = columns.off.size + columns.work.size
    by_column = matrix.tocsc().astype(np.float64)
    lower, upper = programme.bounds
    cost = np.where(barred_cells(problem), NEVER, programme.prices[own].astype(np.float64))
    cells, others = csr_array(by_column[:, own.ravel()]), csr_array(by_column[:, first:])
    return Common(cells, others, low, high, lower[first:], upper[first:], programme.prices[first:], cost)


class Master:
    """min cost of schedules and of the others, one schedule a person, the common rows kept.

    `bound` is below every roster; `duals` (m,) and `share` (p,), what each person's own row is worth, are those that gave it.
    """

    def __init__(self, common: Common, graphs: list[ScheduleGraph], people: int) -> None:
        from ortools.linear_solver import pywraplp

        self.common, self.graphs = common, graphs
        lone = [layer.lone for graph in graphs for layer in graph.layers]
        whole = np.concatenate((common.price, common.cost[np.isfinite(common.cost)].astype(np.int64), *lone))
        self.unit = int(np.gcd.reduce(whole)) or 1
        self.bound, self.value, self.duals = -np.inf, np.inf, np.zeros(len(common.low))
        self._solver = pywraplp.Solver.CreateSolver("GLOP")
        self._solver.SetSolverSpecificParametersAsString("change_status_to_imprecise:false")
        self._optimal = pywraplp.Solver.OPTIMAL
        endless = self._solver.infinity()
        low, high = (np.where(np.abs(side) >= WIDE, np.where(side > 0, np.inf, -np.inf), side) for side in (common.low, common.high))
        ends = [tuple(endless * np.sign(x) if np.isinf(x) else x for x in pair) for pair in zip(low.tolist(), high.tolist(), strict=True)]
        self._rows = [self._solver.Constraint(*pair) for pair in ends]
        self._one = [self._solver.Constraint(1.0, 1.0) for _person in range(people)]
        self._objective = self._solver.Objective()
        self._objective.SetMinimization()
        by_column = common.others.tocsc()
        sides = zip(common.lower.tolist(), common.upper.tolist(), common.price.tolist(), strict=True)
        for column, (least, most, price) in enumerate(sides):
            variable = self._solver.NumVar(least, most, "")
            self._objective.SetCoefficient(variable, price)
            part = slice(by_column.indptr[column], by_column.indptr[column + 1])
            for row, factor in zip(by_column.indices[part].tolist(), by_column.data[part].tolist(), strict=True):
                self._rows[row].SetCoefficient(variable, factor)
        highest = max(float(np.abs(part).max(initial=0)) for part in (common.price, common.cost[np.isfinite(common.cost)]))
        dear = DEAR * (1 + highest)
        for row, (least, most) in [*zip(self._rows, ends, strict=True), *((row, (1.0, 1.0)) for row in self._one)]:
            for sign, needed in ((1.0, least > 0), (-1.0, most < 0)):  # what makes no schedule at all a start
                if needed:
                    slack = self._solver.NumVar(0.0, endless, "")
                    row.SetCoefficient(slack, sign)
                    self._objective.SetCoefficient(slack, dear)
        self._by_cell = common.cells.tocsc()
        self._known: set[tuple[int, bytes]] = set()
        self.schedules: list[tuple[int, Ints, float]] = []  # person, choices (d,), cost

    @property
    def whole_bound(self) -> int:
        """The bound as a value that a roster can have: a multiple of all prices' common divisor."""
        return raised(self.bound, self.unit)

    def enter(self, choices: Ints) -> None:
        """Add the schedules of a whole roster (p, d); raises ValueError where one breaks a rule."""
        for graph in self.graphs:
            for person in graph.people.tolist():
                self.add(person, choices[person], self.cost_of(graph, person, choices[person]))

    def add(self, person: int, choices: Ints, cost: float) -> bool:
        """Add a schedule of a person; False where it is there already."""
        key = (person, choices.astype(np.int8).tobytes())
        if key in self._known:
            return False
        variable = self._solver.NumVar(0.0, self._solver.infinity(), "")
        self._known.add(key)
        self.schedules.append((person, choices, cost))
        self._objective.SetCoefficient(variable, cost)
        self._one[person].SetCoefficient(variable, 1.0)
        for row, factor in self._entries(person, choices).items():
            self._rows[row].SetCoefficient(variable, factor)
        return True

    def _entries(self, person: int, choices: Ints) -> dict[int, float]:
        days, options = self.common.cost.shape[1:]
        entries: dict[int, float] = {}
        for column in ((person * days + np.arange(days)) * options + choices).tolist():
            part = slice(self._by_cell.indptr[column], self._by_cell.indptr[column + 1])
            for row, factor in zip(self._by_cell.indices[part].tolist(), self._by_cell.data[part].tolist(), strict=True):
                entries[row] = entries.get(row, 0.0) + factor
        return entries

    def solve(self, progress: Progress = SILENT, end: float = np.inf) -> bool:
        """Price schedules in until none is missing; False where the listener, the clock (at `end`) or a limit ended it before."""
        for _round in range(ROUNDS):
            progress.check()
            if progress.should_finish() or time.perf_counter() >= end or self._solver.Solve() != self._optimal:
                return False
            duals = np.array([row.dual_value() for row in self._rows])
            ones = np.array([row.dual_value() for row in self._one])
            value = float(self._objective.Value())
            least, fresh = self._priced(duals, ones)
            bound = value + float(np.minimum(least - ones, 0.0).sum()) - TOLERANCE * (1 + abs(value))
            if bound > self.bound:
                self.bound, self.duals = bound, duals
            self.value = value
            if value - self.bound <= 1e-5 * (1 + abs(value)) or not fresh:
                return True
        return False

    def _priced(self, duals: Floats, ones: Floats) -> tuple[Floats, bool]:
        """Return the least reduced cost of each person's schedules (p,), and whether new ones were added."""
        prices = self.prices(duals)
        least, fresh = np.empty(len(ones)), False
        for graph in self.graphs:
            to_end = graph.to_end(prices[graph.people])
            least[graph.people] = to_end[0][:, 0]
            for place, person in enumerate(graph.people.tolist()):
                if to_end[0][place, 0] >= ones[person] - TOLERANCE:
                    continue
                mine = [layer[place] for layer in to_end]
                paths, _cost, _whole = graph.cheapest(prices[person], mine, ones[person] - TOLERANCE, EACH)
                for path in paths:
                    fresh |= self.add(person, path, self.cost_of(graph, person, path))
        return least, fresh

    def prices(self, duals: Floats) -> Floats:
        """Return what each cell costs less what the common rows give for it, (p, d, s + 1)."""
        priced: Floats = self.common.cost - np.asarray(self.common.cells.T @ duals).reshape(self.common.cost.shape)
        return priced

    def cost_of(self, graph: ScheduleGraph, person: int, path: Ints) -> float:
        """Return what a schedule costs by itself."""
        return float(self.common.cost[person, np.arange(len(path)), path].sum()) + graph.lone_cost(path)
