"""Writes the made district and its plan: `python -m sample_data.district.generate FOLDER`."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import shapely
from shapely import LineString

from sample_data.district.homes import settle
from sample_data.district.land import BLOCK, COLUMNS, ROWS, FloatArray, Land, draw_land
from sample_data.district.roads import Road, draw_roads
from sample_data.generate import SPEED_KMH, write_geojson
from sample_data.geopackage import write_geopackage
from sample_data.ground import on_globe
from sample_data.shapefile import write_shapefile

SEED = 20260301
PLAN = Path(__file__).parent / "kongtong.toml"
POSTS = (4, 3)  # police posts of the town in each direction: one for each patrol zone
SITES = 48


def write_district(folder: Path) -> Path:
    """Write all layers of the district and its plan file into a folder, which is made where it is missing; return the plan file."""
    folder.mkdir(parents=True, exist_ok=True)
    land = draw_land(np.random.default_rng([SEED, 0]))
    roads = draw_roads(land, np.random.default_rng([SEED, 1]))
    homes = settle(land, np.random.default_rng([SEED, 2]))
    codes = [f"620899{1 + sorted(set(land.offices)).index(office):03d}{i + 1:03d}" for i, office in enumerate(land.offices)]
    write_shapefile(
        folder / "communities.shp",
        [on_globe(outline) for outline in land.outlines],
        {"社区代码": codes, "社区名称": land.names, "街道名称": land.offices},
    )
    points = shapely.points(homes.xy)
    write_geopackage(folder / "households.gpkg", "households", [on_globe(p) for p in points],
                     {"hh": homes.households.tolist(), "pop": homes.persons.tolist()})  # fmt: skip
    write_geopackage(folder / "roads.gpkg", "roads", [on_globe(road.line) for road in roads], {
        "class": [road.kind for road in roads], "name": [road.name for road in roads],
        "maxspeed": [SPEED_KMH.get(road.kind, 30) for road in roads],
    })  # fmt: skip
    _write_posts(folder, np.random.default_rng([SEED, 3]))
    _write_incidents(folder, homes.xy, np.random.default_rng([SEED, 4]))
    write_geojson(folder / "province.geojson", [(_province(land, roads), {"name": "省界", "count": 1})])
    shutil.copyfile(PLAN, folder / PLAN.name)
    return folder / PLAN.name


def _write_posts(folder: Path, dice: np.random.Generator) -> None:
    """Police posts in the middle of a twelfth of the town each, and key sites all over it."""
    size = BLOCK * np.array([COLUMNS, ROWS])
    number = np.arange(POSTS[0] * POSTS[1])
    share = np.column_stack([(number % POSTS[0] + 0.5) / POSTS[0], (number // POSTS[0] + 0.5) / POSTS[1]])
    at = size * (share - 0.5) + dice.uniform(-150, 150, share.shape)
    write_geojson(folder / "depots.geojson", [
        (shapely.Point(xy.round(2)), {"name": f"第{i + 1}警务站", "kind": "警务站", "crews": 3}) for i, xy in enumerate(at)
    ])  # fmt: skip
    sites = size * dice.uniform(-0.48, 0.48, (SITES, 2))
    write_geojson(folder / "key_sites.geojson", [
        (shapely.Point(xy.round(2)), {"name": f"要害部位{i + 1}", "visits": 2, "dwell_min": 10}) for i, xy in enumerate(sites)
    ])  # fmt: skip


def _write_incidents(folder: Path, homes: FloatArray, dice: np.random.Generator) -> None:
    """Calls of a year, where people live."""
    xy = homes[dice.integers(0, len(homes), 3_000)] + dice.normal(0, 25, (3_000, 2))
    months = dice.integers(0, 12, len(xy))
    kinds = np.array(["刑事", "治安", "交通", "纠纷"])[dice.choice(4, len(xy), p=[0.1, 0.3, 0.25, 0.35])]
    write_geojson(folder / "incidents.geojson", [
        (shapely.Point(at.round(2)), {"month": f"{2025 + (month + 1) // 12}-{(month + 1) % 12 + 1:02d}", "kind": str(kind)})
        for at, month, kind in zip(xy, months.tolist(), kinds, strict=True)
    ])  # fmt: skip


def _province(land: Land, roads: list[Road]) -> LineString:
    """The border of the province: a line across the northernmost road out of the district, from outside to outside, cutting off little."""
    rim = land.outline.exterior
    ways_out = [shapely.intersection(road.line, rim) for road in roads if road.name.startswith("出境")]
    place = max((shapely.Point(shapely.get_coordinates(at)[0]) for at in ways_out), key=lambda point: point.y)
    along = rim.project(place)
    before, after = (shapely.get_coordinates(rim.interpolate(along + step))[0] for step in (-200.0, 200.0))
    course = (after - before) / np.hypot(*(after - before))
    middle = shapely.get_coordinates(place)[0] - 60.0 * np.array([-course[1], course[0]]) * np.sign(-course[0])
    return LineString(np.array([middle - 2_300 * course, middle + 2_300 * course]).round(2))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m sample_data.district.generate FOLDER")
    print(json.dumps({"plan": str(write_district(Path(sys.argv[1])))}))
