"""A drawn line noded into a planar partition: it follows borders that it runs beside, and crosses the others at lattice nodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from algorithms.units.noding import LATTICE
from algorithms.units.outcodes import may_touch, outcodes

Ints = NDArray[np.signedinteger[Any]]
Floats = NDArray[np.float64]

SNAP = 0.25  # metres within which a line takes to a node or border, so that no sliver comes between them
NEAR = 1.0  # metres from a line within which borders may have to bend for it
HOT = 0.75  # lattice cells: a piece this near to a node passes through its pixel (half a cell's diagonal is 0.71)
ROUNDS = 4


@dataclass(frozen=True, eq=False)
class LineNoding:
    """What a line and the pieces near it become where they meet only at nodes.

    `xy` (n + k, 2) metres: the partition's nodes, then new ones. Edge i of the partition, `ends[i]`, is a part of piece `piece[i]`, in its
    direction; edges come in the order of pieces and, within one, of their places along it. `line` (s, 2) are the line's own edges in its
    direction, each once; some of them are edges of the partition too.
    """

    xy: Floats
    piece: Ints
    ends: Ints
    line: Ints


def node_line(xy: Floats, ends: Ints, lines: list[Floats]) -> LineNoding:
    """Return lines (k, 2), in metres, noded with the pieces of a partition near them, which keep their nodes.

    Lines are moved by up to SNAP metres onto nodes and pieces beside them; where they cross pieces, both get a node on the lattice, so a
    piece moves by less than a cell. What passes through a node's cell is given that node (snap rounding, Hobby 1999), with the
    partition's own pieces taken as settled among themselves.
    """
    near = _near(xy, ends, lines)
    rows = np.unique(ends[near])
    origin = np.rint(np.concatenate(lines).mean(axis=0) / LATTICE)
    place = np.rint(xy[rows] / LATTICE) - origin  # whole cells, exact in float64
    local = np.searchsorted(rows, ends[near])
    pieces = shapely.linestrings(place[local]) if len(near) else np.empty(0, object)
    nodes, borders = shapely.STRtree(shapely.points(place)), shapely.STRtree(pieces)
    paths = [_snapped(np.asarray(line, np.float64) / LATTICE - origin, place, nodes, place[local], borders) for line in lines]
    start = np.concatenate([path[:-1] for path in paths])
    stop = np.concatenate([path[1:] for path in paths])
    segments = shapely.linestrings(np.stack((start, stop), axis=1)) if len(start) else np.empty(0, object)
    met = [_crossings(start, stop, segments, place[local], borders), _crossings_among(start, stop, segments)]
    fresh = _unknown(np.concatenate([start, stop, *met]), place)
    all_places = np.concatenate((place, fresh))
    ids = np.concatenate((rows, len(xy) + np.arange(len(fresh))))
    key = {tuple(p): i for i, p in zip(ids.tolist(), all_places.tolist(), strict=True)}
    piece, point, share = _passing(shapely.points(fresh), fresh, place[local], borders)
    of, edges = _chains(len(near), ids[local], piece, ids[len(rows) + point], share)
    line_ends = np.array([[key[tuple(a)], key[tuple(b)]] for a, b in zip(start.tolist(), stop.tolist(), strict=True)], np.int64)
    both = np.stack((start, stop), axis=1)
    segment, point, share = _passing(shapely.points(all_places), all_places, both, shapely.STRtree(segments))
    _of, line = _chains(len(start), line_ends.reshape(-1, 2), segment, ids[point], share)
    pair = np.sort(line, axis=1)
    first = np.unique(pair[:, 0] * (len(xy) + len(fresh)) + pair[:, 1], return_index=True)[1]
    grown = np.round((fresh + origin) * LATTICE, 2)
    return LineNoding(np.concatenate((xy, grown)), near[of], edges, line[np.sort(first)])


def _near(xy: Floats, ends: Ints, lines: list[Floats]) -> Ints:
    """Return the rows of the pieces within NEAR of some lines; pieces in another part of the plane cost a comparison of bits."""
    coords = np.concatenate(lines)
    code = outcodes(xy, coords.min(axis=0) - NEAR, coords.max(axis=0) + NEAR)
    box = np.flatnonzero(may_touch(code[ends[:, 0]], code[ends[:, 1]]))
    if not len(box):
        return box
    shapes = shapely.linestrings([line for line in lines if len(line) > 1]) if len({len(line) for line in lines}) == 1 else np.array(
        [shapely.LineString(line) for line in lines], object)  # fmt: skip
    found = shapely.STRtree(shapely.linestrings(xy[ends[box]])).query(shapes, predicate="dwithin", distance=NEAR)[1]
    return np.asarray(box[np.unique(found)])


def _snapped(path: Floats, place: Floats, nodes: shapely.STRtree, pieces: Floats, borders: shapely.STRtree) -> Floats:
    """Return a path, in cells, that runs through every node within SNAP of it and along pieces that its places lie beside."""
    within = SNAP / LATTICE
    for _round in range(ROUNDS):
        before = path
        path = path.copy()
        vertex, node = nodes.query(shapely.points(path), predicate="dwithin", distance=within)
        first = _nearest_first(vertex, node, np.hypot(*(place[node] - path[vertex]).T))
        path[vertex[first]] = place[node[first]]
        free = np.setdiff1d(np.arange(len(path)), vertex)
        vertex, piece = borders.query(shapely.points(path[free]), predicate="dwithin", distance=within)
        foot = _feet(path[free][vertex], pieces[piece])
        first = _nearest_first(vertex, piece, np.hypot(*(foot - path[free][vertex]).T))
        path[free[vertex[first]]] = foot[first]
        path = _without_repeats(np.rint(path))
        if len(path) > 1:
            path = _through(path, place, nodes, within)
        if np.array_equal(path, before):
            break
    return np.asarray(path)


def _through(path: Floats, place: Floats, nodes: shapely.STRtree, within: float) -> Floats:
    """Return a path with the nodes beside its segments among its places."""
    ends = np.stack((path[:-1], path[1:]), axis=1)
    segment, node = nodes.query(shapely.linestrings(ends), predicate="dwithin", distance=within)
    share = _shares(place[node], ends[segment])
    inside = (share > 0) & (share < 1) & (place[node] != ends[segment, 0]).any(axis=1) & (place[node] != ends[segment, 1]).any(axis=1)
    at = np.concatenate((np.arange(len(path), dtype=float), (segment + share)[inside]))
    return _without_repeats(np.concatenate((path, place[node[inside]]))[np.argsort(at, kind="stable")])


def _crossings(start: Floats, stop: Floats, segments: NDArray[np.object_], pieces: Floats, borders: shapely.STRtree) -> Floats:
    """Return the cells where segments cross pieces."""
    segment, piece = borders.query(segments, predicate="intersects")
    return _meeting(start[segment], stop[segment], pieces[piece, 0], pieces[piece, 1])


def _crossings_among(start: Floats, stop: Floats, segments: NDArray[np.object_]) -> Floats:
    """Return the cells where segments cross each other."""
    one, other = shapely.STRtree(segments).query(segments, predicate="intersects")
    later = one < other
    return _meeting(start[one[later]], stop[one[later]], start[other[later]], stop[other[later]])


def _meeting(a: Floats, b: Floats, c: Floats, d: Floats) -> Floats:
    """Return the cells of the crossings of segments a–b and c–d that share no end and are not parallel."""
    shared = (a == c).all(axis=1) | (a == d).all(axis=1) | (b == c).all(axis=1) | (b == d).all(axis=1)
    r, s = b - a, d - c
    cross = r[:, 0] * s[:, 1] - r[:, 1] * s[:, 0]
    keep = ~shared & (cross != 0)
    a, r, s, c, cross = a[keep], r[keep], s[keep], c[keep], cross[keep]
    share = ((c - a)[:, 0] * s[:, 1] - (c - a)[:, 1] * s[:, 0]) / cross
    return np.asarray(np.rint(a + share[:, None] * r))


def _unknown(cells: Floats, known: Floats) -> Floats:
    """Return the different cells that are not known, in rising order."""
    fresh = np.unique(cells + 0.0, axis=0)  # -0.0 becomes 0.0
    taken = set(map(tuple, known.tolist()))
    return fresh[[tuple(cell) not in taken for cell in fresh.tolist()]]


def _passing(points: NDArray[np.object_], place: Floats, pieces: Floats, tree: shapely.STRtree) -> tuple[Ints, Ints, Floats]:
    """Return (piece, point, share along the piece) where a piece passes through the cell of a point that is none of its ends."""
    point, piece = tree.query(points, predicate="dwithin", distance=HOT) if len(points) and len(pieces) else np.zeros((2, 0), np.int64)
    share = _shares(place[point], pieces[piece])
    inside = (share > 0) & (share < 1)
    inside &= (place[point] != pieces[piece, 0]).any(axis=1) & (place[point] != pieces[piece, 1]).any(axis=1)
    return piece[inside], point[inside], share[inside]


def _chains(count: int, ends: Ints, piece: Ints, node: Ints, share: Floats) -> tuple[Ints, Ints]:
    """Return (piece, ends) of the edges of `count` pieces once they run through nodes at shares of their length."""
    rows = np.arange(count)
    of = np.concatenate((rows, piece, rows))
    nodes = np.concatenate((ends[:, 0], node, ends[:, 1]))
    order = np.lexsort((np.concatenate((np.full(count, -1.0), share, np.full(count, 2.0))), of))
    of, nodes = of[order], nodes[order]
    step = (of[1:] == of[:-1]) & (nodes[1:] != nodes[:-1])
    return of[:-1][step], np.column_stack((nodes[:-1][step], nodes[1:][step]))


def _shares(points: Floats, segments: Floats) -> Floats:
    """Return where along its segment (n, 2, 2) the foot of each point lies: 0 at the start, 1 at the end."""
    a, step = segments[:, 0], segments[:, 1] - segments[:, 0]
    length = np.maximum((step**2).sum(axis=1), 1e-9)
    return np.asarray(((points - a) * step).sum(axis=1) / length)


def _feet(points: Floats, segments: Floats) -> Floats:
    share = np.clip(_shares(points, segments), 0, 1)[:, None]
    return np.asarray(segments[:, 0] + share * (segments[:, 1] - segments[:, 0]))


def _nearest_first(one: Ints, other: Ints, away: Floats) -> Ints:
    """Return the rows of the nearest pair of each `one`; of equal ones that with the lowest `other`."""
    order = np.lexsort((other, away, one))
    return order[np.append(True, np.diff(one[order]) != 0)] if len(order) else order


def _without_repeats(path: Floats) -> Floats:
    return np.asarray(path[np.append(True, (path[1:] != path[:-1]).any(axis=1))])
