"""The project file: what is opened is what was saved, to the last bit, and a broken file is told in words."""

import dataclasses
import os
import sqlite3
import struct
import warnings
from contextlib import closing

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from gridplanner.errors import ProjectFileError
from gridplanner.io import project_file
from gridplanner.io.project_file import open_project, save_project
from gridplanner.model.grids import Certificate, Grid, GridPlan, RetiredGrid
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Lines
from gridplanner.model.patrol import PatrolPlan, Route, Stop
from gridplanner.model.places import Barriers, Communities, Depots, Households, KeySites, Railway, Roads, Stations, texts
from gridplanner.model.project import Project, Provenance, fingerprint
from gridplanner.model.rail import RailLine, RailPlan, RailSegment
from gridplanner.model.units import Units
from gridplanner.model.zones import Zone, ZonePlan
from gridplanner.settings import GridSettings, PatrolSettings, ProjectSettings, RailBreak, RailSettings, Settings, SourceSettings
from gridplanner.summary import summary_of

ODD = ["", "网格员", "𠮷", "a\0b", "'\"", "\ud800", "\ud83d\ude00", "😀", "\x1f\x7f", "$array"]
WORDS = st.text(max_size=8) | st.sampled_from(ODD)
BITS = st.integers(0, 2**64 - 1).map(lambda bits: struct.unpack("<d", struct.pack("<Q", bits))[0])  # NaN with any payload among them
NUMBERS = st.floats(allow_nan=True, allow_infinity=True) | BITS | st.sampled_from([-0.0, 5e-324])
WHOLE = st.integers() | st.integers(2**62, 2**70) | st.sampled_from([10**50, -(2**63)])
VALUES = WORDS | WHOLE | NUMBERS | st.none() | st.booleans()


def floats(count, columns=None):
    shape = count if columns is None else count * columns
    made = st.lists(NUMBERS, min_size=shape, max_size=shape).map(lambda v: np.array(v, np.float64))
    return made if columns is None else made.map(lambda v: v.reshape(count, columns))


def column(count, words=WORDS):
    return st.lists(words, min_size=count, max_size=count).map(texts)


def whole(count, dtype=np.int32, low=-1, high=5):
    return st.lists(st.integers(low, high), min_size=count, max_size=count).map(lambda v: np.array(v, dtype))


@st.composite
def lines(draw, count):
    sizes = draw(st.lists(st.integers(2, 4), min_size=count, max_size=count))
    offsets = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
    return Lines(draw(floats(int(offsets[-1]), 2)), offsets)


ISSUES = st.lists(
    st.builds(
        Issue, st.sampled_from(Level), WORDS, WORDS, st.dictionaries(WORDS, VALUES, max_size=2),
        WORDS, WORDS, st.none() | NUMBERS, st.none() | NUMBERS,
    ),
    max_size=2,
).map(tuple)  # fmt: skip


CERTIFICATES = st.lists(
    st.builds(
        Certificate, st.integers(0, 9), WORDS, st.sampled_from(["optimal", "gap", "none"]), st.none() | NUMBERS, st.none() | NUMBERS,
        WORDS, NUMBERS, NUMBERS, NUMBERS, st.integers(0, 10**12), WORDS, st.integers(0, 999),
    ),
    max_size=2,
).map(tuple)  # fmt: skip
ENDS = st.lists(st.builds(RetiredGrid, st.integers(-1, 9), WORDS, WORDS, st.lists(WORDS, max_size=2).map(tuple), WORDS), max_size=2).map(
    tuple
)


