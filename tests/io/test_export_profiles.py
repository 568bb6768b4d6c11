"""Export profiles: other names, order, constants; read from TOML, told where they are wrong, and seen in the files."""

import csv
import dataclasses

import fiona
import numpy as np
import pyogrio.raw
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gridplanner.errors import InputError
from gridplanner.export_profiles import (
    ExportProfile,
    LayerProfile,
    profile_named,
    profiles_folder,
    read_profile,
    ready_profiles,
)
from gridplanner.io.layer_columns import rows_of
from gridplanner.io.layer_schemas import SCHEMAS
from gridplanner.io.layers import write_layers
from gridplanner.io.profile_file import write_profile
from gridplanner.io.profile_rows import apply, check_profile
from gridplanner.io.text_width import short_names
from gridplanner.plan_file import read_plan
from gridplanner.settings import ExportSettings

SQUARE = np.array([shapely.box(0, 0, 9, 9)], object)
ROWS = rows_of("grids", SQUARE, {"grid_code": ["001"], "name": ["甲"], "households": [300.0]})
NAMES = st.text("网格编码abcXY_12 =\"'\\\n", min_size=1, max_size=12).filter(lambda name: name.strip() and name.isprintable())

VALUES = st.one_of(st.text(), st.integers(-9, 10**9), st.floats(-1e9, 1e9))


def exporting(project, **export):
    return dataclasses.replace(project, settings=dataclasses.replace(project.settings, export=ExportSettings(**export)))


def test_fields_are_renamed_ordered_dropped_and_added():
    profile = ExportProfile(
        "x", all=LayerProfile(drop=("persons",), constant={"来源": "=甲"}),
        layers={"grids": LayerProfile("网格", False, ("name", "年份"), ("area_m2",), {"grid_code": "编码"}, {"年份": 2026, "k": 1.5})},
    )  # fmt: skip
    check_profile(profile)
    found = apply(profile, ROWS)
    names = [part.name for part in found.schema.fields]
    assert names[:3] == ["name", "年份", "编码"]
    assert not {"persons", "area_m2", "grid_code"} & set(names)
    assert (found.schema.name, found.schema.origin) == ("网格", "grids")
    assert (found.columns["年份"].tolist(), found.columns["k"].tolist(), list(found.columns["来源"])) == ([2026], [1.5], ["=甲"])
    assert list(found.columns) == names
    assert found.schema.field_of("grid_code").name == "编码"
    assert found.shapes is ROWS.shapes
    assert apply(ExportProfile(), ROWS).schema == ROWS.schema


def test_fields_of_one_name_are_told_apart():
    profile = ExportProfile("x", layers={"grids": LayerProfile(rename={"grid_code": "NAME"}, constant={"households": 1})})
    names = [part.name.lower() for part in apply(profile, ROWS).schema.fields]
    assert len(set(names)) == len(names)


def test_a_layer_can_stay_at_home():
    assert apply(ExportProfile("x", layers={"grids": LayerProfile(leave_out=True)}), ROWS) is None


@given(
    st.builds(
        LayerProfile, file=st.sampled_from(["", "网格", "a b"]), leave_out=st.booleans(), order=st.tuples(NAMES), drop=st.tuples(NAMES),
        rename=st.dictionaries(NAMES, NAMES, max_size=3), constant=st.dictionaries(NAMES, VALUES),
    )
)  # fmt: skip
def test_a_written_profile_is_read_again_as_it_was(tmp_path_factory, layer):
    path = tmp_path_factory.getbasetemp() / "profile.toml"
    profile = ExportProfile('名 "x"', "about\nit", "chinese", layers={"grids": layer})
    write_profile(profile, path)
    assert read_profile(path) == profile


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[layers.gridz]", ["layers.gridz", "did you mean grids"]),
        ('[layers.grids]\nrename = { grid_cod = "x" }', ["[layers.grids] rename", "grid_cod", "did you mean grid_code"]),
        ('[layers.grids]\nordre = ["name"]', ["[layers.grids]", "ordre", "did you mean order"]),
        ('[layers.grids]\ndrop = ["nam"]', ["drop", "did you mean name"]),
        ('[layers.grids]\nfile = "a/b"', ["a/b"]),
        ('[layers.grids]\nfile = "zones"', ["zones", "called too"]),
        ('names = "chinees"', ["names", "did you mean chinese"]),
        ("[all]\nleave_out = true", ["[all]"]),
        ('[all]\nrename = { grid_code = "" }', ["without a name"]),
        ('[layers.grids]\nfile = "NUL"', ["NUL"]),
        ('[layers.grids]\nfile = "fields"', ["fields"]),  # whose table would take its place
        ('[layers.grids]\nfile = "routes"\n[layers.routes]\nfile = "r"', ["routes"]),  # where the crews' routes are
        (f'[layers.grids]\nfile = "{"长" * 70}"', ["长长"]),
        ("[layers.grids]\nconstant = { a = [1] }", ["layers.grids.constant.a"]),
        ("[layers.grids]\nconstant = { a = 1_000_000_000_000_000_000 }", ["18 digits"]),
        ("[all]\nconstant = { a = inf }", ["18 digits"]),
        ("name = ", ["TOML"]),
    ],
)
def test_what_is_wrong_with_a_profile_is_told_with_its_place(tmp_path, text, words):
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as why:
        check_profile(read_profile(path))
    assert all(word in str(why.value) for word in ["mine.toml", *words]), str(why.value)


