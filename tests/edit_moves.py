"""Random edits of a planned town, one strategy for each kind: what a planner's hand may do in any order."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gridplanner.code_profiles import profile_names
from gridplanner.edits.area_edits import AddArea, DrawGrid
from gridplanner.edits.code_edits import RecodeGrids
from gridplanner.edits.copy_grid import CopyGrid
from gridplanner.edits.course_edits import ReshapeBorder
from gridplanner.edits.cut_edits import CutUnits, Line, SplitGrid
from gridplanner.edits.edit import Edit
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.lock_edits import LockGrids
from gridplanner.edits.merge_edits import MergeGrids
from gridplanner.edits.rule_edits import HoldUnits, KeepTogether, MakeExclusive, Release
from gridplanner.edits.scenario_edits import BranchScenario, SwitchScenario
from gridplanner.edits.several import Several
from gridplanner.edits.table_edits import ChangeGrids
from gridplanner.model.borders_near import border_between
from gridplanner.model.outlines import pieces_around
from gridplanner.model.project import Project
from gridplanner.model.scenarios import free_title, scenario_names

Strategy = Callable[[Project, np.random.Generator], Edit]


def push(project: Project, rng: np.random.Generator) -> Edit:
    """Some units beside a grid, most often; else any units of its community."""
    units, plan = project.units, project.grids
    assert units is not None
    assert plan is not None
    grid = _any_grid(project, rng)
    inner = (units.left >= 0) & (units.right >= 0)
    a, b = units.left[inner], units.right[inner]
    beside = np.concatenate((b[plan.labels[a] == grid], a[plan.labels[b] == grid]))
    mine = plan.grids[grid].community
    beside = np.unique(beside[(units.community[beside] == mine) & (plan.labels[beside] != grid)])
    if not len(beside) or rng.random() < 0.2:
        beside = np.flatnonzero(units.community == mine)
    return MoveUnits(tuple(rng.choice(beside, min(int(rng.integers(1, 5)), len(beside)), replace=False).tolist()), grid)


def end_grid(project: Project, rng: np.random.Generator) -> Edit:
    """All units of a grid to another."""
    plan = project.grids
    assert plan is not None
    return MoveUnits(tuple(np.flatnonzero(plan.labels == _any_grid(project, rng)).tolist()), _any_grid(project, rng))


def push_twice(project: Project, rng: np.random.Generator) -> Edit:
    return Several("push", (push(project, rng), push(project, rng)))


def lock(project: Project, rng: np.random.Generator) -> Edit:
    grids = {_any_grid(project, rng) for _grid in range(2)}
    return LockGrids(tuple(sorted(grids)), bool(rng.random() < 0.4))


def change(project: Project, rng: np.random.Generator) -> Edit:
    code = f"62080210000{rng.integers(1, 3)}{rng.integers(100, 999)}"
    changes: list[tuple[str, object]] = [("name", "东"), ("workers", ("甲",)), ("code", code), ("code", "")]
    return ChangeGrids(((_any_grid(project, rng), (changes[rng.integers(len(changes))],)),))


def recode(_project: Project, rng: np.random.Generator) -> Edit:
    return RecodeGrids(profile_names()[rng.integers(len(profile_names()))])


def keep(project: Project, rng: np.random.Generator) -> Edit:
    assert project.grids is not None
    mine = np.flatnonzero(project.grids.labels == _any_grid(project, rng))
    return (KeepTogether, HoldUnits)[rng.integers(2)](tuple(mine[:3].tolist()))


def exclude(project: Project, rng: np.random.Generator) -> Edit:
    return MakeExclusive(_any_grid(project, rng))


def release(project: Project, rng: np.random.Generator) -> Edit:
    return Release(("keep", "exclusive", "must_stay")[rng.integers(3)], 0)


def merge(project: Project, rng: np.random.Generator) -> Edit:
    return MergeGrids(_any_grid(project, rng), (_any_grid(project, rng),))


def cut(project: Project, rng: np.random.Generator) -> Edit:
    """A line across a few units."""
    assert project.units is not None
    low, high = project.units.xy.min(axis=0), project.units.xy.max(axis=0)
    start = low + rng.random(2) * (high - low)
    end = start + rng.uniform(-90, 90, 2)
    return CutUnits((_line(np.stack((start, end))),))


def split(project: Project, rng: np.random.Generator) -> Edit:
    """A line across a whole grid."""
    units, plan = project.units, project.grids
    assert units is not None
    assert plan is not None
    grid = _any_grid(project, rng)
    mine = pieces_around(units, np.flatnonzero(plan.labels == grid))
    middle = units.xy[units.ends[mine].ravel()].mean(axis=0)
    step = rng.normal(0, 1, 2)
    step *= 400 / np.hypot(*step)
    return SplitGrid(grid, _line(np.stack((middle - step, middle + step))), bool(rng.random() < 0.5))


def draw(project: Project, rng: np.random.Generator) -> Edit:
    """A closed line: a new grid, or more ground for one."""
    plan = project.grids
    assert plan is not None
    grid = _any_grid(project, rng)
    ring = _ring(project, rng)
    return DrawGrid(ring, plan.grids[grid].community) if rng.random() < 0.5 else AddArea(ring, grid)


def reshape(project: Project, rng: np.random.Generator) -> Edit:
    """Another course between two places of a border."""
    units, plan = project.units, project.grids
    assert units is not None
    assert plan is not None
    inner = np.flatnonzero((units.left >= 0) & (units.right >= 0))
    sides = plan.labels[np.column_stack((units.left, units.right))[inner]]
    one, other = rng.choice(sides[sides[:, 0] != sides[:, 1]]).tolist()
    ends = units.xy[units.ends[border_between(units, plan.labels, one, other)]].reshape(-1, 2)
    start, end = ends[rng.integers(len(ends), size=2)]
    return ReshapeBorder(_line(np.stack((start, (start + end) / 2 + rng.normal(0, 30, 2), end))), one, other)


def branch(project: Project, rng: np.random.Generator) -> Edit:
    """Another scenario, most often one that is there already."""
    names = scenario_names(project)
    if len(names) < 3 and rng.random() < 0.5:
        return BranchScenario(free_title(project))
    return SwitchScenario(names[rng.integers(len(names))])


def copy(project: Project, rng: np.random.Generator) -> Edit:
    """A grid of another scenario."""
    known = [other for other in project.scenarios if other.grids is not None]
    if not known:
        return branch(project, rng)
    there = known[rng.integers(len(known))]
    assert there.grids is not None
    return CopyGrid(there.name, int(rng.choice(sorted(there.grids.grids))))


STRATEGIES: tuple[tuple[Strategy, float], ...] = (
    (push, 10), (push_twice, 2), (lock, 3), (end_grid, 0.6), (change, 1), (recode, 0.3), (keep, 1), (exclude, 0.5), (release, 1),
    (merge, 0.6), (cut, 0.5), (split, 1.5), (draw, 2), (reshape, 1.5), (branch, 0.5), (copy, 0.7),
)  # fmt: skip


def any_edit(project: Project, rng: np.random.Generator) -> Edit:
    """Return an edit of any kind; it may be one that the project refuses."""
    weights = np.array([weight for _strategy, weight in STRATEGIES])
    strategy = STRATEGIES[int(rng.choice(len(STRATEGIES), p=weights / weights.sum()))][0]
    return strategy(project, rng)


def _any_grid(project: Project, rng: np.random.Generator) -> int:
    assert project.grids is not None
    return int(rng.choice(sorted(project.grids.grids)))


def _ring(project: Project, rng: np.random.Generator) -> Line:
    assert project.units is not None
    low, high = project.units.xy.min(axis=0), project.units.xy.max(axis=0)
    angle = np.sort(rng.random(int(rng.integers(3, 9)))) * 2 * np.pi
    reach = rng.uniform(15, 180) * rng.uniform(0.4, 1, len(angle))
    return _line(low + rng.random(2) * (high - low) + reach[:, None] * np.column_stack((np.cos(angle), np.sin(angle))))


def _line(places: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> Line:
    return tuple((x, y) for x, y in np.round(places, 2).tolist())
