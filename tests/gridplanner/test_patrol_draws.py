import dataclasses
import itertools
from collections import Counter

import numpy as np
import pytest
from scipy.optimize import linprog

from gridplanner.edits.draw_edits import DrawAgain
from gridplanner.errors import EditRejected
from gridplanner.model.freshness import stale_plans
from gridplanner.model.patrol import Draw
from gridplanner.model.patrol_draws import chances_of, lengths_of, maximin, overlap_of, variant_on, variants_of, with_draws
from tests.patrol_town import EAST, WEST, made_plan, routes_on


@pytest.fixture(scope="module")
def project():
    return made_plan()


def many_variants(plan, count):
    """The plan with `count` variants that are the two of it in turn."""
    by_variant = {n: [route for route in plan.routes if route.variant == n] for n in (1, 2)}
    routes = [dataclasses.replace(route, variant=n) for n in range(1, count + 1) for route in by_variant[1 + (n + 1) % 2]]
    return dataclasses.replace(plan, routes=tuple(routes))


def test_the_least_seen_street_is_seen_about_as_often_as_the_best_draw_can():
    rng = np.random.default_rng(1)
    for _ in range(12):
        rows = rng.random((int(rng.integers(3, 12)), int(rng.integers(2, 8)))) < 0.5
        rows = rows[rows.any(axis=1)]
        if not len(rows):
            continue
        p = maximin(rows, np.zeros(rows.shape[1]))
        n = rows.shape[1]  # max t with rows @ p >= t
        best = linprog(
            np.append(np.zeros(n), -1.0), np.column_stack((-rows.astype(float), np.ones(len(rows)))), np.zeros(len(rows)),
            np.append(np.ones(n), 0.0)[None], [1.0], [(0, 1)] * (n + 1),
        )  # fmt: skip
        assert p.sum() == pytest.approx(1.0)
        assert p.min() >= 0
        assert (rows @ p).min() >= -best.fun - 0.025


def test_equal_chances_where_no_street_is_rare_and_cheaper_variants_where_it_costs_nothing():
    assert maximin(np.zeros((0, 3), bool), np.zeros(3)).tolist() == [1 / 3] * 3
    both = np.array([[True, True, False], [False, False, True]])
    assert maximin(both, np.zeros(3)) == pytest.approx([0.25, 0.25, 0.5], abs=0.02)
    dear = maximin(both, np.array([0.0, 0.05, 0.0]))
    assert dear[0] > 0.4 > 0.1 > dear[1]


def test_chances_overlap_and_entropy_of_two_variants(project):
    plan = project.patrol
    for one in chances_of(plan):
        assert one.variants.tolist() == [1, 2]
        assert one.p == pytest.approx([0.5, 0.5], abs=0.01)
        assert (one.bits, one.most_bits) == (pytest.approx(1.0, abs=0.01), 1.0)
        assert one.worst == pytest.approx(0.5, abs=0.01)
        assert 0 < one.hour_bits < np.log2(len(plan.streets))
    table = overlap_of(plan, WEST)
    sets = [{arc // 2 for route in plan.routes if (route.zone, route.variant) == (WEST, n) for arc in route.arcs.tolist()} for n in (1, 2)]
    first, second = ({row for row in rows if plan.streets.times[row] == 0} for rows in sets)
    assert table[0, 1] == pytest.approx(len(first & second) / len(first | second))  # every piece is 100 m
    assert lengths_of(plan, WEST).tolist() == [3200.0, 3200.0]


def test_a_draw_is_made_for_every_zone_and_day_and_the_seed_alone_decides_it(project):
    drawn = with_draws(project.patrol, 14, 7)
    assert drawn.seed == 7
    assert [(draw.day, draw.zone) for draw in drawn.draws] == [(day, zone) for day in range(14) for zone in (WEST, EAST)]
    assert drawn.draws == with_draws(project.patrol, 14, 7).draws
    assert drawn.draws != with_draws(project.patrol, 14, 8).draws
    zones = [[draw.variant for draw in drawn.draws if draw.zone == zone] for zone in (WEST, EAST)]
    assert zones[0] != zones[1]


def test_of_three_variants_none_is_driven_on_two_days_running_and_in_the_long_run_each_as_often_as_its_chance(project):
    plan = many_variants(project.patrol, 5)
    days = 4000
    drawn = with_draws(plan, days, 3)
    (chances, _) = chances_of(plan)
    mine = [draw.variant for draw in drawn.draws if draw.zone == WEST]
    assert all(a != b for a, b in itertools.pairwise(mine))
    counts = Counter(mine)
    assert np.array([counts[n] for n in variants_of(plan, WEST).tolist()]) / days == pytest.approx(chances.p, abs=0.03)


def test_a_day_without_a_draw_has_the_first_variant(project):
    plan = dataclasses.replace(project.patrol, draws=(Draw(0, WEST, 2), Draw(1, WEST, 9)))
    assert [variant_on(plan, WEST, day) for day in range(3)] == [2, 1, 1]  # there is no variant 9
    assert variant_on(plan, 99, 0) == 0
    assert {(route.zone, route.variant) for route in routes_on(plan, 0)} == {(WEST, 2), (EAST, 1)}


def test_drawing_again_records_a_fresh_seed_and_makes_nothing_stale(project):
    one, other = DrawAgain(), DrawAgain()
    assert one.seed != other.seed
    after = one.apply(project)
    assert after.patrol.seed == one.seed
    assert after.patrol.draws == with_draws(project.patrol, 7, one.seed).draws
    assert after.patrol.routes is project.patrol.routes
    assert stale_plans(after) == set()
    assert one.words


def test_there_is_nothing_to_draw_of_one_variant_or_of_none(project):
    single = tuple(route for route in project.patrol.routes if route.variant == 1)
    with pytest.raises(EditRejected):
        DrawAgain().apply(dataclasses.replace(project, patrol=dataclasses.replace(project.patrol, routes=single)))
    with pytest.raises(EditRejected):
        DrawAgain().apply(dataclasses.replace(project, patrol=None))
