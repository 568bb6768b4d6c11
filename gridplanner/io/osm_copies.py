"""Copies of an OpenStreetMap file side by side in one file, to see what reading costs at the size of a region."""

from __future__ import annotations

from pathlib import Path
from typing import Any

APART = 0.4  # degrees between neighbouring copies
COLUMNS = 4
NUMBERS = 4_000_000_000  # between the numbers of one copy and the next


def write_copies(source: Path, target: Path, copies: int, *, only_first: bool = False) -> None:
    """Write a file with so many copies of `source`, nodes before ways before relations, numbers and places shifted.

    With `only_first` the streets of all but the first copy are no streets: their tag `highway` is called `was:highway`.
    """
    import osmium
    from osmium.osm import mutable

    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        for kind, write in ((osmium.osm.NODE, _node), (osmium.osm.WAY, _way), (osmium.osm.RELATION, _relation)):
            for copy in range(copies):
                shift = copy * NUMBERS
                for thing in osmium.FileProcessor(str(source), kind):
                    tags: Any = thing.tags
                    if only_first and copy and "highway" in tags:
                        tags = {("was:highway" if tag.k == "highway" else tag.k): tag.v for tag in tags}
                    write(writer, mutable, thing, thing.id + shift, tags, copy)


def _node(writer: Any, mutable: Any, node: Any, number: int, tags: Any, copy: int) -> None:
    row, column = divmod(copy, COLUMNS)
    place = (node.lon + APART * column, node.lat + APART * row)
    writer.add_node(mutable.Node(id=number, location=place, tags=tags, version=1))


def _way(writer: Any, mutable: Any, way: Any, number: int, tags: Any, copy: int) -> None:
    writer.add_way(mutable.Way(id=number, nodes=[node.ref + copy * NUMBERS for node in way.nodes], tags=tags, version=1))


def _relation(writer: Any, mutable: Any, relation: Any, number: int, tags: Any, copy: int) -> None:
    members = [(member.type, member.ref + copy * NUMBERS, member.role) for member in relation.members]
    writer.add_relation(mutable.Relation(id=number, members=members, tags=tags, version=1))
