"""Files and databases at the size of a city: read and written through the program's own paths, each in a process of its own."""

from __future__ import annotations

import importlib
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from algorithms.progress import SILENT, Progress
from gridplanner.benchmarks.osm_roads import DATA
from gridplanner.benchmarks.osm_roads import NOTES as OSM_NOTES
from gridplanner.benchmarks.osm_roads import rows as osm_rows
from gridplanner.benchmarks.own_process import in_own_process, peak_gib, timed
from gridplanner.benchmarks.own_server import DATABASE, PASSWORD, USER, NoServer, OwnServer, own_server
from gridplanner.benchmarks.table import Row, at_least, at_most
from gridplanner.io.export_places import places_of
from gridplanner.io.formats.wish import ExportWish
from gridplanner.io.formats.writers import WRITERS
from gridplanner.io.layer_columns import LayerRows
from gridplanner.io.layer_schemas import REAL, TEXT, Field, Schema
from gridplanner.io.vector_files import read_table

CASES = ("points", "polygons", "postgis", "osm")
POINTS, POLYGONS, CORNERS = 1_000_000, 50_000, 20
CRS = "EPSG:4545"
BARS = {("gpkg", "read"): 3.0, ("shp", "read"): 5.0, ("gpkg", "write"): 8.0, ("shp", "write"): 8.0}  # seconds of a million points
FASTER = 3.0  # times as fast as fiona alone
NAMES = {"gpkg": "GeoPackage", "shp": "shapefile"}
SERVICE = "town"
COLUMNS = ("code", "name", "households")
NOTES = (
    "Points: three attributes, one of them Chinese text; read into coordinates and columns, written by the export's own writers with all "
    "that they check; the median of three runs, each in a process of its own whose peak memory stands beside.",
    "Polygons: 21 corners (the last is the first) and three attributes; ours and fiona's in turn in one process, medians of three. Both "
    "are written from geometries and columns, as the program holds them; beside it fiona with its records made already. Read are columns "
    "and geometries by us, fiona's own records by fiona.",
    "PostGIS: a server of one's own on this computer; the layer is copied, indexed and committed, and read back; ogr2ogr copies it from a "
    "GeoPackage where GDAL has the driver.",
    *OSM_NOTES,
)


def benchmark_io(progress: Progress = SILENT, *, quick: bool = False, cases: Sequence[str] = ()) -> tuple[list[Row], list[str]]:
    """Return the rows of all cases, or of some, and what had to be left out in words; `quick` takes a tenth of everything."""
    share = 0.1 if quick else 1.0
    repeats = 1 if quick else 3
    makers: dict[str, Callable[[], list[Row]]] = {
        "points": lambda: _point_rows(round(POINTS * share), repeats, share), "polygons": lambda: _polygon_rows(round(POLYGONS * share)),
        "postgis": lambda: _postgis_rows(round(POLYGONS * share), repeats), "osm": lambda: osm_rows(quick, 1, progress),
    }  # fmt: skip
    found: list[Row] = []
    left_out: list[str] = []
    asked = [name for name in CASES if name in cases or not cases]
    for number, name in enumerate(asked):
        progress.report(number / len(asked), name)
        progress.check()
        if name == "osm" and not os.environ.get(DATA) and name not in cases:
            left_out.append(f"Measured without {DATA}: what needs it is left out.")
            continue
        try:
            found += makers[name]()
        except NoServer as why:
            left_out.append(f"Measured without PostGIS: {why}.")
    return found, left_out


def _point_rows(count: int, repeats: int, share: float) -> list[Row]:
    rows = []
    for kind, name in NAMES.items():
        with tempfile.TemporaryDirectory(prefix="gridplanner-") as folder:
            for verb in ("write", "read"):
                runs = [in_own_process("io", task=verb, kind=kind, count=count, folder=folder) for _run in range(repeats)]
                case = f"{count:,} points, {name}"
                seconds = statistics.median(run["seconds"] for run in runs)
                rows.append(at_most(case, "written" if verb == "write" else "read", seconds, BARS[kind, verb] * share, "s"))
                rows.append(at_most(case, f"peak memory, {verb}", max(run["gib"] for run in runs), None, "GiB"))
    return rows


