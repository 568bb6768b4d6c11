"""The change log as a table for a spreadsheet: one row for everything that became something else."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.io.formats.xlsx_tables import text_cell
from gridplanner.io.formula_text import neutral
from gridplanner.io.keeping.disk_words import disk_words
from gridplanner.io.xml_text import xml_text
from gridplanner.model.change_line import ChangeLine
from gridplanner.model.change_words import field_words, ref_words, value_words, way_words, what_words
from gridplanner.model.changes import Change

HEAD = (
    N_("No."), N_("When"), N_("Who"), N_("Done or undone"), N_("Words"), N_("What"), N_("Which"), N_("Field"), N_("Value before"),
    N_("Value after"),
)  # fmt: skip
KINDS = (".csv", ".xlsx")
_WIDTHS = (9, 20, 22, 10, 44, 16, 24, 18, 28, 28)
_NOTHING = ChangeLine("", "", "", "", "")
Row = tuple[str | int, ...]


def write_changes(changes: Iterable[Change], path: Path) -> None:
    """Write a change log to .csv (UTF-8 with a byte order mark, so that Excel shows Chinese) or .xlsx, in the language in use.

    A change of which nothing is known but its words has one row. No text becomes a formula. Raises InputError for another ending,
    and where the file cannot be written.
    """
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise InputError(_("{file}: a change log is written as .csv or .xlsx").format(file=path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if kind == ".xlsx":
            _write_sheet(path, change_rows(changes))
        else:
            with path.open("w", encoding="utf-8-sig", newline="") as stream:
                writer = csv.writer(stream)
                writer.writerow([_(name) for name in HEAD])
                writer.writerows(
                    [neutral(xml_text(value)) if isinstance(value, str) else value for value in row] for row in change_rows(changes)
                )
    except OSError as why:
        raise InputError(disk_words(path, why)) from None


def change_rows(changes: Iterable[Change]) -> Iterator[Row]:
    """Return a row for each line of each change in the order of HEAD, in words of the language in use."""
    for change in changes:
        head = (change.number, when_text(change.at), change.who, way_words(change.way), change.words)
        for line in change.lines or (_NOTHING,):
            values = value_words(line, line.before), value_words(line, line.after)
            yield (*head, *(("", "", "") if line is _NOTHING else (what_words(line), ref_words(line), field_words(line))), *values)


def when_text(at: float) -> str:
    """Return a time in seconds since 1970 as this computer's clock shows it, empty where it is not known.

    >>> len(when_text(1_700_000_000.0)), when_text(0.0)
    (19, '')
    """
    try:
        return datetime.datetime.fromtimestamp(at).strftime("%Y-%m-%d %H:%M:%S") if at else ""
    except (OverflowError, OSError, ValueError):  # a clock that was out of its mind
        return ""


def _write_sheet(path: Path, rows: Iterable[Sequence[Any]]) -> None:
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Changes")[:31])
    sheet.freeze_panes = "A2"
    for column, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.append([_(name) for name in HEAD])
    for row in rows:
        sheet.append([text_cell(sheet, value) if isinstance(value, str) else value for value in row])
    packed = BytesIO()
    book.save(packed)  # whole in memory first: a disk in the way would leave its generators open
    path.write_bytes(packed.getvalue())
