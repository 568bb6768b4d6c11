"""What follows from an edit by increments, in towns small enough to say by hand what that is."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from gridplanner.edits.code_edits import RecodeGrids
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.lock_edits import LockGrids
from gridplanner.edits.rule_edits import KeepTogether, MakeExclusive
from gridplanner.edits.several import Several
from gridplanner.edits.table_edits import ChangeGrids
from gridplanner.errors import EditRejected
from gridplanner.model.check import check
from gridplanner.model.colouring import COLOURS, colours_after, grid_colours, neighbour_pairs
from gridplanner.model.outlines import inner_border, polygons_of_units, unit_boxes, unit_polygons
from gridplanner.model.plan_change import plan_change
from gridplanner.model.plan_figures import touched_by
from gridplanner.model.plan_picture import PlanPicture, picture_after, picture_of
from gridplanner.model.project import Project
from gridplanner.model.statistics import grid_figures
from gridplanner.planning.hand_cost import community_costs, hand_costs
from gridplanner.settings import GridSettings
from tests.ui.builders import planned, town


@pytest.fixture
def project() -> Project:
    """12 × 8 units, grids of 4 × 2, three side by side; the west of two communities is columns 0 … 5, so grids 0, 3, … lie in it alone."""
    made = town()
    assert made.units is not None
    one = dataclasses.replace(made.units, community=np.zeros(96, np.int32))
    return planned(dataclasses.replace(made, units=one))


def after(before: PlanPicture, project: Project) -> PlanPicture:
    found = picture_after(before, project)
    assert found is not None
    return found[0]


def status_of(picture: PlanPicture, grid: int) -> str:
    return str(picture.figures.status[picture.figures.ids.tolist().index(grid)])


def test_a_move_touches_the_grids_on_both_sides_and_no_other(project: Project) -> None:
    before = picture_of(project)
    moved = MoveUnits((3, 15), 1).apply(project)
    picture, change = picture_after(before, moved) or (None, None)
    assert picture is not None
    assert change is not None
    assert change.grids == {0, 1}
    assert {0, 1} <= picture.changed
    np.testing.assert_array_equal(picture.figures.households[2:], before.figures.households[2:])
    assert picture.figures.households[0] < before.figures.households[0]
    assert picture.figures.households[:2].sum() == before.figures.households[:2].sum()
    assert grid_figures(moved) is picture.figures
    assert moved.grids is not None
    assert grid_colours(moved.units, moved.grids) is picture.colours  # type: ignore[arg-type]


def test_an_edit_that_moves_nothing_changes_nothing_shown(project: Project) -> None:
    before = picture_of(project)
    renamed = KeepTogether((0, 1)).apply(project)
    picture = after(before, renamed)
    assert picture.figures is before.figures
    assert picture.changed == frozenset()


def test_a_grid_cut_in_two_by_a_locked_one_is_not_split_by_its_own_fault(project: Project) -> None:
    """Grid 1 is columns 4 … 7 of two rows; two units of it, far left, are cut off by grid 0 once that is locked around them."""
    torn = MoveUnits((0,), 1).apply(project)  # the corner of grid 0 goes to grid 1
    split = after(picture_of(project), torn)
    assert status_of(split, 1) == "split"
    kept = LockGrids((0, 3)).apply(torn)  # whatever is around the corner stays: the two pieces cannot be one
    locked = after(split, kept)
    assert status_of(locked, 1) != "split"
    assert 1 in locked.changed
    freed = after(locked, LockGrids((0, 3), False).apply(kept))
    assert status_of(freed, 1) == "split"
    alone = Several("alone", (MakeExclusive(0), MakeExclusive(3))).apply(torn)  # so does what is a grid of its own
    assert status_of(after(split, alone), 1) != "split"


def test_other_data_or_settings_are_no_change_of_the_plan(project: Project) -> None:
    moved = MoveUnits((3,), 1).apply(project)
    other = dataclasses.replace(moved, settings=dataclasses.replace(moved.settings, grids=GridSettings(target_households=200.0)))
    assert plan_change(project, other) is None
    assert plan_change(project, dataclasses.replace(moved, units=dataclasses.replace(moved.units))) is None  # type: ignore[type-var]
    assert picture_after(picture_of(project), RecodeGrids("CJ/T 349").apply(project)) is None


def test_a_change_names_grids_that_end_begin_or_are_called_otherwise(project: Project) -> None:
    assert project.grids is not None
    mine = tuple(np.flatnonzero(project.grids.labels == 0).tolist())
    gone = MoveUnits(mine, 1).apply(project)
    for one, other in ((project, gone), (gone, project)):
        change = plan_change(one, other)
        assert change is not None
        assert change.grids == {0, 1}
        assert sorted(change.units.tolist()) == sorted(mine)
    both = plan_change(project, ChangeGrids(((5, (("name", "东"),)),)).apply(gone))
    assert both is not None
    assert both.grids == {0, 1, 5}
    named = plan_change(project, ChangeGrids(((5, (("name", "东"),)),)).apply(project))
    assert named is not None
    assert (named.grids, len(named.units)) == (frozenset({5}), 0)
    turned = dataclasses.replace(project.grids, grids=dict(sorted(project.grids.grids.items(), reverse=True)))
    assert plan_change(project, dataclasses.replace(project, grids=turned)).grids == frozenset()  # type: ignore[union-attr]


def test_a_lock_that_is_there_already_is_no_other_grid(project: Project) -> None:
    once = LockGrids((0, 1)).apply(project)
    change = plan_change(once, LockGrids((0, 1, 2)).apply(once))
    assert change is not None
    assert change.grids == {2}


def test_a_move_counts_only_grids_that_could_end_and_leaves_the_rest_as_it_is(project: Project) -> None:
    moved = MoveUnits((3, 15), 1).apply(project)
    assert project.grids is not None
    assert moved.grids is not None
    assert moved.grids.grids is project.grids.grids
    assert moved.grids.retired is project.grids.retired
    twice = Several("twice", (MoveUnits((3,), 1), MoveUnits((15,), 1))).apply(project)
    np.testing.assert_array_equal(twice.grids.labels, moved.grids.labels)  # type: ignore[union-attr]
    with pytest.raises(EditRejected, match="locked"):
        MoveUnits((3,), 1).apply(LockGrids((0,)).apply(project))


def test_nine_neighbours_of_nine_colours_make_room_for_one_another(project: Project) -> None:
    """A grid in the midst of all others, whose neighbours have every colour: one of them changes, not all."""
    units = project.units
    assert units is not None
    labels = np.full(96, 0, np.int32)
    ring = [12 * row + column for row in (1, 4) for column in range(1, 11)] + [12 * row + column for row in (2, 3) for column in (1, 10)]
    for number, unit in enumerate(ring[:18]):
        labels[unit] = 1 + number % 9 if number < 9 else 20
    labels[[12 * row + column for row in (2, 3) for column in range(2, 10)]] = 30
    assert project.grids is not None
    grids = {label: dataclasses.replace(project.grids.grids[0], code=str(label)) for label in np.unique(labels).tolist()}
    crowded = dataclasses.replace(project, grids=dataclasses.replace(project.grids, labels=labels, grids=grids))
    before = {label: (label - 1) % COLOURS for label in grids if 1 <= label <= 9} | {0: 0, 20: 1, 30: 0}
    change = plan_change(project, crowded)
    assert change is not None
    only = dataclasses.replace(change, grids=frozenset({30, 0, 20}))
    assert crowded.grids is not None
    touched = touched_by(only, grid_figures(crowded), crowded)
    colours, others = colours_after(before, only, touched, units, crowded.grids)
    assert all(colours[a] != colours[b] for a, b in neighbour_pairs(units, labels).tolist())
    assert others == {label for label in grids if colours[label] != before[label]}


def test_undo_brings_the_issues_back(project: Project) -> None:
    before = picture_of(project)
    assert before.findings is not None
    there = after(before, MoveUnits((3, 15, 2, 14), 1).apply(project))
    back = after(there, project)
    assert there.findings is not None
    assert back.findings is not None
    assert there.findings.grids != before.findings.grids
    assert back.findings.issues == before.findings.issues == check(project)


def test_a_grid_without_units_is_told_after_an_edit_too(project: Project) -> None:
    assert project.grids is not None
    labels = np.where(project.grids.labels == 0, 1, project.grids.labels).astype(np.int32)
    bare = dataclasses.replace(project, grids=dataclasses.replace(project.grids, labels=labels))
    picture = after(picture_of(project), bare)
    assert picture.findings is not None
    assert picture.findings.empty == (0,)
    assert [issue for issue in picture.findings.issues if issue.kind == "empty"] == [i for i in check(bare) if i.kind == "empty"]


def test_polygons_and_boxes_of_some_units_are_those_among_all(project: Project) -> None:
    units = project.units
    assert units is not None
    rows = np.array([0, 7, 50, 95])
    assert [a.equals_exact(b, 0.0) for a, b in zip(polygons_of_units(units, rows), unit_polygons(units)[rows], strict=True)] == [True] * 4
    np.testing.assert_array_equal(unit_boxes(units)[rows], [shape.bounds for shape in unit_polygons(units)[rows]])


def test_the_border_inside_a_community_is_each_piece_between_its_grids_once(project: Project) -> None:
    units, plan = project.units, project.grids
    assert units is not None
    assert plan is not None
    total = 0.0
    for row, (left, right) in enumerate(zip(units.left.tolist(), units.right.tolist(), strict=True)):
        if left >= 0 and right >= 0 and plan.labels[left] != plan.labels[right]:
            a, b = units.xy[units.ends[row]]
            total += float(np.hypot(*(b - a)))
    assert inner_border(units, plan.labels, 0) == pytest.approx(total)


def test_costs_are_of_the_communities_asked_for_alone() -> None:
    project = planned(town(), wide=3)
    both = community_costs(project, {0, 1})
    assert community_costs(project, {1}) == {1: pytest.approx(both[1])}
    assert hand_costs(project) == {}
