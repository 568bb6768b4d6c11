"""Re-planning: few households move, ids and codes stay, what ends and what follows is known, also after saving and by hand."""

import dataclasses

import numpy as np
import pytest
from random_town import random_town

from gridplanner.benchmarks.changed_city import changed_city
from gridplanner.benchmarks.made_city import made_city
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.lock_edits import LockGrids
from gridplanner.edits.rule_edits import MakeExclusive
from gridplanner.errors import EditRejected, InputError
from gridplanner.io.project_file import open_project, save_project
from gridplanner.model.check import check
from gridplanner.model.freshness import stale_plans
from gridplanner.model.issues import Level
from gridplanner.model.places import Households, texts
from gridplanner.model.project import Project
from gridplanner.model.statistics import grid_figures, unit_households
from gridplanner.model.transfers import transfers_of
from gridplanner.planning.grids import propose_grids
from gridplanner.planning.new_addresses import units_with_addresses
from gridplanner.planning.replan import propose_replan
from gridplanner.planning.units import propose_units
from gridplanner.settings import GridSettings
from gridplanner.summary import summary_of


@pytest.fixture(scope="module")
def town() -> Project:
    project = made_city(8_000, seed=3)
    project = propose_units(project).apply(project)
    return propose_grids(project).apply(project)


def wishing(project, **wishes):
    """The project with other wishes in [grids]."""
    grids = dataclasses.replace(project.settings.grids, **wishes)
    return dataclasses.replace(project, settings=dataclasses.replace(project.settings, grids=grids))


def times(project, factor, where=None):
    """The project with households × factor, everywhere or at the addresses of some grid ids."""
    homes = project.households
    here = np.ones(len(homes), bool)
    if where is not None:
        here = np.isin(project.grids.labels[project.units.address_unit], where)
    households = np.where(here, homes.households * factor, homes.households)
    return dataclasses.replace(project, households=dataclasses.replace(homes, households=households, persons=households * 2.6))


def replanned(project):
    return propose_replan(project).apply(project)


def moved_by_hand(project, units):
    """The households in units whose grid id is another than in `units` labels: counted without the transfer list."""
    return unit_households(project.units, project.households)[project.grids.labels != units].sum()


def test_where_nothing_changed_nobody_moves_and_nothing_is_renamed(town):
    after = replanned(town)
    assert np.array_equal(after.grids.labels, town.grids.labels)
    assert after.grids.grids == town.grids.grids
    assert len(transfers_of(after)) == 0
    assert after.grids.retired == ()
    assert stale_plans(after) == set()
    assert propose_replan(town).words == "Re-plan: 0 households move, 0 grids change"


def test_new_data_moves_few_and_the_transfer_list_says_who(town):
    project = times(town, 1.2, [1, 12])
    after = replanned(project)
    moves = transfers_of(after)
    assert set(grid_figures(after).status) == {"ok"}
    assert "over" in set(grid_figures(project).status)
    assert 0 < moves.share < 0.03
    assert moves.moved == pytest.approx(moved_by_hand(after, town.grids.labels))
    replan = after.grids.replan
    assert replan.certain - 1e-9 <= replan.exchange <= 0.03
    assert replan.certain - 1e-9 <= moves.share
    code = {grid: after.grids.grids[grid].code for grid in after.grids.grids}
    at = after.units.address_unit[moves.address]
    assert [code[int(grid)] for grid in after.grids.labels[at]] == moves.now.tolist()
    assert [town.grids.grids[int(grid)].code for grid in town.grids.labels[at]] == moves.before.tolist()
    summary = summary_of(after, {})["replan"]
    assert summary["households_moved"] == moves.moved
    assert summary["grids_new"] == len(set(code.values()) - {grid.code for grid in town.grids.grids.values()})


@pytest.mark.parametrize("limit", [0.0, 0.01, 0.03])
def test_a_limit_is_kept_and_the_share_that_would_do_is_told(town, limit):
    project = wishing(changed_city(town, 1), max_moved=limit)
    after = replanned(project)
    assert transfers_of(after).share <= limit + 1e-12
    out = set(grid_figures(after).status) - {"ok"}
    told = [issue for issue in after.grids.issues if issue.kind == "max_moved"]
    assert bool(told) == bool(out)
    if limit == 0:
        assert np.array_equal(after.grids.labels, town.grids.labels)
        free = transfers_of(replanned(wishing(project, max_moved=None)))
        assert f"{100 * free.share:.1f} %" in told[0].message


