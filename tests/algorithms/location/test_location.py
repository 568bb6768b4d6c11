"""Sites and assignments are as good as by enumeration, and no bound lies above the optimum."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.location.allocation import allocate, locate_and_allocate, total
from algorithms.location.knapsack import fractional_knapsacks, whole_knapsacks
from algorithms.location.problem import LocationParams, LocationProblem, Status
from algorithms.location.relaxation import relax
from algorithms.location.solve import solve_location
from algorithms.progress import Cancelled, Progress

PARAMS = LocationParams(rounds=120)


def towns(seed, customers=7, sites=4, count=2, slack=1.25):
    """Customers and sites in a square; capacities are together `slack` times the demand."""
    rng = np.random.default_rng(seed)
    cost = np.linalg.norm(rng.random((customers, 1, 2)) - rng.random((1, sites, 2)), axis=2) * 100
    demand = rng.integers(1, 10, customers).astype(float)
    capacity = np.full(sites, np.ceil(slack * demand.sum() / count))
    return LocationProblem(cost, demand, capacity, count)


def every_solution(problem):
    """Every assignment that keeps all rules, with the sites it needs."""
    n, m = problem.cost.shape
    for opened in combinations(range(m), problem.count):
        if not set(np.flatnonzero(problem.must_open)) <= set(opened):
            continue
        for sites in product(opened, repeat=n):
            load = np.bincount(sites, problem.demand, minlength=m)
            own = problem.own_customer[list(opened)]
            fits = all(problem.floor[j] <= load[j] <= problem.capacity[j] for j in opened)
            served = all(c < 0 or sites[c] == j for c, j in zip(own, opened, strict=True))
            if fits and served and np.isfinite(problem.cost[range(n), sites]).all():
                yield np.array(sites), np.array(opened)


def least(problem):
    return min((total(problem, sites) for sites, _ in every_solution(problem)), default=np.inf)


def check_against_enumeration(problem):
    found, best = solve_location(problem, PARAMS), least(problem)
    assert found.value == pytest.approx(best, rel=1e-7)
    assert found.status is (Status.OPTIMAL if np.isfinite(best) else Status.INFEASIBLE)
    if np.isfinite(best):
        assert found.bound == pytest.approx(best, rel=1e-6)
        assert any(np.array_equal(found.sites, s) for s, opened in every_solution(problem) if np.array_equal(opened, found.opened))


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 3), st.floats(1.0, 1.6))
def test_small_problems_are_solved_as_well_as_by_enumeration(seed, count, slack):
    check_against_enumeration(towns(seed, 6, 4, count, slack))


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_fixed_sites_stay_open_and_forbidden_entries_are_not_used(seed):
    made = towns(seed, 6, 4, 2, 1.5)
    cost = np.where(np.random.default_rng(seed).random(made.cost.shape) < 0.2, np.inf, made.cost)
    check_against_enumeration(LocationProblem(cost, made.demand, made.capacity, 2, fixed=np.array([0, 0, 1, 0], bool)))


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_floors_and_own_customers_are_kept(seed):
    made = towns(seed, 6, 6, 2, 1.15)
    floor = np.full(6, np.floor(0.85 * made.demand.sum() / 2))
    check_against_enumeration(LocationProblem(made.cost, made.demand, made.capacity, 2, least=floor, own=np.arange(6)))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_no_bound_of_the_relaxation_lies_above_a_solution_it_speaks_of(seed, floors):
    made = towns(seed, 6, 6 if floors else 4, 2, 1.3)
    if floors:
        made = LocationProblem(made.cost, made.demand, made.capacity, 2, least=0.6 * made.capacity, own=np.arange(6))
    relaxed = relax(made, 80, float(made.cost.max(axis=1).sum()))
    for sites, opened in every_solution(made):
        value = total(made, sites) + 1e-6
        assert relaxed.bound <= value
        assert relaxed.site_bound[opened].max() <= value
        assert relaxed.entry_bound[range(6), sites].max() <= value


def test_a_whole_knapsack_is_the_best_subset_and_a_fractional_one_never_dearer():
    made = towns(3, 8, 5, 2, 1.1)
    cost = made.cost - 45.0
    whole, part = whole_knapsacks(cost, made), fractional_knapsacks(cost, made)
    subsets = np.array(list(product((0.0, 1.0), repeat=8)))
    for site in range(5):
        fits = subsets[subsets @ made.demand <= made.capacity[site]]
        assert whole.value[site] == pytest.approx((fits @ cost[:, site]).min())
        assert whole.taken[:, site] @ cost[:, site] == pytest.approx(whole.value[site])
        assert part.value[site] <= whole.value[site] + 1e-9


def test_the_heuristic_keeps_capacities_and_the_optimum_is_no_dearer():
    made = towns(11, 60, 60, 5, 1.2)
    sites, opened = locate_and_allocate(made, np.arange(5))
    assert np.all(np.bincount(sites, made.demand, minlength=60) <= made.capacity)
    assert set(sites) <= set(opened.tolist())
    found = solve_location(made, LocationParams())
    assert found.status is Status.OPTIMAL
    assert found.value <= total(made, sites) + 1e-9


def test_fixed_posts_get_their_areas():
    made = towns(4, 80, 6, 6, 1.1)  # every post stands already: only the areas are asked for
    found = solve_location(LocationProblem(made.cost, made.demand, made.capacity, 6, fixed=np.ones(6, bool)), LocationParams())
    assert found.opened.tolist() == list(range(6))
    assert found.status is Status.OPTIMAL
    assert np.all(np.bincount(found.sites, made.demand, minlength=6) <= made.capacity)
    assert found.value <= total(made, allocate(made, np.arange(6))) + 1e-9


def test_too_little_capacity_is_infeasible():
    made = towns(1)
    found = solve_location(LocationProblem(made.cost, made.demand, made.capacity / 3, 2), PARAMS)
    assert found.status is Status.INFEASIBLE
    assert found.value == np.inf


def test_the_same_problem_gives_the_same_answer():
    made = towns(8, 40, 40, 4, 1.15)
    one, two = (solve_location(made, PARAMS) for _ in range(2))
    assert np.array_equal(one.sites, two.sites)


def test_cancelling_stops():
    class Stop(Progress):
        def is_cancelled(self):
            return True

    with pytest.raises(Cancelled):
        solve_location(towns(1), PARAMS, Stop())


def test_too_many_fixed_sites_are_refused():
    with pytest.raises(ValueError, match="fixed"):
        LocationProblem(np.zeros((2, 3)), np.ones(2), np.ones(3), 1, fixed=np.array([1, 1, 0], bool))


def test_a_fixed_site_that_is_best_left_idle_takes_its_place():
    cost = np.array([[0.0, 9.0, 50.0], [9.0, 0.0, 50.0], [1.0, 1.0, 50.0]])
    found = solve_location(LocationProblem(cost, np.ones(3), np.full(3, 3.0), 2, fixed=np.array([0, 0, 1], bool)), PARAMS)
    assert found.value == 10.0  # one of the first two serves everybody
    assert 2 in found.opened.tolist()
    assert len(found.opened) == 2
