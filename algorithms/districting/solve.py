"""From a districting problem to a districting: taken apart by regions, searched, and proven where the districts can be listed."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait

import numpy as np

from algorithms.districting.exact import solve_exactly
from algorithms.districting.problem import (
    Certificate,
    Districting,
    DistrictingParams,
    DistrictingProblem,
    Ints,
    district_offsets,
    evaluate,
)
from algorithms.districting.regions import Share, share_of, shares
from algorithms.districting.search import search
from algorithms.progress import SILENT, Progress, Span

SHARE = 12_000  # units, of all plans side by side, that are solved at a time: what the caches hold, and what one worker takes
FEW = 10  # units a district up to which its sets are listed
OPTIMAL = 1e-5  # relative gap below which a plan is called optimal


def solve_districting(
    problem: DistrictingProblem, params: DistrictingParams, seed: int = 0, progress: Progress = SILENT, workers: Executor | None = None
) -> Districting:
    """Return a districting: contiguous, within its regions, balanced and compact as `params` weigh them, each region with its certificate.

    The same seed gives the same plan, with any workers and with none; a listener that asks to finish gets the best so far. `workers`
    may lose a process: its share is then solved here.
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
    labels = search(problem, params, seed, Span(progress, 0.0, 0.6 if params.columns else 0.95))
    certificates: list[Certificate] = []
    known = evaluate(problem, labels, params)
    first = district_offsets(problem)
    for region in range(len(problem.districts)):
        progress.report(0.6 + 0.4 * region / len(problem.districts))
        rows = slice(int(first[region]), int(first[region + 1]))
        value = float(known.cost[rows].sum())
        certificates.append(
            Certificate("none", value, why="off")
            if not params.columns
            else _certified(problem, region, labels, value, params, seed, progress)
        )
    progress.report(1.0)
    found = evaluate(problem, labels, params)
    return Districting(found.labels, found.cost, tuple(certificates))


def _certified(
    problem: DistrictingProblem, region: int, labels: Ints, value: float, params: DistrictingParams, seed: int, progress: Progress
) -> Certificate:
    """Return what is known of a region's plan; where its districts can be listed, the best of them is written into `labels`."""
    if problem.districts[region] == 1:
        return Certificate("optimal", value, value, "one district")
    if np.count_nonzero(problem.region == region) > FEW * problem.districts[region] or progress.should_finish():
        return Certificate("none", value, why="large")
    part = share_of(problem, np.array([region], np.int32))
    proof = solve_exactly(part.problem, labels[part.units] - part.districts[0], params, seed, progress)
    if proof is None:
        return Certificate("none", value, why="large")
    labels[part.units] = part.districts[proof.labels]
    proven = proof.value - proof.bound <= OPTIMAL * max(proof.value, 1.0)
    status, bound = ("optimal", proof.value) if proven else ("gap", proof.bound)
    return Certificate(status, proof.value, bound, "columns", proof.span, proof.window, proof.columns)


def _by_workers(jobs: list[tuple[Share, int]], params: DistrictingParams, progress: Progress, workers: Executor) -> list[Districting]:
    """Return the districtings of all shares, the largest begun first; a share whose worker died is solved here."""
    order = sorted(range(len(jobs)), key=lambda n: -len(jobs[n][0].units))
    waiting: dict[Future[Districting], int] = {}
    found: dict[int, Districting] = {}
    try:
        for number in order:
            part, seed = jobs[number]
            waiting[workers.submit(solve_share, part.problem, params, seed)] = number
        while waiting:
            progress.check()
            progress.report(len(found) / len(jobs))
            if progress.should_finish():
                waiting = {future: number for future, number in waiting.items() if not future.cancel()}
            done, _rest = wait(waiting, timeout=0.1, return_when=FIRST_COMPLETED)
            for future in done:
                number = waiting.pop(future)
                found[number] = future.result()
    except BrokenExecutor:
        waiting.clear()
    finally:
        for future in waiting:
            future.cancel()
    for number in range(len(jobs)):
        if number not in found:
            found[number] = solve_share(jobs[number][0].problem, params, jobs[number][1], progress)
    return [found[number] for number in range(len(jobs))]
