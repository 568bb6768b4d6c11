"""Every source of a plan opened: its file, layer, rows, mapped fields and CRS, before anything is understood."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import shapely

from algorithms.progress import Progress
from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.io import osm_tags
from gridplanner.io.cleaning import check_places
from gridplanner.io.doctor.settling import settle_places
from gridplanner.io.fields import TABLES as TABLES
from gridplanner.io.fields import check_private
from gridplanner.io.osm import NOTHING, Extract, OsmFiles, Wish, is_osm
from gridplanner.io.osm_turns import Restrictions
from gridplanner.io.reading import Reading
from gridplanner.io.source_layer import open_layer
from gridplanner.io.table import POINT, Table
from gridplanner.io.where import Where, is_missing, parse_where
from gridplanner.model.lines import Floats
from gridplanner.settings import Settings, SourceSettings

GEOMETRY = {
    **dict.fromkeys(("district", "communities", "current_grids", "estates", "exclusive", "groups", "station_areas"), ("polygon",)),
    **dict.fromkeys(("roads", "railway"), ("line",)),
    **dict.fromkeys(("barriers", "fixed_lines", "cordons"), ("line", "polygon")),
    **dict.fromkeys(("households", "stations", "rail_posts", "key_sites", "depots", "must_stay", "checkpoint_sites"), ("point",)),
    "incidents": ("point", "polygon"),
    "rail_features": ("point", "line"),
    **dict.fromkeys(("staff", "indicators", "roster_cells"), ()),
}
READ = (
    "households", "roads", "communities", "district", "barriers", "railway", "stations", "rail_posts", "key_sites", "depots",
    "current_grids", "estates", "exclusive", "groups", "fixed_lines", "must_stay", "incidents", "station_areas", "indicators", "staff",
    "checkpoint_sites", "cordons", "rail_features", "roster_cells",
)  # fmt: skip
_OSM_TAGS = {
    "roads": osm_tags.ROAD_TAGS,
    "railway": osm_tags.RAIL_TAGS,
    "barriers": osm_tags.BARRIER_TAGS,
    "stations": osm_tags.STATION_TAGS,
    "households": osm_tags.ADDRESS_TAGS,
}
OSM_KEYS = {"roads": ("highway",), "railway": ("railway",), "barriers": ("waterway", "railway", "barrier"), "stations": ("railway",)}
_IMPLIED_KEYS = ("waterway", "railway")


@dataclass(frozen=True, eq=False)
class Opened:
    """One source: its rows with the CRS known, and the layer's own name of each mapped field.

    `implied` marks what comes along with another source (rivers in the streets' OpenStreetMap file).
    """

    key: str
    table: Table
    fields: Mapping[str, str]
    osm: bool = False
    implied: bool = False
    note: str = ""
    turns: Restrictions | None = None

    @cached_property
    def coordinates(self) -> Floats:
        """All coordinates of the source in its own CRS."""
        return coordinates_of(self.table)


def coordinates_of(table: Table) -> Floats:
    """Return all coordinates of a table."""
    if len(table) and (table.kinds == POINT).all():
        return table.points
    xy: Floats = shapely.get_coordinates(table.shapes)
    return xy


def open_sources(settings: Settings, reading: Reading, progress: Progress) -> dict[str, Opened]:
    """Return the sources of a plan by their keys; OpenStreetMap files are read once for all that need them.

    Where the streets come from OpenStreetMap, so do rivers and railway lines as barriers, unless [sources.barriers] gives them;
    where the railway does, so do its stations.
    """
    wanted = {key: settings.sources[key] for key in READ if key in settings.sources}
    filters = {key: parse_where(source.where) for key, source in wanted.items()}
    implied: dict[str, SourceSettings] = {}
    for key, origin in (("barriers", "roads"), ("stations", "railway")):
        if key not in wanted and origin in wanted and is_osm(wanted[origin].path):
            implied[key] = SourceSettings(path=wanted[origin].path)
    files = OsmFiles(_wishes(wanted, implied, filters))
    opened: dict[str, Opened] = {}
    everything = [(key, source, False) for key, source in wanted.items()] + [(key, source, True) for key, source in implied.items()]
    for done, (key, source, along) in enumerate(everything):
        progress.check()
        progress.report(0.5 * done / len(everything), Path(source.path).name)
        if is_osm(source.path):
            found = _open_osm(key, source, files.extract(Path(source.path)), filters.get(key), implied=along)
        else:
            found = _open_layer(key, source, reading)
        if key in TABLES:
            opened[key] = found
            continue
        if not along:
            check_places(found.table)
        opened[key] = found
    return settle_places(opened, {key: source for key, source, _along in everything}, reading, without=TABLES)


def _open_layer(key: str, source: SourceSettings, reading: Reading) -> Opened:
    layer = open_layer(key, source, GEOMETRY[key], reading)
    table = layer.read()
    if key in TABLES and not len(table):
        raise InputError(_("{file}: the layer has no rows; check the file and the layer").format(file=table.place))
    if layer.where is not None and layer.count and not len(table):
        text = _("{file}: no row of {count} passes where = “{where}” of [sources.{key}]; check the spelling of its values")
        raise InputError(text.format(file=table.place, count=layer.count, where=layer.where.text, key=key))
    joined = "" if layer.join is None else f"+ {layer.join.table.short} ({layer.join.settings.key} = {layer.join.settings.to})"
    return Opened(key, table, layer.fields, note=joined)


def _open_osm(key: str, source: SourceSettings, extract: Extract, where: Where | None, *, implied: bool) -> Opened:
    path = Path(source.path)
    if source.join is not None:
        text = _("{file}: nothing can be joined to an OpenStreetMap file; save its layer as a GeoPackage first")
        raise InputError(text.format(file=path))
    columns = _osm_columns(key, source, where)
    if key in OSM_KEYS:
        rows = extract.nodes if key == "stations" else extract.ways
        table = rows.table(path, "", columns)
        table = table.select(_bearing(table, key))
    else:
        table = extract.areas.table(path, "", columns)
        if "polygon" not in GEOMETRY[key]:
            table = _joined(extract.nodes.table(path, "", columns), table)
    if where:
        table = _passing(table, where, table.columns, key)
    if not len(table) and not implied:
        what = " / ".join(OSM_KEYS.get(key, ())) or source.where
        raise InputError(_("{file}: holds nothing for [sources.{key}] ({what})").format(file=path, key=key, what=what))
    fields = dict(source.fields)
    if key in {"stations", "rail_posts"}:
        fields = {"name": "name", "chainage_km": "railway:position", "height": "ele", **fields}
        fields = {word: name for word, name in fields.items() if name in table.columns}
    if key == "households" and "address" not in fields:
        table = dataclasses.replace(
            table, columns={**table.columns, "address": osm_tags.addresses(*(table.columns[tag] for tag in osm_tags.ADDRESS_TAGS))}
        )
        fields["address"] = "address"
    for word, field in fields.items():
        if field in table.columns:
            check_private(table, field, key, word)
    turns = Restrictions(extract.ways.numbers, extract.turns) if key == "roads" else None
    return Opened(key, table, fields, osm=True, implied=implied, note="OpenStreetMap, ODbL 1.0", turns=turns)


def _osm_columns(key: str, source: SourceSettings, where: Where | None) -> list[str]:
    """Return the tags that a source reads."""
    return list(dict.fromkeys((*_OSM_TAGS.get(key, ()), *source.fields.values(), *(where.fields if where else ()))))


def _bearing(table: Table, key: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """True for the rows that bear the tag a source is about."""
    if key == "stations":
        return np.isin(table.columns["railway"].astype(str), ("station", "halt", "milestone"))
    bears = np.zeros(len(table), bool)
    for name in OSM_KEYS[key]:
        bears |= ~is_missing(table.columns[name])
    return bears


def _joined(one: Table, other: Table) -> Table:
    columns = {name: np.concatenate((column, other.columns[name])) for name, column in one.columns.items()}
    wkb = np.concatenate((one.wkb, other.wkb))
    return dataclasses.replace(one, wkb=wkb, columns=columns, rows=np.arange(1, len(wkb) + 1))


def _passing(table: Table, where: Where, columns: Mapping[str, np.ndarray[tuple[int], np.dtype[np.object_]]], key: str) -> Table:
    mask = where.mask(columns, len(table))
    if not mask.any():
        text = _("{file}: no row of {count} passes where = “{where}” of [sources.{key}]; check the spelling of its values")
        raise InputError(text.format(file=table.place, count=len(table), where=where.text, key=key))
    return table.select(mask)


def _wishes(
    wanted: Mapping[str, SourceSettings], implied: Mapping[str, SourceSettings], filters: Mapping[str, Where | None]
) -> dict[Path, Wish]:
    """Return what all sources together want of each OpenStreetMap file."""
    wishes: dict[Path, Wish] = {}
    for key, source in (*wanted.items(), *implied.items()):
        if not is_osm(source.path):
            continue
        where = filters.get(key)
        if key in TABLES:
            text = _("{file}: [sources.{key}] is a table; give a .csv, .xlsx or .dbf file")
            raise InputError(text.format(file=source.path, key=key))
        columns = frozenset(_osm_columns(key, source, where))
        if key in OSM_KEYS:
            keys = _IMPLIED_KEYS if key in implied and key == "barriers" else OSM_KEYS[key]
            ways, points = (frozenset(), frozenset(keys)) if key == "stations" else (frozenset(keys), frozenset[str]())
            wish = Wish(ways, turns=key == "roads", points=points, columns=columns)
        elif where is None:
            text = _("{file}: an OpenStreetMap file holds everything; say what [sources.{key}] is, such as where = “{example}”")
            example = "boundary = 'administrative' AND admin_level = '8'" if "polygon" in GEOMETRY[key] else "building IS NOT NULL"
            example = "railway = 'milestone'" if key == "rail_posts" else example
            raise InputError(text.format(file=source.path, key=key, example=example))
        else:
            names = frozenset(where.fields)
            points = frozenset[str]() if "polygon" in GEOMETRY[key] else names
            wish = Wish(areas=names, points=points, columns=columns)
        wishes[Path(source.path)] = wishes.get(Path(source.path), NOTHING) | wish
    return wishes
