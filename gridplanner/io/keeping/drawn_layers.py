"""Communities and roads out of the layers that QGIS shows: the last resort where the project's own arrays are lost."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely

from gridplanner.io.keeping.finds import Finds, column_of, shapes_of
from gridplanner.io.project_text import DAMAGE
from gridplanner.model.lines import Lines
from gridplanner.model.places import Communities, RoadClass, Roads

_CLASSES = {klass.name.lower(): klass for klass in RoadClass}


def drawn_communities(finds: Finds) -> Communities | None:
    """Return the communities as they were drawn, None where a row is missing."""
    rows = _whole(finds, "communities")
    try:
        if rows is None:
            return None
        shapes = shapes_of(rows)
        if not np.isin(shapely.get_type_id(shapes), (3, 6)).all():
            return None
        return Communities(shapes, column_of(rows, 2), column_of(rows, 3), column_of(rows, 4))
    except DAMAGE:
        return None


def drawn_roads(finds: Finds) -> Roads | None:
    """Return the roads as they were drawn, without speeds, levels and turns; None where a row is missing."""
    rows = _whole(finds, "roads")
    try:
        if rows is None:
            return None
        shapes = shapes_of(rows)
        if not (shapely.get_type_id(shapes) == 1).all():
            return None
        _kind, coords, (offsets,) = shapely.to_ragged_array(shapes)
        classes = np.array([_CLASSES[word] for word in column_of(rows, 2).tolist()], np.int8)
        oneway = np.array([rows[row][5] for row in sorted(rows)], np.int8)
        count = len(rows)
        return Roads(
            Lines(np.ascontiguousarray(coords[:, :2]), offsets.astype(np.int32)), classes, column_of(rows, 3), column_of(rows, 4),
            oneway, np.zeros(count), np.zeros(count, np.int8),
        )  # fmt: skip
    except DAMAGE:
        return None


def drawn_system(finds: Finds) -> str:
    """Return the code of the coordinate system of the drawn layers, empty where the file names none or several."""
    codes = {code for code in finds.systems if code.split(":")[0].isalpha() and code not in {"EPSG:4326", "NONE:-1", "NONE:0"}}
    return codes.pop() if len(codes) == 1 else ""


def _whole(finds: Finds, name: str) -> Mapping[int, tuple[object, ...]] | None:
    """Return the rows of a drawn layer where they are numbered from 1 on without a gap."""
    rows = finds.drawn.get(name)
    return rows if rows and sorted(rows) == list(range(1, len(rows) + 1)) else None
