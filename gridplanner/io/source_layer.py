"""One layer of a source as the plan names it: its mapped fields, the columns that give its places, its filter, and what is joined to it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import shapely

from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.io.doctor.joins import COUNTED, PREFIX, ROWS, Join, Matched, make_join, match_codes, tell_join
from gridplanner.io.doctor.table_places import find_place_fields, holds_places, with_places
from gridplanner.io.fields import PLACE_WORDS, TABLES, check_private, check_words, find_field
from gridplanner.io.osm import is_osm
from gridplanner.io.reading import Reading
from gridplanner.io.table import Column, Table
from gridplanner.io.vector_files import LayerInfo, choose_layer, layer_info, list_layers, read_table
from gridplanner.io.where import Where, parse_where
from gridplanner.settings import JoinSettings, SourceSettings

Box = tuple[float, float, float, float]
FIRST = 300  # rows that say whether columns hold coordinates


@dataclass(frozen=True, eq=False)
class SourceLayer:
    """A layer ready to be read, whole or in parts.

    `count` is its rows in the file before the filter; `fields` maps the words of the source to columns of the tables that `read` returns,
    of which those beginning with join. come from the joined table; `places` names the columns that its places are made of, empty where
    it has shapes of its own.
    """

    key: str
    source: SourceSettings
    path: Path
    layer: str
    count: int
    fields: Mapping[str, str]
    where: Where | None
    filtered: Mapping[str, str]
    places: Mapping[str, str]
    join: Join | None = None
    matched: Matched | None = None
    joined: Mapping[str, Column] = dataclasses.field(default_factory=dict)

    def read(self, *, first: int = 0, limit: int | None = None, box: Box | None = None) -> Table:
        """Return the rows that pass the filter, places made and fields joined: all of them, `limit` after `first`, or those in a box.

        The box is (west, south, east, north) in the layer's own coordinates. Raises InputError where a mapped field holds what planning
        must not know.
        """
        if box is not None and (self.places or self.join is not None):
            return self._whole.select(_meeting(self._whole, box))
        own = [name for name in (*self.fields.values(), *self.filtered.values()) if not name.startswith(PREFIX)]
        columns = list(dict.fromkeys((*own, *self.places.values())))
        shapes = self.key not in TABLES and not self.places
        table = read_table(self.path, self.layer, columns, self.source.encoding, limit, first=first, box=box, places=shapes)
        if self.join is not None and self.matched is not None:
            rows = table.rows.astype(np.intp) - 1
            more = {
                name: self.matched.column(values, rows, counted=name in self.join.counted) for name, values in self.joined.items()
            }  # fmt: skip
            table = dataclasses.replace(table, columns={**table.columns, **more})
        if self.where is not None:
            table = table.select(self.where.mask({name: table.columns[own] for name, own in self.filtered.items()}, len(table)))
        for word, field in self.fields.items():
            if not field.startswith(PREFIX):
                check_private(table, field, self.key, word)
        return with_places(table, self.places) if self.places else table

    @cached_property
    def _whole(self) -> Table:
        return self.read()


def open_layer(key: str, source: SourceSettings, geometry: Sequence[str], reading: Reading) -> SourceLayer:
    """Return the layer of a source ready to be read; a table joined to it is read here, and what finds no partner in it is told.

    `geometry` are the kinds of geometry that the source may have. Raises InputError that names the file, the field and the remedy.
    """
    path = Path(source.path)
    layer = _layer_of(path, source, geometry)
    info = layer_info(path, layer, source.encoding)
    where = parse_where(source.where)
    words = {word: name for word, name in source.fields.items() if word not in PLACE_WORDS}
    check_words(key, source.fields)
    places = _places(key, source, path, info) if geometry else {}
    names = _Names(path, list(info.fields), source.join)
    fields = {word: names.find(name, f"sources.{key}.fields.{word}") for word, name in words.items()}
    filtered = {name: names.find(name, f"sources.{key}.where") for name in (where.fields if where else ())}
    found = SourceLayer(key, source, path, layer, info.count, fields, where, filtered, places)
    return found if source.join is None else _joined(found, source.join, names, reading)


def _layer_of(path: Path, source: SourceSettings, geometry: Sequence[str]) -> str:
    """Return the layer to read; of a workbook whose other sheets are empty the one that is not."""
    if not source.layer and path.suffix.lower() in {".xlsx", ".ods"}:
        sheets = [sheet for sheet in list_layers(path) if layer_info(path, sheet).count]
        if len(sheets) == 1:
            return sheets[0]
    return choose_layer(path, source.layer, geometry)


def _places(key: str, source: SourceSettings, path: Path, info: LayerInfo) -> dict[str, str]:
    """Return the columns that a layer's places are made of, as the plan names them or as their names say; none where it has shapes."""
    said = {word: source.fields[word] for word in PLACE_WORDS if word in source.fields}
    if said:
        if ("x" in said) != ("y" in said) or (len(said) > 1 and set(said) != {"x", "y"}):
            text = _("[sources.{key}] fields: give x and y, or lonlat, or wkt, not {words}")
            raise InputError(text.format(key=key, words=", ".join(said)))
        return {word: find_field(list(info.fields), name, path, f"sources.{key}.fields.{word}") for word, name in said.items()}
    if info.geometry:
        return {}
    found = find_place_fields(info.fields)
    if found:
        some = read_table(path, info.name, list(found.values()), source.encoding, FIRST, places=False)
        if holds_places(some, found) or not len(some):
            return found
    text = _(
        "{file}: the layer “{layer}” is a table without places; give a layer with points, lines or areas, say which of its columns hold"
        " coordinates, such as fields = {{ x = \"经度\", y = \"纬度\" }}, or join it to a layer by a code; its columns are {columns}"
    )  # fmt: skip
    raise InputError(text.format(file=path, layer=info.name, columns=", ".join(list(info.fields)[:30])))


