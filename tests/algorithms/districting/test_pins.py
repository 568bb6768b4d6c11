"""Units pinned to districts: all kept, all connected, or said which cannot be reached."""

import dataclasses

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from made_land import MadeLand
from oracles import broken_districts, graph_of

from algorithms.districting.dichotomy import dichotomy, make_contiguous
from algorithms.districting.pins import FREE, Unreachable, hold_pins
from algorithms.districting.problem import DistrictingParams, DistrictingProblem
from algorithms.graph.adjacency import Adjacency, adjacency
from algorithms.graph.contiguity import Surroundings, surroundings
from algorithms.units.faces import find_faces
from algorithms.units.noding import node_lines

FEW = DistrictingParams(rounds=40, replicas=2, columns=0)


def chessboard(size):
    """A problem of size × size squares, two districts, and the number of each square by (column, row)."""
    lines = [shapely.LineString([(0, k), (size, k)]) for k in range(size + 1)] + [
        shapely.LineString([(k, 0), (k, size)]) for k in range(size + 1)
    ]
    graph = node_lines(np.array([shapely.transform(one, lambda xy: xy * 100.0) for one in lines]))
    faces = find_faces(graph)
    count = faces.count
    x = np.zeros((count, 2))
    middle = graph.xy[graph.ends].mean(axis=1)
    for side in (faces.left, faces.right):
        inside = side >= 0
        np.add.at(x, side[inside], middle[inside] / 4)
    length = np.full(len(graph.ends), 100.0)
    open_ = np.zeros(len(graph.ends), bool)
    pairs = adjacency(faces.left, faces.right, length, length, open_, count)
    ring = surroundings(graph.xy, graph.ends, faces.left, faces.right, open_, count)
    problem = DistrictingProblem(
        np.full((count, 1), 2 / count), x, np.full(count, 1e4), np.full(count, 400.0), pairs, ring, np.zeros(count, np.int32),
        np.array([2], np.int32), (0.9, 1.1),
    )  # fmt: skip
    return problem, {(int(a // 100), int(b // 100)): k for k, (a, b) in enumerate(x.tolist())}


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 5), st.integers(1, 4))
def test_pins_are_kept_in_connected_districts_or_one_is_named(seed, districts, each):
    land = MadeLand(seed, streets=8)
    problem = land.problem(districts)
    count = int(problem.districts[0])
    labels = make_contiguous(problem, dichotomy(problem))
    rng = np.random.default_rng(seed)
    units = rng.permutation(land.count)[: each * count]
    pins = np.full(land.count, FREE)
    pins[units] = np.arange(len(units)) % count
    wanted = rng.permutation(count)
    try:
        held = hold_pins(problem, labels, pins, wanted, FEW, rng)
    except Unreachable:
        assert each > 1  # one pin a district can always be reached
        return
    assert np.array_equal(held[units], wanted[pins[units]])
    assert broken_districts(graph_of(land.count, problem.adjacency), held) == []
    assert len(np.unique(held)) == count


def test_a_plan_that_holds_its_pins_comes_back_as_it_is():
    problem, at = chessboard(4)
    labels = make_contiguous(problem, dichotomy(problem))
    pins = np.full(16, FREE)
    pins[at[0, 0]] = 0
    assert hold_pins(problem, labels, pins, labels[[at[0, 0]]], FEW, np.random.default_rng(1)) is labels


def test_a_pin_is_reached_round_the_pins_of_others():
    problem, at = chessboard(4)
    labels = np.array([0 if problem.xy[u, 0] < 200 else 1 for u in range(16)], np.int32)
    pins = np.full(16, FREE)
    pins[[at[0, 0], at[3, 0]]] = 0
    pins[[at[1, 0], at[2, 0], at[1, 1], at[2, 1], at[1, 2], at[2, 2]]] = 1
    held = hold_pins(problem, labels, pins, np.array([0, 1]), FEW, np.random.default_rng(1))
    assert all(held[at[c, 3]] == 0 for c in range(4))  # only the top row leads from one corner to the other
    assert broken_districts(graph_of(16, problem.adjacency), held) == []


def test_pins_that_cross_each_other_are_refused_with_the_unit_that_cannot_be_reached():
    problem, at = chessboard(2)
    labels = np.array([0, 0, 1, 1], np.int32)
    pins = np.full(4, FREE)
    pins[[at[0, 0], at[1, 1]]] = 0
    pins[[at[1, 0], at[0, 1]]] = 1
    with pytest.raises(Unreachable) as why:
        hold_pins(problem, labels, pins, np.array([0, 1]), FEW, np.random.default_rng(1))
    assert pins[why.value.unit] == why.value.pin


@pytest.mark.parametrize("seed", range(4))
def test_a_region_that_holds_its_pins_stays_as_it_is(seed):
    one, other = MadeLand(seed, streets=9), MadeLand(seed + 50, streets=9)
    a, b = one.problem(4), other.problem(4)
    shift = one.count
    pairs, more = a.adjacency, b.adjacency
    ring, further = a.surroundings, b.surroundings
    problem = dataclasses.replace(
        a,
        **{name: np.concatenate((getattr(a, name), getattr(b, name))) for name in ("weight", "xy", "area", "rim", "districts")},
        region=np.repeat([0, 1], [shift, other.count]).astype(np.int32),
        adjacency=Adjacency(
            np.concatenate((pairs.low, more.low + shift)), np.concatenate((pairs.high, more.high + shift)),
            *(np.concatenate((getattr(pairs, name), getattr(more, name))) for name in ("length", "cost", "crossable")),
        ),
        surroundings=Surroundings(
            np.concatenate((ring.offsets, further.offsets[1:] + ring.offsets[-1])),
            np.concatenate((ring.units, np.where(further.units >= 0, further.units + shift, further.units))),
        ),
    )  # fmt: skip
    labels = make_contiguous(problem, dichotomy(problem))
    pins = np.full(len(labels), FREE)
    moved, held = int(np.flatnonzero(labels == 0)[0]), np.flatnonzero(labels == 5)
    pins[moved], pins[held[[0, -1]]] = 0, 1
    found = hold_pins(problem, labels, pins, np.array([1, 5]), DistrictingParams(), np.random.default_rng(seed))
    assert found[moved] == 1
    assert np.array_equal(found[shift:], labels[shift:])
