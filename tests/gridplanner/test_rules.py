"""Rules of the grid plan on a town whose blocks can be counted."""

import dataclasses

import numpy as np
import pytest
import shapely
from block_town import BLOCK, X, Y, areas, block_town, blocks_of, box, grid, line, planned, unit

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.lock_edits import LockGrids
from gridplanner.edits.table_edits import ChangeGrids
from gridplanner.errors import NoPlanFound
from gridplanner.model.check import check
from gridplanner.model.freshness import stale_plans
from gridplanner.model.issues import Level
from gridplanner.model.outlines import unit_polygons
from gridplanner.model.places import RoadClass, texts
from gridplanner.model.rules import MustStays, RuleAreas, area_of_units
from gridplanner.model.statistics import grid_figures
from gridplanner.planning.grids import plan_cost, propose_grids
from gridplanner.planning.units import propose_units


def status(project):
    figures = grid_figures(project)
    return {int(g): str(s) for g, s in zip(figures.ids, figures.status, strict=True)}


def rules_said(project):
    return [issue.message for issue in check(project) if issue.kind == "rule"]


def stays(*places):
    xy = np.array([(X + BLOCK * (c + 0.5), Y + BLOCK * (r + 0.5)) for c, r, _code in places])
    return MustStays(xy, texts([code for _c, _r, code in places]))


def again(project, seed=9):
    """The project planned anew with another seed."""
    settings = dataclasses.replace(project.settings, project=dataclasses.replace(project.settings.project, seed=seed))
    project = dataclasses.replace(project, settings=settings)
    return propose_grids(project).apply(project)


# exclusive areas


def test_an_exclusive_area_is_a_grid_of_its_own_and_the_rest_is_divided_by_its_own_load():
    town = planned(block_town(4, 4), exclusive=areas(box(1, 1, 2, 2), names=["一中"]))
    own = grid(town, 1, 1)
    assert blocks_of(town, own) == {(1, 1)}
    assert town.grids.grids[own].kind == "exclusive"
    assert town.grids.grids[own].name == "一中"
    assert len(town.grids) == 5  # 15 blocks of 75 are 1,125 households: four grids of 281
    assert "split" not in status(town).values()
    assert [i.level for i in check(town) if i.kind == "under" and i.ref == town.grids.grids[own].code] == [Level.INFO]


def test_the_outline_of_an_exclusive_area_cuts_a_block_and_follows_the_street_beside_it():
    town = planned(block_town(3, 3, 100), exclusive=areas(box(1.03, 1.03, 1.5, 2.03)))
    inside = area_of_units(town.units, town.rules.exclusive) == 0
    shape = shapely.union_all(unit_polygons(town.units)[inside])
    assert shape.symmetric_difference(box(1, 1, 1.5, 2)).area < 1.0
    assert len(town.units) == 10


def test_the_outline_of_a_rule_area_stays_where_only_a_footpath_runs():
    town = block_town(2, 1, 20)
    paths = dataclasses.replace(town.roads, classes=np.full(len(town.roads), RoadClass.PATH, np.int8))
    town = dataclasses.replace(town, roads=paths)
    assert len(planned(town).units) == 1
    assert len(planned(town, keep=areas(box(1, 0, 2, 1))).units) == 2
    assert len(planned(town, keep=areas(box(1, 0, 2, 1), cuts=False)).units) == 1


def test_an_exclusive_area_in_two_communities_is_refused_with_what_can_be_done():
    with pytest.raises(NoPlanFound, match=r"A lies in several communities .*社区0: 75.*社区1: 150.*part in 社区1"):
        planned(block_town(4, 4, split=(2,)), exclusive=areas(box(1, 1, 4, 2)))
    assert NoPlanFound.exit_code == 3


def test_a_slip_of_the_pen_over_a_limit_does_no_harm():
    town = planned(block_town(4, 4, split=(2,)), exclusive=areas(box(1, 1, 2.03, 2.02)))
    assert blocks_of(town, grid(town, 1, 1)) == {(1, 1)}


