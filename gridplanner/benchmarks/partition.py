"""Units and grids of made cities, timed step by step, beside METIS per community where it is installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from algorithms.graph.adjacency import adjacency
from algorithms.graph.components import components
from algorithms.progress import Progress
from gridplanner.benchmarks.made_city import made_city
from gridplanner.benchmarks.table import Row, at_least, at_most
from gridplanner.model.outlines import community_parts, grid_rows
from gridplanner.model.project import Project
from gridplanner.model.statistics import grid_figures, unit_households
from gridplanner.model.units import border_lengths
from gridplanner.planning.grids import propose_grids
from gridplanner.planning.units import propose_units

SIZES = (10_000, 100_000, 1_000_000)
QUICK = (10_000, 100_000)
PEERS = "GRIDPLANNER_PEERS"  # interpreter of the environment that holds the peers; they never share the product's


def benchmark_partition(progress: Progress, *, quick: bool = False) -> list[Row]:
    """Return the rows of every size, each measured in a process of its own so that its peak memory is its own."""
    sizes = QUICK if quick else SIZES
    rows: list[Row] = []
    for number, size in enumerate(sizes):
        progress.report(number / len(sizes), f"{size:,} households")
        run = subprocess.run([sys.executable, "-m", __name__, str(size)], capture_output=True, text=True, check=True)
        rows += _rows(size, json.loads(run.stdout))
    return rows


def _rows(size: int, found: dict[str, Any]) -> list[Row]:
    """Return the rows of one size; the bars are those of the million."""
    case, large = f"{size:,} households", size == 1_000_000
    metis = found.get("metis")

    def peer(name: str) -> dict[str, float]:
        return {f"METIS {metis['version']}": metis[name]} if metis else {}

    return [
        Row(case, "units", found["units"]),
        Row(case, "grids", found["grids"]),
        Row(case, "time, units", found["units_s"], "s"),
        at_most(case, "time, partition", found["grids_s"], 5.0 if large else None, "s", peer("seconds")),
        at_most(case, "time, both", found["units_s"] + found["grids_s"], 30.0 if large else None, "s"),
        at_most(case, "peak memory", found["peak_gib"], 4.0 if large else None, "GiB"),
        at_most(case, "worst deviation", found["worst_pct"], None, "%", peer("worst_pct")),
        at_least(case, "within ±10 %", found["within_pct"], None, "%", peer("within_pct")),
        at_least(case, "mean Polsby–Popper", found["compact"], None, "", peer("compact")),
        at_most(case, "broken grids", found["broken"], 0, "", peer("broken")),
        at_most(case, "grids across communities", found["crossings"], 0),
    ]


def measure(size: int) -> dict[str, Any]:
    """Return the figures of one made city, measured in this process."""
    project = made_city(size)
    start = time.perf_counter()
    project = propose_units(project).apply(project)
    units_s = time.perf_counter() - start
    start = time.perf_counter()
    project = propose_grids(project).apply(project)
    found: dict[str, Any] = {"units_s": units_s, "grids_s": time.perf_counter() - start}
    figures = grid_figures(project)
    assert project.units is not None
    assert project.grids is not None
    row = grid_rows(project.grids)
    community = project.units.community
    found |= {
        "units": len(project.units),
        "grids": len(figures),
        "worst_pct": float(np.abs(figures.deviation).max()),
        "within_pct": float(100 * np.mean(np.abs(figures.deviation) <= 10)),
        "compact": float(figures.compact.mean()),
        "broken": int(np.sum(figures.status == "split")),
        "crossings": int(len(np.unique(row.astype(np.int64) * len(project.communities) + community)) - len(figures)),
        "peak_gib": _peak_gib(),
    }
    metis = _metis(project)
    return found | ({"metis": metis} if metis else {})


def _peak_gib() -> float:
    """Return this process's peak memory; NaN where the system does not say (Windows)."""
    if sys.platform == "win32":
        return float("nan")
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def _metis(project: Project) -> dict[str, Any] | None:
    """Return what METIS makes of the same units, community by community with the same numbers of grids; None without it."""
    python = os.environ.get(PEERS)
    if not python:
        return None
    units, plan = project.units, project.grids
    assert units is not None
    assert plan is not None
    length = border_lengths(units)
    inner = (units.left >= 0) & (units.right >= 0)
    inner[inner] = units.community[units.left[inner]] == units.community[units.right[inner]]
    pairs = adjacency(units.left[inner], units.right[inner], length[inner], length[inner], units.blocked[inner], len(units))
    k = np.bincount([grid.community for grid in plan.grids.values()], minlength=len(project.communities))
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder, "given.npz"), Path(folder, "made.npz")
        weight = np.rint(unit_households(units, project.households)).astype(np.int64)
        np.savez(given, low=pairs.low, high=pairs.high, length=pairs.length, weight=weight, community=units.community, k=k)
        peer = Path(__file__).with_name("peer_metis.py")
        done = subprocess.run([python, str(peer), str(given), str(made)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"the METIS peer failed: {done.stderr.strip()[-300:]}")
        answer: dict[str, Any] = json.loads(done.stdout)
        with np.load(made) as arrays:
            labels = arrays["labels"].astype(np.int32)
    return answer | _judge(project, labels, pairs.low, pairs.high)


def _judge(project: Project, labels: Any, low: Any, high: Any) -> dict[str, float]:
    """Return the figures of a peer's labels by the same measures as ours."""
    from dataclasses import replace

    from gridplanner.model.grids import Grid, GridPlan

    assert project.units is not None
    community = np.zeros(int(labels.max()) + 1, np.int32)
    community[labels] = project.units.community
    plan = GridPlan(labels, {int(g): Grid(int(community[g])) for g in np.unique(labels)})
    figures = grid_figures(replace(project, grids=plan))
    same = labels[low] == labels[high]
    pieces = len(np.unique(components(len(labels), low[same], high[same])))
    parts = len(np.unique(community_parts(project.units)))
    return {
        "worst_pct": float(np.abs(figures.deviation).max()),
        "within_pct": float(100 * np.mean(np.abs(figures.deviation) <= 10)),
        "compact": float(figures.compact.mean()),
        "broken": float(pieces - max(len(figures), parts)),
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
