"""The roster by hand and after a sick call: the hand wins and is told what it breaks; others change as little as can be."""

import dataclasses
import time

import numpy as np
import pytest
from roster_line import guarded_line, picture, rostered

from gridplanner.edits.roster_edits import EnterCell, FixCells, SetCell, SwapCells, TakeBack
from gridplanner.errors import EditRejected, NoPlanFound
from gridplanner.i18n import speaking
from gridplanner.model.freshness import made_from, stale_plans
from gridplanner.model.issues import Level
from gridplanner.model.roster import LEAVE
from gridplanner.model.roster_score import duty_counts
from gridplanner.planning.roster import propose_roster
from gridplanner.planning.roster_again import changed_cells, propose_sick_call
from gridplanner.settings import RosterCell

SMALL = {"demand": {"early": 1, "late": 1}}
ROWS = ("eeee...", "....eee", "llll...", "....lll")


@pytest.fixture
def week():
    project = rostered(guarded_line(**SMALL), *ROWS)
    plan = dataclasses.replace(project.roster, bound=project.roster.value, made_from=made_from(project, "roster"))
    return dataclasses.replace(project, roster=plan)


def test_a_cell_set_by_hand_holds_and_figures_follow(week):
    after = SetCell("1-01", "2026-01-09", "early").apply(week)
    plan = after.roster
    assert picture(plan)[0] == "eeeee.."
    assert plan.fixed[0, 4]
    assert (plan.places[0, 4], plan.places[1, 4]) == ("1-01;1-02", "1-03;1-04")
    assert plan.value == week.roster.value + 50 + 8  # one too many, and one more of eight hours than its share
    assert plan.status == "hand"
    assert picture(week.roster) == list(ROWS)


def test_the_hand_wins_over_a_law_and_the_finding_is_an_error(week):
    after = SetCell("1-04", "2026-01-08", "late").apply(SetCell("1-04", "2026-01-09", "early").apply(week))
    (finding,) = [issue for issue in after.roster.issues if issue.kind == "roster"]
    assert (finding.level, finding.ref) == (Level.ERROR, "1-04")
    assert "8 h of rest" in finding.message
    assert "11 h" in finding.message
    with pytest.raises(NoPlanFound, match="1-04"):
        propose_roster(after)
    free = FixCells((("1-04", "2026-01-08"), ("1-04", "2026-01-09")), fixed=False).apply(after)
    assert not [issue for issue in propose_roster(free).apply(free).roster.issues if issue.kind == "roster"]


def test_a_fixed_cell_stays_when_the_roster_is_made_again(week):
    fixed = FixCells((("1-02", "2026-01-05"), ("1-01", "2026-01-11"))).apply(SetCell("1-01", "2026-01-11", "late").apply(week))
    plan = propose_roster(fixed).apply(fixed).roster
    assert (plan.cells[1, 0], plan.cells[0, 6]) == (-1, 1)
    assert plan.fixed.sum() == 2
    assert (duty_counts(plan) == plan.demand).all()


def test_two_people_swap_a_day_or_what_they_have_on_two(week):
    after = SwapCells("1-01", "2026-01-05", "1-03").apply(week).roster
    assert [row[0] for row in picture(after)] == ["l", ".", "e", "."]
    after = SwapCells("1-01", "2026-01-08", "1-02", "2026-01-09").apply(week).roster
    assert picture(after)[:2] == ["eee.e..", "...e.ee"]
    with pytest.raises(EditRejected):
        SwapCells("1-01", "2026-01-05", "1-01").apply(week)


def test_leave_stands_in_the_roster_at_once_and_in_later_ones(week):
    after = EnterCell("1-01", "2026-01-07", until="2026-01-20").apply(week)
    assert picture(after.roster)[0] == "eevvvvv"
    assert [issue.values["day"] for issue in after.roster.issues if "what" in issue.values] == ["2026-01-07", "2026-01-08"]
    assert stale_plans(after) == stale_plans(week)
    again = propose_roster(after).apply(after).roster
    assert (again.cells[0, 2:] == LEAVE).all()
    back = TakeBack("1-01", "2026-01-08", "2026-01-09").apply(after)
    assert picture(back.roster)[0] == "eev..vv"
    assert list(zip(back.roster_cells.days, back.roster_cells.until, strict=True)) == [
        ("2026-01-07", "2026-01-07"), ("2026-01-10", "2026-01-20")]  # fmt: skip
    with pytest.raises(EditRejected, match="Nothing was entered"):
        TakeBack("1-02", "2026-01-08").apply(after)


def test_a_wish_costs_at_once_where_it_is_not_met(week):
    after = EnterCell("1-01", "2026-01-05", "avoid", "early").apply(week)
    assert after.roster.value == week.roster.value + 5
    met = EnterCell("1-01", "2026-01-05", "want", "early").apply(after)
    assert met.roster.value == week.roster.value
    assert len(met.roster_cells) == 1  # the later wish takes the place of the earlier one
    fixed = EnterCell("1-02", "2026-01-05", "fixed", "late").apply(week)
    assert (picture(fixed.roster)[1][0], fixed.roster.fixed[1, 0]) == ("l", False)


