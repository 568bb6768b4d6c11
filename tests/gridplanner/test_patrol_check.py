"""The check of a patrol plan finds every fault that is put into a sound one."""

import dataclasses

import numpy as np
import pytest

from gridplanner.model.check import check
from gridplanner.model.freshness import made_from
from gridplanner.model.issues import Issue, Level
from gridplanner.model.patrol import DEAD, Call
from gridplanner.model.patrol_check import missing_of, patrol_issues
from gridplanner.model.turn_by_turn import halts_of
from gridplanner.planning.route_hand import add_via
from tests.patrol_town import edge_between, made_plan, node


@pytest.fixture(scope="module")
def sound():
    """A plan made by hand: two zones, two crews and two variants in each."""
    return made_plan(households=False)


def with_route(project, change, row=0):
    """The project with one route changed by what `change` returns of it."""
    routes = list(project.patrol.routes)
    routes[row] = dataclasses.replace(routes[row], **change(routes[row]))
    return dataclasses.replace(project, patrol=dataclasses.replace(project.patrol, routes=tuple(routes)))


def swapped(values, at, value):
    changed = values.copy()
    changed[at] = value
    return changed


def first_of(route, kind):
    return next(row for row, call in enumerate(route.calls) if call.kind == kind)


FAULTS = {
    "its streets and times are not as many": lambda route: {"passed": route.passed[1:]},
    "it drives a street that the plan does not have": lambda route: {"arcs": swapped(route.arcs, 3, 10_000)},
    "it has a gap: a street does not begin where the one before ends": lambda route: {"arcs": swapped(route.arcs, 0, route.arcs[0] ^ 1)},
    "it does not begin and end at its depot": lambda route: {"depot_node": route.depot_node + 1},
    "its streets do not follow the order of its calls": lambda route: {"call_of_arc": np.where(route.call_of_arc == DEAD, DEAD, 9)},
    "the streets of a call are not those that it drives": lambda route: {
        "call_of_arc": swapped(route.call_of_arc, np.flatnonzero(route.call_of_arc != DEAD)[0], DEAD)
    },
    "its stops are not its calls": lambda route: {"stops": route.stops[:1] + route.stops[2:]},
    "its lengths do not add up": lambda route: {"required_m": route.required_m + 100},
    "its line is not what it drives": lambda route: {"coords": np.concatenate((route.coords, route.coords[:1] + 50, route.coords[:1]))},
    "its key sites are not as many as it says": lambda route: {"sites": route.sites + 1},
    "it leaves its zone for more or less than it says": lambda route: {"outside_m": route.outside_m + 300},
    "it is faster than its streets allow": lambda route: {"passed": swapped(route.passed, 2, route.passed[1])},
    "its minutes do not add up": lambda route: {"minutes": route.minutes - 5},
    "a stop has another time than the street it is": lambda route: {
        "stops": tuple(dataclasses.replace(stop, arrive=stop.arrive + 3) if stop.kind == "street" else stop for stop in route.stops)
    },
    "it stays at a key site for another time than wanted": lambda route: {
        "stops": tuple(dataclasses.replace(stop, dwell=stop.dwell - 4) if stop.kind == "site" else stop for stop in route.stops)
    },
    "it stops at a key site that is not there": lambda route: {
        "calls": tuple(dataclasses.replace(call, site=9) if call.kind == "site" else call for call in route.calls)
    },
    "it stops for a key site far from it": lambda route: {
        "calls": tuple(dataclasses.replace(call, site=1) if call.kind == "site" else call for call in route.calls)
    },
}


def test_a_sound_plan_has_nothing_wrong(sound):
    assert patrol_issues(sound) == ()
    assert not [issue for issue in check(sound) if issue.kind in ("route", "missing")]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_on_its_route(sound, fault):
    found = patrol_issues(with_route(sound, FAULTS[fault]))
    assert f"Route X01-1: {fault}" in [issue.message for issue in found]
    assert {str(issue.level) for issue in found} == {"error"}


