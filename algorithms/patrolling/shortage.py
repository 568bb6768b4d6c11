"""When the stops of a tour are served, and what to leave out of a tour that takes too long."""

from __future__ import annotations

import numpy as np

from algorithms.network.polylines import Floats
from algorithms.patrolling.jobs import Jobs
from algorithms.patrolling.problem import PatrolProblem

_LATE = 1e-6  # seconds


def schedule(problem: PatrolProblem, jobs: Jobs, times: Floats, tour: list[int]) -> tuple[Floats, bool]:
    """Return when each stop of a tour is reached, begun and left (stops, 3), and at last the depot; and whether all is in time."""
    clock, place, good = 0.0, 0, True
    rows: list[tuple[float, float, float]] = []
    for w in tour:
        way = jobs.ways[w]
        arrive = clock + float(times[place, w + 1])
        begin = max(arrive, way.opens)
        clock, place = begin + way.seconds, w + 1
        good &= begin <= way.closes + _LATE
        rows.append((arrive, begin, clock))
    home = clock + float(times[place, 0])
    rows.append((home, home, home))
    return np.array(rows), good and home <= problem.longest + _LATE


def fitting(problem: PatrolProblem, jobs: Jobs, times: Floats, tour: list[int]) -> list[int]:
    """Return the tour without the stretches that cost least worth for the time they take, until it fits; one that fits stays whole.

    A far valley goes as a whole, with the way there and back, which leaving out stop by stop would never do: a tour of
    everything cut down like this is nearly as good as a search for the worthiest tour makes it.
    """
    worth = np.array([jobs.weight[way.job] for way in jobs.ways])
    service = np.array([way.seconds for way in jobs.ways])
    closes = np.array([way.closes for way in jobs.ways])
    while tour:
        clock, good = schedule(problem, jobs, times, tour)
        if good:
            break
        s = np.array(tour)
        late = np.flatnonzero(clock[:-1, 1] > closes[s] + _LATE)
        if len(late):
            tour = tour[: late[0]] + tour[late[0] + 1 :]
            continue
        path = np.concatenate(([0], s + 1, [0]))
        driven = np.concatenate(([0.0], np.cumsum(times[path[:-1], path[1:]])))
        spent = service[s] + clock[:-1, 1] - clock[:-1, 0]  # waiting goes with the stop that is waited for
        served, earned = (np.concatenate(([0.0], np.cumsum(values))) for values in (spent, worth[s]))
        i, j = np.triu_indices(len(s))
        saved = driven[j + 2] - driven[i] - times[path[i], path[j + 2]] + served[j + 1] - served[i]
        needed = np.maximum(np.minimum(saved, float(clock[-1, 0]) - problem.longest), 1e-9)
        out = int(((earned[j + 1] - earned[i]) / needed).argmin())
        tour = tour[: i[out]] + tour[j[out] + 1 :]
    return tour


def shared_out(jobs: Jobs, times: Floats, tours: list[list[int]], crews: int) -> list[list[int]]:
    """Return tours cut into as many as there are crews, by equal shares of the time spent until the end of each stop."""
    if len(tours) >= crews:
        return tours
    walk = [w for tour in tours for w in tour]
    path = np.array([0, *(w + 1 for w in walk)])
    spent = np.cumsum(times[path[:-1], path[1:]] + np.array([jobs.ways[w].seconds for w in walk]))
    crew = (
        np.minimum((spent / spent[-1] * crews * (1 - 1e-9)).astype(np.int64), crews - 1) if spent[-1] > 0 else np.zeros(len(walk), np.int64)
    )
    return [[w for w, c in zip(walk, crew.tolist(), strict=True) if c == number] for number in range(crews)]
