"""Every line that may bound a unit: limits, streets, barriers and tracks, and on them the lines that the planner drew."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely

from algorithms.units.noding import LATTICE, PlanarGraph, as_linestrings, node_lines, pull_to, source_rows
from gridplanner.i18n import N_
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Bools, Floats, Ints, Lines, Texts
from gridplanner.model.places import BarrierKind, RoadClass
from gridplanner.model.project import Project
from gridplanner.model.units import BorderKind

BESIDE = 5.0  # metres within which a line runs along a limit, and a drawn line along a street, rather than beside it
WORTH_TELLING = 0.05  # km
STEP = 10.0  # metres between the places of a drawn line that are pulled

# which line a border is said to run along where several share it
_RANK = {
    BorderKind.CUT: 0, BorderKind.PATH: 1, BorderKind.LANE: 2, BorderKind.WALL: 3, BorderKind.WATER: 4, BorderKind.RAILWAY: 5,
    BorderKind.STREET: 6, BorderKind.ARTERIAL: 7,
}  # fmt: skip
_KIND_OF_CLASS = {
    RoadClass.PATH: BorderKind.PATH, RoadClass.LANE: BorderKind.LANE, RoadClass.STREET: BorderKind.STREET,
    RoadClass.ARTERIAL: BorderKind.ARTERIAL,
}  # fmt: skip
_KIND_OF_BARRIER = {BarrierKind.WATER: BorderKind.WATER, BarrierKind.RAILWAY: BorderKind.RAILWAY, BarrierKind.WALL: BorderKind.WALL}


@dataclass(frozen=True, eq=False)
class Linework:
    """Lines to node, what each is, and the road row of those that are streets; `drawn` (n,) marks those that the planner drew.

    `pulled` (k, 3) are the middles (x, y) and the metres of pieces that ran beside a limit and were moved onto it, by `farthest` at most.
    """

    lines: Texts
    kind: Ints
    road: Ints
    drawn: Bools
    pulled: Floats = field(default_factory=lambda: np.zeros((0, 3)))
    farthest: float = 0.0


def linework_of(project: Project) -> Linework:
    """Return the ground's lines and the drawn ones, near the communities."""
    ground = ground_lines(project)
    rules = project.rules
    areas = [areas.polygons[areas.cuts] for areas in (rules.exclusive, rules.keep, rules.groups)]
    limits = ground.lines[: len(project.communities)]
    plan = _pulled(_rings(project.drawn.polygons), ground)
    plan = _off_ground(_gathered(plan, limits, ground.lines[len(limits) :]), ground)
    drawn = np.concatenate((_pulled(_rings(np.concatenate(areas)), ground), _pulled(_shapes(rules.fixed_lines), ground), plan))
    if not len(drawn):
        return ground
    none = np.full(len(drawn), -1, np.int32)
    return Linework(
        np.concatenate((ground.lines, drawn)),
        np.concatenate((ground.kind, np.full(len(drawn), BorderKind.CUT, np.int32))),
        np.concatenate((ground.road, none)),
        np.concatenate((ground.drawn, np.ones(len(drawn), bool))),
        ground.pulled,
        ground.farthest,
    )


def ground_lines(project: Project) -> Linework:
    """Return communities' limits, streets above ground, barriers and main railway tracks near them, those beside a limit pulled to it."""
    walls = shapely.boundary(project.communities.polygons)
    roads, barriers, railway = project.roads, project.barriers, project.railway
    use = (roads.classes > RoadClass.OTHER) & (roads.level >= 0) if len(roads) else np.zeros(0, bool)
    road_rows = np.flatnonzero(use)
    road_kind = np.array([BorderKind.CUT, *(_KIND_OF_CLASS[c] for c in RoadClass if c > 0)])[roads.classes[road_rows]]
    barrier_kind = np.array([0, *(_KIND_OF_BARRIER[k] for k in BarrierKind)])[barriers.kinds]
    track_rows = np.flatnonzero(railway.main)
    lines = np.concatenate((
        walls,
        as_linestrings(roads.lines.coords, roads.lines.offsets)[road_rows],
        as_linestrings(barriers.lines.coords, barriers.lines.offsets),
        as_linestrings(railway.lines.coords, railway.lines.offsets)[track_rows],
    ))  # fmt: skip
    kind = np.concatenate((
        np.zeros(len(walls), int), road_kind, barrier_kind, np.full(len(track_rows), BorderKind.RAILWAY),
    )).astype(np.int32)  # fmt: skip
    road = np.full(len(lines), -1, np.int32)
    road[len(walls) : len(walls) + len(road_rows)] = road_rows
    near = ~shapely.is_missing(lines)
    box = shapely.box(*shapely.total_bounds(project.communities.polygons).tolist())
    near[near] = shapely.intersects(lines[near], box)
    beside = np.flatnonzero(near)[len(walls) :]
    before = lines[beside]
    lines[beside] = pull_to(before, walls, BESIDE)
    pulled, farthest = _moved(before, lines[beside])
    return Linework(lines[near], kind[near], road[near], np.zeros(int(near.sum()), bool), pulled, farthest)


