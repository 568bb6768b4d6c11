"""Which police station each grid belongs to: the one whose area holds it, or the nearest one to its community."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import shapely

from gridplanner.model.duty_data import StationAreas
from gridplanner.model.grids import GridPlan
from gridplanner.model.lines import Ints, Texts
from gridplanner.model.outlines import grid_ids, grid_outlines, grid_rows
from gridplanner.model.places import Communities, Depots
from gridplanner.model.project import Project
from gridplanner.model.units import Units

NOWHERE = -1
POLICE = ("派出所", "警", "police", "station")  # in the kind of a depot


def stations_of_grids(project: Project) -> tuple[tuple[str, ...], Ints]:
    """Return the names of the stations and the row among them of each grid's, in the order of `grid_ids`, NOWHERE for none.

    A grid belongs to the station area that holds most of it, to the nearest where none does; without such areas each community goes to
    the police station nearest to its middle (to the nearest depot where no kind says which are police stations). Raises ValueError where
    there is no grid plan.
    """
    units, grids = project.units, project.grids
    if units is None or grids is None:
        raise ValueError("the project has no grid plan")
    if len(project.station_areas):
        areas = project.station_areas
        names = tuple(str(name) or str(code) for name, code in zip(areas.names, areas.codes, strict=True))
        return names, _by_area(units, grids, areas)
    depots = project.depots
    if not len(depots) or not len(project.communities):
        return (), np.full(len(grids), NOWHERE, np.int32)
    of_community = nearest_stations(project.communities, depots)
    community = np.zeros(len(grid_ids(grids)), np.int32)
    community[grid_rows(grids)] = units.community
    return tuple(str(name) for name in depots.names), of_community[community]


def police_rows(depots: Depots) -> Ints:
    """Return the rows of the depots that are police stations by their kind; all of them where none is."""
    police = np.array([any(word in str(kind).casefold() for word in POLICE) for kind in depots.kinds], bool)
    return np.flatnonzero(police) if police.any() else np.arange(len(depots))


def nearest_stations(communities: Communities, depots: Depots) -> Ints:
    """Return the depot row of the police station nearest to the middle of each community, (c,)."""
    rows = police_rows(depots)
    place = shapely.get_coordinates(shapely.centroid(communities.polygons))
    away = np.hypot(*(place[:, None, :] - depots.xy[rows][None, :, :]).transpose(2, 0, 1))
    return np.asarray(rows[np.argmin(away, axis=1)], np.int32)


@lru_cache(maxsize=4)
def _by_area(units: Units, grids: GridPlan, areas: StationAreas) -> Ints:
    return areas_that_hold(grid_outlines(units, grids), areas.polygons)


def areas_that_hold(shapes: Texts, areas: Texts) -> Ints:
    """Return the row of the area that holds most of each shape, the first of equal ones, the nearest of those that hold nothing of it.

    A shape that is None has none: NOWHERE.
    """
    best, held = np.full(len(shapes), NOWHERE, np.int32), np.zeros(len(shapes))
    there = np.flatnonzero(~shapely.is_missing(shapes))
    shape, area = shapely.STRtree(areas).query(shapes[there], predicate="intersects")
    shape = there[shape]
    shared = shapely.area(shapely.intersection(shapes[shape], areas[area]))
    for row, found, size in sorted(zip(shape.tolist(), area.tolist(), shared.tolist(), strict=True)):
        if size > held[row]:
            best[row], held[row] = found, size
    lost = there[best[there] == NOWHERE]
    if len(lost) and len(areas):
        best[lost] = shapely.STRtree(areas).nearest(shapely.point_on_surface(shapes[lost]))
    return best
