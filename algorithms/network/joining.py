"""Make lines meet that were drawn to meet: ends that miss by a hand's breadth, crossings without a vertex."""

from __future__ import annotations

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


def node_crossings(coords: Floats, offsets: Ints, level: Ints, progress: Progress = SILENT) -> tuple[Floats, Ints]:
    """Return the polylines with a common vertex wherever two segments of one level cross and have none.

    Lines that run on top of each other get no vertices from this.
    """
    start, a, b = _segments(coords, offsets)
    if len(start) < 2:
        return coords, offsets
    line, place = line_of_vertex(offsets)[start], vertex_ids(coords)
    shapes = shapely.linestrings(np.stack((a, b), axis=1))
    i, j = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    progress.check()
    p, q = place[start], place[start + 1]
    keep = (i < j) & (level[line[i]] == level[line[j]])
    keep &= (p[i] != p[j]) & (p[i] != q[j]) & (q[i] != p[j]) & (q[i] != q[j])
    i, j = i[keep], j[keep]
    along_i, along_j = b[i] - a[i], b[j] - a[j]
    turn = _cross(along_i, along_j)
    slanted = np.abs(turn) > 1e-9 * np.hypot(*along_i.T) * np.hypot(*along_j.T)
    i, j, along_i, along_j, turn = i[slanted], j[slanted], along_i[slanted], along_j[slanted], turn[slanted]
    t = np.clip(_cross(a[j] - a[i], along_j) / turn, 0.0, 1.0)
    s = np.clip(_cross(a[j] - a[i], along_i) / turn, 0.0, 1.0)
    where = rounded(a[i] + t[:, None] * along_i)
    inside_i, where = _onto_end(a[i], b[i], where)
    inside_j, where = _onto_end(a[j], b[j], where)
    after = np.concatenate((start[i[inside_i]], start[j[inside_j]]))
    fraction = np.concatenate((t[inside_i], s[inside_j]))
    return insert_vertices(coords, offsets, after, fraction, np.concatenate((where[inside_i], where[inside_j])))


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
