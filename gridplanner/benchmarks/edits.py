"""Case: the planner's hand on a large plan. Assign units, push a border, undo: from the edit to figures, colours and findings."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from gridplanner.benchmarks.made_city import made_city
from gridplanner.benchmarks.own_process import in_own_process, planned
from gridplanner.benchmarks.random_hand import around
from gridplanner.benchmarks.table import Row, at_most
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.model.plan_picture import PlanPicture, picture_after, picture_of
from gridplanner.model.project import Project
from gridplanner.session import Session

SIZES = {"100 grids": 30_000, "5,000 grids": 1_500_000}  # grids, and households that make about as many
QUICK = {"100 grids": 30_000, "500 grids": 150_000}
ASSIGNED, PUSHED = 100, 20  # units
ROUNDS = 100
MEDIAN, WORST = 16.0, 33.0  # milliseconds
STEPS = ("assign", "push", "undo")
NOTES = (
    f"assign gives {ASSIGNED} units around a grid to it, push moves up to {PUSHED} units over a border and back, undo goes back through "
    "all of it; each is timed from the edit to new figures, colours and findings of the touched grids, painting left out.",
    "growth: median with the most grids ÷ median with the fewest.",
)


def benchmark_edits(*, quick: bool = False) -> list[Row]:
    """Return the rows of each size and how the medians grow from the smallest to the largest."""
    found = {name: in_own_process("edits", households=size) for name, size in (QUICK if quick else SIZES).items()}
    rows = []
    for name, figures in found.items():
        case = f"{name}, {figures['units']:,.0f} units"
        for step in STEPS:
            rows.append(at_most(case, f"{step}, median", figures[f"{step}_median"], MEDIAN, "ms"))
            rows.append(at_most(case, f"{step}, p99", figures[f"{step}_p99"], WORST, "ms"))
    small, *_others, large = found.values()
    # no bar: how an edit may grow with the number of grids is asked of it to the changed picture, by the benchmark of the canvas
    return rows + [at_most("growth", step, large[f"{step}_median"] / small[f"{step}_median"], None, "×") for step in STEPS]


def measure(households: int, rounds: int = ROUNDS, seed: int = 1) -> dict[str, Any]:
    """Return the milliseconds of each step (median and 99th percentile) in one city, measured in this process."""
    project, _work = planned(made_city(households, seed))
    return figures_of(project, rounds, seed)


def figures_of(project: Project, rounds: int, seed: int) -> dict[str, Any]:
    """Return the milliseconds of each step of `rounds` rounds in a planned project; raises RuntimeError where one cannot be followed."""
    rng = np.random.default_rng(seed)
    session, hand = Session(project), _Hand(picture_of(project))
    took: dict[str, list[float]] = {step: [] for step in STEPS}
    assert project.grids is not None
    ids = np.array(sorted(project.grids.grids))
    for _round in range(rounds + 1):  # the first is to warm up
        grid = int(rng.choice(ids))
        near = around(project, grid, ASSIGNED)
        took["assign"].append(hand.time(session, lambda: session.do(MoveUnits(near, grid))))  # noqa: B023  (called at once)
        there, home = _beyond(session.project, grid)
        if there:
            took["push"].append(hand.time(session, lambda: session.do(MoveUnits(there, grid))))  # noqa: B023
        if there and home in session.project.grids.grids:  # type: ignore[union-attr]
            took["push"].append(hand.time(session, lambda: session.do(MoveUnits(there, home))))  # noqa: B023
        while session.project is not project:
            took["undo"].append(hand.time(session, session.undo))
    units = project.units
    found: dict[str, Any] = {"grids": float(len(ids)), "units": float(len(units or ()))}
    for step, seconds in took.items():
        milliseconds = 1000 * np.array(seconds[len(seconds) // (rounds + 1) :])
        found |= {f"{step}_median": float(np.median(milliseconds)), f"{step}_p99": float(np.quantile(milliseconds, 0.99))}
    return found


class _Hand:
    """What is shown, brought after every change."""

    def __init__(self, picture: PlanPicture) -> None:
        self._picture = picture

    def time(self, session: Session, change: Callable[[], None]) -> float:
        """Return the seconds from a change of the session's project to what is shown of it."""
        start = time.perf_counter()
        change()
        found = picture_after(self._picture, session.project)
        if found is None:
            raise RuntimeError("the edit touched more than is followed at once")
        self._picture = found[0]
        assert self._picture.findings is not None
        self._picture.findings.issues  # noqa: B018  (put in order, as the panel shows them)
        return time.perf_counter() - start


def _beyond(project: Project, grid: int) -> tuple[tuple[int, ...], int]:
    """Return the units of one neighbour that are nearest to a grid, and that neighbour; none where the grid is a whole community."""
    plan = project.grids
    assert plan is not None
    near = around(project, grid, PUSHED)
    if not near:
        return (), grid
    home = int(plan.labels[near[0]])
    return tuple(unit for unit in near if plan.labels[unit] == home), home
