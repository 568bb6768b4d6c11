"""Rosters that are made: demand, fixed cells, the week after, who is short and why, guards, patrols and volunteers."""

import dataclasses
from datetime import date

import numpy as np
import pytest
from roster_line import MONDAY, guarded_line, picture, rostered

from gridplanner.errors import InputError, NoPlanFound
from gridplanner.i18n import speaking
from gridplanner.model.check import check
from gridplanner.model.duty_data import Staff
from gridplanner.model.freshness import stale_plans
from gridplanner.model.issues import Level
from gridplanner.model.patrol import Draw, PatrolPlan, Route, Stop
from gridplanner.model.places import texts
from gridplanner.model.project import Project
from gridplanner.model.rail import RailRound
from gridplanner.model.roster import LEAVE, OFF
from gridplanner.model.roster_check import broken_rules
from gridplanner.model.roster_figures import gap_of, on_duty_together, roster_figures, roster_section
from gridplanner.model.roster_findings import people_needed
from gridplanner.model.roster_places import Place, shared
from gridplanner.model.roster_rules import rules_of
from gridplanner.model.roster_score import duty_counts
from gridplanner.model.zones import Zone, ZonePlan
from gridplanner.planning.pipeline import STEPS, run_steps
from gridplanner.planning.roster import empty_roster, propose_next_roster, propose_roster
from gridplanner.planning.roster_people import roll_of
from gridplanner.settings import RosterCell, RosterPerson, RosterSettings, Settings

SMALL = {"demand": {"early": 1, "late": 1}}


def made(project, **how):
    return propose_roster(project, **how).apply(project)


@pytest.fixture(scope="module")
def week():
    return made(guarded_line(squads=2, guards=4, **SMALL))


def test_every_squad_has_whom_it_needs_and_no_rule_is_broken(week):
    plan = week.roster
    assert (duty_counts(plan) == plan.demand).all()
    assert plan.demand.sum() == 28
    assert broken_rules(rules_of(week, plan), plan.cells) == []
    assert (plan.status, plan.value) == ("optimal", plan.bound)
    assert gap_of(plan) == 0
    assert not plan.issues
    assert "roster" not in stale_plans(week)
    hours = roster_figures(week, plan).hours.reshape(2, 4)
    assert (hours.max(axis=1) - hours.min(axis=1) <= 16).all()


def test_places_tile_the_squad_on_every_shift(week):
    plan = week.roster
    for day in range(plan.days):
        for squad in ("1", "2"):
            for shift in (0, 1):
                covered = [str(plan.places[person, day]) for person, member in enumerate(plan.people)
                           if member.squad == squad and plan.cells[person, day] == shift]  # fmt: skip
                assert ";".join(covered) == ";".join(f"{squad}-{number:02d}" for number in range(1, 5))
    assert all(not place for place in plan.places[plan.cells < 0])


def test_the_same_seed_gives_the_same_roster(week):
    again = made(dataclasses.replace(week, roster=None))
    assert picture(again.roster) == picture(week.roster)


def test_what_the_settings_leave_open_begins_on_the_coming_monday():
    project = made(guarded_line(start="", **SMALL), today=date(2026, 1, 1))
    assert project.roster.start == MONDAY


def test_leave_wishes_and_fixed_cells_are_kept():
    cells = (
        RosterCell("1-01", "2026-01-05", until="2026-01-07"), RosterCell("1-02", "2026-01-06", "fixed", "late"),
        RosterCell("1-03", "2026-01-08", "fixed", "off"), RosterCell("1-04", "2026-01-09", "want", "early"),
        RosterCell("9-99", "2026-01-09", "want", "early"), RosterCell("1-02", "2026-01-09", "avoid", "noon"),
    )  # fmt: skip
    plan = made(guarded_line(cells=cells, **SMALL)).roster
    assert (plan.cells[0, :3] == LEAVE).all()
    assert (plan.cells[1, 1], plan.cells[2, 3], plan.cells[3, 4]) == (1, OFF, 0)
    assert not [penalty for penalty in plan.penalties if penalty.kind == "wish"]
    assert [issue.ref for issue in plan.issues if issue.level is Level.WARNING] == ["9-99", "1-02"]


