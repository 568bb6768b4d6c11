"""A town of square blocks of 100 m with a street on every side: every block is a unit, and every expectation can be counted."""

import dataclasses
import itertools

import numpy as np
import shapely

from gridplanner.model.lines import Lines
from gridplanner.model.lookup import unit_at
from gridplanner.model.outlines import unit_polygons
from gridplanner.model.places import BarrierKind, Barriers, Communities, Households, RoadClass, Roads, texts
from gridplanner.model.project import Project
from gridplanner.model.rules import NO_AREAS, RuleAreas
from gridplanner.planning.grids import propose_grids
from gridplanner.planning.units import propose_units
from gridplanner.settings import GridSettings, ProjectSettings, Settings

X, Y, BLOCK = 500_000.0, 3_900_000.0, 100.0


def block_town(columns, rows, households=75.0, split=(), river=None, **grids) -> Project:
    """Blocks of `households` (one number, or (rows, columns) from the south), communities split east of the columns in `split`.

    `river` is a column east of which a river without a bridge runs; `grids` are settings of the grids.
    """
    count = np.broadcast_to(np.asarray(households, float), (rows, columns))
    east, north = np.meshgrid(np.arange(columns), np.arange(rows))
    xy = np.column_stack((X + BLOCK * (east.ravel() + 0.5), Y + BLOCK * (north.ravel() + 0.5)))
    edges = [0, *split, columns]
    areas = [box(a, 0, b, rows) for a, b in itertools.pairwise(edges)]
    codes = texts([f"6208020010{i:02d}" for i in range(len(areas))])
    across = [[(X + BLOCK * c, Y), (X + BLOCK * c, Y + BLOCK * rows)] for c in range(1, columns) if c != river]
    along = [[(X, Y + BLOCK * r), (X + BLOCK * columns, Y + BLOCK * r)] for r in range(1, rows)]
    if river is not None:  # streets stop 20 m short of the water
        stops = (X + BLOCK * river - 20, X + BLOCK * river + 20)
        along = [part for (a, b) in along for part in ([a, (stops[0], a[1])], [(stops[1], b[1]), b])]
    streets = across + along
    lines = Lines(np.array(streets, float).reshape(-1, 2), np.arange(0, 2 * len(streets) + 1, 2, dtype=np.int32))
    zero = np.zeros(len(streets), np.int8)
    roads = Roads(lines, np.full(len(streets), RoadClass.STREET, np.int8), texts(["residential"] * len(streets)),
                  texts([""] * len(streets)), zero, np.zeros(len(streets)), zero, noded=False)  # fmt: skip
    water = [[(X + BLOCK * river, Y - 10), (X + BLOCK * river, Y + BLOCK * rows + 10)]] if river is not None else []
    barriers = Barriers(
        Lines(np.array(water, float).reshape(-1, 2), np.arange(0, 2 * len(water) + 1, 2, dtype=np.int32)),
        np.full(len(water), BarrierKind.WATER, np.int8), texts(["河"] * len(water)),
    )  # fmt: skip
    wished = {"target_households": 300.0, "effort": "quick", "divide_blocks": False, **grids}
    return Project(
        settings=Settings(ProjectSettings("blocks", "EPSG:4545", 1), grids=GridSettings(**wished)),
        crs="EPSG:4545",
        communities=Communities(
            np.array(areas, object), codes, texts([f"社区{i}" for i in range(len(areas))]), texts(["街道"] * len(areas))
        ),
        households=Households(xy, count.ravel().copy(), count.ravel() * 2.6, texts([""] * count.size)),
        roads=roads,
        barriers=barriers,
    )


def box(x0, y0, x1, y1):
    """A rectangle in blocks."""
    return shapely.box(X + BLOCK * x0, Y + BLOCK * y0, X + BLOCK * x1, Y + BLOCK * y1)


def areas(*shapes, names=None, cuts=True) -> RuleAreas:
    """Rule areas of some shapes, called A, B …"""
    found = NO_AREAS
    for number, shape in enumerate(shapes):
        found = found.with_area(shape, names[number] if names else "ABCDEF"[number], cuts=cuts)
    return found


def line(*places) -> Lines:
    """A line through places in blocks."""
    return Lines(np.array([(X + BLOCK * x, Y + BLOCK * y) for x, y in places]), np.array([0, len(places)], np.int32))


def planned(project, **rules) -> Project:
    """The project with rules, units and grids."""
    project = dataclasses.replace(project, rules=dataclasses.replace(project.rules, **rules))
    project = propose_units(project).apply(project)
    return propose_grids(project).apply(project)


def unit(project, column, row) -> int:
    """The unit of a block."""
    return unit_at(project.units, X + BLOCK * (column + 0.5), Y + BLOCK * (row + 0.5))


def grid(project, column, row) -> int:
    """The grid of a block."""
    return int(project.grids.labels[unit(project, column, row)])


def with_code(project, key, code) -> Project:
    """Return a planned town in which a grid has a code that no edit would give it."""
    grids = {**project.grids.grids, key: dataclasses.replace(project.grids.grids[key], code=code)}
    return dataclasses.replace(project, grids=dataclasses.replace(project.grids, grids=grids))


def blocks_of(project, label) -> set[tuple[int, int]]:
    """The blocks (column, row) of a grid."""
    inside = unit_polygons(project.units)[project.grids.labels == label]
    places = shapely.get_coordinates(shapely.point_on_surface(inside))
    return {(int((x - X) // BLOCK), int((y - Y) // BLOCK)) for x, y in places.tolist()}
