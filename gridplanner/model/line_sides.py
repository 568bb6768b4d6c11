"""On which side of a drawn line places lie: what counts are made of while the line is in the hand."""

from __future__ import annotations

import numpy as np

from gridplanner.model.lines import Bools, Floats

FAR = 100.0  # times the line's reach: how far its ends are thought to go on
BLOCK = 200_000  # pairs of place and edge looked at together


def inside_ring(points: Floats, ring: Floats) -> Bools:
    """Return which places (n, 2) lie within a closed line (k, 2), closed or not, by the parity of crossings (Shimrat 1962).

    >>> inside_ring(np.array([[1.0, 1.0], [5.0, 1.0]]), np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 4.0]])).tolist()
    [True, False]
    """
    inside = np.zeros(len(points), bool)
    if len(ring) < 3 or not len(points):
        return inside
    low, high = ring.min(axis=0), ring.max(axis=0)
    x, y = points[:, 0], points[:, 1]
    rows = np.flatnonzero((x >= low[0]) & (x <= high[0]) & (y >= low[1]) & (y <= high[1]))
    a, b = ring, np.roll(ring, -1, axis=0)
    level = a[:, 1] != b[:, 1]
    a, b = a[level], b[level]
    slope = (b[:, 0] - a[:, 0]) / (b[:, 1] - a[:, 1])
    for start in range(0, len(rows), max(BLOCK // max(len(a), 1), 1)):
        some = rows[start : start + max(BLOCK // max(len(a), 1), 1)]
        across, up = points[some, :1], points[some, 1:]
        crossed = ((a[:, 1] > up) != (b[:, 1] > up)) & (across < a[:, 0] + (up - a[:, 1]) * slope)
        inside[some] = crossed.sum(axis=1) % 2 == 1
    return inside


def left_of(points: Floats, line: Floats) -> Bools:
    """Return which places (n, 2) lie left of a line (k, 2) whose first and last pieces are thought to go on.

    >>> left_of(np.array([[0.0, 1.0], [0.0, -1.0]]), np.array([[-5.0, 0.0], [5.0, 0.0]])).tolist()
    [True, False]
    """
    line = line[np.append(True, (np.diff(line, axis=0) != 0).any(axis=1))]
    if len(line) < 2 or not len(points):
        return np.zeros(len(points), bool)
    both = np.concatenate((line, points))
    far = FAR * max(float(np.ptp(both, axis=0).max()), 1.0)
    chord = line[-1] - line[0]
    if not np.any(chord):
        chord = line[1] - line[0]
    first, last, along = (way / np.hypot(*way) for way in (line[0] - line[1], line[-1] - line[-2], chord))
    away = far * np.array([-along[1], along[0]])
    start, stop = line[0] + far * first, line[-1] + far * last
    return inside_ring(points, np.vstack((start, line, stop, stop + away, start + away)))
