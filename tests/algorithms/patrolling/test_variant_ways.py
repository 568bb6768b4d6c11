import numpy as np

from algorithms.network.arc_network import arc_network
from algorithms.patrolling.overlap import free_streets, overlap_table
from algorithms.patrolling.problem import StopKind
from algorithms.patrolling.variant_orders import legs_of, orders_of, walked
from algorithms.patrolling.variant_ways import OtherWays
from algorithms.progress import SILENT
from tests.algorithms.patrolling.test_variants import made


def test_a_route_is_its_legs_and_its_calls():
    problem, plan = made(3, rest=600.0, windows=True)
    orders = orders_of(problem, plan.routes, np.full(len(plan.routes), 7200.0))
    for number, (route, tour) in enumerate(zip(plan.routes, orders.first, strict=True)):
        legs = legs_of(orders, route, tour)
        assert len(legs) == len(tour) + 1
        again = walked(orders, number, tour, legs, arc_network(problem.graph))
        assert np.array_equal(again.arcs, route.arcs)
        assert np.array_equal(again.kind[again.kind != StopKind.REST], route.kind[route.kind != StopKind.REST])
        assert sum(len(arcs) for _, arcs in legs) == int((route.stop_of_arc < 0).sum())


def test_sweeps_take_out_what_two_plans_have_in_common_and_keep_to_the_room():
    """Twice the same order: the second plan finds other ways, no longer than it may be; the first stays."""
    problem, plan = made(4, crews=1, size=14, oneway=0.0, missing=0.0)
    orders = orders_of(problem, plan.routes, np.full(1, 7200.0))
    routes, room = list(plan.routes), np.array([400.0, 4000.0])
    ways = OtherWays(orders, np.inf, 1)
    ways.add(routes, orders.first, np.zeros(2))
    ways.add(routes, orders.first, room)
    for _ in range(3):
        ways.sweep(SILENT)
    assert ways.plans[0].routes is routes
    first, second = (one.routes for one in ways.plans)
    seconds = problem.graph.seconds
    dead = [sum(float(seconds[route.arcs].sum()) for route in part) for part in (first, second)]
    assert dead[0] < dead[1] <= dead[0] + room[0]
    sets = np.array([free_streets(problem, part) for part in (first, second)])
    assert np.isclose(overlap_table(sets, problem.graph.length)[0, 1], ways.table()[0, 1])
    assert ways.table()[0, 1] < 0.7
    assert not ways.exchange(1, routes, orders.first, np.zeros(2), 1)  # the plan itself is no variant of itself
