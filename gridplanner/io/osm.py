"""OpenStreetMap files (.osm, .osm.gz, .osm.bz2, .osm.pbf) read in one pass with osmium; the only place that knows it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely

from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.io.crs import WGS84
from gridplanner.io.osm_turns import KEYS, Restriction, restriction_of
from gridplanner.io.table import Column, Table
from gridplanner.io.vector_files import check_exists

SUFFIXES = (".osm", ".osm.gz", ".osm.bz2", ".osm.pbf", ".pbf")
Tags = dict[str, str]


@dataclass(frozen=True)
class Wish:
    """What is wanted of a file: ways and nodes that bear one of `keys`, areas that bear one of `areas`, and restrictions of `turns`."""

    keys: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    turns: bool = False

    def __or__(self, other: Wish) -> Wish:
        return Wish(self.keys | other.keys, self.areas | other.areas, self.turns or other.turns)


@dataclass(eq=False)
class Rows:
    """Objects of one kind: their tags, their geometry as WKB, in the order of the file; the `numbers` of ways."""

    tags: list[Tags] = field(default_factory=list)
    wkb: list[bytes] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def column(self, key: str) -> Column:
        """Return the values of one tag; None where an object does not bear it."""
        column = np.empty(len(self.tags), object)
        column[:] = [tags.get(key) for tags in self.tags]
        return column

    def table(self, path: Path, layer: str, keys: Iterable[str]) -> Table:
        """Return the objects as a table with one column per key."""
        wkb = np.empty(len(self.wkb), object)
        wkb[:] = self.wkb
        columns = {key: self.column(key) for key in keys}
        return Table(path, layer, WGS84, wkb, columns, np.arange(1, len(wkb) + 1))


@dataclass(frozen=True, eq=False)
class Extract:
    """The wanted objects of one file."""

    nodes: Rows
    ways: Rows
    areas: Rows
    turns: list[Restriction] = field(default_factory=list)


def is_osm(path: str | Path) -> bool:
    """True for the name of an OpenStreetMap file."""
    return str(path).lower().endswith(SUFFIXES)


class OsmFiles:
    """The files of one reading, each read once for all the sources that need it."""

    def __init__(self, wishes: Mapping[Path, Wish]) -> None:
        self._wishes = wishes
        self._extracts: dict[Path, Extract] = {}

    def extract(self, path: Path) -> Extract:
        """Return the wanted objects of a file."""
        if path not in self._extracts:
            self._extracts[path] = read_osm(path, self._wishes[path])
        return self._extracts[path]


def read_osm(path: Path, wish: Wish) -> Extract:
    """Return the objects that `wish` asks for; raises InputError where the file is missing, damaged or of another kind.

    Nodes that a way refers to and the file lacks (at the edge of an extract) are left out of the way. Areas are assembled by osmium from
    closed ways and multipolygon or boundary relations; those that cannot be closed are left out.
    """
    import osmium

    check_exists(path)
    extract = Extract(Rows(), Rows(), Rows())
    try:
        source = osmium.FileProcessor(str(path)).with_locations()
        if wish.areas:
            source = source.with_areas(osmium.filter.KeyFilter(*sorted(wish.areas)))
        factory = osmium.geom.WKBFactory()
        turns = frozenset(KEYS) if wish.turns else frozenset()
        for thing in source.with_filter(osmium.filter.KeyFilter(*sorted(wish.keys | wish.areas | turns))):
            kind = thing.type_str()
            _take(thing, kind, wish, factory, extract)
            if kind == "r" and wish.turns and (found := restriction_of(thing, source.node_location_storage)):
                extract.turns.append(found)
    except (RuntimeError, OSError, ValueError) as why:
        text = _("{file}: cannot be read as an OpenStreetMap file: {why}; download or copy it again")
        raise InputError(text.format(file=path, why=str(why).split("\n")[0])) from None
    return extract


def _take(thing: object, kind: str, wish: Wish, factory: object, extract: Extract) -> None:
    """Put one object into the extract."""
    tags: Tags = dict(thing.tags)  # type: ignore[attr-defined]
    if kind == "w" and _bears(tags, wish.keys):
        wkb = _line(thing, factory)
        if wkb is not None:
            extract.ways.tags.append(tags)
            extract.ways.wkb.append(wkb)
            extract.ways.numbers.append(thing.id)  # type: ignore[attr-defined]
    elif kind == "n" and _bears(tags, wish.keys):
        extract.nodes.tags.append(tags)
        extract.nodes.wkb.append(bytes.fromhex(factory.create_point(thing)))  # type: ignore[attr-defined]
    elif kind == "a" and _bears(tags, wish.areas):
        extract.areas.tags.append(tags)
        extract.areas.wkb.append(bytes.fromhex(factory.create_multipolygon(thing)))  # type: ignore[attr-defined]


def _bears(tags: Tags, keys: Collection[str]) -> bool:
    return any(key in tags for key in keys)


def _line(way: object, factory: object) -> bytes | None:
    """Return a way as WKB, without the nodes that the file lacks; None where fewer than two are left."""
    import osmium

    try:
        return bytes.fromhex(factory.create_linestring(way))  # type: ignore[attr-defined]
    except (RuntimeError, osmium.InvalidLocationError):
        known = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]  # type: ignore[attr-defined]
        return bytes(shapely.to_wkb(shapely.linestrings(known))) if len(set(known)) > 1 else None