def test_a_street_driven_against_its_one_way_and_a_banned_turn_are_found(sound):
    streets = sound.patrol.streets
    route = sound.patrol.routes[0]
    closed = swapped(streets.seconds, route.arcs[0], np.inf)
    turn = np.array([[route.arcs[0], route.arcs[1]]])
    for change, fault in (
        ({"seconds": closed}, "it drives a street that may not be driven in that direction"),
        ({"banned": turn}, "it makes a turn that is not allowed"),
    ):
        plan = dataclasses.replace(sound.patrol, streets=dataclasses.replace(streets, **change))
        found = patrol_issues(dataclasses.replace(sound, patrol=plan))
        assert f"Route {route.code}: {fault}" in [issue.message for issue in found]


def test_whoever_stops_at_a_site_or_rests_may_leave_any_way(sound):
    """Only the turns just there are free: the same turn without a stop is a fault."""
    for row, kind in ((0, "site"), (1, "rest")):
        route = sound.patrol.routes[row]
        at = next(halt.before for halt, call in zip(
            halts_of(sound.patrol.streets, route), [call for call in route.calls if call.kind in ("site", "rest")], strict=True,
        ) if call.kind == kind)  # fmt: skip
        for place, faults in ((at, 0), (at + 1, 1)):
            turn = np.array([[route.arcs[place - 1], route.arcs[place]]])
            streets = dataclasses.replace(sound.patrol.streets, banned=turn)
            plan = dataclasses.replace(sound.patrol, streets=streets)
            found = [issue.ref for issue in patrol_issues(dataclasses.replace(sound, patrol=plan)) if "turn" in issue.message]
            assert found.count(route.code) == faults


def with_settings(project, **patrol):
    """The project with other settings, its plan as if it were made from them."""
    settings = dataclasses.replace(project.settings, patrol=dataclasses.replace(project.settings.patrol, **patrol))
    return renewed(dataclasses.replace(project, settings=settings))


def renewed(project):
    """The project with its plans as if they were made from what it holds now."""
    for name in ("zones", "patrol"):
        plan = dataclasses.replace(getattr(project, name), made_from=made_from(project, name))
        project = dataclasses.replace(project, **{name: plan})
    return project


def test_a_route_beyond_its_shift_is_found_unless_the_planner_was_told(sound):
    short = with_settings(sound, shift_minutes=12.0)
    codes = {route.code for route in short.patrol.routes if route.minutes > 12}
    assert codes
    late = {issue.ref for issue in patrol_issues(short) if "longer than its shift" in issue.message}
    assert late == codes
    known = tuple(
        Issue(Level.WARNING, "over_shift", "", {"variant": route.variant}, "routes", route.code)
        for route in short.patrol.routes
        if route.code in codes
    )
    assert not patrol_issues(dataclasses.replace(short, patrol=dataclasses.replace(short.patrol, issues=known)))


def test_a_way_outside_a_hard_zone_between_its_streets_is_found_unless_it_is_told(sound):
    row = 0
    edge = edge_between(sound.patrol.streets, node(7, 5), node(8, 5)) // 2
    away = add_via(sound, row, (1,), edge).apply(sound)
    assert [issue.kind for issue in away.patrol.issues] == ["outside_zone"]
    assert patrol_issues(away) == ()
    untold = dataclasses.replace(away, patrol=dataclasses.replace(away.patrol, issues=()))
    assert [issue.message for issue in patrol_issues(untold)] == ["Route X01-1: it leaves its zone between its streets"]
    leg = Issue(Level.INFO, "leg_outside", "", {}, "zones", "X01")
    assert patrol_issues(dataclasses.replace(untold, patrol=dataclasses.replace(untold.patrol, issues=(leg,)))) == ()
    assert patrol_issues(with_settings(untold, zone="soft")) == ()