def test_an_exclusive_area_on_both_banks_of_a_river_without_a_bridge_is_a_grid_on_each():
    town = planned(block_town(4, 4, river=2), exclusive=areas(box(1, 1, 3, 2), names=["厂"]))
    assert (blocks_of(town, grid(town, 1, 1)), blocks_of(town, grid(town, 2, 1))) == ({(1, 1)}, {(2, 1)})
    assert {town.grids.grids[grid(town, c, 1)].name for c in (1, 2)} == {"厂", "厂 (2)"}
    assert any("lies in 2 parts" in words for words in rules_said(town))


def test_ground_without_households_cut_off_by_an_exclusive_area_goes_to_it():
    homes = np.full((3, 4), 100.0)
    homes[:, 3] = 0
    town = planned(block_town(4, 3, homes), exclusive=areas(box(2, 0, 3, 3)))
    assert blocks_of(town, grid(town, 2, 0)) == {(2, r) for r in range(3)} | {(3, r) for r in range(3)}


def test_households_cut_off_by_an_exclusive_area_join_a_grid_that_is_then_in_parts_not_split():
    homes = np.full((3, 4), 100.0)
    homes[:, 3] = (0, 15, 0)
    town = planned(block_town(4, 3, homes), exclusive=areas(box(2, 0, 3, 3)))
    beyond = grid(town, 3, 1)
    assert blocks_of(town, grid(town, 2, 0)) == {(2, r) for r in range(3)}
    assert {(3, r) for r in range(3)} < blocks_of(town, beyond)
    assert "split" not in status(town).values()


def test_an_exclusive_area_without_a_unit_is_said():
    town = planned(block_town(3, 3, 100), exclusive=areas(box(1.4, 1.4, 1.45, 1.45)))
    assert [words for words in rules_said(town) if "holds no unit" in words]
    assert all(not g.kind for g in town.grids.grids.values())


# locks


def test_locked_grids_keep_units_id_code_name_and_workers():
    town = planned(block_town(6, 6, 50))
    locked = 3
    town = ChangeGrids(((locked, (("locked", True), ("workers", ("甲",)), ("name", "老街"))),)).apply(town)
    town = ChangeGrids(((1, (("code", "620802001000777"),)),)).apply(town)
    new = again(town)
    assert blocks_of(new, locked) == blocks_of(town, locked)
    assert new.grids.grids[locked] == town.grids.grids[locked]
    assert len({g.code for g in new.grids.grids.values()}) == len(new.grids) == len(town.grids)
    assert "split" not in status(new).values()


def test_locks_that_go_with_their_units_are_said():
    town = LockGrids((1,)).apply(planned(block_town(4, 4)))
    assert propose_units(town).apply(town).grids is town.grids  # the same units again
    drawn = dataclasses.replace(town, rules=dataclasses.replace(town.rules, keep=areas(box(0.5, 0, 2, 1))))
    after = propose_units(drawn).apply(drawn)
    assert after.grids is None
    assert [i.message for i in after.units.issues if i.kind == "rule" and town.grids.grids[1].code in i.message]


def test_an_exclusive_area_where_nobody_lives_is_a_grid_in_each_of_its_parts():
    homes = np.full((3, 5), 100.0)
    homes[1] = 0
    two = shapely.union_all([box(0, 1, 1, 2), box(4, 1, 5, 2)])
    town = planned(block_town(5, 3, homes), exclusive=areas(two, names=["厂"]))
    assert (blocks_of(town, grid(town, 0, 1)), blocks_of(town, grid(town, 4, 1))) == ({(0, 1)}, {(4, 1)})


def test_a_lock_on_half_of_an_exclusive_area_is_refused_and_on_all_of_it_is_kept():
    town = planned(block_town(4, 4))
    rows = tuple(unit(town, c, 1) for c in range(2))
    here = grid(town, 0, 1)
    locked = LockGrids((here,)).apply(MoveUnits(rows, here).apply(town))
    half = dataclasses.replace(locked, rules=dataclasses.replace(locked.rules, exclusive=areas(box(1, 1, 3, 2), cuts=False)))
    with pytest.raises(NoPlanFound, match=r"locked and holds 75 of the 150 households of the exclusive area A"):
        propose_grids(half)
    whole = shapely.union_all(unit_polygons(locked.units)[locked.grids.labels == here])
    same = dataclasses.replace(locked, rules=dataclasses.replace(locked.rules, exclusive=areas(whole, cuts=False)))
    assert blocks_of(propose_grids(same).apply(same), here) == blocks_of(locked, here)


# what stays together


