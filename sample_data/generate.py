"""Writes the sample town's files: `python -m sample_data.generate [FOLDER]` (default: beside this file)."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import shapely
import shapely.geometry

from sample_data.curves import place
from sample_data.geopackage import write_geopackage
from sample_data.ground import on_globe
from sample_data.places import PLACES, POSTS
from sample_data.police import KINDS, LEAVE_AND_WISHES, Police
from sample_data.railway import Railway
from sample_data.shapefile import write_shapefile
from sample_data.skeleton import RAIL_NAME
from sample_data.town import Town, make_town

STREET_OFFICE = "西郊街道"
SPEED_KMH = {
    "motorway": 100, "motorway_link": 40, "trunk": 70, "primary": 60, "secondary": 50, "tertiary": 40, "residential": 30,
    "service": 15, "footway": 5,
}  # fmt: skip


def write_town(town: Town, folder: Path) -> None:
    """All layers of the town in a folder, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    communities = town.communities
    write_shapefile(
        folder / "communities.shp",
        [on_globe(c.outline) for c in communities],
        {
            "社区代码": [c.code for c in communities],
            "社区名称": [c.name for c in communities],
            "街道名称": [STREET_OFFICE for _ in communities],
        },
    )
    homes = town.addresses
    write_geopackage(
        folder / "households.gpkg",
        "households",
        [on_globe(point) for point in shapely.points(homes.xy)],
        {"hh": homes.households.tolist(), "pop": homes.persons.tolist(), "addr": homes.text},
    )
    streets = town.streets
    write_geopackage(
        folder / "roads.gpkg",
        "roads",
        [on_globe(s.line) for s in streets],
        {
            "class": [s.kind for s in streets],
            "name": [s.name for s in streets],
            "oneway": [_yes(s.oneway) for s in streets],
            "maxspeed": [SPEED_KMH[s.kind] for s in streets],
            "bridge": [_yes(s.bridge) for s in streets],
            "tunnel": [_yes(s.tunnel) for s in streets],
            "layer": [s.layer for s in streets],
        },
    )
    waters = [(w.bed, {"kind": w.kind, "name": w.name}) for w in town.waters]
    write_geojson(folder / "barriers.geojson", waters)
    _write_railway(town.railway, folder)
    _write_places(folder)
    _write_police(town.police, folder)


def _write_railway(railway: Railway, folder: Path) -> None:
    tracks = [
        (
            t.line,
            {
                "railway": "rail",
                "name": RAIL_NAME,
                "service": t.service,
                "main": _yes(not t.service),
                "bridge": _yes(t.bridge),
                "tunnel": _yes(t.tunnel),
            },
        )
        for t in railway.tracks
    ]
    write_geojson(folder / "railway.geojson", tracks)
    write_geojson(folder / "stations.geojson", [(at, {"railway": "station", "name": name}) for name, at in railway.stations])
    write_geojson(folder / "rail_posts.geojson", [(at, {"chainage_km": km, "line": RAIL_NAME}) for km, at in railway.posts])


def _write_places(folder: Path) -> None:
    key_sites = [
        (
            place(p.x, p.y),
            {"name": p.name, "visits": p.visits, "dwell_min": p.dwell_min, "from": p.opens, "to": p.closes, "weight": p.weight},
        )
        for p in PLACES
        if p.visits
    ]
    write_geojson(folder / "key_sites.geojson", key_sites)
    depots = [(place(p.x, p.y), {"name": p.name, "kind": p.kind, "crews": p.crews}) for p in POSTS]
    write_geojson(folder / "depots.geojson", depots)


def _write_police(police: Police, folder: Path) -> None:
    cases = [(c.at, {"month": c.month, "kind": c.kind, "cases": c.cases}) for c in police.cases]
    write_geojson(folder / "incidents.geojson", cases)
    write_geojson(folder / "station_areas.geojson", [(area, {"code": code, "name": name}) for code, name, area in police.areas])
    write_geojson(folder / "checkpoint_sites.geojson", [(at, {"name": name, "kind": kind}) for name, kind, at in police.sites])
    write_geojson(folder / "cordons.geojson", [(line, {"name": name, "count": count}) for name, count, line in police.cordons])
    write_table(folder / "indicators.csv", ("派出所", "月份", *KINDS, "满意度"), [(f[0], f[1], *f[2], f[3]) for f in police.figures])
    write_table(folder / "staff.csv", ("姓名", "职务", "工作电话", "单位"), police.staff)
    write_table(folder / "roster_cells.csv", ("人员编号", "开始日期", "截止日期", "类型", "班次"), LEAVE_AND_WISHES)


def write_table(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table as CSV, in UTF-8 with the mark by which Excel knows it."""
    lines = [",".join(map(str, row)) for row in (header, *rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig", newline="\n")


def write_geojson(
    path: Path,
    features: Sequence[tuple[shapely.Geometry, Mapping[str, object]]],
    globe: Callable[[shapely.Geometry], shapely.Geometry] = on_globe,
) -> None:
    """Features of a layer as GeoJSON (RFC 7946), one a line; `globe` puts the drawing into degrees."""
    lines = [
        json.dumps({"type": "Feature", "properties": values, "geometry": shapely.geometry.mapping(globe(shape))}, ensure_ascii=False)
        for shape, values in features
    ]
    text = '{"type": "FeatureCollection", "features": [\n' + ",\n".join(lines) + "\n]}\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def _yes(value: bool) -> str:
    return "yes" if value else "no"


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "xijiao"
    write_town(make_town(), target)
