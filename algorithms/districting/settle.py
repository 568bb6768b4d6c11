"""The last word on a region: the best plan that can be proven or made from its pool, and what is known of it."""

from __future__ import annotations

from algorithms.districting.bound import BoundBudget, lower_bound
from algorithms.districting.exact import solve_exactly
from algorithms.districting.polish import polish
from algorithms.districting.problem import Certificate, Districting, DistrictingParams, DistrictingProblem, Ints
from algorithms.progress import SILENT, Progress

FEW = 11  # units a district up to which all its sets are listed
POOL = 8  # plans at least from which common groups are made
PRICED = 150  # units up to which unit prices beat the floor (algorithms.districting.bound)
OPTIMAL = 1e-5  # relative gap below which a plan is called optimal


def settle(
    problem: DistrictingProblem, pool: list[Districting], params: DistrictingParams, seed: int = 0, progress: Progress = SILENT
) -> tuple[Ints, Certificate]:
    """Return labels (u,) of a problem of one region and its certificate; the plan is never dearer than the last of the pool.

    Where districts are few units each, all of them are listed and the best plan is proven; where they are not, the plan is polished
    (algorithms.districting.polish) and a bound says how far from the best of all it can be.
    """
    labels, value = pool[-1].labels, float(pool[-1].cost.sum())
    if problem.districts[0] == 1:
        return labels, Certificate("optimal", value, value, "one district")
    if not params.columns:
        return labels, Certificate("none", value, why="off")
    few, stopped = len(problem.region) <= FEW * problem.districts[0], progress.should_finish()
    if few and not stopped:
        proof = solve_exactly(problem, labels, params, seed, progress)
        if proof is not None:
            proven = proof.value - proof.bound <= OPTIMAL * max(proof.value, 1.0)
            status, bound = ("optimal", proof.value) if proven else ("gap", proof.bound)
            return proof.labels, Certificate(status, proof.value, bound, "columns", proof.span, proof.window, proof.columns)
    groups = 0
    if params.polish and len(pool) >= POOL:
        better = polish(problem, pool, params, seed, progress)
        labels, value, groups = better.labels, better.cost, better.groups if better.proven else 0
    rounds = params.pricing if len(problem.region) <= PRICED else 0
    found = lower_bound(problem, 0, params, value, BoundBudget(rounds=rounds, metre=problem.metre), progress)
    proven = value - found.value <= OPTIMAL * max(value, 1.0)
    why = "" if proven else "stopped" if few and stopped else "large"
    return labels, Certificate("optimal" if proven else "gap", value, found.value, found.method, groups=groups, why=why)
