"""OpenStreetMap: real towns give the figures they are known for, and tags mean what the map means by them."""

import gzip
import time
from pathlib import Path

import numpy as np
import pytest

from gridplanner.errors import InputError
from gridplanner.io.osm import Wish, read_osm
from gridplanner.io.osm_copies import write_copies
from gridplanner.io.osm_tags import speed
from gridplanner.io.sources import read_sources
from gridplanner.model.lines import line_lengths
from gridplanner.model.places import BarrierKind, RoadClass
from gridplanner.plan_file import read_plan
from gridplanner.settings import ProjectSettings, Settings, SourceSettings

TOWNS = {"dreieich.osm.pbf": (477, 66), "krems.osm.gz": (838, 227), "liechtenstein.osm.pbf": (4660, 1141)}
MUNICIPALITIES = "boundary = 'administrative' AND admin_level = '8' AND name IS NOT NULL"


@pytest.mark.parametrize("town", TOWNS)
def test_streets_of_real_towns(test_data, read, town):
    project = read(roads=test_data / "towns" / town)
    ways, kilometres = TOWNS[town]
    assert len(project.roads) == ways
    assert line_lengths(project.roads.lines).sum() / 1000 == pytest.approx(kilometres, abs=1.0)
    assert project.roads.noded
    assert project.roads.classed
    assert (project.roads.classes == RoadClass.OTHER).mean() < 0.01


def test_krems_has_seven_kilometres_of_main_line_and_three_times_as_much_beside_it(test_data, read):
    path = test_data / "towns" / "krems.osm.gz"
    project = read(railway=path)
    length = line_lengths(project.railway.lines)
    assert length[project.railway.main].sum() == pytest.approx(6_950, abs=60)
    assert length[~project.railway.main].sum() == pytest.approx(21_600, abs=60)
    assert list(project.stations.names) == ["Krems a.d. Donau", "Furth-Palt"]
    assert project.crs == "EPSG:32633"
    assert len(project.communities) == 0


def test_liechtenstein_has_eleven_municipalities_that_tile_it(test_data, read):
    import shapely

    path = test_data / "towns" / "liechtenstein.osm.pbf"
    project = read(communities={"path": path, "where": MUNICIPALITIES, "fields": {"name": "name"}}, crs="EPSG:2056")
    places = project.communities
    assert sorted(places.names)[:3] == ["Balzers", "Eschen", "Gamprin"]
    assert len(places) == 11
    assert shapely.coverage_is_valid(places.polygons, gap_width=5)
    assert shapely.area(places.polygons).sum() / 1e6 == pytest.approx(160.5, abs=1.0)
    assert sum(shapely.get_num_geometries(places.polygons) > 1) == 7
    assert list(places.codes) == [str(900_000_000_001 + i) for i in range(11)]
    doubled = read(
        communities={"path": path, "where": MUNICIPALITIES.partition(" AND name")[0], "fields": {"name": "name"}}, crs="EPSG:2056"
    )
    assert len([name for name in doubled.communities.names if name]) == 11


@pytest.mark.parametrize(("plan", "seconds"), [("dreieich", 0.6), ("krems", 1.0), ("liechtenstein", 2.0)])
def test_the_acceptance_plans_are_read_quickly(test_data, plan, seconds):
    settings = read_plan(test_data.parent / "acceptance" / "plans" / f"{plan}.toml")
    read_sources(settings)  # libraries loaded
    start = time.perf_counter()
    project = read_sources(settings)
    assert time.perf_counter() - start < 2 * seconds  # the bar is for a quiet machine
    assert len(project.roads) > 0


def test_one_file_is_read_once_for_all_sources(test_data, monkeypatch):
    import gridplanner.io.osm as osm

    count = []
    real = osm.read_osm
    monkeypatch.setattr(osm, "read_osm", lambda path, wish: count.append(path) or real(path, wish))
    path = str(test_data / "towns" / "liechtenstein.osm.pbf")
    sources = {key: SourceSettings(path=path) for key in ("roads", "railway")}
    sources["communities"] = SourceSettings(path=path, where=MUNICIPALITIES)
    project = read_sources(Settings(project=ProjectSettings(crs="EPSG:2056"), sources=sources))
    assert len(count) == 1
    assert set(np.unique(project.barriers.kinds)) == {BarrierKind.WATER, BarrierKind.RAILWAY}


