"""Flows over the boundary of an area: outward from its places to every crossing, and through it from crossing to crossing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from algorithms.checkpoints.crossings import Crossings
from algorithms.network.polylines import Floats, Ints
from algorithms.progress import SILENT, Progress, Span

_STEP = 1e-3  # seconds to or from a gate: no time, but a sparse matrix has no entry without one
_LEAST = 60.0  # seconds below which nearer is not better: the gravity model has no place next door
_CHUNK = 8_000_000  # entries of a distance table held at a time


@dataclass(frozen=True, eq=False)
class Flows:
    """Trips over the boundary, put together by the places that they pass.

    Pattern i passes the places `places[offsets[i]:offsets[i + 1]]`, with the shares `outward[i]` and `through[i]` of all outward and of
    all through trips. Each sums to 1, or to 0 where there are no such trips.
    """

    offsets: Ints
    places: Ints
    outward: Floats
    through: Floats

    def shares(self, count: int) -> tuple[Floats, Floats]:
        """Return the shares of the outward and of the through trips that pass each of `count` places, (count,) each."""
        pattern = np.repeat(np.arange(len(self.outward)), np.diff(self.offsets))
        one, other = (np.bincount(self.places, flow[pattern], minlength=count) for flow in (self.outward, self.through))
        return np.asarray(one, np.float64), np.asarray(other, np.float64)


@dataclass(frozen=True, eq=False)
class Gates:
    """Where trips end beyond an area, and where through trips begin.

    Gate i lies at `xy[i]` and draws by `weight[i]`, 0 for nothing. It is reached from the nodes `goal` (j,) of the gates `goal_gate`
    (j,), and left to the nodes `start` (k,) of the gates `start_gate` (k,).
    """

    xy: Floats
    weight: Floats
    goal: Ints
    goal_gate: Ints
    start: Ints
    start_gate: Ints


def gates_at(crossings: Crossings, place: Ints, weight: Floats) -> Gates:
    """Return a gate of some `weight` (places,) just beyond each place; `place` (c,) is the one of each crossing."""
    outer = np.where(crossings.outward, crossings.streets.v[crossings.piece], crossings.streets.u[crossings.piece])
    many = np.bincount(place, minlength=len(weight))[:, None]
    middle = np.column_stack([np.bincount(place, c, minlength=len(weight)) for c in crossings.xy.T]) / many
    out, come = crossings.leaves, crossings.enters
    return Gates(middle, weight, outer[out], place[out], outer[come], place[come])


def flows_over(
    crossings: Crossings,
    place: Ints,
    gates: Gates,
    origin: Ints,
    amount: Floats,
    *,
    through: Gates | None = None,
    extra: Ints | None = None,
    progress: Progress = SILENT,
) -> Flows:
    """Return the trips over the boundary along the fastest ways.

    `place` (c,) is the place 0 … of each crossing, `extra` (m,) a place of pieces that are no crossing (-1: none), to see what passes
    there. Outward trips begin at the nodes `origin` (o,) inside, `amount` (o,) at each, and choose among the `gates` by weight ÷
    minutes² (Huff 1963). Through trips go between any two gates of `through` (None: the same gates) by the product of their weights,
    and the more the more the two face each other as seen from the middle of all: by (1 - cos) / 2 of the angle between them. Those
    whose fastest way passes no crossing do not count.
    """
    table: dict[frozenset[int], list[float]] = {}
    over = frozenset(place.tolist())
    sets: list[frozenset[int]] = [frozenset()]
    passed = np.full(len(crossings.streets.u), -1) if extra is None else extra.copy()
    passed[crossings.piece] = place
    rows = np.flatnonzero(gates.weight > 0)
    seconds = np.empty((len(rows), len(origin)))
    patterns = np.empty((len(rows), len(origin)), np.int64)
    half = 1.0 if through is None else 0.5
    for row, (gate, times, label) in enumerate(_trees(crossings, gates, passed, sets, Span(progress, 0.0, half))):
        seconds[row], patterns[row] = times[origin], label[origin]
        if through is None:
            _add_through(table, gates, gate, times, label, sets)
    if through is not None:
        for gate, times, label in _trees(crossings, through, passed, sets, Span(progress, half, 1.0)):
            _add_through(table, through, gate, times, label, sets)
    pull = np.where(np.isfinite(seconds), gates.weight[rows, None] / np.maximum(seconds, _LEAST) ** 2, 0.0)
    total = pull.sum(axis=0)
    trips = pull / np.where(total > 0, total, 1.0) * np.where(total > 0, amount, 0.0)
    for number, sum_ in enumerate(np.bincount(patterns.ravel(), trips.ravel(), minlength=len(sets)).tolist()):
        _add(table, sets[number], 0, sum_)
    return _flows({passes: trips for passes, trips in table.items() if passes & over})


def _trees(
    crossings: Crossings, gates: Gates, passed: Ints, sets: list[frozenset[int]], progress: Progress
) -> Iterator[tuple[int, Floats, Ints]]:
    """Yield (gate, seconds to it from every node, row in `sets` of the places on the way) for each gate that draws.

    Behind the n nodes of the streets come those that trips to each gate end in (n + gate) and begin in (n + gates + gate).
    """
    network, tail, head, place = _network(crossings, gates, passed)
    n = crossings.streets.node_count
    back = csr_array(network.T)
    drawing = np.flatnonzero(gates.weight > 0)
    step = max(1, _CHUNK // max(2 * network.shape[0], 1))
    for first in range(0, len(drawing), step):
        progress.check()
        progress.report(first / len(drawing))
        some = drawing[first : first + step]
        far, onward = dijkstra(back, indices=n + some, return_predecessors=True)
        for gate, times, after in zip(some.tolist(), far, onward, strict=True):
            yield gate, times, _labels(after, tail, head, place, sets)


def _add_through(
    table: dict[frozenset[int], list[float]], gates: Gates, gate: int, times: Floats, label: Ints, sets: list[frozenset[int]]
) -> None:
    """Add the trips from every gate to one."""
    begin = len(times) - len(gates.weight) + np.arange(len(gates.weight))
    trips = np.where(np.isfinite(times[begin]), gates.weight * gates.weight[gate] * _facing(gates.xy, gate), 0.0)
    for other in np.flatnonzero(trips).tolist():
        _add(table, sets[label[begin[other]]], 1, float(trips[other]))


def _network(crossings: Crossings, gates: Gates, passed: Ints) -> tuple[csr_array, Ints, Ints, Ints]:
    """Return seconds between nodes, and the arcs (tails, heads) that lead over a place, with the place."""
    streets = crossings.streets
    n, many = streets.node_count, len(gates.weight)
    tail = np.concatenate((streets.u, streets.v, gates.goal, n + many + gates.start_gate))
    head = np.concatenate((streets.v, streets.u, n + gates.goal_gate, gates.start))
    none = len(gates.goal) + len(gates.start)
    seconds = np.concatenate((streets.seconds[:, 0], streets.seconds[:, 1], np.full(none, _STEP)))
    passed = np.concatenate((passed, passed, np.full(none, -1)))
    rows = np.flatnonzero(np.isfinite(seconds) & (tail != head))
    rows = rows[np.lexsort((rows, seconds[rows], head[rows], tail[rows]))]
    fastest = np.ones(len(rows), bool)  # a sparse matrix would add up parallel arcs
    fastest[1:] = (tail[rows][1:] != tail[rows][:-1]) | (head[rows][1:] != head[rows][:-1])
    rows = rows[fastest]
    size = n + 2 * many
    matrix = csr_array((np.maximum(seconds[rows], _STEP), (tail[rows], head[rows])), shape=(size, size))
    rows = rows[passed[rows] >= 0]
    return matrix, tail[rows], head[rows], passed[rows]


def _labels(onward: Ints, tail: Ints, head: Ints, place: Ints, sets: list[frozenset[int]]) -> Ints:
    """Return (n,) the row in `sets` of the places on the way from each node along the tree `onward`; new sets are appended."""
    size = len(onward)
    passes = onward[tail] == head
    own = np.full(size, -1)
    own[tail[passes]] = place[passes]
    stop = np.where((onward < 0) | (own >= 0), np.arange(size), onward)
    while not np.array_equal(further := stop[stop], stop):
        stop = further
    known: dict[frozenset[int], int] = {found: row for row, found in enumerate(sets)}
    row_of = np.zeros(size, np.int64)
    done = np.zeros(size, bool)
    done[own < 0] = True
    for node in tail[passes].tolist():
        chain: list[int] = []
        while not done[node]:
            chain.append(node)
            node = int(stop[onward[node]])
        for crossed in reversed(chain):
            found = sets[row_of[stop[onward[crossed]]]] | {int(own[crossed])}
            if found not in known:
                known[found] = len(sets)
                sets.append(found)
            row_of[crossed], done[crossed] = known[found], True
    return np.asarray(row_of[stop])


def _facing(xy: Floats, gate: int) -> Floats:
    """Return how much each place (g, 2) faces one of them as seen from the middle of all, 0 to 1."""
    ray = xy - xy.mean(axis=0)
    ray /= np.maximum(np.hypot(*ray.T), 1e-9)[:, None]
    facing: Floats = np.clip((1.0 - ray @ ray[gate]) / 2.0, 0.0, 1.0)
    facing[gate] = 0.0
    return facing


def _add(table: dict[frozenset[int], list[float]], passed: frozenset[int], column: int, trips: float) -> None:
    if passed and trips > 0:
        table.setdefault(passed, [0.0, 0.0])[column] += trips


def _flows(table: dict[frozenset[int], list[float]]) -> Flows:
    keys = sorted(table, key=sorted)
    offsets = np.concatenate(([0], np.cumsum([len(key) for key in keys]))).astype(np.int64)
    places = np.array([place for key in keys for place in sorted(key)], np.int64)
    trips = np.array([table[key] for key in keys], np.float64).reshape(-1, 2)
    sums = trips.sum(axis=0)
    trips /= np.where(sums > 0, sums, 1.0)
    return Flows(offsets, places, trips[:, 0].copy(), trips[:, 1].copy())