def test_weekends_may_take_fewer_and_segments_each_their_own():
    project = made(guarded_line(guards=3, per="segment", demand={"early": 1}, weekend_demand={"early": 0}))
    assert project.roster.demand[0, :, 0].tolist() == [3, 3, 3, 3, 3, 0, 0]
    assert [str(place) for place in project.roster.places[:, 0]] == ["1-01", "1-02", "1-03"]


def test_a_double_guard_counts_two():
    project = guarded_line(guards=2, per="segment", demand={"early": 1}, days=1)
    first = dataclasses.replace(project.rail.segments[0], round=RailRound("foot", 60.0, 2, guards=2))
    rail = dataclasses.replace(project.rail, segments=(first, project.rail.segments[1]))
    assert made(dataclasses.replace(project, rail=rail)).roster.demand.ravel().tolist()[:1] == [3]


def test_nights_are_for_two_where_nobody_may_be_alone():
    plan = made(guarded_line(guards=5, demand={"early": 1, "night": 1}, pair_shifts=("night",), days=3)).roster
    assert set(duty_counts(plan)[0, :, 2].tolist()) == {2}


def test_skills_are_asked_for_where_somebody_is():
    people = tuple(RosterPerson(f"1-{n:02d}", "1", ("driver",) if n < 3 else ()) for n in range(1, 5))
    project = made(guarded_line(people=people, demand={"early": 1}, skill_demand={"early": {"driver": 1}}))
    assert (project.roster.cells[2:] == OFF).all()
    assert not [penalty for penalty in project.roster.penalties if penalty.text == "driver"]


# the week after


def test_the_next_week_begins_where_the_last_one_ended(week):
    after = propose_next_roster(week).apply(week)
    plan, last = after.roster, week.roster
    assert (plan.start, after.settings.roster.start) == ("2026-01-12", "2026-01-12")
    assert (plan.before[:, -7:] == last.cells).all()
    assert [member.hours for member in plan.people] == last.hours.tolist()
    assert broken_rules(rules_of(after, plan), plan.cells) == []
    both = last.hours + plan.hours
    assert (both.reshape(2, 4).max(axis=1) - both.reshape(2, 4).min(axis=1) <= 16).all()
    assert "roster" not in stale_plans(after)
    longer = propose_next_roster(after).apply(after)
    assert longer.roster.people[0].hours == both[0]
    assert longer.roster.before.shape[1] == 14


def test_a_late_shift_on_the_last_sunday_bars_the_early_one_on_monday():
    cells = (RosterCell("1-01", "2026-01-11", "fixed", "late"), RosterCell("1-01", "2026-01-12", "want", "early"))
    first = made(guarded_line(guards=5, cells=cells, **SMALL))
    after = propose_next_roster(first).apply(first).roster
    assert after.cells[0, 0] != 0
    assert [penalty.person for penalty in after.penalties if penalty.kind == "wish"] == [0]


def test_somebody_new_has_nobody_to_catch_up_with(week):
    section = week.settings.roster
    people = (*(RosterPerson(member.code, member.squad) for member in week.roster.people), RosterPerson("1-09", "1"))
    settings = dataclasses.replace(week.settings, roster=dataclasses.replace(section, people=people))
    after = propose_next_roster(dataclasses.replace(week, settings=settings)).values["roster"]
    assert (after.people[-1].code, after.people[-1].hours, after.people[-1].ahead) == ("1-09", 0.0, (0.0,) * 4)
    mates = [shifts for shifts, member in zip((after.cells >= 0).sum(axis=1).tolist(), after.people, strict=True) if member.squad == "1"]
    assert mates[-1] <= 4  # who had three days more than it would have to catch up would work all six


def test_no_roster_no_next_one():
    with pytest.raises(InputError, match="no roster yet"):
        propose_next_roster(guarded_line())


# too few people, and rules that clash