@pytest.mark.parametrize("edit", [
    SetCell("1-9", "2026-01-05", "early"), SetCell("1-01", "2026-01-12", "early"), SetCell("1-01", "5 January", "early"),
    SetCell("1-01", "2026-01-05", "erly"), EnterCell("1-01", "2026-01-05", "sick"), EnterCell("1-01", "2026-01-05", until="2026-01-04"),
    EnterCell("1-01", "2026-01-05", "want", "noon"), FixCells((("1-01", "2026-02-05"),)),
])  # fmt: skip
def test_what_there_is_not_is_refused(week, edit):
    with pytest.raises(EditRejected):
        edit.apply(week)
    with pytest.raises(EditRejected, match="no roster yet"):
        edit.apply(guarded_line())


@pytest.mark.parametrize("edit", [
    SetCell("1-01", "2026-01-05", "early"), SwapCells("1-01", "2026-01-05", "1-02"), FixCells((("1-01", "2026-01-05"),)),
    FixCells((("1-01", "2026-01-05"),), fixed=False), EnterCell("1-01", "2026-01-05"), EnterCell("1-01", "2026-01-05", "fixed", "off"),
    EnterCell("1-01", "2026-01-05", "want", "early"), EnterCell("1-01", "2026-01-05", "avoid"), TakeBack("1-01", "2026-01-05"),
])  # fmt: skip
def test_an_edit_has_words_in_both_languages(edit):
    for language in ("en", "zh_CN"):
        with speaking(language):
            assert "{" not in edit.words
            assert "1" in edit.words


# a sick call


def test_a_sick_call_changes_one_other_cell_for_one_duty(week):
    edit = propose_sick_call(week, "1-01", "2026-01-06")
    after = edit.apply(week)
    assert picture(after.roster)[0] == "eve" + "e..."
    changed = changed_cells(week.roster, after.roster)
    assert len(changed) == 2
    assert edit.places["n"] == 1
    assert not [issue for issue in after.roster.issues if issue.level is not Level.INFO]
    assert (duty_counts(after.roster) == after.roster.demand).all()
    assert stale_plans(after) == stale_plans(week)
    row, day = next(cell for cell in changed if cell[0])
    assert after.roster.places[row, day] == "1-01;1-02;1-03;1-04"
    with speaking("zh_CN"):
        assert "1-01" in edit.words


def test_days_before_a_sick_call_and_other_squads_stay():
    project = propose_roster(guarded_line(squads=2, guards=4, **SMALL))
    project = project.apply(guarded_line(squads=2, guards=4, **SMALL))
    after = propose_sick_call(project, "2-01", "2026-01-08", "2026-01-20").apply(project).roster
    before = project.roster
    assert (after.cells[4, 3:] == LEAVE).all()
    assert (after.cells[:, :3] == before.cells[:, :3]).all()
    assert (after.cells[:4] == before.cells[:4]).all()
    with pytest.raises(EditRejected):
        propose_sick_call(project, "2-01", "2026-02-08")


def test_what_the_hand_did_against_a_rule_does_not_stop_a_sick_call(week):
    odd = SetCell("1-04", "2026-01-09", "early").apply(SetCell("1-04", "2026-01-08", "late").apply(week))
    after = propose_sick_call(odd, "1-01", "2026-01-06").apply(odd).roster
    assert picture(after)[3] == picture(odd.roster)[3]
    assert after.cells[1, 1] == 0
    assert [issue.ref for issue in after.issues if issue.kind == "roster"] == ["1-04"]


def test_whom_nobody_can_replace_is_told():
    project = rostered(guarded_line(guards=2, **SMALL), "eeeeee.", "llllll.")
    after = propose_sick_call(project, "1-02", "2026-01-07").apply(project).roster
    (each,) = [issue for issue in after.issues if issue.values.get("day") == "2026-01-07"]
    assert (each.kind, each.values["n"]) == ("short", 1)


def test_a_sick_call_in_a_week_of_44_guards_is_quick_and_changes_few():
    rows = ("ee...e.", "e....ee", ".ee...e", ".ee..n.", "..ll..n", "ll..e..", "l...n.l", ".nll...", "n....ll", ".l.e.l.", "...een.")
    project = guarded_line(squads=4, guards=11)
    small = rostered(project, *rows).roster
    people = tuple(
        dataclasses.replace(member, code=f"{squad}-{member.code[2:]}", squad=str(squad), place=f"{squad}-{member.code[2:]}")
        for squad in range(1, 5) for member in small.people
    )  # fmt: skip
    plan = dataclasses.replace(
        small, people=people, squads=("1", "2", "3", "4"), demand=np.repeat(duty_counts(small), 4, axis=0),
        **{name: np.tile(getattr(small, name), (4, 1)) for name in ("cells", "places", "fixed", "before")},
    )  # fmt: skip
    project = dataclasses.replace(project, roster=plan)
    for person in ("1-01", "3-06"):
        begun = time.perf_counter()
        edit = propose_sick_call(project, person, "2026-01-06", "2026-01-09")
        assert time.perf_counter() - begun < 2.0
        assert edit.places["n"] <= 4
        assert not [issue for issue in edit.apply(project).roster.issues if issue.kind == "short"]


def test_leave_of_the_settings_is_not_taken_back_by_hand(week):
    section = dataclasses.replace(week.settings.roster, cells=(RosterCell("1-01", "2026-01-05"),))
    project = dataclasses.replace(week, settings=dataclasses.replace(week.settings, roster=section))
    with pytest.raises(EditRejected):
        TakeBack("1-01", "2026-01-05").apply(project)
