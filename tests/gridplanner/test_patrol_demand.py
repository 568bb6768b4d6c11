"""What is wanted of streets and key sites: by class, by name, by hand, how often, and where one button has to guess."""

import dataclasses

import numpy as np
import pytest

from gridplanner.model.patrol import StreetPick
from gridplanner.planning.patrol_area import area_of, streets_of
from gridplanner.planning.patrol_problem import problem_of_zone
from gridplanner.settings import PatrolSettings, StreetWish
from tests.street_town import at, lattice, street_town

ALL = [(-1, -1, 9, 9)]


def area(town, **patrol):
    settings = dataclasses.replace(town.settings.patrol, **patrol)
    return area_of(town, settings)


def wanted(found, column="times"):
    """What is wanted of the edges of each street, as a set."""
    values = getattr(found.demand, column)
    return {name: set(values[found.names == name].tolist()) for name in np.unique(found.names)}


def kinds(found):
    return [issue.kind for issue in found.issues]


def test_streets_are_wanted_by_class_as_often_and_as_much_as_their_class_says():
    town = street_town(lattice(3, 3, ("row 1", "row 2")), ALL, times={"secondary": 3}, weights={"secondary": 2.0})
    found = area(town)
    assert wanted(found) == {f"row {k}": {3 if k in (1, 2) else 0} for k in range(4)} | {f"column {k}": {0} for k in range(4)}
    assert wanted(found, "weight")["row 1"] == {2.0}
    assert not found.issues


def test_streets_are_wanted_by_name_and_a_name_that_no_street_has_is_told_with_the_nearest():
    town = street_town(lattice(3, 3), ALL, streets=(StreetWish("column 2", 2, True, 4.0), StreetWish("row 1", 0), StreetWish("colum 3")))
    found = area(town)
    assert wanted(found)["column 2"] == {2}
    assert wanted(found, "both")["column 2"] == {True}
    assert wanted(found, "weight")["column 2"] == {4.0}
    assert wanted(found)["row 1"] == {0}
    assert [issue.message for issue in found.issues] == ["[patrol] streets: no street is called colum 3; did you mean column 3?"]


def test_a_name_like_no_other_is_told_without_a_list_of_all_streets():
    (found,) = area(street_town(lattice(3, 3), ALL, streets=(StreetWish("人民路"),))).issues
    assert found.message == "[patrol] streets: no street is called 人民路; check its name in the road layer"


def test_a_place_picked_by_hand_means_the_street_between_two_junctions():
    bend = ("the bend", "residential", [(3, 1), (4, 1)]), ("the bend", "residential", [(4, 1), (4, 2), (3, 2)])  # two lines, no junction
    town = street_town([*lattice(3, 3), *bend], ALL)
    picks = (StreetPick(*at(3.5, 1.1), 2, True, 3.0), StreetPick(*at(1.5, 1.0), 0), StreetPick(*at(8.0, 8.0)))
    found = area(dataclasses.replace(town, picks=picks))
    assert wanted(found)["the bend"] == {2}
    assert found.graph.length[found.names == "the bend"].sum() == pytest.approx(300)
    assert sorted(found.demand.times[found.names == "row 1"].tolist()) == [0, 1, 1]
    assert kinds(found) == ["no_street"]


def test_where_no_street_is_of_the_wished_classes_the_next_class_below_stands_in():
    found = area(street_town(lattice(2, 2), ALL, required_classes=("trunk",)))
    assert wanted(found)["row 1"] == {1}
    assert wanted(found)["row 0"] == {0}
    assert [issue.message for issue in found.issues] == [
        "No street is of the required classes trunk, so those of class secondary are patrolled"
    ]
    residential = [(name, "residential", places) for name, _class, places in lattice(2, 2)]
    assert all(times == {1} for times in wanted(area(street_town(residential, ALL))).values())


def test_a_number_of_times_for_a_class_that_is_not_required_is_told():
    assert kinds(area(street_town(lattice(2, 2), ALL, times={"residental": 2}))) == ["unknown_class"]


