"""Layers into a real PostGIS server and out again, by this program and by GDAL."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridplanner.errors import InputError
from gridplanner.io.inspection import inspect
from gridplanner.io.layer_columns import rows_of
from gridplanner.io.layer_schemas import REAL, TEXT, WHOLE
from gridplanner.io.postgis_write import DatabaseTarget, write_postgis, written_postgis
from gridplanner.io.shifted_systems import datum_of
from gridplanner.io.vector_files import layer_bounds, layer_info, list_layers, read_table
from tests.io.postgis_server import CRS, EVIL, SERVICE, SQUARES, Database, made, rows_in, schema_of, squares


def test_layers_come_back_as_they_went_in(database: Database) -> None:
    schema = schema_of(database, "来 回")
    issues = rows_of("issues", np.array([shapely.Point(1, 2), None], object), {"message": ["缺口", "x"], "kind": ["gap", "outside"]})
    people = rows_of("transfers", np.full(1, None, object), {"address": ["幸福路1号"], "households": [1.25], "to_code": ["002"]})
    write_postgis([squares(), issues, people], database.target(schema), CRS)
    assert list_layers(database.source).items() >= {
        (f"{schema}.grids", "MultiPolygon"), (f"{schema}.issues", "Point"), (f"{schema}.transfers", ""),
    }  # fmt: skip
    info = layer_info(database.source, f"{schema}.grids")
    assert (info.count, info.crs, info.geometry) == (3, CRS, "MultiPolygon")
    assert {"name": "string", "households": "real", "workers": "integer64"}.items() <= dict(info.fields).items()
    table = read_table(database.source, f"{schema}.grids", ["name", "households", "grid_code"])
    assert table.columns["name"].tolist() == ["第一网格", "O'Brien", EVIL]
    assert table.columns["households"].tolist()[:2] == [300.0, 310.5]
    assert np.isnan(table.columns["households"][2])
    assert all(shapely.equals(table.shapes, SQUARES))
    assert (table.crs, table.rows.tolist(), table.short) == (CRS, [1, 2, 3], f"postgis:{SERVICE} ({schema}.grids)")
    assert layer_bounds(database.source, f"{schema}.grids") == (0.0, 0.0, 30.0, 10.0)
    places = read_table(database.source, f"{schema}.issues", ["message"])
    assert places.kinds.tolist() == ["point", "nothing"]
    plain = read_table(database.source, f"{schema}.transfers", ["address", "households"], places=False)
    assert (plain.columns["address"].tolist(), plain.columns["households"].tolist()) == (["幸福路1号"], [1.25])
    with pytest.raises(InputError, match="table without places"):
        read_table(database.source, f"{schema}.transfers", ["address"])
    part = read_table(database.source, f"{schema}.grids", ["grid_code"], limit=1, first=1)
    assert (part.columns["grid_code"].tolist(), part.rows.tolist()) == (["002"], [2])
    west = read_table(database.source, f"{schema}.grids", ["grid_code"], box=(-5.0, 1.0, 5.0, 2.0))
    assert west.columns["grid_code"].tolist() == ["001"]


def test_columns_bear_their_chinese_names_and_the_shapes_an_index(database: Database) -> None:
    schema = schema_of(database, "comments")
    write_postgis([squares()], database.target(schema), CRS)
    said = database.run(f"SELECT col_description('{schema}.grids'::regclass, 3)")
    assert said.startswith("网格编码 · grid code")
    assert "USING gist (geom)" in database.run(f"SELECT string_agg(indexdef, ';') FROM pg_indexes WHERE schemaname = '{schema}'")
    assert database.run(f"SELECT Find_SRID('{schema}', 'grids', 'geom')").strip() == "4545"


def test_shifted_coordinates_have_no_srid_and_say_what_they_are(database: Database) -> None:
    schema = schema_of(database, "shifted")
    write_postgis([squares()], database.target(schema), "gcj02")
    assert (
        database.run(
            f"SELECT ST_SRID(geom), obj_description('{schema}.grids'::regclass) LIKE '%GCJ-02%' FROM {schema}.grids LIMIT 1"
        ).strip()
        == "0|t"
    )
    assert datum_of(layer_info(database.source, f"{schema}.grids").crs) == "gcj02"
    assert datum_of(read_table(database.source, f"{schema}.grids", []).crs) == "gcj02"
    database.run(f"COMMENT ON TABLE {schema}.grids IS 'anything; GCJ-02: of others'")
    assert layer_info(database.source, f"{schema}.grids").crs == ""


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=40)
VALUES = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    layer=NAMES, fields=st.lists(NAMES, min_size=2, max_size=4, unique=True), texts=st.lists(VALUES, min_size=2, max_size=2),
    whole=st.integers(-(2**53), 2**53), real=st.floats(allow_nan=False),
)  # fmt: skip
def test_any_names_and_values_come_back_and_nothing_is_run_that_they_say(
    layer: str, fields: list[str], texts: list[str], whole: int, real: float, database: Database
) -> None:
    database.run('DROP SCHEMA IF EXISTS "引号"" ;" CASCADE')
    kinds = [(fields[0], TEXT), (fields[1], WHOLE), *((name, REAL) for name in fields[2:])]
    rows = made(layer, "Point", kinds, [shapely.Point(1, 2), shapely.Point(3, 4)], {
        fields[0]: texts, fields[1]: [whole, -whole], **{name: [real, 0.5] for name in fields[2:]},
    })  # fmt: skip
    write_postgis([rows], DatabaseTarget(SERVICE, '引号" ;'), CRS)
    (found,) = [name for name in list_layers(database.source) if name.startswith('引号" ;.')]
    own = [name for name in layer_info(database.source, found).fields if name not in ("fid", "fid_2")][: len(fields)]
    table = read_table(database.source, found, own)
    columns = [table.columns[name].tolist() for name in own]
    assert columns[0] == texts
    assert columns[1] == [whole, -whole]
    assert all(column == [real, 0.5] for column in columns[2:])
    assert all(len(name.encode()) <= 63 for name in own)
    assert all(name == wished or len(wished.encode()) > 63 or wished in ("fid", "geom") for name, wished in zip(own, fields, strict=True))


def test_long_names_are_cut_between_characters_and_stay_apart(database: Database) -> None:
    schema = schema_of(database, "long")
    long = "很长的字段名称" * 5
    rows = made("网" * 40, "Point", [(long + "甲", TEXT), (long + "乙", TEXT), ("geom", TEXT), ("fid", WHOLE)], [shapely.Point(1, 2)], {
        long + "甲": ["1"], long + "乙": ["2"], "geom": ["三"], "fid": [4],
    })  # fmt: skip
    write_postgis([rows], database.target(schema), CRS)
    assert f"{schema}.{'网' * 21}" in list_layers(database.source)
    fields = [*layer_info(database.source, f"{schema}.{'网' * 21}").fields]
    assert fields == ["fid_2", long[:21], long[:20] + "_2", "geom", "fid"]
    assert read_table(database.source, f"{schema}.{'网' * 21}", fields).columns["geom"].tolist() == ["三"]


def test_readers_see_the_old_rows_until_the_new_ones_are_all_there(database: Database) -> None:
    schema = schema_of(database, "seen")
    write_postgis([squares()], database.target(schema), CRS)
    with written_postgis([squares(["甲", "乙", "丙"])], database.target(schema), CRS):
        assert rows_in(database, f"{schema}.grids", "name")[0] == EVIL
    assert rows_in(database, f"{schema}.grids", 'name COLLATE "C"') == ["丙", "乙", "甲"]


def test_the_same_columns_keep_views_and_rights_and_other_columns_take_the_rights_along(database: Database) -> None:
    schema = schema_of(database, "kept")
    write_postgis([squares()], database.target(schema), CRS)
    database.run(
        f"GRANT SELECT ON {schema}.grids TO PUBLIC; CREATE VIEW {schema}.big AS SELECT * FROM {schema}.grids WHERE households > 305"
    )
    write_postgis([squares(["甲", "乙", "丙"])], database.target(schema), CRS)
    assert database.run(f"SELECT name FROM {schema}.big").strip() == "乙"
    slim = dataclasses.replace(squares(), schema=dataclasses.replace(squares().schema, fields=squares().schema.fields[:3]))
    with pytest.raises(InputError, match=r"kept\.big depend"):
        write_postgis([slim], database.target(schema), CRS)
    database.run(f"DROP VIEW {schema}.big")
    write_postgis([slim], database.target(schema), CRS)
    assert [*layer_info(database.source, f"{schema}.grids").fields] == ["fid", "grid_code", "name", "comm_code"]
    assert database.run(f"SELECT has_table_privilege('public', '{schema}.grids', 'SELECT')").strip() == "t"
    write_postgis([rows_of("beats", np.zeros(0, object), {})], database.target(schema), CRS)
    assert rows_in(database, f"{schema}.grids") == []  # a plan that is gone is not shown


def test_what_others_made_is_read(database: Database) -> None:
    schema = schema_of(database, "others")
    database.run(f"""
        CREATE SCHEMA {schema};
        CREATE TABLE {schema}."街 道" (
          "编 号" int PRIMARY KEY, "户数" bigint, "面积" numeric(12,3), "代码" numeric, "真" boolean, "日期" date, "标签" text[],
          "杂" jsonb, "空" int, "点" geometry(PointZ, 4490), "线" geometry(LineString, 4490), "图" bytea);
        INSERT INTO {schema}."街 道" VALUES
          (2, 7, 1.5, 12345678901234567890, true, '2026-03-01', '{{甲,乙}}', '{{"a": 1}}', NULL,
            'SRID=4490;POINT Z (106 35 9)', NULL, NULL),
          (1, 9007199254740993, 2.25, 1, false, NULL, NULL, NULL, 3, 'SRID=4490;POINT Z (107 36 9)', NULL, NULL);
        CREATE VIEW {schema}.seen AS SELECT "编 号", ST_Transform("点", 4545) AS geom FROM {schema}."街 道";
        CREATE MATERIALIZED VIEW {schema}.made AS SELECT 1 AS n, 'POINT(1 2)'::geography AS place;
        CREATE TABLE {schema}.mixed (g geometry);
        INSERT INTO {schema}.mixed VALUES ('SRID=4490;POINT(1 2)'), ('SRID=4326;POINT(1 2)');
        CREATE TABLE {schema}.curved (g geometry);
        INSERT INTO {schema}.curved VALUES ('CURVEPOLYGON(CIRCULARSTRING(0 0, 2 0, 2 2, 0 2, 0 0))');
        CREATE TABLE {schema}.unknown (g geometry(Point, 990001));
        INSERT INTO {schema}.unknown VALUES ('SRID=990001;POINT(1 2)');
    """)
    known = list_layers(database.source)
    assert (known[f"{schema}.街 道(点)"], known[f"{schema}.街 道(线)"]) == ("Point", "LineString")
    assert {known[f"{schema}.made"], known[f"{schema}.seen"]} == {"Unknown"}  # found out when they are looked into
    info = layer_info(database.source, f"{schema}.街 道(点)")
    assert info.crs == "EPSG:4490"
    assert [*info.fields] == ["编 号", "户数", "面积", "代码", "真", "日期", "标签", "杂", "空"]
    table = read_table(database.source, f"{schema}.街 道(点)", [*info.fields])
    assert table.columns["编 号"].tolist() == [1, 2]  # by the key
    assert table.columns["户数"].tolist() == [9007199254740993, 7]
    assert table.columns["面积"].tolist() == [2.25, 1.5]
    assert table.columns["代码"].tolist() == ["1", "12345678901234567890"]
    assert table.columns["真"].tolist() == [False, True]
    assert table.columns["日期"].tolist() == [None, "2026-03-01"]
    assert table.columns["标签"].tolist() == [None, "{甲,乙}"]
    assert table.columns["杂"].tolist() == [None, '{"a": 1}']
    assert table.columns["空"].tolist()[0] == 3.0
    assert np.isnan(table.columns["空"][1])
    assert not shapely.has_z(table.shapes).any()
    seen = layer_info(database.source, f"{schema}.seen")
    assert (seen.geometry, seen.crs, seen.count) == ("Point", CRS, 2)
    earth = read_table(database.source, f"{schema}.made", ["n"])
    assert (earth.crs, earth.points.tolist()) == ("EPSG:4326", [[1.0, 2.0]])
    with pytest.raises(InputError, match=r"several SRIDs \(4326, 4490\)"):
        read_table(database.source, f"{schema}.mixed", [])
    assert read_table(database.source, f"{schema}.curved", []).kinds.tolist() == ["polygon"]
    odd = read_table(database.source, f"{schema}.unknown", [])
    assert odd.crs == ""
    assert odd.notes[0][1]["srid"] == 990001
    with pytest.raises(InputError, match="no field"):
        read_table(database.source, f"{schema}.seen", ["户数"])


def test_inspect_looks_into_tables_of_a_database(database: Database) -> None:
    schema = schema_of(database, "looked")
    write_postgis([squares(), rows_of("beats", np.array(SQUARES, object), {})], database.target(schema), CRS)
    tables = [Path(f"{database.source}#{schema}.{name}") for name in ("grids", "beats")]
    grids, beats, gone = inspect([*tables, Path("postgis:keine")])
    assert (grids.path, grids.layer, grids.geometry, grids.count) == (f"{database.source}", f"{schema}.grids", "polygon", 3)
    assert grids.readable
    assert grids.crs.split(" ")[0] == CRS
    assert beats.layer == f"{schema}.beats"
    assert not gone.readable
    assert "no service or saved connection" in gone.problems[0]


def test_gdal_reads_what_was_written_and_what_gdal_writes_is_read(database: Database, tmp_path: Path) -> None:
    if shutil.which("ogr2ogr") is None:
        pytest.skip("ogr2ogr (package gdal-bin) is not installed")
    if "PostgreSQL -vector-" not in subprocess.run(["ogr2ogr", "--formats"], capture_output=True, text=True, check=True).stdout:
        pytest.skip("this GDAL has no driver for PostgreSQL")
    schema = schema_of(database, "网格 库")
    write_postgis([squares()], database.target(schema), CRS)
    out = tmp_path / "格.gpkg"
    ogr(["-f", "GPKG", str(out), database.ogr, f"{schema}.grids", "-nln", "格"])
    table = read_table(out, "格", ["name", "households"])
    assert table.columns["name"].tolist() == ["第一网格", "O'Brien", EVIL]
    assert table.crs == CRS
    assert all(shapely.equals(table.shapes, SQUARES))
    ogr(["-f", "PostgreSQL", database.ogr, str(out), "格", "-nln", f"{schema}.还", "-lco", "GEOMETRY_NAME=形"])
    back = read_table(database.source, f"{schema}.还", ["name"])
    assert back.columns["name"].tolist() == ["第一网格", "O'Brien", EVIL]
    assert all(shapely.equals(back.shapes, SQUARES))


def ogr(words: list[str]) -> None:
    done = subprocess.run(["ogr2ogr", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
