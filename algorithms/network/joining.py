"""Make lines meet that were drawn to meet: ends that miss by a hand's breadth, crossings without a vertex."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from algorithms.network.polylines import CELL, Bools, Floats, Ints, insert_vertices, line_of_vertex, rounded, vertex_ids
from algorithms.progress import SILENT, Progress


def snap_ends(coords: Floats, offsets: Ints, level: Ints, tolerance: float, progress: Progress = SILENT) -> tuple[Floats, Ints]:
    """Return the polylines with line ends moved onto what lies within `tolerance` metres of them.

    First ends onto ends (of any level: a bridge begins where a road ends), then ends that still hang free onto the nearest
    vertex or, where none is near enough, onto the nearest point of another line of their own level, which gets a vertex there.
    """
    coords = _merge_ends(coords, offsets, tolerance)
    progress.check()
    return _ends_onto_lines(coords, offsets, level, tolerance)


@dataclass(frozen=True, eq=False)
class Crossings:
    """Where two lines of one level cross or touch without a common vertex.

    `xy` (c, 2) is the common place, `first` and `second` (c,) the lines, `slanted` (c,) False where they run on top of each other. Each
    needs vertices: `after` (v,) behind which of the vertices, `fraction` (v,) how far along the piece, `crossing` (v,) the row of xy.
    """

    xy: Floats
    first: Ints
    second: Ints
    slanted: Bools
    after: Ints
    fraction: Floats
    crossing: Ints


def node_crossings(coords: Floats, offsets: Ints, level: Ints, progress: Progress = SILENT) -> tuple[Floats, Ints]:
    """Return the polylines with a common vertex wherever two segments of one level cross or touch and have none."""
    found = crossings_of(coords, offsets, level, progress)
    return insert_vertices(coords, offsets, found.after, found.fraction, found.xy[found.crossing])


def crossings_of(coords: Floats, offsets: Ints, level: Ints, progress: Progress = SILENT) -> Crossings:
    """Return where segments of one level cross, or a vertex lies on another segment (to a centimetre), without a common vertex."""
    start, a, b = _segments(coords, offsets)
    none = np.zeros(0, np.int64)
    if len(start) < 2:
        return Crossings(np.zeros((0, 2)), none, none, np.zeros(0, bool), none, np.zeros(0), none)
    line, place = line_of_vertex(offsets)[start], vertex_ids(coords)
    i, j = _near_pairs(a, b)
    progress.check()
    keep = level[line[i]] == level[line[j]]
    i, j = i[keep], j[keep]
    p, q = place[start], place[start + 1]
    met = (p[i] == p[j]) | (p[i] == q[j]) | (q[i] == p[j]) | (q[i] == q[j])
    along_i, along_j = b[i] - a[i], b[j] - a[j]
    turn = _cross(along_i, along_j)
    slanted = np.abs(turn) > 1e-9 * np.hypot(*along_i.T) * np.hypot(*along_j.T)
    # a vertex of one on the other
    parts: list[tuple[Ints, Ints, Ints, Floats, Floats]] = []  # pair, after, place, fraction, xy
    touched = np.zeros(len(i), bool)
    for one, other, xy, spot in ((i, j, a, p), (i, j, b, q), (j, i, a, p), (j, i, b, q)):
        point = xy[one]
        step = b[other] - a[other]
        t = np.sum((point - a[other]) * step, axis=1) / np.maximum(np.sum(step**2, axis=1), 1e-12)
        off = np.hypot(*(point - a[other] - t[:, None] * step).T)
        on = (off <= CELL) & (t > 0) & (t < 1) & (spot[one] != p[other]) & (spot[one] != q[other])
        touched |= on
        row = np.flatnonzero(on)
        parts.append((row, start[other[row]], spot[one[row]], t[row], point[row]))
    crossing = np.flatnonzero(slanted & ~met & ~touched)
    ci, cj = i[crossing], j[crossing]
    t = _cross(a[cj] - a[ci], along_j[crossing]) / turn[crossing]
    s = _cross(a[cj] - a[ci], along_i[crossing]) / turn[crossing]
    inside = (t > 0) & (t < 1) & (s > 0) & (s < 1)
    crossing, ci, cj, t, s = crossing[inside], ci[inside], cj[inside], t[inside], s[inside]
    where = rounded(a[ci] + t[:, None] * along_i[crossing])
    in_i, where = _onto_end(a[ci], b[ci], where)
    in_j, where = _onto_end(a[cj], b[cj], where)
    return _gathered(parts, (i, j, line, slanted), (crossing, where, start[ci], t, in_i, start[cj], s, in_j))


def _gathered(
    touches: list[tuple[Ints, Ints, Ints, Floats, Floats]],
    pairs: tuple[Ints, Ints, Ints, Bools],
    crossed: tuple[Ints, Floats, Ints, Floats, Bools, Ints, Floats, Bools],
) -> Crossings:
    """Return touches, one for each vertex and piece, and crossings as one."""
    i, j, line, slanted = pairs
    pair, after, spot, fraction, xy = (np.concatenate([part[column] for part in touches]) for column in range(5))
    once = np.sort(np.unique(np.stack((after, spot), axis=1), axis=0, return_index=True)[1]) if len(pair) else pair
    pair, after, fraction, xy = pair[once], after[once], fraction[once], xy[once]
    crossing, where, after_i, t, in_i, after_j, s, in_j = crossed
    row = len(pair) + np.arange(len(crossing))
    both = np.concatenate((pair, crossing))
    return Crossings(
        np.concatenate((xy, where)), line[i[both]], line[j[both]], slanted[both],
        np.concatenate((after, after_i[in_i], after_j[in_j])), np.concatenate((fraction, t[in_i], s[in_j])),
        np.concatenate((np.arange(len(pair)), row[in_i], row[in_j])),
    )  # fmt: skip


def _near_pairs(a: Floats, b: Floats) -> tuple[Ints, Ints]:
    """Return the pairs of segments whose boxes, a cell larger, meet."""
    low, high = np.minimum(a, b) - CELL, np.maximum(a, b) + CELL
    boxes = shapely.box(*low.T, *high.T)
    i, j = shapely.STRtree(boxes).query(boxes)
    keep = i < j
    return i[keep], j[keep]


def _onto_end(a: Floats, b: Floats, where: Floats) -> tuple[Bools, Floats]:
    """Return where a vertex is needed inside a segment; a place within a cell of the segment's end becomes that end."""
    at_a = np.hypot(*(where - a).T) <= CELL
    at_b = ~at_a & (np.hypot(*(where - b).T) <= CELL)
    where = np.where(at_a[:, None], a, np.where(at_b[:, None], b, where))
    return ~(at_a | at_b), where


