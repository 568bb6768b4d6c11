"""Lines cleaned: each defect by a tiny instance; clean lines stay, nothing comes apart, no length is lost untold."""

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from algorithms.network.line_cleaning import CleaningParams, RepairKind, clean_lines
from algorithms.network.line_gaps import measured_tolerance
from algorithms.network.polylines import polyline_lengths, vertex_ids
from tests.algorithms.network.made_roads import random_lattice

K = RepairKind
FINE = [[(0, 200 + 10 * i), (30, 200 + 10 * i), (60, 200 + 10 * i)] for i in range(6)]  # short pieces, so that long ones are odd


def clean(*lines, **options):
    coords = np.array([xy for line in lines for xy in line], float).reshape(-1, 2)
    return clean_lines(coords, np.cumsum([0, *map(len, lines)]), **options)


def shapes(found):
    return [found.coords[a:b].tolist() for a, b in zip(found.offsets[:-1], found.offsets[1:], strict=True)]


def told(found):
    return [(K(kind), row) for kind, row in zip(found.repairs.kind.tolist(), found.repairs.row.tolist(), strict=True)]


MAIN = [(0, 0), (100, 0)]
AS_DRAWN = CleaningParams(gaps=False, crossings=False, overlaps=False)


@pytest.mark.parametrize(
    ("lines", "repairs", "result"),
    [
        pytest.param([MAIN, [(50, 90), (50, 0.3)]], [(K.GAP, 1)], [[[0, 0], [50, 0], [100, 0]], [[50, 90], [50, 0]]], id="short of a line"),
        pytest.param([MAIN, [(100.3, 0), (200, 0)]], [(K.GAP, 1)], [[[0, 0], [100, 0]], [[100, 0], [200, 0]]], id="short of an end"),
        pytest.param(
            [MAIN, [(50, 90), (50, -0.3)]], [(K.OVERSHOOT, 1)], [[[0, 0], [50, 0], [100, 0]], [[50, 90], [50, 0]]], id="beyond a line"
        ),
        pytest.param([MAIN, [(50, 90), (50, 6)]], [], [[list(p) for p in MAIN], [[50, 90], [50, 6]]], id="a dead end"),
        pytest.param(
            [MAIN, [(50, 0), (50, 0.4)]], [(K.CROSSING, 1)], [[[0, 0], [50, 0], [100, 0]], [[50, 0], [50, 0.4]]], id="a short stub"
        ),
        pytest.param(
            [MAIN, [(50, 9), (50, -9)]], [(K.CROSSING, 1)], [[[0, 0], [50, 0], [100, 0]], [[50, 9], [50, 0], [50, -9]]], id="a crossing"
        ),
        pytest.param([MAIN, MAIN[::-1]], [(K.DOUBLED, 1)], [[list(p) for p in MAIN]], id="given twice"),
        pytest.param([MAIN, [(40, 0), (160, 0)]], [(K.OVERLAP, 1)], [[[0, 0], [40, 0], [100, 0]], [[100, 0], [160, 0]]], id="overlapping"),
        pytest.param([MAIN, [(7, 7), (7, 7)]], [(K.NO_LENGTH, 1)], [[list(p) for p in MAIN]], id="no length"),
        pytest.param(
            [[(0, 0), (50, 0), (50, 2), (50, 0), (100, 0)]], [(K.SPIKE, 0)], [[[0, 0], [50, 0], [100, 0]]], id="a slip of the hand"
        ),
        pytest.param(
            [*FINE, [(0, 0), (50, 0), (50, 9000), (51, 0), (100, 0)]], [(K.SPIKE, 6)],
            [*([list(p) for p in line] for line in FINE), [[0, 0], [50, 0], [51, 0], [100, 0]]], id="a spike",
        ),
        pytest.param(
            [*FINE, [(0, 0), (50, 0), (60, 9), (2000, -9000), (2050, -8990), (2100, -8990)]], [(K.JUMP, 6)],
            [*([list(p) for p in line] for line in FINE), [[0, 0], [50, 0], [60, 9]], [[2000, -9000], [2050, -8990], [2100, -8990]]],
            id="a jump",
        ),
    ],
)  # fmt: skip
def test_a_defect_is_mended_and_told(lines, repairs, result):
    found = clean(*lines)
    assert told(found) == repairs
    assert shapes(found) == [[[float(x), float(y)] for x, y in line] for line in result]


def test_a_straight_road_through_the_desert_is_no_jump():
    road = [(0, 0), (50, 5), (100, 12), (12_000, 800), (12_050, 803), (12_100, 803)]
    assert len(clean(*FINE, road).repairs) == 0


