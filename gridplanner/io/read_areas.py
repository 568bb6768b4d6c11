"""Communities and the district outline; and the area to plan where no layer gives it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.io.cleaning import clean_polygons, fitting_rows, only_polygons, without_doubles
from gridplanner.io.codes import clean_codes
from gridplanner.io.coverage import exact_coverage, on_lattice
from gridplanner.io.fields import text_column
from gridplanner.io.point_places import away_from_others
from gridplanner.io.reading import MAX_PLACED, Reading
from gridplanner.io.table import POLYGON, Table
from gridplanner.model.issues import Level
from gridplanner.model.lines import Floats, Texts
from gridplanner.model.places import NO_COMMUNITIES, Communities, Households, texts

HULL_MARGIN = 100.0


def read_district(table: Table, reading: Reading) -> shapely.Geometry:
    """Return the outline of the whole area: the union of all polygons of the layer, on the 1 cm lattice."""
    table = fitting_rows(table, (POLYGON,), "district", reading)
    polygons = clean_polygons(table, "district", reading)
    _check_extent(len(polygons.rows), table)
    union = only_polygons(np.array([shapely.union_all(polygons.shapes, grid_size=0.01)], object))
    return union[0]


def read_communities(table: Table, fields: Mapping[str, str], district: shapely.Geometry | None, reading: Reading) -> Communities:
    """Return the communities as an exact coverage with twelve-digit codes, clipped by the district where one is given."""
    table = fitting_rows(table, (POLYGON,), "communities", reading)
    names, codes, streets = (text_column(table, fields.get(word)) for word in ("name", "code", "street"))
    polygons = without_doubles(clean_polygons(table, "communities", reading), table, names, "communities", reading)
    rows, shapes = polygons.rows, polygons.shapes
    _check_extent(len(rows), table)
    if district is not None:
        shapes = _clipped(shapes, district, reading)
    beyond = shapely.is_empty(shapes)
    gone = np.zeros(len(table), bool)
    gone[rows[beyond]] = True
    reading.tell_rows(
        table, gone, "communities", level=Level.WARNING, kind="clipped",
        text=N_("{file}, rows {rows}: communities outside the district outline, left out ({count} in all)"),
    )  # fmt: skip
    rows, shapes = rows[~beyond], shapes[~beyond]
    shapes = exact_coverage(shapes, names[rows], reading, "communities", table.rows[rows])
    there = ~shapely.is_empty(shapes)
    gone = np.zeros(len(table), bool)
    gone[rows[~there]] = True
    reading.tell_rows(
        table, gone, "communities", level=Level.WARNING, kind="doubled",
        text=N_("{file}, rows {rows}: communities with no area of their own, left out ({count} in all)"),
    )  # fmt: skip
    if not there.any():
        text = _("{file}: no community lies inside the district; check both layers and their coordinate systems")
        raise InputError(text.format(file=table.place))
    rows, shapes = rows[there], shapes[there]
    clean = clean_codes(list(codes[rows]), list(names[rows]))
    _tell_codes(clean.made_up, list(codes[rows]), clean.codes, clean.names, shapes, reading)
    return Communities(shapes, texts(clean.codes), texts(clean.names), streets[rows])


def _check_extent(count: int, table: Table) -> None:
    if not count:
        raise InputError(_("{file}: none of its areas has any extent; check the file and its coordinate system").format(file=table.place))


def one_community(area: shapely.Geometry, name: str, text: str, values: Mapping[str, object], reading: Reading) -> Communities:
    """Return an area as the one community, and say how it came about."""
    clean = clean_codes([""], [name])
    reading.tell(Level.INFO, "made_up", text, {**values, "code": clean.codes[0]}, layer="communities")
    column = np.empty(1, object)
    column[0] = area
    return Communities(column, texts(clean.codes), texts(clean.names), texts([""]), made_up=True)


def communities_from_district(district: shapely.Geometry, name: str, reading: Reading) -> Communities:
    """Return the district outline as the one community."""
    text = N_("No communities are given: the district outline is one community, code {code}")
    return one_community(on_lattice(np.array([district], object))[0], name, text, {}, reading)


def communities_from_households(households: Households, name: str, reading: Reading) -> Communities:
    """Return the convex hull of the addresses, 100 m wider all round, as the one community; none where there are no addresses.

    Addresses that stand quite apart (farther than 5 km and ten times the usual distance from the middle) do not stretch the hull.
    """
    if not len(households):
        return NO_COMMUNITIES
    near = _not_astray(households.xy, reading)
    hull = shapely.convex_hull(_as_one(near)).buffer(HULL_MARGIN, quad_segs=4)
    area = on_lattice(np.array([hull], object))[0]
    text = N_("No communities are given: the convex hull of the addresses, {margin:.0f} m wider, is one community, code {code}")
    return one_community(area, name, text, {"margin": HULL_MARGIN}, reading)


def _as_one(xy: Floats) -> shapely.Geometry:
    """Return points as one geometry for their hull: a line is a tenth of the work of a multipoint."""
    return shapely.linestrings(xy) if len(xy) > 1 else shapely.points(xy[0])


def _not_astray(xy: Floats, reading: Reading) -> Floats:
    away, astray = away_from_others(xy)
    if astray.any():
        text = N_("Addresses far from all others, up to {km:.0f} km: the hull was drawn without them ({count} in all)")
        values = {"count": int(astray.sum()), "km": float(away.max() / 1000.0)}
        reading.tell(Level.WARNING, "astray", text, values, layer="households", at=xy[np.argmax(away)])
    near: Floats = xy[~astray]
    return near


def _clipped(shapes: Texts, district: shapely.Geometry, reading: Reading) -> Texts:
    """Return the communities inside the district outline, unless the planner wants them as they were read."""
    if bool(shapely.covers(shapely.buffer(district, 0.05), shapes).all()):
        return shapes
    clipped = only_polygons(shapely.intersection(shapes, district, grid_size=0.01))
    values = {"area": float(shapely.area(shapes).sum() - shapely.area(clipped).sum())}
    if not reading.wanted("communities", "clipped"):
        text = N_("The communities reach {area:.0f} m² beyond the district outline and were left as they were read")
        reading.tell_left("clipped", text, values, key="communities")
        return shapes
    text = N_("The communities were clipped by the district outline; {area:.0f} m² lay outside it")
    reading.tell(Level.INFO, "clipped", text, values, layer="communities", repair="clipped")
    return clipped


def _tell_codes(rows: list[int], given: list[str], codes: list[str], names: list[str], shapes: Texts, reading: Reading) -> None:
    """Report the codes that were made up."""
    if not rows:
        return
    if len(rows) > 1:
        text = N_("{count} communities have no usable code of twelve digits; {first} to {last} were made up")
        made = [codes[row] for row in rows]
        reading.tell(Level.INFO, "code_made_up", text, {"count": len(rows), "first": made[0], "last": made[-1]}, layer="communities")
    places = shapely.get_coordinates(shapely.point_on_surface(shapes[rows]))
    for row, at in zip(rows[:MAX_PLACED], places, strict=False):
        text = N_("Community {name}: the code “{given}” is not usable, {code} was made up")
        values = {"name": names[row] or f"#{row + 1}", "given": given[row], "code": codes[row]}
        reading.tell(Level.INFO, "code_made_up", text, values, layer="communities", ref=codes[row], at=at)
