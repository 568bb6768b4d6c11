"""From places on the map to stops of a patrol: which node, at what time of the shift, how often."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.network.nearest import nearest_edge, nearest_end
from algorithms.network.polylines import Floats, Ints
from algorithms.network.road_graph import EdgeState, RoadGraph
from algorithms.patrolling.problem import Sites

DAY = 86_400.0


@dataclass(frozen=True, eq=False)
class Access:
    """Where places are reached from: `node` (p,); `off_road` (p,) metres beside the road, `along_road` (p,) metres from the node."""

    node: Ints
    off_road: Floats
    along_road: Floats


def site_access(graph: RoadGraph, points: Floats) -> Access:
    """Return for each place (p, 2) the nearer end of the nearest edge that a vehicle can come back from.

    Raises
    ------
    ValueError
        Where the graph has no such edge.
    """
    places = nearest_edge(graph, points, graph.state == EdgeState.CORE)
    node, along = nearest_end(graph, places)
    return Access(node, places.distance, along)


def shift_window(opens: Floats, closes: Floats, start: float) -> tuple[Floats, Floats]:
    """Return clock windows (seconds after midnight, NaN for any time) as seconds after a shift's start, -inf and inf for any.

    A window that closes before it opens runs over midnight, and one that has closed when the shift starts is meant for the
    next day.

    >>> shift_window(np.array([9 * 3600.0, 23 * 3600.0]), np.array([17 * 3600.0, 3600.0]), 22 * 3600.0)
    (array([39600.,  3600.]), array([68400., 10800.]))
    """
    first, last = np.asarray(opens, np.float64), np.asarray(closes, np.float64)
    first, last = np.where(np.isnan(first), -np.inf, first), np.where(np.isnan(last), np.inf, last)
    last = np.where(last < first, last + DAY, last)
    late = np.where(last < start, DAY, 0.0)  # tomorrow's window
    early = np.where((first - DAY < start) & (start <= last - DAY), -DAY, 0.0)  # yesterday's, still open
    day = late + early
    return first + day - start, last + day - start


def visit_windows(opens: Floats, closes: Floats, visits: Ints, shift: float, gap: float = 0.0) -> tuple[Floats, Floats, Ints, Ints]:
    """Return when each visit may begin (opens, closes), the row it is a visit of, and which of its visits it is, (v,) each.

    What a window leaves of the shift (seconds 0 to `shift`) is cut into as many equal parts as there are visits, `gap` seconds apart, so
    that two visits begin that far apart at least, wherever in its part each lies; where there is no room for such gaps, into parts
    without any. A single visit keeps its window, and so do visits of a window that lies outside the shift.

    >>> visit_windows(np.array([-np.inf]), np.array([np.inf]), np.array([2]), 3600.0, 600.0)[:2]
    (array([   0., 2100.]), array([1500., 3600.]))
    """
    times = np.maximum(np.asarray(visits, np.int64), 1)
    of = np.repeat(np.arange(len(times)), times)
    turn = np.arange(len(of)) - np.repeat(np.cumsum(times) - times, times)
    first, last = np.maximum(opens, 0.0), np.minimum(closes, shift)
    room = last - first
    apart = np.where((times - 1) * gap <= room, gap, 0.0)
    part = (room - (times - 1) * apart) / times
    several = (times > 1) & (room >= 0)
    begin = np.where(several, first, opens)[of] + np.where(several, part + apart, 0.0)[of] * turn
    end = np.where(several[of], begin + part[of], np.asarray(closes, np.float64)[of])
    return begin, end, of, turn


def repeated_visits(sites: Sites, visits: Ints, shift: float, gap: float = 0.0) -> tuple[Sites, Ints]:
    """Return the sites with a row for every visit, spread over the shift as `visit_windows` says, and the site of each row."""
    opens, closes, of, _turn = visit_windows(sites.opens, sites.closes, visits, shift, gap)
    return Sites(sites.node[of], sites.dwell[of], opens, closes, sites.weight[of]), of
