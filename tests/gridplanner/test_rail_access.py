"""How guards come to a straight line: which depots are their bases, where a street lets them on, and when they are where."""

from dataclasses import replace

import numpy as np
import pytest

from gridplanner.model.rail import RailLine
from gridplanner.planning.rail_access import access_of, bases_of, gates_of, with_access
from gridplanner.planning.rail_work import features_of, profile_of
from gridplanner.settings import RailSettings
from tests.rail_land import LENGTH, LINE, across, depots, halts, land, streets, things, tracks

WALK = 4.0 / 3.6
BASE = depots((0, -1000, "驻地", "护路"))
# a road beside the line, 1 km south of it, with a way up to the line at 2 km and one across it at 8 km
BESIDE = [(x, -1000) for x in (0, 2000, 5000, 8000, 10_000)]
ROADS = streets(BESIDE, [(2000, -1000), (2000, -20)], [(8000, -1000), (8000, 0), (8000, 600)], names=["大道", "引道", "横路"])


def seen(project, lines=(LINE,)):
    """The gates, the profile with access, the access and what was told."""
    rail = project.settings.rail
    features, _issues = features_of(project, lines)
    gates, found = gates_of(project, lines, features, rail)
    profile = profile_of(lines, features, rail, gates.places)
    access, more = access_of(project, lines, profile, gates, rail)
    return gates.places, with_access(profile, access), access, {issue.kind for issue in (*found, *more)}


def test_a_place_is_reached_over_the_better_entry_point_and_then_on_foot():
    gates, profile, _access, told = seen(land(roads=ROADS, depots=BASE))
    assert sorted(zip(gates.along.tolist(), gates.names.tolist(), strict=True)) == [(2000.0, "引道"), (8000.0, "横路")]
    assert told == set()
    drive = 30.0 / 3.6  # m/s on streets of class residential
    up = (2000 + 980) / drive + 20 / WALK
    over = (8000 + 1000) / drive
    middle = (profile.low + profile.high) / 2
    wanted = np.minimum(up + np.abs(middle - 2000) / WALK, over + np.abs(middle - 8000) / WALK)
    assert profile.access_s == pytest.approx(wanted)
    assert set(gates.names[profile.gate[middle < 4000]]) == {"引道"}
    assert set(gates.names[profile.gate[middle > 7000]]) == {"横路"}
    assert (profile.base == 0).all()


def test_two_bases_share_the_line_and_each_has_times_of_its_own():
    two = depots((0, -1000, "西", "护路"), (10_000, -1000, "东", "护路"))
    _gates, profile, access, _told = seen(land(roads=ROADS, depots=two))
    assert profile.base[0] == 0
    assert profile.base[-1] == 1
    assert access.times.seconds.shape == (2, len(profile))
    assert profile.access_s == pytest.approx(access.times.seconds.min(axis=0))


def test_guards_set_out_from_their_own_bases_else_from_police_stations_else_from_anywhere():
    several = [(0, 0, "一所", "派出所"), (10, 0, "护路队", ""), (20, 0, "车库", "garage")]
    for rows, names in (([0, 1, 2], ["护路队"]), ([0, 2], ["一所"]), ([2], ["车库"])):
        bases, issues = bases_of(land(depots=depots(*[several[row] for row in rows])), [LINE])
        assert bases.names.tolist() == names
        assert issues == []
    bases, _issues = bases_of(land(depots=depots((5000, 300, "", "护路"))), [LINE])
    assert bases.along.tolist() == [5000]
    assert "1" in bases.names[0]


def test_a_road_close_beside_the_line_gives_an_entry_point_every_200_metres():
    gates, profile, _access, _told = seen(land(roads=streets([(0, -30), (LENGTH, -30)]), depots=BASE))
    assert len(gates) == 51
    assert np.diff(np.sort(gates.along)).max() <= 210.0
    beside = 970 / (15 / 3.6) + (profile.low + profile.high) / 2 / (30 / 3.6) + 30 / WALK  # were there an entry point everywhere
    assert (profile.access_s - beside).max() <= 105.0 / WALK
    assert (profile.access_s - beside).min() >= -1e-6 - 105.0 / (30 / 3.6)


def test_nobody_gets_to_the_line_from_a_bridge_over_it_or_in_its_tunnel_or_from_too_far():
    roads = streets(BESIDE, [(2000, -1000), (2000, 0), (2000, 1000)], across(5000, -1000), [(8000, -1000), (8000, -60)], level=(0, 1))
    gates, profile, _access, told = seen(land(roads=roads, depots=BASE, railway=tracks((4900, 5100, "tunnel"))))
    assert len(gates) == 0
    assert told == {"rail_gates"}
    assert np.isinf(profile.access_s).all()
    assert (profile.base == -1).all()
    assert (profile.gate == -1).all()


