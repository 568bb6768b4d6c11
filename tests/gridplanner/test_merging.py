"""Three versions become one: what each side changed is there, what both changed is asked for, nothing else is touched."""

import dataclasses
import itertools

import edit_moves
import numpy as np
import pytest
from block_town import X, Y, block_town, grid, planned, unit
from merge_facts import check_whole, plan_facts, same_plan
from random_town import random_town
from town_hand import cut, far_blocks, moved, named, split

from gridplanner.edits.code_edits import RecodeGrids
from gridplanner.edits.cut_edits import CutUnits
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.rule_edits import HoldUnits, KeepTogether, Release
from gridplanner.edits.scenario_edits import BranchScenario
from gridplanner.edits.settings_edits import ChangeSettings
from gridplanner.errors import EditRejected
from gridplanner.model.beats import Beat, BeatPlan
from gridplanner.model.code_check import code_issues
from gridplanner.model.freshness import stale_plans
from gridplanner.model.handout import part_of_project
from gridplanner.model.merge_labels import Sides, decided
from gridplanner.model.merging import merge, resolved
from gridplanner.model.zones import Zone, ZonePlan


@pytest.fixture(scope="module")
def town():
    """8 × 4 blocks, two communities of four grids each."""
    return planned(block_town(8, 4, split=(4,)))


def test_the_side_that_changed_nothing_gives_way_to_the_very_project_of_the_other(town):
    mine = cut(named(town, 0, 0, name="甲"), 5, 2)
    assert merge(town, mine, town).project is mine
    assert merge(town, town, mine).project is mine
    copy = dataclasses.replace(town)
    assert merge(town, mine, copy).project is mine
    assert merge(copy, copy, copy).taken.is_empty


def test_edits_of_different_things_meet_in_either_order_without_a_question(town):
    mine = cut(named(moved(town, 0, 0, (3, 0)), 7, 3, name="甲"), 4, 1)
    theirs = split(cut(named(town, 7, 3, workers=("7号",)), 6, 2, across=False), 3, 3)
    one, other = merge(town, mine, theirs), merge(town, theirs, mine)
    assert not one.conflicts
    assert not other.conflicts
    check_whole(one.project)
    assert same_plan(one.project, other.project)
    seven = one.project.grids.grids[grid(one.project, 7, 3)]
    assert (seven.name, seven.workers) == ("甲", ("7号",))
    assert len(one.project.units) == len(theirs.units) + 1
    assert len(one.project.grids) == len(town.grids) + 1
    assert not {"units", "grids"} & stale_plans(one.project)


def test_a_unit_that_both_moved_apart_is_asked_for_and_stays_mine_until_then(town):
    first, second, third = far_blocks(town)
    mine, theirs = moved(town, *first, second), moved(town, *first, third)
    found = merge(town, mine, theirs)
    (asked,) = found.conflicts
    assert (asked.kind, asked.community) == ("units", "620802001000")
    assert asked.units == (unit(town, *first),)
    assert X < asked.x < X + 400
    assert found.open == (asked,)
    assert found.project is mine
    assert merge(town, mine, theirs, {asked.key: "mine"}).open == ()
    assert same_plan(merge(town, mine, theirs, {asked.key: "theirs"}).project, theirs)


def test_a_field_that_both_changed_is_asked_for_and_others_of_the_grid_are_not(town):
    mine, theirs = named(town, 0, 0, name="甲", locked=True), named(town, 0, 0, name="乙", workers=("1号",))
    found = merge(town, mine, theirs)
    (asked,) = found.conflicts
    assert (asked.kind, asked.mine, asked.theirs) == ("grid", "甲", "乙")
    kept = found.project.grids.grids[grid(town, 0, 0)]
    assert (kept.name, kept.locked, kept.workers) == ("甲", True, ("1号",))
    assert merge(town, mine, theirs, {asked.key: "theirs"}).project.grids.grids[grid(town, 0, 0)].name == "乙"
    assert not merge(town, named(town, 0, 0, name="乙"), theirs).conflicts


def test_a_block_that_both_cut_otherwise_is_one_question_and_the_same_cut_is_none(town):
    mine, theirs = cut(town, 1, 1), cut(cut(town, 1, 1, across=False), 2, 2)
    found = merge(town, mine, theirs)
    (asked,) = found.conflicts
    assert (asked.kind, asked.community, len(asked.units)) == ("cut", "620802001000", 2)
    check_whole(found.project)
    assert len(found.project.units) == len(town.units) + 2
    chosen = merge(town, mine, theirs, {asked.key: "theirs"}).project
    check_whole(chosen)
    assert same_plan(chosen, theirs)
    again = merge(town, cut(town, 1, 1), cut(town, 1, 1))
    assert not again.conflicts
    assert again.taken.is_empty


