"""XLSX: all layers in one workbook, a sheet each; places as x and y, lines and areas without theirs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely

from algorithms.progress import Progress
from gridplanner.i18n import _
from gridplanner.io.export_faults import CELL, ROWS
from gridplanner.io.formats.csv_tables import PLACES, head_of
from gridplanner.io.formats.values import Value, plain_rows
from gridplanner.io.formats.wish import ExportWish
from gridplanner.io.formula_text import is_risky
from gridplanner.io.layer_columns import LayerRows
from gridplanner.io.route_book import sheet_name
from gridplanner.io.xml_text import xml_text

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

NAME = "tables.xlsx"
_SAMPLE = 200  # rows that the width of a column is judged by
_NARROW, _WIDE = 8, 60


def write_xlsx(layers: Sequence[LayerRows], folder: Path, wish: ExportWish, progress: Progress) -> None:  # noqa: ARG001
    """Write tables.xlsx; text is never a formula, and is cut where a cell ends (told before: export_faults)."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    taken: set[str] = set()
    for rows in layers:
        page = book.create_sheet(sheet_name(rows.schema.name, taken))
        page.freeze_panes = "A2"
        _fill(page, rows, progress)
    if not layers:
        book.create_sheet(_("Nothing"))
    book.save(folder / NAME)


def _fill(page: WriteOnlyWorksheet, rows: LayerRows, progress: Progress) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    point = rows.schema.geometry in PLACES
    head = head_of(rows) if point else [part.name for part in rows.schema.fields]
    table = _table(rows, point=point)
    for column, name in enumerate(head):
        widths = [_width(row[column]) for row in table[:_SAMPLE]]
        page.column_dimensions[get_column_letter(column + 1)].width = min(max([_NARROW, _width(name) + 2, *widths]), _WIDE)
    titles = [WriteOnlyCell(page, xml_text(name)) for name in head]
    for title in titles:
        title.data_type, title.font = "s", Font(bold=True)
    page.append(titles)
    for number, row in enumerate(table[: ROWS - 1]):
        if number % 10_000 == 0:
            progress.check()
        page.append([text_cell(page, value) if isinstance(value, str) else value for value in row])


def _table(rows: LayerRows, *, point: bool) -> list[tuple[Value, ...]]:
    values = list(plain_rows(rows))
    if not point:
        return values
    places = zip(shapely.get_x(rows.shapes).tolist(), shapely.get_y(rows.shapes).tolist(), strict=True)
    return [(*(None if at != at else at for at in place), *row) for place, row in zip(places, values, strict=True)]


def text_cell(page: WriteOnlyWorksheet, text: str) -> Any:
    """Return text as a cell that stays text, also where somebody edits it."""
    from openpyxl.cell import WriteOnlyCell

    clean = text if text.isprintable() and len(text) <= CELL else xml_text(text)[:CELL]
    if not is_risky(clean) and not clean.startswith("#"):  # such as #N/A, which is an error
        return clean
    cell = WriteOnlyCell(page, clean)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def _width(value: Value) -> int:
    text = "" if value is None else str(value)
    return max((len(line) + sum(ord(sign) > 0x2E80 for sign in line) for line in text.split("\n")), default=0) + 1
