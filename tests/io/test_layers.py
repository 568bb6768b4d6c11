"""The export: what is written can be read again as it was, all of it or nothing."""

import csv
import dataclasses
import json
import subprocess
import sys

import numpy as np
import pytest
import shapely

from algorithms.progress import SILENT
from gridplanner.errors import InputError
from gridplanner.io import layers as layers_module
from gridplanner.io import shapefiles
from gridplanner.io.export_places import places_of
from gridplanner.io.file_names import file_stem
from gridplanner.io.formats.wish import ExportWish
from gridplanner.io.formats.writers import WRITERS
from gridplanner.io.layer_columns import rows_of
from gridplanner.io.layer_schemas import SCHEMAS, TABLE
from gridplanner.io.layers import write_layers
from gridplanner.io.limits import grid_limits
from gridplanner.io.project_file import open_project
from gridplanner.io.vector_files import write_gpkg_layer
from gridplanner.model.issues import Issue, Level
from gridplanner.model.outlines import grid_ids, grid_outlines
from gridplanner.model.patrol import PatrolPlan, Route, Stop
from gridplanner.model.places import KeySites, texts
from gridplanner.model.project import fingerprint
from gridplanner.model.rail import RailLine, RailPlan, RailSegment
from gridplanner.model.statistics import grid_figures
from gridplanner.settings import ExportSettings, StaffSettings


@pytest.fixture(scope="module")
def full(town):
    """The made town with routes and rail segments beside its grids."""
    depot = town.households.xy[0]
    loop = depot + np.array([(0, 0), (500, 0), (500, 300), (0, 0)])
    stops = (Stop("depot", "派出所", *depot, 480.0, 0.0), Stop("site", "学校", *loop[1], 1475.4, 5.0))
    route = Route("R1", next(iter(town.zones.zones)), "派出所", 1, "08:00", loop, 31.5, 900.0, 483.1, 1, stops)
    line = RailLine("青藏线", np.array([[0.0, 0.0], [2000.0, 0.0]]), 814_300.0)
    segments = tuple(
        RailSegment(
            f"S{i}", 0, i, i, 814_300.0 + 1000 * i, 815_300.0 + 1000 * i, 1.0 + i, np.array([[1000.0 * i, 0.0], [1000.0 * (i + 1), 0.0]]),
            1000.0 * i, 1000.0 * (i + 1),
        )
        for i in (1, 0)
    )  # fmt: skip
    return dataclasses.replace(town, patrol=PatrolPlan((route,)), rail=RailPlan((line,), segments))


def exporting(project, **export):
    return dataclasses.replace(project, settings=dataclasses.replace(project.settings, export=ExportSettings(**export)))


@pytest.fixture(scope="module")
def folder(full, tmp_path_factory):
    folder = tmp_path_factory.mktemp("export")
    write_layers(full, folder, summary={"households": {"outside": 0}, "value": float("nan"), "count": np.int64(3)})
    return folder


def fields_of(path, layer=None):
    import pyogrio.raw

    meta, _fids, wkb, data = pyogrio.raw.read(path, layer=layer)
    return meta, shapely.from_wkb(wkb), dict(zip(meta["fields"], data, strict=True))


def test_every_layer_has_the_fields_of_the_contract(folder):
    for name in ("units", "grids", "addresses", "zones", "routes", "stops", "railsegs", "issues"):
        meta, _shapes, _fields = fields_of(folder / f"{name}.shp")
        assert list(meta["fields"]) == [part.name for part in SCHEMAS[name].fields]
    assert all(len(part.name) <= 10 and part.name.isascii() for schema in SCHEMAS.values() for part in schema.fields)


def test_the_acceptance_checker_finds_nothing_wrong(folder, test_data):
    checker = test_data.parent / "acceptance" / "verify_export.py"
    done = subprocess.run([sys.executable, str(checker), str(folder), "--json"], capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)
    assert [text for text in found["broken"] if "slits" not in text] == []  # slits come from the plan, not from the writing
    assert found["addresses_outside"] == 0


