"""The table of field names beside an export: what each of the short ASCII names means."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from gridplanner.i18n import _
from gridplanner.io.formula_text import meant, neutral
from gridplanner.io.layer_schemas import Schema
from gridplanner.io.text_width import short_names

NAME = "fields.csv"
HEAD = ("layer", "field", "Chinese", "English", "unit", "meaning")
RENAMED = ("in shapefiles", "layer here", "field here")  # beside, where a profile gave other names


def write_field_table(path: Path, schemas: Iterable[Schema], encoding: str = "gb18030") -> None:
    """Write `fields.csv`: UTF-8 with a byte order mark, so that Excel shows the Chinese names.

    Where a profile gave other names, there is beside what they are called in shapefiles of an encoding, and what they were called before.
    """
    listed = list(schemas)
    renamed = any(schema.was or any(part.was for part in schema.fields) for schema in listed)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.writer(stream)
        table.writerow((*HEAD, *RENAMED) if renamed else HEAD)
        for schema in listed:
            shorts = short_names([part.name for part in schema.fields], encoding)
            for part, short in zip(schema.fields, shorts, strict=True):
                meaning = _(part.meaning) if part.meaning else ""
                unit = _(part.unit) if part.unit else ""
                row = [schema.name, part.name, part.chinese, part.english, unit, meaning]
                row += [short, schema.origin, part.origin] if renamed else []
                table.writerow([neutral(word) for word in row])


def earlier_layers(path: Path) -> list[str]:
    """Return the layers that a table of field names lists, none where it is not there or is no such table."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream))
    except (OSError, UnicodeDecodeError, csv.Error):
        return []
    if not rows or rows[0][: len(HEAD)] != list(HEAD):
        return []
    names = dict.fromkeys(meant(row[0]) for row in rows[1:] if row)
    return [name for name in names if name and Path(name).name == name and "\x00" not in name]
