"""What a patrol has to do, how long to search, and what came of it: three values."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from algorithms.network.polylines import Bools, Floats, Ints
from algorithms.network.road_graph import RoadGraph
from algorithms.patrolling.crews import Crews


def _freeze(value: Any) -> None:
    """Replace every array of a dataclass instance by a read-only view, so that the giver's own arrays stay writeable."""
    for one in fields(value):
        array = getattr(value, one.name)
        if isinstance(array, np.ndarray):
            view = array.view()
            view.setflags(write=False)
            object.__setattr__(value, one.name, view)


@dataclass(frozen=True, eq=False)
class Streets:
    """Required edges, one row each.

    `edge` (r,) edges of the road graph; `seconds` (r,) to patrol one along its length; `both` (r,) True where it
    is to be patrolled in each direction that may be driven (else once, in either); `weight` (r,) positive worth of serving
    it, which decides who is dropped when time is short: kilometres x priority is a good worth. The patrol of a row lies between
    `opens` and `closes` (r,) seconds after time zero, or only begins there where the window is shorter than it (None: any time).
    An edge may be required several times, as rows that differ in `turn` (r,) (None: 0).
    """

    edge: Ints
    seconds: Floats
    both: Bools
    weight: Floats
    opens: Floats = None  # type: ignore[assignment]  # always an array once made
    closes: Floats = None  # type: ignore[assignment]
    turn: Ints = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        count = np.shape(self.edge)
        for name, value in (("opens", np.full(count, -np.inf)), ("closes", np.full(count, np.inf)), ("turn", np.zeros(count, np.int64))):
            if getattr(self, name) is None:
                object.__setattr__(self, name, value)
        _freeze(self)

    def __len__(self) -> int:
        return len(self.edge)


@dataclass(frozen=True, eq=False)
class Sites:
    """Places to stop at, one row each.

    `node` (s,) of the road graph; `dwell` (s,) seconds; service lies between `opens` and `closes` (s,) seconds after time zero, or only
    begins there where the window is shorter than the dwell; -inf and inf where any time will do. `weight` (s,) positive worth, on the
    same scale as the streets'.
    """

    node: Ints
    dwell: Floats
    opens: Floats
    closes: Floats
    weight: Floats

    def __post_init__(self) -> None:
        _freeze(self)

    def __len__(self) -> int:
        return len(self.node)


def latest_begin(opens: ArrayLike, closes: ArrayLike, seconds: ArrayLike) -> Floats:
    """Return when service may begin at the latest: so that it ends by `closes`, or at `closes` where its window is shorter than it.

    >>> latest_begin([0.0, 0.0, -np.inf], [100.0, 20.0, np.inf], 30.0)
    array([70., 20., inf])
    """
    closing, lasts = np.asarray(closes, np.float64), np.asarray(seconds, np.float64)
    return np.where(closing - np.maximum(np.asarray(opens, np.float64), -1e18) >= lasts, closing - lasts, closing)


NO_STREETS = Streets(np.zeros(0, np.int64), np.zeros(0), np.zeros(0, bool), np.zeros(0))
NO_SITES = Sites(np.zeros(0, np.int64), np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0))


@dataclass(frozen=True, eq=False)
class PatrolProblem:
    """One patrol: crews leave their depots, serve streets and sites between them and return, each within its own shift.

    Times of streets and sites are seconds after time zero, as those of the crews are. `price` (edges,) is what a second on an edge
    costs when ways are chosen (1 where it is None), inf where a crew may not drive: outside its zone. `compact` 0 … 1 is how much
    crews keep out of each other's parts; with `balance` above 0 the longest time of a crew is at most that many times the mean, for
    at most the share `balance_travel` more driving.

    Raises
    ------
    ValueError
        Where a row does not fit the graph, an edge is required twice for one turn, or a time or weight makes no sense.
    """

    graph: RoadGraph
    crews: Crews
    streets: Streets = NO_STREETS
    sites: Sites = NO_SITES
    price: Floats | None = None
    balance: float = 0.0
    balance_travel: float = 0.15
    compact: float = 0.0

    def __post_init__(self) -> None:
        streets, sites, graph = self.streets, self.sites, self.graph
        _freeze(self)
        rows = [streets.edge, streets.seconds, streets.both, streets.weight, streets.opens, streets.closes, streets.turn]
        stops = [sites.node, sites.dwell, sites.opens, sites.closes, sites.weight]
        price = np.ones(graph.edge_count) if self.price is None else self.price
        checks = {
            "streets and sites need one value a row": all(a.shape == (len(streets),) for a in rows)
            and all(a.shape == (len(sites),) for a in stops),
            "a required edge is not in the graph": _within(streets.edge, graph.edge_count),
            "an edge is required twice": len(set(zip(streets.edge.tolist(), streets.turn.tolist(), strict=False))) == len(streets),
            "a site's node is not in the graph": _within(sites.node, graph.node_count),
            "the depot is not in the graph": _within(self.crews.depot, graph.node_count) and _within(self.crews.home, graph.node_count),
            "times to patrol and to dwell must be finite and not negative": _sane(streets.seconds) and _sane(sites.dwell),
            "weights must be finite and positive": _sane(streets.weight, 1e-12) and _sane(sites.weight, 1e-12),
            "a site must open before it closes": bool(np.all(sites.opens <= sites.closes)),
            "a street's time must begin before it ends": bool(np.all(streets.opens <= streets.closes)),
            "an edge needs a price of 1 or more": price.shape == (graph.edge_count,) and bool(np.all(price >= 1)),
        }
        for message, holds in checks.items():
            if not holds:
                raise ValueError(message)


