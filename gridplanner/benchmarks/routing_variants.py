"""Part: 20 variants of the plan of 8 crews on the main roads of a real city, as unlike as they can be at a tenth more travel."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from algorithms.patrolling.check import check_route
from algorithms.patrolling.problem import PatrolParams, PatrolProblem
from algorithms.patrolling.routes import solve_patrol
from algorithms.patrolling.variants import VariantParams, find_variants
from algorithms.progress import SILENT, Progress, Span
from gridplanner.benchmarks.over_seeds import Measure, Run, rows_over_seeds
from gridplanner.benchmarks.own_process import timed
from gridplanner.benchmarks.routing_crews import city, made_problem
from gridplanner.benchmarks.table import Row

COUNT, TRAVEL, MENDS, SIGMA = 20, 0.10, 4.0, 0.2
OVERLAP = 0.35
MEASURES = (
    Measure("variants", "variants", less=False, every=True),
    Measure("overlap", "overlap of two variants, mean", every=True),
    Measure("worst_overlap", "overlap of two variants, worst", every=True),
    Measure("longer_pct", "more driving than the best, mean", "%", every=True),
    Measure("worst_longer_pct", "more driving than the best, worst", "%", every=True),
    Measure("dead_pct", "more deadheading than the best, mean", "%"),
    Measure("ratio", "longest / mean of a variant, worst"),
    Measure("wrong", "findings of the checker", every=True),
    Measure("seconds", "time", "s"),
    Measure("plan_seconds", "time of the plan itself", "s"),
)
BARS = {
    "variants": float(COUNT),
    "overlap": OVERLAP,
    "worst_overlap": OVERLAP,
    "longer_pct": 100 * TRAVEL,
    "worst_longer_pct": 100 * TRAVEL + 1e-6,
    "wrong": 0.0,
}


def variant_rows(data: Path, quick: bool, seeds: int, progress: Progress = SILENT) -> list[Row]:
    """Return the rows of the part; raises InputError where the roads are not there."""
    runs = []
    graph, seconds = city(data)
    seeds = 1 if quick else seeds
    for seed in range(1, seeds + 1):
        span = Span(progress, (seed - 1) / seeds, seed / seeds)
        span.report(0.0, "variants")
        runs.append(_run(made_problem(graph, seconds, seed), seed, MENDS / 4 if quick else MENDS, span))
    return rows_over_seeds("20 variants", MEASURES, runs, BARS)


def _run(problem: PatrolProblem, seed: int, mends: float, progress: Progress) -> Run:
    plan, plan_s = timed(lambda: solve_patrol(problem, PatrolParams(seed=seed)))
    params = VariantParams(COUNT, TRAVEL, mends=mends, sigma=SIGMA, seed=seed, wall_seconds=900.0)
    found, spent = timed(lambda: find_variants(problem, plan.routes, params, progress))
    pairs = found.pairs if len(found) > 1 else np.ones(1)
    extra, dead = (values[1:] if len(found) > 1 else np.zeros(1) for values in (found.extra, found.extra_dead))
    away = [np.array([route.seconds for route in routes]) for routes in found.plans]
    ratio = [float(times.max() / times.mean()) for times in away]
    wrong = [check_route(problem, replace(plan, routes=routes, balance=at)) for routes, at in zip(found.plans, ratio, strict=True)]
    ours = {
        "variants": float(len(found)),
        "overlap": float(pairs.mean()),
        "worst_overlap": float(pairs.max()),
        "longer_pct": 100 * float(extra.mean()),
        "worst_longer_pct": 100 * float(extra.max()),
        "dead_pct": 100 * float(dead.mean()),
        "ratio": max(ratio),
        "wrong": float(sum(map(len, wrong))),
        "seconds": spent,
        "plan_seconds": plan_s,
    }
    return Run(ours, {})
