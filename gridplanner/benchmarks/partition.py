"""The benchmark of partitions: made cities fine and coarse, proofs, re-planning, growth and real towns, beside the peers."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from algorithms.progress import Progress
from gridplanner.benchmarks.coarse_city import coarse_city
from gridplanner.benchmarks.fine_city import fine_city
from gridplanner.benchmarks.growth import growth
from gridplanner.benchmarks.one_community import beside_slow_peers, exact_community
from gridplanner.benchmarks.real_towns import TOWNS, real_town
from gridplanner.benchmarks.replanning import replanning
from gridplanner.benchmarks.table import Row

ENOUGH = 35.0  # seconds; a quick benchmark ends within 50
EXACT = ((60, 10), (100, 16), (150, 25))  # blocks and grids of one community
Part = tuple[str, Callable[[Sequence[int]], list[Row]]]

NOTES = (
    "The same machine and run; peers get one thread and the units, households and numbers of grids that gridplanner has.",
    "PP: Polsby–Popper of a grid's outline. Inner border: between grids of one community. Broken: a grid in several pieces.",
    "METIS, KaHIP and flow k-means run community by community; METIS and KaHIP look for the shortest border in plain metres within 5 %.",
    "gridplanner prices a metre by what runs along it (a street is a better limit than a cut), so plain metres are not what it minimises.",
    "Balance is not what spopt (but max-p's least weight) looks for, and gerrychain draws plans rather than looking for a best one.",
    "A peer is stopped after 45 s of its own calls. Times are of the calls alone, without imports and files.",
    "Each seed is another made city, and the solvers' seed; real towns have the solvers' seed alone.",
)


def benchmark_partition(
    progress: Progress, *, quick: bool = False, seeds: int = 5, cases: Sequence[str] = ()
) -> tuple[list[Row], list[str]]:
    """Return the rows of every case, or of those named, and the cases that were left out; each city has a process of its own.

    Where quick, no case begins after `ENOUGH` seconds. Stopped early, the rows so far. Raises Cancelled, or RuntimeError where a
    measurement fails.
    """
    numbers = range(1, seeds + 1)
    parts = [part for part in _parts(quick) if not cases or part[0] in cases]
    rows: list[Row] = []
    start = time.monotonic()
    for number, (name, run) in enumerate(parts):
        rest = list(dict.fromkeys(name for name, _run in parts[number:]))
        progress.check()
        if progress.should_finish() or (quick and time.monotonic() - start > ENOUGH):
            return rows, rest
        progress.report(number / len(parts), name)
        try:
            rows += run(numbers)
        except RuntimeError:
            if progress.should_finish():  # Ctrl-C reaches the measuring process too
                return rows, rest
            raise
    return rows, []


def case_names() -> tuple[str, ...]:
    """Return the names of the cases in their order."""
    return tuple(dict.fromkeys(name for name, _run in _parts(quick=False)))


def _parts(quick: bool) -> list[Part]:
    """Return the cases: smaller cities where quick, the issue's sizes otherwise."""
    fine = (10_000,) if quick else (10_000, 100_000, 1_000_000)
    coarse, replanned = (9_000, 14_700) if quick else (1_000_000, 176_000)
    sizes = (50_000, 100_000) if quick else (10_000, 100_000, 1_000_000, 5_000_000)
    exact = EXACT[:1] if quick else EXACT
    return [
        *(("fine", lambda seeds, n=n: fine_city(n, seeds, thorough=not quick)) for n in fine),
        ("coarse", lambda seeds: coarse_city(coarse, seeds)),
        *(("exact", lambda seeds, b=b, g=g: exact_community(b, g, seeds)) for b, g in exact),
        *(("towns", lambda seeds, t=t: real_town(t, seeds)) for t in TOWNS),
        ("replan", lambda seeds: replanning(replanned, seeds)),
        *(("peers", lambda seeds, k=k: beside_slow_peers(k, seeds, quick)) for k in (("small",) if quick else ("small", "district"))),
        ("growth", lambda seeds: growth(sizes, seeds)),
    ]
