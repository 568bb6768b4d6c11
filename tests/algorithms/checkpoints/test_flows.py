"""Trips over the boundary of a square of 1 km, on streets few enough to count them by hand."""

import numpy as np
import pytest
import shapely

from algorithms.checkpoints.crossings import find_crossings
from algorithms.checkpoints.flows import flows_over, gates_at
from tests.algorithms.network.made_roads import roads

SQUARE = shapely.box(0, 0, 1000, 1000)
CROSS = ([(500, 500), (1600, 500)], [(500, 500), (-600, 500)], [(500, 500), (500, 1600)])  # east, west and north from one junction


def found_flows(lines, weight, origin=(500, 500), area=SQUARE, extra=None, **words):
    graph = roads(*lines, **words)
    crossings = find_crossings(graph, area, np.zeros(graph.edge_count, bool))
    place = np.arange(len(crossings.piece))
    if extra is not None:
        extra = np.where(np.isin(crossings.streets.edge, extra), len(place), -1)
    start = np.array([int(np.argmin(np.hypot(*(graph.node_xy - origin).T)))])
    gates = gates_at(crossings, place, np.asarray(weight, float))
    return crossings, flows_over(crossings, place, gates, start, np.ones(1), extra=extra)


def order_of(crossings) -> list[str]:
    """East, west or north of each crossing."""
    return ["north" if y > 990 else "east" if x > 990 else "west" for x, y in crossings.xy.tolist()]


def through_pairs(crossings, flows) -> dict[tuple[str, ...], float]:
    """The share of the through trips by the places that they pass."""
    names = order_of(crossings)
    passed = np.split(flows.places, flows.offsets[1:-1])
    return {tuple(sorted(names[p] for p in here)): trips for here, trips in zip(passed, flows.through.tolist(), strict=True) if trips}


def test_outward_trips_go_by_weight_and_through_trips_by_both_weights_and_direction():
    crossings, flows = found_flows(CROSS, [1.0, 1.0, 1.0])
    names = order_of(crossings)
    outward, through = flows.shares(3)
    assert outward.tolist() == pytest.approx([1 / 3] * 3)  # equally far, equally heavy
    share = dict(zip(names, through.tolist(), strict=True))
    ray = np.array([crossings.xy[names.index(name)] for name in ("east", "west", "north")])
    ray -= ray.mean(axis=0)
    ray /= np.hypot(*ray.T)[:, None]
    pair = {name: (1 - a @ b) / 2 for name, a, b in (("ew", ray[0], ray[1]), ("en", ray[0], ray[2]), ("wn", ray[1], ray[2]))}
    total = sum(pair.values())
    assert share["east"] == pytest.approx((pair["ew"] + pair["en"]) / total)
    assert share["north"] == pytest.approx((pair["en"] + pair["wn"]) / total)
    assert pair["ew"] > pair["en"]  # who comes from the east rather goes west than north


def test_a_heavier_street_draws_more_and_a_farther_one_less():
    _, flows = found_flows(CROSS, [3.0, 1.0, 1.0])
    assert flows.shares(3)[0].tolist() == pytest.approx([0.6, 0.2, 0.2])
    lines = ([(500, 500), (700, 500), (2700, 500)], [(500, 500), (-3500, 500)])
    crossings, flows = found_flows(lines, [1.0, 1.0], area=shapely.box(-2000, 0, 1500, 1000))
    outward = dict(zip(order_of(crossings), flows.shares(2)[0].tolist(), strict=True))
    assert outward["east"] / outward["west"] == pytest.approx((4000 / 2200) ** 2, rel=1e-3)  # times 400 s and 220 s to beyond the boundary


def test_a_street_that_is_a_shortcut_outside_takes_the_through_trips_away():
    ring = [(1600, 500), (1600, 1700), (500, 1600)]
    _, alone = found_flows(CROSS, [1.0, 1.0, 1.0])
    _, with_ring = found_flows((*CROSS, ring), [1.0, 1.0, 1.0])
    assert (alone.through > 0).sum() == 3
    assert (with_ring.through > 0).sum() == 3  # the way round is longer
    fast = [(1600, 500), (500, 1600)]
    crossings, round_it = found_flows((*CROSS, fast), [1.0, 1.0, 1.0])
    assert set(through_pairs(crossings, round_it)) == {("east", "west"), ("north", "west")}


def test_one_way_streets_are_left_and_entered_as_they_may_be():
    crossings, flows = found_flows(CROSS, [1.0, 1.0, 1.0], oneway=[0])  # out to the east only
    outward, through = flows.shares(3)
    assert outward[order_of(crossings).index("east")] == pytest.approx(1 / 3)
    assert through.sum() == pytest.approx(2.0)  # every through trip passes two places
    pair = through_pairs(crossings, flows)
    assert pair["east", "north"] == pytest.approx(pair["north", "west"] / 2)  # nobody comes from the east


def test_a_way_out_through_an_exclave_passes_three_places():
    area = shapely.union(SQUARE, shapely.box(1500, 0, 2000, 1000))
    lines = ([(500, 500), (1250, 500)], [(1250, 500), (1750, 500)], [(1750, 500), (2500, 500)])
    crossings, flows = found_flows(lines, [0.0, 0.0, 1.0], area=area)
    east = int(np.argmax(crossings.xy[:, 0]))
    weight = np.where(np.arange(3) == east, 1.0, 0.0)
    crossings, flows = found_flows(lines, weight, area=area)
    assert flows.outward.tolist() == [1.0]
    assert sorted(flows.places.tolist()) == [0, 1, 2]


def test_a_place_that_is_no_crossing_sees_what_drives_past():
    lines = ([(500, 500), (700, 500)], [(700, 500), (1600, 500)], [(500, 500), (-600, 500)])
    graph = roads(*lines)
    inner = int(np.argmin(graph.length))
    crossings, flows = found_flows(lines, [1.0, 1.0], extra=[inner])
    outward, through = flows.shares(3)
    east = order_of(crossings).index("east")
    assert outward[2] == pytest.approx(outward[east])
    assert through[2] == pytest.approx(1.0)


def test_nothing_to_drive_from_or_to_is_no_flow():
    _, flows = found_flows(CROSS, [0.0, 0.0, 0.0])
    assert (len(flows.outward), flows.shares(3)[0].tolist()) == (0, [0.0] * 3)
