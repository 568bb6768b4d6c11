"""Rules from layers: what is read, what is said, and what a plan file makes of it."""

import dataclasses

import numpy as np
import pytest
import shapely
from block_town import X, Y, block_town, box, grid, line, planned

from gridplanner.cli import main
from gridplanner.errors import InputError
from gridplanner.io.inspection import inspect
from gridplanner.io.project_file import open_project, save_project
from gridplanner.model.places import texts
from gridplanner.model.rules import NO_RULES
from gridplanner.settings import GridSettings

HOMES = [shapely.Point(X + 50 + 100 * i, Y + 50) for i in range(6)]


def words(*values):
    return np.array(values, object)


def test_estates_exclusive_areas_groups_lines_and_places_are_read(write_layer, read, tmp_path):
    estates = write_layer(tmp_path / "e.gpkg", [box(0, 0, 2, 1), box(2, 0, 3, 1)], {"n": words("花园", None)})
    project = read(
        households=write_layer(tmp_path / "homes.gpkg", HOMES),
        estates={"path": estates, "fields": {"name": "n"}},
        exclusive={"path": write_layer(tmp_path / "x.geojson", [box(4, 0, 5, 1)], {"单位": words("一中")}), "fields": {"name": "单位"}},
        groups=write_layer(tmp_path / "g.gpkg", [box(0, 0, 6, 1)]),
        fixed_lines=write_layer(tmp_path / "l.gpkg", [shapely.LineString(line((3, 0), (3, 1)).coords), box(0, 0, 1, 1)]),
        must_stay={"path": write_layer(tmp_path / "m.gpkg", HOMES[:3], {"code": words("a", "", "b")}), "fields": {"code": "code"}},
        crs="EPSG:4545",
    )  # fmt: skip
    rules = project.rules
    assert list(rules.keep.names) == ["花园", "#2"]
    assert rules.keep.cuts.all()
    assert list(rules.exclusive.names) == ["一中"]
    assert list(rules.groups.names) == ["#1"]
    assert shapely.area(rules.keep.polygons).tolist() == pytest.approx([20_000.0, 10_000.0])
    assert len(rules.fixed_lines) == 2
    assert list(rules.must_stay.codes) == ["a", "b"]
    assert rules.must_stay.xy.tolist() == [[X + 50, Y + 50], [X + 250, Y + 50]]
    assert [i.kind for i in project.read_issues if i.layer == "must_stay"] == ["value"]
    counts = {p.source: p.count for p in project.provenance if p.source != "households"}
    assert counts == {"estates": 2, "exclusive": 1, "groups": 1, "fixed_lines": 2, "must_stay": 2}


def test_a_project_without_rules_has_the_one_empty_value(write_layer, read, tmp_path):
    assert read(households=write_layer(tmp_path / "homes.gpkg", HOMES), crs="EPSG:4545").rules is NO_RULES


def test_places_without_a_code_field_are_refused(write_layer, read, tmp_path):
    homes = write_layer(tmp_path / "homes.gpkg", HOMES)
    with pytest.raises(InputError, match=r"must_stay\] needs fields.code"):
        read(households=homes, must_stay=homes, crs="EPSG:4545")


def test_the_group_of_an_address_is_read(write_layer, read, tmp_path):
    path = write_layer(tmp_path / "homes.gpkg", HOMES[:3], {"小组": words("一组", None, "二组")})
    assert list(read(households={"path": path, "fields": {"group": "小组"}}, crs="EPSG:4545").households.group) == ["一组", "", "二组"]
    assert read(households=path, crs="EPSG:4545").households.group is None


def test_communities_drawn_by_groups_are_joined_by_their_code(write_layer, read, tmp_path):
    columns = {
        "code": words("620802001001", "620802001002", "620802001001"),
        "name": words("东村", "西村", "东村"),
        "grp": words("一组", "一组", "二组"),
    }
    path = write_layer(tmp_path / "c.gpkg", [box(0, 0, 2, 2), box(4, 0, 6, 2), box(2, 0, 4, 2)], columns)
    fields = {"code": "code", "name": "name", "group": "grp"}
    project = read(communities={"path": path, "fields": fields}, crs="EPSG:4545")
    assert list(project.communities.codes) == ["620802001001", "620802001002"]
    assert shapely.area(project.communities.polygons).tolist() == pytest.approx([80_000.0, 40_000.0])
    assert list(project.rules.groups.names) == ["一组", "一组", "二组"]
    with pytest.raises(InputError, match="the community that a group is of"):
        read(communities={"path": path, "fields": {"group": "grp"}}, crs="EPSG:4545")
    homes = block_town(6, 2, 40).households
    project = dataclasses.replace(
        project, households=homes, settings=dataclasses.replace(project.settings, grids=GridSettings(rural="villages", effort="quick"))
    )
    town = planned(project)
    assert sorted((g.community, g.name) for g in town.grids.grids.values()) == [(0, "一组"), (0, "二组"), (1, "一组")]
    assert len({grid(town, c, 0) for c in range(6)}) == 3


@pytest.mark.parametrize(
    ("name", "shape", "columns", "role", "mapping"),
    [
        ("专属网格", box(0, 0, 1, 1), {"单位名称": words("一中")}, "exclusive", {"name": "单位名称"}),
        ("小区", box(0, 0, 1, 1), {"名称": words("花园")}, "estates", {"name": "名称"}),
        ("村民小组", box(0, 0, 1, 1), {"小组": words("一组")}, "groups", {"name": "小组"}),
        ("fixed_lines", shapely.LineString([(X, Y), (X, Y + 9)]), {}, "fixed_lines", {}),
        ("must_stay", shapely.Point(X, Y), {"网格编码": words("620802001001001")}, "must_stay", {"code": "网格编码"}),
    ],
)
def test_a_look_into_a_file_knows_rules(write_layer, tmp_path, name, shape, columns, role, mapping):
    report = inspect([write_layer(tmp_path / f"{name}.gpkg", [shape], columns)])[0]
    assert (report.role, dict(report.mapping)) == (role, mapping)


def test_a_group_by_address_survives_the_project_file(tmp_path):
    town = block_town(2, 2)
    town = dataclasses.replace(town, households=dataclasses.replace(town.households, group=texts(["a", "b", "", "a"])))
    save_project(town, tmp_path / "g.gridplan")
    assert list(open_project(tmp_path / "g.gridplan").households.group) == ["a", "b", "", "a"]


def test_a_plan_file_whose_rules_contradict_each_other_ends_with_exit_code_3(write_layer, tmp_path, capsys):
    write_layer(tmp_path / "homes.gpkg", HOMES)
    write_layer(tmp_path / "c.gpkg", [box(0, 0, 3, 1), box(3, 0, 6, 1)], {"name": words("东村", "西村")})
    write_layer(tmp_path / "x.gpkg", [box(2, 0, 4, 1)], {"name": words("工厂")})
    plan = tmp_path / "plan.toml"
    plan.write_text(
        '[project]\ncrs = "EPSG:4545"\n[sources.communities]\npath = "c.gpkg"\nfields = { name = "name" }\n'
        '[sources.households]\npath = "homes.gpkg"\n[sources.exclusive]\npath = "x.gpkg"\nfields = { name = "name" }\n[grids]\n',
        encoding="utf-8",
    )
    assert main(["run", str(plan), "--out", str(tmp_path / "out"), "--lang", "en", "--quiet"]) == 3
    said = capsys.readouterr().err
    assert "The exclusive area 工厂 lies in several communities (households: 东村: 1, 西村: 1)" in said
    assert not (tmp_path / "out").exists()
