"""What given cells cost, part by part: who, when, how much and why; it shares nothing with the search."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from algorithms.network.polylines import Ints
from algorithms.rostering.problem import FREE, Fairness, RosterProblem


@dataclass(frozen=True)
class Penalty:
    """One thing that a roster costs; rows are -1 where they say nothing.

    `kind`: short, over (of `group`, `day`, `shift`), skill (`skill` too), wish (of a person's cell), fairness (`person` has the most,
    `other` the least; `name` is that of the evenness), change (of a kept cell), lone_on, lone_off. `amount` counts people, units of
    evenness or 1; `cost` is its price; below 0 where a wish is met that is rewarded.
    """

    kind: str
    cost: int
    amount: int = 1
    person: int = -1
    day: int = -1
    shift: int = -1
    group: int = -1
    skill: int = -1
    other: int = -1
    name: str = ""


def penalties(problem: RosterProblem, cells: Ints) -> tuple[Penalty, ...]:
    """Return everything that the cells (p, d) cost, dearest kinds first; the costs sum up to the roster's value."""
    if cells.shape != problem.fixed.shape:
        raise ValueError(f"cells are {cells.shape}, not {problem.fixed.shape}")
    found = [*_demand(problem, cells), *_skills(problem, cells), *_wishes(problem, cells), *_changes(problem, cells)]
    for shares in problem.fairness:
        found += _fairness(problem, shares, cells)
    found += _single_days(problem, cells)
    return tuple(found)


def value_of(problem: RosterProblem, cells: Ints) -> int:
    """Return what the cells cost altogether."""
    return sum(penalty.cost for penalty in penalties(problem, cells))


def people_on(problem: RosterProblem, cells: Ints, able: Ints | None = None) -> Ints:
    """Return how many people of each group are on duty, (g, d, s); of those only who are `able` (p,)."""
    each = cells[..., None] == np.arange(problem.shape[2])
    if able is not None:
        each &= able.astype(bool)[:, None, None]
    on = np.zeros(problem.demand.shape, np.int64)
    np.add.at(on, problem.group, each)
    return on


def _demand(problem: RosterProblem, cells: Ints) -> Iterator[Penalty]:
    more = people_on(problem, cells) - problem.demand
    for kind, count, price in (("short", np.maximum(-more, 0), problem.short), ("over", np.maximum(more, 0), problem.over)):
        for group, day, shift in np.argwhere(count * price != 0).tolist():
            amount = int(count[group, day, shift])
            yield Penalty(kind, amount * int(price[group, day, shift]), amount, day=day, shift=shift, group=group)


def _skills(problem: RosterProblem, cells: Ints) -> Iterator[Penalty]:
    if problem.skills is None or problem.skill_demand is None:
        return
    for skill, wanted in enumerate(problem.skill_demand):
        missing = np.maximum(wanted - people_on(problem, cells, problem.skills[skill]), 0)
        for group, day, shift in np.argwhere(missing * problem.short != 0).tolist():
            amount = int(missing[group, day, shift])
            yield Penalty("skill", amount * int(problem.short[group, day, shift]), amount, -1, day, shift, group, skill)


def _wishes(problem: RosterProblem, cells: Ints) -> Iterator[Penalty]:
    works = cells >= 0
    person, day = np.indices(cells.shape)
    cost = np.where(works, problem.cost[person, day, np.maximum(cells, 0)], problem.off_cost)
    for who, when in np.argwhere(cost != 0).tolist():
        yield Penalty("wish", int(cost[who, when]), 1, who, when, int(cells[who, when]))


def _changes(problem: RosterProblem, cells: Ints) -> Iterator[Penalty]:
    if problem.kept is None or problem.change is None:
        return
    changed = (problem.kept != FREE) & (problem.kept != cells) & (problem.change != 0)
    for who, when in np.argwhere(changed).tolist():
        yield Penalty("change", int(problem.change[who, when]), 1, who, when, int(cells[who, when]))


def shares_of(problem: RosterProblem, shares: Fairness, cells: Ints) -> Ints:
    """Return what each person of an evenness has: before, less the target, and in the cells, (n,)."""
    mine = cells[shares.people]
    amount = np.broadcast_to(shares.amount, problem.shape[1:])
    worked = np.where(mine >= 0, amount[np.arange(mine.shape[1]), np.maximum(mine, 0)], 0).sum(axis=1)
    total: Ints = worked + (shares.before if len(shares.before) else 0) - (shares.target if len(shares.target) else 0)
    return total


def _fairness(problem: RosterProblem, shares: Fairness, cells: Ints) -> Iterator[Penalty]:
    if len(shares.people) < 2:
        return
    has = shares_of(problem, shares, cells)
    spread = int(has.max() - has.min())
    if spread and shares.price:
        most, least = int(shares.people[has.argmax()]), int(shares.people[has.argmin()])
        yield Penalty("fairness", spread * shares.price, spread, person=most, other=least, name=shares.name)


def _single_days(problem: RosterProblem, cells: Ints) -> Iterator[Penalty]:
    past = 0 if problem.before is None else problem.before.shape[1]
    on = (cells if problem.before is None else np.concatenate((problem.before, cells), axis=1)) >= 0
    for kind, price, works in (("lone_on", problem.lone_on, True), ("lone_off", problem.lone_off, False)):
        if price is None:
            continue
        same = on == works
        lone = same[:, 1:-1] & ~same[:, :-2] & ~same[:, 2:]
        for who, middle in np.argwhere(lone & (price[:, None] != 0)).tolist():
            day = middle + 1 - past
            if day >= -1:  # the last day before is single or not by what is planned
                yield Penalty(kind, int(price[who]), 1, who, day)
