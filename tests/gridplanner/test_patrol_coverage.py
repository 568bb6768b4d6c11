import dataclasses

import numpy as np
import pytest
import shapely

from gridplanner.duty_summary import duty_sections
from gridplanner.io.layer_rows import layers_of
from gridplanner.model.patrol import DEAD, PatrolPlan
from gridplanner.model.patrol_coverage import coverage_of_day, coverage_of_week, longest_wait
from tests.patrol_town import DAYS, EAST, WEST, made_plan, routes_on


@pytest.fixture(scope="module")
def project():
    return made_plan(seen_m=120.0)


def passes(plan, days):
    """Every pass over an edge: (edge, minutes since the first midnight, whether it is patrolled), one by one."""
    for day in days:
        for route in routes_on(plan, day):
            for arc, call, clock in zip(route.arcs.tolist(), route.call_of_arc.tolist(), route.passed.tolist(), strict=False):
                yield arc // 2, 1440 * day + clock, call != DEAD and route.calls[call].kind == "street"


def longest_gap(clocks, whole):
    """Hours, the end being followed by the beginning."""
    clocks = sorted(clock % whole for clock in clocks)
    gaps = [b - a for a, b in zip(clocks, [*clocks[1:], clocks[0] + whole], strict=True)]
    return max(gaps) / 60


def test_visits_and_the_longest_interval_of_a_week_are_those_counted_one_by_one(project):
    plan, found = project.patrol, coverage_of_week(project)
    assert found.hours == 24 * DAYS
    counted = list(passes(plan, range(DAYS)))
    for row in range(len(plan.streets)):
        mine = [clock for edge, clock, _ in counted if edge == row]
        assert found.visits[row] == len(mine)
        assert found.patrolled[row] == sum(patrolled for edge, _, patrolled in counted if edge == row)
        expected = longest_gap(mine, 1440 * DAYS) if mine else np.inf
        assert found.interval_h[row] == pytest.approx(expected)


def test_a_day_is_repeated_and_shows_the_variants_drawn_for_it(project):
    plan = project.patrol
    for day in (0, 1):
        found = coverage_of_day(project, day)
        assert found.hours == 24
        clocks = {row: [clock for edge, clock, _ in passes(plan, [day]) if edge == row] for row in range(len(plan.streets))}
        assert found.visits.tolist() == [len(clocks[row]) for row in range(len(plan.streets))]
        once = [row for row, mine in clocks.items() if len(mine) == 1]
        assert found.interval_h[once] == pytest.approx(np.full(len(once), 24.0))


def test_key_sites_are_visited_once_a_day_by_their_own_zone(project):
    found = coverage_of_week(project)
    assert found.site_visits.tolist() == [DAYS, DAYS]
    assert found.site_zone.tolist() == [WEST, EAST]
    for site, zone in enumerate((WEST, EAST)):
        clocks = [
            1440 * day + stop.arrive
            for day in range(DAYS)
            for route in routes_on(project.patrol, day)
            if route.zone == zone
            for stop in route.stops
            if stop.kind == "site"
        ]
        assert found.site_interval_h[site] == pytest.approx(longest_gap(clocks, 1440 * DAYS))


def test_households_have_seen_a_patrol_where_one_came_near_in_time(project):
    plan, found = project.patrol, coverage_of_week(project)
    homes = project.households
    for day in range(DAYS):
        driven = {edge for edge, clock, _ in passes(plan, [day]) if 480 <= clock % 1440 <= 1200}
        lines = shapely.multilinestrings([plan.streets.lines.line(edge) for edge in sorted(driven)])
        seen = shapely.distance(shapely.points(homes.xy), lines) <= 120.0
        assert found.seen_households[day, -1] == pytest.approx(seen.mean())  # every address has as many households
        west = homes.xy[:, 0] < 500_500.0
        assert found.seen_households[day, 0] == pytest.approx(seen[west].mean())
        assert found.seen_households[day, 1] == pytest.approx(seen[~west].mean())
    near = coverage_of_week(made_plan(seen_m=10.0))
    driven = [{edge for edge, clock, _ in passes(plan, [day])} for day in range(DAYS)]
    for day, rows in enumerate(driven):  # of 115 pieces those driven, and the halves of others that end there are 50 m away
        assert near.seen_km[day, -1] == pytest.approx(len(rows) / len(plan.streets))


