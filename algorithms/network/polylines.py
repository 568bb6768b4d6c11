"""Polylines as two arrays (CSR), and the one rule by which they meet: vertices equal to a centimetre are one place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

CELL = 0.01  # metres: coordinates that round to the same hundredth are the same place


def as_polylines(coords: ArrayLike, offsets: ArrayLike) -> tuple[Floats, Ints]:
    """Return `coords` (n, 2) float64 and `offsets` (lines + 1,) int64, checked; line i is `coords[offsets[i]:offsets[i + 1]]`.

    Raises
    ------
    ValueError
        Where the shapes do not fit together or a coordinate is not finite.
    """
    xy, ends = np.asarray(coords, np.float64).reshape(-1, 2), np.asarray(offsets, np.int64)
    if ends.ndim != 1 or len(ends) < 1 or ends[0] != 0 or ends[-1] != len(xy) or np.any(np.diff(ends) < 0):
        raise ValueError("offsets must rise from 0 to the number of coordinates")
    if not np.all(np.isfinite(xy)):
        raise ValueError("a coordinate is not finite")
    return xy, ends


def line_of_vertex(offsets: Ints) -> Ints:
    """Return the line of every vertex, (n,)."""
    return np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))


def rounded(coords: Floats) -> Floats:
    """Return the coordinates on the grid of one centimetre."""
    grid: Floats = np.rint(coords / CELL) / round(1 / CELL)
    return grid


def vertex_ids(coords: Floats) -> Ints:
    """Return for every coordinate the number of its place, (n,); places are numbered from west to east, then south to north."""
    if not len(coords):
        return np.zeros(0, np.int64)
    cells = np.rint(coords / CELL).astype(np.int64)
    cells -= cells.min(axis=0)
    key = cells[:, 0] * (int(cells[:, 1].max()) + 1) + cells[:, 1]
    numbers: Ints = np.unique(key, return_inverse=True)[1].astype(np.int64)
    return numbers


def gather(coords: Floats, start: Ints, stop: Ints) -> tuple[Floats, Ints]:
    """Return the runs `coords[start[i]:stop[i]]` as polylines (coords, offsets)."""
    counts = stop - start
    offsets = np.concatenate(([0], np.cumsum(counts)))
    take = np.repeat(start - offsets[:-1], counts) + np.arange(offsets[-1])
    return coords[take], offsets


def polyline_lengths(coords: Floats, offsets: Ints) -> Floats:
    """Return the length of each polyline in the unit of the coordinates, (lines,).

    >>> polyline_lengths(np.array([[0, 0], [3, 4], [3, 5], [9, 9]], float), np.array([0, 3, 4]))
    array([6., 0.])
    """
    if len(coords) < 2:
        return np.zeros(len(offsets) - 1)
    along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(coords, axis=0).T))))
    last = np.maximum(offsets[1:] - 1, offsets[:-1])
    filled = np.diff(offsets) > 0
    return np.where(filled, along[np.minimum(last, len(along) - 1)] - along[np.minimum(offsets[:-1], len(along) - 1)], 0.0)


def insert_vertices(coords: Floats, offsets: Ints, after: Ints, fraction: Floats, xy: Floats) -> tuple[Floats, Ints]:
    """Return the polylines with `xy` (k, 2) inserted behind the vertices `after` (k,), by `fraction` (k,) where several share a segment."""
    order = np.lexsort((fraction, after))
    added = np.bincount(line_of_vertex(offsets)[after], minlength=len(offsets) - 1)
    return np.insert(coords, after[order] + 1, xy[order], axis=0), offsets + np.concatenate(([0], np.cumsum(added)))


@dataclass(frozen=True, eq=False)
class Edges:
    """Polylines cut where they meet.

    `node_xy` (nodes, 2); edge i runs from node `u[i]` to node `v[i]` along `coords[offsets[i]:offsets[i + 1]]` and is a
    piece of line `line[i]`, in the line's direction; `length` (edges,) metres. Coordinates lie on the grid of one
    centimetre, so that edges which meet share their end exactly.
    """

    node_xy: Floats
    u: Ints
    v: Ints
    line: Ints
    length: Floats
    coords: Floats
    offsets: Ints


def edges_between_junctions(coords: Floats, offsets: Ints, level: Ints) -> Edges:
    """Return the polylines cut at their ends and at every vertex that two lines, or one line twice, pass through.

    Where no line ends, lines of different `level` (lines,) only pass over each other: they are not joined there. An end
    joins whatever has a vertex at its place, as a bridge joins the road that leads to it. Repeated vertices and lines of
    no length are left out.
    """
    place, line = vertex_ids(coords), line_of_vertex(offsets)
    fresh = np.ones(len(place), bool)
    fresh[1:] = (place[1:] != place[:-1]) | (line[1:] != line[:-1])
    counts = np.bincount(line[fresh], minlength=len(offsets) - 1)
    fresh &= counts[line] >= 2
    xy, place, line = rounded(coords[fresh]), place[fresh], line[fresh]
    if not len(xy):
        none = np.zeros(0, np.int64)
        return Edges(np.zeros((0, 2)), none, none, none, np.zeros(0), np.zeros((0, 2)), np.zeros(1, np.int64))

    first = np.ones(len(line), bool)
    first[1:] = line[1:] != line[:-1]
    last = np.roll(first, -1)
    ends_here = np.zeros(int(place.max()) + 1, bool)
    ends_here[place[first | last]] = True
    rank = np.unique(level, return_inverse=True)[1].astype(np.int64)
    storey = np.where(ends_here[place], 0, rank[line])
    node, times = np.unique(place * (int(rank.max()) + 1) + storey, return_inverse=True, return_counts=True)[1:]
    cut = np.flatnonzero(first | last | (times[node] >= 2))
    edge = line[cut[:-1]] == line[cut[1:]]
    start, stop = cut[:-1][edge], cut[1:][edge]
    used, ends = np.unique(np.concatenate((node[start], node[stop])), return_inverse=True)
    node_xy = np.empty((len(used), 2))
    node_xy[ends] = xy[np.concatenate((start, stop))]
    piece, piece_offsets = gather(xy, start, stop + 1)
    half = len(start)
    return Edges(node_xy, ends[:half], ends[half:], line[start], polyline_lengths(piece, piece_offsets), piece, piece_offsets)
