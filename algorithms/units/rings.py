"""Rings of a planar graph by half-edges, in numpy alone: one sort, then pointer jumping."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from algorithms.units.noding import LATTICE

Ints = NDArray[np.signedinteger[Any]]


@dataclass(frozen=True, eq=False)
class Rings:
    """Closed rings as node sequences, each with its face on the left.

    Ring i is `nodes[offsets[i]:offsets[i + 1]]` (not repeated at the end), bounds `face[i]`, and has signed `area[i]`: above zero
    for a shell, below for a hole.
    """

    nodes: Ints
    offsets: Ints
    face: Ints
    area: NDArray[np.float64]


def next_halfedges(xy: NDArray[np.float64], ends: NDArray[np.signedinteger[Any]]) -> tuple[Ints, Ints]:
    """Return (source node, next half-edge) of the 2 m half-edges of a planar graph; h and h ± m are twins, the face lies left.

    The next half-edge is the first one clockwise from the twin around the far node, so that each face's corner is passed once
    (the half-edge structure of Muller and Preparata 1978).
    """
    m = len(ends)
    source = np.concatenate((ends[:, 0], ends[:, 1])).astype(np.int64)
    step = xy[ends[:, 1]] - xy[ends[:, 0]]
    angle = np.arctan2(step[:, 1], step[:, 0])
    angle = np.concatenate((angle, np.where(angle > 0, angle - np.pi, angle + np.pi)))
    order = np.lexsort((angle, source))
    position = np.empty(2 * m, np.int64)
    position[order] = np.arange(2 * m)
    first = np.searchsorted(source[order], np.arange(len(xy)), "left")
    last = np.searchsorted(source[order], np.arange(len(xy)), "right") - 1
    twin = np.concatenate((np.arange(m, 2 * m), np.arange(m)))
    target = source[twin]
    before = position[twin] - 1
    wrap = before < first[target]
    before[wrap] = last[target[wrap]]
    return source, order[before]


def cycle_roots(following: Ints) -> Ints:
    """Return, for each element of a permutation, the smallest element of its cycle (pointer jumping, O(n log n))."""
    root = np.minimum(np.arange(len(following)), following)
    jump = following[following]
    while True:
        lower = np.minimum(root, root[jump])
        if np.array_equal(lower, root):
            return root
        root, jump = lower, jump[jump]


def cycle_areas(xy: NDArray[np.float64], source: Ints, following: Ints, root: Ints) -> NDArray[np.float64]:
    """Return at each root the signed area of its cycle of half-edges, in the square of the unit of `xy`; 0 elsewhere.

    Summed in whole lattice cells, so a line walked there and back has area 0 and no rounding makes a face of it.
    """
    if not len(source):
        return np.zeros(0)
    cell = np.rint((xy - xy[0]) / LATTICE).astype(np.int64)
    a, b = cell[source], cell[source[following]]
    cross = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    order = np.argsort(root, kind="stable")
    first = np.flatnonzero(np.append(True, root[order][1:] != root[order][:-1]))
    area = np.zeros(len(root))
    area[root[order][first]] = np.add.reduceat(cross[order], first) * (0.5 * LATTICE**2)
    return area


def trace_rings(
    xy: NDArray[np.float64],
    ends: NDArray[np.signedinteger[Any]],
    left: NDArray[np.signedinteger[Any]],
    right: NDArray[np.signedinteger[Any]],
) -> Rings:
    """Return the rings of the regions that label the two sides of each edge; edges with one label on both sides are no border.

    Labels below zero are outside and get no rings. Rings are sorted by face, then by falling area, so that a face's first ring
    is a shell.
    """
    keep = left != right
    ends, left, right = ends[keep], left[keep], right[keep]
    source, following = next_halfedges(xy, ends)
    face = np.concatenate((left, right)).astype(np.int64)
    root = cycle_roots(following)
    inside = face[root] >= 0
    starts = np.flatnonzero(inside & (root == np.arange(len(root))))
    area = cycle_areas(xy, source, following, root)[starts]
    ring_of = np.full(len(root), -1, np.int64)
    sort = np.lexsort((-area, face[starts]))
    ring_of[starts[sort]] = np.arange(len(starts))
    ring = ring_of[root]
    rank = _steps_to_root(following, root)
    members = np.flatnonzero(ring >= 0)
    members = members[np.lexsort((-rank[members], ring[members]))]
    offsets = np.concatenate(([0], np.cumsum(np.bincount(ring[members], minlength=len(starts)))))
    return Rings(source[members], offsets, face[starts[sort]], area[sort])


def _steps_to_root(following: Ints, root: Ints) -> Ints:
    """Return how many steps lead from each element of a permutation to the last one before its cycle's root (list ranking)."""
    last = following == root
    jump = np.where(last, np.arange(len(following)), following)
    steps = np.where(last, 0, 1)
    while True:
        further = jump[jump]
        if np.array_equal(further, jump):
            return steps
        steps = steps + steps[jump]
        jump = further


