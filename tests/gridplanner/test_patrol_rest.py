"""Planning the rest again beside locked routes, plans that are out of date, streets picked by hand, and sites that were read anew."""

import dataclasses

import numpy as np
import pytest

from gridplanner import i18n
from gridplanner.edits.patrol_edits import LockRoutes, PickStreet, RecodeRoute, UnpickStreet
from gridplanner.errors import EditRejected, InputError
from gridplanner.model.freshness import stale_plans
from gridplanner.model.patrol_near import street_middle, street_near
from gridplanner.model.patrol_sites import with_sites_followed
from gridplanner.model.places import KeySites, texts
from gridplanner.model.project import Project
from gridplanner.planning.patrol_rest import propose_rest, same_streets
from gridplanner.planning.route_hand import add_via, remove_call, remove_street, reverse_route
from gridplanner.planning.routes import propose_routes
from tests.gridplanner.hand_routes import driven, edge_of, left_out, route_of, wrong
from tests.patrol_town import BLOCK, EAST, WEST, X, Y, made_plan, node

SITE_COLUMNS = [one.name for one in dataclasses.fields(KeySites)]
WEST_DAY = 0  # the row of the first route of the western zone


@pytest.fixture(scope="module")
def town() -> Project:
    return made_plan()


@pytest.fixture(scope="module")
def planned() -> Project:
    """The lattice with routes that were found: one crew goes out in each zone, where nobody wishes for even work."""
    bare = dataclasses.replace(made_plan(variants=1), patrol=None)
    assert bare.settings.patrol is not None
    uneven = dataclasses.replace(bare.settings.patrol, balance=0.0)
    bare = dataclasses.replace(bare, settings=dataclasses.replace(bare.settings, patrol=uneven))
    return propose_routes(bare).apply(bare)


def sixth(project: Project) -> int:
    """The third block of 六街, whatever its number is."""
    assert project.patrol is not None
    return street_near(project.patrol.streets, X + 2.5 * BLOCK, Y + 5 * BLOCK, 1.0)


