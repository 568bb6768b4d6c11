"""The first rows of a layer as text for a person to read, without what planning must not know."""

from __future__ import annotations

from collections.abc import Collection

from gridplanner.io.private_numbers import private_unmapped
from gridplanner.io.table import Table

ROWS = 20
COLUMNS = 30
LONGEST = 80  # characters of a value
HIDDEN = "•••"


def first_rows(table: Table, role: str = "", work_phone: str = "", hidden: Collection[str] = ()) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a table as text, one tuple a row; identity and mobile numbers and names of residents are hidden.

    `role` is the source that the layer is taken for, `work_phone` its field of work phones: those of people on duty may be seen. `hidden`
    are columns of which more rows have told that they are private.
    """
    columns = []
    for name, column in table.columns.items():
        private = name in hidden or private_unmapped(table, name, key=role, work_phone=name == work_phone) is not None
        columns.append([HIDDEN] * len(table) if private else [value_text(value) for value in column.tolist()])
    return tuple(zip(*columns, strict=True)) if columns else ()


def value_text(value: object) -> str:
    """Return a value as it is shown: nothing where it is missing, a code that went through a spreadsheet with all its digits."""
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float):
        return f"{value:.10g}" if abs(value) < 1e6 else f"{value:.0f}"
    return str(value)[:LONGEST]
