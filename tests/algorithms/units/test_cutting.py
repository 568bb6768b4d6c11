"""Faces cut by lines: two square blocks side by side, ten metres each, and random lines through a jittered lattice."""

import numpy as np
import pytest
import shapely

from algorithms.units.cutting import PartitionCut, cut_faces, face_at
from algorithms.units.rings import ring_polygons, trace_rings

# 3 ── 4 ── 5
# │ 0  │ 1  │
# 0 ── 1 ── 2
XY = np.array([[0, 0], [10, 0], [20, 0], [0, 10], [10, 10], [20, 10]], float)
ENDS = np.array([[0, 1], [1, 2], [3, 4], [4, 5], [0, 3], [1, 4], [2, 5]], np.int32)
LEFT = np.array([0, 1, -1, -1, -1, 0, 1], np.int32)
RIGHT = np.array([-1, -1, 0, 1, 0, 1, -1], np.int32)


def two_blocks(*lines, may_cut=None):
    return cut_faces(XY, ENDS, LEFT, RIGHT, 2, [np.array(line, float) for line in lines], may_cut)


def polygons(cut: PartitionCut, count: int):
    return ring_polygons(cut.xy, trace_rings(cut.xy, cut.ends, cut.left, cut.right), count + len(cut.parent))


def areas(cut: PartitionCut, count=2):
    return [round(area, 6) for area in shapely.area(polygons(cut, count)).tolist()]


def test_a_line_across_both_blocks_cuts_both_and_the_larger_part_keeps_the_row():
    cut = two_blocks([(-5, 3), (25, 3)])
    assert areas(cut) == [70, 70, 30, 30]
    assert cut.parent.tolist() == [0, 1]
    assert np.array_equal(cut.xy[:6], XY)
    assert cut.xy[6:].tolist() == [[0, 3], [10, 3], [20, 3]]
    assert np.array_equal(cut.ends[[0, 1, 2, 3]], ENDS[[0, 1, 2, 3]])  # what the line does not meet is as it was
    assert cut.along[cut.along != 0].tolist() == [1, 1]
    new = np.flatnonzero(cut.source < 0) + len(ENDS)
    assert sorted(zip(cut.left[new].tolist(), cut.right[new].tolist(), strict=True)) == [(0, 2), (1, 3)]


def test_an_end_that_stops_inside_a_block_is_dropped():
    cut = two_blocks([(-5, 3), (14, 3)])
    assert areas(cut) == [70, 100, 30]
    assert len(two_blocks([(2, 2), (8, 8)]).parent) == 0


def test_only_blocks_that_may_be_cut_are_cut_but_share_the_new_corner():
    cut = two_blocks([(-5, 3), (25, 3)], may_cut=np.array([False, True]))
    assert areas(cut) == [100, 70, 30]
    assert [10.0, 3.0] in cut.xy[6:].tolist()
    assert [0.0, 3.0] not in cut.xy[6:].tolist()


def test_a_closed_line_inside_a_block_makes_an_island_with_a_block_around_it():
    ring = [(2, 2), (4, 2), (4, 5), (2, 5), (2, 2)]
    cut = two_blocks(ring)
    assert areas(cut) == [94, 100, 6]
    assert len(polygons(cut, 2)[0].interiors) == 1
    hole = cut_faces(cut.xy, cut.ends, cut.left, cut.right, 3, [np.array([(-5, 3.5), (15, 3.5)])])
    assert sorted(areas(hole, 3)) == [3, 3, 32, 62, 100]  # through the island too, and a ring is cut where it is crossed twice


def test_crossing_lines_make_four_parts_and_a_lattice_of_them_a_middle_one():
    assert sorted(areas(two_blocks([(5, -1), (5, 11)], [(-1, 5), (11, 5)]))) == [25, 25, 25, 25, 100]
    tic = two_blocks([(3, -1), (3, 11)], [(7, -1), (7, 11)], [(-1, 3), (9.9, 3), (11, 3)], [(-1, 7), (11, 7)])
    assert sorted(areas(tic)) == [9, 9, 9, 9, 12, 12, 12, 12, 16, 100]


def test_a_line_beside_a_border_follows_it_and_leaves_no_sliver():
    cut = two_blocks([(10.2, -1), (9.85, 5), (10.1, 11)])
    assert len(cut.parent) == 0
    assert cut.along.tolist() == [0, 0, 0, 0, 0, 1, 0]
    assert two_blocks([(9.9, 11), (10.1, -1)]).along[5] == -1
    thin = two_blocks([(-1, 0.04), (21, 0.04)])
    assert len(thin.parent) == 0


