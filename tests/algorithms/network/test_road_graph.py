from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.network.polylines import polyline_lengths
from algorithms.network.road_graph import EdgeState, arc_ends, arcs_line, build_road_graph, to_networkx
from tests.algorithms.network.made_roads import random_lattice, roads
from tests.algorithms.network.osm_town import read_streets

# Two streets that cross at C:      D
#                                   |
#                             A --- C --- B
#                                   |
#                                   E
ACROSS = [(0, 0), (50, 0), (100, 0)]
UP = [(50, -50), (50, 0), (50, 50)]


def test_lines_are_cut_where_they_share_a_vertex():
    graph = roads(ACROSS, UP)
    assert (graph.node_count, graph.edge_count) == (5, 4)
    assert sorted(graph.length) == [50.0] * 4
    assert graph.line.tolist() == [0, 0, 1, 1]


def test_lines_that_cross_without_a_vertex_are_joined_only_on_request():
    plain, noded = (roads([(0, 0), (100, 0)], [(50, -50), (50, 50)], node_crossings=wish) for wish in (False, True))
    assert (plain.node_count, plain.edge_count) == (4, 2)
    assert (noded.node_count, noded.edge_count) == (5, 4)


def test_a_bridge_passes_over_a_street_even_where_both_have_a_vertex():
    for wish in (False, True):
        graph = roads(ACROSS, UP, level=[0, 1], node_crossings=wish)
        assert (graph.node_count, graph.edge_count) == (4, 2)
    assert roads([(0, 0), (100, 0)], [(50, -50), (50, 50)], level=[0, 1], node_crossings=True).edge_count == 2


def test_a_bridge_joins_the_roads_at_its_ends():
    # road (level 0) === bridge (level 1) === road (level 0); a lane begins in the middle of the bridge
    graph = roads([(0, 0), (50, 0)], [(50, 0), (75, 0), (100, 0)], [(100, 0), (150, 0)], [(75, 0), (75, 40)], level=[0, 1, 0, 0])
    assert graph.node_count == 6
    assert graph.edge_count == 5
    assert len(np.unique(graph.component)) == 1


@pytest.mark.parametrize(("gap", "joined"), [(0.3, True), (0.6, False)])
def test_ends_that_nearly_meet_are_snapped_within_the_tolerance(gap, joined):
    ends = roads([(0, 0), (100, 0)], [(100 + gap, 0), (200, 0)], snap=0.5)
    undershoot = roads([(0, 0), (100, 0)], [(40, gap), (40, 80)], snap=0.5)
    overshoot = roads([(0, 0), (100, 0)], [(40, -gap), (40, 80)], snap=0.5)
    assert len(np.unique(ends.component)) == (1 if joined else 2)
    assert len(np.unique(undershoot.component)) == (1 if joined else 2)
    assert len(np.unique(overshoot.component)) == (1 if joined else 2)
    assert undershoot.edge_count == overshoot.edge_count == (3 if joined else 2)


@pytest.mark.parametrize("x", [49.8, 50.2])
def test_snapping_breaks_no_junction_that_is_there(x):
    # B ends on A's inner vertex; C misses that place by 20 cm
    graph = roads([(0, 0), (50, 0), (100, 0)], [(50, 0), (50, 60)], [(x, 0.0), (50, -60)], snap=0.5)
    assert graph.edge_count == 4
    assert len(np.unique(graph.component)) == 1
    assert [50.0, 0.0] in graph.node_xy.tolist()


def test_an_end_near_a_street_of_another_level_is_left_alone():
    assert len(np.unique(roads([(0, 0), (100, 0)], [(40, 0.2), (40, 80)], level=[1, 0], snap=0.5).component)) == 2


def test_a_closed_way_is_a_loop_from_its_only_junction():
    graph = roads([(0, 0), (50, 0)], [(50, 0), (90, 0), (90, 40), (50, 0)])
    loop = np.flatnonzero(graph.u == graph.v)
    assert graph.edge_count == 2
    assert graph.length[loop] == pytest.approx(80 + np.hypot(40, 40))


def test_repeated_vertices_and_lines_of_no_length_vanish():
    graph = roads([(0, 0), (0, 0), (50, 0), (50, 0.001)], [(7, 7), (7, 7)], [(9, 9)])
    assert (graph.edge_count, graph.node_count) == (1, 2)
    assert graph.length.tolist() == [50.0]
    assert build_road_graph(np.zeros((0, 2)), [0], [], [], []).edge_count == 0


