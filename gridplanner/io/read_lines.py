"""Streets, barriers and railways from line layers and from OpenStreetMap."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely

from algorithms.network.line_cleaning import CleaningParams, RepairKind, Repairs
from gridplanner.i18n import N_
from gridplanner.io import osm_tags
from gridplanner.io.cleaning import fitting_rows
from gridplanner.io.fields import text_column
from gridplanner.io.line_repairs import LinesRead, cleaned
from gridplanner.io.osm_turns import Restrictions, read_turns
from gridplanner.io.rail_tracks import bare_names, kinds_of, tracks_of
from gridplanner.io.reading import Reading
from gridplanner.io.road_levels import road_levels
from gridplanner.io.table import LINE, POLYGON, Column, Table, finite_rows
from gridplanner.io.where import is_missing
from gridplanner.model.issues import Level
from gridplanner.model.lines import Floats, Ints, Lines, Texts
from gridplanner.model.places import NO_BARRIERS, NO_TURNS, BarrierKind, Barriers, Railway, RoadClass, Roads

# parts of Chinese class words, the telling ones first: a 小区内部路 is a lane, a 步行街 a path
_CHINESE_CLASSES = {
    **dict.fromkeys(("小区", "内部", "巷", "弄", "胡同"), RoadClass.LANE),
    **dict.fromkeys(("步行", "人行", "机耕", "小路"), RoadClass.PATH),
    **dict.fromkeys(("高速", "快速", "国道", "省道", "县道", "乡道", "主干", "次干", "干道", "匝道"), RoadClass.ARTERIAL),
    **dict.fromkeys(("支路", "街", "村道", "居住"), RoadClass.STREET),
}
SAME_PLACE = 0.02  # metres
FASTEST = 200.0  # km/h: no street is driven faster
_ONEWAY = {
    **dict.fromkeys(("yes", "true", "1", "t", "f", "ft", "是", "单向"), 1),
    **dict.fromkeys(("-1", "reverse", "tf", "逆向", "反向"), -1),
}
_BARRIER_WORDS = {
    BarrierKind.RAILWAY: ("rail", "铁路", "轨道"),
    BarrierKind.WALL: ("wall", "fence", "墙", "围栏"),
}


def lines_of(table: Table, key: str, reading: Reading, *, areas_too: bool = False) -> LinesRead:
    """Return the lines of a table, areas as their boundaries where asked for, without doubles, spikes and lines of no length."""
    return cleaned(lines_as_drawn(table, key, reading, areas_too=areas_too), key, reading)[0]


def lines_as_drawn(table: Table, key: str, reading: Reading, *, areas_too: bool = False) -> LinesRead:
    """Return the lines of a table, multilines taken apart, areas as their boundaries where asked for; coordinates are numbers."""
    table = fitting_rows(table, (LINE, POLYGON) if areas_too else (LINE,), key, reading)
    shapes = table.shapes
    if areas_too:
        shapes = np.where(table.kinds == POLYGON, shapely.boundary(shapes), shapes)
    parts, owner = shapely.get_parts(shapes, return_index=True)
    xy, line = shapely.get_coordinates(parts, return_index=True)
    xy, line = _without_null_places(xy, line, owner, table, key, reading)
    xy = reading.to_project(xy, table)
    finite = finite_rows(xy)
    odd = np.zeros(len(table), bool)
    odd[owner[line[~finite]]] = True
    reading.tell_rows(
        table, odd, key, level=Level.WARNING, kind="coordinates",
        text=N_("{file}, rows {rows}: coordinates that are not numbers, their points left out ({count} lines in all)"),
    )  # fmt: skip
    xy, line = xy[finite], line[finite]
    counts = np.bincount(line, minlength=len(parts))
    keep = counts > 0
    offsets = np.concatenate(([0], np.cumsum(counts[keep]))).astype(np.int32)
    return LinesRead(Lines(xy, offsets), table, owner[keep].astype(np.int32))


def _without_null_places(xy: Floats, line: Ints, owner: Ints, table: Table, key: str, reading: Reading) -> tuple[Floats, Ints]:
    """Return coordinates without those that are exactly 0, 0 where all else lies far from it: a program wrote them for no place."""
    null = np.asarray((xy == 0.0).all(axis=1))
    if not null.any():
        return xy, line
    rest = xy[~null & finite_rows(xy)]
    if not len(rest) or np.abs(rest).max(axis=1).min() <= np.ptp(rest, axis=0).max():
        return xy, line
    rows = np.zeros(len(table), bool)
    rows[owner[line[null]]] = True
    wanted = reading.wanted_rows(table, rows, key, "null_place")
    text = N_("{file}, rows {rows}: vertices at 0, 0, far from all else, left out ({count} lines in all)")
    reading.tell_rows(table, wanted, key, level=Level.WARNING, kind="null_place", text=text, repair=True)
    null &= wanted[owner[line]]
    return xy[~null], line[~null]


def read_osm_roads(table: Table, fields: Mapping[str, str], reading: Reading, turns: Restrictions | None = None) -> Roads:
    """Return every highway of an OpenStreetMap table that exists, and the turns banned; platforms and the like keep the class OTHER.

    Ways meet at shared nodes, so nothing is joined that has none.
    """
    highway = table.columns["highway"]
    table = table.select(~is_missing(highway) & ~np.isin(highway.astype(str), osm_tags.NOT_THERE))
    found = lines_of(table, "roads", reading)
    tag = {name: found.of(column) for name, column in found.table.columns.items()}
    own_name = tag[fields["name"]] if fields.get("name") in tag else tag["name"]
    return Roads(
        found.lines,
        osm_tags.road_classes(tag["highway"], tag["access"], tag["motor_vehicle"]),
        tag["highway"].astype(object),
        osm_tags.names(own_name, tag["name:zh"]),
        osm_tags.directions(tag["highway"], tag["oneway"], tag["junction"]),
        osm_tags.speeds(tag["maxspeed"]),
        osm_tags.levels(tag["layer"], tag["bridge"], tag["tunnel"]),
        turns=NO_TURNS if turns is None else read_turns(turns, found.table, found.rows, reading),
    )


def read_roads(table: Table, fields: Mapping[str, str], reading: Reading) -> Roads:
    """Return the streets of a line layer, cleaned so that they meet at shared vertices; without a class field each counts as a street."""
    drawn = lines_as_drawn(table, "roads", reading)
    table = drawn.table
    words, names = text_column(table, fields.get("class")), text_column(table, fields.get("name"))
    classed = "class" in fields
    classes = np.array([road_class(word) for word in words], np.int8) if classed else np.full(len(table), RoadClass.STREET, np.int8)
    if classed:
        _tell_unknown(words, classes, drawn, reading)
        classes[classes < 0] = RoadClass.STREET
    directions = text_column(table, fields.get("oneway"))
    oneway = np.array([_ONEWAY.get(word.lower().removesuffix(".0"), 0) for word in directions], np.int8)
    level = road_levels(table, fields, names, words, reading)
    found, repairs = cleaned(drawn, "roads", reading, level=drawn.of(level), rank=drawn.of(classes), params=CleaningParams())
    oneway[drawn.rows[_driven_both_ways(drawn, repairs, oneway)]] = 0
    speeds = _speeds(table, fields.get("speed"), reading)
    return Roads(
        found.lines,
        found.of(classes),
        found.of(words),
        found.of(names),
        found.of(oneway),
        found.of(speeds),
        found.of(level),
        classed=classed,
    )


def _driven_both_ways(drawn: LinesRead, repairs: Repairs, oneway: Column) -> Ints:
    """Return the lines that were given again for the other direction: a one-way street and its way back, drawn on one line."""
    twice = repairs.kind == RepairKind.DOUBLED
    lines, kept = repairs.row[twice], repairs.other[twice]
    ways = [oneway[drawn.rows[which]] for which in (lines, kept)]
    begin = [
        drawn.lines.coords[np.where(way >= 0, drawn.lines.offsets[which], drawn.lines.offsets[which + 1] - 1)]
        for which, way in zip((lines, kept), ways, strict=True)
    ]
    apart = np.hypot(*(begin[0] - begin[1]).T) > SAME_PLACE
    return np.asarray(kept[(ways[1] != 0) & ((ways[0] == 0) | apart)])


def road_class(word: str) -> int:
    """Return the RoadClass of a class word, OpenStreetMap's or Chinese, -1 where it is unknown.

    >>> road_class("primary"), road_class("城市主干道"), road_class("小区内部路"), road_class("?")
    (<RoadClass.ARTERIAL: 4>, <RoadClass.ARTERIAL: 4>, <RoadClass.LANE: 2>, -1)
    """
    known = osm_tags.CLASS_OF.get(word.lower())
    if known is not None:
        return known
    return next((klass for part, klass in _CHINESE_CLASSES.items() if part in word), -1)


def read_barriers(table: Table, fields: Mapping[str, str], reading: Reading) -> Barriers:
    """Return the barriers of a line or polygon layer; water where no field says their kind."""
    found = lines_of(table, "barriers", reading, areas_too=True)
    words = found.of(text_column(found.table, fields.get("kind")))
    kinds = np.array([_barrier(word) for word in words], np.int8)
    return Barriers(found.lines, kinds, found.of(text_column(found.table, fields.get("name"))))


def read_osm_barriers(table: Table, reading: Reading, *, walls: bool) -> Barriers:
    """Return rivers, canals and main railway lines that run on the surface, and city walls where asked for."""
    tag = table.columns
    above = ~osm_tags.truths(tag["tunnel"])
    water = np.isin(tag["waterway"].astype(str), osm_tags.WATERS)
    track = np.isin(tag["railway"].astype(str), osm_tags.TRACKS) & osm_tags.main_tracks(tag["service"])
    wall = np.isin(tag["barrier"].astype(str), ("city_wall", "wall")) & walls
    wanted = above & (water | track | wall)
    if not wanted.any():
        return NO_BARRIERS
    kinds = np.where(water, BarrierKind.WATER, np.where(track, BarrierKind.RAILWAY, BarrierKind.WALL)).astype(np.int8)[wanted]
    found = lines_of(table.select(wanted), "barriers", reading, areas_too=True)
    names = osm_tags.names(found.table.columns["name"], found.table.columns["name:zh"])
    return Barriers(found.lines, found.of(kinds), found.of(names))


def read_railway(table: Table, fields: Mapping[str, str], reading: Reading) -> Railway:
    """Return the tracks of a line layer; all of them main line where no field says otherwise."""
    found = lines_of(table, "railway", reading)
    words = found.of(text_column(found.table, fields.get("main")))
    main = np.array([word.lower() not in {"0", "no", "false", "否", "f"} for word in words], bool)
    names, bridge, tunnel, track = (found.of(text_column(found.table, fields.get(word))) for word in ("name", "bridge", "tunnel", "track"))
    return Railway(found.lines, main, bare_names(names), kinds_of(bridge, tunnel), tracks_of(track, names))


def read_osm_railway(table: Table, reading: Reading) -> Railway:
    """Return the tracks of an OpenStreetMap table."""
    table = table.select(np.isin(table.columns["railway"].astype(str), osm_tags.TRACKS))
    found = lines_of(table, "railway", reading)
    names = osm_tags.names(found.table.columns["name"], found.table.columns["name:zh"])
    tags = found.table.columns
    return Railway(
        found.lines, found.of(osm_tags.main_tracks(tags["service"])), found.of(bare_names(names)),
        found.of(kinds_of(tags["bridge"], tags["tunnel"])), found.of(tracks_of(tags["railway:track_ref"], names)),
    )  # fmt: skip


def _speeds(table: Table, field: str | None, reading: Reading) -> Column:
    """Return limits in m/s: numbers are km/h unless the field's name says otherwise, text is read as OpenStreetMap's; 0 where unknown."""
    if field is None:
        return np.zeros(len(table))
    column = table.columns[field]
    if column.dtype.kind in "iuf":
        given = column.astype(np.float64)
        speed = given * (1.0 if field.lower().endswith(("_ms", "mps", "m_s", "m/s")) else 1 / 3.6)
        odd = np.isfinite(speed) & ((speed <= 0) | (speed > FASTEST / 3.6))
        text = N_("{file}, rows {rows}: speeds that cannot be, taken as unknown ({count} in all)")
        reading.tell_rows(table, odd, "roads", level=Level.INFO, kind="road_speed", text=text)
        return np.where(np.isfinite(speed) & ~odd, speed, 0.0)
    return osm_tags.speeds(column)


def _barrier(word: str) -> int:
    low = word.lower()
    return next((kind for kind, parts in _BARRIER_WORDS.items() if any(part in low for part in parts)), BarrierKind.WATER)


def _tell_unknown(words: Texts, classes: Column, found: LinesRead, reading: Reading) -> None:
    unknown = np.zeros(len(found.table), bool)
    unknown[found.rows[classes[found.rows] < 0]] = True
    odd = sorted({str(word) for word in words[classes < 0]})
    text = N_("{file}, rows {rows}: unknown road class ({words}), counted as residential streets ({count} in all)")
    values = {"words": ", ".join(word or "—" for word in odd[:8])}
    reading.tell_rows(found.table, unknown, "roads", level=Level.INFO, kind="road_class", text=text, values=values)