# a drawn map

MAP = """<?xml version='1.0' encoding='UTF-8'?>
<osm version="0.6">
{nodes}
{ways}
</osm>
"""


@pytest.fixture
def write_osm(tmp_path):
    """Write ways (tags) of two nodes each, one below the other, and nodes with tags."""

    def write(ways, nodes=(), name="map.osm") -> Path:
        drawn, lines = [], []
        for row, tags in enumerate(ways):
            a, b = 2 * row + 1, 2 * row + 2
            lat = 35.5 + row / 1000
            drawn += [f'<node id="{a}" version="1" lat="{lat}" lon="106.70"/>', f'<node id="{b}" version="1" lat="{lat}" lon="106.71"/>']
            inside = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
            lines.append(f'<way id="{row + 1}" version="1"><nd ref="{a}"/><nd ref="{b}"/>{inside}</way>')
        for row, tags in enumerate(nodes):
            inside = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
            drawn.append(f'<node id="{1000 + row}" version="1" lat="35.6" lon="{106.7 + row / 100}">{inside}</node>')
        text = MAP.format(nodes="\n".join(drawn), ways="\n".join(lines))
        path = tmp_path / name
        path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
        return path

    return write


@pytest.mark.parametrize(
    ("tags", "row"),
    [
        ({"highway": "primary", "maxspeed": "60"}, (RoadClass.ARTERIAL, 0, 60, 0)),
        ({"highway": "tertiary_link", "oneway": "yes"}, (RoadClass.ARTERIAL, 1, 0, 0)),
        ({"highway": "motorway", "maxspeed": "none"}, (RoadClass.ARTERIAL, 1, 130, 0)),
        ({"highway": "motorway", "oneway": "no"}, (RoadClass.ARTERIAL, 0, 0, 0)),
        ({"highway": "residential", "junction": "roundabout"}, (RoadClass.STREET, 1, 0, 0)),
        ({"highway": "living_street", "maxspeed": "walk"}, (RoadClass.STREET, 0, 6, 0)),
        ({"highway": "unclassified", "oneway": "-1", "maxspeed": "30 mph"}, (RoadClass.STREET, -1, 48, 0)),
        ({"highway": "residential", "access": "private"}, (RoadClass.LANE, 0, 0, 0)),
        ({"highway": "service", "bridge": "yes"}, (RoadClass.LANE, 0, 0, 1)),
        ({"highway": "track", "tunnel": "yes"}, (RoadClass.PATH, 0, 0, -1)),
        ({"highway": "footway", "layer": "-2", "tunnel": "yes"}, (RoadClass.PATH, 0, 0, -2)),
        ({"highway": "steps", "tunnel": "building_passage"}, (RoadClass.PATH, 0, 0, 0)),
        ({"highway": "secondary", "layer": "2", "bridge": "viaduct"}, (RoadClass.ARTERIAL, 0, 0, 2)),
        ({"highway": "platform"}, (RoadClass.OTHER, 0, 0, 0)),
    ],
)
def test_tags_of_a_street(write_osm, read, tags, row):
    roads = read(roads=write_osm([tags])).roads
    assert (roads.classes[0], roads.oneway[0], round(roads.speed[0] * 3.6), roads.level[0]) == row
    assert roads.highway[0] == tags["highway"]


def test_streets_that_are_not_there_yet_are_left_out_and_names_fall_back_to_chinese(write_osm, read):
    ways = [{"highway": word} for word in ("proposed", "construction", "abandoned")]
    ways += [
        {"highway": "residential", "name:zh": "中山路"},
        {"highway": "residential", "name": "Main", "name:zh": "中山路"},
        {"highway": "road"},
    ]
    assert list(read(roads=write_osm(ways, name="map.osm.gz")).roads.names) == ["中山路", "Main", ""]


