"""Scenarios: each keeps what was planned in it, whatever is done in others; one is the master; grids are copied across."""

import dataclasses

import numpy as np
import pytest

from gridplanner.edits.copy_grid import CopyGrid, area_there
from gridplanner.edits.edit import Replace, needs
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.lock_edits import LockGrids
from gridplanner.edits.new_grid import with_new_grid
from gridplanner.edits.scenario_edits import AdoptMaster, BranchScenario, DeleteScenario, KeepBackup, RenameScenario, SwitchScenario
from gridplanner.edits.settings_edits import ChangeSettings
from gridplanner.errors import EditRejected
from gridplanner.model.freshness import stale_plans
from gridplanner.model.project import Project
from gridplanner.model.scenarios import backup_title, free_title, project_in, scenario_names, scenario_of
from gridplanner.model.zones import Zone, ZonePlan
from gridplanner.session import Session
from gridplanner.settings import GridSettings
from tests.ui.builders import coarser, planned, town


@pytest.fixture
def project() -> Project:
    return planned(town())


def done(project, *edits):
    for edit in edits:
        project = edit.apply(project)
    return project


# branch, switch, rename, delete


def test_each_scenario_keeps_its_own_plan(project):
    branched = done(project, BranchScenario("沿河"), MoveUnits((4, 16), 0), ChangeSettings("grids", GridSettings(target_households=250.0)))
    back = SwitchScenario("").apply(branched)
    assert back.grids is project.grids
    assert back.units is project.units
    assert back.settings == project.settings
    again = SwitchScenario("沿河").apply(back)
    assert again.grids is branched.grids
    assert again.settings == branched.settings
    assert again.households is project.households
    assert not stale_plans(back)


def test_what_speaks_of_the_district_is_shared(project):
    named = dataclasses.replace(project.settings.project, name="东郊")
    branched = done(project, BranchScenario("B"), ChangeSettings("project", named))
    assert SwitchScenario("").apply(branched).name == "东郊"


def test_undo_works_across_a_switch(project):
    session = Session(project)
    seen = [session.project]
    for edit in (
        BranchScenario("B"),
        MoveUnits((4,), 0),
        SwitchScenario(""),
        MoveUnits((28,), 3),
        SwitchScenario("B"),
        DeleteScenario("B"),
    ):
        session.do(edit)
        seen.append(session.project)
    for before in reversed(seen[:-1]):
        session.undo()
        assert session.project is before
    session.travel(len(seen) - 1)
    assert session.project is seen[-1]


def test_every_scenario_is_what_was_made_of_it_after_any_walk(project):
    rng = np.random.default_rng(7)
    plans, active = {"": project.grids.labels}, ""
    for step in range(120):
        match rng.integers(5):
            case 0:
                name = f"S{step}"
                project, plans[name], active = BranchScenario(name).apply(project), plans[active], name
            case 1:
                active = list(plans)[rng.integers(len(plans))]
                project = SwitchScenario(active).apply(project)
            case 2 if len(plans) > 2:
                gone = next(name for name in plans if name != active)
                project = DeleteScenario(gone).apply(project)
                del plans[gone]
            case 3:
                old = list(plans)[rng.integers(len(plans))]
                project = RenameScenario(old, f"R{step}").apply(project)
                plans[f"R{step}"] = plans.pop(old)
                active = project.scenario
            case _:
                unit, grid = int(rng.integers(96)), int(rng.choice(list(project.grids.grids)))
                if project.units.community[unit] == project.grids.grids[grid].community:
                    project = MoveUnits((unit,), grid).apply(project)
                    plans[active] = project.grids.labels
        assert set(scenario_names(project)) == set(plans)
        assert project.scenario == active
        for name, labels in plans.items():
            np.testing.assert_array_equal(project_in(project, name).grids.labels, labels)


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (BranchScenario(" "), "needs a name"),
        (BranchScenario("B"), "already"),
        (BranchScenario("Scenario A"), "already"),  # what the first one is called
        (SwitchScenario("C"), "no scenario"),
        (RenameScenario("C", "D"), "no scenario"),
        (RenameScenario("B", "Scenario A"), "already"),
        (DeleteScenario("C"), "no scenario"),
        (DeleteScenario(""), "master plan"),
        (AdoptMaster("empty", "x"), "no grids"),
        (KeepBackup("B"), "already"),
        (CopyGrid("C", 0), "no scenario"),
        (CopyGrid("", 999), "no grid"),
        (CopyGrid("empty", 0), "no grids"),
    ],
)
def test_what_cannot_be_done_is_said(project, edit, why):
    project = done(
        project, AdoptMaster(""), BranchScenario("empty"), Replace("none", {"grids": None}), SwitchScenario(""), BranchScenario("B")
    )
    with pytest.raises(EditRejected, match=why):
        edit.apply(project)


