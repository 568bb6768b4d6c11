"""Rail lines put together from track pieces: the main track from end to end, second tracks and stumps apart."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from algorithms.network.joining import snap_ends
from algorithms.network.polylines import Bools, Edges, Floats, Ints, as_polylines, edges_between_junctions, gather, line_of_vertex
from algorithms.progress import SILENT, Progress
from algorithms.railguard.chainage import measures

_SAMPLE = 10.0  # metres between the places at which a track's distance from a line is looked at
_HEADING = 15.0  # metres over which a track's direction at its end is taken


class TrackState(IntEnum):
    """What became of a stretch of track."""

    LINE = 0  # part of a line
    SECOND = 1  # a second track beside a line
    SHORT = 2  # main track of its own, but shorter than a line must be
    OTHER = 3  # not main: siding, spur, yard


@dataclass(frozen=True, eq=False)
class RailLines:
    """Lines, the longest first, each from its western end: line i is `coords[offsets[i]:offsets[i + 1]]`, `length` (lines,) metres.

    `name` (lines,) is the name most of the line bears, -1 for none. Of the track given, `metres` (4,) say how much became what
    (by `TrackState`).
    """

    coords: Floats
    offsets: Ints
    length: Floats
    name: Ints
    metres: Floats

    def __post_init__(self) -> None:
        for field in fields(self):
            getattr(self, field.name).setflags(write=False)

    def line(self, index: int) -> Floats:
        """Return the coordinates (n, 2) of one line."""
        return self.coords[self.offsets[index] : self.offsets[index + 1]]


def assemble_lines(
    coords: ArrayLike,
    offsets: ArrayLike,
    main: ArrayLike,
    name: ArrayLike | None = None,
    *,
    side: ArrayLike | None = None,
    snap: float = 0.5,
    beside: float = 30.0,
    apart: float = 500.0,
    own_name: float = 2000.0,
    shortest: float = 300.0,
    progress: Progress = SILENT,
) -> RailLines:
    """Return the lines that the main tracks form.

    Pieces `coords[offsets[i]:offsets[i + 1]]` (metres) come in any order and direction; `main` (pieces,) is False for
    sidings, spurs and yards, `name` (pieces,) an index or -1. Pieces meet at shared vertices, and at ends that miss each
    other by up to `snap` metres.

    In each connected part the line is the way between the two ends that are farthest apart along the track, where no train
    turns on the spot at a switch nor leaves a name that goes on straight ahead; it is two lines where one name ends and
    another begins for good, each over `own_name` metres. Track that runs within `beside` metres of a
    line is its second track; where `side` (pieces,) tells the tracks of a pair by 1 and 2 (0: not told), so is the other track of
    the line's name within `apart` metres. What is left forms further lines (branches begin at the switch), down to `shortest` metres.
    """
    xy, ends = as_polylines(coords, offsets)
    flags = np.asarray(main).astype(bool)
    names = np.full(len(flags), -1, np.int64) if name is None else np.asarray(name, np.int64)
    sides = np.zeros(len(flags), np.int64) if side is None else np.asarray(side, np.int64)
    if not flags.shape == names.shape == sides.shape == (len(ends) - 1,):
        raise ValueError("main, name and side need one value a piece")
    pieces = np.flatnonzero(flags)
    given = shapely.length(_shapes(xy, ends))
    xy, ends = gather(xy, ends[:-1][pieces], ends[1:][pieces])
    level = np.zeros(len(pieces), np.int64)
    if snap > 0:
        xy, ends = snap_ends(xy, ends, level, snap)
    track = edges_between_junctions(xy, ends, level)
    shapes, heading = _shapes(track.coords, track.offsets), _headings(track)
    names, sides = names[pieces[track.line]], sides[pieces[track.line]]
    state = np.full(len(track.u), TrackState.SHORT, np.int8)
    free = np.ones(len(track.u), bool)
    lines: list[tuple[Floats, int]] = []
    while free.any():
        progress.check()
        progress.report(1.0 - float(track.length[free].sum() / track.length.sum()))
        part = _longest_part(track, free)
        way = _farthest_way(track, heading, names, part)
        metres = float(track.length[way // 2].sum())
        if metres < shortest:
            free[part] = False
            continue
        state[way // 2] = TrackState.LINE
        free[way // 2] = False
        for named in _by_name(way, names[way // 2], track.length[way // 2], own_name):
            line, edges = _from_west(_drawn(track, named)), named // 2
            lines.append((line, _commonest(names[edges], track.length[edges])))
            rest = np.flatnonzero(free)
            side_of = _commonest(np.where(sides[edges] > 0, sides[edges], -1), track.length[edges])
            other = (sides[rest] > 0) & (sides[rest] != side_of) & (side_of > 0) & (names[rest] == lines[-1][1])
            second = rest[_runs_beside(shapes[rest], line, np.where(other, apart, beside))]
            state[second] = TrackState.SECOND
            free[second] = False
    lines.sort(key=lambda one: (-measures(one[0])[-1], one[0][0].tolist()))
    length = np.array([measures(line)[-1] for line, _ in lines])
    told = np.bincount(state, weights=track.length, minlength=len(TrackState)).astype(np.float64)
    told[TrackState.OTHER] = given[~flags].sum()
    joined = np.concatenate([line for line, _ in lines]) if lines else np.zeros((0, 2))
    starts = np.cumsum([0] + [len(line) for line, _ in lines])
    return RailLines(joined, starts, length, np.array([number for _, number in lines], np.int64), told)


def _shapes(coords: Floats, offsets: Ints) -> NDArray[np.object_]:
    """Return the polylines as shapely lines; one of fewer than two vertices is empty."""
    found = np.full(len(offsets) - 1, shapely.LineString(), object)
    whole = np.diff(offsets) >= 2
    xy, ends = gather(coords, offsets[:-1][whole], offsets[1:][whole])
    if whole.any():
        found[whole] = shapely.linestrings(xy, indices=line_of_vertex(ends))
    return found


def _longest_part(track: Edges, free: Bools) -> Ints:
    """Return the edges of the connected part of the free track that has the most metres."""
    edge, n = np.flatnonzero(free), len(track.node_xy)
    links = coo_array((np.ones(len(edge)), (track.u[edge], track.v[edge])), shape=(n, n))
    part = connected_components(links, directed=False)[1][track.u[edge]]
    best = int(np.bincount(part, weights=track.length[edge]).argmax())
    found: Ints = edge[part == best]
    return found


def _farthest_way(track: Edges, heading: Floats, names: Ints, edges: Ints) -> Ints:
    """Return the arcs (2 * edge + against) of the longest shortest way through a connected part, without turning on the spot."""
    arcs = np.sort(np.concatenate((2 * edges, 2 * edges + 1)))
    tail, head = _arc_ends(track, arcs)
    metres = track.length[arcs // 2]
    before, after = _turns(heading, names, arcs, tail, head)
    turns = csr_array((metres[after], (before, after)), shape=(len(arcs), len(arcs)))
    degree = np.bincount(tail, minlength=len(track.node_xy))
    starts = np.flatnonzero(degree[tail] == 1)
    starts = starts if len(starts) else np.array([0])  # a ring has no end to start from
    best, way = -1.0, np.zeros(0, np.int64)
    for start in starts.tolist():
        reach, previous = dijkstra(turns, indices=start, return_predecessors=True)
        goal = int(np.where(np.isfinite(reach), reach, -1.0).argmax())
        found = arcs[_once(_trace(previous, start, goal))]
        length = float(track.length[found // 2].sum())
        if length > best:
            best, way = length, found
    return way


def _by_name(way: Ints, name: Ints, metres: Floats, least: float) -> list[Ints]:
    """Return a way in parts, cut where the names before are others than those behind, and both run on for so many metres."""
    known = np.flatnonzero(name >= 0)
    first, last = (dict(zip(name[order].tolist(), order.tolist(), strict=True)) for order in (known[::-1], known))
    cuts: list[int] = []
    for here, there in pairwise(known.tolist()):
        low = cuts[-1] if cuts else 0
        over = any(first[one] <= here and last[one] >= there for one in first)
        if not over and metres[low:there].sum() >= least and metres[there:].sum() >= least:
            cuts.append(there)
    return np.split(way, cuts)


def _trace(previous: Ints, start: int, goal: int) -> list[int]:
    way = [goal]
    while way[-1] != start:
        way.append(int(previous[way[-1]]))
    return way[::-1]


def _once(way: list[int]) -> list[int]:
    """Return the way as far as it uses no track twice, as one round a loop and back does; rows 2 i and 2 i + 1 are one track."""
    seen: set[int] = set()
    for i, row in enumerate(way):
        if row // 2 in seen:
            return way[:i]
        seen.add(row // 2)
    return way


def _turns(heading: Floats, names: Ints, arcs: Ints, tail: Ints, head: Ints) -> tuple[Ints, Ints]:
    """Return which arc can follow which.

    Through a joint of two tracks always; at a switch where the direction keeps to one side and, where the name goes on or
    comes from elsewhere, to the name.
    """
    order = np.argsort(tail, kind="stable")
    low, high = np.searchsorted(tail[order], head), np.searchsorted(tail[order], head, side="right")
    count = high - low
    before = np.repeat(np.arange(len(arcs)), count)
    after = order[np.arange(len(before)) - np.repeat(np.cumsum(count) - count - low, count)]
    smooth = np.sum(-heading[arcs[before] ^ 1] * heading[arcs[after]], axis=1) > 0
    keep = (arcs[before] != arcs[after] ^ 1) & (smooth | (count[before] == 2))
    before, after = before[keep], after[keep]
    name = names[arcs // 2]
    same = (name[before] == name[after]) & (name[before] >= 0)
    goes_on, comes_on = (np.bincount(side[same], minlength=len(arcs)) > 0 for side in (before, after))
    keep = same | ~(goes_on[before] | comes_on[after])
    return before[keep], after[keep]


def _headings(track: Edges) -> Floats:
    """Return the direction in which each arc sets out, a unit vector (2 m, 2) taken over its first metres."""
    shapes = np.repeat(_shapes(track.coords, track.offsets), 2)
    length = np.repeat(track.length, 2)
    against = np.arange(len(length)) % 2 == 1
    reach = np.minimum(_HEADING, length / 2)
    first = shapely.line_interpolate_point(shapes, np.where(against, length, 0.0))
    then = shapely.line_interpolate_point(shapes, np.where(against, length - reach, reach))
    step = shapely.get_coordinates(then) - shapely.get_coordinates(first)
    heading: Floats = step / np.maximum(np.hypot(*step.T), 1e-9)[:, None]
    return heading


def _arc_ends(track: Edges, arcs: Ints) -> tuple[Ints, Ints]:
    against = arcs % 2 == 1
    u, v = track.u[arcs // 2], track.v[arcs // 2]
    return np.where(against, v, u), np.where(against, u, v)


def _drawn(track: Edges, arcs: Ints) -> Floats:
    parts: list[Floats] = []
    for arc in arcs.tolist():
        piece = track.coords[track.offsets[arc // 2] : track.offsets[arc // 2 + 1]]
        piece = piece[::-1] if arc % 2 else piece
        parts.append(piece[1:] if parts else piece)
    return np.concatenate(parts)


def _from_west(line: Floats) -> Floats:
    """Return the line from its western end; where both ends lie equally far west, from the northern one."""
    first, last = line[0], line[-1]
    turned = (last[0], -last[1]) < (first[0], -first[1])
    return line[::-1] if turned else line


def _runs_beside(shapes: NDArray[np.object_], line: Floats, distance: Floats) -> Bools:
    """Return which tracks keep within a distance of a line, each its own, for nine tenths of their length."""
    metres = shapely.length(shapes)
    counts = np.maximum(2, np.ceil(metres / _SAMPLE).astype(np.int64))
    of = np.repeat(np.arange(len(shapes)), counts)
    share = (np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts) + 0.5) / counts[of]
    places = shapely.line_interpolate_point(shapes[of], share, normalized=True)
    axis = shapely.linestrings(line)
    shapely.prepare(axis)
    near = shapely.dwithin(axis, places, distance[of])
    beside: Bools = np.bincount(of, weights=near, minlength=len(shapes)) >= 0.9 * counts
    return beside


def _commonest(names: Ints, metres: Floats) -> int:
    """Return the name that covers most metres, among those that are names; -1 where there is none."""
    known = names >= 0
    return int(np.bincount(names[known], weights=metres[known]).argmax()) if known.any() else -1
