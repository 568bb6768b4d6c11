"""A made town through units, grids and zones: what every plan promises, checked by another way than it was made."""

import dataclasses
from collections import Counter

import numpy as np
import pytest
import shapely

from algorithms.progress import Progress
from gridplanner.benchmarks.made_city import made_city
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.lock_edits import LockGrids
from gridplanner.edits.table_edits import ChangeGrids
from gridplanner.errors import EditRejected, InputError
from gridplanner.i18n import set_language
from gridplanner.model.check import check
from gridplanner.model.freshness import stale_plans
from gridplanner.model.issues import Level
from gridplanner.model.lookup import unit_at
from gridplanner.model.outlines import grid_ids, grid_outlines, grid_rows, unit_polygons, zone_outlines
from gridplanner.model.places import NO_COMMUNITIES, NO_ROADS, Households, texts
from gridplanner.model.project import Project
from gridplanner.model.statistics import grid_figures, unit_households
from gridplanner.model.units import unit_areas
from gridplanner.planning.grids import plan_cost, propose_grids
from gridplanner.planning.pipeline import run_steps
from gridplanner.planning.units import propose_units, unit_cap
from gridplanner.planning.zones import propose_zones
from gridplanner.session import Session
from gridplanner.settings import ExportSettings, GridSettings, ZoneSettings


@pytest.fixture(scope="module")
def town() -> Project:
    project = made_city(8_000, seed=3)
    project = propose_units(project).apply(project)
    return propose_grids(project).apply(project)


def test_units_tile_the_communities_exactly(town):
    polygons = unit_polygons(town.units)
    assert shapely.coverage_is_valid(polygons)
    assert shapely.is_valid(polygons).all()
    assert shapely.area(polygons).sum() == pytest.approx(shapely.area(town.communities.polygons).sum(), rel=1e-6)
    assert unit_areas(town.units) == pytest.approx(shapely.area(polygons))


def test_every_address_lies_in_its_unit_and_counts_once(town):
    polygons = unit_polygons(town.units)
    held = town.units.address_unit
    inside = shapely.intersects_xy(polygons[held], town.households.xy[:, 0], town.households.xy[:, 1])
    assert inside.all()
    assert unit_households(town.units, town.households).sum() == town.households.households.sum()


def test_heavy_blocks_are_cut(town):
    load = unit_households(town.units, town.households)
    assert np.quantile(load, 0.99) <= unit_cap(town.settings.grids)


def test_grids_are_one_piece_in_one_community_and_in_the_band(town):
    figures = grid_figures(town)
    assert set(figures.status) == {"ok"}
    for shape, community in zip(grid_outlines(town.units, town.grids), figures.community.tolist(), strict=True):
        assert shape.geom_type == "Polygon"
        assert shape.difference(town.communities.polygons[community]).area < 1.0


def test_grid_figures_are_those_of_the_shapes(town):
    figures, shapes = grid_figures(town), grid_outlines(town.units, town.grids)
    assert figures.area_m2 == pytest.approx(shapely.area(shapes))
    assert figures.compact == pytest.approx(4 * np.pi * shapely.area(shapes) / shapely.length(shapes) ** 2)
    point, grid = shapely.STRtree(shapes).query(shapely.points(town.households.xy), predicate="within")
    assert figures.households == pytest.approx(np.bincount(grid, town.households.households[point], minlength=len(shapes)), abs=5)
    assert figures.deviation == pytest.approx(100 * (figures.households / 300 - 1))


def test_grids_are_an_exact_coverage(town):
    shapes = grid_outlines(town.units, town.grids)
    assert shapely.coverage_is_valid(shapes)
    assert shapely.length(shapely.coverage_invalid_edges(shapes, gap_width=5.0)).sum() == 0


def test_codes_are_fifteen_digits_and_distinct(town):
    codes = [grid.code for grid in town.grids.grids.values()]
    assert all(len(code) == 15 and code.isdigit() for code in codes)
    assert len(set(codes)) == len(codes)


