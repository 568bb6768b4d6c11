"""The benchmark of time tables agrees with networkx and with the whole graph; how fast it is, is for a quiet machine."""

from pathlib import Path

import numpy as np

from algorithms.network.nearest import core_nodes
from algorithms.progress import SILENT
from gridplanner.benchmarks import routing_times


def test_the_rows_agree_with_networkx_and_the_whole_graph(monkeypatch):
    monkeypatch.setattr(routing_times, "QUICK_SIDE", 60)
    monkeypatch.setattr(routing_times, "PLACES", 20)
    monkeypatch.setattr(routing_times, "RADIUS", 800.0)
    rows = {row.measure: row for row in routing_times.time_rows(Path(), True, 1, SILENT)}
    apart = [row for name, row in rows.items() if name.startswith("furthest")]
    assert len(apart) == 3
    assert all(row.ok for row in apart)
    assert rows["clip and table"].value < min(rows["clip and table"].peers.values())


def test_the_made_city_is_one_town_of_streets_with_two_speeds():
    graph = routing_times.made_roads(40, np.random.default_rng(1))
    assert graph.node_count > 1550
    assert core_nodes(graph).mean() > 0.97
    speeds = np.round(graph.length * 3.6 / graph.seconds[::2])
    assert set(speeds.tolist()) == {30.0, 45.0}
    turns = routing_times.some_turns(graph, np.random.default_rng(2))
    assert 0.02 < len(turns) / (2 * graph.edge_count) < 0.06
