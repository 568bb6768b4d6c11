"""Outlines of response rings: the ground beside the streets that each post is first to reach, up to each limit of minutes.

The ground is looked at in small squares. A square is reached when the nearest place on a street is, and then on foot; so an address
not farther than FARTHEST from a street lies in the ring that its own minutes say, to within the size of a square, and rings of two posts
never overlap.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import cKDTree

from algorithms.network.nearest import EdgePlaces
from algorithms.network.reach import Reach, reached
from algorithms.progress import SILENT, Progress
from algorithms.units.cells import cell_areas, without_specks
from gridplanner.model.lines import Bools, Floats, Ints, Texts
from gridplanner.planning.travel import OFF_ROAD, Ways

FARTHEST = 300.0  # metres from a street beyond which no ring goes, however long the way on foot may take
FINEST = 10.0  # metres of a square's side, where there is not too much ground
SQUARES = 500_000
_SPECK = 4  # squares below which a piece of a ring is given to what is around it
_BLOCK = 200_000  # squares looked at together


@dataclass(frozen=True, eq=False)
class RingShapes:
    """Outlines (r,) of rings with the post and the minutes of each: a ring begins where the next smaller one of its post ends."""

    shapes: Texts
    post: Ints
    minutes: Floats


@dataclass(frozen=True, eq=False)
class Homes:
    """Addresses (n, 2) with the minutes and the post of each: whatever ring they are in is not too small to be drawn."""

    xy: Floats
    minutes: Floats
    post: Ints


def ring_shapes(ways: Ways, reach: Reach, minutes: tuple[float, ...], land: Texts, homes: Homes, progress: Progress = SILENT) -> RingShapes:
    """Return the rings of each post in rising order of posts and minutes, clipped to `land` (polygons; none: not clipped)."""
    spots = _street_places(ways, FARTHEST)
    near = spots.xy[reached(ways.graph, ways.network, reach, spots)[0] <= 60.0 * minutes[-1]]
    if not len(near):
        return RingShapes(np.zeros(0, object), np.zeros(0, np.int32), np.zeros(0))
    origin = np.floor(near.min(axis=0)) - 2 * FARTHEST
    large = _around(np.floor((near - origin) / FARTHEST).astype(np.int64))
    size = max(FINEST, float(np.ceil(FARTHEST * np.sqrt(len(large) / SQUARES))))
    places = _street_places(ways, size)
    kept = np.all((places.xy >= origin) & (places.xy <= near.max(axis=0) + 2 * FARTHEST), axis=1)
    places = EdgePlaces(places.edge[kept], places.along[kept], places.distance[kept], places.xy[kept])
    seconds, post = reached(ways.graph, ways.network, reach, places)
    progress.report(0.2)
    column, row = _squares(large, FARTHEST / size)
    limits = np.array(minutes, np.float64)
    label = np.full(len(column), -1, np.int64)
    tree = cKDTree(places.xy)
    for start in range(0, len(column), _BLOCK):
        progress.check()
        progress.report(0.2 + 0.5 * start / len(column))
        some = slice(start, start + _BLOCK)
        middle = origin + size * (np.column_stack((column[some], row[some])) + 0.5)
        metres, place = tree.query(middle, distance_upper_bound=FARTHEST)
        held = np.flatnonzero(np.isfinite(metres))
        place, metres = place[held], metres[held]
        # a street's own squares, each of which touches the next, are reached with it
        afoot = np.where(metres <= 0.75 * size, 0.0, metres) / OFF_ROAD
        ring = np.searchsorted(60.0 * limits, seconds[place] + afoot)
        in_time = ring < len(limits)
        label[start + held[in_time]] = post[place[in_time]] * len(limits) + ring[in_time]
    label = without_specks(column, row, label, _SPECK)
    ground = shapely.union_all(land) if len(land) else None
    shapely.prepare(ground)
    middle = origin + size * (np.column_stack((column, row)) + 0.5)
    shown = shapely.contains_xy(ground, *middle.T) if ground is not None else np.ones(len(label), bool)
    label = _with_rings_of(
        homes, np.floor((homes.xy - origin) / size).astype(np.int64), limits, np.column_stack((column, row)), label, shown
    )
    progress.report(0.8)
    labelled = np.flatnonzero(label >= 0)
    bears, bearer = np.unique(label[labelled], return_inverse=True)
    shapes = cell_areas(column[labelled], row[labelled], bearer, len(bears), (origin[0], origin[1]), size)
    if ground is not None:
        shapes = _clipped(shapes, ground)
    there = ~shapely.is_empty(shapes)
    bears = bears[there]
    return RingShapes(shapes[there], (bears // len(limits)).astype(np.int32), limits[bears % len(limits)])


def _with_rings_of(homes: Homes, home_square: Ints, limits: Floats, square: Ints, label: Ints, shown: Bools) -> Ints:
    """Return the labels of squares with the one at an address of each ring that has addresses but no square that is shown."""
    ring = np.searchsorted(limits, homes.minutes)
    there = np.flatnonzero((homes.post >= 0) & (ring < len(limits)))
    wanted = homes.post[there] * len(limits) + ring[there]
    missing = ~np.isin(wanted, label[shown])
    labels, first = np.unique(wanted[missing], return_index=True)
    found = label.copy()
    for name, home in zip(labels.tolist(), there[missing][first].tolist(), strict=True):
        found[(square == home_square[home]).all(axis=1)] = name
    return found


def _street_places(ways: Ways, spacing: float) -> EdgePlaces:
    """Return places on every street that one can stop at, in the middle of equal pieces of at most `spacing` metres."""
    graph = ways.graph
    edge = np.flatnonzero(ways.stop)
    pieces = np.maximum(np.ceil(graph.length[edge] / spacing), 1).astype(np.int64)
    row = np.repeat(edge, pieces)
    number = np.arange(len(row)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    along = (number + 0.5) * (graph.length[row] / np.repeat(pieces, pieces))
    lines = shapely.linestrings(graph.coords, indices=np.repeat(np.arange(graph.edge_count), np.diff(graph.offsets)))
    xy = shapely.get_coordinates(shapely.line_interpolate_point(lines[row], along))
    return EdgePlaces(row, along, np.zeros(len(row)), xy)


def _around(cell: Ints) -> Ints:
    """Return cells (n, 2) and the eight around each, every one once."""
    step = np.stack(np.meshgrid((-1, 0, 1), (-1, 0, 1)), axis=-1).reshape(-1, 2)
    found: Ints = np.unique((np.unique(cell, axis=0)[:, None] + step).reshape(-1, 2), axis=0)
    return found


def _squares(large: Ints, share: float) -> tuple[Ints, Ints]:
    """Return the columns and rows of the squares in large cells that are `share` times as wide, every one once."""
    low = np.ceil(large * share - 1e-9).astype(np.int64)
    count = np.ceil((large + 1) * share - 1e-9).astype(np.int64) - low
    each = count.prod(axis=1)
    cell = np.repeat(np.arange(len(large)), each)
    number = np.arange(len(cell)) - np.repeat(np.cumsum(each) - each, each)
    return low[cell, 0] + number % count[cell, 0], low[cell, 1] + number // count[cell, 0]


def _clipped(shapes: Texts, ground: shapely.Geometry) -> Texts:
    """Return the polygons of shapes on the ground."""
    out = np.flatnonzero(~shapely.covers(ground, shapes))
    found = shapes.copy()
    for row, cut in zip(out.tolist(), shapely.intersection(shapes[out], ground), strict=True):
        parts = shapely.get_parts(cut)
        parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
        found[row] = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
    return found