def _polygon_rows(count: int) -> list[Row]:
    found = in_own_process("io", task="beside", kind="", count=count, folder="")
    rows = []
    for kind, name in NAMES.items():
        case = f"{count:,} polygons, {name}"
        for verb, word in (("write", "written"), ("read", "read")):
            ours, fiona = found[f"{kind} {verb}"], found[f"fiona {kind} {verb}"]
            made = {"fiona, records ready": found[f"ready {kind} {verb}"]} if verb == "write" else {}
            rows.append(at_most(case, word, ours, None, "s", {"fiona": fiona, **made}))
            rows.append(at_least(case, f"{word}, times as fast as fiona", fiona / ours, FASTER))
    return rows


def _postgis_rows(count: int, repeats: int) -> list[Row]:
    case = f"{count:,} polygons, PostGIS"
    with own_server() as server, _named(server) as folder:
        runs = [in_own_process("io", task="database", kind="", count=count, folder=str(folder)) for _run in range(repeats)]
        peers = _ogr(folder, count)
    middle = {key: statistics.median(run[key] for run in runs) for key in ("write", "again", "read")}
    return [
        at_most(case, "written, indexed and committed", middle["write"], None, "s", peers),
        at_most(case, "its rows replaced", middle["again"], None, "s"),
        at_most(case, "read", middle["read"], None, "s"),
    ]


def measure(task: str, kind: str, count: int, folder: str) -> dict[str, float]:
    """Return the seconds of one task in this process, and its peak memory in GiB."""
    if task == "beside":
        _warm()
        return _beside_fiona(count)
    if task == "database":
        return _in_database(count)
    path = Path(folder)
    _warm()
    if task == "write":
        rows = made_points(count)
        return {"seconds": timed(lambda: _write(rows, kind, path))[1], "gib": peak_gib()}
    seconds = timed(lambda: read_table(path / f"points.{kind}", "points", COLUMNS).points)[1]
    return {"seconds": seconds, "gib": peak_gib()}


def _warm() -> None:
    """Load the libraries, as the program's worker has them loaded before it is asked for anything."""
    with tempfile.TemporaryDirectory(prefix="gridplanner-") as folder:
        for kind in NAMES:
            _write(made_points(10), kind, Path(folder))
            _read_points = read_table(Path(folder) / f"points.{kind}", "points", ["code"]).points


def made_points(count: int) -> LayerRows:
    """Return addresses at random."""
    draw = np.random.default_rng(7)
    return _with_columns("points", "Point", shapely.points(draw.uniform((4.0e5, 3.0e6), (4.4e5, 3.04e6), (count, 2))))


def made_polygons(count: int) -> LayerRows:
    """Return rings of 21 corners at random."""
    draw = np.random.default_rng(7)
    turns = np.linspace(0.0, 2.0 * np.pi, CORNERS, endpoint=False)
    middles = draw.uniform((4.0e5, 3.0e6), (4.4e5, 3.04e6), (count, 1, 2))
    reach = draw.uniform(20.0, 60.0, (count, CORNERS, 1))
    return _with_columns("polygons", "Polygon", shapely.polygons(middles + reach * np.column_stack((np.cos(turns), np.sin(turns)))))


def _with_columns(name: str, geometry: str, shapes: Any) -> LayerRows:
    count = len(shapes)
    texts = np.empty((2, count), object)
    texts[0] = [f"1101010010{number % 1000:03d}" for number in range(count)]
    texts[1] = [f"幸福社区第{number % 500}网格" for number in range(count)]
    fields = (
        Field("code", TEXT, 20, "编码", "code"),
        Field("name", TEXT, 60, "名称", "name"),
        Field("households", REAL, 18, "户数", "households", decimals=1),
    )
    return LayerRows(
        Schema(name, geometry, fields), shapes, {"code": texts[0], "name": texts[1], "households": np.arange(count) % 97 * 1.5}
    )


def _write(rows: LayerRows, kind: str, folder: Path) -> None:
    for path in folder.glob(f"{rows.schema.name}.*"):
        if (path.suffix == ".gpkg") == (kind == "gpkg"):
            path.unlink()
    WRITERS[kind].write([rows], folder, ExportWish(rows.schema.name, "", places_of(CRS, "project"), "utf-8"), SILENT)


def _read(path: Path) -> object:
    return read_table(path, path.stem, COLUMNS).shapes


