"""Tours of a fleet as a vehicle-routing problem for PyVRP: a street is a group of two directed clients, one of which is enough.

Bräysy, Martínez, Nagata and Soler, *The mixed capacitated general routing problem with turn penalties* (Expert Systems with
Applications 38, 2011) turn such problems into a generalised vehicle-routing problem; client groups are that idea.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from pyvrp import Client, ClientGroup, Depot, Location, ProblemData, VehicleType

from algorithms.network.polylines import Floats, Ints
from algorithms.patrolling.fleet import Fleet, Tables
from algorithms.patrolling.jobs import Jobs

TICK = 0.01  # seconds; the solver counts in whole ticks, rounded so that what fits its shift fits the real one
_NEVER = int(np.iinfo(np.int64).max)
_MOST = 2**48  # ticks of a prize: the solver adds them up in 64 bits


@dataclass(frozen=True)
class Counting:
    """How the solver counts: times from `first` on in ticks of `tick` seconds, costs `fine` times finer still, loads by `load_tick`."""

    first: float
    tick: float
    fine: int
    load_tick: float

    def up(self, seconds: float) -> int:
        """Return seconds in ticks, rounded up."""
        return math.ceil(seconds / self.tick - 1e-6)

    def down(self, seconds: float) -> int:
        """Return seconds in ticks, rounded down; infinite ones as the solver's infinity."""
        return math.floor(seconds / self.tick + 1e-6) if math.isfinite(seconds) else _NEVER


def counting(jobs: Jobs, tables: Tables, fleet: Fleet) -> Counting:
    """Return ticks of one where every number is whole, else of hundredths of a second and of ten thousandths of the largest load."""
    times = np.array([(way.seconds, way.opens, way.closes) for way in jobs.ways])
    loads = np.array([way.load for way in jobs.ways])
    first = min(float(fleet.start.min()), float(times[:, 2].min(initial=np.inf)))
    whole = all(map(_whole, (times, tables.seconds, tables.cost, fleet.start, fleet.shift, fleet.overtime)))
    whole_loads = _whole(loads) and _whole(fleet.capacity)
    load_tick = 1.0 if whole_loads else float(loads.max(initial=0.0)) / 10_000 or 1.0
    return Counting(first, 1.0 if whole else TICK, Fraction(fleet.second_cost).limit_denominator(100).denominator, load_tick)


def alike(fleet: Fleet) -> list[list[int]]:
    """Return the rows of vehicles that do not differ, the kinds in the order of their first rows."""
    columns = (fleet.depot, fleet.home, fleet.start, fleet.shift, fleet.overtime, fleet.capacity, fleet.table)
    kinds: dict[tuple[float, ...], list[int]] = {}
    for row, kind in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
        kinds.setdefault(kind, []).append(row)
    return list(kinds.values())


def fleet_model(jobs: Jobs, tables: Tables, fleet: Fleet, all_required: bool) -> ProblemData:
    """Return the solver's data: client i is way i, vehicle type k the k-th kind of `alike(fleet)`.

    Unless all are required, a job earns a prize by its weight. The least prize is worth more than the dearest plan, so that leaving out
    a job never pays and, where time is short, the least weight in all is left out.
    """
    count = counting(jobs, tables, fleet)
    dearest = _dearest(jobs, tables, fleet)
    away = np.where(np.isfinite(fleet.shift), fleet.shift + fleet.overtime, 0.0)
    prizes = None if all_required else _prizes(jobs, count.up(dearest) * count.fine)
    clients, groups = _clients(jobs, tables.depots, count, prizes)
    places = [Location(0, 0) for _ in range(tables.depots + len(clients))]
    depots = [Depot(place) for place in range(tables.depots)]
    types = [_vehicle_type(jobs, fleet, rows, count) for rows in alike(fleet)]
    driving: Any = [_ticks(table, dearest, count) for table in tables.cost]  # the stub of ProblemData asks for a type that no array has
    lasting: Any = [_ticks(tables.seconds, 2 * float(away.max()), count)] * len(driving)
    return ProblemData(places, clients, depots, types, driving, lasting, groups)


