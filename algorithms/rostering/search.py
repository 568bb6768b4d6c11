"""A programme searched by CP-SAT, with a listener that may end it at any time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING, Any

import numpy as np

from algorithms.network.polylines import Ints
from algorithms.progress import SILENT, Progress
from algorithms.rostering.problem import RosterParams
from algorithms.rostering.programme import WIDE, Programme

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

SEEDS = 2**31  # how many seeds CP-SAT knows
LOOK = 0.02  # seconds between two looks at the listener


@dataclass(frozen=True, eq=False)
class Found:
    """What a search found: `values` (n,) of the columns or None, and the `bound` below which none goes; `finished`: nothing is left.

    Where nothing was found and the search is finished, there is no solution. `stopped` where the listener or the clock ended it.
    """

    values: Ints | None
    bound: int
    finished: bool
    stopped: bool = False


def search(
    programme: Programme,
    params: RosterParams,
    progress: Progress = SILENT,
    hint: tuple[Ints, Ints] | None = None,
) -> Found:
    """Return the best values of a programme, proven where the work suffices.

    `hint` are columns and values to begin with. Deterministic for one seed and
    one number of workers (they take turns in an order that no clock decides), unless it is stopped before `params.work` is spent. Raises
    Cancelled.
    """
    from ortools.sat.python import cp_model

    model, variables = written(programme)
    model.minimize(cp_model.LinearExpr.weighted_sum(variables, programme.prices.tolist()))
    for column, value in zip(*(part.tolist() for part in hint), strict=True) if hint is not None else ():
        model.add_hint(variables[column], value)
    solver = solver_for(params)
    status, stopped = solved(solver, model, params, progress)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        values = np.fromiter((solver.value(variable) for variable in variables), np.int64, len(variables))
        return Found(values, programme.whole(solver.best_objective_bound), status == cp_model.OPTIMAL, stopped)
    if status == cp_model.MODEL_INVALID:
        raise ValueError(model.validate())
    bound = -WIDE if status == cp_model.INFEASIBLE else programme.whole(solver.best_objective_bound)
    return Found(None, bound, status == cp_model.INFEASIBLE, stopped)


def written(programme: Programme) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    """Return the programme as a model of CP-SAT, without its costs, and a variable for each column."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    lower, upper = (side.tolist() for side in programme.bounds)
    variables = [model.new_int_var(low, high, "") for low, high in zip(lower, upper, strict=True)]
    matrix, low, high = programme.matrix()
    starts, columns, factors = matrix.indptr.tolist(), matrix.indices.tolist(), matrix.data.tolist()
    low_side, high_side = (np.where(np.abs(side) >= WIDE, np.sign(side) * 2**62, side).tolist() for side in (low, high))
    for row in range(len(low_side)):
        part = slice(starts[row], starts[row + 1])
        whole = cp_model.LinearExpr.weighted_sum([variables[column] for column in columns[part]], factors[part])
        model.add_linear_constraint(whole, low_side[row], high_side[row])
    return model, variables


def solver_for(params: RosterParams) -> cp_model.CpSolver:
    """Return a solver with its limits set."""
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = params.workers
    solver.parameters.linearization_level = 2  # the rows are nearly tight: the linear programme is what proves
    solver.parameters.interleave_search = params.workers > 1  # workers take turns: the same result on every machine
    solver.parameters.random_seed = params.seed % SEEDS
    solver.parameters.catch_sigint_signal = False  # Ctrl-C is the program's
    solver.parameters.max_deterministic_time = params.work
    solver.parameters.max_time_in_seconds = params.wall
    return solver


def solved(solver: cp_model.CpSolver, model: cp_model.CpModel, params: RosterParams, progress: Progress) -> tuple[Any, bool]:
    """Return the status of a search that ends when its listener asks for it, and whether that or the clock ended it.

    Raises Cancelled where nobody wants the answer any more.
    """
    status: list[Any] = []
    worker = Thread(target=lambda: status.append(solver.solve(model)), daemon=True)
    began = time.perf_counter()
    worker.start()
    stopped = False
    while worker.is_alive():
        worker.join(LOOK)
        passed = time.perf_counter() - began
        progress.report(min(passed / max(params.wall, 1e-9), 1.0))
        if progress.should_finish() or progress.is_cancelled():
            stopped = True
            solver.stop_search()
    progress.check()
    return status[0], stopped or time.perf_counter() - began >= params.wall
