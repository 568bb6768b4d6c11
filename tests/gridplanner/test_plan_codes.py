"""Codes through the life of a plan: by the profile asked for, kept, given up and never given again, told where they are wrong."""

import dataclasses
import json

import numpy as np
import pytest
from block_town import areas, block_town, box, grid, planned, unit, with_code

from gridplanner.code_profiles import profile_of
from gridplanner.edits.code_edits import RecodeGrids
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.lock_edits import LockGrids
from gridplanner.edits.rule_edits import HoldUnits
from gridplanner.edits.table_edits import ChangeGrids
from gridplanner.errors import EditRejected, InputError
from gridplanner.io.project_file import open_project, save_project
from gridplanner.model.certificate_words import certificate_words
from gridplanner.model.check import check
from gridplanner.model.code_check import TOLD
from gridplanner.model.code_faults import verify_codes
from gridplanner.model.freshness import stale_plans
from gridplanner.model.grids import PREVIOUS, RetiredGrid, listed_codes
from gridplanner.model.issues import Level
from gridplanner.model.places import texts
from gridplanner.model.project import Project
from gridplanner.model.transfers import transfers_of
from gridplanner.planning.grids import propose_grids
from gridplanner.planning.replan import propose_replan
from gridplanner.session import Session
from gridplanner.summary import summary_of

CJ, OWN = "CJ/T 349", "template:{community}{kind:JZ}{seq:02}"
A, B = "620802001000", "620802001001"


@pytest.fixture(scope="module")
def town() -> Project:
    """Six grids of four blocks in the west, one of four blocks in the east."""
    return planned(block_town(8, 4, split=(6,), households=np.repeat([[75.0, 37.5]], [6, 2], axis=1).repeat(4, axis=0)))


def codes(project):
    return [project.grids.grids[key].code for key in sorted(project.grids.grids)]


def wishing(project, **wishes):
    settings = dataclasses.replace(project.settings, grids=dataclasses.replace(project.settings.grids, **wishes))
    return dataclasses.replace(project, settings=settings)


def faults(project):
    return [issue.message for issue in check(project) if issue.kind == "code"]


def merged_away(project, gone, into):
    """The project after all units of one grid went to another by hand."""
    return MoveUnits(tuple(np.flatnonzero(project.grids.labels == gone).tolist()), into).apply(project)


def neighbours(project, community=0):
    """Two grids of a community that touch."""
    units, labels = project.units, project.grids.labels
    inner = (units.left >= 0) & (units.right >= 0)
    pairs = zip(labels[units.left[inner]].tolist(), labels[units.right[inner]].tolist(), strict=True)
    return next((a, b) for a, b in pairs if a != b and {project.grids.grids[k].community for k in (a, b)} == {community})


# by the profile


def test_the_profile_of_the_settings_gives_the_codes(town):
    assert codes(town) == [f"{A}{n:03d}" for n in range(1, 7)] + [f"{B}001"]
    twenty = propose_grids(wishing(town, codes=CJ)).apply(wishing(town, codes=CJ))
    assert codes(twenty) == [f"000000{A}{n:02d}" for n in range(1, 7)] + [f"000000{B}00"]
    assert {name: n for name, n in ((g.name, g.community) for g in twenty.grids.grids.values()) if n} == {"社区1 grid 01": 1}
    assert faults(town) == faults(twenty) == []


def test_exclusive_grids_are_numbered_apart_locked_ones_too():
    project = planned(block_town(6, 4, codes=OWN), exclusive=areas(box(0, 0, 1, 1)))
    school = grid(project, 0, 0)
    assert project.grids.grids[school].code == f"{A}Z01"
    assert sorted(codes(project)) == [f"{A}J{n:02d}" for n in range(1, len(project.grids))] + [f"{A}Z01"]
    locked = LockGrids((school,)).apply(project)
    again = propose_grids(locked).apply(locked)
    assert again.grids.grids[grid(again, 0, 0)].code == f"{A}Z01"
    assert sorted(codes(again)) == sorted(codes(project))


