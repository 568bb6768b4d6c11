"""From a districting problem to a districting: dichotomy, annealing of several replicas, choice from their pool."""

from __future__ import annotations

import numpy as np

from algorithms.districting.anneal import anneal, replicate
from algorithms.districting.dichotomy import dichotomy, make_contiguous
from algorithms.districting.pool import choose_from_pool
from algorithms.districting.problem import Districting, DistrictingParams, DistrictingProblem, district_offsets, evaluate
from algorithms.progress import SILENT, Progress, Span

HOTTEST = 60.0  # how much hotter than the first the last replica would start
MANY = 100_000  # units of all replicas together above which they share one first plan


def solve_districting(problem: DistrictingProblem, params: DistrictingParams, seed: int = 0, progress: Progress = SILENT) -> Districting:
    """Return a districting: contiguous, within its regions, balanced and compact as `params` weigh them.

    The same seed gives the same plan; a listener that asks to finish gets the best so far.
    """
    rng = np.random.default_rng(seed)
    copies, count = params.replicas, int(district_offsets(problem)[-1])
    turns = copies if len(problem.area) * copies <= MANY else 1
    starts = [make_contiguous(problem, dichotomy(problem, np.pi * k / (8 * turns))) for k in range(turns)]
    progress.check()
    progress.report(0.1)
    warm = np.concatenate([starts[k % turns] + k * count for k in range(copies)]).astype(np.int32)
    heat = np.repeat(HOTTEST ** (np.arange(copies) / copies), count)
    cooled = anneal(replicate(problem, copies), warm, params, rng, Span(progress, 0.1, 0.8), heat)
    plans = [(part - k * count).astype(np.int32) for k, part in enumerate(np.split(cooled, copies))]
    scored = [evaluate(problem, plan, params) for plan in [*plans, starts[0]]]
    labels = choose_from_pool(problem, [s.labels for s in scored], [s.cost for s in scored], seed, Span(progress, 0.8, 1.0))
    progress.report(1.0)
    return evaluate(problem, labels, params)
