"""Tiny towns for the search for tours, and the best tours in them by trying all."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from algorithms.patrolling.fleet import Fleet, Tables
from algorithms.patrolling.jobs import Jobs, Way

Point = tuple[int, int]


@dataclass(frozen=True)
class Town:
    """Jobs with the tables between them."""

    jobs: Jobs
    tables: Tables


def town(depots: Sequence[Point], jobs: Sequence[Sequence[tuple[Point, Point]]], **columns: Sequence[float]) -> Town:
    """Return a town of Manhattan distances: each job is its ways, from a point to a point; columns of `Way`, and the `weight`."""
    weight = np.array(columns.pop("weight", [1.0] * len(jobs)), float)
    ways: list[Way] = []
    groups: list[tuple[int, ...]] = []
    ends = list(depots)
    reach, leave = list(depots), list(depots)
    for job, options in enumerate(jobs):
        groups.append(tuple(range(len(ways), len(ways) + len(options))))
        for into, out in options:
            for point in (into, out):
                if point not in ends:
                    ends.append(point)
            way = Way(job, ends.index(into), ends.index(out), float(abs(into[0] - out[0]) + abs(into[1] - out[1])))
            ways.append(replace(way, **{name: column[job] for name, column in columns.items()}))  # type: ignore[arg-type]
            reach.append(into)
            leave.append(out)
    seconds = np.abs(np.array(leave)[:, None] - np.array(reach)[None]).sum(axis=2).astype(float)
    return Town(Jobs(tuple(ways), weight, tuple(groups)), Tables(len(depots), seconds, seconds[None].copy()))


def street(a: Point, b: Point) -> list[tuple[Point, Point]]:
    """Return a street that may be driven either way."""
    return [(a, b), (b, a)]


def site(a: Point) -> list[tuple[Point, Point]]:
    """Return a site."""
    return [(a, a)]


def fleet(count: int, **columns: Sequence[float]) -> Fleet:
    """Return vehicles of depot 0 without any limit, but for these columns."""
    zero, node = np.zeros(count), np.zeros(count, np.int64)
    endless = np.full(count, np.inf)
    made = Fleet(node, node, zero, endless, zero, endless.copy(), node)
    return replace(made, **{name: np.array(column, getattr(made, name).dtype) for name, column in columns.items()})  # type: ignore[arg-type]


def tour_cost(place: Town, vehicles: Fleet, row: int, tour: Sequence[int]) -> float:
    """Return what a tour costs, inf where it breaks a limit: driving, time away and overtime."""
    ways, tables = [place.jobs.ways[w] for w in tour], place.tables
    if not tour:
        return 0.0
    if sum(way.load for way in ways) > vehicles.capacity[row]:
        return np.inf
    path = [int(vehicles.depot[row]), *(tables.depots + w for w in tour), int(vehicles.home[row])]
    clock = float(vehicles.start[row])
    for way, (a, b) in zip(ways, itertools.pairwise(path), strict=False):
        begin = max(clock + tables.seconds[a, b], way.opens)
        if begin > way.closes:
            return np.inf
        clock = begin + way.seconds
    away = clock + float(tables.seconds[path[-2], path[-1]]) - float(vehicles.start[row])
    if away > vehicles.shift[row] + vehicles.overtime[row]:
        return np.inf
    driven = sum(float(tables.cost[vehicles.table[row], a, b]) for a, b in itertools.pairwise(path))
    return driven + vehicles.second_cost * away + max(0.0, away - float(vehicles.shift[row]))


def plan_cost(place: Town, vehicles: Fleet, tours: Sequence[Sequence[int]]) -> float:
    """Return what tours cost, one a row of the fleet."""
    return sum(tour_cost(place, vehicles, row, tour) for row, tour in enumerate(tours))


def least_cost(place: Town, vehicles: Fleet, served: Sequence[int] | None = None) -> float:
    """Return the least cost of doing all jobs (or these), by trying every share of them, every order and every way."""
    jobs = list(range(len(place.jobs.by_job))) if served is None else list(served)
    least: list[dict[frozenset[int], float]] = []
    for row in range(len(vehicles)):
        known = {}
        for count in range(len(jobs) + 1):
            for subset in itertools.combinations(jobs, count):
                tours = (
                    t for order in itertools.permutations(subset) for t in itertools.product(*(place.jobs.by_job[job] for job in order))
                )
                known[frozenset(subset)] = min(tour_cost(place, vehicles, row, tour) for tour in tours)
        least.append(known)
    shares = itertools.product(range(len(vehicles)), repeat=len(jobs))
    return min(
        sum(least[row][frozenset(job for job, who in zip(jobs, share, strict=True) if who == row)] for row in range(len(vehicles)))
        for share in shares
    )


def most_worth(place: Town, vehicles: Fleet) -> tuple[float, float]:
    """Return the most weight that can be done at all, and the least cost of doing so much."""
    found = []
    for count in range(len(place.jobs.by_job) + 1):
        for subset in itertools.combinations(range(len(place.jobs.by_job)), count):
            cost = least_cost(place, vehicles, subset)
            if np.isfinite(cost):
                found.append((-float(place.jobs.weight[list(subset)].sum()), cost))
    weight, cost = min(found)
    return -weight, cost
