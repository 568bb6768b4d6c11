"""A region's plan made as good as its pool allows: exact over the groups that good plans share, then annealed, in turn."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from algorithms.districting.anneal import anneal, replicate
from algorithms.districting.consensus import common_groups, grouped, ranked
from algorithms.districting.exact import Proof, solve_exactly
from algorithms.districting.problem import Districting, DistrictingParams, DistrictingProblem, Ints, evaluate
from algorithms.districting.recombine import recombine
from algorithms.progress import SILENT, Progress

GROUPS = (7, 5)  # groups a district to try, the finer first
COPIES = 8  # plans grown from each exact one
REHEAT = 5.0  # how much hotter than a first anneal theirs starts


@dataclass(frozen=True, eq=False)
class Polished:
    """Labels (u,), their cost, and how many groups the last exact step had: no plan that keeps those is better, if `proven`."""

    labels: Ints
    cost: float
    groups: int
    proven: bool


def polish(
    problem: DistrictingProblem, pool: list[Districting], params: DistrictingParams, seed: int = 0, progress: Progress = SILENT
) -> Polished:
    """Return a plan of a problem of one region, never dearer than the best of the pool.

    Units that the best plans of the pool keep together become groups, few enough that every connected balanced set of them can be
    listed; the best plan of those sets is found exactly, grown again in COPIES by recombination and annealing, and what comes of it
    joins the pool; `params.polish` times, or until nothing is better.
    """
    rng = np.random.default_rng(seed)
    count = int(problem.districts[0])
    pool = list(pool)
    best = ranked(problem, pool)[0]
    cost = float(evaluate(problem, best, params).cost.sum())
    groups, proven = 0, False
    for turn in range(params.polish):
        progress.check()
        if progress.should_finish():
            break
        found = _exact_over_groups(problem, pool, params, seed, progress)
        if found is None:
            break
        proof, group = found
        groups, proven = int(group.max()) + 1, proof.value - proof.bound <= 1e-5 * max(proof.value, 1.0)
        plan = proof.labels[group]
        pool.append(evaluate(problem, plan, params))
        better = proof.value < cost - 1e-6
        if better:
            best, cost = plan, proof.value
        if turn == params.polish - 1 or (turn and not better):
            break
        many = replicate(problem, COPIES)
        warm = np.concatenate([best + k * count for k in range(COPIES)]).astype(np.int32)
        warm = anneal(many, warm, replace(params, rounds=params.rounds // 2), rng, heat=np.full(COPIES * count, REHEAT))
        warm = anneal(many, recombine(many, warm, params, rng, params.halvings), params, rng)
        pool += [evaluate(problem, (plan - k * count).astype(np.int32), params) for k, plan in enumerate(np.split(warm, COPIES))]
    return Polished(best, cost, groups, proven)


def _exact_over_groups(
    problem: DistrictingProblem, pool: list[Districting], params: DistrictingParams, seed: int, progress: Progress
) -> tuple[Proof, Ints] | None:
    """Return the best plan of the groups that as many of the best plans share as can be listed; None where none can."""
    plans = ranked(problem, pool)
    for size in GROUPS:
        group = common_groups(problem, plans, size * int(problem.districts[0]))
        small = grouped(problem, group)
        start = np.zeros(int(group.max()) + 1, np.int32)
        start[group] = plans[0]
        proof = solve_exactly(small, start, replace(params, columns=params.columns // 4, search=params.search / 10), seed, progress)
        if proof is not None:
            return proof, group
    return None
