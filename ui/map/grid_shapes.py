"""The shapes of a plan's grids, each kept for as long as the grid is the same: outlines, boxes, places for labels, households."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtGui import QPainterPath

from gridplanner.model.band import band_of
from gridplanner.model.lines import Bools, Floats, Ints, Texts
from gridplanner.model.outlines import grid_ids, grid_rows, ground_of, rings_of_ground
from gridplanner.model.plan_change import PlanChange
from gridplanner.model.project import Project
from gridplanner.model.statistics import unit_households, unit_persons
from ui.map.shapes import Areas, areas_of, grid_loops, inner_point, path_of

MANY = 0.25  # share of the grids from which making all of them anew is as quick


@dataclass(frozen=True, eq=False)
class GridShapes:
    """What is drawn of each grid of `project`'s plan, a row a grid in the order of `ids`.

    `boxes` (n, 4) are left, bottom, right, top in metres, NaN for a grid without units; `households` (n,); `off` (n,) whether a grid
    is out of its band. Outlines lie in `areas` (in the rows `area_rows`), those made anew since then in `renewed`. `source` (n,) says
    in which row of the shapes called `heir_of` a grid had been, -1 where something of it is another: what is kept a grid can follow it.

    Paths and places are made when they are first asked for; only one thread may ask.
    """

    project: Project
    ids: Ints
    boxes: Floats
    households: Floats
    off: Bools
    areas: Areas
    area_rows: Mapping[int, int]
    renewed: Mapping[int, list[Floats]]
    source: Ints
    heir_of: object
    token: object = field(default_factory=object)
    made_paths: Texts = field(default_factory=lambda: np.zeros(0, object))
    made_places: Floats = field(default_factory=lambda: np.zeros((0, 2)))

    def __post_init__(self) -> None:
        if not len(self.made_places):
            object.__setattr__(self, "made_paths", np.full(len(self.ids), None, object))
            object.__setattr__(self, "made_places", np.full((len(self.ids), 2), np.nan))

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def origin(self) -> tuple[float, float]:
        """The place from which paths are measured."""
        return self.areas.origin

    def rows_of(self, grids: Ints) -> Ints:
        """Return the rows of those of some grids that there are."""
        if not len(self.ids):
            return np.zeros(0, np.int64)
        rows = np.searchsorted(self.ids, grids).clip(max=len(self.ids) - 1)
        return np.asarray(rows[self.ids[rows] == grids], np.int64)

    def loops(self, row: int) -> list[Floats]:
        """Return the closed loops around a grid."""
        grid = int(self.ids[row])
        found = self.renewed.get(grid)
        return found if found is not None else self.areas.loops(self.area_rows[grid])

    def path(self, row: int) -> QPainterPath:
        """Return a grid's outline in metres from `origin`."""
        path = self.made_paths[row]
        if path is None:
            path = self.made_paths[row] = path_of(self.loops(row), self.origin)
        assert isinstance(path, QPainterPath)
        return path

    def places(self, rows: Ints, breathe: Callable[[], None]) -> Floats:
        """Return a point well inside each of some grids, (n, 2)."""
        for count, row in enumerate(rows[np.isnan(self.made_places[rows, 0])].tolist()):
            self.made_places[row] = inner_point(self.loops(row))
            if count % 16 == 15:
                breathe()
        return self.made_places[rows]


def shapes_of(project: Project) -> GridShapes:
    """Return the shapes of every grid, made from scratch; raises ValueError where the project has no plan."""
    units, plan = project.units, project.grids
    if units is None or plan is None:
        raise ValueError("the project has no grid plan")
    ids, rows = grid_ids(plan), grid_rows(plan)
    areas = grid_loops(units, plan)
    homes, people = (_sums(rows, values, len(ids)) for values in _values(project))
    return GridShapes(
        project, ids, areas.boxes, homes, _off(project, homes, people), areas, {grid: row for row, grid in enumerate(ids.tolist())}, {},
        np.full(len(ids), -1, np.int64), None,
    )  # fmt: skip


def shapes_after(before: GridShapes, change: PlanChange, project: Project, breathe: Callable[[], None]) -> GridShapes:
    """Return the shapes of `project`, given those `before` a change of its plan; only the grids of the change are looked at."""
    units, plan = project.units, project.grids
    assert units is not None
    assert plan is not None
    if project.grids is before.project.grids:
        return before
    if len(change.grids) > MANY * len(before) + 8:
        return shapes_of(project)
    ids = grid_ids(plan)
    source = np.searchsorted(before.ids, ids).clip(max=len(before) - 1)
    touched = np.array(sorted(change.grids & plan.grids.keys()), np.int64)
    source[(before.ids[source] != ids) | np.isin(ids, touched)] = -1
    rows = np.flatnonzero(source < 0)
    boxes, homes, off = (values[source] for values in (before.boxes, before.households, before.off))
    renewed = {**before.renewed}
    paths, places = before.made_paths[source], before.made_places[source]
    paths[rows], places[rows] = None, np.nan
    for grid in change.grids:
        renewed.pop(grid, None)
    breathe()
    if len(rows):
        ground = ground_of(units, plan.labels, ids[rows])
        rings = rings_of_ground(units, ground)
        areas = areas_of(units.xy[rings.nodes], rings.offsets, rings.face, ids[rows])
        renewed |= {int(grid): areas.loops(row) for row, grid in enumerate(areas.ids.tolist())}
        boxes[rows] = areas.boxes
        homes[rows], people = (_sums(ground.face, values[ground.units], len(rows)) for values in _values(project))
        off[rows] = _off(project, homes[rows], people)
    return GridShapes(
        project, ids, boxes, homes, off, before.areas, before.area_rows, renewed, source, before.token,
        made_paths=paths, made_places=places,
    )  # fmt: skip


def _sums(group: Ints, values: Floats, count: int) -> Floats:
    return np.asarray(np.bincount(group, values, count), np.float64)


def _values(project: Project) -> tuple[Floats, Floats]:
    assert project.units is not None
    return unit_households(project.units, project.households), unit_persons(project.units, project.households)


def _off(project: Project, households: Floats, persons: Floats) -> Bools:
    """Return which grids with so many households and persons lie out of the band."""
    band = band_of(project.settings.grids)
    load = band.load(households, persons)
    return np.asarray((load < band.low - 1e-9) | (load > band.high + 1e-9), np.bool_)
