"""Case: how time and memory grow with the number of households, and what a province would take."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

import numpy as np

from gridplanner.benchmarks.made_city import made_city
from gridplanner.benchmarks.own_process import in_own_process, peak_gib, planned
from gridplanner.benchmarks.table import Row

PROVINCE = 25_000_000
FROM = 50_000  # smaller cities are mostly fixed costs: they say nothing of how work grows
LARGE = 1_000_000  # the least city from which an estimate for a province is worth giving
GIB_A_MILLION = 0.6  # measured with a million; a size is left out where the machine has less free than three times this
MEASURES = (("units_s", "time, units", "s"), ("seconds", "time, partition", "s"), ("peak_gib", "peak memory", "GiB"))


def growth(sizes: Sequence[int], seeds: Sequence[int]) -> list[Row]:
    """Return the rows of one city of each size and of the estimate for a province; sizes that this machine cannot hold are left out."""
    held = [size for size in sizes if size / 1e6 * GIB_A_MILLION * 3 < free_gib()]
    found = {size: in_own_process("growth", households=size, seed=seeds[0]) for size in held}
    rows = [
        Row(f"{size:,} households", name, figures[key], unit)
        for size, figures in found.items()
        for key, name, unit in (("units", "units", ""), *MEASURES)
    ]
    return rows + estimates(found)


def measure(households: int, seed: int) -> dict[str, float]:
    """Return the work of one city, measured in this process."""
    _project, work = planned(made_city(households, seed))
    return work | {"peak_gib": peak_gib()}


def estimates(found: Mapping[int, Mapping[str, float]]) -> list[Row]:
    """Return, for each measure, the exponent b of size^b fitted by least squares of logarithms, and the estimate for a province.

    The estimate goes on from the largest city with that exponent, but with no less than 1: what fixed costs hide does not stay
    cheap. Nothing where fewer than two cities are large enough to fit, no estimate where none is large.
    """
    sizes = [size for size in found if size >= FROM]
    rows = []
    for key, name, unit in MEASURES:
        values = [found[size][key] for size in sizes]
        if len(values) > 1 and min(values) > 0:
            exponent = float(np.polyfit(np.log(sizes), np.log(values), 1)[0])
            rows.append(Row(f"growth with size^b, from {sizes[0]:,}", name, exponent))
            if sizes[-1] >= LARGE:
                estimate = values[-1] * (PROVINCE / sizes[-1]) ** max(exponent, 1.0)
                rows.append(Row(f"{PROVINCE:,} households, estimate, not measured", name, estimate, unit))
    return sorted(rows, key=lambda row: row.case, reverse=True)


def free_gib() -> float:
    """Return the memory that is free now; without limit where the system does not say."""
    names = getattr(os, "sysconf_names", {})
    if "SC_AVPHYS_PAGES" not in names or "SC_PAGE_SIZE" not in names:
        return float("inf")
    return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
