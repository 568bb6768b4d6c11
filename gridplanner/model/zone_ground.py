"""Which streets belong to which patrol zone: those that lie in it or along its limit, so that a street between two belongs to both."""

from __future__ import annotations

import numpy as np
import shapely

from gridplanner.model.lines import Bools, Floats, Ints, Lines, Texts
from gridplanner.model.outlines import zone_outlines
from gridplanner.model.project import Project

BESIDE = 25.0  # metres outside a zone within which a street still belongs to it: limits run along streets, whose lanes lie beside
BEND = 100.0  # metres that a street which begins and ends in a zone may swing out of it


def middles(lines: Lines) -> Floats:
    """Return the middle vertex of each line, or the middle of its only piece, (m, 2)."""
    first, last = lines.offsets[:-1].astype(np.int64), lines.offsets[1:].astype(np.int64) - 1
    low = first + (last - first) // 2
    return np.asarray((lines.coords[low] + lines.coords[np.minimum(low + 1, last)]) / 2)


def streets_of_zones(project: Project, lines: Lines) -> Bools:
    """Return which streets (m,) belong to each zone in the order of `zone_ids`, (k, m): those whose middle lies in it or beside it.

    So do those that begin and end there and do not swing out far. Zones made of streets alone have no limits that can be drawn; what
    lies between their hulls belongs to the nearest one.
    """
    zones = project.zones
    assert zones is not None
    shapes = zone_shapes(project)
    nearest, middle = bool(len(zones.hulls)), middles(lines)
    points = np.concatenate((middle, lines.coords[lines.offsets[:-1]], lines.coords[lines.offsets[1:] - 1]))
    held = _held(points, shapes, BESIDE, nearest=nearest).reshape(len(shapes), 3, len(lines))
    return np.asarray(held[:, 0] | (held[:, 1] & held[:, 2] & _held(middle, shapes, BEND, nearest=False)))


def zone_shapes(project: Project) -> Texts:
    """Return a polygon per zone in the order of `zone_ids`: its outline, or the hull of its streets where there are no units."""
    zones = project.zones
    assert zones is not None
    if len(zones.hulls):
        return zones.hulls
    return zone_outlines(project.units, project.grids, zones) if project.units is not None else zones.hulls


def _held(points: Floats, shapes: Texts, metres: float, *, nearest: bool) -> Bools:
    """Return which points (p,) lie in each shape or so near to it, (k, p); with `nearest` what is near none belongs to the nearest."""
    held = np.zeros((len(shapes), len(points)), bool)
    if not len(shapes) or not len(points):
        return held
    tree = shapely.STRtree(shapely.points(points))
    row, point = tree.query(shapes, predicate="dwithin", distance=metres)
    held[row, point] = True
    if nearest:
        lost = np.flatnonzero(~held.any(axis=0))
        held[_nearest(points[lost], shapes), lost] = True
    return held


def _nearest(points: Floats, shapes: Texts) -> Ints:
    point, shape = shapely.STRtree(shapes).query_nearest(shapely.points(points))
    order = np.lexsort((shape, point))
    first = np.unique(point[order], return_index=True)[1]
    return np.asarray(shape[order][first])