def ring_polygons(xy: NDArray[np.float64], rings: Rings, count: int) -> NDArray[np.object_]:
    """Return a shapely Polygon or MultiPolygon for each face 0 … count - 1 (None where it has no ring).

    A face with one shell is built at once for all; faces in several pieces and rings that touch themselves, which a plain polygon
    may not, are assembled one by one by GEOS.
    """
    out = np.full(count, None, object)
    if not len(rings.face):
        return out
    shells = np.bincount(rings.face[rings.area > 0], minlength=count)
    key = np.repeat(np.arange(len(rings.face)), np.diff(rings.offsets)) * len(xy) + rings.nodes
    sorted_key = np.sort(key)
    repeated = sorted_key[1:][sorted_key[1:] == sorted_key[:-1]] // len(xy)
    odd = shells != 1
    odd[rings.face[np.unique(repeated)]] = True
    lengths = np.diff(rings.offsets)
    closed = np.repeat(np.arange(len(lengths)), lengths + 1)
    position = np.arange(len(closed)) - np.repeat(rings.offsets[:-1] + np.arange(len(lengths)), lengths + 1)
    node = rings.nodes[rings.offsets[:-1][closed] + position % lengths[closed]]
    linear = shapely.linearrings(xy[node], indices=closed)
    plain = ~odd[rings.face]
    if plain.any():
        face = rings.face[plain]
        built = shapely.polygons(linear[plain], indices=np.unique(face, return_inverse=True)[1])
        out[np.unique(face)] = built
    for face in np.unique(rings.face[~plain]):
        mine = np.flatnonzero(rings.face == face)
        simple = [ring for i in mine for ring in _simple_rings(rings.nodes[rings.offsets[i] : rings.offsets[i + 1]].tolist())]
        out[face] = _assembled(xy, simple)
    return out


def _simple_rings(nodes: list[int]) -> list[list[int]]:
    """Return a closed walk that may touch itself as rings that do not: a hole that touches its shell comes apart from it."""
    rings: list[list[int]] = []
    path: list[int] = []
    place: dict[int, int] = {}
    for node in nodes:
        if node in place:
            at = place[node]
            rings.append(path[at:])
            for gone in path[at + 1 :]:
                del place[gone]
            del path[at + 1 :]
        else:
            place[node] = len(path)
            path.append(node)
    return [*rings, path]


def _assembled(xy: NDArray[np.float64], rings: list[list[int]]) -> shapely.Geometry:
    """Return the Polygon or MultiPolygon of simple rings, counter-clockwise ones shells, the others holes of the least shell around."""
    shapes = [shapely.LinearRing(xy[ring]) for ring in rings]
    shells = sorted((shapely.Polygon(shape) for shape in shapes if shape.is_ccw), key=lambda shell: float(shell.area))
    holes: list[list[shapely.LinearRing]] = [[] for _ in shells]
    for hole in (shape for shape in shapes if not shape.is_ccw):
        gap = shapely.Polygon(hole)
        inside = shapely.point_on_surface(gap)  # it may lie in a shell within the gap, which is smaller than the gap
        holes[next(i for i, shell in enumerate(shells) if shell.area > gap.area and shell.contains(inside))].append(hole)
    pieces = [shapely.Polygon(shell.exterior, inner) for shell, inner in zip(shells, holes, strict=True)]
    return pieces[0] if len(pieces) == 1 else shapely.MultiPolygon(pieces)