def test_a_cut_on_either_side_of_a_limit_leaves_one_border_for_both(town):
    x = X + 400  # the limit of the two communities
    mine = CutUnits((((x - 130, Y + 130), (x + 5, Y + 130)),), (unit(town, 3, 1),)).apply(town)
    theirs = CutUnits((((x - 5, Y + 160), (x + 130, Y + 160)),), (unit(town, 4, 1),)).apply(town)
    found = merge(town, mine, theirs)
    assert not found.conflicts
    check_whole(found.project)
    assert len(found.project.units) == len(town.units) + 2
    part = part_of_project(theirs, [1])
    assert same_plan(part_of_project(merge(part_of_project(town, [1]), mine, part).project, [1]), part)


def test_a_grid_that_one_side_ends_and_the_other_goes_on_with_is_asked_for(town):
    first, second, third = far_blocks(town)
    rows = tuple(np.flatnonzero(town.grids.labels == grid(town, *first)).tolist())
    ended = MoveUnits(rows, grid(town, *second)).apply(town)
    for other in (named(town, *first, name="甲"), moved(town, *third, first)):
        found = merge(town, ended, other)
        assert [one.kind for one in found.conflicts] == ["ended"]
        check_whole(found.project)
        key = found.conflicts[0].key
        assert plan_facts(found.project)[1] == plan_facts(ended)[1]
        back = merge(town, ended, other, {key: "theirs"}).project
        check_whole(back)
        assert grid(back, *first) == grid(town, *first)
        turned = merge(town, other, ended)
        assert [one.kind for one in turned.conflicts] == ["ended"]
        assert grid(turned.project, *first) == grid(town, *first)
        gone = merge(town, other, ended, {turned.conflicts[0].key: "theirs"}).project
        check_whole(gone)
        assert grid(town, *first) not in gone.grids.grids


def test_a_grid_that_both_together_would_empty_is_asked_for():
    town = planned(block_town(4, 2))
    key = grid(town, 0, 0)
    other = next(k for k in town.grids.grids if k != key)
    rows = np.flatnonzero(town.grids.labels == key).tolist()
    mine, theirs = MoveUnits(tuple(rows[:2]), other).apply(town), MoveUnits(tuple(rows[2:]), other).apply(town)
    found = merge(town, mine, theirs)
    assert [one.kind for one in found.conflicts] == ["empty"]
    assert same_plan(found.project, mine)
    assert same_plan(merge(town, mine, theirs, {found.conflicts[0].key: "theirs"}).project, theirs)


def test_new_grids_of_both_sides_get_codes_of_their_own_and_rules_follow(town):
    first, second, _third = far_blocks(town)
    mine, theirs = split(town, *first), split(town, *second)
    new = max(theirs.grids.grids)
    theirs = HoldUnits((int(np.flatnonzero(theirs.grids.labels == new)[0]),)).apply(theirs)
    assert mine.grids.grids[max(mine.grids.grids)].code == theirs.grids.grids[new].code
    found = merge(town, mine, theirs)
    assert not found.conflicts
    check_whole(found.project)
    (note,) = found.notes
    given = found.project.grids.grids[max(found.project.grids.grids)].code
    assert given in note
    assert found.project.rules.must_stay.codes.tolist() == [given]
    again = merge(town, found.project, theirs)
    assert same_plan(again.project, found.project)


def test_a_grid_that_falls_apart_only_by_both_sides_together_is_told():
    town = planned(block_town(6, 2, households=50))  # two grids of six blocks
    key = grid(town, 0, 0)
    other = next(k for k in town.grids.grids if k != key)
    rows = sorted(unit(town, c, r) for c in range(6) for r in range(2) if grid(town, c, r) == key)
    across = sorted({c for c in range(6) if {grid(town, c, 0), grid(town, c, 1)} == {key}})
    assert len(rows) == 6
    assert across == [0, 1, 2] or across == [3, 4, 5]
    low, high = (MoveUnits((unit(town, across[1], r),), other).apply(town) for r in (0, 1))
    found = merge(town, low, high)
    assert not found.conflicts
    assert [note for note in found.notes if "2 pieces" in note]


