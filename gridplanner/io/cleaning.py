"""Mending what sources bring: coordinates that are not numbers, polygons that cross themselves, areas given twice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.io.reading import Reading
from gridplanner.io.table import NOTHING, Table, finite_rows
from gridplanner.model.issues import Level
from gridplanner.model.lines import Bools, Floats, Texts

_WORDS = {"point": N_("points"), "line": N_("lines"), "polygon": N_("areas"), "other": N_("mixed geometry")}


def fitting_rows(table: Table, kinds: tuple[str, ...], key: str, reading: Reading) -> Table:
    """Return the rows whose geometry is of one of `kinds`; others are reported, and where none is left InputError says what there is."""
    check_places(table)
    there = np.isin(table.kinds, NOTHING, invert=True)
    right: Bools = np.isin(table.kinds, kinds)
    if not right.any():
        found = ", ".join(_(_WORDS[kind]) for kind in np.unique(table.kinds[there]))
        wanted = _(" or ").join(_(_WORDS[kind]) for kind in kinds)
        text = _("{file}: holds {found}, but [sources.{key}] needs {wanted}; give another file or layer")
        raise InputError(text.format(file=table.place, found=found, key=key, wanted=wanted))
    text = N_("{file}, rows {rows}: no place, left out ({count} in all)")
    reading.tell_rows(table, ~there, key, level=Level.WARNING, kind="no_place", text=text)
    reading.tell_rows(
        table, np.logical_and(there, ~right), key, level=Level.WARNING, kind="geometry",
        text=N_("{file}, rows {rows}: another geometry type, left out ({count} in all)"),
    )  # fmt: skip
    return table.select(right)


def check_places(table: Table) -> None:
    """Raise InputError where a layer has no rows, or none of them has a place."""
    if not len(table):
        raise InputError(_("{file}: the layer has no rows; check the file and the layer").format(file=table.place))
    if (table.kinds == NOTHING).all():
        raise InputError(_("{file}: none of its {count} rows has a place; check the file").format(file=table.place, count=len(table)))


def finite_points(table: Table, xy: Floats, key: str, reading: Reading) -> tuple[Table, Floats]:
    """Return the rows whose point is made of numbers, and the points."""
    finite = finite_rows(xy)
    if finite.all():
        return table, xy
    reading.tell_rows(
        table, ~finite, key, level=Level.WARNING, kind="coordinates",
        text=N_("{file}, rows {rows}: coordinates that are not numbers, left out ({count} in all)"),
    )  # fmt: skip
    if not finite.any():
        raise InputError(_("{file}: none of its coordinates are usable numbers; check its coordinate system").format(file=table.place))
    return table.select(finite), xy[finite]


@dataclass(frozen=True, eq=False)
class Polygons:
    """Valid polygons in the project CRS and the rows of the table they came from (indices)."""

    shapes: Texts
    rows: np.ndarray[tuple[int], np.dtype[np.intp]]


def clean_polygons(table: Table, key: str, reading: Reading) -> Polygons:
    """Return the polygons of a table in the project CRS, made valid; what had to be mended is reported with its place."""
    shapes = table.shapes
    moved = transformed(shapes, table, reading)
    finite = _all_finite(moved)
    reading.tell_rows(
        table, ~finite, key, level=Level.WARNING, kind="coordinates",
        text=N_("{file}, rows {rows}: coordinates that are not numbers, left out ({count} in all)"),
    )  # fmt: skip
    rows = np.flatnonzero(finite)
    if not len(rows):
        raise InputError(_("{file}: none of its coordinates are usable numbers; check its coordinate system").format(file=table.place))
    moved = moved[rows]
    valid = shapely.is_valid(moved)
    if not valid.all():
        mended = only_polygons(shapely.make_valid(moved[~valid]))
        places = np.full((len(table), 2), np.nan)
        places[rows[~valid]] = [_place_of_reason(shape) for shape in moved[~valid]]
        crossed = np.zeros(len(table), bool)
        crossed[rows[~valid]] = True
        reading.tell_rows(
            table, crossed, key, level=Level.INFO, kind="mended", at=places,
            text=N_("{file}, rows {rows}: areas that cross or touch themselves, mended ({count} in all)"),
        )  # fmt: skip
        moved = moved.copy()
        moved[~valid] = mended
    there = ~shapely.is_empty(moved) & (shapely.area(moved) > 0)
    gone = np.zeros(len(table), bool)
    gone[rows[~there]] = True
    text = N_("{file}, rows {rows}: areas without extent, left out ({count} in all)")
    reading.tell_rows(table, gone, key, level=Level.WARNING, kind="geometry", text=text)
    return Polygons(moved[there], rows[there])


def transformed(shapes: Texts, table: Table, reading: Reading) -> Texts:
    """Return geometries in the project CRS."""
    out: Texts = shapely.transform(shapes, lambda xy: reading.to_project(xy, table))
    return out


def only_polygons(shapes: Texts) -> Texts:
    """Return the areas of geometries as polygons or multipolygons, without the lines and points that mending leaves over."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    nested, inner = shapely.get_parts(parts, return_index=True)
    owner = owner[inner]
    flat = shapely.get_type_id(nested) == 3
    return union_by(nested[flat], owner[flat], len(shapes))