def test_grids_are_read_again_as_they_are(full, folder):
    figures = grid_figures(full)
    stem = file_stem(full.name)
    for path, layer in ((folder / "grids.shp", None), (folder / f"{stem}.gpkg", "grids")):
        meta, shapes, fields = fields_of(path, layer)
        assert meta["crs"].startswith("EPSG:") or "PROJCS" in meta["crs"]
        assert shapely.equals(shapes, grid_outlines(full.units, full.grids)).all()
        assert list(fields["grid_code"]) == [full.grids.grids[int(i)].code for i in grid_ids(full.grids)]
        assert list(fields["name"]) == [full.grids.grids[int(i)].name for i in grid_ids(full.grids)]
        assert list(fields["status"]) == list(figures.status)
        assert np.allclose(fields["households"], figures.households)
        assert np.allclose(fields["deviation"], figures.deviation, atol=0.0051)
        assert np.allclose(fields["compact"], figures.compact, atol=1e-4)
        assert all(len(code) == 12 for code in fields["comm_code"])


def test_counts_are_whole_numbers_where_all_are(folder, full, tmp_path):
    assert fields_of(folder / "grids.shp")[2]["households"].dtype.kind == "i"
    homes = dataclasses.replace(full.households, households=full.households.households * 0.5)
    write_layers(exporting(dataclasses.replace(full, households=homes), formats=("shp",)), tmp_path)
    assert fields_of(tmp_path / "addresses.shp")[2]["households"].dtype.kind == "f"


def test_addresses_carry_the_code_of_the_grid_they_lie_in(folder, full):
    _meta, shapes, fields = fields_of(folder / "addresses.shp")
    _gmeta, grids, of_grid = fields_of(folder / "grids.shp")
    codes = dict(zip(of_grid["grid_code"], grids, strict=True))
    assert list(_meta["fields"]) == ["grid_code", "households", "persons"]
    assert all(codes[code].intersects(point) for code, point in zip(fields["grid_code"][::50], shapes[::50], strict=True))
    assert fields["households"].sum() == full.households.households.sum()


def test_routes_stops_and_segments_are_written_in_their_order(folder):
    _meta, shapes, routes = fields_of(folder / "routes.shp")
    assert (routes["length_km"][0], routes["req_km"][0], routes["dead_km"][0]) == (1.383, 0.9, 0.483)
    assert shapely.get_coordinates(shapes).tolist()[0] == shapely.get_coordinates(shapes).tolist()[-1]
    stops = fields_of(folder / "stops.shp")[2]
    assert list(stops["arrive"]) == ["08:00", "00:35"]
    assert stops["seq"].tolist() == [1, 2]
    rail = fields_of(folder / "railsegs.shp")[2]
    assert (list(rail["from_km"]), list(rail["to_km"])) == (["K814+300", "K815+300"], ["K815+300", "K816+300"])
    assert rail["seq"].tolist() == [1, 2]
    assert list(rail["line"]) == ["青藏线"] * 2
    assert np.allclose(rail["dev_pct"], [-33.33, 33.33])


def test_zones_have_streets_and_deviations(folder, full):
    zones = fields_of(folder / "zones.shp")[2]
    assert zones["dev_pct"].sum() == pytest.approx(0, abs=0.1)
    assert zones["street_km"].sum() > 0


def test_issues_with_and_without_a_place_are_written(full, tmp_path):
    told = (Issue(Level.WARNING, "outside", "A {x}", {"x": "户外"}, "households", "7", 500_000.0, 3_900_000.0), Issue(Level.INFO, "b", "B"))
    write_layers(dataclasses.replace(full, read_issues=told), tmp_path)
    _meta, shapes, fields = fields_of(tmp_path / "issues.shp")
    row = list(fields["kind"]).index("outside")
    assert (fields["message"][row], fields["ref"][row], shapes[row].x) == ("A 户外", "7", 500_000.0)
    assert shapes[list(fields["kind"]).index("b")] is None


