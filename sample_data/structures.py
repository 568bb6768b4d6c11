"""Bridges and tunnels: where roads cross water and railway other than on the level."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import LineString, Point

from sample_data.curves import points_of
from sample_data.skeleton import Skeleton

RAIL_CROSSINGS = {"东桥路": "tunnel", "杨家沟路": "bridge"}
"""How these roads cross the railway; all others do so on the level."""


def spans(name: str, line: LineString, skeleton: Skeleton) -> list[tuple[float, float, str]]:
    """Bridges and tunnels of a road: from, to (metres along it, at its own vertices once it has some there), and which."""
    areas = [(skeleton.river, 9.0, "bridge"), (skeleton.brook, 3.0, "bridge")]
    if name in RAIL_CROSSINGS:
        areas.append((skeleton.rail.buffer(4.0), 42.0, RAIL_CROSSINGS[name]))
    found = []
    for area, margin, what in areas:
        for part in shapely.get_parts(line.intersection(area)):
            if isinstance(part, LineString) and part.length > 1.0:
                a, b = sorted(line.project(Point(part.coords[k])) for k in (0, -1))
                found.append((_at_vertex(line, max(0.0, a - margin)), _at_vertex(line, min(line.length, b + margin)), what))
    return sorted(found)


def _at_vertex(line: LineString, at: float) -> float:
    along = shapely.line_locate_point(line, shapely.points(points_of(line)))
    nearest = float(along[np.abs(along - at).argmin()])
    return nearest if abs(nearest - at) < 0.1 else at


def with_span_ends(name: str, line: LineString, skeleton: Skeleton) -> LineString:
    """The line with a vertex, on the grid, at both ends of each bridge and tunnel."""
    along = shapely.line_locate_point(line, shapely.points(points_of(line)))
    fresh = {end for a, b, _ in spans(name, line, skeleton) for end in (a, b)} - {0.0, line.length}
    stops = sorted({*along.tolist(), *fresh})
    return LineString([points_of(line.interpolate(s))[0].round(2) for s in stops])
