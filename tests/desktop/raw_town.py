"""The sample town as files arrive: shifted, zipped, in the bytes of Chinese programs, with gaps in its streets."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pyogrio
import shapely

from gridplanner.io.crs import WGS84, transform
from gridplanner.io.doctor.datums import from_wgs84
from gridplanner.io.vector_files import read_table

SAMPLE = Path(__file__).parents[2] / "sample_data" / "xijiao"
BORDERS, LIST, STREETS = "西郊街道 资料.zip", "住户登记.csv", "道路.geojson"  # files of the folder
GAP = 2.0e-6  # degrees by which streets end short of a crossing: about 0.2 m


def write_raw_town(folder: Path) -> Path:
    """Write a folder of raw files: communities in an archive, a shifted list of households, streets, and a file that cannot be read."""
    raw = folder / "原始 数据"
    raw.mkdir()
    write_borders(raw / BORDERS)
    write_list(raw / LIST)
    write_streets(raw / STREETS)
    (raw / "坏文件.geojson").write_bytes(b"")
    return raw


def write_borders(path: Path) -> None:
    """Write the communities as an office sends them: a shapefile in GBK without .cpg, in a folder of an archive, the last one twice."""
    meta, _ids, shapes, columns = pyogrio.raw.read(SAMPLE / "communities.shp", encoding="gb18030")
    placed = shapely.from_wkb(shapes)
    rows = [*range(len(placed)), len(placed) - 1]
    bare = path.with_suffix("")
    bare.mkdir()
    pyogrio.raw.write(
        bare / "社区界.shp", shapely.to_wkb(placed[rows]), [column[rows] for column in columns], fields=list(meta["fields"]),
        geometry_type="Polygon", crs="EPSG:4490", driver="ESRI Shapefile", encoding="gbk",
    )  # fmt: skip
    with zipfile.ZipFile(path, "w") as archive:
        for part in sorted(bare.iterdir()):
            if part.suffix != ".cpg":
                archive.write(part, f"边界/{part.name}")
            part.unlink()
    bare.rmdir()


def write_list(path: Path) -> None:
    """Write the households as they were picked on a phone map and put into a table: GCJ-02, GBK, with a column of mobile numbers."""
    table = read_table(SAMPLE / "households.gpkg", "households", ["hh", "pop", "addr"])
    lonlat = from_wgs84(transform(table.points, table.crs, WGS84), "gcj02").tolist()
    parts = zip(*(table.columns[name].tolist() for name in ("addr", "hh", "pop")), lonlat, strict=True)
    rows = [f"{where},{homes},{persons},13912345678,{x:.6f},{y:.6f}" for where, homes, persons, (x, y) in parts]
    path.write_bytes("\r\n".join(["地址,户数,人口,联系电话,经度,纬度", *rows]).encode("gbk"))


def write_streets(path: Path) -> None:
    """Write the streets with some that end just short of a crossing, and one of them twice."""
    meta, _ids, shapes, columns = pyogrio.raw.read(SAMPLE / "roads.gpkg")
    lines = shapely.from_wkb(shapes)
    kept = np.append(np.arange(len(lines)), 5)
    for row in range(0, 60, 7):
        xy = shapely.get_coordinates(lines[row])
        way = xy[-1] - xy[-2]
        xy[-1] -= GAP * way / np.hypot(*way)
        lines[row] = shapely.LineString(xy)
    names = [name for name in meta["fields"] if name in ("class", "name", "oneway")]
    pyogrio.raw.write(
        path, shapely.to_wkb(lines[kept]), [columns[list(meta["fields"]).index(name)][kept] for name in names], fields=names,
        geometry_type="LineString", crs=WGS84, driver="GeoJSON",
    )  # fmt: skip
