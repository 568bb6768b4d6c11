"""Made cities of whole blocks keep what they promise: counts, the cap, communities."""

import numpy as np
import pytest

from gridplanner.benchmarks.made_blocks import HEAVIEST, capped, made_coarse_city, made_community
from gridplanner.model.statistics import unit_households
from gridplanner.planning.units import propose_units


def planned_units(project):
    project = propose_units(project).apply(project)
    return project, unit_households(project.units, project.households)


@pytest.mark.parametrize(("blocks", "grids"), [(60, 10), (100, 16), (150, 25)])
def test_one_community_has_as_many_units_as_blocks_were_asked_for(blocks, grids):
    project, load = planned_units(made_community(blocks, grids, seed=2))
    assert len(project.units) == blocks
    assert len(project.communities) == 1
    assert load.sum() == 300 * grids
    assert load.max() <= HEAVIEST


def test_a_coarse_city_has_heavy_blocks_that_stay_whole():
    project, load = planned_units(made_coarse_city(100_000, seed=1))
    assert load.sum() == 100_000
    assert 150 < load.max() <= HEAVIEST
    assert len(load) == pytest.approx(100_000 / 57, rel=0.06)
    assert 100_000 / len(project.communities) == pytest.approx(3_000, rel=0.2)
    assert np.bincount(project.units.community).min() > 20


def test_the_same_seed_makes_the_same_city_and_another_another():
    a, b, c = (made_coarse_city(5_000, seed) for seed in (3, 3, 4))
    assert np.array_equal(a.households.xy, b.households.xy)
    assert not np.array_equal(a.households.xy, c.households.xy)


def test_what_is_too_much_for_one_place_goes_elsewhere():
    count = capped(np.array([0.9, 0.1, 0.0]), 15, 10, np.random.default_rng(1))
    assert count.tolist() == [10, 5, 0]
    with pytest.raises(ValueError, match="do not fit"):
        capped(np.array([0.9, 0.1, 0.0]), 21, 10, np.random.default_rng(1))
