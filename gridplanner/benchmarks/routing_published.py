"""Parts: published instances of arc routing, of mixed nodes and edges, and of vehicle routing, beside OR-Tools on the same model."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from algorithms.patrolling.fleet_search import search_tours
from algorithms.patrolling.problem import PatrolParams
from algorithms.progress import SILENT, Progress, Span
from gridplanner.benchmarks.judge import Figures
from gridplanner.benchmarks.over_seeds import Measure, Run, rows_over_seeds
from gridplanner.benchmarks.routing_instances import RoutingInstance, best_known, checked_cost, read_carp, read_cvrp, read_mcgrp
from gridplanner.benchmarks.routing_model import model_of
from gridplanner.benchmarks.routing_peer import NAME, peer_tours
from gridplanner.benchmarks.table import Row
from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.planning.workers import usual_count

AT_ONCE = 2  # runs, each in a process of its own and of one thread
MEASURES = (
    Measure("mean_pct", "mean gap", "%", every=True),
    Measure("worst_pct", "worst gap", "%", every=True),
    Measure("reached", "at the best known", less=False, every=True),
    Measure("seconds", "mean time", "s"),
    Measure("longest_s", "longest time", "s"),
    Measure("unsolved", "without a solution", every=True),
)
READERS: dict[str, Callable[[Path], RoutingInstance]] = {
    "carp": read_carp, "carp with the file's vehicles": partial(read_carp, spare=0), "mcgrp": read_mcgrp, "cvrp": read_cvrp,
}  # fmt: skip


@dataclass(frozen=True)
class Set:
    """Instances of one kind: the folder and reader, their name, those that are quick to measure, the seconds of a run, the bars of all.

    Without a `peer` only our own search is measured.
    """

    folder: str
    name: str
    quick: tuple[str, ...]
    seconds: float
    bars: Figures
    kind: str = ""
    peer: bool = True


CARP = Set(
    "carp", "CARP gdb and val", ("gdb1", "gdb8", "gdb19", "val1C", "val4D"), 10.0, {"mean_pct": 0.4, "worst_pct": 2.0, "reached": 38}
)
CARP_FLEET = Set(
    "carp", "the same with the file's vehicles", CARP.quick, 10.0, {}, kind="carp with the file's vehicles", peer=False
)  # fmt: skip
MCGRP = Set("mcgrp", "nodes, edges and arcs (MGGDB)", ("mggdb_0.25_1", "mggdb_0.40_10"), 10.0, {"worst_pct": 0.0, "reached": 8})
CVRP = Set("cvrp", "CVRP X-n101 to X-n120", ("X-n101-k25",), 60.0, {"mean_pct": 0.6})


def carp_rows(data: Path, quick: bool, seeds: int, progress: Progress = SILENT) -> list[Row]:
    """Return the rows of arc routing; raises InputError where the instances are not there."""
    both = (Span(progress, 0.0, 0.7), Span(progress, 0.7, 1.0))
    return set_rows(CARP, data, quick, seeds, both[0]) + set_rows(CARP_FLEET, data, quick, seeds, both[1])


def mcgrp_rows(data: Path, quick: bool, seeds: int, progress: Progress = SILENT) -> list[Row]:
    """Return the rows of mixed instances; raises InputError where the instances are not there."""
    return set_rows(MCGRP, data, quick, seeds, progress)


def cvrp_rows(data: Path, quick: bool, seeds: int, progress: Progress = SILENT) -> list[Row]:
    """Return the rows of vehicle routing; raises InputError where the instances are not there."""
    return set_rows(CVRP, data, quick, seeds, progress)


@dataclass(frozen=True)
class Task:
    """One run: which instance, how long at most, which seed (0: the peer's), and the cost that is known."""

    kind: str
    path: Path
    seconds: float
    seed: int
    best: float


@dataclass(frozen=True)
class Done:
    """What came of a run: how far above the best known (%), inf without a solution, and its seconds."""

    gap: float
    seconds: float


def set_rows(asked: Set, data: Path, quick: bool, seeds: int, progress: Progress) -> list[Row]:
    """Return the rows of a set over the seeds, the peer's of one run beside them; a quick one of fewer instances and less time."""
    folder = data / "routing"
    known = best_known(folder / "best_known.csv") if (folder / "best_known.csv").exists() else {}
    paths = sorted(path for path in (folder / asked.folder).glob("*") if path.suffix in (".dat", ".vrp") and path.stem in known)
    chosen = [path for path in paths if path.stem in asked.quick] if quick else paths
    if not chosen:
        raise InputError(_("the published instances are not here: {name}").format(name=folder / asked.folder))
    numbers = range(0 if asked.peer else 1, seeds + 1)
    seconds = asked.seconds / 5 if quick else asked.seconds
    tasks = [Task(asked.kind or asked.folder, path, seconds, seed, known[path.stem]) for path in chosen for seed in numbers]
    found = _all(tasks, progress)
    runs = [Run(_figures([found[task] for task in tasks if task.seed == seed]), {}) for seed in numbers]
    if asked.peer:
        runs = [Run(runs[1].ours, {NAME: runs[0].ours}), *runs[2:]]
    bars = {key: bar for key, bar in asked.bars.items() if not quick or key != "reached"}
    case = f"{asked.name}: {len(chosen)} instances, {seconds:g} s"
    return rows_over_seeds(case, MEASURES, runs, {**bars, "unsolved": 0.0})


def _figures(found: Sequence[Done]) -> Figures:
    gaps, seconds = np.array([one.gap for one in found]), np.array([one.seconds for one in found])
    solved = gaps[np.isfinite(gaps)]
    return {
        "mean_pct": float(solved.mean()) if len(solved) else np.inf,
        "worst_pct": float(solved.max(initial=0.0)),
        "reached": float((gaps <= 0).sum()),
        "seconds": float(seconds.mean()),
        "longest_s": float(seconds.max()),
        "unsolved": float(len(gaps) - len(solved)),
    }


def _all(tasks: Sequence[Task], progress: Progress) -> dict[Task, Done]:
    found: dict[Task, Done] = {}
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(AT_ONCE, usual_count()), context) as pool:
        waiting = {pool.submit(run, task): task for task in tasks}
        try:
            for done in as_completed(waiting):
                task = waiting[done]
                found[task] = done.result()
                progress.report(len(found) / len(tasks), task.path.stem)
                progress.check()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return found


def run(task: Task) -> Done:
    """Return what a run comes to; the cost is counted on the instance, whoever found the tours."""
    instance = READERS[task.kind](task.path)
    begun = time.monotonic()
    model = model_of(instance)
    if task.seed:
        params = PatrolParams(iterations=10**9, starts=1, rounds=1, seed=task.seed)  # ends by time, or at the best known
        ends_at = begun + task.seconds
        target = task.best - model.service
        search = search_tours(model.jobs, model.tables, model.fleet, params, ends_at, SILENT, target=target)
        tours = search.tours if search.feasible else None
    else:
        tours = peer_tours(model, task.seconds)
    seconds = time.monotonic() - begun
    return Done(np.inf if tours is None else 100 * (checked_cost(instance, tours) / task.best - 1), seconds)