@pytest.mark.parametrize("seed", range(8))
def test_random_towns_keep_the_limit_their_walls_and_whole_grids(seed):
    rng = np.random.default_rng(seed)
    project = random_town(seed)
    project = propose_units(project).apply(project)
    project = propose_grids(project).apply(project)
    split = {code for code, status in _status(project).items() if status == "split"}
    homes = project.households
    factor = np.where(rng.random(len(homes)) < 0.3, rng.uniform(0.2, 3.0, len(homes)), 1.0)
    households = np.round(homes.households * factor)
    project = dataclasses.replace(project, households=dataclasses.replace(homes, households=households, persons=households * 2.6))
    limit = float(rng.choice([0.02, 0.1, 1.0]))
    after = replanned(wishing(project, max_moved=limit))
    moves = transfers_of(after)
    assert moves.share <= limit + 1e-9
    assert moves.share >= after.grids.replan.certain - 1e-9 or any(s in {"over", "under"} for s in _status(after).values())
    for grid, value in after.grids.grids.items():
        assert set(after.units.community[after.grids.labels == grid].tolist()) == {value.community}
    assert {code for code, status in _status(after).items() if status == "split"} <= split
    codes = [grid.code for grid in after.grids.grids.values()]
    assert len(set(codes)) == len(codes)
    assert {end.code for end in after.grids.retired}.isdisjoint(codes)


def _status(project):
    figures = grid_figures(project)
    return {project.grids.grids[int(g)].code: s for g, s in zip(figures.ids, figures.status, strict=True)}


def test_a_community_that_grew_gets_a_new_grid_with_its_predecessors(town):
    members = [key for key, grid in town.grids.grids.items() if grid.community == 0]
    project = wishing(times(town, 1.25, members), valid_from="2026-03-01")
    after = replanned(project)
    new = {key: grid for key, grid in after.grids.grids.items() if key not in town.grids.grids}
    assert new
    assert min(new) > max(town.grids.grids)
    codes = {grid.code for grid in town.grids.grids.values()}
    for grid in new.values():
        assert grid.community == 0
        assert grid.code not in codes
        assert grid.valid_from == "2026-03-01"
        parents = grid.prev_code.split(",")
        assert parents
        assert set(parents) <= {town.grids.grids[key].code for key in members}
        assert grid.name.startswith(town.communities.names[0])
    for key, grid in town.grids.grids.items():
        assert after.grids.grids[key].code == grid.code
        untouched = np.array_equal(after.grids.labels == key, town.grids.labels == key)
        assert (after.grids.grids[key].valid_from == "") == untouched
    assert set(grid_figures(after).status) == {"ok"}


def test_a_community_that_shrank_retires_a_grid_and_names_what_followed(town):
    members = [key for key, grid in town.grids.grids.items() if grid.community == 0]
    project = wishing(times(town, 0.8, members), valid_from="2026-03-01")
    after = replanned(project)
    (end,) = after.grids.retired
    gone = next(key for key, grid in town.grids.grids.items() if grid.code == end.code)
    assert gone not in after.grids.grids
    assert end.retired == "2026-03-01"
    labels = after.grids.labels[town.grids.labels == gone]
    heirs = {after.grids.grids[int(grid)].code for grid in np.unique(labels)}
    assert set(end.successors) == heirs
    first = next(grid for grid in after.grids.grids.values() if grid.code == end.successors[0])
    assert first.prev_code == f"{first.code},{end.code}"
    later = times(after, 1.25, [key for key, grid in after.grids.grids.items() if grid.community == 0])
    again = replanned(later)
    assert end.code not in {grid.code for grid in again.grids.grids.values()}
    assert end in again.grids.retired


def test_another_band_moves_people_without_new_data(town):
    figures = grid_figures(town)
    spread = float(np.abs(figures.deviation).max()) / 100
    after = replanned(wishing(town, tolerance=0.8 * spread))
    before = grid_figures(wishing(town, tolerance=0.8 * spread))
    assert np.sum(grid_figures(after).status == "ok") > np.sum(before.status == "ok")
    assert 0 < transfers_of(after).share < 0.05


def test_locked_grids_stay_as_they_are(town):
    project = changed_city(town, 1)
    figures = grid_figures(project)
    over = int(figures.ids[np.argmax(figures.deviation)])
    beside = _neighbour(project, over)
    for key in (over, beside):
        project = LockGrids((key,)).apply(project)
    after = replanned(project)
    for key in (over, beside):
        assert np.array_equal(after.grids.labels == key, project.grids.labels == key)
        assert after.grids.grids[key] == project.grids.grids[key]


