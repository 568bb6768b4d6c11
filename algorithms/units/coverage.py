"""Districts that should tile, made to: overlaps and narrow gaps between them found, and each given to one of those it lies between.

All borders are noded together on a lattice; a face that no district or several claim is contested. Contested faces side by side that the
same ones claim are a region; a gap that no district runs along all of is first parted by those that are near, so that none of them gets
an arm along all the others. A narrow one (no circle of the width fits) is a sliver and goes to the neighbour with the longest border, as
GIS tools eliminate slivers; a wide gap is no fault and stays; a wide overlap goes to the first that claims it, but for one that others
cover nearly all of: it was drawn over them, and without that ground it would be gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from algorithms.graph.components import components
from algorithms.sums import group_sums
from algorithms.units.faces import find_faces
from algorithms.units.noding import LATTICE, PlanarGraph, node_lines
from algorithms.units.rings import ring_polygons, trace_rings

Ints = NDArray[np.signedinteger[Any]]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Shapes = NDArray[np.object_]

COVERED = 0.95  # share of a district that others claim too, above which it is taken as drawn over them
LEAST = 0.05  # square metres of a slit that is open at an end; what is less comes from rounding
WORTH_PARTING = 20.0  # square metres of a gap
ALONG = 0.4  # share of the rim of a gap, above which a district runs along all of it
NOBODY = -1
NONE, NO_ROWS = np.empty(0, object), np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False)
class Contested:
    """The faces of all borders, and the regions of those that no district or several claim.

    `left`, `right` (m,) face beside each edge of `graph`, below 0 outside; `owner` (f,) the one district that claims a face, else NOBODY;
    `region` (f,) else the contested region of it, NOBODY for ground that nobody wants. Of each region: `shape`, `area` (square metres),
    `narrow`, `open` (a gap that reaches the outside), and its claimants as pairs `claimed`, `claimant`, rising; a gap has none.
    """

    graph: PlanarGraph
    left: Ints
    right: Ints
    owner: Ints
    region: Ints
    shape: Shapes
    area: Floats
    narrow: Bools
    open: Bools
    claimed: Ints
    claimant: Ints
    count: int

    @property
    def is_gap(self) -> Bools:
        """(r,) True for the regions that nobody claims."""
        return np.asarray(np.bincount(self.claimed, minlength=len(self.area)) == 0)

    def claimants(self, region: int) -> list[int]:
        """Return the districts that claim a region, rising."""
        first, last = np.searchsorted(self.claimed, [region, region + 1])
        found: list[int] = self.claimant[first:last].tolist()
        return found


def find_contested(shapes: Shapes, gap_width: float) -> Contested:
    """Return the contested regions of valid polygons, (n,) Polygon or MultiPolygon in metres; gaps up to `gap_width` metres are narrow."""
    borders = shapely.boundary(shapes)
    found = _contested(borders, shapes, NONE, NONE, NO_ROWS, gap_width)
    slits = _slits(found, gap_width)
    gaps = np.concatenate((found.shape[found.is_gap & found.narrow], slits))
    parts, beside = _parts_beside(found, gaps, gap_width)
    if not len(slits) and not len(parts):
        return found
    return _contested(np.concatenate((borders, shapely.boundary(slits), shapely.boundary(parts))), shapes, slits, parts, beside, gap_width)


def share_out(found: Contested, leave: Bools) -> tuple[Shapes, Ints]:
    """Return the districts as an exact coverage, (n,), empty where others hold all of one, and who each region went to, (r,).

    Regions of `leave` (r,) stay as they are: gaps nobody's, and overlaps in all that claim them. So do gaps that are wide, and slits
    beside one district alone; these went to NOBODY.
    """
    gap = found.is_gap
    given = np.full(len(found.area), NOBODY, np.int64)
    wide = np.flatnonzero(~gap & ~found.narrow & ~leave)
    given[wide] = _claimed_first(found)[wide]
    _give_slivers(found, given, found.narrow & ~leave)
    last = ~gap & ~leave & (given == NOBODY)
    given[last] = _first_claimant(found)[last]
    label = found.owner.copy()
    held = found.region >= 0
    label[held] = given[found.region[held]]
    shapes = _outlines(found, label, found.count)
    for region in np.flatnonzero(leave & ~gap).tolist():
        for row in found.claimants(region):
            shapes[row] = shapely.union(shapes[row], found.shape[region], grid_size=LATTICE)
    return shapes, given


def _contested(borders: Shapes, shapes: Shapes, slits: Shapes, parts: Shapes, beside: Ints, gap_width: float) -> Contested:
    """Return the contested regions: gaps apart by the `parts` of them that lie beside the districts `beside`."""
    graph = node_lines(borders)
    faces = find_faces(graph)
    polygons = ring_polygons(graph.xy, trace_rings(graph.xy, graph.ends, faces.left, faces.right), faces.count)
    inside = shapely.get_coordinates(shapely.point_on_surface(polygons))
    face, claimant = _within(inside, shapes)
    times = np.bincount(face, minlength=faces.count)
    owner = np.full(faces.count, NOBODY, np.int64)
    once = times[face] == 1
    owner[face[once]] = claimant[once]
    between = np.zeros(faces.count, bool)
    between[_within(inside, slits)[0]] = True
    # faces that the same ones claim have the same sum of random numbers, one for each district
    random = np.random.default_rng(0).integers(1, 2**62, len(shapes), dtype=np.int64)
    who = between.astype(np.int64)
    near, part = _within(inside, parts)
    with np.errstate(over="ignore"):
        np.add.at(who, face, random[claimant])
        np.add.at(who, near, np.where(times[near] == 0, random[beside[part]], 0))
    region = _regions(faces.left, faces.right, who, times != 1)
    count = int(region.max(initial=NOBODY)) + 1
    shape = ring_polygons(graph.xy, trace_rings(graph.xy, graph.ends, *_sides(faces.left, faces.right, region)), count)
    area = np.asarray(shapely.area(shape), np.float64)
    narrow = area < np.pi * (gap_width / 2.0) ** 2
    broad = np.flatnonzero(~narrow)
    narrow[broad] = shapely.is_empty(shapely.buffer(shape[broad], -gap_width / 2.0, quad_segs=4))
    is_open = np.zeros(count, bool)
    is_open[region[between & (times == 0)]] = True
    several = times[face] > 1
    pair = np.unique(region[face[several]] * max(len(shapes), 1) + claimant[several])
    return Contested(
        graph, faces.left, faces.right, owner, region, shape, area, narrow | is_open, is_open,
        pair // max(len(shapes), 1), pair % max(len(shapes), 1), len(shapes),
    )  # fmt: skip


def _within(xy: Floats, shapes: Shapes) -> tuple[Ints, Ints]:
    """Return (point, polygon) of all points that lie inside polygons, by point."""
    if not len(xy) or not len(shapes):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    shapely.prepare(shapes)
    point, row = shapely.STRtree(shapes).query(shapely.points(xy))
    there = shapely.contains_xy(shapes[row], xy[point, 0], xy[point, 1])
    point, row = point[there], row[there]
    order = np.lexsort((row, point))
    return point[order], row[order]


def _regions(left: Ints, right: Ints, who: Ints, contested: Bools) -> Ints:
    """Return the region of each face: contested ones that share an edge and are claimed by the same; NOBODY for others."""
    both = (left >= 0) & (right >= 0)
    both[both] = contested[left[both]] & contested[right[both]] & (who[left[both]] == who[right[both]])
    group = components(len(contested), left[both], right[both])
    region = np.full(len(contested), NOBODY, np.int64)
    region[contested] = np.unique(group[contested], return_inverse=True)[1]
    return region


def _sides(left: Ints, right: Ints, label: Ints) -> tuple[Ints, Ints]:
    return np.where(left >= 0, label[left], NOBODY), np.where(right >= 0, label[right], NOBODY)


def _outlines(found: Contested, label: Ints, count: int) -> Shapes:
    """Return the polygon of each label 0 … count - 1 of the faces, empty where there is none."""
    sides = _sides(found.left, found.right, label)
    shapes = ring_polygons(found.graph.xy, trace_rings(found.graph.xy, found.graph.ends, *sides), count)
    shapes[shapely.is_missing(shapes)] = shapely.Polygon()
    return shapes


def _slits(found: Contested, gap_width: float) -> Shapes:
    """Return the narrow ground beside the districts that is no closed gap: slits open at an end, tails of wide gaps.

    Closing (growing and shrinking by half the width, corners left sharp) covers just what is narrower than the width.
    """
    gap = found.is_gap & found.narrow
    held = found.owner >= 0
    inside = found.region >= 0
    held[inside] |= ~found.is_gap[found.region[inside]] | gap[found.region[inside]]
    whole = _outlines(found, np.where(held, 0, NOBODY), 1)[0]
    reach = gap_width / 2.0
    closed = shapely.buffer(shapely.buffer(whole, reach, join_style="mitre", mitre_limit=5.0), -reach, join_style="mitre", mitre_limit=5.0)
    parts = shapely.get_parts(shapely.difference(closed, whole, grid_size=LATTICE))
    parts = parts[shapely.get_type_id(parts) == 3]
    return np.asarray(parts[shapely.area(parts) > LEAST], object)


def _parts_beside(found: Contested, gaps: Shapes, gap_width: float) -> tuple[Shapes, Ints]:
    """Return the parts of gaps within reach of each of the districts along them, and the districts.

    A gap that one district runs along for nearly half of its rim is that one's as a whole and has no parts.
    """
    gaps = gaps[shapely.area(gaps) > WORTH_PARTING]
    rows = np.stack(_sides(found.left, found.right, found.owner))
    edge = np.flatnonzero((rows[0] != rows[1]) & (rows >= 0).any(axis=0))
    if not len(gaps) or not len(edge):
        return NONE, NO_ROWS
    lines = shapely.linestrings(found.graph.xy[found.graph.ends[edge]])
    gap, line = shapely.STRtree(lines).query(gaps, predicate="dwithin", distance=2.0 * LATTICE)
    pairs = [(gap, edge[line], rows[side][edge[line]]) for side in (0, 1)]
    gap, along, row = (np.concatenate(column) for column in zip(*pairs, strict=True))
    gap, along, row = gap[row >= 0], along[row >= 0], row[row >= 0]
    key, index = np.unique(gap * found.count + row, return_inverse=True)
    of = key // found.count
    border = group_sums(index, shapely.length(lines)[np.searchsorted(edge, along)], len(key))
    longest = np.zeros(len(gaps))
    np.maximum.at(longest, of, border)
    many = (longest < ALONG * shapely.length(gaps))[of]
    if not many.any():
        return NONE, NO_ROWS
    order = np.argsort(index, kind="stable")
    order = order[many[index[order]]]
    kept = np.flatnonzero(many)
    borders = shapely.multilinestrings(
        shapely.linestrings(found.graph.xy[found.graph.ends[along[order]]]), indices=np.searchsorted(kept, index[order])
    )
    parts = shapely.intersection(
        gaps[key[kept] // found.count], shapely.buffer(borders, gap_width, cap_style="square", join_style="mitre"), grid_size=LATTICE
    )
    polygons, part = shapely.get_parts(parts, return_index=True)
    flat = shapely.get_type_id(polygons) == 3
    return np.asarray(polygons[flat], object), (key[kept] % found.count)[part[flat]]


def _first_claimant(found: Contested) -> Ints:
    first = np.full(len(found.area), NOBODY, np.int64)
    first[found.claimed[::-1]] = found.claimant[::-1]
    return first


def _claimed_first(found: Contested) -> Ints:
    """Return who a wide overlap goes to: the first that claims it, those before others that are nearly all claimed by others too."""
    face_area = shapely.area(_face_shapes(found))
    own = group_sums(found.owner[found.owner >= 0], face_area[found.owner >= 0], found.count)
    shared = group_sums(found.claimant, found.area[found.claimed], found.count)
    covered = shared > COVERED * (own + shared)
    order = np.lexsort((-found.claimant, covered[found.claimant], found.claimed))  # the best of each region is written last
    first = np.full(len(found.area), NOBODY, np.int64)
    first[found.claimed[order]] = found.claimant[order]
    return first


def _face_shapes(found: Contested) -> Shapes:
    rings = trace_rings(found.graph.xy, found.graph.ends, found.left, found.right)
    return ring_polygons(found.graph.xy, rings, len(found.owner))


def _whole_gaps(found: Contested) -> Ints:
    """Return one region of those that each is a part of: parts of one gap side by side."""
    one, other = _sides(found.left, found.right, found.region)
    gap = found.is_gap
    both = (one >= 0) & (other >= 0)
    both[both] = gap[one[both]] & gap[other[both]]
    return np.asarray(components(len(gap), one[both], other[both]))


def _give_slivers(found: Contested, given: Ints, wanted: Bools) -> None:
    """Give the wanted narrow regions, in place, to the neighbour with the longest border; an overlap to one that claims it."""
    step = found.graph.xy[found.graph.ends[:, 1]] - found.graph.xy[found.graph.ends[:, 0]]
    length = np.hypot(step[:, 0], step[:, 1])
    claims = found.claimed * max(found.count, 1) + found.claimant
    gap = found.is_gap
    whole = _whole_gaps(found)
    sides = [_sides(found.left, found.right, found.owner), _sides(found.left, found.right, found.region)]
    several = np.zeros(len(given), bool)  # gaps that more than one district lies along
    while len(given):
        owner = [np.where((mine == NOBODY) & (region >= 0), given[region], mine) for mine, region in zip(*sides, strict=True)]
        pairs = [(sides[1][one], owner[1 - one]) for one in (0, 1)]
        region, beside = (np.concatenate(part) for part in zip(*pairs, strict=True))
        border = np.concatenate((length, length))
        ask = (region >= 0) & (beside >= 0)
        ask[ask] = wanted[region[ask]] & (given[region[ask]] == NOBODY)
        key, index = np.unique(region[ask] * max(found.count, 1) + beside[ask], return_inverse=True)
        total = np.round(group_sums(index, border[ask], len(key)), 3)
        region, beside = key // max(found.count, 1), key % max(found.count, 1)
        along = np.bincount(np.unique(whole[region] * max(found.count, 1) + beside) // max(found.count, 1), minlength=len(given))
        several |= along[whole] > 1
        fits = np.where(gap[region], ~found.open[region] | several[region], np.isin(key, claims))
        region, beside, total = region[fits], beside[fits], total[fits]
        if not len(region):
            return
        order = np.lexsort((-beside, total, region))  # the longest is written last, of equal ones the first district
        given[region[order]] = beside[order]