@st.composite
def projects(draw):
    size = st.integers(0, 3)
    c, a, r, k, d = (draw(size) for _ in range(5))
    polygons = np.empty(c, object)
    polygons[:] = [
        shapely.MultiPolygon([shapely.box(i, 0, i + 0.1 + 1 / 3, 1), shapely.box(i, 5, i + 1, 6)]) if i % 2 else shapely.box(i, 0, i + 1, 1)
        for i in range(c)
    ]
    plan = draw(st.booleans())
    settings = Settings(
        project=ProjectSettings(name=draw(WORDS), seed=draw(st.integers(0, 2**31 - 1))),
        sources={"households": SourceSettings(path="x.gpkg", fields={"households": draw(WORDS)})} if plan else {},
        grids=GridSettings(target_households=draw(st.floats(1, 900))) if plan else None,
        patrol=PatrolSettings(starts=("08:00", "20:00")) if plan else None,
        rail=RailSettings(breaks=(RailBreak("K1+000", "K1+020"),)) if plan else None,
    )
    return Project(
        settings=settings,
        crs=draw(st.sampled_from(["EPSG:4545", ""])),
        communities=Communities(polygons, draw(column(c)), draw(column(c)), draw(column(c)), draw(st.booleans())),
        households=Households(draw(floats(a, 2)), draw(floats(a)), draw(floats(a)), draw(column(a)), draw(st.none() | floats(a))),
        roads=Roads(
            draw(lines(r)), draw(whole(r, np.int8, 0, 4)), draw(column(r)), draw(column(r)), draw(whole(r, np.int8)), draw(floats(r)),
            draw(whole(r, np.int8)), draw(st.booleans()), draw(st.booleans()),
        ),
        barriers=Barriers(draw(lines(r)), draw(whole(r, np.int8, 1, 3)), draw(column(r))),
        railway=Railway(draw(lines(r)), draw(whole(r, bool, 0, 1)), draw(column(r))),
        stations=Stations(draw(floats(k, 2)), draw(column(k)), draw(floats(k)), draw(column(k))),
        key_sites=KeySites(draw(floats(k, 2)), draw(column(k)), draw(whole(k)), *(draw(floats(k)) for _ in range(4))),
        depots=Depots(draw(floats(d, 2)), draw(column(d)), draw(column(d)), draw(whole(d))),
        units=one_unit(draw) if plan else None,
        grids=GridPlan(
            np.zeros(1, np.int32), {0: Grid(0, draw(WORDS), draw(WORDS), True, (draw(WORDS),)), 7: Grid(-1)},
            draw(CERTIFICATES), draw(ISSUES), "abc", draw(ENDS),
        ) if plan else None,
        zones=ZonePlan({0: 3}, {3: Zone("Z", draw(WORDS), -1, True)}, draw(floats(1)), polygons, draw(ISSUES)) if plan else None,
        patrol=one_route(draw) if plan else None,
        rail=one_segment(draw) if plan else None,
        read_issues=draw(ISSUES),
        provenance=(Provenance("households", draw(WORDS), "", 3, "EPSG:4326"),) if plan else (),
    )  # fmt: skip


def one_route(draw):
    stop = Stop("site", draw(WORDS), 1.0, 2.0, 3.0, 4.0)
    return PatrolPlan((Route("R", 3, draw(WORDS), 1, "08:00", draw(floats(2, 2)), 1.5, 2.5, draw(NUMBERS), 0, (stop,)),))


def one_segment(draw):
    segment = RailSegment("S", 0, 1, 1, 0.0, 1.0, draw(NUMBERS), draw(floats(2, 2)))
    return RailPlan((RailLine(draw(WORDS), draw(floats(2, 2)), draw(NUMBERS)),), (segment,))


def one_unit(draw):
    xy = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    ends = np.array([[0, 1], [1, 2], [2, 0]], np.int32)
    left, out = np.zeros(3, np.int32), np.full(3, -1, np.int32)
    return Units(
        xy, ends, left, out, np.zeros(3, np.int8), out, np.zeros(3, bool), np.zeros(1, np.int32), draw(whole(2)), draw(ISSUES), "def"
    )


