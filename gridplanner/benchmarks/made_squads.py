"""Made squads: guards of a railway with a demand for each squad and shift, wishes, leave and even shares."""

from __future__ import annotations

import numpy as np

from algorithms.rostering.problem import FREE, OFF, Fairness, RosterProblem

MINUTES = 480
EARLY, LATE, NIGHT = 0, 1, 2


def made_week(people: int, squads: int, seed: int, days: int = 7, load: float = 0.85) -> RosterProblem:
    """Return a week of three shifts of eight hours a day: rest of eleven hours, five days on in a row, two nights, shares across all.

    Each squad needs on each day, of its people who could work five days in seven, the part `load`, spread over the shifts; one in ten
    has a day's leave; each wishes for two cells. Hours and nights are shared evenly among all.
    """
    random = np.random.default_rng(seed)
    shifts = 3
    group = np.arange(people) * squads // people
    size = np.bincount(group, minlength=squads)
    daily = np.floor(size * 5 / 7 * load + random.random(squads)).astype(np.int64)
    demand = np.zeros((squads, days, shifts), np.int64)
    for squad, count in enumerate(daily.tolist()):
        night = min(max(1, count // 4), count)
        early = (count - night + 1) // 2
        demand[squad] = [early, count - night - early, night]
    fixed = np.full((people, days), FREE)
    leave = np.flatnonzero(random.random(people) < 0.1)
    fixed[leave, random.integers(days, size=len(leave))] = OFF
    cost, off_cost = np.zeros((people, days, shifts), np.int64), np.zeros((people, days), np.int64)
    for person in range(people):
        day, other = random.choice(days, 2, replace=False)
        cost[person, day] += 5  # a day off wished for
        shift = random.integers(shifts)
        cost[person, other, np.arange(shifts) != shift] += 3  # a shift wished for
        off_cost[person, other] += 3
    follows = np.ones((shifts, shifts), bool)
    follows[LATE, EARLY] = follows[NIGHT, EARLY] = follows[NIGHT, LATE] = False
    everyone = np.arange(people)
    hours = np.full((days, shifts), MINUTES // 60)
    nights = np.zeros((days, shifts), np.int64)
    nights[:, NIGHT] = 1
    weeks = -(-days // 7)
    return RosterProblem(
        allowed=np.ones((people, days, shifts), bool), fixed=fixed, follows=follows, minutes=np.full(shifts, MINUTES), demand=demand,
        short=np.full_like(demand, 1000), over=np.full_like(demand, 2), group=group, min_minutes=np.zeros(people, np.int64),
        max_minutes=np.full(people, 6 * MINUTES * weeks), max_shifts=np.full((people, shifts), days), min_run=np.ones(people, np.int64),
        max_run=np.full(people, 5), min_off=np.ones(people, np.int64), max_weekends=np.full(people, weeks),
        weekends=np.arange(weeks)[:, None] * 7 + np.array([5, 6]), cost=cost, off_cost=off_cost, week_minutes=np.full(people, 6 * MINUTES),
        week_starts=np.arange(weeks) * 7, nights=np.arange(shifts) == NIGHT, max_nights=np.full(people, 2),
        fairness=(Fairness("hours", hours, everyone, 1), Fairness("nights", nights, everyone, 10)),
    )  # fmt: skip
