"""The best plan that the districts of several plans can make: a set partition per region, solved by OR-Tools."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from algorithms.districting.problem import DistrictingProblem, Floats, Ints, district_offsets
from algorithms.progress import SILENT, Progress

SCALE = 10_000  # costs become whole numbers for CP-SAT
MOST_WHOLE = 2**60  # what all of them together may come to
SEEDS = 2**31  # how many seeds CP-SAT knows


def choose_from_pool(
    problem: DistrictingProblem, plans: list[Ints], costs: list[Floats], seed: int = 0, progress: Progress = SILENT
) -> Ints:
    """Return the cheapest labelling whose districts all come from `plans`, never dearer than the best of them in any region.

    Parameters
    ----------
    plans
        Labellings (u,) of the same problem, each contiguous.
    costs
        The cost of each district of each plan, (d,).

    Notes
    -----
    Units that lie together in every plan are one row of the set partition (Garfinkel and Nemhauser 1970), so its size does not
    grow with the number of units. Deterministic: one worker and a deterministic limit.
    """
    first = district_offsets(problem)
    starts = np.stack([np.add.reduceat(c, first[:-1]) for c in costs])
    winner = np.argmin(starts, axis=0)
    labels = np.stack(plans)
    best: Ints = labels[winner[problem.region], np.arange(labels.shape[1])].copy()
    if len(plans) == 1:
        return best
    atom_key, atom = np.unique(labels.T, axis=0, return_inverse=True)
    region = np.zeros(len(atom_key), np.int64)
    region[atom.ravel()] = problem.region
    by_region = np.argsort(region, kind="stable")
    bounds = np.searchsorted(region[by_region], np.arange(len(problem.districts) + 1))
    for r in range(len(problem.districts)):
        if r % 8 == 0:
            progress.check()
            progress.report(r / len(problem.districts))
        rows = by_region[bounds[r] : bounds[r + 1]]
        if problem.districts[r] < 2:
            continue
        columns, price, member = _columns(atom_key[rows], costs)
        chosen = _cheapest_partition(columns, price, member, int(problem.districts[r]), int(winner[r]), seed)
        if chosen is None:
            continue
        new = np.full(len(atom_key), -1, np.int64)
        for number, column in enumerate(chosen):
            new[rows[columns[column]]] = first[r] + number
        mine = new[atom.ravel()]
        best[mine >= 0] = mine[mine >= 0]
    return best


def _columns(
    atoms: NDArray[np.signedinteger[Any]], costs: list[Floats]
) -> tuple[list[NDArray[np.signedinteger[Any]]], list[float], list[int]]:
    """Return the distinct districts of a region as lists of atom rows, their costs, and the first plan each comes from."""
    columns: list[NDArray[np.signedinteger[Any]]] = []
    price: list[float] = []
    member: list[int] = []
    seen: set[bytes] = set()
    for plan, cost in enumerate(costs):
        for district in np.unique(atoms[:, plan]).tolist():
            inside = np.flatnonzero(atoms[:, plan] == district)
            key = inside.tobytes()
            if key not in seen:
                seen.add(key)
                columns.append(inside)
                price.append(float(cost[district]))
                member.append(plan)
    return columns, price, member


def _cheapest_partition(
    columns: list[NDArray[np.signedinteger[Any]]], price: list[float], member: list[int], count: int, incumbent: int, seed: int
) -> list[int] | None:
    """Return the columns of the cheapest exact cover by `count` columns, or None where the incumbent plan's own are best."""
    from ortools.sat.python import cp_model

    plans = len(set(member))
    if plans < 2:
        return None
    model = cp_model.CpModel()
    take = [model.new_bool_var("") for _ in columns]
    rows: dict[int, list[cp_model.IntVar]] = {}
    for variable, column in zip(take, columns, strict=True):
        for row in column.tolist():
            rows.setdefault(row, []).append(variable)
    unique = {tuple(v.index for v in variables): variables for variables in rows.values()}
    for variables in unique.values():
        model.add_exactly_one(variables)
    model.add(sum(take) == count)
    scale = min(SCALE, MOST_WHOLE / max(sum(map(abs, price)), 1.0))
    model.minimize(sum(round(scale * p) * v for p, v in zip(price, take, strict=True)))
    for variable, plan in zip(take, member, strict=True):
        model.add_hint(variable, plan == incumbent)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.catch_sigint_signal = False  # Ctrl-C is the program's
    solver.parameters.random_seed = seed % SEEDS
    solver.parameters.max_deterministic_time = 2.0
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return [i for i, variable in enumerate(take) if solver.boolean_value(variable)]
