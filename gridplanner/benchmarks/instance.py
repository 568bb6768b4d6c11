"""A city's units as peers get them: neighbours inside each community, households, places, and our numbers of grids."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from scipy.spatial import cKDTree

from algorithms.graph.adjacency import adjacency
from algorithms.graph.components import components
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.outlines import unit_polygons
from gridplanner.model.project import Project
from gridplanner.model.statistics import unit_households
from gridplanner.model.units import border_lengths


@dataclass(frozen=True, eq=False)
class Instance:
    """Units to be grouped: neighbours, weights and places, and how many districts each community shall have.

    `low`, `high` (p,) are neighbours in one community with `length` (p,) metres of common border that can be crossed; `weight` (u,)
    households, `xy` (u, 2) a point in each unit, `area` (u,) its community, `districts` (c,) a number a community. The parts of a
    community that nothing joins are linked where they come nearest, with a border of no length.
    """

    low: Ints
    high: Ints
    length: Floats
    weight: Floats
    xy: Floats
    area: Ints
    districts: Ints

    def write(self, path: Path) -> None:
        """Write the arrays as `peers.area.read_areas` reads them."""
        np.savez(path, **{name: getattr(self, name) for name in ("low", "high", "length", "weight", "xy", "area", "districts")})


def instance_of(project: Project) -> Instance:
    """Return the instance of a project's units with as many districts in each community as its grid plan has; ValueError without one."""
    units, plan = project.units, project.grids
    if units is None or plan is None:
        raise ValueError("the project has no grid plan")
    inner = (units.left >= 0) & (units.right >= 0) & ~units.blocked
    inner[inner] = units.community[units.left[inner]] == units.community[units.right[inner]]
    length = border_lengths(units)[inner]
    pairs = adjacency(units.left[inner], units.right[inner], length, length, np.zeros(len(length), bool), len(units))
    xy = shapely.get_coordinates(shapely.point_on_surface(unit_polygons(units)))
    a, b = _links(xy, components(len(units), pairs.low, pairs.high), units.community)
    districts = np.bincount([grid.community for grid in plan.grids.values()], minlength=len(project.communities))
    return Instance(
        np.concatenate((pairs.low, a)).astype(np.int64),
        np.concatenate((pairs.high, b)).astype(np.int64),
        np.concatenate((pairs.length, np.zeros(len(a)))),
        unit_households(units, project.households),
        xy,
        units.community.astype(np.int64),
        districts.astype(np.int64),
    )


def _links(xy: Floats, part: Ints, area: Ints) -> tuple[Ints, Ints]:
    """Return pairs of units that join the parts of each area to its largest, each part by the pair that is nearest."""
    a: list[int] = []
    b: list[int] = []
    first = np.unique(part, return_index=True)[1]
    several = np.flatnonzero(np.bincount(area[first]) > 1)
    for c in several.tolist():
        rows = np.flatnonzero(area == c)
        names, size = np.unique(part[rows], return_counts=True)
        joined = rows[part[rows] == names[np.argmax(size)]]
        rest = [rows[part[rows] == name] for name in names[np.argsort(-size, kind="stable")][1:]]
        for piece in rest:
            distance, nearest = cKDTree(xy[joined]).query(xy[piece])
            a.append(int(piece[np.argmin(distance)]))
            b.append(int(joined[nearest[np.argmin(distance)]]))
            joined = np.concatenate((joined, piece))
    pairs = np.sort(np.array([a, b], np.int64).reshape(2, -1), axis=0)
    return pairs[0], pairs[1]
