"""What is always true of a plan made under rules, on random towns with random rules and locks."""

import dataclasses

import numpy as np
import pytest
import shapely
from random_rules import with_rules
from random_town import random_town

from gridplanner.edits.lock_edits import LockGrids
from gridplanner.errors import NoPlanFound
from gridplanner.model.check import check
from gridplanner.model.issues import Level
from gridplanner.model.outlines import grid_outlines, unit_polygons
from gridplanner.model.places import texts
from gridplanner.model.rules import MustStays, area_shares
from gridplanner.model.statistics import grid_figures, unit_households
from gridplanner.planning.grids import propose_grids
from gridplanner.planning.units import propose_units


def promises_kept(project):
    units, plan, homes = project.units, project.grids, unit_households(project.units, project.households)
    figures, shapes = grid_figures(project), grid_outlines(project.units, project.grids)
    assert shapely.coverage_is_valid(shapes)
    assert "split" not in set(figures.status)
    assert figures.households.sum() == homes.sum()
    assert not [i for i in check(project) if i.level is Level.ERROR]
    for shape, status, community in zip(shapes, figures.status, figures.community.tolist(), strict=True):
        assert shape.difference(project.communities.polygons[community].buffer(0.02)).area < 1e-6
        assert status != "ok" or shape.geom_type == "Polygon"
    for name, areas in (("exclusive", project.rules.exclusive), ("keep", project.rules.keep)):
        unit, area, share = area_shares(units, areas)
        for row in range(len(areas)):
            mine = unit[(area == row) & (share > 0.5)]
            if name == "exclusive":
                alone(project, mine, homes)
            else:
                whole(project, mine, homes)
    assert len({grid.code for grid in plan.grids.values()}) == len(plan.grids)


def alone(project, mine, homes):
    """Nobody from outside all exclusive areas is in a grid that holds somebody of one."""
    unit, _area, share = area_shares(project.units, project.rules.exclusive)
    outside = np.setdiff1d(np.arange(len(homes)), unit[share > 0.5])
    inside = mine[homes[mine] > 0]
    shared = np.intersect1d(project.grids.labels[inside], project.grids.labels[outside[homes[outside] > 0]])
    assert not len(shared)


def whole(project, mine, homes):
    """Two neighbouring units of an estate are in one grid, but where one of them is in a grid with a rule of its own."""
    units, plan = project.units, project.grids
    inside = np.zeros(len(homes) + 1, bool)
    inside[mine] = True
    both = inside[units.left] & inside[units.right] & ~units.blocked
    both[both] = units.community[units.left[both]] == units.community[units.right[both]]
    bound = {g for g, grid in plan.grids.items() if grid.locked or grid.kind}
    for a, b in zip(plan.labels[units.left[both]].tolist(), plan.labels[units.right[both]].tolist(), strict=True):
        assert a == b or bound & {a, b} or len(project.rules.fixed_lines)


@pytest.mark.parametrize("seed", range(40))
def test_whatever_the_town_and_its_rules_the_plan_keeps_them_and_its_locks(seed):
    project = with_rules(random_town(seed), seed)
    project = propose_units(project).apply(project)
    if unit_households(project.units, project.households).sum() == 0:
        return
    project = propose_grids(project).apply(project)
    promises_kept(project)
    rng = np.random.default_rng(seed)
    locked = [g for g in sorted(project.grids.grids) if rng.random() < 0.4]
    for g in locked:
        project = LockGrids((g,)).apply(project)
    other = dataclasses.replace(project.settings, project=dataclasses.replace(project.settings.project, seed=seed + 1))
    again = dataclasses.replace(project, settings=other)
    again = propose_grids(again).apply(again)
    promises_kept(again)
    for g in locked:
        assert np.array_equal(again.grids.labels == g, project.grids.labels == g)
        assert again.grids.grids[g] == project.grids.grids[g]


@pytest.mark.parametrize("seed", range(16))
def test_places_are_in_the_grid_that_they_are_to_stay_in_or_there_is_no_plan(seed):
    project = random_town(seed)
    project = propose_units(project).apply(project)
    if unit_households(project.units, project.households).sum() == 0:
        return
    project = propose_grids(project).apply(project)
    units, rng = project.units, np.random.default_rng(seed)
    rows = rng.choice(len(units), min(4, len(units)), replace=False)
    wanted = []
    for row in rows.tolist():
        beside = np.concatenate((units.right[units.left == row], units.left[units.right == row]))
        beside = beside[beside >= 0]
        beside = beside[units.community[beside] == units.community[row]]
        to = int(rng.choice(beside)) if len(beside) else row
        wanted.append(project.grids.grids[int(project.grids.labels[to])].code)
    xy = shapely.get_coordinates(shapely.point_on_surface(unit_polygons(units)[rows]))
    ruled = dataclasses.replace(project, rules=dataclasses.replace(project.rules, must_stay=MustStays(xy, texts(wanted))))
    try:
        again = propose_grids(ruled).apply(ruled)
    except NoPlanFound:
        assert len(set(wanted)) < len(wanted)  # one place a grid can always be kept
        return
    promises_kept(again)
    assert [again.grids.grids[int(again.grids.labels[row])].code for row in rows] == wanted