def test_the_only_scenario_stays(project):
    with pytest.raises(EditRejected, match="only scenario"):
        DeleteScenario("").apply(project)


def test_deleting_the_one_worked_on_goes_to_the_one_beside_it(project):
    after = done(project, BranchScenario("B"), BranchScenario("C"), DeleteScenario("C"))
    assert after.scenario == "B"
    assert scenario_names(after) == ("B", "")


def test_numbers_in_names_are_in_their_order(project):
    after = done(project, *(BranchScenario(f"plan {n}") for n in (10, 9, 2)))
    assert scenario_names(after) == ("", "plan 2", "plan 9", "plan 10")
    assert free_title(after) == "Scenario B"


def test_a_scenario_over_other_addresses_is_not_switched_to(project):
    branched = BranchScenario("B").apply(project)
    fewer = dataclasses.replace(
        project.households, **{part: getattr(project.households, part)[:-1] for part in ("xy", "households", "persons", "address")}
    )
    with pytest.raises(EditRejected, match="other addresses"):
        SwitchScenario("").apply(dataclasses.replace(branched, households=fewer))


def test_a_result_computed_in_another_scenario_is_refused(project):
    slow = Replace("Make grids", {"grids": None}, needs(project, "units"))
    with pytest.raises(EditRejected, match="changed since"):
        slow.apply(BranchScenario("B").apply(project))
    assert slow.apply(project).grids is None


# the master plan


def test_the_master_that_is_replaced_is_kept_whatever_comes_after(project):
    before = done(project, AdoptMaster(""), BranchScenario("B"), MoveUnits((4,), 0))
    title = backup_title(before, "2026-11-22")
    after = AdoptMaster("B", title).apply(before)
    assert after.master == "B"
    later = done(after, SwitchScenario(""), MoveUnits((28,), 3), SwitchScenario("B"), DeleteScenario(""))
    assert scenario_of(later, title).grids is project.grids
    assert backup_title(dataclasses.replace(after, master=""), "2026-11-22") == f"{title} (2)"


def test_the_first_master_takes_no_ones_place(project):
    after = AdoptMaster("").apply(project)
    assert after.master == ""
    assert after.scenarios == ()
    assert RenameScenario("", "正式").apply(after).master == "正式"


# copying a grid


def test_a_copied_grid_has_the_very_units_it_has_there(project):
    there = done(project, BranchScenario("B"), MoveUnits((4, 16, 5), 0), MoveUnits((15,), 3), SwitchScenario(""))
    wanted = np.flatnonzero(scenario_of(there, "B").grids.labels == 0)
    after = CopyGrid("B", 0).apply(there)
    np.testing.assert_array_equal(np.flatnonzero(after.grids.labels == 0), wanted)
    assert set(after.grids.labels.tolist()) == set(after.grids.grids)
    untouched = ~np.isin(np.arange(96), np.union1d(wanted, np.flatnonzero(there.grids.labels == 0)))
    np.testing.assert_array_equal(after.grids.labels[untouched], there.grids.labels[untouched])
    assert after.grids.labels[15] == 3  # what the grid lost went to the one that has it there


