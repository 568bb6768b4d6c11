from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.progress import Progress
from algorithms.streets.atoms import cut_into_atoms
from algorithms.streets.balance import divide_anew, even_out
from algorithms.streets.grouping import Grouping
from algorithms.streets.problem import StretchParams, StretchProblem
from algorithms.streets.stretches import divide_streets
from algorithms.streets.strokes import find_strokes
from tests.algorithms.network.made_roads import random_lattice


def line_problem(weights) -> StretchProblem:
    """One street of atoms in a row, 100 m each."""
    n = len(weights)
    node = np.arange(n)
    middle = np.column_stack((100.0 * node + 50, np.zeros(n)))
    return StretchProblem(np.array(weights, float), np.zeros(n, np.int64), np.zeros(n, np.int64), node, node + 1, middle, node.copy())


def town_problem(seed, longest=120.0) -> StretchProblem:
    rng = np.random.default_rng(seed)
    graph = random_lattice(rng, 6, 6, missing=0.25)
    street = rng.integers(-1, 6, graph.edge_count)
    strokes = find_strokes(graph, street, np.full(graph.edge_count, 50.0))
    atoms = cut_into_atoms(graph, strokes, longest)
    name = street[strokes.arcs[strokes.offsets[:-1]] // 2][atoms.stroke]
    weight = atoms.length / 1000 + rng.exponential(0.05, len(atoms))
    return StretchProblem(weight, atoms.stroke, name, atoms.tail, atoms.head, atoms.middle, np.arange(len(atoms)))


def test_a_street_is_cut_so_that_the_heaviest_stretch_is_as_light_as_can_be():
    weights = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5]
    found = divide_streets(line_problem(weights), StretchParams(4))
    best = min(
        max(sum(weights[a:b]) for a, b in itertools.pairwise((0, *cuts, len(weights))))
        for cuts in itertools.combinations(range(1, len(weights)), 3)
    )
    assert found.weight.max() == best
    assert np.all(np.diff(found.label) >= 0)


def test_short_streets_are_joined_with_those_that_they_touch():
    # a street of ten atoms with a lane of one atom at each of its junctions 2 and 7, and one that touches nothing, 5 km away
    tail = np.array([*range(10), 2, 7, 20])
    head = np.array([*range(1, 11), 12, 13, 21])
    middle = np.array([*((100.0 * i, 0.0) for i in range(10)), (200, 50), (700, 50), (5000, 5000)])
    stroke = np.array([0] * 10 + [1, 2, 3])
    street = np.array([0] * 10 + [-1, -1, -1])
    weight = np.array([1.0] * 10 + [0.3, 0.3, 0.3])
    problem = StretchProblem(weight, stroke, street, tail, head, middle, np.arange(13))
    label = divide_streets(problem, StretchParams(2)).label
    assert label[10] == label[2] or label[10] == label[1]
    assert label[11] == label[7] or label[11] == label[6]
    assert len(set(label[:12].tolist())) == 2
    assert label[12] not in set(label[:12].tolist())  # too far from all: it stays alone, the one stretch more


def test_what_touches_nothing_is_joined_with_what_is_near():
    tail, head = np.array([0, 1, 10]), np.array([1, 2, 11])
    middle = np.array([(50.0, 0), (150, 0), (150, 90)])
    problem = StretchProblem(np.array([1.0, 1.0, 0.2]), np.array([0, 0, 1]), np.array([0, 0, 1]), tail, head, middle, np.arange(3))
    assert divide_streets(problem, StretchParams(2)).label.tolist() == [0, 1, 1]


def test_an_atom_goes_where_its_host_goes():
    problem = line_problem([1.0] * 6)
    host = np.array([0, 0, 2, 3, 3, 5])
    bound = StretchProblem(problem.weight, problem.stroke, problem.street, problem.tail, problem.head, problem.middle, host)
    for count in (1, 2, 3, 4):
        label = divide_streets(bound, StretchParams(count)).label
        assert np.array_equal(label, label[host])
        assert len(set(label.tolist())) == count


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 12))
def test_every_atom_is_in_one_stretch_and_stretches_hang_together(seed, count):
    problem = town_problem(seed)
    found = divide_streets(problem, StretchParams(count))
    assert found.finished
    assert found.label.min() == 0
    assert np.array_equal(np.unique(found.label), np.arange(len(found.weight)))
    assert found.weight == pytest.approx(np.bincount(found.label, problem.weight))
    assert found.weight.sum() == pytest.approx(problem.weight.sum())
    assert len(found.weight) >= count  # more only where streets lie apart
    everything = Grouping(problem, np.arange(len(problem)), problem.weight, np.zeros(len(problem), np.int64))
    parts = everything.pieces(list(range(len(problem))))
    assert len(found.weight) <= max(count, parts)
    if parts == 1:
        for group in range(len(found.weight)):
            assert everything.pieces(np.flatnonzero(found.label == group).tolist()) == 1
    again = divide_streets(problem, StretchParams(count))
    assert np.array_equal(again.label, found.label)


def test_stretches_of_a_town_are_even():
    spread = []
    for seed in range(12):
        problem = town_problem(seed)
        found = divide_streets(problem, StretchParams(8))
        spread.append(float(found.weight.max() / found.weight.mean()))
    assert np.median(spread) < 1.09


