"""Streets over the boundary of a square of 1 km: each way out is one crossing."""

import numpy as np
import pytest
import shapely

from algorithms.checkpoints.crossings import CrossingParams, core_of, find_crossings
from algorithms.checkpoints.one_place import one_place
from algorithms.graph.components import components
from tests.algorithms.network.made_roads import random_lattice, roads

SQUARE = shapely.box(0, 0, 1000, 1000)


def crossed(*lines, area=SQUARE, goes_on=False, params=None, **words):
    graph = roads(*lines, **words)
    return find_crossings(graph, area, np.full(graph.edge_count, goes_on), params)


def where(found) -> list[tuple[int, int]]:
    return sorted((round(x), round(y)) for x, y in found.xy.tolist())


def test_a_street_that_leads_out_crosses_where_it_meets_the_boundary():
    found = crossed([(500, 500), (1300, 500)])
    assert where(found) == [(1000, 500)]
    assert found.leaves.tolist() == found.enters.tolist() == [True]


def test_a_one_way_street_leads_out_or_in_whichever_way_it_was_drawn():
    out, come = crossed([(500, 500), (1300, 500)], oneway=[0]), crossed([(1300, 500), (500, 500)], oneway=[0])
    assert [(found.leaves.tolist(), found.enters.tolist()) for found in (out, come)] == [([True], [False]), ([False], [True])]


def test_a_street_that_weaves_over_the_boundary_ten_times_is_one_crossing():
    weave = [(990 + 20 * (i % 2), 100 + 40 * i) for i in range(11)]
    assert len(crossed([(500, 100), *weave, (1400, 500)]).xy) == 1


def test_a_street_that_weaves_and_comes_back_is_none():
    weave = [(990 + 20 * (i % 2), 100 + 40 * i) for i in range(11)]
    assert len(crossed([(500, 100), *weave, (500, 900)]).xy) == 0