def _beside_fiona(count: int) -> dict[str, float]:
    """Return the seconds of ours and of fiona, in turn, medians of three."""
    fiona = importlib.import_module("fiona")  # the peer; the program's own use of it has its place in io
    rows = made_polygons(count)
    ready = _records(rows)
    properties = {"code": "str:20", "name": "str:60", "households": "float"}
    schema = {"geometry": "Polygon", "properties": properties}
    drivers = {"gpkg": "GPKG", "shp": "ESRI Shapefile"}
    runs: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="gridplanner-") as name:
        folder, other = Path(name, "ours"), Path(name, "fiona")
        folder.mkdir()
        other.mkdir()
        for _round in range(3):
            for kind, driver in drivers.items():
                path = other / f"polygons.{kind}"
                for old in other.glob("polygons.*"):
                    old.unlink()

                def write(made: Callable[[], list[dict[str, Any]]], path: Path = path, driver: str = driver) -> None:
                    records = made()
                    path.unlink(missing_ok=True)
                    with fiona.open(path, "w", driver=driver, schema=schema, crs=CRS, encoding="utf-8") as layer:
                        layer.writerecords(records)

                def read(path: Path = path) -> int:
                    with fiona.open(path) as layer:
                        return len(list(layer))

                work: dict[str, Callable[[], object]] = {
                    f"{kind} write": partial(_write, rows, kind, folder), f"fiona {kind} write": partial(write, partial(_records, rows)),
                    f"ready {kind} write": partial(write, lambda: ready),
                    f"{kind} read": partial(_read, folder / f"polygons.{kind}"), f"fiona {kind} read": read,
                }  # fmt: skip
                for key, job in work.items():
                    runs.setdefault(key, []).append(timed(job)[1])
    return {key: statistics.median(seconds) for key, seconds in runs.items()}


def _records(rows: LayerRows) -> list[dict[str, Any]]:
    shapes = [shapely.geometry.mapping(shape) for shape in rows.shapes]
    names = [part.name for part in rows.schema.fields]
    values = zip(*(rows.columns[name].tolist() for name in names), strict=True)
    return [{"geometry": shape, "properties": dict(zip(names, row, strict=True))} for shape, row in zip(shapes, values, strict=True)]


def _in_database(count: int) -> dict[str, float]:
    """Return the seconds of writing anew, of writing over it, and of reading."""
    from gridplanner.io.postgis_write import DatabaseTarget, write_postgis

    rows, schema = made_polygons(count), f"run_{time.time_ns()}"
    write = timed(lambda: write_postgis([rows], DatabaseTarget(SERVICE, schema), CRS))[1]
    again = timed(lambda: write_postgis([rows], DatabaseTarget(SERVICE, schema), CRS))[1]
    read = timed(lambda: read_table(Path(f"postgis:{SERVICE}"), f"{schema}.polygons", COLUMNS).shapes)[1]
    return {"write": write, "again": again, "read": read}


@contextmanager
def _named(server: OwnServer) -> Iterator[Path]:
    """Name a server as a service of libpq for this process and those that it starts; yield the folder of the service's file."""
    with tempfile.TemporaryDirectory(prefix="gridplanner-") as name:
        folder = Path(name)
        escaped = PASSWORD.replace("\\", "\\\\").replace(":", "\\:")
        (folder / "pgpass").write_text(f"*:*:*:*:{escaped}\n", "utf-8")
        (folder / "pgpass").chmod(0o600)
        text = f"[{SERVICE}]\nhost=127.0.0.1\nport={server.port}\ndbname={DATABASE}\nuser={USER}\n"
        (folder / "services").write_text(text, "utf-8")
        before = {key: os.environ.get(key) for key in ("PGSERVICEFILE", "PGPASSFILE")}
        os.environ.update(PGSERVICEFILE=str(folder / "services"), PGPASSFILE=str(folder / "pgpass"))
        try:
            yield folder
        finally:
            for key, value in before.items():
                os.environ.pop(key)
                if value is not None:
                    os.environ[key] = value


def _ogr(folder: Path, count: int) -> dict[str, float]:
    """Return the seconds in which ogr2ogr copies the layer, nothing where it is not there or has no such driver."""
    if shutil.which("ogr2ogr") is None:
        return {}
    _write(made_polygons(count), "gpkg", folder)
    words = ["ogr2ogr", "--config", "PG_USE_COPY", "YES", "-f", "PostgreSQL", f"PG:service={SERVICE}", str(folder / "polygons.gpkg")]
    done, seconds = timed(lambda: subprocess.run([*words, "-nln", "public.peer"], capture_output=True, check=False))
    return {} if done.returncode else {"ogr2ogr": seconds}
