"""Case: a made city of fine units, community by community, at the standard and the thorough effort."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from gridplanner.benchmarks.instance import instance_of
from gridplanner.benchmarks.judge import judge_ours
from gridplanner.benchmarks.made_city import made_city
from gridplanner.benchmarks.over_seeds import PLAN, Measure, Run, rows_over_seeds
from gridplanner.benchmarks.own_process import in_own_process, peak_gib, planned, with_grids
from gridplanner.benchmarks.peer_runs import BY_COMMUNITY, peer_figures
from gridplanner.benchmarks.table import Row

MILLION = 1_000_000
QUALITY = {"fit_worst_pct": 10.0, "mean_worst_pct": 6.0, "broken": 0.0, "crossings": 0.0}
SPEED = {"seconds": 3.0, "both_s": 30.0, "peak_gib": 4.0}  # of the million
THOROUGH = {"seconds": 30.0, "compact": 0.59, "fit_worst_pct": 10.0, "broken": 0.0, "crossings": 0.0}
WORK = (
    Measure("units", "units"),
    Measure("grids", "grids"),
    Measure("units_s", "time, units", "s"),
    Measure("both_s", "time, units and partition", "s"),
    Measure("peak_gib", "peak memory", "GiB"),
)


def fine_city(households: int, seeds: Sequence[int], thorough: bool = True) -> list[Row]:
    """Return the rows of cities of one size: work, plans beside the peers', and where asked plans at the thorough effort."""
    found = [in_own_process("fine_city", households=households, seed=seed, thorough=thorough) for seed in seeds]
    runs = [Run(one["ours"], one["peers"]) for one in found]
    harder = [Run(one["thorough"], {}) for one in found]
    case, large = f"{households:,} households, fine", households >= MILLION
    work = [Run(run.ours, {}) for run in runs]
    return [
        *rows_over_seeds(f"{case}: work", WORK, work, SPEED if large else {}),
        *rows_over_seeds(case, PLAN, runs, QUALITY | ({"seconds": SPEED["seconds"]} if large else {})),
        *rows_over_seeds(f"{case}, thorough", PLAN, harder, THOROUGH),
    ]


def measure(households: int, seed: int, thorough: bool) -> dict[str, Any]:
    """Return the figures of one city, measured in this process: ours, ours at the thorough effort, and the peers'."""
    from gridplanner.planning.workers import open_workers

    project, ours = planned(made_city(households, seed))
    ours |= {"both_s": ours["units_s"] + ours["seconds"], "peak_gib": peak_gib()} | judge_ours(project)
    peers = peer_figures(project, instance_of(project), BY_COMMUNITY, seed)
    if not thorough:
        return {"ours": ours, "peers": peers, "thorough": {}}
    settings = project.settings
    assert settings.grids is not None
    harder = replace(project, settings=replace(settings, grids=replace(settings.grids, effort="thorough")))
    with open_workers() as workers:
        better, seconds = with_grids(harder, workers)
    return {"ours": ours, "peers": peers, "thorough": {"seconds": seconds} | judge_ours(better)}
