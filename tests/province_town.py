"""A town as files, whose communities have nothing to do with its streets: streets cross every limit."""

from pathlib import Path

import numpy as np
import shapely

from gridplanner.benchmarks.made_city import CRS, made_city
from gridplanner.io.vector_files import append_rows

PLAN = """[project]
name = "省"
crs = "auto"
[sources.communities]
path = "town.gpkg"
layer = "communities"
fields = {{ code = "code", name = "name" }}
[sources.households]
path = "town.gpkg"
layer = "households"
fields = {{ households = "hh" }}
[sources.roads]
path = "town.gpkg"
layer = "roads"
fields = {{ class = "class", name = "name" }}
[grids]
target_households = 300
effort = "quick"
prove = false
{more}"""


def write_town(folder: Path, *, doubled: int = -1, more: str = "") -> Path:
    """Write a town of 12,000 households in 4 × 4 communities that lean, and return its plan file; community `doubled` has twice as many."""
    town = made_city(12_000, seed=5)
    west, south, east, north = shapely.total_bounds(town.communities.polygons)
    x = np.round(np.linspace(west + 40, east - 40, 5)[:, None] + 11.37 * np.arange(5)[None, :], 2)
    y = np.round(np.linspace(south + 40, north - 40, 5)[None, :] + 7.11 * np.arange(5)[:, None], 2)
    corner = np.stack((x, y), axis=-1)
    areas = np.array([shapely.Polygon(corner[[i, i + 1, i + 1, i], [j, j, j + 1, j + 1]]) for i in range(4) for j in range(4)], object)
    codes = np.array([f"6208020{i // 4:02d}{i:03d}" for i in range(16)], object)
    names = np.array([f"社区{i}" for i in range(16)], object)
    homes, roads = town.households, town.roads
    hh = np.ones(len(homes), np.int64)
    if doubled >= 0:
        hh[shapely.contains_xy(areas[doubled], homes.xy)] = 2
    path = folder / "town.gpkg"
    append_rows(path, "communities", areas, {"code": codes, "name": names}, geometry="Polygon", crs=CRS)
    append_rows(path, "households", shapely.points(homes.xy), {"hh": hh}, geometry="Point", crs=CRS)
    words = np.array([f"街{i % 40}" for i in range(len(roads))], object)
    lines = shapely.linestrings(roads.lines.coords.reshape(-1, 2, 2))
    append_rows(path, "roads", lines, {"class": roads.highway, "name": words}, geometry="LineString", crs=CRS)
    plan = folder / "town.toml"
    plan.write_text(PLAN.format(more=more), encoding="utf-8")
    return plan
