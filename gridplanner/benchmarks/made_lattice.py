"""Made projects of any number of units, grids, addresses and streets, ready in a second: for the map's benchmark, which plans nothing."""

from __future__ import annotations

import math

import numpy as np
import shapely

from gridplanner.benchmarks.made_city import CRS
from gridplanner.model.grids import Grid, GridPlan
from gridplanner.model.lines import Floats, Ints, Lines
from gridplanner.model.places import Communities, Households, RoadClass, Roads, texts
from gridplanner.model.project import Project
from gridplanner.model.units import OUTSIDE, BorderKind, Units
from gridplanner.settings import GridSettings, ProjectSettings, Settings

SIDE = 90.0  # metres between two lines of the lattice
ACROSS = 8  # grids across a community
SHARES = ((RoadClass.ARTERIAL, 0.1), (RoadClass.STREET, 0.6), (RoadClass.LANE, 0.2), (RoadClass.PATH, 0.1))


def made_lattice(
    shape: tuple[int, int], grid: tuple[int, int], addresses: int, *, bends: int = 5, roads: tuple[int, int] = (0, 0), seed: int = 1
) -> Project:
    """Return a project with units and a plan: `shape` is units down and across, `grid` the same of one grid.

    Every side of a unit is `bends` pieces, so a unit has 4 × `bends` corners; `roads` are streets and straight segments of each,
    wandering anywhere; communities are ACROSS grids wide and high.
    """
    rng = np.random.default_rng(seed)
    xy, ends, left, right = _borders(shape, bends, rng)
    down, across = np.divmod(np.arange(shape[0] * shape[1]), shape[1])
    grids_across = -(-shape[1] // grid[1])
    labels = (down // grid[0] * grids_across + across // grid[1]).astype(np.int32)
    row, column = np.divmod(np.arange(-(-shape[0] // grid[0]) * grids_across), grids_across)
    wide = -(-grids_across // ACROSS)
    community_of = (row // ACROSS * wide + column // ACROSS).astype(np.int32)
    home = np.sort(rng.integers(0, len(labels), addresses)).astype(np.int32)
    corner = np.column_stack((home % shape[1], home // shape[1])) + rng.uniform(0.1, 0.9, (addresses, 2))
    units = Units(
        xy=xy,
        ends=ends,
        left=left,
        right=right,
        kind=np.full(len(ends), BorderKind.STREET, np.int8),
        road=np.full(len(ends), -1, np.int32),
        blocked=np.zeros(len(ends), bool),
        community=community_of[labels],
        address_unit=home,
    )
    plan = GridPlan(labels, {g: Grid(c, f"6208021{c:05d}{g:05d}"[-15:]) for g, c in enumerate(community_of.tolist())})
    return Project(
        settings=Settings(ProjectSettings(f"lattice-{addresses}", CRS, seed), grids=GridSettings(target_households=addresses / len(plan))),
        crs=CRS,
        communities=_communities(shape, grid, community_of),
        households=Households(corner * SIDE, np.ones(addresses), np.full(addresses, 2.6), texts([""] * addresses)),
        roads=_roads(shape, roads, rng),
        units=units,
        grids=plan,
    )


def _borders(shape: tuple[int, int], bends: int, rng: np.random.Generator) -> tuple[Floats, Ints, Ints, Ints]:
    """Return nodes, and ends, left and right of every piece; sides wander a little between the corners of the lattice."""
    rows, columns = shape
    corner = np.stack(np.meshgrid(np.arange(columns + 1), np.arange(rows + 1)), axis=-1).reshape(-1, 2) * SIDE
    j, i = np.divmod(np.arange((rows + 1) * columns), columns)
    first, last = j * (columns + 1) + i, j * (columns + 1) + i + 1
    above, below = np.where(j < rows, j * columns + i, OUTSIDE), np.where(j > 0, (j - 1) * columns + i, OUTSIDE)
    j, i = np.divmod(np.arange(rows * (columns + 1)), columns + 1)
    first, last = np.append(first, j * (columns + 1) + i), np.append(last, (j + 1) * (columns + 1) + i)
    left = np.append(above, np.where(i > 0, j * columns + i - 1, OUTSIDE))
    right = np.append(below, np.where(i < columns, j * columns + i, OUTSIDE))
    share = (np.arange(1, bends) / bends)[None, :, None]
    inner = corner[first][:, None] * (1 - share) + corner[last][:, None] * share
    inner += rng.normal(0, SIDE / 40, inner.shape)
    number = len(corner) + np.arange(len(first) * (bends - 1)).reshape(len(first), bends - 1)
    chain = np.hstack((first[:, None], number, last[:, None]))
    ends = np.stack((chain[:, :-1], chain[:, 1:]), axis=2).reshape(-1, 2)
    xy = np.round(np.concatenate((corner, inner.reshape(-1, 2))), 2)
    return xy, ends.astype(np.int32), np.repeat(left, bends).astype(np.int32), np.repeat(right, bends).astype(np.int32)


def _communities(shape: tuple[int, int], grid: tuple[int, int], community_of: Ints) -> Communities:
    step = SIDE * ACROSS * np.array(grid[::-1])
    size = SIDE * np.array(shape[::-1])
    count = int(community_of.max()) + 1
    wide = math.ceil(math.ceil(shape[1] / grid[1]) / ACROSS)
    low = np.column_stack((np.arange(count) % wide, np.arange(count) // wide)) * step
    high = np.minimum(low + step, size)
    shapes = np.empty(count, object)
    shapes[:] = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    names = texts([f"C{i + 1}" for i in range(count)])
    return Communities(shapes, texts([f"6208021{i + 1:05d}" for i in range(count)]), names, texts(["made"] * count))


def _roads(shape: tuple[int, int], roads: tuple[int, int], rng: np.random.Generator) -> Roads:
    count, segments = roads
    start = rng.uniform(0, 1, (count, 1, 2)) * SIDE * np.array(shape[::-1])
    heading = rng.uniform(0, 2 * np.pi, (count, 1)) + np.cumsum(rng.normal(0, 0.3, (count, segments)), axis=1)
    step = np.stack((np.cos(heading), np.sin(heading)), axis=2) * rng.uniform(10, 40, (count, 1, 1))
    coords = np.concatenate((start, start + np.cumsum(step, axis=1)), axis=1).reshape(-1, 2)
    lines = Lines(coords, np.arange(0, (segments + 1) * count + 1, segments + 1, dtype=np.int32))
    kinds = rng.choice([int(kind) for kind, _share in SHARES], count, p=[share for _kind, share in SHARES]).astype(np.int8)
    zero = np.zeros(count, np.int8)
    return Roads(lines, kinds, texts(["residential"] * count), texts([""] * count), zero, np.full(count, 8.3), zero)
