"""When the stops of a tour are served, what to leave out of a tour that takes too long, and how much time is lacking at the least."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.network.polylines import Floats
from algorithms.patrolling.fleet import Fleet, Tables
from algorithms.patrolling.jobs import Jobs

_LATE = 1e-6  # seconds


@dataclass(frozen=True)
class Timetable:
    """Tours of a fleet on its tables: `row` of the fleet says which vehicle drives a tour."""

    jobs: Jobs
    tables: Tables
    fleet: Fleet

    def schedule(self, row: int, tour: list[int]) -> tuple[Floats, bool]:
        """Return when each stop of a tour is reached, begun and left (stops, 3), and at last the end; and whether all is in time."""
        fleet, seconds, first = self.fleet, self.tables.seconds, self.tables.depots
        clock, place, good = float(fleet.start[row]), int(fleet.depot[row]), True
        rows: list[tuple[float, float, float]] = []
        for w in tour:
            way = self.jobs.ways[w]
            arrive = clock + float(seconds[place, first + w])
            begin = max(arrive, way.opens)
            clock, place = begin + way.seconds, first + w
            good &= begin <= way.closes + _LATE
            rows.append((arrive, begin, clock))
        end = clock + float(seconds[place, fleet.home[row]])
        rows.append((end, end, end))
        return np.array(rows), good and end - float(fleet.start[row]) <= self.longest(row) + _LATE

    def longest(self, row: int) -> float:
        """Return the seconds a vehicle may be away."""
        return float(self.fleet.shift[row] + self.fleet.overtime[row])

    def away(self, row: int, tour: list[int]) -> float:
        """Return the seconds that a vehicle is away on a tour: none where it does not go."""
        return float(self.schedule(row, tour)[0][-1, 0] - self.fleet.start[row]) if tour else 0.0

    def path(self, row: int, tour: list[int]) -> list[int]:
        """Return the places of a tour in the tables, depots included."""
        return [int(self.fleet.depot[row]), *(self.tables.depots + w for w in tour), int(self.fleet.home[row])]

    def driving(self, row: int, tour: list[int]) -> float:
        """Return the seconds of a tour that are driven from stop to stop."""
        path = self.path(row, tour)
        return float(self.tables.seconds[path[:-1], path[1:]].sum()) if tour else 0.0

    def cost(self, row: int, tour: list[int]) -> float:
        """Return what a tour costs as the search counts it, infinite where it is not in time."""
        if not tour:
            return 0.0
        clock, good = self.schedule(row, tour)
        path, away = self.path(row, tour), float(clock[-1, 0] - self.fleet.start[row])
        drive = float(self.tables.cost[self.fleet.table[row]][path[:-1], path[1:]].sum())
        return drive + self.fleet.second_cost * away + max(0.0, away - float(self.fleet.shift[row])) if good else np.inf

    def fitting(self, row: int, tour: list[int]) -> list[int]:
        """Return the tour without the stretches that cost least worth for the time they take, until it fits; one that fits stays whole.

        A far valley goes as a whole, with the way there and back, which leaving out stop by stop would never do: a tour of
        everything cut down like this is nearly as good as a search for the worthiest tour makes it.
        """
        worth = np.array([self.jobs.weight[way.job] for way in self.jobs.ways])
        service = np.array([way.seconds for way in self.jobs.ways])
        closes = np.array([way.closes for way in self.jobs.ways])
        times, limit = self.tables.seconds, self.longest(row) + float(self.fleet.start[row])
        while tour:
            clock, good = self.schedule(row, tour)
            if good:
                break
            lost = np.flatnonzero(~np.isfinite(clock[:, 0]))
            if len(lost):  # no way there, or home from the last stop
                tour = tour[: min(lost[0], len(tour) - 1)] + tour[lost[0] + 1 :]
                continue
            s = np.array(tour)
            late = np.flatnonzero(clock[:-1, 1] > closes[s] + _LATE)
            if len(late):
                tour = tour[: late[0]] + tour[late[0] + 1 :]
                continue
            path = np.array(self.path(row, tour))
            driven = np.concatenate(([0.0], np.cumsum(times[path[:-1], path[1:]])))
            spent = service[s] + clock[:-1, 1] - clock[:-1, 0]  # waiting goes with the stop that is waited for
            served, earned = (np.concatenate(([0.0], np.cumsum(values))) for values in (spent, worth[s]))
            i, j = np.triu_indices(len(s))
            saved = driven[j + 2] - driven[i] - times[path[i], path[j + 2]] + served[j + 1] - served[i]
            needed = np.maximum(np.minimum(saved, float(clock[-1, 0]) - limit), 1e-9)
            out = int(((earned[j + 1] - earned[i]) / needed).argmin())
            tour = tour[: i[out]] + tour[j[out] + 1 :]
        return tour

    def shared_out(self, tour: list[int], row: int) -> list[list[int]]:
        """Return a tour of vehicle `row` cut into one for each vehicle, by equal shares of the time spent until the end of each stop."""
        crews, path = len(self.fleet), np.array(self.path(row, tour)[:-1])
        leg = self.tables.seconds[path[:-1], path[1:]]
        spent = np.cumsum(np.where(np.isfinite(leg), leg, 0.0) + np.array([self.jobs.ways[w].seconds for w in tour]))
        crew = np.zeros(len(tour), np.int64)
        if len(tour) and spent[-1] > 0:
            crew = np.minimum((spent / spent[-1] * crews * (1 - 1e-9)).astype(np.int64), crews - 1)
        return [[w for w, c in zip(tour, crew.tolist(), strict=True) if c == number] for number in range(crews)]

    def shortage(self) -> float:
        """Return the seconds that are lacking at the least for all jobs.

        Each takes its service and the shortest way to it, and some tour the way home. A bound, not an estimate: that it is 0 does not
        say that time suffices.
        """
        jobs, first = self.jobs, self.tables.depots
        if not jobs.ways:
            return 0.0
        job = np.array([way.job for way in jobs.ways])
        into = self.tables.seconds[:, first:].copy()
        into[first:][job[:, None] == job] = np.inf
        least = np.full(len(jobs.weight), np.inf)
        np.minimum.at(least, job, into.min(axis=0))
        service = sum(min(jobs.ways[w].seconds for w in group) for group in jobs.by_job)
        home = float(self.tables.seconds[first:, np.unique(self.fleet.home)].min())
        return max(0.0, service + float(least.sum()) + home - float((self.fleet.shift + self.fleet.overtime).sum()))