def test_rivers_and_main_lines_come_along_as_barriers_but_streams_sidings_and_tunnels_do_not(write_osm, read):
    ways = [
        {"highway": "residential"},
        {"waterway": "river", "name": "泾河"},
        {"waterway": "canal"},
        {"waterway": "stream"},
        {"railway": "rail"},
        {"railway": "rail", "service": "siding"},
        {"railway": "rail", "tunnel": "yes"},
        {"waterway": "river", "tunnel": "culvert"},
        {"barrier": "city_wall"},
    ]
    path = write_osm(ways)
    project = read(roads=path)
    assert project.barriers.kinds.tolist() == [BarrierKind.WATER, BarrierKind.WATER, BarrierKind.RAILWAY]
    assert project.barriers.names[0] == "泾河"
    assert len(project.railway) == 0
    assert read(roads=path, barriers=path).barriers.kinds.tolist()[-1] == BarrierKind.WALL
    railway = read(railway=path).railway
    assert railway.main.tolist() == [True, False, True]


def test_stations_halts_and_points_by_a_filter(write_osm, read):
    nodes = [
        {"railway": "station", "name": "平凉"},
        {"railway": "switch"},
        {"amenity": "police", "name": "派出所"},
        {"railway": "halt", "name": "乙"},
    ]
    path = write_osm([{"railway": "rail"}], nodes)
    project = read(railway=path, depots={"path": path, "where": "amenity = 'police'", "fields": {"name": "name"}})
    assert list(project.stations.names) == ["平凉", "乙"]
    assert list(project.depots.names) == ["派出所"]


def test_a_way_that_leaves_the_file_keeps_what_is_there(write_osm, read):
    path = write_osm([{"highway": "residential"}, {"highway": "service"}])
    text = path.read_text().replace('<nd ref="2"/>', '<nd ref="2"/><nd ref="999"/>').replace('<nd ref="4"/>', '<nd ref="998"/>')
    path.write_text(text)
    roads = read(roads=path).roads
    assert [len(roads.lines.line(i)) for i in range(len(roads))] == [2]


