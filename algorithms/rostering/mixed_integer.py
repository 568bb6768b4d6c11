"""A programme solved by branch and cut: HiGHS inside OR-Tools, which proves rosters with even shares the fastest of what was tried."""

from __future__ import annotations

import datetime
import time
from threading import Thread
from typing import Any

import numpy as np

from algorithms.network.polylines import Ints
from algorithms.progress import SILENT, Progress
from algorithms.rostering.problem import RosterParams
from algorithms.rostering.programme import WIDE, Programme
from algorithms.rostering.search import LOOK, SEEDS, Found

NODES = 50.0  # of the tree, for a second of work


def branch_and_cut(programme: Programme, params: RosterParams, progress: Progress = SILENT) -> Found:
    """Return the best values of a programme, proven where the nodes that the work allows suffice; one thread, deterministic.

    HiGHS cannot be interrupted: where the listener wants no more, it is left to itself (it ends at `params.wall`) and nothing is found.
    Raises Cancelled.
    """
    from ortools.math_opt.python import mathopt

    model = mathopt.Model.from_model_proto(_written(programme))
    limits = mathopt.SolveParameters(
        relative_gap_tolerance=0.0, absolute_gap_tolerance=0.5, node_limit=round(min(max(NODES * params.work, 1), 1e9)),
        time_limit=datetime.timedelta(seconds=params.wall), random_seed=params.seed % SEEDS,
    )  # fmt: skip
    answer: list[Any] = []

    def solve() -> None:
        try:
            answer.append(mathopt.solve(model, mathopt.SolverType.HIGHS, params=limits))
        except Exception as error:  # raised where somebody sees it
            answer.append(error)

    worker = Thread(target=solve, daemon=True)
    began = time.perf_counter()
    worker.start()
    while worker.is_alive():
        worker.join(LOOK)
        progress.check()
        progress.report(min((time.perf_counter() - began) / params.wall, 1.0))
        if worker.is_alive() and progress.should_finish():
            return Found(None, -WIDE, False, stopped=True)
    if isinstance(answer[0], Exception):
        raise answer[0]
    solved, reason = answer[0], mathopt.TerminationReason
    if solved.termination.reason in (reason.INFEASIBLE, reason.INFEASIBLE_OR_UNBOUNDED):
        return Found(None, -WIDE, finished=True)
    least = programme.whole(solved.best_objective_bound() * programme.unit)
    stopped = time.perf_counter() - began >= params.wall
    if not solved.has_primal_feasible_solution():
        return Found(None, least, False, stopped)
    values = np.zeros(programme.count, np.int64)
    for variable, value in solved.variable_values().items():
        values[variable.id] = round(value)
    return Found(values, least, solved.termination.reason == reason.OPTIMAL, stopped)


def _written(programme: Programme) -> Any:
    """Return the programme as a message of MathOpt."""
    from ortools.math_opt import model_pb2

    message = model_pb2.ModelProto()
    lower, upper = programme.bounds
    message.variables.ids.extend(range(programme.count))
    message.variables.lower_bounds.extend(lower.tolist())
    message.variables.upper_bounds.extend(upper.tolist())
    message.variables.integers.extend([True] * programme.count)
    prices = programme.prices
    priced = np.flatnonzero(prices)
    message.objective.linear_coefficients.ids.extend(priced.tolist())
    message.objective.linear_coefficients.values.extend((prices[priced] / programme.unit).tolist())
    matrix, low, high = programme.matrix()
    matrix.sort_indices()
    rows: Ints = np.repeat(np.arange(len(low)), np.diff(matrix.indptr))
    message.linear_constraints.ids.extend(range(len(low)))
    message.linear_constraints.lower_bounds.extend(np.where(low <= -WIDE, -np.inf, low).tolist())
    message.linear_constraints.upper_bounds.extend(np.where(high >= WIDE, np.inf, high).tolist())
    message.linear_constraint_matrix.row_ids.extend(rows.tolist())
    message.linear_constraint_matrix.column_ids.extend(matrix.indices.tolist())
    message.linear_constraint_matrix.coefficients.extend(matrix.data.astype(np.float64).tolist())
    return message
