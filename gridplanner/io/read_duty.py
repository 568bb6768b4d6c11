"""What police planning is given: incidents, station areas, monthly figures, people on duty, known checkpoints and cordons."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import shapely

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.io.cleaning import clean_polygons, finite_points, fitting_rows, only_polygons, transformed
from gridplanner.io.fields import KNOWN, number_column, text_column
from gridplanner.io.months import month_column
from gridplanner.io.read_points import points_of
from gridplanner.io.read_roster import read_roster_cells
from gridplanner.io.reading import MAX_PLACED, Reading
from gridplanner.io.table import LINE, POLYGON, Table
from gridplanner.model.checkpoints import MOST_CHECKPOINTS, CheckpointSites, Cordons
from gridplanner.model.duty_data import Incidents, Indicators, Staff, StationAreas
from gridplanner.model.issues import Level
from gridplanner.model.lines import Bools, Floats, Texts
from gridplanner.model.places import texts

WORTH_TELLING = 100.0  # m² that two station areas share
EXISTING, FORBIDDEN = "existing", "forbidden"
_SITE_WORDS = {
    **dict.fromkeys(("", "existing", "exists", "fixed", "permanent", "已有", "现有", "已设", "既有", "在用", "固定", "常设"), EXISTING),
    **dict.fromkeys(("forbidden", "no", "none", "banned", "禁止", "禁设", "禁用", "不可", "不得", "不设", "不宜"), FORBIDDEN),
}


def read_incidents(table: Table, fields: Mapping[str, str], reading: Reading) -> Incidents:
    """Return calls and cases as places, one each where no weight is mapped; counts of an area lie at a point inside it.

    Weights that are missing are taken as one, negative ones as none; months that cannot be read are left empty. All are reported.
    """
    table, xy = points_of(table, "incidents", reading)
    weight = np.ones(len(table))
    if "weight" in fields:
        given, odd = number_column(table, fields["weight"], "incidents", reading)
        missing, negative = ~np.isfinite(given), given < 0
        values = {"field": fields["weight"]}
        reading.tell_rows(
            table, missing & ~odd, "incidents", level=Level.INFO, kind="count", values=values, at=xy,
            text=N_("{file}, rows {rows}: “{field}” is missing, taken as one ({count} in all)"),
        )  # fmt: skip
        reading.tell_rows(
            table, negative, "incidents", level=Level.WARNING, kind="count", values=values, at=xy,
            text=N_("{file}, rows {rows}: “{field}” is negative, taken as none ({count} in all)"),
        )  # fmt: skip
        weight = np.where(missing, 1.0, np.maximum(given, 0.0))
    months, _odd = month_column(table, fields.get("month"), "incidents", reading)
    return Incidents(xy, weight, months, text_column(table, fields.get("kind")))


def read_station_areas(table: Table, fields: Mapping[str, str], reading: Reading) -> StationAreas:
    """Return the areas of police stations, one a code (else a name): rows that share it are one area in several pieces.

    Rows with neither are called by their number, such as #3. Areas that overlap stay as they are and are reported.
    """
    table = fitting_rows(table, (POLYGON,), "station_areas", reading)
    codes, names = (text_column(table, fields.get(word)) for word in ("code", "name"))
    polygons = clean_polygons(table, "station_areas", reading)
    codes, names, shapes = codes[polygons.rows], names[polygons.rows], polygons.shapes
    bare = np.zeros(len(table), bool)
    bare[polygons.rows] = [not (code or name) for code, name in zip(codes, names, strict=True)]
    reading.tell_rows(
        table, bare, "station_areas", level=Level.INFO, kind="value",
        text=N_("{file}, rows {rows}: station areas with neither code nor name; they are called by their row ({count} in all)"),
    )  # fmt: skip
    names = texts([str(name or code or f"#{table.rows[row]}") for code, name, row in zip(codes, names, polygons.rows, strict=True)])
    first: dict[str, int] = {}
    owner = [first.setdefault(str(code or name), len(first)) for code, name in zip(codes, names, strict=True)]
    at = [owner.index(area) for area in range(len(first))]
    joined = np.empty(len(first), object)
    for area in range(len(first)):
        joined[area] = shapely.union_all(shapes[np.array(owner) == area])
    found = StationAreas(only_polygons(joined), codes[at], names[at])
    _tell_overlaps(found, reading)
    return found


def _tell_overlaps(areas: StationAreas, reading: Reading) -> None:
    one, other = shapely.STRtree(areas.polygons).query(areas.polygons, predicate="intersects")
    one, other = one[one < other], other[one < other]
    shared = shapely.intersection(areas.polygons[one], areas.polygons[other])
    size = shapely.area(shared)
    for pair in np.argsort(-size, kind="stable")[:MAX_PLACED].tolist():
        if size[pair] > WORTH_TELLING:
            text = N_("Station areas {one} and {other} overlap by {area:.0f} m²; a grid goes to the one that holds most of it")
            values = {"one": str(areas.names[one[pair]]), "other": str(areas.names[other[pair]]), "area": float(size[pair])}
            at = shapely.get_coordinates(shapely.point_on_surface(shared[pair]))[0]
            reading.tell(Level.WARNING, "overlap", text, values, layer="station_areas", ref=str(values["one"]), at=at)


def read_indicators(table: Table, fields: Mapping[str, str], reading: Reading) -> Indicators:
    """Return counts per area and month; every mapped field beside area, month and satisfaction is an indicator by the word it is mapped to.

    Raises InputError where area or month is not mapped, or nothing is counted. Rows without an area or month, and all but the first of an
    area and month, are left out; negative counts and satisfaction beyond 0 to 100 are taken as not given. All are reported.
    """
    names = [word for word in fields if word not in KNOWN["indicators"]]
    for word in ("area", "month"):
        if word not in fields:
            text = _("{file}: [sources.indicators] needs fields.{word}; write it as in {example}")
            example = 'fields = { area = "派出所", month = "月份", 刑事 = "刑事案件", satisfaction = "满意度" }'
            raise InputError(text.format(file=table.place, word=word, example=example))
    if not names and "satisfaction" not in fields:
        text = _("{file}: [sources.indicators] names no indicator; map each to its field in fields, such as {example}")
        raise InputError(text.format(file=table.place, example='theft = "盗窃"'))
    areas = text_column(table, fields["area"])
    nowhere: Bools = areas == ""
    reading.tell_rows(
        table, nowhere, "indicators", level=Level.WARNING, kind="value", values={"field": fields["area"]},
        text=N_("{file}, rows {rows}: “{field}” names no area, left out ({count} in all)"),
    )  # fmt: skip
    left_out = N_("{file}, rows {rows}: “{field}” is not a month, such as “{example}”; write 2026-01; left out ({count} in all)")
    months, odd = month_column(table, fields["month"], "indicators", reading, left_out)
    empty = np.asarray(months == "") & ~odd
    reading.tell_rows(
        table, empty & ~nowhere, "indicators", level=Level.WARNING, kind="value", values={"field": fields["month"]},
        text=N_("{file}, rows {rows}: “{field}” names no month, left out ({count} in all)"),
    )  # fmt: skip
    usable = ~nowhere & np.asarray(months != "")
    doubled = _doubled(areas, months, usable)
    reading.tell_rows(
        table, doubled, "indicators", level=Level.WARNING, kind="value",
        text=N_("{file}, rows {rows}: another row of the same area and month, left out: the first counts ({count} in all)"),
    )  # fmt: skip
    kept = usable & ~doubled
    counts = np.full((int(kept.sum()), len(names)), np.nan)
    for place, word in enumerate(names):
        given = number_column(table, fields[word], "indicators", reading)[0]
        reading.tell_rows(
            table, given < 0, "indicators", level=Level.WARNING, kind="count", values={"field": fields[word]},
            text=N_("{file}, rows {rows}: “{field}” is negative, taken as not given ({count} in all)"),
        )  # fmt: skip
        counts[:, place] = np.where((given >= 0) & np.isfinite(given), given, np.nan)[kept]
    return Indicators(areas[kept], months[kept], texts(names), counts, _satisfaction(table, fields, reading)[kept])


def _doubled(areas: Texts, months: Texts, usable: Bools) -> Bools:
    """True for the rows whose area and month an earlier row has."""
    seen: set[tuple[str, str]] = set()
    doubled = np.zeros(len(areas), bool)
    for row in np.flatnonzero(usable).tolist():
        key = (str(areas[row]), str(months[row]))
        doubled[row] = key in seen
        seen.add(key)
    return doubled


def _satisfaction(table: Table, fields: Mapping[str, str], reading: Reading) -> Floats:
    """Return satisfaction from 0 to 100; values that are all shares of one are taken as such."""
    given = number_column(table, fields.get("satisfaction"), "indicators", reading)[0]
    known = given[np.isfinite(given)]
    if len(known) and 0 < known.max() <= 1 and known.min() >= 0:
        text = N_("{file}: “{field}” is at most 1 everywhere and was taken as a share: 0.9 is 90")
        reading.tell(Level.INFO, "value", text, {"file": table.short, "field": fields["satisfaction"]}, layer="indicators")
        return 100.0 * given
    beyond = (given < 0) | (given > 100)
    reading.tell_rows(
        table, beyond, "indicators", level=Level.WARNING, kind="value", values={"field": fields.get("satisfaction", "")},
        text=N_("{file}, rows {rows}: “{field}” is not between 0 and 100, taken as not given ({count} in all)"),
    )  # fmt: skip
    return np.where(beyond, np.nan, given)


def read_staff(table: Table, fields: Mapping[str, str], reading: Reading) -> Staff:
    """Return the people on duty; raises InputError where no field says for what. Rows without name and role are left out."""
    if "unit" not in fields or not {"name", "role"} & set(fields):
        text = _("{file}: [sources.staff] needs fields.unit (a grid, beat, zone, community or street) and fields.name or fields.role")
        raise InputError(text.format(file=table.place))
    names, roles, phones, units = (text_column(table, fields.get(word)) for word in ("name", "role", "work_phone", "unit"))
    nobody: Bools = np.asarray((names == "") & (roles == ""))
    reading.tell_rows(
        table, nobody, "staff", level=Level.WARNING, kind="value",
        text=N_("{file}, rows {rows}: neither a name nor a role, left out ({count} in all)"),
    )  # fmt: skip
    reading.tell_rows(
        table, ~nobody & np.asarray(units == ""), "staff", level=Level.WARNING, kind="value", values={"field": fields["unit"]},
        text=N_("{file}, rows {rows}: “{field}” is empty, on duty for nothing ({count} in all)"),
    )  # fmt: skip
    return Staff(names[~nobody], roles[~nobody], phones[~nobody], units[~nobody])


def read_checkpoint_sites(table: Table, fields: Mapping[str, str], reading: Reading) -> CheckpointSites:
    """Return known places: existing where no kind is mapped; rows of a kind that is neither existing nor forbidden are left out."""
    table, xy = points_of(table, "checkpoint_sites", reading)
    words = [str(word).casefold() for word in text_column(table, fields.get("kind"))]
    kinds = texts([_SITE_WORDS.get(word, "") for word in words])
    unknown: Bools = np.asarray(kinds == "")
    example = words[int(np.argmax(unknown))][:30] if len(words) else ""
    reading.tell_rows(
        table, unknown, "checkpoint_sites", level=Level.WARNING, kind="value", at=xy,
        values={"field": fields.get("kind", ""), "example": example},
        text=N_("{file}, rows {rows}: “{field}” is neither existing (已有) nor forbidden (禁止): “{example}”; left out ({count} in all)"),
    )  # fmt: skip
    names = text_column(table, fields.get("name"))
    return CheckpointSites(xy[~unknown], names[~unknown], kinds[~unknown])


def read_cordons(table: Table, fields: Mapping[str, str], reading: Reading) -> Cordons:
    """Return lines and areas to be closed beside the boundary, one checkpoint each at most where no field says how many.

    Those without a name are called by their row, such as #3.
    """
    table = fitting_rows(table, (LINE, POLYGON), "cordons", reading)
    shapes = np.full(len(table), None, object)
    areas = np.flatnonzero(table.kinds == POLYGON)
    if len(areas):
        polygons = clean_polygons(table.select(table.kinds == POLYGON), "cordons", reading)
        shapes[areas[polygons.rows]] = polygons.shapes
    if len(areas) < len(table):
        lines = table.select(table.kinds == LINE)
        middle = shapely.get_coordinates(shapely.point_on_surface(lines.shapes))
        lines, middle = finite_points(lines, middle, "cordons", reading)
        shapes[np.isin(table.rows, lines.rows)] = shapely.line_merge(transformed(lines.shapes, lines, reading))
    there = ~shapely.is_missing(shapes)
    table, shapes = table.select(there), shapes[there]
    given = number_column(table, fields.get("count"), "cordons", reading)[0]
    unusable = ~((given >= 1) & np.isfinite(given))
    if "count" in fields:
        reading.tell_rows(
            table, unusable, "cordons", level=Level.WARNING, kind="count", values={"field": fields["count"]},
            text=N_("{file}, rows {rows}: “{field}” is no number from 1 on, taken as one checkpoint ({count} in all)"),
        )  # fmt: skip
    counts = np.where(unusable, 1, np.minimum(np.floor(given), MOST_CHECKPOINTS)).astype(np.int32)
    names = text_column(table, fields.get("name"))
    return Cordons(shapes, texts([str(name) or f"#{row}" for name, row in zip(names, table.rows, strict=True)]), counts)


READERS: Mapping[str, Callable[[Table, Mapping[str, str], Reading], object]] = {
    "incidents": read_incidents,
    "station_areas": read_station_areas,
    "indicators": read_indicators,
    "staff": read_staff,
    "checkpoint_sites": read_checkpoint_sites,
    "cordons": read_cordons,
    "roster_cells": read_roster_cells,
}
