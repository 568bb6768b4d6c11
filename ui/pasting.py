"""What a pasted block would change in the table of grids: which values come where, and which rows are refused and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridplanner.edits.table_edits import ChangeGrids, refused_codes
from gridplanner.i18n import _
from ui.clipboard import Table
from ui.panels.grid_columns import CODE, COLUMNS
from ui.panels.grid_content import GridRows, field_value

_KEYED = ("name", "workers", "locked")  # where values behind a code go when no head says so


@dataclass(frozen=True)
class Change:
    """A value that a grid gets: `row` is the grid's row in the content, `column` of COLUMNS."""

    row: int
    column: int
    value: object


@dataclass(frozen=True)
class Refused:
    """A line of the block, counted from 1, with what stands there and why it is left out."""

    line: int
    text: str
    why: str


@dataclass(frozen=True)
class Pasting:
    """What a block would do; `same` values are there already."""

    changes: tuple[Change, ...]
    refused: tuple[Refused, ...]
    same: int = 0

    def edit(self, content: GridRows) -> ChangeGrids | None:
        """Return the changes as one edit, None where there are none."""
        by_grid: dict[int, list[tuple[str, object]]] = {}
        for change in self.changes:
            by_grid.setdefault(int(content.ids[change.row]), []).append((COLUMNS[change.column].field, change.value))
        return ChangeGrids(tuple((grid, tuple(pairs)) for grid, pairs in by_grid.items())) if by_grid else None


@dataclass(frozen=True)
class Target:
    """Where a block goes that has no codes: rows of the content from the first selected on, and columns from the current one on.

    `fills` are the rows that a single line fills, where several are selected.
    """

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    fills: tuple[int, ...] = ()


def pasting_of(content: GridRows, table: Table, target: Target) -> Pasting:
    """Return what a block changes.

    A head that names columns says where they go; a column of codes, by its head or because most of the first column are codes of grids,
    says which grids are meant. Without codes the block goes onto the cells of `target`.
    """
    if not table:
        return Pasting((), ())
    head = _head(table[0])
    body, first = (table[1:], 2) if head else (table, 1)
    by_code = _by_code(content)
    columns = head or list(target.columns)
    key = columns.index(CODE) if head and CODE in columns and len(columns) > 1 else -1
    if not head and max(map(len, table)) > 1 and sum(_key(by_code, row[0]) is not None for row in table) * 2 > len(table):
        key, columns = 0, [CODE, *_behind_codes(target)]
    changes: list[tuple[int, Change]] = []
    refused: list[Refused] = []
    rows = list(target.rows)
    if key < 0 and len(body) == 1 and len(target.fills) > 1:
        rows, body = list(target.fills), body * len(target.fills)
    seen: set[int] = set()
    for number, cells in enumerate(body):
        line = first + number
        row = _key(by_code, cells[key]) if 0 <= key < len(cells) else rows[number] if key < 0 and number < len(rows) else None
        text = " · ".join(cells)
        if row is None or row in seen:
            refused.append(Refused(line, text, _why_no_grid(cells, key, twice=row is not None)))
            continue
        seen.add(row)
        for place, cell in enumerate(cells):
            if place == key or place >= len(columns) or columns[place] < 0:
                continue
            column = columns[place]
            if COLUMNS[column].field:
                changes.append((line, Change(row, column, field_value(COLUMNS[column].field, cell))))
            else:
                refused.append(
                    Refused(line, cell, _("{column} follows from the map; it cannot be written").format(column=_(COLUMNS[column].title)))
                )
    return _sifted(content, changes, refused)


def _sifted(content: GridRows, changes: Sequence[tuple[int, Change]], refused: list[Refused]) -> Pasting:
    """Leave out what changes nothing, and codes that cannot be: what one gives up another may take, so they are judged together."""
    real = [(line, c) for line, c in changes if getattr(content.grids[c.row], COLUMNS[c.column].field) != c.value]
    same = len(changes) - len(real)
    while True:
        codes = {int(content.ids[c.row]): str(c.value) for _line, c in real if c.column == CODE}
        faults = refused_codes(content.project, codes)
        if not faults:
            break
        bad = [(line, c) for line, c in real if c.column == CODE and int(content.ids[c.row]) in faults]
        refused += [Refused(line, str(c.value), faults[int(content.ids[c.row])]) for line, c in bad]
        real = [pair for pair in real if pair not in bad]
    return Pasting(tuple(c for _line, c in real), tuple(sorted(refused, key=lambda r: r.line)), same)


def _head(cells: Sequence[str]) -> list[int]:
    """Return the columns that a head names, -1 for words that name none; empty where it is no head."""
    names: dict[str, int] = {}
    for number, column in enumerate(COLUMNS):
        for word in (column.id, column.field, *(form(word) for word in (column.short, column.title, column.heading) for form in (str, _))):
            if word:
                names.setdefault(word.casefold(), number)
    found = [names.get(cell.rstrip(" ▾▴").casefold(), -1) for cell in cells]
    return found if any(number >= 0 for number in found) else []


def _behind_codes(target: Target) -> list[int]:
    """Return the columns of what stands behind the codes: from the current one on where it can be written, else from the name on."""
    writable = [i for i in target.columns if COLUMNS[i].field and i != CODE] if target.columns and target.columns[0] != CODE else []
    return writable or [i for i, column in enumerate(COLUMNS) if column.id in _KEYED]


def _by_code(content: GridRows) -> dict[str, int]:
    """Return the row of each code, whole, without zeros in front, and as the table shows it; what two grids share names none."""
    rows: dict[str, int] = {}
    twice: set[str] = set()
    for row, grid in enumerate(content.grids):
        for code in {grid.code, content.codes[row], grid.code.lstrip("0")} - {""}:
            if code in rows:
                twice.add(code)
            rows[code] = row
    return {code: row for code, row in rows.items() if code not in twice}


def _key(by_code: dict[str, int], cell: str) -> int | None:
    return by_code.get(cell.lstrip("'"))


def _why_no_grid(cells: Sequence[str], key: int, *, twice: bool) -> str:
    if key < 0:
        return _("there is no grid below for it")
    code = cells[key] if key < len(cells) else ""
    if twice:
        return _("its grid stands in an earlier line already")
    if "E+" in code.upper():
        return _("a spreadsheet rounded the code {code}; format its column as text and copy again").format(code=code)
    return _("there is no grid with the code {code}").format(code=code or "–")
