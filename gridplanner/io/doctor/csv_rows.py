"""What the driver leaves out of a .csv without a word: cells beyond those of the head, and all that follows an open quotation mark."""

from __future__ import annotations

import csv
import re
from itertools import islice
from pathlib import Path

import numpy as np

from gridplanner.i18n import N_
from gridplanner.io.reading import named
from gridplanner.io.table import Note

LONGEST_LINE = 10_000_000  # bytes, what the driver takes
_SIGNS = ",;\t|"
_QUOTED = re.compile(r'"[^"]*"')


def csv_losses(path: Path, name: str) -> tuple[tuple[Note, ...], int]:
    """Return what is lost of a table in UTF-8, called `name` for the planner, and the line in which it breaks off, 0 where it does not.

    The rows are gone through only where a first look, several times as fast, shows that something may be lost.
    """
    sign = separator(_head(path))
    if not _may_lose(path, sign.encode()):
        return (), 0
    csv.field_size_limit(LONGEST_LINE)  # the outline of an area as text is longer than a cell may be without it
    width, row, begun = 0, -1, 1
    longer: list[int] = []
    example = ""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        reader = csv.reader(stream, delimiter=sign)
        while True:
            begun, before = reader.line_num + 1, begun
            try:
                cells = next(reader)
            except (StopIteration, csv.Error) as why:  # an error: a cell without end
                begun = before if isinstance(why, StopIteration) else begun
                break
            if not cells:
                begun = before  # an empty line is no row
                continue
            row += 1
            width = width or len(cells)
            beyond = [cell for cell in cells[width:] if cell.strip()]
            if beyond:
                longer.append(row)
                example = example or beyond[0][:40]
    notes: list[Note] = []
    if longer:
        text = N_("{file}, rows {rows}: cells beyond those of the first line, such as “{example}”, were left out ({count} in all)")
        notes.append((text, {"file": name, "rows": named(np.array(longer)), "example": example, "count": len(longer)}))
    last = _unclosed(path, begun, sign)
    if last:
        text = N_("{file}: a quotation mark in line {line} is not closed: the lines from there to {last} were left out; mend it")
        notes.append((text, {"file": name, "line": begun, "last": last}))
    return tuple(notes), begun if last else 0


def cut_before(path: Path, line: int, target: Path) -> None:
    """Write the lines of a table in UTF-8 before one of them, from 1: the driver refuses all where it comes to an open quotation mark."""
    with path.open(encoding="utf-8", errors="replace", newline="") as stream, target.open("w", encoding="utf-8", newline="") as out:
        out.writelines(islice(stream, line - 1))


def separator(head: str) -> str:
    """Return the sign between the cells of a table by its first line, as the driver sees it: a comma where there are several.

    >>> separator("户数;人口"), separator("户数,人口;x"), separator('"户数;人口",x')
    (';', ',', ',')
    """
    bare = _QUOTED.sub("", head)
    found = [sign for sign in _SIGNS if sign in bare]
    return found[0] if len(found) == 1 else ","


def _head(path: Path) -> str:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        return next((line for line in stream if line.strip()), "")


def _may_lose(path: Path, sign: bytes) -> bool:
    """True where a line has more signs than the first one, or the quotation marks are not paired."""
    most, quotes = -1, 0
    with path.open("rb") as stream:
        for line in stream:
            signs = line.count(sign)
            if most < 0 and line.strip():
                most = signs
            if signs > most >= 0:
                return True
            quotes += line.count(b'"')
    return quotes % 2 == 1


def _unclosed(path: Path, begun: int, sign: str) -> int:
    """Return the last line where the row that begins in a line does not end because its quotation mark is not closed, else 0."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        lines = list(islice(stream, begun - 1, None))
    try:
        for _cells in csv.reader(lines, delimiter=sign, strict=True):
            pass
    except csv.Error as why:
        if "end of data" in str(why) or "field limit" in str(why):
            return begun - 1 + max(number for number, line in enumerate(lines, 1) if line.strip())
    return 0