def test_the_same_seed_gives_the_same_plan_and_the_cost_is_the_certificates(town):
    again = propose_grids(town).apply(town)
    assert np.array_equal(again.grids.labels, town.grids.labels)
    assert plan_cost(town) == pytest.approx(sum(c.value for c in town.grids.certificates))


def test_a_unit_is_found_where_it_lies(town):
    x, y = shapely.get_coordinates(unit_polygons(town.units)[5].representative_point())[0]
    assert unit_at(town.units, x, y) == 5
    assert unit_at(town.units, 0.0, 0.0) == -1


def test_moving_a_unit_changes_two_grids_and_is_undone(town):
    session = Session(town)
    rows = grid_rows(town.grids)
    ids = grid_ids(town.grids)
    border = next(
        (left, right)
        for left, right in zip(town.units.left.tolist(), town.units.right.tolist(), strict=True)
        if left >= 0 and right >= 0 and rows[left] != rows[right] and town.units.community[left] == town.units.community[right]
    )
    target = int(ids[rows[border[1]]])
    session.do(MoveUnits((border[0],), target))
    changed = np.flatnonzero(grid_figures(session.project).area_m2 != grid_figures(town).area_m2)
    assert set(ids[changed].tolist()) == {int(ids[rows[border[0]]]), target}
    session.undo()
    assert session.project is town


def test_edits_that_would_corrupt_are_refused(town):
    session = Session(town)
    far = next(u for u in range(len(town.units)) if town.units.community[u] != town.grids.grids[1].community)
    with pytest.raises(EditRejected, match="community"):
        session.do(MoveUnits((far,), 1))
    with pytest.raises(EditRejected, match="no grid"):
        session.do(MoveUnits((0,), 10_000))
    with pytest.raises(EditRejected, match="no such unit"):
        session.do(MoveUnits((10**6,), 1))
    with pytest.raises(EditRejected, match="another grid has it"):
        session.do(ChangeGrids(((1, (("code", town.grids.grids[2].code),)),)))
    session.do(LockGrids((1,)))
    mine = int(np.flatnonzero(town.grids.labels == 1)[0])
    with pytest.raises(EditRejected, match="locked"):
        session.do(MoveUnits((mine,), 1))


