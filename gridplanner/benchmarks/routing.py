"""The benchmark of patrol routes: published routing instances, crews on real roads, tables of times and variants.

Every part is a function of a module of its own, loaded when it is asked for:

    def NAME_rows(data: Path, quick: bool, seeds: int, progress: Progress) -> list[Row]

`data` is the folder of the test data (GRIDPLANNER_TEST_DATA, which holds routing/ and towns/); the part takes its seeds 1 … `seeds`,
reports medians with the worst seed (`over_seeds.rows_over_seeds`), and raises InputError where its data are not there.
`progress.report(fraction, name)` says what is being measured.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from algorithms.progress import SILENT, Progress, Span
from gridplanner.benchmarks.table import Row
from gridplanner.errors import InputError

DATA = "GRIDPLANNER_TEST_DATA"
SEEDS = 3
PARTS = {  # module and function of each part
    "carp": ("routing_published", "carp_rows"),
    "mcgrp": ("routing_published", "mcgrp_rows"),
    "cvrp": ("routing_published", "cvrp_rows"),
    "crews": ("routing_crews", "crew_rows"),
    "times": ("routing_times", "time_rows"),
    "variants": ("routing_variants", "variant_rows"),
}
CASES = tuple(PARTS)
NOTES = (
    "Published instances: the search is the one that plans patrols. It stops at the best known cost; every solution is walked over the "
    "instance's own links by another library, and what it costs, what it serves and its loads are counted anew.",
    "CARP: one vehicle beyond the file's number, which is the least that can carry all; the searches that the best known costs come from "
    "may use more as well. The row below it has the file's number, without a bar.",
    "gap: above the best known cost. The optimum of a mixed instance is that of its header: driving, not service.",
)
Rows = Callable[[Path, bool, int, Progress], list[Row]]


def benchmark_routing(progress: Progress = SILENT, *, quick: bool = False, seeds: int = SEEDS, cases: Sequence[str] = ()) -> list[Row]:
    """Return the rows of every part, or of those named; what nobody named is left out where its data are not on this machine.

    Raises InputError where a part is named whose data are not here.
    """
    data = Path(os.environ.get(DATA, ""))
    wanted = [part for part in CASES if not cases or part in cases]
    rows: list[Row] = []
    for number, part in enumerate(wanted):
        progress.check()
        if progress.should_finish():
            break
        progress.report(number / len(wanted), part)
        module, function = PARTS[part]
        rows_of = cast("Rows", getattr(importlib.import_module(f"gridplanner.benchmarks.{module}"), function))
        try:
            rows += rows_of(data, quick, seeds, Span(progress, number / len(wanted), (number + 1) / len(wanted)))
        except InputError:
            if cases:
                raise
    return rows
