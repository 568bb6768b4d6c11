"""A planner's hand that edits at random: the same edits again for the same seed, on a project of any size."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np

from gridplanner.edits.area_edits import DrawGrid
from gridplanner.edits.course_edits import ReshapeBorder
from gridplanner.edits.cut_edits import CutUnits, Line, SplitGrid
from gridplanner.edits.edit import Edit
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.lock_edits import LockGrids
from gridplanner.edits.merge_edits import MergeGrids
from gridplanner.edits.rule_edits import HoldUnits, KeepTogether, Release
from gridplanner.edits.scenario_edits import BranchScenario, SwitchScenario
from gridplanner.edits.settings_edits import ChangeSettings
from gridplanner.edits.table_edits import ChangeGrids
from gridplanner.errors import EditRejected
from gridplanner.model.borders_near import border_between
from gridplanner.model.outlines import pieces_around
from gridplanner.model.project import Project
from gridplanner.model.scenarios import free_title, scenario_names
from gridplanner.session import Session

Draw = Callable[[Project, np.random.Generator], Edit]
ASSIGNED, PUSHED = 100, 20  # units


def assign(project: Project, rng: np.random.Generator) -> Edit:
    """Many units around a grid to it."""
    grid = any_grid(project, rng)
    return MoveUnits(around(project, grid, ASSIGNED), grid)


def push(project: Project, rng: np.random.Generator) -> Edit:
    """Some units of a neighbour over the border."""
    grid = any_grid(project, rng)
    near = around(project, grid, PUSHED)
    assert project.grids is not None
    home = project.grids.labels[near[0]] if near else grid
    return MoveUnits(tuple(unit for unit in near if project.grids.labels[unit] == home), grid)


def merge(project: Project, rng: np.random.Generator) -> Edit:
    """A grid and a neighbour."""
    grid = any_grid(project, rng)
    near = around(project, grid, 1)
    assert project.grids is not None
    return MergeGrids(grid, tuple(int(project.grids.labels[unit]) for unit in near))


def lock(project: Project, rng: np.random.Generator) -> Edit:
    """Two grids, locked or unlocked."""
    return LockGrids(tuple(sorted({any_grid(project, rng) for _grid in range(2)})), bool(rng.random() < 0.4))


def rename(project: Project, rng: np.random.Generator) -> Edit:
    """A grid's name."""
    return ChangeGrids(((any_grid(project, rng), (("name", f"第{rng.integers(1, 1000)}网格"),)),))


def staff(project: Project, rng: np.random.Generator) -> Edit:
    """The people on duty in a grid."""
    return ChangeGrids(((any_grid(project, rng), (("workers", (f"{rng.integers(1000)}号",)),)),))


def new_grid(project: Project, rng: np.random.Generator) -> Edit:
    """A closed line around a grid's middle: a grid of its own."""
    assert project.grids is not None
    grid = any_grid(project, rng)
    places = _places(project, grid)
    angle = np.arange(6) / 6 * 2 * np.pi
    reach = 0.35 * np.ptp(places, axis=0).min()
    return DrawGrid(
        _line(places.mean(axis=0) + reach * np.column_stack((np.cos(angle), np.sin(angle)))), project.grids.grids[grid].community
    )


def cut(project: Project, rng: np.random.Generator) -> Edit:
    """A line across some units."""
    places = _places(project, any_grid(project, rng))
    return CutUnits((_line(_across(places, rng, 0.4)),))


def split(project: Project, rng: np.random.Generator) -> Edit:
    """A line across a whole grid."""
    grid = any_grid(project, rng)
    return SplitGrid(grid, _line(_across(_places(project, grid), rng, 2.0)), bool(rng.random() < 0.5))


def reshape(project: Project, rng: np.random.Generator) -> Edit:
    """Another course of a border."""
    grid = any_grid(project, rng)
    units, plan = project.units, project.grids
    assert units is not None
    assert plan is not None
    near = around(project, grid, 1)
    other = int(plan.labels[near[0]]) if near else grid
    ends = units.xy[units.ends[border_between(units, plan.labels, grid, other)]].reshape(-1, 2)
    if not len(ends):
        return LockGrids((grid,), False)
    start, end = ends[0], ends[-1]
    return ReshapeBorder(_line(np.stack((start, (start + end) / 2 + rng.normal(0, 30, 2), end))), grid, other)


