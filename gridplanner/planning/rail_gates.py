"""Entry points of the line: where guards get from a street to the track."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from algorithms.graph.components import components
from algorithms.network.nearest import EdgePlaces, nearest_edge
from algorithms.network.road_graph import EdgeState, RoadGraph
from algorithms.railguard.chainage import points_at
from algorithms.railguard.projection import places_on_lines, spread_along
from algorithms.sums import group_sums
from gridplanner.errors import InputError
from gridplanner.i18n import N_
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Bools, Floats, Ints, Texts
from gridplanner.model.places import Roads
from gridplanner.model.project import Project
from gridplanner.model.rail import NO_PLACES, RailFeatures, RailLine, RailPlaces
from gridplanner.planning.travel import THROUGH, VILLAGE, Ways, ways_of
from gridplanner.settings import RailSettings

APART = 200.0  # metres along the line between entry points from one street that runs beside it
STEP = 10.0  # metres between the places of a street that are looked at
CHUNK = 32  # pieces of the line that are searched with one box
LET_IN = ("crossing", "station", "gate")  # where a fence lets people through
AT_GATE = 100.0  # metres along the line from such a place within which one gets in there
TO_GATE = 500.0  # metres on foot from a street to a gate that is given


@dataclass(frozen=True, eq=False)
class RailGates:
    """The entry points and where each is on the streets, `on_road.distance` metres from the line.

    `ways` are the streets, None where there are none, and `stop` the edges that a base may stand at.
    """

    places: RailPlaces
    on_road: EdgePlaces
    ways: Ways | None
    stop: Bools


NOWHERE = EdgePlaces(np.zeros(0, np.int64), np.zeros(0), np.zeros(0), np.empty((0, 2)))


def gates_of(project: Project, lines: Sequence[RailLine], features: RailFeatures, settings: RailSettings) -> tuple[RailGates, list[Issue]]:
    """Return where a street on the ground comes within `gate_m` of a line, and the gates that are given; none at all is an issue.

    There is no way in on bridges and in tunnels, nor along a fence but at crossings, stations and given gates. A street that runs beside
    the line gives an entry point every 200 m, the nearest to the line first; motorways give none. A given gate is reached on foot from
    the nearest street within 500 m.
    """
    try:
        ways = ways_of(project.roads, settings.mode)
    except InputError:
        text = N_("There are no streets to reach the line on, so access is not known; import streets")
        return RailGates(NO_PLACES, NOWHERE, None, np.zeros(0, bool)), [Issue(Level.INFO, "rail_streets", text, {}, "roads")]
    coords = [line.coords for line in lines]
    stop = _stops(ways, project.roads)
    ground = stop & (project.roads.level[ways.street[ways.graph.line]] == 0)
    parts = [_from_streets(ways.graph, np.flatnonzero(ground), coords, features, settings.gate_m)]
    parts.append(_from_given(ways.graph, ground, coords, features))
    edge, along, away, xy, line, place = (np.concatenate([part[column] for part in parts]) for column in range(6))
    names = _names(project.roads, ways, edge, features, parts)
    places = RailPlaces(xy, names, line, place)
    issues = [*_unused(features, parts[1], coords), *([] if len(edge) else [_none(settings, coords)])]
    return RailGates(places, EdgePlaces(edge, along, away, xy), ways, stop), issues


_Gates = tuple[Ints, Floats, Floats, Floats, Ints, Floats]  # edge, metres along it, metres to the line, place, line, metres along that


def _stops(ways: Ways, roads: Roads) -> Bools:
    """Return the edges that guards drive: those crews stop at, and places of their own that streets join to no others in the data."""
    graph = ways.graph
    row = ways.street[graph.line]
    part = components(graph.node_count, graph.u, graph.v)[graph.u]
    apart = (graph.state == EdgeState.APART) & (group_sums(part, graph.length)[part] > VILLAGE)
    stop: Bools = ways.stop | (apart & ~np.isin(roads.highway[row], THROUGH) & (roads.level[row] >= 0))
    return stop


def _from_streets(graph: RoadGraph, ground: Ints, coords: Sequence[Floats], features: RailFeatures, within: float) -> _Gates:
    """Return the places of streets beside the lines from which one gets in."""
    starts = [(line, low) for line in coords for low in range(0, len(line) - 1, CHUNK)]
    chunks = np.array([shapely.LineString(line[low : low + CHUNK + 1]) for line, low in starts], object)
    shapes = _edge_shapes(graph, ground)
    chunk, near = shapely.STRtree(shapes).query(chunks, predicate="dwithin", distance=max(within, 1e-6))
    if not len(near):
        return _no_gates()
    edges, row = np.unique(near, return_inverse=True)
    corners, owner = shapely.get_coordinates(shapes[edges], return_index=True)
    xy, street = spread_along(corners, np.searchsorted(owner, np.arange(len(edges) + 1)), STEP)
    closest = shapely.get_coordinates(shapely.shortest_line(shapes[near], chunks[chunk])).reshape(-1, 2, 2)[:, 0]
    xy, street = np.vstack((xy, closest)), np.concatenate((street, row))
    found = places_on_lines(coords, xy, within)
    on = np.flatnonzero((found.line >= 0) & ~found.past)
    on = on[~_shut(features, found.line[on], found.along[on])]
    on = on[_thinned(street[on], found.line[on], found.along[on], found.away[on])]
    along = shapely.line_locate_point(shapes[edges[street[on]]], shapely.points(xy[on]))
    return ground[edges[street[on]]], along, found.away[on], xy[on], found.line[on], found.along[on]


def _from_given(graph: RoadGraph, ground: Bools, coords: Sequence[Floats], features: RailFeatures) -> _Gates:
    """Return the gates that a source gives, from the nearest street of each."""
    rows = np.flatnonzero(features.kinds == "gate")
    if not len(rows) or not ground.any():
        return _no_gates()
    xy = np.vstack([points_at(coords[int(features.line[row])], features.low[row]) for row in rows.tolist()])
    near = nearest_edge(graph, xy, ground)
    kept = np.flatnonzero(near.distance <= TO_GATE)
    rows = rows[kept]
    return near.edge[kept], near.along[kept], near.distance[kept], xy[kept], features.line[rows], features.low[rows]


def _unused(features: RailFeatures, used: _Gates, coords: Sequence[Floats]) -> list[Issue]:
    """Return the issue about given gates that are too far from every street to be entry points, at the first of them."""
    _edge, _along, _away, _xy, line, place = used
    rows = [
        row for row in np.flatnonzero(features.kinds == "gate").tolist()
        if not ((line == features.line[row]) & (place == features.low[row])).any()
    ]  # fmt: skip
    if not rows:
        return []
    text = N_("{n} given entry points lie more than {metres} m from every street and are not used; draw the way to them")
    x, y = points_at(coords[int(features.line[rows[0]])], features.low[rows[0]])[0].tolist()
    values = {"n": len(rows), "metres": f"{TO_GATE:g}"}
    return [Issue(Level.WARNING, "rail_gate_far", text, values, "rail_features", str(features.names[rows[0]]), x, y)]


def _no_gates() -> _Gates:
    none, nothing = np.zeros(0, np.int64), np.zeros(0)
    return none, nothing, nothing, np.empty((0, 2)), none, nothing


def _names(roads: Roads, ways: Ways, edge: Ints, features: RailFeatures, parts: Sequence[_Gates]) -> Texts:
    """Return what the entry points are called: gates by their own name, else all by their street's."""
    names = roads.names[ways.street[ways.graph.line[edge]]].copy()
    first, (_edge, _along, _away, _xy, line, place) = len(parts[0][0]), parts[1]
    gates = np.flatnonzero(features.kinds == "gate")
    for row in range(len(line)):
        own = gates[(features.line[gates] == line[row]) & (features.low[gates] == place[row])]
        if features.names[own[0]]:
            names[first + row] = features.names[own[0]]
    return names


