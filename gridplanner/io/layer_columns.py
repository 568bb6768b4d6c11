"""One layer to write: shapes and a column for each field of its schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from gridplanner.io.layer_schemas import SCHEMAS, TEXT, WHOLE, Schema
from gridplanner.io.table import Column
from gridplanner.model.lines import Floats, Texts
from gridplanner.model.places import texts


@dataclass(frozen=True, eq=False)
class LayerRows:
    """One layer to write: shapely geometries (None where a row has no place) and one column per field of the schema."""

    schema: Schema
    shapes: Texts
    columns: Mapping[str, Column]

    def __len__(self) -> int:
        return len(self.shapes)


def rows_of(name: str, shapes: Texts, columns: Mapping[str, object]) -> LayerRows:
    """Return a layer with each column in the dtype of its field; fields without a column are empty.

    An empty shape is no place, and half a character (of the name of a file that is not UTF-8, say) is a question mark: formats refuse them.
    """
    schema = SCHEMAS[name]
    out: dict[str, Column] = {}
    for part in schema.fields:
        values = columns.get(part.name)
        if part.kind == TEXT:
            out[part.name] = texts([""] * len(shapes)) if values is None else texts(_whole([str(v) for v in values]))  # type: ignore[attr-defined]
        elif values is None:
            out[part.name] = np.full(len(shapes), np.nan)
        else:
            numbers = np.asarray(values, np.float64)
            out[part.name] = numbers.astype(np.int64) if part.kind == WHOLE else np.round(numbers, part.decimals)
    empty = shapely.is_empty(shapes)
    if empty.any():
        shapes = shapes.copy()
        shapes[empty] = None
    return LayerRows(schema, shapes, out)


def _whole(words: list[str]) -> list[str]:
    try:
        "".join(words).encode()
    except UnicodeEncodeError:
        return [word.encode("utf-8", "replace").decode() for word in words]
    return words


def no_places(count: int) -> Texts:
    """Return the shapes of a table whose rows have no place, (count,)."""
    return np.full(count, None, object)


def line_shapes(coords: list[Floats]) -> Texts:
    """Return a line for each list of places (n, 2)."""
    shapes = np.empty(len(coords), object)
    shapes[:] = [shapely.LineString(line) for line in coords]
    return shapes


def point_shapes(places: list[tuple[float, float]]) -> Texts:
    """Return a point for each place."""
    shapes = np.empty(len(places), object)
    shapes[:] = [shapely.Point(x, y) for x, y in places]
    return shapes
