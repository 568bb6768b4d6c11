"""Balanced k-means: the flow gives the cheapest assignment that fits, against enumeration."""

import itertools

import numpy as np
import pytest

from gridplanner.benchmarks.peers.area import Area
from gridplanner.benchmarks.peers.flow_kmeans import assign, flow_kmeans

NOTHING = np.zeros(0, np.int64)


def area(xy, weight, k):
    return Area(np.asarray(weight, np.int64), np.asarray(xy, float), NOTHING, NOTHING, NOTHING, k)


@pytest.mark.parametrize("seed", range(6))
def test_units_of_one_household_go_where_enumeration_sends_them(seed):
    rng = np.random.default_rng(seed)
    xy, centres = rng.random((6, 2)) * 100, rng.random((2, 2)) * 100
    labels = assign(area(xy, np.ones(6), 2), centres)
    cost = ((xy[:, None] - centres[None]) ** 2).sum(axis=2)
    # 3 households ± 2 %, rounded outward: a centre takes two to four of the six
    fits = [np.array(way) for way in itertools.product((0, 1), repeat=6) if max(way.count(0), way.count(1)) <= 4]
    best = min(float(cost[np.arange(6), way].sum()) for way in fits)
    assert cost[np.arange(6), labels].sum() == pytest.approx(best, rel=1e-3)


def test_a_far_centre_gets_its_share_where_plain_k_means_would_starve_it():
    xy = np.column_stack((np.arange(20.0), np.zeros(20)))
    labels = assign(area(xy, np.full(20, 10), 2), np.array([[9.0, 0.0], [500.0, 0.0]]))
    assert 9 <= np.sum(labels == 1) <= 11
    assert labels[19] == 1


def test_four_clusters_of_equal_weight_are_found():
    rng = np.random.default_rng(1)
    middle = np.array([[0, 0], [1000, 0], [0, 1000], [1000, 1000.0]])
    xy = np.repeat(middle, 8, axis=0) + rng.normal(0, 20, (32, 2))
    labels = flow_kmeans(area(xy, np.full(32, 5), 4), seed=1)
    assert [len(set(labels[8 * i : 8 * i + 8])) for i in range(4)] == [1, 1, 1, 1]
    assert sorted(np.bincount(labels).tolist()) == [8, 8, 8, 8]