def assert_same(one, other, place="project"):
    """Equal in type and content, field by field; NaN equals NaN, arrays to the last bit."""
    assert type(one) is type(other), place
    if dataclasses.is_dataclass(one):
        for part in dataclasses.fields(one):
            assert_same(getattr(one, part.name), getattr(other, part.name), f"{place}.{part.name}")
    elif isinstance(one, np.ndarray):
        assert (one.dtype, one.shape) == (other.dtype, other.shape), place
        if one.dtype == object:
            assert_same(one.tolist(), other.tolist(), place)
        else:
            assert one.tobytes() == other.tobytes(), place
    elif isinstance(one, dict):
        assert list(one) == list(other), place
        for key in one:
            assert_same(one[key], other[key], f"{place}[{key}]")
    elif isinstance(one, list | tuple):
        assert len(one) == len(other), place
        for row, (a, b) in enumerate(zip(one, other, strict=True)):
            assert_same(a, b, f"{place}[{row}]")
    elif isinstance(one, shapely.Geometry):
        assert shapely.to_wkb(one) == shapely.to_wkb(other), place
    elif isinstance(one, float):
        assert struct.pack("<d", one) == struct.pack("<d", other), place
    elif isinstance(one, int):
        assert one == other, place
    else:
        assert repr(one) == repr(other), place


@given(projects())
@hypothesis_settings(
    deadline=None,
    max_examples=30,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)
def test_an_opened_project_is_the_saved_one_to_the_last_bit(tmp_path, project):
    path = tmp_path / "p.gridplan"
    save_project(project, path)
    opened = open_project(path)
    assert_same(project, opened)
    assert fingerprint(opened) == fingerprint(project)
    assert [p.name for p in tmp_path.iterdir()] == ["p.gridplan"]


def test_a_planned_town_comes_back_and_saving_again_changes_nothing(town, tmp_path):
    path = tmp_path / "城 #1?.gridplan"
    save_project(town, path)
    opened = open_project(path)
    assert_same(town, opened)
    save_project(opened, tmp_path / "again.gridplan")
    assert_same(opened, open_project(tmp_path / "again.gridplan"))


def test_all_that_a_certificate_says_comes_back(town, tmp_path):
    said = Certificate(0, "balance+border", "gap", 80.5, 100.25, "columns", 2.6, 0.9, 1.1, 12_345, "large", 42, 1234.5)
    assert [part.name for part in dataclasses.fields(said) if getattr(said, part.name) == part.default] == []  # no new field is forgotten
    project = dataclasses.replace(town, grids=dataclasses.replace(town.grids, certificates=(said, *town.grids.certificates)))
    save_project(project, tmp_path / "p.gridplan")
    opened = open_project(tmp_path / "p.gridplan")
    assert opened.grids.certificates == project.grids.certificates
    assert summary_of(opened, {})["certificates"] == summary_of(project, {})["certificates"]


