"""Faces of a planar partition cut by lines: the partition stays exact, and everything beyond the cut faces stays as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from algorithms.graph.components import components
from algorithms.sums import group_sums
from algorithms.units.line_noding import LineNoding, node_line
from algorithms.units.rings import cycle_areas, cycle_roots, next_halfedges

Ints = NDArray[np.signedinteger[Any]]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

OUTSIDE = -1
LEAST_AREA = 1.0  # square metres of a part
LEAST_WIDTH = 0.05  # metres, twice the area by the perimeter: a long part's width


class TooNarrowError(ValueError):
    """Borders lie so close together here that no line fits between them on the lattice."""


@dataclass(frozen=True, eq=False)
class PartitionCut:
    """A partition after a cut; its nodes, pieces and faces keep their rows, and what is new is appended.

    `xy`, `ends`, `left`, `right` as they are now. `source` (p,) is the row of the piece that each appended piece is a part of, -1 where it
    is a new border along the line; `parent` (f,) the face that each appended face was part of. `along` (m,) int8 is 1 where the line
    runs along a piece from its first end to its second, -1 where it runs against it, 0 elsewhere.
    """

    xy: Floats
    ends: Ints
    left: Ints
    right: Ints
    source: Ints
    parent: Ints
    along: NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class _Parts:
    """The cut edges that divide something, with the part on either side; parts 0 … are of faces `face`, the largest of each first.

    `old_left`, `old_right` are the parts beside the edges that were given.
    """

    cut: Ints
    left: Ints
    right: Ints
    old_left: Ints
    old_right: Ints
    face: Ints


def cut_faces(
    xy: Floats, ends: Ints, left: Ints, right: Ints, count: int, lines: list[Floats], may_cut: Bools | None = None
) -> PartitionCut:
    """Return the partition of `count` faces with those cut that lines (k, 2) cross from border to border.

    `xy` (n, 2) lie on the lattice; `left`, `right` (m,) are the faces beside each piece, OUTSIDE for none. A line's ends that stop inside a
    face are dropped, as is what it does in faces where `may_cut` (count,) is False. Parts below LEAST_AREA or LEAST_WIDTH stay with
    the part beside them. The largest part keeps its face's row. Raises TooNarrowError where the lattice has no room for the cut.
    """
    noding = node_line(xy, ends, [line for line in lines if len(line) > 1]) if any(len(line) > 1 for line in lines) else None
    if noding is None:
        return _untouched(xy, ends, left, right)
    size = len(noding.xy)
    keys = _keys(noding.ends, size)
    if len(np.unique(keys)) < len(keys):
        raise TooNarrowError
    sign = _signs(noding, keys, size)
    cut = noding.line[~np.isin(_keys(noding.line, size), keys)]
    anchored = np.zeros(size, bool)
    anchored[noding.ends] = True
    cut = _without_loose_ends(cut, anchored)
    loops = _loops(cut, anchored, xy, ends, left, right, noding.xy)
    held = np.zeros(size, bool)
    held[cut] = True
    met = np.unique(noding.piece[held[noding.ends].any(axis=1)])
    faces = np.unique(np.concatenate((left[met], right[met], [face for _node, face in loops]))).astype(np.int64)
    faces = faces[faces >= 0]
    if may_cut is not None:
        faces = faces[may_cut[faces]]
    return _assembled(noding, sign, cut, loops, faces, len(xy), ends, left, right, count)


def _assembled(
    noding: LineNoding, sign: Ints, cut: Ints, loops: list[tuple[int, int]], faces: Ints, nodes: int,
    ends: Ints, left: Ints, right: Ints, count: int,
) -> PartitionCut:  # fmt: skip
    """Return the partition of `nodes` nodes once the cut edges inside `faces` have divided them."""
    chosen = np.zeros(count + 1, bool)  # the last for OUTSIDE
    chosen[faces] = True
    beside = np.flatnonzero(chosen[left] | chosen[right])
    whole = np.setdiff1d(beside, noding.piece)
    mine = np.isin(noding.piece, beside)
    rows = np.concatenate((whole, noding.piece[mine]))
    edges = np.concatenate((ends[whole], noding.ends[mine]))
    parts = _divided(
        noding.xy, edges, np.where(chosen[left[rows]], left[rows], -1), np.where(chosen[right[rows]], right[rows], -1), cut, loops
    )
    row_of_part = parts.face.copy()
    later = np.flatnonzero(np.append(False, parts.face[1:] == parts.face[:-1]))
    row_of_part[later] = count + np.arange(len(later))
    left, right = left.copy(), right.copy()
    for side, part in ((left, parts.old_left[: len(whole)]), (right, parts.old_right[: len(whole)])):
        side[whole[part >= 0]] = row_of_part[part[part >= 0]]
    fine_left, fine_right = left[noding.piece], right[noding.piece]
    for side, part in ((fine_left, parts.old_left[len(whole) :]), (fine_right, parts.old_right[len(whole) :])):
        side[np.flatnonzero(mine)[part >= 0]] = row_of_part[part[part >= 0]]
    needed = np.zeros(len(noding.xy), bool)
    needed[parts.cut] = True
    new_row = np.append(True, noding.piece[1:] != noding.piece[:-1]) if len(noding.piece) else np.zeros(0, bool)
    start = np.flatnonzero(new_row | needed[noding.ends[:, 0]])
    first = new_row[start]
    stop = np.append(start, len(noding.piece))[1:]
    coarse = np.column_stack((noding.ends[start, 0], noding.ends[stop - 1, 1])).reshape(-1, 2)
    low, high = (np.minimum.reduceat(sign, start), np.maximum.reduceat(sign, start)) if len(start) else (sign, sign)
    coarse_sign = np.where(low == high, low, 0)
    _check_planar(noding.xy, np.concatenate((coarse, parts.cut)))
    kept = needed | (np.arange(len(noding.xy)) < nodes)
    number = np.cumsum(kept) - 1
    out = ends.copy()
    piece = noding.piece[start]
    out[piece[first]] = number[coarse[first]]
    left[piece[first]], right[piece[first]] = fine_left[start[first]], fine_right[start[first]]
    along = np.zeros(len(ends), np.int8)
    along[piece[first]] = coarse_sign[first]
    more = ~first
    return PartitionCut(
        noding.xy[kept],
        np.concatenate((out, number[coarse[more]], number[parts.cut])).astype(ends.dtype),
        np.concatenate((left, fine_left[start[more]], row_of_part[parts.left])).astype(left.dtype),
        np.concatenate((right, fine_right[start[more]], row_of_part[parts.right])).astype(right.dtype),
        np.concatenate((piece[more], np.full(len(parts.cut), -1))).astype(np.int32),
        parts.face[later].astype(np.int32),
        np.concatenate((along, coarse_sign[more], np.ones(len(parts.cut), np.int8))).astype(np.int8),
    )


def _divided(xy: Floats, edges: Ints, left: Ints, right: Ints, cut: Ints, loops: list[tuple[int, int]]) -> _Parts:
    """Return the parts of faces that are bounded by `edges`, with the face (or -1) on either side, once `cut` edges divide them."""
    while True:
        nodes, ends = np.unique(np.concatenate((edges, cut)), return_inverse=True)
        ends = ends.reshape(-1, 2)
        m, k = len(ends), len(edges)
        source, following = next_halfedges(xy[nodes], ends)
        root = cycle_roots(following)
        face = _cycle_faces(root, left, right, k, m, ends, nodes, loops)
        one, other = root[k:m], root[m + k :]
        keep = (face[one] >= 0) & (one != other)
        if keep.all():
            break
        anchored = np.zeros(len(xy), bool)
        anchored[edges] = True
        cut = _without_loose_ends(cut[keep], anchored)
    area = cycle_areas(xy[nodes], source, following, root)
    part, of = _parts_of_cycles(xy[nodes], source, following, root, face, area, components(len(nodes), ends[:, 0], ends[:, 1]))
    step = xy[nodes][ends[:, 1]] - xy[nodes][ends[:, 0]]
    length = np.hypot(step[:, 0], step[:, 1])
    half = part[root]
    size = group_sums(part[part >= 0], area[part >= 0], len(of))
    label = _without_slivers(half, length, size, of, k)
    size = group_sums(label, size, len(of))
    kept = np.unique(label)
    kept = kept[np.lexsort((kept, -size[kept], of[kept]))]
    rank = np.full(len(of), -1, np.int64)
    rank[kept] = np.arange(len(kept))
    final = np.where(half >= 0, rank[label[half]], -1)
    divides = final[k:m] != final[m + k :]
    return _Parts(cut[divides], final[k:m][divides], final[m + k :][divides], final[:k], final[m : m + k], of[kept])


def _cycle_faces(
    root: Ints, left: Ints, right: Ints, k: int, m: int, ends: Ints, nodes: Ints, loops: list[tuple[int, int]]
) -> Ints:  # fmt: skip
    """Return at each root the face that its cycle of half-edges lies in, -1 for none of those that may be cut."""
    known = np.concatenate((np.arange(k), m + np.arange(k)))
    values = np.concatenate((left, right))
    high, low = np.full(2 * m, -2, np.int64), np.full(2 * m, np.iinfo(np.int64).max)
    np.maximum.at(high, root[known], values)
    np.minimum.at(low, root[known], values)
    if np.any((high >= 0) & (low != high)):
        raise TooNarrowError
    one, other = root[k:m], root[m + k :]
    if loops:
        part = components(len(nodes), ends[:, 0], ends[:, 1])
        for node, face in loops:
            at = int(np.searchsorted(nodes, node))
            if at < len(nodes) and nodes[at] == node:
                mine = part[ends[k:, 0]] == part[at]
                high[one[mine]] = high[other[mine]] = face
    while True:  # a face's part between cuts alone is known from across them
        at, across = (high[one] == -2) & (high[other] != -2), (high[other] == -2) & (high[one] != -2)
        if not (at.any() or across.any()):
            return high
        high[one[at]] = high[other[at]]
        high[other[across]] = high[one[across]]


def _parts_of_cycles(xy: Floats, source: Ints, following: Ints, root: Ints, face: Ints, area: Floats, piece: Ints) -> tuple[Ints, Ints]:
    """Return at each root the part that its cycle bounds, -1 for none, and each part's face; holes go to the least shell around them."""
    is_root = root == np.arange(len(root))
    shells = np.flatnonzero(is_root & (face >= 0) & (area > 0))
    part = np.full(len(root), -1, np.int64)
    part[shells] = np.arange(len(shells))
    for hole in np.flatnonzero(is_root & (face >= 0) & (area <= 0)).tolist():
        around = shells[(face[shells] == face[hole]) & (piece[source[shells]] != piece[source[hole]])]
        around = around[np.argsort(area[around], kind="stable")]
        point = xy[source[hole]]
        inside = [shell for shell in around.tolist() if _is_inside(point, xy, source, following, root == shell)]
        if not inside:
            raise TooNarrowError
        part[hole] = part[inside[0]]
    return part, face[shells]