@pytest.mark.parametrize("level", [1, -1])
def test_bridges_and_tunnels_are_not_joined_with_what_they_cross_or_end_near(level):
    over = clean(MAIN, [(50, 90), (50, -90)], level=[0, level])
    assert (told(over), len(over.coords)) == ([], 4)
    near = clean(MAIN, [(50, 90), (50, 0.3)], level=[0, level])
    assert (told(near), near.coords[-1].tolist()) == ([], [50, 0.3])


def test_a_bridge_meets_the_road_that_leads_to_it():
    found = clean(MAIN, [(100.3, 0), (200, 0)], level=[0, 1])
    assert told(found) == [(K.GAP, 1)]


def test_ends_around_one_place_become_one_place():
    found = clean([(0, 0), (100, 0)], [(100.3, 0), (200, 0)], [(100.2, 0.2), (100, 90)], [(100.1, -0.2), (100, -90)])
    ends = {tuple(line[k]) for line, k in zip(shapes(found), (-1, 0, 0, 0), strict=True)}
    assert len(ends) == 1


def test_of_two_lines_on_top_of_each_other_the_greater_stays():
    found = clean(MAIN, MAIN[::-1], rank=[1, 4])
    assert (told(found), found.row.tolist(), found.repairs.other.tolist()) == ([(K.DOUBLED, 0)], [1], [1])


def test_what_is_spared_stays_as_it_was_and_is_listed():
    lines = (MAIN, [(50, 90), (50, 0.3)], [(70, 90), (70, -90)], MAIN, [(40, 0), (160, 0)], [(90, 5), (95, 5), (95, 7), (95, 5), (99, 5)])
    spared = np.ones((len(K), len(lines)), bool)
    found = clean(*lines, spared=spared)
    assert len(found.repairs) == 0
    assert shapes(found) == [[[float(x), float(y)] for x, y in line] for line in lines]
    assert {K(kind) for kind in found.left.kind.tolist()} == {K.GAP, K.CROSSING, K.DOUBLED, K.OVERLAP, K.SPIKE}
    spared[:] = False
    spared[K.GAP, 1] = True
    assert (K.GAP, 1) not in told(clean(*lines, spared=spared))


def test_lines_known_to_meet_at_vertices_are_only_rid_of_doubles():
    found = clean(MAIN, [(50, 90), (50, 0.3)], [(70, 90), (70, -90)], MAIN, params=AS_DRAWN)
    assert told(found) == [(K.DOUBLED, 3)]


def test_the_tolerance_ends_where_dead_ends_begin():
    rng = np.random.default_rng(3)
    slips, dead_ends = rng.uniform(0.02, 1.4, 60), rng.uniform(2.2, 20.0, 50)
    assert 1.3 < measured_tolerance(np.concatenate((slips, dead_ends)), 0.5, 3.0) < 2.6
    assert measured_tolerance(rng.uniform(0.0, 20.0, 80), 0.5, 3.0) < 0.8  # nothing but chance
    assert measured_tolerance(np.zeros(0), 0.5, 3.0) == 0.5


@pytest.mark.parametrize("seed", range(8))
def test_a_clean_network_is_left_to_the_last_bit(seed):
    graph = random_lattice(np.random.default_rng(seed))
    once = clean_lines(graph.coords, graph.offsets)
    again = clean_lines(once.coords, once.offsets)
    assert len(again.repairs) == 0
    assert (again.coords == once.coords).all()
    assert (again.offsets == once.offsets).all()


def parts(coords, offsets):
    """How many parts hang together by shared vertices."""
    place = vertex_ids(np.asarray(coords))
    inside = np.ones(len(place) - 1, bool)
    inside[np.asarray(offsets)[1:-1] - 1] = False
    a, b = place[:-1][inside], place[1:][inside]
    count = int(place.max()) + 1
    return connected_components(coo_array((np.ones(len(a)), (a, b)), shape=(count, count)), directed=False)[0]


@pytest.mark.parametrize("seed", range(8))
def test_spoilt_networks_hang_together_again_and_lose_no_length_untold(seed):
    rng = np.random.default_rng(seed)
    graph = random_lattice(rng, columns=6, rows=6, missing=0.1)
    coords, offsets = graph.coords.copy(), graph.offsets
    ends = np.concatenate((offsets[:-1], offsets[1:] - 1))
    moved = rng.random(len(ends)) < 0.3
    coords[ends[moved]] += rng.uniform(-0.3, 0.3, (int(moved.sum()), 2))
    found = clean_lines(coords, offsets)
    assert parts(found.coords, found.offsets) <= parts(graph.coords, graph.offsets) < parts(coords, offsets)
    before, after = polyline_lengths(coords, offsets).sum(), polyline_lengths(found.coords, found.offsets).sum()
    assert abs(before - after) <= found.repairs.metres.sum() + 0.02 * len(found.repairs) + 0.01
    assert np.isin(found.row, np.arange(len(offsets) - 1)).all()


def test_arrays_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="one value a line"):
        clean(MAIN, level=[0, 1])
