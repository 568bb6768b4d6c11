"""Made cities of any size, for benchmarks: a bent street grid with T-junctions, density falling from the centre, communities."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridplanner.model.lines import Floats, Lines
from gridplanner.model.places import Communities, Households, RoadClass, Roads, texts
from gridplanner.model.project import Project
from gridplanner.settings import GridSettings, ProjectSettings, Settings

CRS = "EPSG:4545"
CELL = 90.0  # metres
PER_CELL = 11.4  # households in the mean
COMMUNITY = 3000.0  # households in the mean
LEFT_OUT = 0.12  # of the local street pieces
EMPTY = 0.06  # of the blocks
Walls = tuple[NDArray[np.signedinteger[Any]], NDArray[np.signedinteger[Any]]]


def made_city(households: int, seed: int = 1, *, per_cell: float = PER_CELL, communities: bool = True) -> Project:
    """Return a project with about `households` addresses of one household each, streets and communities of about 3,000 households.

    The layout follows the one that the partition targets were measured on: cells of 90 m with bent corners, 12 % of the local
    street pieces left out, an arterial every ten cells, 6 % of the cells empty, density falling from the centre times a
    log-normal factor (sigma 0.55). `per_cell` is the mean number of households of a cell; without `communities` there is one.
    """
    rng = np.random.default_rng(seed)
    n = max(round(np.sqrt(households / per_cell)), 12)
    corner = corners(n, n, rng)
    wall = walls(n, np.sqrt(COMMUNITY / per_cell) if communities else float(n))
    return Project(
        settings=Settings(ProjectSettings(f"made-{households}", CRS, seed), grids=GridSettings(target_households=300.0)),
        crs=CRS,
        communities=community_polygons(corner, (wall, wall)),
        households=_households(corner, households, rng),
        roads=streets(corner, kept_sides(corner, (wall, wall), rng)),
    )


def corners(rows: int, cols: int, rng: np.random.Generator) -> Floats:
    """Return the bent corners (rows + 1, cols + 1, 2) of a lattice of cells, in metres."""
    corner = np.stack(np.meshgrid(np.arange(rows + 1), np.arange(cols + 1), indexing="ij"), axis=-1) * CELL + 500_000.0
    return np.asarray(np.round(corner + rng.normal(0, 9.0, corner.shape), 2))


def walls(cells: int, size: float) -> NDArray[np.signedinteger[Any]]:
    """Return the lines of a lattice that bound communities of about `size` cells across: 0, …, `cells`."""
    return np.unique(np.rint(np.linspace(0, cells, max(round(cells / size), 1) + 1)).astype(int))


def community_polygons(corner: Floats, wall: Walls) -> Communities:
    """Return a community for every field of the walls, in rows and columns of the lattice."""
    rows, cols = wall
    polygons = []
    for r0, r1 in pairwise(rows.tolist()):
        for c0, c1 in pairwise(cols.tolist()):
            ring = np.concatenate((corner[r0:r1, c0], corner[r1, c0:c1], corner[r1:r0:-1, c1], corner[r0, c1:c0:-1]))
            polygons.append(shapely.Polygon(ring))
    shapes = np.empty(len(polygons), object)
    shapes[:] = polygons
    codes = texts([f"6208020{i:05d}" for i in range(1, len(polygons) + 1)])
    return Communities(shapes, codes, texts([f"C{i}" for i in range(1, len(polygons) + 1)]), texts(["made"] * len(polygons)))


def is_arterial(corner: Floats, axis: int) -> NDArray[np.bool_]:
    """Return which sides of the cells along an axis lie on an arterial: every tenth line of the lattice."""
    shape = (corner.shape[0] - (axis == 0), corner.shape[1] - (axis == 1))
    across = np.arange(shape[1])[None, :] if axis == 0 else np.arange(shape[0])[:, None]
    return np.broadcast_to(across % 10 == 0, shape)


def fixed_sides(corner: Floats, wall: Walls) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which sides along either axis are always streets: arterials and the limits of communities."""
    first, second = is_arterial(corner, 0), is_arterial(corner, 1)
    on_wall = np.isin(np.arange(first.shape[1]), wall[1])[None, :], np.isin(np.arange(second.shape[0]), wall[0])[:, None]
    return first | on_wall[0], second | on_wall[1]


def kept_sides(corner: Floats, wall: Walls, rng: np.random.Generator) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which sides are streets: the fixed ones, and all but a share of the others by chance."""
    first, second = fixed_sides(corner, wall)
    return first | (rng.random(first.shape) > LEFT_OUT), second | (rng.random(second.shape) > LEFT_OUT)


def streets(corner: Floats, keep: tuple[NDArray[np.bool_], NDArray[np.bool_]]) -> Roads:
    """Return one line a kept side of a cell."""
    pieces, classes = [], []
    for axis in (0, 1):
        a = corner[:-1] if axis == 0 else corner[:, :-1]
        b = corner[1:] if axis == 0 else corner[:, 1:]
        pieces.append(np.stack((a[keep[axis]], b[keep[axis]]), axis=1))
        classes.append(np.where(is_arterial(corner, axis)[keep[axis]], RoadClass.ARTERIAL, RoadClass.STREET))
    coords = np.concatenate(pieces).reshape(-1, 2)
    kind = np.concatenate(classes).astype(np.int8)
    count = len(kind)
    lines = Lines(coords, np.arange(0, 2 * count + 1, 2, dtype=np.int32))
    highway = np.where(kind == RoadClass.ARTERIAL, "tertiary", "residential").astype(object)
    zero = np.zeros(count, np.int8)
    return Roads(lines, kind, highway, texts([""] * count), zero, np.full(count, 8.3), zero)


def density(row: Floats, col: Floats, shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """Return the density at places of a lattice of `shape` cells: falling from its centre, log-normal, some empty."""
    away = np.hypot(row - shape[0] / 2, col - shape[1] / 2) / (max(shape) / 2)
    return np.asarray(np.exp(-0.9 * away) * rng.lognormal(0, 0.55, row.shape) * (rng.random(row.shape) > EMPTY))


def homes_in(corner: Floats, cell: NDArray[np.signedinteger[Any]], rng: np.random.Generator) -> Households:
    """Return one address of one household for every entry of `cell` (a,), somewhere in that cell."""
    u, v = 0.06 + 0.88 * rng.random((2, len(cell)))
    a, b = corner[:-1, :-1].reshape(-1, 2)[cell], corner[1:, :-1].reshape(-1, 2)[cell]
    c, d = corner[1:, 1:].reshape(-1, 2)[cell], corner[:-1, 1:].reshape(-1, 2)[cell]
    u, v = u[:, None], v[:, None]
    xy = np.round(a * (1 - u) * (1 - v) + b * u * (1 - v) + c * u * v + d * (1 - u) * v, 2)
    one = np.ones(len(xy))
    return Households(xy, one, one * 2.6, np.full(len(xy), "", object))


def _households(corner: Floats, households: int, rng: np.random.Generator) -> Households:
    n = len(corner) - 1
    i, j = np.indices((n, n)).astype(float)
    share = density(i, j, (n, n), rng)
    count = rng.multinomial(households, (share / share.sum()).ravel())
    return homes_in(corner, np.repeat(np.arange(n * n), count), rng)
