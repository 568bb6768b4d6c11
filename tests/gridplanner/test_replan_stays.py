"""Re-planning with a place that must come to another grid: that place moves and little else, and the limit is kept or said to be broken."""

import dataclasses

import numpy as np
import pytest
import shapely

from gridplanner.benchmarks.made_city import made_city
from gridplanner.model.outlines import sides, unit_polygons
from gridplanner.model.places import texts
from gridplanner.model.rules import MustStays
from gridplanner.model.statistics import grid_figures, unit_households
from gridplanner.model.transfers import transfers_of
from gridplanner.planning.grids import propose_grids
from gridplanner.planning.replan import propose_replan
from gridplanner.planning.units import propose_units


@pytest.fixture(scope="module")
def town():
    project = made_city(4_000, seed=3)
    project = propose_units(project).apply(project)
    return propose_grids(project).apply(project)


def wishing_over_a_border(town, pick):
    """The town with one inhabited unit at a grid's limit that is to be in the grid on the other side: (project, unit, code)."""
    units, labels = town.units, town.grids.labels
    one, other = sides(units, np.arange(len(units), dtype=np.int32))
    inner = (one >= 0) & (other >= 0)
    inner[inner] = (units.community[one[inner]] == units.community[other[inner]]) & (labels[one[inner]] != labels[other[inner]])
    inner[inner] = unit_households(units, town.households)[one[inner]] > 0
    border = np.flatnonzero(inner)[pick]
    unit, code = int(one[border]), town.grids.grids[int(labels[other[border]])].code
    place = shapely.get_coordinates(shapely.point_on_surface(unit_polygons(units)[[unit]]))
    return dataclasses.replace(town, rules=dataclasses.replace(town.rules, must_stay=MustStays(place, texts([code])))), unit, code


def replanned(project, most):
    grids = dataclasses.replace(project.settings.grids, max_moved=most)
    project = dataclasses.replace(project, settings=dataclasses.replace(project.settings, grids=grids))
    return propose_replan(project).apply(project)


@pytest.mark.parametrize("pick", [0, 7, 20])
@pytest.mark.parametrize("most", [0.05, None])
def test_a_place_that_must_change_its_grid_takes_little_along(town, pick, most):
    project, unit, code = wishing_over_a_border(town, pick)
    after = replanned(project, most)
    assert after.grids.grids[int(after.grids.labels[unit])].code == code
    assert 0 < transfers_of(after).share <= 0.05
    assert set(after.grids.grids) == set(town.grids.grids)
    assert {grid.code for grid in after.grids.grids.values()} == {grid.code for grid in town.grids.grids.values()}
    assert "split" not in set(grid_figures(after).status)
    assert not [issue for issue in after.grids.issues if issue.kind == "max_moved"]


def test_a_place_that_moves_more_than_may_move_says_so_and_moves_nothing_else(town):
    project, unit, code = wishing_over_a_border(town, 7)
    after = replanned(project, 0.0)
    moved = transfers_of(after)
    assert after.grids.grids[int(after.grids.labels[unit])].code == code
    assert moved.moved == pytest.approx(unit_households(town.units, town.households)[unit])
    assert any("more than the 0.0 % allowed" in issue.message for issue in after.grids.issues if issue.kind == "max_moved")