def union_by(parts: Texts, owner: np.ndarray[tuple[int], np.dtype[np.intp]], count: int) -> Texts:
    """Return one polygon, multipolygon or empty polygon per owner from parts that do not overlap."""
    out = np.empty(count, object)
    order = np.argsort(owner, kind="stable")
    bounds = np.searchsorted(owner[order], np.arange(count + 1))
    for index in range(count):
        mine = parts[order[bounds[index] : bounds[index + 1]]]
        out[index] = shapely.Polygon() if not len(mine) else mine[0] if len(mine) == 1 else shapely.multipolygons(mine)
    return out


def without_doubles(polygons: Polygons, table: Table, names: Texts, key: str, reading: Reading) -> Polygons:
    """Return the polygons without those given twice: equal ones, and nameless ones that named ones cover."""
    shapes = polygons.shapes
    seen: dict[bytes, int] = {}
    doubled = np.zeros(len(shapes), bool)
    named_rows = np.array([bool(name) for name in names[polygons.rows]], bool)
    prints = shapely.to_wkb(shapely.normalize(shapely.set_precision(shapes, 0.01, mode="pointwise")))
    for row in np.argsort(~named_rows, kind="stable"):  # of two equal ones the named one stays
        doubled[row] = seen.setdefault(prints[row], int(row)) != row
    if named_rows.any() and not named_rows.all():
        tree = shapely.STRtree(shapes[named_rows])
        for row in np.flatnonzero(~named_rows & ~doubled):
            near = shapes[named_rows][tree.query(shapes[row], predicate="intersects")]
            doubled[row] = shapely.area(shapely.intersection(near, shapes[row])).sum() > 0.99 * shapes[row].area
    if doubled.any():
        at = shapely.get_coordinates(shapely.point_on_surface(shapes[doubled]))
        places, flags = np.full((len(table), 2), np.nan), np.zeros(len(table), bool)
        places[polygons.rows[doubled]] = at
        flags[polygons.rows[doubled]] = True
        reading.tell_rows(
            table, flags, key, level=Level.INFO, kind="doubled", at=places,
            text=N_("{file}, rows {rows}: areas that are there already, left out ({count} in all)"),
        )  # fmt: skip
    return Polygons(shapes[~doubled], polygons.rows[~doubled])


def _all_finite(shapes: Texts) -> Bools:
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    finite = np.ones(len(shapes), bool)
    finite[owner[~finite_rows(xy)]] = False
    return finite


def _place_of_reason(shape: shapely.Geometry) -> tuple[float, float]:
    """Return where a polygon is invalid, which GEOS tells in brackets behind the reason."""
    reason = shapely.is_valid_reason(shape)
    try:
        x, y = reason[reason.index("[") + 1 : reason.index("]")].split()[:2]
        return float(x), float(y)
    except ValueError:
        centre = shape.envelope.centroid
        return centre.x, centre.y
