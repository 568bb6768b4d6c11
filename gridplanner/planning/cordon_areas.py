"""What each cordon encloses: the district itself, a drawn area, or one side of a drawn line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gridplanner.i18n import N_
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Floats
from gridplanner.model.project import Project

BEYOND = 10_000.0  # metres by which a line is drawn on beyond all streets, to tell its two sides apart


@dataclass(frozen=True, eq=False)
class CordonArea:
    """A cordon: its name (empty: the district's boundary), the area inside, and how many checkpoints it may have.

    `line` is what was drawn where it is a line: only streets that cross it count, not those that go round its ends.
    """

    name: str
    area: shapely.Geometry
    count: int
    line: shapely.Geometry | None = None


def cordon_areas(project: Project, count: int) -> tuple[list[CordonArea], list[Issue]]:
    """Return the district's boundary with `count` checkpoints, then the drawn cordons with their own; and what cannot be one."""
    found: list[CordonArea] = []
    issues: list[Issue] = []
    if len(project.communities):
        found.append(CordonArea("", shapely.union_all(project.communities.polygons), count))
    cordons, taken = project.cordons, {""}
    for row in range(len(cordons)):
        shape, name = cordons.shapes[row], str(cordons.names[row]) or str(row + 1)
        while name in taken:
            name += "'"
        taken.add(name)
        area, line = _enclosed(project, shape)
        if area is None:
            text = N_("Cordon {name} crosses itself, is in pieces or closes nothing; draw it again as a ring or a line from side to side")
            x, y = shapely.get_coordinates(shape)[0].tolist() if not shape.is_empty else (None, None)
            issues.append(Issue(Level.WARNING, "checkpoints", text, {"name": name}, "checkpts", name, x, y))
            continue
        found.append(CordonArea(name, area, int(cordons.counts[row]) or count, line))
    return found, issues


def _enclosed(project: Project, shape: shapely.Geometry) -> tuple[shapely.Geometry | None, shapely.Geometry | None]:
    """Return what a drawn shape encloses, None for nothing, and the line where it is one and no ring."""
    if shape.geom_type in {"Polygon", "MultiPolygon"}:
        return (shape if shape.is_valid and shape.area > 0 else None), None
    line = shapely.remove_repeated_points(shape)
    if line.geom_type not in {"LineString", "LinearRing"} or len(shapely.get_coordinates(line)) < 2 or not line.is_simple:
        return None, None
    if line.is_closed:
        ring = shapely.Polygon(line) if len(line.coords) > 3 else shapely.Polygon()
        return (ring if ring.area > 0 else None), None
    return _side_of(project, line), line


def _side_of(project: Project, line: shapely.Geometry) -> shapely.Geometry | None:
    """Return the side of a line with more households as a polygon; None where it has no two sides."""
    coords = shapely.get_coordinates(line)
    world = np.concatenate((project.roads.lines.coords, coords))
    box = shapely.box(*(world.min(axis=0) - BEYOND), *(world.max(axis=0) + BEYOND))
    far = 2 * float(np.hypot(*np.ptp(shapely.get_coordinates(box), axis=0)))
    first, last = (_drawn_on(coords[0], coords[1], far), _drawn_on(coords[-1], coords[-2], far))
    edge = shapely.union_all([box.exterior, shapely.intersection(shapely.linestrings(np.vstack((first, coords, last))), box)])
    sides = [side for side in shapely.get_parts(shapely.polygonize([edge])) if shapely.contains_properly(box.buffer(1.0), side)]
    if len(sides) != 2:
        return None
    homes = project.households
    held = [float(homes.households[shapely.contains_xy(side, homes.xy)].sum()) if len(homes) else 0.0 for side in sides]
    west = [float(shapely.centroid(side).x) for side in sides]
    return sides[max(range(2), key=lambda i: (held[i], -west[i]))]


def _drawn_on(end: Floats, before: Floats, far: float) -> Floats:
    """Return the place `far` metres beyond the end of a line, straight on."""
    step = end - before
    return np.asarray(end + step / np.hypot(*step) * far)