def test_stretches_are_not_what_a_wrong_description_gives():
    good = line_problem([1.0, 1.0, 1.0])
    columns = [good.weight, good.stroke, good.street, good.tail, good.head, good.middle, good.host]
    for place, wrong in ((0, np.array([1.0, 0.0, 1.0])), (1, np.array([1, 0, 0])), (6, np.array([1, 2, 2])), (2, np.zeros(2))):
        with pytest.raises(ValueError, match=r"every column|must be above"):
            StretchProblem(*[wrong if i == place else column for i, column in enumerate(columns)])
    with pytest.raises(ValueError, match="nothing to divide"):
        divide_streets(good, StretchParams(0))


def test_a_search_that_is_told_to_finish_says_so():
    class Enough(Progress):
        def should_finish(self):
            return True

    found = divide_streets(town_problem(5), StretchParams(6), Enough())
    assert not found.finished
    assert len(found.label) == len(town_problem(5))


def test_a_heavy_stretch_is_halved_in_two_that_hang_together():
    for seed in range(8):
        problem = town_problem(seed)
        grouping = Grouping(problem, np.arange(len(problem)), problem.weight, np.zeros(len(problem), np.int64))
        before = grouping.pieces(grouping.members[0])
        new = grouping.halve(0)
        assert grouping.weight[0] + grouping.weight[new] == pytest.approx(problem.weight.sum())
        assert max(grouping.weight.values()) < 0.62 * problem.weight.sum()
        assert grouping.pieces(grouping.members[0]) + grouping.pieces(grouping.members[new]) <= before + 1


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.1, 0.9))
def test_a_part_that_is_cut_off_and_the_rest_hang_together(seed, share):
    problem = town_problem(seed)
    grouping = Grouping(problem, np.arange(len(problem)), problem.weight, np.zeros(len(problem), np.int64))
    atoms = grouping.members[0]
    found = grouping.cuts(atoms, share * grouping.weight[0], 5)
    assert len(found) == 10
    for part in found:
        rest = set(atoms) - part
        assert part
        assert rest
        assert grouping.pieces(list(part)) + grouping.pieces(list(rest)) <= grouping.pieces(atoms) + 1


def round_block() -> StretchProblem:
    """Four streets around a block, 3, 3, 2 and 2 heavy."""
    corner, after = np.arange(4), np.array([1, 2, 3, 0])
    middle = np.array([(50.0, 0), (100, 50), (50, 100), (0, 50)])
    return StretchProblem(np.array([3.0, 3, 2, 2]), corner, np.full(4, -1), corner, after, middle, np.arange(4))


def test_two_stretches_are_cut_anew_where_no_single_move_makes_them_even():
    problem, params = round_block(), StretchParams(2)
    grouping = Grouping(problem, np.arange(4), problem.weight, np.array([0, 0, 1, 1]))
    assert even_out(grouping, 5.0, params) == (0, True)
    assert divide_anew(grouping, 5.0, params) == 1
    assert grouping.weight == {0: 5.0, 1: 5.0}
    assert sorted(grouping.members[0] + grouping.members[1]) == [0, 1, 2, 3]
    assert divide_anew(grouping, 5.0, params) == 0


def test_three_stretches_in_a_row_are_cut_anew_where_no_two_of_them_can_be():
    # the middle one is as it should be; what the last has too much can only come through it
    problem = line_problem([2.0, 2, 1, 2, 2, 1, 2, 2, 1])
    grouping = Grouping(problem, np.arange(9), problem.weight, np.array([0, 0, 1, 1, 1, 2, 2, 2, 2]))
    params = StretchParams(3, run_price=0.0)
    divide_anew(grouping, 5.0, params)
    assert grouping.weight == {0: 5.0, 1: 5.0, 2: 5.0}


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 9))
def test_cutting_anew_never_makes_stretches_less_even_or_more_scattered_together(seed, count):
    problem = town_problem(seed)
    mean = problem.weight.sum() / count
    params = StretchParams(count)
    rng = np.random.default_rng(seed)
    grouping = Grouping(problem, np.arange(len(problem)), problem.weight, rng.integers(0, count, len(problem)))

    def cost() -> float:
        follows = np.diff(problem.stroke) == 0
        lines = np.count_nonzero(np.diff(np.array(grouping.label))[follows])
        return sum((weight - mean) ** 2 for weight in grouping.weight.values()) + params.run_price * mean**2 * lines

    before = cost()
    pieces = sum(grouping.pieces(atoms) for atoms in grouping.members.values())
    groups = set(grouping.members)
    done = divide_anew(grouping, mean, params)
    assert cost() < before if done else cost() == before
    assert set(grouping.members) == groups
    assert sum(grouping.pieces(atoms) for atoms in grouping.members.values()) <= pieces
    assert sorted(itertools.chain(*grouping.members.values())) == list(range(len(problem)))
    for group, atoms in grouping.members.items():
        assert {grouping.label[a] for a in atoms} == {group}
        assert grouping.weight[group] == pytest.approx(problem.weight[atoms].sum())