def _moved(before: Texts, after: Texts) -> tuple[Floats, float]:
    """Return the middles and the metres (k, 3) of pieces both of whose ends were moved, and how far the farthest end was."""
    old, line = shapely.get_coordinates(before, return_index=True)
    new = shapely.get_coordinates(after)
    away = np.hypot(*(new - old).T)
    piece = np.flatnonzero((line[1:] == line[:-1]) & (away[1:] > LATTICE) & (away[:-1] > LATTICE))
    middle, step = (new[piece] + new[piece + 1]) / 2, new[piece + 1] - new[piece]
    ends = np.unique(np.concatenate((piece, piece + 1)))
    return np.column_stack((middle, np.hypot(step[:, 0], step[:, 1]))), float(away[ends].max(initial=0.0))


def limit_findings(work: Linework) -> tuple[Issue, ...]:
    """Return what to say of streets and barriers that ran beside a limit and are now on it: once, placed at the longest piece."""
    km = float(work.pulled[:, 2].sum()) / 1000
    if km < WORTH_TELLING:
        return ()
    x, y = work.pulled[int(work.pulled[:, 2].argmax()), :2].tolist()
    text = N_("{km} km of streets, rivers and railways drawn beside a community's limit were moved onto it, by at most {metres} m")
    return (Issue(Level.INFO, "limit_snapped", text, {"km": f"{km:.1f}", "metres": f"{work.farthest:.1f}"}, "units", "", x, y),)


def noded(work: Linework) -> tuple[PlanarGraph, Ints, Ints]:
    """Return the planar graph of some linework with the kind and road row of each edge."""
    graph = node_lines(work.lines)
    rank = np.array([_RANK[k] for k in BorderKind])[work.kind]
    row = source_rows(graph, work.lines, rank)
    kind = np.where(row >= 0, work.kind[row], BorderKind.CUT).astype(np.int32)
    return graph, kind, np.where(row >= 0, work.road[row], -1).astype(np.int32)


def along(graph: PlanarGraph, lines: Texts) -> Bools:
    """Return which edges of a graph run along one of some lines, whatever else runs there."""
    return np.asarray(source_rows(graph, lines, np.zeros(len(lines), np.int32)) >= 0)


def pulled_fixed_lines(project: Project) -> Texts:
    """Return the lines that stay grid boundaries as they were pulled when the units were made."""
    lines = _shapes(project.rules.fixed_lines)
    return _pulled(lines, ground_lines(project)) if len(lines) else lines


def _shapes(lines: Lines) -> Texts:
    shapes: Texts = as_linestrings(lines.coords, lines.offsets)
    return np.asarray(shapes[~shapely.is_missing(shapes)])


def _rings(polygons: Texts) -> Texts:
    """Return the rings of areas as lines."""
    rings: Texts = shapely.get_parts(shapely.boundary(polygons)) if len(polygons) else np.empty(0, object)
    return rings


def _pulled(lines: Texts, ground: Linework) -> Texts:
    """Return drawn lines whose places within BESIDE of a street, barrier, track or limit lie on it; footpaths draw nothing.

    A place every STEP metres is asked, so that a line drawn with few corners follows a street that bends.
    """
    if not len(lines):
        return np.empty(0, object)
    coords, index = shapely.get_coordinates(shapely.segmentize(lines, STEP), return_index=True)
    dense: Texts = shapely.linestrings(coords, indices=index)
    walls = ground.lines[ground.kind != BorderKind.PATH]
    tree = shapely.STRtree(walls)
    near = np.unique(tree.query(dense, predicate="dwithin", distance=BESIDE)[1])
    return np.asarray(pull_to(dense, walls[near], BESIDE)) if len(near) else dense


def _off_ground(lines: Texts, ground: Linework) -> Texts:
    """Return the straight pieces of pulled lines that do not run along a street, barrier, track or limit.

    Those that do say nothing that the ground does not say, and their places would only crumble its lines.
    """
    if not len(lines):
        return lines
    coords, index = shapely.get_coordinates(lines, return_index=True)
    same = np.flatnonzero(index[1:] == index[:-1])
    first, second = coords[same], coords[same + 1]
    places = shapely.points(np.concatenate((first, second, (first + second) / 2)))
    walls = ground.lines[ground.kind != BorderKind.PATH]
    on = np.zeros(len(places), bool)
    on[shapely.STRtree(walls).query(places, predicate="dwithin", distance=2.5 * LATTICE)[0]] = True
    off = ~on.reshape(3, -1).all(axis=0)
    return np.asarray(shapely.linestrings(np.stack((first[off], second[off]), axis=1)))


def _gathered(lines: Texts, limits: Texts, others: Texts) -> Texts:
    """Return lines whose places on a limit, where within BESIDE of each other or of a street that meets it, are one place.

    Two grids drawn beside each other end on a limit a metre apart; between those ends a border would crumble.
    """
    if not len(lines):
        return lines
    coords, index = shapely.get_coordinates(lines, return_index=True)
    places = np.unique(shapely.STRtree(shapely.points(coords)).query(limits, predicate="dwithin", distance=2.5 * LATTICE)[1])
    limit, other = shapely.STRtree(others).query(limits, predicate="intersects")
    met = shapely.get_coordinates(shapely.intersection(limits[limit], others[other]))
    xy = np.concatenate((met, coords[places]))
    points = shapely.points(xy)
    one, near = shapely.STRtree(points).query(points, predicate="dwithin", distance=BESIDE)
    later = one >= len(met)
    first = np.arange(len(points))
    np.minimum.at(first, one[later], near[later])
    for _step in range(3):  # to one that stays itself
        first = first[first]
    coords[places] = xy[first[len(met) :]]
    return np.asarray(shapely.linestrings(coords, indices=index))
