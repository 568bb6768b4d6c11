"""The grids on both sides of streets, in the order in which whoever follows the street passes them."""

from __future__ import annotations

import numpy as np
import shapely

from algorithms.units.locate import locate
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.outlines import unit_polygons
from gridplanner.model.project import Project

_STEP = 10.0  # metres along a street between two looks to the side
_ASIDE = (8.0, 20.0, 35.0)  # metres to the side, the nearest first: beside a wide street the limit of the grids may run along its far edge
_PASSED = 15.0  # metres along a grid from which it is beside the street, and not only met at a corner

Sides = tuple[tuple[int, ...], tuple[int, ...]]


def grids_beside(project: Project, lines: list[Floats]) -> list[Sides]:
    """Return the ids of the grids to the left and to the right of each line (k, 2), each once, as it is first come to.

    A limit between grids mostly is the street itself, so the ground a few metres to the side says whose it is.
    """
    if project.units is None or project.grids is None or not lines:
        return [((), ()) for _line in lines]
    shapes = np.array([shapely.linestrings(line) for line in lines], object)
    length = shapely.length(shapes)
    count = np.maximum(np.ceil(length / _STEP), 1).astype(np.int64)
    row = np.repeat(np.arange(len(lines)), count)
    number = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    step = (length / count)[row]
    along = (number + 0.5) * step
    at, before, after = (
        shapely.get_coordinates(shapely.line_interpolate_point(shapes[row], np.clip(along + move, 0, length[row])))
        for move in (0.0, -1.0, 1.0)
    )
    way = after - before
    way /= np.maximum(np.hypot(*way.T), 1e-9)[:, None]
    left = np.column_stack((-way[:, 1], way[:, 0]))
    sides = [_grid_at(project, at, turn * left) for turn in (1.0, -1.0)]
    starts = np.cumsum(count) - count
    return [
        (_passed(sides[0][low : low + n], metres), _passed(sides[1][low : low + n], metres))
        for low, n, metres in zip(starts.tolist(), count.tolist(), (length / count).tolist(), strict=True)
    ]


def _grid_at(project: Project, at: Floats, aside: Floats) -> Ints:
    """Return the grid to one side of each place, -1 where there is none."""
    assert project.units is not None
    assert project.grids is not None
    polygons = unit_polygons(project.units)
    found = np.full(len(at), -1, np.int64)
    for metres in _ASIDE:
        left = np.flatnonzero(found < 0)
        unit = locate(at[left] + metres * aside[left], polygons)
        found[left] = np.where(unit >= 0, project.grids.labels[unit], -1)
    return found


def _passed(grids: Ints, step: float) -> tuple[int, ...]:
    """Return the grids in the order in which they are come to, without those passed for less than _PASSED metres; one at least."""
    if not len(grids):
        return ()
    fresh = np.flatnonzero(np.append(True, grids[1:] != grids[:-1]))
    metres = np.diff(np.append(fresh, len(grids))) * step
    value = grids[fresh]
    kept = (value >= 0) & (metres >= _PASSED)
    if not kept.any():
        kept = (value >= 0) & (metres == metres[value >= 0].max(initial=0.0))
    return tuple(dict.fromkeys(value[kept].tolist()))
