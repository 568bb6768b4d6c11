"""The project of some communities alone, for somebody who works on them elsewhere: no more data than that takes."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import blake2b

import numpy as np
import shapely

from gridplanner.errors import EditRejected
from gridplanner.i18n import _
from gridplanner.model.freshness import made_from, stale_plans
from gridplanner.model.grids import GridPlan
from gridplanner.model.leases import Handout as Handout
from gridplanner.model.lines import Bools, Floats, Ints, Lines
from gridplanner.model.places import (
    NO_TURNS,
    Barriers,
    Communities,
    DrawnGrids,
    Households,
    Railway,
    Roads,
    Stations,
    Turns,
)
from gridplanner.model.project import Project
from gridplanner.model.rules import MustStays, RuleAreas, Rules
from gridplanner.model.units import OUTSIDE, Units
from gridplanner.model.units_part import part_of_units
from gridplanner.settings import Settings

NEAR = 300.0  # metres around the communities in which streets and other lines go with them


def community_keys(communities: Communities) -> tuple[str, ...]:
    """Return what tells communities apart in any project of theirs: their codes, with name and ground where a code is missing or twice."""
    codes = communities.codes.tolist()
    count = Counter(codes)
    if all(code and count[code] == 1 for code in codes):
        return tuple(codes)
    return tuple(code if code and count[code] == 1 else key for code, key in zip(codes, _long_keys(communities), strict=True))


def same_communities(one: Communities, other: Communities) -> Ints:
    """Return the row in `other` of each community of `one`, -1 where it is not there, (n,).

    A code that the other has twice, or this one, says nothing alone: then name and ground tell.
    """
    found = np.full(len(one), -1, np.int64)
    for keys in ((community_keys(one), community_keys(other)), (_long_keys(one), _long_keys(other))):
        place = {key: row for row, key in enumerate(keys[1])}
        for row, key in enumerate(keys[0]):
            if found[row] < 0:
                found[row] = place.get(key, -1)
    return found


def _long_keys(communities: Communities) -> list[str]:
    return [
        f"{code}|{name}|{blake2b(shapely.to_wkb(polygon), digest_size=8).hexdigest()}"
        for code, name, polygon in zip(communities.codes.tolist(), communities.names.tolist(), communities.polygons.tolist(), strict=True)
    ]


def rows_of_keys(communities: Communities, keys: Iterable[str]) -> Ints:
    """Return the rows of communities by their keys, rising; raises EditRejected where one is not there."""
    place = {key: row for row, key in enumerate(community_keys(communities))}
    wanted = list(keys)
    missing = [key for key in wanted if key not in place]
    if missing:
        raise EditRejected(_("There is no community {code}").format(code=missing[0]))
    return np.array(sorted({place[key] for key in wanted}), np.int32)


def part_of_project(project: Project, communities: Sequence[int] | Ints) -> Project:
    """Return the project of some communities (rows) alone.

    It has what their grids are planned from and with: the communities, their households, the rules that touch them, the grids with their
    ids, and streets, barriers, tracks and stations within NEAR of them. What was up to date is so in the part. Zones, patrols, rail,
    rosters, duty data, scenarios, leases and where the data came from stay behind.
    """
    rows = np.unique(np.asarray(communities, np.int32))
    places = project.communities
    areas = places.polygons[rows]
    part = Communities(areas, places.codes[rows], places.names[rows], places.streets[rows], places.made_up)
    boxes = shapely.bounds(areas) + np.array([-NEAR, -NEAR, NEAR, NEAR]) if len(rows) else np.empty((0, 4))
    unit_rows = np.zeros(0, np.int32)
    homes = _homes_in(project, rows)
    streets = _lines_near(project.roads.lines, boxes)
    settings = project.settings
    made = Project(
        settings=Settings(project=settings.project, grids=settings.grids, export=settings.export),
        crs=project.crs,
        communities=part,
        households=_households(project.households, homes),
        roads=_roads(project.roads, streets),
        barriers=_barriers(project.barriers, _lines_near(project.barriers.lines, boxes)),
        railway=_railway(project.railway, _lines_near(project.railway.lines, boxes)),
        stations=_stations(project.stations, _points_near(project.stations.xy, boxes)),
        rules=_rules(project.rules, areas),
        drawn=_drawn(project.drawn, areas),
    )
    if project.units is None:
        return made
    unit_rows = np.flatnonzero(np.isin(project.units.community, rows)).astype(np.int32)
    made = dataclasses.replace(made, units=_units(project.units, unit_rows, rows, homes, streets))
    if project.grids is not None:
        made = dataclasses.replace(made, grids=_grids(project.grids, unit_rows, rows))
    return _as_fresh(made, project)


def _as_fresh(part: Project, project: Project) -> Project:
    """Return the part with the plans up to date that are so in the whole."""
    stale = stale_plans(dataclasses.replace(project, beats=None, zones=None, checkpoints=None, rings=None, chiefs=None, patrol=None,
                                            rail=None, roster=None))  # fmt: skip
    for name in ("units", "grids"):
        plan = getattr(part, name)
        if plan is not None:
            digest = "" if name in stale else made_from(part, name)
            part = dataclasses.replace(part, **{name: dataclasses.replace(plan, made_from=digest)})
    return part


def _homes_in(project: Project, rows: Ints) -> Ints:
    """Return the rows of the addresses in some communities: those in their units, or without units those on their ground."""
    units = project.units
    if units is not None:
        member = np.append(np.isin(units.community, rows), False)  # the last for addresses in no unit
        return np.flatnonzero(member[units.address_unit]).astype(np.int64)
    if not len(project.households) or not len(rows):
        return np.zeros(0, np.int64)
    points = shapely.points(project.households.xy)
    areas = project.communities.polygons[rows]
    return np.unique(shapely.STRtree(points).query(areas, predicate="intersects")[1]).astype(np.int64)


def _households(homes: Households, rows: Ints) -> Households:
    return Households(
        homes.xy[rows], homes.households[rows], homes.persons[rows], homes.address[rows],
        None if homes.radius is None else homes.radius[rows], None if homes.group is None else homes.group[rows],
    )  # fmt: skip


def _lines_near(lines: Lines, boxes: Floats) -> Ints:
    """Return the rows of the lines whose own box meets one of the boxes (n, 4), rising."""
    count = len(lines)
    if not count or not len(boxes):
        return np.zeros(0, np.int64)
    starts = lines.offsets[:-1]
    some = np.diff(lines.offsets) > 0
    low, high = np.full((count, 2), np.inf), np.full((count, 2), -np.inf)
    if some.any():
        low[some], high[some] = np.minimum.reduceat(lines.coords, starts[some]), np.maximum.reduceat(lines.coords, starts[some])
    near = np.zeros(count, bool)
    for left, bottom, right, top in boxes.tolist():
        near |= (low[:, 0] <= right) & (low[:, 1] <= top) & (high[:, 0] >= left) & (high[:, 1] >= bottom)
    return np.flatnonzero(near)


def _points_near(xy: Floats, boxes: Floats) -> Ints:
    near = np.zeros(len(xy), bool)
    for left, bottom, right, top in boxes.tolist():
        near |= (xy[:, 0] >= left) & (xy[:, 0] <= right) & (xy[:, 1] >= bottom) & (xy[:, 1] <= top)
    return np.flatnonzero(near)


def _roads(roads: Roads, rows: Ints) -> Roads:
    turns = roads.turns
    if len(turns):
        place = np.full(len(roads), OUTSIDE, np.int32)
        place[rows] = np.arange(len(rows), dtype=np.int32)
        keep = (place[turns.from_row] >= 0) & (place[turns.to_row] >= 0)
        kept = Turns(place[turns.from_row[keep]], place[turns.to_row[keep]], turns.via[keep], turns.only[keep])
        turns = kept if len(kept) else NO_TURNS
    return dataclasses.replace(
        roads, lines=roads.lines.select(rows), classes=roads.classes[rows], highway=roads.highway[rows], names=roads.names[rows],
        oneway=roads.oneway[rows], speed=roads.speed[rows], level=roads.level[rows], turns=turns,
    )  # fmt: skip


def _barriers(barriers: Barriers, rows: Ints) -> Barriers:
    return Barriers(barriers.lines.select(rows), barriers.kinds[rows], barriers.names[rows])


def _railway(rail: Railway, rows: Ints) -> Railway:
    return Railway(
        rail.lines.select(rows), rail.main[rows], rail.names[rows],
        rail.kinds[rows] if len(rail.kinds) else rail.kinds, rail.tracks[rows] if len(rail.tracks) else rail.tracks,
    )  # fmt: skip


def _stations(stations: Stations, rows: Ints) -> Stations:
    columns = {name: getattr(stations, name) for name in ("posts", "systems", "tracks", "height")}
    return Stations(
        stations.xy[rows], stations.names[rows], stations.chainage[rows], stations.line[rows],
        **{name: column[rows] if len(column) else column for name, column in columns.items()},
    )  # fmt: skip


def _meets(shapes: np.ndarray[tuple[int], np.dtype[np.object_]], areas: np.ndarray[tuple[int], np.dtype[np.object_]]) -> Bools:
    """Return which shapes share ground or length with one of the areas, not a mere limit."""
    found = np.zeros(len(shapes), bool)
    if len(shapes) and len(areas):
        shape, area = shapely.STRtree(areas).query(shapes, predicate="intersects")
        touches = shapely.touches(shapes[shape], areas[area])
        found[shape[~touches]] = True
    return found


def _rules(rules: Rules, areas: np.ndarray[tuple[int], np.dtype[np.object_]]) -> Rules:
    def some(of: RuleAreas) -> RuleAreas:
        keep = _meets(of.polygons, areas)
        return RuleAreas(of.polygons[keep], of.names[keep], of.cuts[keep])

    lines = rules.fixed_lines
    if len(lines):
        shapes = np.array([shapely.LineString(lines.line(row)) for row in range(len(lines))], object)
        lines = lines.select(np.flatnonzero(_meets(shapes, areas)))
    stays = rules.must_stay
    if len(stays):
        keep = _meets(shapely.points(stays.xy), areas)
        stays = MustStays(stays.xy[keep], stays.codes[keep])
    return Rules(some(rules.keep), some(rules.exclusive), some(rules.groups), lines, stays)


def _drawn(drawn: DrawnGrids, areas: np.ndarray[tuple[int], np.dtype[np.object_]]) -> DrawnGrids:
    keep = _meets(drawn.polygons, areas)
    return DrawnGrids(drawn.polygons[keep], drawn.codes[keep], drawn.names[keep])


def _units(units: Units, unit_rows: Ints, rows: Ints, homes: Ints, streets: Ints) -> Units:
    part = part_of_units(units, unit_rows)
    road = np.full(max(int(units.road.max(initial=-1)), int(streets.max(initial=-1))) + 2, OUTSIDE, np.int32)  # the last for none
    road[streets] = np.arange(len(streets), dtype=np.int32)
    road[-1] = OUTSIDE
    return dataclasses.replace(
        part,
        road=road[part.road].astype(units.road.dtype),
        community=np.searchsorted(rows, part.community).astype(units.community.dtype),
        address_unit=part.address_unit[homes],
        by_hand=units.by_hand,
    )


def _grids(plan: GridPlan, unit_rows: Ints, rows: Ints) -> GridPlan:
    place = {row: new for new, row in enumerate(rows.tolist())}
    return GridPlan(
        labels=plan.labels[unit_rows],
        grids={
            key: dataclasses.replace(grid, community=place[grid.community])
            for key, grid in plan.grids.items()
            if grid.community in place
        },
        certificates=tuple(
            dataclasses.replace(one, community=place[one.community]) for one in plan.certificates if one.community in place
        ),
        retired=tuple(dataclasses.replace(end, community=place[end.community]) for end in plan.retired if end.community in place),
    )  # fmt: skip


def community_states(project: Project, keys: Iterable[str]) -> tuple[str, ...]:
    """Return a digest for each community by its key, empty where it is not there: how its grids are, and what is known of each."""
    place = {key: row for row, key in enumerate(community_keys(project.communities))}
    units, plan = project.units, project.grids
    found = []
    for key in keys:
        row = place.get(key)
        if row is None or units is None:
            found.append("")
            continue
        mine = np.flatnonzero(units.community == row)
        digest = blake2b(digest_size=8)
        digest.update(str(len(mine)).encode())
        if plan is not None:
            ids, at = np.unique(plan.labels[mine], return_inverse=True)
            member = np.full(len(units) + 1, -1, np.int64)
            member[mine] = at
            rows = np.flatnonzero(member[units.address_unit] >= 0)
            homes = np.bincount(member[units.address_unit[rows]], project.households.households[rows], minlength=len(ids))
            for grid, count, held in zip(ids.tolist(), np.bincount(at).tolist(), homes.tolist(), strict=True):
                known = plan.grids.get(grid)
                about = "" if known is None else repr((known.code, known.name, known.locked, known.workers, known.kind))
                digest.update(f"{grid} {count} {held:.3f} {about};".encode())
        found.append(digest.hexdigest())
    return tuple(found)


def handed_out(project: Project) -> dict[str, Handout]:
    """Return the communities that are handed out by their keys, the latest lease of each."""
    return {key: handout for handout in project.handouts for key in handout.communities}
