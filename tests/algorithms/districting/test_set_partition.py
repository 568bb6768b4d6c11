"""A choice of columns is proven whatever the costs, the seed and the cuts that it took; work and memory stay within their limits."""

import tracemalloc

import numpy as np
import pytest
from made_land import MadeLand
from scipy.sparse import csr_array

import algorithms.districting.exact as exact_step
import algorithms.districting.relaxation as relaxation
import algorithms.districting.set_partition as set_partition
from algorithms.districting.dichotomy import dichotomy, make_contiguous
from algorithms.districting.exact import solve_exactly
from algorithms.districting.pool import choose_from_pool
from algorithms.districting.problem import DistrictingParams
from algorithms.districting.relaxation import Relaxation
from algorithms.districting.set_partition import choose_columns

PARAMS = DistrictingParams(rounds=20, replicas=2, cycles=1)


def instance(seed, scale=1.0, wide=250):
    """Random columns over up to ten units with a plan among them: (members, cost, count, the plan's rows)."""
    rng = np.random.default_rng(seed)
    n, count = int(rng.integers(6, 11)), int(rng.integers(2, 5))
    label = rng.permutation(np.concatenate((np.arange(count), rng.integers(0, count, n - count))))
    own = [int((1 << np.flatnonzero(label == d)).sum()) for d in range(count)]
    sets = [rng.choice(n, int(rng.integers(1, n // count + 3)), replace=False) for _column in range(int(rng.integers(30, wide)))]
    masks = np.array(sorted({int((1 << units).sum()) for units in sets} | set(own)))
    cost = np.round(rng.uniform(1, 4, len(masks))) if seed % 3 == 0 else rng.uniform(0, 1, len(masks))  # many alike, or none
    members = ((masks[:, None] >> np.arange(n)) & 1).astype(float)
    return csr_array(members), scale * cost, count, np.searchsorted(masks, own)


def cheapest(members, cost, count):
    """The least cost of any exact cover by `count` columns: set by set of units, the column of the first unit tried in turn."""
    n = members.shape[1]
    mask = (members.toarray().astype(int) << np.arange(n)).sum(axis=1)
    best = np.full((count + 1, 2**n), np.inf)
    best[0, 0] = 0.0
    for held in range(1, 2**n):
        fits = np.flatnonzero(((mask & -mask) == (held & -held)) & ((mask & held) == mask))
        if len(fits):
            best[1:, held] = (cost[fits] + best[:-1][:, held ^ mask[fits]]).min(axis=1)
    return float(best[count, -1])


@pytest.mark.parametrize("seed", range(60))
def test_what_is_proven_is_what_enumeration_finds_through_cuts_and_short_searches(seed, monkeypatch):
    monkeypatch.setattr(set_partition, "TRIES", (2, 4))  # small enough for tiny instances to need every step
    monkeypatch.setattr(set_partition, "SMALL", 1)
    monkeypatch.setattr(set_partition, "MOST_KEPT", 5 if seed % 4 == 1 else 1_000)
    monkeypatch.setattr(relaxation, "FIRST", 1)
    monkeypatch.setattr(relaxation, "MORE", 5)
    scale = (1.0, 1e-3, 100.0, 1e6)[seed % 4]
    members, cost, count, own = instance(seed, scale)
    choice = choose_columns(members, cost, count, own, effort=(1e-9, 5.0)[seed % 2], seed=seed)
    best = cheapest(members, cost, count)
    near = 1e-5 * max(best, 1.0)
    assert choice.bound <= choice.value
    assert choice.bound <= best + 0.1 * near
    assert best - near <= choice.value <= cost[own].sum() + near
    assert np.array_equal(np.asarray(members[choice.rows].sum(axis=0)).ravel(), np.ones(members.shape[1]))


def broken_by_hand(columns, share):
    """Every triple of units with what the columns that hold two or more of it have in all, above 1."""
    held = columns.toarray()
    units = np.arange(held.shape[1])
    triples = [(i, j, k) for i in units for j in units[i + 1 :] for k in units[j + 1 :]]
    sums = [share[held[:, three].sum(axis=1) >= 2].sum() for three in triples]
    return {three: total for three, total in zip(triples, sums, strict=True) if total > 1 + relaxation.VIOLATED}


def test_every_cut_that_three_units_give_is_found():
    several = 0
    for seed in range(120):
        members, cost, count, own = instance(seed, wide=60)
        relaxed = Relaxation(members, cost, count, own)
        relaxed.solve()
        share = np.zeros(len(cost))
        share[list(relaxed._share)] = list(relaxed._share.values())
        wanted = broken_by_hand(members, share)
        relaxed.tighten()
        found = [wanted[tuple(three.tolist())] for three in relaxed.cliques]
        assert len(set(map(tuple, np.array(relaxed.cliques).tolist()))) == len(found) == min(len(wanted), relaxation.CUTS)
        assert sorted(found) == pytest.approx(sorted(wanted.values())[-len(found) :] if found else [])
        several += len(wanted) > 1
    assert several > 6


def test_cuts_over_hundreds_of_units_take_little_memory():
    rng = np.random.default_rng(1)
    units = 600
    sets = np.array([(start + rng.choice(9, 6, replace=False)) % units for start in np.repeat(np.arange(units), 8)])
    own = np.arange(units).reshape(-1, 6)
    place = np.concatenate((sets, own))
    members = csr_array((np.ones(place.size), (np.repeat(np.arange(len(place)), 6), place.ravel())), shape=(len(place), units))
    cost = np.append(rng.uniform(1, 2, len(sets)), np.full(len(own), 3.0))
    relaxed = Relaxation(members, cost, len(own), np.arange(len(sets), len(place)))
    relaxed.solve()
    tracemalloc.start()
    try:
        assert relaxed.tighten()
        assert tracemalloc.get_traced_memory()[1] < 50e6
    finally:
        tracemalloc.stop()


def test_a_bound_is_there_before_the_programme_is_solved_and_where_it_cannot_be():
    for seed in range(40):
        members, cost, count, own = instance(seed)
        relaxed = Relaxation(members, cost, count, own)
        assert np.isfinite(relaxed.bound)
        assert relaxed.bound <= cheapest(members, cost, count)
        assert (relaxed.reduced >= 0).all()


def test_columns_of_a_programme_that_glop_calls_abnormal_are_proven():
    rows = [[4], [5], [0], [0, 1], [0, 2], [0, 1, 2], [1], [3, 4], [3, 5], [6, 7], [7], [7, 8], [8]]
    cost = np.array([
        362.64565286, 133.26086681, 370.11912443, 362.9347729, 372.15391728, 364.11987317, 445.35409486, 910.89651159, 124.76078429,
        829.08423635, 42.94811046, 680.08010171, 369.49317761,
    ])  # fmt: skip
    members = np.zeros((len(rows), 9))
    for row, units in enumerate(rows):
        members[row, units] = 1
    own = np.array([4, 6, 7, 1, 9, 12])
    choice = choose_columns(csr_array(members), cost, 6, own)
    assert choice.value == pytest.approx(cheapest(csr_array(members), cost, 6))
    assert choice.bound == pytest.approx(choice.value, rel=1e-5)


def test_costs_of_any_size_are_whole_numbers_for_the_solver():
    members, cost, count, own = instance(1)
    for scale in (1e15, 1e20):
        choice = choose_columns(members, scale * cost, count, own)
        assert choice.value == pytest.approx(scale * cheapest(members, cost, count), rel=1e-5)
        assert choice.bound <= choice.value
    land = MadeLand(3, streets=9)
    problem = land.problem(4)
    plans = [make_contiguous(problem, dichotomy(problem, turn)) for turn in (0.0, 0.1, 0.2)]
    chosen = choose_from_pool(problem, plans, [np.array([1e20, 2e20, 3e20, 4e20]) * (k + 1) for k in range(3)])
    assert np.array_equal(chosen, plans[0])


def test_any_seed_is_a_seed():
    members, cost, count, own = instance(2)
    for seed in (0, 2**31 - 1, 2**31, (2**31 - 1) * 1_000_003 + 12):
        assert choose_columns(members, cost, count, own, seed=seed).value == pytest.approx(cheapest(members, cost, count))
    land = MadeLand(3, streets=9)
    problem = land.problem(4)
    plans = [make_contiguous(problem, dichotomy(problem, turn)) for turn in (0.0, 0.1, 0.2)]
    choose_from_pool(problem, plans, [np.ones(4)] * 3, seed=2**40)


def test_the_search_never_holds_more_columns_than_it_may(monkeypatch):
    monkeypatch.setattr(set_partition, "MOST_KEPT", 30)
    monkeypatch.setattr(set_partition, "TRIES", (5, 10))
    held = []
    look = set_partition._Search.among
    monkeypatch.setattr(set_partition._Search, "among", lambda self, rows, *more: (held.append(len(rows)), look(self, rows, *more))[1])
    for seed in range(20):
        members, cost, count, own = instance(seed)
        choose_columns(members, cost, count, own, effort=1e-9)
    assert len(held) > 40
    assert max(held) <= 2 * 30


def test_a_region_of_more_units_than_tables_hold_is_not_listed(monkeypatch):
    problem = MadeLand(8, streets=8).problem(6)
    start = make_contiguous(problem, dichotomy(problem))
    assert solve_exactly(problem, start, PARAMS) is not None
    monkeypatch.setattr(exact_step, "MOST_UNITS", len(start) - 1)
    assert solve_exactly(problem, start, PARAMS) is None


def test_a_plan_with_an_empty_district_is_not_proven():
    land = MadeLand(8, streets=3)
    problem = land.problem(2)
    assert solve_exactly(problem, np.zeros(land.count, np.int32), PARAMS) is None
