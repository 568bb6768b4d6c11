from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from algorithms.patrolling.fleet import Fleet
from algorithms.patrolling.fleet_search import Search, search_tours
from algorithms.patrolling.problem import PatrolParams
from algorithms.progress import SILENT, Cancelled, Progress
from tests.algorithms.patrolling.fleet_towns import Town, fleet, least_cost, most_worth, plan_cost, site, street, town

SHORT = PatrolParams(iterations=60, starts=2, rounds=1)
STREETS = town(
    [(0, 0)],
    [street((2, 0), (2, 3)), street((5, 1), (3, 1)), street((-4, 2), (-4, 6)), street((1, -3), (4, -3)), street((-2, -5), (-6, -5))],
    load=[2.0, 3.0, 2.0, 1.0, 3.0],
)


def found(place: Town, vehicles: Fleet, params: PatrolParams = SHORT, progress: Progress = SILENT, **words: object) -> Search:
    return search_tours(place.jobs, place.tables, vehicles, params, time.monotonic() + 60, progress, **words)  # type: ignore[arg-type]


def jobs_done(place: Town, search: Search) -> list[int]:
    return sorted(place.jobs.ways[w].job for tour in search.tours for w in tour)


def check_best(place: Town, vehicles: Fleet) -> Search:
    """Assert that the search does every job once, at the least cost there is, and says that cost."""
    search = found(place, vehicles)
    assert search.feasible
    assert jobs_done(place, search) == list(range(len(place.jobs.by_job)))
    assert search.cost == pytest.approx(least_cost(place, vehicles))
    assert plan_cost(place, vehicles, search.tours) == pytest.approx(search.cost)
    return search


def test_streets_of_either_way_are_each_driven_once_the_better_way() -> None:
    check_best(STREETS, fleet(1))


def test_a_capacity_shares_the_jobs_out() -> None:
    search = check_best(STREETS, fleet(3, capacity=[4, 4, 4]))
    assert sum(bool(tour) for tour in search.tours) == 3


def test_a_capacity_of_fractions_is_kept() -> None:
    place = town([(0, 0)], [site((3, 0)), site((0, 4)), site((5, 5)), site((-2, 0))], load=[0.34, 0.33, 0.33, 0.5])
    check_best(place, fleet(2, capacity=[1.0, 0.84]))


def test_vehicles_of_two_depots_start_and_end_at_their_own() -> None:
    place = town([(0, 0), (20, 0)], [street((1, 1), (4, 1)), street((18, 2), (18, 5)), street((12, 0), (9, 0)), site((0, 9))])
    check_best(place, fleet(2, depot=[0, 1], home=[0, 1]))
    check_best(place, fleet(2, depot=[0, 1], home=[1, 0], shift=[50, 40]))


def test_tours_lie_on_the_rows_of_the_vehicles_that_can_drive_them() -> None:
    place = town([(0, 0)], [site((1, 0)), site((30, 0)), site((-2, 0)), street((0, 3), (2, 3))])
    search = check_best(place, fleet(4, shift=[10, 62, 10, 62]))
    assert sum(max((place.tables.seconds[0, w + 1] for w in tour), default=0.0) == 30 for tour in search.tours) == 1


def test_vehicles_that_start_later_serve_what_opens_later() -> None:
    place = town([(0, 0)], [site((2, 0)), site((3, 0)), site((0, 2))], opens=[100.0, 0.0, 90.0], closes=[110.0, 8.0, np.inf])
    search = check_best(place, fleet(2, start=[0, 95], shift=[30, 30]))
    assert [len(tour) for tour in search.tours] == [1, 2]


def test_overtime_is_used_where_the_shift_does_not_do_and_costs() -> None:
    place = town([(0, 0)], [site((5, 0)), site((-5, 0)), site((0, 5))])
    check_best(place, fleet(1, shift=[25], overtime=[10]))
    check_best(place, fleet(2, shift=[25, 25], overtime=[10, 10]))


def test_each_vehicle_drives_by_its_own_table_of_costs() -> None:
    place = town([(0, 0)], [site((5, 0)), site((-5, 0))])
    dear = place.tables.cost[0] * np.where(np.arange(3) == 1, 4.0, 1.0)[None, :]
    tables = replace(place.tables, cost=np.stack((place.tables.cost[0], dear)))
    search = check_best(replace(place, tables=tables), fleet(2, table=[1, 0], shift=[12, 12]))
    assert [place.jobs.ways[w].job for tour in search.tours for w in tour] == [1, 0]