@dataclass(frozen=True, eq=False)
class _Names:
    """The fields of a layer, and of the table that is joined to it."""

    path: Path
    own: Sequence[str]
    join: JoinSettings | None

    @cached_property
    def layer(self) -> str:
        """The layer of the joined table."""
        assert self.join is not None
        if is_osm(self.join.path):
            raise InputError(_("{file}: only a table can be joined, such as .csv, .xlsx or .dbf").format(file=self.join.path))
        return _layer_of(Path(self.join.path), SourceSettings(self.join.path, self.join.layer), ())

    @cached_property
    def others(self) -> list[str]:
        """The fields of the joined table."""
        if self.join is None:
            return []
        return list(layer_info(Path(self.join.path), self.layer, self.join.encoding).fields)

    def find(self, name: str, asked_by: str) -> str:
        """Return a field of the layer, or one of the joined table with join. before it; the layer's goes first where both have it."""
        if self.join is None:
            return find_field(self.own, name, self.path, asked_by)
        if name == ROWS:
            return ROWS
        if name.startswith(PREFIX):
            return PREFIX + find_field(self.others, name.removeprefix(PREFIX), self.join.path, asked_by)
        if name in self.own or name not in self.others:
            if name not in self.own and any(other.lower() == name.lower() for other in self.others):
                return PREFIX + find_field(self.others, name, self.join.path, asked_by)
            both = f"{self.path} + {Path(self.join.path).name}"
            found = find_field(list(dict.fromkeys((*self.own, *self.others))), name, both if name not in self.own else self.path, asked_by)
            return found if found in self.own else PREFIX + found
        return PREFIX + name


def _joined(found: SourceLayer, settings: JoinSettings, names: _Names, reading: Reading) -> SourceLayer:
    """Return the layer with its join made: the table's rows read, their codes matched, and what has no partner told."""
    key, asked = found.key, f"sources.{found.key}.join"
    path = Path(settings.path)
    code = find_field(names.others, settings.key, path, f"{asked}.key")
    to = find_field(names.own, settings.to, found.path, f"{asked}.to")
    wanted = [name for name in (*found.fields.values(), *found.filtered.values()) if name.startswith(PREFIX)]
    if not wanted:
        text = _(
            "{file}: none of its fields is used; name them in [sources.{key}] fields, such as households = \"join.rows\" for the number of"
            " its rows; its fields are {words}"
        )  # fmt: skip
        raise InputError(text.format(file=path, key=key, words=", ".join(names.others)))
    fields = {name: name.removeprefix(PREFIX) for name in dict.fromkeys(wanted)}
    own = list(dict.fromkeys((code, *(field for name, field in fields.items() if name != ROWS))))
    table = read_table(path, names.layer, own, settings.encoding, places=False)
    check_private(table, code, key, "code")
    for word, name in found.fields.items():
        if name in fields and name != ROWS:
            check_private(table, fields[name], key, word)
    counted = frozenset(name for word, name in found.fields.items() if name in fields and (key, word) in COUNTED)
    join = make_join(settings, key, table, code, fields, counted | ({ROWS} & set(fields)))
    every = _codes_of(found, to)
    layer = _passing(found, every, to, join)
    matched = match_codes(join, layer.columns[to])
    tell_join(join, matched, layer, to, reading)
    last, passing = int(every.rows.max(initial=0)), layer.rows.astype(np.intp) - 1  # rows marked as deleted count in their numbers
    partner, bears = np.full(last, -1, np.intp), np.zeros(last, bool)
    partner[passing], bears[passing] = matched.partner, matched.bears
    return dataclasses.replace(found, join=join, matched=Matched(partner, bears), joined=join.columns(list(fields), reading))


def _codes_of(found: SourceLayer, to: str) -> Table:
    """Return the codes of a layer's rows, and the fields of its own that its filter reads."""
    own = [field for field in found.filtered.values() if not field.startswith(PREFIX)]
    table = read_table(found.path, found.layer, list(dict.fromkeys((to, *own))), found.source.encoding, places=False)
    check_private(table, to, found.key, "code")
    return table


def _passing(found: SourceLayer, layer: Table, to: str, join: Join) -> Table:
    """Return the rows that pass the filter, so that of several features of one code the first that passes is given what is counted.

    A filter on what is counted itself is left to the reading of the rows.
    """
    asked = dict.fromkeys(found.filtered.values())
    if found.where is None or join.counted & set(asked):
        return layer
    every = match_codes(join, layer.columns[to])
    brought = join.columns([field for field in asked if field.startswith(PREFIX)], Reading())
    columns = {field: every.column(values, slice(None), counted=False) for field, values in brought.items()}
    columns |= {field: layer.columns[field] for field in asked if field not in columns}
    return layer.select(found.where.mask({name: columns[field] for name, field in found.filtered.items()}, len(layer)))


def _meeting(table: Table, box: Box) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """True for the rows whose place meets a box."""
    west, south, east, north = shapely.bounds(table.shapes).T
    with np.errstate(invalid="ignore"):
        return np.asarray((west <= box[2]) & (east >= box[0]) & (south <= box[3]) & (north >= box[1]), bool)
