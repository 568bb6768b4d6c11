"""The benchmark of railway protection: lines measured and divided, guards rostered.

A part is a function `rows(quick, seeds, progress)`; those of rosters are cases of `rostering.rostering_rows`. What needs the folder of the
test data (GRIDPLANNER_TEST_DATA) raises InputError where that is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from algorithms.progress import SILENT, Progress, Span
from gridplanner.benchmarks import rail_dividing, rail_places, rostering
from gridplanner.benchmarks.table import Row
from gridplanner.errors import InputError

Rows = Callable[[bool, int, Progress], list[Row]]
PARTS: dict[str, Rows] = {
    "golmud": rail_places.golmud_rows,
    "dividing": rail_dividing.dividing_rows,
    "small": rail_dividing.small_rows,
    "tibet": rail_places.tibet_rows,
    "towns": rail_places.town_rows,
}
CASES = (*PARTS, *rostering.CASES)
NOTES = (*rail_places.NOTES, *rail_dividing.NOTES, *rostering.NOTES)


def benchmark_rail(progress: Progress = SILENT, *, quick: bool = False, seeds: int = 1, cases: Sequence[str] = ()) -> list[Row]:
    """Return the rows of every part, or of those named; what nobody named is left out where its data are not on this machine.

    Raises InputError where a part is named whose data are not here.
    """
    wanted = [name for name in CASES if not cases or name in cases]
    rows: list[Row] = []
    for number, name in enumerate(wanted):
        progress.check()
        if progress.should_finish():
            break
        progress.report(number / len(wanted), name)
        span = Span(progress, number / len(wanted), (number + 1) / len(wanted))
        try:
            rows += PARTS[name](quick, seeds, span) if name in PARTS else rostering.rostering_rows(span, quick, seeds, (name,))
        except InputError:
            if cases:
                raise
    return rows