@pytest.mark.parametrize(
    ("key", "settings", "words"),
    [
        ("communities", {}, ["where", "admin_level"]),
        ("communities", {"where": "boundary = 'administrative'"}, ["no row"]),
        ("households", {}, ["building IS NOT NULL"]),
        ("railway", {}, ["railway"]),
    ],
)
def test_what_an_osm_file_cannot_give_is_said(write_osm, read, key, settings, words):
    path = write_osm([{"highway": "residential"}])
    with pytest.raises(InputError) as caught:
        read(**{key: {"path": path, **settings}})
    assert "map.osm" in str(caught.value)
    assert all(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize("name", ["map.osm.gz", "map.osm.bz2", "map.osm.pbf", "map.osm"])
def test_a_way_that_leaves_the_file_and_comes_back_is_in_two_parts_and_that_is_said(write_osm, read, tmp_path, name):
    path = write_osm([{"highway": "residential"}, {"highway": "service"}])
    text = path.read_text().replace('<nd ref="2"/>', '<nd ref="2"/><nd ref="999"/><nd ref="3"/><nd ref="4"/>')
    path.write_text(text)
    packed = _packed(path, tmp_path / "packed" / name)
    project = read(roads=packed)
    assert [len(project.roads.lines.line(i)) for i in range(len(project.roads))] == [2, 2, 2][: len(project.roads)]
    assert line_lengths(project.roads.lines).max() < 1000.0  # nothing across the gap
    assert any("1 ways leave the file" in issue.message for issue in project.read_issues)


def _packed(path, target) -> Path:
    """The same map in another form."""
    import bz2

    import osmium

    target.parent.mkdir()
    if target.suffix == ".pbf":
        with osmium.SimpleWriter(str(target)) as writer:
            for thing in osmium.FileProcessor(str(path)):
                writer.add(thing)
    else:
        pack = {".gz": gzip.compress, ".bz2": bz2.compress}.get(target.suffix, bytes)
        target.write_bytes(pack(path.read_bytes()))
    return target


def test_the_order_of_the_file_does_not_matter(write_osm, read):
    path = write_osm([{"highway": "residential", "boundary": "x"}, {"highway": "service"}])
    text = path.read_text()
    nodes, ways = [line for line in text.splitlines() if "<node" in line], [line for line in text.splitlines() if "<way" in line]
    ring = "".join(f'<nd ref="{node}"/>' for node in (1, 2, 4, 3, 1))
    rim = f'<way id="70" version="1">{ring}</way>'
    tags = '<tag k="type" v="boundary"/><tag k="boundary" v="administrative"/><tag k="name" v="甲社区"/>'
    area = f'<relation id="5" version="1"><member type="way" ref="70" role="outer"/>{tags}</relation>'
    sources = {"roads": path, "communities": {"path": path, "where": "boundary = 'administrative'", "fields": {"name": "name"}}}
    found = []
    for order in ([*nodes, *ways, rim, area], [area, rim, *ways[::-1], *nodes[::-1]]):
        path.write_text(MAP.format(nodes="\n".join(order), ways=""))
        found.append(read(**sources))
    assert [list(project.communities.names) for project in found] == [["甲社区"], ["甲社区"]]
    assert found[0].communities.polygons[0].equals(found[1].communities.polygons[0])
    assert (
        sorted(map(len, map(found[0].roads.lines.line, range(2)))) == sorted(map(len, map(found[1].roads.lines.line, range(2)))) == [2, 2]
    )


def test_only_the_nodes_of_what_is_wanted_are_kept_however_large_the_file(test_data, tmp_path):
    town = test_data / "towns" / "dreieich.osm.pbf"
    wish = Wish(frozenset(["highway"]), points=frozenset(), columns=frozenset(["highway", "name"]))
    kept = []
    path = tmp_path / "copies.osm.pbf"
    for copies, only_first in ((1, False), (2, True), (2, False)):
        if copies > 1:
            write_copies(town, path, copies, only_first=only_first)
        extract = read_osm(path if copies > 1 else town, wish)
        kept.append((extract.kept, len(extract.ways.wkb)))
        assert {key for tags in extract.ways.tags for key in tags} <= {"highway", "name"}
    (nodes, ways), first, every = kept
    assert first == (nodes, ways)
    assert every == (2 * nodes, 2 * ways)


def test_a_file_without_what_is_asked_for_is_read_to_its_end(write_osm):
    path = write_osm([{"highway": "residential"}])
    assert read_osm(path, Wish(frozenset(["railway"]))).kept == 0
    path.write_text(MAP.format(nodes="", ways=""))
    extract = read_osm(path, Wish(frozenset(["highway"]), frozenset(["boundary"]), turns=True))
    assert (len(extract.ways.wkb), len(extract.areas.wkb), len(extract.nodes.wkb)) == (0, 0, 0)


@pytest.mark.parametrize("name", ["changes.osc", "changes.osc.gz"])
def test_changes_are_refused(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"<osmChange version='0.6'></osmChange>")
    with pytest.raises(InputError, match=r"holds changes to a map.*\.osm\.pbf"):
        read_osm(path, Wish(frozenset(["highway"])))


def test_history_is_refused(tmp_path):
    import osmium

    path = tmp_path / "town.osh.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        for version in (1, 2):
            writer.add_node(osmium.osm.mutable.Node(id=1, location=(106.7, 35.5), version=version))
    with pytest.raises(InputError, match=r"history"):
        read_osm(path, Wish(frozenset(["highway"])))


def test_buildings_are_addresses_by_their_street_and_number(write_osm, read):
    nodes = [
        {"building": "yes", "addr:street": "崆峒东路", "addr:housenumber": "12号"},
        {"building": "yes", "addr:street": "Hauptstraße", "addr:housenumber": "7", "addr:unit": "a"},
        {"building": "yes", "addr:street": "崆峒东路"},
        {"highway": "crossing"},
    ]
    path = write_osm([{"highway": "residential"}], nodes)
    homes = read(households={"path": path, "where": "building IS NOT NULL"}).households
    assert list(homes.address) == ["崆峒东路12号", "Hauptstraße 7a", ""]


@pytest.mark.parametrize("content", [b"", b"not xml", b"<osm><node id="])
def test_a_damaged_file_is_named(tmp_path, content):
    path = tmp_path / "bad.osm"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"bad\.osm.*OpenStreetMap"):
        read_osm(path, Wish(frozenset(["highway"])))
    with pytest.raises(InputError, match="no such file"):
        read_osm(tmp_path / "missing.osm.pbf", Wish(frozenset(["highway"])))


@pytest.mark.parametrize(
    ("word", "kmh"),
    [("50", 50), ("30 mph", 48), ("CN:urban", 50), ("DE:zone30", 30), ("80;60", 80), ("5 knots", 9), ("signals", 0), ("", 0)],
)
def test_speeds_in_every_notation(word, kmh):
    assert round(speed(word) * 3.6) == kmh
