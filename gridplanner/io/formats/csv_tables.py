"""CSV: one file a layer, UTF-8 with a byte order mark so that Excel shows Chinese; points as x and y, lines and areas as WKT."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import shapely

from algorithms.progress import Progress
from gridplanner.io.formats.values import Value, plain_rows
from gridplanner.io.formats.wish import ExportWish
from gridplanner.io.formula_text import neutral
from gridplanner.io.layer_columns import LayerRows
from gridplanner.io.layer_schemas import TABLE
from gridplanner.io.table import Column

PLACES = {"Point": ("x", "y")}
WKT = ("WKT",)
_CHUNK = 20_000


def write_csv(layers: Sequence[LayerRows], folder: Path, wish: ExportWish, progress: Progress) -> None:  # noqa: ARG001
    """Write LAYER.csv of each layer; text that a spreadsheet would take for a formula stands behind an apostrophe."""
    for rows in layers:
        with (folder / f"{rows.schema.name}.csv").open("w", encoding="utf-8-sig", errors="replace", newline="") as stream:
            table = csv.writer(stream)
            table.writerow([neutral(name) for name in head_of(rows)])
            for chunk in _chunks(rows):
                progress.check()
                table.writerows(chunk)


def head_of(rows: LayerRows) -> list[str]:
    """Return the names of the columns: of the place, then of the fields, with a number where a field is called as a place is."""
    fields = [part.name for part in rows.schema.fields]
    places = () if rows.schema.geometry == TABLE else PLACES.get(rows.schema.geometry, WKT)
    taken = {name.lower() for name in fields}
    return [*(f"{name}_" if name.lower() in taken else name for name in places), *fields]


def _chunks(rows: LayerRows) -> Iterator[list[list[Value]]]:
    values = plain_rows(rows)
    for start in range(0, len(rows), _CHUNK):
        places = _places(rows, slice(start, start + _CHUNK))
        count = min(_CHUNK, len(rows) - start)
        yield [
            [*place, *(neutral(value) if isinstance(value, str) else value for value in row)]
            for place, row in zip(places if places is not None else [()] * count, values, strict=False)
        ]


def _places(rows: LayerRows, part: slice) -> list[tuple[Value, ...]] | None:
    if rows.schema.geometry == TABLE:
        return None
    shapes = rows.shapes[part]
    if rows.schema.geometry == "Point":
        return list(zip(_known(shapely.get_x(shapes)), _known(shapely.get_y(shapes)), strict=True))
    return [("" if text is None else text,) for text in shapely.to_wkt(shapes, rounding_precision=-1).tolist()]


def _known(column: Column) -> list[Value]:
    return [None if value != value else value for value in column.tolist()]
