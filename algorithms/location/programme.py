"""What is left of a location problem after fixing, as an integer programme solved by OR-Tools."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from algorithms.location.problem import Flags, Floats, Ints, LocationParams, LocationProblem

SCALE = 1e5  # the objective is scaled to about this value, so that a solver's absolute tolerances are small beside it


@dataclass(frozen=True)
class Link:
    """A customer may be served by `site` only if at least one of `others` is served by it too."""

    customer: int
    site: int
    others: tuple[int, ...]


class Rules(Protocol):
    """Rules on who may be served together, too many to be written down at once."""

    def first(self, allowed: Flags) -> list[Link]:
        """Return the links to begin with, for the entries (n, m) that may be used."""

    def broken(self, sites: Ints) -> list[Link]:
        """Return links that an assignment (n,) breaks; none where it keeps the rules."""


@dataclass(frozen=True, eq=False)
class Answer:
    """What the integer programme found: `sites` (n,) or None, a proven `bound` of the programme, inf where it has no solution.

    `finished` is False where a limit ended the search.
    """

    sites: Ints | None
    opened: Ints
    bound: float
    finished: bool = True


def solve_programme(problem: LocationProblem, allowed: Flags, links: list[Link], params: LocationParams, about: float) -> Answer:
    """Return the best assignment that uses only the `allowed` entries (n, m) and keeps the links.

    The strong formulation (Sridharan 1995): x_ij ≤ y_j for every entry, loads between floor × y_j and capacity × y_j, `count` sites
    open; where a site has a customer of its own, x_own,j is y_j (Hess et al. 1965). `about` is the order of the total cost.
    Integer programming by HiGHS inside OR-Tools, one thread.
    """
    from ortools.math_opt import model_pb2
    from ortools.math_opt.python import mathopt

    customer, site = np.nonzero(allowed)
    used = np.unique(site)
    unused = np.ones(allowed.shape[1], bool)
    unused[used] = False
    idle = unused & (problem.floor <= 0) & (problem.own_customer < 0)  # may be open and serve nobody
    if len(np.unique(customer)) < len(allowed) or np.any(unused & problem.must_open & ~idle):
        return Answer(None, np.empty(0, np.int64), np.inf)
    entry, m = len(customer), len(used)
    number = np.full(allowed.shape, -1)
    number[customer, site] = np.arange(entry)
    column = np.full(allowed.shape[1], -1)
    column[used] = entry + np.arange(m)
    cost = problem.cost[customer, site]
    lowest = np.zeros(entry + m)
    lowest[column[used]] = problem.must_open[used]
    rows = _Rows()
    rows.add(customer, np.arange(entry), np.ones(entry), 1.0, 1.0)
    most = float(problem.count - np.count_nonzero(idle & problem.must_open))
    rows.add(np.zeros(m, np.int64), column[used], np.ones(m), float(problem.count - np.count_nonzero(idle)), most)
    scale = float(problem.capacity[used].max())
    group = np.searchsorted(used, site)
    load = np.concatenate((problem.demand[customer], np.zeros(m))) / scale
    both, columns = np.concatenate((group, np.arange(m))), np.concatenate((np.arange(entry), column[used]))
    rows.add(both, columns, load - np.concatenate((np.zeros(entry), problem.capacity[used] / scale)), -np.inf, 0.0)
    if problem.least is not None:
        rows.add(both, columns, load - np.concatenate((np.zeros(entry), problem.least[used] / scale)), 0.0, np.inf)
    own = problem.own_customer[site] == customer
    each = np.arange(entry)
    for these, floor in ((each[~own], -np.inf), (each[own], 0.0)):
        at = np.arange(len(these))
        sign = np.repeat([1.0, -1.0], len(these))
        rows.add(np.concatenate((at, at)), np.concatenate((these, column[site[these]])), sign, floor, 0.0)
    for link in links:
        here = number[link.customer, link.site]
        if here >= 0:
            others = number[list(link.others), link.site]
            others = others[others >= 0]
            values = np.append(1.0, -np.ones(len(others)))
            rows.add(np.zeros(len(values), np.int64), np.append(here, others), values, -np.inf, 0.0)

    factor = SCALE / max(about, 1e-300)
    proto = model_pb2.ModelProto()
    proto.variables.ids.extend(range(entry + m))
    proto.variables.lower_bounds.extend(lowest.tolist())
    proto.variables.upper_bounds.extend([1.0] * (entry + m))
    proto.variables.integers.extend([True] * (entry + m))
    priced = np.flatnonzero(cost)
    proto.objective.linear_coefficients.ids.extend(priced.tolist())
    proto.objective.linear_coefficients.values.extend((cost[priced] * factor).tolist())
    rows.write(proto)
    parameters = mathopt.SolveParameters(
        relative_gap_tolerance=params.gap / 10,
        absolute_gap_tolerance=0.0,
        node_limit=params.nodes,
        time_limit=datetime.timedelta(seconds=params.seconds),
        random_seed=1,
    )
    solved = mathopt.solve(mathopt.Model.from_model_proto(proto), mathopt.SolverType.HIGHS, params=parameters)
    reason = mathopt.TerminationReason
    if solved.termination.reason in (reason.INFEASIBLE, reason.INFEASIBLE_OR_UNBOUNDED):
        return Answer(None, np.empty(0, np.int64), np.inf)
    bound = solved.best_objective_bound() / factor
    finished = solved.termination.reason == reason.OPTIMAL
    if not solved.has_primal_feasible_solution():
        return Answer(None, np.empty(0, np.int64), bound, finished)
    value = np.empty(entry + m)
    for variable, x in solved.variable_values().items():
        value[variable.id] = x
    on = value[:entry] > 0.5
    sites = np.full(len(allowed), -1)
    sites[customer[on]] = site[on]
    opened = used[value[entry:] > 0.5]
    spare = np.flatnonzero(idle)
    spare = spare[np.argsort(~problem.must_open[spare], kind="stable")][: problem.count - len(opened)]
    return Answer(sites, np.sort(np.append(opened, spare)), bound, finished)


class _Rows:
    """Linear rows gathered block by block: in each block, `row` says to which of its rows a coefficient belongs."""

    def __init__(self) -> None:
        self.count = 0
        self.row: list[Ints] = []
        self.column: list[Ints] = []
        self.value: list[Floats] = []
        self.low: list[Floats] = []
        self.high: list[Floats] = []

    def add(self, row: Ints, column: Ints, value: Floats, low: float, high: float) -> None:
        """Take the rows low ≤ Σ value × column ≤ high."""
        more = int(row.max(initial=-1)) + 1
        self.row.append(row + self.count)
        self.column.append(column)
        self.value.append(value)
        self.low.append(np.full(more, low))
        self.high.append(np.full(more, high))
        self.count += more

    def write(self, proto: Any) -> None:
        """Write the rows into a model of MathOpt, sorted as it wants them."""
        row, column, value = (np.concatenate(part) for part in (self.row, self.column, self.value))
        keep = value != 0
        row, column, value = row[keep], column[keep], value[keep]
        order = np.lexsort((column, row))
        proto.linear_constraints.ids.extend(range(self.count))
        proto.linear_constraints.lower_bounds.extend(np.concatenate(self.low).tolist())
        proto.linear_constraints.upper_bounds.extend(np.concatenate(self.high).tolist())
        matrix = proto.linear_constraint_matrix
        matrix.row_ids.extend(row[order].tolist())
        matrix.column_ids.extend(column[order].tolist())
        matrix.coefficients.extend(value[order].tolist())
