"""Work that cannot be lost: a large project's file and journal, kills, a harsh world, damaged files, and merges, each a case."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence

from algorithms.progress import SILENT, Progress, Span
from gridplanner.benchmarks.table import Row

CASES = ("size", "journal", "harsh", "damage", "merge")
_Rows = Callable[[Progress, bool], tuple[Sequence[Row], Sequence[str]]]


def benchmark_durability(progress: Progress = SILENT, *, quick: bool = False, cases: Sequence[str] = ()) -> tuple[list[Row], list[str]]:
    """Return the rows and notes of all cases, or of some."""
    asked = [name for name in CASES if name in cases or not cases]
    found: list[Row] = []
    notes: list[str] = []
    for number, name in enumerate(asked):
        progress.check()
        part = Span(progress, number / len(asked), (number + 1) / len(asked))
        rows, said = _rows_of(name)(part, quick)
        found += rows
        notes += [note for note in said if note not in notes]
    return found, notes


def _rows_of(name: str) -> _Rows:
    """Return the function that measures a case; its libraries are loaded for those that are asked for alone."""
    rows: _Rows = getattr(importlib.import_module(f"gridplanner.benchmarks.durability_{name}"), f"rows_of_{name}")
    return rows