def _merge_ends(coords: Floats, offsets: Ints, tolerance: float) -> Floats:
    """Return the coordinates with line ends closer than the tolerance made one place, the most shared of them."""
    place = vertex_ids(coords)
    filled = offsets[:-1] < offsets[1:]
    ends = np.unique(place[np.concatenate((offsets[:-1][filled], offsets[1:][filled] - 1))])
    if len(ends) < 2:
        return coords
    times = np.bincount(place)
    xy = np.empty((len(times), 2))
    xy[place[::-1]] = coords[::-1]  # the first vertex at a place gives its coordinates
    pairs = cKDTree(xy[ends]).query_pairs(tolerance, output_type="ndarray")
    if not len(pairs):
        return coords
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(ends), len(ends)))
    group = connected_components(links, directed=False)[1]
    best = np.lexsort((ends, -times[ends], group))
    chosen = best[np.searchsorted(group[best], np.arange(group.max() + 1))]
    xy[ends] = xy[ends[chosen[group]]]
    return xy[place]


def _ends_onto_lines(coords: Floats, offsets: Ints, level: Ints, tolerance: float) -> tuple[Floats, Ints]:
    start, a, b = _segments(coords, offsets)
    place, line = vertex_ids(coords), line_of_vertex(offsets)
    filled = np.diff(offsets) > 1
    ends = np.concatenate((offsets[:-1][filled], offsets[1:][filled] - 1))
    free = ends[np.bincount(place)[place[ends]] == 1] if len(ends) else ends
    if not len(free) or not len(start):
        return coords, offsets
    tree = shapely.STRtree(shapely.linestrings(np.stack((a, b), axis=1)))
    end, segment = tree.query(shapely.points(coords[free]), predicate="dwithin", distance=tolerance)
    keep = (line[free[end]] != line[start[segment]]) & (level[line[free[end]]] == level[line[start[segment]]])
    end, segment = end[keep], segment[keep]
    along = b[segment] - a[segment]
    point = coords[free[end]]
    t = np.clip(np.sum((point - a[segment]) * along, axis=1) / np.maximum(np.sum(along**2, axis=1), 1e-12), 0.0, 1.0)
    foot = a[segment] + t[:, None] * along
    gap = np.hypot(*(point - foot).T)
    order = np.lexsort((segment, gap, end))
    order = order[np.unique(end[order], return_index=True)[1]]  # the nearest segment of each end
    end, segment, t, foot, point = end[order], segment[order], t[order], rounded(foot[order]), point[order]
    to_a, to_b = np.hypot(*(point - a[segment]).T), np.hypot(*(point - b[segment]).T)
    at_vertex = np.minimum(to_a, to_b) <= tolerance
    foot = np.where((at_vertex & (to_a <= to_b))[:, None], a[segment], np.where(at_vertex[:, None], b[segment], foot))
    moved = coords.copy()
    moved[free[end]] = foot
    new = ~at_vertex
    return insert_vertices(moved, offsets, start[segment[new]], t[new], foot[new])


def _segments(coords: Floats, offsets: Ints) -> tuple[Ints, Floats, Floats]:
    """Return the index of the first vertex of every segment, and the segments' two ends."""
    line = line_of_vertex(offsets)
    start = np.flatnonzero(line[1:] == line[:-1]) if len(line) else np.zeros(0, np.int64)
    return start, coords[start], coords[start + 1]


def _cross(p: Floats, q: Floats) -> Floats:
    product: Floats = p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0]
    return product
