from collections import Counter

import pytest

from gridplanner.model.patrol_check import patrol_issues
from gridplanner.model.patrol_draws import lengths_of, overlap_of
from gridplanner.planning.routes import propose_routes
from tests.patrol_town import EAST, WEST, made_plan

VARIANTS = 4


@pytest.fixture(scope="module")
def planned():
    """The lattice with routes as they are proposed, where one crew a zone does everything."""
    project = made_plan(variants=VARIANTS, crews_per_zone=1, variant_travel=0.2, days=5)
    return propose_routes(project).apply(project)


def test_every_zone_has_as_many_variants_as_asked_for_under_codes_of_their_own(planned):
    routes = planned.patrol.routes
    assert Counter((route.zone, route.variant) for route in routes) == {
        (zone, n): 1 for zone in (WEST, EAST) for n in range(1, VARIANTS + 1)
    }
    assert len({route.code for route in routes}) == len(routes)


def test_every_variant_stands_the_check_of_the_plan_and_is_not_much_longer(planned):
    plan = planned.patrol
    assert not patrol_issues(planned)
    for zone in (WEST, EAST):
        best, *others = (route for route in plan.routes if route.zone == zone)
        served = Counter((call.kind, call.site) for call in best.calls if call.kind == "site")
        for route in others:
            assert Counter((call.kind, call.site) for call in route.calls if call.kind == "site") == served
            assert route.required_m == pytest.approx(best.required_m)
        length = lengths_of(plan, zone)
        assert (length <= 1.2 * length[0] + 1e-6).all()
        pairs = overlap_of(plan, zone)[0, 1:]
        assert (pairs < 1).any()


def test_a_variant_is_drawn_for_every_zone_and_day(planned):
    plan = planned.patrol
    assert [(draw.day, draw.zone) for draw in plan.draws] == [(day, zone) for day in range(5) for zone in (WEST, EAST)]
    assert {draw.variant for draw in plan.draws} <= set(range(1, VARIANTS + 1))


def test_one_variant_needs_no_search_and_no_words():
    project = made_plan(variants=1, crews_per_zone=1)
    after = propose_routes(project).apply(project)
    assert after.patrol.variants == 1
    assert not {issue.kind for issue in after.patrol.issues} & {"few_variants", "alike"}


def test_where_no_route_may_be_longer_the_plan_says_that_there_are_fewer_or_that_they_are_alike():
    project = made_plan(variants=5, crews_per_zone=1, variant_travel=0.0)
    after = propose_routes(project).apply(project)
    assert {issue.kind for issue in after.patrol.issues} & {"few_variants", "alike"}
    for zone in (WEST, EAST):
        minutes = [route.minutes for route in after.patrol.routes if route.zone == zone]
        assert max(minutes) <= minutes[0] + 1e-6