def test_parts_below_a_square_metre_stay_with_the_part_beside_them():
    assert len(two_blocks([(-1, 2.3), (2.3, -1)]).parent) == 0  # a corner of 0.8 m²
    assert areas(two_blocks([(-1, 2.6), (2.6, -1)])) == [98.72, 100, 1.28]


def test_crossings_off_the_lattice_move_borders_by_less_than_a_cell():
    cut = two_blocks([(3.333, -1), (7.777, 11)])
    before = shapely.union_all(ring_polygons(XY, trace_rings(XY, ENDS, LEFT, RIGHT), 2))
    after = polygons(cut, 2)
    assert shapely.coverage_is_valid(after)
    assert shapely.hausdorff_distance(shapely.union_all(after).boundary, before.boundary) < 0.01
    assert np.array_equal(np.round(cut.xy, 2), cut.xy)


@pytest.mark.parametrize(("point", "face"), [((5, 5), 0), ((15, 2), 1), ((25, 5), -1), ((-3, 5), -1), ((5, 12), -1)])
def test_the_face_at_a_place_is_the_near_side_of_the_first_border_east_of_it(point, face):
    assert face_at(XY, ENDS, LEFT, RIGHT, np.array(point, float)) == face


def lattice(columns=7, rows=5, side=40.0):
    """A jittered lattice of blocks, as arrays."""
    rng = np.random.default_rng(3)
    lines = [[(x * side, y * side), ((x + 1) * side, y * side)] for y in range(rows + 1) for x in range(columns)]
    lines += [[(x * side, y * side), (x * side, (y + 1) * side)] for y in range(rows) for x in range(columns + 1)]
    nodes = sorted({tuple(place) for line in lines for place in line})
    jitter = np.round(rng.uniform(-9, 9, (len(nodes), 2)), 2)
    row = {place: i for i, place in enumerate(nodes)}
    ends = np.array([[row[tuple(a)], row[tuple(b)]] for a, b in lines], np.int32)
    face = {(x, y): y * columns + x for x in range(columns) for y in range(rows)}
    left, right = [], []
    for (x, y), (_x1, y1) in lines:
        i, j = round(x / side), round(y / side)
        left.append(face.get((i, j) if y == y1 else (i - 1, j), -1))
        right.append(face.get((i, j - 1) if y == y1 else (i, j), -1))
    return np.round(np.array(nodes) + jitter, 2), ends, np.array(left, np.int32), np.array(right, np.int32), columns * rows


def random_line(rng, low, high):
    place, reach = rng.uniform(low, high), rng.uniform(5, 120)
    kind = rng.integers(3)
    if kind == 0:
        return np.array([place, place + rng.normal(0, reach, 2)])
    if kind == 1:
        return np.cumsum(np.vstack((place, rng.normal(0, reach / 3, (6, 2)))), axis=0)
    angle = np.sort(rng.uniform(0, 2 * np.pi, 7))
    ring = place + reach / 2 * np.column_stack((np.cos(angle), np.sin(angle)))
    return np.vstack((ring, ring[:1]))


def test_after_hundreds_of_random_cuts_the_coverage_is_exact():
    xy, ends, left, right, count = lattice()
    total = shapely.area(ring_polygons(xy, trace_rings(xy, ends, left, right), count)).sum()
    rng = np.random.default_rng(8)
    for step in range(140):
        before = count
        cut = cut_faces(xy, ends, left, right, count, [random_line(rng, xy.min(axis=0), xy.max(axis=0))])
        assert np.array_equal(cut.xy[: len(xy)], xy)
        assert cut.parent.max(initial=-1) < before
        xy, ends, left, right, count = cut.xy, cut.ends, cut.left, cut.right, count + len(cut.parent)
        if step % 28 == 27:
            shapes = ring_polygons(xy, trace_rings(xy, ends, left, right), count)
            assert shapely.coverage_is_valid(shapes)
            assert shapely.is_valid(shapes).all()
            assert (shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON).all()
            assert shapely.area(shapes).min() >= 1.0
            assert shapely.area(shapes).sum() == pytest.approx(total, abs=2.0)  # the rim moves by less than a cell
    assert count > 350
