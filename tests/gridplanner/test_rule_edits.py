"""Rules by the planner's hand: values that change a project, undone like any other."""

import numpy as np
import pytest
from block_town import block_town, blocks_of, grid, line, planned, unit, with_code

from gridplanner.edits.merge_edits import MergeGrids
from gridplanner.edits.rule_edits import KINDS, DrawFixedLine, HoldUnits, KeepTogether, MakeExclusive, Release
from gridplanner.errors import EditRejected
from gridplanner.io.project_file import open_project, save_project
from gridplanner.model.check import check
from gridplanner.model.freshness import stale_plans
from gridplanner.model.project import Project, fingerprint
from gridplanner.model.rules import Rules, area_of_units
from gridplanner.planning.grids import propose_grids
from gridplanner.planning.units import propose_units
from gridplanner.session import Session


@pytest.fixture(scope="module")
def town() -> Project:
    return planned(block_town(6, 4, split=(4,)))


def test_units_kept_together_are_in_one_grid_of_the_next_plan_and_the_units_stay(town):
    rows = tuple(unit(town, c, r) for c, r in ((0, 0), (1, 0), (2, 0), (3, 0)))
    session = Session(town)
    session.do(KeepTogether(rows))
    assert stale_plans(session.project) == {"grids"}
    session.do(propose_grids(session.project))
    assert len({int(session.project.grids.labels[row]) for row in rows}) == 1
    again = propose_units(session.project).apply(session.project)
    assert fingerprint(again.units) == fingerprint(town.units)
    session.undo()
    session.undo()
    assert session.project is town


def test_an_exclusive_grid_is_not_merged_while_its_rule_stands(town):
    own, west = grid(town, 0, 0), grid(town, 0, 3)
    fenced = MakeExclusive(own).apply(town)
    for edit in (MergeGrids(own, (west,)), MergeGrids(west, (own,))):
        with pytest.raises(EditRejected, match="exclusive"):
            edit.apply(fenced)
    freed = Release("exclusive", 0).apply(fenced)
    assert own not in MergeGrids(west, (own,)).apply(freed).grids.grids


def test_a_grid_made_exclusive_stays_a_grid_of_its_own(town):
    own = grid(town, 0, 0)
    project = MakeExclusive(own, "一中").apply(town)
    assert project.grids.grids[own].kind == "exclusive"
    planned_again = propose_grids(project).apply(project)
    there = grid(planned_again, 0, 0)
    assert blocks_of(planned_again, there) == blocks_of(town, own)
    assert planned_again.grids.grids[there].name == "一中"
    assert not [i for i in check(planned_again) if i.kind == "rule"]
    with pytest.raises(EditRejected, match="exclusive already"):
        MakeExclusive(own).apply(project)


def test_held_units_stay_in_their_grid_and_the_grid_keeps_its_code(town):
    rows = (unit(town, 0, 0), unit(town, 3, 3))
    project = HoldUnits(rows).apply(town)
    planned_again = propose_grids(project).apply(project)
    codes = [planned_again.grids.grids[int(planned_again.grids.labels[row])].code for row in rows]
    assert codes == [town.grids.grids[int(town.grids.labels[row])].code for row in rows]


def test_a_drawn_line_is_a_boundary_of_the_next_units_and_grids(town):
    project = DrawFixedLine(tuple(map(tuple, line((2, -0.2), (2, 4.2)).coords.tolist()))).apply(town)
    project = propose_units(project).apply(project)
    project = propose_grids(project).apply(project)
    assert all(grid(project, 1, r) != grid(project, 2, r) for r in range(4))


def test_every_rule_can_be_taken_away(town):
    project = KeepTogether((unit(town, 0, 0), unit(town, 1, 0)), "A").apply(town)
    project = KeepTogether((unit(town, 0, 3), unit(town, 1, 3)), "A").apply(project)
    assert list(project.rules.keep.names) == ["A", "A 1"]
    project = MakeExclusive(grid(town, 3, 3)).apply(project)
    project = HoldUnits((unit(town, 0, 0), unit(town, 0, 1))).apply(project)
    project = DrawFixedLine(((0.0, 0.0), (1.0, 1.0))).apply(project)
    for kind in KINDS:
        while len(getattr(project.rules, kind)):
            before = len(getattr(project.rules, kind))
            project = Release(kind, before - 1).apply(project)
            assert len(getattr(project.rules, kind)) == before - 1
    assert fingerprint(project.rules) == fingerprint(Rules())
    assert all(not g.kind for g in project.grids.grids.values())
    assert stale_plans(project) == set()


def test_rules_that_cannot_be_are_refused(town):
    for edit, words in (
        (KeepTogether(()), "no such unit"),
        (KeepTogether((0, 10_000)), "no such unit"),
        (KeepTogether((unit(town, 0, 0), unit(town, 5, 0))), "several communities"),
        (MakeExclusive(10_000), "no grid"),
        (HoldUnits((-1,)), "no such unit"),
        (DrawFixedLine(((1.0, 1.0), (1.0, 1.0))), "two places"),
        (Release("keep", 0), "no such rule"),
        (Release("locks", 0), "no such rule"),
    ):
        with pytest.raises(EditRejected, match=words):
            edit.apply(town)
        assert edit.words
    for edit in (KeepTogether((0,)), HoldUnits((0,)), MakeExclusive(1)):
        with pytest.raises(EditRejected, match="yet"):
            edit.apply(Project())
    bare = with_code(town, grid(town, 0, 0), "")
    with pytest.raises(EditRejected, match="without a code"):
        HoldUnits((unit(town, 0, 0),)).apply(bare)


def test_rules_are_saved_and_opened_to_the_last_bit(town, tmp_path):
    project = KeepTogether((unit(town, 0, 0), unit(town, 1, 0)), "花园").apply(town)
    project = MakeExclusive(grid(town, 3, 3), "一中").apply(project)
    project = HoldUnits((unit(town, 0, 1),)).apply(project)
    project = DrawFixedLine(((0.0, 0.0), (1.0, 1.0))).apply(project)
    save_project(project, tmp_path / "a.gridplan")
    opened = open_project(tmp_path / "a.gridplan")
    assert fingerprint(opened.rules) == fingerprint(project.rules)
    assert opened.grids.grids == dict(project.grids.grids)
    assert stale_plans(opened) == stale_plans(project)
    assert np.array_equal(area_of_units(opened.units, opened.rules.exclusive), area_of_units(project.units, project.rules.exclusive))
