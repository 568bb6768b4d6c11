"""Where streets cross the boundary of an area: each way out once, though a street may weave over the boundary ten times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from algorithms.checkpoints.min_cut import min_cut
from algorithms.checkpoints.streets import Streets, streets_of
from algorithms.network.polylines import Bools, Floats, Ints
from algorithms.network.road_graph import RoadGraph
from algorithms.progress import SILENT, Progress

Shapes = NDArray[np.object_]

_STREET = 1_000_000  # what a crossing costs beside a metre by which a node is taken for the other side
_EVERY = 10.0  # metres between places of the boundary that depth is measured to


@dataclass(frozen=True)
class CrossingParams:
    """How exactly the boundary is known, and what a crossing is.

    A node within `band` metres of the boundary may be taken for either side. A piece of street that is `bulge` metres or deeper on
    the other side crosses twice, though nothing branches off there. Streets that end within `clipped` metres inside the boundary
    cross it where the caller says that they go on: data is often cut there.
    """

    band: float = 25.0
    bulge: float = 100.0
    clipped: float = 60.0


@dataclass(frozen=True, eq=False)
class Crossings:
    """`streets` cut so that each piece crosses once at most, `side` (n,) 1 inside and -1 outside, `depth` (n,) metres from the boundary.

    Crossing i is the piece `piece[i]` at `xy[i]`; `outward[i]` True where the piece's node u is inside. Depths beyond what the
    parameters ask about are inf.
    """

    streets: Streets
    side: Ints
    depth: Floats
    piece: Ints
    xy: Floats
    outward: Bools

    @property
    def leaves(self) -> Bools:
        """(c,) whether one may drive out here."""
        return np.isfinite(self.streets.seconds[self.piece, np.where(self.outward, 0, 1)])

    @property
    def enters(self) -> Bools:
        """(c,) whether one may drive in here."""
        return np.isfinite(self.streets.seconds[self.piece, np.where(self.outward, 1, 0)])


def find_crossings(
    graph: RoadGraph, area: shapely.Geometry, goes_on: Bools, params: CrossingParams | None = None, progress: Progress = SILENT
) -> Crossings:
    """Return where streets cross the boundary of an area (a shapely polygon or several).

    `goes_on` (m,) are the edges that go on where they end just inside the boundary. Which side a node in the band is on is chosen so
    that there are as few crossings as possible, and then as near to the drawn boundary as possible: a minimum cut. So a street along
    the boundary is one side's, and a roundabout on it is too.
    """
    params = params or CrossingParams()
    shapely.prepare(area)
    bits = _straight(area.boundary)
    tree = shapely.STRtree(bits)
    row = np.repeat(np.arange(graph.edge_count), np.diff(graph.offsets))
    lines = shapely.linestrings(graph.coords, indices=row) if graph.edge_count else np.empty(0, object)
    touching = np.unique(tree.query(lines, predicate="intersects")[0]) if len(bits) else np.zeros(0, np.intp)
    progress.check()
    edge, along, xy = _bulges(lines, touching, area, params.bulge)
    streets = streets_of(graph, edge, along, xy)
    places = shapely.points(streets.xy)
    inside = shapely.contains_xy(area, streets.xy)
    depth = np.full(streets.node_count, np.inf)
    near, _ = tree.query(places, predicate="dwithin", distance=max(params.band, params.clipped)) if len(bits) else (touching, None)
    near = np.unique(near)
    depth[near] = shapely.distance(places[near], area.boundary)
    progress.check()
    loose = _loose_ends(streets, inside, depth, goes_on, params)
    free = (depth <= params.band) & ~loose
    side = np.where(inside & ~loose, 1, -1)
    side = _fewest(streets, side, free, depth)
    piece = np.flatnonzero(side[streets.u] != side[streets.v])
    outward = side[streets.u] > 0
    where = _places(streets, piece, lines, area, depth)
    return Crossings(streets, side, depth, piece, where, outward[piece])


def core_of(crossings: Crossings, area: shapely.Geometry, depth: float) -> tuple[Bools, bool]:
    """Return the nodes (n,) inside that lie deeper than `depth` metres, and True where some part of the area has none.

    Of such a part, an exclave or a narrow area, those deeper than half its deepest node count: no part is given up.
    """
    rows = np.flatnonzero(crossings.side > 0)
    xy = crossings.streets.xy[rows]
    core = np.zeros(len(crossings.side), bool)
    parts = shapely.get_parts(area)
    part = shapely.STRtree(parts).nearest(shapely.points(xy)) if len(parts) > 1 and len(rows) else np.zeros(len(rows), np.intp)
    shallow = False
    for number in np.unique(part).tolist():
        mine = np.flatnonzero(part == number)
        inner = shapely.buffer(shapely.simplify(parts[number], 1.0), -depth)  # a hundred times faster than a distance from each node
        shapely.prepare(inner)
        deep = shapely.contains_xy(inner, xy[mine])
        if not deep.any():
            places = shapely.get_coordinates(shapely.segmentize(parts[number].boundary, _EVERY))
            away = cKDTree(places).query(xy[mine])[0]
            deep, shallow = away >= away.max() / 2, True
        core[rows[mine]] = deep
    return core, shallow


def _straight(boundary: shapely.Geometry) -> Shapes:
    """Return the straight bits of the boundary."""
    rings = shapely.get_parts(boundary)
    coords, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    found: Shapes = shapely.linestrings(np.stack((coords[:-1][same], coords[1:][same]), axis=1))
    return found


def _positions(line: shapely.Geometry, boundary: shapely.Geometry) -> Floats:
    """Return the metres along a line at which it meets the boundary, rising."""
    met = shapely.get_coordinates(shapely.intersection(line, boundary))
    return np.unique(shapely.line_locate_point(line, shapely.points(met)))


def _bulges(lines: Shapes, rows: Ints, area: shapely.Geometry, bulge: float) -> tuple[Ints, Floats, Floats]:
    """Return (edges, metres along, places) of the deepest place of each piece that bulges over the boundary and comes back."""
    found: list[tuple[int, float, float, float]] = []
    for row in rows.tolist():  # few streets touch the boundary
        line = lines[row]
        at = _positions(line, area.boundary)
        if len(at) < 2:
            continue
        corners = shapely.line_locate_point(line, shapely.points(shapely.get_coordinates(line)))
        for low, high in zip(at[:-1].tolist(), at[1:].tolist(), strict=True):
            if high - low < 2 * bulge:
                continue
            some = np.unique(np.concatenate((corners[(corners > low) & (corners < high)], np.linspace(low, high, 9)[1:-1])))
            places = shapely.line_interpolate_point(line, some)
            away = shapely.distance(places, area.boundary)
            deepest = int(np.argmax(away))
            if away[deepest] >= bulge:
                found.append((row, float(some[deepest]), *shapely.get_coordinates(places[deepest])[0].tolist()))
    table = np.array(found, np.float64).reshape(-1, 4)
    return table[:, 0].astype(np.int64), table[:, 1], table[:, 2:]


def _loose_ends(streets: Streets, inside: Bools, depth: Floats, goes_on: Bools, params: CrossingParams) -> Bools:
    """Return (n,) the nodes near the boundary at which a street that goes on ends, and those just at it where any street does."""
    ends = np.concatenate((streets.u, streets.v))
    alone = np.bincount(ends, minlength=streets.node_count) == 1
    going = np.zeros(streets.node_count, bool)
    going[ends[np.tile(goes_on[streets.edge], 2)]] = True
    reach = np.where(going, params.clipped, 1.0)
    return np.asarray(alone & np.where(inside, depth <= reach, np.isfinite(depth)))


def _fewest(streets: Streets, side: Ints, free: Bools, depth: Floats) -> Ints:
    """Return the side of each node where the `free` ones are chosen for the fewest crossings."""
    if not free.any():
        return side
    rows = np.flatnonzero(free)
    n = len(side)
    pull = 1 + np.rint(depth[rows]).astype(np.int64)  # metres by which the drawn boundary says so
    u = np.concatenate((streets.u, rows))
    v = np.concatenate((streets.v, np.where(side[rows] > 0, n, n + 1)))
    cost = np.concatenate((np.full(len(streets.u), _STREET), pull))
    ends = np.concatenate((np.where(free, 0, side), [1, -1]))
    return np.where(min_cut(u, v, cost, ends).inside[:n], 1, -1)


def _places(streets: Streets, piece: Ints, lines: Shapes, area: shapely.Geometry, depth: Floats) -> Floats:
    """Return where each piece crosses: where it meets the boundary (the middle one of several places), else its end next to it."""
    found = np.empty((len(piece), 2))
    for i, row in enumerate(piece.tolist()):
        line = lines[streets.edge[row]]
        at = _positions(line, area.boundary)
        at = at[(at >= streets.low[row]) & (at <= streets.high[row])]
        if len(at):
            found[i] = shapely.get_coordinates(shapely.line_interpolate_point(line, at[len(at) // 2]))[0]
        else:
            u, v = streets.u[row], streets.v[row]
            found[i] = streets.xy[u if depth[u] < depth[v] else v]
    return found
