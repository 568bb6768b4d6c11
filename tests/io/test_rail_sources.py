"""Things along a railway as files have them: kinds in two languages, points and lines, and what is refused or told."""

import numpy as np
import pytest
import shapely

from gridplanner.errors import InputError
from gridplanner.io.inspection import inspect
from gridplanner.io.project_file import open_project, save_project
from gridplanner.io.read_rail import KINDS, kind_of
from gridplanner.model.issues import Level

X, Y = 500_000.0, 3_900_000.0


def place(x, y=0.0):
    return shapely.Point(X + x, Y + y)


def way(*places):
    return shapely.LineString([(X + x, Y + y) for x, y in places])


@pytest.fixture
def things_of(write_layer, read, tmp_path):
    """Return a reader of features along the railway beside an address, and the project that it gives."""
    homes = write_layer(tmp_path / "homes.gpkg", [place(0)])

    def project(shapes, columns, **fields):
        path = write_layer(tmp_path / "features.gpkg", shapes, columns)
        return read(households=homes, rail_features={"path": str(path), "fields": fields or {"kind": "类型", "name": "名称"}})

    return project


@pytest.mark.parametrize(("word", "kind"), [
    ("道口", "crossing"), ("平交道口", "crossing"), ("level_crossing", "crossing"), ("桥梁", "bridge"), ("特大桥", "bridge"),
    ("Viaduct", "bridge"),
    ("隧道", "tunnel"), ("车站", "station"), ("站", "station"), ("halt", "station"), ("村庄", "settlement"), ("village", "settlement"),
    ("学校", "school"), ("小学", "school"), ("护栏", "fence"), ("栅栏", "fence"), ("案事件", "history"), ("坡道", "slope"),
    ("县界", "limit"),
    (" Fence ", "fence"), ("栅栏门", "gate"), ("通道口", "gate"), ("crossing gate", "crossing"), ("桥涵", "bridge"),
    ("加油站", ""), ("", ""),
])  # fmt: skip
def test_a_kind_is_understood_in_both_languages(word, kind):
    assert kind_of(word) == kind
    assert kind in ("", *KINDS)


def test_points_and_lines_come_with_their_kind_name_and_amount(things_of):
    shapes = [place(100), way((0, 10), (500, 10)), way((0, 20), (300, 20), (300, 60))]
    columns = {"类型": ["道口", "隧道", "护栏"], "名称": ["一号", "", "南侧"], "数量": [1.0, np.nan, -4.0]}
    project = things_of(shapes, columns, kind="类型", name="名称", amount="数量")
    found = project.rail_things
    assert found.kinds.tolist() == ["crossing", "tunnel", "fence"]
    assert found.names.tolist() == ["一号", "", "南侧"]
    assert np.diff(found.lines.offsets).tolist() == [1, 2, 3]
    assert found.lines.line(0) == pytest.approx(np.array([[X + 100, Y]]), abs=0.01)
    assert found.amount.tolist() == pytest.approx([1.0, np.nan, np.nan], nan_ok=True)
    assert [issue.values["rows"] for issue in project.read_issues if "negative" in issue.text] == ["3"]


def test_lines_in_pieces_that_join_are_one_and_others_share_the_amount(things_of):
    joined = shapely.MultiLineString([way((0, 0), (100, 0)), way((100, 0), (200, 0))])
    apart = shapely.MultiLineString([way((0, 9), (300, 9)), way((400, 9), (500, 9))])
    found = things_of([joined, apart], {"类型": ["桥梁", "护栏"], "长": [200.0, 400.0]}, kind="类型", amount="长").rail_things
    assert found.kinds.tolist() == ["bridge", "fence", "fence"]
    assert found.amount.tolist() == pytest.approx([200.0, 300.0, 100.0])


def test_areas_are_read_as_a_place_inside_them(things_of):
    found = things_of([shapely.box(X, Y, X + 100, Y + 100)], {"类型": ["村庄"], "名称": ["南山口村"]}).rail_things
    assert np.diff(found.lines.offsets).tolist() == [1]
    assert shapely.box(X, Y, X + 100, Y + 100).contains(shapely.Point(found.lines.line(0)[0]))


def test_unknown_kinds_are_left_out_and_told_with_file_row_and_remedy(things_of):
    project = things_of([place(0), place(1), place(2)], {"类型": ["道口", "油库", ""], "名称": ["a", "b", "c"]})
    assert project.rail_things.names.tolist() == ["a"]
    told = [issue for issue in project.read_issues if issue.layer == "rail_features" and issue.level is Level.WARNING]
    assert len(told) == 1
    assert all(word in told[0].message for word in ("features.gpkg", "2, 3", "油库", "道口", "crossing"))


def test_a_layer_without_any_known_kind_or_without_the_field_is_refused(things_of):
    with pytest.raises(InputError, match="油库"):
        things_of([place(0)], {"类型": ["油库"], "名称": ["a"]})
    with pytest.raises(InputError, match=r"fields\.kind"):
        things_of([place(0)], {"名称": ["a"]}, name="名称")


def test_what_has_no_length_is_told(things_of):
    project = things_of([place(0), place(1), place(2)], {"类型": ["桥梁", "坡道", "道口"], "名称": ["a", "b", "c"]})
    rows = {issue.level: issue.values["rows"] for issue in project.read_issues if "length" in issue.text}
    assert rows == {Level.INFO: "1", Level.WARNING: "2"}


def test_a_file_is_taken_for_them_by_its_name_and_fields(write_layer, tmp_path):
    path = write_layer(tmp_path / "铁路沿线要素.gpkg", [place(0), place(5)], {"类型": ["道口", "桥梁"], "名称": ["a", "b"], "数量": [1, 2]})
    report = inspect([path])[0]
    assert report.role == "rail_features"
    assert dict(report.mapping) == {"kind": "类型", "name": "名称", "amount": "数量"}
    lines = write_layer(tmp_path / "rail_features.gpkg", [way((0, 0), (9, 9))], {"kind": ["fence"], "name": ["x"]})
    assert inspect([lines])[0].role == "rail_features"


def test_they_are_kept_in_the_project_file(things_of, tmp_path):
    project = things_of([place(0), way((0, 0), (50, 5))], {"类型": ["道口", "护栏"], "名称": ["a", "b"]})
    save_project(project, tmp_path / "x.gridplan")
    again = open_project(tmp_path / "x.gridplan").rail_things
    assert again.kinds.tolist() == ["crossing", "fence"]
    assert np.array_equal(again.lines.coords, project.rail_things.lines.coords)
    assert again.names.tolist() == ["a", "b"]
