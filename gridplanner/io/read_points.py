"""Households, stations, kilometre posts, key sites and depots from point layers, building polygons and OpenStreetMap."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.io.cleaning import finite_points, fitting_rows, made_valid
from gridplanner.io.fields import number_column, text_column
from gridplanner.io.point_places import tell_astray, tell_doubled, without_zeros
from gridplanner.io.rail_tracks import track_of
from gridplanner.io.reading import Reading
from gridplanner.io.table import POINT, POLYGON, Column, Table, finite_rows
from gridplanner.io.where import is_missing
from gridplanner.model.issues import Level
from gridplanner.model.lines import Bools, Floats, Texts
from gridplanner.model.mileage import read_chainage
from gridplanner.model.places import Depots, Households, KeySites, Stations, texts
from gridplanner.settings import clock_minutes

PERSONS_PER_HOUSEHOLD = 2.6
LONGEST = 20_000.0  # km: a column of larger numbers holds metres


def points_of(table: Table, key: str, reading: Reading) -> tuple[Table, Floats]:
    """Return the rows with a usable place and their points in the project CRS; areas count by a point inside them.

    Of several points in a row the first counts. Rows at 0, 0 far from the others have no place and are left out, others far from
    everything stay; all of it is told.
    """
    table = fitting_rows(table, (POINT, POLYGON), key, reading)
    areas = table.kinds == POLYGON
    if areas.any():
        xy = np.empty((len(table), 2))
        xy[areas] = _points_inside(table.shapes[areas])
        if not areas.all():
            xy[~areas] = table.select(~areas).points
        text = N_("{file}: areas were read as a point inside each ({count} in all)")
        reading.tell(Level.INFO, "areas_as_points", text, {"file": table.short, "count": int(areas.sum())}, layer=key)
    else:
        xy = table.points
    if table.several.any():
        text = N_("{file}, rows {rows}: several points in one row, the first was taken ({count} in all)")
        at = reading.to_project(xy, table)
        reading.tell_rows(table, table.several, key, level=Level.WARNING, kind="several_points", text=text, at=at)
    table, given = finite_points(table, xy, key, reading)
    table, xy = without_zeros(table, given, reading.to_project(given, table), key, reading)
    table, xy = finite_points(table, xy, key, reading)
    tell_astray(table, xy, key, reading)
    return table, xy


def _points_inside(shapes: Texts) -> Floats:
    """Return a point inside each area, NaN where its coordinates are no numbers."""
    corners, owner = shapely.get_coordinates(shapes, return_index=True)
    usable = np.ones(len(shapes), bool)
    usable[owner[~finite_rows(corners)]] = False
    xy = np.full((len(shapes), 2), np.nan)
    sound = shapes[usable]
    crossed = ~shapely.is_valid(sound)
    if crossed.any():
        sound = sound.copy()
        sound[crossed] = made_valid(sound[crossed])
    xy[usable] = shapely.get_coordinates(shapely.point_on_surface(sound))
    return xy


def read_households(table: Table, fields: Mapping[str, str], reading: Reading) -> Households:
    """Return the address points: one household each where no field is mapped, 2.6 persons a household where none are counted.

    Counts that are missing are taken as one household, negative ones as none; both are reported with their places.
    """
    table, xy = points_of(table, "households", reading)
    tell_doubled(table, xy, "households", reading)
    households = np.ones(len(table))
    if "households" in fields:
        households, odd = number_column(table, fields["households"], "households", reading)
        households = _mended_counts(households, odd, fields["households"], table, xy, reading)
    persons = households * PERSONS_PER_HOUSEHOLD
    if "persons" in fields:
        given, _odd = number_column(table, fields["persons"], "households", reading)
        unusable = ~np.isfinite(given) | (given < 0)
        persons = np.where(unusable, persons, given)
        reading.tell_rows(
            table, unusable, "households", level=Level.INFO, kind="count", values={"field": fields["persons"]},
            text=N_("{file}, rows {rows}: “{field}” is missing or negative, taken as 2.6 persons a household ({count} in all)"),
        )  # fmt: skip
    group = text_column(table, fields["group"]) if "group" in fields else None
    address = text_column(table, fields.get("address"))
    return Households(xy, households, np.round(persons, 1), address, _radius(table, xy, reading), group)


def _radius(table: Table, xy: Floats, reading: Reading) -> Floats | None:
    """Return how far each building reaches around its point, 0 for plain points; None where all are."""
    areas = np.flatnonzero(table.kinds == POLYGON)
    if not len(areas):
        return None
    corners, building = shapely.get_coordinates(table.shapes[areas], return_index=True)
    away = np.hypot(*(reading.to_project(corners, table) - xy[areas[building]]).T)
    radius = np.zeros(len(table))
    np.maximum.at(radius, areas[building], np.nan_to_num(away, posinf=0.0))
    return radius


def _mended_counts(counts: Floats, odd: Bools, field: str, table: Table, xy: Floats, reading: Reading) -> Floats:
    missing, negative = ~np.isfinite(counts), counts < 0
    reading.tell_rows(
        table, missing & ~odd, "households", level=Level.INFO, kind="count", values={"field": field}, at=xy,
        text=N_("{file}, rows {rows}: “{field}” is missing, taken as one household ({count} in all)"),
    )  # fmt: skip
    reading.tell_rows(
        table, negative, "households", level=Level.WARNING, kind="count", values={"field": field}, at=xy,
        text=N_("{file}, rows {rows}: “{field}” is negative, taken as no household ({count} in all)"),
    )  # fmt: skip
    return np.where(missing, 1.0, np.maximum(counts, 0.0))


def read_stations(table: Table, fields: Mapping[str, str], key: str, reading: Reading) -> Stations:
    """Return stations or kilometre posts; a chainage is a number of kilometres or text such as K814+300, whose letters are its system."""
    table, xy = points_of(table, key, reading)
    names, line = text_column(table, fields.get("name")), text_column(table, fields.get("line"))
    chainage, systems = np.full(len(table), np.nan), text_column(table, fields.get("system"))
    if "chainage_km" in fields:
        column = _exact(table, table.columns[fields["chainage_km"]])
        if column.dtype == object:
            read = [read_chainage(value) for value in column]
            chainage = np.array([metres for _letters, metres in read], np.float64)
            systems[:] = [str(given).strip().upper() or letters for given, (letters, _metres) in zip(systems, read, strict=True)]
            unread = np.isnan(chainage) & np.array([bool(word) for word in text_column(table, fields["chainage_km"])], bool)
            reading.tell_rows(
                table, unread, key, level=Level.WARNING, kind="value", at=xy,
                text=N_("{file}, rows {rows}: chainage cannot be read, write kilometres or K814+300 ({count} in all)"),
            )  # fmt: skip
        else:
            chainage = _kilometres(column.astype(np.float64), table, key, reading) * 1000.0
    tracks = texts([track_of(str(word)) for word in text_column(table, fields.get("track"))])
    height, _odd = number_column(table, fields.get("height"), key, reading)
    posts = np.full(len(table), key == "rail_posts")
    if "railway" in table.columns:  # OpenStreetMap has both
        posts |= table.columns["railway"].astype(str) == "milestone"
    return Stations(xy, names, chainage, line, posts, systems, tracks, height)


def _exact(table: Table, chainage: Column) -> Column:
    """Return the chainages of OpenStreetMap, whose tag of more decimals goes before the rounded one."""
    exact = table.columns.get("railway:position:exact")
    return chainage if exact is None else np.where(is_missing(exact), chainage, exact)


def _kilometres(numbers: Floats, table: Table, key: str, reading: Reading) -> Floats:
    """Return numbers as kilometres: those of a column in which half are beyond every railway of the world are metres."""
    known = np.abs(numbers[np.isfinite(numbers)])
    if not len(known) or float(np.median(known)) <= LONGEST:
        return numbers
    text = N_("{file}: chainages are too large for kilometres and were read as metres")
    reading.tell(Level.INFO, "chainage", text, {"file": table.short}, layer=key)
    return numbers / 1000.0


def read_key_sites(table: Table, fields: Mapping[str, str], reading: Reading) -> KeySites:
    """Return places to visit: once a shift for five minutes at any time where no field says otherwise."""
    table, xy = points_of(table, "key_sites", reading)

    def numbers(word: str, default: float) -> Floats:
        values, _odd = number_column(table, fields.get(word), "key_sites", reading)
        _tell_negative(values, fields.get(word, ""), default, table, xy, "key_sites", reading)
        return np.where(np.isfinite(values) & (values >= 0), values, default)

    visits = np.round(numbers("visits", 1.0)).astype(np.int32)
    return KeySites(
        xy, text_column(table, fields.get("name")), visits, numbers("dwell_min", 5.0),
        _clocks(table, fields.get("from")), _clocks(table, fields.get("to")), numbers("weight", 1.0),
    )  # fmt: skip


def read_depots(table: Table, fields: Mapping[str, str], reading: Reading) -> Depots:
    """Return police stations and patrol posts, one crew each where no field says otherwise."""
    table, xy = points_of(table, "depots", reading)
    crews, _odd = number_column(table, fields.get("crews"), "depots", reading)
    _tell_negative(crews, fields.get("crews", ""), 1.0, table, xy, "depots", reading)
    whole = np.where(np.isfinite(crews) & (crews >= 0), np.round(crews), 1).astype(np.int32)
    return Depots(xy, text_column(table, fields.get("name")), text_column(table, fields.get("kind")), whole)


def _tell_negative(values: Floats, field: str, default: float, table: Table, xy: Floats, key: str, reading: Reading) -> None:
    reading.tell_rows(
        table, np.asarray(values < 0), key, level=Level.WARNING, kind="count", values={"field": field, "default": default}, at=xy,
        text=N_("{file}, rows {rows}: “{field}” is negative, taken as {default:g} ({count} in all)"),
    )  # fmt: skip


def _clocks(table: Table, field: str | None) -> Floats:
    """Return minutes after midnight, NaN for any time; text such as 08:00, or a number of hours."""
    if field is None:
        return np.full(len(table), np.nan)
    column = table.columns[field]
    if column.dtype.kind in "iuf":
        return column.astype(np.float64) * 60.0
    out = np.full(len(table), np.nan)
    for row, word in enumerate(text_column(table, field)):
        if word:
            try:
                out[row] = clock_minutes(":".join(word.replace("：", ":").split(":")[:2]))
            except ValueError as why:
                text = _("{file}: row {row}, field “{field}”: {why}")
                raise InputError(text.format(file=table.place, row=table.rows[row], field=field, why=why)) from None
    return out
