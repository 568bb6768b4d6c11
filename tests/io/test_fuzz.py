"""Damaged files: whatever is wrong with their bytes, they are read or refused in words; nothing else comes out."""

import itertools
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from gridplanner.errors import GridplannerError, InputError
from gridplanner.io.project_file import open_project, save_project
from gridplanner.io.vector_files import layer_info, list_layers, read_table
from gridplanner.plan_file import read_plan

PARTS = st.sets(st.sampled_from([".shp", ".shx", ".dbf", ".cpg", ".prj"]), min_size=1)
SHAPES = {
    "Point": [shapely.Point(101.7 + at / 100, 36.6) for at in range(4)],
    "LineString": [shapely.LineString([(101.7, 36.6), (101.8, 36.6 + at / 100), (101.9, 36.6)]) for at in range(4)],
    "Polygon": [shapely.box(101.7 + at / 10, 36.6, 101.75 + at / 10, 36.7) for at in range(4)],
}
NAMES = ["城东区", "城中区", "城西区", "㙍村"]
HEAD = 160  # bytes: where most of what a file says of itself stands
ODD = (
    b"\0",
    b"\xff",
    b"\x7f",
    b"\x80",
    b"\0\0\0\0",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b'"',
    b"{",
    b"[" * 40,
    b"*",
)
PLAN = """[project]
name = "试点"
[sources.households]
path = "户.gpkg"
fields = { households = "户数" }
where = "类型 = '住宅'"
[grids]
target = 300
[export]
formats = ["gpkg"]
"""
_numbers = itertools.count()

LENIENT = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def bounded(examples):
    """Return settings under which every run makes the same examples, and none fails for its time."""
    return hypothesis_settings(max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=LENIENT)


@st.composite
def damages(draw):
    """Return edits of bytes: where (a share of the file, or of its head), what stands there then, and for how many bytes."""
    edits = []
    for _times in range(draw(st.integers(1, 4))):
        place = draw(st.floats(0, 1, exclude_max=True))
        new = draw(st.sampled_from(ODD) | st.binary(min_size=0, max_size=6))
        edits.append((draw(st.booleans()), place, new, draw(st.integers(0, 6) | st.just(len(new)))))
    return edits, draw(st.sampled_from([1.0, 1.0, 1.0, 0.5, 0.97]))


def damaged(data, damage):
    edits, share = damage
    raw = bytearray(data)
    for in_head, place, new, old in edits:
        at = int(place * (min(len(raw), HEAD) if in_head else len(raw)))
        raw[at : at + old] = new
    return bytes(raw[: int(len(raw) * share)])


def read_whole(path):
    """Return the rows of every layer of a file, or None where it is refused in words."""
    try:
        rows = 0
        for layer in list_layers(path):
            info = layer_info(path, layer)
            table = read_table(path, layer, list(info.fields), places=bool(info.geometry))
            assert len(table) == len(table.kinds) == len(table.rows)
            rows += len(table)
    except InputError as why:
        told = str(why)
    else:
        return rows
    assert path.name in told
    return None


def fresh(folder: Path) -> Path:
    """Return an empty folder: what was found out about a file is remembered by its name."""
    place = folder / str(next(_numbers))
    place.mkdir()
    return place


@pytest.fixture(scope="module")
def shapefiles(write_shapefile, tmp_path_factory):
    """The parts of a shapefile of each kind, as bytes."""
    folder = tmp_path_factory.mktemp("whole")
    made = {}
    for kind, shapes in SHAPES.items():
        columns = {"名称": NAMES, "户数": np.arange(4), "率": np.arange(4) / 7}
        path = write_shapefile(folder / f"{kind}.shp", shapes, columns, geometry=kind, cpg="GBK", crs="EPSG:4490")
        made[kind] = {part.suffix: part.read_bytes() for part in folder.glob(f"{kind}.*")}
        assert read_whole(path) == 4
    return made


@bounded(150)
@given(
    kind=st.sampled_from(sorted(SHAPES)),
    parts=PARTS,
    damage=damages(),
)
def test_a_damaged_shapefile_is_read_or_refused(shapefiles, tmp_path, kind, parts, damage):
    place = fresh(tmp_path)
    for suffix, data in shapefiles[kind].items():
        (place / f"区{suffix}").write_bytes(damaged(data, damage) if suffix in parts else data)
    rows = read_whole(place / "区.shp")
    assert rows is None or rows <= 1_000


@bounded(80)
@given(damage=damages())
def test_a_damaged_dbf_is_read_or_refused(shapefiles, tmp_path, damage):
    path = fresh(tmp_path) / "表.dbf"
    path.write_bytes(damaged(shapefiles["Point"][".dbf"], damage))
    rows = read_whole(path)
    assert rows is None or rows <= 1_000


@bounded(80)
@given(damage=damages(), codec=st.sampled_from(["utf-8", "gbk"]))
def test_a_damaged_geojson_is_read_or_refused(write_layer, tmp_path, damage, codec):
    whole = tmp_path / "whole.geojson"
    if not whole.exists():
        write_layer(whole, SHAPES["Polygon"], {"名称": NAMES}, crs="EPSG:4326")
    text = whole.read_text(encoding="utf-8").replace("㙍", "村")
    path = fresh(tmp_path) / "区.geojson"
    path.write_bytes(damaged(text.encode(codec), damage))
    rows = read_whole(path)
    assert rows is None or rows <= 4


@bounded(60)
@given(text=st.text(max_size=40), damage=damages())
def test_a_damaged_table_is_read_or_refused(tmp_path, text, damage):
    path = fresh(tmp_path) / "表.csv"
    data = damaged(f"名称,户数\n城东区,3\n{text},4\n".encode("utf-8", "replace"), damage)
    path.write_bytes(data)
    rows = read_whole(path)
    assert rows is None or rows <= data.count(b"\n") + data.count(b"\r") + 1


@bounded(150)
@given(damage=damages())
def test_a_damaged_plan_file_is_read_or_refused(tmp_path, damage):
    path = tmp_path / "plan.toml"
    path.write_bytes(damaged(PLAN.encode(), damage))
    with suppress(GridplannerError):
        assert isinstance(read_plan(path).project.name, str)


@bounded(60)
@given(damage=damages())
def test_a_damaged_project_file_is_opened_or_refused(town, tmp_path_factory, tmp_path, damage):
    whole = tmp_path_factory.getbasetemp() / "fuzzed.gridplan"
    if not whole.exists():
        save_project(town, whole)
    path = fresh(tmp_path) / "a.gridplan"
    path.write_bytes(damaged(whole.read_bytes(), damage))
    with suppress(GridplannerError):
        assert len(open_project(path).households) == len(town.households)
