"""Re-planning as a script uses it: a project with new households, a plan file with a drawn plan; exports read again by GDAL."""

import csv
import json
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from pyproj import Transformer

from gridplanner.cli import main
from gridplanner.io.project_file import open_project
from gridplanner.model.transfers import transfers_of

X0, Y0 = 500_000.0, 3_900_000.0
PLAN = """
[project]
name = "小镇"
crs = "EPSG:4545"
[sources.households]
path = "homes.gpkg"
fields = { households = "hh", address = "dz" }
[sources.roads]
path = "roads.gpkg"
fields = { class = "highway" }
[grids]
effort = "quick"
[export]
encoding = "gb18030"
"""


def write_homes(path: Path, households) -> None:
    rng = np.random.default_rng(1)
    xy = rng.random((600, 2)) * 800 + (X0, Y0)
    address = np.array([f"幸福路{i}号" for i in range(600)], object)
    pyogrio.raw.write(
        path, shapely.to_wkb(shapely.points(xy)), [np.asarray(households, float), address], ["hh", "dz"], geometry_type="Point",
        crs="EPSG:4545",
    )  # fmt: skip


@pytest.fixture
def village(tmp_path: Path) -> Path:
    """A folder with a plan file, 1,200 households at 600 addresses and a lattice of streets."""
    write_homes(tmp_path / "homes.gpkg", np.full(600, 2.0))
    ticks = np.arange(0, 801, 160.0)
    lines = [shapely.LineString([(X0 + t, Y0 - 100), (X0 + t, Y0 + 900)]) for t in ticks]
    lines += [shapely.LineString([(X0 - 100, Y0 + t), (X0 + 900, Y0 + t)]) for t in ticks]
    highway = np.array(["residential"] * len(lines), object)
    pyogrio.raw.write(
        tmp_path / "roads.gpkg", shapely.to_wkb(np.array(lines)), [highway], ["highway"], geometry_type="LineString", crs="EPSG:4545"
    )
    plan = tmp_path / "plan.toml"
    plan.write_text(PLAN, encoding="utf-8")
    return plan


def grown(project):
    """Households per address in which the people of one grid have become half as many again."""
    grid = sorted(project.grids.grids)[0]
    inside = project.grids.labels[project.units.address_unit] == grid
    return np.where(inside, 3.0, 2.0)


