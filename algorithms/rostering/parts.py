"""Parts of a roster that have nothing to do with one another: groups that share no evenness are rostered each by itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from algorithms.network.polylines import Ints
from algorithms.rostering.problem import Fairness, RosterProblem

BY_PERSON = (
    "allowed", "fixed", "min_minutes", "max_minutes", "max_shifts", "min_run", "max_run", "min_off", "max_weekends", "cost", "off_cost",
    "week_minutes", "max_nights", "before", "kept", "change", "lone_on", "lone_off",
)  # fmt: skip
BY_GROUP = ("demand", "short", "over", "least")


def parts_of(problem: RosterProblem) -> list[Ints]:
    """Return the people of each part, rows in order; every person is in one."""
    people, groups = len(problem.group), len(problem.demand)
    tail, head = [np.arange(people)], [people + problem.group]
    for number, shares in enumerate(problem.fairness):
        if shares.price and len(shares.people):
            tail.append(shares.people)
            head.append(np.full(len(shares.people), people + groups + number))
    size = people + groups + len(problem.fairness)
    joined = coo_array((np.ones(sum(map(len, tail))), (np.concatenate(tail), np.concatenate(head))), shape=(size, size))
    label = connected_components(joined, directed=False)[1][:people]
    return [np.flatnonzero(label == part) for part in np.unique(label)]


def part_of(problem: RosterProblem, people: Ints, groups: Ints | None = None) -> RosterProblem:
    """Return the problem of some people, with their groups (or those given) renumbered; evenness among them only."""
    mine = np.unique(problem.group[people]) if groups is None else groups
    place = np.full(len(problem.group), -1)
    place[people] = np.arange(len(people))
    changed: dict[str, object] = {name: getattr(problem, name)[people] for name in BY_PERSON if getattr(problem, name) is not None}
    changed |= {name: getattr(problem, name)[mine] for name in BY_GROUP if getattr(problem, name) is not None}
    changed["group"] = np.searchsorted(mine, problem.group[people])
    if problem.skills is not None and problem.skill_demand is not None:
        changed |= {"skills": problem.skills[:, people], "skill_demand": problem.skill_demand[:, mine]}
    changed["fairness"] = tuple(kept for shares in problem.fairness if len((kept := _among(shares, place)).people))
    return replace(problem, **changed)  # type: ignore[arg-type]


def _among(shares: Fairness, place: Ints) -> Fairness:
    """Return the evenness of those who have a place, by that place."""
    kept = place[shares.people] >= 0
    before, target = (extra[kept] if len(extra) else extra for extra in (shares.before, shares.target))
    return replace(shares, people=place[shares.people[kept]], before=before, target=target)
