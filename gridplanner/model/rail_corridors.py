"""The corridor of each segment: the land within some metres of the line, and who and what is there; it follows where segments change."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import shapely

from algorithms.progress import SILENT, Progress
from algorithms.railguard.corridor import corridor_polygons
from algorithms.sums import group_sums
from algorithms.units.locate import locate
from gridplanner.model.lines import Floats, Ints, Texts
from gridplanner.model.places import texts
from gridplanner.model.project import Project
from gridplanner.model.rail import NO_CORRIDOR, RailCorridor, RailLine, RailPlan, RailSegment
from gridplanner.model.rail_schools import school_places
from gridplanner.settings import RailSettings


def corridor_of(
    project: Project, lines: Sequence[RailLine], segments: Sequence[RailSegment], settings: RailSettings, progress: Progress = SILENT
) -> RailCorridor:  # fmt: skip
    """Return what lies within `corridor_m` of each segment, nearer to it than to any other, flat at the ends of the lines.

    Households, persons and schools count in the one corridor that they lie in. Villages are given settlements, else the communities with
    households there (where no addresses are known, those whose area reaches in); a village in two corridors counts in both.
    """
    if not len(segments):
        return NO_CORRIDOR
    polygons = _drawn(lines, segments, settings.corridor_m)
    progress.check()
    return _counted(project, polygons, [segment.code for segment in segments])


def corridor_after(project: Project, before: RailPlan, after: RailPlan, settings: RailSettings) -> RailCorridor:
    """Return the corridor of a plan's segments where that of the plan before is known: only what changed is drawn and counted anew.

    What the changed segments had together is shared out among them; nobody else's corridor moves.
    """
    known, name = before.corridor, before.plans[0] if before.plans else ""
    had, have = ([plan.segments[row] for row in plan.of_plan(name)] for plan in (before, after))
    if not len(known.polygons) or before.lines is not after.lines or [segment.code for segment in had] != known.codes.tolist():
        return known if not len(known.polygons) else corridor_of(project, after.lines, have, settings)
    place = {_place(segment): row for row, segment in enumerate(had)}
    kept = {row: place[_place(segment)] for row, segment in enumerate(have) if _place(segment) in place}
    fresh = [segment for row, segment in enumerate(have) if row not in kept]
    lost = sorted(set(range(len(had))) - set(kept.values()))
    codes = texts([segment.code for segment in have])
    rows = np.array([kept.get(row, -1) for row in range(len(have))], np.int64)
    found = _taken(known, rows)
    if fresh:
        parts = _shared_out(shapely.union_all(known.polygons[lost]), _drawn(after.lines, fresh, settings.corridor_m))
        anew = np.flatnonzero(rows < 0)
        found.polygons[anew] = parts
        found = _with(found, anew, _counted(project, found.polygons, codes.tolist(), anew))
    return dataclasses.replace(found, codes=codes)


def _shared_out(land: shapely.Geometry, parts: Texts) -> Texts:
    """Return parts cut to some land, all of which is in one of them: what is in none goes to the nearest."""
    found = np.array([_areas(shapely.intersection(part, land)) for part in parts], object)
    rest = shapely.get_parts(_areas(shapely.difference(land, shapely.union_all(found))))
    for piece in rest[shapely.area(rest) > 0.0]:
        row = int(np.argmin(shapely.distance(parts, piece)))
        found[row] = _areas(shapely.union(found[row], piece))
    return found


def _place(segment: RailSegment) -> tuple[int, float, float]:
    return segment.line, segment.low, segment.high


def _taken(known: RailCorridor, rows: Ints) -> RailCorridor:
    return RailCorridor(*(getattr(known, item.name)[rows] for item in dataclasses.fields(RailCorridor)))


def _with(known: RailCorridor, rows: Ints, fresh: RailCorridor) -> RailCorridor:
    """Return a corridor with other values in some rows; `known` is a copy."""
    for item in dataclasses.fields(RailCorridor):
        getattr(known, item.name)[rows] = getattr(fresh, item.name)
    return known


def _drawn(lines: Sequence[RailLine], segments: Sequence[RailSegment], metres: float) -> Texts:
    line = np.array([segment.line for segment in segments])
    low, high = np.array([segment.low for segment in segments]), np.array([segment.high for segment in segments])
    return corridor_polygons([rail.coords for rail in lines], line, low, high, metres)


def _areas(shape: shapely.Geometry) -> shapely.Geometry:
    """Return what of a shape has an area."""
    parts = shapely.get_parts(shape)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2]) if len(parts) > 1 else shape


def _counted(project: Project, polygons: Texts, codes: Sequence[str], rows: Ints | None = None) -> RailCorridor:
    """Return who and what is in some rows of polygons (all where none are named); on a common border it is in the one of the lower row."""
    rows = np.arange(len(polygons)) if rows is None else rows
    homes, count = project.households, len(rows)
    place = np.full(len(polygons) + 1, -1, np.int64)
    place[rows] = np.arange(count)
    inside = place[_located(homes.xy, polygons, rows)]
    schools = place[_located(school_places(project)[0], polygons, rows)]
    names = _village_names(project, polygons[rows], inside)
    held = inside >= 0
    return RailCorridor(
        polygons[rows], texts([codes[row] for row in rows.tolist()]), group_sums(inside[held], homes.households[held], count),
        group_sums(inside[held], homes.persons[held], count), np.array([len(each) for each in names], np.int64),
        np.bincount(schools[schools >= 0], minlength=count).astype(np.int64), texts([", ".join(each) for each in names]),
    )  # fmt: skip


def _located(xy: Floats, polygons: Texts, rows: Ints) -> Ints:
    """Return the polygon that each point lies in, -1 for none; only points in the box of some rows are looked up."""
    found = np.full(len(xy), -1, np.int64)
    if not len(xy) or not len(rows):
        return found
    left, bottom, right, top = shapely.total_bounds(polygons[rows])
    near = np.flatnonzero((xy[:, 0] >= left) & (xy[:, 0] <= right) & (xy[:, 1] >= bottom) & (xy[:, 1] <= top))
    found[near] = locate(xy[near], polygons)
    return found


def _village_names(project: Project, polygons: Texts, inside: Ints) -> list[list[str]]:
    """Return the names of the villages in each corridor, in the order of their rows."""
    found: list[list[str]] = [[] for _row in polygons]
    things, communities = project.rail_things, project.communities
    settlements = np.flatnonzero(things.kinds == "settlement")
    if len(settlements):
        middle: Floats = np.array([things.lines.line(row).mean(axis=0) for row in settlements.tolist()])
        pairs = np.column_stack((locate(middle, polygons), settlements))
        names = things.names
    elif communities.made_up or not len(communities):
        return found
    elif (project.households.households > 0).any():
        counted = np.flatnonzero((inside >= 0) & (project.households.households > 0))
        pairs = np.column_stack((inside[counted], locate(project.households.xy[counted], communities.polygons)))
        names = communities.names
    else:
        community, corridor = shapely.STRtree(polygons).query(communities.polygons, predicate="intersects")
        pairs, names = np.column_stack((corridor, community)), communities.names
    for corridor, row in np.unique(pairs[(pairs >= 0).all(axis=1)], axis=0).tolist():
        found[corridor].append(str(names[row]) or f"#{row + 1}")
    return [list(dict.fromkeys(each)) for each in found]
