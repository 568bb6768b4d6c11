"""The judge's figures on drawings whose figures are known, and the matching against enumeration."""

import itertools

import numpy as np
import pytest

from gridplanner.benchmarks.judge import fitting, judge, moved_pct
from tests.gridplanner.benchmarks.squares import labelled, squares


def test_four_squares_of_equal_load_are_judged_as_they_are():
    project, unit = squares([[75] * 4] * 4)
    found = judge(project, labelled(unit, ["AABB", "AABB", "CCDD", "CCDD"]), 4)
    assert found["worst_pct"] == found["mean_worst_pct"] == found["mean_pct"] == 0
    assert found["within_pct"] == 100
    assert found["compact"] == found["compact_least"] == pytest.approx(np.pi / 4)
    assert found["border_km"] == pytest.approx(0.8)
    assert (found["broken"], found["crossings"], found["empty"]) == (0, 0, 0)


def test_a_strip_is_less_compact_and_an_uneven_grid_deviates():
    project, unit = squares([[100, 100, 100, 120]] * 3)
    found = judge(project, labelled(unit, ["AAAB"] * 3), 2)
    assert found["compact_least"] == pytest.approx(4 * np.pi * 3 / 8**2)  # 1 by 3 squares
    assert found["worst_pct"] == pytest.approx(200)  # 900 against 300
    assert found["within_20_pct"] == 50  # 360 against 300
    assert found["mean_worst_pct"] == pytest.approx(100 * (900 / 630 - 1))


def test_a_grid_in_two_corners_is_broken_though_the_corners_touch():
    project, unit = squares([[150, 150], [150, 150]])
    assert judge(project, labelled(unit, ["AB", "BA"]), 2)["broken"] == 2
    assert judge(project, labelled(unit, ["AB", "AB"]), 2)["broken"] == 0


def test_a_grid_in_two_communities_is_a_crossing():
    project, unit = squares([[100, 200, 300]], walls=[2])
    assert judge(project, labelled(unit, ["AAB"]), 2)["crossings"] == 0
    assert judge(project, labelled(unit, ["ABB"]), 2)["crossings"] == 1


def test_an_empty_grid_counts_and_deviates_wholly():
    project, unit = squares([[300, 300]])
    found = judge(project, labelled(unit, ["AC"]), 3)
    assert found["empty"] == 1
    assert found["worst_pct"] == 100
    assert found["within_pct"] == pytest.approx(200 / 3)
    assert found["compact_least"] == pytest.approx(np.pi / 4)  # of the grids that there are


def test_only_communities_that_fit_count_where_a_number_of_grids_fits():
    project, unit = squares([[330, 450]], walls=[1])
    found = judge(project, labelled(unit, ["AB"]), 2)
    assert found["worst_pct"] == pytest.approx(50)
    assert found["fit_worst_pct"] == 10  # exactly: a grid on the edge of the band keeps it


@pytest.mark.parametrize(("total", "fits"), [(0, False), (269, False), (270, True), (330, True), (331, False), (539, False), (540, True)])
def test_a_total_fits_where_some_number_of_grids_brings_it_into_the_band(total, fits):
    assert fitting(total) == fits


def test_moved_share_is_the_least_over_all_ways_to_name_the_new_grids():
    rng = np.random.default_rng(4)
    for _trial in range(20):
        before, after, weight = rng.integers(0, 4, 12), rng.integers(0, 4, 12), rng.integers(1, 9, 12).astype(float)
        stays = max(weight[before == np.array(names)[after]].sum() for names in itertools.permutations(range(4)))
        assert moved_pct(before, after, weight) == pytest.approx(100 * (1 - stays / weight.sum()))


def test_nothing_moved_where_grids_only_have_other_numbers():
    assert moved_pct(np.array([0, 0, 1, 2]), np.array([7, 7, 3, 1]), np.ones(4)) == 0
