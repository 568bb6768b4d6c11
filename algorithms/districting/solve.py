"""From a districting problem to a districting: taken apart by regions, searched, and proven where the districts can be listed."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import suppress
from dataclasses import replace

import numpy as np

from algorithms.districting.problem import (
    Certificate,
    Districting,
    DistrictingParams,
    DistrictingProblem,
    Ints,
    district_sums,
    evaluate,
)
from algorithms.districting.regions import Share, share_of, shares
from algorithms.districting.search import search
from algorithms.districting.settle import settle
from algorithms.progress import SILENT, Cancelled, Progress, Span

MORE = 8  # plans side by side for a region whose districts missed the band
SHARE = 12_000  # units, of all plans side by side, that are solved at a time: what the caches hold, and what one worker takes


def solve_districting(
    problem: DistrictingProblem, params: DistrictingParams, seed: int = 0, progress: Progress = SILENT, workers: Executor | None = None
) -> Districting:
    """Return a districting: contiguous, within its regions, balanced and compact as `params` weigh them, each region with its certificate.

    The same seed gives the same plan, with any workers and with none; a listener that asks to finish gets the best so far. `workers`
    help this process, which solves shares too, so that nothing is lost with one of them.
    """
    parts = shares(problem, SHARE // params.replicas)
    jobs = [(part, seed if len(parts) == 1 else seed * 1_000_003 + number) for number, part in enumerate(parts)]
    if workers is None or len(parts) == 1:
        cuts = np.concatenate(([0], np.cumsum([len(part.units) for part in parts]))) / max(len(problem.region), 1)
        found = [
            solve_share(part.problem, params, own, Span(progress, float(a), float(b)))
            for (part, own), a, b in zip(jobs, cuts, cuts[1:], strict=False)
        ]
    else:
        found = _by_workers(jobs, params, progress, workers)
    labels = np.empty(len(problem.region), np.int32)
    cost = np.empty(int(problem.districts.sum()))
    certificates: list[Certificate] = []
    for part, mine in zip(parts, found, strict=True):
        labels[part.units] = part.districts[mine.labels]
        cost[part.districts] = mine.cost
        certificates += mine.certificates
    progress.report(1.0)
    return Districting(labels, cost, tuple(certificates))


def solve_share(problem: DistrictingProblem, params: DistrictingParams, seed: int = 0, progress: Progress = SILENT) -> Districting:
    """Return the districting of a problem small enough to be solved at a time."""
    pool = search(problem, params, seed, Span(progress, 0.0, 0.5))
    labels = pool[-1].labels.copy()
    certificates: list[Certificate] = []
    for region in range(len(problem.districts)):
        part = share_of(problem, np.array([region], np.int32))
        plans = [evaluate(part.problem, (plan.labels[part.units] - part.districts[0]).astype(np.int32), params) for plan in pool]
        if params.replicas < MORE and len(part.units) <= SHARE // MORE and _misses_band(part.problem, plans[-1].labels):
            harder = replace(params, replicas=MORE, cycles=2, halvings=20)
            again = search(part.problem, harder, seed, Span(progress, 0.5, 0.5))
            plans = sorted([*plans, *again], key=lambda plan: -float(plan.cost.sum()))
        mine, certificate = settle(part.problem, plans, params, seed, Span(progress, 0.5, 1.0))
        labels[part.units] = part.districts[mine]
        certificates.append(certificate)
        progress.report(0.5 + 0.5 * (region + 1) / len(problem.districts))
    return Districting(labels, evaluate(problem, labels, params).cost, tuple(certificates))


def _misses_band(problem: DistrictingProblem, labels: Ints) -> bool:
    """Whether a district of a problem of one region is out of the band although the mean is in it."""
    low, high = problem.band
    mean = float(problem.targets[0])
    loads = district_sums(problem, labels, int(problem.districts[0]))[0].max(axis=0)
    return bool(low <= mean <= high and (loads.min() < low or loads.max() > high))


class _Race(Span):
    """The progress of a share that a worker solves as well: cancelled as soon as the worker has it."""

    def __init__(self, parent: Progress, start: float, stop: float, other: Future[Districting]) -> None:
        super().__init__(parent, start, stop)
        self.other = other

    def is_cancelled(self) -> bool:
        return _solved(self.other) or super().is_cancelled()


def _solved(future: Future[Districting]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def _by_workers(jobs: list[tuple[Share, int]], params: DistrictingParams, progress: Progress, workers: Executor) -> list[Districting]:
    """Return the districtings of all shares: the workers begin with the largest, this process with the smallest.

    This process never waits: it takes what no worker has begun, then races them for the rest. So no share is lost with a process or a
    connection, and workers that start slowly, or not at all, cost nothing.
    """
    order = sorted(range(len(jobs)), key=lambda n: -len(jobs[n][0].units))
    futures: dict[int, Future[Districting]] = {}
    found: dict[int, Districting] = {}
    try:
        with suppress(BrokenExecutor):
            for number in order:
                futures[number] = workers.submit(solve_share, jobs[number][0].problem, params, jobs[number][1])
        for number in reversed(order):
            other = futures.get(number, Future())
            if not _solved(other):
                other.cancel()
                done = sum(n in found or _solved(f) for n, f in futures.items()) / len(jobs)
                part, seed = jobs[number]
                try:
                    found[number] = solve_share(part.problem, params, seed, _Race(progress, done, done + 1 / len(jobs), other))
                except Cancelled:
                    progress.check()  # if it was not the race that was lost
            if number not in found:
                found[number] = other.result()
    finally:
        for future in futures.values():
            future.cancel()
    return [found[number] for number in range(len(jobs))]