def test_too_many_grids_for_the_digits_are_refused_before_the_search(town):
    few = "template:{community}{seq:01}"
    project = block_town(11, 4, codes=few)
    with pytest.raises(InputError, match=r"社区0 has 11 grids; .* has room for 9\. Divide the community"):
        planned(project)
    apart = "template:{community}{kind:JZ}{seq:01}"
    school = areas(box(0, 0, 1, 1), box(10, 3, 11, 4))
    assert len(planned(block_town(9, 4, codes=apart), exclusive=areas(box(0, 0, 1, 1))).grids) > 9
    with pytest.raises(InputError, match="has room for 9"):
        planned(project, exclusive=school)


def test_a_replanned_community_goes_on_in_the_layout_of_the_settings():
    project = planned(block_town(6, 4, codes=OWN))
    homes = project.households
    here = np.isin(np.arange(len(homes)), np.flatnonzero(homes.xy[:, 0] < homes.xy[:, 0].mean()))
    more = np.where(here, 1.6, 1.0) * homes.households
    grown = dataclasses.replace(project, households=dataclasses.replace(homes, households=more, persons=more * 2.6))
    after = propose_replan(grown).apply(grown)
    assert len(after.grids) > len(project.grids)
    assert set(codes(project)) < set(codes(after))
    assert set(codes(after)) - set(codes(project)) == {f"{A}J{n:02d}" for n in range(len(project.grids) + 1, len(after.grids) + 1)}
    assert {c.why for c in after.grids.certificates} == {"replanned"}
    assert "keeps to an earlier one" in certificate_words(after.grids.certificates[0])
    assert all(c.status == "none" and c.bound is None and c.value > 0 for c in after.grids.certificates)


# codes that ended


def test_a_grid_that_loses_its_last_unit_is_retired_with_its_successor(town):
    project = wishing(town, valid_from="2026-03-01")
    gone, heir = neighbours(project)
    was, kept = (project.grids.grids[key] for key in (gone, heir))
    rows = np.flatnonzero(project.grids.labels == gone)
    partly = MoveUnits(tuple(rows[:-1].tolist()), heir).apply(project)
    assert partly.grids.retired == ()
    assert partly.grids.grids[heir] == kept
    after = MoveUnits((int(rows[-1]),), heir).apply(partly)
    assert after.grids.retired == (RetiredGrid(0, was.code, was.name, (kept.code,), "2026-03-01"),)
    assert after.grids.grids[heir].prev_code == f"{kept.code},{was.code}"
    assert after.grids.grids[heir].valid_from == "2026-03-01"
    session = Session(project)
    session.do(MoveUnits(tuple(rows.tolist()), heir))
    session.undo()
    assert session.project.grids.retired == ()


def test_a_code_that_ended_is_given_by_no_later_plan(town, tmp_path):
    gone, heir = neighbours(town)
    code = town.grids.grids[gone].code
    project = merged_away(town, gone, heir)
    save_project(project, tmp_path / "p.gridplan")
    project = open_project(tmp_path / "p.gridplan")
    anew = propose_grids(project).apply(project)
    again = propose_replan(project).apply(project)
    for plan in (anew.grids, again.grids):
        assert len(plan.grids) == len(town.grids)
        assert [end.code for end in plan.retired] == [code]
        assert code not in {known.code for known in plan.grids.values()}
    assert codes(anew)[:-1] == [f"{A}{int(code[-3:]) + n:03d}" for n in range(1, 7)]
    replanned = propose_replan(anew).apply(anew)
    assert code not in codes(replanned)
    assert [end.code for end in replanned.grids.retired] == [code]


def test_a_code_that_a_place_demands_is_retired_no_more(town):
    gone, heir = neighbours(town)
    code = town.grids.grids[gone].code
    held = HoldUnits((int(np.flatnonzero(town.grids.labels == gone)[0]),)).apply(town)
    project = merged_away(held, gone, heir)
    after = propose_grids(project).apply(project)
    assert code in codes(after)
    assert after.grids.retired == ()
    assert faults(after) == []