def test_who_looks_out_at_night_sees_only_what_is_driven_then():
    night = made_plan(seen_m=120.0, seen_between=("16:00", "07:00"))  # over midnight: of the shifts only the late one
    early = made_plan(seen_m=120.0, seen_between=("08:00", "15:00"))
    nobody = made_plan(seen_m=120.0, seen_between=("01:00", "02:00"))
    late, morning, none = (coverage_of_week(project).seen_households[:, -1] for project in (night, early, nobody))
    assert (none == 0).all()
    assert (late > 0).all()
    assert (morning > 0).all()
    whole = coverage_of_week(made_plan(seen_m=120.0, seen_between=("00:00", "24:00"))).seen_households[:, -1]
    assert (whole >= np.maximum(late, morning)).all()


def test_a_shift_over_midnight_belongs_to_the_night_that_it_began_in():
    """What is driven after midnight counts on the next day of the week; the last night comes before the first morning."""
    project = made_plan(starts=("08:00", "23:50"))
    found, plan = coverage_of_week(project), project.patrol
    late = [route for route in plan.routes if route.shift == "23:50"]
    assert late[0].passed[-1] > 1440
    after = {row for row, clock, _ in passes(plan, range(DAYS)) if clock > 1440 * DAYS}
    assert after
    for edge in after:
        mine = [clock for row, clock, _ in passes(plan, range(DAYS)) if row == edge]
        assert found.interval_h[edge] == pytest.approx(longest_gap(mine, 1440 * DAYS))


def test_the_street_that_waits_longest_is_a_required_one_and_one_never_patrolled_comes_first(project):
    plan, found = project.patrol, coverage_of_week(project)
    row = longest_wait(plan, found)
    required = np.flatnonzero(plan.streets.times > 0)
    assert row in required
    assert found.interval_h[row] == found.interval_h[required].max()
    west = longest_wait(plan, found, WEST)
    assert plan.streets.zone[west] == WEST
    without = dataclasses.replace(plan, routes=tuple(route for route in plan.routes if route.crew == 0))
    left = coverage_of_week(dataclasses.replace(project, patrol=without))
    assert np.isinf(left.interval_h[longest_wait(without, left)])


def test_there_is_no_coverage_without_a_plan_or_its_streets(project):
    assert coverage_of_week(dataclasses.replace(project, patrol=None)) is None
    assert coverage_of_day(dataclasses.replace(project, patrol=PatrolPlan(())), 0) is None
    nobody = coverage_of_week(made_plan(households=False))
    assert np.isnan(nobody.seen_households).all()
    assert np.isfinite(nobody.seen_km).all()


def test_an_empty_plan_covers_nothing(project):
    empty = dataclasses.replace(project, patrol=dataclasses.replace(project.patrol, routes=(), draws=()))
    found = coverage_of_week(empty)
    assert (found.visits == 0).all()
    assert np.isinf(found.interval_h).all()
    assert (found.seen_households == 0).all()
    assert "coverage" not in duty_sections(empty)


def test_what_was_computed_is_not_computed_again(project):
    assert coverage_of_week(project) is coverage_of_week(project)
    moved = dataclasses.replace(project, households=dataclasses.replace(project.households))
    assert coverage_of_week(moved) is not coverage_of_week(project)


def test_the_layers_say_it_street_by_street_and_site_by_site(project):
    found = coverage_of_week(project)
    layers = {rows.schema.name: rows for rows in layers_of(project)}
    streets = layers["coverage"].columns
    assert len(layers["coverage"]) == len(project.patrol.streets)
    assert streets["edge_id"].tolist() == list(range(1, len(found.visits) + 1))
    assert streets["visits"].tolist() == found.visits.tolist()
    never = found.visits == 0
    assert never.any()
    assert np.isnan(streets["interval_h"][never]).all()
    assert streets["interval_h"][~never] == pytest.approx(found.interval_h[~never], abs=0.006)
    assert set(streets["zone_code"]) == {"X01", "X02"}
    assert (streets["required"] > 0).tolist() == [name in ("二街", "五街") for name in streets["name"]]
    sites = layers["sitevisits"].columns
    assert sites["visits"].tolist() == [DAYS, DAYS]
    assert sites["zone_code"].tolist() == ["X01", "X02"]


def test_the_summary_says_it_in_a_few_figures(project):
    found = duty_sections(project)["coverage"]
    assert (found["days"], found["variants"], found["seed"]) == (DAYS, 2, 1)
    assert found["gap_street"] in ("二街", "五街")
    assert found["entropy_bits"] == pytest.approx(1.0, abs=0.001)
    west = found["zones"][0]
    assert west["zone"] == "X01"
    assert 0 <= west["overlap_mean"] <= west["overlap_worst"] <= 1
    assert west["longer_worst"] == 0.0
    assert found["seen_households_worst_day"] <= found["seen_households"] <= 1
