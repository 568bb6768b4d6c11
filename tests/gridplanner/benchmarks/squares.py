"""A small town for the benchmarks' tests: squares of 100 m between straight streets, communities side by side."""

from itertools import pairwise

import numpy as np
import shapely

from gridplanner.model.lines import Lines
from gridplanner.model.places import Communities, Households, RoadClass, Roads, texts
from gridplanner.model.project import Project
from gridplanner.planning.units import propose_units
from gridplanner.settings import GridSettings, ProjectSettings, Settings

SIDE = 100.0


def squares(households, walls=()):
    """A project with a unit for every entry of `households` (rows, cols); a community ends at each column of `walls`.

    Returns the project and the unit of every square.
    """
    households = np.asarray(households, float)
    rows, cols = households.shape
    edges = [0, *walls, cols]
    shapes = np.array([shapely.box(a * SIDE, 0, b * SIDE, rows * SIDE) for a, b in pairwise(edges)], object)
    names = texts([f"C{i}" for i in range(len(shapes))])
    codes = texts([f"62080200{i:04d}" for i in range(1, len(shapes) + 1)])
    ends = [((c * SIDE, 0), (c * SIDE, rows * SIDE)) for c in range(cols + 1)]
    ends += [((0, r * SIDE), (cols * SIDE, r * SIDE)) for r in range(rows + 1)]
    count = len(ends)
    zero = np.zeros(count, np.int8)
    lines = Lines(np.array(ends, float).reshape(-1, 2), np.arange(0, 2 * count + 1, 2, dtype=np.int32))
    kind = np.full(count, RoadClass.STREET, np.int8)
    roads = Roads(lines, kind, texts(["residential"] * count), texts([""] * count), zero, np.full(count, 8.3), zero, noded=False)
    row, col = (axis.ravel() for axis in np.indices(households.shape))
    xy = (np.column_stack((col, row)) + 0.5) * SIDE
    homes = Households(xy, households.ravel(), 2.6 * households.ravel(), texts([""] * households.size))
    project = Project(
        settings=Settings(ProjectSettings("squares", "EPSG:4545"), grids=GridSettings(target_households=300.0, divide_blocks=False)),
        crs="EPSG:4545",
        communities=Communities(shapes, codes, names, names),
        households=homes,
        roads=roads,
    )
    project = propose_units(project).apply(project)
    assert len(project.units) == households.size
    return project, project.units.address_unit.reshape(households.shape)


def labelled(unit, drawing):
    """Labels (u,) of the units from a drawing: a line of letters a row, the same letter the same grid (A is 0)."""
    labels = np.zeros(unit.size, np.int32)
    for row, line in zip(unit.tolist(), drawing, strict=True):
        labels[row] = [ord(letter) - ord("A") for letter in line]
    return labels
