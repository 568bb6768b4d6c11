"""Twelve patrol zones on 3,300 made grids: how even, how soon reached, how long it takes, and how far from the best of ten long runs."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from algorithms.progress import SILENT, Progress, Span
from algorithms.zoning.connected import hang_together
from algorithms.zoning.front import slack_at, solve_front
from algorithms.zoning.problem import ZoningProblem
from algorithms.zoning.solve import ZoningParams, solve_zoning
from gridplanner.benchmarks.own_process import timed
from gridplanner.benchmarks.table import Row, at_most

CASE = "12 zones on 3,300 grids"
ROWS, COLUMNS, ZONES = 60, 55, 12
SIDE = 300.0  # metres
RESPONSE = 0.3
LONG = ZoningParams(starts=80, kicks=240, keep=6)
RUNS = 10
NOTES = (
    "Zones: a made district of 3,300 grids of 300 m with a river and few bridges, three dense places, work and calls uneven; the table "
    "of times between all grids is given. The whole set of plans between even work and fast response is computed; rows are of the one at "
    "response 0.3. Long runs search that one alone, with other seeds and several times the starts.",
)


def rows(quick: bool = False, progress: Progress = SILENT) -> list[Row]:
    """Return the rows of the benchmark; a quick one makes three long runs instead of ten."""
    problem = made_district()
    (choices, chosen), seconds = timed(lambda: solve_front(problem, RESPONSE, ZoningParams(), 1, Span(progress, 0.0, 0.1)))
    plan = choices[chosen].plan
    runs = 3 if quick else RUNS
    best = min(
        solve_zoning(problem, slack_at(RESPONSE), LONG, 100 + run, Span(progress, 0.1 + 0.9 * run / runs, 1.0)).figures.cost
        for run in range(runs)
    )
    broken = sum(not hang_together(problem, choice.plan.zoning.labels) for choice in choices)
    return [
        at_most(CASE, "workload max ÷ mean", plan.figures.spread, 1.05),
        at_most(CASE, "plans with a zone in pieces", broken, 0),
        at_most(CASE, "seconds for all plans", seconds, 10.0, "s"),
        at_most(CASE, f"response above the best of {runs} long runs", 100 * (plan.figures.cost / best - 1), 3.0, "%"),
        at_most(CASE, "response above the bound from its sites", 100 * (plan.figures.cost / plan.bound - 1), None, "%"),
        at_most(CASE, "mean minutes to the demand", plan.figures.minutes, None, "min"),
        at_most(CASE, "plans between even and fast", len(choices), None),
    ]


def made_district(seed: int = 1) -> ZoningProblem:
    """Return a made district as a zoning problem, sites to be chosen."""
    rng = np.random.default_rng(seed)
    count = ROWS * COLUMNS
    row, column = np.divmod(np.arange(count), COLUMNS)
    xy = np.column_stack((column, row)) * SIDE + rng.uniform(-80, 80, (count, 2))
    number = np.arange(count).reshape(ROWS, COLUMNS)
    low = np.concatenate((number[:, :-1].ravel(), number[:-1].ravel()))
    high = np.concatenate((number[:, 1:].ravel(), number[1:].ravel()))
    north = xy[:, 1] > 9_000 + 1_500 * np.sin(xy[:, 0] / 3_000)
    crossable = (north[low] == north[high]) | (rng.random(len(low)) < 0.08)
    main = (column % 9 == 0) | (row % 9 == 0)
    speed = np.where(main[low] & main[high], 45.0, 22.0) * rng.uniform(0.7, 1.3, len(low))
    minutes = np.hypot(*(xy[low] - xy[high]).T) / 1_000 / speed * 60
    ends = np.concatenate((low[crossable], high[crossable])), np.concatenate((high[crossable], low[crossable]))
    table = dijkstra(csr_array((np.tile(minutes[crossable], 2), ends), shape=(count, count))) + 0.3
    places = np.array([[8_000, 6_000], [11_000, 13_000], [3_000, 14_000]])
    dense = sum(np.exp(-((xy - place) ** 2).sum(axis=1) / (2 * 3_500**2)) for place in places)
    return ZoningProblem(
        work=rng.lognormal(0, 0.35, count) * (0.5 + dense),
        demand=rng.poisson(4 * dense * rng.gamma(2, 0.5, count)).astype(np.float64),
        minutes=table.astype(np.float32),
        home=np.arange(count),
        low=low,
        high=high,
        length=np.full(len(low), SIDE),
        crossable=crossable,
        region=np.zeros(count, np.int64),
        districts=np.array([ZONES]),
        must=np.zeros(count, bool),
    )
