"""What of a patrol plan lies near a place on the map: a street piece, a route's way between two calls, a stop, a junction."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from gridplanner.model.brush import distances_to
from gridplanner.model.lines import Floats, Ints, Lines
from gridplanner.model.patrol import DEAD, PatrolStreets, Route


@lru_cache(maxsize=4)
def _pieces(lines: Lines) -> tuple[Floats, Ints]:
    """Return the straight pieces (p, 2, 2) of all lines, and the line of each (p,)."""
    inner = np.ones(max(len(lines.coords) - 1, 0), bool)
    inner[lines.offsets[1:-1] - 1] = False
    first = np.flatnonzero(inner)
    pieces = np.stack((lines.coords[first], lines.coords[first + 1]), axis=1)
    row = np.searchsorted(lines.offsets, first, side="right") - 1
    pieces.setflags(write=False)
    return pieces, row


def street_near(streets: PatrolStreets, x: float, y: float, within: float) -> int:
    """Return the row of the street nearest to a place, -1 where there is none within some metres."""
    return line_near(streets.lines, x, y, within)


def line_near(lines: Lines, x: float, y: float, within: float) -> int:
    """Return the row of the line nearest to a place, -1 where there is none within some metres."""
    if not len(lines):
        return -1
    pieces, row = _pieces(lines)
    low, high = _boxes(lines)
    near = np.flatnonzero(((low <= (x + within, y + within)) & (high >= (x - within, y - within))).all(axis=1))
    if not len(near):
        return -1
    away = distances_to(pieces[near], np.array([[x, y]]))[0]
    best = int(away.argmin())
    return int(row[near[best]]) if away[best] <= within else -1


def line_place(lines: Lines, row: int, x: float, y: float) -> tuple[float, float]:
    """Return the place on a line that is nearest to another one, metres."""
    ends = _ends(lines.line(row))
    place, way = np.array([x, y]), ends[:, 1] - ends[:, 0]
    share = np.clip(((place - ends[:, 0]) * way).sum(axis=1) / np.maximum((way**2).sum(axis=1), 1e-12), 0.0, 1.0)
    feet = ends[:, 0] + share[:, None] * way
    px, py = feet[np.hypot(*(feet - place).T).argmin()].tolist()
    return px, py


def arcs_near(streets: PatrolStreets, route: Route, x: float, y: float, within: float) -> Ints:
    """Return the places in a route's arcs that drive along the street nearest to a place, none where it passes within no such metres."""
    driven = np.unique(route.arcs // 2)
    pieces, row = _pieces(streets.lines)
    mine = np.flatnonzero(np.isin(row, driven))
    if not len(mine):
        return np.zeros(0, np.int64)
    away = distances_to(pieces[mine], np.array([[x, y]]))[0]
    best = int(away.argmin())
    return np.flatnonzero(route.arcs // 2 == row[mine[best]]) if away[best] <= within else np.zeros(0, np.int64)


def gaps_at(route: Route, at: int) -> tuple[int, ...]:
    """Return before which calls a way may be led elsewhere that is dragged at the arc in a place of the drive.

    Before the call that the arc serves and after it, or anywhere between the calls that are served before and after it.
    """
    served = route.call_of_arc
    if served[at] != DEAD:
        return int(served[at]), int(served[at]) + 1
    before, after = served[:at][served[:at] != DEAD], served[at + 1 :][served[at + 1 :] != DEAD]
    first = int(before[-1]) + 1 if len(before) else 0
    last = int(after[0]) if len(after) else len(route.calls)
    return tuple(range(first, last + 1))


def node_near(streets: PatrolStreets, x: float, y: float, within: float) -> int:
    """Return the junction nearest to a place, -1 where there is none within some metres."""
    if not len(streets):
        return -1
    xy, nodes = _nodes(streets)
    away = np.hypot(xy[:, 0] - x, xy[:, 1] - y)
    best = int(away.argmin())
    return int(nodes[best]) if away[best] <= within else -1


def node_place(streets: PatrolStreets, node: int) -> tuple[float, float]:
    """Return where a junction is, metres."""
    xy, nodes = _nodes(streets)
    x, y = xy[int(np.searchsorted(nodes, node))].tolist()
    return x, y


def call_of_stop(route: Route, stop: int) -> int:
    """Return the call that a stop of a route is, -1 for the depot: every call has a stop but those that are merely passed."""
    rows = [row for row, call in enumerate(route.calls) if call.kind != "via"]
    return rows[stop - 1] if 0 < stop <= len(rows) else -1


def stop_of_call(route: Route, call: int) -> int:
    """Return the stop that a call of a route is, -1 for one that is merely passed."""
    if not 0 <= call < len(route.calls) or route.calls[call].kind == "via":
        return -1
    return 1 + sum(other.kind != "via" for other in route.calls[:call])


def calls_on(route: Route, edge: int) -> tuple[int, ...]:
    """Return the calls of a route that patrol a street or merely pass it because the planner said so."""
    return tuple(row for row, call in enumerate(route.calls) if any(arc // 2 == edge for arc in call.arcs))


def street_middle(streets: PatrolStreets, edge: int) -> tuple[float, float]:
    """Return the middle of a street's line, as findings and picks name its place, metres."""
    line = streets.lines.line(edge)
    low = (len(line) - 1) // 2
    x, y = ((line[low] + line[min(low + 1, len(line) - 1)]) / 2).tolist()
    return x, y


@lru_cache(maxsize=4)
def _nodes(streets: PatrolStreets) -> tuple[Floats, Ints]:
    offsets = streets.lines.offsets
    ends = np.concatenate((streets.lines.coords[offsets[:-1]], streets.lines.coords[offsets[1:] - 1]))
    nodes, first = np.unique(np.concatenate((streets.u, streets.v)), return_index=True)
    return ends[first], nodes


@lru_cache(maxsize=4)
def _boxes(lines: Lines) -> tuple[Floats, Floats]:
    pieces, _row = _pieces(lines)
    return pieces.min(axis=1), pieces.max(axis=1)


def _ends(line: Floats) -> Floats:
    return np.stack((line[:-1], line[1:]), axis=1)