def _clients(jobs: Jobs, depots: int, count: Counting, prizes: Ints | None) -> tuple[list[Client], list[ClientGroup]]:
    clients: list[Client] = []
    groups: list[ClientGroup] = []
    for job, group in enumerate(jobs.by_job):
        alone = len(group) == 1
        if not alone:
            groups.append(ClientGroup(list(group), required=prizes is None))
        for w in group:
            way = jobs.ways[w]
            opens = count.up(max(way.opens - count.first, 0.0))
            clients.append(
                Client(
                    location=depots + w,
                    delivery=[math.ceil(way.load / count.load_tick - 1e-6)],
                    service_duration=count.up(way.seconds),
                    tw_early=opens,
                    tw_late=max(opens, count.down(way.closes - count.first)),
                    prize=0 if prizes is None else int(prizes[job]),
                    required=prizes is None and alone,
                    group=None if alone else len(groups) - 1,
                )
            )
    return clients, groups


def _vehicle_type(jobs: Jobs, fleet: Fleet, rows: list[int], count: Counting) -> VehicleType:
    row = rows[0]
    start, shift, over = (float(column[row]) for column in (fleet.start, fleet.shift, fleet.overtime))
    capacity = float(fleet.capacity[row])
    room = capacity if math.isfinite(capacity) else sum(way.load + count.load_tick for way in jobs.ways)
    leave = count.up(start - count.first)
    ends = (count.down(start - count.first + time) for time in (shift, shift + over))
    longest, most = (max(0, end - leave) if end < _NEVER else _NEVER for end in ends)
    return VehicleType(
        num_available=len(rows),
        capacity=[math.floor(room / count.load_tick + 1e-6)],
        start_depot=int(fleet.depot[row]),
        end_depot=int(fleet.home[row]),
        tw_early=leave,
        start_late=leave,
        shift_duration=longest,
        max_overtime=most - longest,
        unit_distance_cost=count.fine,  # driving, beside the time it takes: waiting for a site to open is no licence to drive about
        unit_duration_cost=round(count.fine * fleet.second_cost),
        unit_overtime_cost=count.fine,
        profile=int(fleet.table[row]),
    )


def _dearest(jobs: Jobs, tables: Tables, fleet: Fleet) -> float:
    """Return seconds that no plan costs: of vehicles that are out as long as they may, or else that drive the dearest way each time."""
    known = np.isfinite(tables.cost) & np.isfinite(tables.seconds)
    legs = len(jobs.by_job) + len(fleet)
    service = sum(max(jobs.ways[w].seconds for w in group) for group in jobs.by_job)
    each = float(np.where(known, tables.cost + fleet.second_cost * tables.seconds, 0.0).max()) * legs + fleet.second_cost * service
    dear = float(np.max(np.where(known & (tables.seconds > 0), tables.cost, 0.0) / np.maximum(tables.seconds, 1e-9)))
    away = float(np.sum(fleet.shift + fleet.overtime)) * (dear + fleet.second_cost + 1)
    return max(1.0, away if math.isfinite(away) else each)


def _prizes(jobs: Jobs, dearest: int) -> Ints:
    least = float(jobs.weight.min()) if len(jobs.weight) else 1.0
    return np.ceil(np.minimum(dearest * (jobs.weight / least), _MOST)).astype(np.int64)


def _whole(values: Floats) -> bool:
    known = values[np.isfinite(values)]
    return bool(np.all(known == np.round(known)))


def _ticks(table: Floats, far: float, count: Counting) -> Ints:
    """Return a table in ticks, rounded up; `far` seconds where there is no way."""
    ticks = np.ceil(np.where(np.isfinite(table), table, far) / count.tick - 1e-6).astype(np.int64)
    np.fill_diagonal(ticks, 0)
    return ticks
