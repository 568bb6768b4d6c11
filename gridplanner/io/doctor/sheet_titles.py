"""Tables that begin below a title, as offices write them: the rows above the names of the columns are left out of a copy, and told."""

from __future__ import annotations

import csv
import html
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import islice
from pathlib import Path

from gridplanner.i18n import N_
from gridplanner.io.doctor.own_folder import Kept, new_folder, state_of
from gridplanner.io.table import Note

FIRST = 30  # rows that show where the table begins
_HEAD = 1 << 18  # bytes of a sheet in which these are looked for
_CHUNK = 1 << 20
WIDE = 0.6  # share of the widest row that the names of the columns fill
NARROW = 0.5  # share that a row above them fills at most
TITLE = N_("{file} ({layer}): the rows above the names of the columns were left out: {count}")
_ROW = re.compile(rb"<row\b([^>]*?)(?:/>|>(.*?)</row>)", re.DOTALL)
_NUMBER = re.compile(rb'\br="(\d+)"')
_CELL = re.compile(rb"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_VALUE = re.compile(rb"<(?:v|t)\b[^>]*>\s*[^<\s]")
_TEXT = re.compile(rb'\bt="(?:s|str|inlineStr)"')
_NUMBERED = re.compile(rb'(<row\b[^>]*?\br=")(\d+)(")')
_SHEET = re.compile(r"<sheet\b[^>]*>")
_NUMBER_TEXT = re.compile(r"[-+]?[\d.,]+(e[-+]?\d+)?%?", re.IGNORECASE)

Row = tuple[int, bool]  # how many of its cells are filled, and whether all of these are text

_known: Kept[tuple[Path, tuple[Note, ...]]] = Kept()


def below_titles(path: Path) -> tuple[Path, tuple[Note, ...]]:
    """Return a workbook (.xlsx) whose sheets begin with the names of their columns: itself or a copy, and what was left out."""
    try:
        return _known.of(state_of(path), lambda: _below_titles(path))
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError):
        return path, ()  # damaged or locked: the driver says so in its words


def rows_above(rows: Sequence[Row]) -> int:
    """Return how many rows stand above the names of the columns: a title, perhaps lines about who filled it in, blank rows.

    The names are the first row nearly as wide as the widest, all text; what stands above must be narrow and begin with a lone cell.

    >>> rows_above([(1, True), (5, True), (5, False)])
    1
    """
    widest = max((filled for filled, _text in rows), default=0)
    at = next((at for at, (filled, _text) in enumerate(rows) if filled >= max(2, WIDE * widest)), 0)
    above = [filled for filled, _text in rows[:at] if filled]
    narrow = all(filled <= NARROW * widest for filled in above) and above[:1] in ([], [1])
    return at if at and rows[at][1] and narrow else 0


def lines_above(path: Path) -> int:
    """Return how many lines of a text table in UTF-8 stand above the names of its columns."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        lines = list(islice(StringIO(stream.read(_HEAD), newline=""), FIRST + 1))
    sign = max((",", "\t", ";"), key=lambda sign: sum(line.count(sign) for line in lines))
    reader = csv.reader(lines, delimiter=sign)
    rows: list[Row] = []
    ends: list[int] = []
    try:
        for row in reader:
            filled = [value.strip() for value in row if value.strip()]
            rows.append((len(filled), not any(_NUMBER_TEXT.fullmatch(value) for value in filled)))
            ends.append(reader.line_num)
    except csv.Error:
        return 0
    above = rows_above(rows[:FIRST])
    return ends[above - 1] if above else 0


def _below_titles(path: Path) -> tuple[Path, tuple[Note, ...]]:
    with zipfile.ZipFile(path) as book:
        sheets = [name for name in book.namelist() if re.fullmatch(r"/?xl/worksheets/[^/]+\.xml", name)]
        above = {name: count for name in sheets if (count := rows_above(_first_rows(book, name)))}
        if not above:
            return path, ()
        names = _sheet_names(book)
        target = new_folder() / path.name
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
            for member in book.infolist():
                with out.open(member.filename, "w", force_zip64=True) as copy:
                    for data in _without(book, member.filename, above.get(member.filename, 0)):
                        copy.write(data)
    notes = []
    for name, count in above.items():
        notes.append((TITLE, {"file": path.name, "layer": names.get(name.rpartition("/")[2], name), "count": count}))
    return target, tuple(notes)


def _first_rows(book: zipfile.ZipFile, name: str) -> list[Row]:
    """Return the first rows of a sheet by their numbers; those that are not written are blank."""
    with book.open(name) as stream:
        head = stream.read(_HEAD)
    rows: dict[int, Row] = {}
    for found in _ROW.finditer(head):
        said = _NUMBER.search(found.group(1))
        number = int(said.group(1)) if said else max(rows, default=0) + 1
        if number > FIRST:
            break
        cells = [cell.group(1) for cell in _CELL.finditer(found.group(2) or b"") if _VALUE.search(cell.group(2) or b"")]
        rows[number] = (len(cells), all(_TEXT.search(cell) for cell in cells))
    return [rows.get(number, (0, True)) for number in range(1, max(rows, default=0) + 1)]


def _without(book: zipfile.ZipFile, name: str, above: int) -> Iterator[bytes]:
    """Yield a member of a workbook without the first rows of its sheet, the others numbered from 1."""
    with book.open(name) as stream:
        if not above:
            while data := stream.read(_CHUNK):
                yield data
            return
        rest, begun = stream.read(_HEAD), False
        while rest:
            data = stream.read(_CHUNK)
            if not begun:
                rest, begun = _cut(rest, above), True
            end = max(rest.rfind(b"<row"), 0) if data else len(rest)
            yield _NUMBERED.sub(lambda found: b"%b%d%b" % (found[1], int(found[2]) - above, found[3]), rest[:end])
            rest = rest[end:] + data


def _cut(head: bytes, above: int) -> bytes:
    """Return the beginning of a sheet without its first rows."""
    first = head.find(b"<row")
    number = 0
    for found in _ROW.finditer(head):
        said = _NUMBER.search(found.group(1))
        number = int(said.group(1)) if said else number + 1
        if number > above:
            return head[:first] + head[found.start() :]
    return head


def _sheet_names(book: zipfile.ZipFile) -> dict[str, str]:
    """Return the names of the sheets by the names of their files."""
    try:
        targets = {
            _attribute(found, "Id"): _attribute(found, "Target").rpartition("/")[2]
            for found in re.findall(r"<Relationship\b[^>]*>", book.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace"))
        }
        sheets = _SHEET.findall(book.read("xl/workbook.xml").decode("utf-8", "replace"))
    except KeyError:
        return {}
    return {targets.get(_attribute(sheet, "r:id"), ""): html.unescape(_attribute(sheet, "name")) for sheet in sheets}


def _attribute(element: str, name: str) -> str:
    found = re.search(rf'\s{re.escape(name)}="([^"]*)"', element)
    return found.group(1) if found else ""
