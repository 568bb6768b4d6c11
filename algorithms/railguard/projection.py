"""The nearest place on any of several lines for many points at once, and points spread along polylines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from algorithms.network.polylines import Bools, Floats, Ints
from algorithms.railguard.chainage import measures

BESIDE = 1.0  # metres that a point may lie past the end of a line and still be beside it


@dataclass(frozen=True, eq=False)
class LinePlaces:
    """Where points lie on lines: the `line` (p,), -1 for none near enough, metres `along` it, metres `away` from it (inf for none).

    `past` (p,) is true for points that lie past the end of their line, not beside it.
    """

    line: Ints
    along: Floats
    away: Floats
    past: Bools


def places_on_lines(lines: Sequence[Floats], points: Floats, within: float = np.inf) -> LinePlaces:
    """Return the nearest place on `lines` (coordinates (n, 2) each) to each point (p, 2), no farther than `within` metres.

    Of places equally near the first line's counts, and on it the one nearest to its start.

    >>> found = places_on_lines([np.array([[0.0, 0.0], [10.0, 0.0]])], np.array([[4.0, 3.0], [13.0, 1.0]]))
    >>> found.along.tolist(), found.past.tolist()
    ([4.0, 10.0], [False, True])
    """
    count = len(points)
    line, along, away = np.full(count, -1, np.int64), np.full(count, np.nan), np.full(count, np.inf)
    past = np.zeros(count, bool)
    if not count or not len(lines):
        return LinePlaces(line, along, away, past)
    start = np.concatenate([coords[:-1] for coords in lines])
    step = np.concatenate([np.diff(coords, axis=0) for coords in lines])
    owner = np.repeat(np.arange(len(lines)), [len(coords) - 1 for coords in lines])
    at = [measures(coords) for coords in lines]
    first, total = np.concatenate([each[:-1] for each in at]), np.array([each[-1] for each in at])
    long = np.flatnonzero((step != 0).any(axis=1))
    start, step, owner, first = start[long], step[long], owner[long], first[long]
    tree = shapely.STRtree(shapely.linestrings(np.stack((start, start + step), axis=1)))
    limit = None if np.isinf(within) else max(within, 1e-9)
    point, piece = tree.query_nearest(shapely.points(points), max_distance=limit)
    order = np.lexsort((piece, point))
    point, piece = point[order], piece[order]
    fresh = np.append(True, point[1:] != point[:-1]) if len(point) else np.zeros(0, bool)
    point, piece = point[fresh], piece[fresh]
    square = (step[piece] ** 2).sum(axis=1)
    share = np.clip(((points[point] - start[piece]) * step[piece]).sum(axis=1) / square, 0.0, 1.0)
    foot = start[piece] + share[:, None] * step[piece]
    line[point] = owner[piece]
    along[point] = first[piece] + share * np.sqrt(square)
    away[point] = np.hypot(*(points[point] - foot).T)
    ahead = ((points[point] - foot) * step[piece]).sum(axis=1) / np.sqrt(square)
    past[point] = ((along[point] <= 1e-6) & (ahead < -BESIDE)) | ((along[point] >= total[owner[piece]] - 1e-6) & (ahead > BESIDE))
    return LinePlaces(line, along, away, past)


def spread_along(coords: Floats, offsets: Ints, step: float) -> tuple[Floats, Ints]:
    """Return points at most `step` metres apart along each polyline, its vertices among them, (p, 2), and the polyline of each (p,).

    >>> spread_along(np.array([[0.0, 0.0], [10.0, 0.0]]), np.array([0, 2]), 5.0)[0].tolist()
    [[0.0, 0.0], [5.0, 0.0], [10.0, 0.0]]
    """
    if not len(coords):
        return np.empty((0, 2)), np.zeros(0, np.int64)
    owner = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    ends = np.append(owner[1:] != owner[:-1], True)  # a polyline's last vertex stands alone
    move = np.where(ends[:, None], 0.0, np.roll(coords, -1, axis=0) - coords)
    parts = np.where(ends, 1, np.maximum(np.ceil(np.hypot(*move.T) / step), 1)).astype(np.int64)
    vertex = np.repeat(np.arange(len(coords)), parts)
    number = np.arange(len(vertex)) - np.repeat(np.cumsum(parts) - parts, parts)
    return coords[vertex] + move[vertex] * (number / parts[vertex])[:, None], owner[vertex]