def test_rules_are_sets_and_codes_that_changed_meanwhile_take_nothing_away(town):
    base = KeepTogether((unit(town, 0, 0), unit(town, 1, 0)), "一").apply(town)
    base = HoldUnits((unit(town, 5, 0),)).apply(base)
    mine = RecodeGrids("CJ/T 349").apply(KeepTogether((unit(town, 6, 0), unit(town, 7, 0)), "二").apply(base))
    theirs = Release("must_stay", 0).apply(KeepTogether((unit(town, 2, 2), unit(town, 3, 2)), "三").apply(Release("keep", 0).apply(base)))
    found = merge(base, mine, theirs)
    assert not found.conflicts
    assert sorted(found.project.rules.keep.names.tolist()) == ["三", "二"]
    assert len(found.project.rules.must_stay) == 0
    assert [g.code for g in found.project.grids.grids.values()] == [g.code for g in mine.grids.grids.values()]


def test_a_package_whose_project_has_moved_on_meets_it_where_it_is_now(town):
    """Meanwhile codes have another layout, a community is cut and named otherwise, and its neighbour came back."""
    part, other = part_of_project(town, [0]), part_of_project(town, [1])
    work, neighbour = named(split(part, 0, 0), 3, 3, workers=("5号",)), cut(split(other, 5, 1), 7, 3)
    mine = cut(named(RecodeGrids("CJ/T 349").apply(town), 3, 3, name="新名"), 2, 2)
    mine = merge(other, mine, neighbour).project
    found = merge(part, mine, work)
    assert not found.conflicts
    check_whole(found.project)
    after, was = found.project.grids.grids, town.grids.grids
    assert (after[grid(town, 3, 3)].name, after[grid(town, 3, 3)].workers) == ("新名", ("5号",))
    assert len(after) == len(was) + 2
    assert all(len(one.code) == len(mine.grids.grids[grid(town, 0, 0)].code) for one in after.values())
    assert not code_issues(found.project)
    assert same_plan(part_of_project(found.project, [1]), part_of_project(mine, [1]))
    assert found.project.households is town.households


def test_settings_scenarios_and_plans_are_merged_as_wholes_and_packages_touch_none(town):
    grids = town.settings.grids
    base = dataclasses.replace(town, beats=BeatPlan(dict.fromkeys(town.grids.grids, 1), {1: Beat("001", "一"), 2: Beat("002", "二")}))
    mine = BranchScenario("甲").apply(ChangeSettings("grids", dataclasses.replace(grids, tolerance=0.2)).apply(base))
    theirs = ChangeSettings("grids", dataclasses.replace(grids, tolerance=0.3)).apply(base)
    keys = sorted(base.grids.grids)
    one, other = ({**base.beats.members, key: 2} for key in keys[:2])
    start, theirs = (dataclasses.replace(p, beats=dataclasses.replace(base.beats, members=m)) for p, m in ((base, one), (theirs, other)))
    found = merge(base, ChangeSettings("grids", dataclasses.replace(grids, tolerance=0.2)).apply(start), theirs)
    assert [(c.kind, c.key) for c in found.conflicts] == [("settings", "settings:grids")]
    assert [found.project.beats.members[key] for key in keys[:3]] == [2, 2, 1]
    assert found.project.settings.grids.tolerance == 0.2
    decided_for = merge(base, mine, theirs, {"settings:grids": "theirs"})
    assert "甲" in {decided_for.project.scenario, *(s.name for s in decided_for.project.scenarios)}
    part = part_of_project(base, [0])
    there = ChangeSettings("grids", dataclasses.replace(grids, tolerance=0.4)).apply(named(part, 0, 0, name="新"))
    taken = merge(part, base, there)
    assert taken.project.settings is base.settings
    assert taken.project.beats is base.beats
    assert taken.project.grids.grids[grid(base, 0, 0)].name == "新"
    assert taken.notes == ("Left aside, as a package brings units, grids and rules alone: settings",)
    locked = named(base, 0, 0, locked=True)
    rows = np.flatnonzero(part.grids.labels == grid(part, 0, 0)).tolist()
    out = MoveUnits((rows[0],), next(key for key in part.grids.grids if key != grid(part, 0, 0))).apply(part)
    assert ["is locked on one side" in note for note in merge(part, locked, out).notes] == [True]


