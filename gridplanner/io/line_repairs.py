"""Lines cleaned as they are read: each repair told with its place, and left undone where the planner wants the data as it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.network.line_cleaning import CleaningParams, RepairKind, Repairs, clean_lines
from gridplanner.i18n import N_
from gridplanner.io.reading import MAX_PLACED, Reading
from gridplanner.io.table import Column, Table
from gridplanner.model.issues import Level
from gridplanner.model.lines import Bools, Ints, Lines

AS_DRAWN = CleaningParams(gaps=False, crossings=False, overlaps=False)  # lines that meet at shared vertices, or need not meet


@dataclass(frozen=True)
class _Words:
    """The word of `as_is` for a kind of repair, the text of one and of several, and what it would have been."""

    kind: str
    one: str
    several: str
    what: str
    level: Level = Level.INFO


_WORDS = {
    RepairKind.NO_LENGTH: _Words(
        "no_length", N_("{file}, row {row}: a line of no length, left out"), N_("{file}: {count} lines of no length, left out"),
        N_("a line of no length"),
    ),
    RepairKind.SPIKE: _Words(
        "spike", N_("{file}, row {row}: a spike of {metres:.0f} m out and back, left out"),
        N_("{file}: {count} spikes out and back, the longest {metres:.0f} m, left out"), N_("a spike"),
    ),
    RepairKind.JUMP: _Words(
        "jump", N_("{file}, row {row}: jumps {metres:.0f} m across the map; that piece is left out"),
        N_("{file}: {count} pieces that jump across the map, the longest {metres:.0f} m, left out"), N_("a jump across the map"),
        Level.WARNING,
    ),
    RepairKind.DOUBLED: _Words(
        "doubled", N_("{file}, row {row}: the same line as row {other}, read once"),
        N_("{file}: {count} lines given twice, read once"), N_("a line given twice"),
    ),
    RepairKind.OVERLAP: _Words(
        "line_overlap", N_("{file}, row {row}: {metres:.0f} m on top of row {other}, read once"),
        N_("{file}: {count} stretches on top of another line, {km:.1f} km in all, read once"), N_("a stretch on top of another line"),
    ),
    RepairKind.GAP: _Words(
        "road_gap", N_("{file}, row {row}: an end {metres:.2f} m short of row {other}, joined to it"),
        N_("{file}: {count} ends short of another line by up to {metres:.2f} m, joined to it (measured tolerance {tolerance:.2f} m)"),
        N_("an end short of another line"),
    ),
    RepairKind.OVERSHOOT: _Words(
        "overshoot", N_("{file}, row {row}: an end {metres:.2f} m beyond row {other}, cut back to it"),
        N_("{file}: {count} ends beyond another line by up to {metres:.2f} m, cut back (measured tolerance {tolerance:.2f} m)"),
        N_("an end beyond another line"),
    ),
    RepairKind.CROSSING: _Words(
        "crossing", N_("{file}, row {row}: crosses row {other} without a common vertex; they are joined there"),
        N_("{file}: {count} crossings without a common vertex, joined"), N_("a crossing without a common vertex"),
    ),
}  # fmt: skip
KINDS = tuple(words.kind for words in _WORDS.values())  # the words that `as_is` of a line source may hold, or one with :ROW


@dataclass(frozen=True, eq=False)
class LinesRead:
    """Lines in the project CRS; `rows` (lines,) index the rows of `table` that they came from."""

    lines: Lines
    table: Table
    rows: Ints

    def of(self, column: Column) -> Column:
        """Return a column of the table, one value per line."""
        return column[self.rows]


def cleaned(
    found: LinesRead, key: str, reading: Reading, *, level: Ints | None = None, rank: Ints | None = None, params: CleaningParams = AS_DRAWN
) -> tuple[LinesRead, Repairs]:
    """Return the lines cleaned (algorithms.network.line_cleaning), and the repairs, whose rows are those of `found`; all are told.

    `level` and `rank` (lines,) are those of the lines. Repairs that `as_is` of the source `key` names are not made; that is told too.
    """
    clean = clean_lines(found.lines.coords, found.lines.offsets, level, rank, _spared(found, key, reading), params)
    numbers = found.table.rows[found.rows]
    for kind, words in _WORDS.items():
        _tell(_of_kind(clean.repairs, kind), words, numbers, clean.tolerance, found.table, key, reading)
        _tell_left(_of_kind(clean.left, kind), words, numbers, found.table, key, reading)
    lines = Lines(clean.coords, clean.offsets.astype(np.int32))
    return LinesRead(lines, found.table, found.rows[clean.row].astype(np.int32)), clean.repairs


def _spared(found: LinesRead, key: str, reading: Reading) -> Bools | None:
    """Return the repairs (kinds, lines) that the planner does not want; None where he wants all."""
    words = reading.as_is.get(key, frozenset())
    if not any(word.partition(":")[0] in KINDS for word in words):
        return None
    spared = np.zeros((len(RepairKind), len(found.rows)), bool)
    numbers = found.table.rows[found.rows]
    for kind, said in _WORDS.items():
        rows = [int(word.partition(":")[2]) for word in words if word.startswith(f"{said.kind}:") and word.partition(":")[2].isdecimal()]
        spared[kind] = np.isin(numbers, rows) | (said.kind in words)
    return spared


def _of_kind(repairs: Repairs, kind: RepairKind) -> Repairs:
    """Return the repairs of one kind, the largest first."""
    mine = np.flatnonzero(repairs.kind == kind)
    mine = mine[np.argsort(-repairs.metres[mine], kind="stable")]
    return Repairs(repairs.kind[mine], repairs.row[mine], repairs.other[mine], repairs.xy[mine], repairs.metres[mine])


def _tell(repairs: Repairs, words: _Words, numbers: Ints, tolerance: float, table: Table, key: str, reading: Reading) -> None:
    """Tell repairs of one kind: how many there are, then each of the first 200 at its place."""
    if len(repairs) > 1:
        values = {
            "file": table.short, "count": len(repairs), "metres": float(repairs.metres[0]), "km": float(repairs.metres.sum()) / 1000,
            "tolerance": tolerance,
        }  # fmt: skip
        reading.tell(words.level, words.kind, words.several, values, layer=key, repair=words.kind)
    for i in range(min(len(repairs), MAX_PLACED)):
        row = str(numbers[repairs.row[i]])
        other = str(numbers[repairs.other[i]]) if repairs.other[i] >= 0 else ""
        values = {"file": table.short, "row": row, "other": other, "metres": float(repairs.metres[i])}
        reading.tell(words.level, words.kind, words.one, values, layer=key, ref=row, at=repairs.xy[i], repair=f"{words.kind}:{row}")


def _tell_left(repairs: Repairs, words: _Words, numbers: Ints, table: Table, key: str, reading: Reading) -> None:
    """Tell what was left as it was read, each of the first 200 at its place."""
    text = N_("{file}, row {row}: {what}, left as it was read")
    for i in range(min(len(repairs), MAX_PLACED)):
        row = str(numbers[repairs.row[i]])
        values = {"file": table.short, "row": row, "what": words.what}
        reading.tell_left(words.kind, text, values, key=key, ref=row, at=repairs.xy[i])
