"""The made project of the map's benchmark: a sound partition, with as many of everything as asked for."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gridplanner.benchmarks.made_lattice import SIDE, made_lattice
from gridplanner.model.outlines import grid_outlines, unit_polygons
from gridplanner.model.statistics import grid_figures
from gridplanner.model.units import unit_areas


def test_a_made_lattice_is_a_coverage_of_grids_with_everything_that_was_asked_for() -> None:
    project = made_lattice((12, 18), (4, 6), 500, bends=3, roads=(40, 5))
    units, plan = project.units, project.grids
    assert units is not None
    assert plan is not None
    assert (len(units), len(plan), len(project.households)) == (216, 9, 500)
    assert (len(project.roads), len(project.roads.lines.coords)) == (40, 240)
    assert unit_areas(units).sum() == pytest.approx(shapely.area(unit_polygons(units)).sum())
    assert unit_areas(units).sum() == pytest.approx(216 * SIDE**2, rel=0.01)
    assert shapely.coverage_is_valid(grid_outlines(units, plan))
    assert all(len(shapely.get_coordinates(unit)) == 4 * 3 + 1 for unit in unit_polygons(units))
    figures = grid_figures(project)
    assert figures.households.sum() == 500
    assert set(figures.pieces.tolist()) == {1}


def test_the_same_seed_makes_the_same_lattice_and_no_roads_are_none() -> None:
    one, other = (made_lattice((6, 6), (2, 3), 50, seed=seed) for seed in (3, 3))
    assert np.array_equal(one.households.xy, other.households.xy)
    assert len(one.roads) == 0
    assert len(one.communities) == 1
