"""Some rows of a layer that is too large for a glance, taken from places spread over the file."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from gridplanner.io.table import Table
from gridplanner.io.vector_files import read_table

CHUNKS = 20  # places of a large layer that rows are taken from
SEEKING = (".shp", ".gpkg", ".fgb")  # formats that find a row without reading those before it


def sampled_rows(
    path: Path, layer: str, columns: Sequence[str], count: int, most: int, encoding: str = "auto", *, whole: bool = True
) -> Table:  # fmt: skip
    """Return at most about `most` of the `count` rows of a layer with their places.

    Of a format that must be read from its beginning every so-many-th row is taken; where it need not be `whole`, its first rows.
    """
    if count <= most:
        return read_table(path, layer, columns, encoding)
    if path.suffix.lower() not in SEEKING:
        if not whole:
            return read_table(path, layer, columns, encoding, most)
        table = read_table(path, layer, columns, encoding)
        return table.select(np.arange(len(table)) % -(-len(table) // most) == 0)
    many = most // CHUNKS
    starts = np.linspace(0, count - many, CHUNKS).astype(int).tolist()
    parts = [read_table(path, layer, columns, encoding, many, first=start) for start in starts]
    joined = {name: np.concatenate([part.columns[name] for part in parts]) for name in parts[0].columns}
    wkb, rows = (np.concatenate([getattr(part, name) for part in parts]) for name in ("wkb", "rows"))
    return dataclasses.replace(parts[0], wkb=wkb, columns=joined, rows=rows)
