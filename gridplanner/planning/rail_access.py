"""How guards come to the line: their bases, the entry points where a road comes near, and the time to every atom."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from algorithms.network.nearest import EdgePlaces
from algorithms.progress import SILENT, Progress
from algorithms.railguard.access import LineAccess, along_lines, gate_seconds
from algorithms.railguard.projection import places_on_lines, spread_along
from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.places import Depots, texts
from gridplanner.model.project import Project
from gridplanner.model.rail import NO_PLACES, RailFeatures, RailLine, RailPlaces, RailProfile
from gridplanner.planning.road_network import KMH
from gridplanner.planning.travel import Ways, ways_of
from gridplanner.settings import RailSettings

GUARDS = ("护路", "铁路", "铁道", "rail", "guard")  # in the kind or name of a depot that guards of the line set out from
POLICE = ("派出所", "警", "police", "station")
APART = 200.0  # metres along the line between entry points from one street that runs beside it
STEP = 10.0  # metres between the places of a street that are looked at
FAR = 500.0  # metres to the nearest street from which a base is likely misplaced


@dataclass(frozen=True, eq=False)
class RailGates:
    """The entry points, and where each is on the streets: `edge` and `along` in the road graph, `walk` (g,) metres from it to the line."""

    places: RailPlaces
    on_road: EdgePlaces
    ways: Ways | None


@dataclass(frozen=True, eq=False)
class RailAccess:
    """How soon each atom is reached from each base: `times` (b, n) over the gates; `bases` and `gates` in the rows that it names."""

    bases: RailPlaces
    gates: RailPlaces
    times: LineAccess

    def base_for(self, rows: Ints) -> int:
        """Return the base from which the atoms `rows` are reached soonest on the whole, -1 where none reaches any.

        Of bases that reach as many of them, the one with the least mean counts.
        """
        seconds = self.times.seconds[:, rows]
        there = np.isfinite(seconds)
        if not there.any():
            return -1
        reached, total = there.sum(axis=1), np.where(there, seconds, 0.0).sum(axis=1)
        return int(np.lexsort((total / np.maximum(reached, 1), -reached))[0])


def bases_of(project: Project, lines: Sequence[RailLine]) -> tuple[RailPlaces, list[Issue]]:
    """Return where guards set out from: depots whose kind or name says so, else police stations, else all; none is an issue."""
    depots = project.depots
    if not len(depots):
        text = N_("There are no depots to reach the line from, so access is not known; import depots, of kind 护路 where guards set out")
        return NO_PLACES, [Issue(Level.INFO, "rail_bases", text, {}, "depots")]
    rows = _base_rows(depots)
    found = places_on_lines([line.coords for line in lines], depots.xy[rows])
    named = [str(depots.names[row]) or _("Depot {n}").format(n=row + 1) for row in rows.tolist()]
    return RailPlaces(depots.xy[rows], texts(named), found.line, found.along), []


def _base_rows(depots: Depots) -> Ints:
    for words in (GUARDS, POLICE):
        says = [any(word in f"{kind} {name}".casefold() for word in words) for kind, name in zip(depots.kinds, depots.names, strict=True)]
        if any(says):
            return np.flatnonzero(np.array(says))
    return np.arange(len(depots))


def gates_of(project: Project, lines: Sequence[RailLine], features: RailFeatures, settings: RailSettings) -> tuple[RailGates, list[Issue]]:
    """Return where a street on the ground comes within `gate_m` of a line outside its bridges and tunnels; no streets are an issue.

    A street that runs beside the line gives an entry point every 200 m, the nearest to the line first; motorways give none.
    """
    try:
        ways = ways_of(project.roads, settings.mode)
    except InputError:
        text = N_("There are no streets to reach the line on, so access is not known; import streets")
        return RailGates(NO_PLACES, _NOWHERE, None), [Issue(Level.INFO, "rail_streets", text, {}, "roads")]
    graph = ways.graph
    ground = ways.stop & (project.roads.level[ways.street[graph.line]] == 0)
    coords = [line.coords for line in lines]
    near = _edges_near(graph.coords, graph.offsets, np.flatnonzero(ground), coords, settings.gate_m)
    edge_lines = [graph.coords[graph.offsets[edge] : graph.offsets[edge + 1]] for edge in near.tolist()]
    if not edge_lines:
        return RailGates(NO_PLACES, _NOWHERE, ways), [_no_gates(settings, coords)]
    offsets = np.concatenate(([0], np.cumsum([len(part) for part in edge_lines])))
    xy, row = spread_along(np.concatenate(edge_lines), offsets, STEP)
    xy, row = _with_nearest(xy, row, edge_lines, coords, settings.gate_m)
    found = places_on_lines(coords, xy, settings.gate_m)
    on = np.flatnonzero((found.line >= 0) & ~found.past & ~_within(features, found.line, found.along))
    chosen = on[_thinned(row[on], found.line[on], found.along[on], found.away[on])]
    if not len(chosen):
        return RailGates(NO_PLACES, _NOWHERE, ways), [_no_gates(settings, coords)]
    edge = near[row[chosen]]
    shapes = shapely.linestrings(graph.coords, indices=np.repeat(np.arange(graph.edge_count), np.diff(graph.offsets)))[edge]
    along = shapely.line_locate_point(shapes, shapely.points(xy[chosen]))
    names = project.roads.names[ways.street[graph.line[edge]]]
    places = RailPlaces(xy[chosen], names, found.line[chosen], found.along[chosen])
    return RailGates(places, EdgePlaces(edge, along, found.away[chosen], xy[chosen]), ways), []


_NOWHERE = EdgePlaces(np.zeros(0, np.int64), np.zeros(0), np.zeros(0), np.empty((0, 2)))


def _edges_near(coords: Floats, offsets: Ints, edges: Ints, lines: Sequence[Floats], within: float) -> Ints:
    """Return those of the edges that come within some metres of a line."""
    if not len(edges) or not len(lines):
        return np.zeros(0, np.int64)
    row = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    shapes = shapely.linestrings(coords, indices=row)[edges]
    chunks = [shapely.LineString(line[low : low + 33]) for line in lines for low in range(0, len(line) - 1, 32)]
    _chunk, found = shapely.STRtree(shapes).query(np.array(chunks, object), predicate="dwithin", distance=max(within, 1e-6))
    return np.asarray(edges[np.unique(found)])


def _with_nearest(
    xy: Floats, row: Ints, edges: Sequence[Floats], lines: Sequence[Floats], within: float
) -> tuple[Floats, Ints]:  # fmt: skip
    """Return the places on the edges, and on each edge the place nearest to every line that it comes near."""
    shapes = np.array([shapely.LineString(part) for part in edges], object)
    chunks = np.array([shapely.LineString(line[low : low + 33]) for line in lines for low in range(0, len(line) - 1, 32)], object)
    edge, chunk = shapely.STRtree(chunks).query(shapes, predicate="dwithin", distance=max(within, 1e-6))
    ends = shapely.get_coordinates(shapely.shortest_line(shapes[edge], chunks[chunk])).reshape(-1, 2, 2)
    return np.vstack((xy, ends[:, 0])), np.concatenate((row, edge))


def _within(features: RailFeatures, line: Ints, along: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which places lie on a bridge or in a tunnel, where nobody gets to the track from a street."""
    inside = np.zeros(len(line), bool)
    for at in np.flatnonzero(np.isin(features.kinds.astype(str), ("bridge", "tunnel"))).tolist():
        inside |= (line == features.line[at]) & (along > features.low[at]) & (along < features.high[at])
    return inside