def test_locked_routes_stay_bit_for_bit_and_the_rest_is_found_for_what_they_leave(planned: Project) -> None:
    row = next(row for row, route in enumerate(planned.patrol.routes) if route.zone == WEST)  # type: ignore[union-attr]
    edge = next(arc // 2 for call in route_of(planned, row).calls if call.kind == "street" for arc in call.arcs)
    less = remove_street(planned, row, edge).apply(planned)
    locked = LockRoutes((row,)).apply(less)
    after = propose_rest(locked, WEST).apply(locked)
    assert after.patrol is not None
    assert any(route is route_of(locked, row) for route in after.patrol.routes)
    fresh = [route for route in after.patrol.routes if route.zone == WEST and not route.locked]
    assert [[arc // 2 for call in route.calls for arc in call.arcs] for route in fresh] == [[edge]]  # the other crew takes it
    assert {route.crew for route in after.patrol.routes if route.zone == WEST} == {0, 1}
    assert [route for route in after.patrol.routes if route.zone == EAST] == [r for r in locked.patrol.routes if r.zone == EAST]  # type: ignore[union-attr]
    assert left_out(after) == wrong(after) == []
    assert stale_plans(after) == set()


def test_planning_all_again_keeps_locked_routes(planned: Project) -> None:
    locked = LockRoutes((0,)).apply(reverse_route(planned, 0).apply(planned))
    after = propose_routes(locked).apply(locked)
    assert route_of(after, 0) is route_of(locked, 0)
    assert wrong(after) == []
    words = propose_routes(locked).words
    assert words == "Plan 1 patrol routes again beside 1 locked ones"


def test_what_is_left_over_where_every_crew_is_locked_is_told(planned: Project) -> None:
    row = next(row for row, route in enumerate(planned.patrol.routes) if route.zone == WEST)  # type: ignore[union-attr]
    site = next(at for at, call in enumerate(route_of(planned, row).calls) if call.kind == "site")
    less = remove_call(planned, row, site).apply(planned)
    assert less.patrol is not None
    second = dataclasses.replace(route_of(less, row), crew=1, code="X01-2")
    empty = dataclasses.replace(second, calls=(), stops=(second.stops[0], second.stops[-1]))
    full = dataclasses.replace(less, patrol=dataclasses.replace(less.patrol, routes=(*less.patrol.routes, empty)))
    locked = LockRoutes((row, len(less.patrol.routes))).apply(full)
    after = propose_rest(locked, WEST).apply(locked)
    assert after.patrol is not None
    issue = next(issue for issue in after.patrol.issues if issue.kind == "unserved")
    assert issue.values["name"] == "水厂"
    assert "unlock one of their routes" in issue.message
    with i18n.speaking("zh_CN"):  # the reason too is told in the language of the day
        assert "解锁" in issue.message
        assert "unlock" not in issue.message


def test_all_planned_again_beside_locked_ones_is_drawn_for_the_days_of_today(planned: Project) -> None:
    patrol = dataclasses.replace(planned.settings.patrol, days=3)  # type: ignore[type-var]
    fewer = dataclasses.replace(planned, settings=dataclasses.replace(planned.settings, patrol=patrol))
    locked = LockRoutes((0,)).apply(fewer)
    after = propose_rest(locked).apply(locked)
    assert after.patrol is not None
    assert {draw.day for draw in after.patrol.draws} == {0, 1, 2}


def test_a_zone_that_has_nothing_to_patrol_any_more_says_so(planned: Project) -> None:
    patrol = dataclasses.replace(planned.settings.patrol, required_classes=())  # type: ignore[type-var]
    none = dataclasses.replace(planned.key_sites, **{name: getattr(planned.key_sites, name)[:1] for name in SITE_COLUMNS})
    empty = dataclasses.replace(planned, settings=dataclasses.replace(planned.settings, patrol=patrol), key_sites=none)
    after = propose_rest(empty).apply(empty)
    assert after.patrol is not None
    assert [issue.message for issue in after.patrol.issues if issue.kind == "no_route"] == [
        "东区 has neither required streets nor key sites, so no route"
    ]


def test_locked_routes_cannot_stay_on_streets_that_have_changed(planned: Project) -> None:
    locked = LockRoutes((0,)).apply(planned)
    roads = dataclasses.replace(locked.roads, speed=locked.roads.speed * 0.5)
    slower = dataclasses.replace(locked, roads=roads)
    with pytest.raises(InputError, match=r"streets have changed since route X0\d-1 was planned"):
        propose_rest(slower)
    with pytest.raises(InputError, match="plan all routes again"):
        propose_rest(dataclasses.replace(planned, roads=roads), WEST)
    assert planned.patrol is not None
    streets = planned.patrol.streets
    assert same_streets(streets, dataclasses.replace(streets, times=streets.times + 1))
    assert not same_streets(streets, dataclasses.replace(streets, seconds=streets.seconds * 2))


def test_the_other_variants_stay_and_are_not_called_fresh(planned: Project) -> None:
    assert planned.patrol is not None
    plan, edge = planned.patrol, sixth(planned)
    second = [dataclasses.replace(route, variant=2, code=f"{route.code}-V2") for route in plan.routes]
    two = dataclasses.replace(planned, patrol=dataclasses.replace(plan, routes=(*plan.routes, *second)))
    picked = PickStreet(*street_middle(plan.streets, edge)).apply(two)
    assert "patrol" in stale_plans(picked)
    after = propose_rest(picked, WEST, 2).apply(picked)
    assert after.patrol is not None
    assert [route for route in after.patrol.routes if route.variant == 1] == list(plan.routes)
    assert any(arc // 2 == edge for route in after.patrol.routes if route.variant == 2 for call in route.calls for arc in call.arcs)
    assert next(route.code for route in after.patrol.routes if route.variant == 2) == second[0].code
    assert "patrol" in stale_plans(after)
    locked = LockRoutes((0,)).apply(picked)
    with pytest.raises(InputError, match="plan the rest of one variant again"):
        propose_routes(locked)


def test_hand_edits_of_a_stale_plan_follow_its_own_streets(town: Project) -> None:
    other = dataclasses.replace(town, roads=town.roads.__class__(**{**vars(town.roads), "speed": town.roads.speed * 2}))
    assert "patrol" in stale_plans(other)
    edit, same = reverse_route(other, WEST_DAY), reverse_route(town, WEST_DAY)
    assert driven(edit, WEST_DAY).minutes == driven(same, WEST_DAY).minutes
    assert "patrol" in stale_plans(edit.apply(other))


# picks, codes, sites read anew


def test_a_picked_street_must_be_patrolled_until_it_is_let_go(planned: Project) -> None:
    assert planned.patrol is not None
    place = street_middle(planned.patrol.streets, sixth(planned))
    picked = PickStreet(*place, times=1).apply(planned)
    assert len(picked.picks) == 1
    after = propose_rest(picked, WEST).apply(picked)
    assert after.patrol is not None
    assert any(arc // 2 == sixth(planned) for r in after.patrol.routes for c in r.calls for arc in c.arcs)
    never = PickStreet(place[0] + 1.0, place[1], times=0).apply(picked)
    assert [pick.times for pick in never.picks] == [0]
    assert UnpickStreet(*place).apply(never).picks == ()
    with pytest.raises(EditRejected, match="No street was picked here"):
        UnpickStreet(*place).apply(planned)
    with pytest.raises(EditRejected, match="times"):
        PickStreet(*place, times=99).apply(planned)
    with pytest.raises(EditRejected, match="no place on the map"):
        PickStreet(np.nan, 0.0).apply(planned)


def test_a_route_takes_another_code_and_its_findings_with_it(town: Project) -> None:
    out = remove_call(town, WEST_DAY, 1).apply(town)
    edge = edge_of(town, node(7, 5), node(8, 5))
    out = add_via(out, WEST_DAY, (1,), edge).apply(out)
    assert out.patrol is not None
    named = RecodeRoute(WEST_DAY, "晨巡一号", "X01-1").apply(out)
    assert named.patrol is not None
    assert {issue.ref for issue in named.patrol.issues} == {"晨巡一号", "X01"}
    outside = next(issue for issue in named.patrol.issues if issue.kind == "outside_zone")
    assert outside.message.startswith("Route 晨巡一号 leaves its zone")
    second = next(row for row, route in enumerate(out.patrol.routes) if (route.zone, route.crew, route.variant) == (WEST, 0, 2))
    alike = RecodeRoute(second, "X01-1").apply(out)  # of another variant, so the finding stays that of the first
    again = RecodeRoute(second, "夜巡").apply(alike)
    assert again.patrol is not None
    assert [issue.ref for issue in again.patrol.issues] == [issue.ref for issue in out.patrol.issues]
    with pytest.raises(EditRejected, match="There is a route X01-2 already"):
        RecodeRoute(WEST_DAY, "X01-2").apply(town)
    with pytest.raises(EditRejected, match="needs a code"):
        RecodeRoute(WEST_DAY, " ").apply(town)


def test_calls_follow_their_sites_to_other_rows_and_forget_those_that_are_gone(town: Project) -> None:
    assert town.patrol is not None
    sites = town.key_sites
    turned = KeySites(*(getattr(sites, f.name)[::-1].copy() for f in dataclasses.fields(sites)))
    plan = with_sites_followed(town.patrol, sites, turned)
    assert [call.site for call in plan.routes[WEST_DAY].calls if call.kind == "site"] == [1]
    read_anew = dataclasses.replace(town, key_sites=turned, patrol=plan)
    assert [stop.name for stop in driven(reverse_route(read_anew, WEST_DAY), WEST_DAY).stops if stop.kind == "site"] == ["水厂"]
    fewer = KeySites(*(getattr(sites, f.name)[1:] for f in dataclasses.fields(sites)))
    less = with_sites_followed(town.patrol, sites, fewer)
    assert [call.kind for call in less.routes[WEST_DAY].calls] == ["street"]
    assert np.array_equal(less.routes[WEST_DAY].arcs, town.patrol.routes[WEST_DAY].arcs)
    assert with_sites_followed(town.patrol, sites, dataclasses.replace(sites, dwell=sites.dwell * 2)) is town.patrol
    moved = dataclasses.replace(sites, names=texts(["自来水厂", "车站"]))
    assert [route.sites for route in with_sites_followed(town.patrol, sites, moved).routes[:2]] == [0, 0]
