"""Small rosters: a plain one without rules to begin with, random ones with every rule, and all rosters of one by enumeration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from algorithms.rostering.faults import faults
from algorithms.rostering.parts import part_of
from algorithms.rostering.penalties import value_of
from algorithms.rostering.problem import FREE, OFF, Fairness, RosterProblem


def plain(people: int = 2, days: int = 4, shifts: int = 2, groups: int = 1, **changes: Any) -> RosterProblem:
    """One person wanted on each shift of each group, everything allowed, eight hours a shift."""
    demand = np.ones((groups, days, shifts), np.int64)
    problem = RosterProblem(
        allowed=np.ones((people, days, shifts), bool), fixed=np.full((people, days), FREE), follows=np.ones((shifts, shifts), bool),
        minutes=np.full(shifts, 480), demand=demand, short=100 * demand, over=2 * demand, group=np.arange(people) % groups,
        min_minutes=np.zeros(people, np.int64), max_minutes=np.full(people, 480 * days), max_shifts=np.full((people, shifts), days),
        min_run=np.ones(people, np.int64), max_run=np.full(people, days + 20), min_off=np.ones(people, np.int64),
        max_weekends=np.full(people, days), weekends=np.empty((0, 2), np.int64), cost=np.zeros((people, days, shifts), np.int64),
        off_cost=np.zeros((people, days), np.int64),
    )  # fmt: skip
    return replace(problem, **changes)


def random_roster(seed: int, people: int = 2, days: int = 5, shifts: int = 2) -> RosterProblem:
    """A roster with about half of all rules, drawn at random; it may have no solution."""
    random = np.random.default_rng(seed)
    groups = int(random.integers(1, 3))
    each = (people,)
    changes: dict[str, Any] = {
        "demand": random.integers(0, 3, (groups, days, shifts)),
        "short": random.integers(3, 30, (groups, days, shifts)),
        "over": random.integers(0, 4, (groups, days, shifts)),
        "group": random.integers(0, groups, people),
        "minutes": random.choice([240, 480, 600], shifts),
        "cost": random.integers(-2, 5, (people, days, shifts)),
        "off_cost": random.integers(-2, 5, (people, days)),
    }
    past = int(random.integers(0, 4))
    maybe: dict[str, Any] = {
        "allowed": random.random((people, days, shifts)) < 0.9,
        "fixed": np.where(random.random((people, days)) < 0.15, random.integers(OFF, shifts, (people, days)), FREE),
        "follows": random.random((shifts, shifts)) < 0.7,
        "min_minutes": random.choice([0, 480, 960], each),
        "max_minutes": random.choice([480, 1200, 1800], each),
        "max_shifts": random.integers(0, days, (people, shifts)),
        "min_run": random.integers(1, 4, each),
        "max_run": random.integers(1, 5, each),
        "min_off": random.integers(1, 4, each),
        "lone_on": random.integers(0, 6, each),
        "lone_off": random.integers(0, 6, each),
        "before": random.integers(OFF, shifts, (people, past)),
        "pairs": random.random(shifts) < 0.5,
        "least": random.integers(0, 2, (groups, days, shifts)) * (random.random((groups, days, shifts)) < 0.2),
    }
    changes |= {name: value for name, value in maybe.items() if random.random() < 0.5}
    if random.random() < 0.5:
        changes |= {"weekends": np.array([[1, 2], [days - 1, days]]), "max_weekends": random.integers(0, 3, people)}
    if random.random() < 0.5:
        changes |= {
            "week_minutes": random.choice([480, 960, 1440], each),
            "week_starts": np.array([-5, 2] if random.random() < 0.5 else [-3, -1, 0]),
        }
    if random.random() < 0.5:
        changes |= {"nights": random.random(shifts) < 0.5, "max_nights": random.integers(0, 3, people)}
    if random.random() < 0.5:
        changes |= {"skills": random.random((1, people)) < 0.5, "skill_demand": random.integers(0, 2, (1, groups, days, shifts))}
    if random.random() < 0.5:
        who = np.flatnonzero(random.random(people) < 0.8)
        begun = random.integers(0, 3, len(who)) if random.random() < 0.5 else np.zeros(0, np.int64)
        due = random.integers(0, 3, len(who)) if random.random() < 0.3 else np.zeros(0, np.int64)
        amount = random.integers(0, 3, (days, shifts)) * int(random.integers(1, 3))
        changes["fairness"] = (Fairness("shares", amount, who, int(random.integers(1, 5)), begun, due),)
    if random.random() < 0.4:
        changes |= {"kept": random.integers(FREE, shifts, (people, days)), "change": random.integers(0, 6, (people, days))}
    return plain(people, days, shifts, groups, **changes)


def all_rosters(problem: RosterProblem) -> Iterator[np.ndarray[Any, Any]]:
    """Every roster that keeps the rules, by trying all cells of each person."""
    people, days, shifts = problem.shape
    alone = replace(problem, least=None, pairs=None)
    own = []
    for person in range(people):
        mine = part_of(alone, np.array([person]))
        tried = (np.array([cells]) for cells in product(range(OFF, shifts), repeat=days))
        own.append([cells[0] for cells in tried if not faults(mine, cells)])
    for rows in product(*own):
        cells = np.array(rows).reshape(people, days)
        if _groups_kept(problem, cells):
            yield cells


def _groups_kept(problem: RosterProblem, cells: np.ndarray[Any, Any]) -> bool:
    """Whether every group has its least people, and nobody alone where pairs are the rule."""
    if problem.least is None and problem.pairs is None:
        return True
    on = np.array(
        [(cells[problem.group == group][:, :, None] == np.arange(problem.shape[2])).sum(0) for group in range(len(problem.demand))]
    )
    least = problem.least is None or bool((on >= problem.least).all())
    return least and (problem.pairs is None or not (on[:, :, problem.pairs] == 1).any())


def best_value(problem: RosterProblem) -> int | None:
    """The least value of all rosters, None where there is none."""
    return min((value_of(problem, cells) for cells in all_rosters(problem)), default=None)