def test_costs_may_be_fractions_of_seconds() -> None:
    seconds = STREETS.tables.seconds * 1.37
    place = replace(STREETS, tables=replace(STREETS.tables, seconds=seconds, cost=seconds[None] * 1.11))
    vehicles = replace(fleet(2, shift=[80, 80]), second_cost=0.25)
    search = found(place, vehicles)
    assert plan_cost(place, vehicles, search.tours) == pytest.approx(least_cost(place, vehicles), abs=0.02)
    assert search.cost == pytest.approx(least_cost(place, vehicles), abs=0.2)  # each drive is counted up to the next hundredth


def test_where_time_is_short_the_least_worth_is_left_out() -> None:
    weight = [1.0, 5.0, 2.0, 1.0, 3.0]
    place = replace(STREETS, jobs=replace(STREETS.jobs, weight=np.array(weight)))
    vehicles = fleet(1, shift=[34])
    search = found(place, vehicles, all_required=False)
    worth, cost = most_worth(place, vehicles)
    assert worth < sum(weight)
    assert sum(weight[job] for job in jobs_done(place, search)) == worth
    assert plan_cost(place, vehicles, search.tours) == pytest.approx(cost)


def test_nothing_is_left_out_for_money() -> None:
    place = town([(0, 0)], [site((1, 0)), street((5_000, 0), (5_001, 0))], weight=[1.0, 1.0])
    vehicles = fleet(2, shift=[20_000, 20_000])
    assert jobs_done(place, found(place, vehicles, all_required=False)) == [0, 1]


def test_what_has_no_way_is_not_feasible() -> None:
    place = town([(0, 0)], [site((1, 0)), site((2, 0))])
    tables = replace(place.tables, seconds=place.tables.seconds.copy(), cost=place.tables.cost.copy())
    away = replace(tables, seconds=_cut(tables.seconds), cost=_cut(tables.cost[0])[None])
    for vehicles in (fleet(2), fleet(2, shift=[100, 100])):
        search = found(replace(place, tables=away), vehicles)
        assert not search.feasible
        assert search.cost == np.inf


def _cut(table: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    changed = table.copy()
    changed[:, 2] = np.inf
    changed[2, 2] = 0.0
    return changed


def test_the_same_seed_gives_the_same_tours() -> None:
    vehicles = fleet(3, capacity=[4, 4, 4])
    assert found(STREETS, vehicles).tours == found(STREETS, vehicles).tours


def test_the_search_ends_at_a_cost_that_is_enough() -> None:
    vehicles = fleet(3, capacity=[4, 4, 4])
    whole = found(STREETS, vehicles)
    enough = found(STREETS, vehicles, target=whole.cost)
    assert enough.cost == whole.cost
    assert enough.iterations < whole.iterations == 60


def test_a_search_without_time_keeps_the_tours_that_it_was_given() -> None:
    vehicles = fleet(3, capacity=[4, 4, 4])
    best = found(STREETS, vehicles)

    class Finished(Progress):
        def should_finish(self) -> bool:
            return True

    search = found(STREETS, vehicles, progress=Finished(), warm=best.tours)
    assert search.cut_short
    assert search.cost == best.cost
    assert sorted(map(tuple, search.tours)) == sorted(map(tuple, best.tours))


def test_a_search_that_is_not_wanted_stops() -> None:
    class Gone(Progress):
        def is_cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        found(STREETS, fleet(1), progress=Gone())


def test_tours_are_improved_between_rounds_and_kept_where_that_pays() -> None:
    seen: list[list[list[int]]] = []

    def improve(tours: list[list[int]]) -> list[list[int]]:
        seen.append(tours)
        return tours

    search = found(STREETS, fleet(2), PatrolParams(iterations=40, starts=2, rounds=2), improve=improve)
    assert len(seen) == 4
    assert all(len(tours) == 2 for tours in seen)
    assert search.tours in seen


def test_a_vehicle_that_leaves_between_two_ticks_is_back_within_its_shift() -> None:
    place = town([(0, 0)], [site((4, 0))], opens=[10.0])
    for shift, fits in ((14.0, True), (13.995, False)):  # it leaves at 0.001 s and is back at 14 s
        assert found(place, fleet(2, start=[0.0, 0.001], shift=[1.0, shift])).feasible == fits