def test_a_roster_is_made_with_people_short_and_says_where_and_why():
    project = made(guarded_line(guards=3))
    plan = project.roster
    assert duty_counts(plan).sum() == 18  # three people, six duties of eight hours each
    assert roster_section(project)["short"] == 17
    whole, *each = [issue for issue in plan.issues if issue.kind == "short"]
    assert whole.values | {"squad": "1"} == {"squad": "1", "n": 17, "total": 35, "have": 3, "need": 6}
    assert sum(issue.values["n"] for issue in each) == 17
    assert all(issue.level is Level.WARNING and issue.x is not None for issue in each)
    for language, word in (("en", "lacks"), ("zh_CN", "")):
        with speaking(language):
            assert all(word in issue.message and "{" not in issue.message for issue in each)
    assert [issue for issue in check(project) if issue.kind == "short"] == [whole, *each]


def test_the_rule_that_alone_leaves_people_short_is_named():
    project = made(guarded_line(guards=1, demand={"night": 1}, max_nights=1, days=3))
    assert roster_section(project)["short"] == 1
    (rule,) = [issue for issue in project.roster.issues if issue.kind == "rule"]
    assert (rule.level, rule.values["what"]) == (Level.INFO, "the most nights in a row")


def test_how_many_people_a_demand_takes_follows_the_rules():
    project = guarded_line(guards=8, max_hours_week=24)
    rules = rules_of(project, empty_roster(project, project.settings.roster))
    assert people_needed(rules, 0) == 12
    assert people_needed(dataclasses.replace(rules, week_minutes=rules.week_minutes * 9), 0) == 6  # a day off in seven


@pytest.mark.parametrize(("cells", "words"), [
    ((("late", 5), ("early", 6)), ("1-01", "rest between")),
    (tuple(("early", day) for day in range(5, 12)), ("1-01", "in a row")),
])  # fmt: skip
def test_fixed_cells_that_break_a_law_are_named_with_what_helps(cells, words):
    fixed = tuple(RosterCell("1-01", f"2026-01-{day:02d}", "fixed", shift) for shift, day in cells)
    with pytest.raises(NoPlanFound) as why:
        propose_roster(guarded_line(cells=fixed, **SMALL))
    assert all(word in str(why.value) for word in (*words, "free"))
    assert why.value.exit_code == 3


# whom it is for


def test_what_is_missing_is_told_with_the_remedy():
    project = guarded_line()
    with pytest.raises(InputError, match="plan the railway first"):
        propose_roster(dataclasses.replace(project, rail=None))
    with pytest.raises(InputError, match="no patrol zones"):
        propose_roster(guarded_line(group="patrol"))
    with pytest.raises(InputError, match="names none"):
        propose_roster(guarded_line(group="volunteers"))
    with pytest.raises(InputError, match="“7”"):
        propose_roster(guarded_line(people=(RosterPerson("x", "7"),)))
    with pytest.raises(InputError, match="two of the code x"):
        propose_roster(guarded_line(people=(RosterPerson("x", "1"), RosterPerson("x", "1"))))


def patrolled_zones(**roster):
    """Return two zones of one crew each, two variants of which the second is drawn for the second day."""
    zones = ZonePlan({}, {0: Zone("Z1", "one"), 1: Zone("Z2", "two")}, np.ones(2))
    stop = Stop("depot", "post", 0.0, 0.0, 480.0, 0.0)
    routes = tuple(
        Route(f"Z{zone + 1}-{variant}", zone, "post", variant, "08:00–12:00", np.zeros((2, 2)), 200.0, 1.0, 0.0, 0, (stop,))
        for zone in (0, 1) for variant in (1, 2)
    )  # fmt: skip
    draws = tuple(Draw(day, zone, day % 2 + 1) for day in range(7) for zone in (0, 1))
    settings = Settings(roster=RosterSettings(start=MONDAY, group="patrol", **roster))
    return Project(settings=settings, crs="EPSG:4545", zones=zones, patrol=PatrolPlan(routes, draws=draws))


def test_patrols_have_two_officers_a_crew_and_drive_the_route_of_the_day():
    project = made(patrolled_zones(per="route", demand={"early": 2}))
    plan = project.roster
    assert plan.squads == ("Z1", "Z2")
    assert len(plan) == 6  # two a day, six days of seven, and some slack
    assert (duty_counts(plan)[:, :, 0] == 2).all()
    on = plan.cells[:, :2] >= 0
    assert set(plan.places[:, 0][on[:, 0]]) == {"Z1-1", "Z2-1"}
    assert set(plan.places[:, 1][on[:, 1]]) == {"Z1-2", "Z2-2"}
    assert [issue.level for issue in plan.issues] == [Level.INFO]


