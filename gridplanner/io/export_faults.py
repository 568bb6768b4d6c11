"""What an export cannot carry as it is, found before anything is written: text too long, signs outside a code page, layers left out."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np

from gridplanner.i18n import N_
from gridplanner.io.layer_columns import LayerRows
from gridplanner.io.layer_schemas import TEXT, Field
from gridplanner.io.reading import named
from gridplanner.io.text_width import Fitted, fit_column, short_names
from gridplanner.io.xml_text import xml_text
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Texts

SHORTENED, REPLACED, RENAMED, CUT, TOO_MANY, LEFT_OUT = "shortened", "replaced", "renamed", "cut", "too_many", "left_out"
CELL = 32_767  # characters in a cell of a spreadsheet
ROWS = 1_048_576  # rows of a sheet, its head included
_TEXTS = {
    SHORTENED: N_("{layer}, rows {rows}: “{field}” is longer than the shapefile takes, shortened ({count} in all)"),
    REPLACED: N_("{layer}, rows {rows}: “{field}” has characters that {encoding} lacks, written as ? ({count} in all)"),
    RENAMED: N_("{layer}: the field “{field}” is called “{short}” in the shapefile, whose names have ten bytes"),
    CUT: N_("{layer}, rows {rows}: “{field}” has more than {most} characters, or signs that no spreadsheet takes; cut in tables.xlsx"),
    TOO_MANY: N_("{layer}: has {count} rows, a sheet has room for {most}; the rest is not in tables.xlsx: write it as csv or gpkg"),
    LEFT_OUT: N_("{format} takes no such layers, they were left out of it: {layers}"),
}
_LEVELS = {RENAMED: Level.INFO, LEFT_OUT: Level.INFO}


@dataclass(frozen=True)
class ExportFault:
    """One thing that is lost or changed on the way out.

    `kind` is shortened, replaced, renamed, cut, too_many or left_out, `format` where; `rows` count from 1, `example` is the first text;
    `utf8_helps`: with UTF-8 it would not happen.
    """

    kind: str
    format: str
    layer: str = ""
    field: str = ""
    rows: tuple[int, ...] = ()
    example: str = ""
    utf8_helps: bool = False
    values: Mapping[str, object] = dataclasses.field(default_factory=dict, compare=False)

    @property
    def issue(self) -> Issue:
        """The finding as the layer of issues has it."""
        rows = named(np.array(self.rows))
        known = {"layer": self.layer, "field": self.field, "count": len(self.rows), "rows": rows, "format": self.format}
        return Issue(_LEVELS.get(self.kind, Level.WARNING), self.kind, _TEXTS[self.kind], {**known, **self.values}, self.layer)

    @property
    def message(self) -> str:
        """The finding in the language of the program."""
        return self.issue.message


def fitted(rows: LayerRows, encoding: str) -> tuple[LayerRows, list[ExportFault]]:
    """Return a layer whose names and text fit a shapefile, and what was shortened, replaced or renamed for it."""
    faults: list[ExportFault] = []
    names = short_names([part.name for part in rows.schema.fields], encoding)
    fields: list[Field] = []
    columns = {}
    for part, name in zip(rows.schema.fields, names, strict=True):
        column = rows.columns[part.name]
        if name != part.name:
            faults.append(ExportFault(RENAMED, "shp", rows.schema.name, part.name, values={"short": name}))
        if part.kind == TEXT:
            found = fit_column(column, part.width, encoding, part.separator)
            faults += _fit_faults(rows, part, found, encoding)
            column = found.values
        fields.append(part if name == part.name else dataclasses.replace(part, name=name, was=part.origin))
        columns[name] = column
    return dataclasses.replace(rows, schema=dataclasses.replace(rows.schema, fields=tuple(fields)), columns=columns), faults


def sheet_faults(rows: LayerRows) -> list[ExportFault]:
    """Return what of a layer has no room in a spreadsheet."""
    faults = []
    for part in rows.schema.fields:
        if part.kind == TEXT:
            column = rows.columns[part.name]
            found = _rows_where(column, lambda text: len(text) > CELL or (not text.isprintable() and xml_text(text) != text))
            if found:
                faults.append(_fault(CUT, "xlsx", rows, part, found, values={"most": CELL}))
    if len(rows) >= ROWS:
        faults.append(ExportFault(TOO_MANY, "xlsx", rows.schema.name, values={"count": len(rows), "most": ROWS - 1}))
    return faults


def left_out(name: str, layers: Sequence[LayerRows]) -> list[ExportFault]:
    """Return that some layers have no place in a format, nothing where there are none."""
    words = ", ".join(rows.schema.name for rows in layers)
    return [ExportFault(LEFT_OUT, name, values={"layers": words})] if layers else []


def _fit_faults(rows: LayerRows, part: Field, found: Fitted, encoding: str) -> list[ExportFault]:
    faults = []
    if found.shortened:
        faults.append(_fault(SHORTENED, "shp", rows, part, found.shortened))
    if found.replaced:
        helps = encoding.lower() not in {"utf-8", "utf8"}
        faults.append(_fault(REPLACED, "shp", rows, part, found.replaced, helps=helps, values={"encoding": encoding.upper()}))
    return faults


def _fault(
    kind: str, where: str, rows: LayerRows, part: Field, found: Sequence[int], *, helps: bool = False,
    values: Mapping[str, object] | None = None,
) -> ExportFault:  # fmt: skip
    example = str(rows.columns[part.name][found[0]])
    return ExportFault(kind, where, rows.schema.name, part.name, tuple(row + 1 for row in found), example, helps, values or {})


def _rows_where(column: Texts, wrong: Callable[[str], bool]) -> list[int]:
    """Return the rows whose text is wrong; each text is looked at once."""
    bad = {text for text in set(column.tolist()) if wrong(text)}
    return list(compress(range(len(column)), (text in bad for text in column.tolist()))) if bad else []