def test_an_edit_by_hand_is_measured_by_the_solvers_own_cost(town):
    worse = plan_cost(town)
    figures = grid_figures(town)
    mine = np.flatnonzero(town.grids.labels == 1)
    other = next(int(g) for g in figures.ids.tolist() if g != 1 and town.grids.grids[int(g)].community == town.grids.grids[1].community)
    edited = MoveUnits(tuple(mine[: len(mine) // 2].tolist()), other).apply(town)
    assert plan_cost(edited) > worse
    assert Counter(i.kind for i in check(edited)).keys() & {"over", "under", "split"}


def test_zones_are_connected_even_and_hold_every_grid(town):
    project = dataclasses.replace(town, settings=dataclasses.replace(town.settings, zones=ZoneSettings(count=4)))
    project = propose_zones(project).apply(project)
    assert set(project.zones.members) == set(town.grids.grids)
    assert len(project.zones.zones) == 4
    assert project.zones.workload.max() / project.zones.workload.mean() < 1.15
    shapes = zone_outlines(project.units, project.grids, project.zones)
    assert all(shape.geom_type == "Polygon" for shape in shapes)
    assert shapely.coverage_is_valid(shapes)


def test_later_plans_go_stale_when_earlier_ones_change(town):
    project = dataclasses.replace(town, settings=dataclasses.replace(town.settings, zones=ZoneSettings(count=3)))
    project = propose_zones(project).apply(project)
    assert stale_plans(project) == set()
    renamed = ChangeGrids(((1, (("name", "新名"),)),)).apply(project)
    assert stale_plans(renamed) == set()
    community = town.grids.grids[1].community
    other = next(int(g) for g, grid in town.grids.grids.items() if g != 1 and grid.community == community)
    moved = MoveUnits((int(np.flatnonzero(town.grids.labels == 1)[0]),), other).apply(project)
    assert stale_plans(moved) == {"zones"}
    fewer = dataclasses.replace(project, households=dataclasses.replace(project.households, households=project.households.households * 2))
    assert stale_plans(fewer) == {"units", "grids", "zones"}


def test_a_village_without_streets_is_divided_between_its_houses():
    project = made_city(2_000, seed=5)
    project = dataclasses.replace(project, roads=NO_ROADS)
    for name, after, _seconds in run_steps(project):
        project = after
        assert name in {"units", "grids"}
    figures = grid_figures(project)
    assert np.abs(figures.deviation).max() < 10
    assert not any(issue.level is Level.ERROR for issue in check(project))


def test_a_community_that_no_number_of_grids_fits_says_so_with_its_choices():
    project = made_city(482, seed=2)
    for _name, after, _seconds in run_steps(project):
        project = after
    said = [i.message for i in project.grids.issues if i.kind == "band"]
    assert len(said) == 1
    assert "482" in said[0]
    assert "k = 1 gives 482" in said[0]
    assert "k = 2 gives 241" in said[0]


def test_addresses_just_outside_join_and_far_ones_stay_out():
    project = made_city(2_000, seed=4)
    x0, y0, _x1, _y1 = shapely.total_bounds(project.communities.polygons)
    homes = project.households
    xy = np.concatenate((homes.xy, [[x0 - 50, y0 + 400], [x0 - 5_000, y0]]))
    count = np.concatenate((homes.households, [2.0, 3.0]))
    project = dataclasses.replace(project, households=Households(xy, count, count * 2.6, texts([""] * len(xy))))
    project = propose_units(project).apply(project)
    assert project.units.address_unit[-2] >= 0
    assert project.units.address_unit[-1] == -1
    said = [i for i in project.units.issues if i.kind == "outside"]
    assert [i.ref for i in said] == ["2001", "2002"]


def test_addresses_that_all_lie_elsewhere_are_refused_with_a_remedy():
    project = made_city(500)
    away = dataclasses.replace(project.households, xy=project.households.xy + 50_000)
    with pytest.raises(InputError, match="None of the 500 addresses"):
        propose_units(dataclasses.replace(project, households=away))


def test_nothing_to_plan_is_said():
    with pytest.raises(InputError, match="no area"):
        propose_units(dataclasses.replace(made_city(500), communities=NO_COMMUNITIES))
    with pytest.raises(InputError, match="no units"):
        propose_grids(made_city(500))
    empty = made_city(500)
    empty = dataclasses.replace(empty, households=dataclasses.replace(empty.households, households=np.zeros(500)))
    empty = propose_units(empty).apply(empty)
    with pytest.raises(InputError, match="no households"):
        propose_grids(empty)
    assert GridSettings().effort == "standard"


def crowded(town: Project, grids: GridSettings) -> Project:
    """The town with 1 household but 1–40 persons at each address, as a layer of buildings with a count of persons has it."""
    persons = np.random.default_rng(1).integers(1, 40, len(town.households)).astype(float)
    homes = dataclasses.replace(town.households, persons=persons)
    return dataclasses.replace(town, households=homes, units=None, grids=None, settings=dataclasses.replace(town.settings, grids=grids))


@pytest.mark.parametrize("households", [None, 3000.0])
def test_blocks_full_of_persons_are_cut_where_persons_are_what_counts(town, households):
    grids = GridSettings(target_persons=1000.0, target_households=households, effort="quick")
    project = crowded(town, grids)
    project = propose_units(project).apply(project)
    persons = np.bincount(project.units.address_unit, project.households.persons, minlength=len(project.units))
    assert np.quantile(persons, 0.95) <= 1000 / 6
    project = propose_grids(project).apply(project)
    figures = grid_figures(project)
    assert np.mean(figures.status == "ok") > 0.95
    words = [issue.message for issue in check(project) if issue.kind in {"under", "over"}]
    assert all("persons" in word for word in words)


def test_the_words_of_an_issue_follow_the_language(town):
    heavy = dataclasses.replace(town.households, households=np.where(np.arange(len(town.households)) == 0, 900.0, 1.0))
    project = dataclasses.replace(town, households=heavy)
    project = propose_units(project).apply(project)
    project = propose_grids(project).apply(project)
    issue = next(i for i in project.grids.issues if i.kind == "heavy")
    set_language("zh_CN")
    try:
        assert "户" in issue.message
        assert "households" not in issue.message
    finally:
        set_language("en")


def test_more_zones_than_grids_is_said(town):
    settings = dataclasses.replace(town.settings, zones=ZoneSettings(count=len(town.grids) + 5))
    project = dataclasses.replace(town, settings=settings)
    plan = propose_zones(project).apply(project).zones
    assert len(plan) == len(town.grids)
    assert [issue.values["wanted"] for issue in plan.issues] == [len(town.grids) + 5]


def test_a_search_stopped_early_says_so(town):
    project = propose_grids(town, Impatient()).apply(town)
    assert [issue.kind for issue in project.grids.issues if issue.layer == "grids"] == ["cut_short"]


def test_wishes_that_are_not_followed_yet_are_said(town):
    settings = dataclasses.replace(town.settings, zones=ZoneSettings(), export=ExportSettings(map_book=True))
    found = [i for i in check(dataclasses.replace(town, settings=settings)) if i.kind == "not_built"]
    assert [issue.message for issue in found] == [
        "[export] map_book is not built yet; it was left aside",
    ]


class Impatient(Progress):
    """Asks to finish at once."""

    def should_finish(self) -> bool:
        return True


def test_what_was_proven_of_a_plan_ends_with_the_first_edit_by_hand(town):
    proven = tuple(dataclasses.replace(c, status="optimal", bound=c.value) for c in town.grids.certificates)
    project = dataclasses.replace(town, grids=dataclasses.replace(town.grids, certificates=proven))
    home = town.grids.grids[1].community
    other = next(key for key, grid in town.grids.grids.items() if grid.community == home and key != 1)
    unit = int(np.flatnonzero(town.grids.labels == other)[0])
    edited = MoveUnits((unit,), 1).apply(project)
    assert {c.community: c.status for c in edited.grids.certificates} == {
        c.community: "none" if c.community == home else "optimal" for c in proven
    }


def test_a_grid_plan_goes_with_the_units_that_it_labels(town):
    zoned = propose_zones(town).apply(town)
    again = propose_units(zoned).apply(zoned)
    assert again.grids is zoned.grids
    fewer = dataclasses.replace(zoned, roads=NO_ROADS)
    cut = propose_units(fewer).apply(fewer)
    assert (cut.grids, cut.zones) == (None, None)
    assert not [issue for issue in check(cut) if issue.level is Level.ERROR]


def test_other_settings_or_depots_make_the_plans_that_used_them_stale(town):
    project = dataclasses.replace(town, settings=dataclasses.replace(town.settings, zones=ZoneSettings(count=3)))
    project = propose_zones(project).apply(project)
    wider = dataclasses.replace(project.settings, grids=dataclasses.replace(project.settings.grids, target_households=250.0))
    assert stale_plans(dataclasses.replace(project, settings=wider)) == {"units", "grids", "zones"}
    more = dataclasses.replace(project.settings, zones=ZoneSettings(count=4))
    assert stale_plans(dataclasses.replace(project, settings=more)) == {"zones"}
    thorough = dataclasses.replace(project.settings, grids=dataclasses.replace(project.settings.grids, effort="thorough"))
    assert stale_plans(dataclasses.replace(project, settings=thorough)) == set()
    assert "stale" in {issue.kind for issue in check(dataclasses.replace(project, settings=more))}
