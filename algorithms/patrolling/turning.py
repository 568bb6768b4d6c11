"""Turn stretches of a tour round: the moves that a solver of directed clients lacks.

Streets that may be driven either way make a tour as good backwards as forwards. Turning whole tours costs nothing, and lets the solver
join any two ends of two tours; turning a stretch with every street in it driven the other way is the 2-opt move of arc routing
(Beullens, Muyldermans, Cattrysse and Van Oudheusden, *A guided local search heuristic for the capacitated arc routing problem*,
European Journal of Operational Research 147, 2003).
"""

from __future__ import annotations

import numpy as np
from pyvrp import ProblemData

from algorithms.network.polylines import Ints
from algorithms.patrolling.jobs import Jobs

_NO_WAY = 2**40  # of driving something that cannot be turned
_LONGEST = 80  # jobs of a tour that is looked at: the table of its stretches grows with the square
_KNOWN = 100_000  # tours remembered


class Turning:
    """Tours of one problem with their stretches turned; those that were looked at are remembered."""

    def __init__(self, data: ProblemData, jobs: Jobs) -> None:
        count = len(jobs.ways)
        turned = np.full(count, -1, np.int64)
        for group in jobs.by_job:
            free = all(jobs.ways[w].opens <= 0 and jobs.ways[w].closes == np.inf for w in group)
            if free and len(group) == 2:
                turned[list(group)] = group[::-1]
            elif free and jobs.ways[group[0]].entry == jobs.ways[group[0]].exit:
                turned[group[0]] = group[0]
        first = data.num_depots
        self.possible = bool(np.any(turned >= 0))
        self._turned: list[int] = turned.tolist()
        self._first = first
        self._back = np.concatenate((np.full(first, -1), np.where(turned >= 0, turned + first, -1)))
        self._ends = [(kind.start_depot, kind.end_depot) for kind in data.vehicle_types()]
        self._legs = [_legs(data, kind) for kind in range(data.num_vehicle_types)]
        self._known: dict[tuple[int, ...], list[int]] = {}

    def whole(self, kind: int, tour: list[int]) -> list[int]:
        """Return the tour driven backwards where that costs no more, else the tour."""
        if any(self._turned[w] < 0 for w in tour):
            return tour
        back = [self._turned[w] for w in reversed(tour)]
        return back if self._cost(kind, back) <= self._cost(kind, tour) else tour

    def mended(self, kind: int, tour: list[int]) -> list[int]:
        """Return the tour with the best stretch turned, again and again while that makes driving cost less."""
        if not 1 < len(tour) <= _LONGEST:
            return tour
        key = (kind, *tour)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _KNOWN:
                self._known.clear()
            known = self._known[key] = self._mended(kind, tour)
        return known

    def _mended(self, kind: int, tour: list[int]) -> list[int]:
        legs, n = self._legs[kind], len(tour)
        path = self._path(kind, tour)
        below = np.tri(n, k=-1, dtype=bool)
        changed = False
        while True:
            back = self._back[path]
            leg = legs[path[:-1], path[1:]]
            ahead = np.concatenate(([0], np.cumsum(leg[1:-1])))
            astern = np.concatenate(([0], np.cumsum(legs[back[2:-1], back[1:-2]])))
            turn = astern - ahead  # of driving all up to a stop the other way
            gain = (
                (legs[path[:-2, None], back[None, 1:-1]] - (leg[:-1] + turn)[:, None])
                + (legs[back[1:-1, None], path[None, 2:]] - leg[None, 1:])
                + turn[None, :]
            )
            gain[below] = 0
            best = int(gain.argmin())
            i, j = divmod(best, n)
            if gain[i, j] >= 0:
                return (path[1:-1] - self._first).tolist() if changed else tour
            path[i + 1 : j + 2] = back[i + 1 : j + 2][::-1]
            changed = True

    def _cost(self, kind: int, tour: list[int]) -> int:
        path = self._path(kind, tour)
        return int(self._legs[kind][path[:-1], path[1:]].sum())

    def _path(self, kind: int, tour: list[int]) -> Ints:
        start, end = self._ends[kind]
        return np.array([start, *(w + self._first for w in tour), end])


def _legs(data: ProblemData, kind: int) -> Ints:
    """Return what driving costs and takes together, with a row and a column at the end (-1) for what cannot be turned."""
    vehicle = data.vehicle_type(kind)
    driven = vehicle.unit_distance_cost * np.asarray(data.distance_matrix(vehicle.profile))
    legs = driven + vehicle.unit_duration_cost * np.asarray(data.duration_matrix(vehicle.profile))
    return np.pad(np.minimum(legs, _NO_WAY), ((0, 1), (0, 1)), constant_values=_NO_WAY).astype(np.int64)
