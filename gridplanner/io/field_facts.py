"""What the values of a field are, in a few facts: kind, how many there are, how many differ, the smallest and the largest."""

from __future__ import annotations

import numpy as np

from gridplanner.i18n import _
from gridplanner.io.first_rows import value_text
from gridplanner.io.private_numbers import private_unmapped
from gridplanner.io.source_report import FieldFacts
from gridplanner.io.table import Column, Table
from gridplanner.io.where import is_missing


def facts_of(table: Table, role: str = "", work_phone: str = "") -> dict[str, FieldFacts]:
    """Return facts of every column of a table; of those that hold what planning must not know nothing but that they do.

    `role` is the source that the layer is taken for, `work_phone` its field of work phones.
    """
    return {name: _facts(table, name, role, work_phone=name == work_phone) for name in table.columns}


def _facts(table: Table, name: str, role: str, *, work_phone: bool) -> FieldFacts:
    column = table.columns[name]
    filled = ~is_missing(column)
    if column.dtype == object:
        filled &= np.array([bool(str(value).strip()) for value in column.tolist()], bool)
    values = column[filled]
    share = float(filled.mean()) if len(column) else 0.0
    if values.dtype == object:
        values = np.array([str(value) for value in values.tolist()], object)
    different = np.unique(values.astype(str) if values.dtype == object else values)
    kind = _kind(column) if len(values) else "empty"
    private = private_unmapped(table, name, key=role, work_phone=work_phone)
    if private is not None:
        return FieldFacts(kind, share, len(different), private=True, holds=_(private.what))
    if not len(different):
        return FieldFacts(kind, share, 0)
    return FieldFacts(kind, share, len(different), value_text(different[0].item()), value_text(different[-1].item()))


def _kind(column: Column) -> str:
    kind = column.dtype.kind
    if kind == "f":
        known = column[np.isfinite(column)]
        return "whole" if bool((known == np.floor(known)).all()) else "number"
    return {"i": "whole", "u": "whole", "b": "truth", "M": "date", "m": "date"}.get(kind, "text")
