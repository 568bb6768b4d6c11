"""The benchmark of police work on the grids: beats, the published beats of Carrollton, patrol zones and checkpoints."""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import numpy as np

from algorithms.graph.components import components
from algorithms.progress import SILENT, Progress
from gridplanner.benchmarks.made_city import made_city
from gridplanner.benchmarks.over_seeds import Measure, Run, rows_over_seeds
from gridplanner.benchmarks.own_process import in_own_process, planned, timed
from gridplanner.benchmarks.table import Row
from gridplanner.errors import InputError
from gridplanner.model.outlines import grid_ids, grid_rows, sides
from gridplanner.model.project import Project
from gridplanner.model.statistics import grid_figures
from gridplanner.planning.beats import propose_beats
from gridplanner.settings import BeatSettings

# of beats of few grids; where 20 % is not possible the tightest tolerance is
PROVEN = {"seconds": 5.0, "proven": 1.0, "gap_pct": 0.001, "beyond_pct": 0.0, "excluded": 1.0, "broken": 0.0}
MEASURED = (
    Measure("seconds", "time", "s"),
    Measure("groups", "groups listed", less=False),
    Measure("proven", "proven optimal", less=False),
    Measure("gap_pct", "gap to the bound", "%"),
    Measure("worst_pct", "largest deviation", "%"),
    Measure("beyond_pct", "beyond what is possible", "%", every=True),
    Measure("tightest_pct", "tightest tolerance", "%"),
    Measure("excluded", "one point tighter proven impossible", less=False, every=True),
    Measure("broken", "broken beats", every=True),
)
CITY, SMALL = 176_409, 30_000  # households of the city that the bar was set for, and of a quick one
MANY = {"households": 456_900, "target": 5_474.0, "count": 217}  # as many grids a beat as in the district of 1,523 grids and 217 beats
ELSEWHERE = {"carrollton": "carrollton", "zones": "patrol_zones", "checkpoints": "checkpoints"}  # modules with a function `rows`
CASES = ("beats", *ELSEWHERE)
NOTES = (
    "Beats: a group of grids is any connected one whose persons are within the tolerance, whatever its shape; the tightest tolerance is in "
    "whole points of a per cent, and the one below it is proven to have no plan with as many beats.",
)
Rows = Callable[[bool, Progress], list[Row]]


def benchmark_beats(progress: Progress = SILENT, *, quick: bool = False, seeds: int = 1, cases: Sequence[str] = ()) -> list[Row]:
    """Return the rows of every case, or of those named, that of beats over several seeds; a case that is not installed has none.

    Raises InputError where a case is named whose data are not on this machine.
    """
    rows: list[Row] = []
    wanted = [name for name in CASES if not cases or name in cases]
    for number, name in enumerate(wanted):
        progress.check()
        if progress.should_finish():
            break
        progress.report(number / len(wanted), name)
        try:
            rows += beat_rows(quick, seeds) if name == "beats" else _elsewhere(ELSEWHERE[name])(quick, progress)
        except InputError:
            if cases:  # what nobody named is left out where its data are not here
                raise
    return rows


def _elsewhere(module: str) -> Rows:
    name = f"gridplanner.benchmarks.{module}"
    try:
        return cast("Rows", importlib.import_module(name).rows)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        return lambda _quick, _progress: []


def beat_rows(quick: bool, seeds: int = 1) -> list[Row]:
    """Return the rows of beats of about three grids, proven, over several cities, and (not quick) of seven grids in one."""
    size = SMALL if quick else CITY
    few = [in_own_process("beats", households=size, seed=seed) for seed in range(1, seeds + 1)]
    rows = _rows(few, PROVEN)
    return rows if quick else rows + _rows([in_own_process("beats", **MANY)], {"worst_pct": 20.0, "broken": 0.0})


def _rows(found: Sequence[dict[str, Any]], bars: Mapping[str, float]) -> list[Row]:
    first = found[0]
    case = f"{first['grids']:,.0f} grids to {first['beats']:,.0f} beats of {first['target']:,.0f} persons ± 20 %"
    return rows_over_seeds(case, MEASURED, [Run(figures, {}) for figures in found], bars)


def measure(households: int, target: float = 2500.0, count: int = 0, seed: int = 1) -> dict[str, Any]:
    """Return the figures of the beats of one made city, measured in this process."""
    project, _work = planned(made_city(households, seed))
    settings = BeatSettings(target_persons=target, count=count)
    project = dataclasses.replace(project, settings=dataclasses.replace(project.settings, beats=settings))
    edit, seconds = timed(lambda: propose_beats(project))
    return {"seconds": seconds, "target": target, **figures_of(edit.apply(project))}


def figures_of(project: Project) -> dict[str, float]:
    """Return the figures of a project's beats, those of the plan counted here and not taken from the planner."""
    plan, settings = project.beats, project.settings.beats
    assert plan is not None
    assert settings is not None
    assert project.grids is not None
    persons = grid_figures(project).persons
    label = np.unique([plan.members[g] for g in grid_ids(project.grids).tolist()], return_inverse=True)[1]
    off = np.abs(np.bincount(label, persons) / settings.target_persons - 1)
    known = plan.certificates[0]
    tight, none = known.tightest, known.excluded
    gap = np.nan if known.value is None or known.bound is None else 100 * (known.value - known.bound) / max(known.value, 1e-9)
    return {
        "grids": float(len(project.grids)),
        "beats": float(len(plan)),
        "groups": float(known.columns),
        "proven": float(known.status == "optimal"),
        "gap_pct": float(gap),
        "worst_pct": float(100 * off.max()),
        "beyond_pct": max(0.0, float(100 * off.max()) - max(100 * settings.tolerance, 100 * (tight or 0.0))),
        "tightest_pct": np.nan if tight is None else 100 * tight,
        "excluded": float(tight is not None and (tight == 0 or (none is not None and round(100 * (tight - none)) == 1))),
        "broken": float(_broken(project, label)),
    }


def _broken(project: Project, label: np.ndarray[Any, np.dtype[np.signedinteger[Any]]]) -> int:
    """Return how many beats lie in several pieces over crossable borders."""
    assert project.units is not None
    assert project.grids is not None
    units = project.units
    left, right = sides(units, grid_rows(project.grids))
    free = (left >= 0) & (right >= 0) & ~units.blocked
    a, b = left[free], right[free]
    same = label[a] == label[b]
    piece = components(len(label), a[same], b[same])
    pieces = np.unique(np.column_stack((label, piece)), axis=0)[:, 0]
    return int((np.bincount(pieces) > 1).sum())
