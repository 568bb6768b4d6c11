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
