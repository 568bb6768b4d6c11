"""Other ways between the calls of plans whose orders stay: what two plans have in common is taken out of them leg by leg.

A leg is the drive from one call to the next. For one plan after the other some of its legs are looked for anew where streets cost the
more, the more they would make the plan like those it is most like already, and streets that it drives anyway cost nothing more. Each leg
so found is taken where it lowers the sum of a high power of the overlaps and the length allows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.network.arc_network import arc_network
from algorithms.network.polylines import Bools, Floats, Ints
from algorithms.network.shortest_paths import fastest_ways
from algorithms.patrolling.fleet_search import Tours
from algorithms.patrolling.overlap import overlap_table
from algorithms.patrolling.problem import PatrolRoute
from algorithms.patrolling.variant_orders import Legs, Orders, legs_of, walked
from algorithms.progress import Progress

_POWER = 16  # of the overlap that is summed over pairs: nearly the worst alone
_PARTS = 3  # of a plan's legs that are looked for at a time, the others as they are
_DEAR = 8.0  # times as much as its driving that a street costs at most which all others drive
_ROOM = 0.25  # what driving less is worth, as a share of what the overlap is worth of a plan that is at its limit


@dataclass(eq=False)
class _Plan:
    """One plan: its legs by tour, how often each edge is driven, which are free and driven, and the room left (2,), seconds and metres."""

    routes: list[PatrolRoute]
    tours: Tours
    legs: list[Legs]
    use: Ints
    room: Floats


class OtherWays:
    """The ways of several plans; the first of them stays as it is."""

    def __init__(self, orders: Orders, margin: float, seed: int) -> None:
        graph = orders.problem.graph
        self.orders, self.margin, self.rng = orders, margin, np.random.default_rng(seed)
        self.free = np.ones(graph.edge_count, bool)
        self.free[orders.problem.streets.edge] = False
        self.base = np.ones(graph.edge_count) if orders.problem.price is None else orders.problem.price
        least = np.minimum(graph.seconds[::2], graph.seconds[1::2])
        pace = np.where(np.isfinite(least) & (least > 0), graph.length / np.where(least > 0, least, 1.0), 0.0)
        self.pace = pace / max(float(np.average(pace, weights=graph.length)), 1e-9)  # metres a second, of the mean
        self.plans: list[_Plan] = []
        self.driven = np.zeros((0, graph.edge_count), bool)
        self.dear = np.zeros(0)
        self.network = arc_network(graph)  # where all legs are given, none is looked for

    def __len__(self) -> int:
        return len(self.plans)

    def add(self, routes: list[PatrolRoute], tours: Tours, room: Floats) -> None:
        """Take one more plan, which may drive `room` (2,) seconds and metres more."""
        self.plans.append(self._plan(routes, tours, room))
        self.driven = np.concatenate((self.driven, [(self.plans[-1].use > 0) & self.free]))
        self.dear = np.append(self.dear, _DEAR)

    def exchange(self, row: int, routes: list[PatrolRoute], tours: Tours, room: Floats, passes: int) -> bool:
        """Take another plan instead of one, mended so many times, where it is less like the others; return whether it is."""
        before, old, driven, dear = self._worth(row), self.plans[row], self.driven[row].copy(), self.dear[row]
        self.plans[row] = self._plan(routes, tours, room)
        self.driven[row] = (self.plans[row].use > 0) & self.free
        for _ in range(passes):
            self._mend(row)
        if self._worth(row) < before:
            return True
        self.plans[row], self.driven[row], self.dear[row] = old, driven, dear
        return False

    def sweep(self, progress: Progress) -> None:
        """Mend each plan but the first once, those most like another one first."""
        for row in np.argsort(-self.table().max(axis=1), kind="stable").tolist():
            progress.check()
            if progress.should_finish():
                return
            if row:
                self._mend(row)

    def table(self) -> Floats:
        """Return the overlap of every two plans, (n, n), 0 on the diagonal."""
        table = overlap_table(self.driven, self.orders.problem.graph.length)
        np.fill_diagonal(table, 0.0)
        return table

    def _worth(self, row: int) -> float:
        return float((self.table()[row] ** _POWER).sum())

    def _plan(self, routes: list[PatrolRoute], tours: Tours, room: Floats) -> _Plan:
        arcs = np.concatenate([route.arcs for route in routes])
        use = np.bincount(arcs // 2, minlength=len(self.free))
        legs = [legs_of(self.orders, route, tour) for route, tour in zip(routes, tours, strict=True)]
        return _Plan(routes, tours, legs, use, np.array(room, np.float64))

    def _mend(self, row: int) -> None:
        plan, length = self.plans[row], self.orders.problem.graph.length
        others = np.delete(self.driven, row, axis=0)
        own = others @ length
        metres = others * length
        at = np.array([(number, k) for number, legs in enumerate(plan.legs) for k in range(len(legs))])
        part = self.rng.integers(_PARTS, size=len(at))
        legs = [list(one) for one in plan.legs]
        use, room = plan.use.copy(), plan.room.copy()
        mine = (use > 0) & self.free
        state = np.array([*(metres @ mine), length @ mine])  # in common with each, and its own
        first = _overlaps(state, own)
        for number in range(_PARTS):
            rows = at[part == number]
            if len(rows):
                state, room = self._part(row, legs, rows, use, room, state, own, metres)
        if float((_overlaps(state, own) ** _POWER).sum()) < float((first**_POWER).sum()):
            self._take(row, legs, first, own, metres)

    def _part(
        self, row: int, legs: list[Legs], rows: Ints, use: Ints, room: Floats, state: Floats, own: Floats, metres: Floats
    ) -> tuple[Floats, Floats]:  # fmt: skip
        """Look for these legs (r, 2) (tour, place) anew and take those that help; `use` and `legs` follow."""
        graph = self.orders.problem.graph
        kept = use.copy()
        for number, k in rows.tolist():
            np.subtract.at(kept, legs[number][k][1] // 2, 1)
        price = self._price(kept > 0, _overlaps(state, own), state, own, metres > 0, self.dear[row])
        links = np.array([legs[number][k][0] for number, k in rows.tolist()])
        nodes = np.unique(links[:, :2])
        network = arc_network(graph, nodes, self.margin, price)
        found = fastest_ways(network, links[:, 0], links[:, 1], after=links[:, 2], before=links[:, 3])
        total = float((_overlaps(state, own) ** _POWER).sum())
        worth = _ROOM * total / max(float(room[0] + 1e-9), 300.0)  # of a second
        full = False
        for (number, k), new in zip(rows.tolist(), found, strict=True):
            link, old = legs[number][k]
            if np.array_equal(old, new):
                continue
            more = self._long(new) - self._long(old)
            edges = np.unique(np.concatenate((old, new)) // 2)
            before = use[edges] > 0
            np.subtract.at(use, old // 2, 1)
            np.add.at(use, new // 2, 1)
            after = use[edges] > 0
            change = (after.astype(np.float64) - before) * self.free[edges]
            then = state + np.append(metres[:, edges] @ change, graph.length[edges] @ change)
            value = float((_overlaps(then, own) ** _POWER).sum())
            fits = bool(np.all((more <= room) | (more <= 0)))
            full |= not fits
            if fits and value + worth * more[0] < total:
                legs[number][k] = (link, new)
                state, room, total = then, room - more, value
            else:
                np.subtract.at(use, new // 2, 1)
                np.add.at(use, old // 2, 1)
        self.dear[row] = min(max(self.dear[row] * (0.8 if full else 1.25), 0.5), 40.0)
        return state, room

    def _price(self, kept: Bools, near: Floats, state: Floats, own: Floats, used: Bools, dear: float) -> Floats:
        """Return prices by how much a metre of a street adds to the powers of the overlaps, those it does not touch at 1."""
        rate = near ** (_POWER - 1) / np.maximum(state[-1] + own - state[:-1], 1e-9)
        rate /= max(float((rate * (1 + near)).sum()), 1e-300)
        add = (rate * (1 + near)) @ used
        add[kept | ~self.free] = float(rate @ near)  # nothing changes there: as much as a street of no other plan lessens it
        dearer = 1.0 + dear * self.pace * add
        return np.asarray(self.base * dearer * np.exp(0.1 * np.abs(self.rng.normal(size=len(dearer)))))

    def _long(self, arcs: Ints) -> Floats:
        """Return the seconds and the metres of driving arcs, (2,)."""
        graph = self.orders.problem.graph
        return np.array([graph.seconds[arcs].sum(), graph.length[arcs // 2].sum()])

    def _take(self, row: int, legs: list[Legs], first: Floats, own: Floats, metres: Floats) -> None:
        """Drive the plan by new legs; tours that are late by them keep their old ones."""
        plan, graph = self.plans[row], self.orders.problem.graph
        routes, kept = [], []
        for number, (tour, new, old) in enumerate(zip(plan.tours, legs, plan.legs, strict=True)):
            same = all(a[1] is b[1] for a, b in zip(new, old, strict=True))
            route = None if same else walked(self.orders, number, tour, new, self.network)
            routes.append(plan.routes[number] if route is None else route)
            kept.append(old if route is None else legs_of(self.orders, route, tour))
        now, then = (np.concatenate([route.arcs for route in part]) for part in (plan.routes, routes))
        more = self._long(then) - self._long(now)
        if np.any((more > plan.room) & (more > 0)):
            return
        use = np.bincount(then // 2, minlength=len(self.free))
        mine = (use > 0) & self.free
        after = _overlaps(np.array([*(metres @ mine), graph.length @ mine]), own)
        if float((after**_POWER).sum()) < float((first**_POWER).sum()):
            self.plans[row] = _Plan(routes, plan.tours, kept, use, plan.room - more)
            self.driven[row] = mine


def _overlaps(state: Floats, own: Floats) -> Floats:
    return np.asarray(state[:-1] / np.maximum(state[-1] + own - state[:-1], 1e-9))
