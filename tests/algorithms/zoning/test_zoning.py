"""Districts hang together, keep the band, and are as fast as by enumeration; no bound lies above the fastest plan."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from zoning_lattices import lattice

from algorithms.location.problem import LocationParams
from algorithms.progress import Cancelled, Progress
from algorithms.zoning.connected import around, hang_together, may_leave, mended
from algorithms.zoning.exact import solve_exactly
from algorithms.zoning.exchange import Exchange
from algorithms.zoning.front import relabelled, slack_at, solve_front
from algorithms.zoning.prices import priced
from algorithms.zoning.problem import Zoning, figures
from algorithms.zoning.sites import Slack, band_of, recentred, some_sites
from algorithms.zoning.solve import ZoningParams, bounded, solve_zoning

QUICK = ZoningParams(starts=6, kicks=10, shakes=300, border=0.0)
PROOF = LocationParams(rounds=120)


def fastest(problem, slack):
    """The least cost of any connected plan of two or three districts within the slack, by trying every labelling and every site."""
    n, k = len(problem.work), int(problem.districts[0])
    every = np.arange(len(problem.home))
    cost, best = problem.cost(every), np.inf
    high = max(1 + slack.above, problem.load.max())
    for rest in itertools.product(range(k), repeat=n - 1):
        labels = np.array((0, *rest))
        load = np.bincount(labels, problem.load, minlength=k)
        if load.max() > high + 1e-9 or load.min() < 1 - slack.below - 1e-9 or load.min() == 0 or not hang_together(problem, labels):
            continue
        inside = [[site for site in every if labels[problem.home[site]] == district] for district in range(k)]
        must = [[site for site in own if problem.must[site]] for own in inside]
        if any(len(own) > 1 for own in must):
            continue
        chosen = [fixed or own for fixed, own in zip(must, inside, strict=True)]
        best = min(best, sum(min(cost[site, labels == district].sum() for site in own) for district, own in enumerate(chosen)))
    return best


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("must", [(), (4,)])
def test_few_units_are_proven_and_the_search_finds_the_same(seed, must):
    problem, slack = lattice(3, 3, 2, seed, must=must), Slack(0.25, 0.25)
    best = fastest(problem, slack)
    exact = solve_exactly(problem, slack, PROOF)
    found = solve_zoning(problem, slack, QUICK, seed)
    assert exact.figures.cost == pytest.approx(best)
    assert exact.bound == pytest.approx(best, rel=1e-5)
    assert exact.everywhere
    assert found.figures.cost == pytest.approx(best)
    assert hang_together(problem, exact.zoning.labels)


def test_a_band_that_no_plan_keeps_is_proven_to_have_none_and_the_search_comes_near():
    problem = lattice(1, 3, 2, must=())
    assert solve_exactly(problem, Slack(0.1, 0.1), PROOF) is None
    found = solve_zoning(problem, Slack(0.1, 0.1), QUICK)
    assert found.figures.spread == pytest.approx(4 / 3)  # two units and one
    assert bounded(problem, found).bound == -np.inf


def test_one_region_alone_is_proven():
    with pytest.raises(ValueError, match="one region"):
        solve_exactly(lattice(2, 4, (1, 1), walls=((1, 2), (5, 6))), Slack(0.2, 0.2), PROOF)


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_prices_prove_what_the_linear_programme_has_at_least(seed):
    problem = lattice(4, 4, 3, seed)
    sites = some_sites(problem, np.random.default_rng(seed))
    cost, (low, high) = problem.cost(sites), band_of(problem, sites, Slack(0.1, 0.1))
    found = priced(cost, problem.load, (low, high), np.zeros(3), 400)
    n = len(problem.load)
    serve = np.tile(np.eye(n), 3)
    loads = np.kron(np.eye(3), problem.load)
    best = linprog(cost.ravel(), np.vstack((loads, -loads)), np.concatenate((high, -low)), serve, np.ones(n))
    assert found.bound <= best.fun + 1e-9
    assert found.bound >= 0.97 * best.fun


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_a_unit_may_leave_exactly_where_the_rest_hangs_together(seed):
    rng = np.random.default_rng(seed)
    problem = lattice(4, 4, 1, seed, walls=((5, 6), (9, 13)))
    near, labels = around(problem), rng.integers(0, 2, 16)
    for unit in range(16):
        alone = labels.copy()
        alone[unit] = 2
        rest = np.flatnonzero(labels == labels[unit])
        own = np.where(alone == labels[unit], 0, 1 + np.arange(16))  # all others apart
        whole = len(rest) > 1 and hang_together(problem, own)
        split = not hang_together(problem, np.where(labels == labels[unit], 0, 1 + np.arange(16)))
        if not split:
            assert may_leave(near, labels, unit) == whole


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_mended_districts_hang_together_around_their_sites(seed):
    rng = np.random.default_rng(seed)
    problem = lattice(5, 5, 3, seed, walls=((6, 7), (11, 12)))
    sites = some_sites(problem, rng)
    labels = mended(problem, around(problem), problem.cost(sites), rng.integers(0, 3, 25).astype(np.int32), sites)
    assert hang_together(problem, labels)
    assert labels[problem.home[sites]].tolist() == [0, 1, 2]


@given(st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_exchange_keeps_account_and_only_betters(seed):
    rng = np.random.default_rng(seed)
    problem = lattice(6, 6, 4, seed)
    sites = some_sites(problem, rng)
    cost, near, band = problem.cost(sites), around(problem), band_of(problem, sites, Slack(0.1, 0.1))
    labels = mended(problem, near, cost, cost.argmin(axis=0).astype(np.int32), sites)
    search = Exchange(problem, near, cost, labels, sites, band, 0.01)
    before = search.value()
    search.run(200)
    search.shaken(5, 200, rng)
    again = Exchange(problem, near, cost, search.labels.astype(np.int32), sites, band, 0.01)
    again.dear, again.mean = search.dear, search.mean
    assert search.value() == pytest.approx(again.value())
    assert search.value() <= before + 1e-9
    assert hang_together(problem, search.labels)


def test_a_chain_evens_what_no_single_move_can():
    problem = lattice(2, 4, 2)  # all of work 1: eight units, four each
    sites = np.array([0, 7])
    labels = np.array([0, 0, 1, 1, 0, 0, 1, 1], np.int32)
    search = Exchange(problem, around(problem), problem.cost(sites), labels, sites, band_of(problem, sites, Slack(0.01, 0.01)), 0.0)
    search.run(20)
    assert np.bincount(search.labels).tolist() == [4, 4]


def test_islands_get_districts_of_their_own():
    problem = lattice(2, 6, (1, 2), walls=((1, 2), (7, 8)))
    found = solve_zoning(problem, Slack(0.1, 0.2), QUICK)
    assert hang_together(problem, found.zoning.labels)
    assert len(np.unique(found.zoning.labels[problem.region == 0])) == 1
    assert len(np.unique(found.zoning.labels[problem.region == 1])) == 2


def test_sites_that_must_be_open_are_and_are_in_their_districts():
    problem = lattice(5, 5, 3, 3, must=(0, 1))
    found = solve_zoning(problem, Slack(0.2, 0.4), QUICK).zoning
    assert {0, 1} <= set(found.sites.tolist())
    assert found.labels[problem.home[found.sites]].tolist() == [0, 1, 2]


def test_as_many_sites_as_districts_leave_nothing_to_choose():
    problem = lattice(4, 4, 2, sites=(0, 15), must=(0, 15))
    found = solve_zoning(problem, Slack(0.05, 0.1), QUICK)
    assert found.figures.spread == pytest.approx(1.0)
    assert bounded(problem, found).bound <= found.figures.cost + 1e-9


def test_a_site_moves_to_the_middle_of_its_district():
    problem = lattice(1, 5, 1)
    assert recentred(problem, np.zeros(5, np.int64), np.array([0])).tolist() == [2]
    assert recentred(lattice(1, 5, 1, must=(0,)), np.zeros(5, np.int64), np.array([0])).tolist() == [0]


def test_late_minutes_draw_a_site_to_the_far_ones():
    demand = np.array([9.0, 9.0, 9.0, 0.0, 0.0, 1.0])
    problem, bare = (lattice(1, 6, 1, most_minutes=wish, away=0.0) for wish in (3.0, 0.0))
    for each in (problem, bare):
        object.__setattr__(each, "demand", demand)
    labels = np.zeros(6, np.int64)
    assert recentred(bare, labels, np.array([0])).tolist() == [1]
    assert recentred(problem, labels, np.array([0])).tolist() == [2]


def test_the_front_rises_in_spread_and_falls_in_minutes_and_holds_the_one_asked_for():
    problem = lattice(9, 9, 4, 5)
    choices, chosen = solve_front(problem, 0.35, QUICK, 1)
    spread = [choice.plan.figures.spread for choice in choices]
    minutes = [choice.plan.figures.minutes for choice in choices]
    assert len(choices) >= 3
    assert choices[chosen].response == 0.35
    assert spread == sorted(spread)
    assert minutes == sorted(minutes, reverse=True)
    for choice in choices:
        assert hang_together(problem, choice.plan.zoning.labels)
        assert choice.plan.bound <= choice.plan.figures.cost + 1e-9
        if np.isfinite(choice.plan.bound):
            assert choice.plan.figures.spread <= 1 + slack_at(choice.response).above + 1e-9
    again, row = solve_front(problem, 0.35, QUICK, 1)
    assert row == chosen
    assert all(np.array_equal(a.plan.zoning.labels, b.plan.zoning.labels) for a, b in zip(choices, again, strict=True))


def test_slack_grows_with_the_response_and_ends_without_limit():
    above = [slack_at(response / 20).above for response in range(21)]
    assert above == sorted(above)
    assert (above[0], above[6], above[-1]) == (0.01, 0.05, np.inf)


def test_districts_are_numbered_like_those_that_they_share_most_with():
    like = Zoning(np.array([0, 0, 1, 1, 2]), np.array([10, 11, 12]))
    other = Zoning(np.array([2, 2, 0, 0, 1]), np.array([20, 21, 22]))
    found = relabelled(other, like, np.ones(5))
    assert found.labels.tolist() == [0, 0, 1, 1, 2]
    assert found.sites.tolist() == [22, 20, 21]


def test_figures_are_those_one_counts():
    problem = lattice(1, 4, 2, away=0.0)
    found = figures(problem, Zoning(np.array([0, 0, 0, 1]), np.array([0, 3])))
    assert (found.spread, found.least, found.minutes, found.worst, found.border) == (1.5, 0.5, 0.75, 2.0, 1.0)


class Gone(Progress):
    """Nobody wants the result any more."""

    def is_cancelled(self):
        return True


class Impatient(Progress):
    """Asks to finish at once."""

    def should_finish(self):
        return True


def test_a_search_can_be_abandoned_and_can_be_hurried():
    problem = lattice(6, 6, 3, 1)
    with pytest.raises(Cancelled):
        solve_front(problem, 0.3, QUICK, 1, Gone())
    choices, chosen = solve_front(problem, 0.3, QUICK, 1, Impatient())
    assert hang_together(problem, choices[chosen].plan.zoning.labels)


def test_sites_that_do_not_fit_the_districts_are_refused():
    with pytest.raises(ValueError, match="too many"):
        lattice(3, 3, 1, must=(0, 1))
    with pytest.raises(ValueError, match="too few"):
        lattice(3, 3, 3, sites=(0, 1))