def test_one_way_traps_are_told_from_the_core():
    #   0 == 1 --> 2 == 3     2-3 can be entered and not left, 4-5 left and not entered, 6-7 lies apart, 8 is closed
    #   |    ^
    #   8    4 == 5           6 == 7
    lines = [[(0, 0), (100, 0)], [(100, 0), (200, 0)], [(200, 0), (210, 0)], [(100, -50), (100, 0)], [(100, -50), (150, -50)]]
    lines += [[(300, -50), (310, -50)], [(0, 0), (0, -50)]]
    offsets = np.arange(len(lines) + 1) * 2
    forward, backward = [1, 1, 1, 1, 1, 1, 0], [1, 0, 1, 0, 1, 1, 0]
    graph = build_road_graph(np.array(lines).reshape(-1, 2), offsets, forward, backward, np.full(7, 10.0))
    trap, way_in = EdgeState.NO_WAY_BACK, EdgeState.NO_WAY_IN
    assert graph.state.tolist() == [EdgeState.CORE, trap, trap, way_in, way_in, EdgeState.APART, EdgeState.CLOSED]


def test_a_drive_is_drawn_in_driving_order():
    graph = roads([(0, 0), (30, 10), (50, 0)], [(100, 0), (50, 0)])
    line = arcs_line(graph, np.array([0, 3]))  # along the first edge, against the second
    assert line.tolist() == [[0, 0], [30, 10], [50, 0], [100, 0]]
    assert arcs_line(graph, np.array([2, 1])).tolist() == line[::-1].tolist()
    assert arcs_line(graph, np.zeros(0, int)).shape == (0, 2)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_the_graph_holds_the_lines_and_nothing_else(seed):
    rng = np.random.default_rng(seed)
    lines = [rng.integers(0, 6, (rng.integers(2, 5), 2)) * 10.0 for _ in range(rng.integers(1, 7))]
    graph = roads(*lines)
    cleaned = [polyline_lengths(line, np.array([0, len(line)]))[0] for line in lines]
    assert graph.length.sum() == pytest.approx(sum(cleaned))
    assert np.array_equal(graph.coords[graph.offsets[:-1]], graph.node_xy[graph.u])
    assert np.array_equal(graph.coords[graph.offsets[1:] - 1], graph.node_xy[graph.v])
    assert np.allclose(graph.length, polyline_lengths(graph.coords, graph.offsets))
    order = rng.permutation(len(lines))
    assert np.array_equal(roads(*[lines[i] for i in order]).node_xy, graph.node_xy)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_noded_lines_cross_nowhere_but_at_nodes(seed):
    rng = np.random.default_rng(seed)
    lines = [np.round(rng.random((2, 2)) * 100, 1) for _ in range(rng.integers(2, 8))]
    graph = roads(*lines, node_crossings=True)
    if not graph.edge_count:
        return
    import shapely

    row = np.repeat(np.arange(graph.edge_count), np.diff(graph.offsets))
    shapes = shapely.linestrings(graph.coords, indices=row)
    i, j = shapely.STRtree(shapes).query(shapes, predicate="crosses")
    meet = shapely.intersection(shapes[i], shapes[j])
    nodes = shapely.multipoints(graph.node_xy)
    assert np.all(shapely.distance(meet, nodes) < 0.02)  # rounding a crossing to a centimetre bends the two lines a little
    assert np.all(shapely.length(meet) < 1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_the_core_is_the_longest_strongly_connected_part(seed):
    graph = random_lattice(np.random.default_rng(seed))
    whole = to_networkx(graph)
    parts = [set(part) for part in nx.strongly_connected_components(whole)]
    tail, head = arc_ends(graph, 2 * np.arange(graph.edge_count))
    metres = [sum(m for m, a, b in zip(graph.length, tail, head, strict=True) if a in part and b in part) for part in parts]
    core = parts[int(np.argmax(metres))]
    inside = np.array([a in core and b in core for a, b in zip(tail, head, strict=True)])
    if max(metres) > 0 and metres.count(max(metres)) == 1:
        assert np.array_equal(inside, graph.state == EdgeState.CORE)


def test_a_real_country_is_one_core(test_data):
    streets = read_streets(test_data / "towns" / "liechtenstein.osm.pbf", 2056)
    graph = build_road_graph(streets.coords, streets.offsets, streets.forward, streets.backward, streets.speed, streets.level)
    assert graph.length.sum() / 1000 == pytest.approx(409.4, abs=0.2)
    assert graph.length.sum() == pytest.approx(polyline_lengths(streets.coords, streets.offsets).sum(), rel=1e-4)
    assert graph.length[graph.state == EdgeState.CORE].sum() / graph.length.sum() > 0.99
    noded = build_road_graph(
        streets.coords, streets.offsets, streets.forward, streets.backward, streets.speed, streets.level, snap=0.5, node_crossings=True
    )
    assert abs(noded.edge_count - graph.edge_count) < 10  # OpenStreetMap needs no noding: bridges and tunnels stay apart
