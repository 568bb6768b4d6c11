"""A bound is below every plan: below the best of all plans where those can be counted, and never weaker than the floor."""

import dataclasses

import numpy as np
import pytest
from made_land import MadeLand

from algorithms.districting.bound import BoundBudget, floors, lower_bound, region_of
from algorithms.districting.frontier import Levels, cheapest_sets, sweep_of, sweep_order
from algorithms.districting.problem import DistrictingParams, DistrictingProblem, district_cost, evaluate
from algorithms.districting.sizes import least_balance, load_window, most, size_classes
from algorithms.graph.adjacency import Adjacency
from algorithms.graph.contiguity import Surroundings
from algorithms.progress import Cancelled, Progress

PARAMS = DistrictingParams()
BUDGET = BoundBudget(rounds=4, ratio=2.0, areas=4, loads=8, width=4, metre=0.3)


def squares(seed, rows=3, columns=4, districts=3, tree=False, holes=0, kinds=1, apart=False):
    """A lattice of squares of uneven size, with random prices of borders and weights, many of them zero; `apart`: boundaries are wished."""
    rng = np.random.default_rng(seed)
    x, y = (np.cumsum(np.append(0, rng.uniform(20, 200, n))) for n in (columns, rows))
    row, column = np.divmod(np.arange(rows * columns), columns)
    keep = np.ones(rows * columns, bool)
    keep[rng.choice(rows * columns, holes, replace=False)] = False
    unit = np.full(rows * columns, -1)
    unit[keep] = np.arange(keep.sum())
    width, height = np.diff(x)[column], np.diff(y)[row]
    price = rng.choice([0.3, 0.4, 0.7, 2.0, 2.5], 4 * rows * columns)
    rim = np.zeros(rows * columns)
    low, high, length, cost = [], [], [], []
    n = 0
    for cell in range(rows * columns):
        for other, inner, side in (
            (cell + 1, column[cell] + 1 < columns, height[cell]),
            (cell + columns, row[cell] + 1 < rows, width[cell]),
            (-1, column[cell] > 0, height[cell]),
            (-1, row[cell] > 0, width[cell]),
        ):
            if other < 0 and inner:
                continue  # counted from the other side
            worth = side * price[n]
            n += 1
            wished = apart and other >= 0 and inner and n % 3 == 0
            rim[cell] += 0 if wished else worth
            if other >= 0 and inner:
                rim[other] += 0 if wished else worth
                if keep[cell] and keep[other] and not (tree and row[cell] != row[other] and column[cell] > 0):
                    low.append(unit[cell])
                    high.append(unit[other])
                    length.append(side)
                    cost.append(-10 * side if wished else worth)
    pairs = Adjacency(
        np.array(low, np.int32), np.array(high, np.int32), np.array(length), np.array(cost), rng.random(len(low)) < 0.95
    )  # fmt: skip
    count = int(keep.sum())
    weight = rng.integers(0, 30, (count, kinds)) * (rng.random((count, 1)) < 0.6) / 1.0
    weight[0] = 10.0
    target = max(weight.sum(axis=0).max() / districts, 1.0) * rng.uniform(0.9, 1.1)
    return DistrictingProblem(
        weight / target, np.column_stack((x[column], y[row]))[keep], (width * height)[keep], rim[keep], pairs,
        Surroundings(np.zeros(count + 1, np.int64), np.zeros(0, np.int32)), np.zeros(count, np.int32),
        np.array([districts], np.int32), (0.9, 1.1),
    )  # fmt: skip


def cost_of_every_set(problem):
    """(2^u,) what each set of units costs as a district."""
    count = len(problem.area)
    member = (np.arange(2**count)[:, None] >> np.arange(count)) & 1
    pairs = problem.adjacency
    boundary = member @ problem.rim - 2 * (member[:, pairs.low] * member[:, pairs.high]) @ pairs.cost
    load = (member @ problem.weight).max(axis=1)
    cost = district_cost(load, boundary, member @ problem.area, problem.targets[:1], problem.band, PARAMS)
    cost[0] = np.inf
    return cost


def best_plan(problem):
    """The cost of the best of all plans, connected or not: the cheapest partition of every set of units, set by set."""
    cost, count = cost_of_every_set(problem), len(problem.area)
    best = cost.copy()
    for _district in range(int(problem.districts[0]) - 1):
        more = np.full(2**count, np.inf)
        for units in range(1, 2**count):
            first = units & -units
            rest = units ^ first
            subset, parts = rest, []
            while subset:
                parts.append(subset)
                subset = (subset - 1) & rest
            inside = np.array(parts, np.int64)
            if len(inside):
                more[units] = (cost[units ^ inside] + best[inside]).min()
        best = more
    return float(best[-1])


