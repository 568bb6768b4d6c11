"""Cases of one community: a proof within seconds, and the peers that are too slow for a city."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gridplanner.benchmarks.coarse_city import proven
from gridplanner.benchmarks.instance import instance_of
from gridplanner.benchmarks.judge import judge_ours
from gridplanner.benchmarks.made_blocks import made_community
from gridplanner.benchmarks.made_city import made_city
from gridplanner.benchmarks.over_seeds import ONE_PLAN, Measure, rows_over_seeds
from gridplanner.benchmarks.own_process import planned, run_in_own_process
from gridplanner.benchmarks.peer_runs import BY_COMMUNITY, SLOW, peer_figures
from gridplanner.benchmarks.table import Row

PROVEN = (Measure("proven_pct", "proven optimal", "%", less=False, every=True), *ONE_PLAN)
# name: households, households a cell (so that there are about 300 and 1,400 units)
SMALL = {"small": (3_000, 7.6), "district": (18_000, 10.3)}
QUICK_PEERS = (*BY_COMMUNITY, "spopt Ward", "gerrychain tree")


def exact_community(blocks: int, grids: int, seeds: Sequence[int]) -> list[Row]:
    """Return the rows of communities of so many whole blocks and grids: proven, and how fast."""
    runs = [run_in_own_process("one_community", kind="exact", blocks=blocks, grids=grids, seed=seed) for seed in seeds]
    return rows_over_seeds(f"{blocks} blocks, {grids} grids", PROVEN, runs, {"proven_pct": 100.0, "seconds": 10.0, "broken": 0.0})


def beside_slow_peers(kind: str, seeds: Sequence[int], quick: bool) -> list[Row]:
    """Return the rows of one community (`kind` small or district) beside every peer, those that need a minute left out where quick."""
    runs = [run_in_own_process("one_community", kind=kind, seed=seed, quick=quick) for seed in seeds]
    units, grids = (round(sum(run.ours[key] for run in runs) / len(runs)) for key in ("units", "grids"))
    return rows_over_seeds(f"one community, {units:,} units, {grids} grids", ONE_PLAN, runs, {"broken": 0.0})


def measure(kind: str, seed: int, blocks: int = 0, grids: int = 0, quick: bool = False) -> dict[str, Any]:
    """Return the figures of one community, measured in this process."""
    if kind == "exact":
        project, ours = planned(made_community(blocks, grids, seed))
        return {
            "ours": ours | proven(project) | judge_ours(project),
            "peers": peer_figures(project, instance_of(project), ("METIS",), seed),
        }
    households, per_cell = SMALL[kind]
    project, ours = planned(made_city(households, seed, per_cell=per_cell, communities=False))
    peers = QUICK_PEERS if quick else (*BY_COMMUNITY, *SLOW)
    return {"ours": ours | judge_ours(project), "peers": peer_figures(project, instance_of(project), peers, seed)}
