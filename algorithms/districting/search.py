"""Many plans grown side by side, and the best that their districts make together, again and again."""

from __future__ import annotations

import numpy as np

from algorithms.districting.anneal import anneal, replicate
from algorithms.districting.dichotomy import dichotomy, make_contiguous
from algorithms.districting.pool import choose_from_pool
from algorithms.districting.problem import Districting, DistrictingParams, DistrictingProblem, district_offsets, evaluate
from algorithms.districting.recombine import recombine
from algorithms.progress import SILENT, Progress, Span

HOTTEST = 60.0  # how much hotter than the first the last replica would start
REHEAT = 5.0  # how much hotter than at first a later cycle starts


def search(problem: DistrictingProblem, params: DistrictingParams, seed: int = 0, progress: Progress = SILENT) -> list[Districting]:
    """Return the plans found by `params.cycles` cycles over `params.replicas` plans, the best of all last.

    The plans begin with dichotomies along different lines. A cycle recombines and anneals all of them; then the best plan that the
    districts of all cycles can make (a set partition) takes the place of every second plan, so that half of the next cycle improves
    the best and half looks elsewhere.
    """
    rng = np.random.default_rng(seed)
    copies, count = params.replicas, int(district_offsets(problem)[-1])
    plans = [make_contiguous(problem, dichotomy(problem, np.pi * k / (8 * copies))) for k in range(copies)]
    pool = [evaluate(problem, plans[0], params)]
    progress.check()
    progress.report(0.1)
    many, heat = replicate(problem, copies), np.repeat(HOTTEST ** (np.arange(copies) / copies), count)
    for cycle in range(params.cycles):
        part = Span(progress, 0.1 + 0.9 * cycle / params.cycles, 0.1 + 0.9 * (cycle + 1) / params.cycles)
        warm = np.concatenate([plan + k * count for k, plan in enumerate(plans)]).astype(np.int32)
        warm = recombine(many, warm, params, rng, params.halvings, Span(part, 0.0, 0.3))
        warm = anneal(many, warm, params, rng, Span(part, 0.3, 0.9), heat)
        plans = [(plan - k * count).astype(np.int32) for k, plan in enumerate(np.split(warm, copies))]
        pool += [evaluate(problem, plan, params) for plan in plans]
        if copies > 1 or params.cycles > 1:  # a single plan has nothing to choose from
            best = choose_from_pool(problem, [p.labels for p in pool], [p.cost for p in pool], seed, Span(part, 0.9, 1.0))
            pool.append(evaluate(problem, best, params))
            plans[::2] = [best] * len(plans[::2])
        heat = np.full(len(heat), REHEAT)
        if progress.should_finish():
            break
    return pool