def test_profiles_are_found_by_name_and_by_file(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("APPDATA", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    own = profiles_folder() / "ours.toml"
    write_profile(ExportProfile("ours"), own)
    assert {"chinese", "governance_example", "ours"} <= set(ready_profiles())
    assert profile_named("ours").name == "ours"
    assert profile_named(str(own)).name == "ours"
    assert profile_named("standard") == ExportProfile()
    with pytest.raises(InputError, match="did you mean chinese"):
        profile_named("chinesse")


def test_the_profile_of_a_plan_is_beside_it(tmp_path):
    write_profile(ExportProfile("p"), tmp_path / "p.toml")
    (tmp_path / "plan.toml").write_text('[export]\nprofile = "p.toml"\n', encoding="utf-8")
    assert profile_named(read_plan(tmp_path / "plan.toml").export.profile).name == "p"


def test_ready_profiles_fit_the_layers_and_shapefiles_in_chinese():
    for path in ready_profiles().values():
        check_profile(read_profile(path))
    profile = profile_named("chinese")
    for name, schema in SCHEMAS.items():
        found = apply(profile, rows_of(name, np.empty(0, object), {}))
        names = [part.name for part in found.schema.fields]
        assert short_names(names, "gb18030") == names, name
        assert len(names) == len(schema.fields) - len(profile.of(name).drop)


@pytest.fixture(scope="module")
def chinese(town, tmp_path_factory):
    folder = tmp_path_factory.mktemp("chinese")
    write_layers(exporting(town, formats=("shp", "gpkg", "csv"), profile="chinese"), folder)
    return folder


def test_chinese_names_are_in_the_files_and_explained(chinese, town):
    with fiona.open(chinese / "网格.shp") as rows:
        assert list(rows.schema["properties"])[:3] == ["网格编码", "网格名称", "社区编码"]
        assert rows.schema["properties"]["户数"].startswith("int")
    meta = pyogrio.raw.read(next(chinese.glob("*.gpkg")), layer="网格")[0]
    assert meta["fields"][0] == "网格编码"
    with (chinese / "fields.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    row = next(row for row in rows if (row["layer here"], row["field here"]) == ("grids", "street_pct"))
    assert (row["layer"], row["field"], row["in shapefiles"], row["unit"]) == ("网格", "街边界比", "街边界比", "%")
    assert not (chinese / "grids.shp").exists()


def test_files_of_another_profile_do_not_linger(chinese, town):
    assert (chinese / "网格.qml").exists()
    write_layers(exporting(town, formats=("gpkg",), profile="standard"), chinese)
    assert not list(chinese.glob("网格*"))
    assert not list(chinese.glob("*.qml"))


def test_names_too_long_for_a_shapefile_are_shortened_apart_and_told(town, tmp_path):
    profile = ExportProfile("long", all=LayerProfile(rename={"grid_code": "网格编码的长名称甲", "comm_code": "网格编码的长名称乙"}))
    write_profile(profile, tmp_path / "long.toml")
    bare = dataclasses.replace(town, zones=None)
    write_layers(exporting(bare, formats=("shp",), profile=str(tmp_path / "long.toml"), encoding="utf-8"), tmp_path / "out")
    with fiona.open(tmp_path / "out" / "grids.shp") as rows:
        names = list(rows.schema["properties"])
    assert names[0] == "网格编"
    assert names[2] == "网格编2"
    with fiona.open(tmp_path / "out" / "issues.shp") as rows:
        assert "renamed" in {row["properties"]["kind"] for row in rows}
