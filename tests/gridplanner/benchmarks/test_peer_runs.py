"""Peers as processes: here the interpreter of the tests stands for their environment, with OR-Tools as the one peer in it."""

import sys

import numpy as np

from gridplanner.benchmarks.instance import instance_of
from gridplanner.benchmarks.peer_runs import BY_COMMUNITY, PEERS, peer_figures, peer_plans
from gridplanner.model.grids import Grid, GridPlan
from tests.gridplanner.benchmarks.squares import labelled, squares


def town():
    """Two communities, one of 8 squares for two grids and one of 4 squares for one."""
    from dataclasses import replace

    project, unit = squares([[75] * 6] * 2, walls=[4])
    return replace(project, grids=GridPlan(labelled(unit, ["AABBCC"] * 2), {0: Grid(0), 1: Grid(0), 2: Grid(1)}))


def test_a_peer_of_another_process_groups_each_community_and_is_judged(monkeypatch):
    monkeypatch.setenv(PEERS, sys.executable)
    project = town()
    found = peer_figures(project, instance_of(project), BY_COMMUNITY, seed=1)
    assert [name.rpartition(" ")[0] for name in found] == ["flow k-means, OR-Tools"]  # METIS and KaHIP are not installed here
    (figures,) = found.values()
    assert figures["grids"] == 3
    assert figures["crossings"] == 0
    assert figures["worst_pct"] <= 25
    assert figures["seconds"] > 0


def test_without_an_environment_of_peers_there_are_none(monkeypatch):
    monkeypatch.delenv(PEERS, raising=False)
    assert peer_plans(instance_of(town()), BY_COMMUNITY, seed=1) == {}


def test_an_instance_has_the_neighbours_inside_communities_and_their_borders():
    project = town()
    instance = instance_of(project)
    assert instance.districts.tolist() == [2, 1]
    assert len(instance.low) == 10 + 4  # 2 by 4 and 2 by 2 squares
    assert np.all(instance.length == 100.0)
    assert np.all(instance.area[instance.low] == instance.area[instance.high])


def test_parts_of_a_community_are_linked_where_they_come_nearest():
    from gridplanner.benchmarks.instance import _links

    xy = np.array([[0, 0], [1, 0], [5, 0], [6, 0], [0, 9.0]])
    low, high = _links(xy, np.array([0, 0, 1, 1, 2]), np.array([0, 0, 0, 0, 1]))
    assert (low.tolist(), high.tolist()) == ([1], [2])