def test_zones_of_blocks_follow_units_that_either_side_cuts(town):
    labels = np.where(town.units.community == 0, 1, 2).astype(np.int32)
    base = dataclasses.replace(town, zones=ZonePlan({}, {1: Zone("01", "一"), 2: Zone("02", "二")}, np.zeros(2), labels=labels))
    mine, theirs = cut(base, 1, 1), cut(base, 6, 2)
    theirs = dataclasses.replace(theirs, zones=dataclasses.replace(theirs.zones, zones={**base.zones.zones, 2: Zone("02", "改")}))
    found = merge(base, mine, theirs)
    assert not found.conflicts
    assert found.project.zones.labels.tolist() == (found.project.units.community + 1).tolist()
    assert found.project.zones.zones[2].name == "改"
    assert found.taken.plans == ("zones",)
    part = part_of_project(base, [1])
    taken = merge(part, mine, cut(part, 6, 2)).project
    assert taken.zones.labels.tolist() == (taken.units.community + 1).tolist()


def test_data_read_anew_on_one_side_is_taken_and_on_both_refused_in_words(town):
    def with_more(project, count):
        homes = dataclasses.replace(project.households, households=project.households.households + count)
        return dataclasses.replace(project, households=homes)

    edited = cut(named(town, 0, 0, name="甲"), 1, 1)
    for found in (merge(town, edited, with_more(town, 1)), merge(town, with_more(town, 1), edited)):
        assert not found.conflicts
        check_whole(found.project)
        assert found.project.households.households[0] == town.households.households[0] + 1
        assert found.project.grids.grids[grid(found.project, 0, 0)].name == "甲"
        assert len(found.project.units) == len(town.units) + 1
    with pytest.raises(EditRejected, match="read households or communities anew"):
        merge(town, with_more(edited, 1), with_more(town, 2))
    part = part_of_project(town, [0])
    with pytest.raises(EditRejected, match="of the package were read anew"):
        merge(part, town, with_more(part, 1))


def test_decisions_about_units_are_those_of_an_enumeration():
    """All ways in which three units may lie in three grids on either side: 729 merges against what the words promise."""
    base = np.array([0, 1, 2])
    for mine, theirs in itertools.product(itertools.product(range(3), repeat=3), repeat=2):
        m, t = np.array(mine), np.array(theirs)
        ended = tuple(frozenset(range(3)) - set(side.tolist()) for side in (m, t))
        sides = Sides(base, m, t)
        labels, disputes = decided(sides, ended, (frozenset(), frozenset()), {})
        asked = {row for one in disputes for row in one.units.tolist()}
        for unit_row in range(3):
            b, a, c = int(base[unit_row]), int(m[unit_row]), int(t[unit_row])
            if b != a != c != b:
                assert unit_row in asked
            if unit_row in asked:
                assert labels[unit_row] == a
            else:
                assert labels[unit_row] == (a if c == b else c)
        choices: dict[str, str] = {}
        while any(one.name not in choices for one in disputes):  # deciding may bring up that a grid would be empty
            choices |= {one.name: "theirs" for one in disputes}
            chosen, disputes = decided(sides, ended, (frozenset(), frozenset()), choices)
        assert all(chosen[unit_row] == t[unit_row] for unit_row in asked), (mine, theirs)
        assert set(labels.tolist()) <= set(mine) | (set(theirs) - ended[0])


KINDS = (
    edit_moves.push, edit_moves.end_grid, edit_moves.change, edit_moves.keep, edit_moves.merge, edit_moves.cut, edit_moves.split,
    edit_moves.draw, edit_moves.reshape, edit_moves.release, edit_moves.exclude,
)  # fmt: skip


def edited(project, rng, count):
    for _try in range(6 * count):
        try:
            project = KINDS[int(rng.integers(len(KINDS)))](project, rng).apply(project)
        except (EditRejected, IndexError):
            continue
        count -= 1
        if not count:
            break
    return project


@pytest.mark.parametrize("seed", [6, 24])
def test_random_edits_meet_on_random_towns(seed):
    rng = np.random.default_rng(seed)
    base = edited(planned(random_town(seed)), rng, 2)
    mine, theirs = edited(base, rng, 4), edited(base, rng, 4)
    assert same_plan(merge(base, dataclasses.replace(mine), dataclasses.replace(base), part=True).project, mine)
    assert same_plan(merge(base, dataclasses.replace(base), theirs, part=True).project, theirs)
    found = merge(base, mine, theirs)
    check_whole(found.project)
    for side in ("mine", "theirs"):
        check_whole(resolved(base, mine, theirs, side).project)
    part = part_of_project(base, [0])
    work = edited(part, rng, 3)
    taken = merge(part, base, work)
    assert not taken.conflicts
    check_whole(taken.project)
    assert same_plan(part_of_project(taken.project, [0]), work)
    twice = merge(part, taken.project, work)
    assert not twice.conflicts
    assert same_plan(twice.project, taken.project)
