"""What a roster says of too few people, of data that contradict one another, and how long it may be searched."""

import time

import pytest
from roster_line import guarded_line

from gridplanner.model.issues import Level
from gridplanner.planning.roster import propose_roster
from gridplanner.settings import RosterCell


def issues_of(project):
    return propose_roster(project).apply(project).roster.issues


def test_leave_and_fixed_shifts_of_the_same_day_are_told():
    cells = (
        RosterCell("1-01", "2026-01-06", "fixed", "late", "2026-01-07"), RosterCell("1-01", "2026-01-06"),
        RosterCell("1-02", "2026-01-08", "fixed", "early"), RosterCell("1-02", "2026-01-08", "fixed", "late"),
        RosterCell("1-03", "2026-01-08", "fixed", "off"), RosterCell("1-03", "2026-01-08"),
    )  # fmt: skip
    told = [issue for issue in issues_of(guarded_line(guards=6, demand={"early": 1}, cells=cells)) if issue.level is Level.WARNING]
    assert [(issue.ref, issue.values["days"]) for issue in told] == [("1-01", "2026-01-06"), ("1-02", "2026-01-08")]
    assert told[0].message == (
        "1-01: leave and fixed shifts contradict one another on 2026-01-06; leave holds, otherwise what was given last"
    )


@pytest.mark.parametrize(("guards", "section", "words"), [
    (1, {}, "29 of 35 duties have nobody; it has 1 of the 6 people that the demand takes at least"),
    (4, {"max_hours_week": 4}, "35 of 35 duties have nobody; nobody may work more than 4 h a week, and a shift has 8 h"),
    (8, {"rest_hours": 48}, "14 of 35 duties have nobody, as leave, fixed cells and rest leave too few of its people (8)"),
])  # fmt: skip
def test_the_squad_that_is_short_is_told_with_what_it_lacks(guards, section, words):
    assert issues_of(guarded_line(guards=guards, **section))[0].message == f"Squad 1: {words}"


def test_nobody_could_still_work_it_where_a_long_rest_is_planned_as_days_off():
    project = guarded_line(guards=3, rest_hours=26)
    plan = propose_roster(project).apply(project).roster
    assert plan.status == "optimal"
    first = next(issue for issue in plan.issues if issue.values.get("day") == "2026-01-05")
    assert first.message == ("2026-01-05, early shift: squad 1 lacks 2; those off duty would rest too short between two shifts")


def test_a_roster_keeps_to_its_seconds():
    """Several ways of searching follow one another; 4 squads that nothing proves within them once took nearly twice as long."""
    project = guarded_line(squads=4, guards=7, days=14, seconds=2.0)
    began = time.perf_counter()
    plan = propose_roster(project).apply(project).roster
    assert plan.status == "gap"
    assert time.perf_counter() - began < 3.0
