"""Streets cleaned as they are read: every repair told with its place, left undone where asked for, and the same for all later steps."""

import numpy as np
import pytest
import shapely

from gridplanner.model.issues import Level
from gridplanner.planning.road_network import graph_of_roads, road_findings

X, Y = 500_000.0, 3_900_000.0
KINDS = {"road_gap", "overshoot", "crossing", "line_overlap", "doubled", "no_length", "spike"}


def line(*xy):
    return shapely.LineString([(X + x, Y + y) for x, y in xy])


CLEAN = [line((0, 0), (1000, 0)), line((200, -300), (200, 300))]
SPOILT = [
    line((0, 0), (1000, 0)),
    line((200, 300), (200, 0.4)),  # 2: short
    line((400, 300), (400, -0.3)),  # 3: beyond
    line((600, 300), (600, -300)),  # 4: crosses
    line((1000, 0), (0, 0)),  # 5: row 1 again
    line((900, 0), (1200, 0)),  # 6: partly on row 1
    line((700, 50), (700, 50)),  # 7: nothing
    line((800, 300), (800, 100), (800, 102), (800, 0)),  # 8: a slip of the hand
]


@pytest.fixture
def layer(write_layer, tmp_path):
    def make(shapes, columns=None):
        return write_layer(tmp_path / "roads.gpkg", shapes, columns)

    return make


def told(project, level=None):
    return {(issue.kind, issue.ref) for issue in project.read_issues if issue.repair and issue.ref and level in {None, issue.level}}


def test_each_repair_is_told_with_its_place_and_what_undoes_it(layer, read):
    project = read(roads=layer(SPOILT))
    assert told(project) == {
        ("road_gap", "2"), ("overshoot", "3"), ("crossing", "4"), ("doubled", "5"), ("line_overlap", "6"), ("no_length", "7"),
        ("spike", "8"), ("crossing", "8"),
    }  # fmt: skip
    gap = next(issue for issue in project.read_issues if issue.kind == "road_gap")
    assert (gap.x, gap.y, gap.layer, gap.repair) == (X + 200, Y, "roads", "road_gap:2")
    assert "0.40 m" in gap.message
    graph, _rows = graph_of_roads(project.roads, "car")
    assert [issue for issue in road_findings(project.roads, graph, _rows, "car") if issue.kind == "roads_apart"] == []


def test_what_is_left_as_it_is_stays_as_it_was_read(layer, read):
    path = layer(SPOILT)
    one = read(roads={"path": path, "as_is": ("road_gap:2",)})
    assert ("road_gap", "2") not in told(one)
    assert one.roads.lines.line(1)[-1].tolist() == [X + 200, Y + 0.4]
    graph, _rows = graph_of_roads(one.roads, "car")
    assert len(np.unique(graph.component)) == 2
    none = read(roads={"path": path, "as_is": tuple(KINDS)})
    assert len(none.roads) == len(SPOILT) - 1  # the one without length is no line at all
    assert not {kind for kind, _row in told(none)} & (KINDS - {"no_length"})


def test_clean_streets_have_nothing_told(layer, read):
    project = read(roads=layer([line((0, 0), (200, 0), (1000, 0)), line((200, -300), (200, 0), (200, 300))]))
    assert told(project) == set()


@pytest.mark.parametrize(
    ("column", "word"),
    [("level", "高架"), ("level", "1"), ("level", "-1"), ("bridge", "是"), ("tunnel", "T"), ("level", "地下")],
)
def test_bridges_and_tunnels_are_not_joined_with_what_they_cross(layer, read, column, word):
    path = layer(CLEAN, {column: ["", word], "name": ["甲路", "乙路"]})
    roads = read(roads={"path": path, "fields": {column: column, "name": "name"}}).roads
    assert roads.level[0] == 0
    assert roads.level[1] == (-1 if word in {"-1", "T", "地下"} else 1)
    assert graph_of_roads(roads, "car")[0].edge_count == 2


def test_the_name_of_a_bridge_tells_where_no_field_does(layer, read):
    path = layer([*CLEAN, line((500, -300), (500, 300))], {"name": ["甲路", "银滩大桥", "大桥路"]})
    project = read(roads={"path": path, "fields": {"name": "name"}})
    assert project.roads.level.tolist() == [0, 1, 0]
    assert told(project) == {("crossing", "3")}
    assert [issue.repair for issue in project.read_issues if issue.kind == "level_by_name"] == ["level_by_name:2"]
    again = read(roads={"path": path, "fields": {"name": "name"}, "as_is": ("level_by_name:2",)})
    assert again.roads.level.tolist() == [0, 0, 0]


def test_a_one_way_street_and_its_way_back_on_one_line_are_one_street_for_both_ways(layer, read):
    there, back = line((0, 0), (500, 0)), line((500, 0), (0, 0))
    path = layer([there, back, line((0, 9), (500, 9)), line((0, 9), (500, 9))], {"one": ["yes"] * 4})
    roads = read(roads={"path": path, "fields": {"oneway": "one"}}).roads
    assert roads.oneway.tolist() == [0, 1]


def test_vertices_at_null_island_are_left_out(layer, read):
    shapes = [*CLEAN, shapely.LineString([(X, Y + 50), (0, 0), (X + 100, Y + 50)])]
    project = read(roads=layer(shapes))
    assert project.roads.lines.line(2)[:, 1].min() == Y + 50
    assert told(project, Level.WARNING) == set()
    assert [issue.repair for issue in project.read_issues if issue.kind == "null_place"] == ["null_place:3"]
