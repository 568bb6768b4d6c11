"""Faces and rings are those that GEOS finds, and any labelling of them tiles."""

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from algorithms.units.faces import find_faces
from algorithms.units.noding import node_lines
from algorithms.units.rings import ring_polygons, trace_rings


def partition(lines):
    graph = node_lines(np.array(lines))
    faces = find_faces(graph)
    return graph, faces, ring_polygons(graph.xy, trace_rings(graph.xy, graph.ends, faces.left, faces.right), faces.count)


def random_lines(seed, count, size=200.0):
    rng = np.random.default_rng(seed)
    return shapely.linestrings(rng.random((count, 2, 2)) * size)


def test_a_square_cut_in_two_with_an_island_has_three_faces():
    lines = [
        shapely.from_wkt(w) for w in ("LINESTRING(0 0,10 0,10 10,0 10,0 0)", "LINESTRING(5 0,5 10)", "LINESTRING(1 1,2 1,2 2,1 2,1 1)")
    ]
    _graph, faces, polygons = partition(lines)
    assert faces.count == 3
    assert sorted(shapely.area(polygons).tolist()) == pytest.approx([1.0, 49.0, 50.0])


def test_a_dead_end_street_bounds_nothing():
    lines = [shapely.box(0, 0, 10, 10).exterior, shapely.LineString([(5, 0), (5, 5)])]
    _graph, faces, polygons = partition(lines)
    assert faces.count == 1
    assert polygons[0].area == pytest.approx(100)


def test_a_long_line_walked_there_and_back_is_no_face():
    rng = np.random.default_rng(0)
    far = np.round(np.cumsum(rng.random((400, 2)) * 100, axis=0) + np.array([500_000.0, 3_900_000.0]), 2)
    lines = [shapely.LineString(far), shapely.box(499_000, 3_899_000, 499_010, 3_899_010).exterior]
    _graph, faces, polygons = partition(lines)
    assert faces.count == 1
    assert polygons[0].area == pytest.approx(100)


def test_no_lines_make_no_faces():
    graph = node_lines(np.empty(0, object))
    assert find_faces(graph).count == 0


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 60))
def test_faces_are_those_of_polygonize(seed, count):
    lines = random_lines(seed, count)
    _graph, faces, polygons = partition(lines)
    expected = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union_all(lines, grid_size=0.01))))
    assert faces.count == len(expected)
    assert np.sort(shapely.area(polygons)) == pytest.approx(np.sort(shapely.area(expected)), abs=1e-6)


@settings(max_examples=25, deadline=None)
@example(5804, 56, 1)  # a piece within a gap: the gap's own point lay in it
@given(st.integers(0, 10_000), st.integers(10, 60), st.integers(1, 6))
def test_any_labelling_of_faces_gives_valid_polygons_that_tile_exactly(seed, count, labels):
    graph, faces, polygons = partition(random_lines(seed, count))
    label = np.random.default_rng(seed).integers(-1, labels, faces.count).astype(np.int32)
    left = np.where(faces.left >= 0, label[faces.left], -1) if faces.count else faces.left
    right = np.where(faces.right >= 0, label[faces.right], -1) if faces.count else faces.right
    regions = ring_polygons(graph.xy, trace_rings(graph.xy, graph.ends, left, right), labels)
    for k, region in enumerate(regions):
        mine = polygons[label == k]
        if region is None:
            assert not len(mine)
        else:
            assert region.is_valid
            assert region.area == pytest.approx(shapely.area(mine).sum())
            assert region.symmetric_difference(shapely.union_all(mine)).area < 1e-6
    assert shapely.coverage_is_valid(regions[~shapely.is_missing(regions)])
