"""What cannot be served is said before anything is solved: which street or site, which limit, what would help."""

import dataclasses

import numpy as np
import pytest
import shapely

from gridplanner.errors import InputError
from gridplanner.model.places import Communities, texts
from gridplanner.planning.patrol_findings import patrol_feasibility
from gridplanner.planning.zones import propose_zones
from tests.street_town import at, lattice, street_town

ALL = [(-1, -1, 9, 9)]


def said(town, *kinds):
    """The messages of some kinds of findings."""
    return [issue.message for issue in patrol_feasibility(town) if issue.kind in kinds]


def test_a_town_in_which_all_is_well_has_nothing_said_of_it():
    assert not patrol_feasibility(street_town(lattice(3, 3), ALL, [(1, 1)], [(0, 0)]))


def test_a_one_way_trap_and_streets_apart_are_named_with_the_reason():
    trap, away = ("trap", "secondary", [(3, 1), (4, 1)], 1), ("island", "secondary", [(6, 6), (7, 6)])
    town = street_town([*lattice(3, 3), trap, away], ALL, [], [(0, 0)])
    assert said(town, "unreachable") == [
        f"Zone 1: 1 required street pieces, 0.10 km, cannot be patrolled, such as {what}"
        for what in (
            "trap: it is a one-way trap: a crew can drive in but not out",
            "island: it is not connected to the streets of the depot",
        )
    ]
    assert {"one_way_trap", "roads_apart"} <= {issue.kind for issue in patrol_feasibility(town)}


def test_a_site_beside_streets_that_lead_nowhere_is_visited_from_the_nearest_that_do():
    town = street_town([*lattice(3, 3), ("island", "residential", [(6, 6), (7, 6)])], [(-1, -1, 4, 4)], [(6.5, 6.0)], [(0, 0)])
    assert said(town, "off_road", "unreachable") == ["Key site site 1 lies 461 m from the nearest street that can be driven"]
    from_grids = dataclasses.replace(town, zones=None)
    with pytest.raises(InputError, match="no patrol zones"):
        patrol_feasibility(from_grids)


def test_a_site_far_from_every_street_is_told_with_its_metres():
    assert said(street_town(lattice(3, 3), ALL, [(5, 1.0)], [(0, 0)]), "off_road") == [
        "Key site site 1 lies 200 m from the nearest street that can be driven"
    ]


def test_hours_that_leave_no_room_are_told():
    sites = [
        (0, 1, {"start": 540, "stop": 545, "dwell": 20}),
        (1, 1, {"visits": 4}),
        (2, 1, {"dwell": 300}),
        (3, 1, {"start": 1430, "stop": 10, "dwell": 20}),  # over midnight there is room
    ]
    town = street_town(lattice(3, 3), ALL, sites, [(0, 0)], min_gap_minutes=90.0)
    assert said(town, "short_window", "gap", "long_dwell") == [
        "Key site site 1 is open for 5 min, and a crew stays 20 min: it comes within the hours but leaves after them",
        "Key site site 3 takes 300 min, longer than a shift of 240 min",
        "Key site site 2 is to be visited 4 times 90 min apart within 240 min; the visits come closer together",
    ]


def test_visits_of_crews_one_after_the_other_have_the_time_of_both():
    sites = [(1, 1, {"visits": 3})]
    town = street_town(lattice(3, 3), ALL, sites, [(0, 0)], min_gap_minutes=200.0, crews_per_zone=2, starts=("08:00", "12:00"))
    assert not said(town, "gap")


def test_hours_that_crews_lack_are_counted():
    town = street_town(lattice(3, 3), ALL, [(0, 1, {"dwell": 60}), (1, 1, {"dwell": 45})], [(0, 0)], shift_minutes=60.0)
    said_before = said(town, "short_of_time")
    assert len(said_before) == 1
    assert "take 1.8 h without driving in between, its crews have 1.0 h: 0.8 h are missing" in said_before[0]
    more = dataclasses.replace(town.settings.patrol, crews_per_zone=2)
    assert not said(dataclasses.replace(town, settings=dataclasses.replace(town.settings, patrol=more)), "short_of_time")


def test_three_thousand_streets_are_planned_zone_by_zone_and_the_hours_that_lack_are_told_for_each():
    every = [f"{way} {k}" for way in ("row", "column") for k in range(46)]
    town = street_town(lattice(45, 35, every), [(-1, -1, 23, 36), (23, -1, 46, 36)], [], [(0, 0), (40, 40)])
    assert said(town, "by_zone") == ["3230 street pieces are required; each of the 2 zones is planned by itself"]
    assert [message[:6] for message in said(town, "short_of_time")] == ["Zone 1", "Zone 2"]


def test_where_nobody_says_how_many_zones_there_are_as_many_as_the_streets_ask_for():
    every = [f"{way} {k}" for way in ("row", "column") for k in range(46)]
    town = dataclasses.replace(street_town(lattice(45, 35, every), ALL), zones=None)  # 323 km
    assert len(propose_zones(town).values["zones"]) == 9
    unclassed = dataclasses.replace(street_town(lattice(45, 35), ALL), zones=None)
    unclassed = dataclasses.replace(unclassed, roads=dataclasses.replace(unclassed.roads, classed=False))
    assert len(propose_zones(unclassed).values["zones"]) == 9
    halves = texts([shapely.box(*at(-1, -1), *at(23, 36)), shapely.box(*at(23, -1), *at(46, 36))])
    communities = Communities(halves, texts(["1", "2"]), texts(["west", "east"]), texts(["", ""]))
    assert len(propose_zones(dataclasses.replace(town, communities=communities)).values["zones"]) == 2


def test_a_depot_off_the_network_is_told_and_a_zone_without_one_starts_at_a_junction():
    near = street_town(lattice(3, 3), ALL, [], [(4.5, 1)])
    far = street_town(lattice(3, 3), ALL, [], [(8.5, 1)])
    assert [(issue.kind, str(issue.level)) for town in (near, far) for issue in patrol_feasibility(town)] == [
        ("depot_off_road", "info"),
        ("depot_off_road", "warning"),
    ]
    assert [issue.kind for issue in patrol_feasibility(street_town(lattice(3, 3), ALL))] == ["no_depot"]


@pytest.mark.parametrize("speed", [0.0, -5.0, 1e-9, np.inf])
def test_a_speed_that_cannot_be_is_replaced(speed):
    town = street_town(lattice(2, 2), ALL, [], [(0, 0)])
    rates = town.roads.speed.copy()
    rates[0] = speed
    odd = dataclasses.replace(town, roads=dataclasses.replace(town.roads, speed=rates))
    assert said(odd, "road_speed") == ([] if speed == 0 else ["1 streets have a speed that cannot be; that of their class was taken"])


def test_a_part_of_a_hard_zone_that_is_reached_only_from_outside_is_told_with_the_metres():
    streets = [("north", "secondary", [(0, 2), (1, 2)]), ("south", "secondary", [(0, 0), (1, 0), (2, 0)])]
    way = [("way", "residential", [(2, 0), (4, 0), (4, 2), (1, 2)])]
    zones = [(-1, -1, 2.1, 3), (3, -1, 5, 3)]
    town = street_town(streets + way, zones, [], [(0, 0)])
    assert said(town, "leg_outside") == [
        "Zone 1: no way inside leads to north and back; routes leave the zone for 700 m to serve 0.1 km of streets there"
    ]
    soft = dataclasses.replace(town.settings.patrol, zone="soft")
    assert not said(dataclasses.replace(town, settings=dataclasses.replace(town.settings, patrol=soft)), "leg_outside")
