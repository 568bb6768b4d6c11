"""Tables on the clipboard, as spreadsheets write and read them: cells between tabs, quoted where they hold tabs, quotes or line breaks."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

Table = list[list[str]]


def read_table(text: str) -> Table:
    r"""Return the cells of a copied block; empty lines at its end are none.

    >>> read_table('07\tMill Lane\r\n08\t"a\nb"\r\n')
    [['07', 'Mill Lane'], ['08', 'a\nb']]
    """
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter="\t"))
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    return [[cell.strip() for cell in row] for row in rows]


def table_text(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as a spreadsheet takes them from the clipboard."""
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="\n").writerows(rows)
    return out.getvalue()
