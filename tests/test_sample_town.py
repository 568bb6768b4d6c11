"""The made town is the one that its generator makes, sound as a map, and so counted that 96 grids come out."""

from __future__ import annotations

import json
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pyogrio.raw
import pyproj
import pytest
import shapely
import shapely.ops

from sample_data import SAMPLE_PLAN
from sample_data.communities import COMMUNITIES
from sample_data.generate import write_town
from sample_data.ground import degrees_of
from sample_data.town import make_town

FOLDER = SAMPLE_PLAN.parent / "xijiao"
FIELDS = {
    "communities.shp": ["社区代码", "社区名称", "街道名称"],
    "households.gpkg": ["hh", "pop", "addr"],
    "roads.gpkg": ["class", "name", "oneway", "maxspeed", "bridge", "tunnel", "layer"],
    "barriers.geojson": ["kind", "name"],
    "railway.geojson": ["railway", "name", "service", "main", "bridge", "tunnel"],
    "stations.geojson": ["railway", "name"],
    "rail_posts.geojson": ["chainage_km", "line"],
    "key_sites.geojson": ["name", "visits", "dwell_min", "from", "to", "weight"],
    "depots.geojson": ["name", "kind", "crews"],
    "incidents.geojson": ["month", "kind", "cases"],
    "station_areas.geojson": ["code", "name"],
    "indicators.csv": ["派出所", "月份", "刑事", "治安", "交通", "纠纷", "满意度"],
    "staff.csv": ["姓名", "职务", "工作电话", "单位"],
    "roster_cells.csv": ["人员编号", "开始日期", "截止日期", "类型", "班次"],
    "checkpoint_sites.geojson": ["name", "kind"],
    "cordons.geojson": ["name", "count"],
}
Columns = dict[str, Any]


def read(name: str, folder: Path = FOLDER) -> tuple[Any, Columns]:
    """Shapes and columns of a layer as GDAL reads it."""
    meta, _, blobs, columns = pyogrio.raw.read(folder / name)
    return shapely.from_wkb(blobs), dict(zip(meta["fields"], columns, strict=True))


@pytest.fixture(scope="module")
def made_again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("xijiao")
    write_town(make_town(), folder)
    return folder


@pytest.fixture(scope="module")
def streets() -> tuple[Any, Columns]:
    return read("roads.gpkg")


def test_the_generator_writes_the_very_files_that_are_kept(made_again: Path) -> None:
    assert {p.name for p in made_again.iterdir()} == {p.name for p in FOLDER.iterdir()}
    plain = [p.name for p in FOLDER.iterdir() if p.suffix != ".gpkg"]
    assert [name for name in plain if (FOLDER / name).read_bytes() != (made_again / name).read_bytes()] == []


@pytest.mark.parametrize("name", ["households.gpkg", "roads.gpkg"])
def test_a_geopackage_made_again_has_the_same_content(made_again: Path, name: str) -> None:
    # SQLite writes its own version into the file, so bytes say nothing
    shapes, columns = read(name)
    again, columns_again = read(name, made_again)
    assert shapely.equals_exact(shapes, again).all()
    assert {k: v.tolist() for k, v in columns.items()} == {k: v.tolist() for k, v in columns_again.items()}


@pytest.mark.parametrize("name", FIELDS)
def test_a_layer_holds_its_listed_fields_and_no_other(name: str) -> None:
    assert list(pyogrio.read_info(FOLDER / name)["fields"]) == FIELDS[name]


def test_chinese_names_survive_the_shapefile() -> None:
    assert (FOLDER / "communities.cpg").read_text() == "GB18030"
    assert (FOLDER / "communities.dbf").read_bytes()[29] == 0x4D
    _, columns = read("communities.shp")
    assert columns["社区名称"].tolist() == [name for _, name, *_ in COMMUNITIES]
    assert columns["社区代码"].tolist() == [code for code, *_ in COMMUNITIES]
    assert pyogrio.read_info(FOLDER / "communities.shp")["crs"] == "EPSG:4490"


def test_communities_tile_the_town_without_gap_or_overlap() -> None:
    shapes, _ = read("communities.shp")
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    town = shapely.coverage_union_all(shapes)
    assert town.geom_type == "Polygon"
    assert len(town.interiors) == 0


def test_community_bounds_run_on_the_vertices_of_streets(streets: tuple[Any, Columns]) -> None:
    shapes, _ = read("communities.shp")
    vertices = {tuple(xy) for xy in shapely.get_coordinates(streets[0])}
    ring = next(line for line, name in zip(streets[0], streets[1]["name"], strict=True) if name == "环城北路")
    outline = {tuple(xy) for xy in shapely.get_coordinates(shapes[0])}
    assert {tuple(xy) for xy in ring.coords} <= outline
    assert len(outline & vertices) > 0.5 * len(outline)


