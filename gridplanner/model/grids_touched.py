"""The grids that an area drawn by hand touches."""

from __future__ import annotations

import numpy as np

from gridplanner.model.grids import GridPlan
from gridplanner.model.line_sides import inside_ring
from gridplanner.model.lines import Bools, Floats
from gridplanner.model.units import Units


def grids_touched(units: Units, plan: GridPlan, ring: Floats, start: int = -1) -> tuple[int, ...]:
    """Return the grids that overlap `ring` (n, 2), metres, in rising order; the ring need not be closed.

    `start` is the unit at one of its corners (-1: none), the only one touched where the ring crosses no border and holds none.
    """
    low, high = ring.min(axis=0), ring.max(axis=0)
    first, last = units.xy[units.ends[:, 0]], units.xy[units.ends[:, 1]]
    near = np.flatnonzero(((np.maximum(first, last) >= low) & (np.minimum(first, last) <= high)).all(axis=1))
    a, b = first[near], last[near]
    hit = inside_ring(a, ring)
    for corner, following in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        hit |= _crosses(a, b, corner, following)
    sides = np.concatenate((units.left[near[hit]], units.right[near[hit]], [start]))
    labels = np.unique(plan.labels[sides[sides >= 0]])
    return tuple(label for label in labels.tolist() if label in plan.grids)


def _crosses(a: Floats, b: Floats, p: Floats, q: Floats) -> Bools:
    """Return which straight pieces from a to b (m, 2) cross the one from p to q."""

    def side(one: Floats, other: Floats, place: Floats) -> Floats:
        way, to = other - one, place - one
        return np.asarray(way[..., 0] * to[..., 1] - way[..., 1] * to[..., 0])

    return np.asarray((side(p, q, a) * side(p, q, b) < 0) & (side(a, b, p) * side(a, b, q) < 0))
