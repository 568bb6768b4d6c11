"""Streets of the project to a road graph for one way of moving: what may be driven, how fast, which turns, in which zone."""

from __future__ import annotations

import numpy as np

from algorithms.graph.components import components
from algorithms.network.road_graph import EdgeState, RoadGraph, build_road_graph
from algorithms.network.turns import banned_pairs, with_banned
from algorithms.progress import SILENT, Progress
from algorithms.sums import group_sums
from algorithms.units.locate import locate, nearest
from gridplanner.i18n import N_
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Bools, Floats, Ints
from gridplanner.model.outlines import unit_polygons, zone_ids, zone_rows
from gridplanner.model.places import RoadClass, Roads
from gridplanner.model.project import Project

KMH = 1 / 3.6
LONG = 1000.0  # metres of streets apart, or in a trap, that want a look; less is a gap in the data or a courtyard
BESIDE = 25.0  # metres outside the area within which a street belongs to it
# driving speed where a street has none of its own, km/h
SPEED = {RoadClass.PATH: 10.0, RoadClass.LANE: 15.0, RoadClass.STREET: 30.0, RoadClass.ARTERIAL: 45.0}
WALK = 4.5  # km/h
SLOWEST, FASTEST = 1.0, 200.0  # km/h: no street is driven slower or faster, whatever its speed says
# speed while patrolling, km/h: slow enough to look, never above the street's own
PATROL_SPEED = {"car": 25.0, "motorcycle": 20.0, "foot": WALK}


def road_graph_of(project: Project, mode: str, progress: Progress = SILENT) -> tuple[RoadGraph, Ints]:
    """Return the road graph for `mode` (car, motorcycle, foot), and the project's street row of each of its lines."""
    return graph_of_roads(project.roads, mode, progress)


def graph_of_roads(roads: Roads, mode: str, progress: Progress = SILENT) -> tuple[RoadGraph, Ints]:
    """Return the road graph of streets for `mode`, and the row of the street that each of its lines is.

    One-ways and banned turns are for vehicles: who is on foot walks as he likes. A speed that cannot be is that of the street's class.
    """
    least = RoadClass.PATH if mode == "foot" else RoadClass.LANE
    rows = np.flatnonzero(roads.classes >= least)
    lines = roads.lines.select(rows)
    oneway = roads.oneway[rows] if mode != "foot" else np.zeros(len(rows), np.int8)
    default = np.array([0.0, *(SPEED[c] for c in RoadClass if c > 0)])[roads.classes[rows]] * KMH
    speed = np.where(possible_speed(roads)[rows], roads.speed[rows], default)
    if mode == "foot":
        speed = np.full(len(rows), WALK * KMH)
    graph = build_road_graph(
        lines.coords,
        lines.offsets,
        oneway >= 0,
        oneway <= 0,
        speed,
        roads.level[rows],
        snap=0.0 if roads.noded else 0.5,
        node_crossings=not roads.noded,
        progress=progress,
    )
    if mode != "foot" and len(roads.turns):
        graph = with_banned(graph, placed_turns(roads, graph, rows)[0])
    return graph, rows


def possible_speed(roads: Roads) -> Bools:
    """Return which streets have a speed of their own that can be driven, (streets,)."""
    return np.asarray((roads.speed >= SLOWEST * KMH) & (roads.speed <= FASTEST * KMH))


def placed_turns(roads: Roads, graph: RoadGraph, rows: Ints) -> tuple[Ints, Bools]:
    """Return the pairs of arcs (b, 2) that the streets' turns ban, and which turns (t,) of streets in the graph are not understood.

    `rows` are the streets of the graph's lines.
    """
    line = np.full(len(roads), -1, np.int64)
    line[rows] = np.arange(len(rows))
    turns = roads.turns
    start, end = line[turns.from_row], line[turns.to_row]
    there = np.flatnonzero((start >= 0) & (end >= 0))
    pairs, understood = banned_pairs(graph, start[there], end[there], turns.via[there], turns.only[there])
    lost = np.zeros(len(turns), bool)
    lost[there] = ~understood
    return pairs, lost


def patrol_seconds(graph: RoadGraph, mode: str) -> Floats:
    """Return how long patrolling each edge takes, (m,): at patrol speed, or as long as driving it where that is slower."""
    drive = np.minimum(graph.seconds[0::2], graph.seconds[1::2])
    return np.maximum(graph.length / (PATROL_SPEED[mode] * KMH), np.where(np.isfinite(drive), drive, 0.0))