def test_every_address_lies_in_exactly_one_community_and_in_no_water() -> None:
    points, columns = read("households.gpkg")
    communities, _ = read("communities.shp")
    inside = np.array([shapely.contains_properly(c, points) for c in communities])
    assert (inside.sum(axis=0) == 1).all()
    waters, _ = read("barriers.geojson")
    assert not shapely.intersects(shapely.union_all(waters), points).any()
    assert len(set(columns["addr"])) == len(points)
    assert 2500 <= len(points) <= 5000


def test_households_make_the_intended_grids_in_every_community() -> None:
    points, columns = read("households.gpkg")
    communities, _ = read("communities.shp")
    totals = [int(columns["hh"][shapely.contains_properly(c, points)].sum()) for c in communities]
    assert totals == [households for _, _, households, *_ in COMMUNITIES]
    assert [round(total / 300) for total in totals] == [grids for *_, grids, _ in COMMUNITIES]
    assert sum(grids for *_, grids, _ in COMMUNITIES) == 96
    assert all(abs(total / grids / 300 - 1) < 0.03 for total, (*_, grids, _) in zip(totals, COMMUNITIES, strict=True))
    assert columns["pop"].sum() / columns["hh"].sum() == pytest.approx(2.6, abs=0.03)
    assert columns["hh"].min() >= 1
    assert columns["hh"].max() <= 60


def test_streets_meet_at_shared_vertices(streets: tuple[Any, Columns]) -> None:
    shapes, columns = streets
    vertices = [set(line.coords) for line in shapes]
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    apart = []
    for i, j in zip(first, second, strict=True):
        if i < j and columns["layer"][i] == columns["layer"][j] and not vertices[i] & vertices[j]:
            apart.append((columns["name"][i], columns["name"][j]))
    assert apart == []


def test_a_street_of_one_name_is_one_piece(streets: tuple[Any, Columns]) -> None:
    pieces: dict[str, list[Any]] = defaultdict(list)
    for line, name, kind in zip(streets[0], streets[1]["name"], streets[1]["class"], strict=True):
        if name and kind != "motorway":
            pieces[name].append(line)
    torn = [name for name, lines in pieces.items() if nx.number_connected_components(network(lines)) > 1]
    assert torn == []
    assert len(pieces) > 300


def test_every_place_can_be_reached_by_car_and_left_again(streets: tuple[Any, Columns]) -> None:
    shapes, columns = streets
    roads = nx.DiGraph()
    for line, kind, oneway in zip(shapes, columns["class"], columns["oneway"], strict=True):
        if not kind.startswith("motorway") and kind != "footway":
            ends = line.coords
            nx.add_path(roads, ends)
            if oneway != "yes":
                nx.add_path(roads, ends[::-1])
    assert nx.is_strongly_connected(roads)


def test_railway_pieces_join_into_one_line_with_its_stations_and_posts() -> None:
    shapes, columns = read("railway.geojson")
    main = shapely.line_merge(shapely.MultiLineString(list(shapes[columns["main"] == "yes"])))
    assert main.geom_type == "LineString"
    assert set(columns["service"]) == {"", "siding", "yard"}
    vertices = set(main.coords)
    assert all({track.coords[0], track.coords[-1]} <= vertices for track in shapes[columns["main"] == "no"])
    metres = pyproj.Transformer.from_crs("EPSG:4490", "EPSG:4545", always_xy=True).transform
    line = shapely.transform(main, lambda xy: np.column_stack(metres(*xy.T)))
    assert 12_000 < line.length < 20_000
    posts, named = read("rail_posts.geojson")
    along = sorted(line.project(shapely.Point(metres(p.x, p.y))) for p in posts)
    assert np.diff(along) == pytest.approx(1000, abs=0.5)
    assert np.diff(np.sort(named["chainage_km"])).tolist() == [1] * (len(posts) - 1)
    stations, _ = read("stations.geojson")
    assert max(shapely.distance(main, stations)) < 1e-7


def test_level_crossings_share_a_vertex_with_the_railway(streets: tuple[Any, Columns]) -> None:
    tracks, columns = read("railway.geojson")
    vertices = {tuple(xy) for xy in shapely.get_coordinates(tracks[columns["main"] == "yes"])}
    crossing = {
        name: len({tuple(xy) for xy in line.coords} & vertices)
        for line, name, layer in zip(streets[0], streets[1]["name"], streets[1]["layer"], strict=True)
        if layer == 0 and {tuple(xy) for xy in line.coords} & vertices
    }
    assert crossing == {"西桥路": 1, "五里铺路": 1, "八里桥路": 1, "东坪路": 1}


def test_the_series_agrees_with_proj() -> None:
    there = pyproj.Transformer.from_crs("EPSG:4545", "EPSG:4490", always_xy=True).transform
    eastnorth = np.random.default_rng(1).uniform([400_000, 3_900_000], [430_000, 3_930_000], (200, 2))
    apart = degrees_of(eastnorth) - np.column_stack(there(*eastnorth.T))
    assert np.abs(apart).max() < 1e-9


