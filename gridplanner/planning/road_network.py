"""Streets of the project to a road graph for one way of moving: what may be driven, how fast, in which zone."""

from __future__ import annotations

import numpy as np

from algorithms.network.road_graph import RoadGraph, build_road_graph
from algorithms.progress import SILENT, Progress
from algorithms.units.locate import locate, nearest
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.outlines import unit_polygons, zone_ids, zone_rows
from gridplanner.model.places import RoadClass, Roads
from gridplanner.model.project import Project

KMH = 1 / 3.6
BESIDE = 25.0  # metres outside the area within which a street belongs to it
# driving speed where a street has none of its own, km/h
SPEED = {RoadClass.PATH: 10.0, RoadClass.LANE: 15.0, RoadClass.STREET: 30.0, RoadClass.ARTERIAL: 45.0}
WALK = 4.5  # km/h
# speed while patrolling, km/h: slow enough to look, never above the street's own
PATROL_SPEED = {"car": 25.0, "motorcycle": 20.0, "foot": WALK}


def road_graph_of(project: Project, mode: str, progress: Progress = SILENT) -> tuple[RoadGraph, Ints]:
    """Return the road graph for `mode` (car, motorcycle, foot), and the project's street row of each of its lines."""
    return graph_of_roads(project.roads, mode, progress)


def graph_of_roads(roads: Roads, mode: str, progress: Progress = SILENT) -> tuple[RoadGraph, Ints]:
    """Return the road graph of streets for `mode`, and the row of the street that each of its lines is."""
    least = RoadClass.PATH if mode == "foot" else RoadClass.LANE
    rows = np.flatnonzero(roads.classes >= least)
    lines = roads.lines.select(rows)
    oneway = roads.oneway[rows] if mode != "foot" else np.zeros(len(rows), np.int8)
    default = np.array([0.0, *(SPEED[c] for c in RoadClass if c > 0)])[roads.classes[rows]] * KMH
    speed = np.where(roads.speed[rows] > 0, roads.speed[rows], default)
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
    return graph, rows


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
