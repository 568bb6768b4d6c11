"""Slivers join the right neighbour."""

import numpy as np

from algorithms.units.slivers import join_slivers

#  faces in a row: 0 | 1 | 2, face 1 is a sliver; outside is -1
LEFT = np.array([0, 1, 0, 1, 2], np.int32)
RIGHT = np.array([1, 2, -1, -1, -1], np.int32)
LENGTH = np.array([100.0, 90.0, 300.0, 8.0, 300.0])
AREA = np.array([10_000.0, 200.0, 10_000.0])


def test_a_sliver_joins_the_neighbour_with_the_longest_border():
    label = join_slivers(LEFT, RIGHT, LENGTH, AREA, np.zeros(3, np.int32), np.zeros(5, bool))
    assert label[0] == label[1] != label[2]


def test_a_sliver_never_joins_another_community():
    label = join_slivers(LEFT, RIGHT, LENGTH, AREA, np.array([0, 1, 1], np.int32), np.zeros(5, bool))
    assert label[1] == label[2] != label[0]


def test_a_sliver_never_joins_across_a_wall():
    wall = np.array([True, False, False, False, False])
    label = join_slivers(LEFT, RIGHT, LENGTH, AREA, np.zeros(3, np.int32), wall)
    assert label[1] == label[2] != label[0]


def test_a_strip_between_carriageways_that_streets_cross_takes_one_side_all_along():
    """Faces 0 and 1 north of a dual carriageway, 2 and 3 south; 4 and 5 the strip between, 20 m wide and 400 m long a piece."""
    left = np.array([0, 1, 4, 5, 4, 0, 2])
    right = np.array([4, 5, 2, 3, 5, 1, 3])
    length = np.array([400.0, 396.0, 397.0, 400.0, 20.0, 300.0, 300.0])
    middle = np.array([(200, 20), (600, 20), (200, 0), (600, 0), (400, 10), (400, 170), (400, -150)], float)
    area = np.array([120_000.0, 120_000.0, 120_000.0, 120_000.0, 8_000.0, 8_000.0])
    island = np.arange(6) >= 4
    whole, none = np.zeros(6, np.int32), np.zeros(7, bool)
    assert len(set(join_slivers(left, right, length, area, whole, none).tolist())) == 6
    label = join_slivers(left, right, length, area, whole, none, island=island, middle=middle)
    assert (label[4], label[5]) == (label[0], label[1])
    assert len(set(label.tolist())) == 4
