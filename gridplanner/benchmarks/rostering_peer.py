"""Peer: the plain CP-SAT model of an employee-scheduling tutorial, with its default search, on the same rosters."""

from __future__ import annotations

import time
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np
from ortools.sat.python import cp_model

from algorithms.network.polylines import Ints
from algorithms.rostering.problem import FREE, OFF, RosterProblem

NAME = f"OR-Tools {version('ortools')} CP-SAT, plain model"
WORKERS = 2


@dataclass(frozen=True, eq=False)
class PeerRoster:
    """What the peer found: `cells` (p, d) or None, whether it proved them best, and the seconds that it took."""

    cells: Ints | None
    proven: bool
    seconds: float


def peer_roster(problem: RosterProblem, seconds: float, seed: int) -> PeerRoster:
    """Return the roster of a model with a Boolean for each person, day and shift and a row for each rule as it is said.

    It knows the rules of the benchmark's rosters only: no days before, least, pairs, skills, kept cells or single days, all begin evenly.
    """
    began = time.perf_counter()
    model = cp_model.CpModel()
    people, days, shifts = problem.shape
    x = {(p, d, s): model.new_bool_var("") for p in range(people) for d in range(days) for s in range(shifts)}
    costs: list[cp_model.LinearExprT] = []
    for p in range(people):
        costs += _rules_of(model, problem, p, {(d, s): x[p, d, s] for d in range(days) for s in range(shifts)})
    for (g, d, s), wanted in np.ndenumerate(problem.demand):
        on = sum(x[p, d, s] for p in np.flatnonzero(problem.group == g).tolist())
        short, over = model.new_int_var(0, int(wanted), ""), model.new_int_var(0, people, "")
        model.add(on + short - over == int(wanted))
        costs += [int(problem.short[g, d, s]) * short, int(problem.over[g, d, s]) * over]
    for shares in problem.fairness:
        top = int(np.abs(shares.amount).sum())
        most, least = model.new_int_var(0, top, ""), model.new_int_var(0, top, "")
        for p in shares.people.tolist():
            has = sum(int(shares.amount[d, s]) * x[p, d, s] for d in range(days) for s in range(shifts))
            model.add(has <= most)
            model.add(has >= least)
        costs.append(shares.price * (most - least))
    model.minimize(sum(costs))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = WORKERS
    solver.parameters.random_seed = seed
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.catch_sigint_signal = False
    status = solver.solve(model)
    took = time.perf_counter() - began
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return PeerRoster(None, False, took)
    worked = np.zeros((people, days, shifts), bool)
    for cell, variable in x.items():
        worked[cell] = solver.boolean_value(variable)
    return PeerRoster(np.where(worked.any(axis=2), worked.argmax(axis=2), OFF), status == cp_model.OPTIMAL, took)


def _rules_of(
    model: cp_model.CpModel, problem: RosterProblem, p: int, x: dict[tuple[int, int], cp_model.IntVar]
) -> list[cp_model.LinearExprT]:
    """Add one person's rules and return what the cells cost."""
    _people, days, shifts = problem.shape
    work = [sum(x[d, s] for s in range(shifts)) for d in range(days)]
    on = [model.new_bool_var("") for _day in range(days)]
    for d in range(days):
        model.add(work[d] == on[d])
        for s in range(shifts):
            if not problem.allowed[p, d, s]:
                model.add(x[d, s] == 0)
        fixed = int(problem.fixed[p, d])
        if fixed != FREE:
            model.add(on[d] == 0 if fixed == OFF else x[d, fixed] == 1)
    for a, b in np.argwhere(~problem.follows).tolist():
        for d in range(days - 1):
            model.add_bool_or(~x[d, a], ~x[d + 1, b])
    minutes = sum(int(problem.minutes[s]) * x[d, s] for d in range(days) for s in range(shifts))
    model.add(minutes <= int(problem.max_minutes[p]))
    model.add(minutes >= int(problem.min_minutes[p]))
    for s in range(shifts):
        model.add(sum(x[d, s] for d in range(days)) <= int(problem.max_shifts[p, s]))
    longest = int(problem.max_run[p])
    for d in range(days - longest):
        model.add(sum(on[d : d + longest + 1]) <= longest)
    for first, least in ((True, int(problem.min_run[p])), (False, int(problem.min_off[p]))):
        for length in range(1, least):
            for d in range(days - length - 1):  # no run of exactly that length
                run = [~day if first else day for day in on[d + 1 : d + 1 + length]]
                ends = [on[d], on[d + length + 1]] if first else [~on[d], ~on[d + length + 1]]
                model.add_bool_or(*run, *ends)
    weekends = []
    for pair in problem.weekends.tolist():
        weekends.append(model.new_bool_var(""))
        for d in pair:
            model.add_implication(on[d], weekends[-1])
    model.add(sum(weekends) <= int(problem.max_weekends[p]))
    if problem.nights is not None and problem.max_nights is not None:
        night, most = np.flatnonzero(problem.nights).tolist(), int(problem.max_nights[p])
        for d in range(days - most):
            model.add(sum(x[day, s] for day in range(d, d + most + 1) for s in night) <= most)
    if problem.week_minutes is not None and problem.week_starts is not None:
        for start in problem.week_starts.tolist():
            week = range(start, min(start + 7, days))
            model.add(sum(int(problem.minutes[s]) * x[d, s] for d in week for s in range(shifts)) <= int(problem.week_minutes[p]))
    costs: list[cp_model.LinearExprT] = [int(problem.cost[p, d, s]) * variable for (d, s), variable in x.items()]
    return costs + [int(problem.off_cost[p, d]) * ~on[d] for d in range(days)]
