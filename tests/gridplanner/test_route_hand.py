"""Patrol routes changed by hand: every edit keeps what an independent check asks of a plan, and undo brings the very same project back."""

import dataclasses
import random

import numpy as np
import pytest

from gridplanner.edits.edit import Edit
from gridplanner.edits.patrol_edits import LockRoutes
from gridplanner.errors import EditRejected
from gridplanner.model.patrol import Call
from gridplanner.model.patrol_near import arcs_near, call_of_stop, gaps_at, node_near, stop_of_call, street_near
from gridplanner.model.project import Project, fingerprint
from gridplanner.planning.route_hand import (
    add_site,
    add_street,
    add_via,
    give_call,
    move_call,
    move_depot,
    remove_call,
    remove_street,
    reverse_route,
    turn_call,
)
from gridplanner.session import Session
from tests.gridplanner.hand_routes import driven, edge_of, left_out, route_of, wrong
from tests.patrol_town import BLOCK, PASS, PATROL, X, Y, made_plan, node

WEST_DAY, WEST_EVENING = 0, 1  # rows of the routes of the western zone in variant 1


@pytest.fixture(scope="module")
def town() -> Project:
    return made_plan()


# streets and sites


def test_a_street_that_another_crew_patrols_is_taken_from_it(town: Project) -> None:
    edge = edge_of(town, node(0, 4), node(1, 4))
    edit = add_street(town, WEST_DAY, edge)
    after = edit.apply(town)
    assert edit.rows == (WEST_DAY, WEST_EVENING)
    assert edit.words == "Give 五街 to route X01-1"
    assert any(arc // 2 == edge for call in route_of(after, WEST_DAY).calls for arc in call.arcs)
    assert all(arc // 2 != edge for call in route_of(after, WEST_EVENING).calls for arc in call.arcs)
    assert wrong(after) == left_out(after) == []


def test_a_street_is_put_where_it_is_the_least_way_round(town: Project) -> None:
    # 二街 begins at the crossing (0, 1), where the crew comes from (0, 2): that block costs only that it is patrolled slowly
    edge = edge_of(town, node(0, 2), node(0, 1))
    edit = add_street(town, WEST_DAY, edge)
    everywhere = [driven(add_via(town, WEST_DAY, [gap], edge), WEST_DAY).minutes for gap in range(3)]
    assert driven(edit, WEST_DAY).minutes == pytest.approx(min(everywhere) + (PATROL - PASS) / 60)


def test_a_street_taken_out_is_among_the_findings_until_it_is_given_back(town: Project) -> None:
    edge = edge_of(town, node(2, 1), node(3, 1))
    out = remove_street(town, WEST_DAY, edge).apply(town)
    assert left_out(out) == ["二街"]
    assert out.patrol is not None
    issue = next(issue for issue in out.patrol.issues if issue.kind == "unserved")
    assert (issue.values["edge"], issue.values["variant"]) == (edge, 1)
    assert "left out by hand" in issue.message
    assert (issue.x, issue.y) == (X + 2.5 * BLOCK, Y + BLOCK)
    assert [call.kind for call in route_of(out, WEST_DAY).calls] == ["street", "street", "site"]  # one on either side of the gap
    back = add_street(out, WEST_DAY, edge).apply(out)
    assert left_out(back) == wrong(out) == wrong(back) == []
    assert [call.arcs for call in route_of(back, WEST_DAY).calls] == [call.arcs for call in route_of(town, WEST_DAY).calls]
    assert np.array_equal(route_of(back, WEST_DAY).arcs, route_of(town, WEST_DAY).arcs)


def test_a_street_in_both_directions_is_given_and_taken_whole(town: Project) -> None:
    assert town.patrol is not None
    edge = edge_of(town, node(2, 1), node(3, 1))
    both = town.patrol.streets.both.copy()
    both[edge] = True
    plan = dataclasses.replace(town.patrol, streets=dataclasses.replace(town.patrol.streets, both=both))
    start = dataclasses.replace(town, patrol=plan)
    assert wrong(start)  # one direction is patrolled, and nothing says so
    given = add_street(start, WEST_DAY, edge).apply(start)
    assert wrong(given) == [f for f in wrong(start) if "variant 2" in f]
    calls = [arc for call in route_of(given, WEST_DAY).calls for arc in call.arcs if arc // 2 == edge]
    assert sorted(calls) == [2 * edge, 2 * edge + 1]
    moved = add_street(given, WEST_EVENING, edge).apply(given)
    assert left_out(moved) == []
    gone = remove_street(moved, WEST_EVENING, edge).apply(moved)
    assert left_out(gone) == ["二街"]


def test_a_site_goes_from_crew_to_crew_and_leaves_a_finding_where_none_has_it(town: Project) -> None:
    moved = add_site(town, WEST_EVENING, 0).apply(town)
    assert [route_of(moved, row).sites for row in (WEST_DAY, WEST_EVENING)] == [0, 1]
    assert route_of(moved, WEST_DAY).minutes < route_of(town, WEST_DAY).minutes - 10
    call = next(row for row, call in enumerate(route_of(moved, WEST_EVENING).calls) if call.kind == "site")
    out = remove_call(moved, WEST_EVENING, call).apply(moved)
    assert (left_out(moved), left_out(out)) == ([], ["水厂"])
    assert wrong(moved) == wrong(out) == []
    with pytest.raises(EditRejected, match="水厂 is on route X01-2 already"):
        add_site(moved, WEST_EVENING, 0)


def test_a_finding_that_held_for_all_variants_holds_for_the_others_still(town: Project) -> None:
    edge = edge_of(town, node(2, 1), node(3, 1))
    project = town
    for row in (0, 2):  # variants 1 and 2
        project = remove_street(project, row, edge).apply(project)
    assert project.patrol is not None
    whole = dataclasses.replace(
        project.patrol.issues[0], values={k: v for k, v in project.patrol.issues[0].values.items() if k != "variant"}
    )
    told = dataclasses.replace(project, patrol=dataclasses.replace(project.patrol, issues=(whole,)))
    assert wrong(told) == []
    back = add_street(told, 0, edge).apply(told)
    assert back.patrol is not None
    assert [issue.values["variant"] for issue in back.patrol.issues] == [2]
    assert wrong(back) == []


# the order, the ways, the depot


def test_times_follow_when_the_order_changes(town: Project) -> None:
    before = route_of(town, WEST_DAY)
    edit = move_call(town, WEST_DAY, 1, 0)
    after = driven(edit, WEST_DAY)
    assert [stop.kind for stop in after.stops] == ["depot", "site", "street", "depot"]
    assert after.minutes == pytest.approx(before.minutes - 4 * PASS / 60)  # 水厂 first lies on the way to the end of 二街
    assert [stop.arrive for stop in after.stops] == sorted(stop.arrive for stop in after.stops)
    assert edit.words == "Do 水厂 earlier on route X01-1"
    again = move_call(edit.apply(town), WEST_DAY, 0, 1).apply(edit.apply(town))
    assert np.array_equal(route_of(again, WEST_DAY).arcs, before.arcs)
    assert np.allclose(route_of(again, WEST_DAY).passed, before.passed)


def test_a_route_turned_round_twice_is_the_route(town: Project) -> None:
    once = reverse_route(town, WEST_DAY).apply(town)
    assert [call.kind for call in route_of(once, WEST_DAY).calls] == ["site", "street"]
    twice = reverse_route(once, WEST_DAY).apply(once)
    assert route_of(twice, WEST_DAY).calls == route_of(town, WEST_DAY).calls
    assert route_of(twice, WEST_DAY).minutes == pytest.approx(route_of(town, WEST_DAY).minutes)
    assert wrong(once) == []


def test_a_break_keeps_its_place_when_the_way_is_turned_round(town: Project) -> None:
    late = next(row for row, route in enumerate(town.patrol.routes) if any(call.kind == "rest" for call in route.calls))
    wider = add_street(town, late, edge_of(town, node(1, 1), node(1, 2))).apply(town)
    kinds = [call.kind for call in route_of(wider, late).calls]
    assert kinds != kinds[::-1]
    turned = reverse_route(wider, late).apply(wider)
    assert [call.kind for call in route_of(turned, late).calls] == kinds


def test_a_one_way_street_keeps_its_direction(town: Project) -> None:
    edge = edge_of(town, node(1, 2), node(2, 2))  # 三街, to the east
    given = add_street(town, WEST_DAY, edge).apply(town)
    call = next(row for row, call in enumerate(route_of(given, WEST_DAY).calls) if 2 * edge in call.arcs)
    with pytest.raises(EditRejected, match="三街 may be driven in one direction only"):
        turn_call(given, WEST_DAY, call)
    turned = reverse_route(given, WEST_DAY).apply(given)
    assert any(2 * edge in call.arcs for call in route_of(turned, WEST_DAY).calls)
    assert wrong(given) == wrong(turned) == []


def test_a_way_is_led_through_a_street_and_let_go_again(town: Project) -> None:
    edge = edge_of(town, node(3, 5), node(4, 5))
    edit = add_via(town, WEST_DAY, (0, 1, 2), edge)
    after = edit.apply(town)
    route = route_of(after, WEST_DAY)
    via = next(row for row, call in enumerate(route.calls) if call.kind == "via")
    assert edge in route.arcs // 2
    assert edit.words == "Lead route X01-1 through 六街"
    assert route.required_m == route_of(town, WEST_DAY).required_m  # it is passed, not patrolled
    assert [stop.kind for stop in route.stops] == [stop.kind for stop in route_of(town, WEST_DAY).stops]
    gone = remove_call(after, WEST_DAY, via).apply(after)
    assert np.array_equal(route_of(gone, WEST_DAY).arcs, route_of(town, WEST_DAY).arcs)
    assert wrong(after) == wrong(gone) == []


def test_ways_that_no_change_touches_stay_though_others_are_as_fast(town: Project) -> None:
    before = route_of(town, WEST_DAY)
    home = before.arcs[np.flatnonzero(before.call_of_arc == 0)[-1] + 1 :]  # by the site and back to the depot
    edit = turn_call(town, WEST_DAY, 0)
    assert not np.array_equal(driven(edit, WEST_DAY).arcs[-len(home) :], home)  # begun elsewhere
    edge = edge_of(town, node(3, 5), node(4, 5))
    led = driven(add_via(town, WEST_DAY, (0,), edge), WEST_DAY)
    assert np.array_equal(led.arcs[-len(home) :], home)


def test_a_depot_moves_for_one_route_or_for_those_of_a_zone(town: Project) -> None:
    goal = node(8, 3)  # where the eastern station is
    one = move_depot(town, [WEST_DAY], goal)
    assert [stop.name for stop in driven(one, WEST_DAY).stops][0::3] == ["东派出所", "东派出所"]
    assert driven(one, WEST_DAY).depot_node == goal
    both = move_depot(town, [WEST_DAY, WEST_EVENING], node(5, 5)).apply(town)
    assert [route_of(both, row).depot for row in (WEST_DAY, WEST_EVENING)] == ["Junction"] * 2
    assert wrong(one.apply(town)) == wrong(both) == []


def test_every_change_keeps_the_rules_and_undo_brings_the_same_project_back(town: Project) -> None:
    rng, session = random.Random(7), Session(town)
    steps = [town]
    refused = 0
    while len(steps) < 60:
        try:
            session.do(some_edit(session.project, rng))
        except EditRejected:
            refused += 1
            assert session.project is steps[-1]
            continue
        assert wrong(session.project) == []
        steps.append(session.project)
    assert refused < 60
    while steps:
        assert session.project is steps.pop()
        session.undo()
    assert fingerprint(session.project.patrol) == fingerprint(made_plan().patrol)


def some_edit(project: Project, rng: random.Random) -> Edit:
    assert project.patrol is not None
    plan, streets = project.patrol, project.patrol.streets
    row = rng.randrange(len(plan.routes))
    route = plan.routes[row]
    edge, call = rng.randrange(len(streets)), rng.randrange(max(len(route.calls), 1))
    other, count = rng.randrange(len(plan.routes)), max(len(route.calls), 1)
    kinds = {
        "give": lambda: add_street(project, row, edge),
        "take": lambda: remove_street(project, row, edge),
        "site": lambda: add_site(project, row, rng.randrange(2)),
        "drop": lambda: remove_call(project, row, call),
        "hand": lambda: give_call(project, row, call, other),
        "move": lambda: move_call(project, row, call, rng.randrange(count)),
        "turn": lambda: turn_call(project, row, call),
        "round": lambda: reverse_route(project, row),
        "via": lambda: add_via(project, row, [rng.randrange(count + 1)], edge),
        "depot": lambda: move_depot(project, [row], int(streets.u[edge])),
    }
    return kinds[rng.choice(list(kinds))]()


# what is amiss


def test_a_route_beyond_its_shift_and_a_stop_that_is_late_are_told_and_told_no_more(town: Project) -> None:
    settings = dataclasses.replace(town.settings, patrol=dataclasses.replace(town.settings.patrol, shift_minutes=20.0))
    sites = dataclasses.replace(town.key_sites, stop=np.array([8 * 60 + 15.0, np.nan]))  # 水厂 closes at a quarter past eight
    short = dataclasses.replace(town, settings=settings, key_sites=sites)
    assert short.patrol is not None
    edge = edge_of(short, node(4, 5), node(5, 5))
    long = short
    for _ in range(4):  # there and back again and again
        long = add_via(long, WEST_DAY, (0,), edge).apply(long)
        long = add_via(long, WEST_DAY, (0,), edge_of(short, node(0, 0), node(1, 0))).apply(long)
    assert long.patrol is not None
    kinds = {issue.kind: issue for issue in long.patrol.issues}
    assert set(kinds) == {"over_shift", "late_stop"}
    assert "more than its shift allows" in kinds["over_shift"].message
    assert kinds["late_stop"].values["name"] == "水厂"
    while any(call.kind == "via" for call in route_of(long, WEST_DAY).calls):
        via = next(row for row, call in enumerate(route_of(long, WEST_DAY).calls) if call.kind == "via")
        long = remove_call(long, WEST_DAY, via).apply(long)
    assert long.patrol is not None
    assert long.patrol.issues == ()


def test_leaving_a_hard_zone_is_told_but_not_the_way_from_the_depot(town: Project) -> None:
    edge = edge_of(town, node(7, 5), node(8, 5))
    away = add_via(town, WEST_DAY, (1,), edge).apply(town)
    assert away.patrol is not None
    assert [issue.kind for issue in away.patrol.issues] == ["outside_zone"]
    far = move_depot(town, [WEST_DAY], node(8, 3)).apply(town)
    assert far.patrol is not None
    assert route_of(far, WEST_DAY).outside_m > 0
    assert far.patrol.issues == ()


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda p: add_street(p, 9, 0), "no such route"),
        (lambda p: add_street(p, 0, 10_000), "no such street"),
        (lambda p: add_street(p, 0, edge_of(p, node(0, 1), node(1, 1))), "二街 is on route X01-1 already"),
        (lambda p: remove_street(p, 0, 0), "一街 is not on route X01-1"),
        (lambda p: remove_call(p, 0, 7), "no such stop on route X01-1"),
        (lambda p: move_call(p, 0, 0, 0), "cannot go farther"),
        (lambda p: turn_call(p, 0, 1), "水厂 is no street"),
        (lambda p: give_call(p, 0, 0, 2), "another route of the same variant"),
        (lambda p: give_call(p, 1, 1, 0), "Only streets and key sites"),
        (lambda p: add_via(p, 0, (0,), 10_000), "may not be driven"),
        (lambda p: move_depot(p, [0], 10_000), "no such junction"),
        (lambda p: add_site(p, 0, 5), "no such key site"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(town: Project, edit, words) -> None:
    with pytest.raises(EditRejected, match=words):
        edit(town)


def test_a_closed_street_and_a_street_without_a_way_back_are_refused(town: Project) -> None:
    assert town.patrol is not None
    closed, trap = edge_of(town, node(3, 5), node(4, 5)), edge_of(town, node(0, 5), node(1, 5))
    seconds = town.patrol.streets.seconds.copy()
    seconds[[2 * closed, 2 * closed + 1]] = np.inf
    lane = edge_of(town, node(0, 4), node(0, 5))
    seconds[[2 * trap, 2 * lane + 1]] = np.inf  # into the corner by 纬1路 only, and out by nothing
    seconds[2 * trap + 1], seconds[2 * lane] = PASS, PASS
    streets = dataclasses.replace(town.patrol.streets, seconds=seconds)
    project = dataclasses.replace(town, patrol=dataclasses.replace(town.patrol, streets=streets))
    with pytest.raises(EditRejected, match="六街 may not be driven in either direction"):
        add_street(project, 0, closed)
    for edge in (lane, trap):
        with pytest.raises(EditRejected, match=r"There is no way from route X01-1 to .* and back"):
            add_street(project, 0, edge)


def test_a_locked_route_is_left_alone_and_so_is_what_is_on_it(town: Project) -> None:
    locked = LockRoutes((WEST_EVENING,)).apply(town)
    with pytest.raises(EditRejected, match="Route X01-2 is locked; unlock it first"):
        remove_call(locked, WEST_EVENING, 0)
    with pytest.raises(EditRejected, match="Route X01-2 is locked"):
        add_street(locked, WEST_DAY, edge_of(town, node(0, 4), node(1, 4)))
    assert LockRoutes((WEST_EVENING,), locked=False).apply(locked).patrol.routes[1].locked is False  # type: ignore[union-attr]


def test_an_edit_of_another_plan_is_refused(town: Project) -> None:
    edit = reverse_route(town, WEST_DAY)
    with pytest.raises(EditRejected, match="changed since"):
        edit.apply(reverse_route(town, WEST_EVENING).apply(town))


# what lies near a place


def test_what_lies_near_a_place(town: Project) -> None:
    assert town.patrol is not None
    streets, route = town.patrol.streets, route_of(town, WEST_DAY)
    edge = edge_of(town, node(2, 1), node(3, 1))
    assert street_near(streets, X + 2.5 * BLOCK, Y + BLOCK + 4, 5.0) == edge
    assert street_near(streets, X + 2.5 * BLOCK, Y + BLOCK + 6, 5.0) == -1
    assert node_near(streets, X + 2 * BLOCK + 3, Y, 5.0) == node(2, 0)
    at = arcs_near(streets, route, X + 2.5 * BLOCK, Y + BLOCK + 4, 5.0)
    assert {int(arc) // 2 for arc in route.arcs[at]} == {edge}
    assert gaps_at(route, int(at[0])) == (0, 1)  # on the street itself: before it or after it
    assert gaps_at(route, 0) == (0,)
    assert gaps_at(route, len(route.arcs) - 1) == (1, 2)  # before or after the site, which has no street of its own
    assert [call_of_stop(route, stop) for stop in range(4)] == [-1, 0, 1, -1]
    led = driven(add_via(town, WEST_DAY, (0,), edge_of(town, node(3, 5), node(4, 5))), WEST_DAY)
    assert [stop_of_call(led, call) for call in range(3)] == [-1, 1, 2]
    assert [call_of_stop(led, stop) for stop in range(4)] == [-1, 1, 2, -1]
    assert Call("via") not in route.calls