def test_qgis_sees_the_layers(town, tmp_path):
    import pyogrio

    path = tmp_path / "town.gpkg"  # the same file under the name that GDAL knows
    save_project(town, path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        names = [str(name) for name, _geometry in pyogrio.list_layers(path)]
        assert {"communities", "roads", "units", "grids", "addresses", "zones"} <= set(names)
        assert "gridplanner_values" not in names
        info = pyogrio.read_info(path, layer="grids")
        assert info["features"] == len(town.grids)
        assert info["crs"] == town.crs
        _meta, _fids, wkb, data = pyogrio.raw.read(path, layer="grids", columns=["grid_code"])
    assert set(data[0]) == {grid.code for grid in town.grids.grids.values()}
    assert shapely.coverage_is_valid(shapely.get_parts(shapely.from_wkb(wkb)))


def test_a_view_that_cannot_be_drawn_does_not_keep_work_from_being_saved(town, tmp_path):
    torn = dataclasses.replace(town, grids=dataclasses.replace(town.grids, labels=town.grids.labels[:3]))
    save_project(torn, tmp_path / "p.gridplan")
    assert_same(torn, open_project(tmp_path / "p.gridplan"))


# files that are not what they should be


@pytest.fixture
def saved(town, tmp_path):
    path = tmp_path / "p.gridplan"
    save_project(town, path)
    return path


def change(path, sql, *values):
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(sql, values)


def refused(path):
    with pytest.raises(ProjectFileError) as caught:
        open_project(path)
    assert path.name in str(caught.value)
    assert caught.value.__cause__ is None
    return str(caught.value)


def test_a_missing_file_or_a_folder_is_said(tmp_path):
    assert "no such" in refused(tmp_path / "missing.gridplan")
    (tmp_path / "folder.gridplan").mkdir()
    assert "no such" in refused(tmp_path / "folder.gridplan")


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\x00" + bytes(100)])
def test_a_file_of_another_kind_is_said(tmp_path, content):
    path = tmp_path / "x.gridplan"
    path.write_bytes(content)
    assert "x.gridplan" in refused(path)


def test_a_plain_geopackage_is_to_be_imported(write_layer, tmp_path):
    path = write_layer(tmp_path / "x.gpkg", [shapely.Point(0, 0)])
    assert "import it" in refused(path)


def test_a_newer_file_names_the_program(saved):
    change(saved, "UPDATE gridplanner_file SET value = '99' WHERE key = 'version'")
    change(saved, "UPDATE gridplanner_file SET value = '9.9' WHERE key = 'program'")
    assert "9.9" in refused(saved)


def test_damaged_values_and_text_are_found(saved):
    good = saved.read_bytes()
    change(saved, "UPDATE gridplanner_values SET data = zeroblob(length(data)) WHERE name = 'households.xy'")
    assert "households.xy" in refused(saved)
    saved.write_bytes(good)
    change(saved, "UPDATE gridplanner_file SET value = replace(value, 'Grid', 'Gird') WHERE key = 'project'")
    assert "damaged" in refused(saved)
    saved.write_bytes(good)
    change(saved, "DELETE FROM gridplanner_values WHERE name = 'households.xy'")
    refused(saved)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_refused_or_whole(saved, town, share):
    data = saved.read_bytes()
    saved.write_bytes(data[: int(len(data) * share)])
    try:
        opened = open_project(saved)
    except ProjectFileError:
        return
    assert fingerprint(opened) == fingerprint(town)


@hypothesis_settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_flipped_bytes_are_noticed_or_harmless(saved, town, data):
    good = saved.read_bytes()
    bad = bytearray(good)
    for _ in range(8):
        bad[data.draw(st.integers(0, len(bad) - 1))] ^= data.draw(st.integers(1, 255))
    other = saved.with_name("bad.gridplan")
    other.write_bytes(bytes(bad))
    try:
        opened = open_project(other)
    except ProjectFileError:
        return
    assert fingerprint(opened) == fingerprint(town)


# saving


@pytest.mark.parametrize("broken", ["_write", "_sync"])
def test_a_failed_save_keeps_the_earlier_file(town, saved, monkeypatch, broken):
    good = saved.read_bytes()
    if broken == "_write":
        monkeypatch.setattr(project_file, "_write", lambda *args: (_ for _ in ()).throw(sqlite3.OperationalError("disk full")))
    else:
        monkeypatch.setattr(os, "fsync", lambda handle: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(ProjectFileError, match="disk full"):
        save_project(town, saved)
    assert saved.read_bytes() == good
    assert [p.name for p in saved.parent.iterdir()] == [saved.name]


def test_a_folder_that_cannot_be_made_is_said(town, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(ProjectFileError, match="choose another folder"):
        save_project(town, tmp_path / "file" / "p.gridplan")


def test_cancelling_keeps_the_earlier_file(town, saved):
    from algorithms.progress import Cancelled, Progress

    class Impatient(Progress):
        def is_cancelled(self):
            return True

    good = saved.read_bytes()
    with pytest.raises(Cancelled):
        save_project(town, saved, Impatient())
    assert saved.read_bytes() == good
    assert [p.name for p in saved.parent.iterdir()] == [saved.name]


def test_a_hundred_thousand_addresses_are_saved_and_opened_in_a_moment(tmp_path):
    import time

    rng = np.random.default_rng(1)
    count = 100_000
    homes = Households(rng.random((count, 2)) * 1e4, np.ones(count), np.full(count, 2.6), texts([f"中山路{i}号" for i in range(count)]))
    project = Project(crs="EPSG:4545", households=homes)
    start = time.perf_counter()
    save_project(project, tmp_path / "p.gridplan")
    between = time.perf_counter()
    opened = open_project(tmp_path / "p.gridplan")
    end = time.perf_counter()
    assert (between - start, end - between) < (1.5, 0.5)
    assert fingerprint(opened) == fingerprint(project)
