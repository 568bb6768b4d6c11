"""A start from earlier districts keeps within the limit on what may move, whatever a split turns out to take."""

import numpy as np
import pytest

from algorithms.districting.inherit import inherit
from algorithms.districting.problem import DistrictingProblem, Stay
from algorithms.districting.replan import ReplanParams, replan_districting
from algorithms.graph.adjacency import Adjacency
from algorithms.graph.contiguity import Surroundings

STRIP = 31


def strip(limit, home):
    """31 squares in a row, a tenth of the target each, and their earlier districts."""
    u = STRIP
    steps = np.arange(u - 1, dtype=np.int32)
    length = np.ones(u - 1)
    around = [[-1, v - 1, -1, v + 1] if 0 < v < u - 1 else [-1, 1 if v == 0 else u - 2] for v in range(u)]
    ring = Surroundings(np.concatenate(([0], np.cumsum([len(a) for a in around]))), np.concatenate(around).astype(np.int32))
    xy = np.column_stack((np.arange(u) + 0.5, np.zeros(u)))
    weight = np.full((u, 1), 0.1)
    return DistrictingProblem(
        weight, xy, np.ones(u), np.full(u, 4.0), Adjacency(steps, steps + 1, length, length, length > 0), ring,
        np.zeros(u, np.int32), np.array([3], np.int32), (0.8, 1.2), stay=Stay(home, 300 * weight[:, 0], limit),
    )  # fmt: skip


def away(problem, labels, former):
    """The mass of the units that are in another district than before."""
    return problem.stay.mass[former[labels] != problem.stay.home].sum()


@pytest.mark.parametrize("limit", [0.0, 245.0, 270.0, 329.0, 331.0, 1e9])
def test_a_split_that_takes_more_than_the_limit_is_not_made(limit):
    home = np.repeat([0, 1], [22, 9])  # 2.2 and 0.9 targets: the first would be halved, which moves 330 households of 930
    problem = strip(limit, home)
    start = inherit(problem, problem.stay, 0.03)
    assert away(problem, start.labels, start.former) <= limit
    assert int(start.districts[0]) == (3 if limit > 330 else 2)
    assert bool(start.resized[0]) == (limit > 330)
    result = replan_districting(problem, ReplanParams(passes=3), 1)
    assert result.moved == away(problem, result.labels, result.former) <= limit
