"""What is always true of a plan, on random towns."""

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from random_town import random_town

from gridplanner.model.band import band_of
from gridplanner.model.check import check
from gridplanner.model.issues import Level
from gridplanner.model.outlines import grid_outlines, unit_polygons
from gridplanner.model.statistics import grid_figures, unit_households
from gridplanner.planning.grids import propose_grids
from gridplanner.planning.units import propose_units


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 100_000))
@example(0)
def test_whatever_the_town_its_plan_keeps_every_promise(seed):
    project = random_town(seed)
    project = propose_units(project).apply(project)
    units = unit_polygons(project.units)
    assert shapely.is_valid(units).all()
    assert shapely.coverage_is_valid(units)
    walls = project.communities.polygons
    assert shapely.area(units).sum() == pytest.approx(shapely.area(walls).sum(), rel=1e-4)
    planned = project.units.address_unit >= 0
    assert unit_households(project.units, project.households).sum() == project.households.households[planned].sum()
    far = sum(i.values.get("more", 1) for i in project.units.issues if "200 m" in i.text)
    assert far == (~planned).sum()
    if project.households.households[planned].sum() == 0:
        return
    project = propose_grids(project).apply(project)
    figures, shapes = grid_figures(project), grid_outlines(project.units, project.grids)
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    assert "split" not in set(figures.status)
    band = band_of(project.settings.grids)
    for status, shape, load, community in zip(figures.status, shapes, figures.load, figures.community, strict=True):
        assert shape.difference(walls[community].buffer(0.02)).area < 1e-6
        if status == "ok":
            assert shape.geom_type == "Polygon"
        if status in {"ok", "parts"}:
            assert band.low - 1e-9 <= load <= band.high + 1e-9
    assert figures.households.sum() == project.households.households[planned].sum()
    assert not [i for i in check(project) if i.level is Level.ERROR]
    assert np.isfinite(figures.deviation).all()
