"""What a merge must not lose in silence: ended grids that the other side works on, plans of one name, what was taken back here."""

import dataclasses

import numpy as np
import pytest
from block_town import block_town, grid, planned, unit
from merge_facts import check_whole, same_plan
from town_hand import far_blocks, moved, named, split

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.handout_edits import HandOut
from gridplanner.edits.rule_edits import HoldUnits
from gridplanner.edits.scenario_edits import BranchScenario, RenameScenario, SwitchScenario
from gridplanner.edits.settings_edits import ChangeSettings
from gridplanner.edits.take_in_edits import TakeIn, with_leases
from gridplanner.model.handout import community_keys, community_states, part_of_project
from gridplanner.model.lease_check import lease_issues, returning_notes
from gridplanner.model.leases import Handout
from gridplanner.model.merge_plans import LAYERS, PLANS
from gridplanner.model.merging import GIVEN, merge, resolved
from gridplanner.model.project import Project
from gridplanner.model.scenarios import scenario_names


@pytest.fixture(scope="module")
def town():
    """8 × 4 blocks, two communities of four grids each."""
    return planned(block_town(8, 4, split=(4,)))


@pytest.fixture(scope="module")
def ended(town):
    """The town in which the grid of the first block went to another, and that block."""
    first, second, _third = far_blocks(town)
    rows = np.flatnonzero(town.grids.labels == grid(town, *first)).tolist()
    return MoveUnits(tuple(rows), grid(town, *second)).apply(town), first


def lease_of(project, *rows):
    keys = community_keys(project.communities)
    return Handout("1" * 32, "2" * 32, "3" * 32, tuple(keys[row] for row in rows), "甲", "")


def test_every_part_of_a_project_is_merged_in_one_way():
    merged = [*GIVEN, *LAYERS, *PLANS, "settings", "rules", "units", "grids", "scenario", "scenarios", "master", "handouts"]
    assert sorted(merged) == sorted(part.name for part in dataclasses.fields(Project))


def test_a_new_grid_that_loses_all_its_units_to_the_other_side_ends(town):
    first, second, _third = far_blocks(town)
    mine = split(town, *first)
    new = max(mine.grids.grids)
    theirs = MoveUnits(tuple(np.flatnonzero(mine.grids.labels == new).tolist()), grid(town, *second)).apply(town)
    found = resolved(town, mine, theirs, "theirs")
    assert [one.kind for one in found.conflicts] == ["units"]
    check_whole(found.project)
    assert new not in found.project.grids.grids
    assert mine.grids.grids[new].code in found.project.grids.retired_codes


def test_a_place_held_in_a_grid_that_the_other_side_ended_is_asked_for_once(town, ended):
    mine, first = ended
    theirs = HoldUnits((unit(town, *first),)).apply(town)
    found = merge(town, mine, theirs)
    assert [one.kind for one in found.conflicts] == ["ended"]
    kept = merge(town, mine, theirs, {found.conflicts[0].key: "mine"}).project
    assert len(kept.rules.must_stay) == 1
    again = merge(town, kept, theirs)
    assert [one.kind for one in again.conflicts] == ["ended"]  # no place “held in two grids”, which are one


def test_a_code_given_by_hand_to_a_grid_that_the_other_side_ended_is_asked_for(town, ended):
    mine, first = ended
    found = merge(town, mine, named(town, *first, code="620802001000777"))
    assert [one.kind for one in found.conflicts] == ["ended"]


def test_two_plans_begun_under_one_name_are_both_kept(town):
    mine = named(BranchScenario("乙").apply(town), 0, 0, name="甲的")
    theirs = SwitchScenario("").apply(named(BranchScenario("乙").apply(town), 0, 0, name="乙的"))
    for other in (theirs, SwitchScenario("乙").apply(theirs)):
        found = merge(town, mine, other)
        assert not found.conflicts
        assert scenario_names(found.project) == ("", "乙", "乙 (2)")
        assert "乙 (2)" in found.notes[0]
        assert found.project.grids is mine.grids
        came = SwitchScenario("乙 (2)").apply(found.project)
        assert came.grids.grids[grid(town, 0, 0)].name == "乙的"
        assert scenario_names(merge(town, found.project, other).project) == ("", "乙", "乙 (2)")
    assert scenario_names(merge(town, BranchScenario("乙").apply(town), BranchScenario("乙").apply(town)).project) == ("", "乙")