def test_an_estate_stays_in_one_grid_whatever_the_seed():
    town = planned(block_town(6, 6, 50), keep=areas(box(2, 2, 4, 4)))
    for seed in range(3):
        new = again(town, seed)
        assert len({grid(new, c, r) for c in (2, 3) for r in (2, 3)}) == 1
        assert set(status(new).values()) == {"ok"}


def test_an_estate_heavier_than_the_band_stays_whole_and_is_said():
    town = planned(block_town(4, 4), keep=areas(box(0, 0, 3, 2), names=["花园"]))
    assert len({grid(town, c, r) for c in range(3) for r in range(2)}) == 1
    assert [i.message for i in check(town) if i.kind == "heavy" and "花园" in i.message]


def test_an_area_far_from_every_community_is_told_apart_from_one_drawn_too_small():
    town = planned(block_town(3, 3), keep=areas(box(900, 0, 901, 1)), exclusive=areas(box(0, 900, 1, 901)))
    assert sum("lies outside every community" in words for words in rules_said(town)) == 2
    small = planned(block_town(3, 3), keep=areas(box(0.4, 0.4, 0.6, 0.6), cuts=False))
    assert any("no unit lies in it" in words for words in rules_said(small))


def test_estates_that_overlap_are_one():
    town = planned(block_town(6, 6, 25), keep=areas(box(0, 0, 2, 1), box(1, 0, 4, 1)))
    assert len({grid(town, c, 0) for c in range(4)}) == 1


def test_an_estate_in_two_communities_stays_whole_in_each_and_is_said():
    town = planned(block_town(8, 4, split=(4,)), keep=areas(box(2, 1, 6, 2)))
    assert grid(town, 2, 1) == grid(town, 3, 1) != grid(town, 4, 1) == grid(town, 5, 1)
    assert any("several communities" in words for words in rules_said(town))


def test_a_ring_that_stays_together_holds_what_it_encloses_in_one_grid_or_a_grid_of_its_own():
    ring = shapely.difference(box(1, 1, 4, 4), box(2, 2, 3, 3))
    town = planned(block_town(6, 6, 30), keep=areas(ring))
    around = {grid(town, c, r) for c in range(1, 4) for r in range(1, 4)} - {grid(town, 2, 2)}
    assert len(around | {grid(town, 2, 1)}) == 1
    assert "split" not in status(town).values()


def test_an_estate_on_both_banks_of_a_river_stays_whole_on_each():
    town = planned(block_town(6, 4, river=3), keep=areas(box(2, 1, 4, 3)))
    assert grid(town, 2, 1) == grid(town, 2, 2) != grid(town, 3, 1) == grid(town, 3, 2)
    assert any("lies in 2 parts" in words for words in rules_said(town))


# villagers' groups


def grouped(town, names):
    """The town with the villagers' group of each block, '.' for none, rows from the north."""
    flat = [word if word != "." else "" for row in reversed(names) for word in row]
    return dataclasses.replace(town, households=dataclasses.replace(town.households, group=texts(flat)))


def test_each_villagers_group_is_a_grid_and_empty_ground_goes_to_the_nearest():
    names = ["aa.bb", "aa.bb", "....."]
    homes = [[0, 0, 0, 0, 0], [30, 30, 0, 20, 20], [30, 30, 0, 20, 20]]
    town = planned(grouped(block_town(5, 3, homes, rural="villages"), names))
    assert sorted(g.name for g in town.grids.grids.values()) == ["a", "b"]
    assert {g.kind for g in town.grids.grids.values()} == {"group"}
    assert {(0, 0), (1, 0), (0, 1), (0, 2), (1, 1), (1, 2)} <= blocks_of(town, grid(town, 0, 1))
    assert {(3, 0), (4, 0), (3, 1)} <= blocks_of(town, grid(town, 4, 1))
    assert "split" not in status(town).values()


def test_a_house_of_one_group_among_another_follows_its_neighbours():
    names = ["aaabb", "aabbb", "aaabb"]
    homes = np.full((3, 5), 40.0)
    names[1] = "abaab"
    homes[1, 1] = 5
    town = planned(grouped(block_town(5, 3, homes, rural="villages"), names))
    assert len(town.grids) == 2
    assert grid(town, 1, 1) == grid(town, 0, 1)