def _within(rows: Ints, count: int) -> bool:
    return bool(np.all((rows >= 0) & (rows < count)))


def _sane(values: Floats, least: float = 0.0) -> bool:
    return bool(np.all(np.isfinite(values) & (values >= least)))


@dataclass(frozen=True)
class PatrolParams:
    """How long to search: `iterations` a hundred jobs make a seed reproducible; `wall_seconds` is only a safety stop.

    The iterations (at least as many as for a hundred jobs) are spent in so many fresh `starts`, each of so many `rounds`
    between which whole stretches of the routes are moved. Many short starts beat few long ones (see `stretches.py`), but for many jobs
    (see `routes.spent_on`). Ways are looked for around all stops, at first within `margin` metres. Required edges in a row are joined
    to chains of at most `longest_chain` seconds. Balance is bought in at most `balance_steps` bisections.
    """

    iterations: int = 400
    starts: int = 4
    rounds: int = 2
    seed: int = 1
    wall_seconds: float = 120.0
    margin: float = 2000.0
    longest_chain: float = 900.0
    balance_steps: int = 4

    def __post_init__(self) -> None:
        if min(self.iterations, self.starts, self.rounds) < 1 or self.wall_seconds <= 0 or self.margin < 0 or self.longest_chain <= 0:
            raise ValueError("iterations, starts, rounds, wall_seconds and longest_chain must be positive, margin not negative")


class StopKind(IntEnum):
    """What a crew does at a stop."""

    STREET = 0
    SITE = 1
    REST = 2
    VIA = 3  # passed because the planner said so; only in walks by hand


class Reason(IntEnum):
    """Why something is not served."""

    UNREACHABLE = 1  # no way from the depot to it and back
    TOO_FAR = 2  # by itself longer than the shift and its overtime
    CLOSED = 3  # it has closed when a crew can be there, or opens too late for the shift
    NO_TIME = 4  # left out because the crews' time is short; the least worth is left out first
    OUTSIDE = 5  # the only ways to it and back lead through edges where a crew may not drive


@dataclass(frozen=True, eq=False)
class PatrolRoute:
    """One crew's walk from its depot to its home, in driving order.

    Stops, one row each: `kind` a `StopKind`, `item` the row of the problem's streets or sites, -1 for a rest, `at` how many arcs are
    driven before it is served (a street is itself arc `at`), `arrive`, `begin` and `leave` seconds after time zero.
    Drive: `arcs` numbered as in the road graph, `stop_of_arc` the stop it serves or -1 for deadheading. `seconds` is the whole walk
    from the start of the shift, `required_m` and `dead_m` its metres, `crew` the row of the crew that walks it.
    """

    kind: NDArray[np.int8]
    item: Ints
    at: Ints
    arrive: Floats
    begin: Floats
    leave: Floats
    arcs: Ints
    stop_of_arc: Ints
    seconds: float
    required_m: float
    dead_m: float
    crew: int = 0

    def __post_init__(self) -> None:
        _freeze(self)


@dataclass(frozen=True, eq=False)
class Unserved:
    """What is on no route: `kind` a `StopKind`, `item` its row, `reason` a `Reason`; a street `both` ways may miss one only."""

    kind: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))
    item: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    reason: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))

    def __post_init__(self) -> None:
        _freeze(self)

    def __len__(self) -> int:
        return len(self.kind)


@dataclass(frozen=True, eq=False)
class PatrolResult:
    """Routes of the crews that go out, what is not served and why; `cut_short` says that a stop came before the budget's end.

    `shortage_hours` is how much crew time is lacking at the least for everything that can be reached. `balance` is the longest time of
    a crew by the mean over all crews (1 for one), `balance_travel` the share of driving that balancing added. `overlap` is the share of the
    ground of crews that lies in another crew's too, `overlap_before` what it was before crews kept out of each other's parts. `no_rest`
    are crews whose break does not fit between what they do.
    """

    routes: tuple[PatrolRoute, ...]
    unserved: Unserved
    iterations: int
    cut_short: bool
    shortage_hours: float = 0.0
    balance: float = 1.0
    balance_travel: float = 0.0
    overlap: float = 0.0
    overlap_before: float = 0.0
    no_rest: tuple[int, ...] = ()
