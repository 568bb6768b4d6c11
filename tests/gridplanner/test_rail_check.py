"""The check of guard segments: a plan as it is proposed is clean, and each thing that can be wrong with one is found by its own word."""

import dataclasses

import pytest

from gridplanner.edits.rail_edits import GiveSegments, MoveBreak, RemoveBreak
from gridplanner.model.check import check
from gridplanner.model.freshness import made_from
from gridplanner.model.issues import Level
from gridplanner.model.rail_check import rail_issues
from tests.guarded_line import guarded, plan_of, with_rail


def with_segment(project, row, **changes):
    """The project with one segment changed as no edit would."""
    plan = plan_of(project)
    segments = [dataclasses.replace(segment, **changes) if at == row else segment for at, segment in enumerate(plan.segments)]
    return dataclasses.replace(project, rail=dataclasses.replace(plan, segments=tuple(segments)))


def wishing(project, **wishes):
    """The project with other wishes for its railway, and its plan as if made under them."""
    project = with_rail(project, **wishes)
    return dataclasses.replace(project, rail=dataclasses.replace(plan_of(project), made_from=made_from(project, "rail")))


def found(project):
    return {issue.kind: issue for issue in rail_issues(project)}


@pytest.mark.parametrize("night", [False, True])
def test_a_plan_as_proposed_is_clean(night):
    assert rail_issues(guarded(night)) == ()


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({"high": 4000.0}, {"rail_gap", "rail_drawn", "rail_chainage", "rail_work"}),
        ({"low": 3000.0}, {"rail_overlap", "rail_drawn", "rail_chainage", "rail_work"}),
        ({"workload": 9.9}, {"rail_work"}),
        ({"start": 814_000.0}, {"rail_chainage"}),
        ({"coords": guarded().rail.segments[3].coords}, {"rail_drawn"}),
        ({"code": "1-01"}, {"rail_code"}),
        ({"guard": 1}, {"rail_guard_twice", "rail_idle"}),
        ({"squad": 2, "guard": 9}, {"rail_squad_apart"}),
        ({"access_s": float("inf")}, {"rail_no_way"}),  # though another base has a way
        ({"plan": "noon"}, {"rail_gap", "rail_idle"}),
    ],
)
def test_what_is_wrong_with_a_segment_is_found(changes, kinds):
    broken = with_segment(guarded(), 2, **changes)
    assert set(found(broken)) == kinds
    for issue in rail_issues(broken):
        assert issue.message
        assert issue.x is not None or issue.kind == "rail_idle"


def test_wishes_that_are_not_kept_are_warnings_with_figures():
    project = guarded()
    longest = max(segment.high - segment.low for segment in plan_of(project).segments) / 1000
    long = found(wishing(project, max_km=round(longest, 2) - 0.1))["rail_long"]
    assert f"{longest:.2f} km long, more than max_km" in long.message
    assert "rail_short" in found(wishing(project, min_km=1.2))
    assert "over max_access_min 1" in found(wishing(project, max_access_min=1.0))["rail_far"].message
    assert "tunnel" in found(wishing(project, double=("tunnel",)))["rail_double"].message
    assert "fewer than 40 rounds fit a shift in 8 segments" in found(wishing(project, rounds=40))["rail_rounds"].message
    assert {issue.level for issue in rail_issues(wishing(project, max_km=1.0, double=("tunnel",), rounds=40))} == {Level.WARNING}


def test_an_end_that_later_settings_forbid_is_told_where_it_is():
    open_tunnel = with_rail(guarded(), forbid=())
    plan = plan_of(open_tunnel)
    free = dataclasses.replace(plan, profile=dataclasses.replace(plan.profile, open=plan.profile.open | True))
    inside = MoveBreak(4, 6400.0).apply(dataclasses.replace(open_tunnel, rail=free))
    assert rail_issues(wishing(inside)) == ()
    assert "within tunnel" in found(wishing(inside, forbid=("tunnel",)))["rail_forbidden"].message


def test_a_plan_that_is_out_of_date_is_not_judged_by_new_settings():
    stale = with_rail(guarded(), max_km=0.1)
    assert rail_issues(stale) == ()
    assert "stale" in {issue.kind for issue in check(stale)}


def test_what_the_planner_did_is_told_and_is_no_error():
    shared = GiveSegments((3,), 2, 1).apply(guarded())
    assert {issue.kind: issue.level for issue in rail_issues(shared)} == {"rail_guard_twice": Level.WARNING, "rail_idle": Level.INFO}
    merged = rail_issues(RemoveBreak(0).apply(guarded()))
    assert [issue.message for issue in merged] == ["day: 1 of 8 guards have no segment; add breaks, or divide the line again"]