def _edge_shapes(graph: RoadGraph, edges: Ints) -> Texts:
    row = np.repeat(np.arange(graph.edge_count), np.diff(graph.offsets))
    wanted = np.zeros(graph.edge_count, bool)
    wanted[edges] = True
    number = np.cumsum(wanted) - 1
    inside = wanted[row]
    return np.asarray(shapely.linestrings(graph.coords[inside], indices=number[row[inside]]), object)


def _shut(features: RailFeatures, line: Ints, along: Floats) -> Bools:
    """Return which places lie on a bridge or in a tunnel, or behind a fence that lets nobody through there."""
    kinds = features.kinds.astype(str)
    inside, fenced, let_in = np.zeros(len(line), bool), np.zeros(len(line), bool), np.zeros(len(line), bool)
    for words, mask, beyond in ((("bridge", "tunnel"), inside, 0.0), (("fence",), fenced, 1.0), (LET_IN, let_in, AT_GATE)):
        for at in np.flatnonzero(np.isin(kinds, words)).tolist():
            mask |= (line == features.line[at]) & (along > features.low[at] - beyond) & (along < features.high[at] + beyond)
    return inside | (fenced & ~let_in)


def _thinned(street: Ints, line: Ints, along: Floats, away: Floats) -> Ints:
    """Return the rows that stay: of each street and line the nearest to the line, and one for each stretch of 200 m to both sides of it."""
    if not len(street):
        return np.zeros(0, np.int64)
    pair = np.unique(np.column_stack((street, line)), axis=0, return_inverse=True)[1].ravel()
    order = np.lexsort((along, away, pair))
    first = order[np.append(True, np.diff(pair[order]) > 0)]
    stretch = np.round((along - along[first][pair]) / APART).astype(np.int64)
    order = np.lexsort((along, away, stretch, pair))
    chosen = order[np.append(True, (np.diff(pair[order]) != 0) | (np.diff(stretch[order]) != 0))]
    key = np.column_stack((line[chosen], np.round(along[chosen]), np.round(away[chosen])))  # two streets that meet at the line: one place
    return np.sort(chosen[np.unique(key, axis=0, return_index=True)[1]])


def _none(settings: RailSettings, coords: Sequence[Floats]) -> Issue:
    text = N_("No street comes within {metres} m of the line, so access is not known; set gate_m higher, or look for missing streets")
    x, y = coords[0][len(coords[0]) // 2].tolist() if len(coords) else (None, None)
    return Issue(Level.WARNING, "rail_gates", text, {"metres": f"{settings.gate_m:g}"}, "rail", "", x, y)
