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

BLOCK = 90.0  # metres
PER_BLOCK = 11.4  # households in the mean


def made_city(households: int, seed: int = 1) -> Project:
    """Return a project with about `households` addresses of one household each, streets and communities of about 3,000 households.

    The layout follows the one that the partition targets were measured on: blocks of 90 m with bent corners, 12 % of the local
    street pieces left out, an arterial every ten blocks, 6 % of the blocks empty, density falling from the centre times a
    log-normal factor (sigma 0.55).
    """
    rng = np.random.default_rng(seed)
    n = max(round(np.sqrt(households / PER_BLOCK)), 12)
    corner = np.stack(np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij"), axis=-1) * BLOCK + 500_000.0
    corner = np.round(corner + rng.normal(0, 9.0, corner.shape), 2)
    walls = [np.unique(np.rint(np.linspace(0, n, max(round(n / size), 1) + 1)).astype(int)) for size in (16.2, 16.2)]
    return Project(
        settings=Settings(ProjectSettings(f"made-{households}", "EPSG:4545", seed), grids=GridSettings(target_households=300.0)),
        crs="EPSG:4545",
        communities=_communities(corner, *walls),
        households=_households(corner, households, rng),
        roads=_roads(corner, walls, rng),
    )


def _communities(corner: Floats, rows: NDArray[np.signedinteger[Any]], cols: NDArray[np.signedinteger[Any]]) -> Communities:
    polygons = []
    for r0, r1 in pairwise(rows.tolist()):
        for c0, c1 in pairwise(cols.tolist()):
            ring = np.concatenate((corner[r0:r1, c0], corner[r1, c0:c1], corner[r1:r0:-1, c1], corner[r0, c1:c0:-1]))
            polygons.append(shapely.Polygon(ring))
    shapes = np.empty(len(polygons), object)
    shapes[:] = polygons
    codes = texts([f"6208020{i:05d}" for i in range(1, len(polygons) + 1)])
    return Communities(shapes, codes, texts([f"C{i}" for i in range(1, len(polygons) + 1)]), texts(["made"] * len(polygons)))


def _roads(corner: Floats, walls: list[NDArray[np.signedinteger[Any]]], rng: np.random.Generator) -> Roads:
    """Return one line a block side; sides on arterials and on community boundaries are always there."""
    n = len(corner) - 1
    pieces, classes = [], []
    for axis in (0, 1):
        a = corner[:-1] if axis == 0 else corner[:, :-1]
        b = corner[1:] if axis == 0 else corner[:, 1:]
        across = np.broadcast_to(np.arange(n + 1)[None, :] if axis == 0 else np.arange(n + 1)[:, None], a.shape[:2])
        arterial = across % 10 == 0
        keep = arterial | np.isin(across, walls[1 - axis]) | (rng.random(a.shape[:2]) > 0.12)
        pieces.append(np.stack((a[keep], b[keep]), axis=1))
        classes.append(np.where(arterial[keep], RoadClass.ARTERIAL, RoadClass.STREET))
    coords = np.concatenate(pieces).reshape(-1, 2)
    kind = np.concatenate(classes).astype(np.int8)
    count = len(kind)
    lines = Lines(coords, np.arange(0, 2 * count + 1, 2, dtype=np.int32))
    highway = np.where(kind == RoadClass.ARTERIAL, "tertiary", "residential").astype(object)
    zero = np.zeros(count, np.int8)
    return Roads(lines, kind, highway, texts([""] * count), zero, np.full(count, 8.3), zero)


def _households(corner: Floats, households: int, rng: np.random.Generator) -> Households:
    n = len(corner) - 1
    i, j = np.meshgrid(np.arange(n), np.arange(n), indexing="ij")
    away = np.hypot(i - n / 2, j - n / 2) / (n / 2)
    density = np.exp(-0.9 * away) * rng.lognormal(0, 0.55, (n, n)) * (rng.random((n, n)) > 0.06)
    count = rng.multinomial(households, (density / density.sum()).ravel())
    block = np.repeat(np.arange(n * n), count)
    u, v = 0.06 + 0.88 * rng.random((2, len(block)))
    a, b = corner[:-1, :-1].reshape(-1, 2)[block], corner[1:, :-1].reshape(-1, 2)[block]
    c, d = corner[1:, 1:].reshape(-1, 2)[block], corner[:-1, 1:].reshape(-1, 2)[block]
    u, v = u[:, None], v[:, None]
    xy = np.round(a * (1 - u) * (1 - v) + b * u * (1 - v) + c * u * v + d * (1 - u) * v, 2)
    one = np.ones(len(xy))
    empty = np.full(len(xy), "", object)
    return Households(xy, one, one * 2.6, empty)