def test_a_project_gets_new_households_and_its_exports_say_who_moves(village, capsys):
    folder = village.parent
    assert main(["run", str(village), "--out", str(folder / "out"), "--quiet"]) == 0
    before = open_project(folder / "out" / "小镇.gridplan")
    write_homes(folder / "new.gpkg", grown(before))
    words = ["replan", str(folder / "out" / "小镇.gridplan"), "--households", str(folder / "new.gpkg"), "--max-moved", "0.25"]
    assert main([*words, "--valid-from", "2026-03-01", "--out", str(folder / "neu"), "--json", "--quiet", "--lang", "en"]) == 0
    summary = json.loads(capsys.readouterr().out)["replan"]
    project = open_project(folder / "neu" / "小镇.gridplan")
    moves = transfers_of(project)
    assert 0 < summary["households_moved"] == moves.moved
    assert summary["share_moved"] <= summary["limit"] == 0.25
    assert summary["certain"] <= summary["share_moved"] + 1e-9
    assert np.array_equal(open_project(folder / "out" / "小镇.gridplan").grids.labels, before.grids.labels)
    for source, layer in ((folder / "neu" / "transfers.dbf", None), (folder / "neu" / "小镇.gpkg", "transfers")):
        meta, _fids, geometry, columns = pyogrio.raw.read(source, layer=layer)
        rows = dict(zip(meta["fields"].tolist(), columns, strict=True))
        assert geometry is None
        assert set(rows) == {"address", "households", "from_code", "to_code"}
        assert rows["address"].tolist() == [f"幸福路{i}号" for i in moves.address]
        assert rows["households"].sum() == pytest.approx(moves.moved)
        assert rows["from_code"].tolist() == moves.before.tolist()
        assert rows["to_code"].tolist() == moves.now.tolist()
    meta, _fids, shapes, columns = pyogrio.raw.read(folder / "neu" / "grids.shp")
    rows = dict(zip(meta["fields"].tolist(), columns, strict=True))
    assert "2026-03-01" in rows["valid_from"].tolist()
    assert shapely.coverage_is_valid(shapely.from_wkb(shapes))
    with (folder / "neu" / "fields.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert {row[1] for row in csv.reader(stream) if row[0] == "transfers"} == {"address", "households", "from_code", "to_code"}


def test_a_retired_grid_is_in_the_exports_with_its_successors(village):
    folder = village.parent
    main(["run", str(village), "--out", str(folder / "out"), "--quiet"])
    write_homes(folder / "new.gpkg", np.full(600, 1.5))
    words = ["replan", str(folder / "out" / "小镇.gridplan"), "--households", str(folder / "new.gpkg"), "--valid-from", "2026-03-01"]
    assert main([*words, "--quiet"]) == 0
    out = folder / "out" / "小镇-replan"
    project = open_project(out / "小镇.gridplan")
    (end,) = project.grids.retired
    meta, _fids, geometry, columns = pyogrio.raw.read(out / "retired.dbf")
    rows = dict(zip(meta["fields"].tolist(), columns, strict=True))
    assert geometry is None
    assert rows["grid_code"].tolist() == [end.code]
    assert rows["new_codes"].tolist() == [",".join(end.successors)]
    assert rows["retired"].tolist() == ["2026-03-01"]


def test_a_plan_file_with_a_drawn_plan_in_another_crs_starts_from_it(village, capsys):
    folder = village.parent
    quarters = [shapely.box(X0 + 400 * i, Y0 + 400 * k, X0 + 400 * (i + 1), Y0 + 400 * (k + 1)) for i in (0, 1) for k in (0, 1)]
    to_degrees = Transformer.from_crs("EPSG:4545", "EPSG:4490", always_xy=True)
    drawn = shapely.transform(np.array(quarters, object), lambda xy: np.column_stack(to_degrees.transform(*xy.T)))
    codes = np.array([f"90000000000100{i}" for i in range(1, 5)], object)
    names = np.array([f"老网格{i}" for i in range(1, 5)], object)
    pyogrio.raw.write(
        folder / "drawn.shp", shapely.to_wkb(drawn), [codes, names], ["网格编码", "网格名称"], geometry_type="Polygon", crs="EPSG:4490",
        encoding="GB18030",
    )  # fmt: skip
    plan = PLAN.replace(
        "[grids]",
        '[sources.current_grids]\npath = "drawn.shp"\nfields = { code = "网格编码", name = "网格名称" }\n[grids]\nmax_moved = 0.1',
    )
    village.write_text(plan, encoding="utf-8")
    assert main(["replan", str(village), "--out", str(folder / "out"), "--json", "--quiet", "--lang", "en"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["replan"]["limit"] == 0.1
    assert summary["replan"]["share_moved"] <= 0.1
    project = open_project(folder / "out" / "小镇.gridplan")
    assert {grid.code for grid in project.grids.grids.values()} == set(codes.tolist())
    assert {grid.name for grid in project.grids.grids.values()} == set(names.tolist())
    assert not [issue for issue in project.read_issues if issue.kind == "unused"]
    assert main(["run", str(village), "--out", str(folder / "again"), "--lang", "en"]) == 0
    moved = summary["replan"]
    words = f"Re-plan: {moved['households_moved']:g} households move, {100 * moved['share_moved']:.1f} % of all"
    assert words in capsys.readouterr().err
    again = open_project(folder / "again" / "小镇.gridplan")
    assert np.array_equal(again.grids.labels, project.grids.labels)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--max-moved", "3"], "max_moved is 3"),
        (["--valid-from", "tomorrow"], "tomorrow is not a day"),
        ([], "current_grids"),
    ],
)
def test_what_cannot_be_is_wrong_usage_and_nothing_is_written(village, capsys, words, said):
    assert main(["replan", str(village), *words, "--out", str(village.parent / "out"), "--quiet", "--lang", "en"]) == 2
    assert said in capsys.readouterr().err
    assert not (village.parent / "out").exists()


@pytest.mark.parametrize("lang", ["zh_CN", "en"])  # the last one stays for the tests that follow
def test_the_help_has_an_example(lang, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["replan", "--help", "--lang", lang])
    assert stopped.value.code == 0
    assert "gridplanner replan town.gridplan" in capsys.readouterr().out