def test_a_street_along_the_boundary_has_a_crossing_for_each_way_out_and_none_of_its_own():
    along = [(1000 + 5 * (-1) ** i, 100 * i) for i in range(1, 10)]
    ways_in = [[(500, y), along[y // 100 - 1]] for y in range(100, 1000, 100)]
    ways_out = [[along[y // 100 - 1], (1500, y)] for y in (200, 700)]
    found = crossed(along, *ways_in, *ways_out)
    assert len(found.xy) == 2
    assert {round(y, -2) for _, y in found.xy.tolist()} == {200, 700}


def test_a_roundabout_on_the_boundary_is_one_place_of_the_side_with_more_streets():
    ring = [(1000 + 20 * np.cos(a), 500 + 20 * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 9)]
    arms_in = [[(500, 500), ring[4]], [(700, 900), ring[3]], [(700, 100), ring[5]]]
    assert len(crossed(ring, *arms_in, [ring[0], (1500, 500)]).xy) == 1
    assert len(crossed(ring, arms_in[0], [ring[0], (1500, 500)], [ring[1], (1500, 900)]).xy) == 1


def test_a_street_that_leaves_and_comes_back_deep_outside_crosses_twice():
    assert where(crossed([(500, 200), (1300, 200), (1300, 800), (500, 800)])) == [(1000, 200), (1000, 800)]
    assert len(crossed([(500, 200), (1060, 200), (1060, 800), (500, 800)]).xy) == 0


def test_a_motorway_that_passes_through_without_a_junction_crosses_twice():
    assert where(crossed([(-500, 500), (1500, 500)])) == [(0, 500), (1000, 500)]


def test_streets_that_data_was_cut_at_go_on_where_the_caller_says_so():
    assert where(crossed([(500, 500), (950, 500)], goes_on=True)) == [(950, 500)]
    assert len(crossed([(500, 500), (950, 500)]).xy) == 0
    assert len(crossed([(500, 500), (900, 500)], goes_on=True).xy) == 0
    assert where(crossed([(500, 500), (1000, 500)])) == [(1000, 500)]
    assert where(crossed([(500, 500), (1010, 500)])) == [(1000, 500)]


def test_holes_and_exclaves_have_boundaries_too():
    area = shapely.union(SQUARE.difference(shapely.box(300, 300, 600, 600)), shapely.box(2000, 400, 2500, 600))
    assert where(crossed([(100, 450), (450, 450)], [(900, 500), (2200, 500)], area=area)) == [(300, 450), (1000, 500), (2000, 500)]


def test_a_bridge_over_a_street_outside_joins_nothing():
    found = crossed([(500, 500), (1300, 500)], [(1100, 0), (1100, 500), (1100, 900)], level=[1, 0])
    assert where(found) == [(1000, 500)]
    assert found.streets.node_count == 4


def test_nobody_crosses_where_nothing_leads_out():
    assert len(crossed([(100, 100), (900, 900)]).xy) == 0
    assert len(crossed([(2000, 100), (2900, 900)]).xy) == 0


def test_the_core_is_what_lies_deeper_than_asked_or_than_half_of_what_there_is():
    found = crossed([(500, 500), (900, 500), (1300, 500)], [(900, 500), (900, 400)])

    def core(depth):
        rows, cut_back = core_of(found, SQUARE, depth)
        return sorted(map(tuple, np.rint(found.streets.xy[rows]).astype(int).tolist())), cut_back

    assert core(99.0) == ([(500, 500), (900, 400), (900, 500)], False)
    assert core(101.0) == ([(500, 500)], False)
    assert core(2000.0) == ([(500, 500)], True)


def test_the_band_is_the_callers_to_choose():
    weave = [(1040, 200), (960, 400), (1040, 600), (960, 800)]
    street = [(500, 100), *weave, (1400, 900)]
    spurs = [[(x, y), (1300 if x > 1000 else 700, y + 90)] for x, y in weave]
    assert len(crossed(street, *spurs, params=CrossingParams(band=5.0)).xy) == 5
    assert len(crossed(street, *spurs, params=CrossingParams(band=50.0)).xy) == 3  # the end of the street and the two spurs outward
    assert len(crossed(street, params=CrossingParams(band=50.0)).xy) == 1


def test_crossings_that_are_one_place():
    xy = np.array([[0, 0], [0, 30], [0, 500], [0, 530], [0, 1000], [0, 1030], [0, 1500], [0, 1530]], float)
    name = np.array([1, 1, -1, -1, -1, -1, 3, -1])
    kind = np.array([0, 0, 0, 0, 2, 2, 4, 4])
    leaves = np.array([True, True, True, False, True, True, True, True])
    enters = np.array([True, True, False, True, True, True, True, True])
    ramp = np.array([False] * 7 + [True])
    # the same name; one way in and one out; two nameless streets stay two; a main road and its ramp
    assert one_place(xy, name, kind, ramp, leaves, enters, 60.0).tolist() == [0, 0, 1, 1, 2, 3, 4, 4]
    assert one_place(xy, name, kind, ramp, leaves, enters, 20.0).tolist() == list(range(8))
    assert one_place(xy[:0], name[:0], kind[:0], ramp[:0], leaves[:0], enters[:0], 60.0).tolist() == []


@pytest.mark.parametrize("seed", range(25))
def test_crossings_part_what_is_deep_inside_from_what_is_deep_outside_and_are_no_more_than_streets_that_pass_over(seed):
    rng = np.random.default_rng(seed)
    graph = random_lattice(rng, 9, 9, missing=0.25)
    corners = [(400 + r * np.cos(a), 400 + r * np.sin(a)) for a, r in zip(np.linspace(0, 6, 12), rng.uniform(150, 420, 12), strict=True)]
    area = shapely.buffer(shapely.Polygon(corners), 0)
    found = find_crossings(graph, area, np.zeros(graph.edge_count, bool))
    streets = found.streets
    kept = np.ones(len(streets.u), bool)
    kept[found.piece] = False
    part = components(streets.node_count, streets.u[kept], streets.v[kept])
    inside = shapely.contains_xy(area, streets.xy)
    deep = shapely.distance(shapely.points(streets.xy), area.boundary) > CrossingParams().band
    assert not set(part[inside & deep].tolist()) & set(part[~inside & deep].tolist())
    ends = np.bincount(np.concatenate((streets.u, streets.v)), minlength=streets.node_count)
    over = inside[streets.u] != inside[streets.v]
    loose = (ends == 1) & ~deep
    assert len(found.piece) <= np.count_nonzero(over | loose[streets.u] | loose[streets.v])
    assert np.all(shapely.distance(shapely.points(found.xy), area.boundary) <= CrossingParams().band)