@pytest.mark.parametrize(("encoding", "cpg", "language"), [("gb18030", "GB18030", 0x4D), ("gbk", "GBK", 0x4D), ("utf-8", "UTF-8", 0)])
def test_the_encoding_is_written_beside_and_inside(full, tmp_path, encoding, cpg, language):
    write_layers(exporting(full, formats=("shp",), encoding=encoding), tmp_path)
    assert (tmp_path / "grids.cpg").read_text() == cpg
    assert (tmp_path / "grids.dbf").read_bytes()[29] == language
    assert "PROJCS" in (tmp_path / "grids.prj").read_text()
    assert list(fields_of(tmp_path / "railsegs.shp")[2]["line"]) == ["青藏线"] * 2
    (tmp_path / "railsegs.cpg").unlink()
    if language:  # the language byte alone is enough for GDAL
        assert list(fields_of(tmp_path / "railsegs.shp")[2]["line"]) == ["青藏线"] * 2


def test_text_too_long_or_outside_the_code_page_is_mended_and_told(full, tmp_path):
    lines = (RailLine("线" * 200 + "𠮷", full.rail.lines[0].coords, 0.0),)
    project = dataclasses.replace(full, rail=dataclasses.replace(full.rail, lines=lines))
    write_layers(exporting(project, formats=("shp", "gpkg"), encoding="gbk"), tmp_path)
    assert list(fields_of(tmp_path / "railsegs.shp")[2]["line"]) == ["线" * 60] * 2
    assert fields_of(next(tmp_path.glob("*.gpkg")), "railsegs")[2]["line"][0].endswith("𠮷")
    kinds = fields_of(tmp_path / "issues.shp")[2]["kind"]
    assert {"shortened", "replaced"} <= set(kinds)


def test_large_layers_go_the_fast_way_with_the_same_content(full, folder, tmp_path, monkeypatch):
    monkeypatch.setattr(shapefiles, "BULK", 10)
    write_layers(exporting(full, formats=("shp",)), tmp_path)
    for name in ("addresses", "grids"):
        _meta, shapes, fields = fields_of(tmp_path / f"{name}.shp")
        _meta2, shapes2, fields2 = fields_of(folder / f"{name}.shp")
        assert shapely.equals(shapes, shapes2).all()
        for field, column in fields.items():
            same = column == fields2[field]
            assert np.asarray(same | ((column != column) & (fields2[field] != fields2[field]))).all(), field
    assert (tmp_path / "addresses.dbf").read_bytes()[29] == 0x4D
    assert (tmp_path / "addresses.cpg").read_text() == "GB18030"


