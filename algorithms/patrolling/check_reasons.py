"""An independent check of why something is not served: the cheapest way there and home for every crew, in a networkx graph of arcs."""

from __future__ import annotations

import math
from typing import Any

import networkx as nx
import numpy as np

from algorithms.network.road_graph import to_networkx
from algorithms.patrolling.problem import PatrolProblem, Reason, StopKind, latest_begin

_SECOND = 1e-3


class Trips:
    """What the cheapest ways from depots and to homes take, turn by turn."""

    def __init__(self, problem: PatrolProblem) -> None:
        self.problem = problem
        self.priced = arc_graph(problem, True)
        self.open = arc_graph(problem, False)
        self._known: dict[tuple[bool, bool, int], Any] = {}

    def there(self, crew: int, target: tuple[str, int], priced: bool = True) -> float:
        """Return the seconds from a crew's depot to a node ("to", node), or to where an arc begins ("arc", arc)."""
        return self._seconds(False, int(self.problem.crews.depot[crew]), target, priced)

    def home(self, crew: int, source: tuple[str, int], priced: bool = True) -> float:
        """Return the seconds to a crew's home from a node ("from", node), or from the end of an arc ("arc", arc)."""
        return self._seconds(True, int(self.problem.crews.home[crew]), source, priced)

    def _seconds(self, back: bool, node: int, place: tuple[str, int], priced: bool) -> float:
        graph = self.priced if priced else self.open
        graph = graph.reverse(copy=False) if back else graph
        key = (back, priced, node)
        if key not in self._known:
            self._known[key] = nx.dijkstra_predecessor_and_distance(graph, ("to" if back else "from", node), weight="cost")
        before, cost = self._known[key]
        if place not in cost:
            return math.inf
        seconds = 0.0
        at = place
        while before[at]:
            seconds += graph.edges[before[at][0], at]["seconds"]
            at = before[at][0]
        own = float(self.problem.graph.seconds[place[1]]) if place[0] == "arc" else 0.0
        return seconds if back else seconds - own  # the arc itself is driven in the way there and not in the way home


def arc_graph(problem: PatrolProblem, priced: bool) -> Any:
    """Return a digraph whose nodes are arcs just driven, and ("from", node), ("to", node) where a drive may begin and end."""
    roads = to_networkx(problem.graph)
    price = problem.price if priced and problem.price is not None else np.ones(problem.graph.edge_count)
    graph = nx.DiGraph()
    leaving: dict[int, list[int]] = {}
    lasts: dict[int, tuple[float, float]] = {}
    for node in roads:
        graph.add_nodes_from((("from", node), ("to", node)))
        graph.add_edge(("from", node), ("to", node), cost=0.0, seconds=0.0)
    for tail, head, arc, data in roads.edges(keys=True, data=True):
        cost = data["seconds"] * float(price[arc // 2])
        if cost < math.inf:
            lasts[arc] = (cost, data["seconds"])
            leaving.setdefault(tail, []).append(arc)
            graph.add_edge(("from", tail), ("arc", arc), cost=cost, seconds=data["seconds"])
            graph.add_edge(("arc", arc), ("to", head), cost=0.0, seconds=0.0)
    for _tail, head, arc in roads.edges(keys=True):
        for onward in leaving.get(head, []) if arc in lasts else []:
            if (arc, onward) not in roads.graph["banned"]:
                graph.add_edge(("arc", arc), ("arc", onward), cost=lasts[onward][0], seconds=lasts[onward][1])
    return graph


def wrong_reasons(problem: PatrolProblem, listed: dict[tuple[int, int], int], trips: Trips) -> list[str]:
    """Return what is listed for a reason that does not hold."""
    wrong: list[str] = []
    streets, sites = problem.streets, problem.sites
    for (kind, row), reason in listed.items():
        if kind == StopKind.STREET:
            edge = int(streets.edge[row])
            arcs = [arc for arc in (2 * edge, 2 * edge + 1) if np.isfinite(problem.graph.seconds[arc])]
            window = float(streets.opens[row]), float(streets.closes[row])
            why = {_why(trips, ("arc", arc), ("arc", arc), float(streets.seconds[row]), window) for arc in arcs} or {Reason.UNREACHABLE}
            holds = reason in why if streets.both[row] else reason == max(why, key=_CLOSENESS.index)
            what = f"street {row}"
        else:
            node = int(sites.node[row])
            window = float(sites.opens[row]), float(sites.closes[row])
            holds = reason == _why(trips, ("to", node), ("from", node), float(sites.dwell[row]), window)
            what = f"site {row}"
        if not holds:
            wrong.append(f"{what} is listed for a reason that does not hold: {Reason(reason).name}")
    return wrong


_CLOSENESS = (Reason.UNREACHABLE, Reason.OUTSIDE, Reason.TOO_FAR, Reason.CLOSED, Reason.NO_TIME)


def _why(trips: Trips, entry: tuple[str, int], leave: tuple[str, int], seconds: float, window: tuple[float, float]) -> Reason:
    """Return what keeps the crew that comes closest from a job; NO_TIME where nothing but other jobs does."""
    crews, found = trips.problem.crews, Reason.UNREACHABLE
    for crew in range(len(crews)):
        go, back = trips.there(crew, entry), trips.home(crew, leave)
        start, longest = float(crews.start[crew]), float(crews.longest[crew] - crews.rest[crew])
        begin = max(start + go, window[0])
        if not go + back < math.inf:
            reachable = trips.there(crew, entry, False) + trips.home(crew, leave, False) < math.inf
            why = Reason.OUTSIDE if reachable else Reason.UNREACHABLE
        elif go + seconds + back > longest + _SECOND:
            why = Reason.TOO_FAR
        elif begin > float(latest_begin(*window, seconds)) + _SECOND or begin + seconds + back > start + longest + _SECOND:
            why = Reason.CLOSED
        else:
            why = Reason.NO_TIME
        found = max(found, why, key=_CLOSENESS.index)
    return found