def _thinned(street: Ints, line: Ints, along: Floats, away: Floats) -> Ints:
    """Return the rows that stay: of each street and line the nearest to the line, and one for each stretch of 200 m to both sides of it."""
    pair = np.unique(np.column_stack((street, line)), axis=0, return_inverse=True)[1].ravel()
    order = np.lexsort((along, away, pair))
    first = order[np.append(True, np.diff(pair[order]) > 0)] if len(order) else order
    stretch = np.round((along - along[first][pair]) / APART).astype(np.int64)
    order = np.lexsort((along, away, stretch, pair))
    fresh = np.append(True, (np.diff(pair[order]) != 0) | (np.diff(stretch[order]) != 0)) if len(order) else np.zeros(0, bool)
    chosen = order[fresh]
    key = np.column_stack((line[chosen], np.round(along[chosen]), np.round(away[chosen])))  # two streets that meet at the line: one place
    return np.sort(chosen[np.unique(key, axis=0, return_index=True)[1]])


def _no_gates(settings: RailSettings, coords: Sequence[Floats]) -> Issue:
    text = N_("No street comes within {metres} m of the line, so access is not known; set gate_m higher, or look for missing streets")
    x, y = coords[0][len(coords[0]) // 2].tolist() if len(coords) else (None, None)
    return Issue(Level.WARNING, "rail_gates", text, {"metres": f"{settings.gate_m:g}"}, "rail", "", x, y)


def access_of(
    project: Project, lines: Sequence[RailLine], profile: RailProfile, gates: RailGates, settings: RailSettings, progress: Progress = SILENT
) -> tuple[RailAccess, list[Issue]]:  # fmt: skip
    """Return how soon the middle of each atom is reached from each base: driven to a gate, then on foot to the line and along it.

    No base, no street and no gate are issues, and so are atoms that no base reaches, one a line; the rest works all the same.
    """
    bases, issues = bases_of(project, lines)
    middle = (profile.low + profile.high) / 2.0
    walk = settings.walk_kmh * KMH
    seconds = np.full((len(bases), len(gates.places)), np.inf)
    if gates.ways is not None and len(bases) and len(gates.places):
        start = gates.ways.places(bases.xy)
        seconds = gate_seconds(gates.ways.graph, gates.ways.network, start, gates.on_road, gates.ways.lead(start), walk, progress)
        for row in np.flatnonzero(start.distance > FAR).tolist():
            text = N_("{name} is {metres} m from the nearest street; its minutes begin with that way. Check where it lies")
            values = {"name": bases.names[row], "metres": round(float(start.distance[row]))}
            issues.append(Issue(Level.WARNING, "far_post", text, values, "rail", str(bases.names[row]), *map(float, bases.xy[row])))
    times = along_lines(seconds, gates.places.line, gates.places.along, profile.line, middle, walk)
    return RailAccess(bases, gates.places, times), issues + _not_reached(lines, profile, seconds, times)


def _not_reached(lines: Sequence[RailLine], profile: RailProfile, seconds: Floats, times: LineAccess) -> list[Issue]:
    if not seconds.size:
        return []  # said already
    lost = ~np.isfinite(times.seconds).any(axis=0)
    issues = []
    text = N_("{name}: no base reaches {km} km of it, as no street leads from one to an entry point; look for a gap in the streets")
    for row in np.unique(profile.line[lost]).tolist():
        mine = lost & (profile.line == row)
        km = float((profile.high - profile.low)[mine].sum()) / 1000.0
        x, y = lines[row].coords[0].tolist()
        issues.append(
            Issue(Level.WARNING, "rail_cut_off", text, {"name": lines[row].name, "km": f"{km:.1f}"}, "rail", lines[row].name, x, y)
        )
    return issues


def with_access(profile: RailProfile, access: RailAccess) -> RailProfile:
    """Return the profile with the soonest base of every atom, its seconds and the gate walked from."""
    seconds, base, gate = access.times.soonest()
    return dataclasses.replace(profile, access_s=seconds, base=base, gate=gate)
