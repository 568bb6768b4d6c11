"""Case: a planned city gets new data; how many households must change their grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from gridplanner.benchmarks.changed_city import changed_city
from gridplanner.benchmarks.instance import instance_of
from gridplanner.benchmarks.judge import Figures, judge_ours, moved_pct
from gridplanner.benchmarks.made_city import made_city
from gridplanner.benchmarks.over_seeds import MEASURES, rows_over_seeds
from gridplanner.benchmarks.own_process import planned, run_in_own_process, timed
from gridplanner.benchmarks.peer_runs import judged, peer_plans
from gridplanner.benchmarks.table import Row
from gridplanner.model.project import Project
from gridplanner.model.statistics import unit_households

SHOWN = tuple(MEASURES[key] for key in ("seconds", "moved_pct", "fit_worst_pct", "worst_pct", "within_pct", "broken"))
ESTATES = 12  # for 176,000 households
BARS = {"seconds": 0.5, "moved_pct": 2.0, "fit_worst_pct": 10.0, "broken": 0.0}
SCRATCH = "gridplanner from scratch"


def replanning(households: int, seeds: Sequence[int]) -> list[Row]:
    """Return the rows of re-planning beside planning from scratch: ours, and METIS's against METIS's own earlier plan."""
    runs = [run_in_own_process("replanning", households=households, seed=seed) for seed in seeds]
    return rows_over_seeds(f"{households:,} households, new data", SHOWN, runs, BARS)


def measure(households: int, seed: int) -> dict[str, Any]:
    """Return the figures of one city before and after, measured in this process."""
    from gridplanner.planning.grids import propose_grids
    from gridplanner.planning.replan import propose_replan

    before, _work = planned(made_city(households, seed))
    changed = changed_city(before, seed, max(round(ESTATES * households / 176_000), 1))
    ours, seconds = timed(lambda: propose_replan(changed).apply(changed))
    fresh = replace(changed, grids=None)
    scratch, scratch_s = timed(lambda: propose_grids(fresh).apply(fresh))
    peers = {
        "gridplanner, plan as it was": judge_ours(changed) | {"moved_pct": 0.0},
        SCRATCH: {"seconds": scratch_s, "moved_pct": _moved(changed, scratch)} | judge_ours(scratch),
    }
    return {
        "ours": {"seconds": seconds, "moved_pct": _moved(changed, ours)} | judge_ours(ours),
        "peers": peers | _metis(before, scratch, seed),
    }


def _moved(before: Project, after: Project) -> float:
    """Return the share of households, as they are afterwards, whose grid is another."""
    assert before.grids is not None
    assert after.grids is not None
    assert after.units is not None
    return moved_pct(before.grids.labels, after.grids.labels, unit_households(after.units, after.households))


def _metis(before: Project, after: Project, seed: int) -> dict[str, Figures]:
    """Return METIS's figures after the change, against what it made of the city before with the same seed."""
    assert after.units is not None
    weight = unit_households(after.units, after.households)
    first = peer_plans(instance_of(before), ("METIS",), seed)
    found = {}
    for name, plan in peer_plans(instance_of(after), ("METIS",), seed).items():
        found[name] = judged(after, plan)
        earlier = first[name].labels
        if plan.labels is not None and earlier is not None:
            found[name]["moved_pct"] = moved_pct(earlier, plan.labels, weight)
    return found
