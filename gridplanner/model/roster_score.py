"""What a roster costs, as one list of penalties: the same sum that the solver makes small, so that a change by hand is told at once."""

from __future__ import annotations

import numpy as np

from gridplanner.model.lines import Ints
from gridplanner.model.roster import OFF, Cells, RosterPenalty, RosterPlan
from gridplanner.model.roster_rules import SCALE, RosterRules, RosterShare, groups_of


def duty_counts(plan: RosterPlan) -> Ints:
    """Return how many people of each squad work each shift of each day, (g, d, s)."""
    return _counts(groups_of(plan), plan.demand.shape, plan.cells)


def on_duty(rules: RosterRules, cells: Cells) -> Ints:
    """Return how many people of each squad have a shift of each day in some cells, (g, d, s)."""
    return _counts(rules.group, rules.demand.shape, cells)


def _counts(group: Ints, shape: tuple[int, ...], cells: Cells) -> Ints:
    counts = np.zeros(shape, np.int64)
    person, day = np.nonzero(cells >= 0)
    np.add.at(counts, (group[person], day, cells[person, day]), 1)
    return counts


def penalties_of(rules: RosterRules, plan: RosterPlan) -> tuple[RosterPenalty, ...]:
    """Return what the roster costs, the dearest first; the costs are in the units of the settings."""
    found = [*_staffing(rules, plan), *_skills(rules, plan), *_shares(rules, plan), *_wishes(rules, plan), *_single(rules, plan)]
    return tuple(sorted(found, key=lambda penalty: (-penalty.cost, penalty.day, penalty.shift, penalty.person)))


def value_of(penalties: tuple[RosterPenalty, ...]) -> float:
    """Return what they cost together."""
    return round(sum(penalty.cost for penalty in penalties), 2)


def _staffing(rules: RosterRules, plan: RosterPlan) -> list[RosterPenalty]:
    counts = on_duty(rules, plan.cells)
    found = []
    for kind, amount in (("short", rules.demand - counts), ("over", counts - rules.demand)):
        for squad, day, shift in np.argwhere(amount > 0).tolist():
            number = int(amount[squad, day, shift])
            cost = rules.prices[kind] * number / SCALE
            found.append(RosterPenalty(kind, -1, day, shift, number, cost, squad=plan.squads[squad]))
    return found


def _skills(rules: RosterRules, plan: RosterPlan) -> list[RosterPenalty]:
    found = []
    for skill, able, wanted in zip(rules.skills, rules.able, rules.skill_demand, strict=True):
        missing = wanted - on_duty(rules, np.where(able[:, None], plan.cells, np.int8(OFF)))
        for squad, day, shift in np.argwhere(missing > 0).tolist():
            number = int(missing[squad, day, shift])
            cost = rules.prices["short"] * number / SCALE
            found.append(RosterPenalty("short", -1, day, shift, number, cost, text=skill, squad=plan.squads[squad]))
    return found


def amounts_of(share: RosterShare, cells: Cells) -> Ints:
    """Return the units that each of a share's people works, (n,)."""
    padded = np.concatenate((share.amount, np.zeros((len(share.amount), 2), np.int64)), axis=1)  # rows -2 and -1 are leave and off
    worked: Ints = padded[np.arange(cells.shape[1])[None, :], cells[share.rows]].sum(axis=1)
    return worked


def _shares(rules: RosterRules, plan: RosterPlan) -> list[RosterPenalty]:
    found = []
    for share in rules.shares:
        level = share.start + amounts_of(share, plan.cells)
        most, least = int(np.argmax(level)), int(np.argmin(level))
        spread = int(level[most] - level[least])
        if spread:
            rows = share.rows.tolist()
            cost = spread * share.price / SCALE
            found.append(
                RosterPenalty(share.kind, rows[most], -1, -1, spread * share.unit, cost, squad=plan.squads[share.group], other=rows[least])
            )
    return found


def _wishes(rules: RosterRules, plan: RosterPlan) -> list[RosterPenalty]:
    missed = [wish for wish in rules.wishes if wish.price and not wish.is_met(int(plan.cells[wish.person, wish.day]))]
    return [RosterPenalty("wish", wish.person, wish.day, wish.shift, 1, wish.price / SCALE, text=wish.kind) for wish in missed]


def _single(rules: RosterRules, plan: RosterPlan) -> list[RosterPenalty]:
    """Days on duty between two off, and days off between two on; the day before the first counts by what follows it."""
    price = rules.prices["single"]
    past = rules.before.shape[1]
    on = np.concatenate((rules.before, plan.cells), axis=1) >= 0
    if not price or on.shape[1] < 3:
        return []
    single = (on[:, 1:-1] != on[:, :-2]) & (on[:, 1:-1] != on[:, 2:])
    single[:, : max(past - 2, 0)] = False
    return [
        RosterPenalty("single", person, column + 1 - past, -1, 1, price / SCALE, text="on" if on[person, column + 1] else "off")
        for person, column in np.argwhere(single).tolist()
    ]
