"""Places along a measured line: metres, points and pieces."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import ArrayLike

from algorithms.network.polylines import Floats, Ints


def measures(coords: Floats) -> Floats:
    """Return the metres from the first vertex to each vertex of a line (n, 2), (n,)."""
    return np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(coords, axis=0).T))))


def points_at(coords: Floats, metres: ArrayLike) -> Floats:
    """Return the points (p, 2) at so many metres along a line; before its start and beyond its end, the end itself."""
    at, wanted = measures(coords), np.atleast_1d(np.asarray(metres, np.float64))
    return np.column_stack((np.interp(wanted, at, coords[:, 0]), np.interp(wanted, at, coords[:, 1])))


def metres_of(coords: Floats, points: ArrayLike) -> tuple[Floats, Floats]:
    """Return how far along a line the nearest place to each point (p, 2) is, and the distance to it, both in metres."""
    line, places = shapely.linestrings(coords), shapely.points(np.asarray(points, np.float64).reshape(-1, 2))
    return shapely.line_locate_point(line, places), shapely.distance(line, places)


def pieces(coords: Floats, start: ArrayLike, stop: ArrayLike) -> tuple[Floats, Ints]:
    """Return the pieces of a line from `start` to `stop` metres as polylines (coords, offsets); start must be before stop.

    A piece that ends where the next begins ends in exactly the same point.

    >>> pieces(np.array([[0, 0], [10, 0], [10, 10]], float), [0, 5], [5, 20])[0].tolist()
    [[0.0, 0.0], [5.0, 0.0], [5.0, 0.0], [10.0, 0.0], [10.0, 10.0]]
    """
    at = measures(coords)
    first = np.clip(np.atleast_1d(np.asarray(start, np.float64)), 0.0, at[-1])
    last = np.clip(np.atleast_1d(np.asarray(stop, np.float64)), 0.0, at[-1])
    if np.any(first >= last):
        raise ValueError("a piece must have a length")
    ends = points_at(coords, np.concatenate((first, last)))
    low, high = np.searchsorted(at, first + 1e-6, side="right"), np.searchsorted(at, last - 1e-6, side="left")
    inner = np.maximum(high - low, 0)
    offsets = np.concatenate(([0], np.cumsum(inner + 2)))
    found = np.empty((int(offsets[-1]), 2))
    within = np.ones(len(found), bool)
    within[offsets[:-1]] = within[offsets[1:] - 1] = False
    found[offsets[:-1]], found[offsets[1:] - 1] = ends[: len(first)], ends[len(first) :]
    take = np.arange(int(inner.sum())) - np.repeat(np.cumsum(inner) - inner, inner) + np.repeat(low, inner)
    found[within] = coords[take]
    return found, offsets
