"""Case: times between 200 places within 3 km of one another, on a made road graph of 100,000 nodes, beside networkx."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import networkx as nx
import numpy as np

from algorithms.network.arc_index import arc_index
from algorithms.network.nearest import core_nodes
from algorithms.network.polylines import Floats, Ints
from algorithms.network.road_graph import RoadGraph, arc_ends, build_road_graph, to_networkx
from algorithms.network.shortest_paths import arc_network, travel_times
from algorithms.network.turns import with_banned
from algorithms.progress import Progress
from gridplanner.benchmarks.table import Row, at_least, at_most

SECONDS, TIMES_FASTER = 0.3, 200.0
SIDE, QUICK_SIDE = 336, 120  # junctions across the made city
STEP = 90.0  # metres between junctions
PLACES, RADIUS = 200, 3000.0
MARGIN = 1200.0  # metres around the places that are searched first
ASKED = 4  # of the places are timed with networkx; the rest is taken to cost as much each
TURNS = 0.05  # of the arcs have a turn at their end that is banned
KMH = 1 / 3.6


def time_rows(_data: Path, quick: bool, seeds: int, progress: Progress) -> list[Row]:
    """Return the rows: seconds of the table with the clip, with all that is made once a graph, beside networkx; and whether they agree.

    networkx is timed with `ASKED` of the sources, over the whole graph and with the longest of the times as its cutoff (which one who asks
    does not know), without banned turns, of which it knows nothing; the times are compared for those sources, and for all of them with a
    search over the whole graph, with banned turns too.
    """
    runs: list[dict[str, float]] = []
    for seed in range(1, seeds + 1):
        progress.check()
        progress.report((seed - 1) / seeds)
        runs.append(_run(seed, QUICK_SIDE if quick else SIDE))

    def middle(key: str) -> float:
        return statistics.median(run[key] for run in runs)

    def worst(key: str) -> float:
        return max(run[key] for run in runs)

    nodes = int(middle("nodes"))
    case = f"{PLACES}×{PLACES} times within {RADIUS / 1000:g} km, {nodes:,} nodes"
    bar = None if quick else SECONDS
    name = f"networkx {nx.__version__} (of {ASKED} sources)"
    slower = min(run["networkx"] / run["table"] for run in runs)
    return [
        at_most(case, "clip and table", middle("table"), bar, "s", {name: middle("networkx"), "its cutoff at the longest": middle("cut")}),
        at_most(case, "the same, slowest seed", worst("table"), bar, "s"),
        at_most(case, "the same with the graph's index, made once", middle("first"), None, "s"),
        at_least(case, "times faster than networkx, least", slower, None if quick else TIMES_FASTER),
        at_most(case, "furthest from networkx", worst("apart"), 1e-6, "s"),
        at_most(case, "furthest from the whole graph", worst("clipped"), 1e-6, "s"),
        at_most(case, "clip and table with banned turns", middle("turns"), bar, "s"),
        at_most(case, "furthest from the whole graph with banned turns", worst("turns_clipped"), 1e-6, "s"),
    ]


def _run(seed: int, side: int) -> dict[str, float]:
    rng = np.random.default_rng(seed)
    graph = made_roads(side, rng)
    middle = graph.node_xy.mean(axis=0)
    near = core_nodes(graph) & (np.hypot(*(graph.node_xy - middle).T) < RADIUS)
    places = rng.choice(np.flatnonzero(near), PLACES, replace=False)
    first, _found = _timed(graph, places)
    table, found = _timed(graph, places)
    whole = travel_times(arc_network(graph), places, places)
    drawn = to_networkx(graph)
    start = time.perf_counter()
    answers = [nx.single_source_dijkstra_path_length(drawn, int(place), weight="seconds") for place in places[:ASKED]]
    peer = (time.perf_counter() - start) * PLACES / ASKED
    start = time.perf_counter()
    for place in places[:ASKED]:
        nx.single_source_dijkstra_path_length(drawn, int(place), cutoff=float(found.max()), weight="seconds")
    cut = (time.perf_counter() - start) * PLACES / ASKED
    theirs = np.array([[answer[place] for place in places.tolist()] for answer in answers])
    turned = with_banned(graph, some_turns(graph, rng))
    arc_index(turned)
    turns, kept = _timed(turned, places)
    banned = travel_times(arc_network(turned), places, places)
    return {
        "nodes": graph.node_count, "first": first, "table": table, "networkx": peer, "cut": cut, "turns": turns,
        "apart": float(np.abs(found[:ASKED] - theirs).max()), "clipped": _furthest(found, whole), "turns_clipped": _furthest(kept, banned),
    }  # fmt: skip


def _timed(graph: RoadGraph, places: Ints) -> tuple[float, Floats]:
    start = time.perf_counter()
    found = travel_times(arc_network(graph, places, MARGIN), places, places)
    return time.perf_counter() - start, found


def _furthest(one: Floats, other: Floats) -> float:
    """Return how far two tables differ; where one has no way, the other must have none."""
    ways = np.isfinite(one)
    if not np.array_equal(ways, np.isfinite(other)):
        return float("inf")
    return float(np.abs(one[ways] - other[ways]).max(initial=0.0))


def made_roads(side: int, rng: np.random.Generator) -> RoadGraph:
    """Return a made city: crooked streets 90 m apart, one in seven missing, one in five one-way; every sixth is whole and faster."""
    xy = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2) * STEP
    xy = np.round(xy + rng.uniform(-25, 25, xy.shape), 2)
    number = np.arange(side * side).reshape(side, side)
    east, north = np.stack((number[:, :-1], number[:, 1:]), -1), np.stack((number[:-1], number[1:]), -1)
    pairs = np.concatenate((east.reshape(-1, 2), north.reshape(-1, 2)))
    street = np.concatenate((np.repeat(np.arange(side), side - 1), np.tile(np.arange(side), side - 1)))
    wide = street % 6 == 0
    kept = wide | (rng.random(len(pairs)) >= 1 / 7)
    pairs, wide = pairs[kept], wide[kept]
    turned = rng.random(len(pairs)) < 0.5
    pairs[turned] = pairs[turned, ::-1]
    both = wide | (rng.random(len(pairs)) >= 0.2)
    speed = np.where(wide, 45.0, 30.0) * KMH
    return build_road_graph(xy[pairs].reshape(-1, 2), np.arange(len(pairs) + 1) * 2, np.ones(len(pairs), bool), both, speed)


def some_turns(graph: RoadGraph, rng: np.random.Generator) -> Ints:
    """Return a turn at the end of some arcs, as pairs of arcs (b, 2)."""
    index = arc_index(graph)
    arcs = index.arc[rng.random(len(index.arc)) < TURNS]
    node = arc_ends(graph, arcs)[1]
    count = index.starts[node + 1] - index.starts[node]
    arcs, node, count = arcs[count > 1], node[count > 1], count[count > 1]
    onward = index.arc[index.starts[node] + rng.integers(0, count)]
    real = onward // 2 != arcs // 2
    return np.stack((arcs[real], onward[real]), axis=1)
