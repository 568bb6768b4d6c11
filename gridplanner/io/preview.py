"""A glance at a layer before it is read: some thousand features where they lie on the earth, and its first rows as text."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.io import crs as systems
from gridplanner.io.crs_guess import box_of, guess_crs
from gridplanner.io.doctor.coordinates import arranged
from gridplanner.io.doctor.datums import SHIFTED, shift_metres, to_wgs84
from gridplanner.io.doctor.manners import Manner
from gridplanner.io.doctor.table_places import with_places
from gridplanner.io.fields import find_field
from gridplanner.io.first_rows import COLUMNS, ROWS, first_rows
from gridplanner.io.first_rows import HIDDEN as HIDDEN
from gridplanner.io.inspection import kind_of
from gridplanner.io.open_source import OSM_KEYS, coordinates_of
from gridplanner.io.osm import Wish, is_osm, read_osm
from gridplanner.io.osm_tags import TRACKS
from gridplanner.io.reading import Reading
from gridplanner.io.sampled_rows import sampled_rows
from gridplanner.io.source_crs import INEXACT, MOVED_BY, manner_of
from gridplanner.io.table import NOTHING, POINT, POLYGON, Table, finite_rows
from gridplanner.io.vector_files import layer_info, read_table
from gridplanner.io.where import parse_where
from gridplanner.model.lines import Floats, Ints
from gridplanner.settings import SourceSettings

MOST = 5_000  # features
FINENESS = 1 / 700  # of the layer's extent: what a small map can show
NO_PARTS: Ints = np.zeros(1, np.int32)


@dataclass(frozen=True)
class PreviewWish:
    """What to look at: a layer as it is to be read, in the words of `[sources.ROLE]`; `role` picks the part of an OpenStreetMap file."""

    path: str
    layer: str
    role: str = ""
    encoding: str = "auto"
    crs: str = "auto"
    where: str = ""
    axes: str = "auto"
    scale: float = 0.0
    datum: str = "auto"
    places: tuple[tuple[str, str], ...] = ()  # of a table: the words x and y, lonlat or wkt with the columns that hold coordinates
    near: tuple[float, float, float] | None = None  # a closer look: longitude, latitude, and metres to each side


@dataclass(frozen=True, eq=False)
class Preview:
    """What was seen: `xy` (n, 2) longitudes and latitudes (own coordinates where not `placed`), `ends` (parts + 1,) offsets into it.

    Points have no parts. `of` counts the rows of the layer, `passing` the share of those looked at that pass the filter. `problem` says in
    words why there is no map, or no rows; `crs` names the system used. Where its degrees are in GCJ-02 or BD-09, `xy` is where they belong
    and `before` (n, 2) where they stand in the file, `shift` metres (median) off; else `before` is empty and `shift` 0. `repair` says in
    words what was done to the coordinates to place them (swapped, scaled, another zone), empty where nothing.
    """

    wish: PreviewWish
    kind: str = ""
    xy: Floats = dataclasses.field(default_factory=lambda: np.zeros((0, 2)))
    ends: Ints = dataclasses.field(default_factory=lambda: NO_PARTS)
    placed: bool = False
    shown: int = 0
    of: int = 0
    passing: float = 1.0
    crs: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    problem: str = ""
    before: Floats = dataclasses.field(default_factory=lambda: np.zeros((0, 2)))
    shift: float = 0.0
    repair: str = ""


def read_preview(wish: PreviewWish) -> Preview:
    """Return a glance at a layer; what keeps it from being read is in `problem`, nothing is raised for a bad file."""
    try:
        return _of_osm(wish) if is_osm(wish.path) else _of_layer(wish)
    except InputError as why:
        return Preview(wish, problem=str(why))


def _of_layer(wish: PreviewWish) -> Preview:
    path = Path(wish.path)
    info = layer_info(path, wish.layer, wish.encoding)
    if not info.geometry:
        first = read_table(path, wish.layer, list(info.fields)[:COLUMNS], wish.encoding, ROWS, places=False)
        if wish.places and not set(dict(wish.places).values()) - set(info.fields):
            return _of_table(_with_rows(Preview(wish, of=info.count), first), path, list(info.fields))
        words = _("a table without places: nothing of it can be shown on a map")
        return _with_rows(Preview(wish, of=info.count, problem=words), first)
    where = parse_where(wish.where)
    names = [find_field(list(info.fields), name, path, "where") for name in where.fields] if where else []
    table = sampled_rows(path, wish.layer, names, info.count, MOST, wish.encoding)
    first = read_table(path, wish.layer, list(info.fields)[:COLUMNS], wish.encoding, ROWS)
    passing = 1.0
    if where is not None and len(table):
        mask = where.mask({name: table.columns[own] for name, own in zip(where.fields, names, strict=True)}, len(table))
        passing, table = float(mask.mean()), table.select(mask)
    return _drawn(dataclasses.replace(_with_rows(Preview(wish, of=info.count, passing=passing), first)), table)


def _of_table(seen: Preview, path: Path, fields: list[str]) -> Preview:
    """Return a glance at the places that the columns of a plain table spell."""
    wish, places = seen.wish, dict(seen.wish.places)
    where = parse_where(wish.where)
    names = [find_field(fields, name, path, "where") for name in where.fields] if where else []
    table = read_table(path, wish.layer, list(dict.fromkeys((*places.values(), *names))), wish.encoding, MOST, places=False)
    if where is not None and len(table):
        mask = where.mask({name: table.columns[own] for name, own in zip(where.fields, names, strict=True)}, len(table))
        seen, table = dataclasses.replace(seen, passing=float(mask.mean())), table.select(mask)
    return _drawn(seen, with_places(table, places))


def _of_osm(wish: PreviewWish) -> Preview:
    """Return a glance at the part of an OpenStreetMap file that a role reads."""
    path, where = Path(wish.path), parse_where(wish.where)
    keys = OSM_KEYS.get(wish.role, ())
    area = wish.role not in OSM_KEYS
    names = where.fields if where else ("boundary",) * area
    extract = read_osm(path, Wish(frozenset(), frozenset(names)) if area else Wish(frozenset(keys)))
    rows = extract.areas if area else extract.nodes if wish.role == "stations" else extract.ways
    table = rows.table(path, wish.layer, dict.fromkeys((*names, *keys, "name")))
    if where is not None and len(table):
        table = table.select(where.mask(table.columns, len(table)))
    elif wish.role == "railway":
        table = table.select(np.array([word in TRACKS for word in table.columns["railway"]], bool))
    seen = Preview(wish, of=len(table))
    step = max(len(table) // MOST, 1)
    return _drawn(_with_rows(seen, _first(table, ROWS)), table.select(np.arange(len(table)) % step == 0))


def _first(table: Table, count: int) -> Table:
    return table.select(np.arange(len(table)) < count)


def _with_rows(seen: Preview, table: Table) -> Preview:
    """Return the preview with the first rows as text; what planning must not know is not shown."""
    return dataclasses.replace(seen, columns=tuple(table.columns), rows=first_rows(table, seen.wish.role))


def _drawn(seen: Preview, table: Table) -> Preview:
    """Return the preview with the places of a table: degrees where its coordinate system is known, else its own coordinates."""
    table = table.select(table.kinds != NOTHING) if len(table) else table
    if not len(table):
        words = _("no row passes the filter") if seen.passing == 0.0 else _("the layer has no places")
        return dataclasses.replace(seen, problem=words)
    own = coordinates_of(table)
    manner, repair, problem = _manner(seen.wish, table, own)
    if manner is not None and seen.wish.near is not None:
        table, own = _about(seen.wish, manner, table)
        if not len(table):
            return dataclasses.replace(seen, problem=_("the layer has no places"))
    kind = kind_of(table)
    shapes = table.shapes
    if kind != POINT:
        box = box_of(own)
        span = max(box[2] - box[0], box[3] - box[1]) if box is not None else 0.0
        shapes = shapely.simplify(shapes, span * FINENESS, preserve_topology=kind == POLYGON)
    xy, ends = _parts(shapes, kind, table)
    seen = dataclasses.replace(seen, kind=kind, xy=xy, ends=ends, shown=len(table), problem=problem, repair=repair)
    if manner is None:
        return seen
    plain = dataclasses.replace(manner, datum="")
    before = systems.transform(plain.read(xy), manner.crs, systems.WGS84)
    good = finite_rows(before) & (np.abs(before[:, 1]) <= 90.0)
    if not good.all():
        problem = problem or _("the coordinates lie outside the reach of {crs}").format(crs=systems.describe(manner.crs))
        before = np.where(good[:, None], before, np.nan)
    seen = dataclasses.replace(seen, xy=before, placed=True, crs=systems.describe(manner.crs), problem=problem)
    if manner.datum not in SHIFTED:
        return seen
    metres = float(np.nanmedian(shift_metres(before, manner.datum))) if good.any() else 0.0
    return dataclasses.replace(seen, xy=to_wgs84(before, manner.datum), before=before, shift=metres)


def _about(wish: PreviewWish, manner: Manner, table: Table) -> tuple[Table, Floats]:
    """Return the rows about the place of a closer look, all of those in the file where it can be asked, and the box as coordinates."""
    assert wish.near is not None
    lon, lat, metres = wish.near
    high = metres / 111_000.0
    wide = high / max(float(np.cos(np.radians(lat))), 0.1)
    corners = np.array([(lon + x * wide, lat + y * high) for x in (-1, 0, 1) for y in (-1, 0, 1)])
    box = box_of(manner.written(systems.transform(corners, systems.WGS84, manner.out)))
    if box is None:
        return table, np.zeros((0, 2))
    if not wish.places and not wish.where and not is_osm(wish.path):
        found = read_table(Path(wish.path), wish.layer, [], wish.encoding, MOST, box=box)
        table = dataclasses.replace(found.select(found.kinds != NOTHING), crs=table.crs)
    else:
        table = table.select(shapely.intersects(table.shapes, shapely.box(*box)))
    return table, np.array([box[:2], box[2:]])


def _manner(wish: PreviewWish, table: Table, xy: Floats) -> tuple[Manner | None, str, str]:
    """Return how the coordinates are to be drawn (None where that is not known), what was mended, and what is to be said of it."""
    asked = wish.crs if wish.crs.lower() not in {"auto", ""} else ""
    if asked and not systems.is_known(asked):
        return None, "", _("“{crs}” is not a known coordinate system; write a code such as EPSG:4548").format(crs=asked)
    source = SourceSettings(path=wish.path, crs=wish.crs, axes=wish.axes, scale=wish.scale, datum=wish.datum)
    reading = Reading()
    try:
        manner = manner_of(table, xy, source, wish.role, reading)
    except InputError:
        return _unfit(wish, table, xy, asked)
    done = [_(text).format(**values) for text, values in manner.history if text not in {MOVED_BY, *INEXACT}]
    return manner, "; ".join(done), ""


def _unfit(wish: PreviewWish, table: Table, xy: Floats, asked: str) -> tuple[Manner | None, str, str]:
    """Return how to draw coordinates that cannot be read as they are said to be, and why they cannot."""
    finite = arranged(xy[finite_rows(xy)], "yx" if wish.axes == "yx" else "xy", wish.scale)
    code = asked or (table.crs if systems.is_known(table.crs) else "")
    if not code:
        return None, "", _("choose a coordinate system: {why}").format(why=guess_crs(finite).why)
    if systems.is_geographic(code):
        return None, "", _("the values are not degrees: {crs} cannot be right").format(crs=systems.describe(code))
    words = _("the values lie far outside the area of {crs}").format(crs=systems.describe(code))
    return Manner(code, "yx" if wish.axes == "yx" else "xy", wish.scale or 1.0), "", words


def _parts(shapes: np.ndarray[tuple[int], np.dtype[np.object_]], kind: str, table: Table) -> tuple[Floats, Ints]:
    """Return the coordinates of shapes and where each line or ring begins; points have no parts."""
    if kind == POINT and bool((table.kinds == POINT).all()):
        return table.points, NO_PARTS
    pieces = shapely.get_parts(shapes)
    rings = shapely.get_rings(pieces[shapely.get_type_id(pieces) == 3])
    lines = np.concatenate((rings, pieces[np.isin(shapely.get_type_id(pieces), (1, 2))]))
    xy: Floats = shapely.get_coordinates(lines)
    ends = np.concatenate(([0], np.cumsum(shapely.get_num_coordinates(lines)))).astype(np.int32)
    return xy, ends
