"""Lines to a planar graph: snap to a lattice, node once, one row per straight piece."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

LATTICE = 0.01  # metres


@dataclass(frozen=True, eq=False)
class PlanarGraph:
    """Nodes and straight edges that meet only at nodes: `xy` (n, 2) on the lattice, `ends` (m, 2) int32, no duplicates."""

    xy: NDArray[np.float64]
    ends: NDArray[np.signedinteger[Any]]


def as_linestrings(coords: NDArray[np.float64], offsets: NDArray[np.signedinteger[Any]]) -> NDArray[np.object_]:
    """Return shapely LineStrings of CSR polylines; lines of fewer than two points become None."""
    counts = np.diff(offsets)
    good = counts >= 2
    out = np.full(len(counts), None, object)
    if good.any():
        keep = np.repeat(good, counts)
        index = np.repeat(np.cumsum(good) - 1, counts)[keep]
        out[good] = shapely.linestrings(coords[keep], indices=index)
    return out


def node_lines(lines: NDArray[np.object_], lattice: float = LATTICE) -> PlanarGraph:
    """Return the planar graph of lines after snap rounding to the lattice.

    Fixed precision comes first: un-snapped noding loses faces on real street data, and GEOS's floating noder has crashed on it.
    The bounds of the result are those of the input; zero-length and duplicate pieces are dropped.
    """
    merged = shapely.union_all(lines, grid_size=lattice)
    parts = shapely.get_parts(merged)
    parts = parts[shapely.get_type_id(parts) == 1]
    coords, index = shapely.get_coordinates(parts, return_index=True)
    return graph_of(coords, index, lattice)


def graph_of(coords: NDArray[np.float64], index: NDArray[np.signedinteger[Any]], lattice: float = LATTICE) -> PlanarGraph:
    """Return the graph of noded polylines: `coords` (n, 2), `index` (n,) the line each belongs to."""
    if not len(coords):
        return PlanarGraph(np.empty((0, 2)), np.empty((0, 2), np.int32))
    cell = np.rint(coords / lattice).astype(np.int64)
    low = cell.min(axis=0)
    span = int(cell[:, 1].max() - low[1]) + 1
    key = (cell[:, 0] - low[0]) * span + (cell[:, 1] - low[1])
    unique, node = np.unique(key, return_inverse=True)
    xy = np.column_stack((unique // span + low[0], unique % span + low[1])) * lattice
    same = index[1:] == index[:-1]
    a, b = node[:-1][same], node[1:][same]
    a, b = np.minimum(a, b), np.maximum(a, b)
    pair = np.unique((a * len(xy) + b)[a != b])
    return PlanarGraph(np.round(xy, 2), np.column_stack((pair // len(xy), pair % len(xy))).astype(np.int32))


def joined(one: PlanarGraph, other: PlanarGraph) -> PlanarGraph | None:
    """Return two planar graphs as one, edges of `one` first, or None where a node of `other` is too near an edge of `one` for that.

    For graphs that share nodes but no edges: a part that was noded anew and the rest that was not. A new node within a lattice cell
    of an old edge would have to bend it, which only noding both together does.
    """
    cells = [np.rint(graph.xy / LATTICE).astype(np.int64) for graph in (one, other)]
    low = np.minimum(cells[0].min(axis=0), cells[1].min(axis=0))
    span = int(max(cells[0][:, 1].max(), cells[1][:, 1].max()) - low[1]) + 1
    keys = [(cell[:, 0] - low[0]) * span + (cell[:, 1] - low[1]) for cell in cells]
    new = shapely.points(other.xy[~np.isin(keys[1], keys[0])])
    if len(new) and len(shapely.STRtree(shapely.linestrings(one.xy[one.ends])).query(new, predicate="dwithin", distance=LATTICE)[0]):
        return None
    unique, node = np.unique(np.concatenate(keys), return_inverse=True)
    xy = np.round(np.column_stack((unique // span + low[0], unique % span + low[1])) * LATTICE, 2)
    first, second = node[: len(one.xy)], node[len(one.xy) :]
    return PlanarGraph(xy, np.concatenate((first[one.ends], second[other.ends])).astype(np.int32))


def pull_to(lines: NDArray[np.object_], walls: NDArray[np.object_], within: float) -> NDArray[np.object_]:
    """Return lines whose vertices nearer than `within` metres to a wall lie on it: what runs along a limit joins it.

    Neither slivers between a boundary and the street drawn beside it remain, nor needles where a street meets a limit at a sharp
    angle. Equal vertices stay equal.
    """
    coords, index = shapely.get_coordinates(lines, return_index=True)
    pieces = _pieces(walls)[0]
    points = shapely.points(coords)
    point, piece = shapely.STRtree(pieces).query(points, predicate="dwithin", distance=within)
    away = shapely.distance(points[point], pieces[piece])
    order = np.lexsort((piece, away, point))
    point, piece, away = point[order], piece[order], away[order]
    first = np.flatnonzero(np.append(True, point[1:] != point[:-1])) if len(point) else np.zeros(0, int)
    first = first[away[first] > LATTICE / 2]
    at, wall = points[point[first]], pieces[piece[first]]
    coords[point[first]] = shapely.get_coordinates(shapely.line_interpolate_point(wall, shapely.line_locate_point(wall, at)))
    return np.asarray(shapely.linestrings(coords, indices=index)) if len(lines) else lines


def source_rows(
    graph: PlanarGraph, lines: NDArray[np.object_], rank: NDArray[np.signedinteger[Any]], within: float = 2.5 * LATTICE
) -> NDArray[np.signedinteger[Any]]:
    """Return, for each edge, the row of the line of highest `rank` that it runs along, or -1.

    Snap rounding moves a line by less than a lattice cell, so the line under an edge's middle is the one it came from.
    """
    best = np.full(len(graph.ends), -1, np.int32)
    if not len(lines) or not len(best):
        return best
    middle = shapely.points(graph.xy[graph.ends].mean(axis=1))
    pieces, owner = _pieces(lines)
    edge, piece = shapely.STRtree(pieces).query(middle, predicate="dwithin", distance=within)
    row = owner[piece]
    order = np.lexsort((-row, rank[row]))  # the last write wins: highest rank, then lowest row
    best[edge[order]] = row[order]
    return best


def _pieces(lines: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.signedinteger[Any]]]:
    """Return two-point pieces of lines and the row each belongs to: small boxes make the tree's answers short.

    A line in several parts (the limit of a community with an exclave or a hole) has no piece between one part and the next.
    """
    parts, owner = shapely.get_parts(lines, return_index=True)
    coords, index = shapely.get_coordinates(parts, return_index=True)
    same = np.flatnonzero(index[1:] == index[:-1])
    return shapely.linestrings(np.stack((coords[same], coords[same + 1]), axis=1)), owner[index[same]]
