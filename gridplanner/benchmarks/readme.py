"""README § Benchmarks, made from the kept figures: nothing in it is typed by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from gridplanner.benchmarks.kept_figures import Kept, read_kept
from gridplanner.benchmarks.table import Row, figure, with_worst
from gridplanner.errors import InputError
from gridplanner.i18n import _

BEGIN, END = "<!-- benchmarks: begin -->", "<!-- benchmarks: end -->"
KEPT = Path(__file__).with_name("kept")
README = Path(__file__).resolve().parents[2] / "README.md"
MISSED = " ✗"
OURS = "gridplanner"


def write_section(readme: Path = README, kept: Path = KEPT) -> int:
    """Write the section between its two markers in `readme` from every file of `kept`; return how many benchmarks it shows.

    Raises InputError where the readme is not there or lacks the markers, or a kept file cannot be read; the readme stays as it was.
    """
    if not readme.exists():
        raise InputError(_("{file} is not there: the section is written in a checkout of the source").format(file=readme))
    text = readme.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not (begin and end):
        raise InputError(_("{file} lacks the lines {begin} and {end}").format(file=readme, begin=BEGIN, end=END))
    found = [read_kept(path) for path in sorted(kept.glob("*.json"))]
    readme.write_text(f"{before}{BEGIN}\n{section_of(found)}{END}{after}", encoding="utf-8")
    return len(found)


def section_of(found: Iterable[Kept]) -> str:
    """Return the section's Markdown: for each benchmark its machine and versions, its tables and its notes."""
    parts = []
    for kept in found:
        seeds = f"; medians of {kept.seeds} seeds, the worst in brackets where it differs" if kept.seeds > 1 else "; one run"
        head = f"### {kept.name}\n\n{kept.machine}, {kept.date}{seeds}; ✗: bar missed. {kept.versions}.\n"
        notes = "".join(f"- {note}\n" for note in kept.notes)
        parts.append("\n".join((head, *tables(kept.rows), *((notes,) if notes else ()))))
    return "\n" + "\n".join(parts) + ("\n" if parts else "")


def tables(rows: Sequence[Row]) -> list[str]:
    """Return a table for all cases that have the same measures: one line a case, its peers below it."""
    groups: dict[tuple[tuple[str, str], ...], list[tuple[str, Sequence[Row]]]] = {}
    for case, rows_of_case in groupby(rows, key=lambda row: row.case):
        mine = list(rows_of_case)
        groups.setdefault(tuple((row.measure, row.unit) for row in mine), []).append((case, mine))
    return [_table(cases) for cases in groups.values()]


def _table(cases: Sequence[tuple[str, Sequence[Row]]]) -> str:
    columns = list(zip(*(rows for _case, rows in cases), strict=True))
    heads = [_head(column) for column in columns]
    lines = [["", *heads], ["---"] * (len(heads) + 1)]
    for case, rows in cases:
        peers = list(dict.fromkeys(name for row in rows for name in (*row.peers, *row.stopped)))
        lines.append([f"**{case}**" if peers else case, *(_ours(row, column) for row, column in zip(rows, columns, strict=True))])
        lines += [[name, *(_theirs(row, name) for row in rows)] for name in peers]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _head(column: Sequence[Row]) -> str:
    """Return a measure with its unit, and its bar where all cases have the same."""
    first = column[0]
    name = f"{first.measure}, {first.unit}" if first.unit else first.measure
    return f"{name} ({first.bar})" if first.bar and len({row.bar for row in column}) == 1 else name


def _ours(row: Row, column: Sequence[Row]) -> str:
    own = f" ({row.bar})" if row.bar and len({other.bar for other in column}) > 1 else ""
    return with_worst(row.value, row.worst) + own + (MISSED if row.ok is False else "")


def _theirs(row: Row, name: str) -> str:
    if name in row.peers:
        return with_worst(row.peers[name], row.peers_worst.get(name))
    return f"> {figure(row.stopped[name])}" if name in row.stopped else ""