def test_a_fence_lets_people_through_at_crossings_stations_and_its_gates_only():
    fence = ("fence", [(0.0, 8.0), (LENGTH, 8.0)])
    beside = streets([(0, -30), (LENGTH, -30)], across(5000, -30))
    gates, _profile, _access, _told = seen(land(roads=beside, depots=BASE, rail_things=things(fence)))
    assert np.all(np.abs(gates.along - 5000) <= 100)
    several = things(fence, ("gate", (1000.0, 5.0), "一号门"), ("gate", (9000.0, 5.0)))
    gates, profile, _access, _told = seen(land(roads=beside, depots=BASE, rail_things=several, stations=halts((3000, 0, "站"))))
    near = np.abs(gates.along[:, None] - [1000, 3000, 5000, 9000]).min(axis=1)
    assert np.all(near <= 100)
    assert {round(at) for at in gates.along} >= {1000, 9000}
    assert gates.names[gates.along == 1000.0].tolist() == ["一号门"]
    assert profile.access_s[20] < 200 + 970 / (15 / 3.6) + 1000 / (30 / 3.6)


def test_a_gate_that_is_given_far_from_every_street_is_no_entry_point():
    gate = things(("gate", (6000.0, 0.0), "上线点"))
    gates, _profile, _access, told = seen(land(roads=streets([(0, -600), (LENGTH, -600)]), depots=BASE, rail_things=gate))
    assert len(gates) == 0
    assert told == {"rail_gates", "rail_gate_far"}


def test_a_gate_that_is_given_is_reached_from_a_street_farther_off():
    project = land(roads=streets([(0, -400), (LENGTH, -400)]), depots=BASE, rail_things=things(("gate", (6000.0, 0.0), "上线点")))
    gates, profile, _access, told = seen(project)
    assert gates.along.tolist() == [6000.0]
    assert told == {"far_post"}
    assert profile.access_s[120] == pytest.approx(600 / (15 / 3.6) + 6000 / (30 / 3.6) + 425 / WALK)


def test_a_base_at_the_line_needs_no_street_but_its_neighbours_do():
    project = land(roads=ROADS, depots=depots((5000, 30, "线上", "护路"), (0, -1000, "城里", "护路")))
    gates, profile, access, _told = seen(project)
    assert gates.names.tolist().count("线上") == 0
    assert access.gates.names[access.times.gate[0, 100]] == "线上"
    assert access.times.seconds[0, 100] == pytest.approx((30 + 25) / WALK)
    assert access.times.seconds[1, 100] > 1000
    assert profile.base[100] == 0


def test_a_base_among_streets_that_are_joined_to_no_others_drives_these():
    far = streets(BESIDE, [(2000, -1000), (2000, -20)], [(20_000, 900), (20_000, -900)], [(20_000, -900), (22_000, -900)])
    line = RailLine("长线", np.array([[0.0, 0.0], [30_000.0, 0.0]]))
    project = land(roads=far, depots=depots((0, -1000, "西", "护路"), (22_000, -950, "东", "护路")))
    _gates, profile, _access, _told = seen(project, [line])
    assert profile.base[[0, 400]].tolist() == [0, 1]
    assert profile.access_s[400] == pytest.approx(50 / (15 / 3.6) + (2000 + 900) / (30 / 3.6) + 25 / WALK)


def test_without_streets_or_bases_the_line_is_weighed_all_the_same():
    _gates, profile, _access, told = seen(land(depots=BASE))
    assert told == {"rail_streets"}
    assert len(profile) == 200
    _gates, profile, _access, told = seen(land(roads=ROADS))
    assert told == {"rail_bases"}
    assert np.isinf(profile.access_s).all()


def test_a_line_that_no_street_leads_to_is_told_with_its_kilometres():
    island = RailLine("孤线", LINE.coords + np.array([0.0, 50_000.0]))
    project = land(roads=ROADS, depots=BASE)
    features, _issues = features_of(project, [LINE, island])
    gates, _found = gates_of(project, [LINE, island], features, RailSettings())
    profile = profile_of([LINE, island], features, RailSettings())
    access, issues = access_of(project, [LINE, island], profile, gates, RailSettings())
    assert [(issue.kind, issue.ref, issue.values["km"]) for issue in issues] == [("rail_cut_off", "孤线", "10.0")]
    assert np.isfinite(access.times.seconds[0, profile.line == 0]).all()


def test_a_base_far_from_every_street_is_told():
    assert "far_post" in seen(land(roads=ROADS, depots=depots((0, -3000, "远", "护路"))))[3]


def test_one_way_streets_are_driven_their_way():
    ring = streets([(0, -1000), (0, 0), (LENGTH, 0), (LENGTH, -1000), (0, -1000)])
    for way in (1, -1):
        project = land(roads=replace(ring, oneway=np.array([way], np.int8)), depots=BASE)
        _gates, profile, _access, _told = seen(project)
        assert np.all(way * np.diff(profile.access_s[::40]) > 0)
