"""Made provinces of any size as files, written band by band so that the largest needs no more memory than a city."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import shapely

from gridplanner.benchmarks.made_city import (
    COMMUNITY,
    CRS,
    PER_CELL,
    community_polygons,
    corners,
    density,
    homes_in,
    kept_sides,
    streets,
    walls,
)
from gridplanner.io.vector_files import append_rows

PLAN = """[project]
name = "{name}"
crs = "{crs}"
seed = {seed}
[sources.communities]
path = "{name}.gpkg"
layer = "communities"
fields = {{ code = "code", name = "name" }}
[sources.households]
path = "{name}.gpkg"
layer = "households"
fields = {{ households = "hh" }}
[sources.roads]
path = "{name}.gpkg"
layer = "roads"
fields = {{ class = "class" }}
[grids]
target_households = 300
"""
BAND = 200_000  # households or streets written at a time


def write_made_province(folder: Path, households: int, seed: int = 1, *, per_cell: float = PER_CELL) -> Path:
    """Write a province of about `households` addresses of one household each and its plan file, and return the plan file.

    The layout is that of `made_city`; addresses are written in bands of rows of its lattice.
    """
    rng = np.random.default_rng(seed)
    n = max(round(np.sqrt(households / per_cell)), 12)
    name = f"made-{households}"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.gpkg"
    path.unlink(missing_ok=True)
    corner, wall = corners(n, n, rng), walls(n, np.sqrt(COMMUNITY / per_cell))
    areas = community_polygons(corner, (wall, wall))
    append_rows(path, "communities", areas.polygons, {"code": areas.codes, "name": areas.names}, geometry="Polygon", crs=CRS)
    keep = kept_sides(corner, (wall, wall), rng)
    i, j = np.indices((n, n)).astype(float)
    share = density(i, j, (n, n), rng)
    count = rng.multinomial(households, (share / share.sum()).ravel())
    bounds = np.unique(np.rint(np.linspace(0, n, max(round(households / BAND), 1) + 1)).astype(int)).tolist()
    roads = streets(corner, keep)
    ends = roads.lines.coords.reshape(-1, 2, 2)
    for first in range(0, len(roads), BAND):
        some = slice(first, first + BAND)
        append_rows(path, "roads", shapely.linestrings(ends[some]), {"class": roads.highway[some]}, geometry="LineString", crs=CRS)
    for first, last in pairwise(bounds):
        cell = np.repeat(np.arange(first * n, last * n), count[first * n : last * n])
        homes = homes_in(corner, cell, rng)
        append_rows(path, "households", shapely.points(homes.xy), {"hh": np.ones(len(homes), np.int64)}, geometry="Point", crs=CRS)
    plan = folder / f"{name}.toml"
    plan.write_text(PLAN.format(name=name, crs=CRS, seed=seed), encoding="utf-8")
    return plan
