"""All schedules that one person's rules allow, as a graph of layers: a state for each different past after each day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.network.polylines import Bools, Floats, Ints
from algorithms.progress import SILENT, Progress
from algorithms.rostering.problem import OFF, RosterProblem

MOST_STATES = 60_000  # of one person's graph; beyond it schedules are not told apart
LAST, RUN, KNOWN, NIGHTS, MINUTES, WEEKENDS, WEEKEND = range(7)  # what a state remembers, before its counts of shifts and weeks


@dataclass(frozen=True, eq=False)
class Layer:
    """The ways from the states of one day to those of the next, by `tail`: `starts` (states + 1,) where each state's ways begin.

    `head`, `choice` (a shift, or the number of shifts for off) and `lone` (what single days cost on the way) are (a,).
    """

    tail: Ints
    head: Ints
    choice: Ints
    lone: Ints
    starts: Ints


@dataclass(frozen=True, eq=False)
class ScheduleGraph:
    """The layers of the days of people whose rules are the same; one state before the first day, any state after the last will do."""

    people: Ints
    layers: tuple[Layer, ...]

    @property
    def count(self) -> float:
        """How many schedules there are."""
        ways = np.ones(int(self.layers[-1].head.max()) + 1)
        for layer in reversed(self.layers):
            ways = np.add.reduceat(ways[layer.head], layer.starts[:-1])
        return float(ways[0])

    def to_end(self, cost: Floats) -> list[Floats]:
        """Return the least cost from each state to the end, day by day and one day more, (people, states); `cost` (people, d, s + 1)."""
        after = np.zeros((len(cost), int(self.layers[-1].head.max()) + 1))
        found = [after]
        for day in range(len(self.layers) - 1, -1, -1):
            layer = self.layers[day]
            step = cost[:, day, layer.choice] + layer.lone + after[:, layer.head]
            after = np.minimum.reduceat(step, layer.starts[:-1], axis=1)
            found.append(after)
        return found[::-1]

    def cheapest(self, cost: Floats, to_end: list[Floats], limit: float, most: int) -> tuple[Ints, Floats, bool]:
        """Return the cheapest schedules of one person, (n, d) choices and (n,) costs, up to `limit` and no more than `most`.

        `cost` (d, s + 1) and `to_end` (states,) are that person's. The third value says whether these are all up to the limit. What is
        still to come is known exactly, so nothing is looked at in vain.
        """
        state, spent, path = np.zeros(1, np.int64), np.zeros(1), np.empty((1, 0), np.int8)
        whole = True
        for day, layer in enumerate(self.layers):
            count = layer.starts[state + 1] - layer.starts[state]
            which = np.repeat(np.arange(len(state)), count)
            way = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count) + layer.starts[state][which]
            total = spent[which] + cost[day, layer.choice[way]] + layer.lone[way]
            best = total + to_end[day + 1][layer.head[way]]
            kept = np.flatnonzero((best <= limit) & np.isfinite(best))
            if len(kept) > most:
                whole = False
                kept = kept[np.argsort(best[kept], kind="stable")[:most]]
            which, way = which[kept], way[kept]
            state, spent = layer.head[way], total[kept]
            path = np.concatenate((path[which], layer.choice[way, None].astype(np.int8)), axis=1)
        return path.astype(np.int64), spent, whole

    def lone_cost(self, choices: Ints) -> float:
        """Return what the single days of a schedule (d,) cost; raises ValueError where it breaks a rule."""
        state, cost = 0, 0.0
        for layer, choice in zip(self.layers, choices.tolist(), strict=True):
            ways = np.arange(layer.starts[state], layer.starts[state + 1])
            way = ways[layer.choice[ways] == choice]
            if not len(way):
                raise ValueError("the schedule breaks a rule")
            state, cost = int(layer.head[way[0]]), cost + float(layer.lone[way[0]])
        return cost


def schedule_graphs(problem: RosterProblem, most: float = np.inf, progress: Progress = SILENT) -> list[ScheduleGraph] | None:
    """Return the graphs of all people, those of the same rules together; None where there are too many states or no schedule at all.

    None, too, where a person has more than `most` schedules: it ends with the first of those, so that no great graphs pile up.

    What is allowed and fixed on a day is not in the graphs: those cells cost infinitely much.
    """
    if problem.weekends.shape[1:] != (2,) or (np.diff(problem.weekends.ravel()) < 1).any():
        return None
    graphs = []
    key = _rule_table(problem)
    _rows, first, same = np.unique(key, axis=0, return_index=True, return_inverse=True)
    for number, person in enumerate(first.tolist()):
        progress.check()
        layers = _layers(_Rules(problem, person))
        if layers is None:
            return None
        graph = ScheduleGraph(np.flatnonzero(same.ravel() == number), layers)
        if graph.count > most:
            return None
        graphs.append(graph)
    return graphs


def barred_cells(problem: RosterProblem) -> Bools:
    """Return the choices that are not allowed or not as fixed, (p, d, s + 1); the last is off."""
    shifts = problem.shape[2]
    fixed = np.where(problem.fixed == OFF, shifts, problem.fixed)[..., None]
    may = np.concatenate((problem.allowed, np.ones((*problem.fixed.shape, 1), bool)), axis=2)
    barred: Bools = ~may | ((fixed >= 0) & (fixed != np.arange(shifts + 1)))
    return barred


def _rule_table(problem: RosterProblem) -> Ints:
    parts = [problem.max_run, problem.min_run, problem.min_off, problem.min_minutes, problem.max_minutes, problem.max_weekends]
    parts += [extra for extra in (problem.max_nights, problem.week_minutes, problem.lone_on, problem.lone_off) if extra is not None]
    tables = [problem.max_shifts] + ([problem.before] if problem.before is not None else [])
    return np.column_stack((*parts, *tables)).astype(np.int64)


class _Rules:
    """One person's rules, and what a day's choice makes of what was remembered."""

    def __init__(self, problem: RosterProblem, person: int) -> None:
        self.days, self.shifts = problem.shape[1:]
        days, shifts = self.days, self.shifts
        past = 0 if problem.before is None else problem.before.shape[1]
        self.before = [] if problem.before is None else np.where(problem.before[person] < 0, shifts, problem.before[person]).tolist()
        self.follows = problem.follows.astype(bool)
        self.minutes = problem.minutes.astype(np.int64)
        self.max_run, self.min_run, self.min_off = (int(rule[person]) for rule in (problem.max_run, problem.min_run, problem.min_off))
        self.lone_on, self.lone_off = (0 if price is None else int(price[person]) for price in (problem.lone_on, problem.lone_off))
        need_on = max(self.min_run, 2 if self.lone_on else 1)
        self.enough = need_on, max(self.min_off, 2 if self.lone_off else 1)  # from this length on a run may end at no cost
        self.longest_told = max(need_on, self.max_run if self.max_run < past + days else 1), self.enough[1]
        nights = problem.nights is not None and problem.max_nights is not None
        self.night = problem.nights.astype(bool) if problem.nights is not None and nights else np.zeros(shifts, bool)
        self.max_nights = int(problem.max_nights[person]) if problem.max_nights is not None and nights else past + days
        self.count_nights = self.night.any() and self.max_nights < past + days
        self.least, self.most = int(problem.min_minutes[person]), int(problem.max_minutes[person])
        self.count_minutes = self.least > 0 or self.most < int(self.minutes.max(initial=0)) * days
        self.counted = np.flatnonzero((problem.max_shifts[person] < days) & (problem.max_shifts[person] > 0))
        self.max_shifts = problem.max_shifts[person].astype(np.int64)
        self.weeks: list[int] = []
        if problem.week_minutes is not None and problem.week_starts is not None:
            self.week_minutes = int(problem.week_minutes[person])
            if self.week_minutes < 7 * int(self.minutes.max(initial=0)):
                self.weeks = [start for start in problem.week_starts.tolist() if -6 <= start < days]
        weekends = problem.weekends[(problem.weekends < days).any(axis=1)]
        self.max_weekends = int(problem.max_weekends[person])
        told = self.max_weekends < len(weekends)
        self.weekend_day = {int(day): half for row in weekends for half, day in enumerate(row.tolist()) if told and 0 <= day < days}
        self.width = WEEKEND + 1 + len(self.counted) + len(self.weeks)

    def first(self) -> Ints:
        """Return what is remembered before the first day, (1, width)."""
        state: Ints = np.zeros((1, self.width), np.int64)
        state[0, LAST] = self.shifts + 1  # nothing is known
        for day, choice in enumerate(self.before, -len(self.before)):
            state = self.step(state, day, choice)[0]
        return state

    def step(self, state: Ints, day: int, choice: int) -> tuple[Ints, Bools, Ints]:
        """Return what is remembered after a choice (n, width), whether it keeps the rules (n,), and what single days cost (n,)."""
        works = choice < self.shifts
        was_on, was_off = state[:, LAST] < self.shifts, state[:, LAST] == self.shifts
        goes_on = was_on if works else was_off
        ends = (was_off if works else was_on) & (state[:, KNOWN] > 0)
        after = state.copy()
        after[:, LAST] = choice
        after[:, RUN] = np.where(goes_on, state[:, RUN] + 1, 1)
        after[:, KNOWN] = np.where(goes_on, state[:, KNOWN], was_on | was_off)
        own = day >= 0
        least, price = (self.min_off, self.lone_off) if works else (self.min_run, self.lone_on)
        keeps = ~(ends & (state[:, RUN] < least))
        lone = np.where(ends & (state[:, RUN] == 1), price, 0)
        if works:
            keeps &= after[:, RUN] <= self.max_run
            keeps &= ~was_on | self.follows[np.minimum(state[:, LAST], self.shifts - 1), choice]
        after[:, NIGHTS] = (state[:, NIGHTS] + 1) if self.count_nights and works and self.night[choice] else 0
        keeps &= after[:, NIGHTS] <= self.max_nights
        if works and own:
            keeps &= self.max_shifts[choice] > 0
            if self.count_minutes:
                after[:, MINUTES] += self.minutes[choice]
                keeps &= after[:, MINUTES] <= self.most
            for place in np.flatnonzero(self.counted == choice).tolist():
                after[:, WEEKEND + 1 + place] += 1
                keeps &= after[:, WEEKEND + 1 + place] <= self.max_shifts[choice]
        half = self.weekend_day.get(day)
        if half is not None:
            if works:
                after[:, WEEKENDS] += 1 - state[:, WEEKEND]
                keeps &= after[:, WEEKENDS] <= self.max_weekends
            after[:, WEEKEND] = int(works) if half == 0 else 0
        for place, start in enumerate(self.weeks, WEEKEND + 1 + len(self.counted)):
            if start <= day < start + 7:
                if works and self.minutes[choice]:  # a shift of no minutes adds nothing to a week that is over already
                    after[:, place] += self.minutes[choice]
                    keeps &= after[:, place] <= self.week_minutes
                if day == start + 6:
                    after[:, place] = 0
        enough, told = (self.enough[0], self.longest_told[0]) if works else (self.enough[1], self.longest_told[1])
        after[:, KNOWN] |= after[:, RUN] >= enough  # of a long run it no longer matters when it began
        if not (works and self.max_run < len(self.before) + self.days):
            after[:, RUN] = np.minimum(after[:, RUN], told)
        return after, keeps, lone


def _layers(rules: _Rules) -> tuple[Layer, ...] | None:
    """Return the layers of a person's graph without the states from which no schedule comes of it; None: too many, or none at all."""
    state = rules.first()
    ways: list[tuple[Ints, Ints, Ints, Ints]] = []
    for day in range(rules.days):
        tails, afters, choices, lones = [], [], [], []
        for choice in range(rules.shifts + 1):
            after, keeps, lone = rules.step(state, day, choice)
            kept = np.flatnonzero(keeps)
            tails.append(kept)
            afters.append(after[kept])
            choices.append(np.full(len(kept), choice))
            lones.append(lone[kept])
        state, number = np.unique(np.concatenate(afters), axis=0, return_inverse=True)
        ways.append((np.concatenate(tails), number.ravel(), np.concatenate(choices), np.concatenate(lones)))
        if not 0 < len(state) <= MOST_STATES:
            return None
    alive: Bools = state[:, MINUTES] >= rules.least if rules.count_minutes else np.ones(len(state), bool)
    layers: list[Layer] = []
    for day in range(rules.days - 1, -1, -1):
        tail, head, chosen, price = ways[day]
        goes = alive[head]
        living = np.cumsum(alive) - 1
        before: Bools = np.zeros(int(tail.max(initial=-1)) + 1 if day == 0 else int(ways[day - 1][1].max()) + 1, bool)
        before[tail[goes]] = True
        place = np.cumsum(before) - 1
        order = np.argsort(place[tail[goes]], kind="stable")
        new_tail, new_head = place[tail[goes]][order], living[head[goes]][order]
        starts = np.searchsorted(new_tail, np.arange(int(before.sum()) + 1))
        layers.append(Layer(new_tail, new_head, chosen[goes][order], price[goes][order], starts))
        alive = before
        if not len(new_tail):
            return None
    return tuple(layers[::-1])
