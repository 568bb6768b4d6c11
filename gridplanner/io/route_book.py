"""Routes as a spreadsheet: a list of them all, and a sheet of instructions for each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from gridplanner.i18n import _
from gridplanner.io.formula_text import is_risky
from gridplanner.io.xml_text import xml_text
from gridplanner.model.patrol_sheet import RouteSheet, date_words
from gridplanner.model.street_words import clock_words

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

Row = Sequence[str | float | int]
LONGEST_NAME = 31  # signs in the name of a sheet


def write_book(path: Path, sheets: Sequence[RouteSheet]) -> None:
    """Write the workbook: first all routes in a list, then one sheet each, ready to be printed on A4."""
    from openpyxl import Workbook

    book = Workbook()
    first = book.active
    taken = {_("Routes").lower()}
    first.title = _("Routes")
    _fill(first, _list_head(), [_list_row(sheet) for sheet in sheets], (14, 24, 8, 8, 12, 9, 9, 11, 13, 13, 10), top=1)
    for sheet in sheets:
        page = book.create_sheet(sheet_name(sheet.title, taken))
        last = sheet.route.stops[-1].arrive
        times = _("{begins}–{ends}").format(begins=clock_words(sheet.route.stops[0].arrive), ends=clock_words(last))
        parts = [sheet.title, sheet.zone, _("Crew {n}").format(n=sheet.route.crew + 1), times]
        if sheet.date is not None:
            parts.append(date_words(sheet.date))
        _write(page, 1, 1, "  ".join(filter(None, parts)), bold=True)
        _fill(page, _head(), _rows(sheet), (6, 8, 8, 60, 10, 11), top=3)
    book.save(path)


def sheet_name(title: str, taken: set[str]) -> str:
    """Return a name for a sheet, which has few signs and must be unlike the others whatever their case; adds it to `taken`."""
    clean = "".join("-" if sign in r"[]:*?/\'" else sign for sign in xml_text(title))[:LONGEST_NAME] or "-"
    name, number = clean, 1
    while name.lower() in taken:
        number += 1
        name = f"{clean[: LONGEST_NAME - len(str(number)) - 1]}-{number}"
    taken.add(name.lower())
    return name


def _list_head() -> Row:
    return (_("Route"), _("Patrol zone"), _("Crew"), _("Variant"), _("Date"), _("Leaves"), _("Returns"), _("Length, km"),
            _("Patrolled, km"), _("Driven only, km"), _("Key sites"))  # fmt: skip


def _list_row(sheet: RouteSheet) -> Row:
    route = sheet.route
    return (sheet.title, sheet.zone, route.crew + 1, route.variant, date_words(sheet.date) if sheet.date is not None else "",
            clock_words(route.stops[0].arrive), clock_words(route.stops[-1].arrive), round(sheet.metres / 1000, 2),
            round(route.required_m / 1000, 2), round(route.dead_m / 1000, 2), route.sites)  # fmt: skip


def _head() -> Row:
    return _("№"), _("From"), _("Until"), _("Instruction"), _("Metres"), _("So far, km")


def _rows(sheet: RouteSheet) -> list[Row]:
    driven = accumulate(row.metres for row in sheet.instructions)
    return [
        (row.seq, clock_words(row.clock), clock_words(row.until), sheet.words(row, distance=False), round(row.metres), round(far / 1000, 2))
        for row, far in zip(sheet.instructions, driven, strict=True)
    ]


def _fill(page: Worksheet, head: Row, rows: Sequence[Row], widths: Sequence[int], top: int) -> None:
    from openpyxl.styles import Alignment, Border, Side
    from openpyxl.utils import get_column_letter

    rule = Border(bottom=Side(style="thin", color="FFB0B7C3"))
    for column, (title, wide) in enumerate(zip(head, widths, strict=True), 1):
        page.column_dimensions[get_column_letter(column)].width = wide
        cell = _write(page, top, column, title, bold=True)
        cell.alignment, cell.border = Alignment(wrap_text=True, vertical="top"), rule
    for number, row in enumerate(rows, top + 1):
        for column, value in enumerate(row, 1):
            _write(page, number, column, value).alignment = Alignment(wrap_text=True, vertical="top")
    page.freeze_panes = f"A{top + 1}"
    page.print_title_rows = f"{top}:{top}"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.orientation = "landscape" if sum(widths) > 105 else "portrait"
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_setup.fitToHeight = 0
    page.oddFooter.center.text = "&P / &N"


def _write(page: Worksheet, row: int, column: int, value: str | float, *, bold: bool = False) -> Cell:
    from openpyxl.styles import Font

    cell: Cell = page.cell(row, column, xml_text(value) if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.data_type = "s"  # a name that begins with = is no formula
        if is_risky(value):
            cell.quotePrefix = True  # nor does it become one where somebody edits the cell
    if bold:
        cell.font = Font(bold=True)
    return cell
