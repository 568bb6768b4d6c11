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
from gridplanner.io.fields import find_field
from gridplanner.io.first_rows import COLUMNS, ROWS, first_rows
from gridplanner.io.first_rows import HIDDEN as HIDDEN
from gridplanner.io.inspection import kind_of
from gridplanner.io.open_source import OSM_KEYS, coordinates_of
from gridplanner.io.osm import Wish, is_osm, read_osm
from gridplanner.io.osm_tags import TRACKS
from gridplanner.io.table import NOTHING, POINT, POLYGON, Table, finite_rows
from gridplanner.io.vector_files import layer_info, read_table
from gridplanner.io.where import parse_where
from gridplanner.model.lines import Floats, Ints

MOST = 5_000  # features
CHUNKS = 20  # places of a large layer that they are taken from
FINENESS = 1 / 700  # of the layer's extent: what a small map can show
SEEKING = (".shp", ".gpkg", ".fgb")  # formats that find a row without reading those before it
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
        words = _("a table without places: nothing of it can be shown on a map")
        return _with_rows(Preview(wish, of=info.count, problem=words), first)
    where = parse_where(wish.where)
    names = [find_field(list(info.fields), name, path, "where") for name in where.fields] if where else []
    table = _sampled(path, wish, info.count, names)
    first = read_table(path, wish.layer, list(info.fields)[:COLUMNS], wish.encoding, ROWS)
    passing = 1.0
    if where is not None and len(table):
        mask = where.mask({name: table.columns[own] for name, own in zip(where.fields, names, strict=True)}, len(table))
        passing, table = float(mask.mean()), table.select(mask)
    return _drawn(dataclasses.replace(_with_rows(Preview(wish, of=info.count, passing=passing), first)), table)


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


def _sampled(path: Path, wish: PreviewWish, count: int, columns: list[str]) -> Table:
    """Return at most MOST rows, of a large layer from places spread over the file."""
    if count <= MOST:
        return read_table(path, wish.layer, columns, wish.encoding)
    if path.suffix.lower() not in SEEKING:
        table = read_table(path, wish.layer, columns, wish.encoding)
        return table.select(np.arange(len(table)) % -(-len(table) // MOST) == 0)
    many = MOST // CHUNKS
    starts = np.linspace(0, count - many, CHUNKS).astype(int).tolist()
    parts = [read_table(path, wish.layer, columns, wish.encoding, many, first=start) for start in starts]
    joined = {name: np.concatenate([part.columns[name] for part in parts]) for name in parts[0].columns}
    wkb, rows = (np.concatenate([getattr(part, name) for part in parts]) for name in ("wkb", "rows"))
    return dataclasses.replace(parts[0], wkb=wkb, columns=joined, rows=rows)


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
    code, problem = _system(seen.wish, table, own)
    kind = kind_of(table)
    shapes = table.shapes
    if kind != POINT:
        box = box_of(own)
        span = max(box[2] - box[0], box[3] - box[1]) if box is not None else 0.0
        shapes = shapely.simplify(shapes, span * FINENESS, preserve_topology=kind == POLYGON)
    xy, ends = _parts(shapes, kind, table)
    if code:
        xy = systems.transform(xy, code, systems.WGS84)
        good = finite_rows(xy) & (np.abs(xy[:, 1]) <= 90.0)
        if not good.all():
            problem = problem or _("the coordinates lie outside the reach of {crs}").format(crs=systems.describe(code))
            xy = np.where(good[:, None], xy, np.nan)
    return dataclasses.replace(
        seen, kind=kind, xy=xy, ends=ends, placed=bool(code), shown=len(table), crs=systems.describe(code) if code else "", problem=problem
    )


def _system(wish: PreviewWish, table: Table, xy: Floats) -> tuple[str, str]:
    """Return the coordinate system to draw with, empty where none is known, and what is to be said of it."""
    asked = wish.crs if wish.crs.lower() not in {"auto", ""} else ""
    if asked and not systems.is_known(asked):
        return "", _("“{crs}” is not a known coordinate system; write a code such as EPSG:4548").format(crs=asked)
    code = asked or (table.crs if systems.is_known(table.crs) else "")
    if not code:
        guess = guess_crs(box_of(xy))
        return guess.code, "" if guess.code else _("choose a coordinate system: {why}").format(why=guess.why)
    finite = xy[finite_rows(xy)]
    if systems.is_geographic(code) and not systems.look_like_degrees(finite):
        return "", _("the values are not degrees: {crs} cannot be right").format(crs=systems.describe(code))
    if not systems.is_geographic(code) and systems.misplaced(code, finite):
        return code, _("the values lie far outside the area of {crs}").format(crs=systems.describe(code))
    return code, ""


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
