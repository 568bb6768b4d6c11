import itertools

import numpy as np
import pytest

from algorithms.checkpoints.max_coverage import CoverageParams, CoverageProblem, best_coverage


def problem(flows, count, m, may=None, must=(), cost=None) -> CoverageProblem:
    """Flows as (places, trips) over `m` places."""
    offsets = np.cumsum([0, *(len(places) for places, _ in flows)])
    places = np.array([place for here, _ in flows for place in here], int)
    fixed = np.zeros(m, bool)
    fixed[list(must)] = True
    free = np.ones(m, bool) if may is None else np.isin(np.arange(m), may)
    prices = np.zeros(m, int) if cost is None else np.array(cost)
    return CoverageProblem(offsets, places, np.array([trips for _, trips in flows], float), count, free, fixed, prices)


def seen(given, chosen) -> float:
    rows = np.repeat(np.arange(len(given.flow)), np.diff(given.offsets))
    hit = np.unique(rows[np.isin(given.places, chosen)])
    return float(given.flow[hit].sum() / given.flow.sum())


@pytest.mark.parametrize("seed", range(30))
def test_no_other_choice_of_a_small_instance_sees_more_and_none_as_good_is_cheaper(seed):
    rng = np.random.default_rng(seed)
    m, count = 9, int(rng.integers(1, 6))
    flows = [(sorted(rng.choice(m, rng.integers(1, 4), replace=False).tolist()), int(rng.integers(1, 9))) for _ in range(14)]
    may, must = sorted(rng.choice(m, 7, replace=False).tolist()), rng.choice(m, rng.integers(0, 2), replace=False).tolist()
    cost = rng.integers(0, 50, m)
    given = problem(flows, count, m, may, must, cost)
    found = best_coverage(given)
    wanted = max(count, len(must))
    free = [place for place in may if place not in must]
    every = [(*must, *rest) for rest in itertools.combinations(free, min(wanted - len(must), len(free)))]
    best = max(seen(given, choice) for choice in every)
    assert found.status == "optimal"
    assert found.seen == pytest.approx(best)
    assert found.bound == pytest.approx(best)
    cheapest = min(cost[list(choice)].sum() for choice in every if seen(given, choice) > best - 1e-9)
    assert cost[found.chosen].sum() == cheapest
    assert set(must) <= set(found.chosen.tolist())
    assert found.chosen[: len(must)].tolist() == must
    assert np.isclose(found.gains.sum(), found.seen)


def test_greedy_is_not_enough():
    flows = [((0, 1), 3), ((0, 2), 3), ((1,), 2), ((2,), 2)]  # place 0 sees most alone, 1 and 2 see all together
    found = best_coverage(problem(flows, 2, 3))
    assert sorted(found.chosen.tolist()) == [1, 2]
    assert found.seen == pytest.approx(1.0)


def test_what_is_left_is_ranked_behind_and_adds_less_and_less():
    flows = [((place,), trips) for place, trips in enumerate((5, 1, 4, 2, 3))]
    found = best_coverage(problem(flows, 2, 5, may=[0, 1, 2, 3]))
    assert found.chosen.tolist() == [0, 2]
    assert found.others.tolist() == [3, 1]
    assert found.further.tolist() == pytest.approx([2 / 15, 1 / 15])


def test_where_all_can_be_taken_all_are_and_a_place_that_stands_is_kept_though_it_sees_nothing():
    flows = [((0,), 5), ((1,), 1)]
    found = best_coverage(problem(flows, 9, 3, may=[0, 1], must=[2]))
    assert found.chosen.tolist() == [2, 0, 1]
    assert (found.seen, found.bound, found.status) == (pytest.approx(1.0), pytest.approx(1.0), "optimal")


def test_no_flow_at_all_still_gives_a_choice_the_cheapest():
    given = CoverageProblem(np.zeros(1, int), np.zeros(0, int), np.zeros(0), 1, np.ones(3, bool), np.zeros(3, bool), np.array([3, 1, 2]))
    found = best_coverage(given)
    assert (found.chosen.tolist(), found.seen) == ([1], 0.0)


def test_a_search_that_may_not_branch_says_that_it_proves_nothing_or_is_right():
    rng = np.random.default_rng(5)
    flows = [(sorted(rng.choice(30, 2, replace=False).tolist()), 1) for _ in range(200)]
    given = problem(flows, 10, 30)
    whole, cut = best_coverage(given), best_coverage(given, CoverageParams(nodes=1))
    assert whole.status == "optimal"
    assert cut.seen <= whole.seen + 1e-9 <= cut.bound + 1e-6
    assert (cut.status == "optimal") == (cut.bound <= cut.seen + 1e-6)