def test_a_code_written_by_hand_that_ended_or_lies_elsewhere_is_told(town):
    gone, heir = neighbours(town)
    code = town.grids.grids[gone].code
    project = merged_away(town, gone, heir)
    east = next(key for key, known in project.grids.grids.items() if known.community == 1)
    wrong = with_code(project, east, code)
    words = f"Code {code}: its digits are those of community 社区0, but the grid lies in 社区1; a grid that ended had it"
    assert faults(wrong) == [f"{words}; codes are not given again"]


# what is wrong with codes


def test_faulty_codes_are_told_once_each_and_doubles_stay_errors(town):
    project = with_code(town, 1, A + "1")
    project = with_code(project, 2, "")
    grids = {**project.grids.grids, 4: dataclasses.replace(project.grids.grids[4], code=project.grids.grids[3].code)}
    project = dataclasses.replace(project, grids=dataclasses.replace(project.grids, grids=grids))
    found = [(issue.level, issue.kind, issue.message) for issue in check(project) if issue.kind in {"code", "duplicate_code"}]
    assert found == [
        (Level.ERROR, "duplicate_code", f"Code {A}003 is used by 2 grids"),
        (Level.WARNING, "code", f"Grid {project.grids.grids[2].name} has no code"),
        (Level.WARNING, "code", f"Code {A}1: it has 13 characters; a code of DB11/T 2157 has 15"),
    ]


def test_another_profile_makes_no_plan_stale_but_its_codes_are_told(town):
    project = wishing(town, codes=CJ)
    assert stale_plans(project) == set()
    assert not [issue for issue in check(project) if issue.kind == "not_built"]
    assert len(faults(project)) == len(town.grids)
    assert faults(project)[0].startswith(f"Code {A}001: it has 15 characters; a code of CJ/T 349 has 20")


def test_many_faulty_codes_end_with_how_many_more_there_are():
    project = wishing(planned(block_town(16, 16)), codes=CJ)
    count = len(project.grids)
    assert count > TOLD
    assert len(faults(project)) == TOLD + 1
    assert f"{count - TOLD} more codes are not as CJ/T 349 has them" in faults(project)[-1]


# another profile for a plan that is there


@pytest.mark.parametrize("settings_first", [False, True])
def test_a_plan_is_recoded_with_its_numbers_and_its_predecessors(town, settings_first):
    start = wishing(town, codes=CJ) if settings_first else town
    session = Session(start)
    session.do(RecodeGrids(CJ))
    after = session.project
    assert codes(after) == [f"000000{A}{n:02d}" for n in range(1, 7)] + [f"000000{B}01"]
    assert [known.prev_code for known in after.grids.grids.values()] == codes(town)
    assert after.settings.grids.codes == CJ
    assert np.array_equal(after.grids.labels, town.grids.labels)
    assert stale_plans(after) == set()
    assert faults(after) == []
    back = RecodeGrids("DB11/T 2157").apply(after)
    assert codes(back) == codes(town)
    session.undo()
    assert session.project is start


def test_recoding_leaves_right_codes_alone_and_mends_those_of_another_community(town):
    assert RecodeGrids("DB11/T 2157").apply(town).grids.grids == town.grids.grids
    places = dataclasses.replace(town.communities, codes=texts([A, "620802001601"]))
    moved = dataclasses.replace(town, communities=places)
    assert faults(moved) == [f"Code {B}001: there is no community {B} in the plan"]
    after = RecodeGrids("DB11/T 2157").apply(moved)
    assert codes(after) == [*codes(town)[:-1], "620802001601001"]
    assert after.grids.grids[len(town.grids)].prev_code == f"{B}001"