def test_no_street_waits_longer_than_wished():
    town = street_town(lattice(2, 2), ALL, revisit_minutes=100.0, shift_minutes=240.0)
    assert wanted(area(town))["row 1"] == {3}
    two = {"crews_per_zone": 2, "starts": ("08:00", "12:00")}
    assert wanted(area(town, **two))["row 1"] == {5}


def test_visits_of_a_street_are_spread_over_the_time_in_which_crews_are_out():
    town = street_town(lattice(2, 2), ALL, times={"secondary": 2}, shift_minutes=240.0, crews_per_zone=2, starts=("08:00", "10:00"))
    problem = problem_of_zone(town, town.settings.patrol, area(town), 0).problem
    assert len(problem.streets) == 2 * 2  # pieces, times
    rows = problem.streets
    assert {(turn, first / 60, last / 60) for turn, first, last in zip(rows.turn, rows.opens, rows.closes, strict=True)} == {
        (0, 0, 180), (1, 180, 360),
    }  # fmt: skip
    assert problem.crews.start.tolist() == [0.0, 120.0 * 60]


def test_visits_of_a_site_begin_as_far_apart_as_wished_within_its_hours():
    site = (1, 1, {"visits": 2, "start": 9 * 60, "stop": 11 * 60})
    town = street_town(lattice(2, 2), ALL, [site], min_gap_minutes=30.0)
    sites = problem_of_zone(town, town.settings.patrol, area(town), 0).sites
    assert (sites.sites.opens / 60).tolist() == [60.0, 135.0]
    assert (sites.sites.closes / 60).tolist() == [105.0, 180.0]
    assert sites.turn.tolist() == [0, 1]


def test_crews_are_dealt_to_the_depots_of_their_zone_and_rest_where_the_shift_allows_it():
    town = street_town(
        lattice(4, 4), ALL, (), [(0, 0, 1), (4, 4, 2)], crews_per_zone=4, starts=("08:00", "20:00"), break_minutes=30.0,
        break_between=("11:00", "13:00"), shift_minutes=240.0,
    )  # fmt: skip
    crews = problem_of_zone(town, town.settings.patrol, area(town), 0).crews
    assert crews.depot.tolist() == ["post 1", "post 2", "post 2", "post 1"]
    assert crews.shift.tolist() == ["08:00", "20:00", "08:00", "20:00"]
    assert (crews.crews.rest_from / 60)[[0, 2]].tolist() == [180.0, 180.0]
    assert (crews.crews.rest_to / 60)[[0, 2]].tolist() == [210.0, 210.0]  # so that it ends within the shift
    assert np.isinf(crews.crews.rest_from[[1, 3]]).all()  # no noon in a night's shift


def test_a_street_on_the_limit_of_two_zones_belongs_to_both_and_is_planned_in_one():
    town = street_town(lattice(4, 2, ("column 2", "row 1")), [(-1, -1, 2, 3), (2, -1, 5, 3)])
    found = area(town)
    middle = found.names == "column 2"
    assert found.inside[:, middle].all()
    assert set(found.zone[middle].tolist()) <= {0, 1}
    west = (found.names == "row 1") & (found.middle[:, 0] < at(2, 0)[0])
    assert found.inside[0, west].all()
    assert not found.inside[1, west].any()


def test_the_plan_keeps_the_streets_as_the_patrol_saw_them():
    town = street_town([*lattice(2, 2), ("one way", "secondary", [(2, 2), (3, 2)], 1)], ALL, both_sides=True)
    found = area(town)
    kept = streets_of(town, found)
    assert len(kept) == found.graph.edge_count
    one = kept.names.tolist().index("one way")
    assert np.isinf(kept.seconds[2 * one + 1]) != np.isinf(kept.seconds[2 * one])
    assert kept.times.tolist() == found.demand.times.tolist()
    assert kept.both.all()
    assert set(kept.zone.tolist()) == {1}
    assert found is area_of(town, PatrolSettings(required_classes=("secondary",), both_sides=True))
