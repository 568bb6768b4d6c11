"""Wishes about blocks and borders: blocks that stay whole, what a boundary costs, and lines that no grid crosses."""

import dataclasses

import numpy as np
import pytest
import shapely
from banks import LONG, WIDE, banks

from gridplanner.benchmarks.made_city import made_city
from gridplanner.errors import InputError
from gridplanner.model.freshness import stale_plans
from gridplanner.model.outlines import boundary_mask, grid_outlines, unit_polygons
from gridplanner.model.project import Project, fingerprint
from gridplanner.model.statistics import grid_figures, unit_households
from gridplanner.model.units import BorderKind, border_lengths
from gridplanner.plan_file import settings_from_table, settings_to_table
from gridplanner.planning.borders import borders_of, same_sides
from gridplanner.planning.grid_problem import grid_problem
from gridplanner.planning.grids import plan_cost, propose_grids
from gridplanner.planning.units import propose_units, unit_cap
from gridplanner.settings import BORDER_PRICE, GridSettings


def wished(project: Project, **wishes: object) -> Project:
    """The project with other wishes for its grids."""
    grids = dataclasses.replace(project.settings.grids, **wishes)
    return dataclasses.replace(project, settings=dataclasses.replace(project.settings, grids=grids))


@pytest.fixture(scope="module")
def riverside() -> Project:
    """600 households on either bank of a river with bridges."""
    return banks((600, 600))


@pytest.fixture(scope="module")
def town() -> Project:
    project = made_city(3_000, seed=3)
    return propose_units(project).apply(project)


def test_blocks_that_are_not_divided_are_those_of_a_target_too_large_to_divide_any(town):
    whole, light = wished(town, divide_blocks=False), wished(town, target_households=1e6)
    whole, light = propose_units(whole).apply(whole), propose_units(light).apply(light)
    assert fingerprint(whole.units) == fingerprint(light.units)
    assert len(whole.units) < len(town.units)
    assert unit_households(whole.units, whole.households).max() > unit_cap(whole.settings.grids)


def test_units_are_stale_once_blocks_are_to_be_divided_otherwise(town):
    assert stale_plans(town) == set()
    assert stale_plans(wished(town, divide_blocks=False)) == {"units"}
    assert stale_plans(wished(town, target_households=250.0)) == {"units"}
    assert stale_plans(wished(town, tolerance=0.2)) == set()


def test_wishes_about_borders_survive_being_written():
    said = {"grids": {"divide_blocks": False, "border_price": {"lane": 3}, "never_cross": ["water", "arterial"]}}
    settings = settings_from_table(said)
    assert settings.grids.border_price == {**BORDER_PRICE, "lane": 3.0}
    assert settings.grids.never_cross == ("water", "arterial")
    assert settings_from_table(settings_to_table(settings)) == settings
    assert hash(settings.grids) == hash(settings_from_table(settings_to_table(settings)).grids)
    assert settings_from_table({"grids": {}}).grids == GridSettings(border_price=dict(BORDER_PRICE))


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"border_price": {"lanes": 1.0}}, "did you mean lane"),
        ({"border_price": {"lane": 0}}, r"border_price\.lane is 0"),
        ({"border_price": {"cut": float("inf")}}, r"border_price\.cut is inf"),
        ({"border_price": {"cut": float("nan")}}, r"border_price\.cut is nan"),
        ({"border_price": {"cut": "dear"}}, r"grids\.border_price\.cut"),
        ({"never_cross": ["rail"]}, "did you mean railway"),
        ({"never_cross": "water"}, "never_cross"),
        ({"divide_blocks": "no"}, "divide_blocks"),
    ],
)
def test_wishes_about_borders_that_cannot_be_are_refused(wish, words):
    with pytest.raises(InputError, match=words):
        settings_from_table({"grids": wish})


def test_a_bridge_lets_a_grid_cross_a_river_until_the_planner_says_never(riverside):
    assert not riverside.units.blocked.any()
    assert len(grid_problem(riverside).problem.districts) == 1
    never = wished(riverside, never_cross=("water",))
    assert grid_problem(never).problem.districts.tolist() == [2, 2]
    never = propose_grids(never).apply(never)
    assert set(grid_figures(never).status) == {"ok"}
    river = shapely.LineString([(WIDE, 0), (WIDE, LONG)])
    assert not shapely.crosses(grid_outlines(never.units, never.grids), river).any()
    middle = shapely.centroid(unit_polygons(never.units))
    side = shapely.get_x(middle) < WIDE
    assert not set(never.grids.labels[side].tolist()) & set(never.grids.labels[~side].tolist())


def test_kinds_that_are_not_there_close_nothing(riverside):
    walls = wished(riverside, never_cross=("wall",)).settings.grids
    assert np.array_equal(borders_of(riverside.units, walls).blocked, riverside.units.blocked)


def test_a_bank_too_small_for_a_grid_joins_the_other_as_parts_do(riverside):
    count = np.where(riverside.households.xy[:, 0] < WIDE, 1.0, 0.1)
    project = dataclasses.replace(riverside, households=dataclasses.replace(riverside.households, households=count, persons=count))
    project = wished(project, never_cross=("water",))
    given = grid_problem(project)
    assert given.problem.districts.tolist() == [2]
    assert [loads for _area, loads, _piece in given.regions.joined] == [pytest.approx((0.2,))]


def test_no_two_units_are_neighbours_across_a_line_that_is_never_crossed(town):
    project = wished(town, never_cross=("arterial",))
    units, pairs = town.units, grid_problem(project).land.adjacency
    open_pairs = set(zip(pairs.low[pairs.crossable].tolist(), pairs.high[pairs.crossable].tolist(), strict=True))
    along = units.kind == BorderKind.ARTERIAL
    arterial = {(min(a, b), max(a, b)) for a, b in zip(units.left[along].tolist(), units.right[along].tolist(), strict=True)}
    assert arterial
    assert not arterial & open_pairs
    assert stale_plans(wished(propose_grids(wished(town, effort="quick", prove=False)).apply(town), never_cross=("arterial",))) == {"grids"}


def test_all_pieces_between_two_units_are_closed_together():
    units = propose_units(made_city(600, seed=1)).apply(made_city(600, seed=1)).units
    piece = int(np.flatnonzero((units.left >= 0) & (units.right >= 0))[0])
    pair = {int(units.left[piece]), int(units.right[piece])}
    found = same_sides(units, np.arange(len(units.left)) == piece)
    expected = [{int(a), int(b)} == pair for a, b in zip(units.left, units.right, strict=True)]
    assert found.tolist() == expected


def test_boundaries_leave_the_streets_whose_price_rises(town):
    metres = []
    for price in (0.3, 30.0):
        project = wished(town, border_price={"street": price}, effort="quick", prove=False)
        project = propose_grids(project).apply(project)
        limit = boundary_mask(town.units, town.units.community)
        bound = boundary_mask(town.units, project.grids.labels) & (town.units.kind == BorderKind.STREET) & ~limit
        metres.append(border_lengths(town.units)[bound].sum())
        assert plan_cost(project) == pytest.approx(sum(c.value for c in project.grids.certificates))
    assert metres[1] < 0.9 * metres[0]
    assert stale_plans(wished(project, border_price={"street": 3.0})) == {"grids"}
