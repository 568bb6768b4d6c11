"""A zone with fewer variants than another, and a route that serves both sides of its streets."""

import dataclasses

import numpy as np
import pytest

from gridplanner.model.patrol_check import missing_of
from gridplanner.planning.route_hand import add_street, reverse_route
from tests.patrol_town import EAST, made_plan


def test_a_zone_without_a_second_variant_drives_its_first_there_and_misses_nothing() -> None:
    project = made_plan()
    plan = project.patrol
    fewer = dataclasses.replace(plan, routes=tuple(r for r in plan.routes if r.zone != EAST or r.variant == 1))
    assert missing_of(fewer, project.key_sites, project) == {}
    lost = dataclasses.replace(fewer, routes=tuple(r for r in fewer.routes if r.zone != EAST or r.crew == 0))
    found = missing_of(lost, project.key_sites, project)
    assert {variant for variant, _kind, _row in found} == {1, 2}


def test_a_route_that_drives_both_sides_of_its_streets_is_as_long_when_turned_round() -> None:
    project = made_plan()
    plan = project.patrol
    route = plan.routes[0]
    mine = sorted({arc // 2 for call in route.calls for arc in call.arcs})
    both = plan.streets.both.copy()
    both[mine] = True
    project = dataclasses.replace(project, patrol=dataclasses.replace(plan, streets=dataclasses.replace(plan.streets, both=both)))
    for edge in mine:
        project = add_street(project, 0, edge).apply(project)
    before = project.patrol.routes[0]
    served = np.sort(before.arcs[before.call_of_arc >= 0])
    assert len(np.unique(served)) == 2 * len(mine)
    after = reverse_route(project, 0).apply(project).patrol.routes[0]
    assert np.array_equal(np.sort(after.arcs[after.call_of_arc >= 0]), served)
    assert after.required_m + after.dead_m == pytest.approx(before.required_m + before.dead_m, rel=0.05)
