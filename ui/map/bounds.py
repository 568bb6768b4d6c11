"""How far things reach."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from gridplanner.model.lines import Floats
from gridplanner.model.places import Communities
from gridplanner.model.project import Project
from gridplanner.model.units import Units
from ui.map.land_layer import community_loops

Bounds = tuple[float, float, float, float]


def bounds_of(project: Project) -> Bounds | None:
    """Return left, bottom, right and top of what is to be planned, else of whatever there is; None for an empty project."""
    if project.units is not None and len(project.units):
        return _bounds_of_units(project.units)
    if len(project.communities):
        return _bounds_of_communities(project.communities)
    for xy in (project.households.xy, project.roads.lines.coords, project.railway.lines.coords, project.depots.xy):
        if len(xy):
            return _bounds(xy)
    return None


@lru_cache(maxsize=4)
def _bounds_of_units(units: Units) -> Bounds:
    return _bounds(units.xy)


@lru_cache(maxsize=4)
def _bounds_of_communities(communities: Communities) -> Bounds:
    return _bounds(np.concatenate([ring for rings in community_loops(communities) for ring in rings]))


def _bounds(xy: Floats) -> Bounds:
    left, bottom = xy.min(axis=0).tolist()
    right, top = xy.max(axis=0).tolist()
    return left, bottom, right, top
