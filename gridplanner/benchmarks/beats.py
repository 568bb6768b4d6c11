"""The benchmark of police work on the grids: beats, the published beats of Carrollton, patrol zones and checkpoints."""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np

from algorithms.graph.components import components
from algorithms.progress import SILENT, Progress
from gridplanner.benchmarks.made_city import made_city
from gridplanner.benchmarks.own_process import in_own_process, planned, timed
from gridplanner.benchmarks.table import Row, at_least, at_most
from gridplanner.errors import InputError
from gridplanner.model.outlines import grid_ids, grid_rows, sides
from gridplanner.model.project import Project
from gridplanner.model.statistics import grid_figures
from gridplanner.planning.beats import propose_beats
from gridplanner.settings import BeatSettings

SECONDS = 5.0  # for beats of few grids, proven
CITY, SMALL = 176_409, 30_000  # households of the city that the bar was set for, and of a quick one
MANY = {"households": 456_900, "target": 5_474.0, "count": 217}  # as many grids a beat as in the district of 1,523 grids and 217 beats
ELSEWHERE = {"carrollton": "carrollton", "zones": "patrol_zones", "checkpoints": "checkpoints"}  # modules with a function `rows`
CASES = ("beats", *ELSEWHERE)
NOTES = (
    "Beats: a group of grids is any connected one whose persons are within the tolerance, whatever its shape; the tightest tolerance is in "
    "whole points of a per cent, and the one below it is proven to have no plan with as many beats.",
)
Rows = Callable[[bool, Progress], list[Row]]


def benchmark_beats(progress: Progress = SILENT, *, quick: bool = False, cases: Sequence[str] = ()) -> list[Row]:
    """Return the rows of every case, or of those named; a case that is not installed has none.

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
            rows += beat_rows(quick) if name == "beats" else _elsewhere(ELSEWHERE[name])(quick, progress)
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


def beat_rows(quick: bool) -> list[Row]:
    """Return the rows of beats of about three grids, proven, and (not quick) of seven."""
    rows = _rows(in_own_process("beats", households=SMALL if quick else CITY), proven=True)
    return rows if quick else rows + _rows(in_own_process("beats", **MANY), proven=False)


def _rows(found: dict[str, Any], *, proven: bool) -> list[Row]:
    case = f"{found['grids']:,.0f} grids to {found['beats']:,.0f} beats of {found['target']:,.0f} persons ± 20 %"
    return [
        at_most(case, "time", found["seconds"], SECONDS if proven else None, "s"),
        at_least(case, "groups listed", found["groups"], None),
        at_least(case, "proven optimal", found["proven"], 1 if proven else None),
        at_most(case, "gap to the bound", found["gap_pct"], 0.001 if proven else None, "%"),
        at_most(case, "largest deviation", found["worst_pct"], max(20.0, found["tightest_pct"]) if proven else 20.0, "%"),
        at_most(case, "tightest tolerance", found["tightest_pct"], None, "%"),
        at_least(case, "one point tighter proven impossible", found["excluded"], 1 if proven else None),
        at_most(case, "broken beats", found["broken"], 0),
    ]


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
