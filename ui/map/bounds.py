"""How far things reach."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from gridplanner.model.lines import Floats
from gridplanner.model.project import Project
from ui.map.land_layer import community_loops

Bounds = tuple[float, float, float, float]


@lru_cache(maxsize=4)
def bounds_of(project: Project) -> Bounds | None:
    """Return left, bottom, right and top of what is to be planned, else of whatever there is; None for an empty project."""
    if project.units is not None and len(project.units):
        return _bounds(project.units.xy)
    if len(project.communities):
        return _bounds(np.concatenate([ring for rings in community_loops(project.communities) for ring in rings]))
    for xy in (project.households.xy, project.roads.lines.coords, project.railway.lines.coords, project.depots.xy):
        if len(xy):
            return _bounds(xy)
    return None


def _bounds(xy: Floats) -> Bounds:
    left, bottom = xy.min(axis=0).tolist()
    right, top = xy.max(axis=0).tolist()
    return left, bottom, right, top
