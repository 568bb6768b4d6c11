"""The values of a layer as formats of text take them: plain numbers and text, nothing where nothing is known."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gridplanner.io.layer_columns import LayerRows
from gridplanner.io.layer_schemas import REAL, WHOLE
from gridplanner.io.table import Column

Value = str | int | float | None
_EXACT = 2.0**53  # up to which a float64 knows every whole number
COUNTS = {"households", "persons"}


def is_whole(rows: LayerRows, at: int) -> bool:
    """True where the field in place `at` holds whole numbers: by its kind, or counts all of which are whole."""
    part = rows.schema.fields[at]
    if part.kind == WHOLE:
        return True
    return part.kind == REAL and part.origin in COUNTS and _all_whole(rows.columns[part.name])


def plain_columns(rows: LayerRows) -> list[list[Value]]:
    """Return the values of each field: text, whole numbers, real ones, None where a number is not known."""
    return [_plain(rows.columns[part.name], whole=is_whole(rows, at)) for at, part in enumerate(rows.schema.fields)]


def plain_rows(rows: LayerRows) -> Iterator[tuple[Value, ...]]:
    """Return the values row by row."""
    return zip(*plain_columns(rows), strict=True) if rows.schema.fields else iter([()] * len(rows))


def _plain(column: Column, *, whole: bool) -> list[Value]:
    if column.dtype.kind != "f":
        return list(column.tolist())
    if np.isfinite(column).all():
        return list((column.astype(np.int64) if whole else column).tolist())
    return [None if value != value or value in (np.inf, -np.inf) else int(value) if whole else value for value in column.tolist()]


def _all_whole(column: Column) -> bool:
    if column.dtype.kind != "f":
        return True
    known = column[~np.isnan(column)]
    return bool(((known == np.floor(known)) & (np.abs(known) < _EXACT)).all())


def whole_columns(rows: LayerRows) -> dict[str, Column]:
    """Return the columns by name, counts that are all whole as whole numbers."""
    return {
        part.name: rows.columns[part.name].astype(np.int64) if _becomes_whole(rows, at) else rows.columns[part.name]
        for at, part in enumerate(rows.schema.fields)
    }


def _becomes_whole(rows: LayerRows, at: int) -> bool:
    column = rows.columns[rows.schema.fields[at].name]
    return column.dtype.kind == "f" and is_whole(rows, at) and bool(np.isfinite(column).all())
