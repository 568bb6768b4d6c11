"""The land beside pieces of lines: within some metres, shared out to the nearest piece, without overlaps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from algorithms.network.polylines import Floats, Ints
from algorithms.railguard.chainage import pieces, points_at

LEAST, STEP = 20.0, 100.0  # metres between the places of a piece that stand for it
MOST = 10_000  # places in all; longer lines are sampled more coarsely


def corridor_polygons(lines: Sequence[Floats], line: Ints, low: Floats, high: Floats, metres: float) -> NDArray[np.object_]:
    """Return for each piece (n,), from `low` to `high` metres along `line`, the polygon of what lies within `metres` and nearest to it.

    Together they cover the buffer of all pieces, flat at the ends of what is covered; they touch and do not overlap. Near the end of a
    piece the cut runs square to the line, since the places that stand for the pieces lie there in pairs, as far before as behind (the
    cells of Voronoi's diagram of these places, joined by piece). A piece shares the land with lines that run beside it.
    """
    total = float((high - low).sum())
    step = max(min(max(metres / 25.0, LEAST), STEP), total / MOST)
    places, owner = _standing_for(lines, line, low, high, step)
    around = _flat_buffer(lines, line, low, high, metres)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(places), extend_to=shapely.envelope(around)))
    place, cell = shapely.STRtree(cells).query(shapely.points(places), predicate="intersects")
    of_cell = np.full(len(cells), -1, np.int64)
    of_cell[cell[::-1]] = owner[place[::-1]]
    shapely.prepare(around)
    found = np.empty(len(line), object)
    for piece in range(len(line)):
        joined = shapely.coverage_union_all(cells[of_cell == piece])
        found[piece] = _areas(shapely.intersection(joined, around))
    return found


def _standing_for(lines: Sequence[Floats], line: Ints, low: Floats, high: Floats, step: float) -> tuple[Floats, Ints]:
    """Return places along the pieces (p, 2), a little inside their ends and at most `step` apart, and the piece of each (p,)."""
    length = high - low
    parts = np.maximum(np.ceil(length / step), 2).astype(np.int64)
    inset = min(step, float(length.min())) / 4.0  # one for all, so that a cut lies in the middle between two places
    piece = np.repeat(np.arange(len(line)), parts)
    number = np.arange(len(piece)) - np.repeat(np.cumsum(parts) - parts, parts)
    along = low[piece] + inset + number / (parts[piece] - 1) * (length - 2.0 * inset)[piece]
    xy = np.empty((len(piece), 2))
    for row in np.unique(line).tolist():
        mine = line[piece] == row
        xy[mine] = points_at(lines[row], along[mine])
    _same, first = np.unique(np.round(xy, 3), axis=0, return_index=True)
    first = np.sort(first)
    return xy[first], piece[first]


def _flat_buffer(lines: Sequence[Floats], line: Ints, low: Floats, high: Floats, metres: float) -> shapely.Geometry:
    shapes = []
    for row in np.unique(line).tolist():
        mine = line == row
        shapes.append(shapely.LineString(pieces(lines[row], [low[mine].min()], [high[mine].max()])[0]))
    return shapely.union_all(shapely.buffer(np.array(shapes, object), metres, cap_style="flat", quad_segs=8))


def _areas(shape: shapely.Geometry) -> shapely.Geometry:
    parts = shapely.get_parts(shape)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2]) if len(parts) > 1 else shape
