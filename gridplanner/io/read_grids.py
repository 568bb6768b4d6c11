"""A grid plan drawn elsewhere, read as it was drawn: what its outlines mean for the units is for planning to say."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely

from gridplanner.i18n import N_
from gridplanner.io.cleaning import clean_polygons, fitting_rows, only_polygons, without_doubles
from gridplanner.io.fields import text_column
from gridplanner.io.reading import Reading, named
from gridplanner.io.table import POLYGON, Table
from gridplanner.model.issues import Level
from gridplanner.model.lines import Texts
from gridplanner.model.places import DrawnGrids

KEY = "current_grids"


def read_current_grids(table: Table, fields: Mapping[str, str], reading: Reading) -> DrawnGrids:
    """Return the grids of a layer in the project CRS, one a code; overlaps and gaps stay.

    Rows that share a code are one grid in several pieces; rows without a code are a grid each. Both are reported.
    """
    table = fitting_rows(table, (POLYGON,), KEY, reading)
    codes, names = (text_column(table, fields.get(word)) for word in ("code", "name"))
    polygons = without_doubles(clean_polygons(table, KEY, reading), table, names, KEY, reading)
    rows = polygons.rows
    bare = np.zeros(len(table), bool)
    bare[rows] = codes[rows] == ""
    if "code" in fields:
        reading.tell_rows(
            table, bare, KEY, level=Level.INFO, kind="code_made_up",
            text=N_("{file}, rows {rows}: grids without a code; they get one ({count} in all)"),
        )  # fmt: skip
    return _one_a_code(polygons.shapes, codes[rows], names[rows], table, rows, reading)


def _one_a_code(
    shapes: Texts, codes: Texts, names: Texts, table: Table, rows: np.ndarray[tuple[int], np.dtype[np.intp]], reading: Reading
) -> DrawnGrids:
    key = np.array([code or f"\x00{row}" for row, code in enumerate(codes)], object)
    words, first, index, count = np.unique(key.astype(str), return_index=True, return_inverse=True, return_counts=True)
    for word in np.flatnonzero(count > 1).tolist():
        mine = np.flatnonzero(index == word)
        text = N_("{file}, rows {rows}: all have the code {code}; they are taken as one grid")
        values = {"file": table.short, "rows": named(table.rows[rows[mine]]), "code": str(words[word])}
        at = shapely.get_coordinates(shapely.point_on_surface(shapes[mine[0]]))[0]
        reading.tell(Level.WARNING, "same_code", text, values, layer=KEY, ref=str(words[word]), at=at)
    order = np.argsort(first, kind="stable")
    merged = np.empty(len(words), object)
    for place, word in enumerate(order.tolist()):
        mine = np.flatnonzero(index == word)
        merged[place] = shapes[mine[0]] if len(mine) == 1 else shapely.union_all(shapes[mine], grid_size=0.01)
    row = first[order]
    return DrawnGrids(only_polygons(merged), codes[row], names[row])