def _neighbour(project, grid):
    units, labels = project.units, project.grids.labels
    inner = (units.left >= 0) & (units.right >= 0)
    a, b = labels[units.left[inner]], labels[units.right[inner]]
    return next(
        int(y) for x, y in zip(a, b, strict=True)
        if x == grid and y != grid and project.grids.grids[int(y)].community == project.grids.grids[grid].community
    )  # fmt: skip


def test_a_grid_made_exclusive_is_taken_out_and_the_others_close_up(town):
    project = MakeExclusive(7, "学校").apply(town)
    after = replanned(project)
    (key,) = [key for key, grid in after.grids.grids.items() if grid.kind == "exclusive"]
    assert key == 7
    assert after.grids.grids[7].code == town.grids.grids[7].code
    assert np.array_equal(after.grids.labels == 7, town.grids.labels == 7)


def test_new_addresses_are_put_into_the_units_that_stay(town):
    homes = town.households
    order = np.random.default_rng(1).permutation(len(homes))[: len(homes) - 50]
    fewer = Households(homes.xy[order], homes.households[order], homes.persons[order], homes.address[order])
    project = dataclasses.replace(town, households=fewer)
    units = units_with_addresses(project)
    assert np.array_equal(units.address_unit, town.units.address_unit[order])
    assert units_with_addresses(dataclasses.replace(project, units=units)) is units
    after = replanned(project)
    assert "kept_units" in {issue.kind for issue in check(after)}
    assert stale_plans(after) == set()
    assert transfers_of(after).planned == fewer.households.sum()


def test_an_address_far_outside_stays_out_and_is_told(town):
    homes = town.households
    more = Households(
        np.concatenate((homes.xy, [[0.0, 0.0]])), np.append(homes.households, 5.0), np.append(homes.persons, 13.0),
        np.append(homes.address, texts(["far"])),
    )  # fmt: skip
    after = replanned(dataclasses.replace(town, households=more))
    assert after.units.address_unit[-1] == -1
    assert [issue.kind for issue in after.units.issues].count("outside") == 1
    assert len(homes) not in transfers_of(after).address.tolist()


def test_the_transfer_list_survives_saving_and_follows_edits_by_hand(town, tmp_path):
    after = replanned(wishing(changed_city(town, 1), valid_from="2026-03-01"))
    save_project(after, tmp_path / "town.gridplan")
    opened = open_project(tmp_path / "town.gridplan")
    before, again = transfers_of(after), transfers_of(opened)
    assert again.address.tolist() == before.address.tolist()
    assert again.now.tolist() == before.now.tolist()
    assert opened.grids.retired == after.grids.retired
    assert opened.grids.replan.certain == after.grids.replan.certain
    moved = int(np.flatnonzero(after.grids.labels != town.grids.labels)[0])
    home = int(town.grids.labels[moved])
    back = MoveUnits((moved,), home).apply(opened)
    held = unit_households(opened.units, opened.households)[moved]
    assert transfers_of(back).moved == before.moved - held
    gone = dataclasses.replace(opened, households=times(opened, 2.0).households)
    assert transfers_of(gone) is None


def test_a_result_from_data_that_was_replaced_is_refused(town):
    edit = propose_replan(town)
    with pytest.raises(EditRejected, match="changed since"):
        edit.apply(times(town, 1.1))


def test_a_plan_whose_grids_were_split_by_hand_is_made_whole(town):
    units, labels = town.units, town.grids.labels
    grid = 1
    community = town.grids.grids[grid].community
    beside = {int(u) for u in np.flatnonzero(labels == grid)}
    inner = (units.left >= 0) & (units.right >= 0)
    near = {
        int(v)
        for u, v in [*zip(units.left[inner], units.right[inner], strict=True), *zip(units.right[inner], units.left[inner], strict=True)]
        if int(u) in beside
    }
    lone = next(u for u in range(len(units)) if units.community[u] == community and u not in near | beside)
    broken = MoveUnits((lone,), grid).apply(town)
    assert "split" in set(grid_figures(broken).status)
    after = replanned(broken)
    assert set(grid_figures(after).status) == {"ok"}


def test_what_cannot_be_asked_is_said(town):
    with pytest.raises(InputError, match="current_grids"):
        propose_replan(dataclasses.replace(town, grids=None))
    for wish in (
        {"max_moved": -0.1},
        {"max_moved": 2.0},
        {"valid_from": "1.3.2026"},
        {"valid_from": "2026-02-30"},
        {"valid_from": "20260301"},
    ):
        with pytest.raises(ValueError, match=r"max_moved is|not a day"):
            GridSettings(**wish)
    assert not [issue for issue in check(wishing(town, max_moved=0.05)) if issue.kind == "not_built"]
    assert not [issue for issue in check(town) if issue.level is Level.ERROR]
