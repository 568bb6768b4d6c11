"""The table of field names beside an export: what each of the short ASCII names means."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from gridplanner.i18n import _
from gridplanner.io.layer_schemas import Schema

HEAD = ("layer", "field", "Chinese", "English", "unit", "meaning")


def write_field_table(path: Path, schemas: Iterable[Schema]) -> None:
    """Write `fields.csv`: UTF-8 with a byte order mark, so that Excel shows the Chinese names."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(HEAD)
        for schema in schemas:
            for part in schema.fields:
                meaning = _(part.meaning) if part.meaning else ""
                unit = _(part.unit) if part.unit else ""
                table.writerow((schema.name, part.name, part.chinese, part.english, unit, meaning))
