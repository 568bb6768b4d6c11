"""Noding keeps what runs where, on the lattice."""

import numpy as np
import shapely

from algorithms.units.noding import as_linestrings, joined, node_lines, pull_to, source_rows


def test_crossing_lines_get_a_node_and_remember_their_source():
    lines = np.array([shapely.LineString([(0, 0), (10, 0)]), shapely.LineString([(5, -5), (5, 5)])])
    graph = node_lines(lines)
    assert len(graph.xy) == 5
    assert len(graph.ends) == 4
    rows = source_rows(graph, lines, np.array([0, 0]))
    middle = graph.xy[graph.ends].mean(axis=1)
    assert [int(r) for r in rows] == [0 if y == 0 else 1 for _x, y in middle.tolist()]


def test_where_two_lines_run_together_the_higher_rank_is_named():
    lines = np.array([shapely.LineString([(0, 0), (10, 0)]), shapely.LineString([(0, 0), (10, 0)])])
    graph = node_lines(lines)
    assert source_rows(graph, lines, np.array([1, 3])).tolist() == [1]


def test_nodes_lie_on_the_lattice():
    rng = np.random.default_rng(0)
    graph = node_lines(shapely.linestrings(rng.random((50, 2, 2)) * 100))
    assert np.array_equal(graph.xy, np.round(graph.xy, 2))


def test_a_line_of_one_point_is_no_line():
    lines = as_linestrings(np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]]), np.array([0, 1, 3], np.int32))
    assert lines[0] is None
    assert lines[1].length > 1


def test_a_part_noded_anew_joins_the_rest():
    square = node_lines(np.array([shapely.box(0, 0, 10, 10).exterior]))
    beside = node_lines(np.array([shapely.box(10, 0, 20, 10).exterior.difference(shapely.LineString([(10, 0), (10, 10)]))]))
    whole = joined(square, beside)
    assert whole is not None
    assert len(whole.xy) == 6
    assert len(whole.ends) == 7
    lengths = np.hypot(*(whole.xy[whole.ends[:, 1]] - whole.xy[whole.ends[:, 0]]).T)
    assert np.all(lengths == 10)


def test_a_new_node_on_an_old_edge_is_not_joined():
    square = node_lines(np.array([shapely.box(0, 0, 10, 10).exterior]))
    assert joined(square, node_lines(np.array([shapely.LineString([(5, 5), (10, 5)])]))) is None
    assert joined(square, node_lines(np.array([shapely.LineString([(5, 5), (9.99, 5)])]))) is None


def test_a_line_beside_a_wall_is_pulled_to_it():
    wall = np.array([shapely.LineString([(0, 0), (100, 0)])])
    line = np.array([shapely.LineString([(10, 3), (50, 30), (90, 3)])])
    assert shapely.get_coordinates(pull_to(line, wall, 5.0)).tolist() == [[10, 0], [50, 30], [90, 0]]


def test_there_is_no_wall_between_the_parts_of_a_limit():
    exclaves = shapely.boundary(np.array([shapely.MultiPolygon([shapely.box(0, 0, 100, 100), shapely.box(1000, 0, 1100, 100)])]))
    line = np.array([shapely.LineString([(500, 3), (600, 2)])])
    assert shapely.equals_exact(pull_to(line, exclaves, 5.0), line).all()