def test_the_plan_names_every_file_and_lies_in_the_middle_of_one_zone() -> None:
    plan = tomllib.loads(SAMPLE_PLAN.read_text(encoding="utf-8"))
    paths = {Path(source["path"]).name for source in plan["sources"].values()}
    assert paths == set(FIELDS)
    assert all((SAMPLE_PLAN.parent / source["path"]).is_file() for source in plan["sources"].values())
    assert all(set(source.get("fields", {}).values()) <= set(FIELDS[Path(source["path"]).name]) for source in plan["sources"].values())
    west, _, east, _ = shapely.total_bounds(read("roads.gpkg")[0])
    assert 106.5 + 0.3 < west < east < 109.5 - 0.3


def test_key_sites_and_depots_lie_in_the_town() -> None:
    town = shapely.coverage_union_all(read("communities.shp")[0])
    for name in ("key_sites.geojson", "depots.geojson"):
        assert shapely.contains_properly(town, read(name)[0]).all()


def test_the_areas_of_the_police_stations_are_whole_communities_and_hold_their_station() -> None:
    areas, columns = read("station_areas.geojson")
    communities, _ = read("communities.shp")
    assert shapely.coverage_is_valid(areas)
    assert shapely.equals_exact(shapely.normalize(shapely.union_all(areas)), shapely.normalize(shapely.union_all(communities)), 1e-12)
    depots, posts = read("depots.geojson")
    stations = dict(zip(posts["name"], depots, strict=True))
    assert all(area.contains(stations[name]) for area, name in zip(areas, columns["name"], strict=True))


def test_monthly_figures_are_the_sums_of_the_cases_in_each_area() -> None:
    places, cases = read("incidents.geojson")
    areas, named = read("station_areas.geojson")
    _, figures = read("indicators.csv")
    assert len(places) == 600
    assert cases["cases"].min() >= 1
    assert len(set(figures["月份"])) == 12
    assert len(figures["月份"]) == 36
    inside = dict(zip(named["name"], [shapely.contains_properly(area, places) for area in areas], strict=True))
    assert (np.sum(list(inside.values()), axis=0) == 1).all()
    for row, (area, month) in enumerate(zip(figures["派出所"], figures["月份"], strict=True)):
        for kind in ("刑事", "治安", "交通", "纠纷"):
            wanted = cases["cases"][inside[area] & (cases["month"] == month) & (cases["kind"] == kind)].sum()
            assert int(figures[kind][row]) == wanted
    assert all(60 <= float(value) <= 99 for value in figures["满意度"])


def test_people_on_duty_are_roles_with_telephones_that_cannot_be() -> None:
    _, staff = read("staff.csv")
    assert all(name.startswith(role) and name[len(role) :].isdecimal() for name, role in zip(staff["姓名"], staff["职务"], strict=True))
    assert all(phone.startswith("000-0000-") for phone in staff["工作电话"])
    assert len(set(staff["姓名"])) == len(set(staff["工作电话"])) == len(staff["姓名"])
    assert (staff["职务"] == "网格员").sum() == 98
    codes = {f"{code}{number:03}" for code, _, _, grids, _ in COMMUNITIES for number in range(1, grids + 1)}
    streets = set(read("roads.gpkg")[1]["name"])
    guards = {f"{squad}-{guard:02}" for squad in range(1, 5) for guard in range(1, 4)}
    known = codes | {name for _, name, *_ in COMMUNITIES} | streets | guards
    assert set(staff["单位"]) <= known
    assert codes | guards <= set(staff["单位"])
    assert set(read("roster_cells.csv")[1]["人员编号"]) <= guards


def test_checkpoint_sites_stand_where_main_streets_leave_the_town_and_the_cordon_crosses_it(streets: tuple[Any, Columns]) -> None:
    town = shapely.coverage_union_all(read("communities.shp")[0])
    sites, columns = read("checkpoint_sites.geojson")
    assert columns["kind"].tolist() == ["已有", "禁止"]
    assert max(shapely.distance(town.exterior, sites)) < 1e-7
    ends = shapely.union_all(shapely.boundary(streets[0][np.isin(streets[1]["class"], ["trunk", "primary", "tertiary"])]))
    assert max(shapely.distance(ends, sites)) < 1e-7
    (river,), named = read("cordons.geojson")
    assert named["count"].tolist() == [2]
    assert len(shapely.ops.split(town, river).geoms) == 2


def test_geojson_is_readable_line_by_line() -> None:
    for path in FOLDER.glob("*.geojson"):
        assert json.loads(path.read_text(encoding="utf-8"))["type"] == "FeatureCollection"


def network(lines: list[Any]) -> nx.Graph[tuple[float, ...]]:
    """The vertices of lines, joined along them."""
    graph: nx.Graph[tuple[float, ...]] = nx.Graph()
    for line in lines:
        nx.add_path(graph, line.coords)
    return graph
