"""How long crews take between places over the project's streets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from algorithms.network.nearest import EdgePlaces, nearest_edge
from algorithms.network.place_times import place_times
from algorithms.network.road_graph import EdgeState, RoadGraph
from algorithms.network.shortest_paths import ArcNetwork, arc_network
from algorithms.progress import SILENT, Progress
from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.places import Roads
from gridplanner.planning.road_network import graph_of_roads

OFF_ROAD = 5.0 / 3.6  # m/s from the road to a door: on foot, in a hurry


@dataclass(frozen=True, eq=False)
class Ways:
    """The streets as a crew takes them: the graph, its part ready for search, the project's street row of each of its lines."""

    graph: RoadGraph
    network: ArcNetwork
    street: Ints

    def places(self, xy: Floats) -> EdgePlaces:
        """Return where places (n, 2) lie on the streets: on the nearest one that one can come back from."""
        return nearest_edge(self.graph, xy, self.graph.state == EdgeState.CORE)


@lru_cache(maxsize=4)
def ways_of(roads: Roads, mode: str) -> Ways:
    """Return the streets for a mode (car, motorcycle, foot); raises InputError where there are none to go on."""
    graph, street = graph_of_roads(roads, mode)
    if not np.any(graph.state == EdgeState.CORE):
        raise InputError(_("There are no streets that connect places; import the streets first"))
    return Ways(graph, arc_network(graph), street)


def minutes_between(ways: Ways, sources: Floats, targets: Floats, progress: Progress = SILENT) -> Floats:
    """Return the minutes from each source (s, 2) to each target (t, 2), (s, t), inf where there is no way."""
    return place_times(ways.graph, ways.network, ways.places(sources), ways.places(targets), OFF_ROAD, progress=progress) / 60.0