def test_retired_numbers_are_not_taken_by_recoding(town):
    gone, heir = neighbours(town)
    project = merged_away(town, gone, heir)
    after = RecodeGrids(OWN).apply(project)
    assert len(set(codes(after))) == len(codes(after)) == len(town.grids) - 1
    assert RecodeGrids("DB11/T 2157").apply(after).grids.retired_codes == {town.grids.grids[gone].code}
    assert codes(RecodeGrids("DB11/T 2157").apply(after)) == codes(project)


def test_what_names_grids_by_their_codes_follows(town):
    held = HoldUnits((unit(town, 0, 0), unit(town, 5, 3))).apply(town)
    held = propose_grids(held).apply(held)
    gone, heir = neighbours(held)
    home = wishing(held, max_moved=1.0)
    project = propose_replan(home).apply(home)
    project = merged_away(project, gone, heir)
    moves = transfers_of(project)
    before = {issue.message for issue in check(project) if issue.kind == "rule"}
    after = RecodeGrids(CJ).apply(project)
    assert stale_plans(after) == stale_plans(project)
    assert transfers_of(after).address.tolist() == moves.address.tolist()
    assert transfers_of(after).moved == moves.moved > 0
    assert set(transfers_of(after).now.tolist()) <= set(codes(after))
    assert after.grids.retired[-1].successors == (after.grids.grids[heir].code,)
    assert len({issue.message for issue in check(after) if issue.kind == "rule"}) == len(before)
    assert set(after.rules.must_stay.codes.tolist()) <= {*codes(after), *after.grids.retired_codes}
    by_hand = ChangeGrids(((heir, (("code", f"{A}099"),)),)).apply(project)
    assert transfers_of(by_hand).moved == moves.moved
    assert by_hand.grids.retired[-1].successors == (f"{A}099",)


def test_recoding_that_cannot_be_is_refused(town):
    with pytest.raises(EditRejected, match="no grid plan"):
        RecodeGrids(CJ).apply(dataclasses.replace(town, grids=None))
    with pytest.raises(EditRejected, match="known are DB11/T 2157"):
        RecodeGrids("GB 1").apply(town)
    with pytest.raises(EditRejected, match="has room for 9"):
        RecodeGrids("template:{street}{seq:01}").apply(planned(block_town(11, 4)))
    grids = {**town.grids.grids, 2: dataclasses.replace(town.grids.grids[2], code=A + "001")}
    with pytest.raises(EditRejected, match=f"{A}001 is used by 2 grids"):
        RecodeGrids(CJ).apply(dataclasses.replace(town, grids=dataclasses.replace(town.grids, grids=grids)))


def test_predecessors_are_listed_whole():
    many = [f"000000{A}{n:02d}" for n in range(20)]
    text = listed_codes([many[0], *many])
    assert PREVIOUS - 21 < len(text) <= PREVIOUS
    assert text.split(",") == many[: len(text.split(","))]
    assert verify_codes(profile_of(CJ), text.split(",")) == [[]] * len(text.split(","))


# certificates in figures


def test_the_summary_says_what_is_proven_and_under_which_rule(town):
    found = summary_of(town, {})["certificates"]
    assert json.loads(json.dumps(found)) == found
    assert [row["community"] for row in found] == ["社区0", "社区1"]
    assert {"objective", "status", "bound", "value", "gap", "method", "span", "low", "high", "columns", "groups", "why", "words"} < set(
        found[0]
    )
    west, east = found
    assert (east["status"], east["method"], east["gap"], east["bound"]) == ("optimal", "one district", 0.0, east["value"])
    assert east["words"] == "One grid: there is no other plan."
    assert west["words"] == certificate_words(town.grids.certificates[0])
    near = dataclasses.replace(town.grids.certificates[0], status="gap", bound=80.0, value=100.0)
    told = dataclasses.replace(town, grids=dataclasses.replace(town.grids, certificates=(near,)))
    assert summary_of(told, {})["certificates"][0]["gap"] == 0.25
    bare = dataclasses.replace(near, status="none", bound=None)
    told = dataclasses.replace(town, grids=dataclasses.replace(town.grids, certificates=(bare,)))
    assert summary_of(told, {})["certificates"][0]["gap"] is None
