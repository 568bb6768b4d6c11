"""A shapefile of polygons with Chinese field names and text in GB18030, as offices hand them over.

Written byte by byte: no date of the day and no library version gets in, so the same town gives the same files.
Layout after ESRI's *Shapefile Technical Description* (1998) and the dBASE III table format.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import shapely
from shapely import Polygon

PROJECTION = (
    'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)
ENCODING = "gb18030"
_POLYGON, _GBK_LANGUAGE = 5, 0x4D
_DATE = (126, 1, 5)


def write_shapefile(path: Path, outlines: Sequence[Polygon], fields: Mapping[str, Sequence[str]]) -> None:
    """A shapefile with its .shx, .dbf, .prj and .cpg; all fields are text, their names at most ten bytes."""
    records = [_polygon_record(outline) for outline in outlines]
    bounds = shapely.total_bounds(list(outlines))
    index, body, offset = b"", b"", 50
    for number, record in enumerate(records, start=1):
        words = len(record) // 2
        index += struct.pack(">2i", offset, words)
        body += struct.pack(">2i", number, words) + record
        offset += 4 + words
    path.with_suffix(".shp").write_bytes(_header(len(body), bounds) + body)
    path.with_suffix(".shx").write_bytes(_header(len(index), bounds) + index)
    path.with_suffix(".dbf").write_bytes(_table(fields))
    path.with_suffix(".prj").write_text(PROJECTION, encoding="ascii")
    path.with_suffix(".cpg").write_text("GB18030", encoding="ascii")


def _header(body_bytes: int, bounds: Sequence[float]) -> bytes:
    head = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, 50 + body_bytes // 2)
    return head + struct.pack("<2i8d", 1000, _POLYGON, *bounds, 0, 0, 0, 0)


def _polygon_record(outline: Polygon) -> bytes:
    """One polygon: outer rings run clockwise, inner ones against the clock."""
    turned = shapely.orient_polygons(outline, exterior_cw=True)
    rings = [shapely.get_coordinates(ring) for ring in (turned.exterior, *turned.interiors)]
    starts = [sum(len(ring) for ring in rings[:k]) for k in range(len(rings))]
    count = sum(len(ring) for ring in rings)
    head = struct.pack(f"<i4d2i{len(rings)}i", _POLYGON, *outline.bounds, len(rings), count, *starts)
    return head + b"".join(ring.astype("<f8").tobytes() for ring in rings)


def _table(fields: Mapping[str, Sequence[str]]) -> bytes:
    columns = {name: [value.encode(ENCODING) for value in values] for name, values in fields.items()}
    widths = {name: max(len(value) for value in values) for name, values in columns.items()}
    rows = list(zip(*columns.values(), strict=True))
    head_bytes, row_bytes = 33 + 32 * len(columns), 1 + sum(widths.values())
    out = struct.pack("<4BIHH17xB2x", 3, *_DATE, len(rows), head_bytes, row_bytes, _GBK_LANGUAGE)
    for name, width in widths.items():
        label = name.encode(ENCODING)
        if len(label) > 10:
            raise ValueError(f"the field name {name} has {len(label)} bytes, a shapefile takes ten")
        out += struct.pack("<11sc4xBB14x", label, b"C", width, 0)
    out += b"\r"
    for row in rows:
        out += b" " + b"".join(value.ljust(width) for value, width in zip(row, widths.values(), strict=True))
    return out + b"\x1a"
