"""Mending what sources bring: coordinates that are not numbers, polygons that cross themselves, areas given twice."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import shapely

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.io.reading import MAX_PLACED, Reading, named
from gridplanner.io.table import NOTHING, OTHER, POLYGON, Table, finite_rows
from gridplanner.model.issues import Level
from gridplanner.model.lines import Bools, Floats, Texts

Rows = np.ndarray[tuple[int], np.dtype[np.intp]]
CELL = 1e-4  # square metres of a cell of the 1 cm lattice: what is less is no area
WORTH_A_LOOK = 0.01  # share of an area that mending changes, above which it is a warning
_WORDS = {"point": N_("point shapes"), "line": N_("line shapes"), "polygon": N_("area shapes"), "other": N_("mixed geometry")}


def fitting_rows(table: Table, kinds: tuple[str, ...], key: str, reading: Reading) -> Table:
    """Return the rows whose geometry is of one of `kinds`; others are reported, and where none is left InputError says what there is."""
    check_places(table)
    table = _with_areas_of_collections(table, kinds, key, reading)
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


def _with_areas_of_collections(table: Table, kinds: tuple[str, ...], key: str, reading: Reading) -> Table:
    """Return the table with the areas of collections in their place, where areas are asked for."""
    mixed = np.flatnonzero(table.kinds == OTHER) if POLYGON in kinds else np.zeros(0, np.intp)
    if not len(mixed):
        return table
    areas = only_polygons(table.shapes[mixed])
    some = ~shapely.is_empty(areas)
    text = N_("{file}, rows {rows}: geometries of several types together, their areas were taken ({count} in all)")
    reading.tell_rows(table, _flags(table, mixed[some]), key, level=Level.WARNING, kind="geometry", text=text)
    wkb = table.wkb.copy()
    wkb[mixed[some]] = shapely.to_wkb(areas[some])
    return dataclasses.replace(table, wkb=wkb)


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
    rows: Rows


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
    moved, left = _mended(moved, rows, table, key, reading)
    moved, rows = moved[~left], rows[~left]
    if not len(rows):
        text = _("{file}: every area crosses itself, and [sources.{key}] as_is says to mend none; take “mended” out of it")
        raise InputError(text.format(file=table.place, key=key))
    there = ~shapely.is_empty(moved) & (shapely.area(moved) > CELL)
    text = N_("{file}, rows {rows}: areas without extent, left out ({count} in all)")
    reading.tell_rows(table, _flags(table, rows[~there]), key, level=Level.WARNING, kind="geometry", text=text)
    return Polygons(moved[there], rows[there])


def _mended(shapes: Texts, rows: Rows, table: Table, key: str, reading: Reading) -> tuple[Texts, Bools]:
    """Return polygons made valid, and which of them the planner wants as they were read: nothing can be computed with these.

    Rings are taken for what they are meant to be, shells or holes: parts that overlap are joined. Told is each with its place, and
    as a warning where the ground that it covers is another by more than a hundredth.
    """
    crossed = ~shapely.is_valid(shapes)
    left = np.zeros(len(shapes), bool)
    if not crossed.any():
        return shapes, left
    found = np.flatnonzero(crossed)
    left[found] = [not reading.wanted(key, "mended", table.rows[row]) for row in rows[found].tolist()]
    at = np.full((len(table), 2), np.nan)
    at[rows[found]] = [_place_of_reason(shape) for shape in shapes[found]]
    text = N_("{file}, row {rows}: crosses or touches itself and was left as it was read: it is in no plan until it is mended")
    reading.tell_left_rows(table, _flags(table, rows[left]), key, kind="mended", text=text, at=at, level=Level.ERROR)
    now = found[~left[found]]
    out = shapes.copy()
    out[now] = only_polygons(made_valid(shapes[now]))
    now = now[shapely.area(out[now]) > CELL]  # what has no extent is told as that
    before, after = np.abs(shapely.area(shapes[now])), shapely.area(out[now])
    other = np.abs(after - before) > WORTH_A_LOOK * after
    reading.tell_rows(
        table, _flags(table, rows[now[~other]]), key, level=Level.INFO, kind="mended", at=at, repair=True,
        text=N_("{file}, rows {rows}: areas that cross or touch themselves, mended ({count} in all)"),
    )  # fmt: skip
    if other.sum() > 1:
        text = N_("{file}, rows {rows}: areas that cross themselves so that mending changed them, look at them ({count} in all)")
        values = {"file": table.short, "rows": named(table.rows[rows[now[other]]]), "count": int(other.sum())}
        reading.tell(Level.WARNING, "mended", text, values, layer=key, repair="mended")
    for row, was, size in zip(rows[now[other]][:MAX_PLACED].tolist(), before[other].tolist(), after[other].tolist(), strict=False):
        text = N_("{file}, rows {rows}: an area that crosses itself, mended: {after:.0f} m² instead of {before:.0f} m² as it was drawn")
        values = {"file": table.short, "rows": str(table.rows[row]), "before": was, "after": size}
        ref = str(table.rows[row])
        reading.tell(Level.WARNING, "mended", text, values, layer=key, ref=ref, at=at[row], repair=f"mended:{ref}")
    return out, left


def made_valid(shapes: Texts) -> Texts:
    """Return geometries made valid by what their rings are meant to be; by their lines where that leaves nothing."""
    out: Texts = shapely.make_valid(shapes, method="structure", keep_collapsed=False)
    gone = np.flatnonzero(shapely.area(out) <= 0)
    if len(gone):
        out[gone] = shapely.make_valid(shapes[gone])
    return out


def _flags(table: Table, rows: Rows) -> Bools:
    flags = np.zeros(len(table), bool)
    flags[rows] = True
    return flags


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
    kept = doubled.copy()
    kept[doubled] = [not reading.wanted(key, "doubled", table.rows[row]) for row in polygons.rows[doubled].tolist()]
    if doubled.any():
        places = np.full((len(table), 2), np.nan)
        places[polygons.rows[doubled]] = shapely.get_coordinates(shapely.point_on_surface(shapes[doubled]))
        reading.tell_rows(
            table, _flags(table, polygons.rows[doubled & ~kept]), key, level=Level.INFO, kind="doubled", at=places, repair=True,
            text=N_("{file}, rows {rows}: areas that are there already, left out ({count} in all)"),
        )  # fmt: skip
        text = N_("{file}, row {rows}: an area that is there already, kept as it was read")
        reading.tell_left_rows(table, _flags(table, polygons.rows[kept]), key, kind="doubled", text=text, at=places)
        doubled &= ~kept
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