def _is_inside(point: Floats, xy: Floats, source: Ints, following: Ints, cycle: Bools) -> bool:
    """Return whether a point lies within a cycle of half-edges, by the parity of crossings of a ray to the right."""
    a, b = xy[source[cycle]], xy[source[following[cycle]]]
    return bool(np.count_nonzero(_right_of(point, a, b)) % 2)


def _right_of(point: Floats, a: Floats, b: Floats) -> Bools:
    """Return which segments a–b a ray from a point to the right crosses."""
    spans = (a[:, 1] > point[1]) != (b[:, 1] > point[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        x = a[:, 0] + (point[1] - a[:, 1]) * (b[:, 0] - a[:, 0]) / (b[:, 1] - a[:, 1])
    return np.asarray(spans & (x > point[0]))


def _without_slivers(half: Ints, length: Floats, area: Floats, face: Ints, k: int) -> Ints:
    """Return the part that each part belongs to once slivers went to the part of their face with which they share most border."""
    label = np.arange(len(face))
    m = len(length)
    inner = (half[k:m] >= 0) & (half[m + k :] >= 0)
    one, other, common = half[k:m][inner], half[m + k :][inner], length[k:][inner]
    rim_of = np.concatenate((half[:m], half[m:]))
    rim_length = np.concatenate((length, length))[rim_of >= 0]
    rim_of = rim_of[rim_of >= 0]
    while True:
        a, b = label[one], label[other]
        apart = a != b
        size = group_sums(label, area, len(face))
        shared = np.zeros(len(face))
        np.add.at(shared, a[~apart], 2 * common[~apart])
        rim = np.bincount(label[rim_of], rim_length, minlength=len(face)) - shared
        divided = np.unique(np.concatenate((a[apart], b[apart])))
        thin = divided[(size[divided] < LEAST_AREA) | (2 * size[divided] < LEAST_WIDTH * rim[divided])]
        if not len(thin):
            return label
        sliver = int(thin[np.argmin(size[thin])])
        beside = np.where(a == sliver, b, np.where(b == sliver, a, -1))
        beside[~apart] = -1
        border = np.bincount(beside[beside >= 0], common[beside >= 0], minlength=len(face))
        label[label == sliver] = int(np.argmax(border))


def _loops(
    cut: Ints, anchored: Bools, xy: Floats, ends: Ints, left: Ints, right: Ints, places: Floats
) -> list[tuple[int, int]]:  # fmt: skip
    """Return (a node, the face around it) of each connected set of cut edges that touches no border."""
    if not len(cut):
        return []
    nodes, local = np.unique(cut, return_inverse=True)
    local = local.reshape(-1, 2)
    part = components(len(nodes), local[:, 0], local[:, 1])
    touching = np.bincount(part, anchored[nodes]) > 0
    found: list[tuple[int, int]] = []
    for loose in np.flatnonzero(~touching).tolist():
        node = int(nodes[np.argmax(part == loose)])
        found.append((node, face_at(xy, ends, left, right, places[node])))
    return found


def face_at(xy: Floats, ends: Ints, left: Ints, right: Ints, point: Floats) -> int:
    """Return the face of a partition that a point lies in, OUTSIDE where in none: the near side of the first piece right of it."""
    x, y = float(point[0]), float(point[1])
    above = xy[:, 1] > y
    rows = np.flatnonzero(above[ends[:, 0]] != above[ends[:, 1]])
    a, b = xy[ends[rows, 0]], xy[ends[rows, 1]]
    at = a[:, 0] + (y - a[:, 1]) * (b[:, 0] - a[:, 0]) / (b[:, 1] - a[:, 1])
    rows, at, a, b = rows[at > x], at[at > x], a[at > x], b[at > x]
    if not len(rows):
        return OUTSIDE
    near = int(np.argmin(at))
    return int(left[rows[near]] if b[near, 1] > a[near, 1] else right[rows[near]])  # a piece that rises has its left side to the west


def _signs(noding: LineNoding, keys: Ints, size: int) -> Ints:
    """Return for each edge of the partition 1 where the line runs along it, -1 where it runs against it, else 0."""
    line_keys = _keys(noding.line, size)
    order = np.argsort(line_keys)
    at = np.minimum(np.searchsorted(line_keys[order], keys), max(len(order) - 1, 0))
    if not len(order):
        return np.zeros(len(keys), np.int8)
    match = order[at]
    same = line_keys[match] == keys
    return np.where(same, np.where(noding.line[match, 0] == noding.ends[:, 0], 1, -1), 0).astype(np.int8)


def _keys(ends: Ints, size: int) -> Ints:
    """Return one number for each pair of nodes, whatever its direction."""
    return np.asarray(ends.min(axis=1).astype(np.int64) * size + ends.max(axis=1)) if len(ends) else np.zeros(0, np.int64)


def _without_loose_ends(cut: Ints, anchored: Bools) -> Ints:
    """Return edges without those that lead nowhere: chains that end at no border."""
    while len(cut):
        degree = np.bincount(cut.ravel(), minlength=len(anchored))
        loose = ((degree == 1) & ~anchored)[cut].any(axis=1)
        if not loose.any():
            break
        cut = cut[~loose]
    return cut


def _check_planar(xy: Floats, edges: Ints) -> None:
    """Raise TooNarrowError where two edges meet anywhere but at a node that they share."""
    if not len(edges):
        return
    lines = shapely.linestrings(xy[edges])
    one, other = shapely.STRtree(lines).query(lines, predicate="intersects")
    a, b = edges[one], edges[other]
    shared = (a[:, 0] == b[:, 0]) | (a[:, 0] == b[:, 1]) | (a[:, 1] == b[:, 0]) | (a[:, 1] == b[:, 1])
    if not shared.all():
        raise TooNarrowError


def _untouched(xy: Floats, ends: Ints, left: Ints, right: Ints) -> PartitionCut:
    none = np.zeros(0, np.int32)
    return PartitionCut(xy, ends, left, right, none, none, np.zeros(len(ends), np.int8))
