"""Figures per beat, computed from its grids; nothing of this is stored."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from algorithms.sums import group_sums
from gridplanner.model.beats import BeatPlan
from gridplanner.model.grids import GridPlan
from gridplanner.model.lines import Floats, Ints, Texts, parts_of_lines
from gridplanner.model.outlines import beat_outlines, grid_ids
from gridplanner.model.places import RoadClass, Roads
from gridplanner.model.project import Project
from gridplanner.model.recent import Recent
from gridplanner.model.statistics import grid_figures
from gridplanner.model.zone_figures import work_by_grid
from gridplanner.settings import BeatSettings, ZoneSettings

NONE = -1


@dataclass(frozen=True, eq=False)
class BeatFigures:
    """One row per beat in the order of `plan.beats`: `deviation` of the persons from the target in per cent, signed.

    `workload` is the mix of the patrol zones' settings, of the zones themselves where they are planned.
    """

    households: Floats
    persons: Floats
    grids: Ints
    deviation: Floats
    workload: Floats

    def __len__(self) -> int:
        return len(self.grids)


_recent = Recent[BeatFigures](4)


def beat_figures(project: Project) -> BeatFigures:
    """Return the figures of the project's beats; raises ValueError where it has none, or no grids."""
    plan, units, grids = project.beats, project.units, project.grids
    if plan is None or units is None or grids is None:
        raise ValueError("the project has no beats")
    given = (
        plan, units, grids, project.households, project.zones, project.incidents, project.key_sites, project.roads, project.settings.grids,
        project.settings.beats, project.settings.zones,
    )  # fmt: skip
    known = _recent.find(*given)
    if known is not None:
        return known
    figures, row = grid_figures(project), _rows_of_grids(grids, plan)
    held, count = row >= 0, len(plan)
    households, persons, area = (
        group_sums(row[held], values[held], count) for values in (figures.households, figures.persons, figures.area_m2)
    )
    work = work_by_grid(project)
    if work is not None:
        workload = group_sums(row[held], work[held], count)
    else:
        workload = _mix(project, beat_outlines(units, grids, plan), households, persons, area)
    target = (project.settings.beats or BeatSettings()).target_persons
    number = np.bincount(row[held], minlength=count).astype(np.int32)
    return _recent.keep(BeatFigures(households, persons, number, 100.0 * (persons / target - 1.0), workload), *given)


def _rows_of_grids(grids: GridPlan, plan: BeatPlan) -> Ints:
    """Return the row of each grid's beat in the order of `grid_ids`, NONE for none."""
    row = {beat: i for i, beat in enumerate(plan.beats)}
    return np.array([row.get(plan.members.get(grid, NONE), NONE) for grid in grid_ids(grids).tolist()], np.int32)


def _mix(project: Project, shapes: Texts, households: Floats, persons: Floats, area: Floats) -> Floats:
    """Return the workload of areas (b,) by the settings' weights."""
    settings = project.settings.zones or ZoneSettings()
    incidents, sites = project.incidents, project.key_sites
    amounts = {"households": households, "persons": persons, "area_km2": area / 1e6}
    work = np.zeros(len(shapes))
    for name, price in settings.workload.items():
        if not price:
            continue
        if name == "incidents":
            amount = _sums_inside(shapes, incidents.xy, incidents.weight)
        elif name == "key_sites":
            amount = _sums_inside(shapes, sites.xy, np.ones(len(sites)))
        elif name == "street_km":
            amount = _sums_inside(shapes, *_street_work(project.roads, settings))
        else:
            amount = amounts[name]
        work += price * amount
    return work


def _street_work(roads: Roads, settings: ZoneSettings) -> tuple[Floats, Floats]:
    """Return the middle (n, 2) of parts of the streets of class residential and up, and their km of work (n,)."""
    rows = np.flatnonzero(roads.classes >= RoadClass.STREET)
    middle, km, line = parts_of_lines(roads.lines.select(rows))
    price = np.array([settings.class_work.get(str(word), 1.0) for word in roads.highway[rows]])
    return middle, km * price[line]


def _sums_inside(shapes: Texts, xy: Floats, value: Floats) -> Floats:
    """Return the sum of the values of the places in each shape, (n,); a place on a border counts for the first of them."""
    there = np.flatnonzero(~shapely.is_missing(shapes))
    place, shape = shapely.STRtree(shapes[there]).query(shapely.points(xy), predicate="intersects")
    order = np.lexsort((shape, place))
    place, shape = place[order], shape[order]
    first = np.ones(len(place), bool)
    first[1:] = place[1:] != place[:-1]
    return group_sums(there[shape[first]], value[place[first]], len(shapes))