def keep(project: Project, rng: np.random.Generator) -> Edit:
    """A rule about some units, or one fewer."""
    assert project.grids is not None
    units = tuple(np.flatnonzero(project.grids.labels == any_grid(project, rng))[:3].tolist())
    which = int(rng.integers(3))
    return (KeepTogether, HoldUnits)[which](units) if which < 2 else Release("keep", 0)


def change_settings(project: Project, rng: np.random.Generator) -> Edit:
    """Another number of households a grid."""
    settings = project.settings.grids
    assert settings is not None
    return ChangeSettings("grids", dataclasses.replace(settings, target_households=float(rng.integers(250, 350))))


def branch(project: Project, rng: np.random.Generator) -> Edit:
    """Another scenario, of at most three."""
    names = scenario_names(project)
    return BranchScenario(free_title(project)) if len(names) < 3 else SwitchScenario(names[int(rng.integers(len(names)))])


KINDS: dict[str, tuple[Draw, float]] = {
    "assign": (assign, 4), "push border": (push, 8), "merge": (merge, 1), "lock": (lock, 3), "rename": (rename, 2), "workers": (staff, 2),
    "new grid": (new_grid, 1), "cut": (cut, 1), "split": (split, 1), "reshape border": (reshape, 1), "rule": (keep, 1),
    "setting": (change_settings, 0.5), "scenario": (branch, 0.5),
}  # fmt: skip
_WEIGHTS = np.array([weight for _draw, weight in KINDS.values()])


def take_step(session: Session, rng: np.random.Generator) -> str:
    """Change the project of a session: an edit most often, else undo, redo or travel; return what was done, empty where it was refused."""
    before, chance = session.project, rng.random()
    if chance < 0.08:
        name = "undo"
        session.undo()
    elif chance < 0.13:
        name = "redo"
        session.redo()
    elif chance < 0.15:
        name = "travel"
        session.travel(int(rng.integers(-4, 4)))
    else:
        name = str(rng.choice(list(KINDS), p=_WEIGHTS / _WEIGHTS.sum()))
        try:
            session.do(KINDS[name][0](before, rng))
        except EditRejected:
            return ""
    return name if session.project is not before else ""


def any_grid(project: Project, rng: np.random.Generator) -> int:
    """Return the id of any grid."""
    assert project.grids is not None
    return int(rng.choice(sorted(project.grids.grids)))


def around(project: Project, grid: int, count: int) -> tuple[int, ...]:
    """Return the units nearest to a grid across borders, ring by ring, within its community."""
    units, plan = project.units, project.grids
    assert units is not None
    assert plan is not None
    inside = plan.labels == grid
    home = units.community == plan.grids[grid].community
    found: list[int] = []
    while len(found) < count:
        pieces = pieces_around(units, np.flatnonzero(inside))
        beside = np.unique(np.concatenate((units.left[pieces], units.right[pieces])))
        fresh = beside[(beside >= 0) & home[beside] & ~inside[beside]]
        if not len(fresh):
            break
        found += fresh.tolist()
        inside[fresh] = True
    return tuple(found[:count])


def _places(project: Project, grid: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return the corners of a grid's units, (n, 2)."""
    units, plan = project.units, project.grids
    assert units is not None
    assert plan is not None
    pieces = pieces_around(units, np.flatnonzero(plan.labels == grid))
    return units.xy[units.ends[pieces].ravel()]


def _across(
    places: np.ndarray[tuple[int, int], np.dtype[np.float64]], rng: np.random.Generator, share: float
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return a straight line through the middle of places, as long as a share of their extent."""
    step = rng.normal(0, 1, 2)
    step *= share * np.hypot(*np.ptp(places, axis=0)) / 2 / np.hypot(*step)
    middle = places.mean(axis=0)
    return np.stack((middle - step, middle + step))


def _line(places: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> Line:
    return tuple((x, y) for x, y in np.round(places, 2).tolist())
