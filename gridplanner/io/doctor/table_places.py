"""Places of a plain table: its columns of coordinates found by name or by values, and read as points or as the shapes they spell."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import shapely

from gridplanner.i18n import N_
from gridplanner.io.doctor.coordinate_text import coordinate_numbers, coordinate_pairs, geometry_from_text
from gridplanner.io.reading import named
from gridplanner.io.table import POINT_BYTES, Note, Table
from gridplanner.io.where import is_missing
from gridplanner.io.wide_digits import narrow
from gridplanner.model.lines import Bools, Floats, Texts

_PAIRS = (
    ("经度", "纬度"), ("longitude", "latitude"), ("lon", "lat"), ("lng", "lat"), ("long", "lat"), ("东坐标", "北坐标"), ("东经", "北纬"),
    ("easting", "northing"), ("东向坐标", "北向坐标"), ("横坐标", "纵坐标"), ("坐标x", "坐标y"), ("x坐标", "y坐标"), ("jd", "wd"),
    ("jingdu", "weidu"), ("x", "y"), ("east", "north"), ("e", "n"),
)  # fmt: skip
_BOTH = re.compile(
    r".*经纬度|.*(空间|地理|位置)?坐标(点|位置|值)?|gps|.*(lon|lng|long)_?lat|.*coord(inate)?s?|location|point|latlng|latlon|.*纬经度"
)
_LATITUDE_FIRST = re.compile(r".*(lat_?(lng|lon|long)|纬经度)", re.IGNORECASE)
_SHAPE = re.compile(r"_?wkt(_?geom(etry)?)?|(the_?)?geom(etry)?(_?wkt|_?text)?|wkb(_?geometry)?|shape|几何|图形|geom_?point")
_RIGHT_DATUM = re.compile(r"84|cgcs|2000|国家")
_CHINA = ((73.0, 136.0), (3.0, 54.0))  # longitudes and latitudes
_LEAST = 0.5  # share of the filled cells that must be coordinates for a column to be taken for them


def find_place_fields(names: Iterable[str]) -> dict[str, str]:
    """Return the words x and y, lonlat or wkt with the columns whose names say that they hold coordinates; nothing where none do.

    >>> find_place_fields(["小区", "经度", "纬度"]), find_place_fields(["gcj_lng", "gcj_lat", "wgs84_lng", "wgs84_lat"])
    ({'x': '经度', 'y': '纬度'}, {'x': 'wgs84_lng', 'y': 'wgs84_lat'})
    >>> find_place_fields(["北坐标", "东坐标"]), find_place_fields(["经纬度"]), find_place_fields(["name", "WKT"])
    ({'x': '东坐标', 'y': '北坐标'}, {'lonlat': '经纬度'}, {'wkt': 'WKT'})
    """
    plain = {name: _plain_name(name) for name in names}
    for x, y in _PAIRS:
        easts, norths = _around(plain, x), _around(plain, y)
        both = sorted(set(easts) & set(norths), key=lambda affix: (not _RIGHT_DATUM.search(affix), affix != "|", len(affix)))
        if both:
            return {"x": easts[both[0]], "y": norths[both[0]]}
    for word, pattern in (("wkt", _SHAPE), ("lonlat", _BOTH)):
        found = next((name for name, plain_name in plain.items() if pattern.fullmatch(plain_name)), None)
        if found is not None:
            return {word: found}
    return {}


def guess_place_fields(table: Table) -> dict[str, str]:
    """Return the columns of a plain table that hold coordinates, by their names and what is in them, else by what is in them alone.

    By values alone: the one pair of columns of degrees in China with three decimals or more, or the one column of such pairs or of WKT.
    """
    found = find_place_fields(table.columns)
    if found:
        return found if _fit(table, found) else {}
    some = table.select(np.arange(len(table)) < 300)
    easts = [name for name in some.columns if _are_degrees(some, name, _CHINA[0])]
    norths = [name for name in some.columns if _are_degrees(some, name, _CHINA[1])]
    if len(easts) == len(norths) == 1:
        return {"x": easts[0], "y": norths[0]}
    texts = [name for name, column in some.columns.items() if column.dtype == object]
    for word in ("lonlat", "wkt"):
        fitting = [name for name in texts if _fit(some, {word: name}, least=0.9)]
        if len(fitting) == 1:
            return {word: fitting[0]}
    return {}


def with_places(table: Table, places: Mapping[str, str]) -> Table:
    """Return the table with the places that its columns spell; rows without coordinates have none, and are told by their numbers.

    `places` maps x and y, lonlat or wkt to columns. The CRS is left empty, but for text with a SRID.
    """
    if "wkt" in places:
        column = table.columns[places["wkt"]]
        shapes, crs = geometry_from_text(column)
        spelt: Bools = np.asarray(shapely.is_geometry(shapes), bool)
        notes = _unread_notes(table, (places["wkt"],), spelt)
        wkb = np.asarray(shapely.to_wkb(shapes), object)
        return dataclasses.replace(table, wkb=wkb, crs=crs or table.crs, notes=(*table.notes, *notes))
    xy, fields = _points(table, places)
    there: Bools = np.asarray(np.isfinite(xy).all(axis=1), bool)
    notes = _unread_notes(table, fields, there)
    nowhere = there & (xy == 0.0).all(axis=1)
    if nowhere.any():
        text = N_("{file}, rows {rows}: both coordinates are 0, taken as missing ({count} in all)")
        notes = [*notes, (text, {"file": table.short, "rows": named(table.rows[nowhere]), "count": int(nowhere.sum())})]
    return dataclasses.replace(table, wkb=_point_wkb(xy, there & ~nowhere), notes=(*table.notes, *notes))


def holds_places(table: Table, places: Mapping[str, str]) -> bool:
    """True where at least half of the filled cells of the columns are coordinates: a column called 坐标 may hold words."""
    return bool(places) and _fit(table, places)


def _fit(table: Table, places: Mapping[str, str], least: float = _LEAST) -> bool:
    if "wkt" in places:
        column = table.columns[places["wkt"]]
        there = shapely.is_geometry(geometry_from_text(column)[0]) if column.dtype == object else np.zeros(len(table), bool)
    else:
        xy, _fields = _points(table, places)
        there = np.isfinite(xy).all(axis=1)
    filled = _filled(table, tuple(places.values()))
    return bool(filled.any()) and float(there[filled].mean()) >= least


def _points(table: Table, places: Mapping[str, str]) -> tuple[Floats, tuple[str, ...]]:
    if "lonlat" in places:
        field = places["lonlat"]
        column = table.columns[field]
        if column.dtype != object:
            return np.full((len(table), 2), np.nan), (field,)
        return coordinate_pairs(column, latitude_first=bool(_LATITUDE_FIRST.fullmatch(field))), (field,)
    x, y = places["x"], places["y"]
    return np.column_stack((coordinate_numbers(table.columns[x]), coordinate_numbers(table.columns[y]))), (x, y)


def _unread_notes(table: Table, fields: Sequence[str], there: Bools) -> list[Note]:
    """Return what is to be told of cells that hold something, but no coordinates."""
    if there.all():
        return []
    unread = np.flatnonzero(~there & _filled(table, fields))
    if not len(unread):
        return []
    example = ", ".join(str(table.columns[field][unread[0]])[:40] for field in fields)
    text = N_("{file}, rows {rows}: “{example}” in {fields} are no coordinates ({count} in all)")
    values = {"file": table.short, "rows": named(table.rows[unread]), "example": example, "fields": ", ".join(fields), "count": len(unread)}
    return [(text, values)]


def _filled(table: Table, fields: Sequence[str]) -> Bools:
    """True for the rows in which one of the fields holds something."""
    filled = np.zeros(len(table), bool)
    for field in fields:
        column = table.columns[field]
        if column.dtype == object:
            filled |= np.array([value is not None and bool(str(value).strip()) for value in column.tolist()], bool)
        else:
            filled |= ~is_missing(column)
    return filled


def _point_wkb(xy: Floats, there: Bools) -> Texts:
    """Return points as well-known binary, None where there is none."""
    rows = np.empty(len(xy), POINT_BYTES)
    rows["order"], rows["type"], rows["x"], rows["y"] = 1, 1, xy[:, 0], xy[:, 1]
    joined, size = rows.tobytes(), POINT_BYTES.itemsize
    wkb = np.empty(len(xy), object)
    wkb[:] = [joined[at : at + size] for at in range(0, len(joined), size)]
    wkb[~there] = None
    return wkb


def _plain_name(name: str) -> str:
    """Return a field name without case, blanks and what stands in brackets."""
    return re.sub(r"[(\[（【].*?[)\]）】]", "", narrow(name)).strip().lower().replace(" ", "_")


def _around(names: Mapping[str, str], part: str) -> dict[str, str]:
    """Return the names that contain a part by what stands around it; Latin letters count only as a word of their own."""
    latin = part.isascii()
    pattern = re.compile(rf"(.*?)(?<![a-z]){part}(?![a-z])(.*)" if latin else rf"(.*?){part}(.*)")
    found: dict[str, str] = {}
    for name, plain in names.items():
        match = pattern.fullmatch(plain)
        if match and (len(part) > 1 or not match[1].strip("_") or match[1].endswith("_") or not match[1].isascii()):
            found.setdefault(f"{match[1]}|{match[2]}", name)
    return found


def _are_degrees(table: Table, name: str, limits: tuple[float, float]) -> bool:
    """True where nearly all values are degrees between limits, with three decimals or more, most of them different."""
    column = table.columns[name]
    values = coordinate_numbers(column) if column.dtype == object or column.dtype.kind == "f" else np.zeros(0)
    known = values[np.isfinite(values)]
    if len(known) < 3 or len(known) < 0.5 * len(table):
        return False
    inside = (known > limits[0]) & (known < limits[1])
    exact = np.abs(known * 100.0 - np.round(known * 100.0)) > 1e-9
    return bool(inside.mean() > 0.95 and exact.mean() > 0.7 and len(np.unique(known)) > 0.3 * len(known))
