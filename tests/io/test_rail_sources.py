"""Tracks, stations and kilometre posts as sources have them: systems, tracks, heights, bridges and tunnels."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gridplanner.io.rail_tracks import track_of, without_track
from gridplanner.io.roles import guess_fields

X, Y = 500_000.0, 3_900_000.0


def points(count: int) -> list[shapely.Point]:
    return [shapely.Point(X + 1000 * i, Y) for i in range(count)]


def kinds(project) -> list[str]:
    return [issue.kind for issue in project.read_issues]


def test_posts_tell_their_system_track_and_height(write_layer, read, tmp_path):
    columns = {
        "里程": ["DK12+300", "k814＋300", "814公里300米", "814.3", "ⅡDK5+1020", "nothing"],
        "行别": ["上行", "下行", "", "双线", "UP", ""], "高程": ["2829", "3080.5", "", "", "-3", "4500 m"],
    }  # fmt: skip
    path = write_layer(tmp_path / "posts.gpkg", points(6), columns)
    fields = {"chainage_km": "里程", "track": "行别", "height": "高程"}
    project = read(rail_posts={"path": path, "fields": fields})
    found = project.stations
    assert found.chainage[:5].tolist() == [12_300, 814_300, 814_300, 814_300, 6_020]
    assert np.isnan(found.chainage[5])
    assert found.systems.tolist()[:4] == ["DK", "K", "", ""]
    assert found.tracks.tolist() == ["up", "down", "", "", "up", ""]
    assert found.height[[0, 1, 4, 5]].tolist() == [2829, 3080.5, -3, 4500]
    assert found.posts.all()
    assert kinds(project).count("value") == 1


def test_a_field_may_tell_the_system_of_plain_kilometres(write_layer, read, tmp_path):
    path = write_layer(tmp_path / "posts.gpkg", points(3), {"km": ["12.3", "K13+300", "14"], "冠号": ["dk", "", "DK "]})
    found = read(rail_posts={"path": path, "fields": {"chainage_km": "km", "system": "冠号"}}).stations
    assert found.systems.tolist() == ["DK", "K", "DK"]
    numbers = write_layer(tmp_path / "numbers.gpkg", points(2), {"km": [12.3, 13.0], "冠号": ["dk", ""]})
    found = read(rail_posts={"path": numbers, "fields": {"chainage_km": "km", "system": "冠号"}}).stations
    assert [word.upper() for word in found.systems] == ["DK", ""]


def test_stations_and_posts_are_told_apart(write_layer, read, tmp_path):
    stations = write_layer(tmp_path / "s.gpkg", points(2), {"name": ["甲", "乙"]})
    posts = write_layer(tmp_path / "p.gpkg", points(2), {"km": [814.0, 815.0]})
    found = read(
        stations={"path": stations, "fields": {"name": "name"}}, rail_posts={"path": posts, "fields": {"chainage_km": "km"}}
    ).stations
    assert found.posts.tolist() == [False, False, True, True]
    assert len(found.systems) == len(found.tracks) == len(found.height) == 4


def test_a_column_of_metres_is_seen(write_layer, read, tmp_path):
    path = write_layer(tmp_path / "posts.gpkg", points(3), {"m": [814_000.0, 815_000.0, 816_250.0]})
    project = read(rail_posts={"path": path, "fields": {"chainage_km": "m"}})
    assert project.stations.chainage.tolist() == [814_000, 815_000, 816_250]
    assert kinds(project).count("chainage") == 1


def test_tracks_tell_bridges_tunnels_and_their_side(write_layer, read, tmp_path):
    lines = [shapely.LineString([(X, Y + i), (X + 900, Y + i)]) for i in range(5)]
    columns = {
        "name": ["陇海铁路上行线", "陇海铁路（下行）", "陇海铁路", "专用线", "陇海铁路"], "桥": ["yes", "no", "", "0", "大桥"],
        "隧": ["", "0", "是", "否", "no"], "side": ["", "", "D", "", "x"],
    }  # fmt: skip
    path = write_layer(tmp_path / "rail.gpkg", lines, columns)
    found = read(railway={"path": path, "fields": {"name": "name", "bridge": "桥", "tunnel": "隧", "track": "side"}}).railway
    assert found.kinds.tolist() == ["bridge", "", "tunnel", "", "bridge"]
    assert found.tracks.tolist() == ["up", "down", "down", "", "down"]
    assert found.names.tolist() == ["陇海铁路", "陇海铁路", "陇海铁路", "专用线", "陇海铁路"]
    plain = read(railway=path).railway
    assert plain.kinds.tolist() == plain.tracks.tolist() == [""] * 5


OSM = """<osm version="0.6">
{nodes}
<way id="1"><nd ref="1"/><nd ref="2"/><tag k="railway" v="rail"/><tag k="name" v="青藏线"/><tag k="bridge" v="viaduct"/></way>
<way id="2"><nd ref="2"/><nd ref="3"/><tag k="railway" v="rail"/><tag k="tunnel" v="yes"/><tag k="railway:track_ref" v="上行"/></way>
</osm>"""
NODES = (
    ("", 95.00, ()), ("", 95.02, ()), ("", 95.04, ()),
    ("", 95.01, (("railway", "milestone"), ("railway:position", "814.3"), ("railway:position:exact", "814.327"))),
    ("", 95.03, (("railway", "station"), ("name", "格尔木"), ("ele", "2829"), ("railway:position", "K816+100"))),
)  # fmt: skip


def test_openstreetmap_gives_milestones_heights_and_structures(read, tmp_path):
    tags = ["".join(f'<tag k="{key}" v="{value}"/>' for key, value in tagged) for _, _lon, tagged in NODES]
    nodes = "\n".join(
        f'<node id="{i}" lat="36.4" lon="{node[1]}">{tag}</node>' for i, (node, tag) in enumerate(zip(NODES, tags, strict=True), start=1)
    )
    path = tmp_path / "town.osm"
    path.write_text(OSM.format(nodes=nodes), encoding="utf-8")
    project = read(railway=path)
    assert project.railway.kinds.tolist() == ["bridge", "tunnel"]
    assert project.railway.tracks.tolist() == ["", "up"]
    assert project.stations.chainage.tolist() == [814_327, 816_100]
    assert project.stations.posts.tolist() == [True, False]
    assert project.stations.height[1] == 2829


def test_fields_of_railway_sources_are_guessed():
    assert guess_fields("rail_posts", ["里程", "线名", "行别", "冠号", "高程"]) == {
        "chainage_km": "里程", "line": "线名", "track": "行别", "system": "冠号", "height": "高程",
    }  # fmt: skip
    assert guess_fields("railway", ["name", "bridge", "tunnel"]) == {"name": "name", "bridge": "bridge", "tunnel": "tunnel"}


@pytest.mark.parametrize(("word", "track"), [("上行线", "up"), ("下行正线", "down"), ("down", "down"), ("1", ""), ("上海", "")])
def test_words_of_tracks(word, track):
    assert track_of(word) == track
    assert without_track("京沪线") == "京沪线"