def towns(count):
    """Tiny towns: lattices, trees, towns with holes, with one or two kinds of loads, and a value of a plan of theirs, or a larger one."""
    for seed in range(count):
        rows, columns = ((2, 4), (3, 3), (2, 3), (1, 7))[seed % 4]
        town = squares(
            seed, rows, columns, 2 + seed % 3, tree=seed % 5 == 1, holes=int(seed % 7 == 2), kinds=1 + (seed % 11 == 3), apart=seed % 6 == 4
        )  # fmt: skip
        yield town, (1.0, 1.15, 2.0)[seed % 3]


def test_no_plan_of_a_tiny_town_is_below_its_bound():
    better = 0
    for number, (problem, slack) in enumerate(towns(80)):
        best = best_plan(problem)
        found = lower_bound(problem, 0, PARAMS, best * slack, dataclasses.replace(BUDGET, width=1 + number % 4))
        floor = lower_bound(problem, 0, PARAMS, best * slack, dataclasses.replace(BUDGET, rounds=0))
        assert floor.value <= found.value <= best + 1e-9
        better += found.value > floor.value + 0.02 * best
    assert better > 25  # the prices are worth their time


@pytest.mark.parametrize("seed", range(6))
def test_the_priced_bound_is_below_every_set_that_may_be_a_district(seed):
    problem = squares(seed, 3, 4, districts=3, holes=seed % 2)
    land = region_of(problem, 0)
    cost = cost_of_every_set(problem)
    price = np.random.default_rng(seed).normal(1.0, 3.0, len(problem.area))
    member = (np.arange(len(cost))[:, None] >> np.arange(len(price))) & 1
    cap = float(np.quantile(cost[1:], 0.2))
    wide, narrow = (
        size_classes(land, PARAMS, cap, 0.3, ratio=1.5, areas=4, loads=8, width=width) for width in (12, 2)
    )  # fmt: skip
    truth = (cost - member @ price)[cost <= cap].min()
    least = [min(float(c.priced(land, PARAMS, price, 5.0, trace=False)[0].min()) for c in classes) for classes in (wide, narrow)]
    assert least[1] <= least[0] + 1e-9
    assert least[0] <= truth + 1e-9


@pytest.mark.parametrize("seed", range(4))
def test_the_sweep_finds_the_cheapest_set_of_every_size(seed):
    problem = squares(seed, 3, 3)
    rng = np.random.default_rng(seed)
    price = rng.normal(0, 200, 9)
    levels = Levels(rng.integers(0, 3, 9), rng.integers(0, 3, 9), 6, 5)
    sweep = sweep_of(sweep_order(9, problem.adjacency), np.ones(9, bool), problem.adjacency, problem.rim, 9)
    found = cheapest_sets(sweep, levels, price + sweep.rim, 1.0, trace=True)
    member = (np.arange(2**9)[:, None] >> np.arange(9)) & 1
    pairs = problem.adjacency
    worth = member @ (price + problem.rim) - 2 * (member[:, pairs.low] * member[:, pairs.high]) @ pairs.cost
    area, load = member @ levels.area, member @ levels.load
    for a in range(6):
        for w in range(5):
            mine = worth[(area == a) & (load == w)]
            assert np.isfinite(found.value[a, w]) == bool(len(mine))
            if len(mine):
                assert mine.min() - 0.2 <= found.value[a, w] <= mine.min()  # prices are in the hundreds here
                units = found.sets(np.array([a]), np.array([w]))[0]
                assert worth[sum(1 << u for u in units)] == pytest.approx(mine.min(), abs=0.01)


@pytest.mark.parametrize("apart", [False, True])
def test_a_narrow_sweep_never_makes_a_set_dearer_and_a_wide_one_is_exact(apart):
    problem = squares(7, 3, 3, apart=apart)
    pairs = problem.adjacency
    member = (np.arange(2**9)[:, None] >> np.arange(9)) & 1
    boundary = member @ problem.rim - 2 * (member[:, pairs.low] * member[:, pairs.high]) @ pairs.cost
    less = []
    for width in (9, 3, 2, 1):
        sweep = sweep_of(sweep_order(9, pairs), np.ones(9, bool), pairs, problem.rim, width)
        seen = member @ sweep.rim
        frontier: list[int] = []
        for step in sweep.steps:
            for at, cost in step.edges:
                seen = seen - 2 * cost * member[:, step.unit] * member[:, frontier[at]]
            frontier.append(step.unit)
            for at in step.forget:
                frontier.pop(at)
            assert len(frontier) <= width
        assert np.all(seen <= boundary + 1e-9)
        less.append(float((boundary - seen).max()))
    assert less[0] == pytest.approx(0.0, abs=1e-9)
    assert less[-1] > 1.0


