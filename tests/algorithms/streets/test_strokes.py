from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.network.nearest import nearest_edge
from algorithms.network.road_graph import arc_ends
from algorithms.streets.atoms import atoms_of_places, cut_into_atoms, piece_of_line
from algorithms.streets.strokes import find_strokes
from algorithms.streets.twins import find_hosts
from tests.algorithms.network.made_roads import random_lattice, roads


def strokes_of(graph, street=None, turn=60.0):
    street = np.zeros(graph.edge_count, np.int64) if street is None else np.asarray(street)[graph.line]
    return find_strokes(graph, street, np.full(graph.edge_count, turn))


def lines_in_strokes(graph, strokes):
    """The given lines that each stroke is made of."""
    return sorted(sorted(set(graph.line[strokes.run(i) // 2].tolist())) for i in range(len(strokes)))


def test_the_straighter_pair_runs_on_through_a_junction():
    cross = roads([(0, 0), (100, 0)], [(100, 0), (200, 10)], [(100, 0), (110, -100)], [(95, 100), (100, 0)])
    assert lines_in_strokes(cross, strokes_of(cross)) == [[0, 1], [2, 3]]


def test_streets_of_other_names_are_not_joined():
    bent = roads([(0, 0), (100, 0)], [(100, 0), (200, 0)])
    assert lines_in_strokes(bent, strokes_of(bent, [0, 1])) == [[0], [1]]
    assert lines_in_strokes(bent, strokes_of(bent, [5, 5])) == [[0, 1]]


def test_a_corner_is_turned_where_nothing_else_meets_it_and_not_at_a_junction():
    corner = roads([(0, 0), (100, 0)], [(100, 0), (100, 100)])
    assert len(strokes_of(corner)) == 1
    junction = roads([(0, 0), (100, 0)], [(100, 0), (100, 100)], [(100, 0), (90, -100)])
    assert lines_in_strokes(junction, strokes_of(junction)) == [[0], [1, 2]]


def test_a_closed_street_begins_at_its_junction():
    ring = roads([(0, 0), (100, 0), (100, 100)], [(100, 100), (0, 100), (0, 0)], [(100, 100), (200, 200)])
    strokes = strokes_of(ring, [0, 0, 1])
    atoms = cut_into_atoms(ring, strokes, 1000.0)
    closed = int(strokes.stroke[0])
    assert shapely.get_coordinates(atoms.lines[closed])[0].tolist() == [100.0, 100.0]
    assert shapely.is_ring(atoms.lines[closed])
    assert atoms.length[atoms.stroke == closed].tolist() == [400.0]


def test_a_long_street_is_cut_evenly_and_at_junctions():
    graph = roads([(0, 0), (250, 0), (300, 0)], [(250, 0), (250, 90)])
    atoms = cut_into_atoms(graph, strokes_of(graph), 100.0)
    assert atoms.length == pytest.approx([250 / 3, 250 / 3, 250 / 3, 50, 90])
    assert atoms.head[:3].tolist() == atoms.tail[1:4].tolist()
    places = nearest_edge(graph, np.array([[1.0, 5], [84, 5], [166, 5], [168, 5], [260, 5], [250, 80], [400, 0]]))
    assert atoms_of_places(graph, strokes_of(graph), atoms, places).tolist() == [0, 1, 1, 2, 3, 4, 3]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.floats(0, 170), st.floats(20, 300))
def test_every_edge_is_on_one_stroke_and_atoms_tile_the_strokes(seed, turn, longest):
    rng = np.random.default_rng(seed)
    graph = random_lattice(rng)
    street = rng.integers(0, 3, graph.edge_count)
    strokes = find_strokes(graph, street, np.full(graph.edge_count, turn))
    assert sorted((strokes.arcs // 2).tolist()) == list(range(graph.edge_count))
    tail, head = arc_ends(graph, strokes.arcs)
    atoms = cut_into_atoms(graph, strokes, longest)
    for i in range(len(strokes)):
        low, high = strokes.offsets[i : i + 2]
        assert np.array_equal(head[low : high - 1], tail[low + 1 : high])
        assert len(set(street[strokes.run(i) // 2].tolist())) == 1
        mine = atoms.stroke == i
        assert np.array_equal(atoms.begin[mine][1:], atoms.end[mine][:-1])
        assert atoms.begin[mine][0] == 0
        assert atoms.end[mine][-1] == pytest.approx(graph.length[strokes.run(i) // 2].sum())
    assert np.all(atoms.length <= longest + 1e-6)
    places = nearest_edge(graph, rng.uniform(0, 300, (15, 2)))
    atom = atoms_of_places(graph, strokes, atoms, places)
    for row, place in zip(atom.tolist(), places.xy, strict=True):
        piece = shapely.linestrings(piece_of_line(atoms.lines[atoms.stroke[row]], atoms.begin[row], atoms.end[row]))
        assert shapely.distance(piece, shapely.points(place)) < 0.02


def test_a_piece_of_a_line_keeps_the_vertices_within():
    line = shapely.linestrings([(0, 0), (10, 0), (10, 10)])
    assert piece_of_line(line, 5, 15).tolist() == [[5, 0], [10, 0], [10, 5]]
    assert piece_of_line(line, 0, 10).tolist() == [[0, 0], [10, 0]]
    assert piece_of_line(line, -1, 99).tolist() == [[0, 0], [10, 0], [10, 10]]


def boulevard(gap=20.0):
    """A two-way street, two carriageways apart by `gap` (the second a little shorter), and a side street of another name."""
    return roads(
        [(0, 0), (100, 0)], [(100, 0), (130, gap / 2), (400, gap / 2), (430, 0)], [(430, 0), (400, -gap / 2), (130, -gap / 2), (100, 0)],
        [(250, gap / 2), (250, 200)],
    )  # fmt: skip


def test_the_second_carriageway_goes_with_the_first():
    graph = boulevard()
    street = np.array([0, 0, 0, 1])
    strokes = strokes_of(graph, street)
    atoms = cut_into_atoms(graph, strokes, 60.0)
    edge = strokes.arcs[strokes.offsets[:-1]] // 2
    single = np.isin(graph.line[edge], (1, 2))
    host = find_hosts(atoms, street[graph.line[edge]], single)
    twin = np.flatnonzero(host != np.arange(len(atoms)))
    assert len(twin)
    assert len(set(atoms.stroke[twin].tolist())) == 1
    assert np.array_equal(host[host], host)
    assert np.hypot(*(atoms.middle[twin] - atoms.middle[host[twin]]).T).max() < 60
    far = boulevard(gap=200.0)
    other = strokes_of(far, street)
    edge = other.arcs[other.offsets[:-1]] // 2
    apart = find_hosts(cut_into_atoms(far, other, 60.0), street[far.line[edge]], np.isin(far.line[edge], (1, 2)))
    assert np.array_equal(apart, np.arange(len(apart)))


def test_parallel_streets_of_two_names_are_two_streets():
    graph = roads([(0, 0), (300, 0)], [(0, 20), (300, 20)])
    atoms = cut_into_atoms(graph, strokes_of(graph, [0, 1]), 60.0)
    assert np.array_equal(find_hosts(atoms, np.array([0, 1]), np.ones(2, bool)), np.arange(len(atoms)))
    assert not np.array_equal(find_hosts(atoms, np.array([0, 0]), np.ones(2, bool)), np.arange(len(atoms)))
