"""How long crews take between places over the project's streets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from algorithms.graph.components import components
from algorithms.network.nearest import EdgePlaces, nearest_edge
from algorithms.network.place_times import place_times
from algorithms.network.reach import Reach, reach_from, reached
from algorithms.network.road_graph import EdgeState, RoadGraph
from algorithms.network.shortest_paths import ArcNetwork, arc_network
from algorithms.progress import SILENT, Progress
from algorithms.sums import group_sums
from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.model.lines import Bools, Floats, Ints
from gridplanner.model.places import Roads
from gridplanner.planning.road_network import graph_of_roads

OFF_ROAD = 5.0 / 3.6  # m/s from the road to a door: on foot, in a hurry
YARD = 15.0 / 3.6  # m/s from where a crew waits to the road: driven
THROUGH = ("motorway", "motorway_link")  # nobody stops there to go to a door
ASIDE = 200.0  # metres that a crew walks further than to the nearest street, where that one leads nowhere
VILLAGE = 1000.0  # metres of streets from which what is apart is a place of its own, not a gap in the data


@dataclass(frozen=True, eq=False)
class Ways:
    """The streets as a crew takes them: the graph, its part ready for search, the project's street row of each of its lines.

    `stop` (m,) are the edges that one can stop at and come back from: no motorway, no tunnel.
    """

    graph: RoadGraph
    network: ArcNetwork
    street: Ints
    mode: str
    stop: Bools

    def places(self, xy: Floats) -> EdgePlaces:
        """Return where places (n, 2) lie on the streets: on the nearest one that one can stop at and come back from."""
        return nearest_edge(self.graph, xy, self.stop)

    def lead(self, posts: EdgePlaces) -> Floats:
        """Return the seconds from posts to the road: crews drive out of the yard, or walk where they go on foot."""
        return np.asarray(posts.distance / (OFF_ROAD if self.mode == "foot" else YARD))

    def cut_off(self, xy: Floats, places: EdgePlaces) -> Bools:
        """Return which places (n, 2), on the streets at `places`, have no way: their own streets are joined to no others.

        The nearest street of such a place lies apart from those that connect places, and is either one of many there, so that it is
        a part of the town beyond reach, or much nearer than the streets that crews come on.
        """
        found = np.zeros(len(xy), bool)
        apart = (self.graph.state == EdgeState.APART) | (self.graph.state == EdgeState.CLOSED)
        far = np.flatnonzero(places.distance > 0)
        if not len(far) or not apart.any():
            return found
        near = nearest_edge(self.graph, xy[far], apart)
        part = components(self.graph.node_count, self.graph.u[apart], self.graph.v[apart])[self.graph.u]
        metres = group_sums(part, np.where(apart, self.graph.length, 0.0))[part]
        beyond = places.distance[far] - near.distance
        found[far] = (beyond > ASIDE) | ((beyond > 0) & (metres[near.edge] > VILLAGE) & (self.graph.state[near.edge] == EdgeState.APART))
        return found


@lru_cache(maxsize=4)
def ways_of(roads: Roads, mode: str) -> Ways:
    """Return the streets for a mode (car, motorcycle, foot); raises InputError where there are none to go on."""
    graph, street = graph_of_roads(roads, mode)
    core = graph.state == EdgeState.CORE
    if not np.any(core):
        raise InputError(_("There are no streets that connect places; import the streets first"))
    row = street[graph.line]
    stop = core & ~np.isin(roads.highway[row], THROUGH) & (roads.level[row] >= 0)
    return Ways(graph, arc_network(graph), street, mode, stop if stop.any() else core)


def minutes_between(ways: Ways, sources: Floats, targets: Floats, progress: Progress = SILENT) -> Floats:
    """Return the minutes from each source (s, 2) to each target (t, 2), (s, t), inf where there is no way."""
    starts = ways.places(sources)
    return place_times(ways.graph, ways.network, starts, ways.places(targets), OFF_ROAD, progress=progress, lead=ways.lead(starts)) / 60.0


def reach_of(ways: Ways, posts: Floats) -> Reach:
    """Return when the streets are first reached from posts (p, 2)."""
    places = ways.places(posts)
    return reach_from(ways.graph, ways.network, places, ways.lead(places))


def minutes_of_reach(ways: Ways, reach: Reach, xy: Floats) -> tuple[Floats, Ints]:
    """Return the minutes to places (n, 2), inf for those with no way, and the row of the post that is first there, -1 for none."""
    if not len(xy):
        return np.zeros(0), np.zeros(0, np.int32)
    places = ways.places(xy)
    seconds, post = reached(ways.graph, ways.network, reach, places)
    minutes = (seconds + places.distance / OFF_ROAD) / 60.0
    lost = ways.cut_off(xy, places) | ~np.isfinite(minutes)
    return np.where(lost, np.inf, minutes), np.where(lost, -1, post).astype(np.int32)
