"""What is wanted of an OpenStreetMap file, and what was found in it: tags and shapes, before anything is understood."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from gridplanner.io.crs import WGS84
from gridplanner.io.osm_turns import Restriction
from gridplanner.io.table import Column, Note, Table
from gridplanner.model.lines import Bools, Floats, Ints

Tags = dict[str, str]


@dataclass(frozen=True)
class Wish:
    """What is wanted of a file.

    Ways that bear one of `keys`, nodes that bear one of `points` (None: of `keys`), areas that bear one of `areas`, and restrictions of
    `turns`; of their tags those of `columns` (None: all).
    """

    keys: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    turns: bool = False
    points: frozenset[str] | None = None
    columns: frozenset[str] | None = None

    @property
    def of_nodes(self) -> frozenset[str]:
        """The keys of wanted nodes."""
        return self.keys if self.points is None else self.points

    def __or__(self, other: Wish) -> Wish:
        columns = None if self.columns is None or other.columns is None else self.columns | other.columns
        points = self.of_nodes | other.of_nodes
        return Wish(self.keys | other.keys, self.areas | other.areas, self.turns or other.turns, points, columns)


NOTHING = Wish(points=frozenset(), columns=frozenset())


@dataclass(eq=False)
class Rows:
    """Objects of one kind: their tags, their geometry as WKB, in the order of the file; the `numbers` of ways."""

    tags: list[Tags] = field(default_factory=list)
    wkb: list[bytes] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    notes: tuple[Note, ...] = ()

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
        return Table(path, layer, WGS84, wkb, columns, np.arange(1, len(wkb) + 1), notes=self.notes)


@dataclass(frozen=True, eq=False)
class Extract:
    """The wanted objects of one file; `kept` counts the nodes whose place was kept for them."""

    nodes: Rows
    ways: Rows
    areas: Rows
    turns: list[Restriction] = field(default_factory=list)
    kept: int = 0


@dataclass(frozen=True, eq=False)
class Places:
    """Nodes by their `numbers` (n,), sorted, and `xy` (n, 2) longitude and latitude."""

    numbers: Ints
    xy: Floats

    def rows(self, wanted: Ints) -> tuple[Ints, Bools]:
        """Return the row of each wanted node, and whether it is there."""
        if not len(self.numbers):
            return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), bool)
        row = np.minimum(np.searchsorted(self.numbers, wanted), len(self.numbers) - 1)
        return row, self.numbers[row] == wanted

    def of(self, number: int | None) -> tuple[float, float] | None:
        """Return where a node is, None where it is not there."""
        if number is None:
            return None
        row, there = self.rows(np.array([number]))
        return (float(self.xy[row[0], 0]), float(self.xy[row[0], 1])) if there[0] else None
