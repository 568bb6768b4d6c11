"""Patrol plans of towns drawn by hand: what is promised of each, judged by the check that drives every route again."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from algorithms.patrolling.check import check_route
from algorithms.patrolling.problem import PatrolParams
from algorithms.progress import Cancelled, Progress
from gridplanner.model.patrol import PatrolPlan
from gridplanner.model.patrol_check import patrol_issues
from gridplanner.planning.patrol_area import area_of
from gridplanner.planning.patrol_parts import solve_in_parts
from gridplanner.planning.patrol_problem import problem_of_zone
from gridplanner.planning.routes import propose_routes
from gridplanner.summary import route_figures
from tests.street_town import lattice, street_town


def with_patrol(town, **wishes):
    patrol = dataclasses.replace(town.settings.patrol, **wishes)
    return dataclasses.replace(town, settings=dataclasses.replace(town.settings, patrol=patrol))


def planned(town, progress=None, **wishes):
    """The town with its plan, which the check finds nothing wrong with."""
    town = with_patrol(town, **wishes)
    done = propose_routes(town, progress or Progress()).apply(town)
    assert patrol_issues(done) == ()
    return done


def drawn(plan: PatrolPlan):
    """What the routes of a plan drive, to compare two."""
    return [(route.code, route.arcs.tolist(), route.passed.tolist()) for route in plan.routes]


@pytest.fixture(scope="module")
def two_zones():
    """Two zones, of which the west has a post and two crews that rest at ten, and the east neither post nor site."""
    sites = [(0, 0, {"visits": 2, "dwell": 10}), (1, 2, {"start": 540, "stop": 560})]
    streets = [*lattice(3, 2, ("row 1",)), ("one way", "secondary", [(3, 2), (4, 2), (4, 1), (3, 1)], 1)]
    town = street_town(streets, [(-1, -1, 2, 3), (2, -1, 5, 3)], sites, [(1, 1)], times={"secondary": 2}, both_sides=True)
    wishes = {"crews_per_zone": 2, "shift_minutes": 180.0, "break_minutes": 20.0, "break_between": ("09:30", "10:00"), "balance": 1.2}
    return with_patrol(town, **wishes)


@pytest.fixture(scope="module")
def plan(two_zones):
    return planned(two_zones)


def test_everything_wanted_is_on_a_route_as_often_as_wanted(plan):
    kept, routes = plan.patrol.streets, plan.patrol.routes
    assert not [issue for issue in plan.patrol.issues if issue.kind == "unserved"]
    driven = np.zeros(2 * len(kept), int)
    for route in routes:
        for call in route.calls:
            np.add.at(driven, np.array(call.arcs, int), 1)
    wanted = np.repeat(kept.times, 2) * np.isfinite(kept.seconds)
    assert driven.tolist() == wanted.tolist()
    assert sorted((call.site, call.turn) for route in routes for call in route.calls if call.kind == "site") == [(0, 0), (0, 1), (1, 0)]
    assert {route.zone for route in routes} == {1, 2}


def test_visits_are_made_in_their_half_of_the_shift_and_sites_within_their_hours(plan):
    for route in plan.patrol.routes:
        for call, stop in zip(route.calls, route.stops[1:-1], strict=True):
            if call.kind != "rest":
                assert (stop.arrive >= 480 + 90 * call.turn - 1e-6) or call.site == 1
            if call.site == 1:
                assert 540 <= stop.arrive <= 560


def test_crews_that_are_out_long_enough_rest_between_the_hours_set(plan):
    rests = [(route.code, stop) for route in plan.patrol.routes for stop in route.stops if stop.kind == "rest"]
    assert rests
    assert all(570 <= stop.arrive <= 600 and stop.dwell == pytest.approx(20) for _code, stop in rests)


def test_a_crew_that_is_home_before_the_hours_of_its_break_does_not_wait_for_them(two_zones):
    done = planned(two_zones, break_between=("10:00", "10:40"), times={})
    assert not [stop for route in done.patrol.routes for stop in route.stops if stop.kind == "rest" and route.minutes < 120]
    assert any(route.minutes < 60 for route in done.patrol.routes)


def test_the_same_town_gets_the_same_plan_whoever_computes_it(two_zones, plan):
    with ThreadPoolExecutor(1) as workers:
        again = propose_routes(two_zones, workers=workers).values["patrol"]
    assert drawn(again) == drawn(plan.patrol)
    assert again.seed == 1


def test_figures_of_the_plan_are_those_of_its_routes(plan):
    figures = route_figures(plan.patrol)
    routes = plan.patrol.routes
    assert figures["count"] == len(routes)
    assert figures["variants"] == 1
    assert figures["required_km"] == pytest.approx(sum(route.required_m for route in routes) / 1000, abs=0.001)
    assert figures["sites"] == 3
    assert figures["outside_km"] == 0
    assert figures["unserved"] == {"streets": 0, "sites": 0}
    assert figures["max_over_mean"] >= 1


def around(height):
    """Two required streets, joined by a way inside the zone that goes up by so many blocks, and by one of 1,000 m outside it."""
    return [
        ("left", "secondary", [(0, 0), (0, 1)]), ("right", "secondary", [(4, 0), (4, 1)]),
        ("inside", "residential", [(0, 1), (0, 1 + height), (4, 1 + height), (4, 1)]),
        ("outside", "residential", [(0, 0), (0, -3), (4, -3), (4, 0)]),
    ]  # fmt: skip


ABOVE_AND_BELOW = [(-1, -1, 9, 30), (-1, -9, 9, -2)]


@pytest.mark.parametrize(("height", "zone", "outside"), [(6, "hard", 0), (6, "soft", 0), (17, "hard", 0), (17, "soft", 2000)])
def test_a_hard_zone_is_not_left_where_there_is_a_way_inside_and_a_soft_one_where_that_saves_much(height, zone, outside):
    done = planned(street_town(around(height), ABOVE_AND_BELOW, [], [(0, 0)], zone=zone))
    assert [route.outside_m for route in done.patrol.routes] == [pytest.approx(outside)]


def test_what_a_hard_zone_has_no_way_to_is_reached_over_the_leg_that_is_told():
    town = street_town([street for street in around(1) if street[0] != "inside"], ABOVE_AND_BELOW, [], [(0, 0)])
    done = planned(town)
    leg = next(issue for issue in done.patrol.issues if issue.kind == "leg_outside")
    assert leg.values["m"] == "1000"
    assert [route.outside_m for route in done.patrol.routes] == [pytest.approx(2000)]
    assert not [issue for issue in done.patrol.issues if issue.kind == "unserved"]


def test_more_streets_are_driven_until_as_much_of_the_zone_lies_near_as_wished():
    town = street_town(lattice(4, 3), [(-1, -1, 9, 9)], [], [(0, 0)], cover_share=0.8, cover_m=100.0)
    done = planned(town)
    told = next(issue for issue in done.patrol.issues if issue.kind == "covered")
    assert str(told.level) == "info"
    assert int(told.values["share"]) >= 80
    short = propose_routes(with_patrol(town, shift_minutes=2.1)).values["patrol"]
    lacking = next(issue for issue in short.issues if issue.kind == "covered")
    assert str(lacking.level) == "warning"
    assert int(lacking.values["share"]) < 80


def test_visits_of_crews_whose_shifts_do_not_meet_are_made_while_a_crew_is_out():
    wishes = {"crews_per_zone": 2, "starts": ("08:00", "16:00"), "shift_minutes": 120.0, "balance": 0.0}
    town = street_town(lattice(3, 2), [(-1, -1, 9, 9)], [(1, 1, {"visits": 3})], [(0, 0)], times={"secondary": 3}, **wishes)
    assert not [issue.kind for issue in planned(town).patrol.issues if issue.kind in ("unserved", "gap")]
    watched = planned(town, times={}, revisit_minutes=130.0)  # 8 h without a crew do not count
    assert not [issue.kind for issue in watched.patrol.issues if issue.kind in ("unserved", "revisit")]


def test_variants_that_share_no_way_at_all_are_found():
    streets = [
        ("only", "secondary", [(0, 0), (3, 0)], 1),
        ("north", "residential", [(3, 0), (3, 1), (0, 1), (0, 0)]),
        ("south", "residential", [(3, 0), (3, -1), (0, -1), (0, 0)]),
    ]
    done = planned(street_town(streets, [(-2, -2, 9, 9)], [], [(0, 0)]), variants=2)
    ways = [{str(done.patrol.streets.names[arc // 2]) for arc in route.arcs.tolist()} for route in done.patrol.routes]
    assert sorted(map(sorted, ways)) == [["north", "only"], ["only", "south"]]


def test_a_street_that_waits_longer_than_wished_is_told():
    street = [("only", "secondary", [(0, 0), (3, 0)], 1), ("back", "residential", [(3, 0), (3, 1), (0, 1), (0, 0)])]
    town = street_town(street, [(-1, -1, 4, 2)], [], [(0, 0)], shift_minutes=120.0)
    often = planned(town, revisit_minutes=90.0)
    assert len(often.patrol.routes[0].calls) == 2
    assert not [issue for issue in often.patrol.issues if issue.kind == "revisit"]
    seldom = planned(town, revisit_minutes=1.0, shift_minutes=10.0)  # once along it and back takes longer
    (told,) = (issue for issue in seldom.patrol.issues if issue.kind == "revisit")
    assert told.values["name"] == "only"
    assert float(told.values["minutes"]) >= 1.5


class Impatient(Progress):
    """Wants the best so far as soon as one zone is done, or is not interested any more."""

    def __init__(self, cancelled=False):
        self.zones = 0
        self.cancelled = cancelled

    def report(self, fraction, message=""):
        self.zones += message.startswith("Routes of")

    def should_finish(self):
        return not self.cancelled and self.zones > 1

    def is_cancelled(self):
        return self.cancelled and self.zones > 1


def test_a_plan_that_is_to_finish_has_every_zone_and_a_cancelled_one_is_forgotten(two_zones, plan):
    hasty = planned(two_zones, Impatient())
    first = [route for route in drawn(plan.patrol) if route[0].startswith("Z01")]
    assert drawn(hasty.patrol)[: len(first)] == first
    assert {route.zone for route in hasty.patrol.routes} == {1, 2}
    with pytest.raises(Cancelled):
        propose_routes(two_zones, Impatient(cancelled=True))


def test_a_zone_with_too_much_at_once_is_solved_in_parts_of_whole_crews():
    every = [f"row {k}" for k in range(6)]
    town = street_town(lattice(8, 5, every), [(-1, -1, 9, 9)], [(3, 3), (8, 5)], [(0, 0), (8, 5)], crews_per_zone=4, balance=0.0)
    settings = town.settings.patrol
    given = problem_of_zone(town, settings, area_of(town, settings), 0)
    quick = PatrolParams(iterations=20, starts=1, rounds=1)
    result, parts = solve_in_parts(given.problem, quick, most=20)
    assert parts == 4
    assert sorted(route.crew for route in result.routes) == [0, 1, 2, 3]
    assert not len(result.unserved)
    assert check_route(given.problem, result) == []
    whole, one = solve_in_parts(given.problem, quick, most=100)
    assert one == 1
    assert sum(route.required_m for route in whole.routes) == pytest.approx(sum(route.required_m for route in result.routes))


def test_of_what_crews_have_no_hours_for_the_least_worth_is_left_out_before_a_large_zone_is_solved():
    every = [f"row {k}" for k in range(6)]
    town = street_town(lattice(8, 5, every), [(-1, -1, 9, 9)], [], [(0, 0)], crews_per_zone=2, shift_minutes=3.0, balance=0.0)
    settings = town.settings.patrol
    given = problem_of_zone(town, settings, area_of(town, settings), 0)
    result, parts = solve_in_parts(given.problem, PatrolParams(iterations=20, starts=1, rounds=1), most=10)
    assert parts == 2
    served = {int(item) for route in result.routes for item in route.item}
    left = set(result.unserved.item.tolist())
    assert served | left == set(range(len(given.problem.streets)))
    assert not served & left
    assert all(route.seconds <= 180 for route in result.routes)
