"""What makes work along a straight line of 10 km, one thing at a time."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from gridplanner.model.duty_data import Incidents
from gridplanner.model.places import texts
from gridplanner.planning.rail_features import features_of
from gridplanner.settings import RailSettings
from tests.rail_land import LINE, across, halts, homes, land, sites, streets, things, tracks, villages


def found(kind, project):
    """The rows of one kind: where they begin and end, their names and amounts."""
    features, _issues = features_of(project, [LINE])
    rows = np.flatnonzero(features.kinds == kind)
    return [(round(features.low[r]), round(features.high[r]), features.names[r], round(float(features.amount[r]), 3)) for r in rows]


def told(project):
    return {issue.kind for issue in features_of(project, [LINE])[1]}


def test_a_street_across_the_line_is_a_crossing():
    assert found("crossing", land(roads=streets(across(2000), names=["甲路"]))) == [(2000, 2000, "甲路", 1)]


def test_streets_over_and_under_the_line_are_none_and_neither_is_a_motorway():
    roads = streets(across(2000), across(3000), across(4000), level=(1, -1), highway=["tertiary", "tertiary", "motorway"])
    assert found("crossing", land(roads=roads)) == []


def test_a_street_under_a_bridge_of_the_railway_and_over_its_tunnel_is_none():
    railway = tracks((1900, 2100, "bridge"), (4900, 5100, "tunnel"), (2100, 4900, ""))
    project = land(roads=streets(across(2000), across(5000), across(3000)), railway=railway)
    assert found("crossing", project) == [(3000, 3000, "", 1)]
    assert found("bridge", project) == [(1900, 2100, "", 0.2)]
    assert found("tunnel", project) == [(4900, 5100, "", 0.2)]


def test_carriageways_and_the_footway_beside_them_are_one_crossing():
    roads = streets(across(2000), across(2012), across(2020), highway=["tertiary", "tertiary", "footway"], names=["", "甲路"])
    assert found("crossing", land(roads=roads)) == [(2011, 2011, "甲路", 1)]


def test_a_street_in_two_pieces_that_meet_on_the_line_crosses_it_and_one_that_ends_there_does_not():
    roads = streets([(2000, -300), (2000, 0)], [(2000, 0.004), (2000, 300)], [(4000, -300), (4000, 0)])
    assert found("crossing", land(roads=roads)) == [(2000, 2000, "", 1)]


def test_a_crossing_that_is_given_is_taken_for_the_one_that_is_found_and_two_tracks_have_it_once():
    given = things(("crossing", (2030.0, 0.0)), ("crossing", (2034.0, 8.0)), ("crossing", (7000.0, 3.0), "七公里道口"))
    project = land(roads=streets(across(2000), names=["甲路"]), rail_things=given)
    assert found("crossing", project) == [(2030, 2030, "甲路", 1), (7000, 7000, "七公里道口", 1)]


def test_who_does_not_tell_levels_is_told_that_crossings_may_be_bridges():
    assert "rail_levels" in told(land(roads=streets(across(2000))))
    assert "rail_levels" not in told(land(roads=streets(across(2000), across(3000), level=(0, 1))))


def test_pieces_of_a_bridge_on_two_tracks_are_one_and_sidings_carry_none():
    railway = tracks((1000, 1200, "bridge"), (1150, 1300, "bridge"), (5000, 5200, "bridge"))
    railway.main[2] = False
    project = land(railway=railway, rail_things=things(("bridge", [(1250.0, 5.0), (1400.0, 5.0)], "昆仑桥")))
    assert found("bridge", project) == [(1000, 1400, "昆仑桥", 0.4)]


def test_a_bridge_given_as_a_point_reaches_half_its_metres_to_each_side():
    given = things(("bridge", (3000.0, 4.0), "三号桥", 100.0), ("tunnel", (9990.0, 0.0), "", 100.0))
    project = land(rail_things=given)
    assert found("bridge", project) == [(2950, 3050, "三号桥", 0.1)]
    assert found("tunnel", project) == [(9940, 10000, "", 0.06)]


def test_stations_of_one_name_are_one_and_posts_are_none():
    stations = halts((1000, 30, "格尔木"), (1300, 30, "格尔木"), (6000, -20, "南山口"), (6000, 900, "远站"))
    posts = halts((5000, 0, ""))
    assert found("station", land(stations=stations)) == [(1000, 1000, "格尔木", 1), (6000, 6000, "南山口", 1)]
    posts.posts[:] = True
    assert found("station", land(stations=posts)) == []


def test_households_in_the_corridor_count_once_in_hundreds_and_are_named_after_their_village():
    where = homes((1010, 300, 120), (1040, -2400, 30), (1060, 2600, 500), (6000, 10, 50), (-200, 0, 900), (6010, 5, 0))
    project = land(households=where, communities=villages("东村", "西村"))
    assert found("settlement", project) == [(1010, 1040, "东村", 1.5), (6000, 6000, "西村", 0.5)]
    narrow = land(RailSettings(corridor_m=20), households=where)
    assert found("settlement", narrow) == [(6000, 6000, "", 0.5)]


def test_a_dense_settlement_is_told_in_pieces_of_250_metres():
    rows = found("settlement", land(households=homes(*[(x, 100, 10) for x in range(2000, 3000, 10)])))
    assert [row[:2] for row in rows] == [(2000, 2240), (2250, 2490), (2500, 2740), (2750, 2990)]
    assert sum(row[3] for row in rows) == pytest.approx(10.0)


def test_a_given_settlement_counts_where_no_address_lies_near_it():
    given = things(
        ("settlement", (2000.0, 500.0), "甲村", 80),
        ("settlement", (8000.0, 500.0), "乙村", 60),
        ("settlement", (5000.0, 9000.0), "远村", 9),
    )
    project = land(rail_things=given, households=homes((2300, 400, 70)))
    assert found("settlement", project) == [(2000, 2000, "甲村", 0), (2300, 2300, "", 0.7), (8000, 8000, "乙村", 0.6)]
    assert "rail_far" in told(project)


def test_schools_are_key_sites_that_are_called_so_and_those_given():
    given = things(("school", (3000.0, 200.0), "希望小学"))
    project = land(
        key_sites=sites((3050, 200, "希望小学"), (4000, 900, "第二幼儿园"), (5000, 100, "银行"), (6000, 9000, "远中学")), rail_things=given
    )
    assert [row[2] for row in found("school", project)] == ["希望小学", "第二幼儿园"]


def test_a_stretch_steeper_than_the_limit_counts_what_is_above_it():
    stations = halts((0, 0, "甲", 2800), (4000, 0, "乙", 2880), (9000, 0, "丙", 2870))
    assert found("slope", land(RailSettings(slope_limit=6), stations=stations)) == [(0, 4000, "20.0 ‰", 4.0 * 14 / 10)]
    given = things(("slope", [(5000.0, 0.0), (6000.0, 0.0)], "", 12.0), ("slope", [(7000.0, 0.0), (8000.0, 0.0)], "", 5.0))
    assert found("slope", land(RailSettings(slope_limit=6), rail_things=given)) == [(5000, 6000, "12.0 ‰", 0.6)]


def test_cases_in_the_corridor_count_with_those_given():
    cases = Incidents(
        np.array([[500.0, 100.0], [520.0, -100.0], [500.0, 4000.0]]), np.array([2.0, 1.0, 9.0]), texts([""] * 3), texts([""] * 3)
    )
    project = land(incidents=cases, rail_things=things(("history", (9000.0, 0.0), "盗割", 4.0), ("history", (9500.0, 0.0))))
    assert [(row[0], row[3]) for row in found("history", project)] == [(500, 3), (9000, 4), (9500, 1)]


def test_a_limit_that_crosses_the_line_again_and_again_within_metres_is_crossed_once():
    edge = [(5000, -5000), (5000, -1), (5000, 5), (5030, 5), (5030, -5), (5060, -5), (5060, 5), (5060, 5000)]
    west, east = [(0, -5000), *edge, (0, 5000)], [*edge, (10_000, 5000), (10_000, -5000)]
    two = replace(villages("甲", "乙"), polygons=np.array([shapely.Polygon(west), shapely.Polygon(east)], object))
    assert [(row[0], row[2]) for row in found("limit", land(communities=two))] == [(5060, "甲 / 乙")]


def test_the_line_passes_from_one_village_into_the_next_where_their_limit_crosses_it():
    project = land(communities=villages("甲", "乙", "丙", "丁"))
    assert [(row[0], row[2]) for row in found("limit", project)] == [(2500, "甲 / 乙"), (5000, "乙 / 丙"), (7500, "丙 / 丁")]


def test_what_weighs_something_but_is_not_known_is_told():
    weights = {"crossing": 1.0, "settlement": 1.0, "slope": 1.0, "fence": 1.0, "history": 1.0}
    _features, issues = features_of(land(RailSettings(weights=weights)), [LINE])
    assert {issue.ref for issue in issues if issue.kind == "rail_unknown"} == set(weights)
    assert all(issue.message for issue in issues)
    quiet = dict.fromkeys(weights, 0.0)
    assert features_of(land(RailSettings(weights=quiet)), [LINE])[1] == []


def test_rows_come_by_line_and_rise_along_it():
    other = type(LINE)("支线", LINE.coords + np.array([0.0, 5000.0]))
    roads = streets(*[[(x, -500), (x, 5500)] for x in (7000, 2000, 4000)])
    features, _issues = features_of(land(roads=roads), [LINE, other])
    assert features.line.tolist() == [0, 0, 0, 1, 1, 1]
    assert features.low.tolist() == [2000, 4000, 7000] * 2
