"""The streets of a patrol plan made ready for hand editing: the road graph, ways between calls, and where sites are reached from."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from weakref import WeakKeyDictionary

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from algorithms.network.arc_network import arc_network
from algorithms.network.nearest import nearest_edge, nearest_end
from algorithms.network.polylines import polyline_lengths
from algorithms.network.road_graph import EdgeState, RoadGraph
from algorithms.patrolling.walk import Ways
from gridplanner.model.grids import GridPlan
from gridplanner.model.lines import Bools, Floats, Ints
from gridplanner.model.outlines import zone_ids
from gridplanner.model.patrol import PatrolStreets, Route
from gridplanner.model.places import KeySites
from gridplanner.model.project import Project
from gridplanner.model.units import Units
from gridplanner.model.zone_ground import streets_of_zones
from gridplanner.model.zones import ZonePlan

OUTSIDE = {"hard": 30.0, "soft": 3.0}  # what a second outside the zone costs: it is left where there is hardly another way, or to save much

MARGIN = 1000.0  # metres beside a zone in which ways are looked for first


@dataclass(frozen=True, eq=False)
class Ground:
    """The road graph of a plan's streets: edge and arc numbers are those of the plan; `middle` (m, 2) metres.

    `ways` keeps what was looked for, for each zone and variant on its own: variants that were planned apart stay apart. `kept` are the
    routes whose own ways are among them.
    """

    streets: PatrolStreets
    graph: RoadGraph
    middle: Floats
    ways: dict[tuple[int, int, str, int, bool], Ways] = field(default_factory=dict)
    kept: WeakKeyDictionary[Route, set[int]] = field(default_factory=WeakKeyDictionary)


@lru_cache(maxsize=4)
def ground_of(streets: PatrolStreets) -> Ground:
    """Return the road graph of a plan's streets; made once for them."""
    lines, u, v = streets.lines, streets.u.astype(np.int64), streets.v.astype(np.int64)
    offsets = lines.offsets.astype(np.int64)
    count = int(max(u.max(), v.max())) + 1 if len(u) else 0
    xy = np.zeros((count, 2))
    xy[u], xy[v] = lines.coords[offsets[:-1]], lines.coords[offsets[1:] - 1]
    length = polyline_lengths(lines.coords, offsets)
    component, state = _parts(u, v, streets.seconds, length, count)
    graph = RoadGraph(
        xy, u, v, np.arange(len(u)), length, np.array(streets.seconds), np.array(lines.coords), offsets, component, state,
        np.array(streets.banned, np.int64),
    )  # fmt: skip
    low = offsets[:-1] + (np.diff(offsets) - 1) // 2
    middle = (lines.coords[low] + lines.coords[np.minimum(low + 1, offsets[1:] - 1)]) / 2 if len(u) else np.zeros((0, 2))
    return Ground(streets, graph, middle)


def ways_in(ground: Ground, inside: Bools | None, kind: str, zone: int, variant: int, nodes: Ints) -> Ways:
    """Return the ways of a zone's routes in a variant; streets outside cost more, as the zone is `kind` hard or soft.

    Ways are looked for near the zone, but among all streets where one of the `nodes` that are to be reached lies farther off.
    """
    for wide in (False, True):
        key = zone, variant, kind, 0 if inside is None else id(inside), wide
        if key not in ground.ways:
            price = np.ones(ground.graph.edge_count) if inside is None else np.where(inside, 1.0, OUTSIDE[kind])
            near = None if inside is None or wide else np.union1d(ground.graph.u[inside], ground.graph.v[inside])
            ground.ways[key] = Ways(ground.graph, arc_network(ground.graph, near, MARGIN, price), price)
        if np.isin(nodes, ground.ways[key].network.nodes).all():
            break
    return ground.ways[key]


def site_nodes(project: Project, ground: Ground, depot: int) -> Ints:
    """Return the node that each key site of the project is reached from: of the nearest street that a crew can come to and back from."""
    return _site_nodes(ground, project.key_sites, int(ground.graph.component[depot]))


@lru_cache(maxsize=8)
def _site_nodes(ground: Ground, sites: KeySites, part: int) -> Ints:
    graph = ground.graph
    near = (graph.component[graph.u] == part) & (graph.component[graph.v] == part)
    near &= np.isfinite(graph.seconds.reshape(-1, 2)).any(axis=1)
    if not len(sites) or not near.any():
        return np.zeros(len(sites), np.int64)
    return nearest_end(graph, nearest_edge(graph, sites.xy, near))[0]


def inside_zone(project: Project, ground: Ground, zone: int) -> Bools | None:
    """Return which streets belong to a zone, (m,), None where there are no zones or no zone of that id now."""
    if project.zones is None:
        return None
    return _inside(ground.streets, project.units, project.grids, project.zones).get(zone)


@lru_cache(maxsize=4)
def _inside(streets: PatrolStreets, units: Units | None, grids: GridPlan | None, zones: ZonePlan) -> dict[int, Bools]:
    held = streets_of_zones(Project(units=units, grids=grids, zones=zones), streets.lines)
    return dict(zip(zone_ids(zones), held, strict=True))


def _parts(u: Ints, v: Ints, seconds: Floats, length: Floats, count: int) -> tuple[Ints, np.ndarray[tuple[int], np.dtype[np.int8]]]:
    """Return the strongly connected part of each node, and which edges lie in the one with most metres: only there a crew comes home."""
    if not len(u):
        return np.zeros(count, np.int64), np.zeros(0, np.int8)
    arcs = np.flatnonzero(np.isfinite(seconds))
    edge, back = arcs // 2, arcs % 2 == 1
    tail, head = np.where(back, v[edge], u[edge]), np.where(back, u[edge], v[edge])
    links = csr_array((np.ones(len(arcs)), (tail, head)), shape=(count, count))
    part = connected_components(links, directed=True, connection="strong")[1].astype(np.int64)
    closed = ~np.isfinite(seconds.reshape(-1, 2)).any(axis=1)
    whole = (part[u] == part[v]) & ~closed
    core = int(np.bincount(part[u[whole]], length[whole], int(part.max()) + 1).argmax()) if whole.any() else -1
    state = np.where(closed, EdgeState.CLOSED, np.where(whole & (part[u] == core), EdgeState.CORE, EdgeState.APART))
    return part, state.astype(np.int8)
