"""Places on borders: the border between two grids, the rim of one, and the place on it that is nearest to the hand."""

from __future__ import annotations

import numpy as np

from gridplanner.model.lines import Floats, Ints
from gridplanner.model.units import Units


def border_between(units: Units, labels: Ints, one: int, other: int) -> Ints:
    """Return the border pieces between two grids of a labelling (u,)."""
    inner = (units.left >= 0) & (units.right >= 0)
    left, right = labels[units.left], labels[units.right]
    return np.flatnonzero(inner & (((left == one) & (right == other)) | ((left == other) & (right == one))))


def rim_of(units: Units, labels: Ints, grid: int) -> Ints:
    """Return the border pieces around a grid of a labelling (u,)."""
    mine = np.append(labels == grid, False)  # the last for OUTSIDE
    return np.flatnonzero(mine[units.left] != mine[units.right])


def nearest_on(ends: Floats, place: Floats) -> Floats:
    """Return the place on straight pieces (n, 2, 2), at least one, that is nearest to another."""
    start, way = ends[:, 0], ends[:, 1] - ends[:, 0]
    share = ((place - start) * way).sum(axis=1) / np.maximum((way**2).sum(axis=1), 1e-12)
    foot = start + np.clip(share, 0.0, 1.0)[:, None] * way
    return np.asarray(foot[np.argmin(((foot - place) ** 2).sum(axis=1))])