def test_what_is_told_of_a_route_is_not_told_of_one_of_the_same_code_in_another_variant(sound):
    plan = with_settings(sound, shift_minutes=12.0).patrol
    alike = tuple(dataclasses.replace(route, code=f"{route.zone}-{route.crew}") for route in plan.routes)
    told = Issue(Level.WARNING, "over_shift", "", {"variant": 1}, "routes", alike[0].code)
    project = dataclasses.replace(with_settings(sound, shift_minutes=12.0), patrol=dataclasses.replace(plan, routes=alike, issues=(told,)))
    late = [issue.ref for issue in patrol_issues(project) if "longer than its shift" in issue.message]
    assert late.count(alike[0].code) == sum(r.code == alike[0].code and r.variant > 1 and r.minutes > 12 for r in alike) == 1


def test_a_key_site_visited_when_it_is_closed_is_found(sound):
    closed = dataclasses.replace(sound.key_sites, start=np.full(2, 22 * 60.0), stop=np.full(2, 60.0))
    project = renewed(dataclasses.replace(sound, key_sites=closed))
    assert {issue.message.partition(": ")[2] for issue in patrol_issues(project)} == {"it comes to a key site when that is closed"}


def test_what_is_on_no_route_must_be_among_the_findings(sound):
    plan = sound.patrol
    lost = plan.routes[0]  # of the first variant
    row = first_of(lost, "street")
    fewer = dataclasses.replace(sound, patrol=dataclasses.replace(plan, routes=plan.routes[1:]))
    missing = missing_of(fewer.patrol, fewer.key_sites, fewer)
    assert missing == {(1, "street", arc // 2): 1 for arc in lost.calls[row].arcs} | {(1, "site", 0): 1}
    assert {issue.kind for issue in patrol_issues(fewer)} == {"missing"}
    told = [Issue(Level.WARNING, "unserved", "", {"edge": arc // 2, "variant": 1}) for arc in lost.calls[row].arcs]
    told.append(Issue(Level.WARNING, "unserved", "", {"site": 0}))
    assert not patrol_issues(dataclasses.replace(fewer, patrol=dataclasses.replace(fewer.patrol, issues=tuple(told))))


def test_of_a_street_wanted_in_each_direction_two_drives_in_one_do_not_count_twice(sound):
    plan, route = sound.patrol, sound.patrol.routes[0]
    edge = route.calls[first_of(route, "street")].arcs[0] // 2
    streets = dataclasses.replace(plan.streets, both=swapped(plan.streets.both, edge, True))
    project = dataclasses.replace(sound, patrol=dataclasses.replace(plan, streets=streets))
    assert missing_of(project.patrol, project.key_sites, project) == {(1, "street", edge): 1, (2, "street", edge): 1}


def test_of_a_one_way_street_wanted_on_both_sides_each_visit_must_be_told(sound):
    plan, route = sound.patrol, sound.patrol.routes[0]
    edge = route.calls[first_of(route, "street")].arcs[0] // 2
    streets = plan.streets
    one_way = swapped(streets.seconds, route.calls[first_of(route, "street")].arcs[0] ^ 1, np.inf)
    streets = dataclasses.replace(
        streets, both=swapped(streets.both, edge, True), times=swapped(streets.times, edge, 3), seconds=one_way
    )  # fmt: skip
    told = Issue(Level.WARNING, "unserved", "", {"edge": edge})
    project = dataclasses.replace(sound, patrol=dataclasses.replace(plan, streets=streets, issues=(told,)))
    assert missing_of(project.patrol, project.key_sites, project)[(1, "street", edge)] == 1


def test_two_routes_of_one_crew_in_one_variant_are_found(sound):
    plan = sound.patrol
    twice = dataclasses.replace(sound, patrol=dataclasses.replace(plan, routes=(*plan.routes, plan.routes[0])))
    assert [issue.message for issue in patrol_issues(twice)] == ["Crew 1 of a zone has 2 routes in variant 1"]


def test_a_plan_that_is_out_of_date_is_not_judged(sound):
    broken = with_route(sound, lambda route: {"calls": (*route.calls, Call("rest"))})
    assert patrol_issues(broken)
    assert patrol_issues(dataclasses.replace(broken, key_sites=dataclasses.replace(broken.key_sites, dwell=np.ones(2)))) == ()
