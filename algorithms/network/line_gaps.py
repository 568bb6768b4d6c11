"""Ends that were drawn to meet something and miss it: how far they are from it, what distance is a slip of the hand, and closing them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import partial

import numpy as np
import shapely
from scipy.spatial import cKDTree

from algorithms.graph.components import components
from algorithms.network.polylines import CELL, Bools, Floats, Ints, insert_vertices, line_of_vertex, rounded, vertex_ids

REACH = 20.0  # metres around an end that are looked at: beyond `most` they tell how often an end is near a line by chance
CHANCE = 0.2  # of the ends within the tolerance at most so many may be near by chance
STRETCH = 3.0  # a line is not stretched by more than a third of its length
LOOP = 10.0  # a line that would come back to where it began or to itself is so many times longer than its gap
VERTEX = 2.0  # an end takes to a vertex up to so many times farther than the line itself
SAME = 0.5  # metres: ends of several lines so near each other were meant for one spot
NEIGHBOURS = 6


@dataclass(frozen=True, eq=False)
class Gaps:
    """Ends that hang free, each with the nearest thing it may be joined to within reach, one row each.

    `vertex` (g,) the end, `distance` (g,) metres to where it would go, `xy` (g, 2) that place; `target` (g,) the vertex there, -1 where it
    is inside the piece that begins at vertex `piece` (g,), at `fraction` (g,) of it; `over` (g,) True where the end has crossed it; `met`
    (g,) is a vertex of the line that it goes to.
    """

    vertex: Ints
    distance: Floats
    xy: Floats
    target: Ints
    piece: Ints
    fraction: Floats
    over: Bools

    @property
    def met(self) -> Ints:
        return np.where(self.target >= 0, self.target, self.piece)

    def select(self, rows: Bools) -> Gaps:
        """Return some of the rows."""
        return Gaps(*(getattr(self, column.name)[rows] for column in fields(self)))


@dataclass(frozen=True, eq=False)
class Closed:
    """Polylines with gaps closed, and the ends that were moved, one row each: as in `Gaps`, vertices as they were numbered before."""

    coords: Floats
    offsets: Ints
    vertex: Ints
    met: Ints
    xy: Floats
    distance: Floats
    over: Bools


def measured_tolerance(distance: Floats, least: float, most: float, reach: float = REACH) -> float:
    """Return the distance up to which ends near a line were meant to meet it, metres, between `least` and `most`.

    `distance` (g,) are those of free ends to the nearest line within `reach`. Dead ends lie near other lines by chance, about as often in
    every metre; how often is counted between `most` and `reach`. The tolerance lies where there are most ends more than by chance (the
    knee of their count), if at most CHANCE of those within are there by chance, half-way (by ratio) to the next end beyond.

    >>> slips, dead_ends = [0.1, 0.2, 0.3, 0.5, 0.7, 1.2], [6.0, 9.0, 14.0, 18.0]
    >>> round(measured_tolerance(np.array(slips + dead_ends), 0.5, 3.0), 2)
    2.68
    """
    apart = np.sort(distance[(distance > CELL) & (distance <= reach)])
    near = apart[apart <= most]
    if not len(near):
        return least
    rate = (len(apart) - len(near)) / (reach - most)
    count = np.arange(1, len(near) + 1)
    last = len(near) - 1 - int((count - rate * near)[::-1].argmax())
    if rate * near[last] > CHANCE * count[last]:
        return least
    beyond = apart[last + 1] if last + 1 < len(apart) else most
    return float(np.clip(np.sqrt(apart[last] * beyond), least, most))


def find_gaps(coords: Floats, offsets: Ints, level: Ints, reach: float = REACH) -> Gaps:
    """Return the ends that hang free near another line of their level, or near an end where theirs begins or ends.

    Not counted: a line that would be stretched by more than a third, or come back to itself or to the line it comes from at once.
    """
    place, line = vertex_ids(coords), line_of_vertex(offsets)
    filled = np.diff(offsets) > 1
    low, high = offsets[:-1][filled], offsets[1:][filled] - 1
    ends = np.concatenate((low, high))
    alone = np.bincount(place)[place[ends]] == 1 if len(ends) else np.zeros(0, bool)
    free, other_end = ends[alone], np.concatenate((high, low))[alone]
    none = np.zeros(0, np.int64)
    if not len(free):
        return Gaps(none, np.zeros(0), np.zeros((0, 2)), none, none, np.zeros(0), np.zeros(0, bool))
    along = _along(coords, offsets)
    seen = _Seen(coords, offsets, level, place, line, along, free, other_end, reach)
    return _nearest([*_to_ends(seen, ends), *_to_pieces(seen)])


@dataclass(frozen=True, eq=False)
class _Seen:
    coords: Floats
    offsets: Ints
    level: Ints
    place: Ints
    line: Ints
    along: Floats  # metres from the first vertex of all to each, along the lines
    free: Ints
    other_end: Ints  # of the line of each free end
    reach: float

    def own_length(self, end: Ints) -> Floats:
        return np.abs(self.along[self.free[end]] - self.along[self.other_end[end]])

    def fits(self, end: Ints, distance: Floats, line: Ints, along: Floats) -> Bools:
        """Return which ends may go `distance` far to a place `along` (metres as `self.along`) of `line`."""
        length = self.own_length(end)
        own = self.line[self.free[end]] == line
        loop = np.abs(self.along[self.free[end]] - along)
        other = self.place[self.other_end[end]]
        touches = _pairs_there(np.stack((line, other), axis=1), np.stack((self.line, self.place), axis=1))
        ok = np.where(own, loop >= LOOP * distance, length >= STRETCH * distance)
        return np.asarray(ok & (~touches | own | (length >= LOOP * distance)) & (~own | (distance > 0)))


def _to_ends(seen: _Seen, ends: Ints) -> list[Gaps]:
    """Return the gaps from free ends to the nearest ends of lines."""
    at = ends[np.unique(seen.place[ends], return_index=True)[1]]  # one end a place
    if len(at) < 2:
        return []
    near = min(NEIGHBOURS, len(at))
    distance, index = cKDTree(seen.coords[at]).query(seen.coords[seen.free], k=near, distance_upper_bound=seen.reach)
    end, column = np.nonzero(np.isfinite(distance) & (distance > 0))
    distance, target = distance[end, column], at[index[end, column]]
    vertex = seen.free[end]
    step = np.abs(seen.level[seen.line[vertex]] - seen.level[seen.line[target]])
    open_end = np.zeros(len(seen.coords), bool)
    open_end[seen.free] = True
    keep = (seen.place[target] != seen.place[vertex]) & ((step == 0) | ((step == 1) & open_end[target]))
    keep[keep] = seen.fits(end[keep], distance[keep], seen.line[target[keep]], seen.along[target[keep]])
    vertex, target, distance = vertex[keep], target[keep], distance[keep]
    none = np.full(len(vertex), -1)
    return [Gaps(vertex, distance, seen.coords[target], target, none, np.zeros(len(vertex)), np.zeros(len(vertex), bool))]


def _to_pieces(seen: _Seen) -> list[Gaps]:
    """Return the gaps from free ends to pieces of lines, and the ends that have crossed one."""
    start = np.flatnonzero(seen.line[1:] == seen.line[:-1])
    a, b = seen.coords[start], seen.coords[start + 1]
    tree = shapely.STRtree(shapely.linestrings(np.stack((a, b), axis=1)))
    end, piece = tree.query(shapely.points(seen.coords[seen.free]), predicate="dwithin", distance=seen.reach)
    vertex = seen.free[end]
    before = np.where(seen.other_end[end] < vertex, vertex - 1, vertex + 1)
    mine = np.minimum(before, vertex)
    keep = (seen.level[seen.line[vertex]] == seen.level[seen.line[start[piece]]]) & (start[piece] != mine)
    end, piece, vertex, before = end[keep], piece[keep], vertex[keep], before[keep]
    p, q, point, back = a[piece], b[piece], seen.coords[vertex], seen.coords[before]
    fraction, foot = _foot(point, p, q)
    crossed, share, along_own = _crossed(back, point, p, q)
    foot = np.where(crossed[:, None], p + share[:, None] * (q - p), foot)
    fraction = np.where(crossed, share, fraction)
    distance = np.hypot(*(point - foot).T)
    crossed &= along_own > 0  # the vertex before does not lie on it already
    keep = (distance <= seen.reach) & (distance > 0)
    place = seen.along[start[piece]] + fraction * (seen.along[start[piece] + 1] - seen.along[start[piece]])
    keep[keep] = crossed[keep] | seen.fits(end[keep], distance[keep], seen.line[start[piece[keep]]], place[keep])
    vertex, piece, foot, fraction = vertex[keep], piece[keep], foot[keep], fraction[keep]
    distance, crossed, point, p, q = distance[keep], crossed[keep], point[keep], p[keep], q[keep]
    to_p, to_q = np.hypot(*(point - p).T), np.hypot(*(point - q).T)
    to = np.minimum(to_p, to_q)
    at_vertex = np.minimum(np.hypot(*(foot - p).T), np.hypot(*(foot - q).T)) <= CELL
    near = np.where(crossed, at_vertex, to <= np.maximum(VERTEX * distance, CELL))
    target = np.where(near, np.where(to_p <= to_q, start[piece], start[piece] + 1), -1)
    xy = np.where(near[:, None], seen.coords[target], rounded(foot))
    return [Gaps(vertex, np.where(near & ~crossed, to, distance), xy, target, start[piece], fraction, crossed)]


def close_gaps(coords: Floats, offsets: Ints, gaps: Gaps, tolerance: float) -> Closed:
    """Return the polylines with each of the `gaps` closed; what takes an end to an end that goes elsewhere itself goes there too."""
    place = vertex_ids(coords)
    count = int(place.max(initial=-1)) + 1
    goes = np.arange(count)
    mine = place[gaps.vertex]
    to = np.where(gaps.target >= 0, place[gaps.target], mine)
    goes[mine] = to
    mutual = (goes[goes[mine]] == mine) & (mine < to)
    goes[mine[mutual]] = mine[mutual]  # of two ends that go to each other one stays
    xy = np.empty((count, 2))
    xy[place[::-1]] = coords[::-1]
    inside = gaps.target < 0
    xy[mine[inside]] = gaps.xy[inside]
    for _step in range(8):
        goes = goes[goes]
    goes = _gathered(goes, mine, xy, np.bincount(place, minlength=count), min(tolerance, SAME))[goes]
    final = xy[goes[mine]]
    metres = np.hypot(*(final - coords[gaps.vertex]).T)
    moved = (metres > 0) & (metres <= 2 * tolerance)
    out = coords.copy()
    out[gaps.vertex[moved]] = final[moved]
    put = inside & moved
    new, ends = insert_vertices(out, offsets, gaps.piece[put], gaps.fraction[put], gaps.xy[put])
    return Closed(new, ends, gaps.vertex[moved], gaps.met[moved], final[moved], metres[moved], gaps.over[moved])


def _gathered(goes: Ints, mine: Ints, xy: Floats, times: Ints, within: float) -> Ints:
    """Return for each place the one it becomes where ends around one spot went to several places near each other: the most used of them."""
    becomes = np.arange(len(goes))
    spots = np.unique(goes[mine])
    pairs = cKDTree(xy[spots]).query_pairs(within, output_type="ndarray") if len(spots) > 1 else np.zeros((0, 2), np.int64)
    if len(pairs):
        group = components(len(spots), pairs[:, 0], pairs[:, 1])
        order = np.lexsort((spots, -times[spots], group))
        first = order[np.unique(group[order], return_index=True)[1]]
        becomes[spots] = spots[first[group]]
    return becomes


def _nearest(found: list[Gaps]) -> Gaps:
    """Return the nearest of all that each end may be joined to: an end up to VERTEX times farther than anything else."""
    whole = Gaps(*(np.concatenate([getattr(one, column.name) for one in found]) for column in fields(Gaps)))
    first = found[0] if len(found) > 1 else None
    rank = whole.distance.copy()
    if first is not None:
        rank[: len(first.vertex)] /= VERTEX
    order = np.lexsort((whole.piece, whole.target, rank, whole.vertex))
    head = order[np.unique(whole.vertex[order], return_index=True)[1]]
    return Gaps(*(getattr(whole, column.name)[head] for column in fields(Gaps)))


def _foot(point: Floats, p: Floats, q: Floats) -> tuple[Floats, Floats]:
    """Return where along a piece the nearest place to a point is, and that place."""
    step = q - p
    t = np.clip(np.sum((point - p) * step, axis=1) / np.maximum(np.sum(step**2, axis=1), 1e-12), 0.0, 1.0)
    return t, p + t[:, None] * step


def _crossed(back: Floats, point: Floats, p: Floats, q: Floats) -> tuple[Bools, Floats, Floats]:
    """Return which last pieces, from `back` to the end `point`, cross a piece from p to q, and where along it and along themselves."""
    own, step = point - back, q - p
    turn = _cross(own, step)
    safe = np.where(np.abs(turn) > 1e-9, turn, np.inf)
    t = _cross(p - back, step) / safe
    s = _cross(p - back, own) / safe
    crossed = (np.abs(turn) > 1e-9) & (t > 0) & (t < 1) & (s >= 0) & (s <= 1)
    return crossed, np.clip(s, 0.0, 1.0), t


def _cross(a: Floats, b: Floats) -> Floats:
    return np.asarray(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])


def _along(coords: Floats, offsets: Ints) -> Floats:
    step = np.hypot(*np.diff(coords, axis=0).T)
    first = offsets[1:-1][(offsets[1:-1] > 0) & (offsets[1:-1] < len(coords))]
    step[first - 1] = 0.0
    return np.concatenate(([0.0], np.cumsum(step)))


def _pairs_there(asked: Ints, given: Ints) -> Bools:
    """Return which pairs (n, 2) are among the given ones (m, 2)."""
    span = max(int(asked[:, 1].max(initial=0)), int(given[:, 1].max(initial=0))) + 1
    key = partial(np.dot, b=np.array([span, 1]))
    return np.isin(key(asked), key(given))
