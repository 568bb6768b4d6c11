"""Values and shapes that a driver leaves out without a word: text that its encoding cannot read, and damaged records."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gridplanner.i18n import N_
from gridplanner.io.doctor.readable import Readable
from gridplanner.io.reading import named
from gridplanner.io.table import Column, Note
from gridplanner.io.text_samples import BROKEN, CUT, decoded
from gridplanner.model.lines import Texts

RAW = "ISO-8859-1"  # every byte is one character: text read so can be turned into its bytes again
Faults = Mapping[str, Mapping[int, str]]  # by field, the rows (from 0) whose text is cut or broken


def misread_text(ready: Readable, columns: Collection[str], first: int, limit: int | None) -> Faults:
    """Return the rows whose text cannot be read as it stands, of the fields to be read that have any."""
    if ready.names is None or ready.encoding is None or ready.parts is None or ready.parts.table is None:
        return {}
    if ready.parts.deleted:  # the driver does not count them
        first, limit = 0, None
    fields = {name: field for name, field in ready.names.fields.items() if name in columns and field.is_text}
    found = {name: ready.parts.table.misread(field, ready.encoding.name, first, limit) for name, field in fields.items()}
    return {name: rows for name, rows in found.items() if rows}


def misread_notes(faults: Faults, ready: Readable, read: NDArray[np.int64]) -> tuple[list[Note], list[Note]]:
    """Return what is to be told of text that was mended (a last character cut in two left out) and of text that is lost.

    `read` are the rows that were read, from 0.
    """
    mended: list[Note] = []
    lost: list[Note] = []
    codec = ready.encoding.name if ready.encoding else ""
    for name, rows in faults.items():
        for fault, notes, text in (
            (CUT, mended, N_("{file}: “{field}” is cut in the middle of a character and was read up to it: {count} (rows {rows})")),
            (BROKEN, lost, N_("{file}: “{field}” holds characters that are not {encoding}, read as �: {count} (rows {rows})")),
        ):
            found = np.array([row for row, kind in rows.items() if kind == fault], np.int64)
            found = found[np.isin(found, read)]
            if len(found):
                values = {"file": ready.path.name, "field": name, "encoding": codec, "count": len(found), "rows": named(found + 1)}
                notes.append((text, values))
    return mended, lost


def decoded_column(column: Column, codec: str) -> Column:
    """Return a column that was read as `RAW` in its real encoding: whole characters, � for what are none."""
    if column.dtype.kind != "O":
        return column
    known: dict[str, str] = {}
    values: list[object] = []
    for value in column.tolist():
        if isinstance(value, str) and not value.isascii():
            if value not in known:
                known[value] = decoded_name(value, codec)
            value = known[value]
        values.append(value)
    out = np.empty(len(values), object)
    out[:] = values
    return out


def decoded_name(name: str, codec: str) -> str:
    """Return a text that was read as `RAW` in its real encoding; as it is where it was not read so."""
    try:
        return decoded(name.encode(RAW), codec)[0]
    except UnicodeEncodeError:
        return name


def damaged_shapes(ready: Readable, wkb: Texts, rows: NDArray[np.int64], path: Path) -> list[Note]:
    """Return a note on the rows of a shapefile whose record says a shape that the driver could not read."""
    if ready.parts is None:
        return []
    nowhere = rows[np.array([shape is None for shape in wkb.tolist()], bool)]
    if not len(nowhere):
        return []
    damaged = ready.parts.shapeless(nowhere)
    if not len(damaged):
        return []
    text = N_("{file}: shapes that are damaged or empty could not be read: {count} (rows {rows}); get the file again")
    return [(text, {"file": path.name, "count": len(damaged), "rows": named(damaged + 1)})]
