"""A walk in a given order of calls: which ways, which side first, and when; what an edit by hand follows and what a route is told from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np

from algorithms.network.polylines import Bools, Floats, Ints
from algorithms.network.road_graph import RoadGraph, arc_ends
from algorithms.network.shortest_paths import ArcNetwork, fastest_ways
from algorithms.patrolling.problem import StopKind, latest_begin

_LATE = 1e-6  # seconds
_KEEP = 100_000  # ways remembered, before all are forgotten

Link = tuple[int, int, int, int]  # from node, to node, the arc driven last and the arc driven next (-1: none)


class NoWay(ValueError):  # noqa: N818  (an answer, not a fault)
    """There is no way to a call from the one before it; `call` is its row, rests not counted, or how many calls there are for the end."""

    def __init__(self, call: int) -> None:
        super().__init__(f"no way to call {call}")
        self.call = call


@dataclass(frozen=True)
class WalkCall:
    """One thing to do: patrol `arcs` (STREET), pass along them (VIA), stop at `node` (SITE), or rest wherever the crew is (REST).

    `seconds` it takes; None for the arcs' own driving time. It begins at `opens` or later and ends by `closes`, or only begins by
    then where the window is shorter than what it takes, or where it is a rest. With `either` the arcs may as well be driven whole the
    other way round.
    """

    kind: StopKind
    arcs: tuple[int, ...] = ()
    node: int = -1
    seconds: float | None = None
    opens: float = -np.inf
    closes: float = np.inf
    either: bool = False


@dataclass(frozen=True, eq=False)
class Walk:
    """A walk with its times.

    Calls, one row each: `arrive`, `begin`, `leave` in seconds after time zero, `turned` True where the arcs are driven the other way
    round, `at` how many arcs are driven before it. Drive: `arcs`, `call_of_arc` the call that an arc serves or -1, `passed`
    (arcs + 1,) when each arc is begun and at last the end is reached.
    `seconds` from the start to the end; `late` the calls that begin too late for their windows.
    """

    arrive: Floats
    begin: Floats
    leave: Floats
    turned: Bools
    at: Ints
    arcs: Ints
    call_of_arc: Ints
    passed: Floats
    seconds: float
    late: Ints

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)


@dataclass(frozen=True)
class _Way:
    arcs: Ints
    clock: Floats  # (arcs + 1,) seconds until each arc is begun, and until the end
    cost: float


class Ways:
    """The fastest ways of one network by what they cost, looked for once each: a walk that changes a little needs few new ones."""

    def __init__(self, graph: RoadGraph, network: ArcNetwork, price: Floats | None = None) -> None:
        self.graph, self.network = graph, network
        self._price = np.ones(graph.edge_count) if price is None else price
        self._known: dict[Link, _Way | None] = {}

    def __len__(self) -> int:
        return len(self._known)

    def look_up(self, links: Iterable[Link]) -> None:
        """Find all ways of these links that are not known yet, in one search."""
        new = sorted({link for link in links if link not in self._known})
        if not new:
            return
        if len(self._known) > _KEEP:
            self._known.clear()
        for link, arcs in zip(new, self._search(new), strict=True):
            self._known[link] = None if arcs is None else self._way(arcs)

    def way(self, link: Link) -> _Way | None:
        """Return the way of a link, None where there is none."""
        if link not in self._known:
            self.look_up([link])
        return self._known[link]

    def way_cost(self, node: int, other: int) -> float:
        """Return what the fastest way between two nodes costs, infinite where there is none."""
        way = self.way((node, other, -1, -1))
        return np.inf if way is None else way.cost

    def keep(self, node: int, other: int, after: int, before: int, arcs: Ints) -> None:
        """Take these arcs for the way of a link that none is known of yet, such as a way of a plan that is to stay as it is."""
        self._known.setdefault(_link(self.graph, node, other, after, before), self._way(arcs))

    def _way(self, arcs: Ints) -> _Way:
        seconds = self.graph.seconds[arcs]
        return _Way(arcs, np.concatenate(([0.0], np.cumsum(seconds))), float((seconds * self._price[arcs // 2]).sum()))

    def _search(self, links: Sequence[Link]) -> list[Ints | None]:
        table = np.array(links, np.int64)
        try:
            return list(fastest_ways(self.network, table[:, 0], table[:, 1], after=table[:, 2], before=table[:, 3]))
        except ValueError:
            if len(links) == 1:
                return [None]
            half = len(links) // 2
            return self._search(links[:half]) + self._search(links[half:])


def drive_calls(ways: Ways, depot: int, home: int, start: float, calls: Sequence[WalkCall]) -> Walk:
    """Return the walk from `depot` through the calls in their order to `home`, by the fastest ways, begun at `start`.

    Streets that may be driven either way are turned so that the whole way costs least (dynamic programming over the order).
    A rest is taken at the first junction reached after it opens, at the latest where it would close, between the calls
    beside it.

    Raises
    ------
    NoWay
        Where a call or the end cannot be reached.
    """
    placed = [i for i, call in enumerate(calls) if call.kind != StopKind.REST]
    turned = _turns(ways, depot, home, [calls[i] for i in placed])
    clock = _Clock(ways.graph, calls, start)
    after, node = -1, depot
    for k, i in enumerate([*placed, len(calls)]):
        last = placed[k - 1] if k else -1
        arcs = _driven(calls[i], turned[k]) if i < len(calls) else ()
        entry, leave = (_ends(ways.graph, calls[i], arcs)) if i < len(calls) else (home, home)
        way = ways.way(_link(ways.graph, node, entry, after, arcs[0] if arcs else -1))
        assert way is not None
        clock.drive(way, range(last + 1, i))
        if i < len(calls):
            clock.call(i, np.array(arcs, np.int64))
        after, node = (arcs[-1] if arcs else -1), leave  # whoever stops at a site may leave it any way
    whole = np.zeros(len(calls), bool)
    whole[placed] = turned[: len(placed)]
    return clock.walk(whole)


def _link(graph: RoadGraph, node: int, entry: int, after: int, before: int) -> Link:
    return (node, entry, after, before) if len(graph.banned) else (node, entry, -1, -1)


def _driven(call: WalkCall, turned: bool) -> tuple[int, ...]:
    return tuple(arc ^ 1 for arc in reversed(call.arcs)) if turned else call.arcs


def _ends(graph: RoadGraph, call: WalkCall, arcs: tuple[int, ...]) -> tuple[int, int]:
    if not arcs:
        return call.node, call.node
    tail, head = arc_ends(graph, np.array([arcs[0], arcs[-1]]))
    return int(tail[0]), int(head[1])


def _turns(ways: Ways, depot: int, home: int, calls: Sequence[WalkCall]) -> list[bool]:
    """Return which calls to drive the other way round so that all ways together cost least; False at last, for the end."""
    graph = ways.graph
    layers: list[list[tuple[int, int, int, int, bool]]] = [[(depot, depot, -1, -1, False)]]  # entry, exit, first and last arc, turned
    for call in calls:
        sides: list[tuple[int, int, int, int, bool]] = []
        for turn in (False, True) if call.either and call.arcs else (False,):
            arcs = _driven(call, turn)
            if arcs and call.either and not np.all(np.isfinite(graph.seconds[list(arcs)])):
                continue
            sides.append((*_ends(graph, call, arcs), arcs[0] if arcs else -1, arcs[-1] if arcs else -1, turn))
        layers.append(sides)
    layers.append([(home, home, -1, -1, False)])
    links = [
        [[_link(graph, one[1], other[0], one[3], other[2]) for other in layers[k + 1]] for one in layers[k]] for k in range(len(layers) - 1)
    ]
    ways.look_up(link for rows in links for row in rows for link in row)
    cost, back = [0.0], []
    for k, rows in enumerate(links):
        table = [[cost[i] + (way.cost if (way := ways.way(link)) is not None else np.inf) for link in row] for i, row in enumerate(rows)]
        best = [min(range(len(rows)), key=lambda i, j=j: table[i][j]) for j in range(len(layers[k + 1]))]  # type: ignore[misc]
        cost = [table[i][j] for j, i in enumerate(best)]
        if not cost or min(cost) == np.inf:
            raise NoWay(k)
        back.append(best)
    side, turns = 0, [False]
    for k in range(len(calls), 0, -1):
        side = back[k][side]
        turns.append(layers[k][side][4])
    return turns[::-1]


class _Clock:
    """Drives, serves and rests, and notes when."""

    def __init__(self, graph: RoadGraph, calls: Sequence[WalkCall], start: float) -> None:
        self.graph, self.calls, self.start, self.now = graph, calls, start, start
        self.times = np.zeros((3, len(calls)))
        self.at = np.zeros(len(calls), np.int64)
        self.late: list[int] = []
        self.arcs: list[Ints] = []
        self.served: list[Ints] = []
        self.passed: list[Floats] = []
        self.count = 0

    def drive(self, way: _Way, rests: Iterable[int]) -> None:
        """Drive a way, and take these rests on it."""
        clock, first = self.now + way.clock, 0
        for i in rests:
            call = self.calls[i]
            fit = np.flatnonzero((clock[first:] >= call.opens) & (clock[first:] <= call.closes))
            early = np.flatnonzero(clock[first:] <= call.opens)
            first += int(fit[0]) if len(fit) else int(early[-1]) if len(early) else 0
            begin, arrive = max(float(clock[first]), call.opens), float(clock[first])
            leave = begin + (call.seconds or 0.0)
            self._note(i, arrive, begin, leave, self.count + first)
            clock = np.concatenate((clock[:first], clock[first:] + (leave - arrive)))
        self._add(way.arcs, np.full(len(way.arcs), -1), clock[:-1])
        self.now = float(clock[-1])

    def call(self, i: int, arcs: Ints) -> None:
        """Serve a call where the crew is, along its arcs if it has any."""
        call = self.calls[i]
        own = self.graph.seconds[arcs]
        seconds = float(own.sum()) if call.seconds is None else call.seconds
        begin = max(self.now, call.opens)
        self._note(i, self.now, begin, begin + seconds, self.count)
        if len(arcs):
            share = own if call.seconds is None else self.graph.length[arcs // 2]
            done = np.concatenate(([0.0], np.cumsum(share)[:-1])) / max(float(share.sum()), 1e-9)
            self._add(arcs, np.full(len(arcs), i), begin + seconds * done)
        self.now = begin + seconds

    def walk(self, turned: Bools) -> Walk:
        """Return what was noted."""
        none = np.zeros(0, np.int64)
        return Walk(
            self.times[0],
            self.times[1],
            self.times[2],
            turned,
            self.at,
            np.concatenate([none, *self.arcs]),
            np.concatenate([none, *self.served]),
            np.concatenate([*self.passed, [self.now]]),
            self.now - self.start,
            np.array(self.late, np.int64),
        )

    def _note(self, i: int, arrive: float, begin: float, leave: float, at: int) -> None:
        call = self.calls[i]
        self.times[:, i], self.at[i] = (arrive, begin, leave), at
        rests = call.kind == StopKind.REST
        if begin > (call.closes if rests else float(latest_begin(call.opens, call.closes, leave - begin))) + _LATE:
            self.late.append(i)

    def _add(self, arcs: Ints, served: Ints, passed: Floats) -> None:
        self.arcs.append(arcs)
        self.served.append(served)
        self.passed.append(passed)
        self.count += len(arcs)
