"""The comparison of two plans as tables for a spreadsheet: grids, places and counts, nobody's address."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path

from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.io.formats.xlsx_tables import text_cell
from gridplanner.io.formula_text import neutral
from gridplanner.io.keeping.disk_words import disk_words
from gridplanner.model.comparison import Comparison

KINDS = (".csv", ".xlsx")
Row = Sequence[str | int | float]


def write_comparison(comparison: Comparison, path: Path) -> None:
    """Write who is in another grid, and the grids that correspond: two sheets of a .xlsx file, else CSV with the second one beside it.

    The second CSV file bears `-grids` behind its name. Both are UTF-8 with a byte order mark, so that Excel shows Chinese. Raises
    InputError where a file cannot be written.
    """
    moves, grids = [_move_head(comparison), *_move_rows(comparison)], [_grid_head(comparison), *_grid_rows(comparison)]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix.lower() == ".xlsx":
            _write_sheets(path, ((_("Moved households"), moves), (_("Grids"), grids)))
        else:
            _write_csv(path, moves)
            _write_csv(path.with_name(f"{path.stem}-grids{path.suffix}"), grids)
    except OSError as why:
        raise InputError(disk_words(path, why)) from None


def _move_head(comparison: Comparison) -> Row:
    before, after = comparison.titles
    grid = _("Grid in “{scenario}”")
    names = (_("Community"), grid.format(scenario=before), grid.format(scenario=after), _("Households"), _("Addresses"))
    return (*names, _("x of the middle, m"), _("y of the middle, m"))


def _move_rows(comparison: Comparison) -> Iterable[Row]:
    moves = comparison.moves
    x, y = moves.boxes[:, [0, 2]].mean(axis=1).round(1), moves.boxes[:, [1, 3]].mean(axis=1).round(1)
    columns = (moves.community, moves.before_code, moves.after_code, moves.households, moves.addresses, x, y)
    return zip(*(column.tolist() for column in columns), strict=True)


def _grid_head(comparison: Comparison) -> Row:
    before, after = comparison.titles
    grid, households = _("Grid in “{scenario}”"), _("Households in “{scenario}”")
    names = (_("Community"), grid.format(scenario=before), grid.format(scenario=after))
    return (*names, households.format(scenario=before), households.format(scenario=after), _("Households left"), _("Households joined"))


def _grid_rows(comparison: Comparison) -> Iterable[Row]:
    pairs = comparison.pairs
    columns = (
        pairs.community, pairs.before_code, pairs.after_code, pairs.before_households, pairs.after_households, pairs.left, pairs.joined,
    )  # fmt: skip
    return zip(*(column.tolist() for column in columns), strict=True)


def _write_csv(path: Path, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([_plain(value) for value in row] for row in rows)


def _write_sheets(path: Path, sheets: Sequence[tuple[str, Iterable[Row]]]) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for title, rows in sheets:
        sheet = book.create_sheet(title[:31])
        for column in "ABCDEFG":
            sheet.column_dimensions[column].width = 20
        for row in rows:
            sheet.append([text_cell(sheet, value) if isinstance(value, str) else _plain(value) for value in row])
    packed = BytesIO()
    book.save(packed)  # whole in memory first: a disk in the way would leave its generators open
    path.write_bytes(packed.getvalue())


def _plain(value: str | float) -> str | float:
    """Return a value that no spreadsheet computes with: a name may begin with a sign."""
    if isinstance(value, str):
        return neutral(value)
    return int(value) if float(value).is_integer() else round(value, 2)