def test_a_group_in_two_places_is_a_grid_in_each_and_is_said():
    town = planned(grouped(block_town(5, 1, 60, rural="villages"), ["aabaa"]))
    assert sorted(g.name for g in town.grids.grids.values()) == ["a", "a (2)", "b"]
    assert any("group a lies in 2 parts" in words for words in rules_said(town))


def test_households_of_no_group_are_planned_by_size_where_they_are_many():
    names = ["aa....", "aa....", "aa....", "aa...."]
    town = planned(grouped(block_town(6, 4, 75, rural="villages"), names))
    kinds = [g.kind for g in town.grids.grids.values()]
    assert (kinds.count("group"), kinds.count("")) == (1, 4)
    few = planned(grouped(block_town(6, 4, 5, rural="villages"), names))
    assert [g.name for g in few.grids.grids.values()] == ["a"]


def test_groups_come_from_areas_too_and_lie_in_one_community():
    town = planned(block_town(6, 2, 40, split=(3,), rural="villages"), groups=areas(box(0, 0, 2, 2), box(2, 0, 6, 2)))
    found = {frozenset(blocks_of(town, g)): grid.name for g, grid in town.grids.grids.items()}
    assert found == {
        frozenset((c, r) for c in range(2) for r in range(2)): "A",
        frozenset((2, r) for r in range(2)): "B",
        frozenset((c, r) for c in range(3, 6) for r in range(2)): "B",
    }


def test_villages_without_groups_and_groups_without_villages_are_said():
    town = block_town(2, 2)
    asked = dataclasses.replace(town, settings=block_town(2, 2, rural="villages").settings)
    assert [(i.level, i.kind) for i in check(asked)] == [(Level.WARNING, "rural")]
    assert [(i.level, i.kind) for i in check(grouped(town, ["ab", "ab"]))] == [(Level.INFO, "rural")]
    assert check(town) == ()


# lines that stay boundaries


def test_no_grid_lies_on_both_sides_of_a_fixed_line():
    town = planned(block_town(8, 4), fixed_lines=line((4, -0.2), (4, 4.2)))
    west = {grid(town, c, r) for c in range(4) for r in range(4)}
    east = {grid(town, c, r) for c in range(4, 8) for r in range(4)}
    assert not west & east
    assert set(status(town).values()) == {"ok"}
    assert rules_said(town) == []


def test_a_fixed_line_through_blocks_divides_them():
    town = planned(block_town(4, 4, 75), fixed_lines=line((0.7, -0.2), (0.7, 4.2)))
    assert len(town.units) == 20


def test_a_fixed_line_that_ends_in_the_town_is_a_boundary_where_it_runs():
    town = planned(block_town(8, 6, 50), fixed_lines=line((4, 0), (4, 3)))
    assert all(grid(town, 3, r) != grid(town, 4, r) for r in range(3))
    assert set(status(town).values()) <= {"ok"}


def test_a_side_too_small_for_a_grid_joins_and_is_said():
    town = planned(block_town(4, 4), fixed_lines=line((-0.2, 1), (1, 1), (1, -0.2)))
    assert any("both sides of a line" in words for words in rules_said(town))
    assert [i for i in check(town) if i.kind == "part"]


# places that stay


def test_a_place_goes_to_the_grid_that_it_is_to_stay_in():
    town = planned(block_town(8, 4))
    there = grid(town, 7, 3)
    near = next((c, r) for c in range(8) for r in range(4) if grid(town, c, r) != there and grid(town, min(c + 1, 7), r) == there)
    code = town.grids.grids[there].code
    pinned = dataclasses.replace(town, rules=dataclasses.replace(town.rules, must_stay=stays((*near, code), (7, 3, code))))
    new = again(pinned)
    assert grid(new, *near) == grid(new, 7, 3)
    assert new.grids.grids[grid(new, 7, 3)].code == code
    assert "split" not in status(new).values()
    assert rules_said(new) == []


def test_places_without_a_plan_before_name_the_grid():
    town = planned(block_town(8, 4), must_stay=stays((0, 0, "620802001000042"), (2, 0, "620802001000042")))
    assert grid(town, 0, 0) == grid(town, 2, 0)
    assert town.grids.grids[grid(town, 0, 0)].code == "620802001000042"