def test_conflicts_say_here_of_this_side_also_where_the_other_read_data_anew(town):
    homes = dataclasses.replace(town.households, households=town.households.households + 1)
    grids = town.settings.grids
    mine = ChangeSettings("grids", dataclasses.replace(grids, tolerance=0.2)).apply(town)
    theirs = ChangeSettings("grids", dataclasses.replace(grids, tolerance=0.3)).apply(dataclasses.replace(town, households=homes))
    found = merge(town, mine, theirs)
    (asked,) = found.conflicts
    assert (asked.mine, asked.theirs) == ("as it is here", "as it is there")
    assert found.project.settings.grids.tolerance == 0.2
    assert found.taken.plans == ("households",)
    named_here, named_there = (named(project, 0, 0, name=name) for project, name in ((mine, "甲"), (theirs, "乙")))
    assert {(one.mine, one.theirs) for one in merge(town, named_here, named_there).conflicts if one.kind == "grid"} == {("甲", "乙")}


def test_a_scenario_that_one_side_renamed_and_the_other_changed_is_told_as_it_is(town):
    base = SwitchScenario("").apply(BranchScenario("乙").apply(town))
    there = SwitchScenario("").apply(named(SwitchScenario("乙").apply(base), 0, 0, name="新"))
    (asked,) = merge(base, RenameScenario("乙", "丙").apply(base), there).conflicts
    assert (asked.kind, asked.mine, asked.theirs) == ("scenario", "none", "as it is there")


def test_a_package_of_one_of_two_communities_of_one_code_comes_in_where_it_belongs(town):
    places = dataclasses.replace(town.communities, codes=town.communities.codes[[0, 0]])
    twins = dataclasses.replace(town, communities=places)
    for row, block in ((0, (0, 0)), (1, (7, 3))):
        part = part_of_project(twins, [row])
        found = merge(part, twins, named(part, *block, name="新"), part=True)
        assert found.taken.fields == 1
        assert found.project.grids.grids[grid(town, *block)].name == "新"


def test_what_was_changed_in_a_community_that_the_other_side_has_no_more_is_told(town):
    theirs = named(town, 7, 3, name="新")
    fewer = part_of_project(town, [0])
    for one, other in ((fewer, theirs), (theirs, fewer)):
        assert any("社区1" in note for note in merge(town, one, other, part=False).notes)
    assert not any("社区1" in note for note in merge(town, fewer, named(town, 0, 0, name="新"), part=False).notes)


def test_a_package_that_comes_again_says_that_what_was_taken_back_comes_with_it(town):
    lease = lease_of(town, 0)
    project = HandOut(lease).apply(town)
    lease = project.handouts[0]
    part = part_of_project(town, [0])
    work = named(moved(part, 0, 0, far_blocks(town)[1]), 3, 3, name="新")
    found = merge(part, project, work, part=True)
    assert returning_notes(lease, project, found) == []
    for goes_on in (True, False):
        after = TakeIn(found, project, "", lease, goes_on).apply(project)
        same = merge(part, after, work, part=True)
        assert same_plan(same.project, after)
        assert not any("taken back" in note for note in returning_notes(lease, after, same))
        back = named(after, 3, 3, name=town.grids.grids[grid(town, 3, 3)].name)
        again = merge(part, back, work, part=True)
        assert any("taken back" in note for note in returning_notes(lease, back, again))


def test_leases_that_go_on_know_what_came_in_with_several_packages(town):
    lease = lease_of(town, 0, 1)
    project = HandOut(lease).apply(town)
    after = named(project, 0, 0, name="新")
    assert lease_issues(after)
    settled = with_leases(after, [lease], goes_on=True)
    assert not lease_issues(settled)
    assert with_leases(after, [lease], goes_on=False).handouts == ()
    assert merge(project, named(project, 7, 3, name="别"), settled).project.handouts[0].states == community_states(after, lease.communities)