def test_a_region_of_one_district_is_as_good_as_it_can_be():
    problem = squares(1, districts=1)
    value = float(evaluate(problem, np.zeros(12, np.int32), PARAMS).cost.sum())
    found = lower_bound(problem, 0, PARAMS, value)
    assert (found.value, found.method) == (value, "one district")


def test_regions_do_not_mix():
    one, two = squares(3, districts=2), squares(4, districts=3)
    count = len(one.area)
    pairs = [np.concatenate((getattr(one.adjacency, f) + 0, getattr(two.adjacency, f) + shift)) for f, shift in (
        ("low", count), ("high", count), ("length", 0), ("cost", 0), ("crossable", 0),
    )]  # fmt: skip
    both = DistrictingProblem(
        np.concatenate((one.weight, two.weight)), np.concatenate((one.xy, two.xy)), np.concatenate((one.area, two.area)),
        np.concatenate((one.rim, two.rim)), Adjacency(*pairs[:4], pairs[4].astype(bool)), one.surroundings,
        np.repeat(np.array([0, 1], np.int32), count), np.array([2, 3], np.int32), one.band,
    )  # fmt: skip
    for region, alone in enumerate((one, two)):
        value = 1.2 * best_of_some(alone)
        assert lower_bound(both, region, PARAMS, value, BUDGET) == lower_bound(alone, 0, PARAMS, value, BUDGET)


def best_of_some(problem):
    """The cost of the best of a thousand random labellings."""
    rng = np.random.default_rng(0)
    k = int(problem.districts[0])
    plans = rng.integers(0, k, (1000, len(problem.area))).astype(np.int32)
    return min(float(evaluate(problem, plan, PARAMS).cost.sum()) for plan in plans if len(np.unique(plan)) == k)


def test_the_same_budget_gives_the_same_bound():
    problem = MadeLand(3, streets=6).problem(3)
    value = best_of_some(problem)
    one, two = (lower_bound(problem, 0, PARAMS, value, dataclasses.replace(BUDGET, metre=1.0)) for _ in range(2))
    assert one == two
    assert floors(region_of(problem, 0), PARAMS, 1.0)[1] <= one.value <= value


@pytest.mark.parametrize("target", [0.7, 0.93, 1.0, 1.3])
@pytest.mark.parametrize("kinds", [1, 2])
def test_the_least_balance_and_the_load_window_are_those_of_a_fine_search(target, kinds):
    problem = squares(5, kinds=kinds)
    land = dataclasses.replace(region_of(problem, 0), target=target)
    fine = np.linspace(0, 3, 30_001)
    every = district_cost(fine, 0 * fine, 1 + 0 * fine, np.array(target), land.band, PARAMS)
    low, high = np.array([0.2, 0.8, 0.95, 1.4]), np.array([0.5, 1.2, 0.96, 1.5])
    for one, other, least in zip(low, high, least_balance(low, high, land, PARAMS), strict=True):
        inside = (fine >= one - 1e-9) & (fine <= (other if kinds == 1 else np.inf) + 1e-9)
        assert least <= every[inside].min() + 1e-9
        assert least == pytest.approx(every[inside].min(), abs=0.02)
    cap = float(every.min()) + 20.0
    start, stop = load_window(land, PARAMS, cap)
    allowed = fine[(every <= cap) & (fine <= max(float(land.load.sum()), target))]
    assert start <= allowed.min()
    assert allowed.max() <= stop


def test_a_knapsack_in_parts_is_at_least_every_knapsack():
    rng = np.random.default_rng(0)
    for _ in range(50):
        gain, size = rng.normal(0, 1, 8), rng.random(8) * (rng.random(8) < 0.8)
        member = (np.arange(256)[:, None] >> np.arange(8)) & 1
        fits = member @ size <= 1.5
        assert (member @ gain)[fits].max() <= most(gain, size, 1.5) <= np.maximum(gain, 0).sum() + 1e-6


def test_cancelling_stops_and_finishing_leaves_the_floor():
    class Stop(Progress):
        def __init__(self, *, cancel):
            self.cancel = cancel

        def is_cancelled(self):
            return self.cancel

        def should_finish(self):
            return True

    problem = squares(2)
    value = best_of_some(problem)
    with pytest.raises(Cancelled):
        lower_bound(problem, 0, PARAMS, value, BUDGET, Stop(cancel=True))
    assert lower_bound(problem, 0, PARAMS, value, BUDGET, Stop(cancel=False)).value <= value


def test_a_budget_that_means_nothing_is_refused():
    for wrong in ({"rounds": -1}, {"ratio": 1.0}, {"areas": 0}, {"width": 0}, {"metre": -0.1}):
        with pytest.raises(ValueError, match="rounds"):
            BoundBudget(**wrong)
