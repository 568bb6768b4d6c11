"""Case: a made city whose blocks stay whole, five to a grid: what only an exact method balances."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gridplanner.benchmarks.instance import instance_of
from gridplanner.benchmarks.judge import Figures, judge_ours
from gridplanner.benchmarks.made_blocks import made_coarse_city
from gridplanner.benchmarks.over_seeds import COARSE_PLAN, Measure, Run, rows_over_seeds
from gridplanner.benchmarks.own_process import peak_gib, planned, run_in_own_process
from gridplanner.benchmarks.peer_runs import BY_COMMUNITY, peer_figures
from gridplanner.benchmarks.table import Row
from gridplanner.model.project import Project

PROOF = (
    Measure("units", "blocks"),
    Measure("grids", "grids"),
    Measure("communities", "communities"),
    Measure("proven_pct", "communities proven optimal", "%", less=False),
    Measure("gap_pct", "communities with a gap", "%"),
    Measure("none_pct", "communities without a bound", "%"),
    Measure("peak_gib", "peak memory", "GiB"),
)
BARS = {"within_pct": 98.0, "broken": 0.0, "crossings": 0.0, "empty": 0.0}


def coarse_city(households: int, seeds: Sequence[int]) -> list[Row]:
    """Return the rows of coarse cities of one size: what is proven, and plans beside the peers'."""
    runs = [run_in_own_process("coarse_city", households=households, seed=seed) for seed in seeds]
    case = f"{households:,} households, whole blocks"
    bars = BARS | ({"seconds": 150.0} if households >= 1_000_000 else {})
    return [
        *rows_over_seeds(f"{case}: proof", PROOF, [Run(run.ours, {}) for run in runs], {"proven_pct": 97.0}),
        *rows_over_seeds(case, COARSE_PLAN, runs, bars),
    ]


def measure(households: int, seed: int) -> dict[str, Any]:
    """Return the figures of one coarse city, measured in this process."""
    project, ours = planned(made_coarse_city(households, seed))
    ours |= {"peak_gib": peak_gib()} | proven(project) | judge_ours(project)
    return {"ours": ours, "peers": peer_figures(project, instance_of(project), BY_COMMUNITY, seed)}


def proven(project: Project) -> Figures:
    """Return the share of communities whose plan is proven optimal, has a bound and a gap, or has no bound."""
    plan, count = project.grids, len(project.communities)
    status = [c.status for c in plan.certificates] if plan is not None else []
    optimal, gap = (100 * status.count(word) / count for word in ("optimal", "gap"))
    return {"communities": float(count), "proven_pct": optimal, "gap_pct": gap, "none_pct": 100 - optimal - gap}