def edge_middles(graph: RoadGraph) -> Floats:
    """Return the middle vertex of each edge, or the middle of its only piece, (m, 2)."""
    first, last = graph.offsets[:-1], graph.offsets[1:] - 1
    low = first + (last - first) // 2
    return np.asarray((graph.coords[low] + graph.coords[np.minimum(low + 1, last)]) / 2)


def zone_of_places(project: Project, xy: Floats) -> Ints:
    """Return the row in `zone_ids` of the patrol zone that each place lies in or beside, -1 outside all.

    Streets often run along the limit of the area, half of their pieces a little outside; they belong to the zone beside them.
    """
    zones = project.zones
    if zones is None:
        return np.zeros(len(xy), np.int32)
    if not zones.members and not len(zones.labels):
        held = locate(xy, zones.hulls)
        lost = np.flatnonzero(held < 0)
        held[lost] = nearest(xy[lost], zones.hulls, np.inf)
        return held
    assert project.units is not None
    polygons = unit_polygons(project.units)
    unit = locate(xy, polygons)
    lost = np.flatnonzero(unit < 0)
    unit[lost] = nearest(xy[lost], polygons, BESIDE)
    rows = zone_rows(project.grids, zones)
    return np.where(unit >= 0, rows[unit], -1) if len(zone_ids(zones)) else np.full(len(xy), -1)


def road_findings(roads: Roads, graph: RoadGraph, rows: Ints, mode: str) -> list[Issue]:
    """Return what is odd about the streets of a road graph, as `graph_of_roads` made it with the street `rows` of its lines for `mode`.

    Parts that are not joined to the largest one and streets that can be driven into but not out of, or the other way round, each with how
    many, how long and where the largest is; speeds replaced, lines of no length and turns that were not understood, with how many.
    """
    texts = {
        EdgeState.APART: N_("{count} parts of the streets, {km} km in all, are not connected to the rest; the largest has {most} km"),
        EdgeState.NO_WAY_BACK: N_("{count} one-way traps, {km} km in all: streets that lead in but not out; the largest has {most} km"),
        EdgeState.NO_WAY_IN: N_("{count} one-way streets, {km} km in all, lead out but not in; the largest has {most} km"),
        EdgeState.CLOSED: N_("{count} parts of the streets, {km} km in all, may be driven in no direction; the largest has {most} km"),
    }
    kinds = {
        EdgeState.APART: "roads_apart", EdgeState.NO_WAY_BACK: "one_way_trap", EdgeState.NO_WAY_IN: "no_way_in",
        EdgeState.CLOSED: "roads_closed",
    }  # fmt: skip
    found = [_parts(graph, graph.state == state, kinds[state], text) for state, text in texts.items()]
    found.append(_count(int(np.sum((roads.speed[rows] != 0) & ~possible_speed(roads)[rows])) if mode != "foot" else 0, "road_speed",
                        N_("{count} streets have a speed that cannot be; that of their class was taken")))  # fmt: skip
    bare = len(rows) - len(np.unique(graph.line))
    found.append(_count(bare, "road_length", N_("{count} streets have no length and were left out")))
    if mode != "foot" and len(roads.turns):
        lost = np.flatnonzero(placed_turns(roads, graph, rows)[1])
        text = N_("{count} turn restrictions name streets that do not meet there, or not in one way, and were left out")
        found.append(_count(len(lost), "turns", text, *(roads.turns.via[lost[0]].tolist() if len(lost) else ())))
    return [issue for issue in found if issue is not None]


def _parts(graph: RoadGraph, among: Bools, kind: str, text: str) -> Issue | None:
    """Return the finding of the streets `among` (m,), taken as parts that hang together; None where there are none."""
    if not among.any():
        return None
    part = components(graph.node_count, graph.u[among], graph.v[among])[graph.u]
    metres = group_sums(part, np.where(among, graph.length, 0.0))
    worst = int(metres.argmax())
    there = np.flatnonzero(among & (part == worst))
    x, y = edge_middles(graph)[there[graph.length[there].argmax()]].tolist()
    level = Level.WARNING if metres[worst] > LONG else Level.INFO
    values = {
        "count": len(np.unique(part[among])),
        "km": f"{graph.length[among].sum() / 1000:.1f}",
        "most": f"{metres[worst] / 1000:.1f}",
    }
    return Issue(level, kind, text, values, "roads", "", x, y)


def _count(count: int, kind: str, text: str, x: float | None = None, y: float | None = None) -> Issue | None:
    return Issue(Level.INFO, kind, text, {"count": count}, "roads", "", x, y) if count else None