def test_the_field_table_explains_every_name(folder):
    data = (folder / "fields.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(data.decode("utf-8-sig").splitlines()))
    assert list(rows[0]) == ["layer", "field", "Chinese", "English", "unit", "meaning"]
    assert {(row["layer"], row["field"]) for row in rows} >= {("grids", "grid_code"), ("railsegs", "from_km")}
    assert next(row for row in rows if row["field"] == "deviation")["unit"] == "%"


def test_the_summary_is_plain_json(folder):
    assert json.loads((folder / "summary.json").read_text(encoding="utf-8")) == {"households": {"outside": 0}, "value": None, "count": 3}


def test_the_project_file_of_the_export_opens(folder, full):
    assert fingerprint(open_project(next(folder.glob("*.gridplan")))) == fingerprint(full)


def test_another_crs_moves_the_shapes(full, tmp_path):
    write_layers(exporting(full, formats=("shp", "gpkg"), crs="EPSG:4490"), tmp_path)
    for path, layer in ((tmp_path / "grids.shp", None), (next(tmp_path.glob("*.gpkg")), "grids")):
        meta, shapes, _fields = fields_of(path, layer)
        assert "4490" in meta["crs"]
        assert np.abs(shapely.total_bounds(shapes)).max() < 180


@pytest.mark.parametrize(
    ("export", "word"), [({"crs": "EPSG:99999"}, "EPSG:99999"), ({"profile": "standart"}, "standard"), ({"profile": "no.toml"}, "no.toml")]
)
def test_what_is_not_known_is_refused_before_anything_is_written(full, tmp_path, export, word):
    with pytest.raises(InputError, match=word):
        write_layers(exporting(full, **export), tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("broken", ["write_qgis_project", "save_project", "write_field_table", "moved_in"])
def test_a_failure_leaves_the_earlier_export_as_it_was(full, tmp_path, monkeypatch, broken):
    write_layers(full, tmp_path, summary={"run": 1})
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def fail(*args, **kwargs):
        raise OSError("no space left")

    monkeypatch.setattr(layers_module, broken, fail)
    with pytest.raises(InputError, match="no space left"):
        write_layers(full, tmp_path, summary={"run": 2})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_file_that_cannot_be_replaced_puts_the_others_back(full, tmp_path, monkeypatch):
    from pathlib import Path

    write_layers(full, tmp_path, summary={"run": 1})
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    real = Path.replace

    def replace(self, target):
        if self.name == "stops.shp" and Path(target).parent == tmp_path and "before" not in str(self):
            raise PermissionError("open in QGIS")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(InputError, match="open in QGIS"):
        write_layers(full, tmp_path, summary={"run": 2})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_layers_of_an_earlier_plan_do_not_linger(full, tmp_path):
    (tmp_path / "mine.shp").write_bytes(b"mine")
    write_layers(full, tmp_path)
    assert (tmp_path / "routes.shp").exists()
    files = write_layers(dataclasses.replace(full, patrol=None), tmp_path)
    assert not (tmp_path / "routes.shp").exists()
    assert not (tmp_path / "stops.dbf").exists()
    assert (tmp_path / "mine.shp").read_bytes() == b"mine"
    assert set(files) == set(tmp_path.iterdir()) - {tmp_path / "mine.shp"}


def test_fewer_formats_leave_nothing_of_the_earlier_export(town, tmp_path):
    bare = dataclasses.replace(town, grids=None, zones=None, units=None)
    package = tmp_path / f"{file_stem(town.name)}.gpkg"
    write_layers(exporting(bare, formats=("shp", "gpkg", "dxf", "xlsx")), tmp_path, summary={"run": 1})
    (tmp_path / "issues.qix").write_bytes(b"where QGIS found the rows of the earlier shapefile")
    write_layers(exporting(bare, formats=("csv",)), tmp_path)
    left = {"issues.csv", "fields.csv", f"{file_stem(town.name)}.gridplan"}
    assert {path.name for path in tmp_path.iterdir()} == left
    write_layers(exporting(bare, formats=("shp",)), tmp_path)
    write_gpkg_layer(package, "mine", texts([""]), {"a": np.array([1])}, geometry=TABLE, crs="")
    write_layers(exporting(bare, formats=("csv",)), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {*left, package.name}  # it has other layers, and is somebody else's


@pytest.mark.parametrize(
    ("name", "stem"),
    [("网" * 200, "网" * 66), ("𠮷" * 200, "𠮷" * 50), ("nul.txt", "_nul.txt"), ("a" * 79 + " .b", "a" * 79), ("\ud800网", "_网")],
)
def test_any_project_has_a_name_for_its_files(name, stem):
    assert file_stem(name) == stem


@pytest.mark.parametrize("name", ["shp", "gpkg", "flatgeobuf", "geojson", "kml", "gpx", "dxf", "csv", "xlsx"])
@pytest.mark.parametrize("count", [50, 3_000])
def test_a_full_disk_is_told_of_by_every_format(name, count, tmp_path):
    resource = pytest.importorskip("resource", reason="files cannot be kept short on this system")
    shapes = shapely.linestrings(np.arange(count * 4.0).reshape(-1, 2, 2))
    rows = rows_of("routes", shapes, {"route_code": [f"{at:08x}" for at in range(count)]})
    earlier = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_048, earlier[1]))
    try:
        with pytest.raises(OSError):  # noqa: PT011  (each library has its own words for it)
            WRITERS[name].write([rows], tmp_path, ExportWish("all", "", places_of("EPSG:4545", "project")), SILENT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, earlier)


def test_what_a_killed_export_left_behind_is_put_back(full, tmp_path):
    left = tmp_path / ".export-killed.tmp"
    (left / "before").mkdir(parents=True)
    (left / "before" / "tables.xlsx").write_bytes(b"moved away when the power went")
    (left / ".added").write_text("new.shp\nhalf.shp", encoding="utf-8")  # of which the first was moved in already
    (left / "half.shp").write_bytes(b"half")
    (tmp_path / "tables.xlsx").write_bytes(b"of the export that was killed")
    (tmp_path / "new.shp").write_bytes(b"of the export that was killed")
    write_layers(full, tmp_path)
    assert (tmp_path / "tables.xlsx").read_bytes() == b"moved away when the power went"
    assert not list(tmp_path.glob(".export-*"))
    assert not (tmp_path / "half.shp").exists()
    assert not (tmp_path / "new.shp").exists()


def test_cancelling_writes_nothing(full, tmp_path):
    from algorithms.progress import Cancelled, Progress

    class Impatient(Progress):
        def is_cancelled(self):
            return True

    with pytest.raises(Cancelled):
        write_layers(full, tmp_path, Impatient())
    assert list(tmp_path.iterdir()) == []


def test_workers_are_shared_out_and_limits_named(full):
    from gridplanner.io.layer_rows import layers_of

    count = len(full.grids)
    staffed = dataclasses.replace(
        full, settings=dataclasses.replace(full.settings, staff=StaffSettings(workers_per_grid=(count + 2) / count))
    )
    rows = {rows.schema.name: rows for rows in layers_of(staffed)}
    workers = rows["grids"].columns["workers"]
    assert workers.sum() == count + 2
    assert set(np.argsort(-grid_figures(full).load, kind="stable")[:2]) == set(np.flatnonzero(workers == 2))
    limits = grid_limits(full)
    assert len(limits) == count
    assert all(text.count(":") >= 3 for text in limits)


def test_key_sites_are_counted_by_zone(full):
    from gridplanner.io.layer_rows import layers_of

    xy = full.households.xy[:5]
    none = np.full(5, np.nan)
    sites = KeySites(xy, texts(["a"] * 5), np.ones(5, np.int32), none, none, none, np.ones(5))
    rows = {rows.schema.name: rows for rows in layers_of(dataclasses.replace(full, key_sites=sites))}
    assert rows["zones"].columns["key_sites"].sum() == 5


def test_a_project_with_nothing_planned_exports_its_issues(read, write_layer, tmp_path):
    project = read(name="a:b", households=write_layer(tmp_path / "h.gpkg", [shapely.Point(500_000, 3_900_000)]))
    names = {path.name for path in write_layers(project, tmp_path / "out")}
    assert {"issues.shp", "a_b.gpkg", "a_b.gridplan", "fields.csv"} <= names


def test_fractions_of_households_add_up_to_those_of_their_grid(town, tmp_path):
    homes = dataclasses.replace(town.households, households=town.households.households * 0.347)
    project = dataclasses.replace(town, households=homes)
    write_layers(project, tmp_path)
    _meta, _shapes, address = fields_of(tmp_path / "addresses.shp")
    _meta, _shapes, grid = fields_of(tmp_path / "grids.shp")
    for code, households in zip(grid["grid_code"], grid["households"], strict=True):
        assert address["households"][address["grid_code"] == code].sum() == pytest.approx(households, abs=0.2)


def test_real_fields_whose_numbers_are_all_whole_keep_every_row(full, tmp_path):
    zones = dataclasses.replace(full.zones, workload=np.full(len(full.zones), 100.0), ground=None)  # as it was planned
    write_layers(exporting(dataclasses.replace(full, zones=zones), formats=("shp",)), tmp_path)
    _meta, _shapes, fields = fields_of(tmp_path / "zones.shp")
    assert fields["workload"].tolist() == [100.0] * len(zones)
    assert fields["dev_pct"].tolist() == [0.0] * len(zones)
