"""OpenStreetMap files (.osm, .osm.gz, .osm.bz2, .osm.pbf, .o5m) read with osmium; the only place that knows it.

A file is read in passes, ways and relations first, so that of its nodes only those are kept that something wanted refers to: memory grows
with what is kept, not with the file, and the order of the file does not matter.
"""

from __future__ import annotations

import os
import tempfile
from array import array
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.io.osm_extract import NOTHING as NOTHING
from gridplanner.io.osm_extract import Extract as Extract
from gridplanner.io.osm_extract import Places, Tags
from gridplanner.io.osm_extract import Rows as Rows
from gridplanner.io.osm_extract import Wish as Wish
from gridplanner.io.osm_turns import KEYS, Restriction, restriction_of
from gridplanner.io.vector_files import check_exists
from gridplanner.model.lines import Bools, Floats, Ints

CHANGES = (".osc", ".osc.gz", ".osc.bz2", ".osc.pbf")
SUFFIXES = (".osm", ".osm.gz", ".osm.bz2", ".osm.pbf", ".pbf", ".o5m", *CHANGES)

# osmium's filters by number take 4 MiB for every 2^25 numbers: 474 MiB for the nodes of Liechtenstein. Where numbers are spread wider than
# this many pieces, nodes are passed one by one (1.9 µs each) and looked up in what is kept.
_PIECE_BITS, _PIECES = 25, 16
_BLOCK = 1 << 16  # numbers looked up at once
# how far osmium reads ahead, in blocks of 8,000 objects; its own 20 would take more memory than all that is kept of a town
_QUEUES, _QUEUE = ("OSMIUM_MAX_OSMDATA_QUEUE_SIZE", "OSMIUM_MAX_INPUT_QUEUE_SIZE"), "4"
_AREA_TYPES = ("multipolygon", "boundary")


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

    Where the file lacks nodes of a way (at the edge of an extract), the way is what is left of it, in several parts where the gap is
    inside; that is noted. Areas are assembled by osmium from closed ways and multipolygon or boundary relations; those that cannot be
    closed are left out. Files of changes and of history are refused.
    """
    check_exists(path)
    if str(path).lower().endswith(CHANGES):
        raise InputError(_("{file}: holds changes to a map, not the map; download the area itself as .osm.pbf").format(file=path))
    for queue in _QUEUES:  # osmium looks when a file is opened
        os.environ.setdefault(queue, _QUEUE)
    try:
        return _Reader(path, wish).extract()
    except (RuntimeError, OSError, ValueError) as why:
        text = _("{file}: cannot be read as an OpenStreetMap file: {why}; download or copy it again")
        raise InputError(text.format(file=path, why=str(why).split("\n")[0])) from None


def tagged_objects(path: Path, keys: Collection[str], more: Collection[str] = ()) -> Iterator[tuple[str, Tags]]:
    """Yield the kind (node, way, area or other) and the tags, of `keys` and `more`, of the objects that bear one of `keys`.

    No places are read and nothing is kept: for counting. Closed ways and relations of areas are areas. Raises InputError as `read_osm`.
    """
    import osmium

    check_exists(path)
    wanted = (*keys, *more)
    try:
        for thing in osmium.FileProcessor(str(path)).with_filter(osmium.filter.KeyFilter(*sorted(keys))):
            tags: Any = thing.tags
            kind = "other"
            if isinstance(thing, osmium.osm.Node):
                kind = "node"
            elif isinstance(thing, osmium.osm.Way):
                kind = "area" if thing.is_closed() else "way"
            elif tags.get("type") in _AREA_TYPES:
                kind = "area"
            yield kind, {key: value for key in wanted if (value := tags.get(key)) is not None}
    except (RuntimeError, OSError, ValueError) as why:
        text = _("{file}: cannot be read as an OpenStreetMap file: {why}; download or copy it again")
        raise InputError(text.format(file=path, why=str(why).split("\n")[0])) from None


class _Reader:
    """One file being read for one wish."""

    def __init__(self, path: Path, wish: Wish) -> None:
        self._path, self._wish = path, wish
        self._words: dict[str, str] = {}  # each text once, however many bear it

    def extract(self) -> Extract:
        import osmium

        if osmium.FileProcessor(str(self._path)).header.has_multiple_object_versions:
            text = _("{file}: holds the history of a map; download its present state as .osm.pbf")
            raise InputError(text.format(file=self._path))
        ways, refs, counts, turns, closed, members = self._ways_and_relations()
        rims = self._rims(members)
        needed = np.unique(np.concatenate((_numbers(refs), [turn.node for turn in turns if turn.node is not None], _numbers(closed), rims)))
        places = self._places(needed.astype(np.int64))
        lacking = self._with_shapes(ways, _numbers(refs), _numbers(counts), places)
        if lacking:
            ways.notes = ((N_("{count} ways leave the file; only what lies inside was read"), {"count": lacking}),)
        restrictions = [replace(turn, via=places.of(turn.node)) for turn in turns]
        areas = self._areas(places) if len(closed) or len(members) else Rows()
        return Extract(self._nodes(), ways, areas, restrictions, len(places.numbers))

    def _ways_and_relations(self) -> tuple[Rows, Any, Any, list[Restriction], Any, set[int]]:
        """Return the wanted ways without shapes, the nodes of all and how many each has, restrictions, nodes of areas, member ways."""
        import osmium

        wish, ways, turns = self._wish, Rows(), []
        refs, counts, closed = array("q"), array("q"), array("q")
        members: set[int] = set()
        keys = wish.keys | wish.areas | (frozenset(KEYS) if wish.turns else frozenset())
        if not keys:  # read on to the end, so that a damaged file is found out
            keys = frozenset(("highway",))
        for thing in self._reading(osmium.osm.WAY | osmium.osm.RELATION).with_filter(osmium.filter.KeyFilter(*sorted(keys))):
            tags = thing.tags
            if thing.type_str() == "w":
                if _bears(tags, wish.keys):
                    nodes = [node.ref for node in thing.nodes]
                    refs.extend(nodes)
                    counts.append(len(nodes))
                    ways.tags.append(self._tags(tags))
                    ways.numbers.append(thing.id)
                if _bears(tags, wish.areas) and thing.is_closed():
                    closed.extend([node.ref for node in thing.nodes])
                continue
            if wish.turns and (found := restriction_of(thing)):
                turns.append(found)
            if wish.areas and tags.get("type") in _AREA_TYPES and _bears(tags, wish.areas):
                members.update(member.ref for member in thing.members if member.type == "w")
        return ways, refs, counts, turns, closed, members

    def _rims(self, members: set[int]) -> Ints:
        """Return the nodes of some ways."""
        import osmium

        refs = array("q")
        if members:
            for way in self._of_numbers(osmium.osm.WAY, np.array(sorted(members), np.int64)):
                if way.id in members:
                    refs.extend([node.ref for node in way.nodes])
        return _numbers(refs)

    def _places(self, wanted: Ints) -> Places:
        """Return where the wanted nodes are, of those that the file has."""
        import osmium

        numbers, lon, lat = array("q"), array("i"), array("i")  # places are whole ten millionths of a degree
        if not len(wanted):
            return Places(_numbers(numbers), np.zeros((0, 2)))
        kept: list[tuple[Ints, Floats]] = []

        def settle() -> None:
            block = _numbers(numbers)
            mine = wanted[np.minimum(np.searchsorted(wanted, block), len(wanted) - 1)] == block
            kept.append((block[mine], np.column_stack((lon, lat))[mine] / 1e7))
            del numbers[:], lon[:], lat[:]

        hint = bytearray(1 << max(12, int(4 * len(wanted)).bit_length()))  # may say yes for what is not wanted, never no for what is
        mask = len(hint) - 1
        np.frombuffer(hint, np.uint8)[wanted & mask] = 1
        for node in self._of_numbers(osmium.osm.NODE, wanted):
            number = node.id
            if hint[number & mask]:
                place = node.location
                if place.valid():
                    numbers.append(number)
                    lon.append(place.x)
                    lat.append(place.y)
                    if len(numbers) == _BLOCK:
                        settle()
        settle()
        found, xy = (np.concatenate([part[column] for part in kept]) for column in range(2))
        order = np.unique(found, return_index=True)[1]
        return Places(found[order], xy[order])

    def _with_shapes(self, ways: Rows, refs: Ints, counts: Ints, places: Places) -> int:
        """Give ways their shapes, leave out those of which less than two nodes are there, and return how many lack some."""
        row, there = places.rows(refs)
        xy = np.full((len(refs), 2), np.nan)
        xy[there] = places.xy[row[there]]
        offsets = np.concatenate(([0], np.cumsum(counts)))
        whole = np.ones(len(counts), bool)
        whole[np.repeat(np.arange(len(counts)), counts)[~there]] = False
        whole &= counts >= 2
        data, shapes = xy.astype("<f8").tobytes(), list[bytes]()
        for start, stop, fits in zip(offsets[:-1].tolist(), offsets[1:].tolist(), whole.tolist(), strict=True):
            head = b"\x01\x02\x00\x00\x00" + (stop - start).to_bytes(4, "little")
            shapes.append(head + data[16 * start : 16 * stop] if fits else _parts(xy[start:stop], there[start:stop]))
        keep = [bool(shape) for shape in shapes]
        for name, column in (("wkb", shapes), ("tags", ways.tags), ("numbers", ways.numbers)):
            setattr(ways, name, [value for value, kept in zip(column, keep, strict=True) if kept])
        return int(np.sum(~whole & (counts >= 2)))

    def _areas(self, places: Places) -> Rows:
        """Return the wanted areas; a file whose objects are in no order, which osmium cannot assemble, is written in order first."""
        import osmium

        try:
            return self._assembled(self._path, places)
        except RuntimeError as why:
            if "out of order" not in str(why):
                raise
        with tempfile.TemporaryDirectory(prefix="gridplanner-") as folder:
            path = Path(folder) / "sorted.osm.pbf"
            unsorted = osmium.MergeInputReader()
            unsorted.add_file(str(self._path))
            with osmium.SimpleWriter(str(path)) as writer:
                unsorted.apply(writer)
            return self._assembled(path, places)

    def _assembled(self, path: Path, places: Places) -> Rows:
        """Return the wanted areas, assembled by osmium from ways whose nodes are known; numbers below 0 (of an editor) are read whole."""
        import osmium

        rows, factory = Rows(), osmium.geom.WKBFactory()
        keys = osmium.filter.KeyFilter(*sorted(self._wish.areas))

        def take(area: Any) -> None:
            rows.tags.append(self._tags(area.tags))
            rows.wkb.append(bytes.fromhex(factory.create_multipolygon(area)))

        if len(places.numbers) and places.numbers[0] < 0:
            for thing in osmium.FileProcessor(str(path)).with_areas(keys).with_filter(keys):
                if thing.type_str() == "a":
                    take(thing)
            return rows
        index = osmium.index.create_map("sparse_mem_array")
        for number, (lon, lat) in zip(places.numbers.tolist(), places.xy.tolist(), strict=True):
            index.set(number, osmium.osm.Location(lon, lat))
        known = osmium.NodeLocationsForWays(index)
        known.ignore_errors()
        manager = osmium.area.AreaManager()
        taker = osmium.make_simple_handler(area=take)
        with osmium.io.Reader(str(path), osmium.osm.RELATION) as reader:
            osmium.apply(reader, keys, manager.first_pass_handler())
        with osmium.io.Reader(str(path), osmium.osm.WAY) as reader:
            osmium.apply(reader, known, manager.second_pass_handler(keys, taker))
        return rows

    def _nodes(self) -> Rows:
        """Return the wanted nodes."""
        import osmium

        rows = Rows()
        if self._wish.of_nodes:
            head = b"\x01\x01\x00\x00\x00"
            for node in self._reading(osmium.osm.NODE).with_filter(osmium.filter.KeyFilter(*sorted(self._wish.of_nodes))):
                if node.location.valid():
                    rows.tags.append(self._tags(node.tags))
                    rows.wkb.append(head + np.array((node.lon, node.lat), "<f8").tobytes())
        return rows

    def _of_numbers(self, kind: Any, wanted: Ints) -> Iterator[Any]:
        """Return the objects of one kind among which are all those with the `wanted` numbers."""
        import osmium

        source = self._reading(kind)
        pieces = np.unique(wanted >> _PIECE_BITS)
        if len(pieces) <= _PIECES and pieces[0] >= 0:
            source = source.with_filter(osmium.filter.IdFilter(wanted.tolist()))
        return iter(source)

    def _reading(self, kinds: Any) -> Any:
        import osmium

        return osmium.FileProcessor(str(self._path), kinds)

    def _tags(self, tags: Any) -> Tags:
        """Return the tags that are asked for."""
        once = self._words
        wanted = self._wish.columns
        if wanted is None:
            return {once.setdefault(tag.k, tag.k): once.setdefault(tag.v, tag.v) for tag in tags}
        return {key: once.setdefault(value, value) for key in wanted if (value := tags.get(key)) is not None}


def _numbers(values: Any) -> Ints:
    return np.array(values, np.int64)


def _bears(tags: Any, keys: Collection[str]) -> bool:
    return any(key in tags for key in keys)


def _parts(xy: Floats, there: Bools) -> bytes:
    """Return a way that lacks nodes as WKB, in as many parts as are left of it; nothing where no two nodes in a row are there."""
    runs = np.split(np.arange(len(xy)), np.flatnonzero(np.diff(there)) + 1) if len(xy) else []
    lines = [shapely.linestrings(xy[run]) for run in runs if there[run[0]] and len(run) > 1]
    if not lines:
        return b""
    return bytes(shapely.to_wkb(lines[0] if len(lines) == 1 else shapely.multilinestrings(lines)))