def test_volunteers_have_a_ledger_of_hours_and_points():
    people = tuple(RosterPerson(f"v{n}", "park", hours=8.0 * n, points=16.0 * n) for n in range(4))
    section = RosterSettings(
        start=MONDAY, group="volunteers", people=people, shifts={"early": (8, 12), "late": (14, 18)}, demand={"early": 1, "late": 1},
        points={"early": 2.0, "late": 2.0}, weights={"single": 0},
    )  # fmt: skip
    project = made(Project(settings=Settings(roster=section), crs="EPSG:4545"))
    figures = roster_figures(project, project.roster)
    assert sorted(figures.total_hours.tolist()) == [24, 24, 28, 28]  # who had more works less
    assert figures.hours[0] > figures.hours[3]
    assert (figures.total_points == 2 * figures.total_hours).all()
    assert {penalty.kind: penalty.amount for penalty in project.roster.penalties} == {"hours": 4, "points": 8}


def test_the_list_of_who_is_on_duty_knows_names_and_phones_of_the_staff_alone(week):
    staff = Staff(texts(["guard a", "guard b"]), texts(["guard", "guard"]), texts(["000-1", "000-2"]), texts(["1-01", "2-04"]))
    project = dataclasses.replace(week, staff=staff)
    seen = {one.code: (one.name, one.phone) for day in range(7) for one in on_duty_together(project, project.roster, day)}
    assert seen["1-01"] == ("guard a", "000-1")
    assert seen["2-04"] == ("guard b", "000-2")
    assert seen["1-02"] == ("", "")
    first = on_duty_together(project, project.roster, 0)
    assert [one.shift for one in first] == [0, 0, 1, 1]


def test_the_step_is_one_of_the_pipeline(week):
    assert STEPS[-1].name == "roster"
    project = dataclasses.replace(week, roster=None, settings=dataclasses.replace(week.settings, rail=None))
    ((name, after, _seconds),) = run_steps(project)
    assert (name, picture(after.roster)) == ("roster", picture(week.roster))


# who covers what


ROW = tuple(Place(code, 1.0, own=(code,)) for code in "abcdef")


@pytest.mark.parametrize(("own", "alone", "codes"), [
    (("b", "e"), True, ("a;b;c", "d;e;f")),
    (("e", "b"), True, ("d;e;f", "a;b;c")),
    (("", "", ""), True, ("a;b", "c;d", "e;f")),
    (("a", "c", "d", "f"), False, ("a;b;c", "a;b;c", "d;e;f", "d;e;f")),
    (("f",), False, ("a;b;c;d;e;f",)),
    (("b", "c", "d", "e", "f", "a"), True, ("b", "c", "d", "e", "f", "a")),
])  # fmt: skip
def test_segments_are_shared_in_line_order_and_everybody_has_its_own(own, alone, codes):
    assert shared(ROW, own, alone=alone) == codes


def test_night_shifts_go_by_the_segments_of_the_night_plan():
    project = guarded_line(guards=4)
    day = project.rail.segments
    night = tuple(
        dataclasses.replace(day[2 * number], code=f"N1-{number + 1:02d}", guard=number + 1, plan="night", workload=2.0) for number in (0, 1)
    )
    project = dataclasses.replace(project, rail=dataclasses.replace(project.rail, segments=(*day, *night)))
    plan = rostered(project, "n", "e", "n", "e").roster
    assert [str(place) for place in plan.places[:, 0]] == ["N1-01", "1-01;1-02", "N1-02", "1-03;1-04"]
    assert [member.code for member in roll_of(project, project.settings.roster, plan.shifts, date(2026, 1, 5), 1).people] == [
        "1-01", "1-02", "1-03", "1-04"]  # fmt: skip


def test_the_heaviest_stretch_is_as_light_as_can_be():
    places = tuple(Place(code, work) for code, work in zip("abcd", (5.0, 1.0, 1.0, 1.0), strict=True))
    assert shared(places, ("", "")) == ("a", "b;c;d")
    assert shared((), ("x", "")) == ("x", "")
    assert shared(places[:2], ("", "", "")) == ("a", "a", "b")
