"""Made cities of fine units keep what they promise: households, communities, streets that bound them."""

from itertools import pairwise

import numpy as np
import pytest
import shapely

from gridplanner.benchmarks.made_city import made_city


def test_a_city_has_its_households_in_communities_of_about_three_thousand():
    city = made_city(30_000, seed=2)
    assert city.households.households.sum() == len(city.households) == 30_000
    assert len(city.communities) == 9
    whole = shapely.union_all(city.communities.polygons)
    assert shapely.area(whole) == pytest.approx(shapely.area(city.communities.polygons).sum())
    tree = shapely.STRtree(city.communities.polygons)
    home, community = tree.query(shapely.points(city.households.xy), predicate="within")
    assert np.array_equal(np.unique(home), np.arange(30_000))
    assert np.bincount(community).min() > 1_000


def test_streets_bound_every_community():
    city = made_city(30_000, seed=2)
    streets = {frozenset(map(tuple, piece)) for piece in city.roads.lines.coords.reshape(-1, 2, 2).tolist()}
    for polygon in city.communities.polygons:
        corners = polygon.exterior.coords[:]
        assert {frozenset(piece) for piece in pairwise(corners)} <= streets


def test_one_community_where_none_are_asked_for_and_denser_cells_are_fewer():
    assert len(made_city(18_000, communities=False).communities) == 1
    assert len(made_city(18_000, per_cell=20.0).roads) < len(made_city(18_000, per_cell=8.0).roads)


def test_the_same_seed_makes_the_same_city_and_another_another():
    a, b, c = (made_city(3_000, seed) for seed in (1, 1, 2))
    assert np.array_equal(a.households.xy, b.households.xy)
    assert np.array_equal(a.roads.lines.coords, b.roads.lines.coords)
    assert not np.array_equal(a.households.xy, c.households.xy)
