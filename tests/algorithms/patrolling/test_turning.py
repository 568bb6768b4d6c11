from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest

from algorithms.patrolling.fleet_model import fleet_model
from algorithms.patrolling.turning import Turning
from tests.algorithms.patrolling.fleet_towns import Town, fleet, plan_cost, site, street, town

VEHICLE = fleet(1)


def turning_of(place: Town) -> Turning:
    return Turning(fleet_model(place.jobs, place.tables, VEHICLE, True), place.jobs)


def cost(place: Town, tour: Sequence[int]) -> float:
    return plan_cost(place, VEHICLE, [tour])


def made(seed: int, one_way: Sequence[int] = (), **columns: Sequence[float]) -> Town:
    rng = np.random.default_rng(seed)
    points = [tuple(int(x) for x in rng.integers(-20, 20, 4)) for _ in range(8)]
    jobs = [street(p[:2], p[2:]) if n % 3 else site(p[:2]) for n, p in enumerate(points)]  # type: ignore[arg-type]
    return town([(0, 0)], [job[:1] if n in one_way else job for n, job in enumerate(jobs)], **columns)


def backwards(place: Town, stretch: Sequence[int]) -> list[int] | None:
    """Return a stretch driven the other way, None where one of its jobs cannot be."""
    back = []
    for w in reversed(stretch):
        way = place.jobs.ways[w]
        same = [v for v in place.jobs.by_job[way.job] if (place.jobs.ways[v].entry, place.jobs.ways[v].exit) == (way.exit, way.entry)]
        if not same or way.closes < np.inf:
            return None
        back.append(same[0])
    return back


@pytest.mark.parametrize("one_way", [(), (1, 4)])
def test_no_stretch_turned_makes_a_mended_tour_better(one_way: tuple[int, ...]) -> None:
    gained = 0.0
    for seed in range(10):
        place = made(seed, one_way)
        tour = [group[0] for group in place.jobs.by_job]
        mended = turning_of(place).mended(0, tour)
        assert sorted(place.jobs.ways[w].job for w in mended) == list(range(8))
        gained += cost(place, tour) - cost(place, mended)
        for i, j in itertools.combinations(range(9), 2):
            stretch = backwards(place, mended[i:j])
            if stretch is not None:
                assert cost(place, [*mended[:i], *stretch, *mended[j:]]) >= cost(place, mended)
    assert gained > 0


def test_a_whole_tour_is_turned_where_it_costs_the_same() -> None:
    place = made(1)
    tour = [group[0] for group in place.jobs.by_job]
    back = turning_of(place).whole(0, tour)
    assert back == backwards(place, tour)
    assert cost(place, back) == cost(place, tour)


def test_a_tour_with_a_one_way_street_is_not_turned_as_a_whole() -> None:
    place = made(1, one_way=(1,))
    tour = [group[0] for group in place.jobs.by_job]
    assert turning_of(place).whole(0, tour) is tour


def test_what_has_a_window_stays_where_it_is() -> None:
    place = made(2, closes=[1e6] * 8)
    tour = [group[0] for group in place.jobs.by_job]
    turning = turning_of(place)
    assert not turning.possible
    assert turning.mended(0, tour) == tour
