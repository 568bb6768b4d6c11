"""A measurement in a process of its own, so that its peak memory is its own and nothing of the last one is left."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any, TypeVar

from gridplanner.benchmarks.over_seeds import Run
from gridplanner.model.project import Project

T = TypeVar("T")


def in_own_process(module: str, **words: object) -> dict[str, Any]:
    """Return what `gridplanner.benchmarks.MODULE.measure(**words)` returns, run by another interpreter; RuntimeError where it fails."""
    done = subprocess.run([sys.executable, "-m", __name__, module, json.dumps(words)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the measurement {module} {words} failed: {done.stderr.strip()[-600:]}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])  # a library may have talked before
    return found


def run_in_own_process(module: str, **words: object) -> Run:
    """Return the run that such a measurement describes: its figures under `ours` and `peers`."""
    found = in_own_process(module, **words)
    return Run(found["ours"], found.get("peers", {}))


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Return what the work returns, and its seconds."""
    start = time.perf_counter()
    return work(), time.perf_counter() - start


def planned(project: Project) -> tuple[Project, dict[str, float]]:
    """Return a project with units and grids, and the seconds of either (`units_s`, `seconds`) with the number of `units`.

    With as many workers as `gridplanner run` has, begun before the first step as there.
    """
    from gridplanner.planning.pipeline import MANY
    from gridplanner.planning.units import propose_units
    from gridplanner.planning.workers import begin, open_workers

    with open_workers() as workers:
        if len(project.households) >= MANY:
            begin(workers)
        project, units_s = timed(lambda: propose_units(project).apply(project))
        project, seconds = with_grids(project, workers)
    return project, {"units": float(len(project.units or ())), "units_s": units_s, "seconds": seconds}


def with_grids(project: Project, workers: Executor | None = None) -> tuple[Project, float]:
    """Return a project with grids at the effort of its settings, and the seconds."""
    from gridplanner.planning.grids import propose_grids

    return timed(lambda: propose_grids(project, workers=workers).apply(project))


def peak_gib() -> float:
    """Return the peak memory of this process and of its largest worker; NaN where the system does not say (Windows)."""
    if sys.platform == "win32":
        return float("nan")
    import resource

    ours, workers = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return (ours + workers) / 2**20


if __name__ == "__main__":
    print(json.dumps(importlib.import_module(f"gridplanner.benchmarks.{sys.argv[1]}").measure(**json.loads(sys.argv[2]))))