def test_where_no_grid_has_most_of_itself_there_a_new_one_is_made(project):
    labels = project.grids.labels.copy()
    middle = np.array([1, 2, 13, 25, 26, 27])  # three of the eight units of grid 0, and of grid 3
    labels[middle] = 0
    labels[np.setdiff1d(np.flatnonzero(project.grids.labels == 0), middle)] = 3
    plan = dataclasses.replace(project.grids, labels=labels)
    odd = dataclasses.replace(
        project, grids=dataclasses.replace(plan, grids={**plan.grids, 0: dataclasses.replace(plan.grids[0], code="X")})
    )
    there = done(dataclasses.replace(odd, scenario="B"), BranchScenario("A"), Replace("as it was", {"grids": project.grids}))
    target = there.grids.labels
    shares = [np.isin(np.flatnonzero(target == grid), middle).mean() for grid in (0, 3)]
    assert max(shares) <= 0.5
    after = CopyGrid("B", 0).apply(there)
    label = int(after.grids.labels[1])
    assert label not in there.grids.grids
    assert after.grids.grids[label].code == "X"
    np.testing.assert_array_equal(np.flatnonzero(after.grids.labels == label), middle)


def in_zones(project):
    """Return the project with the grids of its two communities in zones 1 and 2, and one that is no more in zone 2."""
    members = {grid: known.community + 1 for grid, known in project.grids.grids.items()} | {max(project.grids.grids) + 1: 2}
    return dataclasses.replace(project, zones=ZonePlan(members, {1: Zone("Z1", "西"), 2: Zone("Z2", "东")}, np.zeros(2)))


def test_a_new_grid_by_copying_is_in_the_zone_of_those_that_it_takes_from_and_names_them(project):
    middle = np.array([1, 2, 13, 25, 26, 27])
    branched = BranchScenario("B").apply(in_zones(project))
    there = SwitchScenario("").apply(with_new_grid(branched, middle))
    (new,) = set(scenario_of(there, "B").grids.grids) - set(there.grids.grids)
    after = CopyGrid("B", new).apply(there)
    (label,) = set(after.grids.grids) - set(there.grids.grids)
    np.testing.assert_array_equal(np.flatnonzero(after.grids.labels == label), middle)
    assert label not in there.zones.members
    assert after.zones.members[label] == 1
    givers = {there.grids.grids[grid].code for grid in set(there.grids.labels[middle].tolist())}
    assert set(after.grids.grids[label].prev_code.split(",")) == givers


def test_locked_grids_stay_as_they_are(project):
    there = done(project, BranchScenario("B"), MoveUnits((4, 28), 0), SwitchScenario(""), LockGrids((4,)))
    after = CopyGrid("B", 0).apply(there)
    assert after.grids.labels[4] == 0
    assert after.grids.labels[28] == there.grids.labels[28] == 4
    locked = LockGrids(tuple(there.grids.grids)).apply(there)
    with pytest.raises(EditRejected, match="locked"):
        CopyGrid("B", 0).apply(locked)


def test_over_other_units_the_households_say_what_follows(project):
    branched = BranchScenario("B").apply(project)
    moved = MoveUnits((4, 16, 5), 0).apply(branched)
    here = dataclasses.replace(moved, units=coarser(project).units, grids=coarser(project).grids, scenario="C", scenarios=())
    both = dataclasses.replace(here, scenarios=(dataclasses.replace(scenario_of(moved, "B"), name="B"),))
    area = area_there(both, "B", 0)
    inside = moved.grids.labels[moved.units.address_unit] == 0
    homes = project.households.households
    expected = []
    for unit in range(len(both.units)):
        mine = both.units.address_unit == unit
        if homes[mine & inside].sum() > 0.5 * homes[mine].sum():
            expected.append(unit)
    assert area.units.tolist() == expected
    chosen = np.isin(both.units.address_unit, expected)
    assert area.wanted == homes[inside].sum()
    assert area.missing == pytest.approx(homes[inside & ~chosen].sum())
    assert area.added == pytest.approx(homes[chosen & ~inside].sum())
    assert area.missing + area.added > 0
    after = CopyGrid("B", 0).apply(both)
    np.testing.assert_array_equal(np.flatnonzero(after.grids.labels == 0), expected)


def test_ground_without_households_follows_by_its_area(project):
    empty = project.households.households.copy()
    empty[np.isin(project.units.address_unit, (0, 1, 12, 13))] = 0.0
    bare = dataclasses.replace(project, households=dataclasses.replace(project.households, households=empty))
    other = coarser(bare)
    both = dataclasses.replace(other, scenario="C", scenarios=(scenario_of(bare, ""),))
    area = area_there(both, "", 0)
    assert {0, 6} <= set(area.units.tolist())  # the pairs of the four bare units
    assert 3 not in area.units.tolist()