def test_places_that_contradict_each_other_are_refused():
    town = block_town(8, 4, split=(4,))
    with pytest.raises(NoPlanFound, match="Places 1 and 2 are in one unit"):
        planned(town, must_stay=stays((0, 0, "a"), (0, 0, "b")))
    with pytest.raises(NoPlanFound, match="Places 1 and 2 are to stay in grid a, but a limit"):
        planned(town, must_stay=stays((0, 0, "a"), (7, 0, "a")))
    with pytest.raises(NoPlanFound, match=r"Not all places of grid [ab] can be in it") as why:
        planned(block_town(2, 2, 200), must_stay=stays((0, 0, "a"), (1, 1, "a"), (1, 0, "b"), (0, 1, "b")))
    assert str(why.value).count(";") == 1  # one of the four is enough


def test_a_place_in_a_locked_grid_or_away_from_it_is_refused():
    town = planned(block_town(8, 4))
    one, other = grid(town, 0, 0), grid(town, 7, 3)
    codes = {key: town.grids.grids[key].code for key in (one, other)}
    locked = LockGrids((one,)).apply(town)
    for place, code, words in (((0, 0), codes[other], "which is locked; unlock it"), ((7, 3), codes[one], "locked and does not hold it")):
        ruled = dataclasses.replace(locked, rules=dataclasses.replace(locked.rules, must_stay=stays((*place, code))))
        with pytest.raises(NoPlanFound, match=words):
            propose_grids(ruled)
    kept = dataclasses.replace(locked, rules=dataclasses.replace(locked.rules, must_stay=stays((0, 0, codes[one]))))
    assert propose_grids(kept).apply(kept).grids.grids[one].code == codes[one]


def test_a_place_outside_every_community_is_left_aside_and_said():
    town = planned(block_town(4, 4), must_stay=stays((20, 20, "a")))
    assert [words for words in rules_said(town) if "left aside" in words]


# checks and freshness


def test_edits_by_hand_against_the_rules_are_said():
    town = planned(
        block_town(8, 4), keep=areas(box(4, 1, 6, 2), names=["花园"]), exclusive=areas(box(0, 0, 1, 1), names=["一中"]),
        must_stay=stays((7, 3, "620802001000033")),
    )  # fmt: skip
    assert rules_said(town) == []
    estate, school, place = grid(town, 4, 1), grid(town, 0, 0), grid(town, 7, 3)
    other = next(g for g in town.grids.grids if g not in (estate, school, place))
    broken = MoveUnits((unit(town, 5, 1),), other).apply(town)
    broken = MoveUnits((unit(town, 1, 0),), school).apply(broken)
    broken = MoveUnits((unit(town, 7, 3),), other).apply(broken)
    said = rules_said(broken)
    assert len(said) == 3
    assert any("花园 is to stay together, but is divided" in words for words in said)
    assert any("part of the exclusive area 一中 and 75 households from outside" in words for words in said)
    assert any("Place 1 is to stay in grid 620802001000033" in words for words in said)


def test_rules_make_plans_stale_and_locks_do_not():
    town = planned(block_town(4, 4))
    assert stale_plans(town) == set()
    assert stale_plans(LockGrids((1,)).apply(town)) == set()
    ruled = dataclasses.replace(town, rules=dataclasses.replace(town.rules, keep=areas(box(0, 0, 2, 1), cuts=False)))
    assert stale_plans(ruled) == {"grids"}
    drawn = dataclasses.replace(town, rules=dataclasses.replace(town.rules, keep=areas(box(0, 0, 2, 1))))
    assert stale_plans(drawn) == {"units", "grids"}
    assert stale_plans(dataclasses.replace(town, settings=block_town(4, 4, rural="villages").settings)) == {"grids"}


def test_the_cost_of_a_plan_with_what_stays_together_is_what_its_certificates_say():
    town = planned(block_town(6, 6, 50), keep=areas(box(2, 2, 4, 4)), fixed_lines=line((3, 0), (3, 2)))
    assert plan_cost(town) == pytest.approx(sum(c.value for c in town.grids.certificates))


def test_areas_without_one_leave_the_others():
    found = areas(box(0, 0, 1, 1), box(1, 1, 2, 2), box(2, 2, 3, 3)).without(1)
    assert isinstance(found, RuleAreas)
    assert list(found.names) == ["A", "C"]
